"""The same pages under Zensical, the successor of MkDocs: the same cells, numbers, values and links."""

import re
from pathlib import Path

import pytest
from conftest import BUILDS, article, cells, pages

PAGES = [page for page in pages() if Path(page).name not in ("notebook.md", "booklet.md")]  # they are made by MkDocs' hooks


@pytest.mark.parametrize("page", PAGES)
def test_a_page_shows_the_same_as_under_mkdocs(site, zensical, page):
    one, other = article(site, page), article(zensical, page)
    assert cells(other) == cells(one)
    for selector, what in (("code.value", "text"), ("a[href*='#L']", "href"), (":not(pre) > code", "text")):
        # What is in the page here is a file beside it once the site is published, as MkDocs' is.
        assert [tag.get(what) or tag.text for tag in other.select(f"{selector}:not(.views *)")] == [
            tag.get(what) or tag.text for tag in one.select(selector)
        ], selector


def test_a_build_says_at_its_end_what_was_played(zensical):
    """Once, as MkDocs' does; here, most is taken from what that one's build has kept."""
    said = (BUILDS / "zensical.said").read_text(encoding="utf-8")
    [(played, taken)] = re.findall(r"^(\d+) pages played, (\d+) taken from what was kept", said, re.M)
    assert int(played) + int(taken) == len(pages()) and int(taken) > int(played)
