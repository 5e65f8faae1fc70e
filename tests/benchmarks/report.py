"""What the last run came to, and the page of the site that shows it."""

import json
import os
import platform
import re
from pathlib import Path

HERE = Path(__file__).parent
ROOT = HERE.parent.parent
LAST = HERE / "last.json"
GENERATED = Path("docs/benchmarks.md")


WHOLE = {"measured": "All was measured on one machine: {machine}.", "visits": "the median of five runs", "while_": "a minute"}
QUICK = {
    "measured": "All was measured on one machine, {machine}, in a quick run beside other work, so it is a first impression.",
    "visits": "one run",
    "while_": "three seconds",
}


def keep(results, quick=False):
    """Put results in the place of those of the last run, and write the page, which says if the run was a quick one."""
    last = json.loads(LAST.read_text(encoding="utf-8")) if LAST.is_file() else {}
    last.update(results, machine=machine(), quick=quick)
    LAST.write_text(json.dumps(last, indent=1) + "\n", encoding="utf-8")
    (ROOT / GENERATED).write_text(page(), encoding="utf-8")


def machine():
    """Return the machine in words."""
    info = Path("/proc/cpuinfo")
    named = re.search(r"model name\s*:\s*(.+)", info.read_text()) if info.is_file() else None
    model = named[1].strip() if named else platform.processor() or platform.machine()
    return f"{os.cpu_count()} cores ({model}), {platform.system()}, Python {platform.python_version()}"


def page():
    """Return the text of the page."""
    last = json.loads(LAST.read_text(encoding="utf-8"))
    builds = last["builds"]
    material, modern = builds["plain Material"], builds["plain Zensical"]
    added, runs = builds["Material with the engine"] - material, last["programs"]
    one = last["fences"]
    alone, engine = (one[name] / one["fences"] for name in ("pytest-codeblocks alone", "the engine"))
    weight, paint, load = last["weight"], last["paint"], last["load"]
    heavy = max(weight["pages"].items(), key=lambda item: item[1]["bytes"] * (item[0] != "program/"))
    ours = weight["this site"]["bytes"]
    said = QUICK if last["quick"] else WHOLE
    text = (HERE / "page.txt").read_text(encoding="utf-8")
    return text.format(
        measured=said["measured"].format(machine=last["machine"]),
        visits=said["visits"],
        while_=said["while_"],
        builds=_table(
            ("The same pages, built by", "Seconds", "Ratio to the plain one"),
            [[name, seconds, seconds / (modern if "Zensical" in name else material)] for name, seconds in builds.items()],
        ),
        added=f"{added:.2f}",
        added_percent=round(100 * added / material),
        runs=runs["number"],
        runs_seconds=f"{runs['seconds']:.2f}",
        runs_percent=round(100 * runs["seconds"] / material),
        growth=_table(
            ("Pages", "Plain Material, seconds", "With the engine, seconds", "The engine's, milliseconds a page"),
            [
                [f"{int(number):,}", run["plain"], run["engine"], round(1000 * (run["engine"] - run["plain"]) / int(number))]
                for number, run in last["growth"].items()
            ],
        ),
        fences=_table(
            ("Fences tested by", "Milliseconds a fence", "Ratio"),
            [["pytest-codeblocks alone", round(1000 * alone), 1.0], ["the engine", round(1000 * engine), engine / alone]],
        ),
        number=one["fences"],
        weight=_table(
            ("The article, built by", "Requests", "Bytes", "Ratio to this site"),
            [
                [name, counts["requests"], counts["bytes"], counts["bytes"] / ours]
                for name, counts in weight.items()
                if name != "pages"
            ],
        ),
        heavy=f"/{heavy[0]}",
        heavy_bytes=f"{heavy[1]['bytes']:,}",
        heavy_requests=heavy[1]["requests"],
        program_bytes=f"{weight['pages']['program/']['bytes']:,}",
        program_requests=weight["pages"]["program/"]["requests"],
        paint=paint.get("missing")
        or _table(
            ("The article, built by", "Largest paint, milliseconds", "Ratio to Furo", "Blocked, ms", "Shift", "Score"),
            [
                [
                    name,
                    round(run["paint"]),
                    run["paint"] / paint["Furo"]["paint"] if "Furo" in paint else "–",
                    round(run["blocked"]),
                    run["shift"],
                    run["score"],
                ]
                for name, run in paint.items()
            ],
        ),
        answers=_table(
            ("What is checked", "First, seconds", "After it, seconds", "Ratio"),
            [[name, first, second, first / second] for name, (first, second) in last["answers"].items()],
        ),
        load=load.get("missing")
        or _table(
            ("nginx serves", "Requests a second", "Ratio", "99 of 100 within, milliseconds", "Ratio", "Errors"),
            [
                [
                    name,
                    load[name]["requests"],
                    load[name]["requests"] / load["bare page"]["requests"],
                    load[name]["p99"],
                    load[name]["p99"] / load["bare page"]["p99"],
                    load[name]["errors"] + load[name]["bad"],
                ]
                for name in ("bare page", "this site")
            ],
        ),
        load_bytes=f"{load.get('bytes', 0):,}",
    )


def _table(head, rows):
    """Return a Markdown table whose columns after the first are numbers; a fraction has two digits after the point."""

    def written(cell):
        match cell:
            case float():
                return f"{cell:.2f}"
            case int():
                return f"{cell:,}"
        return cell

    lines = [head, [":--", *["--:"] * (len(head) - 1)], *rows]
    return "\n".join(f"| {' | '.join(map(written, line))} |" for line in lines)
