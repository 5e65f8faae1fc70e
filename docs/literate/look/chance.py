"""Chance: whether a program gives other values when it is run again, with other dice or with its sets in another order."""

import ast
import functools
import json
import os
import random
import re
import subprocess
import sys
from collections.abc import Mapping
from pathlib import Path

import numpy as np

from literate.program import Program, ProgramError
from literate.program.execution import Enough
from literate.program.guard import dice_put_back
from literate.program.main import Main
from literate.values import Said, take

# What draws is got by one of these names.
CHANCE = {"random", "Random", "SystemRandom", "default_rng", "RandomState", "shuffle", "urandom", "secrets", "uuid4"}
SEEDED = {"seed", "default_rng", "RandomState"}
ORDER = {"set", "frozenset", "hash"}  # and what has an order by hashes by one of these, or in braces
MOST = 10_000  # values that are compared

_NUMBER = re.compile(r"\d+\.\d+(?:e[-+]?\d+)?")

Seen = list[tuple[int, str, str]]  # a line, a name that it binds, and the value as text


@functools.lru_cache(maxsize=64)
def differs(program: Program, function: int = 0) -> str | None:
    """Return in one line where a program gives another value when it is run again; None if nowhere.

    It is looked for at the program's own level, and in the function whose `def` stands on a line.

    A program that names chance is run twice with other dice, though it may seed some of them: it may throw others, too. One that
    has sets is run in two new Pythons with other seeds of hashes, which Python itself takes by chance.
    """
    if program.names & CHANCE and (found := _first(_seen(program, 1, function), _seen(program, 2, function))):
        return (
            f"line {found[0]} of {program.name} gives another `{found[1]}` in every run, as chance has no seed; seed it, as in "
            "random.seed(1) or np.random.seed(1)"
        )
    sets = program.names & ORDER or any(isinstance(node, ast.Set | ast.SetComp) for node in ast.walk(ast.parse(program.text)))
    if sets and (found := _first(_elsewhere(program, "1", function), _elsewhere(program, "2", function))):
        return (
            f"line {found[0]} of {program.name} gives another `{found[1]}` in every run, as a set of texts has no order; "
            "sort it, with sorted()"
        )
    return None


def _first(one: Seen, two: Seen) -> tuple[int, str] | None:
    """Return the line and the name of the first difference."""
    return next((a[:2] for a, b in zip(one, two) if a != b), None)


def throws(code: str) -> bool:
    """Say whether some code names chance, and nothing by which it has a seed."""
    names = {*re.findall(r"\w+", code)}
    return bool(names & CHANCE) and not names & SEEDED


def _seen(program: Program, seed: int, function: int) -> Seen:
    """Return what each of the first statements to complete binds, with dice of a seed."""
    seen, inner = Seen(), (function,) if function else ()
    uses = program.instrumented(*inner)[1]

    def take_all(line: int, names: Mapping) -> None:
        if len(seen) >= MOST:
            raise Enough
        bound = sorted(uses[line][0] & names.keys())
        seen.extend((line, name, _said(names[name])) for name in bound if not callable(names[name]))

    with dice_put_back():
        random.seed(seed)
        np.random.seed(seed)
        program.watch(
            lambda line, run: take_all(line, run.namespace),
            inner=lambda line, call, names: take_all(line, names),
            functions=inner,
        )
    return seen


def _said(value: object) -> str:
    """Return a value as text, with the digits that a page shows; a set, which is the same in any order, in one order."""
    value = take(value, None)
    text = " ".join(sorted(map(repr, value))) if isinstance(value, set | frozenset) else repr(value)
    if isinstance(value, Said):
        text = value.text
    text = _NUMBER.sub(lambda found: f"{float(found[0]):.6g}", text)
    return text[:30] if text.endswith("…") else text  # where it is cut, last digits would count


def _elsewhere(program: Program, seed: str, function: int) -> Seen:
    """Return the same, of a new Python whose hashes have a seed; nothing if it fails there."""
    folder = Main.folder and [str(Main.folder), str(Main.programs)]
    asked = json.dumps([str(program.path.absolute()), program.text, program.until, function, folder])
    code = "from literate.look import chance; chance.answer()"
    environment = {**os.environ, "PYTHONHASHSEED": seed}
    done = subprocess.run([sys.executable, "-c", code], input=asked, env=environment, capture_output=True, text=True)
    return [tuple(row) for row in json.loads(done.stdout or "[]")]


def answer() -> None:
    """Print, in that new Python, what it is asked for on its standard input."""
    path, text, until, function, folder = json.load(sys.stdin)
    if folder:
        Main.folder, Main.programs = map(Path, folder)
    try:
        print(json.dumps(_seen(Program(path, text, until), 1, function)))
    except ProgramError:
        print("[]")
