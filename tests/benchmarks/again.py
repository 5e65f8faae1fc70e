"""Again: what a build costs that has little to do, how soon an edit is seen, and what it takes to begin."""

import shutil
import socket
import statistics
import subprocess
import sys
import time
import urllib.request

from benchmarks.sites import copy, mkdocs, plain

PAGE, WORD = "walk/error", "A sentence that is new, number"
IMPORT = "import time; began = time.perf_counter(); import {}; print(time.perf_counter() - began)"


def again(folder, quick):
    """Return the seconds of builds of the site's pages that take turns, without and with the engine, and of publishing.

    The engine has nothing kept, all that it needs, or all but one page that has been edited. And the seconds until an edit is
    seen under `mkdocs serve`, and those in which Python imports the engine.
    """
    engine = copy(folder / "engine")
    without = plain(engine, folder / "plain")
    runs, times = range(1 if quick else 3), {}

    def took(name, seconds):
        times.setdefault(name, []).append(seconds)

    for number in runs:
        took("plain", mkdocs(without))
        took("cold", mkdocs(engine))
        took("warm", mkdocs(engine, cold=False))
        _edit(engine, number)
        took("edit", mkdocs(engine, cold=False))
        shutil.rmtree(folder / ".cache", ignore_errors=True)
        for name in ("publish", "publish again"):
            site = shutil.copytree(engine / "site", folder / f"{name} {number}")
            took(name, _seconds("-m", "publish", site, cwd=folder))
        took("import", float(_said("-c", IMPORT.format("literate.site.mkdocs"))))
        took("import of what it stands on", float(_said("-c", IMPORT.format("mkdocs.plugins, nbformat, bs4, numpy"))))
    for name, site in (("serve plain", without), ("serve", engine)):
        times[name] = _seen(site, runs)
    return {name: round(statistics.median(seconds), 3) for name, seconds in times.items()}


def _edit(site, number):
    path = site / "docs" / f"{PAGE}.md"
    path.write_text(path.read_text(encoding="utf-8") + f"\n{WORD} {chr(65 + number)}.\n", encoding="utf-8")


def _said(*command, cwd=None):
    return subprocess.run([sys.executable, *command], cwd=cwd, check=True, capture_output=True, text=True).stdout


def _seconds(*command, cwd):
    began = time.monotonic()
    _said(*command, cwd=cwd)
    return time.monotonic() - began


def _seen(site, runs):
    """Return the seconds from the writing of an edit to a page that shows it."""
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        address = f"127.0.0.1:{free.getsockname()[1]}"
    serving = subprocess.Popen(
        [sys.executable, "-m", "mkdocs", "serve", "-q", "-a", address],
        cwd=site,
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
    )
    try:
        _until(f"http://{address}/{PAGE}/", "</html>")
        times = []
        for number in runs:
            time.sleep(2)  # whoever writes reads what they have written
            _edit(site, number + 10)
            began = time.monotonic()
            _until(f"http://{address}/{PAGE}/", f"{WORD} {chr(75 + number)}.")
            times.append(time.monotonic() - began)
        return times
    finally:
        serving.terminate()
        serving.wait()


def _until(address, text):
    deadline = time.monotonic() + 300
    while time.monotonic() < deadline:
        try:
            with urllib.request.urlopen(address, timeout=60) as answer:
                if text in answer.read().decode():
                    return
        except OSError:
            pass
        time.sleep(0.02)
    raise SystemExit(f"{address} does not show {text!r}")
