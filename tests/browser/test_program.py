"""The program page: the inspector, stepping, the address, the keyboard, and what there is without a script."""

import re

import pytest
from conftest import ROOT

import literate.record.recording as recording
from browser.conftest import ready
from browser.test_network import SKETCH
from literate.draw.network import Moment, Sketch
from literate.draw.network import written as in_the_network
from literate.look.far import recorded
from literate.program import Program

PROGRAM = Program.read(ROOT / "snippets" / "nn.py")


def card(tab, name):
    return tab.locator(f'.card[data-name="{name}"]')


def numbers(tab, name):
    """Return the numbers that the inspector shows of an array, as they are written."""
    return card(tab, name).locator("td:not(.was) span").all_inner_texts()


def written(array):
    return [f"{number:+.6f}".replace("-", "−") for number in array.ravel()]


def drawn(tab):
    """Return what the network in the inspector is about, and its numbers; nothing if it is not shown."""
    [*found] = tab.locator(".inspector .network svg:visible").all()
    assert len(found) <= 1
    return (found[0].get_attribute("class"), found[0].locator("text").all_text_contents()) if found else ("", [])


def at(tab, line, iteration=None):
    """Wait until the page says that it is at a line and an iteration."""
    tab.locator(f'.gutter a[aria-current]:text-is("{line}")').wait_for()
    if iteration:
        tab.locator("h2 small", has_text=f"iteration {iteration:,} of 10,000").wait_for()


def test_what_was_l1_delta_at_iteration_100_and_where_did_it_come_from(open_tab):
    tab = open_tab("program/?iteration=100#L36")
    at(tab, 36, 100)
    state = PROGRAM.run(36, 100).namespace
    assert numbers(tab, "l1_delta") == written(state["l1_delta"])
    assert card(tab, "l1_delta").locator(".shape").inner_text() == "(4, 1)"
    assert tab.locator(".cards.changed .card").get_attribute("data-name") == "l1_delta"
    before = [f"{number:+.6f} →".replace("-", "−") for number in PROGRAM.run(36, 99).namespace["l1_delta"].ravel()]
    assert tab.locator(".cards.changed th[scope=col]").all_inner_texts() == ["before", "after"]
    assert tab.locator(".cards.changed td.was").all_inner_texts() == before
    # What it read stands there as on the line from left to right, what is no array last.
    assert tab.locator(".cards.read .card h4 code").all_inner_texts() == ["l1_error", "l1", "nonlin"]
    assert "from line 32" in card(tab, "l1_error").inner_text() and "from line 29" in card(tab, "l1").inner_text()
    assert tab.locator(".says a").get_attribute("href").endswith("/walk/delta/")
    card(tab, "syn0").locator("a").click()  # it is from the iteration before, which is not kept
    at(tab, 39, 100)
    assert tab.locator(".answer").inner_text() == "Iteration 99 is not kept: this is 100, the nearest that is."


def heard(tab, text):
    """Wait until something is said of a part of an embed's line to those who hear it."""
    tab.locator("article > p[role=status]", has_text=text).wait_for(state="attached")


