"""What pages have given is kept for the next build, by all that it depends on; and never believed without proof."""

import contextlib
import logging
import os
import re
import shutil
import subprocess
import sys
from pathlib import Path

import pytest
from conftest import literate, run_pytest
from mkdocs.commands import build as mkdocs
from mkdocs.config import load_config

from literate.page import Page
from literate.play import Kept, kept
from literate.site.extension import kept_here
from literate.write import MarkdownForm

PROGRAM = """\
import numpy as np

np.random.seed(1)
weights = np.random.random(3)
for turn in range(5):
    weights *= 2
print(weights)
"""
PAGES = {
    "index.md": "# Start\n\nSee [one](one.md#a-part) and [the program](program.md).\n",
    "one.md": '# One\n\n## A part\n\n```python\n--8<-- "p.py:weights *="\n```\n\nIt is `{python} weights[0]`.\n',
    "two.md": "# Two\n\n```diff\n-    weights *= 2\n+    weights *= 3\n```\n\n"
    "<!--pytest-codeblocks:expected-output-->\n\n```text\n[101.33736568  175.03995353 0.02779355]\n```\n",
    "program.md": '# All\n\n```python\n--8<-- "p.py"\n```\n\n<!--pytest-codeblocks:expected-output-->\n\n```text\n'
    "[1.33447040e+01 2.30503839e+01 3.66119724e-03]\n```\n",
}
CONFIGURATION = """\
site_name: Small
theme: mkdocs
markdown_extensions:
  - literate: { keep: true }
  - attr_list
  - md_in_html
  - tables
  - toc
  - pymdownx.blocks.caption
  - pymdownx.blocks.html
  - pymdownx.highlight: { linenums_style: pymdownx-inline, stripnl: false }
  - pymdownx.superfences
plugins:
  - literate: { publish: false }
"""


@pytest.fixture(scope="module")
def first(tmp_path_factory):
    """A small site that keeps what its pages give; its outputs are mended by the command for that."""
    folder = tmp_path_factory.mktemp("first")
    for name in ("docs", "snippets"):
        (folder / name).mkdir()
    (folder / "mkdocs.yml").write_text(CONFIGURATION)
    (folder / "snippets" / "p.py").write_text(PROGRAM)
    for name, text in PAGES.items():
        (folder / "docs" / name).write_text(f"---\nprogram: p.py\n---\n{text}")
    assert literate(folder, "update", "docs")[0] == 0
    return folder


@pytest.fixture
def project(first, tmp_path):
    """A copy of that site, for a test to change."""
    return shutil.copytree(first, tmp_path, dirs_exist_ok=True)


def build(project):
    """Build a site as a new process would; return how many pages were played and taken, and every file of HTML."""
    said = []
    log = logging.getLogger("mkdocs.plugins.literate")
    handler = logging.Handler()
    handler.emit = lambda record: said.append(record.getMessage())
    log.addHandler(handler)
    log.setLevel("INFO")
    try:
        with contextlib.chdir(project):
            mkdocs.build(load_config("mkdocs.yml", strict=True))
            kept_here()._store.close()
    finally:
        log.removeHandler(handler)
        kept_here.cache_clear()
    line = re.compile(r"(\d+) pages played, (\d+) taken from what was kept;")
    [counts] = [found.groups() for found in map(line.match, said) if found]
    pages = {
        path.relative_to(project / "site"): re.sub(rb"Build Date UTC : .*", b"", path.read_bytes())
        for path in sorted((project / "site").rglob("*.html"))
    }
    return tuple(map(int, counts)), pages


def edit(project, name, old, new):
    path = project / name
    text = path.read_text()
    assert old in text
    path.write_text(text.replace(old, new))


def test_cold_warm_and_poisoned_builds_are_the_same_to_the_byte(project):
    cold, pages = build(project)
    assert cold == (4, 0) and len(pages) >= 4
    assert build(project) == ((0, 4), pages)
    poisoned = 0
    for path in sorted((project / ".cache" / "pages").rglob("*")):
        if path.is_file():
            data = path.read_bytes()
            at = data.find(b"weights")
            while at >= 0:  # what would be shown, were it believed
                data = data[:at] + b"we1ghts" + data[at + 7 :]
                poisoned, at = poisoned + 1, data.find(b"weights")
            path.write_bytes(data)
    assert poisoned
    (played, taken), again = build(project)
    assert again == pages and played > 0
    for damage in (lambda path: path.write_bytes(os.urandom(4096)), lambda path: path.write_bytes(b"")):
        for path in (project / ".cache" / "pages").glob("cache.db*"):
            damage(path)
        assert build(project)[1] == pages
    assert build(project) == ((0, 4), pages)


