"""A curve: a function as a small drawing in a sentence, with a dot and the tangent at a point."""

import math

from literate.state import Session

WIDTH, HEIGHT, REACH = 72, 36, 6  # the drawing's size in pixels; the function is drawn from -REACH to REACH


def curve(session: Session, line: int, text: str) -> str:
    """Return an inline SVG of a function with a dot and the tangent at a point, from `function, point`."""
    return svg(session, line, text, [session.namespace])


def svg(session: Session, line: int, text: str, namespaces: list[dict]) -> str:
    """Return the same with a place for each of some namespaces: the first is shown, a script shows the others."""
    function, _, point = text.partition(",")
    places = []
    for namespace in namespaces:
        try:
            f, x = eval(function, dict(namespace)), float(eval(point, dict(namespace)))
            slope = (f(x + 1e-6) - f(x - 1e-6)) / 2e-6
            if not all(map(math.isfinite, (x, f(x), slope))):
                raise ValueError(f"it is {f(x)} at {x}, which cannot be drawn")
            turn = math.degrees(math.atan2(-slope * (HEIGHT - 4), (WIDTH - 4) / (2 * REACH)))
            places.append(f"{_x(x):.1f} {_y(f(x)):.1f} {turn:.1f}")
        except Exception as error:
            raise session.page.error(
                line, f"{{curve}} {text}: {error}; write a function and a number, as in {{curve}} f, x[0]"
            ) from error
    path = "L".join(f"{_x(x / 2):.1f} {_y(f(x / 2)):.1f}" for x in range(-2 * REACH, 2 * REACH + 1))
    across, up, angle = places[0].split()
    return (
        f'<svg class="curve" viewBox="0 0 {WIDTH} {HEIGHT}" width="{WIDTH}" height="{HEIGHT}" aria-hidden="true">'
        f'<path d="M{path}"/><g transform="translate({across} {up}) rotate({angle})"{at(places)}>'
        f'<path d="M-14 0h28"/><circle r="3"/></g></svg>'
    )


def _x(x: float) -> float:
    return 2 + (min(max(x, -REACH), REACH) + REACH) / (2 * REACH) * (WIDTH - 4)


def _y(y: float) -> float:
    return HEIGHT - 2 - y * (HEIGHT - 4)


def at(texts: list[str]) -> str:
    """Return what a script needs to show the other iterations, as an attribute; nothing if there is nothing to show."""
    return f' data-at="{";".join(texts)}"' if len(set(texts)) > 1 else ""
