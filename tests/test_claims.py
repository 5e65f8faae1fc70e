"""Claims and computed words: what a sentence says is held to the run, and what it can compute it need not say."""

import re

import numpy as np
import pytest
from conftest import literate, run_pytest

from literate.look import History
from literate.page import Page, PageError
from literate.program import Program, ProgramError
from literate.prose import ROLES, render
from literate.site.notebook import to_notebook
from literate.site.pages import played, to_markdown
from literate.state import Session
from literate.values import in_words

PROGRAM = """\
import numpy as np

level = np.array([3., 1.])
for turn in range(5):
    change = turn - 1
    level += [change, 2]

print(level)
"""
HERE = '---\nprogram: rise.py\n---\n\n```python iteration="last"\n--8<-- "rise.py:level +="\n```\n\n'


@pytest.fixture
def site(tmp_path):
    for folder in ("docs", "snippets"):
        (tmp_path / folder).mkdir()
    (tmp_path / "snippets" / "rise.py").write_text(PROGRAM)
    (tmp_path / "docs" / "program.md").write_text('---\nprogram: rise.py\n---\n```python\n--8<-- "rise.py"\n```\n')

    def page(text, name="page.md"):
        (tmp_path / "docs" / name).write_text(HERE + text)
        return Page.read(tmp_path / "docs" / name)

    page.folder = tmp_path
    return page


@pytest.fixture
def write(site, monkeypatch):
    def write(text):
        page = site(text)
        monkeypatch.chdir(site.folder)
        return to_markdown(page).partition("///\n\n")[2].strip()

    return write


def refused(write, text):
    with pytest.raises(PageError) as caught:
        write(text)
    return str(caught.value)


def test_a_claim_that_holds_leaves_its_evidence_behind_the_sentence(write):
    text = write("The first is smaller. It is not by much.<!--holds: level[0] < level[1]-->\n")
    assert text == (
        'The first is smaller. It is not by much.&#8288;<button class="holds" type="button" popovertarget="holds-8-0" '
        'aria-label="Evidence"></button><samp class="evidence" id="holds-8-0" popover data-search-exclude>'
        "`level[0] < level[1]` `8 < 11`{.sides}</samp>"
    )


def test_a_claim_below_a_table_stands_alone_with_its_evidence(write):
    assert write("| a |\n| - |\n| 1 |\n\n<!--holds: level[0] == 8-->\n").endswith("`8 == 8`{.sides}</samp>\n{: .holds-alone }")


def test_a_claim_on_a_line_of_its_own_below_a_sentence_belongs_to_its_paragraph(write):
    assert write("It is eight.\n<!--holds: level[0] == 8-->\n").endswith("`8 == 8`{.sides}</samp>")


def test_a_claim_may_go_on_for_several_lines(write):
    assert "`level[0] < level[1]`" in write("So it is.<!--holds: level[0]\n  < level[1]-->\n")


def test_a_claim_in_inline_code_is_only_shown(write):
    assert write("Write `{text} <!--holds: 1-->` there.\n") == "Write `<!--holds: 1-->` there."


