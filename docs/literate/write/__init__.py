"""The one walk over a page's blocks, and what it writes: Markdown for a site, listing, ledger, what-if, runner."""

from literate.write.markdown import MarkdownForm
from literate.write.walk import Form, Played, Result, play

__all__ = ["Form", "MarkdownForm", "Played", "Result", "play"]
