"""The built site: every code cell is accounted for, numbers beside a line are its own, links lead where they say."""

import html
import json
import os
import re
from pathlib import Path
from urllib.parse import urldefrag, urljoin

import pytest
from conftest import ROOT, address, article, cells, listing_of, pages, program_of, read_html

from literate.check.testing import FenceItem, PageFile
from literate.page import Code, Display, Embed, Output, Page, Prose, WhatIf
from literate.program import Program

KINDS = {"embed": Embed, "what-if": WhatIf, "code": Code, "output": Output, "display": Display}
# Two pages are made of others: test_notebook.py and test_booklet.py hold them to what they are made of.
PAGES = [page for page in pages() if Path(page).name not in ("notebook.md", "booklet.md")]


def test_the_booklet_is_laid_out_for_paper(site):
    assert Page.read(ROOT / "docs" / "booklet.md").meta.get("template") == "booklet.html", (
        "docs/booklet.md:1: the booklet would print the menu and the search; write `template: booklet.html` into its front matter"
    )
    assert not read_html(site / "booklet" / "index.html").select(".md-nav, form")


@pytest.mark.parametrize("page", PAGES)
def test_every_code_cell_is_accounted_for(site, page, request):
    """The census: each cell ran as a test, or is the checked output of one that ran, or says why it is only shown."""
    blocks = {block.line: block for block in Page.read(ROOT / "docs" / page).blocks if isinstance(block, tuple(KINDS.values()))}
    found = cells(article(site, page))
    assert [cell.line for cell in found] == list(blocks)
    tests = collected(request.session, ROOT / "docs" / page)
    for cell in found:
        block = blocks[cell.line]
        assert isinstance(block, KINDS[cell.kind])
        if isinstance(block, Display):
            assert len(block.reason.split()) > 2
        elif isinstance(block, Output):
            [source] = [other for other in blocks.values() if getattr(other, "output", None) is block]
            assert tests[source.line].expected_output == cell.text == block.text
        else:
            assert block.line in tests
        if isinstance(block, WhatIf):
            assert cell.text == "".join(line or " " for line in block.text.splitlines(keepends=True) if line != "@@\n")
        elif not isinstance(block, Embed):
            assert cell.text == block.text


def collected(session, path):
    """Return the pytest-codeblocks block, by line, of every test that pytest collects from a page."""
    file = PageFile.from_parent(session, path=path)
    return {item.obj.lineno: item.obj for item in file.collect() if isinstance(item, FenceItem)}


@pytest.mark.parametrize("page", PAGES)
def test_each_embedded_cell_is_the_program_at_the_numbers_shown(site, page):
    for cell in cells(article(site, page)):
        if cell.kind not in ("embed", "what-if"):
            assert cell.numbers == ()
            continue
        [block] = [block for block in Page.read(ROOT / "docs" / page).blocks if block.line == cell.line]
        if cell.kind == "what-if":
            assert_shows_the_program(cell, block, program_of(page))
            continue
        program = Program.read(ROOT / "snippets" / block.program)
        if block.against:
            assert_shows_what_two_programs_differ_in(cell, Program.read(ROOT / "snippets" / block.against), program)
            continue
        first, last = cell.numbers[0], cell.numbers[-1]
        assert cell.numbers == tuple(range(first, last + 1))
        assert cell.text == "".join(f"{program.lines[number - 1]}\n" for number in cell.numbers), (
            f"docs/{page}:{cell.line}: this is not {program.name} as its file has it; if that ends with an empty line, delete it"
        )
        listing = listing_of(page, program.name)
        if page == listing:
            assert cell.numbers == tuple(range(1, len(program.lines) + 1))
            continue
        assert cell.caption == f"{program.name}, {in_words('line', cell.numbers)}"
        assert leads_to(page, cell.target) == f"/{address(listing)}#L{first}"


def assert_shows_the_program(cell, block, program):
    """Each numbered line of a what-if is that line of the program; the others are the ones put in."""
    for number, line in zip(cell.numbers, cell.text.splitlines(), strict=True):
        assert (number is None) == (line[0] == "+")
        if number and not block.continues:
            assert line[1:] == program.lines[number - 1]


def assert_shows_what_two_programs_differ_in(cell, old, new):
    """Its lines and those that it leaves out, which both have, make the old program, and the new one."""
    assert cell.caption == f"{new.name}, compared with {old.name}"
    before, after = [], []
    for number, line in zip(cell.numbers, cell.text.splitlines(), strict=True):
        sign, text = line[0], line[1:]
        assert (number is None) == (sign == "-")
        if number:
            left_out = new.lines[len(after) : number - 1]
            before += left_out
            after += left_out
        if sign != "+":
            before.append(text)
        if sign != "-":
            after.append(text)
    left_out = new.lines[len(after) :]
    assert (before + left_out, after + left_out) == (old.lines, new.lines)


