"""The look of what Matplotlib draws, where the site is built, and in the reader's browser: fence.js runs this file there before a
fence that draws."""

import contextlib
import io
import re

import matplotlib
import matplotlib.pyplot as plt
from cycler import cycler

# Colours that nobody would choose, each standing for a style sheet's: the browser fills them in, light or dark.
INK, QUIET = "#010101", "#010102"
LINES = ["#020201", "#020202", "#020203", "#020204"]
OF = "#0301{:02}"  # the colour of one of a program's arrays, by its number in the style sheet
THEME = {
    INK: "currentColor",
    QUIET: "var(--figure-quiet)",
    **{colour: f"var(--figure-{n})" for n, colour in enumerate(LINES, 1)},
}

STYLE = {
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
    "axes.edgecolor": QUIET,
    "axes.labelcolor": INK,
    "text.color": INK,
    "patch.edgecolor": INK,  # of the lines that lead from a name to its dot, too
    "xtick.color": INK,
    "ytick.color": INK,
    "grid.color": QUIET,
    "lines.linewidth": 1.8,
    # Lines differ in their dashes as well as in their colour.
    "axes.prop_cycle": cycler(color=LINES) + cycler(linestyle=["-", (0, (5, 2)), (0, (1, 1.5)), (0, (6, 2, 1, 2))]),
}

MOST, LARGEST = 20, 1_000_000  # figures that a reader's fence can show, and bytes of one, which would be in the page


class TooLarge(ValueError):
    """What is drawn is more than a page holds."""


@contextlib.contextmanager
def style(numbers):
    """Draw in the site's style inside, where each name in `numbers`, a dictionary, is the colour of its number; leave no figure.

    The value is a function that returns the figures that have been drawn, as a list.
    """
    plt.close("all")
    functions = {name: value for name, value in vars(plt).items() if callable(value)}
    shown = []
    colours = matplotlib.colors.get_named_colors_mapping()
    before = {name: colours.get(name) for name in numbers}

    def showing(*args, **options):
        """Do as a window does: what is drawn after it has been closed is another figure."""
        if plt.get_fignums():
            shown[:] = map(plt.figure, plt.get_fignums())
            plt.close("all")

    plt.show = showing
    with matplotlib.rc_context(STYLE):
        try:
            for name, number in numbers.items():  # one by one, which Matplotlib notices
                colours[name] = OF.format(number)
            yield lambda: [*map(plt.figure, plt.get_fignums())] or shown
        finally:
            vars(plt).update(functions)  # one that has been set, as in plt.title = "x", too
            plt.close("all")
            for name, colour in before.items():
                colours[name] = colour
                if colour is None:
                    del colours[name]


def svg(figure):
    """Return a figure as SVG text, the same each time, in the colours of the style sheet.

    Raise TooLarge, or whatever Matplotlib raises.
    """
    file = io.StringIO()
    figure.savefig(file, format="svg", metadata={"Date": None, "Creator": None})
    text = file.getvalue()
    if len(text) > LARGEST:
        raise TooLarge(
            f"this figure is a drawing of {len(text) / 1e6:,.1f} MB, and a page holds one of {LARGEST / 1e6:.0f} MB; "
            "draw fewer points, as in ax.plot(x[::100], y[::100])"
        )
    for colour, themed in THEME.items():
        text = text.replace(colour, themed)
    return re.sub(r"#0301(\d\d)", lambda found: f"var(--v{int(found[1])})", text)


@contextlib.contextmanager
def drawing(numbers):
    """Draw as inside of `style`; the value is a function that returns what has been drawn, as a list of SVG texts.

    That one raises TooLarge if a figure is, or if there are more than MOST.
    """

    def texts():
        if len(figures := drawn()) > MOST:
            raise TooLarge(f"these are {len(figures)} figures, and a page shows {MOST}")
        return [svg(figure) for figure in figures]

    with style(numbers) as drawn:
        yield texts
