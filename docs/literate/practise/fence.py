"""What a page leaves for the script that runs its fences where they stand: the steps by which Python gets to each of them.

No result is handed over. docs/assets/fence.py takes the steps, in the reader's browser and in the tests.
"""

import hashlib
import html
import json
import platform
from collections.abc import Callable
from typing import Any

import numpy

from literate.page import Block, Code, Embed, Output, WhatIf
from literate.program import Program, Run
from literate.program.colours import colours
from literate.state import Outcome, Session


class Steps:
    """The steps of a page, as they are taken from top to bottom."""

    def __init__(self) -> None:
        self._steps: list[dict[str, Any]] = []
        self._programs: dict[str, str] = {}
        self._below: dict[int, str] = {}  # what is to stand below an output, by its line
        self._colours: dict[str, int] = {}
        self._folder = ""
        self.offers = False  # whether a fence that is always seen can be run

    def take(self, block: Block, outcome: Outcome | None, session: Session, keep: Callable[[str], str], first: bool) -> str:
        """Take the step of a block. Return what is to stand below it, as Markdown: the place of what runs a fence, or ''.

        `keep` returns what stands in the Markdown for some HTML; `first` says whether nothing above it can be run.

        It stands below the fence's output, if it has one. A page without a program has no steps. A fence that draws says so: it
        needs Matplotlib, which comes for it alone.
        """
        if isinstance(block, Output):
            return self._below.pop(block.line, "")
        if not outcome or not session.page.program:
            return ""
        if not self._folder and (after := session.page.meta.get("after")):
            self._embed(*session.find(session.page.line_of("after"), after), session.began)
        self._folder = session.programs.name
        if isinstance(block, Embed) and outcome.program:
            self._embed(outcome.program, outcome.lines, outcome.run or Run())
        elif isinstance(block, WhatIf) and outcome.program:
            self._run({"program": outcome.program.name, "text": outcome.program.text})
        if not isinstance(block, Code):
            return ""
        step: dict[str, Any] = {"line": block.line, "code": block.text, "printed": outcome.printed}
        if block.figure:
            self._colours = colours(session.program(block.line))
            step["figure"] = block.figure
        self._steps.append(step)
        key = hashlib.sha256(block.text.encode()).hexdigest()[:8]
        offers = " data-first" * (first and not self.offers and not block.figure)
        self.offers |= not block.figure
        place = keep(f'<div class="fence" data-line="{block.line}" data-key="fence {key}"{offers}></div>')
        if block.output:
            self._below[block.output.line] = f"\n{place}\n"
        return "" if block.output else f"\n{place}\n"

    def _embed(self, program: Program, lines: range, run: Run) -> None:
        stop = program.inside(lines[-1])[1] if run.call else program.statement_at(lines[-1]) or 0
        times = run.completed[stop]
        if stop and not times and not program.until:  # it has run to its end, and never got there
            self._run({"program": program.name, "text": program.text})
            return
        if stop and not times:  # the run has been cut before
            loop = next(
                (line for line, loop in program.loops.items() if line == loop and run.completed[line] == program.until), 0
            )
            stop, times = (loop, run.completed[loop] + 1) if loop else (program.end[1], 1)
        self._programs[program.name] = program.text
        self._run({"program": program.name, "stop": stop, "times": times})

    def _run(self, step: dict[str, Any]) -> None:
        """Take the step of a program, in the place of another one that no fence has looked at."""
        if self._steps and "program" in self._steps[-1]:
            self._steps.pop()
        self._steps.append(step)

    def write(self, keep: Callable[[str], str]) -> str:
        """Return the steps as an element that no browser runs or shows, in Markdown; '' if there is no fence to run."""
        if not any("code" in step for step in self._steps):
            return ""
        text = json.dumps(
            {
                "made": f"Python {platform.python_version()} and NumPy {numpy.__version__}",
                "folder": self._folder,
                "programs": self._programs,
                "colours": self._colours,
                "steps": self._steps,
            },
            ensure_ascii=False,
        )
        written = keep(f'<div class="steps" data-steps="{html.escape(text)}" hidden></div>')
        return f"\n{written}\n"
