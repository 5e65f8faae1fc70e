"""Drift cannot pass: a sample of mistakes is judged here, and the page with the table of all is held to the last run.

The sample takes a while, so it is for CI, which says so in its environment; `python tests/drift` judges every mistake.
"""

import json
import os
import subprocess
import sys
from collections import defaultdict

import pytest
from bs4 import BeautifulSoup
from conftest import ROOT, address

from drift.mutants import GENERATED, key, mutants, sample
from drift.plain import untrue
from drift.report import CLAIMS, LAST, page, why_never
from literate.page import Page, Prose
from literate.prose.claims import CLAIM

SAMPLE = 14  # mistakes, each of another kind, which two cores judge in a minute


@pytest.fixture(scope="module")
def kinds():
    """Every mistake, by its kind."""
    kinds = defaultdict(list)
    for mutant in mutants(ROOT):
        kinds[mutant.kind].append(mutant)
    return kinds


def test_the_same_site_makes_the_same_mistakes(kinds):
    again = [key(mutant) for mutant in mutants(ROOT)]
    assert again == [key(mutant) for mutant in mutants(ROOT)]
    assert len(set(again)) == len(again) == sum(map(len, kinds.values()))


def test_each_mistake_changes_its_file(kinds):
    texts = {}
    for mutant in (mutant for made in kinds.values() for mutant in made):
        text = texts.setdefault(mutant.path, (ROOT / mutant.path).read_text(encoding="utf-8"))
        assert mutant.text != text and 1 <= mutant.line <= text.count("\n") + 1, mutant.what


def test_the_page_is_what_the_last_full_run_came_to(kinds):
    assert (ROOT / GENERATED).read_text(encoding="utf-8") == page(), (
        f"{GENERATED}:1: this page is written by a program, and is not what it would write; type: python tests/drift"
    )
    last = json.loads(LAST.read_text(encoding="utf-8"))
    assert {row[0] for row in last["table"]} == set(kinds), (
        f"{GENERATED}:1: the table has other kinds of mistakes than are made now; type: python tests/drift"
    )
    assert not [row for row in last["survivors"] if row[1] == "?"]
    programs = {mutant.path for made in kinds.values() for mutant in made if mutant.area == "program"}
    assert [row[0] for row in last["programs"]] == sorted(programs)


def test_the_sample_has_as_many_kinds_as_mistakes(kinds):
    chosen = sample([mutant for made in kinds.values() for mutant in made], SAMPLE)
    assert len({mutant.kind for mutant in chosen}) == len(chosen) == SAMPLE < len(kinds)


@pytest.mark.parametrize(
    ("page", "kinds"),
    [
        ("walk/delta.md", ["[data-embed] pre", "[data-output] pre", ".ledger code.value", "p code.value"]),
        ("walk/numpy.md", ["[data-embed] pre", "[data-what-if] pre", "[data-output] pre"]),
        ("program.md", ["[data-embed] pre", ".states code.value"]),
        ("hidden/back.md", ["[data-embed] pre", "[data-output] pre", "p code.value"]),
    ],
)
def test_a_page_that_shows_what_no_plain_run_does_is_told(site, page, kinds, tmp_path):
    """The proof that a page has adapted passes the page as it is, and none with a character more in one of its pieces."""
    assert untrue(ROOT, site, page) is None
    built, other = (folder / address(page) / "index.html" for folder in (site, tmp_path))
    other.parent.mkdir(parents=True)
    for kind in kinds:
        for place in (0, -1):
            soup = BeautifulSoup(built.read_text(encoding="utf-8"), "html.parser")
            said = [text for text in soup.article.select(kind)[place].strings if text.strip()][-1]
            said.replace_with(said.replace(said.strip(), f"{said.strip()}0"))
            other.write_text(str(soup), encoding="utf-8")
            assert untrue(ROOT, tmp_path, page), (kind, place)


@pytest.mark.skipif(not os.environ.get("CI"), reason="takes some minutes; CI sets CI=true, which asks for it")
def test_a_sample_of_the_mistakes_does_not_pass(site):
    """Chosen by their content, and of another kind each: another change of the site tries others."""
    done = subprocess.run([sys.executable, "tests/drift", "--sample", str(SAMPLE)], cwd=ROOT, capture_output=True, text=True)
    assert done.returncode == 0, done.stdout + done.stderr


def test_every_claim_has_been_weighed_and_can_be_false():
    """A claim that no change of the program makes false says nothing, or has its reason in tests/drift/claims.yml."""
    last = json.loads(CLAIMS.read_text(encoding="utf-8"))
    for path in sorted((ROOT / "docs").rglob("*.md")):
        page = path.relative_to(ROOT).as_posix()
        said = "".join(block.text for block in Page.read(path).blocks if isinstance(block, Prose))
        claims = [" ".join(found["claim"].split()) for found in CLAIM.finditer(said)] if path.name != "contributing.md" else []
        assert claims == last["claims"].get(page, []), (
            f"{page}:1: its claims are not those that were weighed last; type: python tests/drift/claims.py"
        )
    assert [key for key in map(tuple, last["never"]) if key not in why_never()] == []
