"""On paper: the booklet as a PDF, checked page by page, and every page by itself."""

import io
import re
import unicodedata
from pathlib import Path

import pytest
from conftest import address, article, cells, pages, program_of
from pypdf import PdfReader
from test_booklet import chapters

MARGIN = 20 / 25.4 * 72  # points: 20 mm, as docs/assets/print.css has it


def printed(tab, **options):
    """Return a page as its browser prints it on A4."""
    return PdfReader(io.BytesIO(tab.pdf(prefer_css_page_size=True, format="A4", tagged=True, outline=True, **options)))


def words(text):
    """Return a text without its white space, which a PDF does not keep, and without ligatures, which it may make."""
    return re.sub(r"\s+", "", unicodedata.normalize("NFKC", text))


@pytest.fixture(scope="module")
def booklet(browser, base):
    context = browser.new_context(service_workers="block", bypass_csp=True)
    tab = context.new_page()
    tab.goto(f"{base}booklet/")
    yield printed(tab)
    context.close()


@pytest.fixture(scope="module")
def sheets(booklet):
    """The text of every page, and its pieces: how far from the left and the foot each stands, its size, and what it says."""
    found = []
    for page in booklet.pages:
        pieces = []

        def visit(text, matrix, at, _font, size, pieces=pieces):
            if text.strip():
                x = at[4] * matrix[0] + at[5] * matrix[2] + matrix[4]
                y = at[4] * matrix[1] + at[5] * matrix[3] + matrix[5]
                pieces.append((x, y, abs(size * at[0] * matrix[0]), text.strip()))

        found.append((page.extract_text(visitor_text=visit), pieces))
    return found


def test_no_page_is_empty_and_each_has_its_number(sheets):
    # The booklet grows with its pages. But chapters do not share one sheet, and what may not break leaves no large gaps.
    assert len(sheets) > len(chapters())
    assert sum(len(words(text)) for text, _ in sheets) / len(sheets) > 900
    for number, (text, pieces) in enumerate(sheets, 1):
        assert len(words(text)) > 60, f"page {number} is nearly empty: {text!r}"
        feet = [piece for piece in pieces if piece[1] < MARGIN]
        assert [piece[3] for piece in feet] == ([str(number)] if number > 1 else []), f"page {number}"


def test_nothing_stands_in_the_margin(booklet, sheets):
    for number, (page, (_, pieces)) in enumerate(zip(booklet.pages, sheets), 1):
        width, height = float(page.mediabox.width), float(page.mediabox.height)
        assert abs(width - 595) < 2 and abs(height - 842) < 2, "not A4"
        for x, y, _, text in pieces:
            assert MARGIN - 6 <= x <= width - MARGIN, f"page {number}: {text!r} begins in the margin"
            assert y <= height - MARGIN + 6 or y < MARGIN, f"page {number}: {text!r}"


def test_no_line_of_code_is_cut_off(site, booklet, sheets):
    """Every line of every cell is there in full, and every line of each program in the chapter that lists it."""
    whole = words("".join(text for text, _ in sheets))
    for cell in cells(article(site, "booklet.md")):
        for line in cell.text.splitlines():
            assert words(line) in whole, f"{cell.kind} at line {cell.line} of its page: {line!r}"
    begins = {id.lstrip("/"): booklet.get_destination_page_number(place) for id, place in booklet.named_destinations.items()}
    listings = [page for page in chapters() if Path(page).name == "program.md"]
    assert len(listings) > 2
    for page in listings:
        first = begins[address(page).strip("/").replace("/", "-")]
        after = [
            begins[section["id"]]
            for section in article(site, "booklet.md").select("section.chapter")
            if begins[section["id"]] > first
        ]
        chapter = words("".join(text for text, _ in sheets[first : min(after, default=len(sheets)) + 1]))
        for number, line in enumerate(program_of(page).lines, 1):
            assert words(line) in chapter, f"{page}: line {number} of the program"


def test_every_heading_is_there_and_none_ends_a_page(site, booklet, sheets):
    headings = [tag.get_text(" ") for tag in article(site, "booklet.md").find_all(re.compile("^h[1-6]$"))]
    outline = []

    def walk(items):
        for item in items:
            if isinstance(item, list):
                walk(item)
            else:
                outline.append(item.title)

    walk(booklet.outline)
    assert [words(title) for title in outline] == [words(heading) for heading in headings]
    known = {words(heading) for heading in headings}
    for number, (_, pieces) in enumerate(sheets, 1):
        if number == 1:
            continue
        body = [piece for piece in pieces if piece[1] >= MARGIN]
        foot = min(piece[1] for piece in body)
        # A link may have the words of a heading, but not its size: text is set in 10.5 points.
        last = words("".join(text for _, y, size, text in body if abs(y - foot) < 2 and size > 10.8))
        assert last not in known, f"page {number} ends with the heading {last!r}"


def test_links_between_chapters_lead_to_pages_of_the_booklet(booklet):
    inside = [mark.get_object() for page in booklet.pages for mark in page.get("/Annots", ())]
    assert sum("/Dest" in mark or mark.get("/A", {}).get("/S") == "/GoTo" for mark in inside) > 100
    assert len(booklet.named_destinations) > 50


def test_every_figure_is_on_it(site, sheets):
    """A figure's words are words on paper, too."""
    whole = words("".join(text for text, _ in sheets))
    figures = [page for page in chapters() if article(site, page).select(".figure svg")]
    assert len(figures) > 4
    for page in figures:
        for text in article(site, page).select(".figure svg text"):
            assert words(text.text) in whole, f"{page}: {text.text}"


@pytest.mark.parametrize("page", [page for page in pages() if page != "booklet.md"][::2])
def test_a_page_prints_cleanly(open_tab, page):
    tab = open_tab(address(page), reduced_motion="reduce")
    tab.emulate_media(media="print")
    tab.set_viewport_size({"width": 640, "height": 900})  # A4 between its margins
    shown = tab.evaluate("""[...document.querySelectorAll('header, nav, footer, button, input, .md-sidebar, .md-skip, .md-top, ' +
      '.headerlink, .md-button, .md-dialog')]
      .filter(box => box.checkVisibility({opacityProperty: true}) && box.getBoundingClientRect().height > 1)
      .map(box => box.outerHTML.slice(0, 100))""")
    assert shown == []
    wide = tab.evaluate("""[...document.querySelectorAll('article pre, article table, article svg')]
      .filter(box => box.getBoundingClientRect().right > innerWidth + 1
        || box.scrollWidth > box.clientWidth + 1 && box.tagName !== 'svg')
      .map(box => box.outerHTML.slice(0, 100))""")
    assert wide == []
    closed = tab.evaluate("""[...document.querySelectorAll('article details:not(.figure, .runner *) > ' +
      ':not(summary, .figure, .runner, .fence, .holds-alone)')]
      .filter(box => !box.getBoundingClientRect().height).map(box => box.outerHTML.slice(0, 100))""")
    assert closed == []
