"""The built site, once for all tests, how a built page is read, and how a project is tested and checked."""

import contextlib
import functools
import io
import os
import shutil
import signal
import subprocess
import sys
import tempfile
import time
from dataclasses import dataclass
from pathlib import Path

import pytest
from bs4 import BeautifulSoup
from hypothesis import settings

from literate.check import command
from literate.page import Page
from literate.play.walk import play
from literate.program import Program
from literate.write import MarkdownForm

ROOT = Path(__file__).parent.parent


# How many random pages are tried: in CI always the same ones, and with `--hypothesis-profile thorough` many more.
settings.register_profile("some", max_examples=300)
settings.register_profile("ci", max_examples=2_000, derandomize=True)
settings.register_profile("thorough", max_examples=30_000)
settings.load_profile("ci" if os.environ.get("CI") else "some")


@dataclass(frozen=True)
class Cell:
    """One code cell of a built page."""

    kind: str | None  # embed, what-if, code, output or display; None if the engine did not write it
    line: int | None  # of its fence on the page
    numbers: tuple  # the line numbers beside it; None beside a line that a what-if puts in
    text: str
    caption: str | None
    target: str | None  # where its caption leads


# The folder of all builds of this run of the tests: of its one process, or of those that pytest-xdist makes of it.
BUILDS = Path(os.environ.get("LITERATE_BUILDS") or tempfile.mkdtemp(prefix="site-"))
BUILDS.mkdir(exist_ok=True)
os.environ["LITERATE_BUILDS"] = str(BUILDS)
os.environ["LITERATE_KEEP"] = "false"  # what is tested has been run
os.environ.pop("PYTEST_ADDOPTS", None)  # which is for this run, and not for those that its tests make
WAIT = 1200  # seconds for a build

# The command of a browser, if one is installed: without the parts that make windows it is the same engine, and a sixth faster.
CHROMIUM = next(filter(None, map(shutil.which, ("chromium-headless-shell", "chromium", "google-chrome"))), "")
PRINTER = "" if "/snap/" in CHROMIUM else CHROMIUM  # Ubuntu's sees no file below /tmp, where the tests build

# The site is built with the products of another processor, whose last bits are others, and its fences are tested with those of
# this one: a page that shows what only one of them prints fails here, and not on somebody's computer.
ELSEWHERE = {"OPENBLAS_CORETYPE": "Prescott"}


def pytest_collection_modifyitems(items):
    """Let the tests that need no built site go first: the builds run side by side with them."""
    items.sort(key=needs_a_build)


def needs_a_build(item):
    return bool({"site", "zensical"} & set(getattr(item, "fixturenames", ())))


def pytest_collection_finish(session):
    """Begin both builds of the site, side by side with the tests that do not need them, if any test does.

    The first plays every page. What it kept is taken by the second, and by what else this run of the tests builds of the site.
    """
    if any(map(needs_a_build, session.items)) and not session.config.option.collectonly:
        start("mkdocs", "-m", "mkdocs", "build", "--strict", "--site-dir", BUILDS / "mkdocs")
        start("zensical", "-m", "zensical", "build", "--strict", after="mkdocs")


def pytest_unconfigure(config):
    """Forget the builds, where the run ends as a whole."""
    if not hasattr(config, "workerinput"):
        for file in BUILDS.glob("*.pid"):
            with contextlib.suppress(ProcessLookupError, ValueError):
                os.kill(int(file.read_text()), signal.SIGTERM)
        shutil.rmtree(BUILDS, ignore_errors=True)


def scratch():
    """Return a copy of the site, which is made once: Zensical builds beside its configuration only."""
    with contextlib.suppress(FileExistsError):
        (BUILDS / "copying").mkdir()
        for name in ("docs", "snippets", "mkdocs.yml"):
            (shutil.copytree if (ROOT / name).is_dir() else shutil.copy)(ROOT / name, BUILDS / "copying" / name)
        (BUILDS / "copying" / "whole").touch()
    wait_for(BUILDS / "copying" / "whole")
    return BUILDS / "copying"


# Runs a command, and says in files what it printed and how it ended.
BUILD = """
import os, subprocess, sys, time
after, said, status, process, *command = sys.argv[1:]
while after and not os.path.exists(after):
    time.sleep(.1)
with open(said, "w") as file:
    running = subprocess.Popen(command, stdout=file, stderr=subprocess.STDOUT)
    with open(process, "w") as own:
        own.write(str(running.pid))
    running.wait()
with open(status + ".new", "w") as file:
    file.write(str(running.returncode))
os.rename(status + ".new", status)
"""


