"""A picture of a network as SVG: one example in one iteration."""

from collections.abc import Callable

import numpy as np

from literate.draw.backward import adds
from literate.draw.description import describe
from literate.draw.layout import RADIUS, Layout
from literate.draw.network import LETTERS, Moment, Network
from literate.draw.pen import Pen, between, ground, head

CURVE = 36, 28  # width and height of a function's picture
REACH = 6  # a function is drawn from -REACH to REACH


class Picture(Layout):
    """A Layout that can be drawn; `colour` gives the class of a name's colour, `name` begins the ids."""

    def __init__(self, network: Network, colour: Callable[[str], str], name: str):
        super().__init__(network)
        self.colour, self.name = colour, name

    def frame(self, moment: Moment, example: int, live: bool) -> str:
        """Return the picture of an example at a Moment as SVG; a live one says what its parts show, for a script."""
        pen, examples = Pen(moment, example, live), self.network.examples
        name = f"{self.name}-{moment.iteration}-{LETTERS[example].lower()}" if examples else self.name
        weights = "".join(self._weights(pen, number) for number in range(len(self.sketch.weights)))
        nodes = "".join(self._node(pen, number, node) for number, size in enumerate(self.sizes[:-1]) for node in range(size))
        outputs = "".join(self._output(pen, node) for node in range(self.sizes[-1]))
        return (
            f'<svg class="at-{self.network.form}" role="img" viewBox="0 0 {self.width:g} {self.height:g}" '
            f'aria-labelledby="{name}-title {name}-desc">'
            f'<title id="{name}-title">The network{f" for example {LETTERS[example]}" if examples else ""}</title>'
            f'<desc id="{name}-desc">{describe(self, pen)}</desc>{weights}{nodes}{outputs}</svg>'
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
                    lines += head(*between(ends, 9 / (right - left)))
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
            x, y = between(ends, 0.3 + 0.4 * j / max(self.sizes[number + 1] - 1, 1))
            return pen.push(x, y, "bare", ("move", *of), 22 / self.network.largest("move", layer.name)) if moved else ""
        x, y = between(ends, 0.46 if self.sizes[number] > self.sizes[number + 1] else 0.54)
        if not moved:
            return ground(x, y - 7, 46, 14) + pen.text(x, y + 4.5, "label", "weight", *of)
        asked = not number and adds(self.network, layer)
        label = ground(x, y - 13, 56, 29)
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
                parts += head(one, y) if back else head(other, y, right=True)
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
