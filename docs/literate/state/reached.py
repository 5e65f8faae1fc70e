"""What a page has reached: names and values, the program that has brought it there, and how an error there is mended."""

import contextlib
import difflib
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any, NamedTuple

from literate.page import Code, Page
from literate.program import Program, ProgramError, Run
from literate.program.main import Main

PROGRAMS = "snippets"  # the folder of the programs, from where the command is typed


class Stop(NamedTuple):
    """Where the page's last embed has stopped."""

    program: Program
    line: int  # the first of the statement that has completed last
    call: int  # if that stands in a function, the number of its call
    own: dict  # what the page had named before
    fences: list[Code]  # that have run since
    run: Run


class Reached:
    """What a page has reached.

    `namespace` holds the names that the program has bound where the page's last embed stopped, and those that the page's own
    fences have bound.
    """

    def __init__(self, page: Page, programs: str | Path = PROGRAMS, at: Callable[[int], None] = lambda line: None):
        self.page = page
        self.programs = Path(programs)
        self.at = at  # is told of each line of the page before it is run
        self.main = Main()  # what the programs and the fences run as, one after the other
        self.main.begin(page.path)
        self.ahead: Callable[[], Any] | None = None  # what brings the names to where the page has got, once they are asked for
        self.own: dict[str, Any] = {}  # what the page's fences have named
        self.stopped: Stop | None = None
        self.ran: Program | None = None  # the one whose run the state is of

    @property
    def namespace(self) -> dict[str, Any]:
        """What the page has reached: names and values."""
        if ahead := self.ahead:
            self.ahead = None
            ahead()
            self.enter()
        return self.main.namespace

    @property
    def path(self) -> Path:
        """The file that the page's code seems to stand in."""
        return self.ran.path if self.ran else self.programs / self.page.path.name

    def program(self, line: int, name: str | None = None) -> Program:
        """Return a Program: the named one, or the page's own. Raise PageError, at `line`, if there is none."""
        wanted = name or self.page.program
        if not wanted:
            raise self.page.error(line, "the page names no program; write `program: its-file.py` in its front matter")
        line = line if name else self.page.line_of("program")
        program = self.ask(line, Program.read, self.programs / wanted, self.page.until(wanted))
        self.ask(self.page.line_of("until"), lambda: program.end)
        return program

    def ask(self, line: int, question: Callable, *args: Any, errors: type[Exception] = ProgramError) -> Any:
        """Ask a program, or the drawing, for something; an error of the kind is the page's, at `line`."""
        try:
            return question(*args)
        except errors as error:
            raise self.page.error(line, str(error)) from error

    def enter(self) -> None:
        """Bring the page's own names to where a program has just stopped."""
        for name, value in self.own.items():
            self.main.namespace.setdefault(name, value)

    @contextlib.contextmanager
    def holding(self, namespace: dict) -> Iterator[None]:
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

    def nothing_left(self, line: int, what: str, left: list[str]) -> None:
        """Raise PageError if something has been left changed."""
        if left:
            raise self.page.error(line, f"{what} changes {left[0]} for what follows; change it in a `with` block, or put it back")

    def meant(self, error: BaseException) -> str | None:
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
