"""The same pages for several generators: as the engine reads them, and written out for those that have none."""

import os
import re
import shutil
import subprocess
import sys
import time
from pathlib import Path

from literate.page import Page
from literate.site.pages import to_markdown

ROOT = Path(__file__).parent.parent.parent
CONFIGURATION = (ROOT / "mkdocs.yml").read_text(encoding="utf-8")
# The notebook is run by a plugin of its own, which would be measured along; the pages of the nav are all the others.
WITHOUT_NOTEBOOK = re.sub(r"  - mkdocs-jupyter:\n(?:      .*\n)+", "", re.sub(r"  - Notebook: .*\n", "", CONFIGURATION))

PLUGIN = next(line for line in CONFIGURATION.splitlines(keepends=True) if line.startswith("  - literate: { pdf:"))
UNPUBLISHED = "  - literate: { publish: false }\n"


def copy(folder, pages=None):
    """Lay the site into a folder, ready to be built with the engine but not published; pages: its Markdown, or the site's own."""
    shutil.copytree(ROOT / "docs", folder / "docs", ignore=shutil.ignore_patterns("__pycache__", "notebook.md"))
    shutil.copytree(ROOT / "snippets", folder / "snippets")
    text = WITHOUT_NOTEBOOK
    if pages is not None:
        for path in (folder / "docs").rglob("*.md"):
            path.unlink()
        for name, body in pages.items():
            path = folder / "docs" / name
            path.parent.mkdir(parents=True, exist_ok=True)
            path.write_text(body, encoding="utf-8")
        text = re.sub(r"nav:\n(?:  .*\n)+", "", text)
    for path in (folder / "docs").rglob("*.md"):  # the notebook is not there
        body = path.read_text(encoding="utf-8")
        path.write_text(re.sub(r"\[([^\]]*)\]\((?:\.\./)*notebook\.md[^)]*\)", r"\1", body), encoding="utf-8")
    assert text.count(PLUGIN) == 1
    (folder / "mkdocs.yml").write_text(text.replace(PLUGIN, UNPUBLISHED), encoding="utf-8")
    return folder


def published(folder):
    """Let a copied site be published too, as the shipped one is."""
    path = folder / "mkdocs.yml"
    path.write_text(path.read_text(encoding="utf-8").replace(UNPUBLISHED, PLUGIN), encoding="utf-8")
    return folder


def plain(source, folder):
    """Write a copied site out as plain pages of Material: the same words, code, numbers and pictures, and no engine."""
    shutil.copytree(source, folder)
    here = Path.cwd()
    os.chdir(folder)
    try:
        texts = {}  # all of them first: a page asks others where its links lead
        for path in Path("docs").rglob("*.md"):
            page = Page.read(path)
            head = path.read_text(encoding="utf-8")[: -len(page.body)] if page.body else ""
            texts[path] = re.sub(r"^template: .*\n", "", head, flags=re.M) + to_markdown(page, "snippets")  # the theme's own
        for path, text in texts.items():
            path.write_text(text, encoding="utf-8")
    finally:
        os.chdir(here)
    shutil.rmtree(folder / "docs" / "theme")
    text = (folder / "mkdocs.yml").read_text(encoding="utf-8")
    text = text.replace("  custom_dir: docs/theme\n", "")
    text = re.sub(r"  - literate\b.*\n|  favicon: .*\n|extra_css: .*\n|extra_javascript: .*\n|  icon: .*\n", "", text)
    (folder / "mkdocs.yml").write_text(text, encoding="utf-8")
    return folder


def mkdocs(folder, cold=True):
    """Build a site with MkDocs; return the seconds it took. If not cold, what was kept is there."""
    return timed(folder, "mkdocs", "build", "-q", "--site-dir", "site", cold=cold)[0]


def zensical(folder):
    """Build a site with Zensical; return the seconds it took."""
    return timed(folder, "zensical", "build")[0]


def timed(folder, *command, cold=True):
    """Run a module of Python that builds a site; return the seconds it took, and the bytes that its largest process held."""
    shutil.rmtree(folder / "site", ignore_errors=True)
    if cold:
        shutil.rmtree(folder / ".cache", ignore_errors=True)
    with (folder / "said").open("w+") as said:
        began = time.monotonic()
        running = subprocess.Popen(
            [sys.executable, "-m", *command],
            cwd=folder,
            stdout=said,
            stderr=said,
            env={**os.environ, "NO_MKDOCS_2_WARNING": "1"},
        )
        _, status, used = os.wait4(running.pid, 0)
        seconds = time.monotonic() - began
        running.returncode = os.waitstatus_to_exitcode(status)
        if status:
            raise SystemExit(f"{' '.join(command)} failed in {folder}:\n{(folder / 'said').read_text()}")
    return seconds, used.ru_maxrss * 1024
