"""Inside a line: what its parts came to, against a plain evaluation of their text, and what the file holds of it."""

import base64
import json
import operator
import subprocess
import sys

import numpy as np
import pytest
from conftest import ROOT

from literate.look.far import _Bounded, in_the_place_of, recorded, shipped
from literate.program import Program
from literate.record import Recording, as_text

NN = Program.read(ROOT / "snippets" / "nn.py")
RECORDING = Recording.of(NN)
ELEVEN = (ROOT / "snippets" / "eleven.py").read_text()


def same(one, two):
    return type(one) is type(two) and np.asarray(one).tobytes() == np.asarray(two).tobytes()


def heard(recording, line, iteration=0):
    """Return what is inside of a step, in words: the kind, the line, the text and the value of each."""
    return [(*recording.places[number][:3], value) for number, value in recording.after(line, iteration).inside]


def test_each_part_is_what_python_makes_of_its_text_in_the_state_that_the_line_found():
    checked = 0
    for before, step in zip(RECORDING.steps, RECORDING.steps[1:]):
        if before.iteration != step.iteration or step.line in (20, 23):  # which draw
            continue
        calls = [before.state]
        for number, value in step.inside:
            place = RECORDING.places[number]
            if place.kind == "call":
                calls.append({"np": np})
            elif place.kind == "end":
                calls.pop()
            elif place.kind == "name":
                calls[-1][place.text] = value
            elif place.kind == "part" and not place.text.startswith(("print", "np.random")):
                assert same(eval(place.text, {**calls[-1]}), value), (step.line, step.iteration, place.text)
                checked += 1
        assert len(calls) == 1
    assert checked > 400


def test_where_l1_delta_comes_from_at_iteration_100():
    state = NN.run(32, 100).namespace
    slope = state["nonlin"](state["l1"], True)
    assert f"{slope[0, 0]:.3f}" == "0.098"
    kinds = [(kind, line, text) for kind, line, text, _ in heard(RECORDING, 36, 100)]
    assert kinds == [
        ("call", 4, "nonlin"),
        ("name", 4, "x"),
        ("name", 4, "deriv"),
        ("line", 5, ""),
        ("part", 6, "1 - x"),
        ("part", 6, "x * (1 - x)"),
        ("return", 6, ""),
        ("end", 0, ""),
        ("part", 36, "nonlin(l1, True)"),
        ("part", 36, "l1_error * nonlin(l1, True)"),
    ]
    values = {text: value for _, _, text, value in heard(RECORDING, 36, 100)}
    assert same(values["nonlin(l1, True)"], slope) and values["deriv"] is True and same(values["x"], state["l1"])
    assert same(values["l1_error * nonlin(l1, True)"], NN.run(36, 100).namespace["l1_delta"])
    parents = {place.text: place.parent for place in RECORDING.places if place.line == 36}
    assert RECORDING.places[parents["nonlin(l1, True)"]].text == "l1_error * nonlin(l1, True)"


def test_a_part_and_a_name_stand_where_a_browser_finds_them():
    """It counts an emoji as two, and the site shows a tab as blanks."""
    tabs = "é = {'😀': 2}; l = [1]\nif l:\n\tm = (é['😀'] +\n\t\tlen(l))\n\tl[0] = m\n\tn: int = m\n"
    for program in (NN, Program("forms.py", FORMS), Program("tabs.py", tabs)):
        lines = [line.expandtabs(4).encode("utf-16-le") for line in program.lines]
        placed = [place for place in Recording.of(program).places if place.at]
        for _, line, text, (top, start, bottom, end), *_ in placed:
            rows = [*lines[top - 1 : bottom - 1], lines[bottom - 1][: 2 * end]]
            rows[0] = rows[0][2 * start :]
            assert line <= top and " ".join(b" \0".join(rows).decode("utf-16-le").split()) == text
    names = [(place.kind, place.text, place.at[:2]) for place in placed if place.kind in ("read", "bound")]
    assert [*dict.fromkeys(names)] == [
        ("bound", "é", (1, 0)),
        ("bound", "l", (1, 15)),
        ("read", "l", (2, 3)),
        ("bound", "m", (3, 4)),
        ("read", "é", (3, 9)),
        ("read", "l", (4, 12)),
        ("read", "l", (5, 4)),
        ("read", "m", (5, 11)),
        ("bound", "n", (6, 4)),
        ("read", "m", (6, 13)),
    ]


