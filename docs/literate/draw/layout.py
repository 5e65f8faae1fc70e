"""A layout: which parts of a network are in its pictures, and where. It is the same for every example and iteration.

Positions are in units of the picture.
"""

from collections.abc import Iterator

from literate.draw.network import Layer, Network

RADIUS, ROW = 23, 60  # of a node, and from one to the next below it
EDGE, STEP = 25, (54, 48)  # from the edge to a layer; from part to part of an output, with one layer of weights or with more
LABELLED, PLAIN = (154, 124), 94  # along weights with labels, in a network with one layer of them or more, and without labels
BELOW = 48  # what an arrow and its number need below a node
MOST = 4  # so many weights between two layers have their values beside them

Part = tuple[str, float, bool]  # a name, where it stands across the picture, and whether below it


class Layout:
    """Where the parts of a Network stand: `x` holds the place of each layer from left to right, `y` tells that of a node."""

    def __init__(self, network: Network):
        self.network, self.sketch, self.sizes = network, network.sketch, network.sizes
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
