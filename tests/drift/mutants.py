"""Mutants: small, deliberate mistakes in the program, in the pages, or in the engine's configuration, one at a time."""

import ast
import io
import re
import tokenize
import tomllib
from dataclasses import dataclass
from pathlib import Path

import yaml

from literate.page import Code, Display, Embed, Fence, Output, Page, Prose
from literate.program import Program

GENERATED = "docs/drift.md"  # is written by this harness, and held to it by a test of its own


@dataclass(frozen=True)
class Mutant:
    """One mistake."""

    kind: str  # the row of the table that it counts in
    path: str  # the file that it is made in
    line: int  # the first line that is changed
    what: str  # what was done there
    text: str  # the whole file, with the mistake

    @property
    def area(self):
        return {"snippets": "program", "docs": "page"}.get(Path(self.path).parts[0], "configuration")


def mutants(root):
    """Yield every mutant of the site in `root`, in an order that is always the same."""
    programs = sorted(path.relative_to(root).as_posix() for path in (root / "snippets").glob("*.py"))
    pages = sorted(path.relative_to(root).as_posix() for path in (root / "docs").rglob("*.md"))
    for path in programs:
        yield from of_program(path, (root / path).read_text(encoding="utf-8"))
    for path in pages:
        if path != GENERATED:
            yield from of_page(root, path, pages)
    yield from of_yaml("mkdocs.yml", (root / "mkdocs.yml").read_text(encoding="utf-8"))
    yield from of_toml("pyproject.toml", (root / "pyproject.toml").read_text(encoding="utf-8"))


# The program

_FLIPPED = {
    "+": "-",
    "-": "+",
    "*": "/",
    "/": "*",
    "**": "*",
    "+=": "-=",
    "-=": "+=",
    "*=": "/=",
    "<": ">=",
    ">": "<=",
    "<=": ">",
    ">=": "<",
    "==": "!=",
    "!=": "==",
    "@": "*",
}


def of_program(path, text):
    lines = text.splitlines(keepends=True)

    def mutant(kind, line, what, new):
        return Mutant(kind, path, line, what, "".join(new) if isinstance(new, list) else new)

    for n in range(len(lines) + 1):
        indent = re.match(r" *", lines[n])[0] if n < len(lines) else ""
        yield mutant(
            "Insert a line", n + 1, "a comment is inserted", [*lines[:n], f"{indent}# Another line.\n", *lines[n:]]
        )
    for n, line in enumerate(lines):
        yield mutant("Delete a line", n + 1, f"{line.strip()!r} is deleted", lines[:n] + lines[n + 1 :])
    for n in range(len(lines) - 1):
        if lines[n] != lines[n + 1]:
            yield mutant(
                "Swap two neighbours",
                n + 1,
                f"{lines[n].strip()!r} and {lines[n + 1].strip()!r} are swapped",
                [*lines[:n], lines[n + 1], lines[n], *lines[n + 2 :]],
            )
    tokens = list(tokenize.generate_tokens(io.StringIO(text).readline))
    for token in tokens:
        if new := _changed_constant(token):
            yield mutant(
                "Change a constant", token.start[0], f"{token.string} becomes {new}", _replaced(lines, token, new)
            )
    bound = sorted(
        {
            node.id
            for node in ast.walk(ast.parse(text))
            if isinstance(node, ast.Name) and isinstance(node.ctx, ast.Store)
        }
        | {
            name
            for node in ast.walk(ast.parse(text))
            for name in (
                getattr(node, "asname", None),
                getattr(node, "arg", None),
                getattr(node, "name", None) if isinstance(node, ast.FunctionDef) else None,
            )
            if name
        }
    )
    for name in bound:
        new, first = list(lines), None
        for before, token in reversed(list(zip([tokens[0], *tokens], tokens))):
            if token.type == tokenize.NAME and token.string == name and before.string != ".":
                new, first = _replaced(new, token, f"{name}_2"), token.start[0]
        yield mutant("Rename a variable", first, f"{name} becomes {name}_2 everywhere", new)
    for token in tokens:
        if token.type == tokenize.OP and token.string in _FLIPPED:
            new = _FLIPPED[token.string]
            yield mutant(
                "Flip an operator or a sign",
                token.start[0],
                f"{token.string} becomes {new}",
                _replaced(lines, token, new),
            )
    for token in tokens:
        if token.type == tokenize.COMMENT:
            words = token.string.split(" ")
            for new in (" ".join([words[0], "Now", *words[2:]]), " ".join([*words[:-1], "now."])):
                yield mutant(
                    "Edit a comment", token.start[0], f"{token.string!r} becomes {new!r}", _replaced(lines, token, new)
                )


def _changed_constant(token):
    if token.type == tokenize.NUMBER:
        return str(int(token.string) + 1) if token.string.isdecimal() else f"{token.string}1"
    if token.type == tokenize.STRING:
        return token.string[:-1] + "!" + token.string[-1]
    return {"True": "False", "False": "True"}.get(token.string)


