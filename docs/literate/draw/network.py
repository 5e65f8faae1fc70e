"""A network: its layers and weights as a picture, with the values that a program's run gives them.

An author sketches it in one line: `l0 -syn0-> l1 (l1_error, l1_delta) <- y`. Sizes come from the arrays' shapes, the function
between a sum and its output from the run, and what is drawn is what the page has reached: the same line may stand on every page
of a chapter.
"""

import re
from dataclasses import dataclass

import numpy as np

from literate.record import Recording

LETTERS = "ABCDEFGH"  # of the examples that a reader can choose from

_LAYER = r"(\w+)(?:\s*\(\s*(\w+)(?:\s*,\s*(\w+))?\s*\))?"
_SKETCH = re.compile(rf"{_LAYER}(?:\s*-\s*\w+\s*->\s*{_LAYER})+(?:\s*<-\s*\w+)?")


class NetworkError(Exception):
    """A sketch that is none, or does not fit its program; the text says how to mend it."""


@dataclass(frozen=True)
class Layer:
    """A row of nodes for each example: the name of its array, and of those of its error and delta, where it has them."""

    name: str
    error: str = ""
    delta: str = ""


@dataclass(frozen=True)
class Sketch:
    """What an author says of a network: its layers in order, the weights between each two, and the last one's target."""

    layers: tuple[Layer, ...]
    weights: tuple[str, ...]
    target: str = ""

    @classmethod
    def read(cls, text: str) -> "Sketch":
        """Return the Sketch that a text is; raise NetworkError if it is none."""
        text = text.strip()
        if not _SKETCH.fullmatch(text):
            raise NetworkError(
                "a network is sketched as its arrays from left to right: layer -weights-> layer <- target; "
                "behind a layer may stand (its error, its delta)"
            )
        text, _, target = text.partition("<-")
        layers = [Layer(*names) for part in re.split(r"-\s*\w+\s*->", text) for names in re.findall(_LAYER, part)]
        return cls(tuple(layers), tuple(re.findall(r"-\s*(\w+)\s*->", text)), target.strip())

    @property
    def names(self) -> list[str]:
        """Every array that the sketch names, from left to right."""
        parts = [name for layer in self.layers for name in (layer.name, layer.error, layer.delta)]
        return [name for name in (*parts, *self.weights, self.target) if name]

    @property
    def way(self) -> str:
        """The names of the layers with those of the weights between them, as text."""
        pairs = zip(self.layers, [*self.weights, ""])
        return " ".join(f"{layer.name} {weights}" for layer, weights in pairs).strip()

    def before(self, layer: str) -> tuple[str, str]:
        """Return the layer that leads to a layer, and the name of the weights on the way; both by name."""
        number = [one.name for one in self.layers].index(layer)
        return self.layers[number - 1].name, self.weights[number - 1]


class Moment:
    """The network at one step of a recording: where a line has completed in an iteration.

    `state` holds what is bound then, `weighed` for each layer what was bound when it was computed in this iteration: its weights
    may have moved since. docs/assets/values.js does with a recording in the browser what `number` and `written` do here.
    """

    def __init__(self, sketch: Sketch, recording: Recording, line: int, iteration: int):
        self.sketch = sketch
        step = recording.after(line, iteration)
        past = recording.steps[: recording.steps.index(step) + 1]
        past = tuple(one for one in past if iteration in (0, one.iteration))  # behind a loop, what it computed last
        self.iteration, self.state = iteration, step.state
        self.weighed = {
            layer.name: next((one.state for one in reversed(past) if layer.name in one.changed), step.state)
            for layer in sketch.layers
        }

    def number(self, example: int, kind: str, *of: str) -> float:
        """Return a number that a part of the picture shows for an example (its row), by the kind of the part."""
        name, *places = of
        i, j = ([0, 0] + [int(place) for place in places if place.isdecimal()])[-2:]
        if kind in ("value", "signed"):
            return self.state[name][example, j].item()
        if kind == "slope":  # what the error was multiplied by
            error, delta = self.number(example, "value", name, str(j)), self.number(example, "value", places[0], str(j))
            return delta / error if error else 0.0
        weighed = self.weighed[name]
        before, weights = self.sketch.before(name)
        if kind == "sum":
            return np.dot(weighed[before][example], weighed[weights][:, j]).item()
        weight = weighed[weights][i, j].item()
        return weight if kind == "weight" else self.state[weights][i, j].item() - weight


def written(kind: str, number: float) -> str:
    """Return a number as its part of the picture shows it."""
    if isinstance(number, int):
        return str(number).replace("-", "−")
    match kind:
        case "sum":
            places = 2
        case "value" | "slope" | "weight":
            places = 3
        case _:  # what is smaller has a digit more
            places = 3 + (0 < abs(number) < 0.01)
    places += kind in ("signed", "move") and 0 < abs(number) < 0.001
    sign = "" if kind in ("value", "slope") else "+"
    return f"{number + 0.0:{sign}.{places}f}".replace("-", "−")


