"""The rooms of the engine: the page that tells of them is true, and imports go in one direction."""

import ast
import re
import subprocess
import sys

import pytest
from conftest import ROOT

PAGE = (ROOT / "docs" / "architecture.md").read_text(encoding="utf-8")
ROOMS = re.findall(r"^\| `(\w+)/` \|", PAGE, re.M)
ENGINE = ROOT / "docs" / "literate"
MODULES = sorted(path.relative_to(ENGINE).as_posix() for path in ENGINE.rglob("*.py"))
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


def test_every_module_is_told_of():
    told = " ".join(re.findall(r"^\| .+ \| .+ \|$", PAGE, re.M))
    for module in MODULES:
        room, _, name = module.rpartition("/")
        assert name.startswith("__") or not room or module in told or re.search(rf"\b{name.removesuffix('.py')}\b", told), (
            f"docs/architecture.md: nobody finds {module}; give it a row under “Where is it?”"
        )


def test_the_core_can_be_read_in_one_sitting():
    """What says something to Python is counted: the docstrings and comments are there to make the reading quicker.

    About as much for each of the ten things that an author may write, as `ruff format` lays it out.
    """
    core = sum(len(said(ENGINE / module)) for module in MODULES if module.startswith(CORE))
    assert core <= 2600, f"the core has {core} lines of code; take something out before you put something in"


def said(path):
    """Return the lines of a module that are code: neither empty, nor comment, nor docstring."""
    text = path.read_text(encoding="utf-8")
    told = set()
    for node in ast.walk(ast.parse(text)):
        if isinstance(node, ast.Expr) and isinstance(node.value, ast.Constant) and isinstance(node.value.value, str):
            told |= set(range(node.lineno, node.end_lineno + 1))
    return [line for n, line in enumerate(text.split("\n"), 1) if n not in told and line.strip() and line.strip()[0] != "#"]


def test_what_does_not_draw_does_not_import_matplotlib():
    code = "import sys, literate.check.command, literate.site.extension; print(*sys.modules)"
    loaded = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True).stdout.split()
    assert "literate.play.walk" in loaded and not {"matplotlib", "jupytext", "nbformat", "mkdocs"} & {*loaded}
