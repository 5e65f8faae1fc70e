"""Compresses what a host sends as it is."""

import gzip
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import brotli

from publish.kept import Kept

TEXT = {".css", ".html", ".ipynb", ".js", ".json", ".py", ".svg", ".txt", ".xml"}
LEAST = 500  # bytes of a file that is worth it
QUALITY = 11  # the best that Brotli has


def compress(site: str | Path, kept: Kept) -> None:
    """Lay a Brotli and a gzip file beside each text file of a folder, for a server that sends them as they are.

    kept: what Brotli has made before; it takes longer than all else that is done to a site.
    """

    def make(path: Path) -> None:
        data = path.read_bytes()
        Path(f"{path}.br").write_bytes(kept.made(_brotli, data))
        Path(f"{path}.gz").write_bytes(gzip.compress(data, 9, mtime=0))

    files = [path for path in Path(site).rglob("*") if path.suffix in TEXT and path.stat().st_size > LEAST]
    with ThreadPoolExecutor() as pool:  # neither function holds the interpreter's lock while it works
        list(pool.map(make, files))


def _brotli(data: bytes) -> bytes:
    return bytes(brotli.compress(data, quality=QUALITY))
