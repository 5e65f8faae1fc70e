"""The booklet's PDF: its contents are right, it is the same wherever it is made, and what cannot make it stops with one line."""

import io
import os
import re
import sys

import pytest
from conftest import PRINTER
from pypdf import PdfReader
from test_publish import bare, texts

from publish import PublishError, paper
from publish.__main__ import main
from publish.folder import publish

CHAPTERS = [f"Chapter {number}" for number in range(1, 61)]


def small(folder, address="", much=20):
    """Lay a built site into a folder: its booklet has so many chapters that their list takes two sheets.

    much: the number of paragraphs in each chapter, all of them on one sheet
    """
    paragraph = "<p>A word, and <a href='../else/'>another</a>.</p>"
    names = [title.lower().replace(" ", "-") for title in CHAPTERS]
    pages = {
        name: (
            '<meta name="program" content="p.py">',
            f'<article><h1>{title}</h1>{paragraph * much}</article><a class="md-footer__link--next" href="../{after}/"></a>',
        )
        for name, title, after in zip(names, CHAPTERS, [*names[1:], "else"])
    }
    said = f'<link rel="stylesheet" href="../assets/print.css"><meta property="og:url" content="{address}">'
    article = '<article class="md-content__inner booklet"><h1>The booklet</h1><p>All of it.</p></article>'
    index = ("", f'<a class="md-footer__link--next" href="{names[0]}/"></a>')
    return bare(folder, index=index, booklet=(said, article), **pages)


@pytest.fixture(autouse=True)
def uncompressed(monkeypatch):
    """Let nothing be compressed and no card be drawn, which takes most of the time that publishing does."""
    monkeypatch.setattr("publish.folder.compress", lambda *_: None)
    monkeypatch.setattr("publish.folder._with_card", lambda site, page, html: html)


@pytest.fixture
def made(tmp_path):
    """Return a function that publishes a small site, with its PDF, in a folder of this name; what it returns is the PDF."""
    if not PRINTER:
        why = "no Chromium is installed (`apt-get install chromium`)"
        pytest.fail(why) if os.environ.get("CI") else pytest.skip(why)

    def published(name, *given):
        site = small(tmp_path / name, *given)
        assert main([str(site), "--pdf", PRINTER]) == 0
        assert sorted(path.name for path in (site / "booklet").iterdir()) == ["booklet.pdf", "index.html"]
        return (site / "booklet" / "booklet.pdf").read_bytes()

    return published


def test_contents_of_several_sheets_are_right_and_the_same_page_is_the_same_file(made):
    data = made("one")
    sheets = [page.extract_text() for page in PdfReader(io.BytesIO(data)).pages]
    first = next(number for number, text in enumerate(sheets, 1) if "A word" in text)
    assert first > 3 and len(sheets) == first - 1 + len(CHAPTERS)
    listed = re.findall(r"(Chapter \d+)\s+(\d+)$", "\n".join(sheets[: first - 1]), re.M)
    assert listed == [(title, str(number)) for number, title in enumerate(CHAPTERS, first)]
    assert all(title in text for title, text in zip(CHAPTERS, sheets[first - 1 :]))
    same = made("elsewhere") == data
    assert same, "another file"


def test_after_a_sheet_of_a_few_lines_the_next_chapter_begins_on_that_sheet(made):
    sheets = [page.extract_text() for page in PdfReader(io.BytesIO(made("few", "", 2))).pages]
    first = next(number for number, text in enumerate(sheets) if "A word" in text)
    assert len(sheets) - first < len(CHAPTERS)
    listed = dict(re.findall(r"(Chapter \d+)\s+(\d+)$", "\n".join(sheets[:first]), re.M))
    assert [title for title in CHAPTERS if not re.search(rf"^{title}$", sheets[int(listed[title]) - 1], re.M)] == []
    assert [text for text in sheets[first:-1] if text.count("Chapter") < 2] == []


def test_a_link_out_of_it_leads_to_a_whole_address_or_nowhere(made):
    def led(data):
        marks = [mark.get_object() for page in PdfReader(io.BytesIO(data)).pages for mark in page.get("/Annots", ())]
        return {mark["/A"]["/URI"] for mark in marks if "/URI" in mark.get("/A", ())}

    assert led(made("nowhere")) == set()
    assert led(made("somewhere", "https://e.org/site/booklet/")) == {"https://e.org/site/else/"}


def test_where_nobody_asks_for_it_there_is_none(tmp_path):
    site = small(tmp_path / "site")
    assert main([str(site), "--pdf", ""]) == 0
    assert not [
        path for path in site.rglob("*") if path.suffix == ".pdf" or path.suffix == ".html" and ".pdf" in path.read_text()
    ]


@pytest.mark.parametrize(
    ("command", "why"),
    [
        ("no-such-browser", "No such file or directory"),
        (sys.executable, "it has made no PDF, and ended with 2"),
        ("slow", "it has not ended after 0.5 seconds"),
    ],
)
def test_what_is_no_browser_is_one_line_and_the_folder_is_left_as_it_is(command, why, tmp_path, capsys, monkeypatch):
    if command == "slow":
        command = str(tmp_path / command)
        (tmp_path / "slow").write_text("#!/bin/sh\nexec sleep 60\n")
        (tmp_path / "slow").chmod(0o755)
        monkeypatch.setattr(paper, "LIMIT", 0.5)
    site = small(tmp_path / "site")
    before = texts(site)
    assert main([str(site), "--pdf", command]) == 1
    assert capsys.readouterr().err == (
        f"{command}: the booklet's PDF cannot be made with this: {why}; name a Chromium or a Chrome, or none\n"
    )
    assert texts(site) == before


@pytest.mark.parametrize(
    ("found", "message"),
    [
        ([{}], "b: its PDF does not say where #chapter-1 begins, as later versions do; name one of those"),
        (
            [dict.fromkeys((title.lower().replace(" ", "-") for title in CHAPTERS), page) for page in (3, 4) * 3],
            "booklet/index.html: composed 6 times, its PDF has other pages than its contents say",
        ),
    ],
)
def test_contents_that_are_not_right_are_not_published(found, message, tmp_path, monkeypatch):
    answers = iter(found)
    monkeypatch.setattr(paper, "_printed", lambda *_: b"")
    monkeypatch.setattr(paper, "PdfReader", lambda _: None)
    monkeypatch.setattr(paper, "_begins", lambda _: next(answers))
    monkeypatch.setattr(paper, "_run_on", lambda *_: False)
    with pytest.raises(PublishError, match=f"^{re.escape(message)}$"):
        publish(small(tmp_path / "site"), chromium="b")
