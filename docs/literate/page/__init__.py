"""A page: the only reader of Markdown, into blocks, front matter, headings and links; and where an error is.

This room runs nothing.
"""

from literate.page.blocks import (
    Check,
    Choice,
    Choices,
    Code,
    Display,
    Drawn,
    Embed,
    Exercise,
    Fence,
    Ledger,
    Live,
    Output,
    Prose,
    Question,
    WhatIf,
)
from literate.page.errors import PageError, shown
from literate.page.page import Page

Block = Prose | Fence

__all__ = [
    "Block",
    "Check",
    "Choice",
    "Choices",
    "Code",
    "Display",
    "Drawn",
    "Embed",
    "Exercise",
    "Fence",
    "Ledger",
    "Live",
    "Output",
    "Page",
    "PageError",
    "Prose",
    "Question",
    "WhatIf",
    "shown",
]
