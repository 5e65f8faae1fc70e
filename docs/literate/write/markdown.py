"""A page as Markdown for a site: every block of the grammar is written out in what pymdownx already understands."""

import hashlib
import re
from collections.abc import Mapping
from typing import Any

from literate.draw import drawing
from literate.draw.curve import curve
from literate.look.far import shipped
from literate.page import (
    Block,
    Choices,
    Code,
    Display,
    Drawn,
    Embed,
    Exercise,
    Fence,
    Ledger,
    Output,
    Page,
    Prose,
    Question,
    WhatIf,
)
from literate.practise import asked, exercise, fence, question
from literate.program import Program, Run
from literate.program.change import changed
from literate.prose import ROLES, coloured, link_to, render, words_for
from literate.record import Recording, as_text
from literate.state import Outcome, Session
from literate.write import ledger, listing, runner, what_if

MOST = 10_000_000  # characters of a page's HTML, its recording among them
_FOLDED = "/// details | The code that draws this\n    type: figure\n    attrs: {data-search-exclude: ''}\n\n"
_KINDS: dict[type[Fence], str] = {Embed: "embed", WhatIf: "what-if", Code: "code", Output: "output", Display: "display"}


class MarkdownForm:
    """Writes the blocks of a page as Markdown.

    What is finished HTML is kept in `html`, a list; in the Markdown stands a line `{name}-{its place in the list}` for it.
    """

    def __init__(self, page: Page):
        self.html: list[str] = []
        self._end = self._began = ""  # what comes behind the last block; where the page begins, if that is in the program
        self._runners = 0
        self._size = self._counted = 0  # of what is written, in characters; and how much of `html` is counted
        self._steps = fence.Steps()
        self._asked: dict[int, tuple[Question, str]] = {}  # by the lines of their choices
        self._roles = {**ROLES, "curve": curve, "run": self._run}
        self.name = f"literate-html-{hashlib.sha256(page.text.encode()).hexdigest()[:8]}"

    def write(self, block: Block, outcome: Outcome | None, session: Session) -> str:
        """Return a block as Markdown, in its place: what it gave stands in `outcome` if it is Live.

        Raise PageError where there is more on the page than a browser shows at once.
        """
        if not self._began and session.began.completed:
            stop = _stop(*session.find(1, session.page.meta["after"]), session.began)
            self._began = self._keep(f'<div class="began"{_attributes(stop)} hidden></div>')
        text = self._write(block, outcome, session)
        before, self._size = self._size, self._size + len(text) + sum(map(len, self.html[self._counted :]))
        self._counted = len(self.html)
        if before <= MOST < self._size:
            raise session.page.error(
                block.line,
                f"this page comes to more than {MOST / 1e6:.0f} MB of HTML here; show less, or make several pages of it",
            )
        return text

    def _write(self, block: Block, outcome: Outcome | None, session: Session) -> str:
        if isinstance(block, Ledger):
            return ledger.write(session, block, self._roles)
        if isinstance(block, Drawn):
            return drawing.write(session, block, self._keep)
        if isinstance(block, Choices):
            return question.write(session, *self._asked.pop(block.line), block, self._roles)
        if isinstance(block, Exercise):
            return exercise.write(session, block, self._roles)
        if isinstance(block, Question):
            self._asked[block.choices] = block, block.text  # its choices are told of their errors even if it has one itself
            self._asked[block.choices] = block, render(block, session, self._roles, coloured)
            return ""
        if isinstance(block, Prose):
            return render(block, session, self._roles, coloured)
        runs = self._steps.take(block, outcome, session, self._keep, not self._runners)
        if isinstance(block, Embed) and outcome:
            text = self._embed(block, outcome, session)
        elif isinstance(block, WhatIf) and outcome and outcome.program and outcome.run:
            lines = None if block.continues else what_if.lines_of(session.program(block.line), outcome.changed)
            shown = what_if.write(what_if.rows(outcome.changed), "what-if", block.line, lines)
            text = f"{self._keep(shown + self._runner(outcome.program, outcome.run, changed=True))}\n"
        elif outcome and outcome.picture:
            text = f"{self._keep(outcome.picture)}\n\n{_FOLDED}{_fence(block, block.text)}\n{runs}\n///\n"
            runs = ""
        else:
            text = _fence(block, block.text)
        return _indented(block, text + runs)

    def whole(self, written: list[str]) -> str:
        """Return all of a page, from how its blocks are written."""
        return "\n".join([*written, self._end, f"\n{self._began}\n", self._steps.write(self._keep)])

    def as_it_stands(self, block: Block) -> str:
        """Return a block that failed as plain Markdown."""
        text = "" if isinstance(block, Question) else block.text  # its choices write it
        return text if isinstance(block, Prose) else _indented(block, _fence(block, text))

    def _keep(self, html: str) -> str:
        self.html.append(html)
        return f"{self.name}-{len(self.html) - 1}"

    def _runner(self, program: Program, run: Run, **options: Any) -> str:
        self._runners += 1
        return runner.write(program, run, first=self._runners == 1 and not self._steps.offers, **options)

    def _run(self, session: Session, line: int, text: str) -> str:
        selector, _, new = text.partition(" -> ")
        program, lines = session.find(line, selector)
        if session.page.text.split("\n")[line - 1].strip() != f"`{{run}} {text}`":
            raise session.page.error(line, f"`{{run}} {text}` stands in a sentence; give it a paragraph of its own")
        other = changed(program, lines, new) if new else None
        if other and not asked.differs(other, program):
            raise session.page.error(
                line, f"`{{run}} {text}` prints what the program prints, so nothing is seen of the change; ask for another one"
            )
        return self._runner(program, program.ending, line=lines[0], asked=other)

    def _embed(self, block: Embed, outcome: Outcome, session: Session) -> str:
        program, lines = outcome.program, outcome.lines
        assert program
        below = f"{self._keep(outcome.picture)}\n\n" if outcome.picture else ""
        if outcome.compared:
            shown = self._keep(what_if.write(outcome.compared, "embed", block.line, lines))
            words = f"{program.name}, compared with {block.against}"
            return f"{shown}\n\n/// caption\n{link_to(session, block.line, program, lines, words)}\n///\n\n{below}"
        whole = len(lines) == len(program.lines)
        below += f"{self._keep(self._runner(program, program.ending))}\n\n" if whole else ""
        if listing.is_listing(session, block.line, program, lines):
            # The gutter is made of elements of its own: a link to a line must find an anchor that the link checker sees.
            gutter = "\n".join(f"[{n}](#L{n}){{#L{n}}}" for n in lines)
            text = as_text(Recording.of(program), session.page.meta.get("examples", "").split())
            recording = self._keep(_attached(session.page.path.with_suffix(".json").name, text))
            recorder = self._keep(_attached(f"{session.page.path.stem}.recorder.json", shipped()))
            # At the end, as a script hides these tables, and nothing is to move up into their place.
            self._end = f"\n{listing.write(session, block.line, program, self._roles)}\n{recording}\n\n{recorder}\n"
            gutter = f"/// html | div.gutter\n{gutter}\n///"
            return f"{below}/// html | div.listing\n\n{gutter}\n\n{_fence(block, outcome.code)}\n///\n\n"
        run = outcome.run or Run()
        options = {"linenums": lines[0], **_stop(program, lines, run)}
        deep = run.call or len(program.instrumented()[2].get(program.statement_at(lines[-1]), ())) > 1
        if block.iteration == "last" and deep or isinstance(block.iteration, tuple) and block.iteration[1:]:
            options["data-inner"] = 1  # of an outer iteration, a recording keeps the first time
        return (
            f"{_fence(block, outcome.code, **options)}\n/// caption\n"
            f"{link_to(session, block.line, program, lines, f'{program.name}, {words_for(lines)}')}\n///\n\n{below}"
        )


