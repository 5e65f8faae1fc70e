"""The harness: each mutant in a scratch copy, judged by the ordinary tests and the ordinary build.

Every run is a fork of one warm interpreter, in which pytest, MkDocs and Zensical are imported already: the same
commands, without their start-up. Runs of a program are remembered too: the same text gives the same state.

A page is first played as its tests play it, which tells most mistakes apart in a few hundredths of a second. Only what
passes there is given to the other tests and to the build, and of those only to the ones that read the changed page.
`fully` takes none of these short cuts: `python tests/drift --check` holds the verdicts of a sample to it.
"""

import contextlib
import dataclasses
import gc
import hashlib
import json
import logging
import os
import re
import runpy
import shutil
import signal
import subprocess
import sys
import tempfile
from pathlib import Path

import pytest

from drift import remember
from drift.mutants import GENERATED, MEASURED, Mutant, key, mutants
from literate.page import Page, PageError, WhatIf
from literate.site.pages import errors

ROOT = Path(__file__).parent.parent.parent
CAUGHT, ADAPTED, SURVIVED = "caught", "adapted", "survived"

# The tests that read pages, the built site or its configuration; test_nn.py and test_program.py hold the program and
# the engine by themselves, and would stop most changes of the program before any page is asked.
PAGES = ["docs", "README.md"]
SOURCE = ["tests/test_pages.py", "tests/test_configuration.py"]
SITE = ["tests/test_site.py", "tests/test_notebook.py", "tests/test_readme.py"]
OF_A_PAGE = {
    "docs/notebook.md": ["tests/test_notebook.py"],
    "docs/hidden/notebook.md": ["tests/test_notebook.py"],
    "docs/contributing.md": ["tests/test_guide.py"],
}
# A message that names a file and a line, and not the line of a test in which such a message is written.
NAMED = re.compile(
    r"^(?:E +)?(?:AssertionError: |.*Error reading page '[^']*': )?"
    r"((?:docs/[\w/.-]+\.md|README\.md|mkdocs\.yml|pyproject\.toml):\d+: .*)$",
    re.M,
)
COPIED = (
    "docs",
    "snippets",
    "tests",
    "mkdocs.yml",
    "pyproject.toml",
    "README.md",
    ".ci",
    ".github",
    ".pre-commit-config.yaml",
    "CHANGELOG.md",
    "LICENSE",
)
SECONDS = 300
CONFIGURED = ["tests/test_zensical.py", "tests/test_bad_pages.py"]  # asked besides if the configuration is changed
# What a verdict can depend on, and what in it none depends on.
MATTER = (
    *("docs", "snippets", "mkdocs.yml", "pyproject.toml", "README.md", "tests/conftest.py", "tests/drift"),
    *(*SOURCE, *SITE, *CONFIGURED, *sum(OF_A_PAGE.values(), [])),
)
NO_MATTER = {
    GENERATED,
    MEASURED,
    *(f"tests/drift/{name}" for name in ("__main__.py", "report.py", "survivors.yml")),
}


@dataclasses.dataclass
class Result:
    """What became of one mutant."""

    verdict: str
    message: str  # what a contributor sees first, or why it counts as adapted
    seconds: float  # that it took of a processor
    stage: str = ""  # "items" if playing the page decided: then nothing but the page, the program and the engine did


def run(root=ROOT, chosen=None, jobs=None, kept=None, progress=lambda *_: None, judge=True):
    """Judge mutants (all of them, or those of the iterable `chosen`), and return [(mutant, result)] in their order.

    `kept` is a file that remembers results for as long as nothing of the site changes. If not `judge`, only those
    that it remembers are returned.
    """
    todo = list(mutants(root) if chosen is None else chosen)
    files = " ".join(path.relative_to(root).as_posix() for path in sorted((root / "docs").rglob("*.md")))
    state = {"items": digest(root, "docs/literate", "snippets", seed=files), "": digest(root)}
    results = _remembered(kept, state)
    # In an order of no meaning, so that a run that is stopped has judged some of everything.
    keys = {mutant: key(mutant) for mutant in todo}
    left = sorted((mutant for mutant in todo if keys[mutant] not in results), key=keys.get) if judge else []
    done = len(todo) - len(left)
    progress(done, len(todo), None, None)
    if left:
        with tempfile.TemporaryDirectory(prefix="drift-") as folder:
            for mutant, result in _Judge(root, Path(folder), jobs or os.cpu_count()).all(left):
                results[keys[mutant]] = result
                if kept:
                    with kept.open("a", encoding="utf-8") as file:
                        file.write(json.dumps([state[result.stage], keys[mutant], dataclasses.astuple(result)]) + "\n")
                progress(done := done + 1, len(todo), mutant, result)
    return [(mutant, results[keys[mutant]]) for mutant in todo if keys[mutant] in results]