def test_the_parts_of_an_embeds_line_are_told_in_the_prose(open_tab):
    """Under the pointer, by touch and with the keyboard; nothing is loaded for it before."""
    tab, asked = open_tab("walk/delta/"), []
    tab.on("request", lambda request: asked.append(re.sub(r"\.[0-9a-f]{8}\.", ".", request.url.rpartition("/")[2])))
    first, card = tab.locator("figure > .embed pre").first, tab.locator(".pointed")
    state = PROGRAM.run(36, 1).namespace
    slope = [f"{number:.6f}" for number in state["nonlin"](state["l1"], True).ravel()]
    tab.mouse.wheel(0, 100)
    assert asked == []
    first.get_by_text("nonlin", exact=True).hover()
    card.wait_for()
    assert card.locator(".part div > code:first-child").all_inner_texts() == ["nonlin(l1, True)", "l1_error * nonlin(l1, True)"]
    assert card.locator("td span").all_inner_texts() == [*slope, *written(state["l1_delta"])]
    assert card.locator("tr th").all_inner_texts() == [*"ABCDABCD"]
    assert card.locator("> p").inner_text() == "After line 36, iteration 1"
    assert card.locator("a").get_attribute("href").endswith("/program/?iteration=1#L36")
    heard(tab, "nonlin(l1, True), (4, 1): 0.1966, 0.2314, ")
    assert sorted(asked) == ["parts.js", "program.js", "program.json"]
    card.hover()  # it stays, to be read
    tab.wait_for_timeout(500)
    assert card.is_visible()
    tab.keyboard.press("Escape")
    assert not card.is_visible()
    tab.mouse.move(5, 5)

    first.focus()
    heard(tab, "l1_delta, (4, 1): -0.05289")
    told = []
    for _ in range(5):
        tab.keyboard.press("ArrowRight")
        told.append(card.locator("code").first.inner_text())
    assert told == ["l1_error * nonlin(l1, True)", "l1_error", "nonlin(l1, True)", "l1", "l1"]
    tab.keyboard.press("Tab")
    tab.keyboard.press("Tab")  # past the button that copies
    assert tab.evaluate("document.activeElement.closest('.pointed a') !== null")
    tab.keyboard.press("Escape")
    assert not card.is_visible() and tab.evaluate("document.activeElement.matches('pre')")

    # Below them are other iterations: of one that is not kept nothing is said.
    tab.goto(tab.url.replace("walk/delta", "walk/update"))
    ready(tab)
    tab.locator("figure > .embed pre").nth(1).get_by_text("syn0", exact=True).hover()
    card.wait_for()
    assert card.locator("td span").all_inner_texts() == written(PROGRAM.run(39, 10_000).namespace["syn0"])
    assert card.locator("> p").inner_text() == "After line 39, iteration 10,000"
    tab.goto(tab.url.replace("walk/update", "hidden/descent"))
    ready(tab)
    tab.locator('.embed[data-iteration="508"]').evaluate("embed => { embed.dataset.iteration = 500 }")
    late = tab.locator('.embed[data-iteration="500"] pre')
    with tab.expect_response("**/hidden/program.json"):
        late.get_by_text("l1_delta", exact=True).hover()
    tab.wait_for_timeout(500)
    assert not card.count()
    tab.goto(tab.url)
    ready(tab)
    tab.locator('.embed[data-iteration="508"] pre').get_by_text("l1_delta", exact=True).hover()
    card.wait_for()
    assert card.locator("> p").inner_text().endswith("iteration 508")


def test_on_a_telephone_a_tap_tells_a_part_and_another_one_leaves_it(open_tab):
    tab = open_tab("walk/prediction/", viewport={"width": 360, "height": 740}, has_touch=True)
    code, card = tab.locator("figure > .embed pre").first, tab.locator(".pointed")
    code.get_by_text("dot", exact=True).tap()
    assert card.locator("code").first.inner_text() == "np.dot(l0, syn0)"
    box, under = card.bounding_box(), code.get_by_text("dot", exact=True).bounding_box()
    assert (box["x"], box["width"], box["y"] + box["height"]) == (0, 360, 740) and under["y"] + under["height"] <= box["y"]
    tab.locator("h1").tap()
    assert not card.count()


def test_the_slope_stands_inside_the_line_and_its_function_can_be_stepped_into(open_tab):
    tab = open_tab("program/?iteration=100#L36")
    at(tab, 36, 100)
    state = PROGRAM.run(32, 100).namespace
    l1, slope = state["l1"], state["nonlin"](state["l1"], True)

    def plain(array):
        return [f"{number:.6f}" for number in array.ravel()]

    def part(text, inside=None):
        return (inside or tab.locator(".inside")).locator("li", has=tab.locator(f"xpath=./div/div/code[.={text!r}]")).last

    whole = part("l1_error * nonlin(l1, True)")
    assert whole.locator(".part").first.inner_text().endswith("(4, 1) = l1_delta")  # whose values stand above
    inner = part("nonlin(l1, True)", whole)  # nested as in the code
    assert inner.locator(".part").first.locator("td span").all_inner_texts() == plain(slope)
    step_into = tab.locator(".inside summary")
    assert step_into.inner_text() == "Step into nonlin" and not tab.locator(".gutter .ran").count()
    tab.locator(".listing").focus()
    for _ in range(20):  # what comes after it in the order of the keyboard
        tab.keyboard.press("Tab")
        if step_into.evaluate("(element) => element === document.activeElement"):
            break
    tab.keyboard.press("Enter")
    tab.locator(".gutter .ran").first.wait_for()
    assert tab.locator(".gutter .ran").all_inner_texts() == ["4", "5", "6"]
    call = tab.locator(".inside details")
    assert call.locator("ol > li > code").all_inner_texts() == ["if deriv:", "return x * (1 - x)"]
    assert call.locator("ol > li").evaluate_all("(lines) => lines.map((line) => line.value)") == [5, 6]
    assert [number.strip("+") for number in part("x", call).locator("td span").all_inner_texts()] == plain(l1)
    assert "True" in part("deriv", call).inner_text()
    returned = part("x * (1 - x)", call)
    assert returned.inner_text().startswith("returned: ")
    assert returned.locator(".part").first.locator("td span").all_inner_texts() == plain(slope)
    assert part("1 - x", call).locator("td span").all_inner_texts() == plain(1 - l1)
    tab.keyboard.press("Escape")
    tab.get_by_role("button", name="Previous kept iteration").click()
    assert tab.locator(".inside details[open]").count() == 1  # it stays open while the iterations change
    tab.get_by_role("button", name="Step →").click()
    at(tab, 39)
    assert not tab.locator(".gutter .ran").count()
    assert part("np.dot(l0.T, l1_delta)").locator(".part").first.locator("td span").count() == 3


