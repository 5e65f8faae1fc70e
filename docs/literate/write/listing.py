"""A listing: the page program.md, which shows a whole program, and for each line what it does, and the values after it."""

import os
from collections.abc import Mapping, Sequence
from inspect import ismodule
from pathlib import Path
from typing import Any, NamedTuple

import numpy as np

from literate.page import Embed, Page, PageError, Prose
from literate.program import Program, ProgramError
from literate.prose import Role, coloured, listing_of, render, words_for
from literate.record import Recording, Step
from literate.state import Session
from literate.values import Said, as_json, begun, is_large, whole

SHOWN = (1, 10)  # the iterations whose values the page shows without a script, beside the last
MOST_ROWS, MOST_NUMBERS = 1_000, 10_000  # of a table
FIGURE = "\u2007"  # a space as wide as a digit


class Stop(NamedTuple):
    """The page whose first fence embeds some lines of the program."""

    title: str
    target: str  # its path from the listing's folder
    description: str
    lines: range


def is_listing(session: Session, line: int, program: Program, lines: range) -> bool:
    """Say whether an embed, on a line of the page, is that of a whole program on the page that lists it."""
    return len(lines) == len(program.lines) and listing_of(session, line, program) == session.page.path.absolute()


def write(session: Session, line: int, program: Program, roles: Mapping[str, Role]) -> str:
    """Return the Markdown below a program's listing: a sentence and a stop for each line, and tables of values.

    The sentences stand in the page's front matter, under `lines`, each after some text of its line or lines. A stop
    is the page whose first fence embeds the line. Raise PageError if a sentence's lines are not found.
    """
    recording = Recording.of(program)
    examples = _named(session, "examples", "the one whose rows are the examples")
    loss = _named(session, "loss", "the one that training makes small")
    return "\n".join(
        [
            f"/// html | div.states\n    attrs: {{data-examples: '{examples}', data-loss: '{loss}'}}\n",
            _sentences(session, program, _stops(session, line, program), roles),
            _table(
                "The values before the loop" if recording.iterations else "The values",
                recording,
                program,
                [step for step in recording.steps if not step.iteration],
            ),
            _table(
                "The values in the loop",
                recording,
                program,
                [*{step.line: step for step in reversed(recording.steps) if step.iteration}.values()][::-1],
            ),
            "///\n",
        ]
    )


def _named(session: Session, key: str, meant: str) -> str:
    """Return the names of arrays as the front matter has them under a key; '' if it has none.

    Under `examples` are those whose rows are the examples: if it is a single one, all that have as many rows are taken for such,
    too. Under `loss` is the error of the output, whose mean size a reader's own run is compared by.
    """
    names = session.page.meta.get(key, "").split()
    program = session.program(1)
    for name in names:
        if name not in program.variables:
            raise session.page.error(
                session.page.line_of(key),
                f"`{name}` is no array of {program.name}; name {meant}",
            )
    return " ".join(names)


def _sentences(session: Session, program: Program, stops: list[Stop], roles: Mapping[str, Role]) -> str:
    said: dict[range, str] = {}
    for selector, sentence in (session.page.meta.get("lines") or {}).items():
        line = session.page.line_of(selector)
        lines = session.find(line, selector)[1]
        if twice := next((line for line in lines if any(line in other for other in said)), None):
            raise session.page.error(line, f"line {twice} of {program.name} has two sentences; let each line have one")
        said[lines] = render(Prose(line, sentence), session, roles, coloured).strip()
    for stop in stops:  # a stop speaks for the lines that have no sentence
        lines = stop.lines
        rest = [line for line in lines if program.lines[line - 1].strip() and not any(line in other for other in said)]
        if rest and not any(set(lines) & set(other) for other in said):
            said[lines] = stop.description
    rows = []
    for lines in sorted(said, key=lambda lines: lines[0]):
        link = next((f" [{stop.title}]({stop.target}) |" for stop in stops if lines[0] in stop.lines), " |" if stops else "")
        sentence = " ".join(said[lines].split()).replace("|", "\\|")
        rows.append(f"| [{words_for(lines).split()[1]}](#L{lines[0]}) | {sentence} |{link}")
    if not rows:
        return ""
    head = "| Line | What it does | Stop |\n| --: | :-- | :-- |\n" if stops else "| Line | What it does |\n| --: | :-- |\n"
    return f"## What each line does\n\n{head}" + "\n".join(rows) + "\n"


