"""Output: how long a reader waits from the click to what the program prints, in parts, in each family of browsers."""

import contextlib
import json
import statistics
import sys
import time

import host
from benchmarks.weight import chromium, whole_site
from browser import pyodide
from engines.drivers import Firefox, Missing, WebKit

from publish import digests
from publish.folder import HASHED

PAGE = "program/"
RUNS = 3
# Stands in front of the worker's script, and lets it say with the versions what the parts of its start took.
CLOCK = """
{
  const now = () => performance.now(), times = {}, start = loadPyodide, { instantiateStreaming, instantiate } = WebAssembly;
  const timed = (function_) => async (...all) => {
    const began = now();
    const made = await function_.apply(WebAssembly, all);
    if (!times.python) times.compile = Math.max(times.compile ?? 0, now() - began); // of Python itself, not of a piece of NumPy
    return made;
  };
  Object.assign(WebAssembly, { instantiateStreaming: timed(instantiateStreaming), instantiate: timed(instantiate) });
  self.loadPyodide = async (...all) => {
    let began = now();
    const python = await start(...all), { runPython } = python;
    times.python = now() - began;
    began = now();
    python.runPython = (code, ...more) => {
      const given = runPython.call(python, code, ...more);
      if (code === "import numpy") times.numpy = now() - began;
      return code.includes("sys.version") ? given + JSON.stringify(times) : given;
    };
    return python;
  };
}
"""
# Clicks on Run, some time after the pointer has come to it, and tells when the page has said what.
CLICK = """void new Promise((resolve) => {
  const place = document.querySelector(".runner"), button = place.querySelector(".start"), said = {};
  const look = () => {
    const status = place.querySelector("[role=status]").textContent, note = place.querySelector(".verdict").textContent;
    if (/are here/.test(status)) said.here ??= performance.now() - began;
    if (/^Running/.test(status)) said.ready ??= performance.now() - began;
    if (place.querySelector(".result pre").textContent) said.output ??= performance.now() - began;
    if (/Here: /.test(note)) resolve({ ...said, parts: JSON.parse(/\\{.*?\\}/.exec(note)[0]) });
    else if (!button.ariaDisabled && performance.now() > began + 2000) resolve({ failed: place.textContent });
  };
  let began = 0;
  button.dispatchEvent(new PointerEvent("pointerenter"));
  setTimeout(() => {
    began = performance.now();
    new MutationObserver(look).observe(place, { subtree: true, childList: true, characterData: true });
    button.click();
  }, %d);
}).then((said) => (window.said = said))"""


def output(folder, quick):
    """Return for each browser the seconds of the parts of a first run, and of all of it: the median of some visits.

    And of a later run, if the pointer comes to the button two seconds before the click.
    """
    site, results = whole_site(folder), {}
    with contextlib.ExitStack() as stack:
        python, _ = stack.enter_context(pyodide.host())
        made = pyodide.taking(site, folder / "taking", python)
        for worker in made.glob("assets/worker.*"):  # what runs from disk holds the script as text; nobody asks for it here
            if worker.suffix == ".js" and worker.name.count(".") == 2:
                worker.write_text(CLOCK + worker.read_text(encoding="utf-8"), encoding="utf-8")
        digests.write(made, HASHED.pattern)
        (folder / "host").mkdir()
        address = stack.enter_context(host.serve(made, folder=folder / "host", headers=False))
        for name, started in (("Chromium", Chromium), ("Firefox", Firefox), ("WebKit", WebKit)):
            runs = []
            try:
                for number in range(1 if quick else RUNS):
                    (profile := folder / f"{name}-{number}").mkdir()
                    browser = started(profile)
                    try:
                        runs.append(_visit(browser, address + PAGE))
                    finally:
                        browser.close()
            except (Missing, ImportError) as why:
                print(why, file=sys.stderr)
                continue
            results[name] = {part: round(statistics.median(run[part] for run in runs), 2) for part in runs[0]}
    return results


def _visit(browser, address):
    """Return the seconds of the parts of the first run of all, and of another one that the pointer has announced."""
    first, second = (_run(browser, address, wait) for wait in (0, 2000))
    parts = first["parts"]
    milliseconds = {
        "download": first["here"],
        "compile": parts["compile"],
        "Python": parts["python"] - parts["compile"],
        "NumPy": parts["numpy"],
        "run": first["output"] - first["ready"],
        "all": first["output"],
        "announced": second["output"],
    }
    return {part: spent / 1000 for part, spent in milliseconds.items()}


def _run(browser, address, wait):
    browser.open(address)
    while not browser.run("document.documentElement.matches('[data-ready]')"):
        pass
    browser.run(CLICK % wait)
    while not (said := browser.run("window.said ?? null")):
        time.sleep(1)
    assert "output" in said, json.dumps(said)
    return said


class Chromium:
    """Chromium with the face of the other two drivers, as far as it is needed here."""

    def __init__(self, folder):
        self._stack = contextlib.ExitStack()
        self._tab = self._stack.enter_context(chromium()).new_page()

    def open(self, address):
        self._tab.goto(address)

    def run(self, expression):
        return self._tab.evaluate(expression)

    def close(self):
        self._stack.close()