def _replaced(lines, token, new):
    """Return the lines with a token (of one line) replaced."""
    n, line = token.start[0] - 1, lines[token.start[0] - 1]
    return [*lines[:n], line[: token.start[1]] + new + line[token.end[1] :], *lines[n + 1 :]]


# The pages

_SPAN = re.compile(r"(?<!`)(`+)(?!`)(.+?)(?<!`)\1(?!`)", re.S)
_ROLE = re.compile(r"\{(\w+)\}\s+(.+)", re.S)
_NUMBER = re.compile(r"(?<![\w.])\d+(?:\.\d+)?")
_LINK = re.compile(r"(?<=\]\()(?!https?:)([^)#\s]+)")
_NOT_SAID = re.compile(
    r"(`+)(?!`).+?(?<!`)\1(?!`)|\]\([^)]*\)|<!--.*?-->|<[a-zA-Z/][^>]*>|https?://\S+|\{[^}\n]*\}", re.S
)


def of_page(root, path, pages):
    page, text = Page.read(root / path), (root / path).read_text(encoding="utf-8")
    lines = text.splitlines(keepends=True)
    starts = [0]
    for line in lines:
        starts.append(starts[-1] + len(line))
    fences = [block for block in page.blocks if isinstance(block, Fence)]
    prose = [block for block in page.blocks if isinstance(block, Prose)]

    def replaced(kind, start, end, new):
        """Return the mutant that has `new` where the page has the characters from `start` to `end`."""
        line = text.count("\n", 0, start) + 1
        before, after = (
            " ".join(part.split("\n")) for part in (text[max(0, start - 40) : start], text[end : end + 40])
        )
        return Mutant(kind, path, line, f"{before}[{text[start:end]} → {new}]{after}", text[:start] + new + text[end:])

    def of_lines(kind, first, count, new, what):
        return Mutant(kind, path, first, what, "".join([*lines[: first - 1], *new, *lines[first - 1 + count :]]))

    def span(fence):
        """Return the first line of a fence, and how many there are."""
        return fence.line, fence.text.count("\n") + 2

    def named(fence):
        first = next((line for line in fence.text.splitlines() if line.strip()), "")
        return f"the {type(fence).__name__.lower()} {first.strip()!r}"

    def mark(fence):
        """Return the line of the mark above a fence, or None."""
        above = fence.line - 1
        while above and not lines[above - 1].strip():
            above -= 1
        return above if above and lines[above - 1].strip().startswith("<!--") else None

    for line in range(2, page.body and text.count("\n", 0, len(text) - len(page.body)) or 0):
        name = lines[line - 1].partition(":")[0]
        kind = "Remove a description" if name == "description" else "Remove another line of the front matter"
        yield of_lines(kind, line, 1, [], f"{name} is removed")

    for fence in fences:
        first, count = span(fence)
        above = mark(fence) or first
        yield of_lines("Drop a fence", above, first + count - above, [], f"{named(fence)} is dropped")
    for one, other in zip(fences, fences[1:]):
        (a, m), (b, n) = span(one), span(other)
        new = [*lines[b - 1 : b - 1 + n], *lines[a - 1 + m : b - 1], *lines[a - 1 : a - 1 + m]]
        if lines[a - 1 : b - 1 + n] != new:
            yield of_lines(
                "Swap two fences", a, b - 1 + n - (a - 1), new, f"{named(one)} and {named(other)} are swapped"
            )

    for fence in fences:
        opening = lines[fence.line - 1]
        ticks, info = re.fullmatch(r"(\s*`+)(.*)\n", opening).groups()
        news = [f"{info} first"] if isinstance(fence, (Output, Display)) else ["", "py", f'{info} linenums="1"']
        if isinstance(fence, Embed) and "iteration" in info:
            turn = int(fence.iteration) + 1 if fence.iteration != "last" else 1
            news += ["python", f'python iteration="{turn}"']
        for new in news:
            yield of_lines(
                "Alter an info string or a mark",
                fence.line,
                1,
                [f"{ticks}{new}\n"],
                f"```{info} becomes ```{new} on {named(fence)}",
            )
        if above := mark(fence):
            yield of_lines("Alter an info string or a mark", above, 1, [], f"the mark above {named(fence)} is dropped")

    for block in prose:
        offset = starts[block.line - 1]
        said = _NOT_SAID.sub(lambda m: re.sub(r"[^\n]", "`", m[0]), block.text)
        for found in _NUMBER.finditer(said):
            if (
                not re.fullmatch(r"\s*", said[said.rfind("\n", 0, found.start()) + 1 : found.start()])
                or said[found.end() : found.end() + 2] != ". "
            ):  # the number of a list's item says nothing
                yield replaced(
                    "Nudge a number in a sentence", offset + found.start(), offset + found.end(), _nudged(found[0])
                )
        for code in _SPAN.finditer(block.text):
            role = _ROLE.fullmatch(code[2])
            if not role or code[1] != "`":
                continue
            begin = offset + code.start(2) + role.start(2)
            if role[1] in ("python", "text"):
                kind = "Nudge a number in an inline value"
                body, colon, form = (
                    role[2].rpartition(":") if re.search(r":[-+.,\d%a-z]+$", role[2]) else (role[2], "", "")
                )
                for found in _NUMBER.finditer(body):
                    yield replaced(kind, begin + found.start(), begin + found.end(), _nudged(found[0]))
                for found in re.finditer(r"\d+", form):
                    at = begin + len(body) + 1 + found.start()
                    yield replaced("Nudge a number in a format", at, at + len(found[0]), _nudged(found[0]))
            elif role[1] == "line":
                yield from _retargeted(replaced, root, page.program, "Retarget a line reference", begin, role[2])
        for found in _LINK.finditer(block.text):
            target = found[1]
            here = (root / path).parent
            if not target.endswith(".md"):
                continue
            others = [
                other for other in pages if Path(other).parent == (here / target).resolve().relative_to(root).parent
            ]
            resolved = (here / target).resolve().relative_to(root).as_posix()
            other = Path(others[(others.index(resolved) + 1) % len(others)]).name if resolved in others else target
            begin = offset + found.start(1)
            yield replaced("Retarget a link", begin, begin + len(target), target[:-4] + ".md")
            if other != Path(target).name:
                yield replaced("Retarget a link", begin, begin + len(target), target[: -len(Path(target).name)] + other)

    for fence in fences:
        at = starts[fence.line]  # the first character below the opening line
        if isinstance(fence, Embed) and fence.selector:
            begin = text.index(fence.selector, at)
            yield from _retargeted(replaced, root, fence.program, "Retarget an embed", begin, fence.selector)
        kind, pattern = {
            Output: ("Change a digit of an output", r"\d"),
            Code: ("Nudge a number in a python fence", _NUMBER),
        }.get(type(fence), (None, None))
        end = starts[fence.line + fence.text.count("\n")]
        for found in re.finditer(pattern, text[at:end]) if kind else ():
            new = str((int(found[0]) + 1) % 10) if isinstance(fence, Output) else _nudged(found[0])
            yield replaced(kind, at + found.start(), at + found.end(), new)


