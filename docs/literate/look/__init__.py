"""A second look at a run: at what was there in each iteration.

This room knows nothing of pages.
"""

from literate.look.moments import moments

__all__ = ["moments"]
