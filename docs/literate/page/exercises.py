"""How an exercise is written: a mark that names lines, the task, a list of checks with wrong answers, and folded hints."""

import re
from collections.abc import Sequence

from literate.page.blocks import Check, Exercise, Prose
from literate.page.fences import Error

_ITEM = re.compile(r"[-*+] +")
_UNLESS = re.compile(r"<!--\s*unless\b\s*:?\s*(?P<expression>.*?)\s*-->", re.S)
_WRONG = re.compile(r"[ \t]+[-*+] +(?P<ticks>`+) ?\{wrong\} +(?P<text>.+?) ?(?P=ticks)[ \t]*")
_HINTS = re.compile(r'\?\?\? +\w+ +"Hints"\s*')


def read(lines: Sequence[str], start: int, number: int, selector: str, error: Error) -> tuple[Exercise, int]:
    """Return the exercise whose mark stands on a line, and the number of the first line behind it.

    `lines` are a page's, the first of them is its line `start`, and the mark is `lines[number]`. Raise PageError, made by
    `error`, where it is not written as it must be.
    """
    at = start + number
    if lines[number][:1].isspace():
        raise error(at, "an exercise stands by itself; take it out of the list, the note or the tab")
    if not selector:
        raise error(at, "an exercise names the lines that the reader writes: <!--exercise: some text of the line-->, or all")
    listed = next((n for n in range(number + 1, len(lines)) if _ITEM.match(lines[n])), len(lines))
    folded = next((n for n in range(listed, len(lines)) if lines[n][:1].strip() and not _ITEM.match(lines[n])), len(lines))
    first = next((n for n in range(number + 1, listed) if lines[n].strip()), listed)
    task = "\n".join(lines[first:listed]).rstrip("\n")
    if listed == len(lines) or not task.strip() or re.search(r"(?m)^ *(?:```|\?\?\?|#+ )", task):
        raise error(
            at, "below this mark stands the task, and then the checks as a list: - what is wrong<!--unless: an expression-->"
        )
    if folded == len(lines) or not _HINTS.fullmatch(lines[folded]):
        raise error(
            start + listed, 'hints follow the checks; write ??? question "Hints", and a list of hints below it, indented by four'
        )
    end = next((n for n in range(folded + 1, len(lines)) if lines[n][:1].strip()), len(lines))
    begins = [n for n in range(listed, folded) if _ITEM.match(lines[n])]
    checks = [_check(lines[one:other], start + one, error) for one, other in zip(begins, [*begins[1:], folded])]
    if fence := next((n for n in range(listed, end) if lines[n].lstrip().startswith(("```", "~~~"))), None):
        raise error(start + fence, "an exercise holds no fence; put it above the mark, or below the hints")
    tips = [line.removeprefix("    ") for line in lines[folded + 1 : end]]
    each = [n for n, line in enumerate(tips) if _ITEM.match(line)]
    if not each or any(line.strip() for line in tips[: each[0]]):
        raise error(start + folded, "hints are a list; write them so, each with a - before it")
    hints = [
        Prose(start + folded + 1 + one, "\n".join([_ITEM.sub("", tips[one], count=1), *tips[one + 1 : other]]).rstrip("\n"))
        for one, other in zip(each, [*each[1:], len(tips)])
    ]
    if sum(len(check.wrong) for check in checks) < 3:
        raise error(
            start + listed,
            "an exercise tells at least three wrong answers apart; write them below their checks, as in     - `{wrong} the line`",
        )
    return Exercise(start + first, task, selector, checks, hints), end


def _check(lines: Sequence[str], line: int, error: Error) -> Check:
    wrong, said = [], []
    for number, text in enumerate(lines):
        if found := _WRONG.fullmatch(text):
            wrong.append((line + number, found["text"]))
        elif text.strip():
            said.append(text)
    text = " ".join(" ".join(said).split())
    text = _ITEM.sub("", text, count=1)
    marks = list(_UNLESS.finditer(text))
    if len(marks) != 1 or not marks[0]["expression"] or not text[: marks[0].start()].strip() or text[marks[0].end() :].strip():
        raise error(line, "a check is what you say when it fails, and then what must hold: - …<!--unless: an expression-->")
    if not wrong:
        raise error(line, "no wrong answer is told by this check; write one below it, as in     - `{wrong} the line`")
    return Check(line, text[: marks[0].start()].strip(), marks[0]["expression"], wrong)
