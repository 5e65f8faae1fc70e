"""A picture of a network as SVG: one example in one iteration.

Positions are in units of the picture. What depends on values is left to the style sheet, which knows them as variables: a script
only has to set these.
"""

from collections.abc import Callable, Iterator
from html import escape

import numpy as np

from literate.draw.network import LETTERS, Layer, Moment, Network, written

RADIUS, ROW = 23, 60  # of a node, and from one to the next below it
EDGE, STEP = 25, (54, 48)  # from the edge to a layer; from part to part of an output, with one layer of weights or with more
LABELLED, PLAIN = (154, 124), 94  # along weights with labels, in a network with one layer of them or more, and without labels
BELOW = 48  # what an arrow and its number need below a node
CURVE = 36, 28  # width and height of a function's picture
REACH = 6  # a function is drawn from -REACH to REACH
MOST = 4  # so many weights between two layers have their values beside them


Part = tuple[str, float, bool]  # a name, where it stands across the picture, and whether below it


class Picture:
    """What is the same in all pictures of a Network; `colour` gives the class of a name's colour, `name` begins the ids."""

    def __init__(self, network: Network, colour: Callable[[str], str], name: str):
        self.network, self.sketch, self.sizes, self.colour, self.name = network, network.sketch, network.sizes, colour, name
        deep = len(self.sizes) > 2
        self.labelled = [one * other <= MOST for one, other in zip(self.sizes, self.sizes[1:])]
        self.step, self.curved = STEP[deep], bool(network.functions[-1][0])
        self.x = [EDGE]
        for labelled in self.labelled:
            self.x.append(self.x[-1] + (LABELLED[deep] if labelled else PLAIN))
        self.entry = [*self.x]  # where the weights of a layer lead to: the last one's end at its sum
        self.x[-1] += 2 * self.step * self.curved
        self.target = self.x[-1] + self.step
        self.width = (self.target if self.sketch.target else self.x[-1]) + EDGE
        self.height = max(max(self.sizes) * ROW, 2 * (RADIUS + BELOW if network.form in ("error", "delta", "update") else ROW))

    def y(self, layer: int, node: int) -> float:
        return self.height / 2 + (node - (self.sizes[layer] - 1) / 2) * ROW

    def valued(self, name: str) -> bool:
        """Say whether the values of an array are shown: of an example, so not before there is one to choose."""
        return bool(self.network.examples) and self.network.reached(name)

    def shows(self, what: str, name: str) -> bool:
        """Say whether the error, the slope or the delta of a layer belongs in the picture: of an update, only the delta does."""
        form = self.network.form
        return self.network.reached(name) and form != "prediction" and (what == "delta" or form != "update")

    def sloped(self, layer: Layer) -> bool:
        return bool(layer.error) and self.shows("slope", layer.delta)

    def back(self, layer: Layer) -> str | None:
        """Return the name of what has come back to a hidden layer: its delta, or until that is reached its error."""
        return next((getattr(layer, what) for what in ("delta", "error") if self.shows(what, getattr(layer, what))), None)

    def shared(self, layer: Layer) -> bool:
        """Say whether the error of a hidden layer is what the picture is about: then the weights that it came through matter."""
        return bool(self.back(layer)) and self.back(layer) == layer.error

    def parts(self) -> Iterator[Part]:
        """Yield what is named in the picture: its name, its place from left to right, and whether the name stands below it."""
        last = self.sketch.layers[-1]
        for layer, x in zip(self.sketch.layers, self.x):
            yield layer.name, x, False
        if self.curved:
            yield self.network.functions[-1][0], self.entry[-1] + self.step, False
        if self.sketch.target:
            yield self.sketch.target, self.target, False
        for name, x, entry in zip(self.sketch.weights, self.x, self.entry[1:]):
            yield name, (x + entry) / 2, True
        for layer, x in zip(self.sketch.layers[:-1], self.x):
            if come := self.back(layer):
                yield come, x, True
        for what, x in (("delta", self.entry[-1]), ("error", self.x[-1])):
            if self.shows(what, getattr(last, what)):
                yield getattr(last, what), x, True

    def frame(self, moment: Moment, example: int, live: bool) -> str:
        """Return the picture of an example at a Moment as SVG; a live one says what its parts show, for a script."""
        pen, examples = _Pen(moment, example, live), self.network.examples
        name = f"{self.name}-{moment.iteration}-{LETTERS[example].lower()}" if examples else self.name
        weights = "".join(self._weights(pen, number) for number in range(len(self.sketch.weights)))
        nodes = "".join(self._node(pen, number, node) for number, size in enumerate(self.sizes[:-1]) for node in range(size))
        outputs = "".join(self._output(pen, node) for node in range(self.sizes[-1]))
        return (
            f'<svg class="at-{self.network.form}" role="img" viewBox="0 0 {self.width:g} {self.height:g}" '
            f'aria-labelledby="{name}-title {name}-desc">'
            f'<title id="{name}-title">The network{f" for example {LETTERS[example]}" if examples else ""}</title>'
            f'<desc id="{name}-desc">{self._said(pen)}</desc>{weights}{nodes}{outputs}</svg>'
        )

    def _weights(self, pen, number):
        """Draw the weights between two layers: a line each, as thick as its size, broken if it is below 0."""
        before, layer, name = self.sketch.layers[number], self.sketch.layers[number + 1].name, self.sketch.weights[number]
        if not self.network.reached(name):
            return ""
        lines = labels = ""
        for i in range(self.sizes[number]):
            for j in range(self.sizes[number + 1]):
                (left, start), (right, end) = ends = self._ends(number, i, j)
                flow = {"from": ("value", before.name, i)} if self.valued(before.name) else {}
                lines += (
                    f'<line x1="{left:g}" y1="{start:g}" x2="{right:g}" y2="{end:g}"'
                    f"{pen.signed('weight', 'weight', layer, i, j)}{pen.sizes(size=('weight', layer, i, j), **flow)}/>"
                )
                if number and self.shows("error", before.error):
                    lines += _head(*_between(ends, 9 / (right - left)))
                if self.network.form not in ("error", "delta") or number and self.shared(before):
                    labels += self._label(pen, number, i, j)
        colour, largest = self.colour(name), self.network.largest("weight", layer)
        return f'<g class="lines {colour}" style="--largest:{largest:.4g}">{lines}</g><g class="labels {colour}">{labels}</g>'

    def _ends(self, number, i, j):
        """Return where the line of a weight begins and ends; lines end side by side, not in one point."""
        start, end = self.y(number, i), self.y(number + 1, j)
        return (self.x[number] + RADIUS, start), (self.entry[number + 1] - RADIUS, end + (start - end) * 0.1)

    def _label(self, pen, number, i, j):
        """Write a weight beside its line; or how far it has moved, with what the example asks for."""
        before, layer, ends = self.sketch.layers[number], self.sketch.layers[number + 1], self._ends(number, i, j)
        moved, of = self.network.moves(layer.name), (layer.name, i, j)
        if not self.labelled[number]:  # the arrow alone; those of one node stand apart
            x, y = _between(ends, 0.3 + 0.4 * j / max(self.sizes[number + 1] - 1, 1))
            return pen.push(x, y, "bare", ("move", *of), 22 / self.network.largest("move", layer.name)) if moved else ""
        x, y = _between(ends, 0.46 if self.sizes[number] > self.sizes[number + 1] else 0.54)
        if not moved:
            return _ground(x, y - 7, 46, 14) + pen.text(x, y + 4.5, "label", "weight", *of)
        asked = not number and self.network.reached(layer.delta)
        label = _ground(x, y - 13, 56, 29)
        label += pen.text(x, y - 2, "label strong", "move", *of) if asked else pen.text(x, y + 4, "label", "move", *of)
        label += pen.push(x - (38 if asked else 32), y, "bare", ("move", *of), 15 / self.network.largest("move", layer.name))
        if asked:
            label += (
                f'<text class="label small" x="{x:g}" y="{y + 13:g}">{pen.tspan("value", before.name, i)} × '
                f"{pen.tspan('signed', layer.delta, j)}</text>"
            )
        return label

    def _node(self, pen, number, node):
        """Draw a node of the inputs or of a hidden layer: its value, the function in it small, and what has come back to it."""
        layer, x, y, inside, value = self.sketch.layers[number], self.x[number], self.y(number, node), "", ""
        curved = number and self.network.functions[number - 1][0]
        if curved:
            inside = f'<g class="inside" transform="translate({x:g} {y + 10:g}) scale(.5)">{self._curve(pen, number, node)}</g>'
        if self.valued(layer.name):
            value = pen.text(x, y + (0 if curved else 4.5), "value", "value", layer.name, node)
        elif not number and not self.network.examples:
            value = f'<text class="small" x="{x:g}" y="{y + 4:g}">col. {node + 1}</text>'
        back = self.back(layer)
        came = pen.text(x, y + RADIUS + 12, f"label small came {self.colour(back)}", "signed", back, node) if back else ""
        return f'<g class="{self.colour(layer.name)}">{self._circle(pen, layer.name, node, x, y)}{inside}{value}</g>{came}'

    def _output(self, pen, node):
        """Draw an output with what leads to it: the sum, the function, the value; and the target, error, slope and delta."""
        number, layer, target = len(self.sizes) - 1, self.sketch.layers[-1], self.sketch.target
        x, entry, y, parts = self.x[-1], self.entry[-1], self.y(number, node), ""
        if self.curved:
            back, middle = self.shows("delta", layer.delta), entry + self.step
            for one, other in ((entry + RADIUS, middle - CURVE[0] / 2), (middle + CURVE[0] / 2, x - RADIUS)):
                parts += f'<path class="way" d="M{one:g} {y:g}H{other:g}"/>'
                parts += _head(one, y) if back else _head(other, y, right=True)
            parts = f'<g class="{"back" if back else "forth"}">{parts}</g>'
            parts += f'<circle class="node sum" cx="{entry:g}" cy="{y:g}" r="{RADIUS}"/>'
            parts += pen.text(entry, y + 4.5, "value", "sum", layer.name, node) if self.valued(layer.name) else ""
            parts += f'<g transform="translate({middle:g} {y:g})">{self._curve(pen, number, node)}</g>'
            if self.sloped(layer):
                parts += (
                    f'<text class="label small" x="{middle:g}" y="{y + 31:g}">× '
                    f"{pen.tspan('slope', layer.error, layer.delta, node)}</text>"
                )
        if target:
            parts += (
                f'<path class="way apart" d="M{x + RADIUS:g} {y:g}H{self.target - 17:g}"/><g class="{self.colour(target)}">'
                f'<rect class="node" x="{self.target - 16:g}" y="{y - 16:g}" width="32" height="32" rx="3"/>'
                f"{self._value(pen, target, node, self.target, y)}</g>"
            )
        parts += (
            f'<g class="{self.colour(layer.name)}">{self._circle(pen, layer.name, node, x, y)}'
            f"{self._value(pen, layer.name, node, x, y)}</g>"
        )
        for what, at, length in (("error", x, 40), ("delta", entry, 30)):
            name = getattr(layer, what)
            if self.shows(what, name) and (self.curved or name == self.back(layer)):
                largest = self.network.largest("signed", name) if what == "delta" else 1
                parts += pen.push(at, y, self.colour(name), ("signed", name, node), length / largest, labelled=True)
        return parts

    def _value(self, pen, name, node, x, y):
        return pen.text(x, y + 4.5, "value", "value", name, node) if self.valued(name) else ""

    def _circle(self, pen, name, node, x, y):
        full = pen.sizes(full=("value", name, node)) if self.valued(name) else ""
        return f'<circle class="node" cx="{x:g}" cy="{y:g}" r="{RADIUS}"{full}/>'

    def _curve(self, pen, number, node):
        """Draw the function between sum and output, the point where this one lies, and, once it is used, the slope there."""
        layer, function = self.sketch.layers[number], self.network.functions[number - 1][1]
        across = np.linspace(-REACH, REACH, 25)
        values = np.array(function(across), float)
        low, high = values.min(), values.max()
        up = 0.5 - (values - low) / ((high - low) or 1)
        points = zip(across / 2 / REACH * CURVE[0], up * CURVE[1])
        curve = f'<path class="function" d="M{"L".join(f"{one:.1f} {other:.1f}" for one, other in points)}"/>'
        if not self.valued(layer.name):
            return curve
        tangent = ""
        if self.sloped(layer):
            tangent = f'<path class="tangent" d="M-15 0H15"{pen.sizes(slope=("slope", layer.error, layer.delta, node))}/>'
        at = pen.sizes(x=("sum", layer.name, node), y=("value", layer.name, node))
        return f'{curve}<g class="point" style="--low:{low:.4g};--high:{high:.4g}"><g{at}>{tangent}<circle r="3.4"/></g></g>'

    def _said(self, pen):
        """Describe the picture by its values."""
        turn = f'Iteration <span class="turn">{pen.moment.iteration:,}</span>.' if pen.moment.iteration else ""
        said = [f"{what}: {', '.join(pen.span(*of) for of in parts)}." for what, parts in self._facts()]
        return " ".join([turn, *said]).strip()

    def _facts(self):
        """Yield what the picture shows, in words, with the parts that show it: forwards, then backwards."""

        def weights(number, kind):
            for j in range(self.sizes[number]):
                to = f" to node {j + 1} of {self.sketch.layers[number].name}" if self.sizes[number] > 1 else ""
                of = [(kind, self.sketch.layers[number].name, i, j) for i in range(self.sizes[number - 1])]
                yield f"{'Weights' if kind == 'weight' else 'Moves of'} {self.sketch.weights[number - 1]}{to}", of

        def each(number, kind, *names):
            return [(kind, *names, node) for node in range(self.sizes[number])]

        layers = [*enumerate(self.sketch.layers)]
        for number, layer in layers:
            several = "s" * (self.sizes[number] > 1)
            if number and self.network.reached(self.sketch.weights[number - 1]):
                yield from weights(number, "weight")
            if number and self.valued(layer.name):
                yield f"Sum{several}", each(number, "sum", layer.name)
            if self.valued(layer.name):
                yield f"{'Output' if number else 'Input'}{several} {layer.name}", each(number, "value", layer.name)
        if self.valued(self.sketch.target):
            yield f"Target {self.sketch.target}", each(number, "value", self.sketch.target)
        for number, layer in reversed(layers):
            if self.shows("error", layer.error):
                yield f"Error {layer.error}", each(number, "signed", layer.error)
            if self.sloped(layer):
                yield f"Slope{'s' * (self.sizes[number] > 1)}", each(number, "slope", layer.error, layer.delta)
            if self.shows("delta", layer.delta):
                yield f"Delta {layer.delta}", each(number, "signed", layer.delta)
            if number and self.network.moves(layer.name):
                yield from weights(number, "move")


