"""How a program fails: the error that the engine raises, and what an exception says in one line."""

import traceback
from pathlib import Path


class ProgramError(Exception):
    """The program was asked for something that it does not have, or it failed while it ran."""


def line_in(error: BaseException, path: str | Path) -> int | None:
    """Return the innermost line of the file `path` that `error` passed through, or None."""
    frames = traceback.extract_tb(error.__traceback__)
    return next((frame.lineno for frame in reversed(frames) if frame.filename == str(path)), None)


def describe(error: BaseException) -> str:
    """Return an exception as one line, as Python's own last line of a traceback has it."""
    if isinstance(error, SyntaxError):
        return f"{type(error).__name__}: {error.msg}"
    return " ".join("".join(traceback.format_exception_only(error)).split())
