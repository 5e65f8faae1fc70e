"""Mutants: small, deliberate mistakes in the program, in the pages, or in the engine's configuration, one at a time."""

import ast
import dataclasses
import hashlib
import io
import itertools
import json
import re
import tokenize
import tomllib
from pathlib import Path

import yaml
from markdown.extensions.toc import slugify

from literate.page import Code, Display, Drawn, Embed, Exercise, Fence, Ledger, Output, Page, Prose, WhatIf
from literate.program import Program, ProgramError
from literate.prose.claims import CLAIM

GENERATED = "docs/drift.md"  # is written by this harness, and held to it by a test of its own
MEASURED = "docs/benchmarks.md"  # is written by tests/benchmarks, in the same way


@dataclasses.dataclass(frozen=True)
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
    """Return every mutant of the site in `root`, in an order that is always the same; no two make the same file."""
    return list({(mutant.path, mutant.text): mutant for mutant in reversed([*_mutants(root)])}.values())[::-1]


def sample(mutants, count):
    """Return so many mutants, of as many kinds as there can be, in an order that is chosen by their content."""
    kinds = {}
    for mutant in sorted(mutants, key=key):
        kinds.setdefault(mutant.kind, []).append(mutant)
    turns = itertools.zip_longest(*kinds.values())
    return list(itertools.islice((mutant for turn in turns for mutant in turn if mutant), count))


def key(mutant):
    """Return what a mutant is known by: the same mistake in the same text has the same key."""
    return hashlib.sha256(f"{mutant.kind}\0{mutant.path}\0{mutant.text}".encode()).hexdigest()[:16]


