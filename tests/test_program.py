"""The engine's Program: where is a text, and what is the state after a line?"""

import random
import sys

import numpy as np
import pytest
from conftest import ROOT

from literate.program import Program, ProgramError

COUNT = Program(
    "count.py",
    '''"""Count."""
from __future__ import annotations

def step(
    n,
):
    return n + 1

# A comment.
total = 0
print("start")
for turn in range(3):
    # Another.
    if turn == 1:
        total = step(total)
    else:
        total += 10
    print(turn,
          total)

while True:
    total += 1
    if total > 25:
        break
print("end", total)
''',
)


def state(line, iteration=1):
    return {
        name: value
        for name, value in COUNT.run(line, iteration).namespace.items()
        if name not in ("step", "annotations") and not name.startswith("__")
    }


@pytest.mark.parametrize(
    "selector, lines",
    [
        ("", range(1, 26)),
        ("total = 0", range(10, 11)),
        ("if turn..total += 10", range(14, 18)),
        ("def step..n + 1", range(4, 8)),
    ],
)
def test_a_selector_is_text_that_stands_on_one_line(selector, lines):
    assert COUNT.find(selector) == lines


@pytest.mark.parametrize(
    "selector, message",
    [
        ("totl", '"totl" is on no line of count.py; the nearest is line 10, "total = 0"; copy some text of the line you mean'),
        ("print(", '"print(" is on lines 11, 18 and 25 of count.py; give more of the line'),
        ("total += 10..def step", '"total += 10" (line 17) comes after "def step" (line 4) in count.py; swap them'),
        ("total = 0..", "an end of the range is empty; give some text of its line of count.py"),
    ],
)
def test_a_selector_that_does_not_mean_one_place_says_how_to_mend_it(selector, message):
    with pytest.raises(ProgramError) as error:
        COUNT.find(selector)
    assert str(error.value) == message


@pytest.mark.parametrize(
    "line, iteration, expected",
    [
        (3, 1, {}),  # nothing has run that binds a name
        (9, 1, {}),  # a comment: what stands above it
        (6, 1, {}),  # inside a definition: the definition
        (10, 1, {"total": 0}),
        (12, 1, {"total": 0, "turn": 0}),  # a loop's header completes when its body is entered
        (13, 1, {"total": 0, "turn": 0}),
        (12, 3, {"total": 11, "turn": 2}),
        (12, "last", {"total": 11, "turn": 2}),
        (15, 2, {"total": 11, "turn": 1}),  # a branch that is not taken at first
        (15, "first", {"total": 11, "turn": 1}),
        (17, 3, {"total": 21, "turn": 2}),
        (19, 1, {"total": 10, "turn": 0}),  # the second line of a statement
        (22, 2, {"total": 23, "turn": 2}),  # a loop whose header is never reached again
        (25, 1, {"total": 26, "turn": 2}),
    ],
)
def test_the_state_after_a_line(line, iteration, expected):
    assert state(line, iteration) == expected


def test_what_a_line_printed_is_told_apart():
    run = COUNT.run()
    assert run.output(range(11, 12)) == "start\n"
    assert run.output(range(12, 20)) == "0 10\n1 11\n2 21\n"
    assert run.output(range(1, 26)) == "start\n0 10\n1 11\n2 21\nend 26\n"


@pytest.mark.parametrize(
    "text, line, iteration, message",
    [
        ("a = 1\nb = a / 0\n", 2, 1, "p.py:2: ZeroDivisionError: division by zero; mend that line"),
        ("a = (1\n", 1, 1, "p.py:1: SyntaxError: '(' was never closed; mend that line"),
        *(
            (
                f"while True:\n    try:\n        {keyword}\n    finally:\n        break\nb = 1\n",
                3,
                1,
                f"line 3 of p.py never completes, as {keyword} leads away from it; let the embed end at another line",
            )
            for keyword in ("break", "continue", "raise")
        ),
        ("if 0:\n    a = 1\nb = 2\n", 2, 1, "the run ends before line 2 of p.py has completed"),
        *(
            (
                "for i in range(3):\n    a = i\n",
                2,
                none,
                f"line 2 of p.py is in a loop that turns 3 times; there is no iteration {none}; write one from 1 to 3",
            )
            for none in (4, 0)
        ),
    ],
)
def test_a_run_that_does_not_get_there_says_why(text, line, iteration, message):
    with pytest.raises(ProgramError) as error:
        Program("p.py", text).run(line, iteration)
    assert str(error.value) == message


def test_running_to_a_line_does_what_a_plain_debugger_sees():
    """An independent oracle: Python's own tracing, on the real program, to the last bit."""
    program = Program.read(ROOT / "snippets" / "nn.py")
    code, seen, before = compile(program.text, "traced", "exec"), [], None

    def trace(frame, event, argument):
        nonlocal before
        if frame.f_code is not code:
            return None
        if event == "line":
            if before == 39 and len(seen) < 12:
                seen.append({name: np.copy(frame.f_globals[name]) for name in ("l1", "l1_error", "l1_delta", "syn0")})
            before = frame.f_lineno
        return trace

    space = {"print": lambda *_: None}
    sys.settrace(trace)
    try:
        exec(code, space)
    finally:
        sys.settrace(None)
    for iteration in (1, 2, 12):
        namespace = program.run(39, iteration).namespace
        for name, value in seen[iteration - 1].items():
            assert np.array_equal(namespace[name], value), (iteration, name)
    end = program.run().namespace
    assert all(np.array_equal(end[name], space[name]) for name in ("l1", "syn0"))


def test_a_run_is_its_askers_own():
    """Runs are kept, so what one page does to the values must not be seen by another; nor do the dice know."""
    program = Program("p.py", "import random\nrandom.seed(1)\na = [1]\nb = a\ndef last():\n    return a[-1]\n")
    one = program.run(6)
    dice = random.random()
    one.namespace["a"].append(2)
    assert one.namespace["b"] is one.namespace["a"] and one.namespace["last"]() == 2
    other = program.run(6)
    assert other.namespace["a"] == [1] and other.namespace["last"]() == 1
    assert random.random() == dice
    other.namespace["a"] = [3]
    assert other.namespace["last"]() == 3


def test_what_cannot_be_copied_is_run_again():
    program = Program("p.py", "numbers = (n for n in range(3))\n")
    assert [next(program.run(1).namespace["numbers"]) for _ in range(2)] == [0, 0]


@pytest.mark.parametrize(
    "text, line, iteration, expected",
    [
        ("try:\n    x = 1\n    x = 2\nexcept:\n    y = 2\nm = 1\n", 2, 1, {"x": 1}),  # a program that catches everything
        ("for i in range(3): x = i\n", 1, 2, {"i": 1, "x": 1}),  # a loop on one line
        ("a = 1; b = 2\nc = 3\n", 1, 1, {"a": 1, "b": 2}),  # two statements on one line
        ("a = 1\n\x0c\nx = 1\nz = 3\nw = 4\n", 4, 1, {"a": 1, "x": 1, "z": 3}),  # a form feed, which ends no line
        ("match 2:\n    case 1:\n        x = 1\n    case 2:\n        x = 2\n", 5, 1, {"x": 2}),
    ],
)
def test_a_run_stops_at_the_line_whatever_the_program_does(text, line, iteration, expected):
    namespace = Program("p.py", text).run(line, iteration).namespace
    assert {name: value for name, value in namespace.items() if not name.startswith("__")} == expected
