"""Every page in a browser: no violation that axe finds, light and dark, and nothing wider than a narrow screen."""

import pytest
from axe_playwright_python.sync_playwright import Axe
from conftest import pages


def address(page):
    return page.removesuffix(".md").removesuffix("index").rstrip("/") + "/" if page != "index.md" else ""


@pytest.mark.parametrize("scheme", ["light", "dark"])
@pytest.mark.parametrize("path", [address(page) for page in pages()] + ["program/?iteration=100#L36"])
def test_axe_finds_nothing(open_tab, path, scheme):
    tab = open_tab(path, color_scheme=scheme)
    found = Axe().run(tab).response["violations"]
    assert [f"{rule['id']}: {node['html'][:120]} {node['failureSummary'][:300]}"
            for rule in found for node in rule["nodes"]] == []


@pytest.mark.parametrize("path", [address(page) for page in pages()])
def test_a_page_fits_a_narrow_screen(open_tab, path):
    tab = open_tab(path, viewport={"width": 360, "height": 740})
    assert tab.evaluate("document.documentElement.scrollWidth") <= 360
