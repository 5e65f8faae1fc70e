"""Keeps one block of a page from changing what the next one shows: how values are printed, and where chance stands."""

import builtins
import contextlib
import random
from collections.abc import Iterator

import numpy


@contextlib.contextmanager
def put_back() -> Iterator[list[str]]:
    """Put back what is left changed inside and all outputs depend on; give a list that will say in words what that was."""
    def shared():
        return {"how NumPy prints": numpy.get_printoptions(), "the built-in names": dict(vars(builtins))}

    def set_builtins(was):
        for name in vars(builtins).keys() - was.keys():
            delattr(builtins, name)
        vars(builtins).update(was)

    setters, left = (lambda was: numpy.set_printoptions(**was), set_builtins), list[str]()
    before = shared()
    try:
        yield left
    finally:
        for (what, was), put in zip(before.items(), setters):
            if was != shared()[what]:
                put(was)
                left.append(what)


@contextlib.contextmanager
def dice_put_back() -> Iterator[None]:
    """Put the random numbers back to where they were: what is only looked at must not change what is drawn next."""
    thrown = random.getstate(), numpy.random.get_state()
    try:
        yield
    finally:
        random.setstate(thrown[0])
        numpy.random.set_state(thrown[1])
