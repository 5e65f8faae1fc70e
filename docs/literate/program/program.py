"""A program: a source file that can be run, to its end or up to a line, like a debugger with a breakpoint behind it."""

import ast
import builtins
import functools
import threading
import traceback
import warnings
from collections import Counter
from collections.abc import Callable, Mapping
from pathlib import Path
from types import CodeType

import numpy as np

from literate.program.failure import ProgramError, describe, line_in
from literate.program.guard import dice_put_back, put_back
from literate.program.main import Main, TooMuch, caught, warn_as_in_a_terminal
from literate.program.run import Run
from literate.program.source import Source
from literate.program.syntax import HOOK


class _Reached(BaseException):
    """Ends a run at its stop; a BaseException, so that the program's own handlers do not catch it."""


class Program(Source):
    """A Source that can be run. What is told of its whole run is told of one that is made once."""

    @property
    def completed(self) -> Counter:
        """How many times each statement completes in a whole run, as a Counter by its first line."""
        return self._whole.completed

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
    ) -> Run:
        """Run the program to its end; call `seen` with a statement's first line and the Run each time one completes.

        It runs as `main`, if that is given; as `code`, if that has more calls in it, of `hooks` by their names. The Run's
        namespace is live: copy what is to be kept. Return the Run. Raise ProgramError if the program fails.
        """
        with dice_put_back():
            return self._reach(main or Main(), None, None, seen, code, hooks)

    def run(self, line: int | None = None, iteration: int | str = "first", main: Main | None = None) -> Run:
        """Run the program until the statement on `line` has completed in an iteration of the outermost loop around it.

        Without `line` it runs to its end. A line without a statement of its own (a comment, a line inside a
        definition) means the last statement that begins at or before it. `iteration` may be "first" or "last": the
        first or the last time that it completes at all. It runs as `main`, if that is given, and leaves its names there.
        Return the Run. Raise ProgramError if the program fails or never gets there.
        """
        main = main or Main()
        stop = line and self.statement_at(line)
        if line and not stop:
            return Run(main.begin(self.path))
        if stop == max(self.statements, default=0) and self.jumps.get(stop) == "break":  # nothing stands behind it
            stop = None
        if keyword := stop and self.jumps.get(stop):
            raise ProgramError(
                f"line {stop} of {self.name} never completes, as {keyword} leads away from it; let the embed end at another line"
            )
        if stop and iteration != "first":
            turns = self.completed[self.loops.get(stop, stop)]
            if isinstance(iteration, int) and turns and not 1 <= iteration <= turns:
                often = "once" if turns == 1 else f"{turns:,} times"
                what = f"is in a loop that turns {often}" if stop in self.loops else f"completes {often}"
                raise ProgramError(
                    f"line {stop} of {self.name} {what}; there is no iteration {iteration:,}; "
                    + ("delete it" if turns == 1 else f"write one from 1 to {turns:,}")
                )
        return self._reach(main, stop, iteration)

    def _reach(self, main, stop, iteration, seen=None, code=None, hooks=None):
        run = self._execute(code or self._instrumented[0], main, stop, iteration, seen, hooks)
        if run.error:
            where = f"{self.name}:{line_in(run.error, self.path)}"
            raise ProgramError(f"{where}: {describe(run.error)}; mend that line") from run.error
        if stop and not run.reached:
            if isinstance(iteration, int) and (turns := self._turns(stop)):
                near = min(turns, key=lambda turn: abs(turn - iteration))
                raise ProgramError(
                    f"line {stop} of {self.name} does not complete in iteration {iteration:,} of its loop; the "
                    f"nearest in which it does is {near:,}; write that"
                )
            raise ProgramError(f"the run ends before line {stop} of {self.name} has completed")
        return run

    def _turns(self, line):
        """Return the iterations of its loop in which a statement completes."""
        found = set()
        self.watch(lambda at, run: found.add(run.completed[self.loops[line]]) if at == line and line in self.loops else None)
        return found

    def attempt(self, main: Main | None = None) -> Run:
        """Run the program as it is, to its end or to its error; return the Run, without what each line did.

        It runs as `main`, if that is given. Raise ProgramError only if it is no Python, or prints too much.
        """
        return self._execute(self.compiled(ast.parse), main or Main())

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
        """Say whether the statement on a line is the last thing that the program does; raise ProgramError if it fails."""
        return line == max(self.statements) and line not in self.loops and self.completed[line] == 1

    @property
    def transcript(self) -> str:
        """What a terminal shows when the program is run."""
        return self.ending.transcript

    def _execute(self, code, main, stop=None, iteration=None, seen=None, hooks=None):
        run, reached = Run(), dict[str, object]()
        counted = self.loops.get(stop, stop) if isinstance(iteration, int) else stop
        times = self.completed[stop] if iteration == "last" else iteration

        def flush(line):
            if text := printed.take():
                run.printed.append((line, text))
                run.said.append(text)

        def after(line):
            if reached:  # and the program has caught it
                raise _Reached
            run.completed[line] += 1
            flush(line)
            if seen:
                seen(line, run)
            if line == stop and (iteration == "first" or run.completed[counted] == times):
                reached.update(space)
                raise _Reached

        def warn(message, category, filename, lineno, file=None, line=None):
            flush(lineno)
            source = self.lines[lineno - 1] if filename == str(self.path) else line
            text = warnings.formatwarning(message, category, Path(filename).name, lineno, source)
            run.warned.append((lineno, text))
            run.said.append(text)

        # The hook stands among the builtins, so that the program's own names are only its own.
        run.namespace = space = main.begin(self.path, __builtins__={**vars(builtins), **(hooks or {}), HOOK: after})
        others = {*threading.enumerate()}
        with (
            put_back() as run.left,
            main.running(self.path, program=True),
            caught("stdout", "stderr") as printed,
            warnings.catch_warnings(),
            main.acting(),
        ):
            warn_as_in_a_terminal("default")
            warnings.showwarning = warn
            try:
                try:
                    exec(code, space)
                    for thread in {*threading.enumerate()} - others:  # a terminal waits for them, too
                        if not thread.daemon:
                            thread.join()
                except TooMuch:
                    raise
                except BaseException as error:  # a program may raise all there is, to end as it likes
                    ended = isinstance(error, _Reached) or isinstance(error, SystemExit) and not error.code
                    run.error = None if ended else error
                flush(None)
            except TooMuch as error:
                raise ProgramError(f"{self.name} {error}") from None
        if reached:
            space.clear()
            space.update(reached)
            run.error, run.reached = None, True
        if run.error:
            run.said.append(self._traceback(run.error))
        space["__builtins__"] = vars(builtins)  # without the hook
        return run

    def _traceback(self, error):
        """Return a traceback as `python nn.py` shows it, from the program's own lines on."""
        frames = [
            traceback.FrameSummary(self.name, frame.lineno, frame.name, line=self.lines[(frame.lineno or 1) - 1])
            for frame in traceback.extract_tb(error.__traceback__)
            if frame.filename == str(self.path)
        ]
        return "".join(
            ["Traceback (most recent call last):\n", *traceback.format_list(frames), *traceback.format_exception_only(error)]
        )


def _is_array(value):
    return isinstance(value, np.ndarray | np.generic)
