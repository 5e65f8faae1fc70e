"""Claims: `<!--holds: EXPRESSION-->` behind a sentence binds it to the run. The sentence is not so, and the page stops."""

import ast
import re
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

import numpy as np

from literate.page import PageError
from literate.program.guard import dice_put_back
from literate.state import Session

CLAIM = re.compile(r"<!--\s*(?P<mark>hold\w*|claims?)\b\s*(?P<colon>:?)(?P<claim>.*?)-->", re.S)

_SCOPES = (ast.Lambda, ast.ListComp, ast.SetComp, ast.DictComp, ast.GeneratorExp)  # their names have no value outside


class ClaimError(PageError):
    """A sentence is no longer so. `also` holds all others of its block."""

    def __init__(self, path: Path, line: int, message: str):
        super().__init__(path, line, message)
        self.also: list[ClaimError] = []


@dataclass(frozen=True)
class Evidence:
    """What a claim comes to where it stands."""

    expression: str
    holds: bool
    sides: tuple[tuple[str, str], ...]  # of each comparison in it, or of each that failed: its text, and the same with values


def weigh(session: Session, line: int, expression: str, mark: str = "holds") -> Evidence:
    """Return the Evidence for a claim in the state that the page has reached; raise PageError if it is none."""
    said = f"<!--{mark}: {expression}-->"
    if not expression:
        raise session.page.error(line, f"this claim says nothing; write <!--{mark}: an expression that is true-->")
    with dice_put_back():
        return _weigh(session, line, expression, said)


def _weigh(session, line, expression, said):
    value = session.evaluate(line, expression, said)
    if not isinstance(value, bool | np.bool_):
        mend = "put .all() or .any() behind it" if isinstance(value, np.ndarray) and value.dtype.kind == "b" else "compare it"
        raise session.page.error(line, f"{said} is {_described(value)}, and a claim is True or False; {mend}")
    tree = ast.parse(expression, mode="eval")
    if not any(isinstance(node, ast.Name) for node in ast.walk(tree)):
        raise session.page.error(line, f"{said} has no name in it, so it holds of every program; claim something of this one")
    sides = [pair for part in _parts(tree.body) for pair in _sides(session, line, expression, part, bool(value))]
    return Evidence(expression, bool(value), tuple(sides))


def _parts(node):
    """Return what stands on the sides of `and`, or else the whole expression."""
    if isinstance(node, ast.BoolOp) and isinstance(node.op, ast.And):
        return [part for side in node.values for part in _parts(side)]
    return [node]


def _sides(session, line, expression, part, value):
    """Return the sides of each comparison in a part of a claim that is so, or of each for which another is not."""
    found = list(_comparisons(session, line, expression, part))
    if value or not all(holds for *_, holds in found):
        return [(text, shown) for text, shown, holds in found if value or not holds]
    try:
        holds = bool(session.evaluate(line, _text(expression, part), ""))
    except PageError:
        return []  # what stands before it keeps it from being asked
    return [] if holds else [pair[:2] for pair in found] or [(_text(expression, part), "False")]


def failure(session: Session, line: int, evidence: Evidence, sentence: str) -> ClaimError:
    """Return the ClaimError for a claim that does not hold, behind a sentence."""
    return ClaimError(
        session.page.path,
        line,
        f"this is no longer so: {_beginning(sentence)}: {in_words(evidence)}; rewrite the sentence or the claim",
    )


@contextmanager
def put_by(false: list[ClaimError]) -> Iterator[None]:
    """Put by what is no longer so inside of it, and go on behind it."""
    try:
        yield
    except ClaimError as error:
        false += [error, *error.also]


def tell(false: list[ClaimError]) -> None:
    """Raise what has been put by: the first, with all others."""
    if false:
        false[0].also = false[1:]
        raise false[0]


def in_words(evidence: Evidence) -> str:
    """Return what a claim comes to, with its values."""
    return " and ".join(f"{text} is {values}" for text, values in evidence.sides) or f"{evidence.expression} is {evidence.holds}"