@pytest.mark.parametrize("line, iteration", [(25, 1000), (29, 1), (32, 10), (39, 10_000), (42, 10_000)])
def test_the_inspector_shows_the_state_after_the_line(open_tab, line, iteration):
    tab = open_tab(f"program/?iteration={iteration}#L{line}")
    at(tab, line)
    state = PROGRAM.run(line, iteration if line < 41 else 1).namespace
    for name in ("syn0", "l1_error", "l1_delta"):
        assert numbers(tab, name) == (written(state[name]) if name in state else [])
    assert card(tab, "iteration").locator("div").inner_text() == str(state["iteration"])
    tab.locator(".inspector .network svg:visible").wait_for()
    if line > 28:  # the network, of the same moment, for any example
        tab.locator(".inspector .network label", has_text="C").click()
    moment = Moment(SKETCH, recording.Recording.of(PROGRAM), line, iteration if line < 41 else 0)
    wanted = [["weight", "l1", "0", "0"]] if line == 25 else [["sum", "l1", "0"], ["value", "l1", "0"]]
    wanted += {32: [["signed", "l1_error", "0"]], 39: [["signed", "l1_delta", "0"], ["move", "l1", "2", "0"]]}.get(line, [])
    assert {in_the_network(kind, moment.number(2, kind, *of)) for kind, *of in wanted} <= {*drawn(tab)[1]}


def test_stepping_goes_through_the_loop_and_on_to_the_next_kept_iteration(open_tab):
    tab = open_tab("program/#L1")
    seen, about, named = [], [], []
    for _ in range(16):
        seen.append(int(tab.locator(".gutter a[aria-current]").inner_text()))
        if seen[-1] == 23:  # only now it is loaded
            tab.locator(".inspector .network svg:visible").wait_for()
        about.append(drawn(tab)[0].removeprefix("at-"))
        named.append(tab.locator(".network .now code:visible").all_inner_texts())
        tab.get_by_role("button", name="Step →").click()
    assert seen == [1, 4, 10, 16, 20, 23, 25, 28, 29, 32, 36, 39, 25, 28, 29, 32]
    assert about[:6] == [*[""] * 5, "weights"] and about[12:] == ["weights", "weights", "prediction", "error"]
    assert about[6:12] == ["weights", "weights", "prediction", "error", "delta", "update"]
    assert named[5:12] == [["syn0"], [], ["l0"], ["l1"], ["l1_error"], ["l1_delta"], ["syn0"]]
    assert tab.locator(".network .parts span:visible", has_text="l1_error").inner_text().split() == ["l1_error", "line", "32"]
    assert "iteration=2#L36" in tab.url
    tab.goto(re.sub(r"\?.*", "?iteration=10#L39", tab.url))
    at(tab, 39, 10)
    tab.get_by_role("button", name="Step →").click()
    at(tab, 25, 13)
    assert tab.locator("h2 small").inner_text() == "iteration 13 of 10,000, the next kept after 10"
    tab.get_by_role("button", name="← Step back").click()
    at(tab, 39, 10)
    assert tab.locator("h2 small").inner_text() == "iteration 10 of 10,000, the last kept before 13"
    tab.locator(".listing code").click(position={"x": 60, "y": 20 + 41 * 20})
    at(tab, 42)
    assert tab.get_by_role("button", name="Step →").is_disabled()
    assert "After training" in tab.locator(".says").inner_text() or "Prints" in tab.locator(".says").inner_text()


