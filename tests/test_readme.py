"""README's two commands are shown, not run, by these tests: what runs them is held to README's own words."""

import contextlib
import re
import tomllib
from importlib.metadata import PackageNotFoundError, requires

import pytest
import yaml
from conftest import ROOT
from packaging.requirements import Requirement
from packaging.utils import canonicalize_name

from literate.page import Display, Page

COMMANDS = [
    block.text.strip() for block in Page.read(ROOT / "README.md").blocks if isinstance(block, Display) and block.language == "sh"
]


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


def test_the_workflow_uploads_a_site_that_it_has_built_with_its_address_and_the_booklets_pdf():
    job = yaml.safe_load((ROOT / ".github" / "workflows" / "site.yml").read_text())["jobs"]["test"]
    build, pack = (
        next(step for step in job["steps"] if step.get("run", "").startswith(command))
        for command in (".venv/bin/mkdocs build --strict", "tar ")
    )
    assert job["steps"].index(build) < job["steps"].index(pack) and build["if"] == pack["if"]
    assert "--directory site " in pack["run"] and "--site-dir" not in build["run"]
    assert {"SITE_URL", "REPO_URL"} <= set(job["env"])
    assert f"command -v {build['env']['CHROMIUM']} ||" in (ROOT / ".ci" / "run").read_text()


def test_ci_installs_the_same_whatever_has_been_released_since():
    """Whatever a package of ours brings along is named with its digests, and in the version that pyproject.toml names, if any."""
    run = (ROOT / ".ci" / "run").read_text()
    assert "pip download --require-hashes" in run and "export PIP_NO_INDEX=1" in run
    text = (ROOT / ".github" / "requirements.txt").read_text()
    named = re.findall(r"^([^\s#=]+)==(\S+)((?: \\\n    --hash=sha256:[0-9a-f]{64})+)$", text, re.M)
    assert len(named) == text.count("==")
    held = {canonicalize_name(name): version for name, version, _ in named}
    project = tomllib.loads((ROOT / "pyproject.toml").read_text())["project"]
    pins = [Requirement(pin) for pin in project["dependencies"] + project["optional-dependencies"]["test"]]
    assert [str(pin) for pin in pins if held.get(canonicalize_name(pin.name)) not in pin.specifier] == []
    asked, brought = list(pins), set()
    while asked:
        one = asked.pop()
        name = canonicalize_name(one.name)
        if name in brought:
            continue
        brought.add(name)
        with contextlib.suppress(PackageNotFoundError):
            asked += [
                found
                for found in map(Requirement, requires(name) or [])
                if not found.marker or any(found.marker.evaluate({"extra": extra}) for extra in one.extras or {""})
            ]
    assert brought - set(held) == set() and len(brought) > len(pins)


@pytest.mark.parametrize("name", ["docs", "snippets", "tests"])
def test_the_folders_that_readme_names_are_there(name):
    assert (ROOT / name).is_dir() and f"`{name}/`" in (ROOT / "README.md").read_text()
