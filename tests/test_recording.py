"""The recording: what the program's variables held, against a run that knows nothing of the engine."""

import base64
import gzip
import hashlib
import json
import os
import subprocess
import sys

import brotli
import numpy as np
import pytest
from conftest import ELSEWHERE, ROOT

from literate.program import Program, ProgramError
from literate.record import Recording, as_text

NN = Program.read(ROOT / "snippets" / "nn.py")
RECORDING = Recording.of(NN)


@pytest.fixture(scope="module")
def plain():
    """The values after each line of the first ten and of some later iterations, as Python's own tracing sees them."""
    code, seen, turn, before = compile(NN.text, "traced", "exec"), {}, 0, None
    kept = {*range(1, 11), 100, 1000, 10_000}

    def trace(frame, event, argument):
        nonlocal turn, before
        if frame.f_code is not code:
            return None
        if event in ("line", "return"):
            if before == 25 and frame.f_lineno == 28:
                turn += 1
            exhausted = before == 25 and frame.f_lineno != 28
            if before and not exhausted and (turn in kept or turn == 0 or frame.f_lineno > 40):
                state = {
                    name: np.array(value)
                    for name, value in frame.f_globals.items()
                    if isinstance(value, np.ndarray | int) and name != "__builtins__"
                }
                seen[before, 0 if before < 25 or before > 40 else turn] = state
            before = frame.f_lineno
        return trace

    space = {"print": lambda *_: None}
    sys.settrace(trace)
    try:
        exec(code, space)
    finally:
        sys.settrace(None)
    return seen


def test_the_values_are_those_of_a_plain_run_to_the_last_bit(plain):
    checked = 0
    for step in RECORDING.steps:
        if (step.line, step.iteration) not in plain:
            continue
        real = plain[step.line, step.iteration]
        state = {name: value for name, value in step.state.items() if isinstance(value, np.ndarray | int)}
        assert state.keys() == real.keys()
        for name, value in state.items():
            assert np.asarray(value).tobytes() == real[name].tobytes(), (step.line, step.iteration, name)
            checked += 1
    assert checked > 500


def test_the_iterations_are_ten_and_then_evenly_spaced_on_a_logarithmic_scale():
    kept = RECORDING.iterations
    assert kept[:10] == list(range(1, 11)) and kept[-1] == 10_000 and {100, 1000} < set(kept) and 30 <= len(kept) <= 40
    ratios = [b / a for a, b in zip(kept[9:], kept[10:])]
    assert 1.25 < min(ratios) and max(ratios) < 1.45
    assert [step.line for step in RECORDING.steps if step.iteration == 13] == [25, 28, 29, 32, 36, 39]


def test_what_a_line_changed_is_what_it_binds_and_what_it_moves_in_place():
    assert [RECORDING.after(line, 10).changed for line in (25, 28, 29, 39)] == [("iteration",), ("l0",), ("l1",), ("syn0",)]
    assert RECORDING.after(20).changed == () and RECORDING.after(10).changed == ("X",)
    assert RECORDING.after(42).printed.startswith("[[0.00966449]")
    program = Program("p.py", "a = [1]\nb = a\nfor n in range(3):\n    b.append(n)\n    if n:\n        c = n\n")
    steps = Recording.of(program).steps
    assert [(step.line, step.iteration, step.changed) for step in steps] == [
        (1, 0, ("a",)),
        (2, 0, ("b",)),
        (3, 1, ("n",)),
        (4, 1, ("a", "b")),
        (5, 1, ()),
        (3, 2, ("n",)),
        (4, 2, ("a", "b")),
        (5, 2, ()),
        (6, 2, ("c",)),
        (3, 3, ("n",)),
        (4, 3, ("a", "b")),
        (5, 3, ()),
        (6, 3, ("c",)),
    ]
    assert steps[3].state["a"] == [1, 0]  # a later change has not reached it


def test_a_program_that_fails_is_not_recorded():
    with pytest.raises(ProgramError, match="p.py:2: ZeroDivisionError"):
        Recording.of(Program("p.py", "a = 1\na / 0\n"))


def test_the_site_has_the_recording_that_its_processor_makes(site):
    code = "from test_recording import RECORDING, as_text; print(as_text(RECORDING, ['X']), end='')"
    folder, env = ROOT / "tests", {**os.environ, **ELSEWHERE}
    made = subprocess.run([sys.executable, "-c", code], cwd=folder, env=env, capture_output=True, text=True, check=True)
    assert (site / "program.json").read_text() == made.stdout


