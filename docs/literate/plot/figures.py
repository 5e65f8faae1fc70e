"""Figures: draws what a page's fence leaves in Matplotlib as one SVG that follows the reader's theme."""

import contextlib
import io
import itertools
import re
from collections.abc import Iterator
from html import escape
from typing import Any

import matplotlib
import matplotlib.pyplot as plt
from cycler import cycler

from literate.program import Program, describe
from literate.program.colours import COLOURS, colour_of


class FigureError(Exception):
    """A fence that was to draw a figure drew none, or one that some readers could not read."""


# Colours that nobody would choose, each standing for a style sheet's: the browser fills them in, light or dark.
_INK, _QUIET = "#010101", "#010102"
_LINES = ["#020201", "#020202", "#020203", "#020204"]
_OF = "#0301{:02}"  # the colour of one of a program's arrays, by its number
_THEME = {
    _INK: "currentColor",
    _QUIET: "var(--figure-quiet)",
    **{colour: f"var(--figure-{n})" for n, colour in enumerate(_LINES, 1)},
    **{_OF.format(n): f"var(--v{n})" for n in range(1, COLOURS + 1)},
}

MOST = 1_000_000  # bytes of a drawing, which would be in the page

_STYLE: Any = {
    "svg.fonttype": "none",  # text stays text: it can be read aloud, searched and styled
    "svg.hashsalt": "literate",  # the same figure has the same bytes
    "figure.figsize": (5, 3.2),  # inches; small, so that its text is still readable on a telephone
    "figure.constrained_layout.use": True,
    "figure.facecolor": "none",
    "axes.facecolor": "none",
    "savefig.facecolor": "none",
    "font.size": 12.5,
    "axes.titlesize": 12.5,
    "axes.spines.top": False,
    "axes.spines.right": False,
    "axes.edgecolor": _QUIET,
    "axes.labelcolor": _INK,
    "text.color": _INK,
    "patch.edgecolor": _INK,  # of the lines that lead from a name to its dot, too
    "xtick.color": _INK,
    "ytick.color": _INK,
    "grid.color": _QUIET,
    "lines.linewidth": 1.8,
    # Lines differ in their dashes as well as in their colour.
    "axes.prop_cycle": cycler(color=_LINES) + cycler(linestyle=["-", (0, (5, 2)), (0, (1, 1.5)), (0, (6, 2, 1, 2))]),
}


@contextlib.contextmanager
def style(program: Program | None = None) -> Iterator[None]:
    """Draw in the site's style inside, where each array of a program is the name of its colour; leave no figure behind."""
    plt.close("all")
    show, plt.show = plt.show, _show
    colours: Any = matplotlib.colors.get_named_colors_mapping()
    numbers = {name: colour_of(program, name) for name in program.variables} if program else {}
    before = {name: colours.get(name) for name in numbers}
    with matplotlib.rc_context(_STYLE):
        try:
            for name, number in numbers.items():
                colours[name] = _OF.format(number)
            yield
        finally:
            plt.show = show
            _shown.clear()
            plt.close("all")
            for name, colour in before.items():
                colours[name] = colour
                if colour is None:
                    del colours[name]


_shown: list[Any] = []  # the figures that plt.show() has shown last


def _show(*args: Any, **options: Any) -> None:
    """Do as a window does: what is drawn after it has been closed is another figure."""
    if plt.get_fignums():
        _shown[:] = map(plt.figure, plt.get_fignums())
        plt.close("all")


def left_over() -> bool:
    """Say whether a figure has been drawn outside of `style`, and leave none behind."""
    drawn = plt.get_fignums()
    plt.close("all")
    return bool(drawn)


