"""A recording: one run of a program, with the values after each line at the iterations that are kept."""

import base64
import functools
import hashlib
import json
import math
import re
from dataclasses import dataclass
from typing import Any

import numpy as np

from literate.program.program import Program
from literate.values import Said, as_json, is_large, take

PER_DECADE = 8  # how many iterations are kept for each factor of ten, above the tenth


@dataclass(frozen=True)
class Step:
    """The completion of one statement."""

    line: int  # the statement's first
    iteration: int  # of the outermost loop that it stands in, from 1; 0 outside of loops
    state: dict  # every name that is bound now, with its value as it was then; Said for an object
    changed: tuple  # the names that the statement bound, and those whose values it changed
    printed: str


@dataclass(frozen=True)
class Recording:
    """What `steps` a run of `program` took, in order, as far as they are kept.

    Of a loop, only some iterations are: the first ten, then evenly on a logarithmic scale, and the last. Of a
    statement that completes several times in one iteration, the first time is kept.
    """

    program: Program
    steps: tuple[Step, ...]

    @classmethod
    def of(cls, program: Program) -> "Recording":
        """Return the recording of a program, which is made once; raise ProgramError if it fails."""
        return _record(program)

    @property
    def iterations(self) -> list[int]:
        """The kept iterations, in order; empty for a program without a loop."""
        return sorted({step.iteration for step in self.steps} - {0})

    @functools.cached_property
    def objects(self) -> bool:
        """Whether objects are among the values, which are only said in the steps."""
        return any(isinstance(value, Said) for step in self.steps for value in step.state.values())

    @functools.cached_property
    def _index(self):
        return {(step.line, step.iteration): number for number, step in enumerate(self.steps)}

    def after(self, line: int, iteration: int = 0) -> Step:
        """Return the Step in which the statement on a line completed in a kept iteration; raise KeyError without one."""
        return self.steps[self._index[line, iteration]]

    def find(self, line: int, iteration: int) -> Step | None:
        """Return the Step in which the statement on a line completed in a kept iteration; None if it did not."""
        return self.steps[self._index[line, iteration]] if (line, iteration) in self._index else None

    def to_json(self) -> str:
        """Return the recording as JSON text without spaces: an object of

        `program`, `sha256`: the file's name, and the digest of its text in UTF-8
        `statements`: for each line, the first line of the statement that has completed once the line has; 0 for none
        `uses`: for each statement's first line, the names that it reads, as they stand there from left to right
        `steps`: a list of [line, iteration, values, changed, printed], whose last two may be missing. `values` holds
        the names whose values differ from the step before: the state after a step is the sum of all up to it.
        `changed` is missing if it is the names of `values`, `printed` if nothing was.
        `floats`: the numbers of all float64 arrays, in order; see _pack

        An array is an object of `shape`, `dtype` and `values`, row by row. A float64 array leaves its values to
        `floats`, and is null if shape and dtype are those that its name had before. A number is itself, and anything
        else, an array of more than MOST_NUMBERS too, is an object of `type` and, where it has a short one, `text`.
        """
        program = self.program
        steps, floats = list[list](), list[float]()
        before, shapes = dict[str, Any](), dict[str, Any]()
        for step in self.steps:
            values = {}
            for name in (name for name, value in step.state.items() if value is not before.get(name)):
                value = step.state[name]
                values[name] = as_json(value)
                if isinstance(value, np.ndarray | np.generic) and value.dtype == np.float64 and not is_large(value):
                    floats += values[name].pop("values")
                    shape = values[name]
                    values[name] = None if shapes.get(name) == shape else shape
                    shapes[name] = shape
            before = step.state
            changed = None if {*step.changed} == {*values} else step.changed
            steps.append(
                [
                    step.line,
                    step.iteration,
                    values,
                    *([changed] if changed is not None or step.printed else []),
                    *([step.printed] if step.printed else []),
                ]
            )
        return json.dumps(
            {
                "program": program.name,
                "sha256": hashlib.sha256(program.text.encode()).hexdigest(),
                "statements": [program.statement_at(line) for line in range(1, len(program.lines) + 1)],
                "uses": {line: _in_order(program, line, reads) for line, (_, reads) in sorted(program.uses.items())},
                "steps": steps,
                "floats": _pack(floats),
            },
            separators=(",", ":"),
            allow_nan=False,
        )


def _in_order(program, line, names):
    """Return names in the order in which they stand in the program from a line on."""
    words = re.findall(r"\w+", "\n".join(program.lines[line - 1 :]))
    return sorted(sorted(names), key=lambda name: words.index(name) if name in words else len(words))


def _pack(floats):
    """Return numbers as text, to the last bit: as big-endian float64, all first bytes, all second bytes, and so on; Base64.

    A server compresses this to two thirds of what their digits come to: the signs and exponents stand together. The rest is
    the numbers' own last digits, which no other encoding makes smaller: for nn.py, 873 numbers in 6 of the file's 7.4 KB. Of
    these, 360 are what a variable held in the iteration before a kept one: the value that a line found and changed.
    """
    return base64.b64encode(np.array(floats, ">f8").view(np.uint8).reshape(-1, 8).T.tobytes()).decode()


@functools.lru_cache(maxsize=8)
def _record(program):
    loops = program.loops
    kept = {first: kept_of(program.completed[first]) for first in set(loops.values())}
    # The step before a kept one is needed too, to tell what changed.
    needed = {first: turns | {turn - 1 for turn in turns} for first, turns in kept.items()}
    steps, seen = list[Step](), set[tuple[int, int]]()
    state: dict[str, Any] = {}

    def after(line, run):
        nonlocal state
        iteration = run.completed[loops[line]] if line in loops else 0
        if iteration and iteration not in needed[loops[line]]:
            return
        before = state
        state = {
            name: take(value, before.get(name))
            for name, value in run.namespace.items()
            if not (name.startswith("__") and name.endswith("__"))
        }
        if iteration and iteration not in kept[loops[line]] or (line, iteration) in seen:
            return
        seen.add((line, iteration))
        binds = program.uses[line][0]
        changed = tuple(name for name in state if name in binds or state[name] is not before.get(name))
        printed = "".join(text for at, text in run.printed[-1:] if at == line) if not iteration else ""
        steps.append(Step(line, iteration, state, changed, printed))

    program.watch(after)
    return Recording(program, tuple(steps))


def kept_of(last: int) -> set[int]:
    """Return the iterations to keep, of so many."""
    count = math.ceil(PER_DECADE * math.log10(max(last, 10) / 10)) + 1
    return {*range(1, min(last, 10) + 1), *np.rint(np.geomspace(min(last, 10), last, count)).astype(int).tolist()} - {0}
