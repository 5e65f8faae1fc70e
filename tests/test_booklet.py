"""The booklet holds what the pages hold, in their order, and its links lead to places of its own."""

import re
from pathlib import Path
from urllib.parse import urldefrag

import pytest
import yaml
from bs4 import BeautifulSoup
from conftest import ROOT, address, article, cells, read_html

from literate.page import Page
from publish.booklet import Chapter, compose


def chapters():
    """Return the source of every page that belongs into the booklet, in the order of the navigation."""
    text = re.sub(r"!ENV \[.*?\]", "''", (ROOT / "mkdocs.yml").read_text())

    def flat(items):
        for item in items:
            for value in item.values():
                yield from flat(value) if isinstance(value, list) else [value]

    return [
        page
        for page in flat(yaml.safe_load(text)["nav"])
        if Path(page).name != "notebook.md" and Page.read(ROOT / "docs" / page).program
    ]


@pytest.fixture(scope="module")
def booklet(site):
    return article(site, "booklet.md")


def test_every_page_about_the_program_is_a_chapter(booklet):
    assert [section["id"] for section in booklet.select("section.chapter")] == [
        address(page).strip("/").replace("/", "-") or "start" for page in chapters()
    ]
    assert [a["href"] for a in booklet.select(".contents li:not(.part) a, .contents li.part a")]


def test_every_code_cell_figure_table_and_output_is_there(site, booklet):
    """All but the code that draws figures, evidence, and a network's other examples, iterations and lines: they stay on screen.

    The answers to questions stand at the end: with what a reader can choose, with a line to write, or with a sentence alone.
    """
    booklet = BeautifulSoup(str(booklet), "html.parser")

    def texts(part, selector):
        return [tag.text.replace("\u2060", "").split() for tag in part.select(selector)]

    for section, page in zip(booklet.select("section.chapter"), chapters(), strict=True):
        whole = BeautifulSoup(str(article(site, page)), "html.parser")
        for screen in whole.select(
            "details.figure, .headerlink, .place.last, p:has(> .md-button), .holds, .evidence, .holds-alone, "
            '.network .frame:not(.live[data-example="1"]), .began, .network:has(.view)'
        ):
            screen.decompose()
        for field in whole.select(".asked"):
            name, folded = f"{section['id']}--{field['id']}", field.find_next_sibling("details")
            asked, answer = section.select_one(f'[id="{name}"]'), booklet.select_one(f'.answers [id="{name}--answer"]')
            assert texts(asked, "legend, li") == texts(field, "legend, label")
            assert [cell.text for cell in cells(answer)] == [cell.text for cell in cells(folded)]
            for selector in ("p", "li", "td", "svg"):
                there, here = texts(answer, selector), texts(folded, selector)
                assert there[len(there) - len(here) :] == here, f"{page}: {selector}"
            for part in (field, folded, asked):
                part.decompose()
        for task in whole.select(".exercise"):
            name, folded = f"{section['id']}--{task['id']}", task.find_all("details", recursive=False)
            asked, answer = section.select_one(f'[id="{name}"]'), booklet.select_one(f'.answers [id="{name}--answer"]')
            assert texts(answer, "details > p, summary, td") == [
                text for part in folded for text in texts(BeautifulSoup(str(part), "html.parser"), "details > p, summary, td")
            ]
            for part in (task, asked):
                part.decompose()
        for number, folded in enumerate(whole.select("details.question"), 1):
            name = f"{section['id']}--folded-{number}"
            asked, answer = section.select_one(f'[id="{name}"]'), booklet.select_one(f'.answers [id="{name}--answer"]')
            question, summary = answer.p.extract().text, folded.summary.extract().text
            assert question == summary or "?" in question and question in whole.text
            assert [p.text for p in asked.select("p:not(.room)")] == [summary] * (question == summary)
            assert [cell.text for cell in cells(answer)] == [cell.text for cell in cells(folded)]
            assert [texts(answer, selector) for selector in ("p", "li", "td", "svg")] == [
                texts(folded, selector) for selector in ("p", "li", "td", "svg")
            ]
            for part in (folded, asked):
                part.decompose()
        assert [(cell.kind, cell.line, cell.numbers, cell.text) for cell in cells(section)] == [
            (cell.kind, cell.line, cell.numbers, cell.text) for cell in cells(whole)
        ]
        for selector in ("p", "li", "td", "th", "svg", "summary", "h2, h3, h4, h5, h6"):
            there, here = texts(section, selector), texts(whole, selector)
            assert there[selector.startswith("h") :] == here, f"{page}: {selector}"  # the first heading is the chapter's


