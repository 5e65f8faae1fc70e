"""One run of a program: with its output caught, its hooks answered, and all put back that others depend on."""

import builtins
import contextlib
import sys
import threading
import traceback
import warnings
from collections import ChainMap
from collections.abc import Callable, Mapping
from pathlib import Path
from types import CodeType
from typing import TYPE_CHECKING

from literate.program.failure import ProgramError
from literate.program.goal import Goal
from literate.program.guard import put_back
from literate.program.main import Main, TooMuch, caught, warn_as_in_a_terminal
from literate.program.run import Call, Run
from literate.program.syntax import CALL, ENTER, HOOK

if TYPE_CHECKING:
    from literate.program.program import Program


class Enough(BaseException):
    """Ends a run, at its stop or when who watches it has seen enough; the program's own handlers do not catch it."""


def execute(
    program: "Program",
    code: CodeType,
    main: Main,
    goal: Goal | None = None,
    seen: Callable[[int, Run], None] | None = None,
    hooks: Mapping[str, Callable] | None = None,
) -> Run:
    """Run a program's code as `main`, up to a goal if there is one, and return the Run.

    `seen` is told of each completion at the program's own level, with the Run. `hooks` are what else the code calls, by their
    names. Raise ProgramError if it prints too much.
    """
    run, reached, own, over, cut = Run(), dict[str, object](), Call(), False, False
    around, end = program.instrumented(*program.looked_into(goal))[2], program.end[1]

    def enter(function):
        run.calls[function] += Main.active
        return Call(run.calls[function], function)

    def flush(line):
        if text := printed.take():
            run.printed.append((line, text))
            run.said.append(text)
        return text

    def after(line, call=None, *returned):
        nonlocal cut
        value = returned[0] if returned else None
        if over or not Main.active:  # what is called now, a page calls, or who looks, to say an object for example
            return value
        cut = cut or program.loops.get(line) == line and run.completed[line] == program.until
        if reached or cut:  # and the program may have caught it
            raise Enough
        run.completed[line] += 1
        inside = call or own
        inside.printed = flush(line)
        inside.complete(line, around)
        if seen and not call:
            Main.active = False
            try:
                seen(line, run)
            finally:
                Main.active = True
        if goal and (line == goal.line or goal.seen and inside.function in goal.told):
            names = ChainMap(sys._getframe(1).f_locals if call else {}, space)
            if returned and goal.functions:
                names.maps[0] = {**names.maps[0], "return": value}
            if goal.seen:
                Main.active = False
                try:
                    goal.seen(line, inside, names)
                finally:
                    Main.active = True
            elif goal.is_here(inside, around):
                run.call = inside.number if call else 0
                run.turns = inside.place(line, around)[0]
                run.hidden = _hidden(program, *names.maps)
                reached.update(names)
                raise Enough
        if line == end:
            cut = True
            raise Enough
        return value

    def warn(message, category, filename, lineno, file=None, line=None):
        flush(lineno)
        source = program.lines[lineno - 1] if filename == str(program.path) else line
        text = warnings.formatwarning(message, category, Path(filename).name, lineno, source)
        run.warned.append((lineno, text))
        run.said.append(text)

    # The hook stands among the builtins, so that the program's own names are only its own.
    run.namespace = space = main.begin(program.path, __builtins__={**vars(builtins), **(hooks or {}), HOOK: after, ENTER: enter})
    others = {*threading.enumerate()}
    with (
        put_back() as run.left,
        main.running(program.path, program=True),
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
            except SystemExit as error:  # which is what completes then
                run.error = error if error.code else None
                if not error.code and (lines := [frame.lineno for frame in _own(program, error)]):
                    with contextlib.suppress(Enough):
                        after(program.statement_at(lines[0] or 0))
            except BaseException as error:  # a program may raise all there is, to end as it likes
                run.error = None if isinstance(error, Enough) else error
            flush(None)
        except TooMuch as error:
            mend = "" if program.until else ", or cut it, with `until:` in the front matter of the page that lists it"
            raise ProgramError(f"{program.name} {error}{mend}") from None
    over = True
    if reached:
        space.clear()
        space.update(reached)
        space.pop(CALL, None)
        run.error, run.reached = None, True
    if run.error:
        run.said.append(_traceback(program, run.error))
    space["__builtins__"] = vars(builtins)  # without the hook
    return run


def _traceback(program, error):
    """Return a traceback as Python shows it, from the program's own lines on."""
    frames = [
        traceback.FrameSummary(program.name, frame.lineno, frame.name, line=program.lines[(frame.lineno or 1) - 1])
        for frame in _own(program, error)
    ]
    return "".join(
        ["Traceback (most recent call last):\n", *traceback.format_list(frames), *traceback.format_exception_only(error)]
    )


def _own(program, error):
    """Return the frames of the program that an error has passed through, the outermost first."""
    return [frame for frame in traceback.extract_tb(error.__traceback__) if frame.filename == str(program.path)]


def _hidden(program, local, own):
    """Return a local's name that is also one of the program's own level, which a function reads: it would see the local."""
    names = sorted(program.read_in_functions & local.keys() & own.keys()) if local else []
    return next((name for name in names if local[name] is not own[name]), "")
