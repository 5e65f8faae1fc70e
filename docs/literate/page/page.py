"""A page: one Markdown file as an ordered list of typed blocks, each with its own line number in the file.

This is the only place that reads the pages' Markdown. The site, the check, the tests and the notebook all take the blocks.
"""

import contextlib
import functools
import re
from collections.abc import Iterator
from pathlib import Path

from literate.page import exercises, places, questions
from literate.page.blocks import Drawn, Fence, Ledger, Live, Output, Prose
from literate.page.errors import PageError
from literate.page.fences import Mark, Raw, classify
from literate.page.front import FrontMatter

MOST = 200_000  # characters of a page: what a reader gets through in half a day

_FENCE = re.compile(r"(?P<indent>[ \t]*)(?P<quote>(?:>[ \t]*)*)(?P<fence>`{3,}|~{3,})(?P<info>[^`]*)")
_MARK = re.compile(r"\s*<!--\s*(?P<mark>(?:pytest|display-only|ledger\b|network\b|question\b|exercise\b).*?)\s*-->\s*")
_INCLUDE = re.compile(r"[ \t]*;*-+8<-+")
_CODE_SPAN = re.compile(r"(`+)(?!`).*?(?<!`)\1(?!`)")
_LISTED_FENCE = re.compile(r"[ \t>]*(?:[-*+]|\d+[.)])[ \t]+(?:`{3,}|~{3,})[^`]*$")
_UNSEEN = re.compile(r"[\x00\x02\x03]")  # which Markdown uses itself, or drops
_DEEP = re.compile(r"^(?:[ \t]*(?:>|[-*+](?=\s)|\d+[.)](?=\s))){20}|^(?: {80}|\t{20})[ \t]*(?:>|[-*+]|\d+[.)])\s")
_NO_FENCE = "no fence follows this mark; delete the mark, or write the fence right below it"


