"""The way back through a network: whether errors, deltas and moves are in the run what a picture says of them."""

from collections.abc import Callable

import numpy as np

from literate.draw.network import Layer, Network, NetworkError

SMALL = 1e-5  # by how much a sum is changed, to see how steep the function is there


def check(network: Network) -> None:
    """Raise NetworkError if what is sketched as an error or a delta is none: the picture would say it all the same."""
    for number, layer in enumerate(network.sketch.layers[1:], 1):
        if layer.error:
            _check_error(network, number, layer)
        if layer.error and layer.delta:
            _check_delta(network, number, layer)


def adds(network: Network, layer: Layer) -> bool:
    """Say whether the weights that lead to a layer have moved by what goes in times its delta, added up over the examples."""
    before, weights = network.sketch.before(layer.name)
    state = network.first.state
    if not (network.moves(layer.name) and network.reached(layer.delta)):
        return False
    return np.allclose(state[weights] - network.first.weighed[layer.name][weights], np.dot(state[before].T, state[layer.delta]))


def _check_error(network: Network, number: int, layer: Layer) -> None:
    """Of the last layer, it is the target minus the layer; of a hidden one, what comes back through the weights behind it."""
    state, target = network.when(layer.error), network.sketch.target
    if number < len(network.sketch.weights):
        weights, delta = network.sketch.weights[number], network.sketch.layers[number + 1].delta
        if delta:
            what = f"{delta} times {weights}, turned over"
            _check(state, layer.error, lambda: np.dot(state[delta], state[weights].T), what)
    elif target:
        _check(state, layer.error, lambda: state[target] - state[layer.name], f"{target} minus {layer.name}")


def _check_delta(network: Network, number: int, layer: Layer) -> None:
    state, (before, weights) = network.when(layer.name), network.sketch.before(layer.name)
    sums, (name, function) = np.dot(state[before], state[weights]), network.functions[number - 1]
    slope = (function(sums + SMALL) - function(sums - SMALL)) / (2 * SMALL) if function else 1
    what = f"{layer.error} times the slope of {name}" if function else layer.error
    state = network.when(layer.delta)
    _check(state, layer.delta, lambda: state[layer.error] * slope, what)


def _check(state: dict, name: str, said: Callable, what: str) -> None:
    try:
        so = np.allclose(state[name], said(), 1e-4, 1e-9)
    except (KeyError, ValueError):  # something of it is not bound yet, or of another shape
        so = False
    if not so:
        raise NetworkError(
            f"{name} is not {what}, as the picture would say; sketch what the program computes, or leave {name} out"
        )
