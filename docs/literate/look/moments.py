"""Moments: what a program had bound before and after one of its lines, in each iteration that its recording keeps."""

from collections.abc import Mapping
from typing import Any

from literate.program import Program, Recording, Run
from literate.program.main import Main
from literate.program.recording import kept_of
from literate.program.run import Call
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


def moments_inside(program: Program, line: int, number: int, main: Main) -> dict[int, tuple[State, State]]:
    """Return the same for a statement of a function in one call of it, by the turns of the outermost loop around it there.

    The turns that are kept are those that a recording would keep of such a loop. Without a loop, it is {}.
    """
    function, stop = program.inside(line)
    around = program.instrumented(function.lineno)[2]
    turns = [turns[0] for call, turns, _ in program.places(stop, function) if call == number and turns]
    left, found, was = kept_of(max(turns, default=0)) & {*turns}, dict[int, tuple[State, State]](), dict[int, State]()

    def look(at: int, call: Call, names: Mapping) -> None:
        if call.number != number or around[at][:1] != around[stop][:1]:
            return
        turn = call.place(line, around)[0][0]
        if turn in left:
            now = copied({name: value for name, value in names.items() if not name.startswith("__")})
            if at == stop:
                left.remove(turn)
                found[turn] = was.get(turn, {}), now
            was[turn] = now

    if turns:
        program.look(look, function, main)
    return found
