"""What the forks of the harness need not do again: runs that were made, answers that were given, pages that were read."""

import dataclasses
import random
import types

import numpy as np

from literate.program.guard import put_back
from literate.values import copied


def runs(execute):
    """Let a run that was made once be made no more, if the program draws no figure, and no numbers without a seed.

    What comes again is a Run as it was when it ended, with names of its own, and the dice as they lay then. One that somebody
    watches is made again.
    """
    known = {}

    def run(program, code, main, goal=None, seen=None, hooks=None):
        drawn = "matplotlib" in program.text or "random" in program.text and "random.seed(" not in program.text
        if drawn or seen or hooks or goal and goal.seen:
            return execute(program, code, main, goal, seen, hooks)
        place = goal and (goal.line, goal.turns, goal.inside, goal.call, goal.last)
        asked = program.name, program.text, program.until, code, place
        path, made, names, *dice = known.get(asked, [None] * 5)
        if not path or made.error and path != program.path:  # its traceback names the file
            made = execute(program, code, main, goal)
            known[asked] = program.path, made, copied(made.namespace), random.getstate(), np.random.get_state()
            return made
        with put_back():  # which clears what was drawn before
            space = main.begin(program.path)
        space.update(_copied(names, space), __file__=space["__file__"])
        random.setstate(dice[0]), np.random.set_state(dice[1])
        return dataclasses.replace(made, namespace=space)

    return run


def _copied(names, space):
    """Return names whose values can be changed, and whose functions see those of another namespace."""
    return {
        name: types.FunctionType(value.__code__, space, name, value.__defaults__, value.__closure__)
        if isinstance(value, types.FunctionType) and value.__module__ == "__main__"
        else value
        for name, value in copied(names).items()
    }


def once(function, key):
    """Let what a function has returned be returned again where `key`, of its arguments, is the same."""
    known = {}

    def remembered(*arguments, **options):
        asked = key(*arguments, **options)
        if asked not in known:
            known[asked] = function(*arguments, **options)
        return known[asked]

    return remembered


def soups(site):
    """Return BeautifulSoup with the pages of the unchanged site in memory: the tests only read what it returns."""
    from bs4 import BeautifulSoup

    texts = [path.read_text(encoding="utf-8") for path in site.rglob("*.html")]
    known = {text: BeautifulSoup(text, "html.parser") for text in texts}
    return lambda text, parser: known.get(text) or BeautifulSoup(text, parser)