def test_the_network_of_the_second_program_is_drawn_in_its_inspector(open_tab):
    hidden = Program.read(ROOT / "snippets" / "hidden.py")
    sketch = Sketch.read("l0 -syn0-> l1 (l1_error, l1_delta) -syn1-> l2 (l2_error, l2_delta) <- y")
    tab = open_tab("hidden/program/")
    asked = []
    tab.on("request", lambda request: asked.append(request.url))
    for text, about, wanted in (
        ("syn1 =", "weights", [["weight", "l2", "2", "0"]]),
        ("l1 = ", "prediction", [["value", "l1", "3"]]),
        ("l2 = ", "prediction", [["sum", "l2", "0"], ["value", "l2", "0"]]),
        ("l2_error =", "error", [["signed", "l2_error", "0"]]),
        ("l1_error =", "delta", [["signed", "l1_error", "2"], ["signed", "l2_delta", "0"]]),
        ("syn1 +=", "update", [["move", "l2", "3", "0"]]),
    ):
        line = hidden.find(text)[-1]
        iteration = 10 if line > hidden.find("for iteration")[0] else 0
        tab.goto(re.sub(r"[?#].*", "", tab.url) + f"?iteration=10#L{line}")
        tab.locator(f'.gutter a[aria-current]:text-is("{line}")').wait_for()
        tab.locator(f".inspector .network .at-{about}:visible").wait_for()
        moment = Moment(sketch, recording.Recording.of(hidden), line, iteration)
        assert {in_the_network(kind, moment.number(0, kind, *of)) for kind, *of in wanted} <= {*drawn(tab)[1]}, text
    assert any(".network-" in url for url in asked)  # what is seen only then comes only then


COVERED = """(element) => {
  const { left, top, right, bottom } = element.getBoundingClientRect(), x = Math.min(left + 12, (left + right) / 2);
  return ![top + 3, bottom - 3].every((y) => element.contains(document.elementFromPoint(x, y)));
}"""


@pytest.mark.parametrize("size", [(1440, 900), (1024, 600), (360, 740), (320, 568)], ids=str)
def test_a_first_step_from_the_top_of_the_page_shows_what_it_has_made(open_tab, size):
    """The panel begins below the fold of a telephone. It comes up once, with its values; then its buttons stay where they are."""
    tab = open_tab("program/", viewport=dict(zip(("width", "height"), size)))
    button, places = tab.get_by_role("button", name="Step →"), []
    for _ in range(3):
        button.click()
        tab.wait_for_timeout(100)
        places.append(button.bounding_box()["y"])
        panel = tab.locator(".inspector").bounding_box()
        seen = min(panel["y"] + panel["height"], size[1]) - panel["y"]
        assert seen >= min(panel["height"], size[1] * 0.3) - 1, f"{seen} px of it are seen"
        line = tab.locator(".gutter a[aria-current]").bounding_box()
        assert 40 < line["y"] < size[1] - line["height"]
    assert places == [places[0]] * 3


@pytest.mark.parametrize("path", ["program/", "hidden/program/"])
@pytest.mark.parametrize("size", [(360, 740), (320, 256)], ids=str)
def test_what_the_keyboard_comes_to_is_not_under_the_panel(open_tab, path, size):
    tab, covered, count = open_tab(path, viewport=dict(zip(("width", "height"), size))), [], 0
    for _ in range(100):
        tab.keyboard.press("Tab")
        tab.wait_for_timeout(30)
        found = tab.evaluate("""() => {
          const at = document.activeElement, { left, top, width, height } = at.getBoundingClientRect();
          if (at === document.body) return "end";
          if (!at.matches("a, button, article input, select")) return "";
          const over = document.elementFromPoint(left + width / 2, top + height / 2);
          return over && (at.contains(over) || over.contains(at)) ? "seen" : `${at.outerHTML.slice(0, 80)} at ${top}`;
        }""")
        if found == "end":
            break
        count += found == "seen"
        covered += [found] * (found not in ("", "seen"))
    assert covered == [] and count > 10


