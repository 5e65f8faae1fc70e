"""The drawing of a network: what it shows is what the run holds, in each iteration, for each example, whatever its size."""

import copy
import json
import re

import numpy as np
import pytest
from bs4 import BeautifulSoup
from conftest import ROOT, article

from literate.draw.drawing import KEYS
from literate.draw.network import Layer, Moment, Network, NetworkError, Sketch, written
from literate.page import Drawn, Page, PageError
from literate.program import Program
from literate.record import Recording
from literate.site.pages import to_markdown

SKETCH = "l0 -syn0-> l1 (l1_error, l1_delta) <- y"
DEEP = "l0 -syn0-> l1 (l1_error, l1_delta) -syn1-> l2 (l2_error, l2_delta) <- y"
AT = '```python\n--8<-- "net.py:l1 ="\n```\n\n<!--network: '
NN = Recording.of(Program.read(ROOT / "snippets" / "nn.py"))
STOPS = {"weights": 23, "prediction": 29, "error": 32, "delta": 36, "update": 39}
DRAWN = ["index.md", *(f"walk/{form}.md" for form in STOPS), "program.md"]

HIDDEN = """\
import numpy as np

def nonlin(x, deriv=False):
    if deriv:
        return x * (1 - x)
    return 1 / (1 + np.exp(-x))

X = np.array([[0, 0, 1], [0, 1, 1], [1, 0, 1], [1, 1, 1]])
y = np.array([[0, 1, 1, 0]]).T
np.random.seed(1)
syn0 = 2 * np.random.random((3, 4)) - 1
syn1 = 2 * np.random.random((4, 1)) - 1
for turn in range(20):
    l0 = X
    l1 = nonlin(np.dot(l0, syn0))
    l2 = nonlin(np.dot(l1, syn1))
    l2_error = y - l2
    l2_delta = l2_error * nonlin(l2, True)
    l1_error = np.dot(l2_delta, syn1.T)
    l1_delta = l1_error * nonlin(l1, True)
    syn1 += np.dot(l1.T, l2_delta)
    syn0 += np.dot(l0.T, l1_delta)
"""


def network(text, line, sketch=DEEP):
    return Network(Sketch.read(sketch), Recording.of(Program("net.py", text)), line)


LISTING = '```python\n--8<-- "net.py"\n```\n'


def written_page(tmp_path, text, page, name="page.md"):
    """Return the Markdown of a page about a program, both given as text."""
    (tmp_path / "net.py").write_text(text)
    (tmp_path / "program.md").write_text(f"---\nprogram: net.py\n---\n{LISTING}")
    return to_markdown(Page(tmp_path / name, f"---\nprogram: net.py\n---\n{page}\n"), tmp_path)


def test_a_sketch_names_layers_weights_and_target():
    layers = Layer("l0"), Layer("l1", "l1_error", "l1_delta")
    assert Sketch.read(" l0 -syn0->l1(l1_error,l1_delta) <-y ") == Sketch(layers, ("syn0",), "y")
    deep = Sketch.read(DEEP)
    assert [layer.name for layer in deep.layers] == ["l0", "l1", "l2"] and deep.weights == ("syn0", "syn1")
    assert deep.before("l2") == ("l1", "syn1") and deep.way == "l0 syn0 l1 syn1 l2"
    assert Sketch.read("l0 -syn0-> l1").names == ["l0", "l1", "syn0"]


@pytest.mark.parametrize("text", ["", "l0", "l0 syn0 l1", "l0 -> l1", "l0 -syn0-> l1 <- y <- z", "l0 -syn0-> l1 (a, b, c)"])
def test_what_is_no_sketch_is_refused(text):
    with pytest.raises(NetworkError, match="sketched as its arrays from left to right: layer -weights-> layer <- target"):
        Sketch.read(text)


def test_a_page_may_have_a_mark_between_its_sentences():
    page = Page("a.md", f"One.\n\n<!--network: {SKETCH}-->\n\nTwo.\n")
    assert [(type(block).__name__, block.line) for block in page.blocks] == [("Prose", 1), ("Drawn", 3), ("Prose", 4)]
    assert isinstance(page.blocks[1], Drawn) and page.blocks[1].sketch == SKETCH


