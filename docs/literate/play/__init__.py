"""The one walk over a page's blocks, and the process of its own in which it is taken."""

from literate.play.apart import begin, play
from literate.play.kept import Kept
from literate.play.walk import Form, Played, Result

__all__ = ["Form", "Kept", "Played", "Result", "begin", "play"]
