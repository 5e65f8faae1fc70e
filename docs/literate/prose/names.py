"""The look-up of every name that prose speaks of, and of what is typed there that a run would tell."""

import builtins
import difflib
import keyword
import re

from literate.page import Prose
from literate.page.places import blank, without_code
from literate.state import Session

_NAME = re.compile(r"(?P<dot>\.?)\b(?P<name>[^\W\d]\w*)")
_STRING = re.compile(r"""("[^"\n]*"|'[^'\n]*')""")
# What is no sentence: link targets, addresses, tags, comments, attribute lists.
_NOT_SAID = re.compile(r"\]\([^)]*\)|<!--.*?-->|<[a-zA-Z/][^>]*>|https?://\S+|\{[:.#][^}\n]*\}", re.S)
_TYPED_LINE = re.compile(r"\blines?(?:[\s*_[]|&nbsp;|number)+\d+", re.I)
_TYPED_NUMBER = re.compile(r"(?<![\w.,])[-+−]?\d*[.,]\d+(?:[.,]\d+)*(?:e[-+]?\d+)?")


def look_up(session: Session, line: int, code: str) -> None:
    """Raise PageError if a name in a piece of inline code is neither the program's, the page's nor Python's."""
    program = session.program(line)
    if code == program.name:
        return
    if _TYPED_NUMBER.fullmatch(code):
        raise session.page.error(
            line,
            f"`{code}` is typed and would go stale; write `{{python}} an expression`, or "
            f"`{{text}} {code}` if no run could give it",
        )
    known = {*program.names, *session.own_names, *(session.changed or program).names, *dir(builtins), *keyword.kwlist, "__name__"}
    for match in _NAME.finditer(_STRING.sub("", code)):
        name = match["name"]
        if name in known or match["dot"] and name in program.attributes:
            continue
        close = difflib.get_close_matches(name, known, 1)
        hint = f"did you mean {close[0]}" if close else "correct it"
        raise session.page.error(
            line,
            f"`{name}` is no name of {program.name} or of a fence on this page; {hint}, or "
            f"write `{{text}} {code}` if it is not code of the program",
        )


def check_typed(prose: Prose, session: Session) -> None:
    """Raise PageError if a line number or a number read off a run is typed in a sentence."""
    said = _NOT_SAID.sub(blank, without_code(prose.text))
    for pattern, mend in (
        (_TYPED_LINE, "write `{line} some text of the line`, or `{text} %s` if it is not the program's"),
        (_TYPED_NUMBER, "write `{python} an expression`, or `{text} %s` if no run could give it"),
    ):
        if found := pattern.search(said):
            line = prose.line + said.count("\n", 0, found.start())
            mend = mend.replace("%s", found[0])
            raise session.page.error(line, f'"{found[0]}" is typed and would go stale; {mend}')
