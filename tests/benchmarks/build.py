"""Time: what the engine adds to a build, how that grows, and what a tested fence costs."""

import contextlib
import io
import re
import shutil
import statistics
import subprocess
import sys
import time
import warnings

from benchmarks.sites import ROOT, copy, mkdocs, plain, published, timed, zensical

from literate.page import Live, Page, WhatIf
from literate.program import Program, apply


def builds(folder, quick):
    """Return the seconds of each way to build the site's pages: the median of some runs that take turns."""
    engine = copy(folder / "engine")
    ways = {
        "plain Material": (mkdocs, plain(engine, folder / "plain")),
        "Material with the engine": (mkdocs, engine),
        "the same, published": (mkdocs, published(copy(folder / "published"))),
        "plain Zensical": (zensical, plain(engine, folder / "plain-zensical")),
        "Zensical with the engine": (zensical, copy(folder / "engine-zensical")),
    }
    times = {name: [] for name in ways}
    for _ in range(1 if quick else 3):
        for name, (make, site) in ways.items():
            times[name].append(make(site))
    return {name: round(statistics.median(seconds), 2) for name, seconds in times.items()}


def programs(folder, quick):
    """Return how many programs the pages run (the site's, and what each what-if makes of one), and the seconds they take.

    Each is run once, in a process that does nothing else: what no engine can save that runs them at all.
    """
    texts = {path.read_text(encoding="utf-8") for path in (ROOT / "snippets").glob("*.py")}
    for path in sorted((ROOT / "docs").rglob("*.md")):
        page, changed = Page.read(path), None
        for block in page.blocks:
            if isinstance(block, WhatIf):
                program = Program.read(ROOT / "snippets" / page.program)
                changed, _ = apply(changed if block.continues else program, block.text)
                texts.add(changed.text)
    seconds = []
    for _ in range(1 if quick else 3):
        began = time.monotonic()
        for text in sorted(texts):
            with contextlib.redirect_stdout(io.StringIO()), warnings.catch_warnings(), contextlib.suppress(Exception):
                warnings.simplefilter("ignore")
                exec(compile(text, "program", "exec"), {"__name__": "__main__"})
        seconds.append(time.monotonic() - began)
    return {"number": len(texts), "seconds": round(statistics.median(seconds), 2)}


def growth(folder, quick):
    """Return for each number of pages the seconds of a plain build, and of one with the engine: the first, and the next.

    And the bytes of the largest process of each. The pages are one of the walk.
    """
    page, program = ((ROOT / "docs" / name).read_text(encoding="utf-8") for name in ("walk/error.md", "program.md"))
    page = re.sub(r"(?<!!)\[([^\]]*)\]\((?!\.\./program)[^)]*\)", r"\1", page)
    program = re.sub(r"\[([^\]]*)\]\((?!#)[^)]*\)", r"\1", program)
    around = {"index.md": "# Start\n", "program.md": program}
    written = plain(copy(folder / "first", {"pages/first.md": page, **around}), folder / "written")  # all of them are this one
    results = {}
    for number in (10, 50) if quick else (10, 50, 200):
        names = [f"pages/p{index:04}.md" for index in range(number)]
        engine = copy(folder / f"engine{number}", dict.fromkeys(names, page) | around)
        without = shutil.copytree(written, folder / f"plain{number}")
        for name in names:
            shutil.copy(written / "docs" / "pages" / "first.md", without / "docs" / name)
        (without / "docs" / "pages" / "first.md").unlink()
        build = ("mkdocs", "build", "-q", "--site-dir", "site")
        runs = {"plain": timed(without, *build), "engine": timed(engine, *build), "again": timed(engine, *build, cold=False)}
        results[str(number)] = {name: round(seconds, 2) for name, (seconds, _) in runs.items()}
        results[str(number)]["memory"] = {name: peak for name, (_, peak) in runs.items()}
    return results


def fences(folder, quick):
    """Return the fences of the walk, and the seconds that testing them takes: with the engine, and with pytest-codeblocks alone.

    Alone, each fence has to bring the program along, as it has no state to begin from.
    """
    program = (ROOT / "snippets" / "nn.py").read_text(encoding="utf-8")
    number = 0
    for path in sorted((ROOT / "docs" / "walk").glob("*.md")):
        live = [block for block in Page.read(path).blocks if isinstance(block, Live)]
        number += len(live)
        (folder / path.name).write_text("\n".join(f"```python\n{program}```\n" for _ in live), encoding="utf-8")

    def seconds(*command, cwd):
        began = time.monotonic()
        done = subprocess.run(
            [sys.executable, "-m", "pytest", "-q", "-p", "no:cacheprovider", *command], cwd=cwd, capture_output=True, text=True
        )
        if done.returncode:
            raise SystemExit(done.stdout + done.stderr)
        return time.monotonic() - began

    (folder / "pytest.ini").write_text("[pytest]\n")
    runs = range(1 if quick else 3)
    alone, engine = [], []
    for _ in runs:
        alone.append(seconds("--codeblocks", ".", cwd=folder))
        engine.append(seconds("docs/walk", cwd=ROOT))
    return {
        "fences": number,
        "pytest-codeblocks alone": round(statistics.median(alone), 2),
        "the engine": round(statistics.median(engine), 2),
    }
