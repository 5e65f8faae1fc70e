"""The state that a page reaches: names, the page's own and the program's, from one embed to the next."""

import pytest

from literate.page import Live, Page
from literate.state import Session

PROGRAM = "def double(n):\n    return factor * n\n\nfactor = 2\nfor turn in range(3):\n    value = double(turn)\n"

EMBED = '```python{option}\n--8<-- "p.py:{selector}"\n```\n'


def embed(selector, option=""):
    return EMBED.format(selector=selector, option=option)


def fence(code):
    return f"```python\n{code}\n```\n"


@pytest.fixture
def session(tmp_path):
    (tmp_path / "p.py").write_text(PROGRAM)

    def play(*fences):
        page = Page(tmp_path / "page.md", "---\nprogram: p.py\n---\n" + "\n".join(fences))
        session = Session(page, tmp_path)
        for block in page.blocks:
            if isinstance(block, Live):
                session.run(block)
        return session

    return play


def test_an_embed_brings_the_programs_names_back(session):
    played = session(embed("value ="), fence("factor = 7\nvalue = 1"), embed("value =", ' iteration="last"'))
    assert (played.value(1, "factor"), played.value(1, "value")) == ("2", "4")


def test_the_pages_own_names_stay_with_their_last_value(session):
    played = session(embed("factor = 2"), fence("mine = 1\nother = 2"), fence("mine = 3\ndel other"), embed("value ="))
    assert played.value(1, "mine") == "3"
    assert "other" not in played.namespace


def test_the_pages_functions_see_where_the_program_has_got_to(session):
    played = session(embed("value ="), fence("def seen():\n    return value"), embed("value =", ' iteration="3"'))
    assert played.value(1, "seen()") == "4"


def test_the_programs_functions_see_what_a_fence_changes(session):
    played = session(embed("factor = 2"), fence("factor = 10"))
    assert played.value(1, "double(1)") == "10"


def test_looking_up_a_name_does_not_throw_the_dice(tmp_path):
    (tmp_path / "p.py").write_text(
        "import numpy as np\nnp.random.seed(1)\na = np.random.random()\nfor turn in range(5):\n    b = np.random.random()\n"
    )
    page = Page(tmp_path / "page.md", "---\nprogram: p.py\n---\n" + embed("a ="))
    drawn = []
    for look_up in (False, True):
        session = Session(page, tmp_path)
        session.run(page.blocks[0])
        if look_up:
            assert "shape" in session.program(1).attributes
        drawn.append(session.value(1, "np.random.random()"))
    assert drawn[0] == drawn[1]
