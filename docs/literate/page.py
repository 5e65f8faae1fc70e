"""A page: one Markdown file as an ordered list of typed blocks, each with its own line number in the file.

This is the only place that reads the pages' Markdown. The site, the tests and the notebook all take the blocks.
"""

import difflib
import os
import re
from dataclasses import dataclass, field
from pathlib import Path

import yaml


class PageError(Exception):
    """Something on a page is wrong: where, what, and how to mend it, in one line."""

    def __init__(self, path, line, message):
        message = re.sub(r"\s*\n\s*", " ", message)
        self.path, self.line, self.message = path, line, message
        super().__init__(f"{shown(path)}:{line}: {message}")


def shown(path):
    """Return a path as a reader of a message knows it: from the folder where the command was typed."""
    return Path(os.path.relpath(path)).as_posix()


@dataclass
class Prose:
    """Everything between two fences."""

    line: int  # of its first line, as in all blocks
    text: str


@dataclass
class Ledger(Prose):
    """A paragraph or a table whose values the reader can see at every iteration that the recording keeps."""

    check: str  # an expression that must hold in each, or ''


@dataclass
class Fence:
    """A fenced block of code; what kind it is, its class says."""

    line: int  # of the opening fence
    indent: str  # white space before the fence: it stands in a list, an admonition or a tab
    language: str
    text: str  # the code between the fences, without their indent


@dataclass
class Output(Fence):
    """What the fence or the embed before it prints."""


@dataclass
class Display(Fence):
    """Code that is only shown."""

    reason: str


@dataclass
class Live(Fence):
    """A fence that runs; it may be followed by the output that it prints."""

    output: Output | None = field(default=None, init=False)


@dataclass
class Code(Live):
    """Python that runs in the state that the page has reached."""

    figure: str | None  # what the picture shows that it draws, if it draws one


@dataclass
class Embed(Live):
    """Lines of a program, named by their text."""

    program: str  # the program's file name
    selector: str  # '' for the whole program
    iteration: int | str  # the turn of the loop to stop in, from 1, or 'last'
    against: str | None = field(default=None, kw_only=True)  # the program that it is shown in comparison with


@dataclass
class WhatIf(Live):
    """A change to the page's program, as a diff; the changed program runs to its end."""

    raises: str | None  # the name of the exception that ends it, if one does
    continues: bool  # whether it changes the what-if above rather than the program itself


_FENCE = re.compile(r"(?P<indent>[ \t]*)(?P<quote>(?:>[ \t]*)*)(?P<fence>`{3,}|~{3,})(?P<info>[^`]*)")
_MARK = re.compile(r"\s*<!--\s*(?P<mark>(?:pytest|display-only|ledger\b).*?)\s*-->\s*")
_INCLUDE = re.compile(r"^[ \t]*;*-+8<-+", re.M)
_CODE_SPAN = re.compile(r"(`+)(?!`).*?(?<!`)\1(?!`)")
_EMBED = re.compile(r'''-+8<-+[ \t]+(["'])(?P<program>[^:]+?)(?::(?P<selector>.*))?\1''')
_INFO = re.compile(r'(?P<language>[\w+#.-]*)(?P<options>(?:[ \t]+\w+="[^"]*")*)[ \t]*')
_OPTION = re.compile(r'(\w+)="([^"]*)"')
_LISTED_FENCE = re.compile(r"[ \t>]*(?:[-*+]|\d+[.)])[ \t]+(?:`{3,}|~{3,})[^`]*$")
_FRONT_MATTER = re.compile(r"---[ \t]*\n((?:.*?\n)??)(?:---|\.\.\.)[ \t]*(?:\n|\Z)", re.S)

_Loader = getattr(yaml, "CSafeLoader", yaml.SafeLoader)  # the same in C, ten times as fast, where PyYAML was built with it
_TEXTS = ("program", "after", "description", "examples")  # what is taken from the front matter, and is text
_OURS = (*_TEXTS, "lines")

OUTPUT_MARK = "pytest-codeblocks:expected-output"
_NO_FENCE = "no fence follows this mark; delete the mark, or write the fence right below it"


