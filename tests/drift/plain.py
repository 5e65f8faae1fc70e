"""The proof that a page has adapted: what it shows, held against a plain run of the program under Python's own tracing.

Nothing here asks the engine where a line is, what state it leaves, or what a value is: of the engine come a page's blocks alone.
Words that are computed are not looked at, as nothing in the HTML tells them from their sentence; nor are claims, which the build
weighs, and the lines that a sentence names, which have a test in test_site.py.
"""

import ast
import contextlib
import copy
import functools
import io
import itertools
import linecache
import random
import re
import sys
import traceback
import types
import warnings
from collections import Counter
from pathlib import Path
from typing import NamedTuple
from unittest import mock

import numpy as np
from bs4 import BeautifulSoup

from literate.page import Choices, Code, Embed, Exercise, Output, Page, Prose, WhatIf

_LOOPS = ast.For, ast.While
_COMPOUND = *_LOOPS, ast.If, ast.With, ast.Try
_CODE = re.compile(r"(?<![\\`])(`+)(?!`)(.+?)(?<!`)\1(?!`)", re.S)


def untrue(root, site, page):
    """Return the first thing that a built page shows and a plain run does not, or None."""
    path = Path(page).with_suffix("")
    path = path.parent if path.name == "index" else path
    article = BeautifulSoup((site / path / "index.html").read_text(encoding="utf-8"), "html.parser").article
    source, programs = Page.read(root / "docs" / page), root / "snippets"
    plain = _Plain(source, programs)
    for pre in article.select("[data-embed] pre, [data-what-if] pre"):
        lines, signs = plain.shown[int(pre.parent.get("data-embed") or pre.parent["data-what-if"])]
        gutter = pre.find_parent(class_="listing")
        numbers = [int(a.text) for a in gutter.select(".gutter a")] if gutter else _numbers(pre)
        text = [line[signs:] for line in pre.text.splitlines()]
        # What one of two programs does not have has no number there.
        found = [line for line, number in zip(text, numbers, strict=True) if number]
        if not found or found != [lines[number - 1] for number in numbers if number]:
            return f"{page}: the cell with lines {numbers} is not the program's"
    for states in article.select(".states table"):
        if wrong := _untrue_table(states, (programs / source.program).read_text(encoding="utf-8"), source.program):
            return f"{page}: {wrong}"
    values = [code.text for code in article.select("code.value") if not code.find_parent(class_="states")]
    outputs = [pre.text for pre in article.select("[data-output] pre")]
    for what, shown, expected in (("value", values, plain.values), ("output", outputs, plain.outputs)):
        for number, (one, other) in enumerate(itertools.zip_longest(shown, expected, fillvalue="nothing"), 1):
            if other not in (None, one):
                return f"{page}: {what} {number} is {one!r}, and a plain run has {other!r}"
    return None


def _numbers(pre):
    """Return the number beside each line of a cell, and None beside one that has none."""
    return [int(n["data-linenos"]) if n["data-linenos"].strip() else None for n in pre.select("[data-linenos]")]


def _untrue_table(table, text, name):
    """Return what a table of values has that is not in a plain run, or None."""
    head = [cell.text for cell in table.select("th")]
    if head[0] != "After line":
        return None
    turns = [int(word.replace(",", "")) for word in re.findall(r"Iteration ([\d,]+)", " ".join(head))] or [0]
    states = _states(text, name, tuple(turns))
    for row in table.select("tbody tr"):
        line, of, _, *cells = row.select("td")
        for turn, cell in zip(turns, cells, strict=True):
            found = " ".join(code.text for code in cell.select("code")).replace("−", "-").replace("+", "").split()
            value = states.get((int(line.text), turn), {}).get(of.text) if found else ()
            numbers = [f"{number:.6f}" if isinstance(number, float) else str(number) for number in np.ravel(value).tolist()]
            if found != numbers:
                return f"after line {line.text} the table has {of.text} as {found}, and a plain run has {numbers}"
    return None