@pytest.mark.parametrize(("form", "line"), STOPS.items())
def test_the_form_is_the_furthest_that_the_run_has_got(form, line):
    drawn = Network(Sketch.read(SKETCH), NN, line)
    assert drawn.form == form in KEYS
    assert drawn.turns == ([0] if form == "weights" else NN.iterations)
    assert drawn.sizes == [3, 1] and len(drawn.examples) == 4 * (form != "weights")
    assert drawn.functions[0][0] == "nonlin"


@pytest.mark.parametrize("turn", NN.iterations)
def test_the_numbers_are_those_of_the_run(turn):
    """Computed again from the weights alone, as a reader would."""
    moment = Moment(Sketch.read(SKETCH), NN, 39, turn)
    syn0, after = NN.after(36, turn).state["syn0"], NN.after(39, turn).state["syn0"]
    X, y = np.array([[0, 0, 1], [0, 1, 1], [1, 0, 1], [1, 1, 1]]), np.array([[0], [0], [1], [1]])
    sums = X @ syn0
    output = 1 / (1 + np.exp(-sums))
    slope = output * (1 - output)
    for example in range(4):
        found = {
            kind: moment.number(example, *of.split())
            for kind, of in {
                "sum": "sum l1 0",
                "output": "value l1 0",
                "target": "value y 0",
                "error": "signed l1_error 0",
                "slope": "slope l1_error l1_delta 0",
                "delta": "signed l1_delta 0",
            }.items()
        }
        assert found == pytest.approx(
            {
                "sum": sums[example, 0],
                "output": output[example, 0],
                "target": y[example, 0],
                "error": (y - output)[example, 0],
                "slope": slope[example, 0],
                "delta": ((y - output) * slope)[example, 0],
            },
            rel=1e-9,
        )
        for i in range(3):
            assert moment.number(example, "value", "l0", str(i)) == X[example, i]
            assert moment.number(example, "weight", "l1", str(i), "0") == syn0[i, 0]
            moved = moment.number(example, "move", "l1", str(i), "0")
            assert moved == pytest.approx((after - syn0)[i, 0], abs=1e-15)
            assert moved == pytest.approx(X.T[i] @ ((y - output) * slope)[:, 0], abs=1e-12)


@pytest.mark.parametrize(
    ("kind", "number", "text"),
    [
        ("value", 1, "1"),
        ("value", 0.26894, "0.269"),
        ("sum", -0.99977, "−1.00"),
        ("weight", 0.44065, "+0.441"),
        ("weight", -0.99977, "−1.000"),
        ("signed", -0.26894, "−0.269"),
        ("signed", 0.0064110, "+0.0064"),
        ("signed", -0.0000925, "−0.00009"),
        ("move", 0.28621, "+0.286"),
        ("signed", 0.0, "+0.000"),
        ("slope", 0.19663, "0.197"),
        ("value", -1, "−1"),
        ("signed", -0.0, "+0.000"),
    ],
)
def test_numbers_have_the_digits_that_they_need(kind, number, text):
    assert written(kind, number) == text


def test_a_hidden_layer_is_drawn_from_the_shapes_alone():
    for line, form in (
        (12, "weights"),
        (15, "prediction"),
        (16, "prediction"),
        (17, "error"),
        (18, "delta"),
        (20, "delta"),
        (21, "update"),
    ):
        drawn = network(HIDDEN, line)
        assert drawn.form == form and drawn.sizes == [3, 4, 1]
    assert [name for name, _ in drawn.functions] == ["nonlin", "nonlin"]
    # Both updates are computed from the weights before either moved, so both are shown as moves of this iteration.
    moment = Moment(drawn.sketch, drawn.recording, 22, 10)
    state, start = drawn.recording.after(22, 10).state, drawn.recording.after(20, 10).state
    for layer, weights, size in (("l1", "syn0", (3, 4)), ("l2", "syn1", (4, 1))):
        for i, j in np.ndindex(size):
            assert moment.number(0, "weight", layer, str(i), str(j)) == start[weights][i, j]
            assert moment.number(0, "move", layer, str(i), str(j)) == state[weights][i, j] - start[weights][i, j] != 0
    assert moment.number(2, "sum", "l2", "0") == pytest.approx(start["l1"][2] @ start["syn1"][:, 0])


