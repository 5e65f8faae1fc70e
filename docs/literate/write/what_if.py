"""A what-if as HTML: the lines of its diff in the program's colours, with the program's numbers."""

from collections.abc import Sequence

from pygments import highlight
from pygments.formatters import HtmlFormatter
from pygments.lexers import PythonLexer

from literate.program import ChangedLine


def write(line: int, lines: Sequence[ChangedLine]) -> str:
    """Return the diff of the what-if that begins on a line of the page."""
    code = highlight("".join(f"{line.text}\n" for line in lines), PythonLexer(stripnl=False), HtmlFormatter(nowrap=True))
    tags, rows, above = {"-": "del", "+": "ins", " ": "span"}, "", lines[0].number - (lines[0].sign != "+")
    for changed, text in zip(lines, code.splitlines()):
        put_in = changed.sign == "+"
        gap = "" if put_in or changed.number == above + 1 else " gap"
        above = above if put_in else changed.number
        number = " " * 3 if put_in else f"{changed.number:2} "
        rows += (f'<{tags[changed.sign]} class="line{gap}"><span class="linenos" data-linenos="{number}"></span>'
                 f'<span class="sign">{changed.sign}</span>{text}\n</{tags[changed.sign]}>')
    return f'<div class="what-if highlight" data-what-if="{line}"><pre><code>{rows}</code></pre></div>'
