"""A curve: a function as a small drawing in a sentence, with a dot and the tangent at a point."""

from literate.look.curve import HEIGHT, REACH, WIDTH, across, down, point
from literate.state import Session


def curve(session: Session, line: int, text: str) -> str:
    """Return an inline SVG of a function with a dot and the tangent at a point, from `function, point`."""
    return svg(session, line, text, [session.namespace])


def svg(session: Session, line: int, text: str, namespaces: list[dict]) -> str:
    """Return the same with a place for each of some namespaces: the first is shown, a script shows the others."""
    places = []
    for namespace in namespaces:
        try:
            f, place = point(text, dict(namespace))
        except Exception as error:
            raise session.page.error(
                line, f"{{curve}} {text}: {error}; write a function and a number, as in {{curve}} f, x[0]"
            ) from error
        places.append(place)
    path = "L".join(f"{across(x / 2):.1f} {down(f(x / 2)):.1f}" for x in range(-2 * REACH, 2 * REACH + 1))
    x, y, turn = places[0].split()
    return (
        f'<svg class="curve" viewBox="0 0 {WIDTH} {HEIGHT}" width="{WIDTH}" height="{HEIGHT}" aria-hidden="true">'
        f'<path d="M{path}"/><g transform="translate({x} {y}) rotate({turn})"{at(places)}>'
        f'<path d="M-14 0h28"/><circle r="3"/></g></svg>'
    )


def at(texts: list[str]) -> str:
    """Return what a script needs to show the other iterations, as an attribute; nothing if there is nothing to show."""
    return f' data-at="{";".join(texts)}"' if len(set(texts)) > 1 else ""
