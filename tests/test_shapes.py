"""Programs that do not look like nn.py: each is shown as it ran, or refused in one true line."""

import html
import json
import re
import sys

import pytest
from conftest import LISTING, ROOT, embed
from test_fences import FENCE

from literate.page import Display, Page, PageError
from literate.program import Program
from literate.record import Recording, as_text
from literate.site.pages import errors, to_markdown


@pytest.mark.parametrize(
    "expression, shown",
    [
        ("{k: v + 1 for k, v in D.items()}", "{'a': 2}"),
        ("{v for v in D.values()}", "{1}"),
        ("D['a']:.2f", "1.00"),
        ("D['a'] / 3:+.3f", "+0.333"),
        ("[1, 2, 3][1:]", "[2, 3]"),
        ("(lambda n: n + 1)(D['a'])", "2"),
        ("'a:b'", "a:b"),
        ("D['a']:>4d", "   1"),
        ("'{}'.format(D['a'])", "1"),
    ],
)
def test_braces_and_colons_belong_to_the_expression_as_long_as_they_can(walk, expression, shown):
    text, errors = walk("D = {'a': 1}\n", f"{embed('D =')}It is `{{python}} {expression}`.\n")
    assert errors == [] and f"It is `{shown}`{{.value}}." in text


def test_a_format_that_does_not_fit_is_said(walk):
    _, errors = walk("D = {'a': 1}\n", f"{embed('D =')}It is `{{python}} D:.2f`.\n")
    [error] = errors
    assert error.startswith("8: {python} D:.2f: TypeError: ") and error.endswith("write a format that fits, as in x[0, 0]:.3f")


METHODS = """\
import functools

K = 2


class Scale:
    def of(self, n):
        return K * n


@functools.wraps(len)
def scaled(n):
    return K * n


last = Scale()
"""


def test_methods_and_decorated_functions_see_what_a_fence_changes(walk):
    text, errors = walk(METHODS, f"{embed('last =')}```python\nK = 10\n```\n\n`{{python}} last.of(1)` `{{python}} scaled(1)`\n")
    assert errors == [] and "`10`{.value} `10`{.value}" in text


def test_classes_and_closures_of_a_fence_see_the_next_embed(walk):
    code = (
        "class Seen:\n    def now(self):\n        return total\n\ndef outer():\n    def inner():\n        return total\n"
        "    return inner\n\nseen, inner = Seen(), outer()"
    )
    text, errors = walk(
        "total = 1\ntotal = 2\nprint(total)\n",
        f"{embed('total = 1')}```python\n{code}\n```\n\n{embed('total = 2')}`{{python}} seen.now()` `{{python}} inner()`\n",
    )
    assert errors == [] and "`2`{.value} `2`{.value}" in text


def test_a_sentinel_is_itself_and_a_function_keeps_its_attributes(walk):
    program = "NONE = object()\n\n\ndef given(n=NONE):\n    return n is not NONE\n\n\ngiven.calls = 3\n"
    text, errors = walk(program, f"{embed('given.calls')}`{{python}} given()` `{{python}} given(1)` `{{python}} given.calls`\n")
    assert errors == [] and "`False`{.value} `True`{.value} `3`{.value}" in text


GUARDED = """\
def main():
    total = 0
    return total


if __name__ == "__main__":
    total = main()
    for turn in range(12):
        total += turn
    print(total)
"""


def test_a_loop_under_a_guard_of_main_is_a_loop(walk):
    third = embed("total += turn", ' iteration="3"')
    text, errors = walk(GUARDED, third + "<!--ledger: total >= 0-->\n\nIt is `{python} total`.\n")
    assert errors == [] and 'data-at="0;1;3;6;10;15;21;28;36;45;66"' in text


LOOPS = """\
import numpy as np

numbers = []
for turn in range(12):
    half = turn / 2
    if turn > 4:
        late = np.ones(2) * turn
for step in range(3):
    numbers = numbers + [np.zeros(2)]
print(len(numbers))
"""


def test_loops_of_different_length_and_names_that_come_late_are_listed(walk):
    text, errors = walk(LOOPS, f"{LISTING}\n<!--pytest-codeblocks:expected-output-->\n\n```text\n3\n```\n", "program.md")
    assert errors == []
    late = next(line for line in text.split("\n") if line.startswith("| [7](#L7) | `late`"))
    assert late.split("|")[4].strip() == "" and "11.000000" in late.split("|")[6], "at iterations 1, 10 and 12"
    assert re.search(r"^\| \[9\]\(#L9\) \| `numbers` .* `\[array\(2\)\]`\{\.value\} \|", text, re.M)


def test_doctest_is_no_change_of_the_built_in_names(walk):
    program = (
        'import doctest\n\n\ndef one():\n    """Return 1.\n\n    >>> one()\n    1\n    """\n    return 1\n\n\n'
        "failed = doctest.testmod().failed\n"
    )
    text, errors = walk(program, f"{embed('failed =')}`{{python}} failed`\n")
    assert errors == [] and "`0`{.value}" in text


