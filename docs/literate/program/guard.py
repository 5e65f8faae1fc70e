"""Keeps one block of a page from changing what the next one shows: how values are printed, and where chance stands."""

import builtins
import contextlib
import random
import sys
from collections.abc import Iterator

import numpy


@contextlib.contextmanager
def put_back() -> Iterator[list[str]]:
    """Put back what is left changed inside and all outputs depend on; give a list that will say in words what that was."""
    vars(builtins).pop("_", None)  # what was shown last, by doctest for example
    if plots := sys.modules.get("matplotlib.pyplot"):
        plots.close("all")  # those of a run before, which was only looked at
    left, options, names = list[str](), numpy.get_printoptions(), dict(vars(builtins))
    try:
        yield left
    finally:
        if numpy.get_printoptions() != options:
            numpy.set_printoptions(**options)
            left.append("how NumPy prints")
        vars(builtins).pop("_", None)
        if vars(builtins) != names:
            for name in vars(builtins).keys() - names.keys():
                delattr(builtins, name)
            vars(builtins).update(names)
            left.append("the built-in names")


@contextlib.contextmanager
def dice_put_back() -> Iterator[None]:
    """Put the random numbers back to where they were: what is only looked at must not change what is drawn next."""
    thrown = random.getstate(), numpy.random.get_state()
    try:
        yield
    finally:
        random.setstate(thrown[0])
        numpy.random.set_state(thrown[1])
