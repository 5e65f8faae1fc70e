"""A page as a notebook: prose becomes Markdown cells, the program and the fences become code cells."""

import re

import jupytext
import numpy
from nbformat import v4

from literate.page import Code, Display, Drawn, Embed, Prose
from literate.prose import render, words_for
from literate.session import PROGRAMS, Session


def to_notebook(page, programs=PROGRAMS):
    """Return a page as a notebook (nbformat 4), not yet executed; raise PageError at the first thing wrong.

    Jupytext cuts the program into cells at its paragraphs. Outputs are left out: running it makes them.
    """
    session = Session(page, programs)
    cells = []
    for block in page.blocks:
        if isinstance(block, Drawn):
            raise page.error(block.line, "a notebook has no drawing of a network; put it on another page")
        if isinstance(block, Prose):
            text = render(block, session, _ROLES)
            if link := re.search(r"\]\([^)]*\.md\b", text):
                line = block.line + text.count("\n", 0, link.start())
                raise page.error(line, "a notebook is read away from this site, so it cannot link to its pages; "
                                 "name the page in words")
            cells.append(v4.new_markdown_cell(text.strip()))
        elif isinstance(block, Embed):
            session.run(block)
            program, lines = session.find(block.line, block.selector, block.program)
            if len(lines) != len(program.lines):
                raise page.error(block.line, f'a notebook takes the whole program; write --8<-- "{program.name}"')
            cells += jupytext.reads(program.text, fmt="py:light").cells
        elif isinstance(block, Code):
            session.run(block)
            cells.append(v4.new_code_cell(block.text.rstrip("\n")))
        elif isinstance(block, Display):
            cells.append(v4.new_markdown_cell(f"```{block.language}\n{block.text}```"))
    for number, cell in enumerate(cells, 1):
        cell.id = f"cell-{number}"  # not a random one: the same page is the same notebook
    return v4.new_notebook(cells=cells, metadata={
        "kernelspec": {"name": "python3", "display_name": "Python 3", "language": "python"},
        # mkdocs-jupyter keeps executed notebooks by their bytes: another NumPy must make another notebook.
        "numpy": numpy.__version__,
    })


_ROLES = {
    "python": lambda session, line, expression: session.value(line, expression),
    "line": lambda session, line, selector: words_for(session.find(line, selector)[1]),
    "Line": lambda session, line, selector: words_for(session.find(line, selector)[1]).capitalize(),
    "text": lambda session, line, text: f"`{text}`",
}
