"""`python tests/drift/claims.py [JOBS]`: weigh all claims under a list of changed programs, and keep what came of it.

A claim that none of them makes false says nothing. It is printed, unless tests/drift/claims.yml has a reason for it. What was
weighed stays in .cache/claims.json for as long as its page and the programs do not change; delete that file when the engine has.
"""

import hashlib
import json
import re
import sys
from concurrent.futures import ProcessPoolExecutor
from difflib import SequenceMatcher
from pathlib import Path
from tempfile import TemporaryDirectory

sys.path.insert(0, str(Path(__file__).parent.parent))

from drift.harness import ROOT
from drift.report import CLAIMS, why_never, write
from literate.page import Code, Exercise, Live, Page, PageError, Prose
from literate.play import walk
from literate.plot import figures
from literate.prose import render
from literate.state import OutputError

KEPT = ROOT / ".cache" / "claims.json"

ROWS = re.compile(r"^X = np\.array\(\[(.*?)\]\)$", re.M | re.S)
ROW = re.compile(r"\[\d, \d, \d\]")


def _seed(number):
    return lambda text: re.sub(r"seed\(\d+\)", f"seed({number})", text)


def _rate(rate):
    return lambda text: re.sub(r"(syn\d \+= )np", rf"\g<1>{rate} * np", text)


def _iterations(number):
    return lambda text: re.sub(r"range\(\d+\)", f"range({number})", text)


def _zero(text):
    return re.sub(r"2 \* np\.random\.random\((\(\d, \d\))\) - 1", r"2 * np.zeros(\1)", text)


def _targets(text):
    return re.sub(r"^y = np\.array\(\[\[.*?\]\]\)", "y = np.array([[0, 1, 1, 1]])", text, flags=re.M)


def _order(text):
    """Turn the rows round, each with its target."""
    rows = iter(ROW.findall(ROWS.search(text)[0])[::-1])
    text = ROWS.sub(lambda found: ROW.sub(lambda _: next(rows), found[0]), text)
    return re.sub(r"^(y = np\.array\(\[\[)(.*?)(\]\]\))", lambda found: found[1] + found[2][::-1] + found[3], text, flags=re.M)


def _inputs(text):
    """Take the ones out of column 3, but for the last."""
    return ROWS.sub(lambda found: re.sub(r", 1\],", ", 0],", found[0]), text)


def _columns(text):
    """Add a column, and a weight for it."""
    text = ROWS.sub(lambda found: re.sub(r", 1\](?=,|\])", ", 1, 1]", found[0]), text)
    return text.replace("random((3, ", "random((4, ")


def _another(text):
    """Add an example."""
    text = ROWS.sub(lambda found: f"{found[0][:-2]},\n              [1, 0, 1]])", text)
    return re.sub(r"^(y = np\.array\(\[\[.*?)(\]\]\))", r"\1, 1\2", text, flags=re.M)


def _curve(text):
    """Take another curve, and leave the formula of its slope."""
    return text.replace("return 1 / (1 + np.exp(-x))", "return 1 / (1 + np.exp(-x)) if x is None else np.tanh(x)")


def _slope(text):
    """Take another formula for the slope, and leave the curve."""
    return text.replace("return x * (1 - x)", "return x * (1 - x) if x is None else 1 - x ** 2")


CHANGES = {
    **{f"seed {number}": _seed(number) for number in range(2, 10)},
    "rate 0.1": _rate("0.1"),
    "rate 10": _rate("10"),
    "100 iterations": _iterations(100),
    "1,000 iterations": _iterations(1000),
    "all weights zero": _zero,
    "other targets": _targets,
    "another order of the rows": _order,
    "another column 3": _inputs,
    "one more example": _another,
    "one more column": _columns,
    "another curve": _curve,
    "another slope": _slope,
}


class Sentences:
    """A form, and all roles of it, that writes nothing: only the claims are weighed, and no exercise or table costs its time."""

    def write(self, block, outcome, session):
        return render(block, session, self) if isinstance(block, Prose) and not isinstance(block, Exercise) else ""

    def as_it_stands(self, block):
        return ""

    def __contains__(self, role):
        return True

    def __getitem__(self, role):
        return lambda session, line, text: ""