def test_the_file_holds_what_is_inside_to_the_last_bit():
    """Its own reader, independent of the one in docs/assets/inside.js."""
    for recording in (RECORDING, Recording.of(Program("eleven.py", ELEVEN.replace("60000", "60")))):
        assert read_inside(recording) > 100


def read_inside(recording):
    file = json.loads(as_text(recording))["inside"]
    planes = np.frombuffer(base64.b64decode(file["floats"]), np.uint8).reshape(8, -1)
    floats, values = iter(planes.T.copy().view(">f8").ravel().astype(float)), iter(file["values"])
    shapes, last, computed = {}, {}, 0
    compute = {"+": operator.add, "-": operator.sub, "*": operator.mul, "/": operator.truediv}

    def take(number):
        value = next(values)
        if value is None or isinstance(value, dict) and value.get("dtype") == "float64":
            shapes[number] = value["shape"] if value else shapes[number]
            return np.array([next(floats) for _ in range(np.prod(shapes[number]))]).reshape(shapes[number])
        if isinstance(value, dict) and "values" in value:
            return np.array(value["values"], value["dtype"]).reshape(value["shape"])
        return value

    for step, index in zip(recording.steps, file["steps"], strict=True):
        calls = [{name: value for name, value in step.state.items() if name not in step.changed}]
        found = []
        for piece in file["traces"][index] if index >= 0 else []:
            number, how = piece if isinstance(piece, list) else (piece, "new")
            kind, _, text, _, _, operation, operands = [
                *file["places"][number],
                *["", [], None, "", []][len(file["places"][number]) - 2 :],
            ]
            if kind == "call":
                calls.append({})
            if kind == "end":
                calls.pop()
            if kind in ("call", "end", "line"):
                found.append((number, None))
                continue
            if not isinstance(piece, list):
                value = take(number)
            elif how is None:
                given = [
                    calls[-1][one[0] if isinstance(one, list) else one] if isinstance(one, list | str) else one
                    for one in operands
                ]
                value = given[0].T if operation == "T" else compute[operation](*([0, *given] if len(given) == 1 else given))
                computed += 1
            elif how is True:
                value = last[number]
            else:
                value = step.state[how] if isinstance(how, str) else found[how][1]
            last[number] = calls[-1][text if kind == "name" else number] = value
            found.append((number, value))
        assert [number for number, _ in found] == [number for number, _ in step.inside]
        for (number, value), (_, real) in zip(found, step.inside):
            assert not isinstance(real, np.ndarray) or same(np.asarray(value) + 0.0, real + 0.0), recording.places[number]
    assert next(values, None) is None and next(floats, None) is None
    return computed


FORMS = '''\
"""A docstring."""
from __future__ import annotations
import functools

class Point:
    """Another."""
    size: int = 2

    def __init__(self, x):
        super().__init__()
        self.x = x

    def __add__(self, other):
        "A third."
        return Point(self.x + other.x)

    @property
    def double(self):
        return self.x * 2

def count(n):
    if not n:
        return 0
    return 1 + count(n - 1)

def turns():
    yield from (n * 2 for n in range(3))

def fails(x):
    y = x + 1
    raise ValueError(f"no {y + 1!r:>3}")

@functools.cache
def slow(n):
    global calls
    calls = [n][0] + 1
    return

one = Point(1) + Point(2)
names = locals()
deep = count(3)
made = [n + 1 for n in turns()], (lambda x: x + 1)(2), {**{"a": -1}}["a"]
try:
    fails(1)
except ValueError as error:
    said = str(error)
slow(3)
match one.double:
    case int(n) if n > 5:
        one.x += 1
while deep > 0 and count(deep):
    deep -= 1
total: int = sum([*made[0]], start=1) if made else 0
print(one.x, deep, made[:1], said, calls, total, "one" in names)
'''


