"""The site in the two other families of browsers: Firefox and WebKit do what Chromium does, and break no policy."""

import os
import re
import time

import pytest
from browser import pyodide
from conftest import address, pages
from host import serve

from engines.drivers import Firefox, Missing, WebKit
from publish import digests
from publish.folder import HASHED

HOOK = """
window.wrong = [];
addEventListener("error", (event) => wrong.push(event.message || `cannot load ${event.target.src || event.target.href}`), true);
addEventListener("unhandledrejection", (event) => wrong.push(String(event.reason)));
document.addEventListener("securitypolicyviolation", (event) => wrong.push(`${event.violatedDirective}: ${event.blockedURI}`));
"""
ENGINES = {"firefox": Firefox, "webkit": WebKit}
WIDTHS = (320, 768, 1440)
# MiniBrowser's window is no narrower than its buttons, so what is measured stands in a frame.
MEASURE = """
new Promise((resolve) => {
  const frame = document.createElement("iframe");
  frame.style = "position: fixed; inset: 0; height: 900px; border: 0";
  frame.src = "./" + %r;
  frame.onload = async () => {
    const { contentDocument: page, contentWindow: window } = frame;
    while (!page.documentElement.matches("[data-ready]")) await new Promise((later) => setTimeout(later, 20));
    resolve(%r.map((width) => {
      frame.style.width = `${width}px`;
      return [window.innerWidth, page.documentElement.scrollWidth];
    }));
    frame.remove();
  };
  document.body.append(frame);
})
"""


@pytest.fixture(scope="module", params=ENGINES)
def engine(request, tmp_path_factory):
    """A driver of each engine. Where it is not installed, the test is skipped; in CI it fails."""
    try:
        driver = ENGINES[request.param](tmp_path_factory.mktemp(request.param))
    except (Missing, ImportError) as why:
        pytest.fail(str(why)) if os.environ.get("CI") else pytest.skip(str(why))
    driver.resize(1440, 900)
    yield driver
    driver.close()


@pytest.fixture(scope="module")
def hooked(site, tmp_path_factory):
    """A copy of the site that notes what goes wrong on a page from its first script on; its Python comes from the tests."""
    with pyodide.host() as (host, _):
        copy = pyodide.taking(site, tmp_path_factory.mktemp("hooked") / "site", host)
        (copy / "assets" / "hook.js").write_text(HOOK, encoding="utf-8")
        (copy / "frame.html").write_text("<!doctype html><title>A frame</title>", encoding="utf-8")
        for page in copy.rglob("index.html"):
            root = "../" * (len(page.relative_to(copy).parts) - 1)
            hook = rf'\1<script src="{root}assets/hook.js"></script>'
            html, found = re.subn(
                r"(<meta http-equiv=\"?Content-Security-Policy\"?[^>]*>)", hook, page.read_text(encoding="utf-8")
            )
            assert found == 1, page
            page.write_text(html, encoding="utf-8")
        digests.write(copy, HASHED.pattern)  # or the service worker would not take these pages
        yield copy


@pytest.fixture(scope="module")
def base(hooked, tmp_path_factory):
    with serve(hooked, folder=tmp_path_factory.mktemp("host")) as where:
        yield where


@pytest.fixture
def open_page(engine, base):
    """Return a function that opens a page and waits for its scripts; in the end no page may have noted anything."""

    def opened(path=""):
        engine.open(base + path)
        until(engine, "document.querySelector('[data-ready]') !== null || document.querySelector('.booklet') !== null", path)

    yield opened
    assert engine.run("window.wrong") == []


def until(engine, expression, what="", seconds=60):
    """Wait until an expression is true."""
    end = time.monotonic() + seconds
    while not engine.run(expression):
        assert time.monotonic() < end, f"{what}: never {expression}"
        time.sleep(0.1)


def click(engine, selector):
    until(engine, f"document.querySelector({selector!r}) !== null", selector)
    engine.run(f"document.querySelector({selector!r}).click()")


def test_pages_open_without_an_error_or_a_violation(engine, open_page):
    for page in pages():
        open_page(address(page))
        assert engine.run("window.wrong") == [], page


def test_nothing_scrolls_sideways(engine, hooked, tmp_path):
    with serve(hooked, folder=tmp_path, headers=False) as where:  # which allow no frame
        engine.open(where + "frame.html")
        for path in ("", "walk/update/", "break/", "program/"):
            sizes = engine.run(MEASURE % (path, list(WIDTHS)))
            assert [shown for shown, _ in sizes] == list(WIDTHS)
            assert all(needed <= shown for shown, needed in sizes), (path, sizes)


def test_the_theme_is_kept_and_a_link_is_underlined(engine, open_page):
    open_page("walk/error/")
    before = engine.run("document.body.dataset.mdColorScheme")
    click(engine, "[data-md-component=palette] label:not([hidden])")
    open_page("walk/delta/")
    assert engine.run("document.body.dataset.mdColorScheme") != before
    line, thickness = engine.run(
        "((style) => [style.textDecorationLine, style.textDecorationThickness])"
        "(getComputedStyle(document.querySelector('article p > a')))"
    )
    assert (line, thickness) == ("underline", "1px")