def test_an_object_that_answers_to_every_name_is_no_array(walk):
    program = "class Any:\n    def __getattr__(self, name):\n        return (name,)\n\n\nany_ = Any()\n"
    text, errors = walk(program, f"{embed('any_ =')}`{{python}} any_.shape`\n\nThe name `any_`.\n")
    assert errors == [] and "`('shape',)`{.value}" in text


def test_what_calls_exit_with_no_fault_has_ended(walk):
    text, errors = walk(
        "import sys\nprint('done')\nsys.exit(0)\n",
        f"{embed('print')}\n".replace("```\n\n", "```\n\n<!--pytest-codeblocks:expected-output-->\n\n```text\ndone\n```\n"),
    )
    assert errors == []


def test_a_curve_that_is_no_number_somewhere_is_said(walk):
    _, errors = walk("def f(x):\n    return float('nan')\n\n\nx = 1\n", f"{embed('x = 1')}See `{{curve}} f, x`.\n")
    assert errors == [
        "8: {curve} f, x: it is nan at 1.0, which cannot be drawn; write a function and a number, as in {curve} f, x[0]"
    ]


def test_figures_that_are_described_alike_have_names_of_their_own(walk):
    fence = (
        '```python figure="Μια γραμμή ανεβαίνει εδώ."\nimport matplotlib.pyplot as plt\n\n_, ax = plt.subplots()\n'
        "ax.plot([0, 1], [0, {}])\nax.set_xlabel('x')\n```\n\n"
    )
    page = Page("docs/page.md", "# Two\n\n" + fence.format(1) + fence.format(2))
    html = to_markdown(page)
    ids = re.findall(r' id="([^"]+)"', html)
    assert len(ids) == len({*ids}) and len(re.findall(r'aria-labelledby="', html)) == 2


CHANGING = """\
from collections import deque

import numpy as np


class Weight:
    value = 0

    def doubled(self):
        return factor * self.value


factor = 2
weight, same = Weight(), None
pair, queue = (np.zeros(1), 5), deque([0])
for turn in range(3):
    weight.value += 1
    same = weight
    pair[0][0] += 1
    queue[0] += 1
"""


def test_a_ledger_shows_what_changes_in_place_as_it_was_in_each_iteration(walk):
    text, errors = walk(
        CHANGING,
        embed("queue[0] +=") + "```python\ntwice = 2 * weight.value\n```\n\n<!--ledger: same is weight "
        "and isinstance(weight, Weight)-->\n\n`{python} weight.value`, `{python} weight.doubled()`, "
        "`{python} twice`, `{python} pair[0][0]`, `{python} queue[0]`, `{python} was.queue[0]`.\n",
    )
    assert errors == []
    assert re.findall('data-at="(.*?)"', text) == ["1;2;3", "2;4;6", "2;4;6", "1.0;2.0;3.0", "1;2;3", "0;1;2"]


def test_the_listing_says_an_object_in_a_few_words_as_it_was(walk):
    text, errors = walk(CHANGING, LISTING, "program.md")
    assert errors == []
    assert "| [17](#L17) | `weight` |  | `Weight(value=1)`{.value} | `Weight(value=3)`{.value} |" in text
    assert "`deque([1])`{.value} | `deque([3])`{.value} |" in text and "(array(1), 5)" in text


SOMETIMES = """\
total = 0
for turn in range(6):
    if turn % 2:
        total += turn
    for step in range(3):
        total += step
"""


def test_an_iteration_is_a_turn_of_the_loop(walk):
    text, errors = walk(
        SOMETIMES,
        embed("total += turn", ' iteration="4"')
        + "`{python} turn`\n\n"
        + embed("total += turn")
        + "`{python} turn`\n\n"
        + embed("total += step", ' iteration="last"')
        + "`{python} turn`\n",
    )
    assert errors == [] and re.findall("`(.)`{.value}", text) == ["3", "1", "5"]
    assert re.findall('data-iteration="(.*?)"', text) == ["4", "2", "6"]


@pytest.mark.parametrize(
    "selector, iteration, message",
    [
        ("total += turn", 1, "does not complete in iteration 1 of its loop; the nearest in which it does is 2; write that"),
        ("total += step", 7, "is in a loop that turns 6 times; there is no iteration 7; write one from 1 to 6"),
    ],
)
def test_a_turn_that_a_line_does_not_have_is_said(walk, selector, iteration, message):
    _, [error] = walk(SOMETIMES, embed(selector, f' iteration="{iteration}"'))
    assert error.endswith(f" of p.py {message}")


def test_a_ledger_below_a_line_that_completes_in_some_turns_shows_those(walk):
    text, errors = walk(SOMETIMES, embed("total += turn") + "<!--ledger: turn % 2 == 1-->\n\n`{python} turn`\n")
    assert errors == [] and "data-iterations: '2 4 6'" in text and 'data-at="1;3;5"' in text


def test_an_object_that_refuses_to_be_compared_is_listed(walk):
    program = (
        "class Odd:\n    def __eq__(self, other):\n        raise ValueError\n\n    def __getattr__(self, name):\n"
        "        return self\n\n\nodd = Odd()\nfor turn in range(2):\n    odd.turn = turn\n"
    )
    text, errors = walk(program, LISTING, "program.md")
    assert errors == [] and "Odd(turn=1)" in text


