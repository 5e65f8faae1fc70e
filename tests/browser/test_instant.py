"""With Material's instant navigation, which replaces a page's content and keeps the page, all works as without."""

import pytest

from browser.conftest import ready
from browser.test_program import at


@pytest.fixture
def navigation():
    return "instant"


def go(tab, path, scripts=True):
    """Follow the navigation's own link to a page, and wait until it is there and its scripts have run."""
    tab.evaluate("path => document.querySelector(`.md-nav--primary a[href$='/${path}']`).click()", path)
    tab.wait_for_url(f"**/{path}")
    tab.wait_for_function("path => document.querySelector('link[rel=canonical]').href.endsWith(path)", arg=path)
    if scripts:
        ready(tab)


def test_the_program_page_works_when_it_is_come_to_and_come_back_to(open_tab):
    tab = open_tab("walk/delta/")
    tab.evaluate("window.kept = 1")
    go(tab, "program/")
    at(tab, 1)
    tab.locator('.gutter a:text-is("36")').click()
    at(tab, 36, 1)
    assert tab.url.endswith("program/?iteration=1#L36")  # no other has followed the link as well
    tab.get_by_role("slider").fill("2")
    at(tab, 36, 100)
    tab.locator(".card a", has_text="line 32").click()
    at(tab, 32, 100)
    tab.locator(".inspector [role=status]", has_text="Line 32, iteration 100").wait_for(state="attached")
    tab.go_back()
    at(tab, 36, 100)
    tab.go_back()
    at(tab, 36, 1)
    tab.locator(".says a").click()
    tab.wait_for_url("**/walk/delta/")
    tab.locator(".ledger").get_by_role("slider").fill("2")
    tab.locator(".ledger td", has_text="−0.01083").wait_for()
    tab.go_back()
    at(tab, 36, 1)
    assert tab.locator(".inspector [role=status]").count() == tab.locator(".inspector").count() == 1
    assert tab.locator(".following").count() == 1 and tab.locator(".beside-switch").count() == 0
    assert tab.evaluate("window.kept") == 1  # the page has been the same all the time


def test_two_tabs_follow_each_other_across_replaced_pages(open_tab):
    program, prose = open_tab("program/"), open_tab("walk/seed/")
    prose.evaluate("window.kept = 1")
    at(program, 20)
    go(prose, "walk/delta/")
    at(program, 36)
    prose.go_back()
    at(program, 20)
    go(prose, "contributing/")
    go(prose, "walk/error/")
    at(program, 32)
    assert prose.evaluate("window.kept") == 1
    assert prose.locator(".program-link").get_attribute("href").endswith("/some/where/program/")
    program.locator('.gutter a:text-is("39")').click()
    prose.wait_for_url("**/walk/update/")
    go(program, "walk/numpy/")  # the tab with the program becomes one with prose
    assert program.evaluate("window.name") == ""
    go(program, "program/")
    prose.mouse.wheel(0, 400)
    prose.mouse.wheel(0, -400)
    at(program, 39)


def test_the_panel_beside_the_prose_is_there_on_every_page(open_tab):
    tab = open_tab("walk/error/")
    tab.get_by_role("button", name="Beside").click()
    for path, line in (("walk/delta/", "36"), ("walk/seed/", "20"), ("walk/delta/", "36")):
        go(tab, path)
        tab.locator(f'.beside li.embedded .number:text-is("{line}")').wait_for()
        assert tab.locator(".beside").count() == tab.locator(".beside-switch").count() == 1


def test_pages_that_are_left_leave_nothing_behind(open_tab):
    """Material itself keeps the elements of pages that are left; the site's own scripts keep no listener and nothing more."""
    grown = []
    for scripts in ("none", "own"):
        tab = open_tab("walk/delta/")
        if scripts == "none":
            tab.route("**/assets/site*.js", lambda route: route.fulfill(body="", content_type="text/javascript"))
            tab.reload()
        devtools = tab.context.new_cdp_session(tab)
        devtools.send("Performance.enable")
        counts = []
        for _ in range(3):
            for path in ("program/", "walk/update/", "walk/delta/"):
                go(tab, path, scripts == "own")
            devtools.send("HeapProfiler.collectGarbage")
            metrics = {metric["name"]: metric["value"] for metric in devtools.send("Performance.getMetrics")["metrics"]}
            counts.append((metrics["JSEventListeners"], metrics["Nodes"]))
        grown.append([counts[-1][kind] - counts[-2][kind] for kind in (0, 1)])
        tab.close()
    (listeners, nodes), (own_listeners, own_nodes) = grown
    assert own_listeners <= listeners and own_nodes < 1.1 * nodes, grown