def test_the_step_back_shows_the_weights_that_it_went_through(tmp_path):
    """At the error of a hidden layer, delta × weight = error can be read off; at its delta, the weights stand back."""
    state = Recording.of(Program("net.py", HIDDEN)).after(19, 1).state
    weights, errors = (
        [written(kind, n) for n in a.ravel()[:4]] for kind, a in zip(("weight", "signed"), (state["syn1"], state["l1_error"]))
    )
    shown = {}
    for line in ("l1_error =", "l1_delta ="):
        page = f'```python\n--8<-- "net.py:{line}"\n```\n\n<!--network: {DEEP}-->'
        made = written_page(tmp_path, HIDDEN, page)
        shown[line] = re.findall(r"<text[^>]*>([^<]*)<", re.search(r"<svg.*?</svg>", made)[0])
        assert ("times the weight on the way" in made) == (line == "l1_error =")
    assert {*weights, *errors} <= {*shown["l1_error ="]}
    assert not {*weights, *errors} & {*shown["l1_delta ="]}


def test_behind_the_loop_a_network_only_guesses():
    drawn = network(HIDDEN + "print(l2)\n", 23)
    assert drawn.form == "prediction" and drawn.turns == [0] and drawn.reached("l1_delta")


def test_before_a_layer_is_computed_again_the_weights_are_those_of_this_moment():
    for line, turn in ((14, 10), (15, 10), (14, 20)):  # l0, and l1: l2 was computed in the iteration before
        moment = Moment(Sketch.read(DEEP), network(HIDDEN, line).recording, line, turn)
        assert moment.number(0, "weight", "l2", "3", "0") == moment.state["syn1"][3, 0]


def test_below_a_listing_there_is_a_view_for_each_thing_that_the_lines_reach(tmp_path):
    made = written_page(tmp_path, HIDDEN + "print(l2)\n", f"{LISTING}\n<!--network: {DEEP}-->", "program.md")
    all_of = "l1 l1_error l1_delta l2 l2_error l2_delta syn0 syn1 y"
    views = re.findall(r"attrs: \{data-reach: '([^']*)'(, hidden: '')?\}", made)
    assert views == [
        ("l1 l2 syn0 syn1 y", ""),  # without a script
        *(
            (reach, ", hidden: ''")
            for reach in (
                "syn0 y",
                "syn0 syn1 y",
                "l1 syn0 syn1 y",
                "l1 l2 l2_error syn0 syn1 y",
                "l1 l2 l2_error l2_delta syn0 syn1 y",
                "l1 l1_error l2 l2_error l2_delta syn0 syn1 y",
                all_of,
                f"{all_of} +syn1",
                f"{all_of} +syn0 +syn1",
                f"{all_of} >",
            )
        ),
    ]
    frames = re.findall(r'<div class="frame[ "]', made)
    assert len(frames) == 3 + len(views) - 1 and made.count("<fieldset") == 2
    assert made.index("div.listing") < made.index("section.network") < made.index("div.states")


@pytest.mark.parametrize(("iteration", "at"), [("", 1), (' iteration="last"', 20), (' iteration="12"', 10)])
def test_a_drawing_begins_where_the_page_has_got(tmp_path, iteration, at):
    """The nearest kept iteration before that one, as between two nothing is known."""
    made = written_page(tmp_path, HIDDEN, f'```python{iteration}\n--8<-- "net.py:l2 ="\n```\n\n<!--network: {DEEP}-->')
    assert f"data-at: '{at}'" in made
    assert re.findall(r'name="[^"]*-turn" checked>([\d,]+)<', made) == [str(at)]
    live = re.findall(r'<div class="frame live".*?</svg>', made)
    assert len(live) == 4 and all(f'<span class="turn">{at}</span>' in frame and "data-of" in frame for frame in live)


def test_a_page_about_a_hidden_layer_has_its_values(tmp_path):
    text = written_page(tmp_path, HIDDEN, f'```python\n--8<-- "net.py:l1_delta ="\n```\n\n<!--network: {DEEP}-->')
    frame = re.search(r"<svg.*?</svg>", text)[0]
    recording = Recording.of(Program(tmp_path / "net.py", HIDDEN))
    state = recording.after(20, 1).state
    said = re.sub("<[^>]*>", "", re.search(r"<desc.*?</desc>", frame)[0])
    for name, kind in (("l1", "value"), ("l1_delta", "signed"), ("l2_error", "signed")):
        assert ", ".join(written(kind, number) for number in state[name][0].tolist()) in said, name
    assert frame.count("<line ") == 16 and frame.count('<circle class="node') == 3 + 4 + 2
    assert "Weights syn0 to node 4 of l1: " in said and said.count("Weights") == 5
    assert re.findall(r"`(\w+)`", text[text.index("section.network") :]) == [
        "l0",
        "l1",
        "nonlin",
        "l2",
        "y",
        "syn0",
        "l1_delta",
        "syn1",
        "l2_delta",
        "l2_error",
    ]


