"""A difference as HTML: the lines of a what-if, or of two programs, in the program's colours and with its numbers."""

from collections.abc import Iterable, Sequence

from pygments import highlight
from pygments.formatters import HtmlFormatter
from pygments.lexers import PythonLexer

from literate.program import ChangedLine, Program, Row


def rows(lines: Sequence[ChangedLine]) -> Iterable[Row]:
    """Yield the rows of a what-if, with the numbers that its lines have in the program before the change."""
    above = lines[0].number - (lines[0].sign != "+")
    for line in lines:
        put_in = line.sign == "+"
        yield Row(line.sign, None if put_in else line.number, not put_in and line.number != above + 1, line.text)
        above = line.number


def lines_of(program: Program, lines: Sequence[ChangedLine]) -> range:
    """Return the lines of the program that a what-if is about: of the places where it changes the program, the last in a loop, or
    else the first. A line that is put in counts as the one above it.
    """
    places, above = [list[int]()], lines[0].number
    for line in lines:
        if line.number > above + 1:  # some are left out here
            places.append([])
        above = line.number
        if line.sign != " ":
            places[-1].append(max(line.number, 1))
    *_, numbers = [*filter(None, places)][:1] + [one for one in places if one and program.statement_at(one[-1]) in program.loops]
    return range(numbers[0], numbers[-1] + 1)


def write(rows: Iterable[Row], kind: str, line: int, lines: range | None = None) -> str:
    """Return rows as HTML, which says what kind of block they are, and on which line of the page it begins.

    `lines` are those of the program that it is about.
    """
    rows = list(rows)
    code = highlight("".join(f"{row.text}\n" for row in rows), PythonLexer(stripnl=False), HtmlFormatter(nowrap=True))
    tags, html = {"-": "del", "+": "ins", " ": "span"}, ""
    for row, text in zip(rows, code.splitlines()):
        gap, number = " gap" * row.left_out, f"{row.number or '':2} "
        html += (
            f'<{tags[row.sign]} class="line{gap}"><span class="linenos" data-linenos="{number}"></span>'
            f'<span class="sign">{row.sign}</span>{text}\n</{tags[row.sign]}>'
        )
    about = f' data-lines="{lines[0]} {lines[-1]}"' if lines else ""
    return f'<div class="what-if highlight"{about} data-{kind}="{line}"><pre><code>{html}</code></pre></div>'