def _mutants(root):
    programs = sorted(path.relative_to(root).as_posix() for path in (root / "snippets").glob("*.py"))
    pages = sorted(path.relative_to(root).as_posix() for path in (root / "docs").rglob("*.md"))
    for path in programs:
        yield from of_program(path, (root / path).read_text(encoding="utf-8"))
    for path in pages:
        if path not in (GENERATED, MEASURED):
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
        yield mutant("Insert a line", n + 1, "a comment is inserted", [*lines[:n], f"{indent}# Another line.\n", *lines[n:]])
    for n, line in enumerate(lines):
        yield mutant("Insert a line", n + 1, f"{line.strip()!r} is written twice", [*lines[:n], line, *lines[n:]])
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
            yield mutant("Change a constant", token.start[0], f"{token.string} becomes {new}", _replaced(lines, token, new))
    bound = sorted(
        {node.id for node in ast.walk(ast.parse(text)) if isinstance(node, ast.Name) and isinstance(node.ctx, ast.Store)}
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
                yield mutant("Edit a comment", token.start[0], f"{token.string!r} becomes {new!r}", _replaced(lines, token, new))


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
_LINK = re.compile(r"(?<=\]\()((?P<file>[\w./-]*\.md)?(?:#(?P<at>[\w-]+))?)(?=\))")
_HEADING = re.compile(r"(?m)^#+ (.+?)(?:\s*\{[^}]*#([\w-]+)[^}]*\})?$")
_NOT_SAID = re.compile(r"(`+)(?!`).+?(?<!`)\1(?!`)|\]\([^)]*\)|<!--.*?-->|<[a-zA-Z/][^>]*>|https?://\S+|\{[^}\n]*\}", re.S)


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
        before, after = (" ".join(part.split("\n")) for part in (text[max(0, start - 40) : start], text[end : end + 40]))
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

    yield from _of_front_matter(root, page, text, replaced, of_lines)

    for fence in fences:
        first, count = span(fence)
        above = mark(fence) or first
        yield of_lines("Drop a fence", above, first + count - above, [], f"{named(fence)} is dropped")
    for one, other in zip(fences, fences[1:]):
        (a, m), (b, n) = span(one), span(other)
        new = [*lines[b - 1 : b - 1 + n], *lines[a - 1 + m : b - 1], *lines[a - 1 : a - 1 + m]]
        if lines[a - 1 : b - 1 + n] != new:
            yield of_lines("Swap two fences", a, b - 1 + n - (a - 1), new, f"{named(one)} and {named(other)} are swapped")

    for fence in fences:
        opening = lines[fence.line - 1]
        ticks, info = re.fullmatch(r"(\s*`+)(.*)\n", opening).groups()
        for new in _altered(fence, info):
            yield of_lines(
                "Alter an info string or a mark",
                fence.line,
                1,
                [f"{ticks}{new}\n"],
                f"```{info} becomes ```{new} on {named(fence)}",
            )
        if above := mark(fence):
            yield of_lines("Alter an info string or a mark", above, 1, [], f"the mark above {named(fence)} is dropped")
        if isinstance(fence, Code) and fence.figure:
            begin = starts[fence.line - 1] + opening.index(fence.figure)
            yield from _of_description(replaced, begin, fence.figure)

    for fence in fences:
        kind = {Code: "Drop a line of a python fence", WhatIf: "Drop a line of a what-if"}.get(type(fence))
        if isinstance(fence, Code) and fence.figure:
            kind = "Drop a line of a figure"
        for n, line in enumerate(fence.text.splitlines()) if kind else ():
            if line.strip():
                yield of_lines(kind, fence.line + 1 + n, 1, [], f"{line.strip()!r} is dropped from {named(fence)}")

    for ledger in (block for block in prose if isinstance(block, Ledger)):
        line = max(n for n in range(ledger.line) if lines[n].lstrip().startswith("<!--ledger"))
        yield of_lines("Alter a ledger's mark", line + 1, 1, [], "the mark is dropped")
        if ledger.check:
            begin = text.index(ledger.check, starts[line])
            yield replaced("Alter a ledger's mark", begin, begin + len(ledger.check), "True")
            for found in re.finditer(r"(?<![\w.])\d+(?:\.\d+)?(?![\w.-])|[-+*]|\bwas\.", ledger.check):
                new = _FLIPPED.get(found[0]) or ("" if found[0] == "was." else _nudged(found[0]))
                yield replaced("Alter a ledger's mark", begin + found.start(), begin + found.end(), new)

    for drawn in (block for block in prose if isinstance(block, Drawn)):
        kind, at = "Alter a network's mark", text.index(drawn.sketch, starts[drawn.line - 1])
        yield of_lines(kind, drawn.line, 1, [], "the mark is dropped")
        names = [*re.finditer(r"\w+", drawn.sketch)]
        for name in names:
            yield replaced(kind, at + name.start(), at + name.end(), name[0][:-1])
        for one, other in zip(names, names[1:]):
            between = drawn.sketch[one.end() : other.start()]
            yield replaced(kind, at + one.start(), at + other.end(), f"{other[0]}{between}{one[0]}")

    for block in prose:
        offset = starts[block.line - 1]
        said = _NOT_SAID.sub(lambda m: re.sub(r"[^\n]", "`", m[0]), block.text)
        for found in _NUMBER.finditer(said):
            if (
                not re.fullmatch(r"\s*", said[said.rfind("\n", 0, found.start()) + 1 : found.start()])
                or said[found.end() : found.end() + 2] != ". "
            ):  # the number of a list's item says nothing
                yield replaced("Nudge a number in a sentence", offset + found.start(), offset + found.end(), _nudged(found[0]))
        for code in _SPAN.finditer(block.text):
            role = _ROLE.fullmatch(code[2])
            if code[1] != "`":
                continue
            if not role:
                begin = offset + code.start(2)
                for found in _NUMBER.finditer(code[2]):
                    yield replaced("Nudge a number in inline code", begin + found.start(), begin + found.end(), _nudged(found[0]))
                for found in re.finditer(r"[^\W\d]\w+", code[2]) if page.program else ():
                    yield replaced("Misspell a name in inline code", begin + found.start(), begin + found.end(), found[0][:-1])
                continue
            begin = offset + code.start(2) + role.start(2)
            if role[1] == "text":
                for found in _NUMBER.finditer(role[2]):
                    yield replaced("Nudge a number marked as text", begin + found.start(), begin + found.end(), _nudged(found[0]))
            elif role[1] in ("python", "curve"):
                kind = "Nudge a number in an inline value"
                body, colon, form = role[2].rpartition(":") if re.search(r":[-+.,\d%a-z]+$", role[2]) else (role[2], "", "")
                for found in _NUMBER.finditer(body):
                    yield replaced(kind, begin + found.start(), begin + found.end(), _nudged(found[0]))
                for found in re.finditer(r"\d+", form):
                    at = begin + len(body) + 1 + found.start()
                    yield replaced("Nudge a number in a format", at, at + len(found[0]), _nudged(found[0]))
            elif role[1].lower() == "line" and page.program:
                yield from _retargeted(replaced, root, page.program, "Retarget a line reference", begin, role[2])
        for found in re.finditer(r"<!--if: (.+?)-->", block.text):
            begin, end = (offset + at for at in found.span(1))
            yield replaced("Turn round when a choice is right", begin, end, f"not ({found[1]})")
        for found in CLAIM.finditer(block.text):
            begin, end = (offset + at for at in found.span("claim"))
            yield replaced("Turn round a claim", begin, end, f"not ({found['claim'].strip()})")
        for found in _LINK.finditer(block.text):
            for new in _other_links(root, path, found["file"], found["at"], pages):
                yield replaced("Retarget a link", offset + found.start(1), offset + found.end(1), new)
    for exercise in (block for block in page.blocks if isinstance(block, Exercise)):
        yield from _of_exercise(root, page, exercise, text, starts, replaced, of_lines)

    for fence in fences:
        at = starts[fence.line]  # the first character below the opening line
        if isinstance(fence, Embed) and fence.selector:
            begin = text.index(fence.selector, at)
            yield from _retargeted(replaced, root, fence.program, "Retarget an embed", begin, fence.selector)
        kind, pattern = {
            Output: ("Change a digit of an output", r"(?m)\d(?=[^\d\n]*$)"),  # of each line: they are compared as a whole
            Code: ("Nudge a number in a python fence", _NUMBER),
            WhatIf: ("Nudge a number in a what-if", _NUMBER),
            Display: ("Nudge a number in a fence that is only shown", _NUMBER),
        }.get(type(fence), (None, None))
        if isinstance(fence, Code) and fence.figure:
            kind = "Nudge a number in a figure"
        end = starts[fence.line + fence.text.count("\n")]
        for found in re.finditer(pattern, text[at:end]) if kind else ():
            new = str((int(found[0]) + 1) % 10) if isinstance(fence, Output) else _nudged(found[0])
            yield replaced(kind, at + found.start(), at + found.end(), new)
        if isinstance(fence, WhatIf):
            code = Program.read(root / "snippets" / page.program).lines
            for n, line in enumerate(fence.text.splitlines()):
                begin = starts[fence.line + n] + len(fence.indent)
                if line.startswith(("+", "-")):
                    yield replaced("Flip a sign of a what-if", begin, begin + 1, _FLIPPED[line[0]])
                if line.startswith((" ", "-")):
                    for new in (line[1:-1], _next(code, line[1:])):
                        yield replaced("Retarget the context of a what-if", begin + 1, begin + len(line), new)


def _of_exercise(root, page, exercise, text, starts, replaced, of_lines):
    """Yield the mutants of an exercise: its checks, their messages, its wrong answers and its hints."""
    kind, names, spoken = "Alter an exercise", "Misspell a name in inline code", []
    for check in exercise.checks:
        at = text.index(check.expression, begin := starts[check.line - 1])
        yield replaced(kind, at, at + len(check.expression), f"not ({check.expression})")
        begin, end = text.index("- ", begin) + 2, text.rindex("<!--", begin, at)
        spoken.append((begin, end))
        yield from _misspelt(replaced, names, begin, text[begin:end])
    for (begin, end), (other, until) in zip(spoken, spoken[1:]):
        new = f"{text[other:until]}{text[end:other]}{text[begin:end]}"
        what = f"the messages {text[begin:end]!r} and {text[other:until]!r} are exchanged"
        yield dataclasses.replace(replaced(kind, begin, until, new), what=what)
    answers = [(check, line, own) for check in exercise.checks for line, own in check.wrong]
    right = exercise.selector != "all" and Program.read(root / "snippets" / page.program)
    for number, (check, line, own) in enumerate(answers):
        yield of_lines(kind, line, 1, [], f"the wrong answer {own!r} is dropped")
        begin = text.index(own, starts[line - 1])
        for other, _, another in answers[number + 1 : number + 2]:
            if other is not check:
                yield replaced(kind, begin, begin + len(own), another)
        if right:
            selector, arrow, new = own.partition(" -> ")  # of several lines, it says which one is written wrong
            [code] = [right.lines[n - 1].strip() for n in right.find(selector if arrow else exercise.selector)]
            yield replaced(kind, begin + len(own) - len(new or own), begin + len(own), code)
    for hint in exercise.hints:
        yield of_lines(kind, hint.line, hint.text.count("\n") + 1, [], f"the hint {hint.text!r} is dropped")
        begin = text.index("- ", starts[hint.line - 1]) + 2
        yield from _misspelt(replaced, names, begin, hint.text.split("\n")[0])


def _misspelt(replaced, kind, begin, said):
    """Yield the mutants of names in the inline code of what is said from some character on."""
    for code in _SPAN.finditer(said):
        role = _ROLE.fullmatch(code[2])
        if not role or role[1] == "python":
            at = begin + code.start(2) + (role.start(2) if role else 0)
            for found in re.finditer(r"[^\W\d]\w+", role[2] if role else code[2]):
                yield replaced(kind, at + found.start(), at + found.end(), found[0][:-1])


def _next(lines, line):
    """Return the next line that has text after a line of a program; the line itself, twice as long, if it is none of them."""
    if line not in lines:
        return line + line
    at = lines.index(line)
    return next(other for other in [*lines[at + 1 :], *lines] if other.strip() and other != line)


def _altered(fence, info):
    """Return other info strings for a fence that has one."""
    if isinstance(fence, (Output, Display)):
        return [f"{info} first"]
    news = ["", "py", f'{info} linenums="1"']
    if isinstance(fence, Embed) and "iteration" in info:
        turn = 1 if isinstance(fence.iteration, str) else fence.iteration[0] + 1
        news += ["python", f'python iteration="{turn}"']
    elif isinstance(fence, Embed):
        news += ['python iteration="2"']
    elif isinstance(fence, WhatIf):
        news += [
            new
            for new in (
                "diff",
                'diff continues="above"',
                f'{info} raises="TypeError"' if not fence.raises else 'diff raises="TypeError"',
            )
            if new != info
        ]
    return news


def _of_description(replaced, begin, description):
    """Yield the mutants of what a figure is said to show."""
    end = begin + len(description)
    option = len('figure="')
    yield replaced("Remove a figure's description", begin - option - 1, end + 1, "")
    yield replaced("Remove a figure's description", begin, end, "")
    yield replaced("Shorten a figure's description", begin, end, " ".join(description.split()[:3]))
    if (first := description.partition(". ")[0]) != description:
        yield replaced("Shorten a figure's description", begin, end, f"{first}.")
    for found in _NUMBER.finditer(description):
        yield replaced("Nudge a number in a description", begin + found.start(), begin + found.end(), _nudged(found[0]))


def _of_front_matter(root, page, text, replaced, of_lines):
    """Yield the mutants of a page's front matter, whatever stands there."""
    size = len(text) - len(page.body)
    for number, line in enumerate(text[:size].splitlines()[1:-1], 2):
        name = line.partition(":")[0]
        kind = "Remove a description" if name == "description" else "Remove another line of the front matter"
        yield of_lines(kind, number, 1, [], f"{name} is removed")
    if not page.meta:
        return
    # The front matter begins below a line ---, and its marks count from there.
    below = text.index("\n") + 1
    for node in _scalars(yaml.compose(text[below:size].rpartition("---")[0])):
        begin = text.index(node.value, below + node.start_mark.index) if node.value in text[:size] else None
        if begin is None:
            continue
        try:
            selector = page.program and Program.read(root / "snippets" / page.program).find(node.value)
        except ProgramError:
            selector = None
        if selector and node.value:
            yield from _retargeted(replaced, root, page.program, "Retarget a line in the front matter", begin, node.value)
        elif re.fullmatch(r"[\w./-]+", node.value):
            yield replaced("Misspell a name in the front matter", begin, begin + len(node.value), f"{node.value}s")
        else:
            for found in _NUMBER.finditer(node.value):
                yield replaced("Nudge a number in a description", begin + found.start(), begin + found.end(), _nudged(found[0]))


def _scalars(node):
    """Yield the scalars of a YAML tree, in the order of the text."""
    if isinstance(node, yaml.ScalarNode):
        yield node
    else:
        for item in node.value:
            for part in item if isinstance(item, tuple) else (item,):
                yield from _scalars(part)


def _other_links(root, path, file, at, pages):
    """Yield other targets for a link to a page, to a place on one, or to a place on its own."""
    here = (root / path).parent
    target = (here / file).resolve().relative_to(root).as_posix() if file else path
    if file:
        place = f"#{at}" if at else ""
        yield f"{file[:-4]}.md{place}"
        others = [other for other in pages if Path(other).parent == Path(target).parent]
        other = others[(others.index(target) + 1) % len(others)] if target in others else target
        if other != target:
            yield f"{file[: -len(Path(target).name)]}{Path(other).name}{place}"
    if at:
        yield f"{file or ''}#{at[:-1]}"
        text = (root / target).read_text(encoding="utf-8") if target in pages else ""
        places = [named or slugify(title, "-") for title, named in _HEADING.findall(text)]
        if others := [place for place in places if place != at]:
            yield f"{file or ''}#{others[places.index(at) % len(others) if at in places else 0]}"


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

_NOT_ENGINE = ("site_name", "site_description", "site_url", "repo_url", "edit_uri", "nav", "theme")


def of_yaml(path, text):
    for key, value in yaml.compose(text).value:
        if key.value not in _NOT_ENGINE:
            yield from _options(path, text, key, value, ())


def _options(path, text, key, value, names):
    """Yield a mutant without an option, and without each of its own."""
    names = (*names, key.value)
    yield _without(path, text, key, value, names)
    if isinstance(value, yaml.MappingNode):
        for pair in value.value:
            yield from _options(path, text, *pair, names)
    elif isinstance(value, yaml.SequenceNode) and (not value.flow_style or len(value.value) > 1):
        for item in value.value:
            if isinstance(item, yaml.MappingNode):
                for pair in item.value if not value.flow_style else ():
                    yield from _options(path, text, *pair, names)
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
    """Yield a mutant without each option of pytest, and without each item of one; `-p` and its plugin are one item."""
    section = text.index("[tool.pytest.ini_options]")
    for name, values in tomllib.loads(text)["tool"]["pytest"]["ini_options"].items():
        start = re.compile(rf"(?m)^{name} *=").search(text, section).start()
        end = re.compile(r"(?m)^(?:\w+ *=|\[|\Z)|\Z").search(text, start + 1).start()
        line = text.count("\n", 0, start) + 1

        def without(what, option, start=start, end=end, line=line):
            return Mutant("Drop an option of the engine", path, line, what, text[:start] + option + text[end:])

        option = text[start:end]
        yield without(f"{name} is dropped", "")
        items = [json.dumps(value) for value in values] if isinstance(values, list) else []
        items = re.findall(r'"-p", "[^"]*"|"[^"]*"', ", ".join(items)) if len(items) > 1 else []
        for item in items:
            if item in option:
                yield without(f"{name}: {item} is dropped", re.sub(rf"{re.escape(item)},? ?", "", option, count=1))
