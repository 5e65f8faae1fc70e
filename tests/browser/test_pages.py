"""Every page in a browser, loaded once: nothing that axe finds, from 320 to 1440 px, light and dark, and nothing that is lost
when a reader makes the text larger or sets it wider."""

from pathlib import Path

import axe_playwright_python
import pytest
from conftest import address, pages

from browser.conftest import ready

AXE = Path(axe_playwright_python.__file__).with_name("axe.min.js").read_text(encoding="utf-8")
TAGS = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"]
COLOURS = ["color-contrast", "link-in-text-block"]  # the only rules that a change of colours can break
WIDTHS = (320, 768, 1440)
RUNS = ((320, "light"), (1440, "dark"))

# The booklet repeats what the other pages show; its own are the contents and the order of its headings.
PATHS = [address(page) for page in pages()] + ["program/?iteration=100#L36"]


def violations(tab, rules=TAGS, without=()):
    """Return what axe finds wrong on a page, a line each. The page must have been given axe."""
    off = {rule: {"enabled": False} for rule in without}
    options = {"runOnly": rules, "resultTypes": ["violations"], **({"rules": off} if off else {})}
    found = tab.evaluate("options => axe.run(options).then(done => done.violations)", options)
    # The switch of the drawer comes before every landmark, as the link that skips to the content does, which axe lets pass.
    return [
        f"{rule['id']}: {node['html'][:160]} {node['failureSummary'][:300]}"
        for rule in found
        for node in rule["nodes"]
        if not (rule["id"] == "region" and node["target"] == ["#__drawer"])
    ]


def switch(tab, scheme):
    """Choose light or dark by the page's own switch; the booklet has none and follows the system."""
    tab.emulate_media(color_scheme=scheme)
    tab.evaluate("n => document.querySelector(`#__palette_${n}`)?.click()", int(scheme == "dark"))
    dark = tab.evaluate("getComputedStyle(document.body).backgroundColor.match(/\\d+/)[0] < 128")
    assert dark == (scheme == "dark")


@pytest.fixture(scope="module", params=PATHS)
def page(browser, base, request):
    """A page in a tab. pytest runs all tests of one page before it loads the next."""
    context = browser.new_context(
        viewport={"width": 1440, "height": 900}, reduced_motion="reduce", bypass_csp=True, service_workers="block"
    )
    context.set_default_timeout(10_000)
    tab = context.new_page()
    tab.goto(base + request.param)
    ready(tab)
    yield tab
    context.close()


def test_axe_finds_nothing(page):
    for place in page.locator(".exercise .sheet[data-exercise]").all():  # there once a reader comes near it
        place.scroll_into_view_if_needed()
        place.locator("textarea").wait_for()
    page.evaluate("scrollTo(0, 0)")
    page.evaluate(AXE)
    booklet = "/booklet/" in page.url  # its colours are those of the pages that it repeats, and it is long
    looked_at = any(page.url.endswith(f"/{path}") for path in PATHS[::6])
    for width, scheme in RUNS if looked_at else RUNS[:1]:
        page.set_viewport_size({"width": width, "height": 900})
        switch(page, scheme)
        # In the dark, on a wide screen and for its colours, every sixth page shows what all of them have.
        assert violations(page, without=COLOURS if booklet or not looked_at else []) == [], f"{width} px, {scheme}"
    switch(page, "light")


@pytest.mark.parametrize("width", WIDTHS)
def test_nothing_scrolls_sideways(page, width):
    page.set_viewport_size({"width": width, "height": 900})
    assert page.evaluate("document.documentElement.scrollWidth") <= width


def test_the_button_that_copies_covers_no_code(page):
    """On a wide screen. On a narrow one, code scrolls away under it."""
    page.set_viewport_size({"width": 1440, "height": 900})
    covered = page.evaluate("""() => {
      const closed = [...document.querySelectorAll("article details:not([open])")];
      closed.forEach((details) => (details.open = true));
      const found = [...document.querySelectorAll("article .md-code__nav")].flatMap((button) => {
        const over = button.getBoundingClientRect(), code = button.closest("pre").querySelector("code");
        const range = document.createRange();
        if (!over.width || code.scrollWidth > code.clientWidth + 1) return [];
        range.selectNodeContents(code);
        const under = [...range.getClientRects()].some((box) => box.right > over.left + 2
          && box.top < over.bottom - 3 && box.bottom > over.top + 3 && box.width < code.clientWidth * .98);
        return under ? [code.textContent.trim().slice(0, 80)] : [];
      });
      closed.forEach((details) => (details.open = false));
      return found;
    }""")
    assert covered == []


