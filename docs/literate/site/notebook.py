"""A page as a notebook: prose becomes Markdown cells, the program and the fences become code cells."""

import re
from pathlib import Path
from typing import Any

import numpy

from literate.page import Block, Choices, Code, Display, Drawn, Embed, Exercise, Prose, Question, WhatIf
from literate.play import Played
from literate.prose import WORDS, Role, render, words_for
from literate.prose.inline import as_it_stands
from literate.state import Outcome, Session


def is_notebook(path: Path) -> bool:
    """Say whether the page at a path becomes a notebook: its name says it."""
    return path.name == "notebook.md"


class NotebookForm:
    """Writes the blocks of a page as cells. Outputs are left out: running the notebook makes them.

    What a program has drawn is kept in `pictures`, by its embed's line, for the page that shows the notebook.
    """

    def __init__(self) -> None:
        self.pictures: dict[int, str] = {}

    def write(self, block: Block, outcome: Outcome | None, session: Session) -> list[Any]:
        """Return a block as cells of nbformat 4, without what a run puts in; raise PageError for what a notebook cannot hold.

        Jupytext cuts the program into cells at its paragraphs.
        """
        from nbformat import v4  # as jupytext below, it is imported by the one page in many that needs it

        error = session.page.error
        if isinstance(block, Drawn):
            raise error(block.line, "a notebook has no drawing of a network; put it on another page")
        if isinstance(block, Question | Choices | Exercise):
            raise error(block.line, "a notebook neither asks nor answers; put this on another page")
        if isinstance(block, Prose):
            text = render(block, session, _ROLES)
            if link := re.search(r"\]\([^)]*\.md\b", text):
                raise error(
                    block.line + text.count("\n", 0, link.start()),
                    "a notebook is read away from this site, so it cannot link to its pages; name the page in words",
                )
            return [v4.new_markdown_cell(text.strip())]
        if isinstance(block, WhatIf):
            raise error(block.line, "a notebook runs the program as it is, and holds no diff; say in words what to change")
        if isinstance(block, Code) and block.figure:
            raise error(block.line, "a notebook draws its own pictures; leave out figure=, or move this to another page")
        if isinstance(block, Embed) and outcome and outcome.program:
            program = outcome.program
            if len(outcome.lines) != len(program.lines):
                raise error(block.line, f'a notebook takes the whole program; write --8<-- "{program.name}"')
            if outcome.picture:
                self.pictures[block.line] = outcome.picture
            import jupytext

            return jupytext.reads(program.text, fmt="py:light").cells
        if isinstance(block, Code):
            return [v4.new_code_cell(block.text.rstrip("\n"))]
        if isinstance(block, Display):
            return [v4.new_markdown_cell(f"```{block.language}\n{block.text}```")]
        return []

    def as_it_stands(self, block: Block) -> list[Any]:
        """Return nothing: a notebook with an error is not made."""
        return []


def to_notebook(played: Played) -> Any:
    """Return a page that was walked in NotebookForm as a notebook (nbformat 4), not yet executed; raise its first PageError."""
    from nbformat import v4

    for error in played.errors:
        raise error
    cells = [cell for result in played.results for cell in result.written]
    for number, cell in enumerate(cells, 1):
        cell.id = f"cell-{number}"  # not a random one: the same page is the same notebook
    return v4.new_notebook(
        cells=cells,
        metadata={
            "kernelspec": {"name": "python3", "display_name": "Python 3", "language": "python"},
            # mkdocs-jupyter keeps executed notebooks by their bytes: another NumPy must make another notebook.
            "numpy": numpy.__version__,
        },
    )


def pictures(played: Played) -> dict[int, str]:
    """Return what the programs of a notebook's page have drawn, each by the number of the cell that it stands behind, from 0."""
    assert isinstance(played.form, NotebookForm)
    found, count = {}, 0
    for result in played.results:
        count += len(result.written)
        if picture := played.form.pictures.get(result.block.line):
            found[count - 1] = picture
    return found


_ROLES: dict[str, Role] = {
    **WORDS,
    "python": lambda session, line, expression: session.value(line, expression),
    "line": lambda session, line, selector: words_for(session.find(line, selector)[1]),
    "Line": lambda session, line, selector: words_for(session.find(line, selector)[1]).capitalize(),
    "text": as_it_stands,
}
