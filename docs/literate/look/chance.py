"""Chance: whether a program gives other values when it is run again, with other dice or with its sets in another order."""

import ast
import functools
import json
import os
import random
import re
import subprocess
import sys
from pathlib import Path

import numpy as np

from literate.program import Program, ProgramError, Run
from literate.program.execution import Enough
from literate.program.guard import dice_put_back
from literate.program.main import Main
from literate.values import Said, take

CHANCE = {"random", "Random", "SystemRandom", "default_rng", "RandomState", "shuffle"}  # what draws is got by one of these names
ORDER = {"set", "frozenset", "hash"}  # and what has an order by hashes by one of these, or in braces
MOST = 10_000  # values that are compared

_NUMBER = re.compile(r"\d+\.\d+(?:e[-+]?\d+)?")

Seen = list[tuple[int, str, str]]  # a line, a name that it binds, and the value as text


@functools.lru_cache(maxsize=64)
def differs(program: Program) -> str | None:
    """Return in one line where a program gives another value when it is run again; None if nowhere.

    A program that names chance is run twice with other dice, though it may seed some of them: it may throw others, too. One that
    has sets is run in two new Pythons with other seeds of hashes, which Python itself takes by chance.
    """
    if program.names & CHANCE and (found := _first(_seen(program, 1), _seen(program, 2))):
        return (
            f"line {found[0]} of {program.name} gives another `{found[1]}` in every run, as chance has no seed; seed it, as in "
            "random.seed(1) or np.random.seed(1)"
        )
    sets = program.names & ORDER or any(isinstance(node, ast.Set | ast.SetComp) for node in ast.walk(ast.parse(program.text)))
    if sets and (found := _first(_elsewhere(program, "1"), _elsewhere(program, "2"))):
        return (
            f"line {found[0]} of {program.name} gives another `{found[1]}` in every run, as a set of texts has no order; "
            "sort it, with sorted()"
        )
    return None


def _first(one: Seen, two: Seen) -> tuple[int, str] | None:
    """Return the line and the name of the first difference."""
    return next((a[:2] for a, b in zip(one, two) if a != b), None)


def _seen(program: Program, seed: int) -> Seen:
    """Return what each of the first statements to complete binds, with dice of a seed."""
    seen: Seen = []

    def look(line: int, run: Run) -> None:
        if len(seen) >= MOST:
            raise Enough
        seen.extend(
            (line, name, _said(run.namespace[name]))
            for name in sorted(program.uses[line][0] & run.namespace.keys())
            if not callable(run.namespace[name])
        )

    with dice_put_back():
        random.seed(seed)
        np.random.seed(seed)
        program.watch(look)
    return seen


def _said(value: object) -> str:
    """Return a value as text, with the digits that a page shows; a set, which is the same in any order, in one order."""
    value = take(value, None)
    text = " ".join(sorted(map(repr, value))) if isinstance(value, set | frozenset) else repr(value)
    if isinstance(value, Said):
        text = value.text
    text = _NUMBER.sub(lambda found: f"{float(found[0]):.6g}", text)
    return text[:30] if text.endswith("…") else text  # where it is cut, last digits would count


def _elsewhere(program: Program, seed: str) -> Seen:
    """Return the same, of a new Python whose hashes have a seed; nothing if it fails there."""
    folder = Main.folder and [str(Main.folder), str(Main.programs)]
    asked = json.dumps([str(program.path.absolute()), program.text, program.until, folder])
    code = "from literate.look import chance; chance.answer()"
    environment = {**os.environ, "PYTHONHASHSEED": seed}
    done = subprocess.run([sys.executable, "-c", code], input=asked, env=environment, capture_output=True, text=True)
    return [tuple(row) for row in json.loads(done.stdout or "[]")]


def answer() -> None:
    """Print, in that new Python, what it is asked for on its standard input."""
    path, text, until, folder = json.load(sys.stdin)
    if folder:
        Main.folder, Main.programs = map(Path, folder)
    try:
        print(json.dumps(_seen(Program(path, text, until), 1)))
    except ProgramError:
        print("[]")
