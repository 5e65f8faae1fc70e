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

FURTHER = {
    "cube": ["cube the error", "other function of the error", "why not square the error"],
    "trying": ["just try and see if the error grew", "throw the dice", "without gradient"],
    "one-at-a-time": ["stochastic gradient descent", "online learning", "mini-batch"],
    "other-targets": ["regression", "targets other than 0 and 1", "target of 5"],
    "star-or-dot": ["* or dot", "difference between star and np.dot", "when np.dot"],
    "stop": ["when to stop training", "stop early", "good enough"],
    "save": ["save the weights", "np.save", "load weights from a file"],
    "logistic": ["logistic regression", "log-odds", "same as logistic"],
}
QUESTIONS = [(page, question, words) for page, typed in (("ask", TYPED), ("otherwise", FURTHER)) for question in typed
             for words in typed[question]]


@pytest.fixture(scope="module")
def search(site):
    """A function that returns the addresses of the sections that words find, best first; it cuts words as the site does."""
    index = json.loads((site / "search" / "search_index.json").read_text())

    def cut(text):
        return re.sub(index["config"]["separator"], " ", text)

    sections = [{**section, "title": cut(section["title"]), "text": cut(section["text"])} for section in index["docs"]]
    found = lunr(ref="location", fields=[{"field_name": "title", "boost": 10}, "text"], documents=sections)
    return lambda words: [section["ref"] for section in found.search(re.sub(r"[-+*:^~]", " ", cut(words)))]  # lunr's operators


@pytest.mark.parametrize("page, question, words", QUESTIONS)
def test_a_question_is_among_the_first_five_that_are_found(page, question, words, search):
    found = search(words)[:5]
    assert f"{page}/#{question}" in found, (
        f"docs/{page}.md:1: {words!r} finds {found}; say what this question is about in those words")


@pytest.mark.parametrize("page, typed", [("ask", TYPED), ("otherwise", FURTHER)])
def test_every_question_is_searched_for(site, page, typed):
    sections = json.loads((site / "search" / "search_index.json").read_text())["docs"]
    asked = {section["location"].partition("#")[2] for section in sections if section["location"].startswith(f"{page}/#")}
    assert asked - {"corrections"} == typed.keys()
