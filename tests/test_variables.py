"""The colours of a program's arrays: the same in code, tables, drawings and figures."""

import re

import pytest
from conftest import ROOT, article

from literate.page import Page
from literate.play.walk import play
from literate.plot.figures import style
from literate.program import Program
from literate.program.colours import COLOURS, colour_of
from literate.write import MarkdownForm

NN = Program.read(ROOT / "snippets" / "nn.py")
CSS = "".join(path.read_text() for path in (ROOT / "docs" / "assets").glob("*.css"))


def figure(tmp_path, drawing):
    (tmp_path / "net.py").write_text("import numpy as np\n\nred = np.array([1.5, 2.00013])\n")
    page = (
        '---\nprogram: net.py\nafter: "red ="\n---\n```python figure="It shows a line of two points."\n'
        f'import matplotlib.pyplot as plt\nfig, ax = plt.subplots()\n{drawing}\nax.set_xlabel("x")\n```\n'
    )
    (tmp_path / "page.md").write_text(page)
    shown = play(read := Page(tmp_path / "page.md", page), form := MarkdownForm(read), tmp_path)
    assert not shown.errors
    return next(html for html in form.html if "<svg" in html)


def test_an_array_is_the_name_of_its_colour(tmp_path):
    drawn = figure(tmp_path, 'ax.plot(red, color="red")\nax.plot(red + 1)')
    assert "var(--v1)" in drawn and "var(--figure-2)" in drawn and "#" not in re.sub(r'(url\(|href=")#', "", drawn)


def test_the_names_mean_what_they_meant_when_the_figure_is_drawn():
    from matplotlib.colors import to_hex

    with pytest.raises(ValueError):
        to_hex("syn0")
    before = to_hex("y")
    with style(NN):
        assert to_hex("syn0") != to_hex("y") != before
    assert to_hex("y") == before
    with pytest.raises(ValueError):
        to_hex("syn0")


def test_what_a_figure_says_is_not_cut(tmp_path):
    drawn = figure(tmp_path, 'ax.plot(red)\nax.annotate(f"{red[1]:.5f}", (0, 1.5))')
    assert re.search(r">\s*2\.00013\s*<", drawn)
    assert not re.search(r'd="[^"]*\d\.\d{3}', drawn), "what is drawn needs no more than a hundredth of a pixel"


def test_every_colour_is_in_the_style_sheet_in_both_ways():
    for number in range(1, COLOURS + 1):
        assert len(re.findall(rf"--v{number}: light-dark", CSS)) == 1
        assert f".v{number} {{ --name: var(--v{number}); }}" in CSS
    for program in map(Program.read, sorted((ROOT / "snippets").glob("*.py"))):
        assert {colour_of(program, name) for name in program.variables} == set(range(1, len(program.variables) + 1))
    assert colour_of(NN, "iteration") is None


def test_code_has_the_colours_of_the_program_that_it_is_of(site):
    """This page asks one program and then shows another, in which the same name is another array."""
    hidden = Program.read(ROOT / "snippets" / "hidden.py")
    assert colour_of(hidden, "l1") != colour_of(NN, "l1")
    for block in article(site, "hidden/index.md").select("[data-embed]"):
        names = {(span.text, tuple(span["class"][1:])) for span in block.select("span.n") if colour_of(hidden, span.text)}
        assert names and names == {(name, (f"v{colour_of(hidden, name)}",)) for name, _ in names}


@pytest.mark.parametrize(
    ("page", "names"),
    [
        ("walk/error.md", ["l1_error"]),
        ("walk/delta.md", ["l1", "l1_error", "l1_delta", "y"]),
        ("descent.md", ["syn0"]),
        ("break.md", ["y"]),
        ("look/guesses.md", ["l1"]),
        ("look/error.md", ["l1_error"]),
        ("look/update.md", ["syn0"]),
        ("look/delta.md", ["l1_error", "l1_delta"]),
        ("look/nonlin.md", ["l1"]),
    ],
)
def test_figures_draw_arrays_in_their_own_colours(site, page, names):
    drawn = "".join(str(svg) for svg in article(site, page).select("div.figure > svg"))
    assert {int(number) for number in re.findall(r"var\(--v(\d)\)", drawn)} == {colour_of(NN, name) for name in names}