def weighed(page, programs, changed=()):
    """Return the line and the text of each claim of a page, and whether it holds; None where what it is about has failed.

    `changed` are the lines of the program that are not as they were, and what they are now: what-ifs are changed with them.
    """
    text = page.read_text(encoding="utf-8")
    for old, new in changed:
        text = re.sub(rf"^(\s*[- ]){re.escape(old)}$", lambda found, new=new: found[1] + new, text, flags=re.M)
    read = Page(page, text)
    try:
        shown = walk.play(read, Sentences(), programs)  # in this process, which draws no figure
    except PageError:  # it does not even begin
        return []
    found, left, broken = [], sorted(shown.claims, key=lambda claim: claim[0]), False  # a question's come after its answer
    for result, after in zip(shown.results, [*read.blocks[1:], None]):
        if isinstance(result.block, Live):
            error = result.error
            failed = error and not isinstance(error, OutputError) and "may follow" not in error.message
            broken = failed or broken and isinstance(result.block, Code)  # an embed or a what-if brings a state of its own
        while left and (after is None or left[0][0] < after.line):
            line, evidence = left.pop(0)
            found.append([line, evidence.expression, None if broken else evidence.holds])
    return found


def under(change, kept):
    """Return what each page comes to under a change, by its path, with the digest of all that it depends on; `kept` has some."""
    figures.take = lambda drawn, description, taken=None: figures.left_over() or ""  # nothing is claimed of a picture's ink
    walk.differs = lambda program, function: ""  # nor whether another run gives the same
    with TemporaryDirectory() as folder:
        changed, found = [], {}
        for source in (ROOT / "snippets").glob("*.py"):
            text = source.read_text(encoding="utf-8")
            new = CHANGES[change](text) if change else text
            Path(folder, source.name).write_text(new, encoding="utf-8")
            old, now = text.split("\n"), new.split("\n")
            for kind, first, last, start, end in SequenceMatcher(None, old, now, False).get_opcodes():
                changed += zip(old[first:last], now[start:end]) if kind == "replace" else ()
        for path in _pages():
            page = path.relative_to(ROOT).as_posix()
            digest = hashlib.sha256(f"{path.read_text(encoding='utf-8')}{changed}".encode()).hexdigest()[:16]
            known = kept.get(page)
            found[page] = known if known and known[0] == digest else [digest, weighed(path, folder, changed)]
        return found


def _pages():
    return [
        path
        for path in sorted((ROOT / "docs").rglob("*.md"))
        if "<!--holds:" in path.read_text(encoding="utf-8") and path.name != "contributing.md"
    ]


def run(jobs=None):
    """Weigh every claim under every change; return what came of it, as it is kept."""
    kept = json.loads(KEPT.read_text(encoding="utf-8")) if KEPT.is_file() else {}
    everything = {}
    with ProcessPoolExecutor(jobs) as pool:
        futures = {change: pool.submit(under, change, kept.get(change or "", {})) for change in (None, *CHANGES)}
        for change, future in futures.items():
            everything[change or ""] = future.result()
            print(change or "the program as it is", file=sys.stderr, flush=True)
            KEPT.parent.mkdir(exist_ok=True)
            KEPT.write_text(json.dumps({**kept, **everything}), encoding="utf-8")
    plain, *changed = [{page: found for page, (_, found) in pages.items()} for pages in everything.values()]
    claims = [(page, line, expression) for page, found in plain.items() for line, expression, _ in found]
    false = {change: [key for key in claims if [*key[1:], False] in pages[key[0]]] for change, pages in zip(CHANGES, changed)}
    ever = {key for keys in false.values() for key in keys}
    return {
        "claims": {page: [expression for _, expression, _ in found] for page, found in plain.items()},
        "false": {change: len(keys) for change, keys in false.items()},
        "never": [[page, expression] for page, line, expression in claims if (page, line, expression) not in ever],
    }


def main():
    last = run(int(sys.argv[1]) if sys.argv[1:] else None)
    CLAIMS.write_text(json.dumps(last, indent=1, ensure_ascii=False) + "\n", encoding="utf-8")
    unexplained = [key for key in map(tuple, last["never"]) if key not in why_never()]
    for page, expression in unexplained:
        print(f"{page}: no change makes this false: {expression}")
    write()
    print(f"{len(last['never'])} claims are never false", file=sys.stderr)
    return int(bool(unexplained))


if __name__ == "__main__":
    sys.exit(main())
