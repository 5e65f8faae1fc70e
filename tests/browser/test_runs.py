"""A reader's own run in the networks and ledgers of the prose: its numbers, what cannot be shown, and the way back."""

import json

import pytest
from conftest import ROOT

from browser.test_network import SKETCH, choose, seen
from browser.test_pages import AXE, violations
from literate.draw.network import Moment, written
from literate.look.far import recorded
from literate.program import Program
from literate.record import Recording

PROGRAMS = {name: Program.read(ROOT / "snippets" / name) for name in ("nn.py", "hidden.py")}
NN = PROGRAMS["nn.py"].text
SHORT = NN.replace("10000", "40")
STATE = """() => [...document.querySelectorAll('.ledger, .network')].map(one =>
  [...one.querySelectorAll('.value, .curve > g, svg text, svg desc')].map(part =>
    part.getAttribute('transform') + part.textContent))"""
# What runs.js asks the page's Python for; with that, it is tested in test_run.py.
ASKED = """name => {
  const mine = [...document.querySelectorAll('.network[data-program], .ledger[data-cells]')]
    .map(({ dataset }) => dataset).filter(({ program }) => program === name);
  const ledgers = mine.flatMap(({ cells }) => cells ? JSON.parse(cells) : []);
  return { lines: [...mine.flatMap(({ line }) => Number(line) || []), ...ledgers.map(({ line }) => line)], ledgers };
}"""


def show(tab, text, name="nn.py"):
    """Let the page show the run of a text, as if its own Python had recorded it."""
    asked = {"text": PROGRAMS[name].text, **tab.evaluate(ASKED, name)}
    detail = recorded(name, text, asked=json.dumps(asked))
    tab.evaluate("detail => document.dispatchEvent(new CustomEvent('recorded', { detail }))", detail)
    tab.locator(".whose :checked").first.wait_for()
    return json.loads(detail)


def turn(tab, figure, iteration):
    tab.locator(figure).first.get_by_role("slider").evaluate(
        "(slider, at) => { slider.value = Math.log10(at); slider.dispatchEvent(new Event('input')); }", iteration
    )


def wait_for_state(tab, state):
    wanted = json.dumps(state, separators=(",", ":"), ensure_ascii=False)
    tab.wait_for_function(f"wanted => JSON.stringify(({STATE})()) === wanted", arg=wanted)


def cells(tab):
    return tab.locator(".ledger td .value").all_inner_texts()


def test_ledgers_and_networks_show_the_readers_run_and_go_back_to_the_programs(open_tab):
    tab = open_tab("walk/update/")
    built = tab.evaluate(STATE)
    text = SHORT.replace("np.random.seed(1)", "np.random.seed(2)")
    show(tab, text)
    own = Program("nn.py", text)
    for iteration in (1, 7, 40):
        turn(tab, ".ledger", iteration)
        state = own.run(39, iteration).namespace
        moves = state["l0"] * state["l1_delta"] + 0
        sums = moves.sum(axis=0)
        wanted = [f"{number:+.5f}".replace("-", "−", 1) for number in [*moves.ravel(), *sums]]
        tab.wait_for_function("number => document.querySelector('.ledger .value').textContent === number", arg=wanted[0])
        assert cells(tab) == wanted
        choose(tab, "example", "C")
        moment = Moment(SKETCH, Recording.of(own), 39, iteration)
        tab.locator(
            ".network .frame:visible text", has_text=written("value", moment.number(2, "value", "l1", "0"))
        ).first.wait_for()
        assert written("move", moment.number(2, "move", "l1", "0", "0")) in seen(tab)["texts"]
        assert [range_.inner_text() for range_ in tab.locator(".iterations output").all()] == [f"{iteration} of 40"] * 2
    assert all("These are the numbers of your run." in tab.locator(one).inner_text() for one in (".ledger", ".network"))

    # One choice counts for all of them, and the keyboard stays where it was.
    turn(tab, ".ledger", 1)
    back = tab.locator(".ledger").get_by_label("The program’s run")
    back.focus()
    tab.keyboard.press("Space")
    tab.locator(".network .iterations output", has_text="of 10,000").wait_for()
    wait_for_state(tab, built)
    assert tab.evaluate("document.activeElement.closest('.ledger') !== null && document.activeElement.checked")
    assert tab.locator(":is(.ledger, .network) .key", has_text="your run").count() == 0
    tab.keyboard.press("ArrowRight")
    tab.locator(".ledger .iterations output", has_text="of 40").wait_for()

    # Another run takes the place of that one, and the way back leads as far.
    show(tab, NN.replace("10000", "24"))
    tab.locator(".ledger .iterations output", has_text="of 24").wait_for()
    assert tab.locator(".whose").count() == 2
    assert cells(tab) != built
    tab.locator(".network").get_by_label("The program’s run").check()
    wait_for_state(tab, built)
    tab.evaluate(AXE)
    assert violations(tab) == []


