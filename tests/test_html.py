"""The HTML of every page is valid, and its head says in which language it is, what it is called and what it is about."""

import json
import re
import subprocess

import pytest
from bs4 import BeautifulSoup
from conftest import ROOT, address, pages
from mkdocs.commands.build import build
from mkdocs.config import load_config
from npm import npm_tool
from PIL import Image

from publish import cards
from publish.pages import Page

# The last that runs with the Node.js of Debian and of Ubuntu.
VALIDATOR = "html-validate@9.7.1"

# The rules that tests/html-validate.json switches off or loosens, and why.
OFF = {
    "attribute-boolean-style": 'the booklet is written by a parser, which writes open="", as valid',
    "doctype-style": "Material writes it in small letters, which is as valid",
    "valid-id": "relaxed: Material's ids begin with two underscores, which HTML allows",
    "no-trailing-whitespace": "a template's, which no reader gets to see",
    "no-inline-style": "Python-Markdown aligns a table's cells so, and a figure's styles are its own; both are valid",
    "valid-autocomplete": "Material's two switches: without it, Firefox opens the drawer again after a reload",
    "wcag/h32": "Material's switch of the colours is a form of two radio buttons that act at once: there is nothing to submit",
}


def test_every_page_is_valid(site, tmp_path):
    tool = npm_tool(VALIDATOR)
    command = [tool / "node_modules" / ".bin" / "html-validate", "--config", ROOT / "tests" / "html-validate.json"]
    with (tmp_path / "found.json").open("w") as stdout:  # into a pipe, it writes no more than one of them holds
        done = subprocess.run(
            [*command, "--formatter", "json", site / "**" / "*.html"], stdout=stdout, stderr=subprocess.PIPE, text=True
        )
    found = [
        f"{file['filePath'].removeprefix(f'{site}/')}:{message['line']}:{message['column']}: {message['message']} "
        f"({message['ruleId']}, at {message.get('selector')})"
        for file in json.loads((tmp_path / "found.json").read_text() or "[]")
        for message in file["messages"]
    ]
    assert not found, "\n".join(found)
    assert done.returncode == 0, done.stderr


def test_every_rule_that_is_off_has_its_reason():
    rules = json.loads((ROOT / "tests" / "html-validate.json").read_text())["rules"]
    assert rules.keys() == OFF.keys()


def head(site, page):
    html = (site / address(page) / "index.html").read_text(encoding="utf-8")
    return BeautifulSoup(html[: html.index("</head>")], "html.parser")


def meta(soup, name):
    tag = soup.find("meta", {"name": name}) or soup.find("meta", {"property": name})
    return tag and tag["content"]


@pytest.mark.parametrize("page", pages())
def test_a_page_says_its_language_and_what_it_is_about(site, page):
    soup = head(site, page)
    assert soup.html["lang"] == "en"
    said = meta(soup, "description") or ""
    assert 50 <= len(said) <= 160, f"docs/{page}:1: the description has {len(said)} characters; a preview shows 50 to 160"
    assert meta(soup, "og:description") == said and meta(soup, "og:title") in soup.title.text


def test_no_two_pages_have_the_same_title_or_description(site):
    for what in (lambda soup: soup.title.text, lambda soup: meta(soup, "description")):
        of = {}
        for page in pages():
            of.setdefault(what(head(site, page)), []).append(page)
        assert [told for told in of.items() if len(told[1]) > 1] == []


@pytest.fixture(scope="module")
def published(tmp_path_factory):
    """Three pages, built as if the site had an address."""
    folder = tmp_path_factory.mktemp("published")
    kept = ("/index.md", "/walk/delta.md", "/architecture.md")
    config = load_config(str(ROOT / "mkdocs.yml"), site_dir=str(folder), site_url="https://example.org/some/where/")
    rules = "\n".join(["*.md", *(f"!{page}" for page in kept)])
    config.exclude_docs = type(config.exclude_docs).from_lines(f"/literate/\n/publish/\n/theme/\n{rules}".splitlines())
    config.nav = None
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr("publish.folder.compress", lambda *_: None)  # which takes most of the time, and draws no card
        build(config)
    return folder


@pytest.mark.parametrize("page", ["index.md", "walk/delta.md", "architecture.md"])
def test_where_the_site_has_an_address_a_page_has_a_card(published, page):
    soup = head(published, page)
    here = f"https://example.org/some/where/{address(page)}"
    assert soup.find("link", rel="canonical")["href"] == meta(soup, "og:url") == here
    assert meta(soup, "twitter:card") == "summary_large_image" and meta(soup, "og:image:alt")
    card = meta(soup, "og:image")
    assert card.startswith("https://example.org/some/where/assets/cards/")
    file = published / card.removeprefix("https://example.org/some/where/")
    image = Image.open(file)
    assert image.size == (int(meta(soup, "og:image:width")), int(meta(soup, "og:image:height"))) == (1200, 630)
    assert len(image.convert("RGB").getcolors(100_000)) > 5 and file.stat().st_size < 40_000


def test_a_card_is_the_same_each_time_and_shows_the_lines_of_its_page(site):
    def shown(page):
        path = site / address(page) / "index.html"
        return cards.lines(Page.at(site, path, path.read_text(encoding="utf-8")))

    assert [number for number, _ in shown("walk/delta.md")] == [34, 35, 36]
    assert [number for number, _ in shown("hidden/back.md")] == [42, 43]
    program = (ROOT / "snippets" / "nn.py").read_text().splitlines()
    assert all(program[number - 1] == text for number, text in shown("walk/delta.md"))
    assert shown("index.md") == shown("contributing.md")[1:] == []  # the whole program; one line
    once = cards.draw("The delta", "A site", shown("walk/delta.md"))
    assert once == cards.draw("The delta", "A site", shown("walk/delta.md"))
    assert once != cards.draw("The delta", "A site", shown("walk/error.md")) != cards.draw("The delta", "A site", [], "About it.")


def test_without_an_address_nothing_asks_for_a_card(site):
    assert not (site / "assets" / "cards").exists()
    for path in site.rglob("*.html"):
        assert not re.search(r"og:(image|url)|twitter:", path.read_text(encoding="utf-8")), path
