"""A listing: the page program.md, which shows a whole program, and for each line what it does, and the values after it."""

import os
import re
from pathlib import Path

import numpy as np

from literate.page import Embed, Page, PageError, Prose
from literate.program import ProgramError
from literate.prose import listing_of, name_of, render, words_for
from literate.recording import Recording

SHOWN = (1, 10)  # the iterations whose values the page shows without a script, beside the last


def is_listing(session, block):
    """Say whether an embed is that of a whole program on the page that lists it."""
    program, lines = session.find(block.line, block.selector, block.program)
    return len(lines) == len(program.lines) and listing_of(session, block.line, program) == session.page.path.absolute()


def write(session, block):
    """Return the Markdown below a program's listing: a sentence and a stop for each line, and tables of values.

    The sentences stand in the page's front matter, under `lines`, each after some text of its line or lines. A stop
    is the page whose first fence embeds the line. Raise PageError if a sentence's lines are not found.
    """
    program = session.program(block.line, block.program)
    recording = Recording.of(program)
    return "\n".join([
        f"/// html | div.states\n    attrs: {{data-examples: '{_examples(session)}'}}\n",
        _sentences(session, program, _stops(session, block, program)),
        _table("The values before the loop" if recording.iterations else "The values", session, recording, program,
               [step for step in recording.steps if not step.iteration]),
        _table("The values in the loop", session, recording, program,
               [step for step in recording.steps if step.iteration == 1]),
        "///\n"])


def _examples(session):
    """Return the names of the arrays whose rows are the examples, as the front matter has them; '' if it has none.

    If it is a single one, all that have as many rows are taken for such, too.
    """
    names = session.page.meta.get("examples", "").split()
    program = session.program(1)
    for name in names:
        if name not in program.variables:
            raise session.page.error(session.page.line_of("examples"), f"`{name}` is no array of {program.name}; name the "
                                     "one whose rows are the examples")
    return " ".join(names)


def _sentences(session, program, stops):
    said = {}
    for selector, sentence in (session.page.meta.get("lines") or {}).items():
        line = session.page.line_of(selector)
        lines = session.find(line, selector)[1]
        if twice := next((line for line in lines if any(line in other for other in said)), None):
            raise session.page.error(line, f"line {twice} of {program.name} has two sentences; let each line have one")
        said[lines] = render(Prose(line, str(sentence)), session).strip()
    for _title, _target, description, lines in stops:  # a stop speaks for the lines that have no sentence
        rest = [line for line in lines if program.lines[line - 1].strip() and not any(line in other for other in said)]
        if rest and not any(set(lines) & set(other) for other in said):
            said[lines] = description
    rows = []
    for lines in sorted(said, key=lambda lines: lines[0]):
        stop = next((f"[{title}]({target})" for title, target, _, others in stops if lines[0] in others), "")
        rows.append(f"| [{words_for(lines).split()[1]}](#L{lines[0]}) | {said[lines]} | {stop} |")
    if not rows:
        return ""
    return "## What each line does\n\n| Line | What it does | Stop |\n| --: | :-- | :-- |\n" + "\n".join(rows) + "\n"


def _stops(session, block, program):
    """Return title, link, description and lines of each page whose first fence embeds lines of the program, by line."""
    here, found = listing_of(session, block.line, program), []
    for path in sorted(here.parent.rglob("*.md")):
        try:
            page = Page.read(path)
            fence = next((other for other in page.blocks if not isinstance(other, Prose)), None)
            lines = program.find(fence.selector) if isinstance(fence, Embed) and fence.program == program.name else []
        except (PageError, ProgramError):
            continue  # it will say so itself
        if path != here and lines and fence.selector:
            title = re.search(r"^# (.+)$", page.body, re.M)
            found.append((title[1] if title else path.stem, Path(os.path.relpath(path, here.parent)).as_posix(),
                          page.meta.get("description", ""), lines))
    return sorted(found, key=lambda stop: stop[3][0])


def _table(title, session, recording, program, steps):
    """Return a table of the values that some steps set: at iterations 1, 10 and the last, if they are of a loop."""
    rows = [(step, name) for step in steps for name in step.changed]
    if not rows:
        return ""
    iterations = sorted({n for n in (*SHOWN, *recording.iterations[-1:]) if n in recording.iterations}
                        ) if steps[0].iteration else [0]
    head = ["After line", "Name", "Shape", *(f"Iteration {n:,}" if n else "Value" for n in iterations)]
    lines = [f"## {title}\n", f"| {' | '.join(head)} |", "| --: | :-- | :-- |" + " --: |" * len(iterations)]
    for step, name in rows:
        values = [recording.after(step.line, n).state[name] for n in iterations]
        shape = str(values[0].shape) if isinstance(values[0], np.ndarray) else ""
        cells = [f"[{step.line}](#L{step.line})", name_of(program, name), shape, *map(_shown, values)]
        lines.append(f"| {' | '.join(cells)} |")
    return "\n".join(lines) + "\n"


def _shown(value):
    """Return a value as it stands in a table's cell, a row of an array to a line."""
    if not isinstance(value, np.ndarray):
        return f"`{value}`{{.value}}" if isinstance(value, (int, float, str)) else f"a {type(value).__name__}"
    rows = value.reshape(-1, value.shape[-1]) if value.ndim else value.reshape(1, 1)
    return "<br>".join("`" + " ".join(_number(number) for number in row) + "`{.value}" for row in rows.tolist())


def _number(number):
    return (f"{number:.6f}" if isinstance(number, float) else str(number)).replace("-", "−")
