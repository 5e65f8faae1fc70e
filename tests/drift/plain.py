"""The proof that a page has adapted: what it shows, held against a plain run of the program under Python's own tracing.

Nothing here asks the engine where a line is, what state it leaves, or what a value is.
"""

import ast
import contextlib
import copy
import io
import re
import sys
import types
from pathlib import Path

from bs4 import BeautifulSoup

from literate.page import Code, Embed, Output, Page, Prose

_VALUE = re.compile(r"(?<!`)`\{python\}\s+([^`]+)`(?!`)")


def untrue(root, site, page):
    """Return the first thing that a built page shows and a plain run does not, or None."""
    path = Path(page).with_suffix("")
    path = path.parent if path.name == "index" else path
    article = BeautifulSoup((site / path / "index.html").read_text(encoding="utf-8"), "html.parser").article
    source = Page.read(root / "docs" / page)
    if not source.program:
        return None
    programs = root / "snippets"
    embeds = {block.line: block for block in source.blocks if isinstance(block, Embed)}
    for pre in article.select("[data-embed] pre"):
        block = embeds[int(pre.find_parent(attrs={"data-embed": True})["data-embed"])]
        lines = (programs / block.program).read_text(encoding="utf-8").splitlines()
        gutter = pre.find_parent(class_="listing")
        numbers = [int(a.text) for a in gutter.select(".gutter a")] if gutter else _numbers(pre)
        text = pre.text.splitlines()
        if block.against:  # what is gone has no number, and the sign is no part of a line
            text, numbers = zip(*((line[1:], number) for line, number in zip(text, _numbers(pre), strict=True) if number))
        if not numbers or list(text) != [lines[number - 1] for number in numbers]:
            return f"{page}: the cell with lines {numbers} is not the program's"
    values, outputs = _expected(source, programs)
    shown = [code.text for code in article.select("code.value")]
    if shown != values:
        return f"{page}: shows the values {shown}, and a plain run has {values}"
    printed = [pre.text for pre in article.select("[data-output] pre")]
    if printed != outputs:
        return f"{page}: shows the outputs {printed}, and a plain run prints {outputs}"
    return None


def _numbers(pre):
    """Return the number beside each line of a cell, and None beside one that has none."""
    return [int(n["data-linenos"]) if n["data-linenos"].strip() else None for n in pre.select("[data-linenos]")]


def _expected(page, programs):
    """Return every value and every shown output of a page, in order, from plain runs."""
    state, own, values, outputs, said = {}, {}, [], [], ""
    if "after" in page.meta:
        program = programs / page.program
        lines = program.read_text(encoding="utf-8").splitlines()
        [line] = [n for n, text in enumerate(lines, 1) if page.meta["after"] in text]
        state = _traced(program, line, line, 1)[0]
    for block in page.blocks:
        if isinstance(block, Embed):
            program = programs / block.program
            lines = program.read_text(encoding="utf-8").splitlines()
            ends = [next(n for n, text in enumerate(lines, 1) if end in text) for end in block.selector.split("..") if end]
            first, last = (ends[0], ends[-1]) if ends else (1, len(lines))
            state, said = _traced(
                program, first, last, block.iteration if isinstance(block.iteration, str) else block.iteration[0]
            )
            state.update({name: value for name, value in own.items() if name not in state})
        elif isinstance(block, Code):
            before, stdout = set(state), io.StringIO()
            with contextlib.redirect_stdout(stdout):
                exec(compile(block.text, "fence", "exec"), state)
            own.update({name: state[name] for name in set(state) - before})
            said = stdout.getvalue()
        elif isinstance(block, Output):
            outputs.append(said)
        elif isinstance(block, Prose):
            values += [eval(f'f"""{{{" ".join(found[1].split())}}}"""', state) for found in _VALUE.finditer(block.text)]
    return values, outputs


class _Stop(BaseException):
    pass


def _traced(program, first, last, turn):
    """Return the state after line `last` has run for the `turn`-th time, and what the lines from `first` printed."""
    text = program.read_text(encoding="utf-8")
    code = compile(text, "traced", "exec")
    statements = sorted(_statements(ast.parse(text).body), key=lambda node: node.lineno)
    goal = max((node for node in statements if node.lineno <= last), key=lambda node: node.lineno, default=None)
    if goal is None:
        return {"__name__": "__main__"}, ""
    if turn == "last":
        turn = _count(code, goal)
    printed, done, here = io.StringIO(), 0, None

    def completes(line):
        """Say whether the goal has completed, now that `line` comes next."""
        if here is None or not goal.lineno <= here <= _end(goal):
            return False
        if isinstance(goal, (ast.For, ast.While, ast.If)):
            return goal.body[0].lineno <= line <= goal.end_lineno
        return not goal.lineno <= line <= _end(goal)

    def trace(frame, event, argument):
        nonlocal done, here
        if frame.f_code is not code:
            return None
        if event in ("line", "return"):
            line = frame.f_lineno if event == "line" else 10**9
            if completes(line):
                done += 1
                if done == turn:
                    raise _Stop
            here = frame.f_lineno
            outside = not first <= here <= last
            sys.stdout = io.StringIO() if outside else printed
        return trace

    space, stdout = {"__name__": "__main__"}, sys.stdout
    _run(code, space, trace, stdout)
    del space["__builtins__"]
    return {
        name: value if isinstance(value, (types.ModuleType, types.FunctionType)) else copy.copy(value)
        for name, value in space.items()
    }, printed.getvalue()


def _count(code, goal):
    """Return how often a statement's first line is followed by another line, in a whole run."""
    times, here = 0, None

    def trace(frame, event, argument):
        nonlocal times, here
        if frame.f_code is not code:
            return None
        if event == "line":
            inside = isinstance(goal, (ast.For, ast.While)) and goal.body[0].lineno <= frame.f_lineno <= goal.end_lineno
            times += here == goal.lineno and (inside or not isinstance(goal, (ast.For, ast.While)))
            here = frame.f_lineno
        return trace

    _run(code, {"__name__": "__main__"}, trace, sys.stdout)
    return times


def _run(code, space, trace, stdout):
    sys.stdout = io.StringIO()
    sys.settrace(trace)
    try:
        exec(code, space)
    except _Stop:
        pass
    finally:
        sys.settrace(None)
        sys.stdout = stdout


def _statements(body):
    for node in body:
        yield node
        if isinstance(node, (ast.For, ast.While, ast.If, ast.With)):
            yield from _statements(node.body)
            yield from _statements(getattr(node, "orelse", []))


def _end(node):
    return node.lineno if isinstance(node, (ast.For, ast.While, ast.If)) else node.end_lineno
