"""What a full run came to: the survivors and their reasons, the table, and the page of the site that shows them."""

import functools
import json
import re
from collections import Counter
from pathlib import Path

import yaml

from drift.harness import ADAPTED, CAUGHT, ROOT, SURVIVED
from drift.mutants import GENERATED

HERE = Path(__file__).parent
LAST = HERE / "last.json"  # what the last full run came to
CLAIMS = HERE / "claims.json"  # what the last run of claims.py came to
COLUMNS = (CAUGHT, ADAPTED, SURVIVED)


@functools.cache
def rules():
    """Return the reasons why a survivor may be harmless: kind, reason, and the patterns or the words of what was done there."""
    return yaml.safe_load((HERE / "survivors.yml").read_text(encoding="utf-8"))


def reason(mutant):
    """Return why a survivor is harmless, or None if nobody has said so."""
    return next((rule["reason"] for rule in rules() if rule["kind"] == mutant.kind and _is_meant(rule, mutant)), None)


def _is_meant(rule, mutant):
    patterns, words = rule.get("where", ()), rule.get("said", {}).get(mutant.path, ())
    where = f"{mutant.path}: {mutant.what}"
    return any(re.search(pattern, where) for pattern in patterns) or any(said in mutant.what for said in words)


def summary(results, made):
    """Return what a full run came to, as it is kept in last.json."""
    kinds = list(dict.fromkeys(mutant.kind for mutant in made))
    found = Counter((mutant.kind, result.verdict) for mutant, result in results)
    reasons = Counter((mutant.kind, reason(mutant) or "?") for mutant, result in results if result.verdict == SURVIVED)
    messages = {}
    for mutant, result in results:
        if result.verdict == CAUGHT:
            shape = re.sub(r"[\w./-]+:\d+: |['\"`].*?['\"`]|\d+|\[.*\]", "", result.message)
            messages.setdefault(mutant.kind, Counter())[shape] += 1
            messages.setdefault((mutant.kind, shape), result.message)
    return {
        "made": len(made),
        "programs": programs(results, made),
        "table": [[kind, *(found[kind, verdict] for verdict in COLUMNS)] for kind in kinds],
        "survivors": [[kind, why, count] for (kind, why), count in reasons.items()],
        "messages": [[kind, messages[kind, messages[kind].most_common(1)[0][0]]] for kind in kinds if kind in messages],
    }


def programs(results, made):
    """Return what became of the mistakes in each program, as it is kept in last.json: how many were made, and the verdicts."""
    number = Counter(mutant.path for mutant in made if mutant.area == "program")
    found = Counter((mutant.path, result.verdict) for mutant, result in results)
    return [[path, number[path], *(found[path, verdict] for verdict in COLUMNS)] for path in sorted(number)]


def write(root=ROOT):
    """Write the page from what the last full run came to."""
    (root / GENERATED).write_text(page(), encoding="utf-8")


def page():
    """Return the text of the page."""
    last = json.loads(LAST.read_text(encoding="utf-8"))
    rows = [[kind, sum(counts), *counts] for kind, *counts in last["table"]]
    left = sum(number - sum(counts) for _, number, *counts in last["programs"])
    total = [sum(column) for column in list(zip(*rows))[1:]]
    return (
        (HERE / "page.txt")
        .read_text(encoding="utf-8")
        .format(
            table=_table(
                ("Mistake", "Made", "Caught", "Adapted", "Survived"),
                [*rows, ["**All**", *(f"**{n:,}**" for n in total)]],
                numbers=4,
            ),
            **_claims(),
            made=f"{last['made']:,}",
            judged="" if total[0] == last["made"] else f" So far, {total[0]:,} of them have been judged.",
            kinds=len(rows),
            programs=_table(
                ("Program", "Made", "Caught", "Adapted", "Survived"),
                [[f"`{path}`", number, *counts] for path, number, *counts in last["programs"]],
                numbers=4,
            ),
            judged_programs="" if not left else f" {left:,} of them have not been judged yet.",
            survived=total[-1],
            survivors=_table(
                ("Mistake", "Survivors", "Why it is harmless"),
                [[kind, count, why] for kind, why, count in last["survivors"]],
                numbers=1,
            ),
            messages="\n\n".join(
                f"**{kind}**\n\n<!--display-only: a message of the last full run-->\n\n````text\n{message}\n````"
                for kind, message in last["messages"]
            ),
        )
    )


@functools.cache
def why_never():
    """Return why a claim that no change makes false is one all the same, by its page and its expression."""
    entries = yaml.safe_load((HERE / "claims.yml").read_text(encoding="utf-8"))
    return {(entry["page"], entry["holds"]): entry["reason"] for entry in entries}


def _claims():
    """Return what the page says about claims, from the last run of tests/drift/claims.py."""
    last = json.loads(CLAIMS.read_text(encoding="utf-8"))
    never = "Every claim is false under at least one of them: a claim that is true of every program says nothing."
    if last["never"]:
        rows = [[f"`{holds}`", f"`{page}`", why_never().get((page, holds), "?")] for page, holds in last["never"]]
        never = f"These are false under none of them:\n\n{_table(('Claim', 'Page', 'Why it is one'), rows, numbers=0)}"
    return {
        "claims": sum(map(len, last["claims"].values())),
        "claiming": len(last["claims"]),
        "changes": len(last["false"]),
        "false": _table(("The program, but with", "Claims that become false"), list(last["false"].items()), numbers=1),
        "never": never,
    }


def _table(head, rows, numbers):
    """Return a Markdown table whose columns after the first (as many as `numbers`) are numbers."""
    lines = [head, [":--", *["--:"] * numbers, *[":--"] * (len(head) - 1 - numbers)], *rows]
    return "\n".join("| " + " | ".join(f"{cell:,}" if isinstance(cell, int) else cell for cell in line) + " |" for line in lines)