@pytest.mark.parametrize("written", ["<p>It is `{python} x`.</p>", 'See <span title="`{python} x`">it</span>.'])
def test_a_value_in_raw_html_is_one_line(walk, tmp_path, written):
    walk("x = 17\n", "x")
    text = f"---\nprogram: p.py\n---\n# A\n\n{embed('x =')}It is `{{python}} x`.\n\n{written}\n"
    [error] = errors(tmp_path / "docs" / "page.md", text)
    assert str(error).endswith(
        "page.md:12: this value (17) stands in raw HTML, where it would be shown as Markdown; write "
        "`markdown` into the tag around it, or the value outside of a tag"
    )
    assert not errors(tmp_path / "docs" / "page.md", text.replace(written, "<div markdown>`{python} x`</div>"))


def test_a_name_that_a_what_if_binds_may_be_spoken_of_below_it(walk):
    change = "```diff\n x = 1\n+late = 2\n```\n\n"
    text, errors = walk("x = 1\n", f"{embed('x =')}{change}The name `late` is `{{python}} late`.\n")
    assert errors == [] and "The name `late` is `2`" in text
    _, [error] = walk("x = 1\n", f"{embed('x =')}The name `late`.\n\n{change}")
    assert error.startswith("8: `late` is no name of p.py")


TWICE = """\
class Neuron:
    def parameters(self):
        return 1


class Layer:
    def parameters(self):
        return 2


last = Layer().parameters()
"""


def test_a_selector_may_say_what_its_line_stands_below(walk):
    see = "See `{line} class Layer > def parameters`.\n\n"
    text, errors = walk(TWICE, see + embed("class Neuron > return..class Layer > def"))
    assert errors == [] and "[line 7]" in text and 'data-lines="3 7"' in text
    _, [error] = walk(TWICE, "See `{line} class Layer > def weights`.\n")
    assert error.startswith('4: "def weights" is on no line')


def test_chance_without_a_seed_is_said_with_the_line_that_differs(walk):
    program = "import random\n\nsides = 6\nthrown = random.random()\nlast = 1\n"
    _, errors = walk(program, embed("thrown =") + "`{python} thrown`\n")
    assert errors == [
        "4: line 4 of p.py gives another `thrown` in every run, as chance has no seed; seed it, as in "
        "random.seed(1) or np.random.seed(1)"
    ]
    assert walk(program.replace("thrown", "random.seed(1)\nthrown", 1), embed("thrown ="))[1] == []
    both = program.replace("import random", "import random, numpy as np\nnp.random.seed(1)")
    assert walk(both, embed("thrown ="))[1][0].startswith("4: line 5 of p.py gives another `thrown`"), "one of two has a seed"
    fresh = "import numpy as np\n\ndice = np.random.default_rng(1)\nthrown = dice.random() + np.random.default_rng().random()\n"
    assert walk(fresh, embed("thrown ="))[1][0].startswith("4: line 4 of p.py gives another `thrown`")
    assert walk(program.replace("random.random()", "sorted(random.sample(range(3), 3))"), embed("thrown ="))[1] == []


def test_chance_without_a_seed_in_a_function_or_in_a_fence_is_said(walk):
    program = "import random\n\n\ndef f():\n    thrown = random.random()\n    return 1\n\n\nx = f()\n"
    assert walk(program, embed("x ="))[1] == []
    _, [error] = walk(program, embed("return 1"))
    assert error.startswith("4: line 5 of p.py gives another `thrown` in every run, as chance has no seed")
    fence = "```python\nimport random\n\nthrown = random.random()\n```\n\nIt is `{python} thrown`.\n"
    _, [error] = walk("x = 1\n", fence)
    assert error.startswith("9: this is another one in every run, as chance has no seed; seed it, as in random.seed(1)")
    assert walk("x = 1\n", fence.replace("\n\nthrown", "\nrandom.seed(1)\nthrown"))[1] == []
    assert walk("x = 1\n", fence.replace("thrown = random.random()", "thrown = len([random.random()])"))[1] == []


INSIDE = """\
rate = 0.5


def train(weight, steps):
    for step in range(steps):
        for side in (1, 2):
            weight -= side * rate
        if step == 2:
            late = step
    return weight


class Tree:
    def depth(self, left):
        return 0 if left == 0 else 1 + self.depth(left - 1)


def counted():
    number = 0
    while True:
        yield number
        number += 1


def never():
    return 1


if __name__ == "__main__":
    first = train(8, 2)
    second = train(3, 4)
    deep = Tree().depth(3)
    one, two = counted(), counted()
    seen = [next(source) for source in (one, two, one, two, one)]
"""


