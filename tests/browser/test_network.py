"""The networks in a browser: chosen without a script, moved with one, readable on the narrowest screen."""

import pytest
from conftest import ROOT

from literate.draw.network import Moment, Sketch, written
from literate.program import Program
from literate.record import Recording

SKETCH = Sketch.read("l0 -syn0-> l1 (l1_error, l1_delta) <- y")
NN = Recording.of(Program.read(ROOT / "snippets" / "nn.py"))
PAGES = {"": 29, "walk/weights/": 23, "walk/prediction/": 29, "walk/error/": 32, "walk/delta/": 36, "walk/update/": 39}
SEEN = """network => [...network.querySelectorAll('.frame')].filter(frame => frame.checkVisibility()).map(frame => ({
  texts: [...frame.querySelectorAll('text')].map(text => text.textContent),
  said: frame.querySelector('desc').textContent,
  lines: [...frame.querySelectorAll('line')].map(line => [
    line.classList.contains('minus'), parseFloat(getComputedStyle(line).strokeWidth)]),
}))"""


def seen(tab):
    frames = tab.locator(".network").first.evaluate(SEEN)
    assert len(frames) == 1, "one frame is seen at a time"
    return frames[0]


def choose(tab, group, text):
    tab.locator(f".network .{group} label", has_text=text).first.click()


@pytest.mark.parametrize("path", [path for path in PAGES if path != "walk/weights/"])
def test_every_example_and_the_three_iterations_can_be_chosen_without_a_script(open_tab, path):
    tab = open_tab(path, java_script_enabled=False)
    for number, turn in enumerate((1, 10, 10000)):
        tab.locator(".network .turn label").nth(number).click()
        for example, letter in enumerate("ABCD"):
            choose(tab, "example", letter)
            visible = [frame for frame in tab.locator(".network .frame").all() if frame.is_visible()]
            assert len(visible) == 1
            output = Moment(SKETCH, NN, PAGES[path], turn).number(example, "value", "l1", "0")
            assert written("value", output) in visible[0].locator("text.value").all_text_contents()


@pytest.mark.parametrize("path", [path for path in PAGES if path != "walk/weights/"])
def test_what_the_script_fills_in_is_what_the_build_draws(open_tab, path):
    """Two readings of one recording: every text, every thickness, every arrow and every dot agree."""
    plain, live = open_tab(path, java_script_enabled=False), open_tab(path)
    for number, turn in ((1, 10), (2, 10000), (0, 1)):
        plain.locator(".network .turn label").nth(number).click()
        move(live, turn)
        for letter in "ABCD":
            for tab in (plain, live):
                choose(tab, "example", letter)
            built, filled = (tab.locator(".network .frame:visible").evaluate(PARTS) for tab in (plain, live))
            assert [part[:2] for part in filled] == [part[:2] for part in built], (turn, letter)
            assert numbers(filled) == pytest.approx(numbers(built), rel=1e-3, abs=1e-12)


def test_a_drawing_of_the_last_iteration_goes_back_to_the_first(open_tab):
    plain, live = (open_tab("hidden/nodes/", java_script_enabled=script) for script in (False, True))
    assert live.locator(".network output").inner_text() == "60,000 of 60,000"
    one, other = (tab.locator(".network .frame:visible").evaluate(PARTS) for tab in (live, plain))
    assert one == other
    plain.locator(".network .turn label").first.click()
    move(live, 1)
    built, filled = (tab.locator(".network .frame:visible").evaluate(PARTS) for tab in (plain, live))
    assert [part[:2] for part in filled] == [part[:2] for part in built]
    assert numbers(filled) == pytest.approx(numbers(built), rel=1e-3, abs=1e-12)


PARTS = """frame => [...frame.querySelectorAll('svg *')].filter(part => !part.parentElement.closest('desc')).map(part => [
  part.matches('text, desc') ? part.textContent : '', part.getAttribute('class') ?? '', part.getAttribute('style') ?? ''])"""


def numbers(parts):
    return [float(pair.partition(":")[2]) for *_, style in parts for pair in style.split(";") if pair.strip()]


def move(tab, turn):
    slider = tab.locator(".network").first.get_by_role("slider")
    slider.evaluate(
        """(slider, turn) => {
      slider.value = Math.log10(turn);
      for (const type of ['input', 'change']) slider.dispatchEvent(new Event(type));
    }""",
        turn,
    )
    tab.locator(".network .frame:visible .turn", has_text=f"{turn:,}").wait_for(state="attached")


@pytest.mark.parametrize("turn", [2, 133, 7499])
def test_the_slider_shows_any_kept_iteration(open_tab, turn):
    tab = open_tab("walk/update/")
    move(tab, turn)
    choose(tab, "example", "C")
    moment = Moment(SKETCH, NN, 39, turn)
    found = seen(tab)
    for kind, *of in (
        ["sum", "l1", "0"],
        ["value", "l1", "0"],
        ["signed", "l1_delta", "0"],
        *(["move", "l1", str(i), "0"] for i in range(3)),
    ):
        assert written(kind, moment.number(2, kind, *of)) in found["texts"], (kind, of)
    weights = [moment.number(2, "weight", "l1", str(i), "0") for i in range(3)]
    assert [minus for minus, _ in found["lines"]] == [weight < 0 for weight in weights]
    # The thicker line is the larger weight.
    assert sorted(range(3), key=lambda i: found["lines"][i][1]) == sorted(range(3), key=lambda i: abs(weights[i]))
    assert all(written("weight", weight) in found["said"] for weight in weights)


