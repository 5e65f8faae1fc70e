"""A runner: what a page leaves, unseen, for the script that runs a program in the reader's browser (docs/assets/run.js)."""

import hashlib
import platform
from html import escape

import numpy

from literate.program import Program, Run


def write(
    program: Program, run: Run, changed: bool = False, line: int | None = None, first: bool = False, asked: Program | None = None
) -> str:
    """Return an empty element of HTML whose attributes hold all that the script needs; without the script, nothing is shown.

    `program` is what is to run, `run` its Run to its end, `changed` says whether a what-if has made it, `line` where an editor
    is to begin, and `asked` what the reader is asked to make of it. `first` says whether it is the page's first, which tells what
    a reader should know before.

    `data-program`: the file's name
    `data-key`: what a reader's own text is kept under: the file's name, and what tells this place from others
    `data-text`: the program's text
    `data-printed`: what a terminal shows when it runs, as it was when the site was built
    `data-quiet`: the same without warnings
    `data-made`: what it was run with then
    `data-changed`: there if a what-if has made the program
    `data-line`: `line`, if there is one
    `data-asked`: the text of `asked`, if there is one
    `data-first`: there if it is the page's first
    """
    own = program.lines[line - 1].strip() if line else ""
    if changed:
        own = hashlib.sha256(program.text.encode()).hexdigest()[:8]
    attributes = {
        "program": program.name,
        "key": f"{program.name} {own}" if own else program.name,
        "text": program.text,
        "printed": run.transcript,
        "quiet": run.quiet,
        "made": f"Python {platform.python_version()} and NumPy {numpy.__version__}",
        **({"changed": ""} if changed else {}),
        **({"line": str(line)} if line else {}),
        **({"asked": asked.text} if asked else {}),
        **({"first": ""} if first else {}),
    }
    # On one line, so that nothing in it is taken for Markdown.
    written = "".join(f' data-{name}="{escape(value).replace(chr(10), "&#10;")}"' for name, value in attributes.items())
    return f'<div class="runner"{written}></div>'
