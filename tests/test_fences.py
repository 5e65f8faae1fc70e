"""Fences that a reader runs where they stand: Python gets there by the steps that the page leaves, and is where the build was."""

import functools
import io
import json
import runpy
import types
from types import SimpleNamespace

import numpy as np
import pytest
from conftest import ROOT, article, pages

from literate.page import Code, Live, Page
from literate.state import Session

FENCE, FIGURE = (SimpleNamespace(**runpy.run_path(str(ROOT / "docs" / "assets" / name))) for name in ("fence.py", "figure.py"))


def steps_of(site, page):
    written = article(site, page).select_one("[data-steps]")
    return json.loads(written["data-steps"]) if written else None


def fences(page, drawing=True):
    """Return the lines of a page's fences, which all run in a browser, too; if not `drawing`, of those that draw nothing."""
    read = Page.read(ROOT / "docs" / page)
    shown = read.program and not page.endswith("notebook.md")
    return [block.line for block in read.blocks if isinstance(block, Code) and (drawing or not block.figure)] if shown else []


@pytest.mark.parametrize("page", [page for page in pages() if fences(page)])
def test_every_fence_can_be_run_where_it_stands_and_prints_what_the_page_shows(site, page, tmp_path, monkeypatch):
    """Its place stands below it or, if it has one, below its output; no result is needed to get there, nor what others draw."""
    told = steps_of(site, page)
    assert all(code.select_one(".fence") for code in article(site, page).select("details.figure"))
    assert [int(place["data-line"]) for place in article(site, page).select(".fence")] == fences(page)
    assert [step["line"] for step in told["steps"] if "code" in step] == fences(page)
    if fences(page) == fences(page, drawing=False):
        return  # of which the next test runs all
    monkeypatch.chdir(tmp_path)
    FENCE.lay_out(told["folder"], told["programs"])
    names, own = {"__name__": "__main__"}, {}
    for step in told["steps"]:
        if "figure" not in step:
            printed = FENCE.go(names, own, told["programs"], step)
            assert "program" in step or printed == step["printed"], f"docs/{page}:{step['line']}"


@pytest.mark.parametrize("page", [page for page in pages() if fences(page)])
def test_python_is_where_the_build_was(site, page, tmp_path, monkeypatch):
    """Each fence prints what the page shows, and behind it every name has the value that it has where the site is built.

    Both have dice of their own.
    """
    monkeypatch.chdir(tmp_path)
    told, names, own = steps_of(site, page), {"__name__": "__main__"}, {}
    FENCE.lay_out(told["folder"], told["programs"])
    left, compared = list(told["steps"]), 0
    session = Session(Page.read(ROOT / "docs" / page), ROOT / "snippets")
    session.begin()
    here = there = np.random.get_state()

    def go():
        nonlocal here
        np.random.set_state(here)
        step = left.pop(0)
        printed = FENCE.go(names, own, told["programs"], step, functools.partial(FIGURE.drawing, told["colours"]))
        assert printed == step.get("printed", printed), f"docs/{page}:{step['line']}"
        here = np.random.get_state()

    live = [block for block in session.page.blocks if isinstance(block, Live)]
    if session.page.meta.get("after") and isinstance(live[0], Code):
        go()
    for block, after in zip(live, [*live[1:], None]):
        np.random.set_state(there)
        session.run(block)
        there = np.random.get_state()
        if left and (isinstance(block, Code) or isinstance(after, Code)):  # or else the next program takes its place
            go()
        if isinstance(block, Code):
            found, built = (
                {name: value for name, value in space.items() if not name.startswith("__")}
                for space in (names, session.namespace)
            )
            assert found.keys() == built.keys(), f"docs/{page}:{block.line}"
            for name, value in found.items():
                assert type(value) is type(built[name]), f"docs/{page}:{block.line}: {name}"
                if not isinstance(value, types.FunctionType) and not drawn(value):
                    np.testing.assert_equal(value, built[name], f"docs/{page}:{block.line}: {name}")
                compared += isinstance(value, np.ndarray)
    assert not any("code" in step for step in left) and compared > 2


def drawn(value):
    """Say whether a value is one of Matplotlib's, or what such are in, or a file: each is only equal to itself."""
    first = value.flat[0] if isinstance(value, np.ndarray) and value.size else value
    return isinstance(first, io.IOBase | np.lib.npyio.NpzFile) or type(first).__module__.startswith("matplotlib")
