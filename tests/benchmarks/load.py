"""Load: nginx with the shipped configuration, at the machine's limit, against the same nginx with one bare page."""

import re
import shutil
import subprocess
import sys

import nginx
from benchmarks.weight import whole_site

BARE = "server {\n  listen 80;\n  root /var/www/site;\n}\n"
PAGE = "walk/update/"


def load(folder, quick):
    """Return the requests a second, the milliseconds within which 99 of 100 were answered, and the errors, of both."""
    if not shutil.which("wrk") or not nginx.found():
        return {
            "missing": "wrk, nginx or its Brotli module is not installed (apt-get install wrk nginx-light "
            "libnginx-mod-http-brotli-static)"
        }
    site = whole_site(folder)
    bare = folder / "bare"
    bare.mkdir()
    size = (site / PAGE / "index.html.br").stat().st_size
    (bare / "index.html").write_bytes(b"<!doctype html><title>Bare</title>".ljust(size))
    results = {}
    for name, root, path, configuration in (("bare page", bare, "", BARE), ("this site", site, PAGE, None)):
        (folder / name.replace(" ", "-")).mkdir()
        with nginx.running(root, folder / name.replace(" ", "-"), configuration) as server:
            results[name] = _wrk(server.address + path, 3 if quick else 60)
    return {"bytes": size, **results}


def _wrk(address, seconds):
    done = subprocess.run(
        ["wrk", "-t2", "-c64", f"-d{seconds}s", "--latency", "-H", "Accept-Encoding: br", address],
        capture_output=True,
        text=True,
        check=True,
    )
    print(done.stdout, file=sys.stderr)
    p99, unit = re.search(r"99%\s+([\d.]+)(us|ms|s)", done.stdout).groups()
    errors = re.search(r"Socket errors: connect (\d+), read (\d+), write (\d+), timeout (\d+)", done.stdout)
    bad = re.search(r"Non-2xx or 3xx responses: (\d+)", done.stdout)
    return {
        "requests": round(float(re.search(r"Requests/sec:\s+([\d.]+)", done.stdout)[1])),
        "p99": round(float(p99) * {"us": 0.001, "ms": 1, "s": 1000}[unit], 2),
        "errors": sum(map(int, errors.groups())) if errors else 0,
        "bad": int(bad[1]) if bad else 0,
    }
