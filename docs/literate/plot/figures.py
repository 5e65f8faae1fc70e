"""Figures: draws what a page's fence leaves in Matplotlib as one SVG that follows the reader's theme."""

import itertools
import re
import runpy
from collections.abc import Callable
from contextlib import AbstractContextManager
from html import escape
from pathlib import Path
from typing import Any

import matplotlib.pyplot as plt

from literate.program import Program, describe
from literate.program.colours import colours


class FigureError(Exception):
    """A fence that was to draw a figure drew none, or one that some readers could not read."""


_LOOK = runpy.run_path(str(Path(__file__).parents[2] / "assets" / "figure.py"))  # as in the reader's browser


def style(program: Program | None = None) -> AbstractContextManager[Callable[[], list[Any]]]:
    """Draw in the site's style inside, where each array of a program is the name of its colour; leave no figure behind.

    The value is a function that returns the figures that have been drawn.
    """
    return _LOOK["style"](colours(program) if program else {})


def left_over() -> bool:
    """Say whether a figure has been drawn outside of `style`, and leave none behind."""
    drawn = plt.get_fignums()
    plt.close("all")
    return bool(drawn)


def take(drawn: list[Any], description: str, taken: set[str] | None = None) -> str:
    """Return the one figure that has been drawn as a part of a page, with a title and a description for those who cannot see it.

    Its name is put into `taken`, the names of the page's other figures.

    Raise FigureError if there is no figure or more than one, if it is empty, if its lines are named in a legend, if its
    horizontal axis has no name, or if something in it has a colour that does not follow the reader's theme.
    """
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
    try:
        text = _LOOK["svg"](figure)
    except _LOOK["TooLarge"] as error:
        raise FigureError(str(error)) from error
    except Exception as error:  # of TeX, for example
        raise FigureError(f"this figure cannot be drawn: {describe(error)}; mend what is written in it") from error
    svg = _tidy(text, description, _name(description, set() if taken is None else taken))
    if fixed := re.search(r"(?<=: )#[0-9a-f]{6}\b", svg):
        raise FigureError(
            f"something in this figure has the colour {fixed[0]}, light or dark; leave colours to the style, "
            'or choose one of its own: "C0" to "C3", or the name of one of the program\'s arrays'
        )
    return svg


def _tidy(svg: str, description: str, name: str) -> str:
    """Return Matplotlib's SVG as a part of a page: without its prologue and its unused names."""
    svg = svg[svg.index("<svg") :]
    [(width, height)] = re.findall(r'<svg[^>]*viewBox="0 0 ([\d.]+) ([\d.]+)"', svg)
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
