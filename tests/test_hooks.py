"""What looks over a commit is content with the whole site, and is pinned."""

import os
import shlex
import subprocess
import sys
import tomllib
from pathlib import Path

import pytest
import yaml
from conftest import ROOT, literate

HOOKS = {
    hook["id"]: hook for repo in yaml.safe_load((ROOT / ".pre-commit-config.yaml").read_text())["repos"] for hook in repo["hooks"]
}
FILES = {
    "ruff": ["docs/literate", "docs/publish", "tests"],
    "format": ["--check", "docs/literate", "docs/publish", "tests"],
    "types": [],  # its configuration names the packages
    "pages": ["docs/walk/error.md", "docs/words.md"],  # the tests of the pages look at all
    "spelling": ["docs", "tests", "README.md", "CHANGELOG.md"],
}


@pytest.mark.parametrize("name", HOOKS)
def test_a_hook_is_content_with_the_site(name):
    engine, ours, command = HOOKS[name]["entry"].partition("python -m literate ")
    if ours and not engine:  # in this process, which has imported the engine already
        status, said, summary = literate(ROOT, *shlex.split(command), *FILES[name])
        assert status == 0, said + summary
        return
    done = run(f"{HOOKS[name]['entry']} {' '.join(FILES[name])}", ROOT)
    assert done.returncode == 0, done.stdout + done.stderr


def test_the_tools_are_pinned():
    extras = tomllib.loads((ROOT / "pyproject.toml").read_text())["project"]["optional-dependencies"]
    pinned = {entry.partition("==")[0] for extra in extras.values() for entry in extra if "==" in entry}
    assert {"ruff", "mypy", "codespell", "pre-commit"} <= pinned
    assert all(hook["language"] == "system" for hook in HOOKS.values())


def run(command, folder):
    """Run a command as it would be typed in a folder, with the tools of this Python."""
    path = f"{Path(sys.executable).parent}{os.pathsep}{os.environ['PATH']}"
    env = {**os.environ, "PATH": path}
    return subprocess.run(shlex.split(command), cwd=folder, capture_output=True, text=True, env=env)