def take(description: str, taken: set[str] | None = None) -> str:
    """Return the one figure that has been drawn as SVG text, with a title and a description for those who cannot see it.

    Its name is put into `taken`, the names of the page's other figures.

    Raise FigureError if there is no figure or more than one, if it is empty, if its lines are named in a legend, if its
    horizontal axis has no name, or if something in it has a colour that does not follow the reader's theme.
    """
    drawn = [*map(plt.figure, plt.get_fignums())] or _shown
    if len(drawn) != 1:
        raise FigureError(
            f"this leaves {len(drawn) or 'no'} figure{'s' * (len(drawn) > 1)}; draw exactly one, with plt.subplots()"
        )
    figure = drawn[0]
    if not all(axes.has_data() for axes in figure.axes) or not figure.axes:
        raise FigureError("nothing is drawn in this figure; draw the values, with ax.plot for a line")
    if figure.legends or any(axes.get_legend() for axes in figure.axes):
        raise FigureError("a legend makes the reader match colours; write each name beside its line, with ax.annotate")
    if not all(axes.get_xlabel() for axes in figure.axes):
        raise FigureError("the horizontal axis has no name; give it one, with ax.set_xlabel")
    file = io.StringIO()
    try:
        figure.savefig(file, format="svg", metadata={"Date": None, "Creator": None})
    except Exception as error:  # of TeX, for example
        raise FigureError(f"this figure cannot be drawn: {describe(error)}; mend what is written in it") from error
    if len(file.getvalue()) > MOST:
        raise FigureError(
            f"this figure is a drawing of {len(file.getvalue()) / 1e6:,.1f} MB, and a page holds one of {MOST / 1e6:.0f} MB; "
            "draw fewer points, as in ax.plot(x[::100], y[::100])"
        )
    svg = _tidy(file.getvalue(), description, _name(description, set() if taken is None else taken))
    if fixed := re.search(r"(?<=: )#[0-9a-f]{6}\b", svg):
        raise FigureError(
            f"something in this figure has the colour {fixed[0]}, light or dark; leave colours to the style, "
            'or choose one of its own: "C0" to "C3", or the name of one of the program\'s arrays'
        )
    return svg


def _tidy(svg: str, description: str, name: str) -> str:
    """Return Matplotlib's SVG as a part of a page: themed, without its prologue and its unused names."""
    svg = svg[svg.index("<svg") :]
    [(width, height)] = re.findall(r'<svg[^>]*viewBox="0 0 ([\d.]+) ([\d.]+)"', svg)
    for colour, themed in _THEME.items():
        svg = svg.replace(colour, themed)
    for useless in (
        r"<metadata>.*?</metadata>",
        r"<!--.*?-->",
        r"<style.*?</style>",  # which would style the whole page
        r"font-family: [^;]*; ",
        r' transform="rotate\(-0 [^)]*\)"',
    ):
        svg = re.sub(useless, "", svg, flags=re.S)
    # A tenth of a pixel is enough for a place, a hundredth for the rest; what is written in the picture stays whole.
    svg = re.sub(r"<[^>]*>", lambda tag: re.sub(r"(\d+\.\d\d)\d+", r"\1", tag[0]), svg)
    svg = re.sub(r' (?:d|x|y|transform|points)="[^"]*"', lambda place: re.sub(r"\d+\.\d+", _tenth, place[0]), svg)
    svg = re.sub(r"<g>\s*</g>", "", svg)
    svg = _unique_ids(svg, name)
    title, _, rest = description.partition(". ")
    opening = (
        f'<svg role="img" style="stroke-linejoin: round; fill: currentColor" aria-labelledby="{name}-title {name}-desc" '
        f'viewBox="0 0 {width} {height}" '
        f'xmlns="http://www.w3.org/2000/svg" xmlns:xlink="http://www.w3.org/1999/xlink">'
        f'<title id="{name}-title">{escape(title.rstrip("."))}.</title>\n'
        f'<desc id="{name}-desc">{escape(rest or description)}</desc>'
    )
    svg = re.sub(r"<svg.*?>", lambda _: opening, svg, count=1, flags=re.S)
    return f'<div class="figure">{" ".join(svg.split())}</div>'


def _tenth(number: re.Match[str]) -> str:
    return f"{float(number[0]):.1f}".removesuffix(".0")


def _name(description: str, taken: set[str]) -> str:
    words = "-".join(["figure", *re.findall(r"[a-z0-9]+", description.lower())[:6]])
    name = next(name for name in itertools.chain([words], (f"{words}-{n}" for n in itertools.count(2))) if name not in taken)
    taken.add(name)
    return name


def _unique_ids(svg: str, name: str) -> str:
    """Keep only the ids that something refers to, and make them this figure's own: a page may hold several."""
    used = set(re.findall(r'(?:url\(#|href="#)([^")]+)', svg))
    numbers = {old: f"{name}-{n}" for n, old in zip(itertools.count(1), sorted(used))}
    svg = re.sub(r'\s+id="([^"]+)"', lambda m: f' id="{numbers[m[1]]}"' if m[1] in used else "", svg)
    return re.sub(r'(url\(#|href="#)([^")]+)', lambda m: m[1] + numbers[m[2]], svg)
