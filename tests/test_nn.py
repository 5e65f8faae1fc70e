"""The program itself: the line map that readers of the original post know, its output, and its mathematics."""

import subprocess
import sys

import numpy as np
from conftest import ROOT

PROGRAM = ROOT / "snippets" / "nn.py"

LINES = {
    1: "import numpy as np",
    4: "def nonlin(x, deriv=False):",
    5: "    if deriv:",
    6: "        return x * (1 - x)",
    7: "    return 1 / (1 + np.exp(-x))",
    10: "X = np.array([[0, 0, 1],",
    11: "              [0, 1, 1],",
    12: "              [1, 0, 1],",
    13: "              [1, 1, 1]])",
    16: "y = np.array([[0, 0, 1, 1]]).T",
    20: "np.random.seed(1)",
    23: "syn0 = 2 * np.random.random((3, 1)) - 1",
    25: "for iteration in range(10000):",
    28: "    l0 = X",
    29: "    l1 = nonlin(np.dot(l0, syn0))",
    32: "    l1_error = y - l1",
    36: "    l1_delta = l1_error * nonlin(l1, True)",
    39: "    syn0 += np.dot(l0.T, l1_delta)",
    41: 'print("After training:")',
    42: "print(l1)",
}
COMMENTS = {3, 9, 15, 18, 19, 22, 27, 31, 34, 35, 38}


def test_every_line_is_where_readers_of_the_post_know_it():
    lines = dict(enumerate(PROGRAM.read_text().splitlines(), 1))
    assert len(lines) == 42
    assert {n: line for n, line in lines.items() if line.strip() and not line.lstrip().startswith("#")} == LINES
    assert {n for n, line in lines.items() if line.lstrip().startswith("#")} == COMMENTS


def test_it_runs_as_it_is_and_prints_these_digits():
    printed = subprocess.run([sys.executable, PROGRAM], capture_output=True, text=True, check=True)
    assert printed.stderr == ""
    assert printed.stdout == ("After training:\n[[0.00966449]\n [0.00786506]\n [0.99358898]\n [0.99211957]]\n")


def test_the_update_is_minus_the_gradient_of_half_the_squared_error():
    # Central differences know nothing of the program's derivative: only of its forward pass.
    space = {}
    text = PROGRAM.read_text().replace("range(10000)", "range(1)").replace("print(", "(lambda *_: None)(")
    exec(text, space)
    X, y, nonlin = space["X"], space["y"], space["nonlin"]
    update = np.dot(space["l0"].T, space["l1_delta"])
    before = space["syn0"] - update

    def loss(weights):
        return ((y - nonlin(np.dot(X, weights))) ** 2).sum() / 2

    h = 1e-5
    gradient = np.array([[(loss(before + h * e) - loss(before - h * e)) / (2 * h)] for e in np.eye(3)[:, :, None]])
    assert np.allclose(update, -gradient.reshape(3, 1), rtol=0, atol=1e-10)


def test_the_slope_is_the_derivative_of_the_sigmoid_taken_from_its_output():
    space = {}
    exec("".join(PROGRAM.read_text().partition("# Inputs")[0]), space)
    x, h = np.linspace(-6, 6, 121), 1e-5
    slope = (space["nonlin"](x + h) - space["nonlin"](x - h)) / (2 * h)
    assert np.allclose(space["nonlin"](space["nonlin"](x), True), slope, rtol=0, atol=1e-9)


def record(seed=1, iterations=10000):
    """Run the program with another seed or length; return l1 of each iteration, shape (iterations, 4)."""
    text = PROGRAM.read_text().replace("seed(1)", f"seed({seed})").replace("range(10000)", f"range({iterations})")
    text = text.replace("    l1_error =", "    seen.append(l1[:, 0])\n    l1_error =").partition("print(")[0]
    space = {"seen": []}
    exec(text, space)
    return np.array(space["seen"])


def test_what_the_pages_say_in_words_about_the_whole_run():
    guesses = record()
    loss = ((np.array([0, 0, 1, 1]) - guesses) ** 2).sum(axis=1) / 2
    assert (np.diff(loss) < 0).all()  # error.md: every single iteration makes the loss smaller
    assert ((guesses[9:] > 0.5) == [False, False, True, True]).all()  # loop.md: very soon all are on the right side
    assert guesses[1, 0] > guesses[0, 0]  # loop.md: one of them may get worse first


def test_another_seed_ends_in_almost_the_same_place():
    finals = np.array([record(seed)[-1] for seed in (1, 2, 3)])
    assert np.ptp(finals, axis=0).max() < 1e-4
