"""A history: what a run did to its numbers, iteration by iteration, all of them."""

import functools
from typing import Any

import numpy as np

from literate.program.failure import ProgramError
from literate.program.program import Program


class History:
    """What a run did, iteration by iteration: `history.l1[10]` is `l1` as iteration 10 of the loop left it.

    `history.l1[0]` is from before the loop: NaN, if there was none. So a place in the array is the number of an iteration.
    The loop is the program's first that is in no other.
    """

    def __init__(self, program: Program, rows: list[dict[str, Any]]):
        self._program, self._rows = program, rows
        self._series: dict[str, np.ndarray] = {}

    @classmethod
    def of(cls, program: Program) -> "History":
        """Return the history of a program, which is made once; raise ProgramError if it fails or has no loop."""
        return _history(program)

    def __getattr__(self, name: str) -> np.ndarray:
        if name not in self._series:
            self._series[name] = self._stack(name)
        return self._series[name]

    def _stack(self, name: str) -> np.ndarray:
        rows = [row.get(name) for row in self._rows]
        if rows[-1] is None:
            raise AttributeError(f"no iteration leaves numbers in {name!r}", name=name, obj=self)
        if rows[0] is None:
            rows[0] = np.full(np.shape(rows[-1]), np.nan)
        try:
            series = np.array(rows)
        except ValueError:
            raise AttributeError(f"the shape of {name!r} is not the same in every iteration", name=name, obj=self) from None
        series.flags.writeable = False  # it is everybody's
        return series

    def __len__(self) -> int:
        """How many iterations there were."""
        return len(self._rows) - 1

    def __dir__(self) -> list[str]:
        return [*self._rows[-1]]


@functools.lru_cache(maxsize=64)
def _history(program):
    loops = program.loops
    if not loops:
        raise ProgramError(f"{program.name} has no loop, so it has no history")
    first = min(loops.values())
    of_loop, last = {line for line, loop in loops.items() if loop == first}, program.completed[first]
    rows: list[dict[str, Any]] = []

    def after(line, run):
        turn = run.completed[first]
        if line == first:  # the turn before is over
            rows.append(_numbers(run.namespace, without=program.uses[first][0] if turn == 1 else ()))
        elif line in of_loop and turn == last:
            rows[last:] = [_numbers(run.namespace)]

    program.watch(after)
    return History(program, rows)


def _numbers(namespace, without=()):
    """Return the numbers and the arrays of numbers in a namespace, which it may change."""
    return {
        name: value.copy() if isinstance(value, np.ndarray) else value
        for name, value in namespace.items()
        if name not in without and isinstance(value, np.ndarray | np.number | int | float)
    }