def test_nothing_is_fetched_before_a_reader_moves_it_and_the_recording_once(open_tab):
    tab = open_tab("walk/delta/")
    asked = []
    tab.on("request", lambda request: asked.append(request.url.rpartition("/")[2]))
    choose(tab, "example", "D")
    tab.wait_for_timeout(200)
    assert asked == []
    move(tab, 10)
    move(tab, 100)
    assert sorted(name.partition(".")[0] for name in asked) == ["picture", "program"]


def test_a_network_and_a_ledger_show_the_same_iteration(open_tab):
    tab = open_tab("walk/delta/")
    move(tab, 100)
    assert tab.locator(".ledger output").inner_text() == "100 of 10,000"
    tab.locator(".ledger").get_by_role("slider").fill("1")
    tab.locator(".network .frame:visible .turn", has_text="10").wait_for(state="attached")
    assert tab.locator(".network output").inner_text() == "10 of 10,000"


def test_a_network_follows_the_program(open_tab):
    prose, program = open_tab("walk/prediction/"), open_tab("program/?iteration=100#L29")
    program.get_by_role("slider").press("ArrowRight")
    prose.locator(".network output", has_text="133 of 10,000").wait_for()
    guess = written("value", Moment(SKETCH, NN, 29, 133).number(0, "value", "l1", "0"))
    prose.locator(".network .frame:visible text.value", has_text=guess).wait_for()


def test_a_recording_that_does_not_come_is_not_shown_as_if_it_had(browser, base):
    context = browser.new_context(service_workers="block", bypass_csp=True)
    tab = context.new_page()
    tab.route("**/program.json", lambda route: route.abort())
    tab.goto(f"{base}walk/delta/")
    tab.locator("html[data-ready]").wait_for(state="attached")
    tab.locator(".network").get_by_role("slider").press("ArrowRight")
    tab.locator(".network output", has_text="1 of 10,000").wait_for()
    tab.wait_for_timeout(200)
    assert tab.locator(".network output").inner_text() == "1 of 10,000"
    context.close()


def test_the_keyboard_chooses_an_example_and_an_iteration(open_tab):
    tab = open_tab("walk/prediction/")
    tab.locator(".network input[type=radio]").first.focus()
    tab.keyboard.press("ArrowRight")
    assert tab.locator(".network label:has(:checked)").inner_text() == "B" and "0.364" in seen(tab)["texts"]
    tab.keyboard.press("Tab")
    tab.keyboard.press("ArrowRight")
    tab.locator(".network .frame:visible .turn", has_text="2").wait_for(state="attached")


@pytest.mark.parametrize("path", [*PAGES, "hidden/back/", "hidden/nodes/"])
@pytest.mark.parametrize("width", [320, 360, 1440])
def test_it_can_be_read_and_nothing_meets(open_tab, path, width):
    tab = open_tab(path, viewport={"width": width, "height": 800})
    assert tab.evaluate("document.documentElement.scrollWidth <= innerWidth")
    sizes = tab.locator(".network").first.evaluate("""network => {
      const svg = [...network.querySelectorAll('svg')].find(svg => svg.checkVisibility());
      const scale = svg.getBoundingClientRect().width / svg.viewBox.baseVal.width;
      return [...svg.querySelectorAll('text')].map(text => parseFloat(getComputedStyle(text).fontSize) * scale);
    }""")
    assert min(sizes) >= 9.5, sizes
    met = tab.locator(".network").first.evaluate("""network => {
      const boxes = [...network.querySelectorAll('.parts code, .parts a')].map(part => {
        const range = document.createRange();
        range.selectNodeContents(part);
        return [part.textContent, range.getBoundingClientRect()];
      });
      const wide = ({left, right}) => left < -.5 || right > innerWidth + .5;
      const meet = (a, b) => a.left < b.right && b.left < a.right && a.top < b.bottom - 1 && b.top < a.bottom - 1;
      return boxes.flatMap(([name, box], n) => [...(wide(box) ? [name] : []),
        ...boxes.slice(n + 1).filter(([, other]) => meet(box, other)).map(([other]) => `${name} ${other}`)]);
    }""")
    assert met == []


def test_the_picture_is_an_image_with_its_values_for_a_screen_reader(open_tab):
    tab = open_tab("walk/delta/")
    said = tab.locator(".network").aria_snapshot()
    assert said.count("img ") == 1 and "The network for example A" in said, said
    for part in (
        "Inputs l0: 0, 0, 1.",
        "Weights syn0: −0.166, +0.441, −1.000.",
        "Sum: −1.00.",
        "Output l1: 0.269.",
        "Target y: 0.",
        "Error l1_error: −0.269.",
        "Slope: 0.197.",
        "Delta l1_delta: −0.053.",
    ):
        assert part in said, part
    for name in ('group "Example"', 'radio "A" [checked]', 'slider "Iteration"', 'link "line 36"'):
        assert name in said, name


def test_forced_colours_keep_lines_values_and_choice(open_tab):
    tab = open_tab("walk/prediction/", forced_colors="active", color_scheme="dark")
    text, canvas = tab.evaluate("""['CanvasText', 'Canvas'].map(name => {
      const box = document.body.appendChild(document.createElement('i'));
      box.style.cssText = `forced-color-adjust: none; color: ${name}`;
      return getComputedStyle(box).color;
    })""")
    assert text != canvas
    strokes = tab.locator(".network .frame:visible line").evaluate_all(
        "lines => lines.map(line => getComputedStyle(line).stroke)"
    )
    assert set(strokes) == {text}
    grounds = tab.evaluate("""[':has(:checked)', ':not(:has(:checked))'].map(state =>
      getComputedStyle(document.querySelector(`.network .example label${state}`)).backgroundColor)""")
    assert grounds[0] != grounds[1]
