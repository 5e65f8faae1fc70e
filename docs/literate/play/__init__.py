"""The one walk over a page's blocks, and the process of its own in which it is taken."""

from literate.play.apart import begin, play
from literate.play.walk import Form, Played, Result

__all__ = ["Form", "Played", "Result", "begin", "play"]
