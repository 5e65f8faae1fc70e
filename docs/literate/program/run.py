"""A run: what a program left behind when it stopped."""

from collections import Counter
from dataclasses import dataclass, field


@dataclass
class Run:
    """What a run of a program left behind when it stopped."""

    namespace: dict = field(default_factory=dict)  # the program's globals: every name bound so far, with its value
    printed: list = field(default_factory=list)  # (line, text): what the statement on that line printed
    completed: Counter = field(default_factory=Counter)  # statement's first line -> times completed
    warned: list = field(default_factory=list)  # (line, text): what Python said in warning, as a terminal shows it
    reached: bool = False  # whether it stopped where it was asked to
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