@pytest.mark.parametrize(
    "name, old, new, played",
    [
        ("docs/one.md", "It is", "It was", {"one"}),
        ("docs/one.md", "## A part", "## A part { #a-part }\n\nMore.\n\n## Another", {"one", "index"}),
        ("docs/one.md", 'weights *="', 'np.random.seed"', {"one", "program"}),
        ("snippets/p.py", "weights *= 2\n", "weights *= 2  # doubled\n", {"index", "one", "two", "program"}),
    ],
)
def test_what_depends_on_a_change_is_played_and_nothing_else(project, monkeypatch, name, old, new, played):
    monkeypatch.chdir(project)
    assert ask_for_all()[0] == {"index", "one", "two", "program"}
    edit(project, name, old, new)
    if name == "docs/one.md" and "seed" in new:
        edit(project, name, "It is `{python} weights[0]`.", "It is seeded.")
    if name.startswith("snippets"):
        edit(project, "docs/two.md", "-    weights *= 2", "-    weights *= 2  # doubled")
    again, written = ask_for_all()
    assert again == played
    shutil.rmtree("kept")
    assert ask_for_all() == ({"index", "one", "two", "program"}, written)


def ask_for_all():
    """Ask for every page; return the names of those that were played, and how each page is written."""
    store, again, written = Kept(Path("kept").absolute()), set(), {}
    for path in sorted(Path("docs").glob("*.md")):
        before, page = store.played, Page.read(path)
        played = store.play(page, MarkdownForm(page), "snippets")
        assert played.errors == []
        written[path.stem] = [result.written for result in played.results], played.form.html, played.form._end
        again |= {path.stem} if store.played > before else set()
    return again, written


def test_another_engine_plays_all(project, monkeypatch):
    store, page = Kept(project / "kept"), Page.read(project / "docs" / "two.md")
    monkeypatch.chdir(project)
    for version, taken in (("1", 0), ("1", 1), ("2", 1)):
        monkeypatch.setattr(kept, "_engine", lambda version=version: [version])
        store.play(page, MarkdownForm(page), "snippets")
        assert store.taken == taken


@pytest.mark.parametrize(
    "code",
    [
        "import time\nprint(int(time.time() > 0))",
        "from datetime import datetime\nprint(datetime.now() is None)",
        "import random\nprint(random.random() > 2)",
        "import numpy as np\nprint(np.random.random() > 2)",
        "import os\nprint(len(os.environ) < 0)",
        "print(hash('a') is None)",
        "import subprocess\nprint(subprocess.run(['true']).returncode)",
        "import socket\nprint(socket.socket().connect_ex(('127.0.0.1', 9)) is None)",
    ],
)
def test_what_could_be_otherwise_the_next_time_is_not_kept(project, monkeypatch, code):
    monkeypatch.chdir(project)
    assert twice(project, printing(project, code)) == (2, 0)


def printing(project, code):
    """Return a page with a fence and what it prints."""
    printed = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True).stdout
    return Page(
        project / "docs" / "unsure.md",
        f"# Unsure\n\n```python\n{code}\n```\n\n<!--pytest-codeblocks:expected-output-->\n\n```text\n{printed}```\n",
    )


@pytest.mark.parametrize(
    "expression",
    ["__import__('time').time() > 0", "len(open('/proc/uptime').read()) > 0", "__import__('random').random() < 2", "id(0) > 0"],
)
@pytest.mark.parametrize(
    "sentence", ["It is `{{python}} {}`.", "It is `{{words}} int({})`.", "It is so.<!--holds: (X or {}) is not None-->"]
)
def test_nor_is_what_a_sentence_asks(project, monkeypatch, sentence, expression):
    monkeypatch.chdir(project)
    page = Page(project / "docs" / "unsure.md", f"# Unsure\n\n```python\nX = 0\n```\n\n{sentence.format(expression)}\n")
    assert twice(project, page) == (2, 0)


def twice(project, page):
    """Ask for a page twice; return how often it was played, and how often taken."""
    store = Kept(project / "kept")
    for _ in range(2):
        assert store.play(page, MarkdownForm(page), "snippets").errors == []
    return store.played, store.taken


