"""The one walk over a page's blocks: each is run and written in some form, past its errors, so that one walk tells them all."""

import copy
import dataclasses
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Protocol

from literate.look import differs, throws
from literate.page import Block, Choices, Code, Embed, Live, Page, PageError, WhatIf
from literate.program import ProgramError
from literate.program.colours import colours
from literate.prose import ClaimError, Evidence, expressions
from literate.state import PROGRAMS, Outcome, OutputError, Session


class Form(Protocol):
    """A way to write a page: as Markdown for a site, or as the cells of a notebook."""

    def write(self, block: Block, outcome: Outcome | None, session: Session) -> Any:
        """Return a block as it is written; `outcome` is what it gave if it is Live. Raise PageError if that cannot be."""

    def as_it_stands(self, block: Block) -> Any:
        """Return a block that failed."""


@dataclass(frozen=True)
class Result:
    """What came of one block."""

    block: Block
    written: Any  # in the form that was asked for
    shown: str  # the text of a fence's code, as readers see it
    printed: str
    error: PageError | None


@dataclass(frozen=True)
class Played:
    """A page that has been walked to its end: plain data, with nothing in it that could still run."""

    page: Page
    form: Form  # with what it has kept
    results: list[Result]  # one for each block, in order
    colours: dict[
        int, dict[str, int]
    ]  # from a line on, of the arrays of the program that code is of there; from 0, the page's own
    claims: list[tuple[int, Evidence]]  # each that has been weighed, with its line
    opened: tuple[str, ...] = ()  # what its code has read beside Python's own files, by its path, or asked, by the event's name

    @property
    def errors(self) -> list[PageError]:
        """What is wrong, in the order of the lines."""
        found = [result.error for result in self.results if result.error]
        found += [also for error in found if isinstance(error, ClaimError) for also in error.also]
        return sorted(found, key=lambda error: error.line)

    def result(self, line: int) -> Result:
        """Return the result of the block on a line."""
        return next(result for result in self.results if result.block.line == line)


def play(page: Page, form: Form, programs: str | Path = PROGRAMS, at: Callable[[int], None] = lambda line: None) -> Played:
    """Run a page's blocks from top to bottom, in this process, and write each in a form; `programs` is the programs' folder.

    `at` is told of each line before it is run. A page whose own code throws dice without a seed is played twice. Raise PageError
    if there is nowhere to begin; all other errors stand in the results.
    """
    again = copy.deepcopy(form)
    played = _play(page, form, programs, at)
    own = [block.text for block in page.blocks if isinstance(block, Code)]
    own += [code for prose in page.prose for code in expressions(prose)]
    if played.errors or not any(map(throws, own)):
        return played
    other = _play(page, again, programs, at)
    if other.errors:  # what the page has left behind stands in the way, and not chance
        return played
    for number, (one, two) in enumerate(zip(played.results, other.results)):
        if (one.written, one.printed) != (two.written, two.printed):
            mend = "this is another one in every run, as chance has no seed; seed it, as in random.seed(1) or np.random.seed(1)"
            played.results[number] = dataclasses.replace(one, error=page.error(one.block.line, mend))
            break
    return played


def _play(page: Page, form: Form, programs: str | Path, at: Callable[[int], None]) -> Played:
    session, results, failed = Session(page, programs, at), dict[int, Result](), 0
    session.begin()
    listed: dict[int, str | None] = {0: None}  # from a line on, the program that code is of; None for the page's own
    for place in _order(page.blocks):
        block = page.blocks[place]
        outcome, error = None, None
        if isinstance(block, Embed | WhatIf):
            listed[block.line] = block.program if isinstance(block, Embed) else None
        try:
            outcome = session.run(block) if isinstance(block, Live) else None
            written = form.write(block, outcome, session)
            if outcome and isinstance(block, Embed) and outcome.program:
                inside = outcome.program.inside(outcome.lines[-1])[0].lineno if outcome.run and outcome.run.call else 0
                if other := differs(outcome.program, inside):
                    raise page.error(block.line, other)
        except (PageError, ProgramError) as raised:
            error = raised if isinstance(raised, PageError) else page.error(block.line, str(raised))
            written = form.as_it_stands(block)
            if failed and isinstance(error, OutputError | ClaimError):
                what = "printed" if isinstance(error, OutputError) else "said"
                error = page.error(error.line, f"what is {what} here may follow from line {failed}; mend that line first")
            if isinstance(block, Live) and not isinstance(error, OutputError):
                failed = failed or error.line
        shown = outcome.code if outcome and outcome.code else block.text
        results[place] = Result(block, written, shown, outcome.printed if outcome else "", error)
    of = {name: _colours(session, name) for name in {*listed.values()}}
    tinted = {line: of[name] for line, name in listed.items()}
    return Played(page, form, [results[place] for place in sorted(results)], tinted, session.claims)


def _order(blocks: Sequence[Block]) -> list[int]:
    """Return the places of blocks as they are run: a question's choices come once its answer has been given."""

    def when(place: int) -> tuple[int, int]:
        block = blocks[place]
        if not isinstance(block, Choices):
            return place, 1
        return next((later for later in range(place, len(blocks)) if blocks[later].line >= block.until), len(blocks)), 0

    return sorted(range(len(blocks)), key=when)


def _colours(session: Session, name: str | None = None) -> dict[str, int]:
    """Return the colours of a program, or of the page's own; none if it has none, or if it fails, as its own embeds say."""
    try:
        return colours(session.program(1, name)) if name or session.page.program else {}
    except (PageError, ProgramError):
        return {}