@pytest.mark.parametrize(
    "text, message",
    [
        (
            "The first is larger, by much. And so.<!--holds: level[0] > level[1]-->",
            '9: this is no longer so: "And so": level[0] > level[1] is 8 > 11; rewrite the sentence or the claim',
        ),
        (
            "- One.\n- **The first** is `{python} level[0]`,\n  [more](page.md) than others.<!--holds: level[0] > 9 and level[1] > 9-->",
            '11: this is no longer so: "The first is 8.0, more than others": level[0] > 9 is 8 > 9; rewrite the sentence or the claim',
        ),
        (
            "| a |\n| - |\n| 1 |\n\n<!--holds: (level > 9).all()-->",
            "13: this is no longer so: what stands above: level > 9 is [8 11] > 9; rewrite the sentence or the claim",
        ),
        (
            "| a | b |\n| - | - |\n| **A** | large<!--holds: level[0] > 9--> |",
            '11: this is no longer so: "A large": level[0] > 9 is 8 > 9; rewrite the sentence or the claim',
        ),
        (
            "It is quite the same as it was a long time ago, when all of this began.<!--holds: np.array_equal(level, [8, 8])-->",
            '9: this is no longer so: "It is quite the same as it was a long time ago, when all of …": '
            "np.array_equal(level, [8, 8]) is False; rewrite the sentence or the claim",
        ),
        (
            "So.<!--holds: level[0] < 8.00001 < 8.000001-->",
            '9: this is no longer so: "So": level[0] < 8.00001 < 8.000001 is 8 < 8.00001 < 8; rewrite the sentence or the claim',
        ),
        (
            "So.<!--holds: level[0] < 9 and np.array_equal(level, [8, 8]) and level[1] < 12-->",
            '9: this is no longer so: "So": np.array_equal(level, [8, 8]) is False; rewrite the sentence or the claim',
        ),
        (
            "So.<!--holds: not level[0] < 9-->",
            '9: this is no longer so: "So": level[0] < 9 is 8 < 9; rewrite the sentence or the claim',
        ),
        (
            "So.<!--holds: level > 3-->",
            "9: <!--holds: level > 3--> is an array of shape (2,), and a claim is True or False; put .all() or .any() behind it",
        ),
        ("So.<!--holds: level[0]-->", "9: <!--holds: level[0]--> is 8, a float64, and a claim is True or False; compare it"),
        (
            "So.<!--holds: lever[0] > 3-->",
            "9: <!--holds: lever[0] > 3-->: NameError: name 'lever' is not defined; did you mean level",
        ),
        ("So.<!--holds: level[0] >-->", "9: <!--holds: level[0] >-->: this is not an expression; write one, as in x.max() < 1"),
        ("So.<!--holds: print(1)-->", "9: <!--holds: print(1)--> prints; print in a python fence"),
        (
            "So.<!--holds: 1 < 2-->",
            "9: <!--holds: 1 < 2--> has no name in it, so it holds of every program; claim something of this one",
        ),
        ("So.<!--holds:-->", "9: this claim says nothing; write <!--holds: an expression that is true-->"),
        ("So.<!--holds level[0] > 3-->", "9: <!--holds …--> means nothing; write <!--holds: level[0] > 3-->"),
        ("So.<!--hold: level[0] > 3-->", "9: <!--hold: …--> means nothing; write <!--holds: level[0] > 3-->"),
        ("So.<!--claim: level[0] > 3-->", "9: <!--claim: …--> means nothing; write <!--holds: level[0] > 3-->"),
        ("## High<!--holds: level[0] > 3-->", "9: a heading says nothing that could be false; put this claim behind a sentence"),
    ],
)
def test_a_claim_that_is_wrong_stops_the_page_at_its_line(write, text, message):
    assert refused(write, f"{text}\n") == f"docs/page.md:{message}"


def test_check_and_the_tests_say_every_false_claim_of_every_page(site):
    site("One.<!--holds: level[0] > 9--> Two.<!--holds: level[1] > 9-->\nThree.<!--holds: level[1] > 99-->\n")
    site("Four.<!--holds: level.sum() > 99-->\n", "other.md")
    status, said, _ = literate(site.folder, "check", "docs")
    assert status == 1 and re.findall(r'docs/\w+\.md:\d+: this is no longer so: "\w+"', said) == [
        'docs/other.md:9: this is no longer so: "Four"',
        'docs/page.md:9: this is no longer so: "One"',
        'docs/page.md:10: this is no longer so: "Three"',
    ]
    status, lines = run_pytest(site.folder, "-q", "-rN")
    assert status == 1 and [line for line in lines if line in said.splitlines()] == [
        line for name in ("other.md", "page.md") for line in said.splitlines() if name in line
    ]


def test_outputs_are_mended_beside_a_sentence_that_is_not_so(site):
    page = site(
        "No.<!--holds: level[0] > 9-->\n\n```python\nprint(level[0])\n```\n\n<!--pytest-codeblocks:expected-output-->\n\n"
        "```text\n7.0\n```\n"
    )
    assert literate(site.folder, "update", "docs")[0] == 0 and "\n8.0\n" in page.path.read_text()
    status, said, _ = literate(site.folder, "check", "docs")
    assert status == 1 and [line.partition(": ")[0] for line in said.splitlines()] == ["docs/page.md:9"]


def test_a_false_claim_below_a_fence_that_fails_is_not_blamed_on_the_sentence(site):
    site("```python\nprint(lever)\n```\n\nSo.<!--holds: level[0] > 9-->\n")
    said = literate(site.folder, "check", "docs")[1].splitlines()
    assert len(said) == 2 and said[1] == "docs/page.md:13: what is said here may follow from line 10; mend that line first"


def test_weighing_a_claim_does_not_throw_the_dice(site):
    code = "```python\nprint(np.random.random())\n```\n\n"
    drawn = []
    for claim in ("", "So.<!--holds: np.random.random() < 1 < level[0]-->\n\n"):
        page = site(f"```python\nnp.random.seed(5)\n```\n\n{claim}{code}")
        session = Session(page, site.folder / "snippets")
        for block in page.blocks:
            if hasattr(block, "indent"):
                try:
                    session.run(block)
                except PageError as error:
                    drawn.append(re.search(r"'(.*?)'", str(error))[1])
            else:
                render(block, session, ROLES)
    assert len(drawn) == 2 and drawn[0] == drawn[1]