@pytest.mark.parametrize("size", [(1440, 900), (1440, 760), (360, 740), (320, 740), (320, 256)], ids=str)
def test_step_can_be_pressed_in_one_place_and_nothing_covers_what_it_shows(open_tab, size):
    tab = open_tab("program/#L1" if size[1] < 760 else "program/", viewport=dict(zip(("width", "height"), size)))
    button, heading = tab.get_by_role("button", name="Step →"), tab.locator(".inspector h2")
    box = button.bounding_box()
    lines = [1, 4, 10, 16, 20, 23, *[25, 28, 29, 32, 36, 39] * 3, 25]
    for line, after in zip(lines, lines[1:]):
        at(tab, line)
        assert not tab.locator(".gutter a[aria-current]").evaluate(COVERED), f"line {line}"
        assert size[1] < 300 or not heading.evaluate(COVERED), f"line {line}"
        tab.mouse.click(box["x"] + box["width"] / 2, box["y"] + box["height"] / 2)
        at(tab, after)
    tab.locator(".listing").press("End")  # of the listing, where the page's foot pushes the panel up
    at(tab, 42)
    tab.evaluate("scrollTo(0, document.documentElement.scrollHeight)")
    tab.wait_for_function("scrollY + innerHeight >= document.documentElement.scrollHeight - 1")
    assert size[1] < 300 or size[0] > 400 and not heading.evaluate(COVERED) or size[0] < 400


def test_what_presses_without_a_pointer_chooses_what_it_presses(open_tab):
    tab = open_tab("program/?iteration=100#L36")
    tab.locator(".gutter a", has_text="29").evaluate("link => link.click()")  # as a screen reader may: nowhere in the window
    at(tab, 29, 100)
    tab.locator(".listing code").get_by_text("l1_error", exact=True).first.evaluate("name => name.click()")
    at(tab, 32, 100)
    tab.locator(".listing").evaluate("listing => listing.click()")  # all of it, and no line of it
    tab.wait_for_timeout(100)
    at(tab, 32, 100)


def test_a_slide_is_one_step_back_and_its_ring_is_seen(open_tab):
    tab = open_tab("program/?iteration=1#L36")
    length, slider = tab.evaluate("history.length"), tab.get_by_role("slider")
    slider.focus()
    for _ in range(17):
        tab.keyboard.press("ArrowRight")
    at(tab, 36, 100)
    assert tab.evaluate("history.length") == length + 1
    clear = tab.evaluate("""() => {
      const panel = document.querySelector(".inspector").getBoundingClientRect();
      const { outlineWidth, outlineOffset } = getComputedStyle(document.activeElement);
      const ring = parseFloat(outlineWidth) + parseFloat(outlineOffset);
      return [...document.querySelectorAll(".inspector .controls :is(button, input)")].every((control) => {
        const box = control.getBoundingClientRect();
        return box.left - ring >= panel.left && box.right + ring <= panel.right && box.top - ring >= panel.top;
      }) && ring > 0;
    }""")
    assert clear
    tab.go_back()
    at(tab, 36, 1)


@pytest.mark.parametrize("iteration", [1, 133, 10_000])
def test_the_longest_bar_is_the_largest_number_that_stands_there(open_tab, iteration):
    tab = open_tab(f"program/?iteration={iteration}#L39")
    at(tab, 39, iteration)
    for name in ("syn0", "l1", "l1_error", "l1_delta"):
        bars = card(tab, name).locator(".matrix i")
        sizes = bars.evaluate_all("bars => bars.map(bar => +bar.style.getPropertyValue('--size'))")
        array = abs(PROGRAM.run(39, iteration).namespace[name].ravel())
        assert sizes == pytest.approx(array / array.max()), name


def test_the_address_holds_the_state_and_back_goes_back(open_tab):
    tab = open_tab("program/")
    tab.locator(".gutter a", has_text="36").click()
    at(tab, 36, 1)
    tab.get_by_role("slider").fill("2")
    at(tab, 36, 100)
    assert tab.url.endswith("program/?iteration=100#L36")
    tab.get_by_role("button", name="Step →").click()
    at(tab, 39, 100)
    tab.go_back()
    at(tab, 36, 100)
    tab.go_back()
    at(tab, 36, 1)
    tab.go_forward()
    at(tab, 36, 100)
    tab.reload()
    at(tab, 36, 100)


