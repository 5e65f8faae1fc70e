"""The rooms of the engine: the page that tells of them is true, and imports go in one direction."""

import ast
import re
import subprocess
import sys
import tomllib

import pytest
from conftest import ROOT

from literate.page import Page
from literate.program import Program

PAGE = (ROOT / "docs" / "architecture.md").read_text(encoding="utf-8")
ROOMS = re.findall(r"^\| `(\w+)/` \|", PAGE, re.M)
ENGINE = ROOT / "docs" / "literate"
MODULES = sorted(path.relative_to(ENGINE).as_posix() for path in ENGINE.rglob("*.py"))
CALLED = {  # what is imported by another name than it is installed by
    "PIL": "pillow",
    "bs4": "beautifulsoup4",
    "material": "mkdocs-material",
    "pymdownx": "pymdown-extensions",
    "websocket": "selenium",
    "yaml": "pyyaml",
}
CORE = ("program", "page", "state", "prose", "write")


def imported(path):
    """Return the modules that a file imports, with the lines, wherever in it that is."""
    for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
        if isinstance(node, ast.Import):
            yield from ((alias.name, node.lineno) for alias in node.names)
        elif isinstance(node, ast.ImportFrom):
            assert not node.level, f"{path}:{node.lineno}: write the whole name of what is imported"
            yield node.module, node.lineno
            yield from ((f"{node.module}.{alias.name}", node.lineno) for alias in node.names)


def test_the_page_names_every_room():
    assert ROOMS == [
        "values",
        "program",
        "record",
        "look",
        "plot",
        "page",
        "state",
        "prose",
        "draw",
        "practise",
        "write",
        "play",
        "site",
        "check",
    ]
    assert {path.parent.name for path in ENGINE.glob("*/__init__.py")} == {*ROOMS}


@pytest.mark.parametrize("module", [module for module in MODULES if "/" in module])
def test_a_room_asks_only_those_above_it(module):
    room = module.partition("/")[0]
    for name, line in imported(ENGINE / module):
        package, _, rest = name.partition(".")
        asked = rest.partition(".")[0]
        assert package != "literate" or asked in ROOMS[: ROOMS.index(room) + 1], (
            f"docs/literate/{module}:{line}: {room} asks {asked or 'the package'}, which stands below it; "
            "move what it needs up, or hand it over"
        )
        assert package != "publish" or module == "site/mkdocs.py", (
            f"docs/literate/{module}:{line}: only the plugin for MkDocs may call the publisher"
        )


@pytest.mark.parametrize("path", sorted((ROOT / "docs" / "publish").rglob("*.py")), ids=lambda path: path.name)
def test_the_publisher_knows_nothing_of_the_engine(path):
    for name, line in imported(path):
        assert name.partition(".")[0] != "literate", f"{path.name}:{line}: the publisher asks the engine for {name}"


@pytest.mark.parametrize("name", re.findall(rf"`((?:{'|'.join(ROOMS)})/\w+\.py)`", PAGE))
def test_the_page_of_the_rooms_leads_to_modules_that_are_there(name):
    assert name in MODULES, f"docs/architecture.md: there is no {name}; name the module that has taken its place"


@pytest.mark.parametrize("folder", ["publish", "assets"])
def test_the_page_leads_to_every_module_outside_of_the_rooms(folder):
    _, table = PAGE.split(f"`docs/{folder}/`:\n", 1)
    told = {*re.findall(r"`(\w+\.\w+)`", table.strip().partition("\n\n")[0])}
    there = {path.name for path in (ROOT / "docs" / folder).glob("*.*") if path.suffix in (".js", ".py", ".conf")}
    elsewhere = {"__init__.py", "exercise.py", "fence.py"}  # two of which the engine runs, too
    assert told == there - elsewhere, f"docs/architecture.md: {sorted(told ^ (there - elsewhere))} under docs/{folder}/"


def test_every_module_is_told_of():
    told = " ".join(re.findall(r"^\| .+ \| .+ \|$", PAGE, re.M))
    for module in MODULES:
        room, _, name = module.rpartition("/")
        assert name.startswith("__") or not room or module in told or re.search(rf"\b{name.removesuffix('.py')}\b", told), (
            f"docs/architecture.md: nobody finds {module}; give it a row under “Where is it?”"
        )


