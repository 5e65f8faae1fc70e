"""What a block gave when it ran: one result for one block, and the error of an output that is not what is printed."""

from dataclasses import dataclass
from pathlib import Path

from literate.page import Output, PageError, shown
from literate.program import ChangedLine, Program, Row, Run


@dataclass(frozen=True)
class Outcome:
    """What a Live block gave."""

    printed: str  # what a reader of a terminal would see
    program: Program | None = None  # of an embed, its program; of a what-if, the one that it has made
    lines: range = range(0)  # of an embed, the lines that it shows
    run: Run | None = None  # of a what-if, its run; of an embed, the run up to its last line
    changed: tuple[ChangedLine, ...] = ()  # of a what-if, the lines of its diff
    compared: tuple[Row, ...] = ()  # of an embed that is shown against another program, what differs
    picture: str = ""  # the SVG that a fence or a program has drawn

    @property
    def code(self) -> str:
        """The lines that an embed or a what-if shows, the latter with their signs."""
        lines = [line.sign + line.text for line in self.compared or self.changed]
        if self.program and not lines:
            lines = [self.program.lines[number - 1] for number in self.lines]
        return "".join(f"{line}\n" for line in lines)


class OutputError(PageError):
    """An `output` of a page is not what is `printed`: `python -m literate update` can mend it."""

    def __init__(self, path: Path, output: Output, printed: str):
        self.output, self.printed = output, printed
        number, differs = difference(output.text, printed)
        super().__init__(path, output.line + number, f"{differs}; if that is right now: python -m literate update {shown(path)}")

    def __reduce__(self) -> tuple:
        return OutputError, (self.path, self.output, self.printed)


def difference(shown: str, printed: str) -> tuple[int, str]:
    """Return the first line of a page's output that is not what was printed, from 1; and in one line of text how to mend it."""
    old, new = shown.splitlines(), printed.splitlines()
    number = next((n for n, pair in enumerate(zip(old, new)) if pair[0] != pair[1]), min(len(old), len(new)))
    found = f"has {quoted(old[number])}" if number < len(old) else "ends before it"
    wanted = f"write {quoted(new[number])}" if number < len(new) else "delete it"
    return number + 1, f"line {number + 1} of this output is not what is printed: the page {found}; {wanted}"


def quoted(line: str) -> str:
    """Return a line in quotes, as much of it as a message can hold."""
    return repr(line if len(line) <= 200 else f"{line[:200]}…")