def test_the_network_is_drawn_of_a_readers_own_run_or_says_why_it_is_not(open_tab):
    tab = open_tab("program/?iteration=10#L36")
    network, inspector = tab.locator(".inspector .network"), tab.locator(".inspector")
    for old, new, says in (
        ("10000", "24", ""),
        ("syn0 += np", "syn0 += 2 * np", ""),
        ("[1, 1, 1]]", "[1, 1, 1], [0, 0, 1]]", "l0 has the shape (5, 3) there"),
        ("np.dot(l0, syn0))", "np.dot(l0, syn0) + 0.2)", "l1 is made in another way there"),
        ("1 / (1 + np.exp(-x))", "x", "l1 is made in another way there"),
        (
            "    l0 = X\n    l1 = nonlin(np.dot(l0, syn0))",
            "    l1 = nonlin(np.dot(X, syn0))\n    l0 = X",
            "l1 is made in another way there",
        ),
        ("1]]).T", "1]]).T[:, 0]", "y has the shape (4,) there"),
        ("    l0 = X\n", "    l1_error = y - 0.5\n    l0 = X\n", "its lines come in another order"),
    ):
        text = PROGRAM.text.replace(old, new).replace("10000", "24")
        if "5, 3" in says:
            text = text.replace("0, 1, 1]]", "0, 1, 1, 0]]")
        detail = recorded("nn.py", text)
        tab.evaluate("detail => document.dispatchEvent(new CustomEvent('recorded', { detail }))", detail)
        tab.locator(".workbench .listing code", has_text=new.strip().partition("\n")[0]).wait_for()
        line = next(n for n, code in enumerate(text.splitlines(), 1) if "l1_error =" in code)
        tab.evaluate("line => (location.hash = `#L${line}`)", line)
        at(tab, line)
        network.get_by_text(
            f"Your run is not drawn: {says}." if says else "These are the numbers of your run.", exact=True
        ).wait_for()
        if says:
            assert network.inner_text().startswith("Your run is not drawn")  # and nothing else
            continue
        error = Program("nn.py", text).run(line, 10).namespace["l1_error"][0, 0].item()
        assert in_the_network("signed", error) in drawn(tab)[1]
    inspector.get_by_label("The program’s run").check()
    assert "your run" not in network.inner_text() and drawn(tab)[0] == "at-weights"  # it is at line 28 there
    tab.locator(".listing code").click(position={"x": 60, "y": 20})
    at(tab, 1)
    assert not network.is_visible()


def test_the_slider_stops_at_kept_iterations_only(open_tab):
    tab = open_tab("program/?iteration=9#L36")
    slider = tab.get_by_role("slider")
    kept = recording.Recording.of(PROGRAM).iterations
    slider.focus()
    for iteration in kept[kept.index(9) + 1 :][:5]:
        tab.keyboard.press("ArrowRight")
        at(tab, 36, iteration)
    tab.keyboard.press("End")
    at(tab, 36, 10_000)
    slider.fill("2.06")  # 115: nothing is between 100 and 133
    at(tab, 36, 100)
    assert slider.get_attribute("aria-valuetext") == "100 of 10,000"


def test_no_iteration_is_shown_under_the_name_of_another(open_tab):
    tab = open_tab("program/?iteration=150#L36")
    at(tab, 36, 133)
    assert tab.url.endswith("?iteration=133#L36")
    assert numbers(tab, "l1_error") == written(PROGRAM.run(36, 133).namespace["l1_error"])
    answer, number = tab.locator(".answer"), tab.get_by_role("textbox", name="Iteration")
    assert answer.inner_text() == "Iteration 150 is not kept: this is 133, the nearest that is."
    reach = tab.locator(".reach")
    assert reach.get_by_role("button").inner_text() == "Run to iteration 150"  # and before it is pressed, nothing is loaded
    assert re.fullmatch(r"With Python and NumPy from \S+, about 9 MB\.", reach.get_by_role("status").inner_text())
    kept = recording.Recording.of(PROGRAM).iterations
    assert tab.locator(".kept").inner_text() == (
        f"{len(kept)} of 10,000 iterations are kept: 1 to 10, then {kept[10]}, {kept[11]}, {kept[12]}, and so on, ever fewer."
    )
    for typed, shown, says in (
        ("1,000", 1000, ""),
        ("1,500", 1334, "Iteration 1,500 is not kept: this is 1,334, the nearest that is."),
        ("99999", 10_000, "There is no iteration 99,999: 10,000 is the last."),
        ("soon", 10_000, "Iterations are the numbers from 1 to 10,000."),
    ):
        number.fill(typed)
        number.press("Enter")
        at(tab, 36, shown)
        assert (answer.inner_text(), number.input_value()) == (says, str(shown)) and f"iteration={shown}#" in tab.url
        assert reach.count() == (typed == "1,500")
    tab.get_by_role("button", name="Previous kept iteration").click()
    at(tab, 36, kept[-2])
    assert answer.inner_text() == ""
    tab.get_by_role("button", name="Next kept iteration").click()
    at(tab, 36, 10_000)
    # Outside of the loop there is no iteration; whoever asks for one gets the state at its end.
    tab.keyboard.press("Escape")
    tab.locator(".gutter a", has_text="42").click()
    at(tab, 42)
    assert tab.url.endswith("program/#L42") and tab.locator("h2 small").inner_text() == "after the loop"
    slider = tab.get_by_role("slider")
    assert (slider.get_attribute("aria-valuetext"), number.input_value()) == ("after the loop", "")
    slider.press("ArrowLeft")
    at(tab, 39, 10_000)


