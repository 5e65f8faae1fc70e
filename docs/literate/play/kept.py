"""Keeps what pages have given, by all that it depends on, so that a build plays only those that have changed.

A page that could give something else the next time is not kept: one that asks the clock, for example. Nor is one with an error.
What its code has read from files is kept with it, as a digest: it is played again once one of them says something else.
diskcache does the storing: it is bounded, and safe under two processes and under one that is killed. joblib keeps results by the
source of a function, and jupyter-cache keeps notebooks. What comes out is taken only if it is what went in, to the byte.
"""

import ast
import functools
import hashlib
import math
import os
import pickle
import platform
import re
import shutil
import sqlite3
import time
from collections.abc import Iterator, Mapping
from importlib.metadata import version
from pathlib import Path
from typing import Any

import diskcache

from literate.look.chance import SEEDED
from literate.page import Code, Embed, Page, PageError, Prose, WhatIf
from literate.page.places import links
from literate.play import apart
from literate.play.walk import Form, Played
from literate.practise.exercise import ANSWERS
from literate.program import ProgramError
from literate.program.source import Source
from literate.program.syntax import identifiers
from literate.prose import expressions
from literate.prose.claims import CLAIM

BOUND = 1 << 28  # bytes that may be kept; those that nobody has asked for longest go first
VERSIONS = ("numpy", "matplotlib", "Pygments", "nbformat", "jupytext")  # that a page's bytes depend on, beside Python's
# Names by which a page asks what nobody can know beforehand. What else it asks or opens is seen while it is played.
UNSURE = {
    "time",
    "datetime",
    "perf_counter",
    "monotonic",
    "environ",
    "getenv",
    "urandom",
    "uuid",
    "secrets",
    "getrandbits",
    "id",
    "hash",
    "getpid",
    "platform",
    "tracemalloc",
    "psutil",
}


class Kept:
    """The pages that have been played before. `played` and `taken` count those that were asked for; as text, it says so.

    `folder` is where they are kept.
    """

    def __init__(self, folder: Path):
        self.folder, self.played, self.taken = folder, 0, 0
        self._begun: dict[tuple, tuple[str | None, Played | None]] = {}  # the key of each page that was begun, and what was kept

    def __str__(self) -> str:
        return f"{self.played} pages played, {self.taken} taken from what was kept; LITERATE_KEEP=false plays all"

    def begin(self, page: Page, form: Form, programs: str | Path) -> None:
        """Begin to play a page that will be asked for, if it is not kept."""
        self._begun[apart.named(page, form, programs)] = key, found = self._look(page, form, programs)
        if not found:
            apart.begin(page, form, programs)

    def play(self, page: Page, form: Form, programs: str | Path) -> Played:
        """Return a page, walked in a form: as it was kept, or now. Raise PageError if it cannot begin."""
        begun = self._begun.pop(name := apart.named(page, form, programs), None)
        if begun and begun[0] != _key(page, form, programs):  # a program has been changed since
            self.begin(page, form, programs)
            begun = self._begun.pop(name)
        key, found = begun or self._look(page, form, programs)
        if found:
            self.taken += 1
            return found
        self.played += 1
        began = time.time()
        played = apart.play(page, form, programs)
        opened = {path: _said(path, began) for path in played.opened}
        if key and not played.errors and all(opened.values()):
            if key == _key(page, form, programs):  # or something has been changed while it was played
                self._put(key, played, opened)
        return played

    def _look(self, page: Page, form: Form, programs: str | Path) -> tuple[str | None, Played | None]:
        key = _key(page, form, programs)
        return key, self._get(key) if key else None

    def _get(self, key: str) -> Played | None:
        try:
            text = self._store.get(key)
            if isinstance(text, bytes) and hashlib.sha256(text[32:]).digest() == text[:32]:
                played, opened = pickle.loads(text[32:])
                return played if all(_said(path) == said for path, said in opened.items()) else None
        except (sqlite3.Error, OSError, diskcache.Timeout):
            self._begin_anew()
        return None

    def _put(self, key: str, played: Played, opened: Mapping[str, str]) -> None:
        text = pickle.dumps((played, opened))
        try:
            self._store.set(key, hashlib.sha256(text).digest() + text)
        except (sqlite3.Error, OSError, diskcache.Timeout):
            self._begin_anew()

    @functools.cached_property
    def _store(self) -> diskcache.Cache:
        return diskcache.Cache(self.folder, size_limit=BOUND, eviction_policy="least-recently-used")

    def _begin_anew(self) -> None:
        """Forget all: the store is damaged."""
        self.__dict__.pop("_store", None)
        shutil.rmtree(self.folder, ignore_errors=True)


def _key(page: Page, form: Form, programs: str | Path) -> str | None:
    """Return a digest of all that a page depends on; None if it depends on more than can be told."""
    try:
        texts = _programs(page, Path(programs))
        if not _is_sure(page, texts):
            return None
    except (OSError, UnicodeDecodeError, SyntaxError):
        return None
    around = [(link.target, _places(page, link.target)) for prose in page.prose for link in links(prose)]
    told = [_told(folder / "program.md") for folder in _folders(page.path)]
    if page.path.name == "program.md":  # which tells of all stops
        told += map(_told, sorted(page.path.parent.rglob("*.md")))
    said = repr((_engine(), os.path.relpath(page.path), page.text, type(form).__name__, sorted(texts.items()), around, told))
    return hashlib.sha256(said.encode()).hexdigest()


