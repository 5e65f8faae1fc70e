"""Execution: how the program's code runs, with its statements watched, up to where a page wants to look."""

import builtins
import functools
import sys
import threading
import traceback
import warnings
from collections import ChainMap
from collections.abc import Callable, Mapping
from pathlib import Path
from types import CodeType

from literate.program.failure import ProgramError
from literate.program.goal import Goal
from literate.program.guard import put_back
from literate.program.main import Main, TooMuch, caught, warn_as_in_a_terminal
from literate.program.run import Call, Run
from literate.program.source import Source
from literate.program.syntax import CALL, ENTER, HOOK, Function


class Enough(BaseException):
    """Ends a run, at its stop or when who watches it has seen enough; the program's own handlers do not catch it."""


class Executed(Source):
    """A Source whose code can be executed."""

    @functools.cached_property
    def end(self) -> tuple[Function | None, int]:
        """The function and the first line of the statement that `until` names; None outside of functions, 0 without such a line.

        Raise ProgramError if there is no such line.
        """
        if not isinstance(self.until, str) or not self.until:
            return None, 0
        line = self.find(self.until)[-1]
        return self.inside(line) if self.function_around(range(line, line + 1)) else (None, self.statement_at(line))

    def _hidden(self, local, own):
        """Return a local's name that is also one of the program's own level, which a function reads: it would see the local."""
        names = sorted(self.read_in_functions & local.keys() & own.keys()) if local else []
        return next((name for name in names if local[name] is not own[name]), "")

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

    def looks_into(self, goal: Goal | None = None) -> list[int]:
        """Return the lines of the functions that a run looks into."""
        return sorted({function.lineno for function in (goal and goal.function, self.end[0]) if function})

    def execute(
        self,
        code: CodeType,
        main: Main,
        goal: Goal | None = None,
        seen: Callable[[int, Run], None] | None = None,
        hooks: Mapping[str, Callable] | None = None,
    ) -> Run:
        """Execute code that this Source's text was made to, as `main`, up to a Goal, or to its end; return the Run.

        `seen` is called with a statement's first line and the Run each time one of the program's own level completes; it may
        raise Enough, which ends the run. `hooks` are what else the code calls, by name. Raise ProgramError if it prints too much.
        """
        run, reached, own, over, cut = Run(), dict[str, object](), Call(), False, False
        around, end = self.instrumented(*self.looks_into(goal))[2], self.end[1]

        def enter(function):
            run.calls[function] += 1
            return Call(run.calls[function], function)

        def flush(line):
            if text := printed.take():
                run.printed.append((line, text))
                run.said.append(text)

        def after(line, call=None, value=None):
            nonlocal cut
            if over:  # what is called now, a page calls
                return value
            cut = cut or self.loops.get(line) == line and run.completed[line] == self.until
            if reached or cut:  # and the program may have caught it
                raise Enough
            run.completed[line] += 1
            flush(line)
            inside = call or own
            inside.complete(line, around)
            if seen and not call:
                seen(line, run)
            if goal and (line == goal.line or goal.seen and inside.function == goal.inside):
                names = ChainMap(sys._getframe(1).f_locals if call else {}, space)
                if goal.seen:
                    goal.seen(line, inside, names)
                elif goal.is_here(inside, around):
                    run.call = inside.number if call else 0
                    run.hidden = self._hidden(*names.maps)
                    reached.update(names)
                    raise Enough
            if line == end:
                cut = True
                raise Enough
            return value

        def warn(message, category, filename, lineno, file=None, line=None):
            flush(lineno)
            source = self.lines[lineno - 1] if filename == str(self.path) else line
            text = warnings.formatwarning(message, category, Path(filename).name, lineno, source)
            run.warned.append((lineno, text))
            run.said.append(text)

        # The hook stands among the builtins, so that the program's own names are only its own.
        hooked = {**(hooks or {}), HOOK: after, ENTER: enter}
        run.namespace = space = main.begin(self.path, __builtins__={**vars(builtins), **hooked})
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
                    ended = isinstance(error, Enough) or isinstance(error, SystemExit) and not error.code
                    run.error = None if ended else error
                flush(None)
            except TooMuch as error:
                raise ProgramError(f"{self.name} {error}") from None
        over = True
        if reached:
            space.clear()
            space.update(reached)
            space.pop(CALL, None)
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
