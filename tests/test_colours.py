"""The colours of the style sheets: every text can be read and every line can be seen, on each ground that it stands on."""

import re

import pytest
from conftest import ROOT

CSS = "".join(path.read_text() for path in sorted((ROOT / "docs" / "assets").glob("*.css")))
PAIRS = {name: pair for name, *pair in re.findall(r"(--[\w-]+): light-dark\((#\w+), (#\w+)\)", CSS)}
NAMES = [(name, *pair) for name, pair in PAIRS.items() if re.fullmatch(r"--v\d+", name)]

GROUNDS = ("--md-default-bg-color", "--md-code-bg-color")
TEXT = ("--md-default-fg-color", "--md-default-fg-color--light", "--md-primary-fg-color", "--md-accent-fg-color")
LINES = (
    "--md-default-fg-color--lighter",
    "--figure-1",
    "--figure-2",
    "--figure-3",
    "--figure-4",
    "--md-primary-fg-color",
)  # the last is that of the focus


def luminance(colour):
    digits = colour[1:] if len(colour) > 4 else "".join(2 * digit for digit in colour[1:])
    parts = [int(digits[n : n + 2], 16) / 255 for n in (0, 2, 4)]
    parts = [part / 12.92 if part <= 0.04045 else ((part + 0.055) / 1.055) ** 2.4 for part in parts]
    return 0.2126 * parts[0] + 0.7152 * parts[1] + 0.0722 * parts[2]


def contrast(one, other):
    """Return WCAG's contrast of two colours, from 1 to 21."""
    dark, light = sorted((luminance(one), luminance(other)))
    return (light + 0.05) / (dark + 0.05)


def test_the_contrast_is_that_of_wcag():
    assert contrast("#000", "#ffffff") == pytest.approx(21)
    assert contrast("#777777", "#ffffff") == pytest.approx(4.48, abs=0.01)


@pytest.mark.parametrize("scheme", ["light", "dark"])
@pytest.mark.parametrize("ground", GROUNDS)
def test_what_is_read_and_what_is_seen_stands_out(ground, scheme):
    n = ["light", "dark"].index(scheme)
    on = PAIRS[ground][n]
    for least, colours in (
        (4.5, [(name, PAIRS[name]) for name in TEXT] + [(name, pair) for name, *pair in NAMES]),
        (3, [(name, PAIRS[name]) for name in LINES]),
    ):
        assert colours
        for name, pair in colours:
            found = contrast(pair[n], on)
            assert found >= least, f"docs/assets: {name} on {ground}, {scheme}: {found:.2f} to 1; make it at least {least}"


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_the_lines_of_a_what_if_can_be_read(scheme):
    grounds = re.findall(r"(?:del|ins)\.line \{ background: light-dark\((#\w+), (#\w+)\)", CSS)
    assert len(grounds) == 2
    n = ["light", "dark"].index(scheme)
    for pair in grounds:
        for name, *colour in [(name, *PAIRS[name]) for name in TEXT[:3]] + NAMES:
            found = contrast(colour[n], pair[n])
            assert found >= 4.5, f"docs/assets: {name} on {pair[n]}: {found:.2f} to 1; make it at least 4.5"
