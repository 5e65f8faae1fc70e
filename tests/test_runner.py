"""What a page leaves for the script that runs programs in the browser, and the Python that it sends there."""

import importlib.util
import re
import shutil
import subprocess
import sys

import pytest
from bs4 import BeautifulSoup
from conftest import ROOT, article, pages, program_of

from literate.page import Embed, Page, PageError, Prose, WhatIf
from literate.program import Program, apply
from literate.site.pages import to_markdown
from literate.write import runner

NN = Program.read(ROOT / "snippets" / "nn.py")
WARNS = apply(NN, "-    l1_delta = l1_error * nonlin(l1, True)\n+    l1_delta = l1_error * nonlin(np.dot(l0, syn0), True)\n")[0]
RAISES = apply(NN, "-y = np.array([[0, 0, 1, 1]]).T\n+y = np.array([0, 0, 1, 1])\n")[0]


@pytest.fixture(scope="module")
def run():
    """Return a function that runs a program as the browser does: what it told, and how it ended."""
    spec = importlib.util.spec_from_file_location("run", ROOT / "docs" / "assets" / "run.py")
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)

    def run(text):
        told = []
        ended = module.run("nn.py", text, lambda text, warning: told.append((text, warning)), lambda *cut: told.append(cut))
        return told, ended

    return run


@pytest.mark.parametrize("page", pages())
def test_each_what_if_and_each_whole_program_can_be_run(site, page):
    """The text is what the engine runs, to the byte: the program, a what-if's result, or the program where a page says so."""
    wanted, changed, own = [], None, program_of(page)
    for block in Page.read(ROOT / "docs" / page).blocks:
        if isinstance(block, WhatIf):
            changed = apply(changed if block.continues else own, block.text)[0]
            wanted.append(changed.text)
        elif isinstance(block, Embed) and not block.selector and not block.against and not page.endswith("notebook.md"):
            wanted.append((ROOT / "snippets" / block.program).read_text())
        elif isinstance(block, Prose):
            wanted += [own.text] * len(re.findall(r"^`\{run\} .+`$", block.text, re.M))
    found = article(site, page).select(".runner")
    assert [place["data-text"] for place in found] == wanted
    # What a reader writes is kept by what it began with: a text, or a text with a change that was asked for.
    assert len({place["data-key"] for place in found}) == len({(place["data-text"], place.get("data-asked")) for place in found})
    named = {own.name, *(block.program for block in Page.read(ROOT / "docs" / page).blocks if isinstance(block, Embed))}
    assert all(place["data-program"] in named and not place.text for place in found)


def test_every_stop_of_the_walk_and_every_place_to_look_has_something_to_run(site):
    for page in pages():
        if page.startswith(("walk/", "look/")) or page in ("index.md", "program.md", "break.md", "ask.md"):
            assert article(site, page).select(".runner"), page


@pytest.mark.parametrize("program", [NN, WARNS, RAISES], ids=["as it is", "warns", "raises"])
def test_the_browsers_python_shows_what_the_engine_recorded(run, program):
    place = BeautifulSoup(runner.write(program, program.ending, changed=True), "html.parser").div
    told, (error, line, pictures) = run(place["data-text"])
    assert "".join(text for text, _ in told) == place["data-printed"] == program.transcript
    assert "".join(text for text, warning in told if not warning) == place["data-quiet"]
    assert (place["data-quiet"] == place["data-printed"]) == (program is not WARNS)
    assert pictures == []
    assert (error, line) == ((None, None) if program is not RAISES else (program.transcript.splitlines()[-1], 39))


def test_what_is_written_stays_on_a_line_and_within_its_quotes():
    program = Program("x.py", 'print("<b>", \'"\', "`a`", "&amp;")\n\n# ```python\n')
    written = runner.write(program, program.ending)
    assert "\n" not in written and "<b>" not in written
    place = BeautifulSoup(written, "html.parser").div
    assert (place["data-text"], place["data-printed"], place["data-key"]) == (program.text, '<b> " `a` &amp;\n', "x.py")


def test_a_place_to_run_is_a_paragraph_of_its_own():
    with pytest.raises(PageError, match=r"p\.md:4: `\{run\} l1 =` stands in a sentence; give it a paragraph of its own"):
        to_markdown(Page("p.md", "---\nprogram: nn.py\n---\nTry it: `{run} l1 =`\n"))
    with pytest.raises(PageError, match='p.md:4: "l2 =" is on no line of nn.py'):
        to_markdown(Page("p.md", "---\nprogram: nn.py\n---\n`{run} l2 =`\n"))


def test_a_folder_of_the_sites_own_is_found_from_every_page(tmp_path):
    for name in ("literate", "theme", "assets"):
        shutil.copytree(ROOT / "docs" / name, tmp_path / "docs" / name)
    (tmp_path / "docs" / "walk").mkdir()
    for page in ("index.md", "walk/one.md"):
        (tmp_path / "docs" / page).write_text("# A page\n")
    text = (ROOT / "mkdocs.yml").read_text()
    text = re.sub(r"python_host: \S+", "python_host: assets/python/", re.sub(r"(?s)\nnav:.*?\n\n", "\n", text))
    (tmp_path / "mkdocs.yml").write_text(text)
    (tmp_path / "snippets").mkdir()
    subprocess.run([sys.executable, "-m", "mkdocs", "build", "-q"], cwd=tmp_path, check=True)
    for page, host in (("index.html", "assets/python/"), ("walk/one/index.html", "../../assets/python/")):
        html = BeautifulSoup((tmp_path / "site" / page).read_text(), "html.parser")
        assert html.select_one("meta[name=python-host]")["content"] == host


def test_what_a_reader_is_asked_to_try_is_left_beside_the_program():
    text = to_markdown(Page("p.md", "---\nprogram: nn.py\n---\n`{run} l1_delta = -> l1_delta = l1_error`\n"))
    runner = BeautifulSoup(text, "html.parser").select_one(".runner")
    assert runner["data-asked"] == runner["data-text"].replace("l1_delta = l1_error * nonlin(l1, True)", "l1_delta = l1_error")
    with pytest.raises(PageError, match="p.md:4: `{run} l0 = X -> l0 = 1 \\* X` prints what the program prints"):
        to_markdown(Page("p.md", "---\nprogram: nn.py\n---\n`{run} l0 = X -> l0 = 1 * X`\n"))
