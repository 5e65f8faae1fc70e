"""A recording: what each line of a program left, and what each part of it came to, at the iterations that are kept.

This room knows nothing of pages.
"""

from literate.record.file import as_text
from literate.record.recording import Recording
from literate.record.step import Step, kept_of

__all__ = ["Recording", "Step", "as_text", "kept_of"]