def _stops(session: Session, line: int, program: Program) -> list[Stop]:
    """Return a Stop for each page whose first fence embeds lines of the program, by line."""
    here, found = listing_of(session, line, program), []
    for path in sorted(here.parent.rglob("*.md")):
        try:
            page = Page.read(path)
            fence = next((other for other in page.blocks if not isinstance(other, Prose)), None)
            if path != here and isinstance(fence, Embed) and fence.program == program.name and fence.selector:
                target = Path(os.path.relpath(path, here.parent)).as_posix()
                found.append(Stop(page.title, target, page.meta.get("description", ""), program.find(fence.selector)))
        except (PageError, ProgramError):
            continue  # it will say so itself
    return sorted(found, key=lambda stop: stop.lines[0])


def _table(title: str, recording: Recording, program: Program, steps: Sequence[Step]) -> str:
    """Return a table of the values that some steps set: at iterations 1, 10 and the last, if they are of a loop."""
    rows = [(step, name) for step in steps for name in step.changed]
    if not rows:
        return ""
    kept = recording.iterations
    iterations = sorted({n for n in (*SHOWN, *kept[-1:]) if n in kept}) if steps[0].iteration else [0]
    head = ["After line", "Name", "Shape", *(f"Iteration {n:,}" if n else "Value" for n in iterations)]
    # Nobody searches for these numbers, and who searches for others would find them.
    lines = [
        f"## {title}\n",
        "/// html | div\n    attrs: {data-search-exclude: ''}\n",
        f"| {' | '.join(head)} |",
        "| --: | :-- | :-- |" + " :-- |" * len(iterations),
    ]
    found = [[recording.find(step.line, n) for n in iterations] for step, _ in rows[:MOST_ROWS]]
    values = [one.state[name] for (_, name), cells in zip(rows, found) for one in cells if one]
    sizes = [value.size for value in values if isinstance(value, np.ndarray)]
    most = next(most for most in (1_000, 100, 10, 0) if sum(size for size in sizes if size <= most) <= MOST_NUMBERS or not most)
    for (step, name), there in zip(rows, found):
        value = step.state[name]
        shape = str(value.shape) if isinstance(value, np.ndarray) else ""
        cells = [f"[{step.line}](#L{step.line})", coloured(program, name), shape]
        cells += [_shown(one.state[name], most) if one else "" for one in there]
        lines.append(f"| {' | '.join(cells)} |")
    if len(rows) > MOST_ROWS:
        lines.append(f"\nThese are the first {MOST_ROWS:,} of {len(rows):,} rows. A page holds no more.")
    return "\n".join(lines) + "\n\n///\n"


def _shown(value: Any, most: int) -> str:
    """Return a value as it stands in a table's cell, a row of an array to a line, and its columns below each other."""
    if not isinstance(value, np.ndarray) or is_large(value, most):
        if isinstance(value, int | float | str):
            text = whole(value) if type(value) is int else begun(str(value))
        else:
            text = "" if callable(value) or ismodule(value) else as_json(value, most).get("text", "")
        kind = value.type if isinstance(value, Said) else type(value).__name__
        return f"`{text}`{{.value}}" if text.strip() and not {*text} & {*"`|\n"} else f"a {kind}"
    rows = (value.reshape(-1, value.shape[-1]) if value.ndim else value.reshape(1, 1)).tolist()
    signed = any(number < 0 for row in rows for number in row if isinstance(number, float))
    texts = [[_number(number, "+" if signed else "") for number in row] for row in rows]
    wide = max((len(text) for row in texts for text in row), default=0)
    lines = ("`" + " ".join(text.rjust(wide, FIGURE) for text in row) + "`{.value}" for row in texts)
    return f'<span class="rows">{"<br>".join(lines)}</span>'


def _number(number: Any, sign: str) -> str:
    return (f"{number:{sign}.6f}" if isinstance(number, float) else str(number)).replace("-", "−")
