"""Where a run is to stop, and why it never gets there."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING

from literate.program.run import Call
from literate.program.syntax import Function, Loops

if TYPE_CHECKING:
    from literate.program.program import Program

Iteration = int | tuple[int, ...] | str  # of the outermost loop; of the loops from the outermost in; or "first" or "last"
Place = tuple[int, tuple[int, ...], int]  # a call, the turns of the loops around a statement in it, and the how-manieth time
Looker = Callable[[int, Call, Mapping], None]  # is told a statement's first line, its call, and the names there
MOST_PLACES = 100_000  # that are remembered


@dataclass(frozen=True)
class Goal:
    """The completion of a statement that a run is for."""

    line: int
    turns: tuple[int, ...] | str  # of the loops around it; or "first" or "last"
    function: Function | None = None  # that it stands in; None for the program's own level
    call: int = 0  # of that function; 0 for any
    last: int = 0  # how often it completes there, if it is the last time that is meant
    seen: Looker | None = None  # is told of each completion, and the run does not stop
    functions: tuple[int, ...] = ()  # the lines of the functions of which it is told; without, of `function`, not what it returns

    @property
    def inside(self) -> int:
        """The line of the function's `def`; 0 without one."""
        return self.function.lineno if self.function else 0

    @property
    def told(self) -> tuple[int, ...]:
        """The lines of the functions of which `seen` is told; 0 is the program's own level."""
        return self.functions or (self.inside,)

    def is_here(self, call: Call, around: Loops) -> bool:
        """Say whether the goal is reached, as its line has just completed in a call."""
        turns, often = call.place(self.line, around)
        if self.call not in (0, call.number):
            return False
        if isinstance(self.turns, tuple):
            return turns[: len(self.turns)] == self.turns if turns else (often,) == self.turns
        return self.turns == "first" or often == self.last


def why_never(program: "Program", goal: Goal) -> str:
    """Say why a run of a program has never got to a goal, and what comes nearest."""
    line, function = f"line {goal.line} of {program.name}", goal.function
    places, calls = program.places(goal.line, function), program.calls(function) if function else 0
    if function and not calls:
        return (
            f"{line} stands in {function.name}, which is never called; begin the embed at line {function.lineno}, and it is "
            "shown where the function is defined"
        )
    if function and not 0 <= goal.call <= calls:
        mend = "delete call=" if calls == 1 else f"write one from 1 to {calls:,}"
        return f"{function.name} of {program.name} is called {times(calls)}; there is no call {goal.call:,}; {mend}"
    if not places or not isinstance(goal.turns, tuple) and not goal.call:
        return f"the run ends before {line} has completed"
    here = [turns for call, turns, _ in places if goal.call in (0, call)]
    if function and not here:
        near = min((call for call, _, _ in places), key=lambda call: abs(call - goal.call))
        return (
            f"{line} does not complete in call {goal.call:,} of {function.name}; the nearest in which it does is {near:,}; "
            "write that"
        )
    wanted, depth = (goal.turns, len(here[0])) if isinstance(goal.turns, tuple) else ((), 0)
    if len(wanted) > depth:
        mend = f"write {'one number' if depth == 1 else f'{depth} numbers'}" if depth else "delete iteration="
        loops = {0: "no loop", 1: "one loop"}.get(depth, f"{depth} loops") + (f" of {function.name}" if function else "")
        return f"{line} stands in {loops}, so it has no iteration {_said(wanted)}; {mend}"
    nearest = min((turns[: len(wanted)] for turns in here), key=lambda turns: [abs(one - two) for one, two in zip(turns, wanted)])
    inside = f" in call {goal.call:,} of {function.name}" if function and goal.call else ""
    return (
        f"{line} does not complete in iteration {_said(wanted)} of its loop{'s' * (len(wanted) > 1)}{inside}; the "
        f"nearest in which it does is {_said(nearest)}; write that"
    )


def times(number: int) -> str:
    """Return a number of times in words."""
    return "once" if number == 1 else f"{number:,} times"


def _said(turns: tuple[int, ...]) -> str:
    return ".".join(map(str, turns)) if len(turns) > 1 else f"{turns[0]:,}"
