"""How an exercise is written: a mark, the task, a list of hints, and numbered messages, each with the mistakes that must get it."""

import re
from collections.abc import Sequence

from literate.page.blocks import Check, Exercise, Mistake, Prose
from literate.page.fences import Error

FEWEST = 3  # mistakes that are told apart

_HINT = re.compile(r"[-*+] +")
_CHECK = re.compile(r"\d+[.)] +")
_ITEM = re.compile(rf"{_HINT.pattern}|{_CHECK.pattern}")
_UNLESS = re.compile(r"<!--\s*unless\b\s*:?\s*(?P<expression>.*?)\s*-->", re.S)
_FENCE = re.compile(r"\s*```")


def read(lines: Sequence[str], start: int, number: int, taken: str, error: Error) -> tuple[Exercise, int]:
    """Return the exercise whose mark stands on a line, and the number of the first line behind it.

    `lines` are a page's, the first of them is its line `start`, the mark is `lines[number]`, and `taken` is what it says. Raise
    PageError, made by `error`, where it is not written as it must be.
    """
    at = start + number
    if lines[number][:1].isspace():
        raise error(at, "an exercise stands by itself; take it out of the list, the note or the tab")
    until, items = number + 1, list[int]()
    while until < len(lines) and (not items or not _left(lines[until]) or _CHECK.match(lines[until])
                                  or _HINT.match(lines[until]) and not any(_CHECK.match(lines[item]) for item in items)):
        if _ITEM.match(lines[until]):
            items.append(until)
        elif re.match("#+ |```|<!--", lines[until]):
            break
        until += 1
    while not lines[until - 1].strip():
        until -= 1
    begin = next((n for n in range(number + 1, until) if lines[n].strip()), until)
    if not items or begin == items[0] or begin == until:
        raise error(at, "an exercise says what to write, then gives hints as a list, then messages as a numbered list: "
                    "1. what is wrong<!--unless: an expression-->")
    spans = list(zip(items, [*items[1:], until]))
    hints = [Prose(start + one, _body(lines[one:other], _HINT)) for one, other in spans if _HINT.match(lines[one])]
    checks = [_check(lines[one:other], start + one, error) for one, other in spans if _CHECK.match(lines[one])]
    if len(hints) < 2:
        raise error(at, f"an exercise has two hints or more, by degrees, and this one has {len(hints)}; write them as a list "
                    "below the task (the line itself comes last, and is not written)")
    if not checks:
        raise error(at, "an exercise has messages below its hints, as a numbered list: 1. what is wrong<!--unless: an "
                    "expression-->")
    if (count := sum(len(check.wrong) for check in checks)) < FEWEST:
        raise error(at, f"an exercise tells at least {FEWEST} mistakes apart, and this one {count}; put more diffs below its "
                    "messages")
    task = Prose(start + begin, "\n".join(lines[begin:items[0]]).rstrip())
    return Exercise(start + begin, "\n".join(_said(lines[begin:until])), taken, task, hints, checks), until


def _check(lines: Sequence[str], line: int, error: Error) -> Check:
    fences = [n for n, text in enumerate(lines) if _FENCE.match(text)]
    if len(fences) % 2:
        raise error(line + fences[-1], "this fence is never closed; write ``` below its code")
    wrong = []
    for first, last in zip(fences[::2], fences[1::2]):
        if (info := lines[first].strip()) != "```diff":
            raise error(line + first, f"a mistake is a change to the program; write ```diff for {info}")
        indent = len(lines[first]) - len(lines[first].lstrip())
        wrong.append(Mistake(line + first, "".join(f"{text[indent:]}\n" for text in lines[first + 1:last])))
    said = _body(_said(lines), _CHECK)
    found = list(_UNLESS.finditer(said))
    if len(found) != 1 or not found[0]["expression"]:
        raise error(line, "a message says what must hold, and once; write <!--unless: an expression--> behind it")
    message = " ".join((said[:found[0].start()] + said[found[0].end():]).split())
    if not message:
        raise error(line, "a message says what is wrong; write it before its <!--unless: …-->")
    if not wrong:
        raise error(line, "no wrong answer shows that this check can fail; put a diff below it, indented by four, that must get "
                    "this message")
    return Check(line, message, " ".join(found[0]["expression"].split()), wrong)


def _said(lines: Sequence[str]) -> list[str]:
    """Return lines without those of their fences, which are left empty."""
    said, inside = [], False
    for line in lines:
        fence = bool(_FENCE.match(line))
        said.append("" if fence or inside else line)
        inside ^= fence
    return said


def _body(lines: Sequence[str], item: re.Pattern) -> str:
    first = item.sub("", lines[0], count=1)
    return "\n".join([first, *(text.removeprefix("  ").removeprefix("  ") for text in lines[1:])]).rstrip()


def _left(line: str) -> bool:
    """Say whether a line begins at the left edge."""
    return bool(line.strip()) and not line[:1].isspace()