def test_a_page_can_stop_inside_a_function_in_one_of_its_calls(walk):
    weight = "`{python} (step, side, weight)`\n\n"
    places = {
        "": ("weight -=", ""),
        "the second call": ("weight -=", ' call="2"'),
        "its third turn": ("weight -=", ' call="2" iteration="3"'),
        "and the second turn in that": ("weight -=", ' call="2" iteration="3.2"'),
        "the last": ("weight -=", ' call="last" iteration="last"'),
        "the first call in which it completes": ("late = step", ""),
    }
    text, errors = walk(INSIDE, "".join(embed(*place) + weight for place in places.values()))
    assert errors == []
    values = [(0, 1, 7.5), (0, 1, 2.5), (2, 1, -0.5), (2, 2, -1.5), (3, 2, -3.0), (2, 2, -1.5)]
    assert re.findall(r"`(\(.*?\))`\{\.value\}", text) == [str(value) for value in values]
    places = re.findall(r'data-iteration="(\d)" data-call="(\d)"', text)
    assert places == [("1", "1"), ("1", "2"), ("3", "2"), ("3", "2"), ("4", "2"), ("3", "2")], "where the inspector is sent"
    unkept = [bool(inner) for inner in re.findall(r'data-call="\d"( data-inner="1")?', text)]
    assert unkept == [False, False, False, True, True, False], "of each turn, the first time is kept"


def test_what_a_function_returns_a_recursion_and_a_generator_are_told_by_the_call(walk):
    text, errors = walk(
        INSIDE,
        embed("return weight", ' call="2"')
        + "`{python} weight` `{python} train(1, 1)`\n\n"
        + embed("return 0", ' call="4"')
        + "`{python} left`\n\n"
        + embed("number +=", ' call="1" iteration="2"')
        + "`{python} number`\n\n"
        + embed("class Tree..left - 1")
        + "`{python} 'left' in dir()` `{python} Tree().depth(5)`\n",
    )
    assert errors == []
    assert re.findall(r"`(.*?)`\{\.value\}", text) == ["−3.0", "−0.5", "0", "2", "False", "5"]


def test_a_ledger_below_a_line_in_no_loop_of_a_function_goes_through_its_calls(walk):
    values = "<!--ledger: weight == was.weight-->\n\n`{python} weight`, `{python} len(made)`\n"
    text, errors = walk(INSIDE, embed("return weight") + "```python\nmade = [0] * steps\n```\n\n" + values)
    assert errors == [] and "{data-iterations: '1 2', data-of: Call}" in text
    assert re.findall('data-at="(.*?)"', text) == ["5.0;−3.0", "2;4"]
    _, [error] = walk(INSIDE, embed("return weight") + "<!--ledger: weight > 0-->\n\n`{python} weight`\n")
    assert error.startswith("10: the ledger does not add up in call 2: weight > 0 is not true")


def test_a_ledger_goes_through_the_turns_of_a_loop_in_a_function(walk):
    values = "`{python} weight`, `{python} was.weight`, `{python} twice`\n"
    ledger = f"```python\ntwice = 2 * weight\n```\n\n<!--ledger: weight < 3-->\n\n{values}"
    text, errors = walk(INSIDE, embed("weight -=", ' call="2"') + ledger)
    assert errors == [] and "data-iterations: '1 2 3 4'" in text
    assert re.findall('data-at="(.*?)"', text) == ["2.5;1.0;−0.5;−2.0", "3;1.5;0.0;−1.5", "5.0;2.0;−1.0;−4.0"]


@pytest.mark.parametrize(
    "selector, option, message",
    [
        ("weight -=", ' call="3"', "4: train of p.py is called 2 times; there is no call 3; write one from 1 to 2"),
        (
            "late =",
            ' call="1"',
            "4: line 9 of p.py does not complete in call 1 of train; the nearest in which it does is 2; write that",
        ),
        (
            "late =",
            ' call="2" iteration="1"',
            "4: line 9 of p.py does not complete in iteration 1 of its loop in call 2 of train; the nearest in which it does "
            "is 3; write that",
        ),
        (
            "weight -=",
            ' iteration="1.3"',
            "4: line 7 of p.py does not complete in iteration 1.3 of its loops; the nearest in which it does is 1.2; write that",
        ),
        (
            "weight -=",
            ' iteration="1.2.3"',
            "4: line 7 of p.py stands in 2 loops of train, so it has no iteration 1.2.3; write 2 numbers",
        ),
        (
            "return 1",
            "",
            "4: line 26 of p.py stands in never, which is never called; begin the embed at line 25, and it is shown where the "
            "function is defined",
        ),
        ("rate =", ' call="1"', "4: line 1 of p.py stands in no function; delete call="),
        ("rate =", ' call="x"', '4: call="x" is no call of a function; write a number from 1, "first" or "last"'),
    ],
)
def test_a_call_that_is_not_there_is_said(walk, selector, option, message):
    try:
        _, errors = walk(INSIDE, embed(selector, option))
    except PageError as error:
        errors = [f"{error.line}: {error.message}"]
    assert errors == [message]


def test_a_local_that_a_function_would_take_for_a_global_is_said(walk):
    program = "n = 1\n\n\ndef seen():\n    return n\n\n\ndef f(n):\n    m = n\n    return m\n\n\nx = f(2)\n"
    _, errors = walk(program, embed("m = n"))
    assert errors == [
        "4: `n` of f hides another `n` of p.py, which a function reads; a page cannot show both, so rename one of them"
    ]


def test_a_turn_of_each_of_several_loops_can_be_named(walk):
    program = (
        'with open("log", "w"):\n    for row in range(3):\n        for column in range(3):\n            place = row, column\n'
    )
    text, errors = walk(
        program,
        embed("place", ' iteration="2.3"') + "`{python} place`\n\n" + embed("place", ' iteration="3"') + "`{python} place`\n",
    )
    assert errors == [] and re.findall(r"`(\(.*?\))`\{", text) == ["(1, 2)", "(2, 0)"]


