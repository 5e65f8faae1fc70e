"""A pen: it writes the parts of one picture as SVG, with the numbers that they show.

What depends on values is left to the style sheet, which knows them as variables: a script only has to set these.
"""

from html import escape

from literate.draw.network import Moment, written

Of = str | int  # what a number is of: behind its kind come a name and a place (Moment.number)
Point = tuple[float, float]


class Pen:
    """Writes the parts of one frame: what they show, and for a live one, by which a script finds it out again."""

    def __init__(self, moment: Moment, example: int, live: bool):
        self.moment, self.example, self.live = moment, example, live

    def _number(self, kind: str, *of: Of) -> float:
        return self.moment.number(self.example, kind, *map(str, of))

    def _written(self, kind: str, *of: Of) -> str:
        return escape(written(kind, self._number(kind, *of)))

    def _data(self, name: str, *of: Of) -> str:
        return f' data-{name}="{" ".join(map(str, of))}"' if self.live else ""

    def text(self, x: float, y: float, style: str, kind: str, *of: Of) -> str:
        return f'<text class="{style}" x="{x:g}" y="{y:g}"{self._data("of", kind, *of)}>{self._written(kind, *of)}</text>'

    def tspan(self, kind: str, *of: Of) -> str:
        return f"<tspan{self._data('of', kind, *of)}>{self._written(kind, *of)}</tspan>"

    def span(self, kind: str, *of: Of) -> str:
        return f"<span{self._data('of', kind, *of)}>{self._written(kind, *of)}</span>" if self.live else self._written(kind, *of)

    def sizes(self, **variables: tuple) -> str:
        """Return an element's attributes for numbers that the style sheet knows as variables."""
        style = ";".join(f"--{name}:{self._number(*of):.4g}" for name, of in variables.items())
        return f' style="{style}"' + "".join(self._data(name, *of) for name, of in variables.items())

    def signed(self, style: str, kind: str, *of: Of) -> str:
        return f' class="{style}{" minus" * (self._number(kind, *of) < 0)}"'

    def push(self, x: float, y: float, style: str, of: tuple, reach: float, labelled: bool = False) -> str:
        """Draw an arrow up or down, as long as its number is large; its label stands on the other side."""
        return (
            f'<g transform="translate({x:g} {y:g})" style="--reach:{reach:.4g}"><g{self.signed(f"push {style}", *of)}'
            f'{self.sizes(size=of)}><g class="arrow"><rect x="-1.5" width="3"/><path d="M-5 0L0-7L5 0z"/></g>'
            f"{self.text(0, 0, 'label', *of) if labelled else ''}</g></g>"
        )


def between(ends: tuple[Point, Point], part: float) -> Point:
    """Return the point that lies some part of the way along a line."""
    (left, start), (right, end) = ends
    return left + (right - left) * part, start + (end - start) * part


def ground(x: float, y: float, width: float, height: float) -> str:
    """Return what keeps a line from running through a label."""
    return f'<rect class="ground" x="{x - width / 2:g}" y="{y:g}" width="{width}" height="{height}"/>'


def head(x: float, y: float, right: bool = False) -> str:
    """Return an arrowhead that points left, or right."""
    return f'<path class="head" d="M{x:g} {y:g}l{-7 if right else 7} -4v8z"/>'
