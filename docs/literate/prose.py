"""The inline grammar: values, line references, and the look-up of every name that prose speaks of."""

import builtins
import difflib
import functools
import keyword
import os
import re
from pathlib import Path

from markdown.extensions.toc import slugify

from literate import ledger, runner
from literate.colours import colour_of
from literate.page import Ledger, Page, PageError, Prose
from literate.session import in_sentence

_SPAN = re.compile(r"(?<![\\`])(?P<ticks>`+)(?!`)(?P<text>(?:(?!\n[ \t]*\n).)+?)(?<!`)(?P=ticks)(?!`)", re.S)
_ROLE = re.compile(r"\{(?P<role>\w+)\}\s+(?P<text>.+)", re.S)
_NAME = re.compile(r"(?P<dot>\.?)\b(?P<name>[^\W\d]\w*)")
_STRING = re.compile(r"""("[^"\n]*"|'[^'\n]*')""")
# What is no sentence: link targets, addresses, tags, comments, attribute lists.
_NOT_SAID = re.compile(r"\]\([^)]*\)|<!--.*?-->|<[a-zA-Z/][^>]*>|https?://\S+|\{[:.#][^}\n]*\}", re.S)
_LINK = re.compile(r"\]\((?![a-z]+:)(?P<target>[^)\s#]*)(?:#(?P<place>[^)\s]+))?")
_HEADING = re.compile(r"^#+ +(?P<title>.+?)(?: *\{[^}]*\})? *$", re.M)
_ID = re.compile(r"\{[^}\n]*#(?P<id>[\w-]+)[^}\n]*\}|\bid=\"(?P<named>[\w-]+)\"")
_TYPED_LINE = re.compile(r"\blines?(?:[\s*_[]|&nbsp;|number)+\d+", re.I)
_TYPED_NUMBER = re.compile(r"(?<![\w.,])[-+−]?\d*[.,]\d+(?:[.,]\d+)*(?:e[-+]?\d+)?")


def render(prose, session, roles=None):
    """Return a Prose block's text as plain Markdown: values and line references filled in, names looked up.

    `session` has run the blocks above. `roles` says how each role is written, as a function of the session, the
    line and the text; for the site if it is left out. Raise PageError at the first span or number that is not in order.
    """
    if site := roles is None:
        roles = ledger.roles(session, prose, _ROLES) if isinstance(prose, Ledger) else _ROLES

    def replaced(match):
        line = prose.line + prose.text.count("\n", 0, match.start())
        content = match["text"].strip()
        role = _ROLE.fullmatch(content)
        if role and role["role"] in roles:
            return roles[role["role"]](session, line, re.sub(r"\s*\n\s*", " ", role["text"]))
        if re.match(r"\{\w*\}", content) and match["ticks"] == "`":
            raise session.page.error(line, f"{match[0]} is not known; write {{python}} an expression, {{line}} some "
                                     "text of the line, or {text} what is to stand as it is")
        if session.page.program and "`" not in content:
            _look_up(session, line, content)
            if site and prose.text[match.end():match.end() + 1] != "{":
                return name_of(session.program(line), content, match[0])
        return match[0]

    _check_links(prose, session)
    if session.page.program:
        _check_typed(prose, session)
    return _SPAN.sub(replaced, prose.text)


def listing_of(session, line, program):
    """Return the path of the page that lists a program: the nearest program.md that names it, beside the page or above."""
    path = session.page.path.absolute()
    for folder in path.parents:
        listing = folder / "program.md"
        if listing == path and session.page.program == program.name:
            return listing
        if listing.is_file() and listing != path and Page.read(listing).program == program.name:
            return listing
        if (folder / "mkdocs.yml").is_file():
            break
    raise session.page.error(line, f"no program.md beside this page or above it names {program.name}, so its lines cannot "
                             f"be linked to; write one with `program: {program.name}` in its front matter")


def link_to(session, line, program, lines, words):
    """Return a Markdown link, in `words`, to the lines (a range) in the listing of a program."""
    target = os.path.relpath(listing_of(session, line, program), session.page.path.absolute().parent)
    # One name for the tab, so that the second link leads to the tab that the first one opened.
    return f"[{words}]({Path(target).as_posix()}#L{lines[0]}){{target=program}}"


def name_of(program, name, written=None):
    """Return a name as inline code; that of an array of the program in its own colour, wherever it stands."""
    number = colour_of(program, name)
    return (written or f"`{name}`") + (f"{{.v{number}}}" if number else "")


def words_for(lines):
    """Return a range of lines in words: 'line 36', 'lines 28–29'."""
    return f"line {lines[0]}" if len(lines) == 1 else f"lines {lines[0]}–{lines[-1]}"