def digest(root, *names, seed=""):
    """Return a hash of some files and folders, or of everything that a verdict can depend on."""
    files = [
        path
        for name in names or MATTER
        for path in ([root / name] if (root / name).is_file() else sorted((root / name).rglob("*")))
        if path.is_file()
        and path.suffix in (".py", ".md", ".yml", ".toml", ".html", ".ini")
        and path.relative_to(root).as_posix() not in NO_MATTER
    ]
    return hashlib.sha256(b"\0".join([seed.encode(), *(path.read_bytes() for path in files)])).hexdigest()[:16]


def _remembered(kept, state):
    if not kept:
        return {}
    kept.parent.mkdir(parents=True, exist_ok=True)
    lines = kept.read_text("utf-8").splitlines(keepends=True) if kept.exists() else []
    lines = [json.loads(line) for line in lines if line.endswith("]\n")]  # a run that is killed may leave a piece of one
    return {name: Result(*result) for of, name, result in lines if of == state[result[3]]}


class _Judge:
    """Scratch copies of the site, and the processes that judge mutants there."""

    def __init__(self, root, folder, jobs):
        self.slots = [folder / f"copy-{n}" for n in range(jobs)]
        self.fresh = {}
        first = self.slots[0]
        copied(root, first)
        os.environ["NO_MKDOCS_2_WARNING"] = "1"
        os.environ["LITERATE_KEEP"] = "false"  # pages are played in the forks themselves
        with contextlib.chdir(first), _silent():
            self._warm(first)
        green = self._wait(self._fork(first, Mutant("", "docs/index.md", 1, "", None)), first)
        wrong = green.message if green.verdict != ADAPTED else _untrue(first, folder / "site")
        if wrong:
            raise SystemExit(f"drift: the site is not in order before any change:\n{wrong}")
        gc.freeze()  # the plain runs are known in every fork, too
        for slot in self.slots[1:]:
            shutil.copytree(first, slot)  # with their times, so that what is remembered of the files stays right

    def _warm(self, folder):
        """Import everything, build once, and remember what an unchanged site looks like."""
        import jinja2
        import mkdocs_jupyter.plugin  # noqa: F401
        import zensical  # noqa: F401
        from mkdocs.commands.build import build
        from mkdocs.config import load_config

        from literate.check import testing
        from literate.play import Kept, kept, walk
        from literate.practise.exercise import answers
        from literate.program import program
        from literate.site import extension, pages
        from literate.site import mkdocs as plugin

        known = {}
        # What the build of this run of the tests has played, and kept.
        before = Kept(Path(builds) / "copying" / ".cache" / "pages") if (builds := os.environ.get("LITERATE_BUILDS")) else None

        def remembered(page, form, programs):
            """Play a page in this process, which each mutant has of its own; of the others, what they gave is remembered."""
            key = kept._key(page, form, programs)
            if key in known:
                return known[key]
            played = before and key and before._get(key) or walk.play(page, form, programs)
            if key and not played.errors:
                known[key] = played
            return played

        extension.play = pages.play = remembered
        plugin.begin_all = pages.begin_all = lambda *_: None
        plugin.publish = lambda *_: None  # what it makes of a built site is not asked about here
        jinja2.Environment.compile = remember.once(
            jinja2.Environment.compile,
            lambda self, source, name=None, filename=None, raw=False, **options: (source, name, filename, raw),
        )
        program.execute = remember.runs(program.execute)
        walk.differs = remember.once(
            walk.differs, lambda program, function=0: (program.name, program.text, program.until, function)
        )
        answers().answer = remember.once(answers().answer, lambda asked, own: (json.dumps(asked), own))
        # A build of one page into a built site is called dirty, with a warning, which would stop a strict build.
        logging.getLogger("mkdocs.commands.build").addFilter(lambda record: "A 'dirty' build" not in record.getMessage())
        config = load_config("mkdocs.yml", strict=True, site_dir=str(folder.parent / "site"))
        build(config)
        pytest.main(["-q", "-p", "no:cacheprovider", "docs/program.md"])
        testing.played.cache_clear()
        first_error(in_order_of_effort(Path("docs")))
        self.same = _look(folder.parent / "site")
        self.soup = remember.soups(folder.parent / "site")
        gc.collect()
        gc.freeze()  # what is warm need not be looked through again in every fork

    def all(self, left):
        """Yield each mutant with its result, as they come."""
        running, left = {}, list(reversed(left))
        free = list(self.slots)
        try:
            while left or running:
                while left and free:
                    mutant, slot = left.pop(), free.pop()
                    running[self._fork(slot, mutant)] = mutant, slot
                pid, _ = os.wait()
                if pid in running:
                    mutant, slot = running.pop(pid)
                    yield mutant, self._collect(slot, mutant)
                    free.append(slot)
        finally:
            for pid in running:
                os.kill(pid, signal.SIGKILL)

    def _wait(self, pid, slot):
        os.waitpid(pid, 0)
        return self._collect(slot, None)

    def _fork(self, slot, mutant):
        (slot / "result.json").unlink(missing_ok=True)
        if mutant.text is not None:
            path = slot / mutant.path
            self.fresh[slot] = path.read_bytes(), path.stat()
            path.write_text(mutant.text, encoding="utf-8")
        pid = os.fork()
        if pid:
            return pid
        try:
            signal.alarm(SECONDS)
            os.chdir(slot)
            output = os.open("said.txt", os.O_RDWR | os.O_CREAT | os.O_TRUNC)
            os.dup2(output, 1), os.dup2(output, 2)
            verdict, message, *stage = self._judge(slot, mutant)
            spent = round(sum(os.times()[:4]), 2)
            (slot / "result.json").write_text(json.dumps([verdict, message, spent, *stage]))
        finally:
            os._exit(0)

    def _collect(self, slot, mutant):
        if mutant:
            data, stat = self.fresh.pop(slot)
            (slot / mutant.path).write_bytes(data)
            os.utime(slot / mutant.path, ns=(stat.st_atime_ns, stat.st_mtime_ns))
        try:
            return Result(*json.loads((slot / "result.json").read_text()))
        except OSError:
            return Result(SURVIVED, f"the harness failed:\n{(slot / 'said.txt').read_text()[-2000:]}", SECONDS)

    def _judge(self, slot, mutant):
        """Return the verdict on the mutant that lies in a scratch copy, and a message."""
        os.environ["LITERATE_BUILDS"] = str(slot / ".builds")  # not those of the tests that may have begun all this
        if mutant.area != "configuration":
            pages = [mutant.path] if mutant.area == "page" else in_order_of_effort(Path("docs"), Path(mutant.path).name)
            if error := first_error(pages):
                return CAUGHT, error, *(["items"] if mutant.area == "page" else [])
        own, watch = _Own(mutant), _Watch(self, slot, mutant)
        failed, said = self._pytest(slot, SOURCE if mutant.area == "configuration" else SOURCE[:1], own)
        if failed and (named := NAMED.search(said)):
            return CAUGHT, named[1]
        asked = {
            "program": SITE,
            "page": SITE[:1] + OF_A_PAGE.get(mutant.path, []),
            "configuration": [*SITE, CONFIGURED[0]],
        }[mutant.area]
        failed, more = self._pytest(slot, asked, own, watch)
        said += more
        if failed:
            if named := NAMED.search(said):
                return CAUGHT, named[1]
            return SURVIVED, unnamed(said)
        if mutant.area == "configuration":
            failed, said = self._pytest(slot, [CONFIGURED[1], *PAGES])
            if failed and (named := NAMED.search(said)):
                return CAUGHT, named[1]
        return watch.verdict or (SURVIVED, "nothing failed, and nothing was built")

    def _pytest(self, slot, paths, *plugins):
        """Run pytest; return whether it failed, and what it said."""

        end = (slot / "said.txt").stat().st_size
        paths = [path for path in paths if (slot / path).exists()]
        failed = pytest.main(["-p", "no:cacheprovider", *paths], [*plugins])
        sys.stdout.flush()
        with (slot / "said.txt").open(encoding="utf-8", errors="replace") as file:
            file.seek(end)
            return failed, file.read()


