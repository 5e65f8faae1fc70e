"""Search, as a reader uses it: what is typed finds the page that answers, first; in whole words; and its key is shown."""

import json
import re

import pytest
from bs4 import BeautifulSoup
from conftest import ROOT

from browser.conftest import ready

# What readers type, and where the first result should lead: to a section, or to any section of a page.
QUERIES = {
    # Names of the field.
    "backprop": "walk/delta/",
    "backpropagation": "hidden/back/",
    "back-propagation": "hidden/back/",
    "sigmoid": "walk/sigmoid/",
    "sigmod": "walk/sigmoid/",
    "activation function": "words/#activation-function",
    "relu": "words/#activation-function",
    "overfitting": "words/#overfitting",
    "epoch": "words/#epoch",
    "how many epochs": "words/#epoch",
    "batch size": "words/#batch",
    "perceptron": "words/#perceptron",
    "convergence": "words/#convergence",
    "local minimum": "words/#local-minimum",
    "logistic regression": "words/#logistic-regression",
    "normalize": "words/#normalising",
    "keras": "words/#keras-pytorch-and-others",
    "pytorch": "words/#keras-pytorch-and-others",
    "hidden layer": "words/#hidden-layer",
    "chain rule": "descent/#where-the-formula-comes-from",
    "mean squared error": "words/#mean-squared-error",
    "loss function": "ask/#loss",
    "cross entropy": "ask/#slope",
    "gradient descent": "descent/",
    "learning rate": "ask/#learning-rate",
    "bias": "ask/#bias",
    "what is a neuron": "words/#neuron-node-unit",
    "synapse": "walk/weights/",
    "vanishing gradient": "walk/delta/",
    "saturated": "walk/delta/",
    "derivative": "walk/sigmoid/",
    "slope of the sigmoid": "walk/sigmoid/",
    "matrix multiplication": "walk/numpy/",
    "forward pass": "walk/prediction/",
    "weights": "walk/weights/",
    "initial weights zero": "break/#start-from-zero",
    "random seed": "walk/seed/",
    # The program's own names, operators and lines.
    "+=": "ask/#plus",
    "-=": "ask/#plus",
    "line 36": "walk/delta/",
    "line 39": "walk/update/",
    "lines 4-7": "walk/sigmoid/",
    "l1_error": "walk/error/",
    "l1_delta": "walk/delta/",
    "syn0": "walk/weights/",
    "nonlin": "walk/sigmoid/",
    "np.dot": "walk/numpy/",
    "l0.T": "ask/#transpose",
    "x*(1-x)": "ask/#wrong-derivative",
    "import numpy": "walk/numpy/",
    # Chapter two.
    "two layers": "hidden/",
    "backpropagate": "hidden/back/",
    "11 lines": "hidden/eleven/program/",
    "how many hidden nodes": "hidden/ask/#nodes",
    "why random weights": "hidden/",
    # What goes wrong, and what to do.
    "nan": "ask/#nan",
    "overflow encountered in exp": "ask/#nan",
    "shapes not aligned": "ask/#shapes",
    "could not be broadcast": "ask/#shapes",
    "missing parentheses in call to print": "ask/#python-3",
    "xor": "ask/#xor",
    "predict new data": "ask/#predict",
    "save the weights": "words/#saving-what-was-learned",
    "change the code": "break/",
    "exercises": "retell/",
    "learn without the slope": "break/#leave-out-the-slope",
    # The site.
    "print pdf": "#keep-the-code-in-view",
    "booklet": "#keep-the-code-in-view",
    "dark mode": "#keep-the-code-in-view",
    "jupyter notebook": "notebook/",
    "run the program in the browser": "program/",
    "contribute": "contributing/",
    # Slips of the keyboard.
    "wieghts": "walk/weights/",
    "gradeint descent": "descent/",
    "transpse": "walk/update/#why-the-transpose",
}
REACHED = 70

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

SYNONYMS = json.loads(re.search(r"\{.*\}", (ROOT / "docs" / "assets" / "synonyms.js").read_text(encoding="utf-8"), re.DOTALL)[0])


@pytest.fixture(scope="module")
def dialog(browser, base):
    """The open dialog of search, and a function that types words and returns the links of each page found, the best first."""
    context = browser.new_context()
    tab = context.new_page()
    tab.goto(base + "walk/numpy/")
    ready(tab)
    tab.keyboard.press("Control+k")
    tab.locator("dialog.search [role=status]", has_text="Type to search").wait_for()

    def find(words):
        tab.locator("dialog.search input").fill(words)
        found = tab.locator("dialog.search li").evaluate_all(
            "items => items.map((item) => [...item.querySelectorAll('a')].map((link) => [!link.matches('.best'), link.href]))"
        )
        return [[href.removeprefix(base) for _, href in sorted(links, key=lambda link: link[0])] for links in found]

    yield tab.locator("dialog.search"), find
    context.close()


