"""The file of a recording: the JSON that docs/assets/recording.js reads."""

import base64
import hashlib
import json
import re
from typing import Any

import numpy as np

from literate.program import Program
from literate.record.parts import Place
from literate.record.recording import Recording, Step
from literate.values import as_json, is_large


def as_text(recording: Recording) -> str:
    """Return a recording as JSON text without spaces: an object of

    `program`, `sha256`: the file's name, and the digest of its text in UTF-8
    `statements`: for each line, the first line of the statement that has completed once the line has; 0 for none
    `uses`: for each statement's first line, the names that it reads, as they stand there from left to right
    `steps`: a list of [line, iteration, values, changed, printed], whose last two may be missing. `values` holds
    the names whose values differ from the step before: the state after a step is the sum of all up to it.
    `changed` is missing if it is the names of `values`, `printed` if nothing was.
    `floats`: the numbers of all float64 arrays, in order; see _pack
    `inside`: what there is inside of the steps; see _Inside

    An array is an object of `shape`, `dtype` and `values`, row by row. A float64 array leaves its values to
    `floats`, and is null if shape and dtype are those that its name had before. A number is itself, and anything
    else, an array of more than MOST_NUMBERS too, is an object of `type` and, where it has a short one, `text`.
    """
    program, inside, floats = recording.program, _Inside(recording.places), _Floats()
    steps = list[list]()
    before = dict[str, Any]()
    for step in recording.steps:
        values = {name: floats.put(name, value) for name, value in step.state.items() if value is not before.get(name)}
        before = step.state
        inside.add(step, program)
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
            "floats": _pack(floats.all),
            "inside": inside.written(),
        },
        separators=(",", ":"),
        allow_nan=False,
    )


class _Floats:
    """The numbers of float64 arrays, in order. An array is null if it has the shape that what is called the same had before."""

    def __init__(self) -> None:
        self.all: list[float] = []
        self._shapes: dict[Any, Any] = {}

    def put(self, name: Any, value: Any) -> Any:
        """Return what stands for a value where it is not among the floats."""
        written = as_json(value)
        if isinstance(value, np.ndarray | np.generic) and value.dtype == np.float64 and not is_large(value):
            self.all += written.pop("values")
            same, self._shapes[name] = self._shapes.get(name) == written, written
            return None if same else written
        return written


class _Inside:
    """What there is inside of the steps, as an object of

    `places`: the Places, by their numbers
    `steps`: for each step, the number of its trace; -1 for none
    `traces`: lists of what was heard, in order, each the number of a Place; or [number, how], if its value need not be kept:
    how is the name of a variable that holds it after the step, the index in the trace of what had the same value, true if that
    Place had it the last time, or null if it is what the Place's operation makes of its operands: see Step.inside of recording.js
    `values`, `floats`: all other values, as they are in the steps
    """

    def __init__(self, places: tuple[Place, ...]):
        self._places = places
        self._steps: list[int] = []
        self._traces: dict[str, int] = {}
        self._values: list[Any] = []
        self._floats = _Floats()
        self._last: dict[int, Any] = {}  # values by the numbers of their Places

    def add(self, step: Step, program: Program) -> None:
        """Add what there is inside of a step."""
        trace = list[Any]()
        near = [*step.changed, *sorted(program.uses[step.line][1])]
        calls = [_Call({name: value for name, value in step.state.items() if name not in step.changed})]
        for number, value in step.inside:
            place = self._places[number]
            if place.kind == "call":
                calls.append(_Call({}))
            elif place.kind == "end" and len(calls) > 1:
                calls.pop()
            if place.kind in ("call", "end", "line"):
                trace.append(number)
                continue
            how = self._how(number, value, step, near, calls[-1])
            trace.append(number if how is _NEW else [number, how])
            if how is _NEW:
                self._values.append(self._floats.put(number, value))
            self._last[number] = value
            calls[-1].heard(place, number, value)
        text = json.dumps(trace)
        self._steps.append(self._traces.setdefault(text, len(self._traces)) if trace else -1)

    def _how(self, number, value, step, near, call):
        array = isinstance(value, np.ndarray) and value.dtype != object
        if array:
            for name in near:
                if name in step.state and _same(step.state[name], value):
                    return name
            for index, (_, other) in enumerate(step.inside):
                if other is value:
                    break
                if _same(other, value):
                    return index
            if _same(call.operate(self._places[number]), value):
                return None
        if number in self._last:
            last = self._last[number]
            if last is value or _same(last, value) if array else type(last) is type(value) and as_json(last) == as_json(value):
                return True
        return _NEW

    def written(self) -> dict[str, Any]:
        return {
            "places": [_short(place) for place in self._places],
            "steps": self._steps,
            "traces": [json.loads(text) for text in self._traces],
            "values": self._values,
            "floats": _pack(self._floats.all),
        }


