"""On paper: the booklet as readers print it and as the PDF that is shipped, checked page by page, and every page by itself."""

import functools
import io
import os
import re
import unicodedata
from collections import defaultdict
from pathlib import Path

import pytest
from conftest import PRINTER, address, article, cells, pages, program_of
from pypdf import PdfReader
from test_booklet import chapters

MARGIN = 20 / 25.4 * 72  # points: 20 mm, as docs/assets/print.css has it


def printed(tab, **options):
    """Return a page as its browser prints it on A4."""
    return PdfReader(io.BytesIO(tab.pdf(prefer_css_page_size=True, format="A4", tagged=True, outline=True, **options)))


@functools.cache
def shipped(site):
    """Return the booklet's PDF, which the build of the tests has composed, if there is a browser with which it could."""
    if not PRINTER and not os.environ.get("CI"):
        pytest.skip("no Chromium is installed that sees the folder of the build")
    return PdfReader(site / "booklet" / "booklet.pdf")


def flat(outline):
    """Return the entries of an outline, which is a list for each level."""
    return [entry for item in outline for entry in (flat(item) if isinstance(item, list) else [item])]


def words(text):
    """Return a text without its white space, which a PDF does not keep, and without ligatures, which it may make."""
    return re.sub(r"\s+", "", unicodedata.normalize("NFKC", text))


@pytest.fixture(scope="module", params=["printed", "shipped"])
def booklet(request, browser, site, base):
    if request.param == "shipped":
        yield shipped(site)
        return
    context = browser.new_context(service_workers="block", bypass_csp=True)
    tab = context.new_page()
    tab.goto(f"{base}booklet/")
    yield printed(tab)
    context.close()


@pytest.fixture(scope="module")
def sheets(booklet):
    return read(booklet)


@functools.cache
def read(booklet):
    """Return of every page its text, and its pieces: how far from the left and the foot each stands, its size, its words."""
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


def test_every_heading_is_there_and_none_ends_a_page_nor_does_the_beginning_of_an_output(site, booklet, sheets):
    headings = [tag.get_text(" ") for tag in article(site, "booklet.md").find_all(re.compile("^h[1-6]$"))]
    assert [words(mark.title) for mark in flat(booklet.outline)] == [words(heading) for heading in headings]
    known = {words(heading) for heading in headings}
    for number, (_, pieces) in enumerate(sheets, 1):
        if number == 1:
            continue
        body = [piece for piece in pieces if piece[1] >= MARGIN]
        foot = min(piece[1] for piece in body)
        # A link may have the words of a heading, but not its size: text is set in 10.5 points.
        last = words("".join(text for _, y, size, text in body if abs(y - foot) < 2 and size > 10.8))
        assert last not in known, f"page {number} ends with the heading {last!r}"
        assert "Output" not in [text for _, y, _, text in body if abs(y - foot) < 2], f"page {number} ends before an output"


def test_the_contents_of_the_pdf_say_on_which_page_each_entry_stands(browser, site):
    """The numbers are read from the sheets, as a reader does it, and so are the headings: nothing else is set as large."""
    booklet, entries = shipped(site), article(site, "booklet.md").select(".contents a")
    after_title = [(number, pieces) for number, (_, pieces) in enumerate(read(booklet), 1) if number > 1]
    stands = [(line, str(number)) for number, pieces in after_title for line in lines(pieces, 13) if line != "Contents"]
    told = [line for number, pieces in after_title if number < int(stands[0][1]) for line in lines(pieces)]
    listed = [re.fullmatch(r"(.*?)(\d+)", line).groups() for line in told if line != "Contents"]
    assert [title for title, _ in listed] == [words(entry.text) for entry in entries]
    assert listed == stands

    marks = [(words(mark.title), str(booklet.get_destination_page_number(mark) + 1)) for mark in flat(booklet.outline)]
    assert [entry for entry in listed if entry not in marks] == []


def lines(pieces, least=0):
    """Return the lines of a page's text that is at least so large, from above, without white space and without the foot."""
    found = defaultdict(str)
    for _, y, size, text in sorted(pieces):
        if y >= MARGIN and size >= least:
            found[round(y)] += words(text)
    return [found[y] for y in sorted(found, reverse=True)]


def test_no_page_of_the_pdf_has_a_few_lines_alone(browser, site):
    """A page of three lines is a page of nothing. The last one ends where the booklet ends."""
    for number, (_, pieces) in list(enumerate(read(shipped(site)), 1))[1:-1]:
        assert min(y for _, y, _, _ in pieces if y >= MARGIN) < 842 * 3 / 4, f"page {number}: {' '.join(lines(pieces))}"


def test_an_answer_is_found_by_its_page(browser, site):
    booklet = shipped(site)
    told = [
        int(found[1])
        for _, pieces in read(booklet)
        for line in lines(pieces)
        if (found := re.search(r"Theanswerisonpage(\d+)$", line))
    ]
    answers = [
        booklet.get_destination_page_number(place) + 1
        for name, place in booklet.named_destinations.items()
        if name.endswith("--answer")
    ]
    assert sorted(told) == sorted(answers) and len(answers) > 100


def test_the_pdf_is_a_file_for_its_readers(browser, site):
    booklet = shipped(site)
    assert booklet.metadata.title == "The booklet - A neural network, line by line" and booklet.root_object["/Lang"] == "en"
    assert booklet.root_object["/MarkInfo"]["/Marked"] and booklet.metadata.creation_date is None
    marks = [mark.get_object() for page in booklet.pages for mark in page.get("/Annots", ())]
    led = [mark["/A"]["/URI"] for mark in marks if "/URI" in mark.get("/A", ())]
    assert led and not [address for address in led if not re.match("https?://", address)]


def test_the_page_of_the_booklet_leads_to_its_pdf(site, open_tab):
    booklet, file = shipped(site), site / "booklet" / "booklet.pdf"
    tab = open_tab("booklet/")
    link = tab.get_by_role("link", name="Download it as a PDF")
    said = f"({len(booklet.pages)} pages, {file.stat().st_size / 1e6:.1f} MB)"
    assert said in link.locator("..").inner_text()
    with tab.expect_download() as download:
        link.click()
    same = Path(download.value.path()).read_bytes() == file.read_bytes()
    assert same, "another file"  # the bytes would tell nobody anything
    assert "booklet.pdf" not in (site / "sw.js").read_text(), "every visitor would keep it"
    tab.emulate_media(media="print")
    assert not link.is_visible()


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