class Page:
    """One Markdown file.

    `path` is where it lies, `text` all of it, `meta` what its front matter says, `body` its text below that, and `blocks`
    its Prose and Fences in order. Raise PageError at the first line that is not in the grammar of docs/contributing.md.
    """

    def __init__(self, path: str | Path, text: str):
        self.path, self.text = Path(path), text
        if len(text) > MOST:
            raise self.error(1, f"this page has {len(text):,} characters; a page holds at most {MOST:,}, so make several of it")
        if unseen := _UNSEEN.search(text):
            raise self.error(
                text.count("\n", 0, unseen.start()) + 1,
                f"a character that nobody sees (number {ord(unseen[0])}) stands on this line; delete it",
            )
        self._front = FrontMatter(self.path, text)
        self._start = self._front.text.count("\n")
        self.meta = self._front.values
        self.body = text[len(self._front.text) :]
        if not self.body.strip():
            raise self.error(self._start or 1, "this page says nothing; write a heading and a sentence, or delete it")
        self.blocks = list(self._read_blocks())

    def __reduce__(self) -> tuple:
        return _read, (self.path, self.text)

    @classmethod
    def read(cls, path: str | Path) -> "Page":
        """Return the page at `path`, the same object for the same text; raise PageError as above, or if it is not UTF-8."""
        try:
            return _read(Path(path), Path(path).read_text(encoding="utf-8-sig"))
        except UnicodeDecodeError as error:
            raise PageError(path, 1, f"this file is not text in UTF-8 ({error.reason}); save it as UTF-8") from None

    @property
    def program(self) -> str | None:
        """The name of the page's program, or None if its front matter names none."""
        return self.meta.get("program")

    @property
    def title(self) -> str:
        """The words of the page's first heading of the first level, as they are written; its file's name if it has none."""
        return next((heading.title for heading in self.headings if heading.level == 1), self.path.stem)

    @functools.cached_property
    def prose(self) -> list[Prose]:
        """The blocks of prose."""
        return [block for block in self.blocks if isinstance(block, Prose)]

    @functools.cached_property
    def headings(self) -> list[places.Heading]:
        """The headings, in order."""
        return places.headings(self.prose, places.ids(self.prose))

    @functools.cached_property
    def ids(self) -> set[str]:
        """The ids of the places that a link can lead to."""
        return places.ids(self.prose) | {heading.id for heading in self.headings}

    def listing(self, program: str) -> Path | None:
        """Return the path of the page that lists a program: the nearest program.md that names it, beside this page or above."""
        path = self.path.absolute()
        for folder in path.parents:
            listing = folder / "program.md"
            if listing == path and self.program == program:
                return listing
            if listing.is_file() and listing != path and Page.read(listing).program == program:
                return listing
            if (folder / "mkdocs.yml").is_file():
                break
        return None

    def until(self, program: str | None) -> str | int:
        """Return where a program without an end is cut: as this page says of its own, or the page that lists it; else ''."""
        if program == self.program and "until" in self.meta:
            return self.meta["until"]
        with contextlib.suppress(PageError):  # that page will say so itself
            if program and (listing := self.listing(program)):
                return Page.read(listing).meta.get("until", "")
        return ""

    def error(self, line: int, message: str) -> PageError:
        """Return a PageError at a line of this page."""
        return PageError(self.path, line, message)

    def line_of(self, name: str) -> int:
        """Return the line of the front matter that begins with a name; 1 if none does."""
        return self._front.line_of(name)

    def _read_blocks(self) -> Iterator[Prose | Fence]:
        """Yield the blocks, telling each fence's kind from the mark before it and its info string."""
        runs: Live | None = None
        mark: Mark | None = None
        for block in self._split():
            if isinstance(block, Prose):
                if mark:
                    raise self.error(mark.line, _NO_FENCE)
                yield block
            elif isinstance(block, Mark):
                if mark:
                    raise self.error(mark.line, _NO_FENCE)
                mark = block
            else:
                fence = classify(block, mark, self.error)
                mark = None
                if isinstance(fence, Output):
                    if runs is None:
                        raise self.error(
                            fence.line, "no fence stands before this output; put the python fence that prints it above it"
                        )
                    if runs.output:
                        raise self.error(
                            fence.line, f"the fence on line {runs.line} has an output already; delete one of the two"
                        )
                    runs.output = fence
                elif isinstance(fence, Live):
                    runs = fence
                yield fence
        if mark:
            raise self.error(mark.line, _NO_FENCE)

    def _split(self) -> Iterator[Prose | Mark | Raw]:
        """Yield Prose, Mark and Raw blocks in the file's order."""
        lines = self.body.split("\n")
        prose: list[str] = []
        number = 0

        def here() -> int:
            return self._start + number + 1

        while number < len(lines):
            line = lines[number]
            opening, mark = _FENCE.fullmatch(line), _MARK.fullmatch(line)
            if (opening or mark) and any(text.strip() for text in prose):
                yield Prose(here() - len(prose), "\n".join(prose))
            if mark and mark["mark"].startswith("ledger"):
                prose = []
                yield (ledger := self._read_ledger(lines, number, mark["mark"]))
                number = ledger.line + ledger.text.count("\n") - self._start
            elif mark and mark["mark"].startswith("question"):
                prose = []
                kind = mark["mark"].removeprefix("question").strip(": ")
                asked, choices = questions.read(lines, self._start + 1, number, kind, self.error)
                yield from (asked, choices)
                number = choices.line + choices.text.count("\n") - self._start
            elif mark and mark["mark"].startswith("exercise"):
                prose = []
                selector = mark["mark"].removeprefix("exercise").strip(": ")
                task, number = exercises.read(lines, self._start + 1, number, selector, self.error)
                yield task
            elif mark and mark["mark"].startswith("network"):
                prose = []
                if mark[0][:1].isspace():
                    raise self.error(here(), "a network stands by itself; take it out of the list, the note or the tab")
                yield Drawn(here(), "", mark["mark"].removeprefix("network").strip(": "))
                number += 1
            elif mark:
                prose = []
                yield Mark(here(), mark["mark"])
                number += 1
            elif opening:
                prose = []
                raw = self._read_fence(lines, number, opening)
                yield raw
                number += raw.text.count("\n") + 2
            else:
                end = self._comment_end(lines, number) if "<!--" in _CODE_SPAN.sub("", line) else number
                if _INCLUDE.match(line):
                    raise self.error(here(), "an embed stands in a python fence; put ```python above it and ``` below it")
                if _LISTED_FENCE.match(line):
                    raise self.error(here(), "a fence has a line of its own; put it below, indented by four")
                if _DEEP.match(line):
                    raise self.error(here(), "more than twenty quotes and lists stand in each other here; take some away")
                prose += lines[number : end + 1]
                number = end + 1
        if any(text.strip() for text in prose):
            yield Prose(here() - len(prose), "\n".join(prose))

    def _read_ledger(self, lines: list[str], number: int, mark: str) -> Ledger:
        start = next((n for n in range(number + 1, len(lines)) if lines[n].strip()), len(lines))
        end = next((n for n in range(start, len(lines)) if not lines[n].strip()), len(lines))
        if start == end or _FENCE.fullmatch(lines[start]) or _MARK.fullmatch(lines[start]):
            raise self.error(self._start + number + 1, "no table follows this ledger mark; write it below, or delete the mark")
        if lines[start][:1].isspace():
            raise self.error(self._start + start + 1, "a ledger stands by itself; take it out of the list, the note or the tab")
        return Ledger(self._start + start + 1, "\n".join(lines[start:end]), mark.removeprefix("ledger").strip(": "))

    def _read_fence(self, lines: list[str], number: int, opening: re.Match) -> Raw:
        here, fence, indent = self._start + number + 1, opening["fence"], opening["indent"]
        if opening["quote"]:
            raise self.error(here, "a fence in a block quote does not run; take it out of the quote")
        if fence[0] == "~":
            raise self.error(here, f"a fence is written with backticks; write ``` for {fence}")
        code: list[str] = []
        for line in lines[number + 1 :]:
            if line.startswith(indent) and line[len(indent) :].rstrip() == fence:
                return Raw(here, indent, opening["info"].strip(), "".join(f"{text}\n" for text in code))
            if line.strip() and not line.startswith(indent):
                raise self.error(
                    here,
                    f"this fence is not closed before line {here + len(code) + 1}, which is "
                    f"indented less; write {fence} below its code, indented by {len(indent)}",
                )
            code.append(line[len(indent) :])
        raise self.error(here, f"this fence is never closed; write {fence} below its code")

    def _comment_end(self, lines: list[str], number: int) -> int:
        """Return the index of the line where the comment that opens on a line closes."""
        end = number
        while "-->" not in lines[end].rpartition("<!--")[2]:
            end += 1
            if end == len(lines):
                raise self.error(self._start + number + 1, "this comment is never closed; write --> after it")
            if _FENCE.fullmatch(lines[end]):
                raise self.error(
                    self._start + end + 1,
                    "a fence in a comment is neither shown nor run; delete it, or take it out of the comment",
                )
        return end


@functools.lru_cache(maxsize=2000)
def _read(path: Path, text: str) -> Page:
    return Page(path, text)
