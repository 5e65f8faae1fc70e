"""Chance: whether a program gives other values when it is run again."""

import functools
import random

import numpy as np

from literate.program import Program, Run
from literate.program.guard import dice_put_back
from literate.values import take

SEEDS = {"seed", "default_rng", "RandomState"}  # the names with which a program fixes what is drawn


@functools.lru_cache(maxsize=64)
def differs(program: Program) -> str | None:
    """Return in one line where a program that draws without a seed gives another value when it is run again; None if nowhere.

    Only a program that names `random`, and nothing that seeds it, is run again: twice, with other dice.
    """
    if "random" not in program.names or program.names & SEEDS:
        return None
    one, two = _seen(program, 1), _seen(program, 2)
    for (line, name, value), (_, _, other) in zip(one, two):
        if value != other:
            return (
                f"line {line} of {program.name} gives another `{name}` in every run, as chance has no seed; seed it, as in "
                "random.seed(1) or np.random.seed(1)"
            )
    return None


def _seen(program: Program, seed: int) -> list[tuple[int, str, str]]:
    """Return what each of the first statements to complete binds, as text: its line, the name, the value."""
    seen: list[tuple[int, str, str]] = []

    def look(line: int, run: Run) -> None:
        if len(seen) < 10_000:
            seen.extend(
                (line, name, repr(take(run.namespace[name], None)))
                for name in sorted(program.uses[line][0] & run.namespace.keys())
                if not callable(run.namespace[name])
            )

    with dice_put_back():
        random.seed(seed)
        np.random.seed(seed)
        program.watch(look)
    return seen
