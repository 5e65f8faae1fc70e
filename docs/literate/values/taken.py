"""What a run holds goes on changing: a value is taken, or said in a few words, when the step is taken."""

import copy
import inspect
import math
import re
import reprlib
import types
from collections import deque
from typing import Any, NamedTuple

import numpy as np

_ATOMS = (bool, int, float, complex, str, bytes, type(None), np.generic)
_CODE = (type, types.ModuleType, types.FunctionType, types.BuiltinFunctionType)  # which stays as it is
_HOLDERS = (list, tuple, set, frozenset, dict, deque)
_ADDRESS = re.compile(r" at 0x[0-9a-f]+")
_MOST = 60  # characters in which a value is said
MOST_NUMBERS = 1_000  # of an array that is written; of a larger one, only how large it is
MOST_TEXT = 1_000  # characters of a text that is written


class Said(NamedTuple):
    """What stands for a value that is no number, no array and no text: its type, and itself in a few words."""

    type: str
    text: str


def take(value: Any, before: Any) -> Any:
    """Return what a step keeps of a value: the one from before if nothing has changed, so that `is` can tell."""
    if isinstance(value, np.ndarray) and value.dtype != object:
        same = (
            isinstance(before, np.ndarray)
            and before.shape == value.shape
            and before.dtype == value.dtype
            and before.tobytes() == value.tobytes()
        )
        return before if same else value.copy()
    if isinstance(value, _CODE):
        return value
    if not is_plain(value):
        value = Said(type(value).__name__, short(value))
    return before if type(before) is type(value) and _same(before, value) else _copied(value, {})


def copied(state: dict) -> dict:
    """Return a state whose values can be changed without changing those of the first, as far as they can be copied.

    What two names share, or two objects, their copies share.
    """
    memo: dict[int, Any] = {}
    return {name: value if isinstance(value, _CODE) else _copied(value, memo) for name, value in state.items()}


def is_plain(value: Any) -> bool:
    """Say whether a value is made of numbers, texts and arrays alone: to copy it takes no longer than to look at it."""
    left, seen = [value], set[int]()
    while left:
        value = left.pop()
        if isinstance(value, _HOLDERS):
            if type(value) not in _HOLDERS or len(seen) > 10_000:  # of a class of the program, or large
                return False
            if id(value) not in seen:
                left += [*value, *value.values()] if isinstance(value, dict) else value
                seen.add(id(value))
        elif not isinstance(value, _ATOMS) and not (isinstance(value, np.ndarray) and value.dtype != object):
            return False
    return True


def short(value: Any) -> str:
    """Return a value in a few words, the same in every run; '' if it has none."""
    try:
        text = " ".join(_SHORT.repr(value).split())
    except Exception:  # a program's own way to say it, or one that goes too deep
        return ""
    if _ADDRESS.search(text):
        return ""
    return text if len(text) <= _MOST else f"{text[:_MOST].rstrip()}…"


def is_large(value: Any, most: int = MOST_NUMBERS) -> bool:
    """Say whether a value is an array of so many numbers that they are left out wherever values are written."""
    return isinstance(value, np.ndarray) and value.size > most


def begun(text: str) -> str:
    """Return a text, as much of it as is written."""
    return text if len(text) <= MOST_TEXT else f"{text[:MOST_TEXT]}… ({len(text):,} characters)"


def as_json(value: Any, most: int = MOST_NUMBERS) -> Any:
    """Return a value as JSON can hold it: an array or a number as it is, anything else as an object of `type` and `text`."""
    if is_large(value, most):
        return {"type": type(value).__name__, "text": f"{value.size:,} numbers, too many to show: {value.shape}"}
    if isinstance(value, np.ndarray | np.generic) and value.dtype != object:
        return {"shape": value.shape, "dtype": str(value.dtype), "values": [number(v) for v in value.ravel().tolist()]}
    if isinstance(value, bool | int | float):
        return number(value)
    if isinstance(value, str):
        return {"type": "str", "text": begun(value)}
    if isinstance(value, Said):
        return {"type": value.type, **({"text": value.text} if value.text else {})}
    if inspect.ismodule(value) or inspect.isfunction(value):
        return {"type": type(value).__name__, "text": value.__name__}
    text = "" if isinstance(value, type) else short(value)
    return {"type": type(value).__name__, **({"text": text} if text else {})}


def number(value: Any) -> Any:
    """JSON has no word for what is not finite, and a browser none for long whole numbers: they are written as text."""
    if isinstance(value, int):
        return value if abs(value) <= 2**53 else whole(value)
    return value if math.isfinite(value) else str(value)


def whole(value: int) -> str:
    """Return a whole number as text; of one that is longer than Python writes, how long it is."""
    bits = value.bit_length()
    return str(value) if bits < 3_000 else f"a whole number of about {bits * math.log10(2):,.0f} digits"


class _Short(reprlib.Repr):
    """Says an object of the program by its attributes if its class does not say how, and nowhere where it lies in the memory."""

    def repr_set(self, x: Any, level: int) -> str:
        try:
            return super().repr_set(sorted(x), level)  # type: ignore[arg-type]  # no more is asked of it than of a list
        except TypeError:  # what has no order is in another one each time
            return f"{{{len(x)} of {', '.join(sorted({type(one).__name__ for one in x}))}}}"

    def repr_instance(self, x: Any, level: int) -> str:
        if isinstance(x, _CODE) and level < self.maxlevel:
            return getattr(x, "__name__", "…")
        if isinstance(x, np.ndarray | np.generic):
            return f"array{x.shape}".replace(",)", ")") if x.ndim else f"{x.item()}"
        plain: Any = object.__repr__
        if type(x).__repr__ is not plain:
            text = super().repr_instance(x, level)
            return text if level == self.maxlevel or not _ADDRESS.search(text) else f"{type(x).__name__}(…)"
        if level <= 0:
            return f"{type(x).__name__}(…)"
        held = [f"{name}={self.repr1(value, level - 1)}" for name, value in [*vars(x).items()][:4]]
        return f"{type(x).__name__}({', '.join(held)}{', …' if len(vars(x)) > 4 else ''})"


_SHORT = _Short()
_SHORT.maxlevel, _SHORT.maxother, _SHORT.maxstring, _SHORT.fillvalue = 3, _MOST, _MOST, "…"


def _same(one: Any, two: Any) -> bool:
    try:
        return bool(one == two)
    except (ValueError, RecursionError):  # there are arrays in it, or it goes too deep
        return False


def _copied(value: Any, memo: dict[int, Any]) -> Any:
    try:
        return copy.deepcopy(value, memo)
    except Exception:  # it holds a generator, for example, or goes too deep
        return value