def test_marks_change_nothing_of_what_a_program_does_whatever_it_is_made_of():
    program = Program("forms.py", FORMS)
    recording = Recording.of(program)
    assert program.transcript == "4 0 ([1, 3, 5],) no   3 4 10 True\n"
    assert recording.after(FORMS.count("\n")).printed == program.transcript
    line = {text: number for number, text in enumerate(program.lines, 1)}
    adds = [(kind, text) for kind, _, text, _ in heard(recording, line["one = Point(1) + Point(2)"])]
    assert [text for kind, text in adds if kind == "call"] == ["__init__", "__init__", "__add__", "__init__"]
    calls = [kind for kind, *_ in heard(recording, line["deep = count(3)"])]
    assert calls.count("call") == calls.count("end") == 4
    left = heard(recording, line["    said = str(error)"])  # the line that failed has not completed
    assert [(kind, text) for kind, _, text, _ in left] == [
        ("call", "fails"),
        ("name", "x"),
        ("part", "x + 1"),
        ("line", ""),
        ("name", "y"),
        ("part", "y + 1"),
        ("part", 'ValueError(f"no {y + 1!r:>3}")'),
        ("end", ""),
        ("part", "str(error)"),
    ]
    as_text(recording)


def test_a_call_that_never_ends_and_an_array_that_nobody_reads_are_cut_short():
    program = Program(
        "long.py", "import numpy as np\ndef f(n):\n    for i in range(n):\n        i + 1\nf(9999)\na = np.zeros(9999) + 1\n"
    )
    recording = Recording.of(program)
    assert 2000 <= len(recording.after(5).inside) < 2010
    assert [value.text for _, _, _, value in heard(recording, 6)] == ["array(9999)"] * 2
    assert len(as_text(recording)) < 400_000


SHORT = NN.text.replace("10000", "40")


def test_what_a_reader_wrote_is_recorded_like_the_program_by_what_is_shipped_and_nothing_else(tmp_path):
    for name, text in json.loads(shipped()).items():
        path = tmp_path / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text)
    code = "import sys; from literate.look import far; print(far.__file__, far.recorded('nn.py', sys.stdin.read()))"
    done = subprocess.run([sys.executable, "-c", code], input=SHORT, cwd=tmp_path, capture_output=True, text=True, check=True)
    place, _, text = done.stdout.partition(" ")
    file = json.loads(text)
    assert place.startswith(str(tmp_path)) and file.pop("text") == SHORT and file.pop("ended") == ""
    assert file == json.loads(as_text(Recording.of(Program("nn.py", SHORT))))


def test_what_does_not_come_to_its_end_is_recorded_as_far_as_it_came():
    def last(text, seconds=20.0):
        file = json.loads(recorded("nn.py", text, seconds))
        return file["ended"], file["steps"][-1][:2] if file["steps"] else None

    raises = SHORT.replace("l1_delta = l1_error", "l1_delta = l1_error[:3]")
    assert last(raises) == ("ValueError: operands could not be broadcast together with shapes (3,1) (4,1), on line 36.", [32, 1])
    assert last(SHORT.replace("    # Move", "    if iteration == 30: 1 / 0\n    # Move"))[1] == [36, 31]
    ended, step = last("i = 0\nwhile True:\n    i += 1\n", 0.2)
    assert ended == "It was ended after 0.2 seconds." and step[0] in (2, 3) and step[1] > 10
    assert last("1 / 0\n") == ("ZeroDivisionError: division by zero, on line 1.", None)
    assert last("import sys\nx = 1\nsys.exit(3)\n") == ("SystemExit: 3, on line 3.", [2, 0])


def test_a_run_that_goes_to_an_iteration_ends_with_it_and_is_the_same_up_to_there():
    whole = Program("nn.py", SHORT)
    file = json.loads(recorded("nn.py", SHORT, until=(25, 22)))
    assert 22 not in Recording.of(whole).iterations and file["ended"] == ""
    assert file["steps"][-1][:2] == [39, 22] and [step[0] for step in file["steps"] if step[1] == 22] == [25, 28, 29, 32, 36, 39]
    only = Recording.of(Program("nn.py", SHORT.replace("range(40)", "range(22)")))
    shorter = json.loads(as_text(only))
    assert file["steps"] == shorter["steps"][:-2] and shorter["steps"][-1][1] == 0  # what comes behind the loop has not run
    assert only.after(39, 22).state["syn0"].tolist() == whole.run(39, 22).namespace["syn0"].tolist()
    endless = json.loads(recorded("nn.py", "i = 0\nwhile True:\n    i += 1\n", until=(2, 70)))
    assert endless["steps"][-1][:2] == [3, 70] and endless["steps"][-1][2] == {"i": 70}