@pytest.mark.parametrize("path", ["walk/delta/", "walk/update/", "hidden/back/", "hidden/delta/", "hidden/updates/"])
def test_the_unchanged_program_fills_them_as_the_site_did(open_tab, path):
    """Two ways to one text: in the build by the page's own session, in the browser by what is shipped for that."""
    name = "hidden.py" if "hidden" in path else "nn.py"
    tab = open_tab(path)
    built = tab.evaluate(STATE)
    places = tab.locator(".ledger").evaluate("ledger => [...ledger.querySelectorAll('[data-at]')].map(place => place.dataset.at)")
    file = show(tab, PROGRAMS[name].text, name)
    assert tab.evaluate(STATE) == built
    [filled] = file["ledgers"]
    assert filled["says"] == "" and len(places) > 8
    assert [";".join(texts) for texts in filled["cells"] if len(set(texts)) > 1] == places
    assert " ".join(map(str, filled["iterations"])) == tab.locator(".ledger").get_attribute("data-iterations")
    turn(tab, ".ledger", 10)
    tab.locator(".ledger output", has_text="10 of").wait_for()


def test_what_cannot_be_shown_of_a_run_is_said_in_its_place(open_tab):
    tab = open_tab("walk/delta/")
    ledger, network = tab.locator(".ledger"), tab.locator(".network")
    for old, new, of_ledger, of_network in (
        # The table multiplies by the slope, and this program does not.
        (
            "l1_error * nonlin(l1, True)",
            "l1_error * 1",
            "In iteration 1, this table does not add up: np.array_equal(l1_error * slopes, l1_delta) is not true.",
            "These are the numbers of your run.",
        ),
        (
            "    l1_delta = l1_error * nonlin(l1, True)",
            "    l1_error *= nonlin(l1, True)\n    l1_delta = l1_error[:2]\n    l1_delta = np.vstack([l1_delta, l1_delta])",
            "In iteration 1, this table does not add up",
            "These are the numbers of your run.",
        ),
        (
            "l1_delta",
            "push",
            "Your program has no line in the place of line 36, so this is still the program’s.",
            "nothing in the place of line 36",
        ),
        (
            "syn0))",
            "syn0) + 0.2)",
            "These are the numbers of your run.",
            "Your run is not drawn: l1 is made in another way there.",
        ),
        (
            "def nonlin",
            "def sigmoid",
            "In iteration 1, a fence above this table ends in NameError: name 'nonlin' is not defined.",
            "These are the numbers of your run.",
        ),
        (
            "    # Move",
            "    if iteration == 9: 1 / 0\n    # Move",
            "It did not come to its end: ZeroDivisionError",
            "to its end: ZeroDivisionError",
        ),
    ):
        text = SHORT.replace(old, new)
        if "sigmoid" in new:
            text = text.replace("nonlin(", "sigmoid(")
        show(tab, text)
        ledger.get_by_text(of_ledger).wait_for()
        network.get_by_text(of_network).wait_for()
        assert network.locator("svg:visible").count() == (0 if "not drawn" in network.inner_text() else 1)
        assert ("?" in "".join(cells(tab))) == ("ends in" in of_ledger)
    ledger.get_by_label("The program’s run").check()
    network.locator("output", has_text="of 10,000").wait_for()
    assert network.locator("svg:visible").count() == 1 and network.locator(".mine").count() == 0


def test_weights_that_stand_in_no_loop_are_drawn_of_the_readers_run_too(open_tab):
    tab = open_tab("walk/weights/")
    text = SHORT.replace("np.random.seed(1)", "np.random.seed(5)")
    show(tab, text)
    weights = Program("nn.py", text).run(23).namespace["syn0"][:, 0]
    tab.locator(".network .key", has_text="of your run").wait_for()
    assert [text for text in seen(tab)["texts"] if text[0] in "+−"] == [written("weight", weight) for weight in weights]