def test_links_lead_to_places_of_the_booklet_or_out_of_it(site, booklet):
    ids = [tag["id"] for tag in booklet.find_all(id=True)]
    assert len(ids) == len(set(ids))
    inside = [a["href"] for a in booklet.select("a[href^='#']")]
    assert len(inside) > 100 and {href[1:] for href in inside} <= set(ids)
    for name in (name for tag in booklet.find_all(attrs={"aria-labelledby": True}) for name in tag["aria-labelledby"].split()):
        assert name in ids
    for a in booklet.select("a[href]:not([href^='#'], [href^='http'], [download])"):
        target, _ = urldefrag(a["href"])
        assert (site / "booklet" / target / "index.html").is_file(), a
    line = next(a for a in booklet.select("#start a") if re.fullmatch(r"line \d+", a.text))
    assert line["href"] == f"#program--L{line.text.split()[1]}"


def test_no_answer_stands_below_its_question(booklet):
    assert not booklet.select("section.chapter details.question, section.chapter [data-right]")
    rooms = booklet.select("section.chapter .room a")
    assert len(rooms) > 100 and [a["href"] for a in rooms if not booklet.select_one(f'.answers [id="{a["href"][1:]}"]')] == []


def test_nothing_of_the_screen_is_in_it(site, booklet):
    assert not booklet.select("button, .headerlink, .md-button, [data-at], input, script, details:not([open])")
    whole = read_html(site / "booklet" / "index.html")
    assert not whole.select("script[src], .md-sidebar, .md-footer")


def test_headings_go_down_by_one(booklet):
    levels = [int(tag.name[1]) for tag in booklet.find_all(re.compile("^h[1-6]$"))]
    assert levels[0] == 1 and levels.count(1) == 1
    assert all(below <= above + 1 for above, below in zip(levels, levels[1:]))


def test_it_is_not_searched(site):
    assert '"location":"booklet/' not in (site / "search" / "search_index.json").read_text()


def test_a_chapter_is_rewritten_tag_by_tag():
    html = (
        '<h1 id="b">B</h1><p><a href="../c/#d">c</a> <a href="../../e/">e</a> <a href="https://f.org">f</a></p>'
        '<details class="x"><summary>s</summary></details><svg aria-labelledby="t u"><use xlink:href="#g"/></svg>'
    )
    one = Chapter("a/b/", "B", html, "Part")
    other = Chapter("a/c/", "C", "<h1>C</h1>", "Part")
    html = compose("<h1>T</h1>", [one, other], "booklet/")
    assert '<h3 id="a-b--b">B</h3>' in html
    assert '<a href="#a-c--d">c</a> <a href="../e/">e</a> <a href="https://f.org">f</a>' in html
    assert '<details class="x" open="">' in html
    assert '<svg aria-labelledby="a-b--t a-b--u"><use xlink:href="#a-b--g"></use></svg>' in html
    assert html.count("Part</h2>") == 1


def written(html):
    """Return what becomes of a page of the booklet, without its heading."""
    chapter = Chapter("a/", "A", f"<h1>A</h1>{html}")
    return re.search(r"</h2>(.*)</section>", compose("", [chapter], "booklet/"), re.DOTALL)[1]


@pytest.mark.parametrize(
    ("html", "paper"),
    [
        ('<p><a class="md-button" href="/x">Go on</a></p>\n<p>IMPORTANT</p>', "\n<p>IMPORTANT</p>"),
        ('<p> <a class="md-button" href="/x">One</a> <a class="md-button" href="/y">Two</a></p>', ""),
        (
            '<p><a class="md-button" href="/x">Go on</a> or stay.</p><p>IMPORTANT</p>',
            '<p><a href="../x">Go on</a> or stay.</p><p>IMPORTANT</p>',
        ),
        (
            '<details class="figure"><summary>s</summary><details><p>in</p></details><p>in</p></details><p>after</p>',
            "<p>after</p>",
        ),
        (
            "<details><summary>s</summary><details><p>in</p></details></details>",
            '<details open=""><summary>s</summary><details open=""><p>in</p></details></details>',
        ),
        ('<div class="runner" data-text="a > b"></div><p>after</p>', "<p>after</p>"),
        ('<p title="a > b" data-at="1" id="p">c</p>', '<p title="a &gt; b" id="a--p">c</p>'),
    ],
)
def test_what_only_a_screen_has_a_use_for_goes_and_nothing_else(html, paper):
    assert written(html) == paper


def test_the_names_of_svg_stay_as_they_are():
    svg = (
        '<svg viewBox="0 0 1 1" preserveAspectRatio="none"><linearGradient id="g" gradientUnits="userSpaceOnUse">'
        '</linearGradient><clipPath id="c"></clipPath><path clip-path="url(#c)" fill="url(#g)"></path></svg>'
    )
    assert written(svg) == re.sub('id="', 'id="a--', svg).replace("url(#", "url(#a--")
