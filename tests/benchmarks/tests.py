"""Tests: what it costs to prove a commit right, without the browsers, and where that goes."""

import re
import subprocess
import sys
import time
from collections import Counter

from benchmarks.sites import ROOT

SHOWN = 6  # of the files that take longest
BROWSERS = ("tests/browser", "tests/engines")
TOOK = re.compile(r"(?m)^([\d.]+)s (?:setup|call|teardown) +([^:\s]+)")


def tests(folder, quick):
    """Return the seconds that `pytest` takes without the tests in a browser, two at a time; how many tests these are; and for the
    files that take longest the share of all that is done, in hundredths."""
    command = [sys.executable, "-m", "pytest", "-q", "-p", "no:cacheprovider", "--numprocesses=2", "--dist=loadfile"]
    command += ["--durations=0", "--durations-min=0.005", *(f"--ignore={name}" for name in BROWSERS)]
    began = time.monotonic()
    done = subprocess.run(command, cwd=ROOT, capture_output=True, text=True)
    seconds = time.monotonic() - began
    if done.returncode:
        raise SystemExit(done.stdout + done.stderr)
    took: Counter[str] = Counter()
    for spent, file in TOOK.findall(done.stdout):
        took[file] += float(spent)
    shares = {file: round(100 * spent / took.total()) for file, spent in took.most_common(SHOWN)}
    [number] = re.findall(r"(\d+) passed", done.stdout)
    return {"seconds": round(seconds), "number": int(number), "shares": shares}