READS = {
    "a file": "print(len(open('snippets/other.txt').read()) < 0)",
    "a path": "from pathlib import Path\nprint(len(Path('snippets/other.txt').read_text()) < 0)",
    "numbers": "import numpy as np\nprint(len(np.loadtxt('snippets/other.txt', dtype=str, ndmin=1)) < 0)",
    "a folder": "import os\nprint(len(os.listdir('snippets')) < 0)",
    "another page": "from literate.site.pages import errors\n"
    "print(len(errors('docs/other.md', '# Other\\n\\nSee [one](one.md#a-part).\\n')) < 0)",
}


@pytest.mark.parametrize("what", READS)
def test_what_is_read_is_kept_until_it_says_something_else(project, monkeypatch, what):
    other = project / "snippets" / "other.txt"
    other.write_text("some\n")
    monkeypatch.chdir(project)
    page = printing(project, READS[what].replace("'docs/", f"'{project}/docs/"))
    assert twice(project, page) == (1, 1)
    if what == "a folder":
        (project / "snippets" / "more.txt").touch()
    elif what == "another page":
        edit(project, "docs/one.md", "## A part", "## Another part")
    else:
        other.write_text("more\n")
    assert twice(project, page) == (1, 1)


def test_what_is_seeded_is_kept(project, monkeypatch):
    monkeypatch.chdir(project)
    page = Page(
        project / "docs" / "sure.md",
        "---\nprogram: p.py\n---\n# Sure\n\n```python\nimport numpy as np\n"
        "numbers = np.random.default_rng(1).random(3)\n```\n\n```python\nfrom pathlib import Path\n"
        "text = Path('snippets/p.py').read_text()\n```\n",
    )
    assert twice(project, page) == (1, 1)


@pytest.mark.parametrize("embedded, sure", [("np.random.seed", True), ("import numpy", False)])
def test_a_fence_that_draws_is_kept_if_the_program_has_seeded_its_dice_above(project, monkeypatch, embedded, sure):
    monkeypatch.chdir(project)
    draws = '---\nprogram: p.py\n---\n# Draws\n\n```python\n--8<-- "p.py:{}"\n```\n\n```python\nown = np.random.random(3)\n```\n'
    page = Page(project / "docs" / "draws.md", draws.format(embedded) + "\nSee `{line} np.random.seed`.\n")
    assert twice(project, page) == ((1, 1) if sure else (2, 0))


def test_what_changes_while_it_is_played_is_not_kept(project, monkeypatch):
    monkeypatch.chdir(project)
    page, program = Page.read(project / "docs" / "one.md"), project / "snippets" / "p.py"
    before, play = program.read_text(), kept.apart.play

    def changing(*asked):
        played = play(*asked)
        program.write_text(before + "# changed\n")
        return played

    store = Kept(project / "kept")
    monkeypatch.setattr(kept.apart, "play", changing)
    for _ in range(2):
        program.write_text(before)
        store.play(page, MarkdownForm(page), "snippets")
    assert (store.played, store.taken) == (2, 0)


@pytest.mark.parametrize("known", [False, True])
def test_what_changes_after_it_was_begun_is_begun_anew(project, monkeypatch, known):
    """Zensical may ask for a page long after all were begun: when its program has been edited, under `zensical serve`."""
    monkeypatch.chdir(project)
    page, program, store = Page.read(project / "docs" / "one.md"), project / "snippets" / "p.py", Kept(project / "kept")
    if known:
        store.play(page, MarkdownForm(page), "snippets")
    store.begin(page, MarkdownForm(page), "snippets")
    program.write_text(program.read_text().replace("seed(1)", "seed(2)"))
    seen = store.play(page, MarkdownForm(page), "snippets")
    assert "0.8719" in "".join(result.written for result in seen.results) and store.taken == 0


def test_an_error_is_not_kept(project, monkeypatch):
    monkeypatch.chdir(project)
    page = Page(project / "docs" / "wrong.md", "# Wrong\n\n```python\n1 / 0\n```\n")
    store = Kept(project / "kept")
    for _ in range(2):
        assert len(store.play(page, MarkdownForm(page), "snippets").errors) == 1
    assert (store.played, store.taken) == (2, 0)


def test_the_tests_and_the_check_read_nothing_that_was_kept(project):
    """A page is proved by running: what would be taken for a build is not even asked about."""
    build(project)
    edit(project, "docs/two.md", "```text\n", "```text\nwrong ")
    status, said, _ = literate(project, "check", "docs")
    assert status == 1 and "two.md" in said
    used = {path: path.stat().st_mtime_ns for path in (project / ".cache").rglob("*")}
    edit(project, "docs/two.md", "```text\nwrong ", "```text\n")
    assert run_pytest(project)[0] == 0
    assert {path: path.stat().st_mtime_ns for path in (project / ".cache").rglob("*")} == used
