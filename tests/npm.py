"""Tools that npm installs, kept in a folder of the user's, so that each version is fetched once."""

import os
import shutil
import subprocess
from pathlib import Path

import pytest


def npm_tool(*packages):
    """Return the folder where some packages, as `name@version`, are installed; skip the test, with a reason, if npm is not there.

    In CI that is a failure. The folder's `node_modules/.bin` holds the commands.
    """
    cache = Path(os.environ.get("XDG_CACHE_HOME") or Path.home() / ".cache")
    folder = cache / "literate-npm" / "+".join(packages).replace("/", "-")
    if (folder / "done").is_file():
        return folder
    why = "there is no npm; install Node.js with it (`apt-get install npm`)"
    if shutil.which("npm"):
        folder.mkdir(parents=True, exist_ok=True)
        done = subprocess.run(
            ["npm", "install", "--prefix", str(folder), "--no-audit", "--no-fund", "--save-exact", *packages],
            capture_output=True,
            text=True,
        )
        if done.returncode == 0:
            (folder / "done").touch()
            return folder
        why = f"npm cannot install {', '.join(packages)}: {(done.stderr.strip().splitlines() or ['it says nothing'])[-1]}"
    pytest.fail(why) if os.environ.get("CI") else pytest.skip(why)
