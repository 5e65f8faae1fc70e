"""The types that the scripts' comments state are right: TypeScript reads the scripts as they are, and says nothing."""

import re
import shutil
import subprocess

import pytest
from browser.pyodide import VERSION
from conftest import ROOT
from npm import npm_tool

ASSETS, TYPES = ROOT / "docs" / "assets", ROOT / "tests" / "types"
WORKERS = ("sw.js", "worker.js")
README = (ASSETS / "vendor" / "README.txt").read_text()
LIBRARIES = [f"{name}@{version}" for name, version in re.findall(r"^    ([\w-]+) (\d+\.\d+\.\d+)\b", README, re.M)]
FLAGS = "--noEmit --allowJs --checkJs --skipLibCheck --target es2023 --module esnext --moduleResolution bundler".split()


@pytest.mark.parametrize(
    ("place", "lib", "names"),
    [
        ("page", "es2023,dom,dom.iterable", sorted(path.name for path in ASSETS.glob("*.js") if path.name not in WORKERS)),
        *((name.removesuffix(".js"), "es2023,webworker", [name]) for name in WORKERS),
    ],
    ids=["page", *WORKERS],
)
def test_the_types_in_the_scripts_are_right(place, lib, names, tmp_path):
    """Of a library, TypeScript reads its own types, of the version that lies in vendor, rather than the minified text."""
    assert len(LIBRARIES) == len(list((ASSETS / "vendor").glob("*.js")))
    tool = npm_tool("typescript@5.9.3", f"pyodide@{VERSION}", *LIBRARIES)
    shutil.copytree(TYPES, tmp_path, dirs_exist_ok=True)
    (tmp_path / "node_modules").symlink_to(tool / "node_modules")
    for name in names:
        shutil.copy(ASSETS / name, tmp_path)
    done = subprocess.run(
        [tool / "node_modules" / ".bin" / "tsc", *FLAGS, "--lib", lib, f"{place}.d.ts", *names],
        cwd=tmp_path,
        capture_output=True,
        text=True,
    )
    assert done.returncode == 0, "\n" + re.sub(r"^(?=\w+\.js\()", "docs/assets/", done.stdout, flags=re.M) + done.stderr
