"""An exercise: lines of the program that a reader writes, and checks that tell them what is wrong with theirs.

The very code that answers in the reader's browser (docs/assets/exercise.py) is run here: on the program, which must pass, and on
each wrong answer, which must get its own message.
"""

import functools
import hashlib
import importlib.util
import json
import re
from collections.abc import Mapping, Sequence
from html import escape
from pathlib import Path
from types import ModuleType
from typing import Any

from literate.page import Exercise, Prose
from literate.program import Program
from literate.program.change import changed
from literate.program.guard import dice_put_back
from literate.prose import Role, coloured, link_to, render, words_for
from literate.state import Session

BLANK = "..."
ALL = "all"
ANSWERS = Path(__file__).parents[2] / "assets" / "exercise.py"


@functools.cache
def answers() -> ModuleType:
    """Return the module that answers exercises, here and in the reader's browser."""
    spec = importlib.util.spec_from_file_location("exercise", ANSWERS)
    assert spec and spec.loader
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


def write(session: Session, block: Exercise, roles: Mapping[str, Role]) -> str:
    """Return an exercise as Markdown for a site: the task, the place for a script's editor, hints by degrees, typical mistakes.

    Raise PageError if the program does not pass its own checks, if a wrong answer gets another message than its own, or passes.
    """
    program, lines = (session.program(block.line), None) if block.selector == ALL else session.find(block.line, block.selector)
    asked: dict[str, Any] = {
        "name": program.name,
        "text": program.text,
        "lines": [lines[0], lines[-1]] if lines else None,
        "checks": [[check.message, check.expression] for check in block.checks],
    }
    whole = [program.lines[n - 1] for n in lines or range(1, len(program.lines) + 1)]
    session.at(block.line)
    with dice_put_back():
        found = answers().answer(asked, "\n".join(whole))
    if found["check"] != -1:
        line = block.checks[found["check"]].line if found["check"] is not None else block.line
        raise session.page.error(line, f"the program itself does not pass: {found['message']}; mend the check")
    for check in block.checks:  # the names that it says; what it computes is for each wrong answer
        render(Prose(check.line, re.sub(r"`\{python\} [^`]+`", "", check.message)), session, roles, coloured)
    told = [
        _wrong(session, program, asked, number, line, text)
        for number, check in enumerate(block.checks)
        for line, text in check.wrong
    ]
    indent = min(len(text) - len(text.lstrip()) for text in whole if text.strip())
    sheet = [BLANK if text.strip() and text.lstrip()[0] != "#" else text[indent:] for text in whole]
    key = hashlib.sha256("\n".join([program.name, *whole]).encode()).hexdigest()[:8]
    shown = _around(program.lines, lines) if lines else range(1, len(whole) + 1)
    data = {"exercise": json.dumps(asked), "sheet": "\n".join(sheet), "key": key, "around": f"{shown[0]} {shown[-1]}"}
    attributes = "".join(f' data-{name}="{escape(value).replace(chr(10), "&#10;")}"' for name, value in data.items())
    where = link_to(session, block.line, program, lines, words_for(lines)) if lines else program.name
    task = render(block, session, roles, coloured).strip()
    mistakes = "\n".join(
        f"| `` {text} `` | {message} |"
        for text, message in ((text.replace("|", r"\|"), message.replace("|", r"\|")) for text, message in told)
    )
    return "\n".join(
        [
            f"\n/// html | section.exercise\n    attrs: {{id: 'exercise-{key}', data-search-exclude: ''}}\n",
            f"{task} <small>({where})</small>\n" if lines else f"{task}\n",
            f'<div class="sheet" style="--rows:{len(sheet)};--around:{len(shown) - len(whole)}"{attributes}></div>\n',
            _hints(session, block, roles, whole),
            "/// details | Typical mistakes\n    type: question\n\n",
            f"| You write | You are told |\n| :-- | :-- |\n{mistakes}\n\n///\n",
            "///\n",
        ]
    )


def _around(all_lines: Sequence[str], lines: range) -> range:
    """Return the lines of a program to show some in: their own paragraph, the one before it, and the one behind it."""
    blank = [number for number, line in enumerate(all_lines, 1) if not line.strip()]
    before = [0, *(number for number in blank if number < lines[0])][-2:]
    behind = [*(number for number in blank if number > lines[-1]), len(all_lines) + 1][:2]
    return range(before[0] + 1, behind[-1])


def _wrong(session: Session, program: Program, asked: dict[str, Any], number: int, line: int, text: str) -> tuple[str, str]:
    """Return a wrong answer as it is shown, and what is said of it; raise PageError if it is not told by check `number`."""
    own, (first, last) = text, asked["lines"] or (1, len(program.lines))
    if first != last:
        selector, arrow, new = text.partition(" -> ")
        if not arrow:
            raise session.page.error(line, f"say which line is written wrong, and how: `{{wrong}} {text} -> the wrong line`")
        _, lines = session.find(line, selector)
        other, text = changed(program, lines, new).lines, new
        own = "\n".join(other[first - 1 : len(other) - len(program.lines) + last])
    session.at(line)
    with dice_put_back():
        found = answers().answer(asked, own)
    if found["check"] != number:
        said = "it passes" if found["check"] == -1 else f"it is told {found['message']!r}"
        raise session.page.error(
            line, f"the check above does not tell this wrong answer: {said}; move it, or mend one of the two"
        )
    if "`?`" in found["message"]:
        raise session.page.error(
            line, f"a value of the message cannot be had for this wrong answer: {found['message']!r}; name another value"
        )
    return text, found["message"]


def _hints(session: Session, block: Exercise, roles: Mapping[str, Role], whole: list[str]) -> str:
    """Return the hints, each inside the one before it. The last is what the program says."""
    indent = min(len(text) - len(text.lstrip()) for text in whole if text.strip())
    code = "\n".join(text[indent:] for text in whole)
    solution = f'<p class="solution"><code>{escape(code)}</code></p>'.replace("\n", "&#10;")
    texts = [render(hint, session, roles, coloured) for hint in block.hints]
    written = f"/// details | The {'line' if len(whole) == 1 else 'lines'}\n    type: question\n\n{solution}\n\n///\n"
    for number in range(len(texts), 0, -1):
        written = f"/// details | Hint {number}\n    type: question\n\n{texts[number - 1]}\n\n{written}\n///\n"
    return written
