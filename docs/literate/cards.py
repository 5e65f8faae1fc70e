"""Cards: the picture that is shown where somebody links to a page, with its title and its first lines of the program."""

import io
import textwrap
from pathlib import Path

import matplotlib
from PIL import Image, ImageDraw, ImageFont

from literate.page import Embed
from literate.session import read_program

WIDTH, HEIGHT = 1200, 630  # pixels, as the usual previews cut it
_MARGIN = 84
_PAPER, _TINT, _INK, _QUIET, _GREEN = "#ffffff", "#f3f6f4", "#1c2220", "#59625e", "#0b6b4b"
_FONTS = Path(matplotlib.get_data_path(), "fonts", "ttf")  # the same on every machine


def draw(page, title, site, programs):
    """Return a page's card as PNG: the site's name, the page's title, and the lines that its first embed shows or its description.

    `programs` is the folder of the programs.
    """
    image = Image.new("RGB", (WIDTH, HEIGHT), _PAPER)
    on = ImageDraw.Draw(image)
    _mark(on, _MARGIN, 78)
    on.text((_MARGIN + 64, 80), site, _QUIET, _font("DejaVuSans", 28), anchor="lm")

    y = 150
    for line in textwrap.wrap(title, 26)[:3]:
        on.text((_MARGIN, y), line, _INK, _font("DejaVuSans-Bold", 60))
        y += 76
    y = max(y + 40, 340)
    lines = _lines(page, programs)[:4]
    if lines:
        bottom = y + 44 * len(lines) + 44
        on.rectangle((_MARGIN, y, WIDTH - _MARGIN, bottom), _TINT)
        on.rectangle((_MARGIN, y, _MARGIN + 7, bottom), _GREEN)
        for number, text in lines:
            y += 44
            on.text((_MARGIN + 78, y), f"{number}", _QUIET, _font("DejaVuSansMono", 28), anchor="rm")
            ink = _QUIET if text.lstrip().startswith("#") else _INK
            on.text((_MARGIN + 104, y), text, ink, _font("DejaVuSansMono", 28), anchor="lm")
    else:
        for line in textwrap.wrap(page.meta.get("description", ""), 52)[:4]:
            on.text((_MARGIN, y), line, _QUIET, _font("DejaVuSerif", 34))
            y += 52
    file = io.BytesIO()
    image.quantize(32).save(file, "PNG", optimize=True)
    return file.getvalue()


def _lines(page, programs):
    """Return the first embed's lines of the program with their numbers; none if the page shows none, or all of them."""
    fence = next((block for block in page.blocks if isinstance(block, Embed)), None)
    if not fence or not fence.selector or not page.program:
        return []
    program = read_program(Path(programs) / fence.program)
    return [(number, program.lines[number - 1]) for number in program.find(fence.selector)]


def _mark(on, x, y):
    """The site's own mark: three dots that meet in a larger one."""
    for dy in (-22, 0, 22):
        on.line((x + 6, y + dy, x + 40, y), _GREEN, 3)
        on.ellipse((x, y + dy - 6, x + 12, y + dy + 6), _GREEN)
    on.ellipse((x + 34, y - 9, x + 52, y + 9), _GREEN)


def _font(name, size):
    return ImageFont.truetype(_FONTS / f"{name}.ttf", size)
