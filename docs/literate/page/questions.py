"""How a question is written: a mark, one paragraph that asks, a list of choices, and a note that folds the answer away."""

import re
from collections.abc import Sequence

from literate.page.blocks import Choice, Choices, Prose, Question
from literate.page.fences import Error

KINDS = ("what", "why", "recall")  # what it asks for: what comes out, a reason, or something that an earlier page has said
MOST = 5

_ITEM = re.compile(r"[-*+] +")
_IF = re.compile(r"<!--\s*if\b\s*:?\s*(?P<expression>.*?)\s*-->\s*", re.S)
_FOLDED = re.compile(r'\?\?\?\+? +\w+( +".*")?\s*')


def read(lines: Sequence[str], start: int, number: int, kind: str, error: Error) -> tuple[Question, Choices]:
    """Return the question whose mark stands on a line, and its choices.

    `lines` are a page's, the first of them is its line `start`, and the mark is `lines[number]`. Raise PageError, made by
    `error`, where it is not written as it must be.
    """
    at = start + number
    if kind not in KINDS:
        raise error(at, f"a question is one of {', '.join(KINDS)}; write <!--question: {KINDS[1]}-->")
    if lines[number][:1].isspace():
        raise error(at, "a question stands by itself; take it out of the list, the note or the tab")
    asked = _next(lines, number + 1)
    first = next((n for n in range(asked, len(lines)) if not lines[n].strip() or _ITEM.match(lines[n])), len(lines))
    if asked == first:
        raise error(at, "this mark asks nothing; write the question below it, in one paragraph")
    listed = _next(lines, first)
    if listed == len(lines) or not _ITEM.match(lines[listed]):
        raise error(start + asked, "the choices of a question follow it as a list: - what it may be<!--if: an expression-->")
    folded = next((n for n in range(listed, len(lines)) if _left(lines[n]) and not _ITEM.match(lines[n])), len(lines))
    if folded == len(lines) or not _FOLDED.fullmatch(lines[folded]):
        raise error(
            start + listed,
            'the answer is folded away below the choices; write ??? question "Show the answer", and '
            "the answer below it, indented by four",
        )
    if fence := next((n for n in range(listed, folded) if lines[n].lstrip().startswith(("```", "~~~"))), None):
        raise error(start + fence, "a choice holds no fence; put it below, into what is folded away")
    until = next((n for n in range(folded + 1, len(lines)) if _left(lines[n])), len(lines))
    begins = [n for n in range(listed, folded) if _ITEM.match(lines[n])]
    if not 2 <= len(begins) <= MOST:
        raise error(start + listed, f"a question has two to {MOST} choices, and this one has {len(begins)}")
    choices = [_choice(lines[one:other], start + one, error) for one, other in zip(begins, [*begins[1:], folded])]
    return (
        Question(start + asked, "\n".join(lines[asked:first]), kind, start + listed),
        Choices(start + listed, "\n".join(lines[listed:folded]), choices, start + until),
    )


def _choice(lines: Sequence[str], line: int, error: Error) -> Choice:
    text = "\n".join([_ITEM.sub("", lines[0], count=1), *(text.removeprefix("  ").removeprefix("  ") for text in lines[1:])])
    found = list(_IF.finditer(text))
    if len(found) != 1 or not found[0]["expression"]:
        raise error(line, "a choice says when it is right, and once; write <!--if: an expression--> behind it")
    if not (words := text[: found[0].start()].strip()):
        raise error(line, "a choice says something; write it before its <!--if: …-->")
    if not text[found[0].end() :].strip():
        raise error(line, "say, behind its <!--if: …-->, to whoever chooses this why it is so, or where they went wrong")
    return Choice(
        line,
        words,
        " ".join(found[0]["expression"].split()),
        Prose(line + text.count("\n", 0, found[0].end()), text[found[0].end() :].rstrip()),
    )


def _next(lines: Sequence[str], number: int) -> int:
    """Return the number of the next line that is not empty."""
    return next((n for n in range(number, len(lines)) if lines[n].strip()), len(lines))


def _left(line: str) -> bool:
    """Say whether a line begins at the left edge, and so belongs to no list or note above it."""
    return bool(line.strip()) and not line[:1].isspace()