ENDLESS = """\
a, b = 0, 1
while True:
    a, b = b, a + b
    print(a)
"""
ENDLESS_INSIDE = """\
def main():
    number = 0
    while True:
        number += 1
        if number == 7:
            seven = True


main()
"""


@pytest.mark.parametrize(
    "program, until, line, option, shown",
    [
        (ENDLESS, "5", "a, b = b", ' iteration="last"', "(5, 8)"),
        (ENDLESS, '"print(a)"', "a, b = b", ' iteration="last"', "(1, 1)"),
        (ENDLESS_INSIDE, "seven =", "number +=", ' iteration="last"', "7"),
    ],
)
def test_a_program_without_an_end_is_cut(walk, program, until, line, option, shown):
    front = f"---\nprogram: p.py\nuntil: {until}\n---\n"
    value = "(a, b)" if program == ENDLESS else "number"
    text, errors = walk(program, f"{front}{embed(line, option)}`{{python}} {value}`\n")
    assert errors == [] and f"`{shown}`{{.value}}" in text
    output = "" if program == ENDLESS_INSIDE else "1\n1\n2\n3\n5\n" if until == "5" else "1\n"
    output = f"\n<!--pytest-codeblocks:expected-output-->\n\n```text\n{output}```\n" if output else ""
    text, errors = walk(program, LISTING.replace("---\n# All", f"until: {until}\n---\n# All") + output, "program.md")
    assert errors == [] and "## The values" in text


@pytest.mark.parametrize(
    "until, message",
    [
        ("nowhere", '3: "nowhere" is on no line of p.py; copy some text of the line you mean'),
        ("0", "3: `until: 0` is no number of turns; write one from 1, or some text of a line"),
        ("yes", "3: `until:` in the front matter is no text; put it in quotes"),
    ],
)
def test_an_end_that_is_none_is_said(walk, until, message):
    try:
        _, errors = walk(ENDLESS, f"---\nprogram: p.py\nuntil: {until}\n---\n{embed('a, b = b')}")
    except PageError as error:
        errors = [f"{error.line}: {error.message}"]
    assert errors == [message]


PLOTTED = """\
import matplotlib.pyplot as plt

heights = [1, 2, 4]
plt.plot(heights)
plt.xlabel("step")
plt.show()
"""


def test_what_a_program_plots_is_an_embeds_figure_and_no_fault_of_the_next_fence(walk):
    after = "```python\nprint(heights[0])\n```\n\n<!--pytest-codeblocks:expected-output-->\n\n```text\n1\n```\n"
    figure = ' figure="A line that rises from 1 to 4."'
    assert walk(PLOTTED, embed("plt.show()") + after)[1] == []
    shown = to_markdown(Page("docs/page.md", f"---\nprogram: p.py\n---\n# A\n\n{embed('plt.show()', figure)}{after}"))
    assert shown.count("<svg") == shown.count("A line that rises from 1 to 4.</title>") == 1
    _, errors = walk(PLOTTED, embed("heights =", figure))
    assert errors == ["4: this leaves no figure; draw exactly one, with plt.subplots()"]
    with pytest.raises(PageError, match='say in a sentence what this figure shows, for those who cannot see it: figure="…"'):
        walk(PLOTTED, embed("plt.show()", ' figure="A line."'))


DOTS = 'a = "x..y"\nb = ...\nc = [1][...:]\nlast = 1\n'


@pytest.mark.parametrize(
    "selector, lines", [("x..y", "1 1"), ("x..y..last", "1 4"), ("b = ...", "2 2"), ("b = .....last", "2 4"), ("a =..[1]", "1 3")]
)
def test_dots_that_stand_in_the_program_belong_to_its_text(walk, selector, lines):
    text, errors = walk(DOTS.replace("[1][...:]", "[1][:]"), embed(selector))
    assert errors == [] and f'data-lines="{lines}"' in text


def test_three_dots_are_said(walk):
    _, [error] = walk("a = 1\nb = 2\n", embed("a = 1...b = 2"))
    assert error == '5: "a = 1...b = 2" has three dots; write two between the first line and the last'


def test_the_order_of_a_set_is_said_with_the_line_that_differs(walk):
    program = 'words = {"one", "two", "three", "four"}\nnumbers = {3, 1}\nfirst = list(words)\nlast = 1\n'
    _, [error] = walk(program, embed("first ="))
    assert error == (
        "4: line 3 of p.py gives another `first` in every run, as a set of texts has no order; sort it, with sorted()"
    )
    program = program.replace("list(words)", "sorted(words)")
    _, [error] = walk(program, embed("first =") + "`{python} numbers` `{python} first[0]`\n\n`{python} words`\n")
    assert error.startswith("10: {python} words is a set, which has no order")


