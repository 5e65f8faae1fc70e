"""A session: the state that a page has reached, as its blocks are run from top to bottom."""

import ast
import contextlib
import difflib
import functools
import io
import os
import re
import sys
import types
import warnings
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any, NamedTuple

from literate.look import moments
from literate.page import Code, Embed, Live, Page, PageError, WhatIf
from literate.program import History, Program, ProgramError, Run, describe, line_in
from literate.program.change import ChangeError, Row, apply, compared
from literate.program.guard import put_back
from literate.program.main import Main, TooMuch, caught, warn_as_in_a_terminal
from literate.record import Recording
from literate.state.outcome import Outcome, OutputError, quoted

PROGRAMS = "snippets"  # the folder of the programs, from where the command is typed

os.environ.setdefault("MPLBACKEND", "svg")  # no window, wherever the pages are played


class Stop(NamedTuple):
    """Where the page's last embed has stopped."""

    program: Program
    line: int  # the first of the statement that has completed last
    own: dict  # what the page had named before
    fences: list[Code]  # that have run since


class Session:
    """Runs one page.

    `namespace` holds what the page has reached: the names that the program has bound where its last embed
    stopped, and those that the page's own fences have bound. A page whose front matter says `after: text of a
    line` begins where that line has completed, without an embed.
    """

    def __init__(self, page: Page, programs: str | Path = PROGRAMS, at: Callable[[int], None] = lambda line: None):
        self.page = page
        self.programs = Path(programs)
        self.at = at  # is told of each line of the page before it is run
        self.main = Main()  # what the programs and the fences run as, one after the other
        self.main.begin(page.path)
        self._ahead: Callable[[], Any] | None = None  # what brings the names to where the page has got, once they are asked for
        self._figures: set[str] = set()  # the names of those that have been drawn
        self._own: dict[str, Any] = {}
        self._stop: Stop | None = None
        self.changed: Program | None = None  # the program as the what-if above has made it
        self.claims: list[tuple[int, Any]] = []  # each that has been weighed: its line, and what it came to
        self._program: Program | None = None  # the one whose run the state is of

    @property
    def namespace(self) -> dict[str, Any]:
        """What the page has reached: names and values."""
        if ahead := self._ahead:
            self._ahead = None
            ahead()
            self._enter()
        return self.main.namespace

    @property
    def _path(self) -> Path:
        """The file that the page's code seems to stand in."""
        return self._program.path if self._program else self.programs / self.page.path.name

    def begin(self) -> None:
        """Go to where the page begins; raise PageError if its front matter names no such place."""
        if after := self.page.meta.get("after"):
            self.at(line := self.page.line_of("after"))
            self._reach(line, *self.find(line, after), "first")

    def program(self, line: int, name: str | None = None) -> Program:
        """Return a Program: the named one, or the page's own. Raise PageError, at `line`, if there is none."""
        wanted = name or self.page.program
        if not wanted:
            raise self.page.error(line, "the page names no program; write `program: its-file.py` in its front matter")
        line = line if name else self.page.line_of("program")
        return self._ask(line, Program.read, self.programs / wanted)

    def find(self, line: int, selector: str, name: str | None = None) -> tuple[Program, range]:
        """Return the program and the range of its lines that a selector means."""
        program = self.program(line, name)
        return program, self._ask(line, program.find, selector)

    def run(self, block: Live) -> Outcome:
        """Run a Live block and return what it gave; raise PageError if it fails.

        It fails if it raises or warns (unless it is a what-if, whose output shows that), if the page shows another
        output than it printed, and if the page does not show what a fence printed, or a what-if differently.
        """
        self.at(block.line)
        outcome = (
            self._code(block)
            if isinstance(block, Code)
            else self._embed(block)
            if isinstance(block, Embed)
            else self._what_if(block)
            if isinstance(block, WhatIf)
            else Outcome("")
        )
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

    def stop(self, line: int) -> Stop:
        """Return where the page's last embed has stopped; raise PageError if it has none."""
        if not self._stop:
            raise self.page.error(
                line,
                "a network is drawn as it is after a line of the program; put this below an embed, or "
                "let the page begin after a line, with `after:` in the front matter",
            )
        return self._stop

    def at_every_iteration(self, line: int) -> Iterator[tuple[int, dict]]:
        """Yield each iteration that the recording keeps, and the namespace that the page would have here in it.

        It is what the program had bound after the line that the page has reached, and what the page's fences make of
        that. `was` holds what the program's names were before that line. Raise PageError if the line is in no loop.
        """
        if not self._stop or self._stop.line not in self._stop.program.loops:
            raise self.page.error(line, "a ledger goes through the iterations of a loop; put it below an embed of a line in one")
        recording = self._ask(line, Recording.of, self._stop.program)
        # What is defined in the program and in fences sees the names of here, so it is taken from here.
        defined = (
            {}
            if recording.objects
            else {name: value for name, value in self.namespace.items() if getattr(value, "__module__", "") == "__main__"}
        )
        with self._holding({}):
            seen = self._ask(line, moments, recording, self._stop.line, self.main)
        for iteration, (before, after) in seen.items():
            namespace = {**self._stop.own, "was": types.SimpleNamespace(**before), **after}
            namespace |= {name: value for name, value in defined.items() if name in namespace}
            with self._holding(namespace):
                for block in self._stop.fences:
                    with contextlib.redirect_stdout(io.StringIO()):
                        try:
                            exec(self._compile(block), self.namespace)
                        except Exception as error:
                            raise self._failure(block, error) from error
            yield iteration, namespace

    @contextlib.contextmanager
    def _holding(self, namespace: dict) -> Iterator[None]:
        """Let the names have the values of another namespace inside, and leave what has been bound there."""
        here = dict(self.namespace)
        dunder = {name: value for name, value in here.items() if name.startswith("__")}
        try:
            self.namespace.clear()
            self.namespace.update(dunder | namespace)
            yield
        finally:
            namespace.update((name, value) for name, value in self.namespace.items() if name not in dunder)
            self.namespace.clear()
            self.namespace.update(here)

    def value(self, line: int, expression: str, namespace: dict | None = None) -> str:
        """Return an expression, which may end in a format (`l1[0, 0]:.4f`), as text: here, or in another namespace."""
        said = f"{{python}} {expression}"
        code, form = _formatted(expression)
        value = self.evaluate(line, code, said, namespace)
        try:
            text = format(value, form)
        except Exception as error:
            raise self.page.error(line, f"{said}: {describe(error)}; write a format that fits, as in l1[0, 0]:.3f") from error
        if not text.strip():
            raise self.page.error(line, f"{said} is empty; write an expression that can be seen")
        if "\n" in text:
            raise self.page.error(line, f"{said} has more than one line; print it in a python fence")
        return text

    def evaluate(self, line: int, code: str, said: str, namespace: dict | None = None) -> Any:
        """Return what an expression comes to, here or in another namespace; an error names it as `said`.

        `history` in it is the History of the program that has brought the page here, if nothing else has that name.
        """
        self.at(line)
        names = self.namespace if namespace is None else namespace
        if "history" in code and "history" not in names:
            namespace = {**names, "history": self._ask(line, History.of, self._program or self.program(line))}
        try:
            with (
                warnings.catch_warnings(),
                contextlib.redirect_stdout(io.StringIO()) as stdout,
                self.main.running(self._path),
                contextlib.nullcontext() if namespace is None else self._holding(namespace),
                self.main.acting(),
            ):
                warnings.simplefilter("error")
                value = eval(compile(code, "<value>", "eval"), self.namespace)
        except SyntaxError as error:
            like = "{python} l1.shape or {python} l1[0, 0]:.3f" if said.startswith("{python}") else "l1.max() < 1"
            raise self.page.error(line, f"{said}: this is not an expression; write one, as in {like}") from error
        except BaseException as error:  # SystemExit, too
            mend = self._meant(error) or "write an expression that has a value where the page has got to"
            raise self.page.error(line, f"{said}: {describe(error)}; {mend}") from error
        if stdout.getvalue():
            raise self.page.error(line, f"{said} prints; print in a python fence")
        return value

    @functools.cached_property
    def own_names(self) -> set[str]:
        """The names that the page's fences use, run or not: prose may speak of them."""
        return {
            node.id
            for block in self.page.blocks
            if isinstance(block, Code)
            for node in ast.walk(self._compile(block, ast.PyCF_ONLY_AST))
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
        run = self._reach(block.line, program, lines, block.iteration)
        return Outcome(run.output(lines), program, lines, run, compared=rows)

    def _reach(self, line: int, program: Program, lines: range, iteration: int | str) -> Run:
        """Run the program until its `lines` have completed, and make that the page's state."""
        stop, self._ahead = program.statement_at(lines[-1]), None
        if stop and iteration in (1, "first", "last") and self._ask(line, program.ends_at, stop):  # only its names are missing
            run = program.ending
            self._ahead = lambda: program.run(stop, "first", self.main)
        else:
            run = self._ask(line, program.run, lines[-1], iteration, self.main)
        for number, text in run.warned:
            raise self.page.error(line, f"{text.splitlines()[0]}; mend line {number} of the program")
        self._check_left(line, program.name, run.left)
        if not self._ahead:
            self._enter()
        self._program = program
        self._stop = Stop(program, stop, dict(self._own), [])
        return run

    def _enter(self) -> None:
        """Bring the page's own names to where a program has just stopped."""
        for name, value in self._own.items():
            self.main.namespace.setdefault(name, value)

    def _what_if(self, block: WhatIf) -> Outcome:
        if block.continues and not self.changed:
            raise self.page.error(block.line, 'no what-if stands above this one; delete continues="above"')
        program = self.changed if block.continues and self.changed else self.program(block.line)
        try:
            self.changed, lines = apply(program, block.text)
        except ChangeError as error:
            raise self.page.error(block.line + 1 + error.line, str(error)) from error
        self._ahead, self._stop = None, None
        run = self._ask(block.line, self.changed.attempt, self.main)
        self._program = self.changed
        self._check_left(block.line, "this what-if", run.left)
        raised = type(run.error).__name__ if run.error else None
        if raised != block.raises:
            if run.error:
                raise self.page.error(
                    block.line,
                    f"this what-if ends in {describe(run.error)} on line "
                    f'{line_in(run.error, program.path)}; if it is to, write ```diff raises="{raised}"',
                )
            raise self.page.error(block.line, f'this what-if ends without a {block.raises}; delete raises="{block.raises}"')
        self._enter()
        return Outcome(run.transcript, self.changed, run=run, changed=tuple(lines))

    def _code(self, block: Code) -> Outcome:
        code = self._compile(block)
        before = dict(self.namespace)
        error: BaseException | None = None
        with (
            put_back() as left,
            self._drawing(block) as take,
            warnings.catch_warnings(record=True) as warned,
            self.main.running(self._path),
            caught("stdout") as printed,
            caught("stderr") as complained,
            self.main.acting(),
        ):
            warn_as_in_a_terminal("always")
            try:
                exec(code, self.namespace)
                text, complaint, picture = printed.take(), complained.take(), take()
            except BaseException as raised:  # SystemExit and KeyboardInterrupt, too
                error = raised
        if isinstance(error, TooMuch):
            raise self.page.error(block.line, f"this fence {error}")
        if error:
            raise error if isinstance(error, PageError) else self._failure(block, error) from error
        for warning in warned:
            raise self.page.error(
                block.line, f"{warning.category.__name__}: {warning.message}; change the fence so that it does not warn"
            )
        if complaint:
            raise self.page.error(block.line, "this fence prints to stderr, where no reader sees it; print it plainly")
        self._check_left(block.line, "this fence", left)
        for name in self._own.keys() - self.namespace.keys():
            del self._own[name]
        self._own.update(
            {
                name: value
                for name, value in self.namespace.items()
                if name != "__builtins__" and (name not in before or before[name] is not value)
            }
        )
        if self._stop and not block.figure:
            self._stop.fences.append(block)
        return Outcome(text, picture=picture)

    @contextlib.contextmanager
    def _drawing(self, block: Code) -> Iterator[Callable[[], str]]:
        """Let a fence draw; give what returns its picture, '' if it is to draw none. Matplotlib comes when it is needed."""
        if block.figure:
            from literate.state import figures

            with figures.style(self.program(block.line) if self.page.program else None):
                yield lambda: self._ask(block.line, figures.take, block.figure, self._figures, errors=figures.FigureError)
            return
        yield lambda: ""
        if "matplotlib.pyplot" in sys.modules:
            from literate.state import figures

            if figures.left_over():
                raise self.page.error(
                    block.line, 'this fence draws a figure that nobody would see; say what it shows: ```python figure="…"'
                )

    def _check_left(self, line: int, what: str, left: list[str]) -> None:
        if left:
            raise self.page.error(line, f"{what} changes {left[0]} for what follows; change it in a `with` block, or put it back")

    def _compile(self, block: Code, flags: int = 0) -> Any:
        try:
            # As many empty lines before the code as there are in the file, so that errors name the page's own line.
            code = "\n" * block.line + block.text
            return compile(code, str(self.page.path), "exec", flags, dont_inherit=True)
        except (SyntaxError, ValueError) as error:
            line = getattr(error, "lineno", None) or block.line
            raise self.page.error(line, f"{describe(error)}; mend the fence") from error

    def _failure(self, block: Code, error: BaseException) -> PageError:
        line = line_in(error, self.page.path) or block.line
        inside = ""
        for program in {block.program for block in self.page.blocks if isinstance(block, Embed)}:
            if risen := line_in(error, self.programs / program):
                inside = f" (raised at {program}:{risen})"
        return self.page.error(line, f"{describe(error)}{inside}; {self._meant(error) or 'mend the fence'}")

    def _meant(self, error: BaseException) -> str | None:
        """Say how to mend a name that is misspelt, or that the program binds further on; None if it is neither."""
        if not isinstance(error, NameError | AttributeError) or not error.name:
            return None
        known = dir(error.obj) if isinstance(error, AttributeError) else [*self.namespace]
        if isinstance(error, NameError) and self.page.program:
            program = self.program(1)
            known += program.names
            line = next((first for first, (binds, _) in sorted(program.uses.items()) if error.name in binds), None)
            if line:
                return (
                    f"embed line {line} of {program.name} above this, where the name is bound, or let the page begin after "
                    "it, with `after:` in the front matter"
                )
        close = difflib.get_close_matches(error.name, known, 1)
        return f"did you mean {close[0]}" if close else None

    def _ask(self, line: int, question: Callable, *args: Any, errors: type[Exception] = ProgramError) -> Any:
        """Ask a program, or the drawing, for something; an error of the kind is the page's, at `line`."""
        try:
            return question(*args)
        except errors as error:
            raise self.page.error(line, str(error)) from error


def _formatted(expression: str) -> tuple[str, str]:
    """Return an expression and its format, which may stand behind a colon: 'l1[0, 0]' and '.4f'."""
    ends = [match.start() for match in re.finditer(":", expression)]
    for end in [len(expression), *ends]:
        with contextlib.suppress(SyntaxError, ValueError):
            ast.parse(f"({expression[:end]}\n)", mode="eval")
            return expression[:end].strip(), expression[end + 1 :].strip()
    return expression, ""
