"""The inline grammar: each piece of inline code is a role with its text, or code whose names are looked up."""

import re
from collections.abc import Callable, Mapping

from literate.page import Prose
from literate.page.places import CODE
from literate.program import Program
from literate.prose.links import check_links, link_to
from literate.prose.names import check_typed, look_up
from literate.prose.words import in_sentence, words_for
from literate.state import Session

Role = Callable[[Session, int, str], str]  # of the session, the line on the page and the text behind the role's name
Namer = Callable[[Program, str, str], str]  # of a program, a name and how it is written

_ROLE = re.compile(r"\{(?P<role>\w+)\}\s+(?P<text>.+)", re.S)


def render(prose: Prose, session: Session, roles: Mapping[str, Role], name: Namer | None = None) -> str:
    """Return a Prose block's text as plain Markdown: values and line references filled in, names looked up.

    `session` has run the blocks above. `roles` says how each role is written. `name`, if it is given, says how a name is
    written, of the program, the name, and as it stands. Raise PageError at the first span or number that is not in order.
    """

    def replaced(match: re.Match) -> str:
        line = prose.line + prose.text.count("\n", 0, match.start())
        content = match["text"].strip()
        role = _ROLE.fullmatch(content)
        if role and role["role"] in roles:
            return roles[role["role"]](session, line, re.sub(r"\s*\n\s*", " ", role["text"]))
        if re.match(r"\{\w*\}", content) and match["ticks"] == "`":
            raise session.page.error(line, f"{match[0]} is not known; write {{python}} an expression, {{line}} some "
                                     "text of the line, or {text} what is to stand as it is")
        if session.page.program and "`" not in content:
            look_up(session, line, content)
            if name and prose.text[match.end():match.end() + 1] != "{":
                return name(session.program(line), content, match[0])
        return match[0]

    check_links(prose, session.page)
    if session.page.program:
        check_typed(prose, session)
    return CODE.sub(replaced, prose.text)


def value(session: Session, line: int, expression: str) -> str:
    """Return the value of an expression as inline code."""
    text = in_sentence(session.value(line, expression))
    ticks = "`" * (max(map(len, re.findall("`+", text)), default=0) + 1)
    text = f" {text} " if "`" in (text[0], text[-1]) else text
    return f"{ticks}{text}{ticks}{{.value}}"


def line_reference(session: Session, line: int, selector: str) -> str:
    """Return 'line 36', linked to that line of the program."""
    program, lines = session.find(line, selector)
    return link_to(session, line, program, lines, words_for(lines))


def capital_line_reference(session: Session, line: int, selector: str) -> str:
    """Return 'Line 36', linked to that line of the program."""
    program, lines = session.find(line, selector)
    return link_to(session, line, program, lines, words_for(lines).capitalize())


def as_it_stands(session: Session, line: int, text: str) -> str:
    """Return a text as inline code whose names are not looked up."""
    return f"`{text}`"


ROLES: dict[str, Role] = {
    "python": value,
    "line": line_reference,
    "Line": capital_line_reference,
    "text": as_it_stands,
}