@contextlib.contextmanager
def _silent():
    """Let nothing be seen of what is printed inside; an error that comes out of it is."""
    saved, nowhere = (os.dup(1), os.dup(2)), os.open(os.devnull, os.O_WRONLY)
    os.dup2(nowhere, 1), os.dup2(nowhere, 2)
    try:
        yield
    finally:
        os.dup2(saved[0], 1), os.dup2(saved[1], 2)


class _Own:
    """A pytest plugin: for a changed page, leave out the tests of the others, which would read the same as before."""

    def __init__(self, mutant):
        self.mutant = mutant

    def pytest_collection_modifyitems(self, items):
        if self.mutant.area == "page":
            page = Path(self.mutant.path).relative_to("docs").as_posix()
            items[:] = [
                item
                for item in items
                if getattr(item, "callspec", None) is None or item.callspec.params.get("page", page) == page
            ]


class _Watch:
    """A pytest plugin: the builds are forks of this process, and what they built is looked at before it goes."""

    def __init__(self, judge, slot, mutant):
        self.slot, self.mutant = slot, mutant
        self.built, self.same, self.soup = judge.slots[0].parent / "site", judge.same, judge.soup
        self.verdict = None

    @pytest.hookimpl(tryfirst=True)
    def pytest_collection_finish(self):
        sys.modules["conftest"].start = self.start
        for name in ("conftest", "test_site"):
            if hasattr(sys.modules.get(name), "BeautifulSoup"):
                sys.modules[name].BeautifulSoup = self.soup

    def start(self, name, *arguments, after=None):
        """Start a build. A changed page is built into the unchanged site: MkDocs then leaves the other pages alone.

        Not so the booklet: it is made of the other pages.
        """
        builds = sys.modules["conftest"].BUILDS
        if self.mutant.area != "configuration" and arguments[1] != "mkdocs":
            return  # test_zensical.py is not asked: it compares two builds of one page
        if self.mutant.area == "page" and self.mutant.path != "docs/booklet.md":
            shutil.copytree(self.built, arguments[-1])
            arguments = (*arguments, "--dirty")
        forked = _Forked(*arguments, cwd=None if arguments[1] == "mkdocs" else sys.modules["conftest"].scratch())
        (builds / f"{name}.said").write_text(forked.communicate()[0])
        (builds / f"{name}.status").write_text(str(forked.returncode))

    def pytest_sessionfinish(self, session, exitstatus):
        conftest = sys.modules["conftest"]
        if not exitstatus and (conftest.BUILDS / "mkdocs").exists():
            self.verdict = compared(self.slot, conftest.BUILDS / "mkdocs", self.mutant, self.same)


