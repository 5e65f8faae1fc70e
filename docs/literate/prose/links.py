"""Links: to lines of a program in its listing; and whether a link that an author has written leads to what is there."""

import difflib
import os
import re
from pathlib import Path

from literate.page import Page, PageError, Prose
from literate.page.places import links
from literate.program import Program
from literate.state import Session


def listing_of(session: Session, line: int, program: Program) -> Path:
    """Return the path of the page that lists a program: the nearest program.md that names it, beside the page or above.

    Raise PageError, at `line`, if there is none.
    """
    if listing := session.page.listing(program.name):
        return listing
    raise session.page.error(
        line,
        f"no program.md beside this page or above it names {program.name}, so its lines cannot "
        f"be linked to; write one with `program: {program.name}` in its front matter",
    )


def link_to(session: Session, line: int, program: Program, lines: range, words: str) -> str:
    """Return a Markdown link, in `words`, to some lines in the listing of a program."""
    target = Path(os.path.relpath(listing_of(session, line, program), session.page.path.absolute().parent)).as_posix()
    # One name for the tab, so that the second link leads to the tab that the first one opened.
    return f"[{words}]({target.removeprefix(session.page.path.name)}#L{lines[0]}){{target=program}}"


def check_links(prose: Prose, page: Page) -> None:
    """Raise PageError if a link leads to a file or a place that is not there. MkDocs does not say the line."""
    here = page.path.absolute().parent
    for link in links(prose):
        path = here / link.target if link.target else page.path
        if link.place and (path == page.path or path.is_file() and path.suffix == ".md"):
            _check_place(page, link.line, path, link.place)
        if link.target and not path.exists():
            around = [Path(os.path.relpath(path, here)).as_posix() for path in here.parent.glob("**/*.md")]
            close = difflib.get_close_matches(link.target, around, 1)
            raise page.error(
                link.line,
                f"there is no {link.target} to link to; "
                + (f"did you mean {close[0]}" if close else "give a path from this page's folder"),
            )


def _check_place(page: Page, line: int, path: Path, place: str) -> None:
    """Raise PageError if a page has no such place: a heading, or what is given an id."""
    if re.fullmatch(r"L\d+", place):
        raise page.error(line, f"#{place} is a typed line number and would go stale; write `{{line}} some text of the line`")
    try:
        ids = (Page.read(path) if path != page.path else page).ids
    except PageError:
        return  # that page will say so itself
    if place not in ids:
        close = difflib.get_close_matches(place, ids, 1)
        where = path.name if path != page.path else "this page"
        raise page.error(
            line,
            f"{where} has no place #{place} to link to; "
            + (f"did you mean #{close[0]}" if close else f"write {{ #{place} }} behind the heading that you mean"),
        )
