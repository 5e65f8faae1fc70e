"""Seven small programs of other shapes, each with a page and a listing: all is right in the state that the page has reached."""

import re

import pytest
from conftest import LISTING, embed

OPERATORS = """\
class Value:
    def __init__(self, data):
        self.data = data

    def __add__(self, other):
        return Value(self.data + other.data)


a, b = Value(2), Value(3)
c = a + b
"""
TRAINING = """\
def train(weight, steps):
    for step in range(steps):
        weight -= 0.5 * weight
    return weight


weight = train(8.0, 2)
"""
NESTED = """\
total = 0
for row in range(2):
    for column in range(3):
        total += column
"""
GENERATOR = """\
def squares():
    n = 0
    while True:
        yield n * n
        n += 1


source = squares()
first = [next(source) for _ in range(4)]
"""
BREAK = """\
a, b = 48, 18
while True:
    a, b = b, a % b
    if b == 0:
        break
"""
PLOT = """\
import matplotlib.pyplot as plt

heights = [1, 2, 4]
plt.plot(heights)
plt.close()
highest = max(heights)
"""
GUARD = """\
def main():
    return 7


if __name__ == "__main__":
    days = main()
"""


@pytest.mark.parametrize(
    "program, line, expression, values",
    [
        (OPERATORS, "c = a + b", "c.data", ["5"]),
        (TRAINING, "weight = train", "weight", ["2.0"]),
        (NESTED, "total +=", "row, total", ["(0, 0)"]),
        (GENERATOR, "first =", "first[-1]", ["9"]),
        (BREAK, "a, b = b", "(a, b)", ["(18, 12)"]),
        (PLOT, "highest =", "highest", ["4"]),
        (GUARD, "days = main()", "days", ["7"]),
    ],
)
def test_a_chapter_about_a_program_of_another_shape_is_right(walk, program, line, expression, values):
    text, errors = walk(program, f"{embed(line)}It is `{{python}} {expression}`.\n")
    assert errors == [] and re.findall(r"It is `(.*?)`", text) == values
    text, errors = walk(program, LISTING, "program.md")
    assert errors == [] and "## The values" in text


@pytest.mark.parametrize(
    "program, front, line, option, expression, value",
    [
        (OPERATORS, "", "return Value", "", "self.data * other.data", "6"),
        (TRAINING, "", "weight -=", ' call="1" iteration="2"', "(step, weight)", "(1, 2.0)"),
        (NESTED, "", "total +=", ' iteration="2.3"', "(row, column, total)", "(1, 2, 6)"),
        (GENERATOR, "", "n += 1", ' iteration="3"', "n", "3"),
        (BREAK, "until: 2\n", "a, b = b", ' iteration="last"', "(a, b)", "(12, 6)"),
        (
            PLOT.replace("plt.close()\n", "plt.xlabel('step')\n"),
            "",
            "highest =",
            ' figure="It rises from 1 to 4."',
            "highest",
            "4",
        ),
        (GUARD, "", "return 7", "", "__name__", "__main__"),
    ],
)
def test_a_chapter_can_look_into_each(walk, program, front, line, option, expression, value):
    front = f"---\nprogram: p.py\n{front}---\n"
    text, errors = walk(program, f"{front}{embed(line, option)}It is `{{python}} {expression}`.\n")
    assert errors == [] and re.findall(r"It is `(.*?)`", text) == [value]