class Page:
    """One Markdown file.

    `path` is where it lies, `meta` its front matter, `blocks` its Prose and Fences in order. Raise PageError at
    the first line that is not in the grammar of docs/contributing.md.
    """

    def __init__(self, path, text):
        self.path, self.text = Path(path), text
        front = _FRONT_MATTER.match(text)
        self._front = front[0] if front else ""
        self._start = self._front.count("\n")
        self.meta = self._read_meta(front[1]) if front else {}
        self.body = text[front.end():] if front else text
        self.blocks = list(self._read_blocks())

    @classmethod
    def read(cls, path):
        """Return the page at `path`; raise PageError as above, or if it is not text in UTF-8."""
        try:
            return cls(path, Path(path).read_text(encoding="utf-8-sig"))
        except UnicodeDecodeError as error:
            raise PageError(path, 1, f"this file is not text in UTF-8 ({error.reason}); save it as UTF-8") from None

    @property
    def program(self):
        """The name of the page's program, or None if its front matter names none."""
        return self.meta.get("program")

    def error(self, line, message):
        """Return a PageError at a line of this page."""
        return PageError(self.path, line, message)

    def line_of(self, name):
        """Return the line of the front matter that begins with a name; 1 if none does."""
        lines = (line.lstrip(" \"'") for line in self._front.split("\n"))
        return next((number for number, line in enumerate(lines, 1) if line.startswith(str(name))), 1)

    def _read_meta(self, text):
        if not text.strip():
            raise self.error(1, "the front matter is empty; write `name: value` lines in it, or delete it")
        try:
            meta = yaml.load(text, _Loader) or {}
        except yaml.YAMLError as error:
            line = 2 + (error.problem_mark.line if getattr(error, "problem_mark", None) else 0)
            raise self.error(line, "the front matter is not YAML here; write a list of `name: value` lines") from error
        if repeated := next(_repeated(yaml.compose(text, _Loader)), None):
            raise self.error(2 + repeated.start_mark.line, f"`{repeated.value}:` stands in the front matter twice; delete one")
        if not isinstance(meta, dict):
            raise self.error(1, "the front matter is not a list of `name: value` lines; write it so")
        for name, value in meta.items():
            meant = difflib.get_close_matches(str(name), _OURS, 1, 0.8)
            if meant and name not in _OURS:
                raise self.error(self.line_of(name), f"`{name}:` means nothing in the front matter; write `{meant[0]}:`")
            if name in _TEXTS and not isinstance(value, str):
                raise self.error(self.line_of(name), f"`{name}:` in the front matter is no text; put it in quotes")
        return meta

    def _read_blocks(self):
        """Yield the blocks, telling each fence's kind from the mark before it and its info string."""
        runs = mark = None
        for block in self._split():
            if isinstance(block, Prose):
                if mark:
                    raise self.error(mark.line, _NO_FENCE)
                yield block
            elif isinstance(block, _Mark):
                if mark:
                    raise self.error(mark.line, _NO_FENCE)
                mark = block
            else:
                fence = self._classify(block, mark)
                mark = None
                if isinstance(fence, Output):
                    if runs is None:
                        raise self.error(fence.line, "no fence stands before this output; "
                                         "put the python fence that prints it above it")
                    if runs.output:
                        raise self.error(fence.line, f"the fence on line {runs.line} has an output already; "
                                         "delete one of the two")
                    runs.output = fence
                elif isinstance(fence, Live):
                    runs = fence
                yield fence
        if mark:
            raise self.error(mark.line, _NO_FENCE)

    def _split(self):
        """Yield Prose, _Mark and _Raw blocks in the file's order."""
        lines = self.body.split("\n")
        prose, number = [], 0

        def here():
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
            elif mark:
                prose = []
                yield _Mark(here(), mark["mark"])
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
                prose += lines[number:end + 1]
                number = end + 1
        if any(text.strip() for text in prose):
            yield Prose(here() - len(prose), "\n".join(prose))

    def _read_ledger(self, lines, number, mark):
        start = next((n for n in range(number + 1, len(lines)) if lines[n].strip()), len(lines))
        end = next((n for n in range(start, len(lines)) if not lines[n].strip()), len(lines))
        if start == end or _FENCE.fullmatch(lines[start]) or _MARK.fullmatch(lines[start]):
            raise self.error(self._start + number + 1, "no table follows this ledger mark; write it below, or delete the mark")
        return Ledger(self._start + start + 1, "\n".join(lines[start:end]), mark.removeprefix("ledger").strip(": "))

    def _read_fence(self, lines, number, opening):
        here, fence, indent = self._start + number + 1, opening["fence"], opening["indent"]
        if opening["quote"]:
            raise self.error(here, "a fence in a block quote does not run; take it out of the quote")
        if fence[0] == "~":
            raise self.error(here, f"a fence is written with backticks; write ``` for {fence}")
        code = []
        for line in lines[number + 1:]:
            if line.startswith(indent) and line[len(indent):].rstrip() == fence:
                return _Raw(here, indent, opening["info"].strip(), "".join(f"{text}\n" for text in code))
            if line.strip() and not line.startswith(indent):
                raise self.error(here, f"this fence is not closed before line {here + len(code) + 1}, which is "
                                 f"indented less; write {fence} below its code, indented by {len(indent)}")
            code.append(line[len(indent):])
        raise self.error(here, f"this fence is never closed; write {fence} below its code")

    def _comment_end(self, lines, number):
        """Return the index of the line where the comment that opens on a line closes."""
        end = number
        while "-->" not in lines[end].rpartition("<!--")[2]:
            end += 1
            if end == len(lines):
                raise self.error(self._start + number + 1, "this comment is never closed; write --> after it")
            if _FENCE.fullmatch(lines[end]):
                raise self.error(self._start + end + 1, "a fence in a comment is neither shown nor run; delete it, "
                                 "or take it out of the comment")
        return end

    def _classify(self, raw, mark):
        info = _INFO.fullmatch(raw.info)
        shape = (raw.line, raw.indent, info["language"] if info else raw.info, raw.text)
        if mark and mark.text.startswith("display-only"):
            reason = mark.text.removeprefix("display-only").strip(": ")
            if not reason:
                raise self.error(mark.line, "say why this fence is only shown: <!--display-only: the reason-->")
            if _language(raw.info) in _PYTHON + ("diff",):
                raise self.error(raw.line, f"a {_language(raw.info)} fence always runs; delete the display-only mark above it")
            if not info or info["options"]:
                raise self.error(raw.line, f"```{raw.info} has more than the name of a language; write only that")
            return Display(*shape, reason)
        if mark and mark.text != OUTPUT_MARK:
            raise self.error(mark.line, f"the mark {mark.text!r} is not known; the marks are "
                             f"<!--{OUTPUT_MARK}--> and <!--display-only: the reason-->")
        if mark:
            if raw.info not in ("", "text"):
                raise self.error(raw.line, f"an output is a text fence: write ```text for ```{raw.info}")
            return Output(raw.line, raw.indent, "text", raw.text)
        if not info or info["language"] not in ("python", "diff"):
            raise self.error(raw.line, self._odd_info(raw.info))
        options = dict(_OPTION.findall(info["options"]))
        if info["language"] == "diff":
            raises, continues = options.pop("raises", None), options.pop("continues", None)
            if options or continues not in (None, "above"):
                raise self.error(raw.line, f"a diff has the options raises=\"AnError\" and continues=\"above\"; "
                                 f"write them so for ```{raw.info}")
            return WhatIf(*shape, raises, bool(continues))
        if not _INCLUDE.search(raw.text):
            figure = options.pop("figure", None)
            if options:
                raise self.error(raw.line, f"a python fence has no option {_meant(options, 'figure', 'write ```python')}")
            if figure is not None and len(figure.split()) < 4:
                raise self.error(raw.line, "say in a sentence what this figure shows, for those who cannot see it: "
                                 'figure="…"')
            return Code(*shape, figure)
        embed = _EMBED.fullmatch(raw.text.strip())
        if not embed:
            raise self.error(raw.line + 1, 'an embed is one line by itself: --8<-- "program.py:some text of the line"')
        iteration, against = options.pop("iteration", "1"), options.pop("against", None)
        if options:
            raise self.error(raw.line, f"an embed has no option {_meant(options, 'iteration', 'delete it, or write iteration')}")
        if against == "":
            raise self.error(raw.line, 'against="" names no program; write its file, or delete the option')
        if against and embed["selector"]:
            raise self.error(raw.line, f'programs are compared whole; write --8<-- "{embed["program"]}", or delete '
                             f'against="{against}"')
        if iteration != "last" and not iteration.isdecimal():
            raise self.error(raw.line, f'iteration="{iteration}" is no turn of a loop; write a number from 1, '
                             'or "last"')
        selector = embed["selector"] or ""
        if re.fullmatch(r"[-\d:,. ]+", selector):
            raise self.error(raw.line + 1, f'"{selector}" gives line numbers, which go stale; '
                             "give some text of the line, or first..last")
        return Embed(*shape, embed["program"], selector, iteration if iteration == "last" else int(iteration), against=against)

    def _odd_info(self, info):
        language = _language(info)
        if re.fullmatch(r"python\s+figure(=\S*)?", info):
            return 'say what the figure shows: ```python figure="…"'
        if language in _PYTHON:
            return f"```{info} would not run; write ```python"
        if language == "diff":
            return f"```{info} would not run; write ```diff"
        return (f"nothing says what this ```{info} fence is; if it is what the fence above prints, write <!--{OUTPUT_MARK}--> "
                "above it; if it is to run, ```python; if it is only shown, <!--display-only: the reason-->")


def _meant(options, known, otherwise):
    """Return the first of some options in quotes, and what to do: to write the known one, if it comes near."""
    option = next(iter(options))
    return f"{option!r}; {f'did you mean {known}' if difflib.get_close_matches(option, [known], 1, .5) else otherwise}"


def _repeated(node):
    """Yield each key of a YAML mapping, or of one in it, that has been there before: YAML would drop the first in silence."""
    seen = set()
    for key, value in node.value if isinstance(node, yaml.MappingNode) else ():
        if str(key.value) in seen:
            yield key
        seen.add(str(key.value))
        yield from _repeated(value)


_PYTHON = ("python", "py", "python3", "py3", "pycon", "ipython", "pytb")


def _language(info):
    return re.match(r"[{.\s]*(\w*)", info)[1].lower()


@dataclass
class _Mark:
    line: int
    text: str


@dataclass
class _Raw:
    line: int
    indent: str
    info: str
    text: str