class _Forked:
    """A Python command, run in a fork of this process: what subprocess.Popen gives, as far as conftest.py asks."""

    def __init__(self, *arguments, cwd=None):
        self.file = tempfile.TemporaryFile()
        self.returncode = None
        sys.stdout.flush()
        self.pid = os.fork()
        if not self.pid:
            status = 1
            try:
                os.dup2(self.file.fileno(), 1), os.dup2(self.file.fileno(), 2)
                os.chdir(cwd or Path.cwd())
                sys.stdout, sys.stderr = os.fdopen(1, "w"), os.fdopen(2, "w")
                sys.argv = list(map(str, arguments[1:]))
                os.environ["LITERATE_KEEP"] = str(arguments[1] == "zensical").lower()  # a test is about what that one has kept
                try:
                    runpy.run_module(arguments[1], run_name="__main__", alter_sys=True)
                    status = 0
                except SystemExit as error:
                    status = error.code if isinstance(error.code, int) else int(bool(error.code))
                except BaseException:
                    import traceback

                    traceback.print_exc()
            finally:
                sys.stdout.flush(), sys.stderr.flush()
                os._exit(status)

    def wait(self):
        if self.returncode is None:
            self.returncode = os.waitstatus_to_exitcode(os.waitpid(self.pid, 0)[1])
        return self.returncode

    def communicate(self):
        self.wait()
        self.file.seek(0)
        return self.file.read().decode(errors="replace"), None

    def kill(self):
        if self.returncode is None:
            os.kill(self.pid, signal.SIGKILL)


