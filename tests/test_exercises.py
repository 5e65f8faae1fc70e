"""Exercises: whatever is right by the numbers passes, and what is wrong is told in words about the mistake."""

import json
import shutil

import numpy
import pytest
from bs4 import BeautifulSoup
from conftest import ROOT, pages, program_of

from literate.page import Display, Exercise, Page
from literate.practise.exercise import ALL, answers
from literate.site.pages import errors

EXERCISES = [(page, block) for page in pages() for block in Page.read(ROOT / "docs" / page).blocks if isinstance(block, Exercise)]


def asked(page, start):
    """Return the exercise of a page whose lines begin with some text, as a browser is given it."""
    program = program_of(page)
    [block] = [block for other, block in EXERCISES if other == page and block.selector == start]
    lines = None if start == ALL else program.find(start)
    return {
        "name": program.name,
        "text": program.text,
        "lines": lines and [lines[0], lines[-1]],
        "checks": [[check.message, check.expression] for check in block.checks],
    }


def told(page, start, own):
    found = answers().answer(asked(page, start), own)
    return found["message"] or "Right."


# Answers that are right, however they are written.
RIGHT = {
    ("walk/sigmoid.md", "return x * (1 - x)"): [
        "return x - x * x",
        "return (1 - x) * x  # so",
        "y = 1 - x\nreturn np.multiply(x, y)",
    ],
    ("walk/targets.md", "y ="): [
        "y = np.array([[0], [0], [1], [1]])",
        "y = X[:, :1]",
        "y = np.array([0, 0, 1, 1]).reshape(4, 1)",
    ],
    ("walk/weights.md", "syn0 = 2"): [
        "syn0 = np.random.random((3, 1)) * 2 - 1",
        "syn0 = np.random.rand(3, 1) * 2 - 1",
        "syn0 = np.random.uniform(-1, 1, (3, 1))",
    ],
    ("walk/prediction.md", "l1 = nonlin"): [
        "l1 = nonlin(l0 @ syn0)",
        "l1 = nonlin(l0.dot(syn0))",
        "total = np.matmul(X, syn0)\nl1 = nonlin(total)",
    ],
    ("walk/error.md", "l1_error ="): ["l1_error = -(l1 - y)", "l1_error = np.subtract(y, l1)"],
    ("walk/delta.md", "l1_delta ="): [
        "l1_delta = nonlin(l1, deriv=True) * l1_error",
        "l1_delta = l1_error * l1 * (1 - l1)",
        "l1_error *= nonlin(l1, True)\nl1_delta = l1_error",
    ],
    ("walk/update.md", "syn0 +="): [
        "syn0 = syn0 + l0.T @ l1_delta",
        "syn0 -= -np.dot(l0.T, l1_delta)",
        "syn0 += (l0 * l1_delta).sum(axis=0)[:, None]",
    ],
    ("hidden/back.md", "l1_error = np"): ["l1_error = l2_delta @ syn1.T", "l1_error = l2_delta * syn1[:, 0]"],
    ("hidden/retell.md", "l0 = X..syn0 +="): [  # no line reports, and the matrices move as soon as they may
        """l0, l1 = X, nonlin(X @ syn0)
l2 = nonlin(l1 @ syn1)
l2_error = y - l2
l2_delta = l2_error * l2 * (1 - l2)
l1_error = l2_delta @ syn1.T
syn1 += l1.T @ l2_delta
l1_delta = l1_error * l1 * (1 - l1)
syn0 += l0.T @ l1_delta""",
    ],
}


@pytest.mark.parametrize("page, start", RIGHT)
def test_what_is_right_by_the_numbers_passes(page, start):
    for own in RIGHT[page, start]:
        assert told(page, start, own) == "Right.", own


def test_there_is_an_exercise_where_a_line_is_worth_writing():
    assert {(page, block.selector) for page, block in EXERCISES if page.startswith(("walk/", "hidden/"))} == set(RIGHT)
    assert ("retell.md", ALL) in {(page, block.selector) for page, block in EXERCISES}


