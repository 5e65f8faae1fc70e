"""What there is inside of the steps, as the file of a recording holds it: all that can be made of something else is left out."""

import json
from typing import Any

import numpy as np

from literate.program import Program
from literate.record.floats import Floats, pack
from literate.record.inside import MOST
from literate.record.parts import Place
from literate.record.step import Step
from literate.values import as_json


class Inside:
    """What there is inside of the steps, as an object of

    `places`: the Places, by their numbers
    `steps`: for each step, the number of its trace; -1 for none
    `traces`: lists of what was heard, in order, each the number of a Place; or [number, how], if its value need not be kept:
    how is the name of a variable that holds it after the step, the index in the trace of what had the same value, true if that
    Place had it the last time, or null if it is what the Place's operation makes of its operands: see Step.inside of recording.js
    `values`, `floats`: all other values, as they are in the steps
    `most`: how much is kept of a step, if that is less than inside.py keeps
    """

    def __init__(self, places: tuple[Place, ...], numbers: int, pieces: int):
        self._places, self._most = places, pieces
        self._steps: list[int] = []
        self._traces: dict[str, int] = {}
        self._values: list[Any] = []
        self._floats = Floats(numbers)
        self._last: dict[int, Any] = {}  # values by the numbers of their Places

    def add(self, step: Step, program: Program) -> None:
        """Add what there is inside of a step."""
        trace = list[Any]()
        near = [*step.changed, *sorted(program.uses[step.line][1])]
        calls = [_Call({name: value for name, value in step.state.items() if name not in step.changed})]
        for number, value in step.inside[: self._most]:
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
            "floats": pack(self._floats.all),
            **({"most": self._most} if self._most < MOST else {}),
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
    written = [place.kind, place.line, place.text, list(place.at), place.parent, place.operator, list(place.operands)]
    while not written[-1] and len(written) > 2:
        written.pop()
    return written