def test_the_guides_own_examples_of_loops_and_ends_are_in_order(walk):
    shown = [block.text for block in Page.read(ROOT / "docs" / "contributing.md").blocks if isinstance(block, Display)]
    [loops], [end] = ([text for text in shown if mark in text] for mark in ('iteration="3.2"', "until:"))
    program = "for row in range(1, 5):\n    for column in range(1, 5):\n        product = row * column\n"
    text, errors = walk(program, loops.replace("table.py", "p.py") + "\n`{python} product`\n")
    assert errors == [] and "`6`{.value}" in text
    program = (
        "number, primes = 1, []\nwhile True:\n    number += 1\n"
        "    if all(number % p for p in primes):\n        primes.append(number)\n"
    )
    last = embed("number += 1", ' iteration="last"')
    text, errors = walk(program, f"---\n{end.replace('primes.py', 'p.py')}---\n{last}`{{python}} len(primes)`\n")
    assert errors == [] and "`25`{.value}" in text


GRAPH = """\
class Value:
    def __init__(self, data, before=()):
        self.data, self.before = data, before

    def __add__(self, other):
        return Value(self.data + other.data, (self, other))


total, ones = Value(0), [Value(1) for _ in range(60)]
for turn in range(12):
    for one in ones:
        total = total + one
"""


def test_a_ledger_copies_objects_that_hold_each_other_only_where_they_are_shown(walk, monkeypatch):
    copies = []
    monkeypatch.setattr(
        sys.modules["literate.look.moments"], "copied", lambda names: copies.append(0) or {"total": names["total"]}
    )
    text, errors = walk(
        GRAPH, embed("total = total", ' iteration="2"') + "<!--ledger: total.data > 0-->\n\n`{python} total.data`\n"
    )
    assert errors == [] and 'data-at="1;61;121' in text
    assert len(copies) <= 30, "two for each iteration that is kept, of 1,452 statements"


def test_what_is_too_large_for_a_page_is_left_out_and_said(walk):
    program = (
        "import numpy as np\n\nweights = np.zeros((784, 100))\nfor turn in range(3):\n    weights += 1\nlast = weights[0, 0]\n"
    )
    text, errors = walk(program, LISTING, "program.md")
    assert errors == [] and text.count("`78,400 numbers, too many to show: (784, 100)`{.value}") == 3 and len(text) < 20_000
    figure = (
        '```python figure="Very many points that nobody can tell apart."\nimport numpy as np\nimport matplotlib.pyplot as plt\n\n'
        "_, ax = plt.subplots()\nax.plot(np.sin(np.arange(20000)), '.')\nax.set_xlabel('x')\n```\n"
    )
    _, [error] = walk("a = 1\n", figure)
    assert re.fullmatch(
        r"4: this figure is a drawing of \d.\d MB, and a page holds one of 1 MB; draw fewer points, as in .*", error
    )


def test_a_text_that_holds_a_fence_is_listed_and_a_page_of_front_matter_alone_is_said(walk, tmp_path):
    walk('text = """\n```\n--8<-- "no.md"\n```\n"""\nempty = ""\nlast = 1\n', "x")
    assert errors(tmp_path / "docs" / "program.md") == []
    [error] = errors(tmp_path / "docs" / "page.md", "---\nprogram: p.py\n---")
    assert str(error).endswith("page.md:2: this page says nothing; write a heading and a sentence, or delete it")


@pytest.mark.parametrize(
    "program, front, selector, option, expression, value",
    [
        (INSIDE, "", "weight -=", ' call="2" iteration="3.2"', "step, side, weight", "2 2 -1.5"),
        (INSIDE, "", "return weight", ' call="2"', "weight", "-3.0"),
        (INSIDE, 'after: "late = step"\n', "", "", "late", "2"),
        (ENDLESS, "until: 5\n", "a, b = 0..print(a)", ' iteration="last"', "a", "5"),
        (f"{ENDLESS}print('never')\n", "until: 5\n", "", "", "a", "5"),
        (ENDLESS_INSIDE, "until: seven =\n", "", "", "1", "1"),
    ],
)
def test_a_readers_python_gets_to_the_same_places(walk, tmp_path, program, front, selector, option, expression, value):
    walk(program, f"---\nprogram: p.py\n{front}---\nx")
    shown = embed(selector, option) if selector else "" if "after" in front else '```python\n--8<-- "p.py"\n```\n\n'
    output = f"```python\nprint({expression})\n```\n\n<!--pytest-codeblocks:expected-output-->\n\n```text\n{value}\n```\n"
    markdown = to_markdown(Page(tmp_path / "docs" / "page.md", f"---\nprogram: p.py\n{front}---\n# A\n\n{shown}{output}"))
    found = json.loads(html.unescape(re.search('data-steps="(.*?)"', markdown)[1]))
    names, own = {}, {}
    said = [FENCE.go(names, own, found["programs"], step) for step in found["steps"]]
    assert said[-1] == f"{value}\n"


WHOLE = '```python\n--8<-- "p.py"\n```\n\n'


