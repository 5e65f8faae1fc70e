"""Questions: which choice is right is found in the run, behind the answer; and what a reader gets without a script."""

import functools
import re

import pytest
from bs4 import BeautifulSoup
from conftest import ROOT, address, pages

from literate.page import Choices, Display, Page, PageError, Question
from literate.site.pages import errors, to_markdown

NAV = re.findall(r"[\w/-]+\.md", (ROOT / "mkdocs.yml").read_text())
STOPS = [page for page in NAV if page.startswith("walk/")]
SECOND = [*NAV[NAV.index("hidden/targets.md") : NAV.index("hidden/nodes.md") + 1], "hidden/eleven/program.md"]
PLACES = [page for page in NAV if page.startswith("look/")]
PAGE = """\
---
program: count.py
---
```python
--8<-- "count.py:total = 0"
```

<!--question: why-->

The total is `{python} total` now. What will it be?

- Nothing.<!--if: total == 0-->
  It does not stay so.
- More, namely five.<!--if: total == 5-->

    It is `{python} total`.

    And that is all.

??? question "Show the answer"

    ```python
    total += 5
    ```

    There.

Behind it.

```python
total = 0
```
"""


@pytest.fixture
def write(tmp_path, monkeypatch):
    for folder in ("docs", "snippets"):
        (tmp_path / folder).mkdir()
    (tmp_path / "snippets" / "count.py").write_text("total = 0\nprint(total)\n")
    (tmp_path / "docs" / "program.md").write_text('---\nprogram: count.py\n---\n```python\n--8<-- "count.py"\n```\n')
    monkeypatch.chdir(tmp_path)

    def write(text):
        (tmp_path / "docs" / "page.md").write_text(text)
        return Page.read(tmp_path / "docs" / "page.md")

    return write


@pytest.fixture(scope="module")
def soup(site):
    """Return a function that returns a built page."""

    def read(page):
        return BeautifulSoup((site / address(page) / "index.html").read_text(encoding="utf-8"), "html.parser")

    return functools.cache(read)


def asked(page):
    return [block for block in Page.read(ROOT / "docs" / page).blocks if isinstance(block, Question)]


def test_a_question_is_asked_in_the_state_of_its_place_and_its_choices_are_weighed_behind_the_answer(write):
    text = to_markdown(write(PAGE))
    legend = re.search(r"legend\n.*?\n\n(.*?)\n\n///", text, re.S)[1]
    assert legend == "The total is `0`{.value} now. What will it be?"
    assert "**Not so.** It does not stay so." in text and "**Right.** It is `5`{.value}.\n\nAnd that is all." in text
    assert len(re.findall("data-right", text)) == 1 and text.index("data-right") > text.index("It does not stay so.")
    assert "if:" not in text and text.index("Show the answer") < text.index("Behind it.")


def test_a_choice_is_right_by_the_run_alone(write):
    page = PAGE.replace("total += 5", "total += 6")
    [error] = errors(write(page).path)
    assert str(error).endswith(
        "page.md:12: none of these choices is right in this run, and one must be (line 12: total == 0 is "
        "6 == 0; line 14: total == 5 is 6 == 5); rewrite the choices, or their expressions"
    )
    with pytest.raises(PageError):
        to_markdown(write(page))


def test_a_mistake_in_the_answer_is_told_before_what_follows_from_it(write):
    found = errors(write(PAGE.replace("total += 5", "totl += 5").replace("total == 0", "total == 1")).path)
    assert [error.line for error in found] == [12, 23]
    assert "what is said here may follow from line 23; mend that line first" in str(found[0])


def test_all_that_is_no_longer_so_in_a_question_is_told_at_once(write):
    page = write(
        PAGE.replace("total == 5", "total == 6")
        .replace("stay so.", "stay so.<!--holds: total == 1--> It grows.<!--holds: total < 5-->")
        .replace("And that is all.", "And that is all.<!--holds: total > 8-->")
        .replace("now. What", "now.<!--holds: total == 1--> What")
    )
    assert [(error.line, str(error).split(": ")[1]) for error in errors(page.path)] == [
        (10, "this is no longer so"),
        (12, "none of these choices is right in this run, and one must be (line 12"),
        (13, "this is no longer so"),
        (13, "this is no longer so"),
        (18, "this is no longer so"),
    ]


