"""The notebook: it is the program, cut at its paragraphs, and a real kernel prints what its page promises."""

import functools
import json
import re
from pathlib import Path
from types import SimpleNamespace

import jupytext
import nbformat
import pytest
from conftest import ROOT, address, article, pages, program_of

from literate.page import Code, Embed, Output, Page
from literate.site.mkdocs import LiteratePlugin
from literate.site.notebook import pictures, to_notebook
from literate.site.pages import played

NOTEBOOKS = [page for page in pages() if Path(page).name == "notebook.md"]
NN = (ROOT / "snippets" / "nn.py").read_text()


def read(page):
    return Page.read(ROOT / "docs" / page)


@functools.cache
def made(page):
    """Return a page as a notebook, which is played once for all tests."""
    return to_notebook(played(read(page)))


@pytest.mark.parametrize("name", NOTEBOOKS)
def test_its_first_code_cells_are_the_program(name):
    page, text = read(name), program_of(name).text
    cells = [cell.source for cell in made(name).cells if cell.cell_type == "code"]
    fences = [block.text.rstrip("\n") for block in page.blocks if isinstance(block, Code)]
    program = cells[: -len(fences)]
    assert cells[-len(fences) :] == fences
    embed = next(block.line for block in page.blocks if isinstance(block, Embed))
    assert "\n\n".join(program) + "\n" == text, (
        f"docs/{name}:{embed}: the program's paragraphs are not the notebook's cells; let no paragraph be "
        "comments alone, and put one empty line between two"
    )
    [loop] = [cell for cell in program if "for iteration" in cell]
    assert loop.startswith("for") and loop.endswith("l1_delta)"), (
        f"docs/{name}:{embed}: the loop of the program is no cell of its own, but this one:\n{loop}\n"
        "Leave an empty line before it and after it"
    )


@pytest.mark.parametrize("name", NOTEBOOKS)
def test_the_download_is_a_valid_notebook_without_outputs(site, name):
    notebook = nbformat.reads((site / address(name) / "notebook.ipynb").read_text(), as_version=4)
    nbformat.validate(notebook)
    assert notebook == made(name)
    assert not any(cell.get("outputs") for cell in notebook.cells)
    [link] = article(site, name).select("a[download]")
    assert (link["href"], link["download"]) == ("notebook.ipynb", f"{Path(read(name).program).stem}.ipynb")


@pytest.mark.parametrize("name", NOTEBOOKS)
def test_the_page_shows_every_cell_and_what_a_kernel_printed(site, name):
    source, page = read(name), article(site, name)
    shown = {kind: [pre.text for pre in page.select(f"[data-notebook={kind}] pre")] for kind in ("code", "output")}
    assert shown["code"] == [f"{cell.source}\n" for cell in made(name).cells if cell.cell_type == "code"]
    promised = [block.text for block in source.blocks if isinstance(block, Output)]
    assert "".join(shown["output"][: -len(promised)]) == program_of(name).transcript
    assert shown["output"][-len(promised) :] == promised
    assert len(page.find_all("pre")) == len(shown["code"]) + len(shown["output"])


@pytest.mark.parametrize("name", NOTEBOOKS)
def test_its_page_weighs_what_its_neighbours_weigh(site, name):
    html = (site / address(name) / "index.html").read_text()
    assert len(html) < 1.5 * len((site / "walk" / "update" / "index.html").read_text())
    assert "mermaid" not in html.lower() and "jp-" not in html
    assert not re.search(r"<(script|link)[^>]+https?://", html)


@pytest.mark.parametrize("name", NOTEBOOKS)
def test_the_same_page_is_the_same_notebook(name):
    assert json.dumps(made(name)) == json.dumps(to_notebook(played(read(name))))


def test_a_changed_program_is_another_notebook(tmp_path):
    """So that mkdocs-jupyter, which keeps executed notebooks by their bytes, cannot show an old one."""
    (tmp_path / "nn.py").write_text(NN.replace("range(10000)", "range(20)"))
    page = Page("notebook.md", '---\nprogram: nn.py\n---\n```python\n--8<-- "nn.py"\n```\n')
    assert jupytext.writes(to_notebook(played(page, tmp_path)), fmt="ipynb").count("range(20)") == 1


def test_what_a_program_draws_stands_behind_its_cells_in_the_notebooks_page(tmp_path):
    """The download is the program as it is, which draws by itself; the page has the picture that the engine has made of it."""
    program = "import matplotlib.pyplot as plt\n\nheights = [1, 2, 4]\nplt.plot(heights)\nplt.xlabel('step')\nplt.show()\n"
    (tmp_path / "p.py").write_text(program)
    embed = '```python figure="A line that rises from 1 to 4."\n--8<-- "p.py"\n```\n'
    shown = played(Page("notebook.md", f"---\nprogram: p.py\n---\n# A\n\n{embed}\nThe end.\n"), tmp_path)
    sources = [cell.source for cell in to_notebook(shown).cells]
    assert "\n\n".join(sources) == f"# A\n\n{program}\nThe end."
    plugin = LiteratePlugin()
    plugin.pictures["notebook.md"] = pictures(shown)
    cells = "".join(f'<div><div class="jp-InputArea"><pre>{source}</pre></div></div>' for source in sources)
    file = SimpleNamespace(src_uri="notebook.md", abs_src_path="notebook.ipynb")
    html = plugin.on_page_content(
        f'<div class="jp-Notebook">{cells}</div>',
        page=SimpleNamespace(file=file, meta={"program": "p.py"}),
        config=None,
        files=None,
    )
    before, picture, behind = html.partition('<div class="figure"><svg')
    assert picture and before.rstrip().endswith("plt.show()\n</code></pre></div>") and "A line that rises from 1 to 4." in behind
    assert behind.count("<pre>") == 1 and "The end." in behind
