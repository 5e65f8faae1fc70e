"""Compresses what a host sends as it is; and keeps that, as Brotli takes longer than all else that is done to a site."""

import contextlib
import gzip
import hashlib
import shutil
import sqlite3
from collections.abc import Iterable, MutableMapping
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import brotli
import diskcache

TEXT = {".css", ".html", ".ipynb", ".js", ".json", ".py", ".svg", ".txt", ".xml"}
LEAST = 500  # bytes of a file that is worth it
BOUND = 1 << 26  # bytes that may be kept; those that nobody has asked for longest go first
QUALITY = 11  # the best that Brotli has


def compress(site: str | Path, kept: Path | None = None) -> None:
    """Lay a Brotli and a gzip file beside each text file of a folder, for a server that sends them as they are.

    kept: a folder in which what Brotli has made is kept for the next time, by what it was made of. What is taken from there is
    unpacked first, and taken only if it is the file.
    """
    files = [path for path in Path(site).rglob("*") if path.suffix in TEXT and path.stat().st_size > LEAST]
    try:
        _compress(files, diskcache.Cache(kept, size_limit=BOUND, eviction_policy="least-recently-used") if kept else {})
    except (sqlite3.Error, OSError, diskcache.Timeout):
        if not kept:
            raise
        shutil.rmtree(kept, ignore_errors=True)  # the store is damaged
        _compress(files, {})


def _compress(files: Iterable[Path], store: MutableMapping[bytes, bytes]) -> None:
    def make(path: Path) -> None:
        data = path.read_bytes()
        Path(f"{path}.br").write_bytes(_brotli(data, store))
        Path(f"{path}.gz").write_bytes(gzip.compress(data, 9, mtime=0))

    with ThreadPoolExecutor() as pool:  # neither function holds the interpreter's lock while it works
        list(pool.map(make, files))


def _brotli(data: bytes, store: MutableMapping[bytes, bytes]) -> bytes:
    key = hashlib.sha256(data).digest()
    with contextlib.suppress(brotli.error):  # it is not kept, or not what was kept
        if brotli.decompress(found := store.get(key, b"")) == data:
            return found
    store[key] = made = brotli.compress(data, quality=QUALITY)
    return made
