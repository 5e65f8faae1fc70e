"""Figures: drawn once, the same each time, small, in the theme's colours, and told to those who cannot see them."""

import gzip
import re

import pytest
from conftest import ROOT, address, article, pages

from literate.page import Code, Page
from literate.play import play
from literate.plot import figures
from literate.write import MarkdownForm

FIGURES = {
    page: found
    for page in pages()
    if (found := [block for block in Page.read(ROOT / "docs" / page).blocks if isinstance(block, Code) and block.figure])
}


@pytest.mark.parametrize("page", FIGURES)
def test_each_figure_is_shown_with_a_title_a_description_and_its_code(site, page):
    shown = article(site, page).select("div.figure > svg")
    assert len(shown) == len(FIGURES[page])
    for svg, block in zip(shown, FIGURES[page]):
        assert svg["role"] == "img"
        told = [svg.find(id=name).text for name in svg["aria-labelledby"].split()]
        title, _, rest = block.figure.partition(". ")
        assert told == [title.rstrip(".") + ".", rest or block.figure]
        code = svg.find_next("details")
        assert code.find("summary").text == "The code that draws this" and code.find("pre").text == block.text
        assert code.has_attr("data-search-exclude"), "who searches looks for words, not for what draws a picture"
        assert svg.find("text"), "its words are words, not outlines"
    ids = [tag["id"] for tag in article(site, page).find_all(id=True)]
    assert len(ids) == len(set(ids))


@pytest.mark.parametrize("page", [*FIGURES][::4])
def test_each_figure_is_the_same_each_time(site, page):
    drawn = drawings(play(source := Page.read(ROOT / "docs" / page), MarkdownForm(source)).form.html)
    assert drawn and drawn == drawings([built(site, page)]), "another process draws it differently"


def drawings(texts):
    return [figure for html in texts for figure in re.findall(r'<div class="figure".*?</svg>', html, re.DOTALL)]


def built(site, page):
    return (site / address(page) / "index.html").read_text(encoding="utf-8")


@pytest.mark.parametrize("page", FIGURES)
def test_each_figure_is_small_and_themed(site, page):
    drawn = drawings([built(site, page)])
    assert len(drawn) == len(FIGURES[page])
    for figure in drawn:
        assert len(gzip.compress(figure.encode())) < 15_000
        assert not re.search(r"#[0-9a-f]{6}\b", figure), "a colour that does not follow the theme"
        assert not re.search(r' (?:d|x|y)="[^"]*\.\d\d', figure), "a tenth of a pixel is enough"
        assert "<style" not in figure and "http://" not in figure.replace("http://www.w3.org/", "")


def test_what_is_written_in_a_figure_keeps_its_digits():
    with figures.style() as drawn:
        _, ax = figures.plt.subplots()
        ax.plot([0, 1], [0, 1])
        ax.annotate("+0.756", (0.123456, 0.5))
        ax.set_xlabel("x")
        svg = figures.take(drawn(), "A line rises. It is straight.")
    assert ">+0.756<" in svg and not re.search(r"<[^>]*\d\.\d{3}[^>]*>", svg)
