"""Figures in a browser: what is drawn is seen, in the light and in the dark."""

import pytest
from test_colours import contrast


@pytest.mark.parametrize("scheme", ["light", "dark"])
@pytest.mark.parametrize("path", ["look/error/", "walk/sigmoid/", "walk/error/", "descent/"])
def test_axes_and_lines_stand_out(open_tab, path, scheme):
    tab = open_tab(path, color_scheme=scheme)
    ground, *strokes = tab.evaluate("""() => {
      const canvas = new OffscreenCanvas(1, 1).getContext('2d', {willReadFrequently: true});
      const seen = (colour) => {
        canvas.clearRect(0, 0, 1, 1);
        canvas.fillStyle = getComputedStyle(document.body).backgroundColor;
        canvas.fillRect(0, 0, 1, 1);
        canvas.fillStyle = colour;
        canvas.fillRect(0, 0, 1, 1);
        const parts = [...canvas.getImageData(0, 0, 1, 1).data].slice(0, 3);
        return '#' + parts.map(part => part.toString(16).padStart(2, '0')).join('');
      };
      const lines = [...document.querySelectorAll('.figure svg [style*="stroke: var"]')];
      return ['rgb(0 0 0 / 0)', ...new Set(lines.map(line => getComputedStyle(line).stroke))].map(seen);
    }""")
    assert strokes
    assert all(contrast(stroke, ground) >= 3 for stroke in strokes), (ground, strokes)
