"""The blocks of a page, each with its own line number in the file."""

from dataclasses import dataclass, field


@dataclass
class Prose:
    """Everything between two fences."""

    line: int  # of its first line, as in all blocks
    text: str


@dataclass
class Ledger(Prose):
    """A paragraph or a table whose values the reader can see at every iteration that the recording keeps."""

    check: str  # an expression that must hold in each, or ''


@dataclass
class Drawn(Prose):
    """A place for the drawing of a network, which has no text of its own."""

    sketch: str


@dataclass
class Question(Prose):
    """What a reader is asked, in one paragraph."""

    kind: str  # one of KINDS in questions.py
    choices: int  # the line of its Choices


@dataclass
class Choice:
    """One answer that a reader can choose."""

    line: int
    text: str
    expression: str  # whether it is right
    feedback: Prose  # what is said to whoever chooses it


@dataclass
class Choices(Prose):
    """The answers to the Question before them. They are weighed, and written, in the state behind what is folded below them."""

    choices: list[Choice]
    until: int  # the first line behind that


@dataclass
class Check:
    """What an exercise asks of a reader's lines, and what is said if it does not hold."""

    line: int
    message: str
    expression: str
    wrong: list[tuple[int, str]]  # answers that must get this message, each with its line


@dataclass
class Exercise(Prose):
    """Lines of the program that a reader writes; `text` is the task."""

    selector: str  # of the lines, or 'all'
    checks: list[Check]
    hints: list[Prose]


@dataclass
class Fence:
    """A fenced block of code; what kind it is, its class says."""

    line: int  # of the opening fence
    indent: str  # white space before the fence: it stands in a list, an admonition or a tab
    language: str
    text: str  # the code between the fences, without their indent


@dataclass
class Output(Fence):
    """What the fence or the embed before it prints."""


@dataclass
class Display(Fence):
    """Code that is only shown."""

    reason: str


@dataclass
class Live(Fence):
    """A fence that runs; it may be followed by the output that it prints."""

    output: Output | None = field(default=None, init=False)


@dataclass
class Code(Live):
    """Python that runs in the state that the page has reached."""

    figure: str | None  # what the picture shows that it draws, if it draws one


@dataclass
class Embed(Live):
    """Lines of a program, named by their text."""

    program: str  # the program's file name
    selector: str  # '' for the whole program
    iteration: tuple[int, ...] | str  # the turns of the loops to stop in, from 1; 'first' or 'last' in which its line completes
    call: int | str = field(default="", kw_only=True)  # of the function to stop in: a number, 'first', 'last', or none is named
    against: str | None = field(default=None, kw_only=True)  # the program that it is shown in comparison with
    figure: str | None = field(default=None, kw_only=True)  # what the picture shows that the program has drawn until then


@dataclass
class WhatIf(Live):
    """A change to the page's program, as a diff; the changed program runs to its end."""

    raises: str | None  # the name of the exception that ends it, if one does
    continues: bool  # whether it changes the what-if above rather than the program itself