class _Plain:
    """What plain runs give for a page: `values`, `outputs`, and in `shown`, by a block's line, what its cell shows lines of."""

    def __init__(self, page, programs):
        self.page, self.programs = page, programs
        self.space, self.own = {}, {}  # what the page has reached, and what it has named itself
        self.outputs, self.shown, self._said, self._changed = [], {}, "", ""
        self._ran = page.program and self._text(page.program), page.program
        if "after" in page.meta:
            [line] = [n for n, text in enumerate(self._ran[0].splitlines(), 1) if page.meta["after"] in text]
            self._enter(_stopped(*self._ran, line, line, "first"))
        values = {}
        for block in sorted(page.blocks, key=lambda block: (getattr(block, "until", block.line), not isinstance(block, Choices))):
            values[block.line] = self._run(block)
        self.values = [value for line in sorted(values) for value in values[line] or ()]

    def _text(self, program):
        return (self.programs / program).read_text(encoding="utf-8")

    def _run(self, block):
        """Run a block; return the values that it shows."""
        if isinstance(block, Embed):
            self._ran = self._text(block.program), block.program
            lines = self._ran[0].splitlines()
            self.shown[block.line] = lines, block.against is not None
            ends = [next(n for n, text in enumerate(lines, 1) if end in text) for end in block.selector.split("..") if end]
            turn = block.call or (block.iteration if isinstance(block.iteration, str) else block.iteration[0])
            self._enter(_stopped(*self._ran, ends[0], ends[-1], turn) if ends else _ended(*self._ran))
        elif isinstance(block, WhatIf):
            before = self._changed if block.continues else self._text(self.page.program)
            self.shown[block.line] = before.splitlines(), 1
            self._changed = _changed(before, block.text)
            self._ran = self._changed, self.page.program
            self._enter(_ended(*self._ran))
        elif isinstance(block, Code):
            self._said = self._typed(block)
        elif isinstance(block, Output):
            self.outputs.append(self._said)
        elif isinstance(block, Prose):
            text = "\n".join([block.text, *(hint.text for hint in block.hints)]) if isinstance(block, Exercise) else block.text
            roles = [found[2].split(maxsplit=1) for found in _CODE.finditer(text) if found[1] == "`"]
            return [self._value(" ".join(role[1].split())) for role in roles if role[0] == "{python}"]

    def _enter(self, run):
        """Go to where a run has ended: its values are this page's from here on."""
        self._said = run.said
        self.space.clear()
        self.space.update(self.own | _copied(run.names))
        random.setstate(run.dice[0]), np.random.set_state(run.dice[1])

    def _typed(self, block):
        """Run a fence; return what it prints, or None if it asks the engine, whose words have tests of their own."""
        if re.search(r"\bliterate\b", block.text):
            return None
        before, stdout = dict(self.space), io.StringIO()
        drawing = _colours(_ended(*self._ran).names) if block.figure else contextlib.nullcontext()
        with contextlib.redirect_stdout(stdout), np.printoptions(), drawing:
            exec(compile(block.text, "fence", "exec"), self.space)
        self.own |= {name: value for name, value in self.space.items() if value is not before.get(name)}
        self.own.pop("__builtins__", None)
        return stdout.getvalue()

    def _value(self, expression):
        history = {"history": _followed(*self._ran, None)[1]} if "history" in expression else {}
        return re.sub(r"^-(?=[\d.])", "−", eval(f'f"""{{{expression}}}"""', self.space | history))


@contextlib.contextmanager
def _colours(names):
    """Let arrays be the names of colours inside, as in the site's figures, and leave no figure behind."""
    import matplotlib.pyplot as plt

    arrays = [name for name, value in names.items() if isinstance(value, np.ndarray)]
    with mock.patch.dict(plt.matplotlib.colors.get_named_colors_mapping(), dict.fromkeys(arrays, "#000000")):
        yield
        plt.close("all")


def _changed(text, diff):
    """Return what a diff makes of a text. Each of its hunks stands there below the one before."""
    done, rest = "", f"\n{text}"
    for hunk in re.split(r"(?m)^@@.*\n", diff):
        old, new = ("".join(f"{line[1:]}\n" for line in hunk.splitlines() if line[:1] != sign) for sign in "+-")
        before, found, rest = rest.partition(f"\n{old}")
        assert found, hunk
        done, rest = f"{done}{before}\n{new}"[:-1], f"\n{rest}"
    return (done + rest)[1:]


def _copied(names):
    """Return names with values that nobody else changes."""
    names = {name: value for name, value in names.items() if name != "__builtins__"}
    return copy.deepcopy(names, {id(value): value for value in names.values() if isinstance(value, types.ModuleType)})


class _History(types.SimpleNamespace):
    """What a run did, by the number of the iteration: `history.l1[10]`."""

    def __len__(self):
        return len(next(iter(vars(self).values()))) - 1


class _Stop(BaseException):
    pass


class _Run(NamedTuple):
    names: dict
    said: str  # by the lines that were asked for
    dice: tuple


@functools.cache
def _ended(text, name):
    """Return the Run of a program to its end, or to its error; it says what a terminal shows."""
    return _run(text, name)


@functools.cache
def _stopped(text, name, first, last, turn):
    """Return the Run up to where line `last` has completed in a turn of its loop; it says what the lines from `first` printed."""
    function = next((node for node in _statements(text).values() if _holds(node, first, ast.FunctionDef)), None)
    at = _statements(text, function)
    goal = at[max(line for line in at if line <= last)]
    around = _around(at, goal) or goal
    wanted = _followed(text, name, function)[0][goal] if turn == "last" else 1 if turn == "first" else turn
    counted = goal if isinstance(turn, str) or function else around
    done, reached = Counter(), {}

    def seen(node, following, frame):
        done[node] += _completes(node, following)
        if node is goal and _completes(node, following) and done[counted] == wanted:
            reached.update(frame.f_globals | frame.f_locals)
            raise _Stop

    return _run(text, name, seen, function, range(first, last + 1))._replace(names=reached)


