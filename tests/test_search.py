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
    "python-3": ["python 3", "SyntaxError missing parentheses print", "python 2"],
    "loss": ["loss function", "cost function", "squared error loss"],
    "plus": ["why plus instead of minus", "gradient descent minus sign", "add or subtract gradient"],
    "learning-rate": ["learning rate", "alpha", "step size"],
    "bias": ["bias", "bias term", "intercept"],
    "slope": ["why multiply by derivative", "cross entropy", "training without the derivative"],
    "never-exactly": ["output never 1", "exactly 0 or 1", "output not exactly 1"],
    "seed": ["np.random.seed", "same result with another seed", "random seed"],
    "mean-zero": ["mean zero", "weights mean 0", "average of the weights"],
    "shapes": ["ValueError shapes not aligned", "dimensions do not match", "operands could not be broadcast"],
    "predict": ["predict new data", "predict with trained weights", "new input"],
    "xor": ["xor", "hidden layer xor", "exclusive or"],
    "printed": ["printed output final weights", "is the printed l1 final", "l1 after last update"],
}
IN_THE_SECOND = {
    "hidden-error": ["error of a hidden node", "where does the hidden layer error come from"],
    "nodes": ["how many hidden nodes", "number of hidden neurons"],
    "dot": ["np.dot or *", "element by element multiplication or dot"],
    "cube": ["cube the error", "other function of the error"],
    "check": ["check whether error grew", "random changes instead of gradient"],
    "one-at-a-time": ["one example at a time", "train one row at a time"],
    "other-targets": ["targets other than 0 and 1", "target 0.7"],
    "zero": ["hidden layer zero error", "why does the hidden error never reach zero"],
    "stop": ["when to stop training", "stop when good enough"],
    "save": ["save the weights", "save the trained network"],
    "logistic": ["logistic regression", "same as logistic regression"],
}


@pytest.fixture(scope="module")
def search(site):
    """A function that returns the addresses of the sections that words find, best first; it cuts words as the site does."""
    index = json.loads((site / "search" / "search_index.json").read_text())

    def cut(text):
        return re.sub(index["config"]["separator"], " ", text)

    sections = [{**section, "title": cut(section["title"]), "text": cut(section["text"])} for section in index["docs"]]
    found = lunr(ref="location", fields=[{"field_name": "title", "boost": 10}, "text"], documents=sections)
    return lambda words: [section["ref"] for section in found.search(re.sub(r"[-+*:^~]", " ", cut(words)))]  # lunr's operators


@pytest.mark.parametrize("chapter, question, words", [(chapter, question, words) for chapter, asked in
                                                      (("", TYPED), ("hidden/", IN_THE_SECOND))
                                                      for question, typed in asked.items() for words in typed])
def test_a_question_is_among_the_first_five_that_are_found(chapter, question, words, search):
    """The first five of its chapter: a reader who asks about one layer of weights skips what is about two."""
    found = [ref for ref in search(words) if ref.startswith("hidden/") == bool(chapter)][:5]
    assert f"{chapter}ask/#{question}" in found, (
        f"docs/{chapter}ask.md:1: {words!r} finds {found}; say what this question is about in those words")


def test_every_question_is_searched_for(site):
    sections = json.loads((site / "search" / "search_index.json").read_text())["docs"]
    for chapter, typed in (("", TYPED), ("hidden/", IN_THE_SECOND)):
        asked = {section["location"].partition("#")[2] for section in sections
                 if section["location"].startswith(f"{chapter}ask/#")}
        assert asked - {"corrections"} == typed.keys()
