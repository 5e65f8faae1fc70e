"""Fences that a reader runs where they stand: Python gets there by the steps that the page leaves, and is where the build was."""

import functools
import json
import runpy
from types import SimpleNamespace

import numpy as np
import pytest
from conftest import ROOT, article, pages

from literate.page import Code, Live, Page
from literate.state import Session

FENCE, FIGURE = (SimpleNamespace(**runpy.run_path(str(ROOT / "docs" / "assets" / name))) for name in ("fence.py", "figure.py"))
COMPARED = ("walk/delta.md", "walk/seed.md", "descent.md", "hidden/back.md", "hidden/updates.md")


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
    monkeypatch.chdir(tmp_path)
    FENCE.lay_out(told["folder"], told["programs"])
    names, own = {"__name__": "__main__"}, {}
    for step in told["steps"]:
        if "figure" in step:
            continue
        printed = FENCE.go(names, own, told["programs"], step)
        assert "program" in step or printed == step["printed"], f"docs/{page}:{step['line']}"


@pytest.mark.parametrize("page", COMPARED)
def test_python_is_where_the_build_was(site, page, tmp_path, monkeypatch):
    """Behind each fence, every name has the value that it has where the site is built."""
    told, names, own = steps_of(site, page), {"__name__": "__main__"}, {}
    session = Session(Page.read(ROOT / "docs" / page), ROOT / "snippets")
    session.begin()
    left, compared = list(told["steps"]), 0
    drawing = functools.partial(FIGURE.drawing, told["colours"])
    if session.page.meta.get("after"):
        FENCE.go(names, own, told["programs"], left.pop(0))
    for block in session.page.blocks:
        if not isinstance(block, Live):
            continue
        session.run(block)
        after = next(
            (one for one in session.page.blocks if one.line > block.line and isinstance(one, Live)),
            None,
        )
        passed = not isinstance(block, Code) and not isinstance(after, Code)  # the next program takes its place
        if passed or not left:
            continue
        FENCE.go(names, own, told["programs"], left.pop(0), drawing)
        if isinstance(block, Code):
            here, there = (
                {name: value for name, value in space.items() if not name.startswith("__")}
                for space in (names, session.namespace)
            )
            assert here.keys() == there.keys(), f"docs/{page}:{block.line}"
            for name, value in here.items():
                other = there[name]
                drawn = type(value) is type(other) and type(value).__module__.startswith("matplotlib")
                if not drawn and not (callable(value) and callable(other)):
                    np.testing.assert_equal(value, other, f"docs/{page}:{block.line}: {name}")
                compared += isinstance(value, np.ndarray)
    assert not any("code" in step for step in left) and compared > 3