def _said(path: str, before: float = math.inf) -> str:
    """Return a digest of what a file says, or of a folder's names; "" if that cannot be known, or has changed since `before`."""
    try:
        if os.path.getmtime(path) >= before:
            return ""
        if os.path.isdir(path):
            return repr(sorted(os.listdir(path)))
        if not os.path.isfile(path) or len(data := Path(path).read_bytes()) != os.path.getsize(path):
            return ""  # not on a disk: it may say something else each time, as those under /proc do
        return hashlib.sha256(data).hexdigest()
    except OSError:
        return ""


def _programs(page: Page, folder: Path) -> dict[str, str]:
    """Return the texts of a page's programs, and of the modules beside them that these import, by their names."""
    embeds = [block for block in page.blocks if isinstance(block, Embed)]
    left = {page.program, *(block.program for block in embeds), *(block.against for block in embeds)} - {None, ""}
    texts: dict[str, str] = {}
    while left:
        name = str(left.pop())
        texts[name] = (folder / name).read_text("utf-8")
        beside = {f"{module}.py" for module in _imported(texts[name])} - {*texts}
        left |= {name for name in beside if (folder / name).is_file()}
    return texts


@functools.cache
def _imported(code: str) -> set[str]:
    """Return the first part of the name of each module that some code imports."""
    return {
        name.partition(".")[0]
        for node in ast.walk(ast.parse(code))
        if isinstance(node, ast.Import | ast.ImportFrom)
        for name in ([node.module or ""] if isinstance(node, ast.ImportFrom) else [alias.name for alias in node.names])
    }


@functools.cache
def _names(code: str) -> set[str]:
    return {name for node in ast.walk(ast.parse(code)) for name in identifiers(node)}


def _is_sure(page: Page, programs: Mapping[str, str]) -> bool:
    """Say whether a page gives the same whenever it is played, as far as the names in its code tell."""
    seeded = _reaches_a_seed(programs.get(page.program or "", ""), page.meta.get("after"))
    codes = [(text, False) for text in programs.values()]
    for block in page.blocks:
        if isinstance(block, Code):
            codes.append((block.text, seeded))
        elif isinstance(block, Embed):
            seeded = seeded or _reaches_a_seed(programs[block.program], block.selector)
    for text, seeded in codes:
        names = _names(text)
        if names & UNSURE or "random" in names and not (names & SEEDED or seeded and "random" not in _imported(text)):
            return False
    for prose in page.prose:
        for said in [*expressions(prose), *(match["claim"] for match in CLAIM.finditer(prose.text))]:
            asked = {*re.findall(r"\w+", said)}
            if asked & UNSURE or "random" in asked and not asked & SEEDED:
                return False
    for block in page.blocks:
        if isinstance(block, WhatIf):
            words = {
                sign: {*re.findall(r"\w+", "\n".join(re.findall(rf"(?m)^{re.escape(sign)}([^#\n]*)", block.text)))}
                for sign in "+-"
            }
            if words["+"] & UNSURE or "seed" in words["-"] - words["+"]:
                return False
    return True


def _reaches_a_seed(program: str, selector: Any) -> bool:
    """Say whether a program has seeded NumPy's dice once the lines that a selector means have run; None means that none has."""
    seeds = [number for number, line in enumerate(program.split("\n"), 1) if re.match(r"np\.random\.seed\(\w", line)]
    try:
        return selector is not None and bool(seeds) and seeds[0] <= Source("", program).find(str(selector))[-1]
    except ProgramError:
        return False


def _places(page: Page, target: str) -> object:
    """Return what a link to another page depends on: whether it is there, and the places in it."""
    path = page.path.parent / target
    if not path.is_file() or path.suffix != ".md":
        return path.exists()
    try:
        return sorted(Page.read(path).ids)
    except PageError as error:
        return str(error)


def _folders(path: Path) -> Iterator[Path]:
    """Yield the folders in which a page's listing is looked for."""
    for folder in path.absolute().parents:
        yield folder
        if (folder / "mkdocs.yml").is_file():
            return


def _told(path: Path) -> object:
    """Return what a listing tells of a page, and what a page asks of its listing."""
    if not path.is_file():
        return os.path.relpath(path)
    try:
        page = Page.read(path)
    except PageError as error:
        return str(error)
    first = next((block for block in page.blocks if not isinstance(block, Prose)), None)
    embed = isinstance(first, Embed) and (first.program, first.selector)
    return os.path.relpath(path), page.program, page.title, page.meta.get("description"), page.meta.get("until"), embed


@functools.cache
def _engine() -> list[str]:
    """Return what all pages depend on: the engine, what it stands on, and the machine."""
    rooms = Path(apart.__file__).parent.parent
    files = [path for folder in (rooms, ANSWERS.parent) for path in sorted(folder.rglob("*.py"))]
    code = hashlib.sha256(b"".join(path.read_bytes() for path in files)).hexdigest()
    return [code, platform.python_version(), platform.platform(), *map(version, VERSIONS)]