def test_a_notebook_checks_a_claim_and_says_only_the_sentence(site):
    programs = site.folder / "snippets"
    page = Page(
        site.folder / "docs" / "notebook.md",
        '---\nprogram: rise.py\n---\n```python\n--8<-- "rise.py"\n```\n\n'
        "The `{words} level.argmax():ordinal` is high.<!--holds: level[1] > 9-->\n",
    )
    assert to_notebook(played(page, programs)).cells[-1].source == "The first is high."
    with pytest.raises(PageError, match=r"notebook\.md:8: this is no longer so"):
        to_notebook(played(Page(page.path, page.text.replace("> 9", "> 99")), programs))


# The history of a run


def test_history_counts_iterations_from_1_and_begins_before_the_loop():
    program = Program("rise.py", PROGRAM)
    history = History.of(program)
    assert history.level.tolist() == [[3, 1], [2, 3], [2, 5], [3, 7], [5, 9], [8, 11]] and len(history) == 5
    assert np.isnan(history.change[0]) and history.change[1:].tolist() == [-1, 0, 1, 2, 3]
    for iteration in range(1, 6):
        assert history.level[iteration].tolist() == program.run(6, iteration).namespace["level"].tolist()
    assert np.isnan(history.turn[0]) and history.turn[5] == 4


def test_history_is_made_once_and_nobody_can_change_it():
    program = Program("rise.py", PROGRAM)
    assert History.of(program) is History.of(program)
    with pytest.raises(ValueError):
        History.of(program).level[0] = 0


@pytest.mark.parametrize("name", ["np", "nothing", "__deepcopy__"])
def test_history_has_only_numbers(name):
    with pytest.raises(AttributeError, match="no iteration leaves numbers"):
        getattr(History.of(Program("rise.py", PROGRAM)), name)


def test_history_of_an_array_that_grows_is_refused():
    program = Program("grow.py", "import numpy as np\nfor n in range(3):\n    a = np.zeros(n)\n")
    with pytest.raises(AttributeError, match="shape of 'a' is not the same"):
        History.of(program).a  # noqa: B018


def test_a_program_without_a_loop_has_no_history():
    with pytest.raises(ProgramError, match="p.py has no loop, so it has no history"):
        History.of(Program("p.py", "a = 1\n"))


def test_history_is_that_of_the_program_that_brought_the_page_here(write):
    falls = "`{words} int(np.argmax(history.level[:, 0] > 4))`"
    diff = (
        "```diff\n-for turn in range(5):\n+for turn in range(2, 7):\n```\n\n<!--pytest-codeblocks:expected-output-->\n\n"
        "```text\n[18. 11.]\n```\n"
    )
    text = write(f"From {falls} on.\n\n{diff}\nFrom {falls} on.\n")
    assert re.findall(r"From (\w+) on", text) == ["four", "two"]


# Words


@pytest.mark.parametrize(
    "kind, value, said",
    [
        ("", 0, "zero"),
        ("", 4, "four"),
        ("", np.int64(12), "twelve"),
        ("", 20.0, "twenty"),
        ("", 99, "ninety-nine"),
        ("", 10000, "10,000"),
        ("", -1, "-1"),
        ("", "up", "up"),
        ("ordinal", 1, "first"),
        ("ordinal", 12, "twelfth"),
        ("ordinal", 20, "twentieth"),
        ("ordinal", 43, "forty-third"),
        ("times", 1, "once"),
        ("times", 2, "twice"),
        ("times", 7, "seven times"),
        ("example", 2, "C"),
        ("example", [2, 0], "C and A"),
        ("example", np.array([[True], [True], [False], [True]]), "A, B and D"),
        ("example", np.array([False]), "none"),
        ("column", np.array([0, 2]), "1 and 3"),
        ("weight", np.array([False, True]), "2"),
    ],
)
def test_words(kind, value, said):
    assert in_words.say(value, kind) == said


@pytest.mark.parametrize(
    "kind, value", [("", 1.5), ("", True), ("", None), ("", np.array([1, 2])), ("ordinal", 0), ("example", 0.5)]
)
def test_what_has_no_words(kind, value):
    with pytest.raises(in_words.WordsError):
        in_words.say(value, kind)


def test_words_stand_in_a_sentence_as_prose(write):
    assert write("`{Words} len(history)` times, and `{words} level > 9:example` is high, `{words} '*so*'`.\n") == (
        r"Five times, and B is high, \*so\*."
    )


def test_words_that_there_are_none_for_stop_the_page(write):
    assert refused(write, "It is `{words} level[0] / 3`.\n") == (
        "docs/page.md:9: {words} level[0] / 3: this is no whole number; give one, or text"
    )
