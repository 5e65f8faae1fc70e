"""Keeps what took long to make, by what it was made of, so that whoever publishes again makes only what is new.

diskcache does the storing: it is bounded, and safe under two processes and under one that is killed. What comes out is taken only
if it is what went in, to the byte.
"""

import functools
import hashlib
import pickle
import shutil
import sqlite3
from collections.abc import Callable, MutableMapping
from importlib.metadata import version
from pathlib import Path
from typing import Any, TypeVar

import diskcache

BOUND = 1 << 26  # bytes that may be kept; those that nobody has asked for longest go first
VERSIONS = ("brotli", "minify-html", "tinycss2")  # that what is made depends on, beside this package's own code
Made = TypeVar("Made")


class Kept:
    """What has been made before; `folder` is where it is kept, or None if nothing is."""

    def __init__(self, folder: Path | None = None):
        self._folder = folder
        self._store: MutableMapping[bytes, bytes] = {}
        if folder:
            self._safely(self._open)

    def made(self, make: Callable[..., Made], *what: Any) -> Made:
        """Return what a function makes of some values, of which it asks nothing but what their `repr` says."""
        key = hashlib.sha256(repr((_code(), make.__qualname__, what)).encode()).digest()
        text = self._safely(lambda: self._store.get(key, b"")) or b""
        if hashlib.sha256(text[32:]).digest() == text[:32]:
            return pickle.loads(text[32:])
        made = make(*what)
        text = pickle.dumps(made)
        self._safely(lambda: self._store.__setitem__(key, hashlib.sha256(text).digest() + text))
        return made

    def _open(self) -> None:
        self._store = diskcache.Cache(self._folder, size_limit=BOUND, eviction_policy="least-recently-used")

    def _safely(self, do: Callable[[], bytes | None]) -> bytes | None:
        """Return what a use of the store gives. If it is damaged, forget all, and keep nothing more this time."""
        try:
            return do()
        except (sqlite3.Error, OSError, diskcache.Timeout):
            self._store = {}
            if self._folder:
                shutil.rmtree(self._folder, ignore_errors=True)
            return None


@functools.cache
def _code() -> tuple[str, ...]:
    code = b"".join(path.read_bytes() for path in sorted(Path(__file__).parent.glob("*.py")))
    return (hashlib.sha256(code).hexdigest(), *map(version, VERSIONS))
