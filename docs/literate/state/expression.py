"""Expressions: what one comes to in the state that a page has reached, or in another one, as a value or as text."""

import contextlib
import io
import warnings
from typing import Any

from literate.look import History
from literate.program import describe
from literate.state.reached import Reached
from literate.values.written import formatted


def value(reached: Reached, line: int, expression: str, namespace: dict | None) -> str:
    """Return an expression, which may end in a format, as text; raise PageError if it has none that a sentence can hold."""
    said = f"{{python}} {expression}"
    code, form = formatted(expression)
    found = evaluate(reached, line, code, said, namespace)
    if isinstance(found, set | frozenset) and len(found) > 1 and not all(isinstance(one, int | float) for one in found):
        raise reached.page.error(line, f"{said} is a set, which has no order: it would be another text in another run; sort it")
    try:
        text = format(found, form)
    except Exception as error:
        raise reached.page.error(line, f"{said}: {describe(error)}; write a format that fits, as in x[0, 0]:.3f") from error
    if not text.strip():
        raise reached.page.error(line, f"{said} is empty; write an expression that can be seen")
    if "\n" in text:
        raise reached.page.error(line, f"{said} has more than one line; print it in a python fence")
    return text


def evaluate(reached: Reached, line: int, code: str, said: str, namespace: dict | None) -> Any:
    """Return what an expression comes to; raise PageError, which names it as `said`, if it comes to nothing or prints."""
    reached.at(line)
    names = reached.namespace if namespace is None else namespace
    if "history" in code and "history" not in names:
        namespace = {**names, "history": reached.ask(line, History.of, reached.ran or reached.program(line))}
    try:
        with (
            warnings.catch_warnings(),
            contextlib.redirect_stdout(io.StringIO()) as stdout,
            reached.main.running(reached.path),
            contextlib.nullcontext() if namespace is None else reached.holding(namespace),
            reached.main.acting(),
        ):
            warnings.simplefilter("error")
            found = eval(compile(code, "<value>", "eval"), reached.namespace)
    except SyntaxError as error:
        like = "{python} x.shape or {python} x[0, 0]:.3f" if said.startswith("{python}") else "x.max() < 1"
        raise reached.page.error(line, f"{said}: this is not an expression; write one, as in {like}") from error
    except BaseException as error:  # SystemExit, too
        mend = reached.meant(error) or "write an expression that has a value where the page has got to"
        raise reached.page.error(line, f"{said}: {describe(error)}; {mend}") from error
    if stdout.getvalue():
        raise reached.page.error(line, f"{said} prints; print in a python fence")
    return found
