"""`python tests/drift`: make every mutant, judge it, and write the table into docs/drift.md."""

import argparse
import json
import re
import sys
import time
from pathlib import Path

sys.path.insert(0, str(Path(__file__).parent.parent))

import yaml

from drift.harness import ROOT, SURVIVED, fully, run
from drift.mutants import mutants, sample
from drift.report import LAST, programs, reason, summary, write


def main():
    parser = argparse.ArgumentParser(prog="python tests/drift", description=__doc__)
    parser.add_argument(
        "--only", default="", help="only mutants in whose kind, path or change this pattern is found; writes no table"
    )
    parser.add_argument("--sample", type=int, metavar="N", help="only so many mutants, of all kinds; writes no table")
    parser.add_argument("--check", type=int, metavar="N", help="hold the verdicts of so many mutants to those without short cuts")
    parser.add_argument("--programs", action="store_true", help="only the mistakes in the programs; writes their table alone")
    parser.add_argument("--so-far", action="store_true", help="judge no more, and write the table of what is known")
    parser.add_argument("--jobs", type=int, help="how many at a time (as many as there are cores)")
    given = parser.parse_args()
    chosen = [mutant for mutant in mutants(ROOT) if re.search(given.only, _words(mutant))]
    if given.programs:
        chosen = [mutant for mutant in chosen if mutant.area == "program"]
    if count := given.sample or given.check:
        chosen = sample(chosen, count)
    began, counts = time.monotonic(), {}

    def progress(done, of, mutant, result):
        if result:
            counts[result.verdict] = counts.get(result.verdict, 0) + 1
        if sys.stderr.isatty() or done % 50 == 0 or done == of:
            said = ", ".join(f"{count} {verdict}" for verdict, count in sorted(counts.items()))
            print(
                f"\r\033[K{done}/{of} in {time.monotonic() - began:.0f} s  {said}",
                end="\n" * (not sys.stderr.isatty()),
                file=sys.stderr,
                flush=True,
            )

    results = run(chosen=chosen, jobs=given.jobs, kept=ROOT / ".cache" / "drift.jsonl", progress=progress, judge=not given.so_far)
    if given.check:
        return check(results)
    unexplained = [found for found in results if found[1].verdict == SURVIVED and not reason(found[0])]
    if unexplained:
        print("# Nothing notices these. Mend what lets them pass, or say in tests/drift/survivors.yml why they are harmless:")
    for mutant, result in unexplained:
        entry = {"kind": mutant.kind, "reason": "?", "said": {mutant.path: [mutant.what]}}
        print(f"\n# {mutant.path}:{mutant.line}: {result.message}")
        print(yaml.safe_dump([entry], sort_keys=False, allow_unicode=True, width=10**6), end="")
    if not given.only and not count:
        last = json.loads(LAST.read_text("utf-8"))
        last |= {"programs": programs(results, chosen)} if given.programs else summary(results, chosen)
        LAST.write_text(json.dumps(last, indent=1, ensure_ascii=False) + "\n", encoding="utf-8")
        write()
    return int(bool(unexplained))


def _words(mutant):
    return f"{mutant.kind} {mutant.path}:{mutant.line} {mutant.what}"


def check(results):
    """Judge mutants once more, without short cuts; print every verdict that differs, and return 1 if one does."""
    same, differ = None, 0
    for number, (mutant, result) in enumerate(results, 1):
        (verdict, message), same = fully(ROOT, mutant, same)
        differ += verdict != result.verdict
        said = "the same" if verdict == result.verdict else f"{result.verdict} ({result.message}), but {verdict} ({message})"
        print(f"{number}/{len(results)} {mutant.kind}: {mutant.path}:{mutant.line}: {said}", flush=True)
    return int(bool(differ))


if __name__ == "__main__":
    sys.exit(main())