class Network:
    """A sketch as a program's run fills it, after a line of the program: ready to be drawn.

    Raise NetworkError, in words for an author, if the run does not fit the sketch.
    """

    def __init__(self, sketch: Sketch, recording: Recording, line: int):
        self.sketch, self.recording, self.line = sketch, recording, line
        self.program = recording.program
        self._check_names()
        self.turns = recording.iterations if line in self.program.loops else [0]
        self.first = Moment(sketch, recording, line, self.turns[0])
        self.sizes = self._sizes()
        rows = len(recording.steps[-1].state[sketch.layers[0].name])
        self.examples = range(rows if self.form != "weights" else 0)  # before a prediction there is nothing to choose for
        if rows > len(LETTERS):
            raise NetworkError(
                f"{sketch.layers[0].name} has {rows} rows, and a reader chooses from at most {len(LETTERS)}; "
                "sketch a program with fewer examples"
            )
        self.functions = [self._function(layer) for layer in sketch.layers[1:]]

    def _check_names(self):
        for name in self.sketch.names:
            if name not in self.program.variables:
                raise NetworkError(
                    f"`{name}` is no array of {self.program.name}; the arrays are {', '.join(self.program.variables)}"
                )

    def _sizes(self):
        """Return how many nodes each layer has, from the shapes of the weights."""
        shapes = {name: self.recording.steps[-1].state[name].shape for name in self.sketch.names}
        weights = self.sketch.weights
        for name in self.sketch.names:
            if len(shapes[name]) != 2:
                raise NetworkError(
                    f"{name} has shape {shapes[name]}; layers have a row for each example and a column for each "
                    "node, weights a row for each node that they come from and a column for each that they go to"
                )
        sizes = [shapes[weights[0]][0], *(shapes[name][1] for name in weights)]
        columns = [
            (name, size) for layer, size in zip(self.sketch.layers, sizes) for name in (layer.name, layer.error, layer.delta)
        ]
        for name, place, size in [(name, 0, size) for name, size in zip(weights, sizes)] + [
            (name, 1, size) for name, size in [*columns, (self.sketch.target, sizes[-1])] if name
        ]:
            if shapes[name][place] != size:
                raise NetworkError(
                    f"{name} has shape {shapes[name]}, which does not fit a layer of {size}; sketch the arrays in "
                    "the order in which they meet"
                )
        return sizes

    def _function(self, layer):
        """Return name and function of what makes a layer of its sums: the one that the program has bound and that does."""
        before, weights = self.sketch.before(layer.name)
        state = self.when(layer.name)
        if missing := {before, weights} - state.keys():
            raise NetworkError(
                f"{layer.name} is bound before {min(missing)} is; sketch the arrays in the order in which they meet"
            )
        sums, outputs = np.dot(state[before], state[weights]), state[layer.name]
        for name, function in state.items():
            if callable(function) and not isinstance(function, type):
                try:
                    if np.allclose(function(sums), outputs, 0, 1e-12):
                        return name, function
                except Exception:  # another function of the program, which wants other arguments
                    continue
        if not np.allclose(sums, outputs):
            raise NetworkError(
                f"no function of {self.program.name} makes {layer.name} of the sums of {before} × {weights}, so "
                "there is none to draw between them; sketch what the program computes"
            )
        return "", None

    def when(self, name: str) -> dict:
        """Return what is bound when a name first is."""
        return next(step.state for step in self.recording.steps if name in step.changed)

    def reached(self, name: str) -> bool:
        """Say whether an array is bound where the picture stands."""
        return bool(name) and name in self.first.state

    def moves(self, layer: str) -> bool:
        """Say whether the weights that lead to a layer have moved since its sums were computed."""
        weights = self.sketch.before(layer)[1]
        return self.line in self.program.loops and self.first.weighed[layer].get(weights) is not self.first.state.get(weights)

    @property
    def form(self) -> str:
        """What the picture is about: the furthest that the run has got. Behind the loop it has learned, and only guesses."""
        if self.line > max(self.program.loops, default=self.line):
            return "prediction"
        if any(self.moves(layer.name) for layer in self.sketch.layers[1:]):
            return "update"
        for form in ("delta", "error"):
            if any(self.reached(getattr(layer, form)) for layer in self.sketch.layers):
                return form
        return "prediction" if any(self.reached(layer.name) for layer in self.sketch.layers[1:]) else "weights"

    @property
    def reach(self) -> str:
        """What tells this picture from those after other lines: its arrays, +weights that have moved, and > behind the loop.

        docs/assets/picture.js finds the same of a step in the browser.
        """
        first, *_ = self.sketch.layers
        names = [name for name in self.sketch.names if name != first.name and self.reached(name)]
        moved = [f"+{self.sketch.before(layer.name)[1]}" for layer in self.sketch.layers[1:] if self.moves(layer.name)]
        return " ".join([*names, *moved, *">" * (self.line > max(self.program.loops, default=self.line))])

    def largest(self, kind: str, *of: str) -> float:
        """Return the largest size that a number has in the whole run, over all that stand like it."""
        if kind in ("move", "weight"):
            weights = self.sketch.before(of[0])[1]
            steps = [step for step in self.recording.steps if weights in step.state]
            states = [step.state[weights] for step in steps]
            if kind == "move":  # only within an iteration: not all are kept
                states = [
                    new.state[weights] - old.state[weights]
                    for old, new in zip(steps, steps[1:])
                    if new.iteration == old.iteration
                ]
        else:
            states = [step.state[of[0]] for step in self.recording.steps if of[0] in step.state]
        return max((float(abs(state).max()) for state in states), default=0) or 1.0

    def lines_of(self, name: str) -> range:
        """Return the line, as a range, that has last bound a name where the picture stands, or else the first that binds it."""
        step = self.recording.after(self.line, self.turns[0])
        past = self.recording.steps[: self.recording.steps.index(step) + 1]
        found = next((one.line for one in reversed(past) if name in one.changed), None)
        line = found or min(line for line, (binds, _) in self.program.uses.items() if name in binds)
        return range(line, line + 1)