def test_a_line_that_did_not_run_in_an_iteration_says_so(open_tab):
    tab = open_tab("hidden/program/?iteration=94#L36", viewport={"width": 360, "height": 740})
    assert "iteration 94 of 60,000" in tab.locator("h2").first.inner_text()
    assert tab.locator("h3").first.inner_text() == "This line did not run in this iteration: the values are those after line 35"
    tab.get_by_role("button", name="Step →").click()
    at(tab, 40)
    tab.get_by_role("button", name="Step →").click()
    at(tab, 43)
    numbers = tab.locator(".cards.changed td:not(:empty)")  # four by four, and all of them are on a telephone's screen
    boxes = [numbers.nth(place).bounding_box() for place in range(numbers.count())]
    assert len(boxes) == 16 and all(0 <= box["x"] and box["x"] + box["width"] <= 360 for box in boxes)


def test_the_iterations_play_until_the_last_and_not_where_motion_is_unwelcome(open_tab):
    tab = open_tab("program/?iteration=5624#L39")
    length = tab.evaluate("history.length")
    tab.get_by_role("button", name="▶ Play").click()
    tab.get_by_role("button", name="■ Stop").wait_for()
    at(tab, 39, 10_000)
    tab.get_by_role("button", name="▶ Play").wait_for()
    assert tab.evaluate("history.length") == length + 1
    tab.locator("[role=status]", has_text="Line 39, iteration 10,000 of 10,000").wait_for(state="attached")
    tab.get_by_role("button", name="▶ Play").click()  # again, from the first
    tab.wait_for_function("+document.querySelector('.inspector [type=range]').value < 20")
    tab.get_by_role("button", name="■ Stop").click()
    here = tab.url
    tab.wait_for_timeout(900)
    assert tab.url == here
    tab = open_tab("program/#L39", reduced_motion="reduce")
    assert not tab.get_by_role("button", name="▶ Play").count() and tab.get_by_role("slider").is_visible()


def test_everything_can_be_done_with_the_keyboard(open_tab):
    tab = open_tab("program/")
    for _ in range(80):  # past the navigation
        tab.keyboard.press("Tab")
        if tab.evaluate("document.activeElement.matches('.listing')"):
            break
    assert tab.evaluate("document.activeElement.matches('.listing:focus-visible')")
    assert tab.evaluate("getComputedStyle(document.activeElement).outlineStyle") == "solid"
    for key, line in (
        ("ArrowRight", 4),
        ("ArrowDown", 5),
        ("ArrowRight", 10),
        ("ArrowLeft", 4),
        ("End", 42),
        ("ArrowLeft", 41),
        ("ArrowUp", 40),
        ("Home", 1),
    ):
        tab.keyboard.press(key)
        at(tab, line)
    reached = set()
    for _ in range(12):  # and on, out of the listing: nothing holds the focus
        tab.keyboard.press("Tab")
        reached.add(tab.evaluate("document.activeElement.textContent.trim() || document.activeElement.type"))
    assert {"Step →", "range"} <= reached
    tab.locator("[role=status]", has_text="Line 1").wait_for(state="attached")