_NEW = object()


class _Call:
    """What a call has bound and computed so far; the program itself is one, too."""

    def __init__(self, names: dict[str, Any]):
        self._names = names
        self._parts: dict[int, Any] = {}

    def heard(self, place: Place, number: int, value: Any) -> None:
        if place.kind == "name":
            self._names[place.text] = value
        else:
            self._parts[number] = value

    def operate(self, place: Place) -> Any:
        """Return what an operation gives, element by element; None if there is none, or more than that to it."""
        operands = [self._value(one) for one in place.operands]
        if not place.operator or any(_kind(one) is None for one in operands):
            return None
        shapes = {np.shape(one) for one in operands} - {()}
        if len(shapes) != 1:
            return None
        if place.operator == "T":
            return operands[0].T if operands[0].ndim == 2 else None
        if place.operator != "/" and not any(isinstance(one, np.ndarray) and one.dtype == np.float64 for one in operands):
            return None  # whole numbers have ends, where theirs wrap around
        with np.errstate(all="ignore"):
            match place.operator, operands:
                case "-", [one]:
                    return -one
                case "+", [one, two]:
                    return one + two
                case "-", [one, two]:
                    return one - two
                case "*", [one, two]:
                    return one * two
                case "/", [one, two]:
                    return one / two
        return None

    def _value(self, operand):
        if isinstance(operand, list):
            return self._parts.get(operand[0])
        return self._names.get(operand) if isinstance(operand, str) else operand


def _kind(value):
    """Return what a script computes with as NumPy does: a number, an array of whole or of double ones; None for another."""
    if type(value) in (int, float):
        return value
    return value if isinstance(value, np.ndarray) and value.dtype in (np.float64, np.int64) else None


def _same(one, two):
    """Say whether two values are the same array of doubles, or of whole numbers, to the last bit."""
    return (
        isinstance(one, np.ndarray)
        and isinstance(two, np.ndarray)
        and one.dtype == two.dtype
        and one.shape == two.shape
        and one.tobytes() == two.tobytes()
    )


def _short(place):
    """Return a Place as a list, without what is empty at its end."""
    written = [place.kind, place.line, place.text, place.parent, place.operator, list(place.operands)]
    while not written[-1] and len(written) > 2:
        written.pop()
    return written


def _in_order(program, line, names):
    """Return names in the order in which they stand in the program from a line on."""
    words = re.findall(r"\w+", "\n".join(program.lines[line - 1 :]))
    return sorted(sorted(names), key=lambda name: words.index(name) if name in words else len(words))


def _pack(floats):
    """Return numbers as text, to the last bit: as big-endian float64, all first bytes, all second bytes, and so on; Base64.

    A server compresses this to two thirds of what their digits come to: the signs and exponents stand together. The rest is
    the numbers' own last digits, which no other encoding makes smaller: of a file of 11 KB, 873 numbers take 6, and 377 of
    `inside` take 3. Of the 873, 360 are what a variable held in the iteration before a kept one: the value that a line
    found and changed.
    """
    return base64.b64encode(np.array(floats, ">f8").view(np.uint8).reshape(-1, 8).T.tobytes()).decode()
