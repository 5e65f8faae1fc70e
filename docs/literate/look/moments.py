"""Moments: what a program had bound before and after one of its lines, in each iteration that its recording keeps."""

from collections.abc import Callable, Mapping
from typing import Any

from literate.program import Program
from literate.program.main import Main
from literate.program.run import Call
from literate.record import Recording, kept_of
from literate.values import copied

State = dict[str, Any]
Seen = Callable[[int, int, Mapping], None]  # is told a line, the iteration in which it has completed, and the names


def moments(recording: Recording, line: int, main: Main) -> dict[int, tuple[State, State]]:
    """Return what was bound before a statement of a loop and after it, by the kept iterations that it completes in.

    Nothing was before a loop's header. If objects are among the values, the program is run again, as `main`, to copy
    them there: what they hold is not in the recording.
    """
    pairs = [pair for pair in zip(recording.steps, recording.steps[1:]) if pair[1].line == line]
    if not recording.objects:
        return {
            after.iteration: (copied(before.state if before.iteration == after.iteration else {}), copied(after.state))
            for before, after in pairs
        }
    program, loop = recording.program, recording.program.loops[line]
    lines = {at for at, around in program.loops.items() if around == loop}

    def watch(seen: Seen) -> None:
        program.watch(lambda at, run: seen(at, run.completed[loop], run.namespace) if at in lines else None, main)

    return _copies(watch, line, {after.iteration for _, after in pairs})


def moments_inside(program: Program, line: int, number: int, main: Main) -> dict[int, tuple[State, State]]:
    """Return the same for a statement of a function in one call of it, by the turns of the outermost loop around it there.

    Of a statement in no loop, it is the same in its first completion in each call, by the calls. The turns that are kept, or the
    calls, are those that a recording would keep.
    """
    function, stop = program.inside(line)
    around = program.instrumented(function.lineno)[2]
    places = [(call, turns) for call, turns, _ in program.places(stop, function)]
    counts = {turns[0] for call, turns in places if call == number} if around[stop] else {call for call, _ in places}

    def watch(seen: Seen) -> None:
        def look(at: int, call: Call, names: Mapping) -> None:
            if not around[stop]:
                seen(at, call.number, names)
            elif call.number == number and around[at][:1] == around[stop][:1]:
                seen(at, call.place(at, around)[0][0], names)

        program.look(look, function, main)

    return _copies(watch, stop, counts & kept_of(max(counts)))


def _copies(watch: Callable[[Seen], None], line: int, kept: set[int]) -> dict[int, tuple[State, State]]:
    """Return copies of what was bound before a statement and after it, by the iteration.

    To copy takes long where objects hold each other. So the program is run twice: to find the moments, and to copy at them.
    """
    before, after = dict[int, int](), dict[int, int]()  # the iteration, by how many statements have completed
    states: dict[int, list[State]] = {turn: [{}, {}] for turn in kept}
    count, last = 0, (0, 0)  # the turn and the number of what has completed last

    def find(at: int, turn: int, names: Mapping) -> None:
        nonlocal count, last
        count += 1
        if at == line and turn in kept and turn not in after.values():
            after[count] = turn
            if last[0] == turn:
                before[last[1]] = turn
        last = turn, count

    def copy(at: int, turn: int, names: Mapping) -> None:
        nonlocal count
        count += 1
        if count in before or count in after:
            now = copied({name: value for name, value in names.items() if not name.startswith("__")})
            if count in before:
                states[before[count]][0] = now
            if count in after:
                states[after[count]][1] = now

    watch(find)
    count = 0
    watch(copy)
    return {turn: (states[turn][0], states[turn][1]) for turn in after.values()}
