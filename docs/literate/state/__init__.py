"""The state that a page has reached: it runs the page's blocks, and gives one result for each."""

from literate.state.outcome import Outcome, OutputError
from literate.state.session import PROGRAMS, Session

__all__ = ["PROGRAMS", "Outcome", "OutputError", "Session"]
