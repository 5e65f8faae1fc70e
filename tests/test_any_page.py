"""Random pages: each is refused by check and build with the same line, or every block of it stands in the HTML once.

`pytest tests/test_any_page.py --hypothesis-profile thorough` tries many more (tests/conftest.py).
"""

import re

import pytest
from conftest import ROOT
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from markdown import Markdown
from mkdocs.config import load_config
from selectolax.lexbor import LexborHTMLParser

from literate.page import Fence, Page, PageError
from literate.play import walk
from literate.site import extension, pages
from literate.site.pages import errors

PROGRAM = "total = 0\nfor turn in range(3):\n    total += turn\n"

# Pieces of pages. A word in capitals is made another one at each place, so that it can be found again.
FENCES = [
    '```python\n--8<-- "count.py:total ="\n```',
    '```python iteration="last"\n--8<-- "count.py:total +="\n```',
    '```python\nprint("WORD")\n```\n\n<!--pytest-codeblocks:expected-output-->\n\n```text\nWORD\n```',
    "```python\nword = 'WORD'\n```",
    "<!--display-only: a reason-->\n\n```text\n\n  WORD <b> &amp; `x` </pre>\n```",
    "<!--display-only: a reason-->\n\n````markdown\n```python\nWORD\n```\n````",
    "```diff\n-total = 0\n+total = 1\n```",
    "```text\nWORD\n```",
    "    WORD = 1",
    "~~~\nWORD\n~~~",
    "```python\nWORD = (\n```",
    "```",
]
PROSE = [
    "WORD", "WORD `total` and `{python} 1 + 1`.", "## WORD", "WORD\n===", "WORD\n---", "***", "- WORD", "1. WORD", "> WORD",
    "| A | B |\n| - | - |\n| WORD | `{python} 2` |", '!!! note "WORD"', '??? question "WORD"', '=== "WORD"', "- WORD\n\n    WORD",
    "*WORD", "`WORD", "[WORD](#WORD)", "[WORD](page.md)", "[x]: WORD", "WORD\\", "&lt;WORD", "$WORD$", "{ .WORD }", "\\`WORD\\`",
    "/// html | div\nWORD\n///", "/// caption\nWORD\n///", "///", "<!-- WORD -->", "<!--", "-->", "<!--ledger-->\n\nWORD",
]  # fmt: skip
HTML = [
    "<div>", "</div>", "<div markdown>", '<div markdown="1">', "<p>", "</p>", "<pre>", "</pre>", "<script>", "</script>",
    "<style>", "<textarea>", "</textarea>", "<![CDATA[",
    "]]>", "<!doctype html>", "<?php", "?>", "<table><tr><td>", "</table>", "<details>",
    "<summary>WORD</summary>", "<br>", "<b", "<span markdown>WORD</span>", "<svg><title>", "</svg>", "<WORD>", "<select>", "<!x",
]  # fmt: skip
INDENTS = ["", "", "", "    ", "  ", "\t", "> ", "        ", "   "]
BREAKS = ["\n\n", "\n\n", "\n\n", "\n", "\n \n", "\n\t\n", "\n\n\n\n"]


@st.composite
def texts(draw):
    """Draw a page of some pieces, each indented and parted from the next in some way."""
    count, text = 0, ""
    for piece in draw(st.lists(st.one_of(*map(st.sampled_from, (FENCES, PROSE, HTML))), min_size=1, max_size=8)):
        while "WORD" in piece:
            count += 1
            piece = piece.replace("WORD", f"word{count}", 1)
        indent = draw(st.sampled_from(INDENTS))
        text += "".join(f"{indent}{line}\n" for line in piece.split("\n")).rstrip("\n") + draw(st.sampled_from(BREAKS))
    return "---\nprogram: count.py\n---\n" * draw(st.booleans()) + text


@pytest.fixture(scope="module")
def site(tmp_path_factory):
    """A folder with a program and its listing, and the configuration with which MkDocs converts a page that lies there."""
    folder = tmp_path_factory.mktemp("any")
    for name, text in {
        "snippets/count.py": PROGRAM,
        "docs/program.md": '---\nprogram: count.py\n---\n```python\n--8<-- "count.py"\n```\n',
        "docs/index.md": "",
    }.items():
        folder.joinpath(name).parent.mkdir(exist_ok=True)
        folder.joinpath(name).write_text(text)
    config = load_config(str(ROOT / "mkdocs.yml"), docs_dir=str(folder / "docs"), plugins=[])
    config.mdx_configs["literate"] = {"programs": str(folder / "snippets"), "page": str(folder / "docs" / "page.md")}
    with pytest.MonkeyPatch.context() as patch:
        for module in (pages, extension):  # these pages do no harm: a process for each would only take its time
            patch.setattr(module, "play", walk.play)
        yield folder, config


def test_an_option_tries_more():
    assert settings.get_profile("thorough").max_examples > 10 * settings.get_profile("ci").max_examples >= 20_000
    assert settings.get_profile("ci").derandomize


@settings(deadline=None, suppress_health_check=[HealthCheck.too_slow, HealthCheck.function_scoped_fixture])
@given(text=texts())
def test_check_and_build_agree_about_any_page(site, text):
    folder, config = site
    path = folder / "docs" / "page.md"
    path.write_text(text, encoding="utf-8")
    found = [str(error) for error in errors(path, programs=str(folder / "snippets"))]
    try:
        md = Markdown(extensions=config.markdown_extensions, extension_configs=config.mdx_configs)
        html = md.convert(Page.read(path).body)
    except PageError as error:
        assert str(error) in found
        return
    assert not found, "the build accepts what the check refuses"

    body = LexborHTMLParser(f"<body>{html}").body
    body.strip_tags(["script", "style", "title", "select"])
    seen, code = body.text(), [pre.text() for pre in body.css("pre")]
    for block in Page.read(path).blocks:
        if isinstance(block, Fence):
            for word in re.findall(r"word\d+", block.text):
                assert sum(cell.count(word) == block.text.count(word) for cell in code) == 1, (word, html)
        else:
            hidden = r"<!--.*?-->|\{[^}]*\}|<[^>]*>|\]\([^)]*\)|^[ >\t]*\[x\]:.*$"
            for word in re.findall(r"word\d+", re.sub(hidden, "", block.text, flags=re.S | re.M)):
                assert word in seen, (word, html)