def write(evidence: Evidence, name: str) -> str:
    """Return a claim as Markdown: a mark that opens its evidence, without a script."""
    sides = "".join(f" `{values}`{{.sides}}" for _, values in evidence.sides)
    return (
        f'&#8288;<button class="holds" type="button" popovertarget="{name}" aria-label="Evidence"></button>'
        f'<samp class="evidence" id="{name}" popover data-search-exclude>`{evidence.expression}`{sides}</samp>'
    )


def sentence_before(text: str) -> str:
    """Return the last sentence of a text in Markdown, as plain words; '' if a blank line is between."""
    paragraph = re.split(r"\n[ \t]*\n", text)[-1]
    line = paragraph.rpartition("\n")[2]
    if line.lstrip().startswith("|"):
        paragraph = line
    plain = re.sub(r"(?<=[`)])\{[^}\n]*\}|<[^>]*>|&#\d+;", "", paragraph)
    plain = re.sub(r"\[([^\]]*)\]\([^)]*\)", r"\1", plain)
    plain = re.sub(r"[`*]|^[ \t]*(?:[-+>]|\d+[.)])[ \t]+|^!!! .*$|^\?\?\? .*$", "", plain, flags=re.M)
    words = " ".join(plain.replace("|", " ").split())
    return re.split(r"(?<=[.?!])[\"”’)]*\s+(?=\S)", words)[-1]


def _beginning(sentence, most=60):
    """Return a sentence's beginning in quotes, or what else to call what stands above."""
    if not sentence:
        return "what stands above"
    first = sentence if len(sentence) <= most else sentence[:most].rsplit(" ", 1)[0].rstrip(" ,;:–-") + " …"
    return f'"{first.rstrip(".")}"'


def _comparisons(session, line, expression, node):
    """Yield each comparison in an expression, the same with values, and whether it holds; none whose names have no value."""
    if isinstance(node, _SCOPES):
        return
    if not isinstance(node, ast.Compare):
        for child in ast.iter_child_nodes(node):
            yield from _comparisons(session, line, expression, child)
        return
    try:
        first, *others = _apart([session.evaluate(line, _text(expression, side), "") for side in (node.left, *node.comparators)])
        holds = bool(np.all(session.evaluate(line, _text(expression, node), "")))
    except PageError:
        return  # what stands before it in the expression keeps it from being asked
    a = ast.Name("_")
    signs = [ast.unparse(ast.Compare(a, [sign], [a])).strip("_ ") for sign in node.ops]
    yield _text(expression, node), " ".join([first, *(f"{sign} {text}" for sign, text in zip(signs, others))]), holds


def _text(expression, node):
    return " ".join((ast.get_source_segment(expression, node) or "").split())


def _apart(values):
    """Return values as text, with as many digits as tell each from the next, if they differ."""
    for digits in (3, 6, 17):
        texts = [_short(value, digits) for value in values]
        if all(one != two or _same(*pair) for one, two, pair in zip(texts, texts[1:], zip(values, values[1:]))):
            break
    return texts


def _same(one, two):
    return bool(np.array_equal(one, two))


def _short(value, digits):
    if isinstance(value, np.ndarray) and value.ndim:
        shape = value.squeeze() if value.size > 1 else value.ravel()
        with np.printoptions(threshold=12, edgeitems=3, formatter={"float_kind": lambda number: f"{number:.{digits}g}"}):
            return " ".join(str(shape).split())
    if isinstance(value, np.generic | np.ndarray):
        value = value.item()
    if isinstance(value, bool):
        return str(value)
    if isinstance(value, int):
        return f"{value:,}" if abs(value) >= 10_000 else str(value)
    if isinstance(value, float):
        return f"{value:.{digits}g}"
    text = " ".join(repr(value).split())
    return text if len(text) <= 60 else f"{text[:60]}…"


def _described(value):
    if isinstance(value, np.ndarray):
        return f"an array of shape {value.shape}"
    return f"{_short(value, 6)}, a {type(value).__name__}"
