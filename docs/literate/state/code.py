"""Fences: Python that runs in the state that a page has reached, with all that it prints, draws and binds."""

import contextlib
import sys
import warnings
from collections.abc import Callable, Iterator
from typing import Any

from literate.page import Code, Embed, PageError
from literate.program import describe, line_in
from literate.program.guard import put_back
from literate.program.main import TooMuch, caught, warn_as_in_a_terminal
from literate.state.outcome import Outcome
from literate.state.reached import Reached


def run(reached: Reached, block: Code, figures: set[str]) -> Outcome:
    """Run a fence and return what it gave; raise PageError if it fails, warns, or leaves something changed."""
    code = compiled(reached, block)
    before = dict(reached.namespace)
    error: BaseException | None = None
    with (
        put_back() as left,
        drawing(reached, block, figures) as take,
        warnings.catch_warnings(record=True) as warned,
        reached.main.running(reached.path),
        caught("stdout") as printed,
        caught("stderr") as complained,
        reached.main.acting(),
    ):
        warn_as_in_a_terminal("always")
        try:
            exec(code, reached.namespace)
            text, complaint, picture = printed.take(), complained.take(), take()
        except BaseException as raised:  # SystemExit and KeyboardInterrupt, too
            error = raised
    if isinstance(error, TooMuch):
        raise reached.page.error(block.line, f"this fence {error}")
    if error:
        raise error if isinstance(error, PageError) else failure(reached, block, error) from error
    for warning in warned:
        raise reached.page.error(
            block.line, f"{warning.category.__name__}: {warning.message}; change the fence so that it does not warn"
        )
    if complaint:
        raise reached.page.error(block.line, "this fence prints to stderr, where no reader sees it; print it plainly")
    reached.nothing_left(block.line, "this fence", left)
    for name in reached.own.keys() - reached.namespace.keys():
        del reached.own[name]
    reached.own.update(
        {
            name: value
            for name, value in reached.namespace.items()
            if name != "__builtins__" and (name not in before or before[name] is not value)
        }
    )
    if reached.stopped and not block.figure:
        reached.stopped.fences.append(block)
    return Outcome(text, picture=picture)


@contextlib.contextmanager
def drawing(reached: Reached, block: Code | Embed, taken: set[str]) -> Iterator[Callable[[], str]]:
    """Let a fence or a program draw; give what returns its picture, '' if it is to draw none."""
    if block.figure:
        from literate.plot import figures

        with figures.style(reached.program(block.line) if reached.page.program else None) as drawn:
            yield lambda: reached.ask(block.line, figures.take, drawn(), block.figure, taken, errors=figures.FigureError)
        return
    yield lambda: ""
    if "matplotlib.pyplot" in sys.modules and isinstance(block, Code):
        from literate.plot import figures

        if figures.left_over():
            raise reached.page.error(
                block.line, 'this fence draws a figure that nobody would see; say what it shows: ```python figure="…"'
            )


def compiled(reached: Reached, block: Code, flags: int = 0) -> Any:
    """Return a fence's code, or its tree if the flags say so; raise PageError if it is no Python."""
    try:
        # As many empty lines before the code as there are in the file, so that errors name the page's own line.
        code = "\n" * block.line + block.text
        return compile(code, str(reached.page.path), "exec", flags, dont_inherit=True)
    except (SyntaxError, ValueError) as error:
        line = getattr(error, "lineno", None) or block.line
        raise reached.page.error(line, f"{describe(error)}; mend the fence") from error


def failure(reached: Reached, block: Code, error: BaseException) -> PageError:
    """Return the PageError of what a fence has raised."""
    line = line_in(error, reached.page.path) or block.line
    inside = ""
    for program in {block.program for block in reached.page.blocks if isinstance(block, Embed)}:
        if risen := line_in(error, reached.programs / program):
            inside = f" (raised at {program}:{risen})"
    return reached.page.error(line, f"{describe(error)}{inside}; {reached.meant(error) or 'mend the fence'}")