class _Pen:
    """Writes the parts of one frame: what they show, and for a live one, by which a script finds it out again."""

    def __init__(self, moment, example, live):
        self.moment, self.example, self.live = moment, example, live

    def _number(self, kind, *of):
        return self.moment.number(self.example, kind, *map(str, of))

    def _written(self, kind, *of):
        return escape(written(kind, self._number(kind, *of)))

    def _data(self, name, *of):
        return f' data-{name}="{" ".join(map(str, of))}"' if self.live else ""

    def text(self, x, y, style, *of):
        return f'<text class="{style}" x="{x:g}" y="{y:g}"{self._data("of", *of)}>{self._written(*of)}</text>'

    def tspan(self, *of):
        return f"<tspan{self._data('of', *of)}>{self._written(*of)}</tspan>"

    def span(self, *of):
        return f"<span{self._data('of', *of)}>{self._written(*of)}</span>" if self.live else self._written(*of)

    def sizes(self, **variables):
        """Return an element's attributes for numbers that the style sheet knows as variables."""
        style = ";".join(f"--{name}:{self._number(*of):.4g}" for name, of in variables.items())
        return f' style="{style}"' + "".join(self._data(name, *of) for name, of in variables.items())

    def signed(self, style, *of):
        return f' class="{style}{" minus" * (self._number(*of) < 0)}"'

    def push(self, x, y, style, of, reach, labelled=False):
        """Draw an arrow up or down, as long as its number is large; its label stands on the other side."""
        return (
            f'<g transform="translate({x:g} {y:g})" style="--reach:{reach:.4g}"><g{self.signed(f"push {style}", *of)}'
            f'{self.sizes(size=of)}><g class="arrow"><rect x="-1.5" width="3"/><path d="M-5 0L0-7L5 0z"/></g>'
            f"{self.text(0, 0, 'label', *of) if labelled else ''}</g></g>"
        )


def _between(ends, part):
    """Return the point that lies some part of the way along a line."""
    (left, start), (right, end) = ends
    return left + (right - left) * part, start + (end - start) * part


def _ground(x, y, width, height):
    """Return what keeps a line from running through a label."""
    return f'<rect class="ground" x="{x - width / 2:g}" y="{y:g}" width="{width}" height="{height}"/>'


def _head(x, y, right=False):
    """Return an arrowhead that points left, or right."""
    return f'<path class="head" d="M{x:g} {y:g}l{-7 if right else 7} -4v8z"/>'
