"""The cells of a ledger, as a reader's own run fills them: in their browser, where this room is shipped to.

The page itself fills them in docs/literate/write/ledger.py, where an error is the author's.
"""

import contextlib
import io
import types
import warnings
from typing import Any, TypedDict

from literate.look.curve import point
from literate.look.moments import moments
from literate.program import Program, describe
from literate.program.main import Main
from literate.record import Recording
from literate.values.written import formatted, in_sentence

MISSING, NOWHERE = "?", "-9999 0 0"  # stand in for a cell, and a point of a curve, that cannot be worked out


class Ledger(TypedDict):
    """What a page says of a ledger: the line behind which it stands, and its Python."""

    line: int
    cells: list[list[str]]  # of each the role, `python` or `curve`, and its text
    fences: list[str]  # of the page, between that line and the ledger
    check: str  # what must hold in each iteration, or ''


def filled(program: Program, line: int, ledger: Ledger) -> dict[str, Any]:
    """Return what a ledger shows behind a line of a loop: the kept `iterations`, for each of its `cells` the texts in
    their order, and what it `says` of the first of them in which something cannot be worked out, or does not hold; '' if
    there is none.
    """
    own = program.watch(lambda line, run: None).namespace
    # What is defined in the program sees the names of here, and none that come later, or that a fence has bound before.
    defined = {name: value for name, value in own.items() if callable(value) or isinstance(value, types.ModuleType)}
    defined |= {name: value for name, value in own.items() if name.startswith("__")}
    said, iterations, rows = "", list[int](), list[list[str]]()
    for iteration, (before, after) in moments(Recording.of(program), line, Main()).items():
        own.clear()
        own.update({**after, **defined, "was": types.SimpleNamespace(**before)})
        texts, wrong = _at(own, ledger)
        iterations.append(iteration)
        rows.append(texts)
        if wrong and not said:
            said = f"In iteration {iteration:,}, {wrong}"
    return {"iterations": iterations, "cells": list(zip(*rows)), "says": said}


def _at(names: dict[str, Any], ledger: Ledger) -> tuple[list[str], str]:
    """Return the texts of all cells, and what cannot be worked out or does not hold."""
    texts, wrong = list[str](), ""
    with contextlib.redirect_stdout(io.StringIO()), warnings.catch_warnings():
        warnings.simplefilter("ignore")
        try:
            for fence in ledger["fences"]:
                exec(fence, names)
        except Exception as error:
            wrong = f"a fence above this table ends in {describe(error)}."
        for role, text in ledger["cells"]:
            try:
                texts.append(point(text, names)[1] if role == "curve" else _written(text, names))
            except Exception as error:
                texts.append(NOWHERE if role == "curve" else MISSING)
                wrong = wrong or f"a cell cannot be worked out: {describe(error)}."
        try:
            if ledger["check"] and not wrong and not eval(ledger["check"], names):
                wrong = f"this table does not add up: {ledger['check']} is not true."
        except Exception as error:
            wrong = f"it cannot be said whether {ledger['check']}: {describe(error)}."
    return texts, wrong


def _written(expression: str, names: dict[str, Any]) -> str:
    code, form = formatted(expression)
    return in_sentence(format(eval(code, names), form))