def test_a_question_is_another_one_when_it_is_worded_otherwise_and_not_when_a_line_moves(write):
    name = re.compile(r"question-[0-9a-f]{8}")
    first = name.search(to_markdown(write(PAGE)))[0]
    assert name.search(to_markdown(write(PAGE.replace("What will it be?", "What will\nit be?"))))[0] == first
    assert name.search(to_markdown(write(PAGE.replace("What will it be?", "What may it be?"))))[0] != first


@pytest.mark.parametrize("page", STOPS + SECOND)
def test_each_stop_asks_why_and_recalls_an_earlier_one(page):
    kinds = [question.kind for question in asked(page)]
    assert 2 <= len(kinds) <= 3 and "why" in kinds, f"docs/{page}:1: it asks {kinds}; ask two or three questions, one of them why"
    assert page == STOPS[0] or kinds[0] == "recall" or "recall" in kinds, f"docs/{page}:1: ask about something of an earlier stop"
    for question in asked(page):
        said = re.search(r"\bwhy\b", question.text, re.I)
        assert said or question.kind != "why", f"docs/{page}:{question.line}: it asks no why; ask for the reason, too"


def test_each_place_to_look_asks_and_so_does_each_change_of_the_gallery():
    assert len(PLACES) == 5
    for page in PLACES:
        assert asked(page), f"docs/{page}:1: nothing is asked here; begin with a question"
    for page, changes in (("break.md", 14), ("hidden/break.md", 9)):
        gallery = Page.read(ROOT / "docs" / page)
        folds = [line for block in gallery.prose for line in block.text.split("\n") if line.startswith("???")]
        assert len(asked(page)) == len(folds) == changes, page


def test_the_right_choice_is_neither_always_in_one_place_nor_always_the_longest(soup):
    """A reader who looks for the pattern learns the pattern."""
    places, longest, number = [], 0, 0
    for page in [page for page in pages() if asked(page)]:
        for field in soup(page).select("fieldset.asked"):
            items = field.select("li")
            [right] = [place for place, item in enumerate(items) if item.has_attr("data-right")]
            places.append(right)
            number += 1
            lengths = [len(item.label.get_text()) for item in items]
            longest += lengths[right] == max(lengths)
    assert number > 40
    assert all(places.count(place) > number / 5 for place in range(3)), [places.count(place) for place in range(3)]
    assert longest < number * 2 / 3, f"{longest} of {number} right choices are the longest"


def test_a_question_is_a_group_of_radio_buttons_that_needs_no_script(soup):
    for field in soup("walk/delta.md").select("fieldset.asked"):
        radios = field.select("input[type=radio]")
        assert field.legend.get_text(strip=True).endswith("?") and len(radios) == len(field.select("li > label")) >= 2
        assert {radio["name"] for radio in radios} == {field["id"]} and len({radio["value"] for radio in radios}) == len(radios)
        assert [item.select_one(".feedback strong").get_text() == "Right." for item in field.select("li")] == [
            item.has_attr("data-right") for item in field.select("li")
        ]
        assert field.find_next_sibling().name == "details" and field.select_one("[role=status]").get_text(strip=True) == ""


def test_a_pages_blocks_stand_in_the_files_order():
    """The blocks stand in the file's order, whatever the order in which they are run."""
    for page in STOPS:
        lines = [block.line for block in Page.read(ROOT / "docs" / page).blocks]
        assert lines == sorted(lines)
        kinds = [type(block) for block in Page.read(ROOT / "docs" / page).blocks if isinstance(block, Question | Choices)]
        assert kinds == [Question, Choices] * (len(kinds) // 2)


def test_the_booklet_asks_first_and_answers_at_its_end(site):
    booklet = BeautifulSoup((site / "booklet" / "index.html").read_text(encoding="utf-8"), "html.parser").article
    questions, answers = (
        booklet.select(".asked"),
        booklet.select("section.answers > div:not([id*='--exercise-'], [id*='--folded-'])"),
    )
    assert len(questions) == len(answers) > 40
    for question, answer in zip(questions, answers):
        assert not question.select(".feedback, input, [role=status]") and question.select_one(".room")
        assert answer.select_one(f"a[href='#{question['id']}']") and question.select_one(f"a[href='#{answer['id']}']")
        assert answer.get_text(strip=True).count("Right.") == 1


def test_the_guide_shows_a_question_as_it_comes_out():
    page = Page.read(ROOT / "docs" / "contributing.md")
    [shown] = [block.text for block in page.blocks if isinstance(block, Display) and "<!--question" in block.text]
    assert f"\n{shown}\n" in page.text.split(f"{shown}```", 1)[1]