@pytest.mark.parametrize(
    "program, expression, value",
    [
        ("for turn in range(3):\n    last = turn\n", "last", "2"),
        ("x = 1\nif x == 2:\n    x = 3\n", "x", "1"),
        ("try:\n    x = 1\nexcept ValueError:\n    x = 2\n", "x", "1"),
        ("import sys\n\nx = 1\nsys.exit(0)\n", "x", "1"),
        ('x = 1\nif __name__ == "__main__":\n    raise SystemExit()\n', "x", "1"),
        ("n = 0\nwhile True:\n    n += 1\n    if n == 4:\n        break\n", "n", "4"),
    ],
)
def test_a_whole_program_runs_to_its_end_whatever_stands_there(walk, program, expression, value):
    text, errors = walk(program, f"{WHOLE}`{{python}} {expression}`\n")
    assert errors == [] and f"`{value}`{{.value}}" in text
    text, errors = walk(program, LISTING, "program.md")
    assert errors == [] and "## The values" in text


def test_what_a_whole_program_prints_in_its_last_loop_is_all_printed_there(walk):
    output = "<!--pytest-codeblocks:expected-output-->\n\n```text\n0\n1\n```\n"
    assert walk("for turn in range(2):\n    print(turn)\n", WHOLE + output)[1] == []


def test_the_line_that_exits_with_no_fault_has_completed(walk):
    program = 'import sys\n\n\ndef main():\n    return 0\n\n\nif __name__ == "__main__":\n    x = 1\n    sys.exit(main())\n'
    text, errors = walk(program, embed("if __name__..sys.exit") + "`{python} x`\n")
    assert errors == [] and "`1`{.value}" in text
    assert walk(program.replace("return 0", "return 3"), embed("sys.exit"))[1] == ["4: p.py:10: SystemExit: 3; mend that line"]


def test_the_last_line_has_turns_too(walk):
    last = embed("print(a)", ' iteration="3"') + "<!--pytest-codeblocks:expected-output-->\n\n```text\n1\n1\n2\n```\n"
    text, errors = walk(
        ENDLESS, f"---\nprogram: p.py\nuntil: 5\n---\n{last}`{{python}} a, b`\n\n{embed('print(a)')}`{{python}} b`\n"
    )
    assert errors == [] and "`(2, 3)`{.value}" in text and "`1`{.value}" in text
    _, [error, *_] = walk("n = 0\nwhile True:\n    n += 1\n    if n == 4:\n        break\n", embed("break", ' iteration="2"'))
    assert error.startswith("4: line 5 of p.py never completes, as break leads away from it")


def test_where_a_program_is_cut_is_said_once_in_the_page_that_lists_it(walk, tmp_path, monkeypatch):
    """A page about another program, or one that says nothing of it, can embed it, too; without it, the message leads there."""
    walk(ENDLESS, "x")
    (tmp_path / "snippets" / "q.py").write_text("x = 1\n")
    listing, about = tmp_path / "docs" / "program.md", '---\nprogram: q.py\n---\n# A\n\n```python\n--8<-- "p.py"\n```\n'
    listing.write_text(LISTING.replace("---\n#", "until: 5\n---\n#"))
    output = "\n<!--pytest-codeblocks:expected-output-->\n\n```text\n1\n1\n2\n3\n5\n```\n"
    assert not errors(tmp_path / "docs" / "page.md", about + output)
    assert not errors(tmp_path / "docs" / "page.md", about.replace("q.py", "p.py") + output)
    listing.write_text(LISTING)
    [error] = errors(tmp_path / "docs" / "page.md", about + output)
    assert str(error).endswith("print less, or cut it, with `until:` in the front matter of the page that lists it")


def test_what_is_drawn_after_a_figure_was_shown_is_another_figure(walk):
    program = PLOTTED + 'plt.plot([7, 5])\nplt.xlabel("turn")\nplt.show()\n'
    figure = embed("plt.plot([7..turn", ' figure="A line that falls from 7 to 5."')
    walk(program, "x")
    shown = to_markdown(Page("docs/page.md", f"---\nprogram: p.py\n---\n# A\n\n{figure}"))
    assert "turn</text>" in shown and "step</text>" not in shown and shown.count('id="figure') and shown.count("clip-path") == 1


def test_a_mistake_in_what_is_written_in_a_figure_is_one_line(walk):
    program = PLOTTED.replace('"step"', 'r"$\\frac{x$"')
    [error] = walk(program, embed("plt.show()", ' figure="A line that rises from 1 to 4."'))[1]
    assert error.startswith("4: this figure cannot be drawn: ValueError: ") and error.endswith("; mend what is written in it")


@pytest.mark.parametrize("written", ["<pre>", "Text <pre></pre>"])
def test_an_empty_pre_is_said_with_its_own_line(walk, tmp_path, written):
    walk("x = 1\n", "x")
    [error] = errors(tmp_path / "docs" / "page.md", f"---\nprogram: p.py\n---\n# A\n\n{embed('x =')}Text.\n\n{written}")
    assert "page.md:12: this code (<pre>) is no fence to Markdown" in str(error)


def test_a_recording_of_many_numbers_keeps_within_its_limit_and_says_what_is_left_out(walk):
    program = "import numpy as np\n\n" + "".join(f"a{n} = np.arange(900.0) + {n}\n" for n in range(130))
    file = as_text(Recording.of(Program("p.py", program)))
    assert len(file) < 1_000_000 and '"text":"900 numbers, too many to show: (900,)"' in file
    text, errors = walk(program, LISTING, "program.md")
    assert errors == [] and text.count("`900 numbers, too many to show: (900,)`{.value}") == 130


