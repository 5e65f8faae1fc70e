"""`python tests/drift`: make every mutant, judge it, and write the table into docs/drift.md."""

import argparse
import sys
import time
from pathlib import Path

sys.path.insert(0, str(Path(__file__).parent.parent))

from drift.harness import ROOT, SURVIVED, run  # noqa: E402
from drift.mutants import mutants  # noqa: E402


def main():
    parser = argparse.ArgumentParser(prog="python tests/drift", description=__doc__)
    parser.add_argument("--only", default="", help="only mutants whose kind, path or change has this text; writes no table")
    parser.add_argument("--jobs", type=int, help="how many at a time (as many as there are cores)")
    given = parser.parse_args()
    chosen = [mutant for mutant in mutants(ROOT) if given.only in f"{mutant.kind} {mutant.path} {mutant.what}"]
    began, counts = time.monotonic(), {}

    def progress(done, of, mutant, result):
        if result:
            counts[result.verdict] = counts.get(result.verdict, 0) + 1
            if result.verdict == SURVIVED:
                print(f"\r\033[K{mutant.kind} | {mutant.path}:{mutant.line} | {mutant.what}\n    {result.message}")
        if sys.stderr.isatty() or done % 50 == 0 or done == of:
            said = ", ".join(f"{count} {verdict}" for verdict, count in sorted(counts.items()))
            print(f"\r\033[K{done}/{of} in {time.monotonic() - began:.0f} s  {said}", end="\n" * (not sys.stderr.isatty()),
                  file=sys.stderr, flush=True)

    run(chosen=chosen, jobs=given.jobs, kept=ROOT / ".cache" / "drift.jsonl", progress=progress)


if __name__ == "__main__":
    main()
