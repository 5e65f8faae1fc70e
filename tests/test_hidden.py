"""The programs of chapter two: their lines, what they print, what they share, and their mathematics."""

import difflib
import io
import subprocess
import sys
from contextlib import redirect_stdout

import numpy as np
import pytest
from conftest import ROOT

NN, HIDDEN, ELEVEN = (ROOT / "snippets" / name for name in ("nn.py", "hidden.py", "eleven.py"))

LINES = {
    16: "y = np.array([[0, 1, 1, 0]]).T",
    20: "np.random.seed(1)",
    23: "syn0 = 2 * np.random.random((3, 4)) - 1",
    24: "syn1 = 2 * np.random.random((4, 1)) - 1",
    26: "for iteration in range(60000):",
    29: "    l0 = X",
    30: "    l1 = nonlin(np.dot(l0, syn0))",
    31: "    l2 = nonlin(np.dot(l1, syn1))",
    34: "    l2_error = y - l2",
    35: "    if iteration % 10000 == 0:",
    36: '        print(f"Mean error: {np.abs(l2_error).mean():.5f}")',
    40: "    l2_delta = l2_error * nonlin(l2, True)",
    43: "    l1_error = np.dot(l2_delta, syn1.T)",
    47: "    l1_delta = l1_error * nonlin(l1, True)",
    50: "    syn1 += np.dot(l1.T, l2_delta)",
    51: "    syn0 += np.dot(l0.T, l1_delta)",
    53: 'print("After training:")',
    54: "print(l2)",
}
GUESSES = "[[0.00260572]\n [0.99672209]\n [0.99701711]\n [0.00386759]]\n"


def run(path, **changes):
    """Run a program in this process, with some of its text exchanged (once each); return its names and what it printed."""
    text = path.read_text()
    for old, new in changes.get("to", ()):
        assert text.count(old) == 1, (path.name, old)
        text = text.replace(old, new)
    space, printed = {}, io.StringIO()
    with redirect_stdout(printed):
        exec(compile(text, path.name, "exec"), space)
    return space, printed.getvalue()


@pytest.fixture(scope="module")
def once():
    """The names after the first iteration, before either matrix has moved by more than its first update."""
    return run(HIDDEN, to=[("range(60000)", "range(1)")])[0]


@pytest.fixture(scope="module")
def whole():
    return run(HIDDEN)[0]


def code_of(path):
    lines = enumerate(path.read_text().splitlines(), 1)
    return {number: line for number, line in lines if line.strip() and not line.lstrip().startswith("#")}


def test_the_lines_of_the_hidden_program_stand_where_the_pages_say():
    code = code_of(HIDDEN)
    assert {number: line for number, line in code.items() if number > 13} == LINES
    assert HIDDEN.read_text().splitlines()[:15] == NN.read_text().splitlines()[:15]


def test_whatever_both_programs_do_they_say_in_the_same_words():
    """The difference is the lesson: no line goes but for a number in it, its name, or the output that is now one layer on."""
    taken = [
        line[2:].strip()
        for line in difflib.ndiff(NN.read_text().splitlines(), HIDDEN.read_text().splitlines())
        if line.startswith("- ") and line[2:].strip()
    ]
    assert taken == [
        "y = np.array([[0, 0, 1, 1]]).T",
        "# One weight for each input, between -1 and 1.",
        "syn0 = 2 * np.random.random((3, 1)) - 1",
        "for iteration in range(10000):",
        "l1_error = y - l1",
        "print(l1)",
    ]


def test_the_hidden_program_prints_these_digits():
    printed = subprocess.run([sys.executable, HIDDEN], capture_output=True, text=True, check=True)
    assert printed.stderr == ""
    errors = "".join(f"Mean error: {size}\n" for size in ("0.49641", "0.00858", "0.00579", "0.00463", "0.00396", "0.00351"))
    assert printed.stdout == f"{errors}After training:\n{GUESSES}"


def test_eleven_lines_end_in_the_same_weights_to_the_last_bit(whole):
    code = code_of(ELEVEN)
    first, last = (next(number for number, line in code.items() if text in line) for text in ("X = np", "syn0 +="))
    assert len([number for number in code if first <= number <= last]) == 11
    eleven, printed = run(ELEVEN)
    for name in ("syn0", "syn1", "l2"):
        assert eleven[name].tobytes() == whole[name].tobytes(), name
    assert printed == GUESSES


def test_both_updates_are_minus_the_gradient_of_half_the_squared_error(once):
    # Central differences know nothing of the program's derivatives: only of its forward pass.
    moves = {"syn0": np.dot(once["l0"].T, once["l1_delta"]), "syn1": np.dot(once["l1"].T, once["l2_delta"])}
    before = {name: once[name] - move for name, move in moves.items()}

    def loss(weights):
        hidden = once["nonlin"](np.dot(once["X"], weights["syn0"]))
        return ((once["y"] - once["nonlin"](np.dot(hidden, weights["syn1"]))) ** 2).sum() / 2

    for name, move in moves.items():
        slope = np.zeros(move.shape)
        for place in np.ndindex(move.shape):
            nudge = np.zeros(move.shape)
            nudge[place] = 1e-5
            up, down = ({**before, name: before[name] + sign * nudge} for sign in (1, -1))
            slope[place] = (loss(up) - loss(down)) / 2e-5
        assert np.allclose(move, -slope, rtol=0, atol=1e-10), name


def test_the_first_iteration_has_these_numbers(once):
    assert np.allclose(once["l2"][:, 0], [0.47373, 0.48896, 0.54384, 0.54471], rtol=0, atol=6e-6)
    assert np.allclose(once["l2_delta"][:, 0], [-0.11811, 0.12770, 0.11316, -0.13509], rtol=0, atol=6e-6)
    assert np.allclose(once["l1_error"][0], [0.06981, -0.08932, 0.11164, -0.04027], rtol=0, atol=6e-6)
    assert np.allclose(once["l1_delta"][0], [0.01727, -0.02230, 0.02773, -0.00973], rtol=0, atol=6e-6)
    assert np.allclose(np.dot(once["l1"].T, once["l2_delta"])[:, 0], [-0.00451, -0.00669, -0.00677, -0.00455], rtol=0, atol=6e-6)


def test_a_hidden_node_s_error_is_delta_times_the_weight_it_fed_through(once):
    syn1 = once["syn1"] - np.dot(once["l1"].T, once["l2_delta"])
    for example, node in np.ndindex(4, 4):
        assert once["l1_error"][example, node] == once["l2_delta"][example, 0] * syn1[node, 0]