@functools.cache
def _states(text, name, turns):
    """Return the names after each line in each of some turns of the loop that it stands in, or 0 for a line in none."""
    at, done, states = _statements(text), Counter(), {}
    around = {node: _around(at, node) for node in at.values()}

    def seen(node, following, frame):
        done[node] += _completes(node, following)
        place = node.lineno, done[around[node]]
        if place[1] in turns and place not in states and _completes(node, following):
            states[place] = _copied(frame.f_globals)

    _run(text, name, seen)
    return states


@functools.cache
def _followed(text, name, function):
    """Return how often each statement completes in a whole run, and the numbers that each iteration of the first loop left."""
    loop = next((node for node in _statements(text).values() if isinstance(node, _LOOPS)), None)
    done, rows = Counter(), []

    def seen(node, following, frame):
        done[node] += _completes(node, following)
        turns = loop and _holds(loop, node.lineno) and not (following and _holds(loop, following.lineno))
        if turns or node is loop and not rows:
            names = frame.f_globals.items()
            rows.append({of: copy.copy(value) for of, value in names if isinstance(value, (np.ndarray, np.number, int, float))})

    _run(text, name, seen, function)
    history = _History()
    targets = {getattr(node, "id", "") for node in ast.walk(loop.target)} if isinstance(loop, ast.For) else ()
    for of, last in rows[-1].items() if rows else ():
        before = np.nan if of in targets else rows[0].get(of, np.nan)
        with contextlib.suppress(ValueError):  # its shape is not always the same
            setattr(history, of, np.array([np.broadcast_to(before, np.shape(last)), *(row.get(of, np.nan) for row in rows[1:])]))
    return done, history


def _run(text, name, seen=None, function=None, lines=()):
    """Run a program. `seen` is told of each statement that has been at work, of the one behind it, and of the frame."""
    code, at = compile(text, name, "exec"), _statements(text) | _statements(text, function)
    names, printed, said, told = {"__name__": "__main__"}, io.StringIO(), [], 0

    def follow(frame, event, argument):
        here = None

        def step(frame, event, argument):
            nonlocal here, told
            following = at.get(frame.f_lineno) if event == "line" else None
            if here and following is not here and event != "exception":
                if printed.tell() > told:
                    said.extend([printed.getvalue()[told:]] * (here.lineno in lines))
                    told = printed.tell()
                seen(here, following, frame)
            here = here if event == "return" else following
            return step

        own = function and (frame.f_code.co_name, frame.f_code.co_firstlineno) == (function.name, function.lineno)
        return step if own or frame.f_code is code else None

    linecache.cache[name] = len(text), None, text.splitlines(keepends=True), name  # where Python looks for the line of a warning
    before = random.getstate(), np.random.get_state()
    with contextlib.redirect_stdout(printed), warnings.catch_warnings(), np.printoptions():
        warnings.simplefilter("default")
        warnings.showwarning = lambda *warned: print(warnings.formatwarning(*warned[:4]), end="")
        sys.settrace(follow if seen else None)
        try:
            exec(code, names)
        except _Stop:
            pass
        except Exception as error:
            frames = [frame for frame in traceback.extract_tb(error.__traceback__) if frame.filename == name]
            frames = [traceback.FrameSummary(name, frame.lineno, frame.name, line=frame.line) for frame in frames]
            print("Traceback (most recent call last):")
            print(*traceback.format_list(frames), *traceback.format_exception_only(error), sep="", end="")
        finally:
            sys.settrace(None)
    dice = random.getstate(), np.random.get_state()
    random.setstate(before[0]), np.random.set_state(before[1])
    return _Run(names, "".join(said) if seen else printed.getvalue(), dice)


@functools.cache
def _statements(text, function=None):
    """Return the statements of a program's own level, or of a function, by each of their lines, or of their headers."""
    found, left = {}, [*(function or _tree(text)).body]
    while left:
        node = left.pop()
        last = node.body[0].lineno - 1 if hasattr(node, "body") else node.end_lineno
        found |= dict.fromkeys(range(node.lineno, last + 1), node)
        if isinstance(node, _COMPOUND):
            left += [*node.body, *getattr(node, "orelse", ()), *getattr(node, "finalbody", ())]
            left += [inner for handler in getattr(node, "handlers", ()) for inner in handler.body]
    return dict(sorted(found.items()))


_tree = functools.cache(ast.parse)


def _around(at, node):
    """Return the outermost loop around a statement; a loop's header is in the loop."""
    return next((loop for loop in at.values() if isinstance(loop, _LOOPS) and (loop is node or _holds(loop, node.lineno))), None)


def _holds(node, line, kinds=_LOOPS):
    """Say whether a line stands in the body of a statement of some kinds."""
    return isinstance(node, kinds) and node.body[0].lineno <= line <= node.body[-1].end_lineno


def _completes(node, following):
    """Say whether a statement has completed: a compound one does whenever its body is entered."""
    return not isinstance(node, _COMPOUND) or following is not None and _holds(node, following.lineno, _COMPOUND)