def _stop(program: Program, lines: range, run: Run) -> dict[str, object]:
    """Return the attributes that say where a run has stopped, which was for some lines."""
    stop = program.statement_at(lines[-1])
    call = {"data-iteration": next(iter(run.turns), 0), "data-call": run.call} if run.call else {}
    return {"data-lines": f"{lines[0]} {lines[-1]}", "data-iteration": run.completed[program.loops.get(stop, 0)], **call}


def _attributes(options: Mapping[str, object]) -> str:
    return "".join(f' {name}="{value}"' for name, value in options.items())


def _attached(name: str, text: str) -> str:
    """Return an element that no browser runs or shows, with the text of a file that is to lie beside the page: no preprocessor
    writes files, so what comes behind the generator takes it out.
    """
    safe = text.replace("</", r"<\/")  # the same in JSON
    return f'<script type="application/json" class="recording" data-href="{name}">{safe}</script>'


def _fence(block: Fence, text: str, **options: object) -> str:
    """Return a fence whose HTML says which kind it is and where it stands on the page."""
    kind = _KINDS[type(block)]
    ticks = "`" * max(3, *(len(run) + 1 for run in re.findall("`+", text)), 3)
    return f'{ticks} {{.{block.language or "text"} .{kind}{_attributes(options)} data-{kind}="{block.line}"}}\n{text}{ticks}\n'


def _indented(block: Fence, text: str) -> str:
    return "\n" + "".join(f"{block.indent}{line}\n" if line else "\n" for line in text.split("\n"))
