"""One run of a program: with its output caught, its hooks answered, and all put back that others depend on."""

import builtins
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
        cut = cut or program.loops.get(line) == line and run.completed[line] == program.until
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
            except BaseException as error:  # a program may raise all there is, to end as it likes
                ended = isinstance(error, Enough) or isinstance(error, SystemExit) and not error.code
                run.error = None if ended else error
            flush(None)
        except TooMuch as error:
            raise ProgramError(f"{program.name} {error}") from None
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
        for frame in traceback.extract_tb(error.__traceback__)
        if frame.filename == str(program.path)
    ]
    return "".join(
        ["Traceback (most recent call last):\n", *traceback.format_list(frames), *traceback.format_exception_only(error)]
    )


def _hidden(program, local, own):
    """Return a local's name that is also one of the program's own level, which a function reads: it would see the local."""
    names = sorted(program.read_in_functions & local.keys() & own.keys()) if local else []
    return next((name for name in names if local[name] is not own[name]), "")