def first_error(pages):
    """Return the message of the first error of the pages, as their tests and the build say it; None without one."""
    return next((str(error) for page in pages for error in errors(page)), None)


def in_order_of_effort(docs, program=""):
    """Return the pages of a site: those about a program first, and of them those last that change it, and so run it again."""
    return sorted(docs.rglob("*.md"), key=lambda path: (*_effort(path, program), path))


def _effort(path, program):
    try:
        page = Page.read(path)
        return page.program != program, sum(isinstance(block, WhatIf) for block in page.blocks)
    except PageError:
        return True, 0


def unnamed(said):
    """Return what tests said that failed and named no place: that is no good message, so the mutant counts as survived."""
    lines = [line for line in said.splitlines() if line.startswith(("FAILED", "ERROR", "E  ", "Error"))]
    return "it fails, but does not say where: " + "\n".join(lines)[:1500]


def compared(root, site, mutant, same):
    """Return the verdict on a mutant that nothing has stopped, and why: what the site built from it shows."""
    if mutant.area != "program":
        if _look(site) != same:
            return SURVIVED, "the built site is another, and nothing failed"
        return SURVIVED if mutant.area == "configuration" else ADAPTED, "the built site is the same"
    found = _untrue(root, site)
    return (SURVIVED, found) if found else (ADAPTED, "every cell, value and output is a plain run's")


def _untrue(root, site):
    """Return the first thing that a built site shows and a plain run of its programs does not, or None."""
    from drift.plain import untrue

    pages = [path.relative_to(root / "docs").as_posix() for path in in_order_of_effort(root / "docs")]
    return next(filter(None, (untrue(root, site, page) for page in pages if not page.endswith("notebook.md"))), None)


def _look(site):
    """Return a hash of everything that the pages of a built site say, in their heads too."""
    return {
        path.relative_to(site).as_posix(): hashlib.sha256(path.read_bytes()).hexdigest() for path in sorted(site.rglob("*.html"))
    }


def fully(root, mutant, same=None):
    """Judge one mutant without any short cut: the ordinary commands, in a fresh copy, each a process of its own.

    Return (verdict, message), and what the pages of the unchanged site say, to be given for the next mutant.
    """
    with tempfile.TemporaryDirectory(prefix="drift-fully-") as folder:
        copy, site = Path(folder, "copy"), Path(folder, "site")
        copied(root, copy)
        build = ["mkdocs", "build", "--strict", "--site-dir", site]
        if same is None:
            _command(copy, *build)
            same = _look(site)
        (copy / mutant.path).write_text(mutant.text, encoding="utf-8")
        more = CONFIGURED if mutant.area == "configuration" else []
        tests = ["-p", "literate.check.testing", *PAGES, *SOURCE, *SITE, *OF_A_PAGE.get(mutant.path, []), *more]
        failed, said = _command(copy, "pytest", "-p", "no:cacheprovider", *dict.fromkeys(tests))
        if not failed:
            failed, said = _command(copy, *build)
        if failed:
            named = NAMED.search(said)
            return (CAUGHT, named[1]) if named else (SURVIVED, unnamed(said)), same
        return compared(copy, site, mutant, same), same


def _command(folder, *arguments):
    done = subprocess.run(
        [sys.executable, "-m", *map(str, arguments)],
        cwd=folder,
        text=True,
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        env={**os.environ, "NO_MKDOCS_2_WARNING": "1"},
    )
    return done.returncode, done.stdout


def copied(root, folder):
    """Copy what the tests and the build need into a new folder."""
    folder.mkdir()
    for name in COPIED:
        if (root / name).exists():
            (shutil.copytree if (root / name).is_dir() else shutil.copy2)(root / name, folder / name)
    for cache in folder.rglob("__pycache__"):
        shutil.rmtree(cache)
