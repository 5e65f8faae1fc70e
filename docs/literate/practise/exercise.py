"""An exercise: lines of a program are left to the reader, and the first check that their run does not pass says what is wrong.

The sheet is made from the program. What answers a text stands in docs/assets/answer.py, and answers in the reader's browser, too.
"""

import importlib.util
import json
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from html import escape
from pathlib import Path
from typing import Any

from literate.page import Exercise, Prose
from literate.page.blocks import Check, Mistake
from literate.program import ChangedLine, ChangeError, Program, apply
from literate.program.guard import dice_put_back
from literate.prose import Role, coloured, render, words_for
from literate.state import Session

ANSWER = Path(__file__).parents[2] / "assets" / "answer.py"

_spec = importlib.util.spec_from_file_location("literate_answer", ANSWER)
assert _spec and _spec.loader
_answer: Any = importlib.util.module_from_spec(_spec)
_spec.loader.exec_module(_answer)


@dataclass(frozen=True)
class Sheet:
    """A program whose lines have been taken out."""

    program: Program
    taken: tuple[int, ...]  # the numbers of those lines
    checks: tuple[tuple[str, str], ...]  # of each its message and its expression

    @property
    def whole(self) -> bool:
        """Whether a text runs to its end: its last line is the reader's."""
        return self.taken[-1] >= max(self.program.statements)

    @property
    def text(self) -> str:
        """The program with a comment in the place of each stretch of lines that is taken out."""
        lines = []
        for number, line in enumerate(self.program.lines, 1):
            if number not in self.taken:
                lines.append(line)
            elif number - 1 not in self.taken:
                blank = _answer.BLANK if number + 1 not in self.taken else _answer.BLANK.replace("line", "lines")
                lines.append(f"{line[:len(line) - len(line.lstrip())]}# {blank}")
        return "".join(f"{line}\n" for line in lines)

    def answer(self, text: str) -> dict[str, Any]:
        """Return what a reader is told who has made this text of the sheet (docs/assets/answer.py)."""
        with dice_put_back():
            return _answer.answer(self.program.name, text, self.text, self.whole, self.checks)


@dataclass(frozen=True)
class Told:
    """What whoever makes a mistake is told."""

    mistake: Mistake
    shown: Sequence[ChangedLine]
    said: str


def examine(session: Session, exercise: Exercise) -> tuple[Sheet, list[Told]]:
    """Return an exercise's sheet, and its mistakes with what is said to them.

    Raise PageError if the program does not pass its own checks, if a mistake does not apply, passes, or gets another message, and
    if a value cannot be said.
    """
    error, told = session.page.error, list[Told]()
    sheet = sheet_of(session, exercise)
    found = sheet.answer(sheet.program.text)
    if not found["right"]:
        if found["check"] is None:
            raise error(exercise.line, f"{sheet.program.name} itself is no right answer: {found['said']}")
        check, why = exercise.checks[found["check"]], f" ({found['why']})" if found["why"] else ""
        raise error(check.line, f"<!--unless: {check.expression}--> does not hold of {sheet.program.name} itself{why}; mend it")
    for number, check in enumerate(exercise.checks):
        for mistake in check.wrong:
            try:
                changed, shown = apply(sheet.program, mistake.text)
            except ChangeError as raised:
                raise error(mistake.line + 1 + raised.line, str(raised)) from raised
            found = sheet.answer(changed.text)
            if found["right"]:
                raise error(mistake.line, "this wrong answer passes every check; add one that it fails, or take it out")
            if found["check"] != number:
                by = f"that of line {exercise.checks[found['check']].line}" if found["check"] is not None else "none of yours"
                raise error(mistake.line, f"this wrong answer gets another message than the one above it, {by} ({found['said']!r}); put "
                            "it there, or mend the checks")
            if found["unsaid"]:
                raise error(check.line, f"this message cannot be said to the mistake on line {mistake.line}: {found['unsaid']}")
            told.append(Told(mistake, shown, found["said"]))
    return sheet, told


