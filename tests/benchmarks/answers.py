"""Answers: what an exercise has to compute until it says what it thinks of a text, once Python is in the page and before."""

import contextlib
import os
import statistics
from pathlib import Path

import host
from benchmarks.sites import ROOT
from benchmarks.weight import chromium, whole_site
from browser import pyodide

from literate.program import Program

PLACES = {
    "one line": ("walk/delta/", "l1_delta ="),
    "the whole program": ("retell/", None),
}
RUNS = 3


def answers(folder, quick):
    """Return the seconds that a browser computes from a click on Check to the answer, by what is checked: for the first click,
    with which Python starts, and for the one after it, the median of several visits. (A busy machine takes longer for both.)"""
    program, results = Program.read(ROOT / "snippets" / "nn.py"), {}
    site = whole_site(folder)
    with contextlib.ExitStack() as stack:
        python, _ = stack.enter_context(pyodide.host())
        (folder / "host").mkdir()
        address = stack.enter_context(host.serve(pyodide.taking(site, folder / "taking", python), folder=folder / "host"))
        browser = stack.enter_context(chromium())
        for name, (path, line) in PLACES.items():
            text = program.lines[program.find(line)[0] - 1].strip() if line else program.text
            runs = [_visit(browser, address + path, text.rstrip()) for _ in range(1 if quick else RUNS)]
            results[name] = [round(statistics.median(times), 2) for times in zip(*runs)]
    return results


def _visit(browser, address, text):
    """Return the seconds of the first and of the second check on a page that has just been opened."""
    context = browser.new_context(service_workers="block")
    context.set_default_timeout(300_000)
    tab = context.new_page()
    tab.goto(address)
    place, times = tab.locator(".exercise .sheet"), []
    place.scroll_into_view_if_needed()  # it is there once a reader comes near it
    for own in (text, f"{text}  # once more"):
        place.locator("textarea").fill(own)
        tab.wait_for_timeout(1000)  # until there is nothing else to do
        began = _computed()
        place.locator(".start").click()
        place.locator(".start:not([aria-disabled])").wait_for()
        times.append(_computed() - began)
        assert place.locator("xpath=self::*[contains(@class, 'passed')]").count(), place.inner_text()
    context.close()
    return times


def _computed():
    """Return the seconds that the processes which this one has begun have computed so far, as Linux says."""
    parents, seconds = {}, {}
    for file in Path("/proc").glob("[0-9]*/stat"):
        with contextlib.suppress(OSError):
            numbers = file.read_text().rpartition(") ")[2].split()
            parents[int(file.parent.name)] = int(numbers[1])
            seconds[int(file.parent.name)] = (int(numbers[11]) + int(numbers[12])) / os.sysconf("SC_CLK_TCK")

    def mine(process):
        return process == os.getpid() or process in parents and mine(parents[process])

    return sum(spent for process, spent in seconds.items() if process != os.getpid() and mine(process))