def test_the_file_holds_the_recording_to_the_last_bit():
    """Its own reader, independent of the one in docs/assets/recording.js."""
    text = as_text(RECORDING)
    assert len(gzip.compress(text.encode(), 9)) < 11_800
    file = json.loads(text)
    assert file["sha256"] == hashlib.sha256((ROOT / "snippets" / "nn.py").read_bytes()).hexdigest()
    planes = np.frombuffer(base64.b64decode(file["floats"]), np.uint8).reshape(8, -1)
    floats, shapes, state = iter(planes.T.copy().view(">f8").ravel().astype(float)), {}, {}
    for (line, iteration, values, *_), step in zip(file["steps"], RECORDING.steps, strict=True):
        for name, value in values.items():
            if value is None or isinstance(value, dict) and value.get("dtype") == "float64":
                shapes[name] = value["shape"] if value else shapes[name]
                state[name] = np.array([next(floats) for _ in range(np.prod(shapes[name]))]).reshape(shapes[name])
        assert (line, iteration) == (step.line, step.iteration)
        assert all(value.tobytes() == step.state[name].tobytes() for name, value in state.items())


def test_both_builders_leave_the_same_recordings(site, zensical):
    """Zensical leaves them in the pages, from where they are taken when the site is published."""
    for listing in ("program", "hidden/program", "hidden/eleven/program"):
        [held] = (zensical / listing / "index.html").read_text().partition('data-href="program.json">')[2:]
        assert held.partition("</script>")[0] == (site / f"{listing}.json").read_text()


def test_every_line_of_code_has_a_sentence_and_a_stop(site):
    from conftest import article

    rows = article(site, "program.md").select(".states table")[0].select("tbody tr")
    said = set()
    for row in rows:
        first, _, last = row.td.text.partition("–")
        said |= set(range(int(first), int(last or first) + 1))
        assert row.select("td")[1].text.endswith(".") and row.select("td")[2].a["href"].startswith("../walk/")
    assert said == {number for number, line in enumerate(NN.lines, 1) if line.strip() and not line.strip().startswith("#")}


def test_in_the_second_chapter_a_line_has_a_stop_of_its_own_or_one_of_the_first(site):
    from conftest import article

    for row in article(site, "hidden/program.md").select(".states table")[0].select("tbody tr"):
        _, says, stop = row.select("td")
        assert says.text.endswith(".") and (stop.a or says.a or int(row.td.text) in (5, 6, 7)), row.text
    for row in article(site, "hidden/eleven/program.md").select(".states table")[0].select("tr"):
        assert len(row.select("th, td")) == 2  # no page is a stop of these lines, and there is no column for it


def test_the_ledgers_begin_with_iteration_1_and_hold_every_kept_one(site):
    from conftest import article

    for page, name in (("walk/delta.md", "l1_delta"), ("walk/update.md", None)):
        ledger = article(site, page).select_one(".ledger")
        assert ledger["data-iterations"].split() == list(map(str, RECORDING.iterations))
        for index, iteration in enumerate(RECORDING.iterations):
            state, was = RECORDING.after(36, iteration).state, RECORDING.after(39, iteration).state["syn0"]
            wanted = state[name] if name else was - state["syn0"]
            values = [
                value.get("data-at", ";".join([value.text] * len(RECORDING.iterations))).split(";")[index]
                for value in ledger.select("tr td:last-child .value" if name else "tr:last-child .value")
            ]
            assert values == [f"{number:+.5f}".replace("-", "−") for number in wanted.ravel()]
            if not index:
                assert values == [
                    value.text for value in ledger.select("tr td:last-child .value" if name else "tr:last-child .value")
                ]


def test_what_stands_inside_of_the_lines_at_most_doubles_what_a_browser_loads(site):
    files = [path for path in site.rglob("program.json") if "inside" in json.loads(path.read_text(encoding="utf-8"))]
    assert len(files) == len(list((ROOT / "snippets").glob("*.py")))
    for path in files:
        whole = json.loads(path.read_text(encoding="utf-8"))
        without = {name: part for name, part in whole.items() if name != "inside"}
        sizes = [len(brotli.compress(json.dumps(part, separators=(",", ":")).encode())) for part in (whole, without)]
        assert sizes[0] <= 2 * sizes[1], f"{path.relative_to(site)}: {sizes}"