# What hides a part of its own text, other than to those who only hear.
CLIPPED = """() => [...document.querySelectorAll('body *')].filter(box => {
  if (box.closest('.unseen, svg, [inert], .md-search, .md-sidebar') || !box.innerText?.trim()) return false;
  if (!box.checkVisibility({visibilityProperty: true})) return false;
  const {overflowX, overflowY} = getComputedStyle(box);
  const hides = way => way === 'hidden' || way === 'clip';
  return hides(overflowX) && box.scrollWidth > box.clientWidth + 1 || hides(overflowY) && box.scrollHeight > box.clientHeight + 1;
}).map(box => box.outerHTML.slice(0, 160))"""

SPACED = """* { line-height: 1.5 !important; letter-spacing: .12em !important; word-spacing: .16em !important }
            p { margin-bottom: 2em !important }"""  # WCAG 1.4.12
LARGER = {
    # A window of 1280 px is so wide when it is zoomed, and for text twice as large: its breakpoints are in letters.
    "zoomed to 200 %, or text twice as large": (640, "/**/"),
    "text set wider": (1280, SPACED),
    "zoomed, and set wider": (640, SPACED),
}


@pytest.mark.parametrize("case", LARGER)
def test_nothing_is_lost_when_text_is_larger_or_wider(page, case):
    width, style = LARGER[case]
    page.set_viewport_size({"width": width, "height": 900})
    tag = page.add_style_tag(content=style)
    try:
        assert page.evaluate("document.documentElement.scrollWidth") <= width
        assert page.evaluate(CLIPPED) == []
        # The numbers of a listing stay beside their lines.
        apart = page.evaluate("""[...document.querySelectorAll('article .listing')].map(listing => {
          const numbers = [...listing.querySelectorAll('.gutter a')].map(number => number.getBoundingClientRect().top);
          const code = listing.querySelector('code'), range = document.createRange();
          range.selectNodeContents(code);
          const rows = [...range.getClientRects()].map(box => box.top).sort((a, b) => a - b);
          return Math.abs((numbers.at(-1) - numbers[0]) - (rows.at(-1) - rows[0]));
        })""")
        assert all(distance < 6 for distance in apart), apart
    finally:
        tag.evaluate("tag => tag.remove()")


def test_nothing_moves_where_a_reader_wants_no_motion(page):
    moving = page.evaluate("""[...document.querySelectorAll('*')].filter(box => {
      const {transitionDuration, transitionProperty, animationName, scrollBehavior} = getComputedStyle(box);
      const moves = transitionProperty !== 'none' && parseFloat(transitionDuration) > .01;
      return moves || animationName !== 'none' || scrollBehavior === 'smooth';
    }).map(box => box.outerHTML.slice(0, 120))""")
    assert moving == []


@pytest.mark.parametrize("path", ["break/", "hidden/break/", "otherwise/", "walk/error/"])
def test_no_change_of_the_program_scrolls_where_there_is_room(open_tab, path):
    tab = open_tab(path)
    changes = tab.locator(".what-if pre code")
    assert changes.count()
    assert changes.evaluate_all("all => all.filter(one => one.scrollWidth > one.clientWidth).map(one => one.textContent)") == []


@pytest.mark.parametrize("path", ["walk/delta/", "hidden/delta/"])
def test_the_cells_of_a_row_in_a_ledger_stand_on_one_line(open_tab, path):
    feet = (
        open_tab(path)
        .locator(".ledger tbody tr")
        .evaluate_all("""rows => rows.map(row => [...row.cells].map(cell => {
      const range = document.createRange();
      range.selectNodeContents(cell.lastElementChild ?? cell);
      return Math.round(range.getBoundingClientRect().bottom);
    }))""")
    )
    assert len(feet) == 4 and all(max(row) - min(row) <= 1 for row in feet)