@pytest.mark.parametrize("page", PAGES)
def test_each_reference_to_a_line_leads_there(site, page):
    links = [
        a
        for a in article(site, page).find_all("a")
        if re.fullmatch(r"(Line|line)s? \d+(–\d+)?", a.text)
        and not a.find_parent(class_="network")
        and not a.find_parent("small")
    ]  # of a drawing, or a task
    prose = "".join(block.text for block in Page.read(ROOT / "docs" / page).blocks if isinstance(block, Prose))
    references = re.findall(r"(?<!`)`\{(Line|line)\} ([^`]+)`(?! ``)", prose)
    program = program_of(page)
    assert [a.text for a in links] == [in_words(word, program.find(selector)) for word, selector in references]
    for link in links:
        listing = address(listing_of(page, program.name))
        assert leads_to(page, link["href"]) == f"/{listing}#L{re.search(r'[0-9]+', link.text)[0]}"


def in_words(word, lines):
    return f"{word} {lines[0]}" if len(lines) == 1 else f"{word}s {lines[0]}–{lines[-1]}"


def leads_to(page, href):
    """Return where a link of a page leads, as an address below the site's root."""
    return urljoin(f"/{address(page)}", href)


def test_every_address_that_is_promised_is_there(site):
    stops = "numpy sigmoid inputs targets seed weights loop prediction error delta update result".split()
    for promised in ["", "program/", "notebook/", "contributing/", *(f"walk/{stop}/" for stop in stops)]:
        assert (site / promised / "index.html").is_file(), promised
    for page in [page for page in pages() if Path(page).name == "program.md"]:
        lines = program_of(page).lines
        assert [a["id"] for a in article(site, page).select(".gutter a")] == [f"L{n}" for n in range(1, len(lines) + 1)]


def test_every_link_works_wherever_the_site_is_put(site):
    """Every href and src is relative and leads to a file of the site, and its fragment to an element of that page."""
    ids = {}
    for path in site.rglob("*.html"):
        soup = read_html(path)
        ids[path] = ({tag["id"] for tag in soup.find_all(id=True)}, soup)
    for path, (_, soup) in ids.items():
        if path.name == "404.html":
            continue  # is served at any address, so its links start at the root
        for tag in soup.find_all(["a", "link", "script", "img"]):
            address = tag.get("href") or tag.get("src")
            if not address or re.match(r"(https?:|mailto:|data:)", address):
                assert not address or tag.name == "a" or address.startswith("data:"), f"{path}: loads {address}"
                continue
            assert not address.startswith("/"), f"{path}: {address}"
            address, fragment = urldefrag(address)
            target = Path(os.path.normpath(path.parent / address)) if address else path
            target = target / "index.html" if target.is_dir() else target
            assert target.is_file(), f"{path}: {address}"
            if fragment and tag.name == "a" and not fragment.startswith("__"):
                assert fragment in ids[target][0], f"{path}: {address}#{fragment}"


def test_nothing_of_the_engine_is_published(site):
    sent = ("run", "exercise", "fence", "figure")  # what runs in the reader's browser
    assert not [
        path
        for path in site.rglob("*")
        if path.suffix == ".py" and path.name.partition(".")[0] not in sent or path.name in ("literate", "theme")
    ]


def test_what_is_left_out_of_search_is_not_found(site):
    """Of an element that says so, with whatever it holds: its words are in no section, but for those that stand outside, too."""
    sections = json.loads((site / "search" / "search_index.json").read_text(encoding="utf-8"))["docs"]
    left_out = 0
    for page in PAGES:
        whole = article(site, page)
        parts = {id(text): text for part in whole.select("[data-search-exclude]") for text in part.strings}
        found = " ".join(section["text"] for section in sections if section["location"].partition("#")[0] == address(page))
        inside = set(re.findall(r"\w{5,}", html.unescape(re.sub("<[^>]+>", " ", found))))
        outside = set(re.findall(r"\w{5,}", " ".join(text for text in whole.strings if id(text) not in parts)))
        words = set(re.findall(r"\w{5,}", " ".join(parts.values()))) - outside
        left_out += len(words)
        assert not words & inside, page
    assert left_out > 500
