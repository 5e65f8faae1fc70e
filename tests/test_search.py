"""Search: each of the readers' questions is found by the words that a reader would type."""

import json

import pytest
from lunr import lunr

TYPED = {
    "wrong-derivative": "derivative wrong",
    "nan": "NaN overflow warning",
    "transpose": "input times delta transpose",
    "random-range": "random weights times 2 minus 1",
    "three-inputs": "three inputs four rows",
    "python-3": "Python 3",
    "loss": "what loss does it minimise",
    "plus": "plus or minus",
    "learning-rate": "learning rate",
    "bias": "where is the bias",
    "slope": "multiply by the slope",
    "never-exactly": "never exactly 0 or 1",
    "seed": "does the seed matter",
    "mean-zero": "mean zero weights average",
    "shapes": "shapes not aligned",
    "predict": "predict something new",
    "xor": "XOR",
    "printed": "printed final weights",
}


@pytest.fixture(scope="module")
def index(site):
    sections = json.loads((site / "search" / "search_index.json").read_text())["docs"]
    return lunr(ref="location", fields=[{"field_name": "title", "boost": 10}, "text"], documents=sections)


@pytest.mark.parametrize("question", TYPED)
def test_a_question_is_among_the_first_three_that_are_found(question, index):
    assert f"ask/#{question}" in [found["ref"] for found in index.search(TYPED[question])][:3]


def test_every_question_is_searched_for(site):
    sections = json.loads((site / "search" / "search_index.json").read_text())["docs"]
    asked = {section["location"].partition("#")[2] for section in sections if section["location"].startswith("ask/#")}
    assert asked - {"corrections"} == TYPED.keys()
