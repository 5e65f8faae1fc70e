"""The guide for contributors, followed to the letter on a copy of the site."""

import re
import shutil
import subprocess

import pytest
from conftest import ROOT
from test_hooks import run

from literate.page import Display, Page, Prose

SECTION = "## Your first change"
EDIT = re.compile(r"In `(\S+)`, change `\{text\} (.+?)` to `\{text\} (.+?)`")


def steps():
    """Return the prose and the commands of the guide, in order."""
    blocks = Page.read(ROOT / "docs" / "contributing.md").blocks
    start = next(n for n, block in enumerate(blocks) if isinstance(block, Prose) and SECTION in block.text)
    for block in blocks[start:]:
        yield block
        if isinstance(block, Prose) and re.search(r"(?m)^## ", block.text.partition(SECTION)[2] or block.text):
            return


@pytest.fixture
def copy(tmp_path):
    for name in ("docs", "snippets", "mkdocs.yml", "pyproject.toml", "README.md"):
        copy = shutil.copytree if (ROOT / name).is_dir() else shutil.copy
        copy(ROOT / name, tmp_path / name)
    for command in ("git init -q", "git add .", "git -c user.name=a -c user.email=a@example.org commit -qm start"):
        subprocess.run(command.split(), cwd=tmp_path, check=True)
    return tmp_path


def test_the_guide_leads_from_a_clone_to_a_mended_page(copy):
    said, status = {}, {}
    for block in steps():
        if isinstance(block, Prose):
            for where, old, new in EDIT.findall(block.text):
                page = copy / where
                before = page.read_text()
                assert before.count(old) == 1
                page.write_text(before.replace(old, new))
        elif isinstance(block, Display) and "needs a network" not in block.reason:
            for command in block.text.splitlines():
                done = run(command, copy)
                said[command], status[command] = done.stdout, done.returncode
            line = block.line
    assert [(" ".join(command.split()[-4:-1]), status[command]) for command in said] == [
        ("-m literate check", 1),
        ("-m literate update", 0),
        ("pytest", 0),
        ("git", 0),
    ], f"docs/contributing.md:{line}: the steps of the guide, up to here, do not lead to a mended page: {status}"
    check, update, test, diff = said
    [message] = said[check].splitlines()
    assert re.fullmatch(rf"{re.escape(where)}:\d+: .*; if that is right now: {update}", message)
    assert " passed" in said[test]
    changed = [line for line in said[diff].splitlines() if re.match(r"[-+](?![-+])", line)]
    assert f"-{old}" in changed and f"+{new}" in changed
    assert sorted({line[0] for line in changed}) == ["+", "-"]