def test_search_finds(engine, open_page):
    open_page("walk/error/")
    engine.press("Control", "k")
    until(engine, "document.querySelector('dialog.search [role=status]')?.textContent === 'Type to search'")
    for letter in "sigmod":
        engine.press(letter)
    until(engine, "document.querySelector('dialog.search .best')?.href.includes('walk/sigmoid/') ?? false")
    engine.press("Enter")
    until(engine, "location.pathname.endsWith('walk/sigmoid/')")
    until(engine, "window.wrong !== undefined")


def test_two_tabs_follow_each_other_and_the_inspector_obeys_mouse_and_keys(engine, open_page):
    prose = engine.tab
    open_page("walk/prediction/")
    listing = engine.new_tab()
    open_page("program/")
    marked = "[...document.querySelectorAll('.gutter a.embedded')].map((link) => Number(link.textContent)).join()"
    until(engine, f"{marked} === '27,28,29'", "the program follows the text")
    engine.click("document.querySelector('#L39, .gutter a[href$=\"#L39\"]')")
    shown = "document.querySelector('.inspector').textContent.includes('After line {}')"
    until(engine, shown.format(39))
    engine.go_to(prose)
    until(engine, "location.pathname.endsWith('walk/update/')", "the text follows the program")
    until(engine, "document.querySelector('[data-ready]') !== null")
    engine.go_to(listing)
    engine.press("ArrowDown")
    until(engine, "!" + shown.format(39))
    assert engine.run("window.wrong") == []
    engine.go_to(prose)
    followed = "location.pathname.endsWith('walk/result/') && document.querySelector('[data-ready]') !== null"
    until(engine, followed, "the text follows the next line, or it would in the next test")


def test_a_ledger_moves_and_the_program_stands_beside_the_text(engine, open_page):
    open_page("walk/update/")
    engine.run("document.querySelector('.ledger input').focus()")
    before = engine.run("document.querySelector('.ledger table').textContent")
    engine.press("End")
    until(engine, "document.querySelector('.ledger output').value === '10,000 of 10,000'")
    assert engine.run("document.querySelector('.ledger table').textContent") != before
    click(engine, ".beside-switch")
    until(engine, "document.querySelectorAll('.beside li').length === 42")


def test_a_program_runs_raises_and_is_stopped(engine, open_page):
    open_page("program/")
    said = "document.querySelector('.runner [role=status]').textContent"
    write = (
        "((area) => {{ area.value = {!r}; area.dispatchEvent(new Event('input', {{ bubbles: true }})); }})"
        "(document.querySelector('.editor textarea'))"
    )
    press = "[...document.querySelectorAll('.runner .bar button')].find((button) => button.textContent.includes('{}')).click()"
    click(engine, ".runner .start")
    until(engine, f"{said}.includes('It ran in')", "the program runs", seconds=180)  # WebKit's Python starts slowly
    assert "0.00966449" in engine.run("document.querySelector('.runner [role=region]').textContent")
    engine.run(press.format("Edit"))
    until(engine, "document.querySelector('.editor textarea') !== null")
    engine.run(write.format("1 / 0\n"))
    click(engine, ".runner .start")
    until(engine, f"{said}.includes('ZeroDivisionError')", "an exception is shown")
    engine.run(write.format("print('begun')\nwhile True:\n    pass\n"))
    click(engine, ".runner .start")
    until(engine, "document.querySelector('.runner [role=region]').textContent.includes('begun')")
    engine.run(press.format("Stop"))
    until(engine, f"{said}.startsWith('Stopped')", "an endless loop is stopped")


def test_a_fence_draws_its_picture_in_the_readers_colours(engine, open_page):
    open_page("walk/delta/")
    engine.run("document.querySelector('details.figure').open = true")
    click(engine, "details.figure .fence .bar button")
    said = "document.querySelector('details.figure [role=status]').textContent"
    until(engine, f"{said}.startsWith('It ran in')", "a figure is drawn", seconds=300)  # WebKit's Python starts slowly
    image = "document.querySelector('details.figure img')"
    until(engine, f"{image}?.naturalWidth > 300", "the picture is there")
    # A pixel of the red of the errors: the image has it from the page.
    red = engine.run(
        """(() => {
          const image = document.querySelector("details.figure img"), canvas = document.createElement("canvas");
          [canvas.width, canvas.height] = [image.naturalWidth, image.naturalHeight];
          const paper = canvas.getContext("2d");
          paper.drawImage(image, 0, 0);
          const { data } = paper.getImageData(0, 0, canvas.width, canvas.height);
          const probe = document.body.appendChild(document.createElement("i"));
          probe.style.color = "var(--v6)";
          const wanted = getComputedStyle(probe).color.match(/\\d+/g).map(Number);
          let found = 0;
          for (let at = 0; at < data.length; at += 4)
            if (data[at + 3] > 250 && wanted.every((part, index) => Math.abs(data[at + index] - part) < 3)) found += 1;
          return found;
        })()"""
    )
    assert red > 100
    assert engine.run("window.wrong") == []


def test_a_second_visit_needs_no_network(engine, hooked, tmp_path):
    with serve(hooked, folder=tmp_path) as where:
        engine.open(where + "walk/error/")
        until(engine, "document.querySelector('[data-ready]') !== null")
        engine.press("Control")  # a reader's first touch
        engine.run("navigator.serviceWorker.ready.then(() => true)")
    engine.open(where + "walk/update/")
    until(engine, "document.title.startsWith('The update') && document.querySelector('[data-ready]') !== null")
