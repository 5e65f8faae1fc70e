"""A recording of what a reader has written, as far as it came: made in their browser, where this very room is shipped to."""

import json
import math
import time
from collections import Counter
from collections.abc import Callable, Mapping
from functools import cached_property
from pathlib import Path
from types import CodeType

from literate.look.cells import filled
from literate.program import Program, Run, describe, line_in
from literate.program.execution import execute
from literate.program.goal import Goal, Looker
from literate.program.main import Main
from literate.record.file import as_text
from literate.record.recording import Recording

SECONDS = 20.0  # for which a program may run until it is taken for one without an end
ROOMS = ("values", "program", "record", "look")  # what is shipped


def shipped() -> str:
    """Return the text of all modules that this one needs, by their paths, as JSON."""
    engine = Path(__file__).parents[1]
    files = [engine / "__init__.py", *(path for room in ROOMS for path in sorted((engine / room).glob("*.py")))]
    return json.dumps({path.relative_to(engine.parent).as_posix(): path.read_text(encoding="utf-8") for path in files})


def recorded(name: str, text: str, seconds: float = SECONDS, until: tuple[int, int] | None = None, asked: str = "") -> str:
    """Return the recording of a program as JSON text, as far as it came, with two more names: `text`, the program's, and `ended`,
    in words how it ended if it was not by itself. With `until`, the first line of an outermost loop and an iteration, it goes no
    further than that, however long it takes. Raise ProgramError if it is no Python, or prints too much.

    `asked` is JSON of what a page shows of the site's program: the `text` of that one, the `lines` behind which there is
    something, and its `ledgers` (cells.py). Then there are two names more: `lines`, those of the reader's program by those of
    the site's, null where there is none, and `ledgers`, what each comes to, or null.
    """
    program = _Bounded(name, text)
    program.seconds = seconds
    if until:
        program.seconds, program.last = math.inf, until
    file = json.loads(as_text(Recording.of(program)))
    file |= {"text": text, "ended": program.ended}
    if asked:
        page = json.loads(asked)
        site = Program(name, page["text"])
        file["lines"] = lines = {line: in_the_place_of(site, line, program) for line in page["lines"]}
        file["ledgers"] = [
            filled(program, line, ledger) if (line := lines[ledger["line"]]) else None for ledger in page["ledgers"]
        ]
    return json.dumps(file, separators=(",", ":"))


def in_the_place_of(site: Program, line: int, own: Program) -> int | None:
    """Return the line that a statement of the site's program has become in a reader's: the one with its text, or else the
    last that binds what it binds; None if there is none that the recording keeps a step of, or if one of the two is in a
    loop and the other is not.
    """
    kept = {step.line for step in Recording.of(own).steps}
    text, binds = site.lines[line - 1].strip(), site.uses[line][0]
    same = [first for first in own.uses if own.lines[first - 1].strip() == text]
    like = [first for first, (bound, _) in own.uses.items() if binds and bound >= binds]
    found = [first for first in same[:1] or like[-1:] if first in kept and (first in own.loops) == (line in site.loops)]
    return found[0] if found else None


class _Enough(BaseException):
    """Ends a program that has run for long enough; no handler of a program is meant for it."""


class _Done(BaseException):
    """Ends a program where it was to end."""


class _Bounded(Program):
    """A Program that is watched as far as it comes, whatever ends it, and twice as far."""

    seconds = SECONDS
    last = 0, 0  # the first line of a loop, and its iteration to end with
    ended = ""

    @cached_property
    def completed(self) -> Counter:
        """How many times each statement completed until the program ended, or its time was over."""
        end, (loop, last) = time.monotonic() + self.seconds, self.last

        def look(line: int, run: Run) -> None:
            if run.completed[loop] > last:
                run.completed[loop] = last  # the iteration behind it has just begun
                raise _Done
            if time.monotonic() > end:
                raise _Enough

        run = execute(self, self.instrumented()[0], Main(), seen=look)
        if isinstance(run.error, _Done):
            return run.completed
        if isinstance(run.error, _Enough):
            self.ended = f"It was ended after {self.seconds:g} seconds."
        elif run.error:
            self.ended = f"{describe(run.error)}, on line {line_in(run.error, self.path)}."
        return run.completed

    def watch(
        self,
        seen: Callable[[int, Run], None],
        main: Main | None = None,
        code: CodeType | None = None,
        hooks: Mapping[str, Callable] | None = None,
        inner: Looker | None = None,
        functions: tuple[int, ...] = (),
    ) -> Run:
        """Run the program as far as it came the first time, and tell of it as a Program does; return the Run."""
        left = self.completed.total()

        def look(line: int, run: Run) -> None:
            nonlocal left
            if not left:
                raise _Enough
            left -= 1
            seen(line, run)

        goal = Goal(0, "first", seen=inner, functions=functions) if functions else None
        return execute(self, code or self.instrumented(*functions)[0], main or Main(), goal, look, hooks)
