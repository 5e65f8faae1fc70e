"""The calls of a program's functions: what each line of one left, in the calls and the turns that are kept."""

import ast
from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from literate.program import Program
from literate.program.run import Call
from literate.program.syntax import Function, Uses
from literate.record.step import Step, kept_of
from literate.values import take


@dataclass(frozen=True)
class Called:
    """A function that is recorded by the call."""

    function: Function
    uses: Uses  # of its statements, by their first lines
    count: int  # how often it was called
    kept: dict[int, tuple[Step, ...]]  # the steps of some calls, by their numbers


def recorded(program: Program) -> dict[int, Function]:
    """Return the functions that are recorded by the call, by the lines of their `def`: those whose work has many turns.

    They have a loop, or another function calls them. Of all others, a line that calls one shows what is inside.
    """
    tree = ast.parse(program.text)
    functions = [node for node in ast.walk(tree) if isinstance(node, Function) and node.body[0].lineno > node.lineno]
    inner = [node for function in functions for node in ast.walk(function)]
    called = {
        node.id if isinstance(node, ast.Name) else node.attr for node in inner if isinstance(node, ast.Name | ast.Attribute)
    }
    return {
        function.lineno: function
        for function in functions
        if function.name in called or any(isinstance(node, ast.For | ast.While) for node in ast.walk(function))
    }


class Calls:
    """Takes what the lines of functions leave, while a program is watched; it has been before, to count the turns."""

    def __init__(self, program: Program):
        self.program, self.functions = program, recorded(program)
        self._steps: dict[tuple[int, int], list[Step]] = {}  # by the line of the `def`, and the number of the call
        self._states: dict[tuple[int, int], dict[str, Any]] = {}
        self._taken: set[tuple[int, ...]] = set()
        self._calls, turns = Counter[int](), Counter[tuple[int, int, int]]()

        def count(line: int, call: Call, names: Mapping) -> None:
            self._calls[call.function] = max(call.number, self._calls[call.function])
            if self._around[line]:
                loop = call.function, call.number, self._around[line][0]
                turns[loop] = call.place(line, self._around)[0][0]

        if self.functions:
            self._uses, self._around = program.instrumented(*self.functions)[1:]
            program.watch(lambda line, run: None, inner=count, functions=(*self.functions,))
        kept = {function: kept_of(calls) for function, calls in self._calls.items()}
        self._kept: dict[tuple[int, int], dict[int, set[int]]] = {
            (function, number): {} for function, numbers in kept.items() for number in numbers
        }
        for (function, number, loop), last in turns.items():
            if (function, number) in self._kept:
                self._kept[function, number][loop] = kept_of(last)

    def seen(self, line: int, call: Call, names: Mapping) -> None:
        """Take what a statement of a call has left, if that is kept."""
        key = call.function, call.number
        if key not in self._kept or line <= call.function:
            return
        turn, around = 0, self._around[line]
        if around:
            turn, kept = call.place(line, self._around)[0][0], self._kept[key].get(around[0], set())
            if turn not in kept and turn + 1 not in kept:
                return
        before = self._states.get(key)
        local = names.maps[0]  # type: ignore[attr-defined]  # a ChainMap: the locals come first
        state = {name: take(value, (before or {}).get(name)) for name, value in local.items() if not name.startswith("__")}
        self._states[key] = state
        if around and turn not in kept or (*key, line, turn) in self._taken:
            return
        self._taken.add((*key, line, turn))
        binds = self._uses[line][0] | {"return"}
        changed = tuple(name for name in state if name in binds or before is not None and state[name] is not before.get(name))
        self._steps.setdefault(key, []).append(Step(line, turn, state, changed, call.printed))

    def done(self) -> tuple[Called, ...]:
        """Return what has been taken, function by function."""
        return tuple(
            Called(
                function,
                {at: uses for at, uses in self._uses.items() if line < at <= (function.end_lineno or 0)},
                self._calls[line],
                {number: tuple(steps) for (of, number), steps in sorted(self._steps.items()) if of == line},
            )
            for line, function in sorted(self.functions.items())
            if self._calls[line]
        )
