"""Moments: what a program had bound before and after one of its lines, in each iteration that its recording keeps."""

from typing import Any

from literate.program import Run
from literate.program.main import Main
from literate.record import Recording
from literate.values import copied

State = dict[str, Any]


def moments(recording: Recording, line: int, main: Main) -> dict[int, tuple[State, State]]:
    """Return what was bound before a statement of a loop and after it, by the kept iterations that it completes in.

    Nothing was before a loop's header. If objects are among the values, the program is run once more, as `main`, to copy
    them there: what they hold is not in the recording.
    """
    found: dict[int, tuple[State, State]] = {}
    for before, after in zip(recording.steps, recording.steps[1:]):
        if after.line == line:
            found[after.iteration] = copied(before.state if before.iteration == after.iteration else {}), copied(after.state)
    if not recording.objects:
        return found
    loops = recording.program.loops
    left, was = {*found}, dict[int, State]()

    def look(at: int, run: Run) -> None:
        turn = run.completed[loops[line]]
        if turn in left and loops.get(at) == loops[line]:
            now = copied({name: value for name, value in run.namespace.items() if not name.startswith("__")})
            if at == line:
                left.remove(turn)
                found[turn] = was.get(turn, {}), now
            was[turn] = now

    recording.program.watch(look, main)
    return found
