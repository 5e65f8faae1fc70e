"""A step of a recording: the completion of one statement; and which turns of a loop are kept."""

import math
from dataclasses import dataclass

import numpy as np

from literate.record.inside import Heard

PER_DECADE = 8  # how many iterations are kept for each factor of ten, above the tenth


@dataclass(frozen=True)
class Step:
    """The completion of one statement."""

    line: int  # the statement's first
    iteration: int  # of the outermost loop that it stands in, from 1; 0 outside of loops
    state: dict  # every name that is bound now, with its value as it was then; Said for an object
    changed: tuple  # the names that the statement bound, and those whose values it changed
    printed: str
    inside: Heard = ()  # what the parts of the line came to, in order, and what the functions did that it called


def kept_of(last: int) -> set[int]:
    """Return the iterations to keep, of so many."""
    count = math.ceil(PER_DECADE * math.log10(max(last, 10) / 10)) + 1
    return {*range(1, min(last, 10) + 1), *np.rint(np.geomspace(min(last, 10), last, count)).astype(int).tolist()} - {0}
