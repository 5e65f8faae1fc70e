"""The state that a page has reached: it runs the page's blocks, and gives one result for each."""

from literate.state.outcome import Outcome, OutputError
from literate.state.reached import PROGRAMS
from literate.state.session import Session

__all__ = ["PROGRAMS", "Outcome", "OutputError", "Session"]