def start(name, *arguments, after=None):
    """Start Python with some arguments in `scratch`, without a fork's address, if nobody has; `built` waits for its end.

    If it is to come after another one, it waits for that.
    """
    with contextlib.suppress(FileExistsError):
        (BUILDS / f"{name}.begun").mkdir()
        env = {name: value for name, value in os.environ.items() if name not in ("SITE_URL", "REPO_URL")}
        files = [BUILDS / f"{name}.{kind}" for kind in ("said", "status", "pid")]
        before = BUILDS / f"{after}.status" if after else ""
        subprocess.Popen(
            list(map(str, [sys.executable, "-c", BUILD, before, *files, sys.executable, *arguments])),
            cwd=scratch(),
            env={
                **env,
                **ELSEWHERE,
                "NO_MKDOCS_2_WARNING": "1",
                "LITERATE_KEEP": "true",
                "CHROMIUM": PRINTER if name == "mkdocs" else "",  # only this build is looked at on paper
            },
        )


def wait_for(path):
    deadline = time.monotonic() + WAIT
    while not path.exists():
        assert time.monotonic() < deadline, f"nobody makes {path.name}"
        time.sleep(0.1)


def built(name, folder):
    """Wait for a build and return its folder; fail the test, with what the build said, if it failed or warned."""
    wait_for(BUILDS / f"{name}.status")
    said = (BUILDS / f"{name}.said").read_text(encoding="utf-8", errors="replace")
    assert (BUILDS / f"{name}.status").read_text() == "0" and "WARNING" not in said, said
    return folder


@pytest.fixture(scope="session")
def site():
    """The folder of the site, as `mkdocs build --strict` builds it."""
    return built("mkdocs", BUILDS / "mkdocs")


@pytest.fixture(scope="session")
def zensical():
    """The folder of the site, as `zensical build --strict` builds it."""
    return built("zensical", scratch() / "site")


@pytest.fixture(scope="session")
def build_instant(zensical):
    """Return a function that builds the site with Material's instant navigation, for the address that it is given.

    What its pages give is taken from what was kept of Zensical's build.
    """

    def build(address):
        folder, name = scratch(), f"instant-{os.getpid()}"
        text = (folder / "mkdocs.yml").read_text(encoding="utf-8")
        for line in ("  features:\n", "site_url: "):
            assert text.count(line) == 1
        text = text.replace("  features:\n", "  features:\n    - navigation.instant\n")
        text = text.replace("site_url: ", f"site_url: {address} #")
        (folder / f"{name}.yml").write_text(text, encoding="utf-8")
        start(name, "-m", "mkdocs", "build", "--strict", "-f", f"{name}.yml", "--site-dir", BUILDS / name)
        return built(name, BUILDS / name)

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
    kind, line = next(
        (
            (name, box[f"data-{name}"])
            for name in ("embed", "what-if", "code", "output", "display")
            if box and box.has_attr(f"data-{name}")
        ),
        (None, None),
    )
    gutter = pre.find_parent(class_="listing")
    numbers = gutter.select(".gutter a") if gutter else pre.select("[data-linenos]")
    figure = pre.find_parent("figure")
    link = figure and figure.figcaption and figure.figcaption.a
    numbers = [number.get("data-linenos", number.text).strip() for number in numbers]
    return Cell(
        kind,
        line and int(line),
        tuple(int(number) if number else None for number in numbers),
        pre.text,
        link and link.text,
        link and link["href"],
    )


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
    with (
        contextlib.chdir(folder),
        contextlib.redirect_stdout(io.StringIO()) as said,
        contextlib.redirect_stderr(io.StringIO()) as summary,
    ):
        try:
            status = command.main(arguments)
        except SystemExit as exit:  # argparse's
            status = exit.code
    return status, said.getvalue(), summary.getvalue()


LISTING = '---\nprogram: p.py\n---\n# All of it\n\n```python\n--8<-- "p.py"\n```\n'


@pytest.fixture
def walk(tmp_path, monkeypatch):
    """A function that plays a page about a program, and returns its Markdown and its errors."""
    monkeypatch.chdir(tmp_path)
    for folder in ("docs", "snippets"):
        (tmp_path / folder).mkdir()

    def walked(program, text, name="page.md"):
        (tmp_path / "snippets" / "p.py").write_text(program)
        (tmp_path / "docs" / "program.md").write_text(LISTING)
        front = "" if text.startswith("---") else "---\nprogram: p.py\n---\n"
        page = Page(tmp_path / "docs" / name, front + text)
        shown = play(page, form := MarkdownForm(page))
        errors = [f"{error.line}: {error.message}" for error in shown.errors]
        return form.whole([result.written for result in shown.results]), errors

    return walked


def embed(selector, option=""):
    """Return an embed of `p.py`, the program of what `walk` plays."""
    return f'```python{option}\n--8<-- "p.py:{selector}"\n```\n\n'