@pytest.mark.parametrize(
    ("old", "new", "found"),
    [
        ("", "", 36),
        ("import numpy", "\n\nimport numpy", 38),
        ("l1_error * nonlin(l1, True)", "l1_error", 36),
        ("    l1_delta = l1_error * nonlin(l1, True)", "    l1_delta = nonlin(l1, True)\n    l1_delta *= l1_error", 37),
        ("    # Move", "    for one in (1, 2):\n        l1_delta = l1_delta * one\n    # Move", 36),  # the line itself is there
        ("l1_delta", "push", None),
        ("    l1_delta = l1_error * nonlin(l1, True)", "    if iteration < 0:\n        l1_delta = 1", None),  # never runs
        (
            "    l1_delta = l1_error * nonlin(l1, True)",
            "    if iteration == 24:\n        l1_delta = 1",
            None,
        ),  # in none that is kept
        ("\nprint", "\nl1_delta = 1\nprint", 36),
        (
            "    l1_delta = l1_error * nonlin(l1, True)\n\n    # Move",
            "l1_delta = 1\nfor again in (1,):\n    # Move",
            None,
        ),  # in no loop
    ],
)
def test_a_line_is_found_again_in_what_a_reader_has_made_of_the_program(old, new, found):
    program = _Bounded("nn.py", SHORT.replace(old, new, 1))
    assert in_the_place_of(NN, 36, program) == found


def test_a_ledger_is_filled_with_what_a_reader_has_made_of_the_program():
    def filled(old, new, *cells, fences=(), check=""):
        asked = {"text": NN.text, "lines": [39], "ledgers": [{"line": 39, "cells": cells, "fences": fences, "check": check}]}
        [ledger] = json.loads(recorded("nn.py", SHORT.replace(old, new), asked=json.dumps(asked)))["ledgers"]
        return ledger

    after = "".join(["    return 1 / (1 + np.exp(-x))\n", "\n\ndef guess():\n    return nonlin(np.dot(X, syn0))[0, 0]\n"])
    ledger = filled(
        "    return 1 / (1 + np.exp(-x))\n",
        after,
        ["python", "guess():.3f"],
        ["python", "was.syn0[0, 0] - syn0[0, 0]:.4f"],
        ["curve", "nonlin, 0"],
    )
    program = Program("nn.py", SHORT)
    weights = {n: program.run(39, n).namespace["syn0"] for n in (1, 2, 40)}
    for n, syn0 in weights.items():
        at = ledger["iterations"].index(n)
        # A function of the program sees what its names held then.
        assert ledger["cells"][0][at] == f"{1 / (1 + np.exp(-syn0[2, 0])):.3f}"
    moved = f"{weights[1][0, 0] - weights[2][0, 0]:.4f}".replace("-", "−")
    assert ledger["cells"][1][1] == moved and {*ledger["cells"][2]} == {"36.0 18.0 -54.7"} and ledger["says"] == ""

    raised = filled("", "", ["python", "syn0[5, 0]"], ["curve", "np.log, -1"], ["python", "len(X)"])
    assert [texts[0] for texts in raised["cells"]] == ["?", "-9999 0 0", "4"]
    assert raised["says"].startswith("In iteration 1, a cell cannot be worked out: IndexError: index 5 is out of bounds")
    stops = filled("", "", ["python", "late"], fences=["print('unseen')\n1 / (iteration - 2)\nlate = iteration"])
    assert stops["says"] == "In iteration 3, a fence above this table ends in ZeroDivisionError: division by zero."
    # Nothing is left of the iteration before, nor is anything there that comes later.
    assert [texts[:4] for texts in stops["cells"]] == [["0", "1", "?", "3"]]
    assert {*filled("print(l1)", "print(l1)\nlast = 1", ["python", "last"])["cells"][0]} == {"?"}
    unsaid = filled("", "", ["python", "1"], check="nobody")
    assert unsaid["says"] == "In iteration 1, it cannot be said whether nobody: NameError: name 'nobody' is not defined."
    fails = filled("", "", ["python", "1"], check="iteration < 6")
    assert fails["says"] == "In iteration 7, this table does not add up: iteration < 6 is not true."
