"""The inline grammar: each piece of inline code is a role with its text, or code whose names are looked up."""

import re
from collections.abc import Callable, Mapping

from literate.page import Prose
from literate.page.places import CODE
from literate.program import Program
from literate.prose import claims
from literate.prose.links import check_links, link_to
from literate.prose.names import check_typed, look_up
from literate.prose.words import words_for
from literate.state import Session
from literate.values import in_words
from literate.values.written import in_sentence

Role = Callable[[Session, int, str], str]  # of the session, the line on the page and the text behind the role's name
Namer = Callable[[Program, str, str], str]  # of a program, a name and how it is written

_CODE_OR_CLAIM = re.compile(f"{CODE.pattern}|{claims.CLAIM.pattern}", re.S)
_ROLE = re.compile(r"\{(?P<role>\w+)\}\s+(?P<text>.+)", re.S)


def expressions(prose: Prose) -> list[str]:
    """Return the Python in a Prose block that is evaluated for what it shows, as it is written: of values, and of words."""
    found = [_ROLE.fullmatch(match["text"].strip()) for match in CODE.finditer(prose.text)]
    return [role["text"] for role in found if role and role["role"] in ("python", *WORDS)]


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
            raise session.page.error(
                line,
                f"{match[0]} is not known; write {{python}} an expression, {{line}} some "
                "text of the line, or {text} what is to stand as it is",
            )
        if session.page.program and "`" not in content:
            look_up(session, line, content)
            if name and prose.text[match.end() : match.end() + 1] != "{":
                return name(session.program(line), content, match[0])
        return match[0]

    check_links(prose, session.page)
    if session.page.program:
        check_typed(prose, session)
    written, said, done = "", "", 0
    false: list[claims.ClaimError] = []
    for number, match in enumerate(_CODE_OR_CLAIM.finditer(prose.text)):
        text, evidence = prose.text[done : match.start()], ""
        done = match.end()
        if match["mark"] is None:
            text += replaced(match)
        else:
            line = prose.line + prose.text.count("\n", 0, match.start())
            found = _claim(session, line, match, said + text)
            if not found.holds:
                false.append(claims.failure(session, line, found, claims.sentence_before(said + text)))
            elif name:  # a notebook's reader has the cells
                above, _, indent = prose.text[: match.start()].rpartition("\n")
                words = above.rpartition("\n")[2] + indent  # a line right below others belongs to their paragraph
                alone = not words.strip() and prose.text[done : done + 1] in ("", "\n")
                evidence = claims.write(found, f"holds-{prose.line}-{number}") + f"\n{indent}{{: .holds-alone }}" * alone
        written, said = written + text + evidence, said + text
    claims.tell(false)
    return written + prose.text[done:]


def _claim(session: Session, line: int, match: re.Match, said: str) -> claims.Evidence:
    """Return the Evidence for a claim that stands behind what is said; raise PageError if it cannot stand there."""
    expression = " ".join(match["claim"].split())
    if match["mark"] != "holds" or not match["colon"]:
        raise session.page.error(
            line, f"<!--{match['mark']}{match['colon']} …--> means nothing; write <!--holds: {expression}-->"
        )
    if re.match(r"\s*#", said.rpartition("\n")[2]):
        raise session.page.error(line, "a heading says nothing that could be false; put this claim behind a sentence")
    evidence = claims.weigh(session, line, expression)
    session.claims.append((line, evidence))
    return evidence


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


def words(session: Session, line: int, text: str) -> str:
    """Return the value of an expression as words of the sentence."""
    expression, kind = in_words.split(text)
    try:
        said = in_words.say(session.evaluate(line, expression, f"{{words}} {text}"), kind)
    except in_words.WordsError as error:
        raise session.page.error(line, f"{{words}} {text}: {error}") from None
    return re.sub(r"([\\`*_{}\[\]<>&#|])", r"\\\1", said)


def capital_words(session: Session, line: int, text: str) -> str:
    """Return the same at the beginning of a sentence."""
    said = words(session, line, text)
    return said[:1].upper() + said[1:]


WORDS: dict[str, Role] = {"words": words, "Words": capital_words}
ROLES: dict[str, Role] = {
    **WORDS,
    "python": value,
    "line": line_reference,
    "Line": capital_line_reference,
    "text": as_it_stands,
}