def sheet_of(session: Session, exercise: Exercise) -> Sheet:
    """Return an exercise's sheet; raise PageError if its lines are not found, or name what nothing has that name."""
    line = exercise.line - 1
    taken = set[int]()
    for part in exercise.taken.split("|"):
        program, lines = session.find(line, part.strip())
        taken |= {number for number in lines if (text := program.lines[number - 1].strip()) and text[0] != "#"}
    if not taken:
        raise session.page.error(line, "there is no code on these lines; name some that has to be written")
    return Sheet(program, tuple(sorted(taken)), tuple((_message(session, check), check.expression) for check in exercise.checks))


def write(session: Session, exercise: Exercise, roles: Mapping[str, Role], keep: Callable[[str], str],
          draw: Callable[[Sequence[ChangedLine], str, int], str]) -> str:
    """Return an exercise as Markdown for a site: the task, then hints, the lines themselves and the mistakes, each folded away.

    `keep` keeps finished HTML, and `draw` draws the lines of a diff. Between task and hints stands an empty element for
    docs/assets/practise.js. Raise PageError as `examine` does.
    """
    sheet, told = examine(session, exercise)
    lines = [ChangedLine(" ", number, sheet.program.lines[number - 1]) for number in sheet.taken]
    hints = [render(hint, session, roles, coloured) for hint in exercise.hints]
    folded = [_folded(f"Hint {number}", "hint", hint) for number, hint in enumerate(hints, 1)]
    solution = "The line itself" if len(lines) == 1 else "The lines themselves"
    folded.append(_folded(solution, "hint solution", keep(draw(lines, "solution", exercise.line))))
    mistakes = "\n\n".join(f"{keep(draw(one.shown, 'mistake', one.mistake.line))}\n\n{one.said}" for one in told)
    return "\n".join([
        "\n/// html | div.exercise\n    attrs: {role: 'group', 'aria-label': 'Exercise'}\n",
        render(exercise.task, session, roles, coloured),
        f"\n{keep(_place(sheet, exercise))}\n",
        *folded,
        _folded("Typical mistakes, and what to say to them", "mistakes", mistakes),
        "///\n"])


def as_text(session: Session, exercise: Exercise, roles: Mapping[str, Role]) -> str:
    """Return an exercise as Markdown that is only read: the task, the hints and the mistakes, and not the lines themselves."""
    _, told = examine(session, exercise)
    hints = "\n".join(f"- {' '.join(render(hint, session, roles).split())}" for hint in exercise.hints)
    mistakes = "\n\n".join(f"```diff\n{one.mistake.text}```\n\n{one.said}" for one in told)
    return f"{render(exercise.task, session, roles)}\n\nHints:\n\n{hints}\n\nTypical mistakes:\n\n{mistakes}\n"


def _message(session: Session, check: Check) -> str:
    """Return a message with its line references, and its names looked up; its values are left for the reader's run."""
    return render(Prose(check.line, check.message), session, {
        "python": lambda session, line, expression: f"`{{python}} {expression}`",
        "text": lambda session, line, text: f"`{text}`",
        "line": lambda session, line, selector: words_for(session.find(line, selector)[1]),
    })


def _place(sheet: Sheet, exercise: Exercise) -> str:
    """Return an empty element of HTML whose attributes hold all that the script needs.

    `data-key`: what a reader's own text is kept under
    `data-line`: where the first blank is
    `data-job`: what answer.py asks for, but for the text
    """
    first = next(number for number, line in enumerate(sheet.text.split("\n"), 1) if line.lstrip().startswith("# your line"))
    job = json.dumps({"name": sheet.program.name, "sheet": sheet.text, "whole": sheet.whole, "checks": sheet.checks})
    key = f"{sheet.program.name} {exercise.taken}".strip()
    return f'<div class="bench" data-key="{escape(key)}" data-line="{first}" data-job="{escape(job)}"></div>'


def _folded(title: str, kind: str, content: str) -> str:
    return f"/// details | {title}\n    attrs: {{class: '{kind}'}}\n\n{content}\n\n///\n"
