"""A ledger: a piece of prose whose values a reader can see at every iteration that the recording keeps."""

import math

from literate.state.session import in_sentence


def roles(session, block, roles):
    """Return the roles of prose for a ledger: `{python}` and `{curve}` with what they come to at each kept iteration.

    Check at each that the ledger's expression holds. Raise PageError if one does not, or if the page has not reached a
    line of a loop.
    """
    states = list(session.at_every_iteration(block.line))
    for iteration, namespace in states:
        if block.check and session.value(block.line, block.check, namespace) != "True":
            raise session.page.error(block.line, f"the ledger does not add up in iteration {iteration:,}: "
                                     f"{block.check} is not true; mend the table or the expression")

    def value(session, line, expression):
        texts = [in_sentence(session.value(line, expression, namespace)) for _, namespace in states]
        if any(mark in text for text in texts for mark in '`";|'):
            raise session.page.error(line, f"{{python}} {expression} has a mark in it that a ledger cannot hold; "
                                     "show a number")
        return f"`{texts[0]}`{{.value{_at(texts)}}}"

    def curve(session, line, text):
        return _svg(session, line, text, [namespace for _, namespace in states])

    return {**roles, "python": value, "curve": curve}


def iterations(session, block):
    """Return the iterations that a ledger can show, as text with spaces between."""
    return " ".join(str(iteration) for iteration, _ in session.at_every_iteration(block.line))


def curve(session, line, text):
    """Return an inline SVG of a function with a dot and the tangent at a point, from `function, point`."""
    return _svg(session, line, text, [session.namespace])


WIDTH, HEIGHT, REACH = 72, 36, 6  # the drawing's size in pixels; the function is drawn from -REACH to REACH


def _svg(session, line, text, namespaces):
    function, _, point = text.partition(",")
    places = []
    for namespace in namespaces:
        try:
            f, x = eval(function, dict(namespace)), float(eval(point, dict(namespace)))
            slope = (f(x + 1e-6) - f(x - 1e-6)) / 2e-6
            turn = math.degrees(math.atan2(-slope * (HEIGHT - 4), (WIDTH - 4) / (2 * REACH)))
            places.append(f"{_x(x):.1f} {_y(f(x)):.1f} {turn:.1f}")
        except Exception as error:
            raise session.page.error(line, f"{{curve}} {text}: {error}; write a function and a number, as in "
                                     "{curve} f, x[0]") from error
    path = "L".join(f"{_x(x / 2):.1f} {_y(f(x / 2)):.1f}" for x in range(-2 * REACH, 2 * REACH + 1))
    across, up, turn = places[0].split()
    return (f'<svg class="curve" viewBox="0 0 {WIDTH} {HEIGHT}" width="{WIDTH}" height="{HEIGHT}" aria-hidden="true">'
            f'<path d="M{path}"/><g transform="translate({across} {up}) rotate({turn})"{_at(places)}>'
            f'<path d="M-14 0h28"/><circle r="3"/></g></svg>')


def _x(x):
    return 2 + (min(max(x, -REACH), REACH) + REACH) / (2 * REACH) * (WIDTH - 4)


def _y(y):
    return HEIGHT - 2 - y * (HEIGHT - 4)


def _at(texts):
    """Return what a script needs to show the other iterations, as an attribute; nothing if there is nothing to show."""
    return f' data-at="{";".join(texts)}"' if len(set(texts)) > 1 else ""
