"""The folder with Python for browsers: the files that docs/contributing.md lists, no others, from packages that ship them."""

import base64
import contextlib
import hashlib
import http.server
import os
import re
import shutil
import subprocess
import sys
import tarfile
import tempfile
import threading
import zipfile
from pathlib import Path

import pytest
from conftest import ROOT

from publish.digests import write
from publish.folder import HASHED

HOST = re.search(r"^  python_host: (\S+)", (ROOT / "mkdocs.yml").read_text(), re.M)[1]
VERSION = re.search(r"/v(\d+\.\d+\.\d+)/", HOST)[1]
LISTS = re.findall(re.escape(HOST) + r"\{([^}]+)\}", (ROOT / "docs" / "contributing.md").read_text())
CORE, PLOTS = (names.split(",") for names in LISTS)  # what every run takes; and Matplotlib, with all that it stands on
FILES = [*CORE, *PLOTS]
OTHER = "other"  # a folder of the host with the same files, but one: what Matplotlib solves its layout with is another
HOLDER = (
    "open-webui==0.9.6"  # no registry has NumPy and Matplotlib for Pyodide by themselves: it ships both, as they were published
)


def folder():
    """Return the folder, which is kept outside of the repository; raise OSError or CalledProcessError if it cannot be filled."""
    named = hashlib.sha256(" ".join([HOLDER, *FILES]).encode()).hexdigest()[:8]
    kept = Path(os.environ.get("XDG_CACHE_HOME") or "~/.cache").expanduser() / "literate" / f"pyodide-{VERSION}-{named}"
    if not kept.is_dir():
        kept.parent.mkdir(parents=True, exist_ok=True)
        with tempfile.TemporaryDirectory(dir=kept.parent) as made:
            _fill(Path(made))
            os.replace(shutil.copytree(Path(made) / "full", Path(made) / "done"), kept)
    return kept


def _fill(made):
    (made / "full").mkdir()
    packed = subprocess.run(
        ["npm", "pack", "--silent", f"pyodide@{VERSION}"], cwd=made, check=True, capture_output=True, text=True
    )
    with tarfile.open(made / packed.stdout.split()[-1]) as archive:
        found = {Path(member.name).name: archive.extractfile(member).read() for member in archive if member.isfile()}
    pip = [sys.executable, "-m", "pip", "download", "--quiet", "--no-deps", "--only-binary=:all:", "--python-version=3.11"]
    free = {name: value for name, value in os.environ.items() if name not in ("PIP_NO_INDEX", "PIP_FIND_LINKS")}
    subprocess.run([*pip, f"--dest={made}", HOLDER], env=free, check=True, capture_output=True, text=True)
    with zipfile.ZipFile(next(made.glob("*.whl"))) as archive:  # Pyodide's own come first
        found = {Path(name).name: archive.read(name) for name in archive.namelist() if Path(name).name in FILES} | found
    if missing := [name for name in FILES if name not in found]:
        raise OSError(f"the packages do not hold {', '.join(missing)}")
    for name in FILES:
        (made / "full" / name).write_bytes(found[name])


@contextlib.contextmanager
def host():
    """Serve the folder on a host of its own; the value is its address, and the list of the paths that it is asked for.

    Where the folder cannot be filled, the test is skipped; in CI it fails.
    """
    try:
        place, asked = folder(), []
    except Exception as error:  # noqa: BLE001
        why = f"no Pyodide for the tests: {error}; install npm (`apt-get install npm`), with a way to its registry, and to PyPI"
        pytest.fail(why) if os.environ.get("CI") else pytest.skip(why)

    class Host(http.server.SimpleHTTPRequestHandler):
        extensions_map = {".js": "text/javascript", ".wasm": "application/wasm", "": "application/zip"}

        def __init__(self, *args):
            super().__init__(*args, directory=str(place))

        def translate_path(self, path):
            folder, _, name = path.rpartition("/")
            return super().translate_path("pyodide.js" if folder == f"/{OTHER}" and "kiwisolver" in name else name)

        def do_GET(self):
            asked.append(self.path)
            super().do_GET()

        def end_headers(self):
            self.send_header("Access-Control-Allow-Origin", "*")
            self.send_header("Cache-Control", "max-age=3600")
            super().end_headers()

        def log_message(self, *args):
            pass

    server = http.server.ThreadingHTTPServer(("127.0.0.1", 0), Host)
    threading.Thread(target=server.serve_forever, daemon=True).start()
    try:
        yield f"http://127.0.0.1:{server.server_address[1]}/", asked
    finally:
        server.shutdown()
        server.server_close()


def digests():
    """Return the SHA-256 that the site holds of each file, as base64, by its name."""
    text = (ROOT / "docs" / "assets" / "frame.js").read_text(encoding="utf-8")
    return dict(re.findall(r'"([\w.-]+)": "([\w+/]{43}=)"', text))


def digest(name):
    """Return the SHA-256 of a file of the folder, in the same form."""
    return base64.b64encode(hashlib.sha256((folder() / name).read_bytes()).digest()).decode()


def taking(site, made, host, wrong=False):
    """Return a copy of a built site that takes its Python from another host, ready to be published; if `wrong`, with a digest of
    NumPy that is not that of its file.
    """
    [numpy] = [digest for name, digest in digests().items() if name.startswith("numpy-")]
    changes = {HOST: host, **({numpy: numpy[::-1]} if wrong else {})}
    shutil.copytree(site, made, ignore=shutil.ignore_patterns("*.br", "*.gz"))
    for path in [path for path in made.rglob("*") if path.suffix in (".html", ".js") or path.name in ("_headers", "nginx.conf")]:
        text = path.read_text(encoding="utf-8")
        for old, new in changes.items():
            text = text.replace(old, new)
        path.write_text(text, encoding="utf-8")
    write(made, HASHED.pattern)
    return made
