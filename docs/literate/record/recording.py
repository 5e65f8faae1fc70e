"""A recording: one run of a program, with the values after each line at the iterations that are kept."""

import ast
import functools
from dataclasses import dataclass
from typing import Any

from literate.program import Program
from literate.program.syntax import Uses, watched
from literate.record.calls import Called, Calls
from literate.record.inside import Listener
from literate.record.parts import Place, marked
from literate.record.step import Step, kept_of
from literate.values import Said, take


@dataclass(frozen=True)
class Recording:
    """What `steps` a run of `program` took, in order, as far as they are kept.

    Of a loop, only some iterations are: the first ten, then evenly on a logarithmic scale, and the last. Of a
    statement that completes several times in one iteration, the first time is kept.
    """

    program: Program
    steps: tuple[Step, ...]
    places: tuple[Place, ...] = ()  # what stands inside of the steps, by the numbers there
    calls: tuple[Called, ...] = ()  # of the functions whose work has many turns

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


@functools.lru_cache(maxsize=8)
def _record(program):
    loops = program.loops
    kept = {first: kept_of(program.completed[first]) for first in set(loops.values())}
    # The step before a kept one is needed too, to tell what changed, and its end is where a condition of the kept one stands.
    needed = {first: turns | {turn - 1 for turn in turns} for first, turns in kept.items()}
    steps, seen = list[Step](), set[tuple[int, int]]()
    state: dict[str, Any] = {}
    places, uses = list[Place](), Uses()
    space: dict[str, Any] = {}
    told = 0  # how many pieces of what was printed

    def parse(text):
        tree = ast.parse(text)
        found = marked(tree, text)
        places.extend(found[0])
        uses.update(found[1])
        return watched(tree, {*program.looked_into(), *calls.functions}, {}, {})

    calls = Calls(program)
    code = program.compiled(parse)
    listener = Listener(places, uses)

    def after(line, run):
        nonlocal state, space, told
        iteration = run.completed[loops[line]] if line in loops else 0
        heard, space = listener.take(), run.namespace["__builtins__"]
        pieces, told = run.printed[told:], len(run.printed)  # by this line, or by the functions that it called
        listener.listen(not iteration or iteration in needed[loops[line]], space)
        if not listener.open:
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
        printed = "".join(text for _, text in pieces) if not iteration else ""
        steps.append(Step(line, iteration, state, changed, printed, heard))

    program.watch(after, code=code, hooks=listener.hooks, inner=calls.seen, functions=(*calls.functions,))
    listener.listen(False, space)  # what functions do that are called later is no part of the run
    return Recording(program, tuple(steps), tuple(listener.places), calls.done())
