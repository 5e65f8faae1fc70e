"""Lighthouse on a built site: every page or some, on localhost, as a phone; a table, and the audits that fall short.

    python tests/benchmarks/lighthouse.py SITE [PAGE …] [--runs 5] [--only accessibility,best-practices,seo] [--json FILE]

SITE is the folder of a built site, or the address of one that is served. PAGE is an address below its root, as walk/delta/.
A score is the median of the runs, as single runs are noisy. Needs Node.js with npm, and Chromium (CHROME_PATH names it).
Exits with 1 if a score is below 100.
"""

import argparse
import contextlib
import json
import os
import shutil
import statistics
import subprocess
import sys
import tempfile
from pathlib import Path

sys.path.insert(0, str(Path(__file__).parents[1]))
from host import serve  # noqa: E402
from npm import npm_tool  # noqa: E402

LIGHTHOUSE = "lighthouse@12.8.2"  # the last that runs with Node.js 20
CATEGORIES = ("performance", "accessibility", "best-practices", "seo")
FLAGS = "--headless=new --no-sandbox --disable-gpu --disable-background-networking --disable-component-update"


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("site")
    parser.add_argument("pages", nargs="*")
    parser.add_argument("--runs", type=int, default=5)
    parser.add_argument("--only", default=",".join(CATEGORIES))
    parser.add_argument("--json", type=Path)
    options = parser.parse_args()
    categories = options.only.split(",")
    served = contextlib.ExitStack()
    if not options.site.startswith("http"):
        folder = Path(options.site)
        pages = options.pages or sorted(
            "" if path.parent == folder else f"{path.parent.relative_to(folder).as_posix()}/"
            for path in folder.rglob("index.html")
        )
        root = served.enter_context(tempfile.TemporaryDirectory())
        base = served.enter_context(serve(folder.absolute(), folder=root))
    else:
        pages, base = options.pages or [""], options.site.rstrip("/") + "/"

    print(f"| Page | {' | '.join(categories)} | Below 100 because of |\n| :-- |{' --: |' * len(categories)} :-- |")
    results = {}
    for page in pages:
        runs = [run(base + page, categories) for _ in range(options.runs)]
        scores = {name: round(100 * statistics.median(one["categories"][name]["score"] for one in runs)) for name in categories}
        short = sorted(
            {
                f"{audit['id']}: {audit['title']}"
                for one in runs
                for name in categories
                if scores[name] < 100
                for ref in one["categories"][name]["auditRefs"]
                if ref["weight"] and (audit := one["audits"][ref["id"]])["score"] not in (None, 1)
            }
        )
        metrics = {
            name: statistics.median(one["audits"][name]["numericValue"] for one in runs)
            for name in ("largest-contentful-paint", "cumulative-layout-shift")
            if name in runs[0]["audits"]
        }
        results[page] = {"scores": scores, "below": short, **metrics}
        print(f"| {page or 'start'} | {' | '.join(str(scores[name]) for name in categories)} | {'; '.join(short)} |", flush=True)
    served.close()
    if options.json:
        options.json.write_text(json.dumps(results, indent=1))
    return int(any(score < 100 for result in results.values() for score in result["scores"].values()))


def run(address, categories):
    """Return Lighthouse's report of one load of a page. Chromium does not always start well: three are tried."""
    command = [npm_tool(LIGHTHOUSE) / "node_modules" / ".bin" / "lighthouse"]
    os.environ.setdefault("CHROME_PATH", shutil.which("chromium") or "")
    for _ in range(3):
        with tempfile.TemporaryDirectory() as folder:
            report = Path(folder, "report.json")
            try:
                done = subprocess.run(
                    [
                        *command,
                        address,
                        "--quiet",
                        "--output=json",
                        f"--output-path={report}",
                        f"--only-categories={','.join(categories)}",
                        f"--chrome-flags={FLAGS}",
                    ],
                    capture_output=True,
                    text=True,
                    timeout=90,
                )
                why = done.stderr.strip() or done.stdout.strip()
            except subprocess.TimeoutExpired:
                why = "Lighthouse has not ended in 90 seconds"
            result = json.loads(report.read_text()) if report.exists() else {}
            if result and all(category["score"] is not None for category in result["categories"].values()):
                return result
    sys.exit(f"{address}: {why or result['runtimeError']['message']}")


if __name__ == "__main__":
    sys.exit(main())
