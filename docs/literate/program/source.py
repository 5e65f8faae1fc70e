"""A source file that can be asked: where a text stands in it, which statements it has, and what each of them uses."""

import ast
import difflib
import functools
import itertools
import re
import symtable
from collections.abc import Callable
from pathlib import Path
from types import CodeType
from typing import Self, TypeVar

from literate.program.failure import ProgramError, describe
from literate.program.syntax import Function, Loops, Uses, identifiers, watched

S = TypeVar("S", bound="Source")
MOST_LINES = 20_000  # of a program: more than anybody reads line by line


class Source:
    """A Python source file.

    `path` is where it lies, `name` its file name, `text` its text, `lines` its lines without their ends; line
    numbers count from 1. `until` cuts what has no end: it is some text of the line whose first completion is the end, or
    how often a loop outside of functions turns at most.
    """

    def __init__(self, path: str | Path, text: str, until: str | int = ""):
        self.path = Path(path)
        self.name = self.path.name
        self.text = text
        self.until = until
        self.lines = text.removesuffix("\n").split("\n") if text else []  # as Python counts them
        self._instrumented: dict[tuple[int, ...], tuple[CodeType, Uses, Loops]] = {}

    @classmethod
    def read(cls, path: str | Path, until: str | int = "") -> Self:
        """Return the program at `path`, the same object for the same text and end; raise ProgramError if there is none."""
        try:
            text = Path(path).read_text(encoding="utf-8-sig")
        except OSError:
            raise ProgramError(f"there is no program {Path(path).as_posix()}; name a file of that folder") from None
        except UnicodeDecodeError:
            raise ProgramError(f"the program {Path(path).as_posix()} is not text in UTF-8; save it as UTF-8") from None
        if (count := text.count("\n")) > MOST_LINES:
            raise ProgramError(
                f"the program {Path(path).as_posix()} has {count:,} lines; a page can show one of at most {MOST_LINES:,}"
            )
        return kept(cls, Path(path), text, until)  # type: ignore[arg-type]  # a class can be hashed

    # Where is it?

    def find(self, selector: str) -> range:
        """Return the lines (a range) that a selector means: '' all, 'text' one line, 'first..last' a range.

        Each text must stand on exactly one line, which may hold two dots itself. Behind `text > `, that line is looked for in
        the block below the text. Raise ProgramError otherwise, or if the range is reversed.
        """
        if not self.lines:
            raise ProgramError(f"{self.name} is empty; write the program")
        if not selector:
            return range(1, len(self.lines) + 1)
        first, last = self._ends(selector)
        start = self._line_of(first)
        stop = self._line_of(last) if last is not None else start
        if stop < start:
            raise ProgramError(f'"{first}" (line {start}) comes after "{last}" (line {stop}) in {self.name}; swap them')
        return range(start, stop + 1)

    def _ends(self, selector):
        """Return the two texts of a range, or one and None: dots that stand in a line belong to its text."""
        if ".." not in selector or sum(selector in line for line in self.lines) == 1:
            return selector, None
        cuts = [match.start() for match in re.finditer(r"(?=\.\.)", selector)]
        pairs = [(selector[:cut], selector[cut + 2 :]) for cut in cuts]
        fits = [pair for pair in pairs if all(any(end.rpartition(" > ")[2] in line for line in self.lines) for end in pair)]
        if "..." in selector and not fits:
            raise ProgramError(f'"{selector}" has three dots; write two between the first line and the last')
        return (fits or pairs)[0]

    def _line_of(self, text):
        if not text.strip():
            raise ProgramError(f"an end of the range is empty; give some text of its line of {self.name}")
        found = [number for number, line in enumerate(self.lines, 1) if text in line]
        if not found and " > " in text:
            above, _, text = text.rpartition(" > ")
            block = self._block(self._line_of(above))
            found = [number for number in block if text in self.lines[number - 1]]
        if len(found) == 1:
            return found[0]
        if not found:
            raise ProgramError(f'"{text}" is on no line of {self.name}; {self._nearest(text)}')
        where = ", ".join(map(str, found[:-1])) + f" and {found[-1]}"
        raise ProgramError(f'"{text}" is on lines {where} of {self.name}; give more of the line')

    def _block(self, line):
        """Return the lines below a line that are indented more than it is."""
        deeper = re.compile((re.match(r"\s*", self.lines[line - 1]) or [""])[0] + r"\s+\S|\s*$")
        return [*itertools.takewhile(lambda n: deeper.match(self.lines[n - 1]), range(line + 1, len(self.lines) + 1))]

    def _nearest(self, text):
        """Say which line begins most like a text that is on none of them, if one comes near."""
        text = text.strip()

        def likeness(line):
            return difflib.SequenceMatcher(None, text, line.strip()[: len(text) + 1]).ratio()

        line = max(self.lines, key=likeness)
        if likeness(line) < 0.7:
            return "copy some text of the line you mean"
        return f'the nearest is line {self.lines.index(line) + 1}, "{line.strip()}"; copy some text of the line you mean'

    # What stands there?

    @functools.cached_property
    def statements(self) -> list[int]:
        """The first lines of the statements that can complete, in order.

        A compound statement stands for its header, which completes each time its body is entered. A definition
        is one statement: its body belongs to it, and it completes when the name is bound.
        """
        return sorted(self.uses)

    @functools.cached_property
    def names(self) -> set[str]:
        """Every identifier in the program's code."""
        tree = ast.walk(self._tree)
        return {name for node in tree for name in identifiers(node)}

    def statement_at(self, line: int) -> int:
        """Return the first line of the statement that has completed once `line` has; 0 if none has."""
        return max((first for first in self.statements if first <= line), default=0)

    @functools.cached_property
    def uses(self) -> Uses:
        """The names that each statement binds and those that it reads, as two sets, by the statement's first line."""
        return self.instrumented()[1]

    @functools.cached_property
    def loops(self) -> dict[int, int]:
        """The first line of the outermost loop that each of the statements in one stands in, by the statement's own."""
        return {line: around[0] for line, around in self.instrumented()[2].items() if around}

    def function_around(self, lines: range) -> Function | None:
        """Return the innermost function in whose body some lines stand, all of them; None if there is none."""
        found = [
            node
            for node in ast.walk(self._tree)
            if isinstance(node, Function)
            and max(node.lineno + 1, node.body[0].lineno) <= lines[0] <= lines[-1] <= (node.end_lineno or 0)
        ]
        return max(found, key=lambda node: node.lineno, default=None)

    @functools.cached_property
    def read_in_functions(self) -> set[str]:
        """The names of the program's own level that its functions read."""
        tables, found = [symtable.symtable(self.text, self.name, "exec")], set[str]()
        while tables:
            table = tables.pop()
            tables += table.get_children()
            if isinstance(table, symtable.Function):
                found |= {*table.get_globals()}
        return found

    @functools.cached_property
    def jumps(self) -> dict[int, str]:
        """The keyword of each statement that never completes, as it leads elsewhere, by its line."""
        inner = (node for node in ast.walk(self._tree) if isinstance(node, ast.stmt))
        first = {node.lineno: node for node in reversed([*inner])}  # of a line's statements, the outermost
        return {
            line: type(node).__name__.lower()
            for line, node in first.items()
            if isinstance(node, ast.Break | ast.Continue | ast.Raise)
        }

    def instrumented(self, *functions: int) -> tuple[CodeType, Uses, Loops]:
        """Return the program's code with a call after each statement, what each one uses, and the loops around it.

        So it is at the program's own level, and in the functions whose `def` stands on the given lines.
        """
        if functions in self._instrumented:
            return self._instrumented[functions]
        uses: Uses = {}
        around: Loops = {}

        def parse(text):
            return watched(ast.parse(text), functions, uses, around)

        self._instrumented[functions] = self.compiled(parse), uses, around
        return self._instrumented[functions]

    @property
    def _tree(self) -> ast.Module:
        self.compiled(ast.parse)  # which says what is wrong in the program, if anything is
        return ast.parse(self.text)

    def compiled(self, parse: Callable[[str], ast.Module]) -> CodeType:
        """Return the code of what `parse` makes of the program's text; raise ProgramError if it is no Python."""
        try:
            return compile(parse(self.text), str(self.path), "exec")
        except SyntaxError as error:
            raise ProgramError(f"{self.name}:{error.lineno}: {describe(error)}; mend that line") from error


@functools.lru_cache(maxsize=128)
def kept(kind: type[S], path: Path, text: str, until: str | int = "") -> S:
    """Return the Source of a kind with a path, a text and an end: the same one for the same text, so that it is run once."""
    return kind(path, text, until)
