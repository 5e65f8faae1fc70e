"""Answers: how soon an exercise says what it thinks of a text, once Python is in the page."""

import contextlib
import shutil
import statistics
import time

import host
from benchmarks.sites import ROOT
from benchmarks.weight import ARGS, whole_site
from browser import pyodide

from literate.program import Program

PLACES = {
    "one line": ("walk/delta/", lambda program: program.lines[program.find("l1_delta =")[0] - 1].strip()),
    "the whole program": ("retell/", lambda program: program.text),
    "the whole program, with one line missing": ("retell/", lambda program: program.text.replace("l1_error = y - l1", "...")),
}
RUNS = 5


def answers(folder, quick):
    """Return the seconds from a click on Check to the answer, by what is checked: of the first click, with which Python is
    started from files that are there, and of the one after it, the median of several visits."""
    from playwright.sync_api import sync_playwright

    program, results = Program.read(ROOT / "snippets" / "nn.py"), {}
    site = whole_site(folder)
    with contextlib.ExitStack() as stack:
        python, _ = stack.enter_context(pyodide.host())
        made = pyodide.taking(site, folder / "taking", python)
        address = stack.enter_context(host.serve(made, folder=folder / "host"))
        browser = stack.enter_context(sync_playwright()).chromium.launch(executable_path=shutil.which("chromium"), args=ARGS)
        stack.callback(browser.close)
        for name, (path, text) in PLACES.items():
            runs = [_visit(browser, address + path, text(program)) for _ in range(1 if quick else RUNS)]
            results[name] = [round(statistics.median(times), 3) for times in zip(*runs)]
    return results


def _visit(browser, address, text):
    """Return the seconds of the first and of the second check on a page that has just been opened."""
    context = browser.new_context(service_workers="block")
    context.set_default_timeout(120_000)
    tab = context.new_page()
    tab.goto(address)
    place = tab.locator(".exercise .sheet")
    times = []
    for own in (text, f"{text.rstrip()}  # once more"):
        place.locator("textarea").fill(own)
        began = time.monotonic()
        place.locator(".start").click()
        place.locator(".start:not([aria-disabled])").wait_for()
        times.append(time.monotonic() - began)
    context.close()
    return times