def _value(session, line, expression):
    text = in_sentence(session.value(line, expression))
    ticks = "`" * (max(map(len, re.findall("`+", text)), default=0) + 1)
    text = f" {text} " if "`" in (text[0], text[-1]) else text
    return f"{ticks}{text}{ticks}{{.value}}"


def _line(session, line, selector):
    program, lines = session.find(line, selector)
    return link_to(session, line, program, lines, words_for(lines))


def _capital_line(session, line, selector):
    program, lines = session.find(line, selector)
    return link_to(session, line, program, lines, words_for(lines).capitalize())


def _text(session, line, text):
    return f"`{text}`"


def _run(session, line, selector):
    program, lines = session.find(line, selector)
    if session.page.text.split("\n")[line - 1].strip() != f"`{{run}} {selector}`":
        raise session.page.error(line, f"`{{run}} {selector}` stands in a sentence; give it a paragraph of its own")
    return runner.write(program, program.ending, line=lines[0])


_ROLES = {"python": _value, "line": _line, "Line": _capital_line, "text": _text, "curve": ledger.curve, "run": _run}


def _look_up(session, line, code):
    """Raise PageError if a name in a piece of inline code is neither the program's, the page's nor Python's."""
    program = session.program(line)
    if code == program.name:
        return
    if _TYPED_NUMBER.fullmatch(code):
        raise session.page.error(line, f"`{code}` is typed and would go stale; write `{{python}} an expression`, or "
                                 f"`{{text}} {code}` if no run could give it")
    known = {*program.names, *session.own_names, *dir(builtins), *keyword.kwlist, "__name__"}
    for match in _NAME.finditer(_STRING.sub("", code)):
        name = match["name"]
        if name in known or match["dot"] and name in program.attributes:
            continue
        close = difflib.get_close_matches(name, known, 1)
        hint = f"did you mean {close[0]}" if close else "correct it"
        raise session.page.error(line, f"`{name}` is no name of {program.name} or of a fence on this page; {hint}, or "
                                 f"write `{{text}} {code}` if it is not code of the program")


def _check_typed(prose, session):
    """Raise PageError if a line number or a number read off a run is typed in a sentence."""
    said = _NOT_SAID.sub(_blank, _SPAN.sub(_blank, prose.text))
    for pattern, mend in ((_TYPED_LINE, "write `{line} some text of the line`, or `{text} %s` if it is not the program's"),
                          (_TYPED_NUMBER, "write `{python} an expression`, or `{text} %s` if no run could give it")):
        if found := pattern.search(said):
            line = prose.line + said.count("\n", 0, found.start())
            mend = mend.replace("%s", found[0])
            raise session.page.error(line, f'"{found[0]}" is typed and would go stale; {mend}')


def _check_links(prose, session):
    """Raise PageError if a link leads to a file or a place that is not there. MkDocs does not say the line."""
    here = session.page.path.absolute().parent
    for found in _LINK.finditer(_SPAN.sub(_blank, prose.text)):
        line = prose.line + prose.text.count("\n", 0, found.start("target"))
        path = here / found["target"] if found["target"] else session.page.path
        if path.exists() and path.suffix == ".md" and found["place"]:
            _check_place(session, line, path, found["place"])
        if not path.exists():
            around = [Path(os.path.relpath(path, here)).as_posix() for path in here.parent.glob("**/*.md")]
            close = difflib.get_close_matches(found["target"], around, 1)
            raise session.page.error(line, f"there is no {found['target']} to link to; "
                                     + (f"did you mean {close[0]}" if close else "give a path from this page's folder"))


def _check_place(session, line, path, place):
    """Raise PageError if a page has no such place: a heading, or what is given an id."""
    if re.fullmatch(r"L\d+", place):
        raise session.page.error(line, f"#{place} is a typed line number and would go stale; write `{{line}} some text of "
                                 "the line`")
    try:
        ids = _places(path, path.stat().st_mtime_ns)
    except PageError:
        return  # that page will say so itself
    if place not in ids:
        close = difflib.get_close_matches(place, ids, 1)
        where = path.name if path != session.page.path else "this page"
        raise session.page.error(line, f"{where} has no place #{place} to link to; " + (
            f"did you mean #{close[0]}" if close else f"write {{ #{place} }} behind the heading that you mean"))


@functools.lru_cache(maxsize=64)
def _places(path, stamp):
    """Return the ids of a page, as Python-Markdown's toc makes them of headings, and those that are written."""
    prose = "\n".join(block.text for block in Page.read(path).blocks if isinstance(block, Prose))
    titles = [re.sub(r"\]\([^)]*\)|<[^>]*>", "", found["title"]) for found in _HEADING.finditer(prose)]
    return {slugify(title, "-") for title in titles} | {found["id"] or found["named"] for found in _ID.finditer(prose)}


def _blank(match):
    return re.sub(r"[^\n]", " ", match[0])
