"""What a first visit costs, counted in a browser with the policy in force: requests, bytes, and whether anything moves."""

import time

import pytest
from conftest import pages

from browser.test_pages import address

EXPLAINING = [page for page in pages() if page not in ("program.md", "booklet.md")]
WATCH = """
  window.moved = [];
  new PerformanceObserver((list) => {
    for (const entry of list.getEntries()) {
      moved.push(...entry.sources.map(({ node }) => `${entry.value}: ${node?.outerHTML?.slice(0, 100) ?? node?.nodeName}`));
    }
  }).observe({ type: "layout-shift", buffered: true });
"""


def late(route):
    """Let a script come when the page has been painted, as over a slow network."""
    time.sleep(0.5)
    route.continue_()


def visit(tab, url):
    """Open an address; return the size of the answer to each request over the network."""
    network, names, sizes = tab.context.new_cdp_session(tab), {}, {}
    network.send("Network.enable")
    network.on("Network.requestWillBeSent", lambda event: names.update({event["requestId"]: event["request"]["url"]}))
    network.on("Network.loadingFinished", lambda event: sizes.update({event["requestId"]: event["encodedDataLength"]}))
    tab.goto(url)
    tab.locator("html[data-ready]").wait_for(state="attached")
    tab.wait_for_timeout(300)
    return {names[key]: size for key, size in sizes.items() if size and names[key].startswith("http")}


@pytest.mark.parametrize(
    ("page", "width"),
    [
        # Each page on a telephone or on a wide screen, where fewer lines are broken.
        *((page, (360, 360, 1440)[number % 3]) for number, page in enumerate(EXPLAINING)),
        *(("program.md", width) for width in (320, 360, 412, 768, 1024, 1440)),
    ],
)
def test_a_first_visit_is_light_and_safe_and_nothing_moves(browser, base, page, width):
    def first_visit():
        context = browser.new_context(viewport={"width": width, "height": 800}, color_scheme="dark")
        tab, wrong = context.new_page(), []
        tab.on("console", lambda message: message.type == "error" and wrong.append(message.text))
        tab.add_init_script(WATCH)
        tab.route("**/site.*.js", late)
        sizes = visit(tab, base + address(page))
        moved = tab.evaluate("moved")
        context.close()
        assert wrong == [], f"{page}: breaks its policy, or fails"
        return sizes, moved

    for _ in range(3):  # a busy machine paints a page before it has read all of its header, or of a table
        sizes, moved = first_visit()
        if not moved:
            break
    assert moved == [], f"{page}: moves after it was painted"
    recording = sum(size for url, size in sizes.items() if url.endswith(".json"))  # a page that lists a program has one
    assert len(sizes) <= 6 and sum(sizes.values()) - recording <= 60_000, f"{page}: {sum(sizes.values())} bytes in {sizes}"
    assert recording <= (60_000 if page.endswith("program.md") else 0), f"{page}: a recording of {recording} bytes"


@pytest.mark.parametrize("width", [1240, 1440, 1920])
@pytest.mark.parametrize("page", ["walk/delta/", "hidden/updates/", "look/guesses/", "hidden/break/"])
def test_with_the_program_beside_the_text_nothing_moves_either(browser, base, page, width):
    """What is remembered has its place from the first paint on, and the text and the header stand where they stand without it."""

    def stands():
        tab.locator("html[data-ready]").wait_for(state="attached")
        tab.wait_for_timeout(300)
        return [tab.locator(part).first.bounding_box()["x"] for part in ("article h1", "[data-md-component=palette]")]

    context = browser.new_context(viewport={"width": width, "height": 800})
    tab = context.new_page()
    tab.goto(base + page)
    without = stands()
    tab.locator("button.beside-switch").click()
    tab.locator(".beside li").first.wait_for()
    tab.add_init_script(WATCH)
    tab.route("**/beside.*.js", late)
    for _ in range(3):
        tab.reload()
        tab.locator(".beside .made").wait_for(state="attached")
        assert stands() == without
        assert tab.locator(".beside ol").evaluate("list => list.scrollWidth <= list.clientWidth + 1"), "a line of it is cut"
        if not (moved := tab.evaluate("moved")):
            break
    context.close()
    assert moved == []


def test_the_next_page_is_lighter(browser, base):
    context = browser.new_context()
    tab = context.new_page()
    visit(tab, base + "walk/error/")
    sizes = visit(tab, base + "walk/delta/")
    context.close()
    assert sum(sizes.values()) <= 20_000 and list(sizes) == [base + "walk/delta/"], sizes


def test_search_comes_when_it_is_asked_for(browser, base):
    context = browser.new_context()
    tab = context.new_page()
    assert not [url for url in visit(tab, base) if "search" in url]
    with tab.expect_response("**/search/search_index.json"):
        tab.locator(".search-open").click()
    tab.locator("dialog.search input").fill("XOR")
    tab.locator("dialog.search li").first.wait_for()
    assert tab.locator("dialog.search a").nth(1).get_attribute("href").endswith("ask/#xor")
    tab.keyboard.press("ArrowDown")
    assert "page" in tab.evaluate("document.activeElement.className")
    tab.keyboard.press("Escape")
    assert not tab.locator("dialog.search").is_visible() and tab.evaluate("document.activeElement.className") == "search-open"
    context.close()