def test_the_sheet_of_several_lines_keeps_their_comments_and_leads_on_from_each(site):
    page, start = "hidden/retell.md", "l0 = X..syn0 +="
    sheet = BeautifulSoup((site / "hidden/retell/index.html").read_text(), "html.parser").select_one(".sheet")["data-sheet"]
    lines = [program_of(page).lines[n - 1].strip() for n in program_of(page).find(start)]
    assert sheet.split("\n") == [text if text[:1] in ("", "#") else "..." for text in lines]
    done = sheet.replace("...", "l0 = X", 1).replace("...", "l1 = nonlin(np.dot(l0, syn0))", 1)
    assert told(page, start, done) == "There is no `l2` behind your text. Give what you work out that name."


@pytest.mark.parametrize("page, block", EXERCISES, ids=[f"{page}:{block.line}" for page, block in EXERCISES])
def test_each_mistake_has_words_of_its_own(page, block):
    """That each wrong answer gets its message, the build and `check` say; here, that they are many, and not one for all."""
    wrong = [text for check in block.checks for _, text in check.wrong]
    assert len(wrong) >= 3 and len(set(wrong)) == len(wrong) and len({check.message for check in block.checks}) >= 3
    assert block.hints


@pytest.mark.parametrize(
    "own, message",
    [
        ("", "Nothing stands here yet."),
        ("...", "Nothing stands here yet."),
        ("# l1_delta", "Nothing stands here yet."),
        ("l1_delta = (", "Python cannot read this: '(' was never closed."),
        ("l1_delta = l1_eror", "Python stops here: NameError: name 'l1_eror' is not defined. Did you mean `l1_error`?"),
        ("l1_delta = zzz", "No line above gives anything that name."),
        ("l1_delta = 1 / 0", "Python stops here: ZeroDivisionError"),
        ("l1_delta = l1_error @ l1", "A matrix product adds up."),
        ("l1_delta = np.dot(y, l1)\nprint(1)", "A matrix product adds up."),
        ("while True: print(l1)", "It prints more than anybody reads."),
        ("while True: pass", "It goes round and round"),
        ("try:\n    while True: l1\nexcept Exception: pass", "It goes round and round"),
        ("l1_delta == l1_error", "`==` compares. One `=` gives a name."),
        ("l1_delta = nonlin(l1, true)", "Did you mean `True`?"),
        ("l1_delta = [l1 l1]", "Perhaps you forgot a comma?"),
        ("raise SystemExit", "There is no `l1_delta` behind your text."),
        ("del l1_error; l1_delta = 0", "There is no `l1_error`"),
    ],
)
def test_whatever_is_written_gets_a_sentence(own, message):
    assert message in told("walk/delta.md", "l1_delta =", own)


@pytest.mark.parametrize(
    "own, message",
    [
        ("return l1 * (1 - l1)", "Python stops here: NameError: name 'l1' is not defined."),
        ("return x(1 - x)", "To multiply, write `*`."),
        ("while True: x", "It goes round and round"),
        ("print(x)\nreturn x * (1 - x)", "Right."),
    ],
)
def test_what_a_check_calls_is_the_readers_too(own, message, capsys):
    """Their function only runs when it is asked, and what it prints is not a part of the answer."""
    assert message in told("walk/sigmoid.md", "return x * (1 - x)", own)
    assert capsys.readouterr().out == ""


def test_a_stage_that_is_not_reached_says_where_python_stopped():
    exercise = asked("retell.md", ALL)
    found = answers().answer(exercise, exercise["text"].replace("np.dot(l0, syn0)", "np.dot(l0, syn)"))
    [line] = program_of("retell.md").find("l1 = nonlin")
    assert found["message"].endswith(f"Python stops at line {line}: NameError: name 'syn' is not defined. Did you mean `syn0`?")


def test_exercises_leave_the_dice_as_they_were(tmp_path):
    """What is only looked at must not change what is drawn next."""
    text = (ROOT / "docs" / "walk" / "weights.md").read_text(encoding="utf-8")
    exercise = text[text.index("<!--exercise") : text.index("## Readers ask")]
    draw = "```python\nprint(np.random.random() == {})\n```\n\n<!--pytest-codeblocks:expected-output-->\n\n```text\nTrue\n```\n"
    numpy.random.seed(1)
    numpy.random.random((3, 1))
    page = tmp_path / "page.md"
    shutil.copy(ROOT / "docs" / "program.md", tmp_path)
    page.write_text("---\nprogram: nn.py\nafter: syn0 = 2\n---\n# A page\n\n" + exercise + draw.format(numpy.random.random()))
    assert errors(page, programs=ROOT / "snippets") == []


