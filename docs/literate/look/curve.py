"""Where a point of a function lies in the small drawing that a sentence has of it (docs/literate/draw/curve.py)."""

import math
from collections.abc import Callable

WIDTH, HEIGHT, REACH = 72, 36, 6  # the drawing's size in pixels; the function is drawn from -REACH to REACH


def across(x: float) -> float:
    """Return the pixels from the left."""
    return 2 + (min(max(x, -REACH), REACH) + REACH) / (2 * REACH) * (WIDTH - 4)


def down(y: float) -> float:
    """Return the pixels from the top, of what lies between 0 and 1."""
    return HEIGHT - 2 - y * (HEIGHT - 4)


def point(text: str, names: dict) -> tuple[Callable, str]:
    """Return the function of `function, point`, and as text where the point lies, across and down, and how its tangent is turned.

    Raise ValueError if that cannot be drawn, and whatever the two expressions raise.
    """
    function, _, place = text.partition(",")
    f, x = eval(function, names), float(eval(place, names))
    slope = (f(x + 1e-6) - f(x - 1e-6)) / 2e-6
    if not all(map(math.isfinite, (x, f(x), slope))):
        raise ValueError(f"it is {f(x)} at {x}, which cannot be drawn")
    turn = math.degrees(math.atan2(-slope * (HEIGHT - 4), (WIDTH - 4) / (2 * REACH)))
    return f, f"{across(x):.1f} {down(f(x)):.1f} {turn:.1f}"
