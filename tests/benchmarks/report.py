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


WHOLE = {"measured": "{machine}", "visits": "the median of five runs", "while_": "a minute"}
QUICK = {
    "measured": "{machine} It was a quick run beside other work, so it is a first impression.",
    "visits": "one run",
    "while_": "three seconds",
}


PARTS = ("download", "compile", "Python", "NumPy", "run")
# What is done, under which name its seconds stand, to which of them they are compared, and the most that was meant.
AGAIN = (
    ("Plain Material builds the site", "plain", "plain", 0),
    ("The engine builds it, with nothing kept", "cold", "plain", 3),
    ("It builds it again, with all kept", "warm", "plain", 1.25),
    ("It builds it after an edit of one page", "edit", "plain", 1.5),
    ("An edit is seen under `mkdocs serve`, plain", "serve plain", "serve plain", 0),
    ("An edit is seen under `mkdocs serve`, with the engine", "serve", "serve plain", 1.5),
    ("The site is published", "publish", "publish", 0),
    ("It is published again, with nothing changed", "publish again", "publish", 0.3),
    ("Python imports what the engine stands on", "import of what it stands on", "import of what it stands on", 0),
    ("It imports that, and the engine", "import", "import of what it stands on", 0),
)


def keep(results, quick=False):
    """Put results in the place of those of the last run, and write the page, which says if the run was a quick one."""
    last = json.loads(LAST.read_text(encoding="utf-8")) if LAST.is_file() else {}
    last.update(results, machines=last.get("machines", {}) | dict.fromkeys(results, machine()), quick=quick)
    LAST.write_text(json.dumps(last, indent=1) + "\n", encoding="utf-8")
    (ROOT / GENERATED).write_text(page(), encoding="utf-8")


def machine():
    """Return the machine in words."""
    info = Path("/proc/cpuinfo")
    named = re.search(r"model name\s*:\s*(.+)", info.read_text()) if info.is_file() else None
    model = named[1].strip() if named else platform.processor() or platform.machine()
    return f"{os.cpu_count()} cores ({model}), {platform.system()}, Python {platform.python_version()}"


def _measured(machines):
    """Say on which machine was measured, or on which ones, if some parts were measured again on another one."""
    first, *others = dict.fromkeys(machines.values())
    if not others:
        return f"All was measured on one machine: {first}."
    apart = [f"{', '.join(f'`{part}`' for part in machines if machines[part] == other)} on {other}" for other in others]
    return f"Measured on {first}; but, of the parts of `tests/benchmarks`, {'; '.join(apart)}."


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
    values = dict(
        measured=said["measured"].format(machine=_measured(last["machines"])),
        visits=said["visits"],
        while_=said["while_"],
        builds=_table(
            ("The same pages, built by", "Seconds", "Ratio to the plain one"),
            [[name, seconds, seconds / (modern if "Zensical" in name else material)] for name, seconds in builds.items()],
        ),
        added=f"{added:.2f}",
        cold=f"{builds['Material with the engine'] / material:.2f}",
        cold_met=_met(builds["Material with the engine"] / material, 3),
        runs=runs["number"],
        runs_seconds=f"{runs['seconds']:.2f}",
        runs_percent=round(100 * runs["seconds"] / material),
        growth=_growth(last["growth"]),
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
    if "again" in last:
        values["again"], values["again_met"] = _again(last["again"])
    if "tests" in last:
        run = last["tests"]
        rest = 100 - sum(run["shares"].values())
        values |= {
            "tests": _table(
                ("File", "Hundredths of the time"),
                [*([f"`{name}`", share] for name, share in run["shares"].items()), ["all others", rest]],
            ),
            "tests_number": f"{run['number']:,}",
            "tests_seconds": run["seconds"],
            "tests_met": _met(run["seconds"], 30),
        }
    if "release" in last:
        values |= {"release": _release(last["release"]), "release_first": f"{last['release']['the first visit'][1]:,}"}
    if "output" in last:
        values["output"] = _table(
            ("Seconds in", *(part[0].upper() + part[1:] for part in PARTS), "All", "Announced", "Ratio"),
            [
                [name, *(run[part] for part in PARTS), run["all"], run["announced"], run["announced"] / run["all"]]
                for name, run in last["output"].items()
            ],
        )
    # What has not been measured yet is no section of the page.
    sections = re.split(r"(?m)^(?=## )", text)
    return "".join(one.format(**values) for one in sections if {*re.findall(r"(?<!{){(\w+)}", one)} <= values.keys())


def _met(ratio, aim):
    return "met" if ratio <= aim else "missed"


def _growth(growth):
    head, rows = ["Pages", "Plain Material, seconds", "With the engine, seconds", "The engine's, milliseconds a page"], []
    again = all("again" in run for run in growth.values())
    if again:
        head += [
            "Once more, seconds",
            "The engine's, milliseconds a page",
            "Memory: plain, MB",
            "The engine, MB",
            "Once more, MB",
        ]
    for number, run in growth.items():
        each = [round(1000 * (run[name] - run["plain"]) / int(number)) for name in ("engine", "again") if name in run]
        rows.append([f"{int(number):,}", run["plain"], run["engine"], each[0]])
        if again:
            rows[-1] += [run["again"], each[1], *(round(run["memory"][name] / 1e6) for name in ("plain", "engine", "again"))]
    return _table(head, rows)


def _again(times):
    """Return the table of what is done again, and which of its aims are missed, in words."""
    rows, missed = [], []
    for said, name, to, aim in AGAIN:
        ratio = times[name] / times[to]
        rows.append([said, times[name], ratio, f"at most {aim}" if aim else "", _met(ratio, aim) if aim else ""])
        missed += [said] if aim and ratio > aim else []
    words = f"Missed: {', '.join(one[0].lower() + one[1:] for one in missed)}." if missed else "All aims are met."
    return _table(("What is done", "Seconds", "Ratio", "Aim", ""), rows), words


def _release(bytes):
    rows = [[f"A release that changes {name}", *bytes[name]] for name in bytes if name != "the first visit"]
    return _table(
        ("After", "Two pages, without a service worker: bytes", "The whole site, with one: bytes"),
        [["nothing: the first visit", *bytes["the first visit"]], *rows],
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