def test_a_layer_without_a_function_has_no_curve(tmp_path):
    text = "import numpy as np\nx = np.array([[1., 2.]])\nw = np.array([[.5], [2.]])\nout = np.dot(x, w)\n"
    drawn = network(text, 4, "x -w-> out")
    assert drawn.functions == [("", None)] and drawn.form == "prediction" and drawn.turns == [0]
    made = written_page(tmp_path, text, '```python\n--8<-- "net.py:out ="\n```\n\n<!--network: x -w-> out-->')
    assert 'class="function"' not in made and "4.500" in made and "fieldset" not in made


@pytest.mark.parametrize(
    ("change", "sketch", "message"),
    [
        (("", ""), "l0 -syn0-> l9", "`l9` is no array of net.py; the arrays are X, y, syn0"),
        (
            ("", ""),
            "l0 -syn0-> l1 -l2-> syn1",
            "syn1 is bound before l1 is; sketch the arrays in the order",
        ),
        (("", ""), "l0 -syn1-> l1", "l0 has shape (4, 3), which does not fit a layer of 4; sketch the arrays in the order"),
        (("", ""), "l0 -syn0-> l2", "l2 has shape (4, 1), which does not fit a layer of 4"),
        (("", ""), "l0 -syn0-> l1 <- y", "y has shape (4, 1), which does not fit a layer of 4"),
        (
            ("l1 = nonlin(np.dot(l0, syn0))", "l1 = np.dot(l0, syn0) ** 3"),
            DEEP,
            "no function of net.py makes l1 of the sums of l0 × syn0",
        ),
        (
            ("y = np.array([[0, 1, 1, 0]]).T", "y = np.array([[0, 1, 1, 0]]).T; flat = np.zeros(4)"),
            "l0 -syn0-> l1 <- flat",
            "flat has shape (4,); layers have a row for each example",
        ),
        (
            ("X = np.array([[0, 0, 1], [0, 1, 1], [1, 0, 1], [1, 1, 1]])", "X = np.tile([[0, 1, 1]], (9, 1))"),
            "l0 -syn0-> l1",
            "l0 has 9 rows, and a reader chooses from at most 8",
        ),
    ],
)
def test_a_sketch_that_does_not_fit_says_why(change, sketch, message):
    text = HIDDEN.replace(*change)
    if "9, 1" in text:
        text = text.replace("[[0, 1, 1, 0]]", "[[0] * 9]")
    with pytest.raises(NetworkError, match=re.escape(message)):
        network(text, 16, sketch)


@pytest.mark.parametrize(
    ("page", "message"),
    [
        (
            "<!--network: l0 -syn0-> l1-->",
            "page.md:4: a network is drawn as it is after a line of the program; put this below an embed",
        ),
        ('```python\n--8<-- "net.py:l1 ="\n```\n\n<!--network: l0 syn0 l1-->', "page.md:8: a network is sketched as its arrays"),
        (
            f"{AT}l0 -syn0-> l1 (l1_delta, l1_error) -syn1-> l2 (l2_error, l2_delta) <- y-->",
            "page.md:8: l1_delta is not l2_delta times syn1, turned over, as the picture would say",
        ),
        (f"{AT}l0 -syn0-> l1 -syn1-> l2 (l2_delta, l2_error) <- y-->", "page.md:8: l2_delta is not y minus l2"),
        (f"{AT}l0 -syn0-> l1 -syn1-> l2 (l2_error, l2) <- y-->", "page.md:8: l2 is not l2_error times the slope of nonlin"),
        ("<!--network-->", "page.md:4: a network is drawn as it is after a line of the program"),
    ],
)
def test_a_page_is_told_where_its_drawing_is_wrong(tmp_path, page, message):
    with pytest.raises(PageError, match=re.escape(message)):
        written_page(tmp_path, HIDDEN, page)


