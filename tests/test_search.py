"""Search: each of the readers' questions is found by the words that a reader would type."""

import json
import re

import pytest
from lunr import lunr

# What a reader may type who does not know how the page words it; a name and the words of its heading would prove nothing.
TYPED = {
    "wrong-derivative": ["sigmoid derivative wrong", "x*(1-x) derivative", "sigmoid(x) * (1 - sigmoid(x))"],
    "nan": ["nan output", "RuntimeWarning overflow exp", "getting nan after training"],
    "transpose": ["why transpose l0.T", "l0.T", "dot product transpose"],
    "random-range": ["2 * np.random.random - 1", "random weights between -1 and 1", "why multiply by 2 and subtract 1"],
    "three-inputs": ["how many input neurons", "3 inputs or 4", "input nodes"],
    "python-3": ["python 3", "print syntax error", "python 2"],
    "loss": ["loss function", "cost function", "squared error"],
    "plus": ["why += instead of -=", "gradient descent minus sign", "add or subtract gradient"],
    "learning-rate": ["learning rate", "alpha", "step size"],
    "bias": ["bias", "bias term", "intercept"],
    "slope": ["why multiply by derivative", "cross entropy", "error times slope"],
    "never-exactly": ["output never 1", "exactly 0 or 1", "why 0.99 and not 1"],
    "seed": ["np.random.seed", "different random numbers every run", "random seed"],
    "mean-zero": ["mean zero", "weights mean 0", "average of the weights"],
    "shapes": ["ValueError shapes not aligned", "dimensions do not match", "operands could not be broadcast"],
    "predict": ["predict new data", "use the trained network", "new input"],
    "xor": ["xor", "hidden layer xor", "exclusive or"],
    "printed": ["printed output final weights", "l1 after last update", "output not updated"],
}


@pytest.fixture(scope="module")
def index(site):
    sections = json.loads((site / "search" / "search_index.json").read_text())["docs"]
    return lunr(ref="location", fields=[{"field_name": "title", "boost": 10}, "text"], documents=sections)


@pytest.mark.parametrize("question, words", [(question, words) for question, typed in TYPED.items() for words in typed])
def test_a_question_is_among_the_first_three_that_are_found(question, words, index):
    found = [found["ref"] for found in index.search(re.sub(r"[-+*:^~]", " ", words))]  # which lunr reads as commands
    assert f"ask/#{question}" in found[:3], f"docs/ask.md:1: {words!r} finds {found[:5]}; say what it asks for in those words"


def test_every_question_is_searched_for(site):
    sections = json.loads((site / "search" / "search_index.json").read_text())["docs"]
    asked = {section["location"].partition("#")[2] for section in sections if section["location"].startswith("ask/#")}
    assert asked - {"corrections"} == TYPED.keys()