def test_the_core_can_be_read_in_one_sitting():
    """What says something to Python is counted: the docstrings and comments are there to make the reading quicker.

    About as much for each of the ten things that an author may write, as `ruff format` lays it out; and a hundred lines by
    which a run stops inside a function, in one of its calls and in a turn of each loop, and says why it never gets there.
    """
    core = sum(len(said(ENGINE / module)) for module in MODULES if module.startswith(CORE))
    assert core <= 2700, f"the core has {core} lines of code; take something out before you put something in"


def said(path):
    """Return the lines of a module that are code: neither empty, nor comment, nor docstring."""
    text = path.read_text(encoding="utf-8")
    told = set()
    for node in ast.walk(ast.parse(text)):
        if isinstance(node, ast.Expr) and isinstance(node.value, ast.Constant) and isinstance(node.value.value, str):
            told |= set(range(node.lineno, node.end_lineno + 1))
    return [line for n, line in enumerate(text.split("\n"), 1) if n not in told and line.strip() and line.strip()[0] != "#"]


def test_no_module_is_longer_than_can_be_read_at_once():
    modules = [path for room in ("literate", "publish") for path in (ROOT / "docs" / room).rglob("*.py")]
    long = {path.relative_to(ROOT / "docs").as_posix(): n for path in modules if (n := len(path.read_text().splitlines())) > 280}
    assert not long, f"{long}: a module has at most 280 lines; look for the second noun in it"


def test_what_is_read_is_kept_by_its_text_and_not_by_its_path(tmp_path):
    """So nobody has to tell it that a file has changed, and what many pages link to is read once."""
    page, program = tmp_path / "page.md", tmp_path / "p.py"
    seen = []
    for text in ("One.", "Two.", "One."):
        page.write_text(text)
        program.write_text(f"a = '{text}'\n")
        seen.append((Page.read(page), Program.read(program)))
        assert Page.read(page) is seen[-1][0] and seen[-1][0].body == text and text in seen[-1][1].text
    assert seen[0][0] is seen[2][0] is not seen[1][0]


def test_what_is_imported_is_declared():
    """Whatever engine, publisher and tests import, wherever in a module, stands in pyproject.toml."""
    project = tomllib.loads((ROOT / "pyproject.toml").read_text())["project"]
    run, test = (
        {re.match(r"[\w-]+", entry)[0].lower().replace("_", "-") for entry in entries}
        for entries in (project["dependencies"], project["optional-dependencies"]["test"])
    )
    tests = [
        path for path in (ROOT / "tests").rglob("*.py") if path.parent.name != "benchmarks"
    ]  # what is compared with is not ours
    own = {"literate", "publish", *(path.stem for path in tests), *(path.name for path in (ROOT / "tests").iterdir())}
    for path in [*ENGINE.rglob("*.py"), *(ROOT / "docs" / "publish").rglob("*.py"), *tests]:
        plugin = path.parent == ENGINE / "check"  # the plugin for pytest is for whoever has it
        for package, line in {name.partition(".")[0]: line for name, line in imported(path)}.items():
            name = CALLED.get(package, package.lower().replace("_", "-"))
            assert (
                package in own or package in sys.stdlib_module_names or name in (run | test if path in tests or plugin else run)
            ), f"{path.relative_to(ROOT)}:{line}: {name} is imported, and not declared in pyproject.toml"


def test_a_page_is_walked_in_one_place():
    """What asks for a page's blocks besides looks one of them up, and writes none."""
    walks = {
        module
        for module in MODULES
        if not module.startswith("page/") and re.search(r"for \w+ in _?\w*\(?\w*\.blocks\)?:", (ENGINE / module).read_text())
    }
    assert walks == {"play/walk.py", "play/kept.py", "check/testing.py"}  # what it depends on; an item for each fence


def test_what_a_browser_remembers_is_asked_for_in_one_place():
    """No script reads or writes it but through store.js, and none takes `store` from elsewhere."""
    scripts = {path.name: path.read_text(encoding="utf-8") for path in (ROOT / "docs" / "assets").glob("*.js")}
    takes = {name: re.findall(r"import \{[^}]*\bstore\b[^}]*\} from \"([^\"]+)\"", text) for name, text in scripts.items()}
    assert {path for paths in takes.values() for path in paths} == {"./store.js"}
    assert [name for name, text in scripts.items() if re.search(r"Storage\s*[.[]|[gs]etItem|removeItem", text)] == ["store.js"]


def test_what_does_not_draw_does_not_import_matplotlib():
    code = "import sys, literate.check.command, literate.site.extension; print(*sys.modules)"
    loaded = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True).stdout.split()
    assert "literate.play.walk" in loaded and not {"matplotlib", "jupytext", "nbformat", "mkdocs"} & {*loaded}