def test_products_are_shown_where_they_add_up_to_the_move(tmp_path):
    text = (ROOT / "snippets" / "nn.py").read_text()
    page = f'```python\n--8<-- "net.py:syn0 +="\n```\n\n<!--network: {SKETCH}-->'
    said = "The small products are what this one adds."
    whole = written_page(tmp_path, text, page)
    assert said in whole and 'class="label small"' in whole
    slow = written_page(tmp_path, text.replace("syn0 += np", "syn0 += 0.1 * np"), page)
    assert said not in slow and slow.count('class="label small"') < whole.count('class="label small"')


@pytest.mark.parametrize(
    ("page", "message"),
    [
        (f"{LISTING}\n<!--network: l0 -syn1-> l1-->", "program.md:8: l0 has shape (4, 3), which does not fit a layer of 4"),
        (
            f"<!--network: {DEEP}-->\n\n{LISTING}",
            "program.md:4: a network is drawn as it is after a line of the program; put this",
        ),
    ],
)
def test_a_listing_is_told_where_its_drawing_is_wrong(tmp_path, page, message):
    with pytest.raises(PageError, match=re.escape(message)):
        written_page(tmp_path, HIDDEN, page, "program.md")


@pytest.mark.parametrize("page", DRAWN)
def test_built_pages_show_the_run_without_a_script(site, page):
    box = copy.copy(article(site, page).select_one(".network"))
    for view in box.select(".view[hidden]"):  # which a script shows
        view.extract()
    line = int(box["data-line"])
    frames = box.select(".frame")
    turns = [1, 10, NN.iterations[-1]] if line in NN.program.loops else [0]
    assert len(frames) == len(turns) * (4 if line in NN.program.loops and page != "program.md" else 1)
    assert [label.text for label in box.select(".turn label")] == [f"{turn:,}" for turn in turns if turn]
    for frame in frames:
        turn, example = turns[int(frame["data-turn"])], int(frame["data-example"]) - 1
        moment = Moment(Sketch.read(SKETCH), NN, line, turn)
        weights = [moment.number(0, "weight", "l1", str(i), "0") for i in range(3)]
        lines = frame.select("line")
        assert ["minus" in one["class"] for one in lines] == [weight < 0 for weight in weights]
        assert [float(re.match(r"--size:([^;]*)", one["style"])[1]) for one in lines] == pytest.approx(weights, rel=1e-3)
        texts = [text.text for text in frame.select("text")]
        said = frame.select_one("desc").text
        assert all(written("weight", weight) in said for weight in weights)
        if line in NN.program.loops:
            assert frame.select_one("title").text == f"The network for example {'ABCD'[example]}"
            for kind, *of in [("sum", "l1", "0"), ("value", "l1", "0"), ("value", "y", "0")]:
                value = written(kind, moment.number(example, kind, *of))
                assert value in texts and value in said
            assert f"Iteration {turn:,}." in said
    named = {
        code.text: int(re.search(r"\d+", link.text)[0])
        for span in box.select(".parts span")
        for code, link in [(span.code, span.a)]
    }
    assert {"l0", "l1", "y", "syn0", "nonlin"} <= named.keys()
    for name, number in named.items():
        assert re.search(rf"\b{name}\b", NN.program.lines[number - 1]), name


def test_what_is_new_at_each_stop_is_in_its_picture(site):
    texts = {page: article(site, page).select_one(".network .frame").text for page in DRAWN}
    shown = {page: {text.text for text in article(site, page).select_one(".network .frame").select("text")} for page in DRAWN}
    assert "+0.441" in shown["walk/weights.md"] and "0.269" not in texts["walk/weights.md"]
    assert {"−1.00", "0.269"} <= shown["walk/prediction.md"] and "−0.269" not in texts["walk/prediction.md"]
    assert "−0.269" in shown["walk/error.md"] and "−0.053" not in texts["walk/error.md"]
    assert {"−0.269", "× 0.197", "−0.053"} <= shown["walk/delta.md"] and "+0.286" not in texts["walk/delta.md"]
    assert {"+0.286", "+0.064", "+0.149", "1 × −0.053"} <= shown["walk/update.md"]


def test_both_builders_draw_the_same(site, zensical):
    for page in DRAWN:
        one, other = (article(folder, page).select(".network svg") for folder in (site, zensical))
        for path in site.glob(f"{page.removesuffix('.md')}.network-*.json"):  # what has been laid beside a page
            one += BeautifulSoup(json.loads(path.read_text(encoding="utf-8")), "html.parser").select("svg")
        assert [str(svg) for svg in one] == [str(svg) for svg in other]
