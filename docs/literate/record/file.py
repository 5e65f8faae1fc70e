"""The file of a recording: the JSON that docs/assets/recording.js reads."""

import hashlib
import json
import re
from collections.abc import Sequence
from typing import Any

from literate.program import Program
from literate.program.syntax import Uses
from literate.record.calls import Called
from literate.record.floats import Floats, pack
from literate.record.inside import MOST as MOST_INSIDE
from literate.record.recording import Recording
from literate.record.step import Step
from literate.record.trace import Inside
from literate.values.taken import MOST_NUMBERS

MOST = 1_000_000  # characters of a recording; for one that would have more, it is kept to the next of these:
_LESS = (
    (MOST_NUMBERS, MOST_INSIDE, 1),
    (1_000, 100, 1),
    (100, 100, 1),
    (100, 10, 1),
    (10, 10, 1),
    (10, 1, 2),
    (10, 1, 8),
    (0, 1, 32),
)


def as_text(recording: Recording, examples: Sequence[str] = ()) -> str:
    """Return a recording as JSON text without spaces, with as much in it as a page holds: an object of

    `program`, `sha256`: the file's name, and the digest of its text in UTF-8
    `statements`: for each line, the first line of the statement that has completed once the line has; 0 for none
    `uses`: for each statement's first line, the names that it reads, as they stand there from left to right
    `steps`: a list of [line, iteration, values, changed, printed], whose last two may be missing. `values` holds
    the names whose values differ from the step before: the state after a step is the sum of all up to it.
    `changed` is missing if it is the names of `values`, `printed` if nothing was.
    `floats`: the numbers of all float64 arrays, in order; see pack of floats.py
    `inside`: what there is inside of the steps; see Inside of trace.py
    `calls`: of each function that is recorded by the call its `name`, the `first` line, that of its `def`, the `statements`
    of those below it and what they `uses`, the `count` of its calls, and what is `kept`: by the numbers of calls, objects of
    `steps` and `floats`. In the state after a `return`, `return` is what is returned. Missing without such functions
    `examples`: the arrays whose rows are the examples, as the page that lists the program names them. Missing without

    An array is an object of `shape`, `dtype` and `values`, row by row. A float64 array leaves its values to
    `floats`, and is null if shape and dtype are those that its name had before. A number is itself, and anything
    else, an array of more than MOST_NUMBERS too, is an object of `type` and, where it has a short one, `text`.
    """
    for numbers, pieces, every in _LESS:
        text = _written(recording, numbers, pieces, every, examples)
        if len(text) <= MOST:
            break
    return text


def _written(recording: Recording, numbers: int, pieces: int, every: int, examples: Sequence[str]) -> str:
    """Return a recording with arrays of so many numbers, so much inside of a step, and each so-manieth iteration and call."""
    program, inside = recording.program, Inside(recording.places, numbers, pieces)
    some = _some(recording.iterations, every)
    steps = [step for step in recording.steps if not step.iteration or step.iteration in some]
    for step in steps:
        inside.add(step, program)
    written = {
        "program": program.name,
        "sha256": hashlib.sha256(program.text.encode()).hexdigest(),
        "statements": [program.statement_at(line) for line in range(1, len(program.lines) + 1)],
        "uses": _uses(program, program.uses),
        **_taken(steps, numbers),
        "inside": inside.written(),
        **({"calls": [_call(program, called, numbers, every) for called in recording.calls]} if recording.calls else {}),
        **({"examples": [*examples]} if examples else {}),
    }
    return json.dumps(written, separators=(",", ":"), allow_nan=False)


def _some(kept: Sequence[int], every: int) -> set[int]:
    """Return each so-manieth of the numbers that are kept, and the last."""
    return {*kept[::every], *kept[-1:]}


def _uses(program: Program, uses: Uses) -> dict[int, list[str]]:
    return {line: _in_order(program, line, reads) for line, (_, reads) in sorted(uses.items())}


def _taken(steps: Sequence[Step], numbers: int) -> dict[str, Any]:
    """Return `steps` and `floats` of some steps, of the program or of a call."""
    floats, before, written = Floats(numbers), dict[str, Any](), list[list]()
    for step in steps:
        values = {name: floats.put(name, value) for name, value in step.state.items() if value is not before.get(name)}
        before = step.state
        changed = None if {*step.changed} == {*values} else step.changed
        written.append(
            [
                step.line,
                step.iteration,
                values,
                *([changed] if changed is not None or step.printed else []),
                *([step.printed] if step.printed else []),
            ]
        )
    return {"steps": written, "floats": pack(floats.all)}


def _call(program: Program, called: Called, numbers: int, every: int) -> dict[str, Any]:
    """Return what is kept of a function's calls."""
    lines = range(called.function.lineno + 1, (called.function.end_lineno or 0) + 1)
    return {
        "name": called.function.name,
        "first": called.function.lineno,
        "statements": [max((first for first in called.uses if first <= line), default=0) for line in lines],
        "uses": _uses(program, called.uses),
        "count": called.count,
        "kept": {number: _taken(called.kept[number], numbers) for number in sorted(_some([*called.kept], every))},
    }


def _in_order(program, line, names):
    """Return names in the order in which they stand in the program from a line on."""
    words = re.findall(r"\w+", "\n".join(program.lines[line - 1 :]))
    return sorted(sorted(names), key=lambda name: words.index(name) if name in words else len(words))
