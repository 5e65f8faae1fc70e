"""`python tests/benchmarks`: measure the site against its neighbours, side by side in one run, and write docs/benchmarks.md."""

import argparse
import json
import os
import sys
import tempfile
from pathlib import Path

sys.path.insert(0, str(Path(__file__).parent.parent))

from benchmarks import again, answers, build, load, output, release, report, tests, weight

os.environ["LITERATE_KEEP"] = "true"  # as for whoever builds the site; what is imported from the tests has said otherwise

PARTS = {
    "builds": build.builds,
    "again": again.again,
    "programs": build.programs,
    "growth": build.growth,
    "fences": build.fences,
    "tests": tests.tests,
    "weight": weight.weight,
    "paint": weight.paint,
    "release": release.release,
    "output": output.output,
    "answers": answers.answers,
    "load": load.load,
}


def main():
    parser = argparse.ArgumentParser(prog="python tests/benchmarks", description=__doc__)
    parser.add_argument(
        "parts", nargs="*", metavar="PART", help=f"only these, and keep what is known of the others: {', '.join(PARTS)}"
    )
    parser.add_argument("--quick", action="store_true", help="fewer runs and smaller sites; the page says so")
    given = parser.parse_args()
    if unknown := set(given.parts) - set(PARTS):
        parser.error(f"there is no part {', '.join(unknown)}; the parts are {', '.join(PARTS)}")
    results = {}
    for name in given.parts or PARTS:
        with tempfile.TemporaryDirectory(prefix="benchmark-") as folder:
            results[name] = PARTS[name](Path(folder), given.quick)
        print(name, json.dumps(results[name], indent=1), flush=True)
    report.keep(results, given.quick)


if __name__ == "__main__":
    main()
