"""A runner: what a page leaves, unseen, for the script that runs a program in the reader's browser (docs/assets/run.js)."""

import hashlib
import platform
from html import escape

import numpy


def write(program, run, changed=False):
    """Return an empty element of HTML whose attributes hold all that the script needs; without the script, nothing is shown.

    `program` is what is to run, `run` its Run to its end, and `changed` says whether a what-if has made it.

    `data-program`: the file's name
    `data-key`: what a reader's own text is kept under: the file's name, and for a what-if a digest of its text
    `data-text`: the program's text
    `data-printed`: what a terminal shows when it runs, as it was when the site was built
    `data-quiet`: the same without warnings
    `data-made`: what it was run with then
    """
    digest = f" {hashlib.sha256(program.text.encode()).hexdigest()[:8]}" if changed else ""
    attributes = {
        "program": program.name,
        "key": program.name + digest,
        "text": program.text,
        "printed": run.transcript,
        "quiet": run.quiet,
        "made": f"Python {platform.python_version()} and NumPy {numpy.__version__}",
    }
    # On one line, so that nothing in it is taken for Markdown.
    written = "".join(f' data-{name}="{escape(value).replace(chr(10), "&#10;")}"' for name, value in attributes.items())
    return f'<div class="runner"{written}></div>'