def test_an_answer_names_the_line_that_it_is_about():
    exercise = asked("walk/delta.md", "l1_delta =")
    assert answers().answer(exercise, "slopes = 1\nl1_delta = l1_error * slope")["line"] == 2
    assert answers().answer(exercise, "slopes = 1\nif slopes\n    l1_delta = 1")["line"] == 2
    whole = asked("retell.md", ALL)
    [line] = program_of("retell.md").find("l1 = nonlin")
    found = answers().answer(whole, whole["text"].replace("np.dot(l0, syn0)", "np.dot(l0, syn9)"))
    assert found["line"] == line and found["message"].startswith("Data and weights are there.")


def test_the_blank_sheet_leads_to_the_program_stage_by_stage():
    exercise = asked("retell.md", ALL)
    lines = exercise["text"].rstrip("\n").split("\n")
    sheet = [line if not line.strip() or line.strip()[0] == "#" else "..." for line in lines]
    stages = []
    for count in range(len(lines) + 1):
        try:
            compile(text := "\n".join([*lines[:count], *sheet[count:]]), "sheet", "exec")
        except SyntaxError:
            continue  # a function, or a loop, without its lines
        stages.append(answers().answer(exercise, text)["check"])
    order = [stage for stage in stages if stage != -1]
    assert order == sorted(order) and stages[-1] == -1 and len(set(order)) > 6, stages


def test_a_program_runs_from_its_beginning_for_each_answer():
    """One answer leaves nothing to the next."""
    exercise = asked("walk/update.md", "syn0 +=")
    assert answers().answer(exercise, "syn0 += 1; X[:] = 0; np.random.seed(3)")["check"] != -1
    assert answers().answer(exercise, "syn0 += np.dot(l0.T, l1_delta)")["check"] == -1


def test_without_a_script_the_hints_the_mistakes_and_the_lines_are_there(site):
    for page, block in EXERCISES:
        if page == "contributing.md":
            continue
        soup = BeautifulSoup((site / page.removesuffix(".md") / "index.html").read_text(encoding="utf-8"), "html.parser")
        [task] = soup.select(".exercise")
        data = json.loads(task.select_one(".sheet")["data-exercise"])
        assert data["checks"] == [[check.message, check.expression] for check in block.checks]
        assert len(task.select("tbody tr")) == sum(len(check.wrong) for check in block.checks)
        program = program_of(page)
        first, last = data["lines"] or (1, len(program.lines))
        lines = program.lines[first - 1 : last]
        assert task.select_one(".solution").get_text().split() == " ".join(lines).split()
        assert len(task.select("details details")) == len(block.hints) and not task.select("details[open]")


def test_the_guide_shows_an_exercise_that_is_in_order(tmp_path):
    [shown] = [
        block.text
        for block in Page.read(ROOT / "docs" / "contributing.md").blocks
        if isinstance(block, Display) and "<!--exercise" in block.text
    ]
    page = tmp_path / "page.md"
    page.write_text(f"---\nprogram: nn.py\n---\n# A page\n\n{shown}", encoding="utf-8")
    shutil.copy(ROOT / "docs" / "program.md", tmp_path)
    assert [str(error) for error in errors(page, programs=ROOT / "snippets")] == []
    text = page.read_text(encoding="utf-8")
    for old, new, message in (
        ("l1_error = l1 - y", "l1_error = y - l1", "the check above does not tell this wrong answer: it passes"),
        (
            "{python} np.shape(l1_error)`,",
            "{python} np.shap(l1_error)`,",
            "a value of the message cannot be had for this wrong answer",
        ),
        ("- `l1_error` has", "- `l1_eror` has", "`l1_eror` is no name of nn.py"),
    ):
        assert text.count(old) == 1
        page.write_text(text.replace(old, new), encoding="utf-8")
        assert [message in str(error) for error in errors(page, programs=ROOT / "snippets")] == [True], new
