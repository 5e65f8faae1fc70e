"""Mending a page: its expected outputs are rewritten to what is printed now, and nothing else is touched."""

import io
from pathlib import Path

from literate.page import Output, Page, PageError
from literate.prose import ClaimError
from literate.site.pages import errors
from literate.state import OutputError


def mend(path: str | Path) -> tuple[str, str]:
    """Return the text of the page at `path`, with its own line ends, before and after its outputs are put right.

    Raise an ExceptionGroup of PageErrors if anything is wrong that is not an output: the outputs might then be wrong
    too.
    """
    text = Path(path).read_bytes().decode("utf-8")
    every = [error for error in errors(path) if not isinstance(error, ClaimError)]  # no output depends on a sentence
    found = [error for error in every if isinstance(error, OutputError)]
    if wrong := [error for error in every if not isinstance(error, OutputError)]:
        raise ExceptionGroup("not outputs", wrong)
    page = Page.read(path)
    lines = list(io.StringIO(text, newline=""))  # as Page counts them: other white space ends no line
    for error in reversed(found):
        first, old = error.output.line, error.output.text.count("\n")
        end = lines[first - 1][len(lines[first - 1].rstrip("\r\n")) :]
        lines[first : first + old] = [
            f"{error.output.indent}{line}{end}" if line else end for line in error.printed.split("\n")[:-1]
        ]
    mended = "".join(lines)
    if not _says(path, page, mended, {error.output.line: error.printed for error in found}):
        raise ExceptionGroup(
            "not outputs",
            [PageError(path, found[0].output.line, "what is printed here cannot stand in a fence; print it otherwise")],
        )
    return text, mended


def _says(path, page, mended, printed):
    """Say whether the mended page is the old one, but for what its outputs say."""
    try:
        new = Page(path, mended.removeprefix("\ufeff").replace("\r\n", "\n").replace("\r", "\n"))
    except PageError:
        return False
    meant = [(type(old), printed.get(old.line, old.text) if isinstance(old, Output) else old.text) for old in page.blocks]
    return meant == [(type(now), now.text) for now in new.blocks]
