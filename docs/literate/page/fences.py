"""What a fence is: its info string and the mark above it say which block it becomes."""

import difflib
import re
from collections.abc import Callable, Iterable
from dataclasses import dataclass

from literate.page.blocks import Code, Display, Embed, Fence, Output, WhatIf
from literate.page.errors import PageError

OUTPUT_MARK = "pytest-codeblocks:expected-output"

_INCLUDE = re.compile(r"^[ \t]*;*-+8<-+", re.M)
_EMBED = re.compile(r"""-+8<-+[ \t]+(["'])(?P<program>[^:]+?)(?::(?P<selector>.*))?\1""")
_INFO = re.compile(r'(?P<language>[\w+#.-]*)(?P<options>(?:[ \t]+\w+="[^"]*")*)[ \t]*')
_OPTION = re.compile(r'(\w+)="([^"]*)"')
_EMBEDS = {
    "iteration": "first",
    "call": "",
    "against": None,
    "figure": None,
}  # the options of an embed, and what they are without a word
_PYTHON = ("python", "py", "python3", "py3", "pycon", "ipython", "pytb")

Error = Callable[[int, str], PageError]  # of a page: its line, and what is wrong there


@dataclass
class Mark:
    """A comment that says what the fence below it is."""

    line: int
    text: str


@dataclass
class Raw:
    """A fence as it is written."""

    line: int
    indent: str
    info: str
    text: str


def classify(raw: Raw, mark: Mark | None, error: Error) -> Fence:
    """Return the block that a fence is; raise PageError, made by `error`, if it is none."""
    info = _INFO.fullmatch(raw.info)
    shape = (raw.line, raw.indent, info["language"] if info else raw.info, raw.text)
    if mark and mark.text.startswith("display-only"):
        reason = mark.text.removeprefix("display-only").strip(": ")
        if not reason:
            raise error(mark.line, "say why this fence is only shown: <!--display-only: the reason-->")
        if _language(raw.info) in _PYTHON + ("diff",):
            raise error(raw.line, f"a {_language(raw.info)} fence always runs; delete the display-only mark above it")
        if not info or info["options"]:
            raise error(raw.line, f"```{raw.info} has more than the name of a language; write only that")
        return Display(*shape, reason)
    if mark and mark.text != OUTPUT_MARK:
        raise error(
            mark.line,
            f"the mark {mark.text!r} is not known; the marks are <!--{OUTPUT_MARK}--> and <!--display-only: the reason-->",
        )
    if mark:
        if raw.info not in ("", "text"):
            raise error(raw.line, f"an output is a text fence: write ```text for ```{raw.info}")
        return Output(raw.line, raw.indent, "text", raw.text)
    if not info or info["language"] not in ("python", "diff"):
        raise error(raw.line, _odd_info(raw.info))
    options = dict(_OPTION.findall(info["options"]))
    if info["language"] == "diff":
        raises, continues = options.pop("raises", None), options.pop("continues", None)
        if options or continues not in (None, "above"):
            raise error(
                raw.line, f'a diff has the options raises="AnError" and continues="above"; write them so for ```{raw.info}'
            )
        return WhatIf(*shape, raises, bool(continues))
    if not _INCLUDE.search(raw.text):
        figure = options.pop("figure", None)
        if options:
            raise error(raw.line, f"a python fence has no option {_meant(options, 'figure', 'write ```python')}")
        _check_described(raw.line, figure, error)
        return Code(*shape, figure)
    embed = _EMBED.fullmatch(raw.text.strip())
    if not embed:
        raise error(raw.line + 1, 'an embed is one line by itself: --8<-- "program.py:some text of the line"')
    iteration, call, against, figure = (options.pop(name, default) for name, default in _EMBEDS.items())
    if options:
        raise error(raw.line, f"an embed has no option {_meant(options, 'iteration', 'delete it, or write iteration')}")
    _check_described(raw.line, figure, error)
    if against == "":
        raise error(raw.line, 'against="" names no program; write its file, or delete the option')
    if against and embed["selector"]:
        raise error(raw.line, f'programs are compared whole; write --8<-- "{embed["program"]}", or delete against="{against}"')
    turns = re.split(r"\.", iteration)
    if iteration not in ("first", "last") and not all(map(str.isdecimal, turns)):
        raise error(
            raw.line,
            f'iteration="{iteration}" is no turn of a loop; write a number from 1, "first" or "last"; '
            'for loops in each other, "2.3"',
        )
    if call not in ("", "first", "last") and not call.isdecimal():
        raise error(raw.line, f'call="{call}" is no call of a function; write a number from 1, "first" or "last"')
    selector = embed["selector"] or ""
    if re.fullmatch(r"[-\d:,. ]+", selector):
        raise error(raw.line + 1, f'"{selector}" gives line numbers, which go stale; give some text of the line, or first..last')
    return Embed(
        *shape,
        embed["program"],
        selector,
        iteration if iteration in ("first", "last") else tuple(map(int, turns)),
        call=int(call) if call.isdecimal() else call,
        against=against,
        figure=figure,
    )


def _check_described(line: int, figure: str | None, error: Error) -> None:
    if figure is not None and len(figure.split()) < 4:
        raise error(line, 'say in a sentence what this figure shows, for those who cannot see it: figure="…"')


def _odd_info(info: str) -> str:
    language = _language(info)
    if re.fullmatch(r"python\s+figure(=\S*)?", info):
        return 'say what the figure shows: ```python figure="…"'
    if language in _PYTHON:
        return f"```{info} would not run; write ```python"
    if language == "diff":
        return f"```{info} would not run; write ```diff"
    return (
        f"nothing says what this ```{info} fence is; if it is what the fence above prints, write <!--{OUTPUT_MARK}--> "
        "above it; if it is to run, ```python; if it is only shown, <!--display-only: the reason-->"
    )


def _meant(options: Iterable[str], known: str, otherwise: str) -> str:
    """Return the first of some options in quotes, and what to do: to write the known one, if it comes near."""
    option = next(iter(options))
    return f"{option!r}; {f'did you mean {known}' if difflib.get_close_matches(option, [known], 1, 0.5) else otherwise}"


def _language(info: str) -> str:
    return re.findall(r"^[{.\s]*(\w*)", info)[0].lower()