def _nudged(number):
    """Return a number with one added to its last digit."""
    whole, dot, part = number.partition(".")
    return f"{whole}.{int(part) + 1:0{len(part)}}" if dot else str(int(whole) + 1)


def _retargeted(replaced, root, program, kind, begin, selector):
    """Yield a selector's mutants: each end without its last letter, and each moved to the next line of code."""
    program = Program.read(root / "snippets" / program)
    code = [line.strip() for line in program.lines if line.strip() and not line.lstrip().startswith("#")]
    code = [line for line in code if sum(line in other for other in program.lines) == 1]
    for end in re.finditer(r"(?:^|(?<=\.\.))(?:(?!\.\.).)+", selector):
        here = next((n for n, line in enumerate(code) if end[0].strip() in line), None)
        news = [end[0][:-1]]
        if here is not None:
            news.append(code[(here + 1) % len(code)])
        for new in news:
            yield replaced(kind, begin + end.start(), begin + end.end(), new)


# The engine's configuration

_ENGINE = ("exclude_docs", "watch", "hooks", "markdown_extensions", "plugins", "validation")


def of_yaml(path, text):
    for key, value in yaml.compose(text).value:
        if key.value in _ENGINE:
            yield from _options(path, text, key, value, ())


def _options(path, text, key, value, names):
    """Yield a mutant without an option, and without each of its own."""
    names = (*names, key.value)
    yield _without(path, text, key, value, names)
    if isinstance(value, yaml.MappingNode):
        for pair in value.value:
            yield from _options(path, text, *pair, names)
    elif isinstance(value, yaml.SequenceNode) and not value.flow_style:
        for item in value.value:
            if isinstance(item, yaml.MappingNode):
                yield from _options(path, text, *item.value[0], names)
            else:
                yield _without(path, text, item, item, (*names, item.value))


def _without(path, text, key, value, names):
    start, end = key.start_mark.index, value.end_mark.index
    line = text[:start].rpartition("\n")[2]
    if not line.strip(" -"):  # a line of its own, or several
        start -= len(line)
        if "\n" not in text[start:end] or not text[start:end].endswith("\n"):
            end = text.index("\n", end) + 1
    else:
        end += len(re.match(r"\s*,?", text[end:])[0])
    return Mutant(
        "Drop an option of the engine",
        path,
        key.start_mark.line + 1,
        f"{': '.join(names)} is dropped",
        text[:start] + text[end:],
    )


def of_toml(path, text):
    for name, values in tomllib.loads(text)["tool"]["pytest"]["ini_options"].items():
        for value in values:
            pattern = re.compile(rf'(?m)^({name} = \[.*?)"{re.escape(value)}"(?:, )?')
            if value == "-p" or value == "literate.testing":
                continue
            yield Mutant(
                "Drop an option of the engine",
                path,
                text[: pattern.search(text).start()].count("\n") + 1,
                f"{name}: {value} is dropped",
                pattern.sub(r"\1", text),
            )
    yield Mutant(
        "Drop an option of the engine",
        path,
        text[: text.index("addopts")].count("\n") + 1,
        "addopts: -p literate.testing is dropped",
        text.replace('"-p", "literate.testing", ', ""),
    )