def first(find, words):
    return next(iter(find(words)), [None])[0]


def leads(address, wanted):
    return address is not None and (address == wanted or wanted.endswith("/") and address.startswith(wanted))


def test_what_readers_type_finds_the_page_that_answers_first(dialog):
    found = {words: first(dialog[1], words) for words in QUERIES}
    missed = {
        words: f"{address}, and not {QUERIES[words]}" for words, address in found.items() if not leads(address, QUERIES[words])
    }
    score = len(QUERIES) - len(missed)
    print(f"search: {score} of {len(QUERIES)} queries lead where they should", *missed.items(), sep="\n  ")
    assert len(QUERIES) == 75 and score >= REACHED, missed


@pytest.mark.parametrize("address", SYNONYMS)
def test_a_synonym_leads_to_the_section_that_it_is_written_for(address, dialog, site):
    there = {section["location"] for section in json.loads((site / "search" / "search_index.json").read_text())["docs"]}
    assert address in there, f"docs/assets/synonyms.js: there is no {address!r}; name what answers {SYNONYMS[address]!r}"
    for words in SYNONYMS[address].split(", "):
        shown = [link for links in dialog[1](words)[:2] for link in links]
        assert address in shown, (
            f"docs/assets/synonyms.js: {words!r} finds {shown} on its first two pages; take it away from {address!r}"
        )


@pytest.mark.parametrize("question", TYPED)
def test_a_question_is_among_what_is_found_first(question, dialog):
    for words in TYPED[question]:
        shown = [link for links in dialog[1](words)[:4] for link in links]
        assert f"ask/#{question}" in shown, f"docs/ask.md:1: {words!r} finds {shown}; say it in those words"


def test_every_question_is_searched_for(site):
    sections = json.loads((site / "search" / "search_index.json").read_text())["docs"]
    asked = {section["location"].partition("#")[2] for section in sections if section["location"].startswith("ask/#")}
    assert asked - {"corrections"} == TYPED.keys()


@pytest.mark.parametrize("words", ["learning", "error", "program", "run", "line"])
def test_the_pages_of_those_who_build_the_site_come_after_the_readers(words, dialog):
    pages = [links[0].partition("#")[0] for links in dialog[1](words)]
    builders = [pages.index(page) for page in ("contributing/", "drift/", "benchmarks/") if page in pages]
    assert pages and (not builders or min(builders) >= 2), f"{words!r} finds {pages}"


@pytest.mark.parametrize("slip", ["sigmoi", "sigmiod", "wieght", "transpse", "gradiant", "derivitive", "randon seed"])
def test_a_slip_of_the_keyboard_is_forgiven(slip, dialog):
    assert dialog[1](slip), f"{slip!r} finds nothing"


def test_a_passage_has_whole_words_and_no_sentences_joined(dialog, site):
    """Each passage stands in the index, but for the mark where it is cut, and is cut between words."""
    sections = json.loads((site / "search" / "search_index.json").read_text())["docs"]
    text = " ".join(
        BeautifulSoup(section["text"].replace("</", " </").replace("<", " <"), "html.parser").get_text() for section in sections
    )
    words = set(text.split())
    for typed in ("slope", "guess", "weight", "curve", "line 36", "random numbers", "sigmoid"):
        dialog[1](typed)
        passages = (
            dialog[0]
            .locator("a")
            .evaluate_all("links => links.map((link) => [...link.childNodes].slice(1).map((node) => node.textContent).join(''))")
        )
        assert len([passage for passage in passages if passage]) > 3, typed
        for passage in passages:
            assert len(passage) < 200, passage
            assert not re.search(r"[a-z][.?!]?[A-Z][a-z]+ [a-z]", re.sub("NumPy|PyTorch", "", passage)), passage
            for cut, word in ((passage.startswith("… "), passage.split()[1:2]), (passage.endswith(" …"), passage.split()[-2:-1])):
                assert not cut or not word or any(whole.startswith(word[0].rstrip(".,:;")) for whole in words), passage


def test_the_key_is_shown_and_told(dialog):
    button = dialog[0].page.locator(".search-open")
    assert button.inner_text().split() == ["Search", "Ctrl+K"] and button.get_attribute("aria-keyshortcuts") == "Control+K Meta+K"
