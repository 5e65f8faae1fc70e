"""Cards: the picture that is shown where somebody links to a page, with its title and its first lines of the program."""

import functools
import io
import textwrap
from collections.abc import Sequence
from pathlib import Path

import matplotlib
from PIL import Image, ImageDraw, ImageFont

from publish.pages import Page

WIDTH, HEIGHT = 1200, 630  # pixels, as the usual previews cut it
_MARGIN = 84
_PAPER, _TINT, _INK, _QUIET, _GREEN = "#ffffff", "#f3f6f4", "#1c2220", "#59625e", "#0b6b4b"
_FONTS = Path(matplotlib.get_data_path(), "fonts", "ttf")  # the same on every machine


def draw(title: str, site: str, lines: Sequence[tuple[int, str]], description: str = "") -> bytes:
    """Return a page's card as PNG: the site's name, the page's title, and some lines of the program, or else a description."""
    image = Image.new("RGB", (WIDTH, HEIGHT), _PAPER)
    on = ImageDraw.Draw(image)
    image.paste(_mark(), (_MARGIN, 50))
    on.text((_MARGIN + 64, 80), site, _QUIET, _font("DejaVuSans", 28), anchor="lm")

    y = 150
    for line in textwrap.wrap(title, 26)[:3]:
        on.text((_MARGIN, y), line, _INK, _font("DejaVuSans-Bold", 60))
        y += 76
    shown = lines[:4]
    if shown:
        bottom = HEIGHT - _MARGIN
        y = bottom - 44 * len(shown) - 44
        on.rectangle((_MARGIN, y, WIDTH - _MARGIN, bottom), _TINT)
        on.rectangle((_MARGIN, y, _MARGIN + 7, bottom), _GREEN)
        for number, text in shown:
            y += 44
            on.text((_MARGIN + 78, y), f"{number}", _QUIET, _font("DejaVuSansMono", 28), anchor="rm")
            ink = _QUIET if text.lstrip().startswith("#") else _INK
            on.text((_MARGIN + 104, y), text, ink, _font("DejaVuSansMono", 28), anchor="lm")
    else:
        y += 40
        for line in textwrap.wrap(description, 52)[:4]:
            on.text((_MARGIN, y), line, _QUIET, _font("DejaVuSerif", 34))
            y += 52
    file = io.BytesIO()
    image.save(file, "PNG")
    return file.getvalue()


def lines(page: Page) -> list[tuple[int, str]]:
    """Return the lines of the program that a page shows first, with their numbers; none if that is none, or all of them."""
    box = page.tree.css_first("article .embed[data-lines]")
    if not box:
        return []
    first, last = map(int, (box.attributes["data-lines"] or "").split())
    runners = page.tree.css("article .runner[data-text]")  # where a whole program is shown, it can be run
    if any((runner.attributes["data-text"] or "").count("\n") == last for runner in runners) and first == 1:
        return []
    code = box.css_first("code")
    return list(zip(range(first, last + 1), code.text().splitlines() if code else []))


@functools.cache
def _mark() -> Image.Image:
    """The site's own mark, as in its header: three dots that lead to a ring. Drawn large and made small, for smooth edges."""
    large = Image.new("RGB", (4 * 56, 4 * 56), _PAPER)
    on = ImageDraw.Draw(large)
    for y in (16, 112, 208):
        on.line((16, y, 170, 112), _GREEN, 10)
    for y in (16, 112, 208):
        on.ellipse((4, y - 14, 32, y + 14), _GREEN)
    on.ellipse((160, 84, 216, 140), _GREEN)
    return large.resize((56, 56), Image.Resampling.LANCZOS)


@functools.cache
def _font(name: str, size: int) -> ImageFont.FreeTypeFont:
    return ImageFont.truetype(_FONTS / f"{name}.ttf", size)
