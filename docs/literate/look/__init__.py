"""A second look at a run: at what was there in each iteration, and whether another run gives the same.

This room knows nothing of pages.
"""

from literate.look.chance import differs, throws
from literate.look.history import History
from literate.look.moments import moments, moments_inside

__all__ = ["History", "differs", "moments", "moments_inside", "throws"]
