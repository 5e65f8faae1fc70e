"""The built site, once for all tests, how a built page is read, and how a project is tested and checked."""

import contextlib
import functools
import io
import os
import shutil
import subprocess
import sys
import tempfile
from dataclasses import dataclass
from pathlib import Path

import pytest
from bs4 import BeautifulSoup

from literate.check import command
from literate.page import Page
from literate.program import Program

ROOT = Path(__file__).parent.parent

# The suite for other engines (tests/engines) is run by its name: in Firefox, not all of it has passed yet.
collect_ignore = [] if any("engines" in argument for argument in sys.argv) else ["engines"]


@dataclass(frozen=True)
class Cell:
    """One code cell of a built page."""

    kind: str | None  # embed, what-if, code, output or display; None if the engine did not write it
    line: int | None  # of its fence on the page
    numbers: tuple  # the line numbers beside it; None beside a line that a what-if puts in
    text: str
    caption: str | None
    target: str | None  # where its caption leads


BUILDS = pytest.StashKey()


def pytest_collection_modifyitems(items):
    """Let the tests that need no built site go first: the builds run side by side with them."""
    items.sort(key=needs_a_build)


def needs_a_build(item):
    return bool({"site", "zensical"} & set(getattr(item, "fixturenames", ())))


def pytest_collection_finish(session):
    """Begin both builds of the site, side by side with the tests that do not need them, if any test does."""
    if any(map(needs_a_build, session.items)):
        folder = Path(tempfile.mkdtemp(prefix="site-"))
        for name in ("docs", "snippets", "mkdocs.yml"):  # Zensical builds beside its configuration only
            (shutil.copytree if (ROOT / name).is_dir() else shutil.copy)(ROOT / name, folder / name)
        session.config.stash[BUILDS] = folder, {
            "mkdocs": start("-m", "mkdocs", "build", "--strict", "--site-dir", folder / "mkdocs"),
            "site": start("-m", "zensical", "build", "--strict", cwd=folder),
        }


def pytest_unconfigure(config):
    folder, processes = config.stash.get(BUILDS, (None, {}))
    for process in processes.values():
        process.kill()
        process.wait()
    if folder:
        shutil.rmtree(folder, ignore_errors=True)


def start(*arguments, cwd=ROOT):
    """Start Python with some arguments, without a fork's address."""
    env = {name: value for name, value in os.environ.items() if name not in ("SITE_URL", "REPO_URL")}
    return subprocess.Popen([sys.executable, *map(str, arguments)], cwd=cwd, text=True, stdout=subprocess.PIPE,
                            stderr=subprocess.STDOUT, env={**env, "NO_MKDOCS_2_WARNING": "1", "LITERATE_KEEP": "false"})


def built(config, name):
    """Wait for a build and return its folder; fail the test, with what the build said, if it failed or warned."""
    folder, processes = config.stash[BUILDS]
    said, _ = processes[name].communicate()
    assert processes[name].returncode == 0 and "WARNING" not in said, said
    return folder / name


@pytest.fixture(scope="session")
def site(pytestconfig):
    """The folder of the site, as `mkdocs build --strict` builds it."""
    return built(pytestconfig, "mkdocs")


@pytest.fixture(scope="session")
def zensical(pytestconfig):
    """The folder of the site, as `zensical build --strict` builds it."""
    return built(pytestconfig, "site")


@pytest.fixture(scope="session")
def build_instant(pytestconfig, site):
    """Return a function that builds the site with Material's instant navigation, for the address that it is given."""
    def build(address):
        folder, processes = pytestconfig.stash[BUILDS]
        text = (folder / "mkdocs.yml").read_text(encoding="utf-8")
        for line in ("  features:\n", "site_url: "):
            assert text.count(line) == 1
        text = text.replace("  features:\n", "  features:\n    - navigation.instant\n")
        text = text.replace("site_url: ", f"site_url: {address} #")
        (folder / "instant.yml").write_text(text, encoding="utf-8")
        processes["instant"] = start("-m", "mkdocs", "build", "--strict", "-f", "instant.yml",
                                     "--site-dir", folder / "instant", cwd=folder)
        return built(pytestconfig, "instant")
    return build


@functools.cache
def article(site, page):
    """Return the article of a built page, named by its source ('walk/error.md')."""
    return read_html(site / address(page) / "index.html").article


@functools.cache
def read_html(path):
    """Return a built file of HTML as BeautifulSoup reads it, once for all tests, which only read it."""
    return BeautifulSoup(path.read_text(encoding="utf-8"), "html.parser")


def cells(article):
    """Return every code cell of an article, in order."""
    return [_cell(pre) for pre in article.find_all("pre")]


def _cell(pre):
    box = pre.find_parent(class_="highlight")
    kind, line = next(((name, box[f"data-{name}"]) for name in ("embed", "what-if", "code", "output", "display")
                       if box and box.has_attr(f"data-{name}")), (None, None))
    gutter = pre.find_parent(class_="listing")
    numbers = gutter.select(".gutter a") if gutter else pre.select("[data-linenos]")
    figure = pre.find_parent("figure")
    link = figure and figure.figcaption and figure.figcaption.a
    numbers = [number.get("data-linenos", number.text).strip() for number in numbers]
    return Cell(kind, line and int(line), tuple(int(number) if number else None for number in numbers), pre.text,
                link and link.text, link and link["href"])


def pages():
    """Return the source of every page of the site, as paths below docs/."""
    return sorted(path.relative_to(ROOT / "docs").as_posix() for path in (ROOT / "docs").rglob("*.md"))


def program_of(page):
    """Return the Program that a page names, as its tests know it; that of the first chapter if it names none."""
    return Program.read(ROOT / "snippets" / (Page.read(ROOT / "docs" / page).program or "nn.py"))


def listing_of(page, program):
    """Return the page that lists a program, for a page: the nearest program.md that names it."""
    for folder in Path(page).parents:
        listing = ROOT / "docs" / folder / "program.md"
        if listing.is_file() and Page.read(listing).program == program:
            return listing.relative_to(ROOT / "docs").as_posix()
    raise AssertionError(f"no program.md beside docs/{page} or above it lists {program}")


def address(page):
    """Return the address of a page below the site's root, from its source ('walk/error.md')."""
    return page.removesuffix("index.md") if page.endswith("index.md") else f"{page.removesuffix('.md')}/"


def run_pytest(folder, *options):
    """Run pytest on the pages of a project, with nothing but the engine's plugin; return its status and its lines.

    It is run in this process, which has imported everything already.
    """
    arguments = ["-p", "literate.check.testing", "-p", "no:cacheprovider", f"--rootdir={folder}", *options, "docs"]
    with contextlib.chdir(folder), contextlib.redirect_stdout(io.StringIO()) as said:
        # The outer session looks for what nobody has raised; looking twice means to go through all of its memory.
        status = pytest.main(["-p", "no:unraisableexception", *arguments])
    return status, said.getvalue().splitlines()


def literate(folder, *arguments):
    """Type `python -m literate` and some arguments in a folder; return the exit status and what was printed."""
    with (contextlib.chdir(folder), contextlib.redirect_stdout(io.StringIO()) as said,
          contextlib.redirect_stderr(io.StringIO()) as summary):
        try:
            status = command.main(arguments)
        except SystemExit as exit:  # argparse's
            status = exit.code
    return status, said.getvalue(), summary.getvalue()
