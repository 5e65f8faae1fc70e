"""A description: the same as a picture, in words, for readers who cannot see it."""

from collections.abc import Iterator

from literate.draw.layout import Layout
from literate.draw.pen import Pen


def describe(layout: Layout, pen: Pen) -> str:
    """Return what a picture shows, by its values."""
    turn = f'Iteration <span class="turn">{pen.moment.iteration:,}</span>.' if pen.moment.iteration else ""
    said = [f"{what}: {', '.join(pen.span(*of) for of in parts)}." for what, parts in _facts(layout)]
    return " ".join([turn, *said]).strip()


def _facts(layout: Layout) -> Iterator[tuple[str, list[tuple]]]:
    """Yield what the picture shows, in words, with the parts that show it: forwards, then backwards."""

    def weights(number, kind):
        for j in range(layout.sizes[number]):
            to = f" to node {j + 1} of {layout.sketch.layers[number].name}" if layout.sizes[number] > 1 else ""
            of = [(kind, layout.sketch.layers[number].name, i, j) for i in range(layout.sizes[number - 1])]
            yield f"{'Weights' if kind == 'weight' else 'Moves of'} {layout.sketch.weights[number - 1]}{to}", of

    def each(number, kind, *names):
        return [(kind, *names, node) for node in range(layout.sizes[number])]

    layers = [*enumerate(layout.sketch.layers)]
    for number, layer in layers:
        several = "s" * (layout.sizes[number] > 1)
        if number and layout.network.reached(layout.sketch.weights[number - 1]):
            yield from weights(number, "weight")
        if number and layout.valued(layer.name):
            yield f"Sum{several}", each(number, "sum", layer.name)
        if layout.valued(layer.name):
            yield f"{'Output' if number else 'Input'}{several} {layer.name}", each(number, "value", layer.name)
    if layout.valued(layout.sketch.target):
        yield f"Target {layout.sketch.target}", each(number, "value", layout.sketch.target)
    for number, layer in reversed(layers):
        if layout.shows("error", layer.error):
            yield f"Error {layer.error}", each(number, "signed", layer.error)
        if layout.sloped(layer):
            yield f"Slope{'s' * (layout.sizes[number] > 1)}", each(number, "slope", layer.error, layer.delta)
        if layout.shows("delta", layer.delta):
            yield f"Delta {layer.delta}", each(number, "signed", layer.delta)
        if number and layout.network.moves(layer.name):
            yield from weights(number, "move")
