"""Colours: each array of a program has one of its own, in prose, code, tables, drawings and figures."""

from literate.program.program import Program

COLOURS = 11  # that the style sheet has: the classes v1 to v11, and the variables --v1 to --v11


def colour_of(program: Program, name: str) -> int | None:
    """Return the number of a name's colour in the style sheet; None if it is no array of the program."""
    return colours(program).get(name)


def colours(program: Program) -> dict[str, int]:
    """Return the number of each array of a program."""
    return {name: number % COLOURS + 1 for number, name in enumerate(program.variables)}
