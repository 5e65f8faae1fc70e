"""The forms in which a block is written for a site: Markdown, listing, ledger, curve, what-if, runner."""

from literate.write.markdown import MarkdownForm

__all__ = ["MarkdownForm"]
