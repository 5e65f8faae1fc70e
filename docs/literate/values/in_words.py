"""Words that are computed: `{words} an expression` stands in a sentence as prose, and not as code."""

import re
from typing import Any

import numpy as np

SMALL = (
    "zero one two three four five six seven eight nine ten eleven twelve thirteen fourteen fifteen sixteen seventeen "
    "eighteen nineteen"
).split()
TENS = " twenty thirty forty fifty sixty seventy eighty ninety".split(" ")
ORDINALS = {
    "one": "first",
    "two": "second",
    "three": "third",
    "five": "fifth",
    "eight": "eighth",
    "nine": "ninth",
    "twelve": "twelfth",
}
TIMES = {1: "once", 2: "twice"}

_KIND = re.compile(r"(?P<expression>.+?):(?P<kind>[a-z]+)\s*", re.S)


class WordsError(Exception):
    """A value has no words; the text says what to write."""


def split(text: str) -> tuple[str, str]:
    """Return the expression and the kind of words, '' if it names none: as in a format, behind a colon."""
    found = _KIND.fullmatch(text)
    return (found["expression"], found["kind"]) if found and found["kind"] in KINDS else (text, "")


def say(value: Any, kind: str = "") -> str:
    """Return a value in words: 'four', 'C and D', 'fourth'. Raise WordsError if it has none of that kind."""
    return KINDS[kind](value)


def count(value: Any) -> str:
    """Return a whole number in words, from a hundred on in digits; a text as it is."""
    if isinstance(value, str):
        return value
    number = _whole(value)
    if not 0 <= number < 100:
        return f"{number:,}"
    if number < 20:
        return SMALL[number]
    return TENS[number // 10 - 1] + (f"-{SMALL[number % 10]}" if number % 10 else "")


def ordinal(value: Any) -> str:
    """Return a whole number from 1 to 99 as the one that comes there: 'fourth'."""
    number = _whole(value)
    if not 0 < number < 100:
        raise WordsError(f"{number} has no ordinal here; give a number from 1 to 99")
    before, dash, last = count(number).rpartition("-")
    return before + dash + ORDINALS.get(last, re.sub("y$", "ie", last) + "th")


def times(value: Any) -> str:
    """Return how often something is: 'once', 'twice', 'three times'."""
    number = _whole(value)
    return TIMES.get(number, f"{count(number)} times")


def examples(value: Any) -> str:
    """Return the letters of rows, which are a number, several, or an array that is True for each of them."""
    return _joined([chr(ord("A") + number) for number in _places(value)])


def columns(value: Any) -> str:
    """Return the numbers of columns as the pages count them, from 1."""
    return _joined([str(number + 1) for number in _places(value)])


KINDS = {"": count, "ordinal": ordinal, "times": times, "example": examples, "column": columns, "weight": columns}


def _joined(words):
    return " and ".join(filter(None, [", ".join(words[:-1]), *words[-1:]])) or "none"


def _places(value: Any) -> list[int]:
    array = np.asarray(value).ravel()
    if array.dtype == bool:
        return np.flatnonzero(array).tolist()
    return [_whole(number) for number in array]


def _whole(value: Any) -> int:
    number = value.item() if isinstance(value, np.number | np.bool_) else value
    if isinstance(number, bool) or not isinstance(number, int | float) or number != number // 1:
        raise WordsError("this is no whole number; give one, or text")
    return int(value)
