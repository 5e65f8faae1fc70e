"""The wording of what is computed: a line's name in a sentence, a caption, a number."""

from literate.program import Program
from literate.program.colours import colour_of


def words_for(lines: range) -> str:
    """Return a range of lines in words: 'line 36', 'lines 28–29'."""
    return f"line {lines[0]}" if len(lines) == 1 else f"lines {lines[0]}–{lines[-1]}"


def coloured(program: Program, name: str, written: str | None = None) -> str:
    """Return a name as inline code, or as it is `written`; that of an array of the program in its own colour."""
    number = colour_of(program, name)
    return (written or f"`{name}`") + (f"{{.v{number}}}" if number else "")
