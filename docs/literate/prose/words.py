"""The wording of what is computed: a line's name in a sentence, a caption, a number."""

import re

from literate.program import Program


def words_for(lines: range) -> str:
    """Return a range of lines in words: 'line 36', 'lines 28–29'."""
    return f"line {lines[0]}" if len(lines) == 1 else f"lines {lines[0]}–{lines[-1]}"


def caption(program: Program, lines: range) -> str:
    """Return the caption of an embed: 'nn.py, lines 28–29'."""
    return f"{program.name}, {words_for(lines)}"


def in_sentence(text: str) -> str:
    """Return a value as a sentence has it: with a minus where it begins with a hyphen."""
    return re.sub(r"^-(?=[\d.])", "−", text)
