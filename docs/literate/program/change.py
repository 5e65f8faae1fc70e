"""A change to a program: a small diff, found by its text and not by numbers."""

import difflib
import itertools
from dataclasses import dataclass
from typing import NamedTuple

from literate.program.failure import ProgramError
from literate.program.program import Program
from literate.program.source import kept


class ChangeError(ProgramError):
    """A diff that cannot be applied; `line` is its own line, from 0, that is at fault."""

    def __init__(self, line: int, message: str):
        self.line = line
        super().__init__(message)


@dataclass(frozen=True)
class ChangedLine:
    """One line of a diff as it is shown."""

    sign: str  # ' ' unchanged, '-' taken out, '+' put in
    number: int  # in the program before the change; of the line above, for a line put in
    text: str


def apply(program: Program, diff: str) -> tuple[Program, list[ChangedLine]]:
    """Return the Program that a diff makes of another, and the diff's ChangedLines.

    The diff is one hunk, or several between lines `@@`; each line begins with ' ', '-' or '+'. What a hunk keeps and
    takes out must stand, as it is, in exactly one place below the hunk before. Raise ChangeError otherwise.
    """
    lines, shown, done = [], [], 0
    for start, hunk in _hunks(diff):
        old = [text for sign, text in hunk if sign != "+"]
        at = _place(program, old, start, done)
        lines += program.lines[done:at]
        done = at
        for sign, text in hunk:
            lines += [text] * (sign != "-")
            done += sign != "+"
            shown.append(ChangedLine(sign, done, text))
    lines += program.lines[done:]
    return kept(Program, program.path, "".join(f"{line}\n" for line in lines), program.until), shown


def changed(program: Program, lines: range, new: str) -> Program:
    """Return the Program that has `new` in the place of some lines, indented as they are."""
    first = program.lines[lines[0] - 1]
    indent = first[: len(first) - len(first.lstrip())]
    whole = [*program.lines[: lines[0] - 1], indent + new, *program.lines[lines[-1] :]]
    return kept(Program, program.path, "".join(f"{line}\n" for line in whole), program.until)


class Row(NamedTuple):
    """One line of what makes one program of another."""

    sign: str  # ' ' in both, '-' taken out, '+' put in
    number: int | None  # in the new program; a line that is taken out has none
    left_out: bool  # whether lines that both have are left out above it
    text: str


def compared(old: Program, new: Program) -> tuple[Row, ...]:
    """Return what makes one program of another; of what both have, the lines beside a change are kept."""
    rows, matcher = list[Row](), difflib.SequenceMatcher(None, old.lines, new.lines, autojunk=False)
    for hunk in matcher.get_grouped_opcodes(1):
        left_out = bool(rows)
        for what, old_first, old_end, first, end in hunk:
            for text in old.lines[old_first:old_end] if what != "equal" else ():
                rows.append(Row("-", None, left_out, text))
                left_out = False
            for number in range(first, end):
                rows.append(Row(" " if what == "equal" else "+", number + 1, left_out, new.lines[number]))
                left_out = False
    return tuple(rows)


def _hunks(diff):
    """Return [(its first line, [(sign, text), …]), …]."""
    hunks: list[tuple[int, list[tuple[str, str]]]] = [(0, [])]
    for number, line in enumerate(diff.splitlines()):
        if line.startswith("@@"):
            if line.strip() != "@@":
                raise ChangeError(number, "a hunk is found by its text, so it has no numbers; write @@ by itself")
            hunks.append((number + 1, []))
        elif line.startswith(("--- ", "+++ ")):
            raise ChangeError(number, f'"{line}" names a file, and a what-if changes the page\'s program; delete this line')
        elif line and line[0] not in " -+":
            raise ChangeError(number, f'"{line}" is no line of a diff; begin it with a space, - or +')
        else:
            hunks[-1][1].append((line[:1] or " ", line[1:]))
    for start, hunk in hunks:
        if not any(sign in "-+" for sign, _ in hunk):
            raise ChangeError(start, "this hunk changes nothing; begin a line with - or +")
        if all(sign == "+" for sign, _ in hunk):
            raise ChangeError(start, "this hunk only adds, so it has no place; keep the line before it, with a space in front")
        for number, ((sign, text), (next_sign, next_text)) in enumerate(itertools.pairwise(hunk), start):
            if text == next_text and {sign, next_sign} == {"-", "+"}:
                raise ChangeError(number, f'"{text}" is taken out and put in again; keep it, with a space in front')
    return hunks


def _place(program, old, start, done):
    """Return the index of the one line of the program where `old` begins."""
    found = [at for at in range(done, len(program.lines) - len(old) + 1) if program.lines[at : at + len(old)] == old]
    if len(found) == 1:
        return found[0]
    if found:
        where = " and ".join(str(at + 1) for at in found)
        raise ChangeError(
            start, f"this hunk fits in {len(found)} places of {program.name} (lines {where}); keep more of the lines around it"
        )
    whole = program.lines
    near = max(
        range(len(whole)),
        key=lambda at: difflib.SequenceMatcher(None, "\n".join(old), "\n".join(whole[at : at + len(old)])).ratio(),
    )
    differs = next((n for n, line in enumerate(old) if whole[near + n : near + n + 1] != [line]), 0)
    there = whole[near + differs] if near + differs < len(whole) else ""
    below = " below the hunk before" if done else ""
    raise ChangeError(
        start,
        f'this hunk fits nowhere in {program.name}{below}: it has "{old[differs]}"; '
        f'the nearest is line {near + differs + 1}, "{there}"; copy that',
    )
