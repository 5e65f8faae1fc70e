"""The colours of names: each array of a program has one, in prose and in code."""

from literate.program import Program

COLOURS = 8  # that the style sheet has for a program's arrays: .v1 to .v8


def colour_of(program: Program, name: str) -> int | None:
    """Return the number of a name's colour in the style sheet; None if it is no array of the program."""
    return program.variables.index(name) % COLOURS + 1 if name in program.variables else None


def coloured(program: Program, name: str, written: str | None = None) -> str:
    """Return a name as inline code, or as it is `written`; that of an array of the program in its own colour."""
    number = colour_of(program, name)
    return (written or f"`{name}`") + (f"{{.v{number}}}" if number else "")
