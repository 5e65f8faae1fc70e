"""The folder with Python for browsers, filled from npm packages: the files that docs/contributing.md lists, no others."""

import hashlib
import json
import os
import re
import shutil
import subprocess
import tarfile
import tempfile
from pathlib import Path

from conftest import ROOT

NUMPY = "@bentopdf/pymupdf-wasm@0.11.16"  # it ships a NumPy for the same Pyodide, repacked, so of another SHA-256
HOST = re.search(r"^  python_host: (\S+)", (ROOT / "mkdocs.yml").read_text(), re.M)[1]
VERSION = re.search(r"/v(\d+\.\d+\.\d+)/", HOST)[1]
FILES = re.search(re.escape(HOST) + r"\{([^}]+)\}", (ROOT / "docs" / "contributing.md").read_text())[1].split(",")


def folder():
    """Return the folder, which is kept outside of the repository; raise OSError or CalledProcessError if it cannot be filled."""
    kept = Path(os.environ.get("XDG_CACHE_HOME") or "~/.cache").expanduser() / "literate" / f"pyodide-{VERSION}"
    if not kept.is_dir():
        kept.parent.mkdir(parents=True, exist_ok=True)
        with tempfile.TemporaryDirectory(dir=kept.parent) as made:
            _fill(Path(made))
            os.replace(shutil.copytree(Path(made) / "full", Path(made) / "done"), kept)
    return kept


def _fill(made):
    (made / "full").mkdir()
    for package in (f"pyodide@{VERSION}", NUMPY):
        packed = subprocess.run(["npm", "pack", "--silent", package], cwd=made, check=True, capture_output=True, text=True)
        with tarfile.open(made / packed.stdout.split()[-1]) as archive:
            for member in archive:
                name = Path(member.name).name
                if name in FILES and not (made / "full" / name).exists():  # Pyodide's own come first
                    member.name = name
                    archive.extract(member, made / "full", filter="data")
    lock(made / "full", lambda sha256: sha256)
    missing = [name for name in FILES if not (made / "full" / name).is_file()]
    if missing:
        raise OSError(f"the npm packages do not hold {', '.join(missing)}")


def lock(folder, change):
    """Write the digest of NumPy's file, or what `change` makes of it, into the lock file."""
    path = folder / "pyodide-lock.json"
    locked = json.loads(path.read_text())
    numpy = locked["packages"]["numpy"]
    numpy["sha256"] = change(hashlib.sha256((folder / numpy["file_name"]).read_bytes()).hexdigest())
    path.write_text(json.dumps(locked))
