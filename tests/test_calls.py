"""The calls of a program's functions in a recording, against runs that stop there."""

import json

import pytest
from conftest import ROOT
from test_shapes import GRAPH, INSIDE

from literate.look.far import recorded
from literate.program import Program
from literate.record import Recording, as_text
from literate.record.calls import Calls

WORK = """\
import numpy as np


class Net:
    def __init__(self, size):
        self.weight = np.ones(size)

    def __repr__(self):
        return "Net " + " ".join(str(weigh(one)) for one in self.weight)

    def train(self, turns):
        moved = 0
        for turn in range(turns):
            self.weight = self.weight + turn
            if turn % 2:
                moved += weigh(self.weight[0])
        return moved


def weigh(one):
    twice = 2 * one
    return twice


nets = [Net(2), Net(3)]
for turns in range(30):
    for net in nets:
        moved = net.train(turns)
"""


SHAPES = """\
import asyncio
import functools


def twice(f):
    @functools.wraps(f)
    def g(*given):
        for _ in range(2):
            found = f(*given)
        return found

    return g


@twice
def added(n): return sum([n, 1])


def find(numbers, wanted):
    for place, number in enumerate(numbers):
        if number == wanted:
            return place
    return -1


async def slow(n):
    for turn in range(n):
        await asyncio.sleep(0)
    return added(n)


def depth(n):
    return n and 1 + depth(n - 1)


class Counted:
    def numbers(self):
        try:
            for number in range(4):
                yield number
        finally:
            self.done = True


found = find([1, 2, 3], 2), find([1, 2, 3], 9)
waiting = slow(3)
try:
    while True:
        waiting.send(None)
except StopIteration as end:
    both = end.value, depth(700)
numbers = list(Counted().numbers())
"""


def test_functions_of_any_shape_are_recorded_by_the_call():
    called = {called.function.name: called for called in Recording.of(Program("p.py", SHAPES)).calls}
    steps = {name: [(step.line, step.iteration) for step in one.kept[1]] for name, one in called.items()}
    assert {name: one.count for name, one in called.items()} == {
        "twice": 1,
        "g": 1,
        "find": 2,
        "slow": 1,
        "depth": 701,
        "numbers": 1,
    }
    assert steps["twice"] == [(6, 0), (12, 0)] and steps["g"] == [(8, 1), (9, 1), (8, 2), (9, 2), (10, 0)]
    assert steps["find"] == [(20, 1), (21, 1), (20, 2), (21, 2), (22, 2)] and called["find"].kept[1][-1].state["return"] == 1
    assert steps["slow"][-1] == (29, 0) and steps["numbers"][-1] == (42, 0) and steps["depth"] == [(33, 0)]


def kept(program):
    """Yield the function, the call, the line, the turn and the state of each step of a call."""
    for called in Recording.of(program).calls:
        for number, steps in called.kept.items():
            for step in steps:
                yield called.function, number, step


@pytest.mark.parametrize("text", [INSIDE, WORK])
def test_each_step_of_a_call_is_what_a_run_finds_that_stops_there(text):
    program, checked = Program("p.py", text), 0
    for function, number, step in kept(program):
        if number % 7 not in (1, 2) or step.iteration % 4 > 1:
            continue
        space = program.run(step.line, step.iteration or "first", call=number).namespace
        for name, value in step.state.items():
            if isinstance(value, int | float) and name != "return":
                assert space[name] == value, (function.name, number, step.line, step.iteration, name)
                checked += 1
    assert checked > 30


def test_the_calls_and_turns_that_are_kept_are_those_of_a_loop_and_objects_are_said_as_they_were():
    program = Program("p.py", WORK)
    called = {called.function.name: called for called in Recording.of(program).calls}
    assert {*called} == {"train", "weigh"}, "to say an object is no call of it, and __init__ has no loop"
    train = called["train"]
    assert (train.count, [*train.kept][:11]) == (60, [*range(1, 11), 13]) and [*train.kept][-1] == 60
    assert called["weigh"].count == sum(2 * (turns // 2) for turns in range(30))
    last = train.kept[60]
    assert {*range(1, 11), 29} < {step.iteration for step in last} and len(last) < 80
    namespace = program.run().namespace
    assert "return" in last[-1].changed and last[-1].state["return"] == namespace["moved"]
    assert last[-1].state["self"].text == " ".join(repr(namespace["net"]).split())[:60]


def test_a_program_whose_functions_have_no_loop_and_call_none_has_no_calls_in_its_file():
    for name in ("nn.py", "hidden.py", "eleven.py"):
        assert not Calls(Program.read(ROOT / "snippets" / name)).functions


def test_the_file_holds_each_call_and_which_lines_it_shows():
    file = json.loads(as_text(Recording.of(Program("p.py", INSIDE))))
    train, depth, counted = file["calls"]
    assert (train["name"], train["first"], train["count"]) == ("train", 4, 2)
    assert train["statements"] == [5, 6, 7, 8, 9, 10] and train["uses"]["7"] == ["weight", "side", "rate"]
    assert train["kept"]["2"]["steps"][2] == [7, 1, {"weight": 2.5}] and train["kept"]["2"]["steps"][-1][2] == {"return": -3.0}
    assert [len(one["kept"]) for one in (depth, counted)] == [4, 2]


def test_what_a_reader_wrote_has_its_calls_too_as_far_as_they_came():
    file = json.loads(recorded("p.py", WORK + "net.train(5)\n1 / 0\n"))
    assert file["ended"].startswith("ZeroDivisionError") and file["calls"][0]["count"] == 61
    assert file["calls"][0]["kept"]["61"]["steps"][-1][0] == 17


def test_objects_that_hold_each_other_are_recorded_in_the_time_that_the_program_takes_many_times_over():
    calls = Recording.of(Program("p.py", GRAPH)).calls
    assert not calls and len(Recording.of(Program("p.py", GRAPH)).steps) > 10


def test_what_a_function_prints_was_printed_by_its_line_and_by_the_line_that_called_it():
    text = "def main():\n    for turn in range(3):\n        print(turn)\n    return 5\n\n\nx = main()\nprint(x)\n"
    recording = Recording.of(Program("p.py", text))
    assert recording.after(7).printed == "0\n1\n2\n" and recording.after(8).printed == "5\n"
    assert [step.printed for step in recording.calls[0].kept[1] if step.line == 3] == ["0\n", "1\n", "2\n"]
