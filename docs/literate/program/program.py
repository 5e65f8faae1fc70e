"""A program: a source file that can be run, to its end or up to a line, like a debugger with a breakpoint behind it."""

import ast
import functools
from collections import Counter
from collections.abc import Callable, Mapping
from types import CodeType

import numpy as np

from literate.program.execution import execute
from literate.program.failure import ProgramError, describe, line_in
from literate.program.goal import MOST_PLACES, Goal, Iteration, Looker, Place, times, why_never
from literate.program.guard import dice_put_back
from literate.program.main import Main
from literate.program.run import Call, Run
from literate.program.source import Source
from literate.program.syntax import Function


class Program(Source):
    """A Source that can be run. What is told of its whole run is told of one that is made once."""

    @property
    def completed(self) -> Counter:
        """How many times each statement completes in a whole run, as a Counter by its first line."""
        return self._whole.completed

    @functools.cached_property
    def end(self) -> tuple[Function | None, int]:
        """The function and the first line of the statement that `until` names; None outside of functions, 0 without such a line.

        Raise ProgramError if there is no such line.
        """
        if not isinstance(self.until, str) or not self.until:
            return None, 0
        line = self.find(self.until)[-1]
        return self.inside(line) if self.function_around(range(line, line + 1)) else (None, self.statement_at(line))

    @functools.cached_property
    def variables(self) -> list[str]:
        """The names of the arrays that the program has bound when it ends, in the order in which it first bound them."""
        return [name for name, value in self._whole.namespace.items() if _is_array(value)]

    @functools.cached_property
    def attributes(self) -> set[str]:
        """Every attribute of every value that the program has bound when it ends."""
        bound = [value for name, value in self._whole.namespace.items() if not name.startswith("__")]
        return {name for value in bound for name in dir(value)}

    def watch(
        self,
        seen: Callable[[int, Run], None],
        main: Main | None = None,
        code: CodeType | None = None,
        hooks: Mapping[str, Callable] | None = None,
        inner: Looker | None = None,
        functions: tuple[int, ...] = (),
    ) -> Run:
        """Run the program to its end; call `seen` with a statement's first line and the Run each time one completes.

        It runs as `main`, if that is given; as `code`, if that has more calls in it, of `hooks` by their names. `inner` is told
        the same of the functions whose `def` stands on some lines, as by `look`. The Run's
        namespace is live: copy what is to be kept. If `seen` raises Enough, the run ends. Return the Run. Raise ProgramError if
        the program fails.
        """
        with dice_put_back():
            goal = Goal(0, "first", seen=inner, functions=functions) if functions else None
            return self._reach(main or Main(), goal, seen, code, hooks)

    def run(self, line: int | None = None, iteration: Iteration = "first", main: Main | None = None, call: int | str = "") -> Run:
        """Run the program until the statement on `line` has completed in an iteration of the loops around it.

        Without `line` it runs to its end. A line without a statement of its own (a comment, a line inside a
        definition) means the last statement that begins at or before it. `iteration` is the turn of the outermost loop, or
        those of the first loops from the outermost in; or "first" or "last": the first or the last time that it completes at
        all. With `call`, the line stands in a function: a number, "first" or "last" says in which call of it; its locals are
        then among the names. It runs as `main`, if that is given, and leaves its names there. Return the Run. Raise
        ProgramError if the program fails or never gets there.
        """
        main = main or Main()
        if call and line:
            return self._run_inside(line, iteration, main, call)
        stop = line and self.statement_at(line)
        if line and not stop:
            return Run(main.begin(self.path))
        if stop == max(self.statements, default=0) and stop in self.jumps and iteration == "first":  # nothing stands behind it
            stop = None
        if not stop:
            return self._reach(main)
        self._check_completes(stop)
        if iteration == "first":
            return self._reach(main, Goal(stop, iteration))
        turns = (iteration,) if isinstance(iteration, int) else iteration
        if isinstance(turns, tuple) and (often := self.completed[self.loops.get(stop, stop)]) and not 1 <= turns[0] <= often:
            what = f"is in a loop that turns {times(often)}" if stop in self.loops else f"completes {times(often)}"
            raise ProgramError(
                f"line {stop} of {self.name} {what}; there is no iteration {turns[0]:,}; "
                + ("delete it" if often == 1 else f"write one from 1 to {often:,}")
            )
        return self._reach(main, Goal(stop, turns, last=self.completed[stop]))

    def _run_inside(self, line, iteration, main, call):
        function, stop = self.inside(line)
        self._check_completes(stop)
        turns = (iteration,) if isinstance(iteration, int) else iteration
        last = 0
        if "last" in (call, turns):
            places = self.places(stop, function)
            if call == "last":
                call = max((number for number, _, _ in places), default=1)
            elif call == "first":
                call = next((number for number, _, _ in places), 1)
            last = max((often for number, _, often in places if number == call), default=0)
        return self._reach(main, Goal(stop, turns, function, 0 if call == "first" else call, last))

    def inside(self, line: int) -> tuple[Function, int]:
        """Return the function that a line stands in, and the first line of the statement of it that has completed then.

        Raise ProgramError if it stands in none, or before the first.
        """
        function = self.function_around(range(line, line + 1))
        if not function:
            raise ProgramError(f"line {line} of {self.name} stands in no function; delete call=")
        stop = max((first for first in self.instrumented(function.lineno)[1] if function.lineno < first <= line), default=0)
        if not stop:
            raise ProgramError(
                f"nothing of {function.name} has run at line {line} of {self.name}; let the embed end further down"
            )
        return function, stop

    def _check_completes(self, stop):
        if keyword := self.jumps.get(stop):
            raise ProgramError(
                f"line {stop} of {self.name} never completes, as {keyword} leads away from it; let the embed end at another line"
            )

    def _reach(self, main, goal=None, seen=None, code=None, hooks=None):
        run = execute(self, code or self.instrumented(*self.looked_into(goal))[0], main, goal, seen, hooks)
        if run.error:
            where = f"{self.name}:{line_in(run.error, self.path)}"
            raise ProgramError(f"{where}: {describe(run.error)}; mend that line") from run.error
        if run.hidden and goal:
            raise ProgramError(
                f"`{run.hidden}` of {goal.function.name} hides another `{run.hidden}` of {self.name}, which a function reads; "
                "a page cannot show both, so rename one of them"
            )
        if goal and not goal.seen and not run.reached:
            raise ProgramError(why_never(self, goal))
        return run

    def places(self, line: int, function: Function | None = None) -> list[Place]:
        """Return each Place in which a statement completes: of a function, or of the program's own level."""
        found = list[Place]()
        around = self.instrumented(*([function.lineno] if function else []))[2]

        def seen(at: int, call: Call, names: Mapping) -> None:
            if at == line and len(found) < MOST_PLACES:
                found.append((call.number, *call.place(line, around)))

        self.look(seen, function)
        return found

    def look(self, seen: Looker, function: Function | None = None, main: Main | None = None) -> Run:
        """Run the program to its end; call `seen` with a statement's first line, its Call and the names, as each completes.

        Only those of the function are seen, with its locals among the names; without one, those of the program's own level.
        Return the Run. Raise ProgramError if the program fails.
        """
        with dice_put_back():
            return self._reach(main or Main(), Goal(0, "first", function, seen=seen))

    def calls(self, function: Function) -> int:
        """Return how often a function is called in a whole run."""
        return self.look(lambda line, call, names: None, function).calls[function.lineno]

    def looked_into(self, goal: Goal | None = None) -> list[int]:
        """Return the lines of the functions that a run looks into."""
        lines = {function.lineno for function in (goal and goal.function, self.end[0]) if function}
        return sorted(lines.union(goal.functions if goal else ()))

    def attempt(self, main: Main | None = None) -> Run:
        """Run the program as it is, to its end or to its error; return the Run, without what each line did.

        It runs as `main`, if that is given. Raise ProgramError only if it is no Python, or prints too much.
        """
        code = self.instrumented(*self.looked_into())[0] if self.until else self.compiled(ast.parse)
        return execute(self, code, main or Main())

    @functools.cached_property
    def _whole(self):
        with dice_put_back():
            return self.run()

    @functools.cached_property
    def ending(self) -> Run:
        """The Run of the program as it is, to its end or to its error, made once: look at it, and change nothing in it."""
        try:
            return self._whole  # which is known already, mostly
        except ProgramError:
            with dice_put_back():
                return self.attempt()

    def ends_at(self, line: int) -> bool:
        """Say whether a line's statement, or 0 for the end, is the last that the program does; raise ProgramError if it fails."""
        completed = self.completed
        return not line or line == max(self.statements) and line not in self.loops and completed[line] == 1

    @property
    def transcript(self) -> str:
        """What a terminal shows when the program is run."""
        return self.ending.transcript


def _is_array(value):
    return isinstance(value, np.ndarray | np.generic)
