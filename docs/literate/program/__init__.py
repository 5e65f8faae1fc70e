"""A source file that can be asked: where a text stands in it, what it does up to a line, what a small change makes of it.

This room knows nothing of pages.
"""

from literate.program.change import ChangedLine, ChangeError, Row, apply, compared
from literate.program.failure import ProgramError, describe, line_in
from literate.program.program import Program
from literate.program.run import Run

__all__ = [
    "ChangeError",
    "ChangedLine",
    "Program",
    "ProgramError",
    "Row",
    "Run",
    "apply",
    "compared",
    "describe",
    "line_in",
]
