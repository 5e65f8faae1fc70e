"""The places of a page: its headings, the ids that can be linked to, and the links that it has."""

import re
from collections.abc import Iterable
from dataclasses import dataclass

from markdown.extensions.toc import slugify, unique

from literate.page.blocks import Prose

_HEADING = re.compile(
    r"^(?P<marks>#{1,6}) +(?P<title>.+?)(?: *#+)?(?P<attributes> *\{[^}\n]*\})? *$|"
    r"^(?P<above>(?![ >#|-]).+?)(?P<written> *\{[^}\n]*\})? *\n(?P<rule>=+|-+) *$",
    re.M,
)
_ID = re.compile(r"\{[^}\n]*#(?P<id>[\w-]+)[^}\n]*\}|\bid=[\"'](?P<named>[\w-]+)[\"']")
_LINK = re.compile(r"\]\((?![a-z]+:)(?P<target>[^)\s#]*)(?:#(?P<place>[^)\s]+))?")
CODE = re.compile(r"(?<![\\`])(?P<ticks>`+)(?!`)(?P<text>(?:(?!\n[ \t]*\n).)+?)(?<!`)(?P=ticks)(?!`)", re.S)


@dataclass(frozen=True)
class Heading:
    """A heading: its line, its level from 1, its words as they are written, and the id that it gets."""

    line: int
    level: int
    title: str
    id: str


@dataclass(frozen=True)
class Link:
    """A link to another page, '' for this one, or to a file, and to a place there, None for its top."""

    line: int
    target: str
    place: str | None


def headings(blocks: Iterable[Prose], taken: set[str]) -> list[Heading]:
    """Return the headings of a page's prose, with ids as Python-Markdown's toc makes them; `taken` holds the written ones."""
    found, used = [], set(taken)
    for block in blocks:
        for match in _HEADING.finditer(block.text):
            title = match["title"] or match["above"]
            own = _ID.search(match["attributes"] or match["written"] or "")
            words = re.sub(r"\]\([^)]*\)|<[^>]*>", "", title)
            name = own["id"] if own else unique(slugify(words, "-"), used)
            marks = match["marks"] or {"=": "#", "-": "##"}[match["rule"][0]]
            found.append(Heading(block.line + block.text.count("\n", 0, match.start()), len(marks), title, name))
    return found


def ids(blocks: Iterable[Prose]) -> set[str]:
    """Return the ids that are written in a page's prose, in attribute lists and in HTML."""
    return {found["id"] or found["named"] for block in blocks for found in _ID.finditer(without_code(block.text))}


def links(prose: Prose) -> list[Link]:
    """Return the links of a block of prose that lead to a place of the site."""
    return [
        Link(prose.line + prose.text.count("\n", 0, found.start("target")), found["target"], found["place"])
        for found in _LINK.finditer(without_code(prose.text))
    ]


def without_code(text: str) -> str:
    """Return a text with a blank in the place of each character of its inline code."""
    return CODE.sub(blank, text) if "`" in text else text


def blank(match: re.Match) -> str:
    """Return as many blanks as a match has characters; its line ends stay."""
    return re.sub(r"[^\n]", " ", match[0])
