"""A session: the state that a page has reached, as its blocks are run from top to bottom."""

import ast
import contextlib
import functools
import io
import os
import types
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

from literate.look import moments, moments_inside
from literate.page import Code, Embed, Live, Page, WhatIf
from literate.program import Program, Run, describe, line_in
from literate.program.change import ChangeError, Row, apply, compared
from literate.record import Recording
from literate.state import code as fences
from literate.state import expression as expressions
from literate.state.outcome import Outcome, OutputError, quoted
from literate.state.reached import PROGRAMS, Reached, Stop

os.environ.setdefault("MPLBACKEND", "svg")  # no window, wherever the pages are played


class Session(Reached):
    """Runs one page.

    If the page's front matter says `after: text of a line`, it begins where that line has completed, without an embed.
    """

    def __init__(self, page: Page, programs: str | Path = PROGRAMS, at: Callable[[int], None] = lambda line: None):
        super().__init__(page, programs, at)
        self.changed: Program | None = None  # the program as the what-if above has made it
        self.claims: list[tuple[int, Any]] = []  # each that has been weighed: its line, and what it came to
        self.began = Run()  # up to where the page begins
        self._figures: set[str] = set()  # the names of those that have been drawn

    def begin(self) -> None:
        """Go to where the page begins; raise PageError if its front matter names no such place."""
        if after := self.page.meta.get("after"):
            self.at(line := self.page.line_of("after"))
            self.began = self._reach(line, *self.find(line, after))

    def find(self, line: int, selector: str, name: str | None = None) -> tuple[Program, range]:
        """Return the program and the range of its lines that a selector means."""
        program = self.program(line, name)
        return program, self.ask(line, program.find, selector)

    def run(self, block: Live) -> Outcome:
        """Run a Live block and return what it gave; raise PageError if it fails.

        It fails if it raises or warns (unless it is a what-if, whose output shows that), if the page shows another
        output than it printed, and if the page does not show what a fence printed, or a what-if differently.
        """
        self.at(block.line)
        outcome = self._gave(block)
        printed = outcome.printed
        if block.output and not printed:
            raise self.page.error(block.output.line, "nothing is printed here; delete this output, or print something above it")
        if printed and not printed.endswith("\n") and (block.output or isinstance(block, Code)):
            raise self.page.error(
                block.line,
                f"the last line that this prints ({quoted(printed.splitlines()[-1])}) does not end; print it with a line end",
            )
        if block.output and printed != block.output.text:
            raise OutputError(self.page.path, block.output, printed)
        seen = isinstance(block, Embed) or isinstance(block, WhatIf) and printed == self.program(block.line).transcript
        if printed and not block.output and not seen:
            raise self.page.error(
                block.line,
                f"the page does not show what this prints ({quoted(printed.splitlines()[0])}, "
                "to begin with); add an output fence below it",
            )
        return outcome

    def _gave(self, block: Live) -> Outcome:
        match block:
            case Code():
                return fences.run(self, block, self._figures)
            case Embed():
                return self._embed(block)
            case WhatIf():
                return self._what_if(block)
        return Outcome("")

    def stop(self, line: int) -> Stop:
        """Return where the page's last embed has stopped; raise PageError if it has none."""
        if not self.stopped:
            raise self.page.error(
                line,
                "a network is drawn as it is after a line of the program; put this below an embed, or "
                "let the page begin after a line, with `after:` in the front matter",
            )
        if self.stopped.call:
            raise self.page.error(
                line,
                "a network is drawn of what a program has bound outside of its functions; put this below an embed of such a line",
            )
        return self.stopped

    @property
    def goes_by_call(self) -> bool:
        """Whether what is asked for at every iteration is found in the calls of a function: its line is in no loop there."""
        if not self.stopped or not self.stopped.call:
            return False
        function, stop = self.stopped.program.inside(self.stopped.line)
        return not self.stopped.program.instrumented(function.lineno)[2][stop]

    def at_every_iteration(self, line: int) -> Iterator[tuple[int, dict]]:
        """Yield each iteration that the recording keeps, and the namespace that the page would have here in it.

        It is what the program had bound after the line that the page has reached, and what the page's fences make of
        that. `was` holds what the program's names were before that line. In a function's line that is in no loop there, its
        calls take the place of iterations. Raise PageError if there is neither.
        """
        stop, seen, defined = self._moments(line)
        for iteration, (before, after) in seen.items():
            namespace = {**stop.own, "was": types.SimpleNamespace(**before), **after}
            namespace |= {name: value for name, value in defined.items() if name in namespace}
            with self.holding(namespace):
                for block in stop.fences:
                    with contextlib.redirect_stdout(io.StringIO()):
                        try:
                            exec(fences.compiled(self, block), self.namespace)
                        except Exception as error:
                            raise fences.failure(self, block, error) from error
            yield iteration, namespace

    def _moments(self, line: int) -> tuple[Stop, dict, dict]:
        """Return where the page has stopped, what was bound there by iteration, before and after, and what is defined there."""
        stop, defined = self.stopped, dict[str, Any]()
        if stop and stop.call:
            with self.holding({}):
                return stop, self.ask(line, moments_inside, stop.program, stop.line, stop.call, self.main), defined
        if not stop or stop.line not in stop.program.loops:
            raise self.page.error(line, "a ledger goes through the iterations of a loop; put it below an embed of a line in one")
        recording = self.ask(line, Recording.of, stop.program)
        if not recording.objects:  # what is defined in the program and in fences sees the names of here
            defined = {name: value for name, value in self.namespace.items() if getattr(value, "__module__", "") == "__main__"}
        with self.holding({}):
            return stop, self.ask(line, moments, recording, stop.line, self.main), defined

    def value(self, line: int, expression: str, namespace: dict | None = None) -> str:
        """Return an expression, which may end in a format (`l1[0, 0]:.4f`), as text: here, or in another namespace."""
        return expressions.value(self, line, expression, namespace)

    def evaluate(self, line: int, code: str, said: str, namespace: dict | None = None) -> Any:
        """Return what an expression comes to, here or in another namespace; an error names it as `said`.

        `history` in it is the History of the program that has brought the page here, if nothing else has that name.
        """
        return expressions.evaluate(self, line, code, said, namespace)

    @functools.cached_property
    def own_names(self) -> set[str]:
        """The names that the page's fences use, run or not: prose may speak of them."""
        return {
            node.id
            for block in self.page.blocks
            if isinstance(block, Code)
            for node in ast.walk(fences.compiled(self, block, ast.PyCF_ONLY_AST))
            if isinstance(node, ast.Name)
        }

    def _embed(self, block: Embed) -> Outcome:
        program, lines = self.find(block.line + 1, block.selector, block.program)
        rows: tuple[Row, ...] = ()
        if block.against is not None:
            rows = compared(self.program(block.line, block.against), program)
            if not rows:
                raise self.page.error(
                    block.line,
                    f'{block.against} is the same as {program.name}; name another, or delete against="{block.against}"',
                )
        with fences.drawing(self, block, self._figures) as take:
            run = self._reach(block.line, program, lines, block.iteration, block.call, draws=bool(block.figure))
            picture = take()
        return Outcome(run.output(lines), program, lines, run, compared=rows, picture=picture)

    def _reach(
        self,
        line: int,
        program: Program,
        lines: range,
        iteration: tuple[int, ...] | str = "first",
        call: int | str = "",
        draws: bool = False,
    ) -> Run:
        """Run the program until its `lines` have completed, the whole of it to its end, and make that the page's state."""
        call = call or (self.ask(line, program.function_around, lines) and "first")
        stop, self.ahead = program.statement_at(lines[-1]), None
        to = None if len(lines) == len(program.lines) and iteration == "first" else lines[-1]
        known = not (call or draws) and iteration in ((1,), "first", "last")
        if known and self.ask(line, program.ends_at, stop if to else 0):
            run = program.ending  # only its names are missing
            self.ahead = lambda: program.run(to, "first", self.main)
        else:
            run = self.ask(line, program.run, to, iteration, self.main, call)
        for number, text in run.warned:
            raise self.page.error(line, f"{text.splitlines()[0]}; mend line {number} of the program")
        self.nothing_left(line, program.name, run.left)
        if not self.ahead:
            self.enter()
        self.ran = program
        self.stopped = Stop(program, lines[-1] if run.call else stop, run.call, dict(self.own), [], run)
        return run

    def _what_if(self, block: WhatIf) -> Outcome:
        if block.continues and not self.changed:
            raise self.page.error(block.line, 'no what-if stands above this one; delete continues="above"')
        program = self.changed if block.continues and self.changed else self.program(block.line)
        try:
            self.changed, lines = apply(program, block.text)
        except ChangeError as error:
            raise self.page.error(block.line + 1 + error.line, str(error)) from error
        self.ahead, self.stopped = None, None
        run = self.ask(block.line, self.changed.attempt, self.main)
        self.ran = self.changed
        self.nothing_left(block.line, "this what-if", run.left)
        raised = type(run.error).__name__ if run.error else None
        if raised != block.raises:
            if run.error:
                raise self.page.error(
                    block.line,
                    f"this what-if ends in {describe(run.error)} on line "
                    f'{line_in(run.error, program.path)}; if it is to, write ```diff raises="{raised}"',
                )
            raise self.page.error(block.line, f'this what-if ends without a {block.raises}; delete raises="{block.raises}"')
        self.enter()
        return Outcome(run.transcript, self.changed, run=run, changed=tuple(lines))