@pytest.mark.parametrize("scheme", ["light", "dark"])
@pytest.mark.parametrize("width", [360, 720, 1440])
def test_the_page_fits(open_tab, width, scheme):
    tab = open_tab("program/?iteration=100#L36", viewport={"width": width, "height": 740}, color_scheme=scheme)
    at(tab, 36, 100)
    assert tab.evaluate("document.documentElement.scrollWidth") <= width
    line, changed = tab.locator(".gutter a[aria-current]"), tab.locator(".cards.changed .card")
    for seen in (line, changed):  # the line and what it changed are seen together
        box = seen.bounding_box()
        assert 0 <= box["y"] and box["y"] + box["height"] <= 740
    background = tab.evaluate("getComputedStyle(document.body).backgroundColor")
    assert (sum(map(int, re.findall(r"\d+", background)[:3])) > 380) == (scheme == "light")


def test_without_a_script_there_is_a_table_of_values(open_tab):
    tab = open_tab("program/#L36", java_script_enabled=False)
    text = tab.locator("article").inner_text()
    for iteration in (1, 10, 10_000):
        assert f"Iteration {iteration:,}" in text
        for line, name in ((29, "l1"), (32, "l1_error"), (36, "l1_delta"), (39, "syn0")):
            for number in PROGRAM.run(line, iteration).namespace[name].ravel():
                assert f"{number:.6f}".replace("-", "−") in text, (line, iteration)
    assert tab.locator(".inspector").count() == 0 and not tab.locator(".following").is_visible()
    for turn in ("1", "10,000"):
        tab.locator(".network .turn label", has_text=re.compile(f"^{turn}$")).click()
        assert f"Iteration {turn}." in tab.locator(".network svg:visible desc").text_content()
    assert tab.locator("#L36").is_visible()
    tab = open_tab("walk/delta/", java_script_enabled=False)
    assert tab.locator(".ledger").inner_text().count("−0.05289") == 1
    link = tab.locator("figcaption a").first
    assert link.get_attribute("target") == "program" and link.get_attribute("href") == "../../program/#L34"
    assert tab.locator(".program-link").get_attribute("target") == "program"
    tab = open_tab("hidden/program/", java_script_enabled=False, viewport={"width": 360, "height": 740})
    for name in ("X", "y", "syn0", "syn1", "l2"):  # each value begins where a telephone shows it, beside one of four columns too
        value = tab.locator(".states tr", has=tab.locator(f"code:text-is('{name}')")).locator(".rows").first
        assert value.bounding_box()["x"] < 260, name
    back, on = (tab.locator(f".md-footer__link--{way}").bounding_box()["width"] for way in ("prev", "next"))
    assert back == pytest.approx(on, abs=2)


def test_a_ledger_shows_any_kept_iteration(open_tab):
    for page, _name, _line in (("delta", "l1_delta", 36), ("update", "syn0", 39)):
        tab = open_tab(f"walk/{page}/")
        ledger = tab.locator(".ledger")
        first = ledger.locator("table").inner_text()
        assert (
            ledger.get_by_role("slider").get_attribute("title")
            == f"{len(ledger.get_attribute('data-iterations').split())} of 10,000 are kept"
        )
        ledger.get_by_role("slider").fill("2")
        state = PROGRAM.run(36, 100).namespace
        cells = [
            f"{n:+.5f}".replace("-", "−")
            for n in (state["l1_delta"] if page == "delta" else state["l0"].T @ state["l1_delta"]).ravel()
        ]
        text = ledger.locator("table").inner_text()
        assert text != first and all(cell in text for cell in cells)


def test_an_address_that_nobody_would_write_shows_some_state(open_tab):
    tab = open_tab("program/")
    page = tab.url
    for address in (
        "?iteration=<script>#L36",
        "?iteration=1e999#L36",
        "?iteration=-7#L36",
        "?iteration=&iteration=[]#L36",
        "#L0",
        "#L99999999999999999999",
        "#L-1",
        "#L3.5",
        "#%3Cimg%20src=x%3E",
        "?iteration=100#l36",
    ):
        tab.goto("about:blank")
        tab.goto(page + address)
        ready(tab)
        line = tab.locator(".gutter a[aria-current]").inner_text()
        assert line in {"36", "1", "42"} and tab.locator("h2").first.inner_text().startswith(f"After line {line}")
        assert not tab.locator("article img, article script").count()
        tab.get_by_role("button", name="← Step back" if line == "42" else "Step →").click()
        tab.locator(f'.gutter a[aria-current]:not(:text-is("{line}"))').wait_for()
