"""A run: what a program left behind when it stopped."""

from collections import Counter
from dataclasses import dataclass, field

from literate.program.syntax import Loops


class Call:
    """One call of a function, or the program's own level: the `number` of the call, from 1, and which turns its loops are in."""

    def __init__(self, number: int = 1, function: int = 0):
        self.number, self.function = number, function  # the line of its `def`
        self.printed = ""  # by what has completed last
        self._turns, self._completed = Counter[int](), Counter[int]()

    def complete(self, line: int, around: Loops) -> None:
        """Count the completion of a statement; if it is a loop's header, the loops in that one begin anew."""
        self._completed[line] += 1
        if around.get(line, ())[-1:] == (line,):
            self._turns[line] += 1
            for inner in [inner for inner in self._turns if inner != line and line in around[inner]]:
                del self._turns[inner]

    def place(self, line: int, around: Loops) -> tuple[tuple[int, ...], int]:
        """Return the turns of the loops around a statement, the outermost first, and how often it has completed."""
        return tuple(self._turns[loop] for loop in around[line]), self._completed[line]


@dataclass
class Run:
    """What a run of a program left behind when it stopped."""

    namespace: dict = field(default_factory=dict)  # the program's globals: every name bound so far, with its value
    printed: list = field(default_factory=list)  # (line, text): what the statement on that line printed
    completed: Counter = field(default_factory=Counter)  # statement's first line -> times completed
    warned: list = field(default_factory=list)  # (line, text): what Python said in warning, as a terminal shows it
    reached: bool = False  # whether it stopped where it was asked to
    call: int = 0  # if that was in a function, the number of its call
    turns: tuple[int, ...] = ()  # which the loops around that place were in, the outermost first
    hidden: str = ""  # a local there that a function would take for a name of the program's own level
    calls: Counter = field(default_factory=Counter)  # line of a `def` -> times called, of the functions that are looked into
    error: BaseException | None = None  # what ended the run, if it did not end by itself
    left: list = field(default_factory=list)  # in words, what it left changed for the rest of the page; it has been put back
    said: list[str] = field(default_factory=list)  # the pieces of the transcript

    @property
    def transcript(self) -> str:
        """Everything that a terminal would show: output, warnings, and the traceback of the error."""
        return "".join(self.said)

    @property
    def quiet(self) -> str:
        """The transcript without what Python said in warning."""
        text = self.transcript
        for _, warning in self.warned:
            text = text.replace(warning, "", 1)
        return text

    def output(self, lines: range) -> str:
        """Return the text that the statements beginning on `lines` (a range) printed."""
        return "".join(text for line, text in self.printed if line in lines)