def test_very_many_steps_are_thinned_and_very_many_rows_are_cut_and_said(walk, monkeypatch):
    program = Program("p.py", "x = 0\nfor turn in range(1000):\n" + "".join(f"    x{n} = turn * {n}.5\n" for n in range(20)))
    assert len({step[1] for step in json.loads(as_text(Recording.of(program)))["steps"]}) == 1 + 26
    monkeypatch.setattr(sys.modules["literate.record.file"], "MOST", 8_000)
    turns = sorted({step[1] for step in json.loads(as_text(Recording.of(program)))["steps"]})
    assert turns[:2] == [0, 1] and turns[-1] == 1_000 and len(turns) < 10
    inside = Program(
        "p.py",
        "def f(n):\n    return n + 1.5\n\n\nn = 0\nwhile n < 900:\n    n = f(n) + f(n + 1) - n\n" + "    m = f(f(f(n)))\n" * 9,
    )
    file = json.loads(as_text(Recording.of(inside)))
    assert file["inside"]["most"] == 1 and max(map(len, file["inside"]["traces"])) == 1
    monkeypatch.setattr(sys.modules["literate.write.listing"], "MOST_ROWS", 20)
    text, errors = walk("".join(f"x{n} = {n}\n" for n in range(24)), LISTING, "program.md")
    assert errors == [] and "These are the first 20 of 24 rows. A page holds no more." in text


def test_a_page_of_very_much_html_is_said_once_where_it_is_too_much(walk, monkeypatch):
    monkeypatch.setattr(sys.modules["literate.write.markdown"], "MOST", 3_000)
    _, found = walk("a = 1\n", ("Very much is said here. " * 80 + "\n\n```python\na = 1\n```\n\n") * 4)
    assert found == ["9: this page comes to more than 0 MB of HTML here; show less, or make several pages of it"]


@pytest.mark.parametrize(
    "program, shown",
    [
        ("x = 2**20000\n", "a whole number of about 6,021 digits"),
        ("x = 2**60 + 1\n", "1152921504606846977"),
        ("x = 'ab' * 900\n", "ab… (1,800 characters)"),
    ],
)
def test_long_numbers_and_texts_are_listed(walk, program, shown):
    text, errors = walk(program, LISTING, "program.md")
    assert (
        errors == []
        and f"{shown}`{{.value}}" in text
        and (
            json.loads(as_text(Recording.of(Program("p.py", program))))["steps"][0][2]["x"]
            in (shown, {"type": "str", "text": "ab" * 500 + shown[2:]})
        )
    )


def test_an_object_is_said_by_what_it_holds_and_a_set_of_objects_by_how_many_there_are(walk):
    program = (
        "class Value:\n    def __init__(self, data, before=()):\n        self.data, self.before = data, set(before)\n"
        "        self.back = lambda: None\n\n\na, b = Value(1), Value(2)\nc = Value(3, (a, b))\nall_ = {a, b}\n"
    )
    text, errors = walk(program, LISTING, "program.md")
    assert errors == [] and "`Value(data=3, before={2 of Value}, back=<lambda>)`{.value}" in text and "`{2 of Value}`" in text


def test_to_look_up_names_no_fence_is_compiled_again(walk, monkeypatch):
    compiled, code = [], sys.modules["literate.state.code"]
    real = code.compiled
    monkeypatch.setattr(code, "compiled", lambda *given: compiled.append(0) or real(*given))
    pairs = "".join(f"```python\nn{n} = {n}\n```\n\nIt is `n{n}`.\n\n" for n in range(40))
    assert walk("x = 1\n", pairs)[1] == []
    assert len(compiled) == 80, "each is compiled to be run, and once to see its names"


def test_a_linked_list_of_two_thousand_is_listed_and_shown(walk):
    program = (
        "class Link:\n    def __init__(self, number, behind):\n        self.number, self.behind = number, behind\n\n\n"
        "head = None\nfor number in range(2000):\n    head = Link(number, head)\n"
    )
    text, errors = walk(program, LISTING, "program.md")
    assert errors == [] and re.search(r"`Link\(number=1999, behind=Link\(number=1998, behind=Link\(\w+…`{.value}", text)
    text, errors = walk(program, embed("head = Link") + "<!--ledger: head.number == number-->\n\n`{python} head.number`\n")
    assert errors == [] and text.count("1999") == 1


def test_a_mark_of_an_include_in_a_fence_that_is_only_shown_or_in_a_string_stays_as_it_is(walk):
    shown = '<!--display-only: it is a piece of a page-->\n\n```text\n--8<-- "no.md"\n```\n'
    text, errors = walk("x = 1\n", shown)
    assert errors == [] and '\n--8<-- "no.md"\n' in text and ";--8<--" not in text


def test_a_bar_in_a_sentence_about_a_line_shifts_no_column(walk):
    text, errors = walk("x = 1\n", LISTING.replace("---\n#", 'lines:\n  "x =": "One | `{python} 1 | 2`."\n---\n#'), "program.md")
    assert errors == [] and "| [1](#L1) | One \\| `3`{.value}. |" in text
