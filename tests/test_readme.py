"""README's two commands are shown, not run, by these tests: what runs them is held to README's own words."""

import re

import pytest
import yaml
from conftest import ROOT

from literate.page import Display, Page

COMMANDS = [block.text.strip() for block in Page.read(ROOT / "README.md").blocks
            if isinstance(block, Display) and block.language == "sh"]


def test_there_are_two_commands_and_ci_runs_the_second():
    serve, test = COMMANDS
    assert serve.endswith("mkdocs serve --livereload") and test.endswith("pytest")
    assert test in (ROOT / ".ci" / "run").read_text().splitlines()


def test_the_workflow_runs_ci_with_least_permissions_and_pinned_actions():
    text = (ROOT / ".github" / "workflows" / "site.yml").read_text()
    workflow = yaml.safe_load(text)
    assert workflow["permissions"] == {"contents": "read"}
    assert "permissions" not in workflow["jobs"]["test"]
    assert workflow["jobs"]["publish"]["permissions"] == {"pages": "write", "id-token": "write"}
    assert {"run": "bash .ci/run"} in workflow["jobs"]["test"]["steps"]
    for action in re.findall(r"uses: (.*)", text):
        assert re.fullmatch(r"actions/[\w-]+@[0-9a-f]{40} # v[\d.]+", action)


@pytest.mark.parametrize("name", ["docs", "snippets", "tests"])
def test_the_folders_that_readme_names_are_there(name):
    assert (ROOT / name).is_dir() and f"`{name}/`" in (ROOT / "README.md").read_text()
