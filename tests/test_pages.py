"""The pages as they are written: what holds of all of them. Each failure says the page and the line."""

import functools
import os
import re
from collections import defaultdict
from pathlib import Path

import pytest
from conftest import ROOT, pages, program_of
from markdown.extensions.toc import slugify

from literate.page import Embed, Fence, Live, Output, Page, Prose, Question, WhatIf
from literate.program import Program

NAV = re.findall(r"[\w/-]+\.md", (ROOT / "mkdocs.yml").read_text())
WALK = [page for page in NAV if page.startswith("walk/")]
LISTINGS = [page for page in pages() if Path(page).name == "program.md"]


def source(page):
    return Page.read(ROOT / "docs" / page)


@pytest.mark.parametrize("page", pages())
def test_a_page_says_what_it_is_about(page):
    assert source(page).meta.get("description"), (
        f"docs/{page}:1: the front matter has no description; write `description: ` and a sentence for search engines"
    )


@pytest.mark.parametrize("page", [page for page in pages() if page != "contributing.md"])
def test_a_page_that_shows_a_program_names_it(page):
    """Else its sentences are not looked up. The page for contributors speaks of much that is not the program's."""
    read = source(page)
    for block in read.blocks:
        assert not isinstance(block, Embed) or read.program, (
            f"docs/{page}:{block.line}: this page shows {block.program} and does not name it; write "
            f"`program: {block.program}` in its front matter"
        )


@pytest.mark.parametrize("page", LISTINGS)
def test_a_listing_shows_its_whole_program(page):
    program = source(page).program
    embeds = [block for block in source(page).blocks if isinstance(block, Embed) and block.program == program]
    assert [embed.selector for embed in embeds] == [""], (
        f"docs/{page}:{embeds[0].line if embeds else 1}: this page lists the whole program, once; write one "
        f'fence with --8<-- "{program}"'
    )


@pytest.mark.parametrize("page", LISTINGS)
def test_a_listing_says_what_each_line_does(page):
    """Each line with code has a sentence of its own, or is one of several that share one; the examples have their marks."""
    read, program = source(page), program_of(page)
    said = {line for text in read.meta.get("lines", {}) for line in program.find(text)}
    for line, text in enumerate(program.lines, 1):
        assert line in said or not text.strip() or text.lstrip().startswith("#"), (
            f"docs/{page}:{read.line_of('lines')}: no sentence says what line {line} does; write one under `lines`, "
            f"after some text of {text.strip()!r}"
        )
    assert read.meta.get("examples"), (
        f"docs/{page}:1: nothing says which array holds the examples; write `examples: ` and its name in the front matter"
    )


def test_each_program_has_a_listing():
    assert sorted(source(page).program for page in LISTINGS) == sorted(path.name for path in (ROOT / "snippets").iterdir())


# The stops of a program, in the order of the navigation, and whether they leave out none of its lines.
STOPS = {
    "nn.py": (WALK, True),
    "hidden.py": ([f"hidden/{stop}.md" for stop in "targets weights forward output back delta updates result".split()], False),
}


@pytest.mark.parametrize("name", STOPS)
def test_each_stop_begins_with_its_lines_in_the_programs_order(name):
    """A stop's first embed is its own; together they go down the program. The second chapter begins below what is as it was."""
    (stops, from_its_top), program = STOPS[name], Program.read(ROOT / "snippets" / name)
    expected = [number for number, line in enumerate(program.lines, 1) if line.strip()]
    assert stops == [page for page in NAV if page in stops]
    for page in stops:
        embed = next((block for block in source(page).blocks if isinstance(block, Fence)), None)
        first = program.find(embed.selector) if isinstance(embed, Embed) and embed.iteration == "first" else range(0)
        if page == stops[0] and not from_its_top:
            expected = [number for number in expected if number >= min(first, default=1)]
        stop = expected[: len([number for number in first if program.lines[number - 1].strip()])]
        assert first and stop == [number for number in first if program.lines[number - 1].strip()], (
            f"docs/{page}:{embed.line if embed else 1}: this stop begins with {_lines(first)} of {name}, and line "
            f"{expected[0]} is what comes next; let its first fence show {program.lines[expected[0] - 1].strip()!r}"
        )
        expected = expected[len(stop) :]
    assert not expected, f"docs/{stops[-1]}:1: no stop shows line {expected[0]} of {name}; write one, and put it under nav"


@pytest.mark.parametrize("page, following", [pair for stops, _ in STOPS.values() for pair in zip(stops, stops[1:])])
def test_each_stop_ends_with_the_way_on(page, following):
    block = source(page).blocks[-1]
    text = block.text if isinstance(block, Prose) else ""
    paragraph = text.strip().rpartition("\n\n")[2]
    line = block.line + text[: text.rfind(paragraph)].count("\n")
    way = Path(os.path.relpath(following, Path(page).parent)).as_posix()
    assert f"]({way})" in paragraph, f"docs/{page}:{line}: the last paragraph does not lead on; link to {way}, the next stop"


@pytest.mark.parametrize(
    "questions, stops, to, back_to, number",
    [
        ("ask.md", WALK, "../ask.md", r"walk/\w+", 18),
        ("otherwise.md", WALK, "../otherwise.md", r"walk/\w+", 8),
        ("hidden/ask.md", [page for page in NAV if re.fullmatch(r"hidden/(?!ask)\w+\.md", page)], "ask.md", r"\w+", 11),
    ],
)
def test_each_question_is_linked_from_the_stops_that_it_links_back_to(questions, stops, to, back_to, number):
    asked, folder = {}, Path(questions).parent
    for page in stops:
        listed = source(page).text.partition("\n## Readers ask\n")[2] if folder.name else source(page).text
        for anchor in re.findall(rf"\]\({re.escape(to)}#([\w-]+)\)", listed):
            asked.setdefault(anchor, set()).add(page)
    sections = re.split(r"(?m)^(?=## .*\{ #[\w-]+ \}$)", source(questions).text)
    line = 1 + sections[0].count("\n")
    for section in sections[1:]:
        anchor = re.search(r"\{ #([\w-]+) \}", section)[1]
        links = re.findall(rf"\]\(({back_to}\.md)\)", section.rstrip().rpartition("\n\n")[2])
        back = {(folder / link).as_posix() for link in links}
        if anchor != "corrections":
            assert asked.get(anchor) == back, (
                f"docs/{questions}:{line}: this question is linked from {_stops(asked.get(anchor))}, and its last paragraph "
                f"leads back to {_stops(back)}; let the two be the same"
            )
        line += section.count("\n")
    assert len([section for section in sections[1:] if "{ #corrections }" not in section]) == number


@pytest.mark.parametrize("page", [page for page in pages() if Path(page).name == "retell.md"])
def test_the_sheet_of_the_last_page_is_a_program_that_does_nothing(page):
    [sheet] = [block for block in source(page).blocks if isinstance(block, Output) and "# Guess." in block.text]
    names = {}
    exec(sheet.text, names)
    assert names.keys() == {"__builtins__"} and len(sheet.text.splitlines()) == len(program_of(page).lines), (
        f"docs/{page}:{sheet.line}: this sheet is not the program's lines without their code"
    )


def test_each_place_to_look_begins_with_a_question_and_ends_with_a_what_if():
    places = [page for page in NAV if page.startswith("look/")]
    assert len(places) == 5
    for page in places:
        read = source(page)
        headings = [line for line in read.body.splitlines() if line.startswith("#")]
        assert (headings[1], headings[-1]) == ("## What do you expect?", "## Try it"), (
            f"docs/{page}:1: this page has the headings {headings}; ask first, and let something be tried last"
        )
        first, question = (next(block for block in read.blocks if isinstance(block, kind)) for kind in (Fence, Question))
        assert question.line < first.line and first.indent, (
            f"docs/{page}:{first.line}: something is shown before the reader has been asked; begin with the question"
        )
        last = [block for block in read.blocks if isinstance(block, Live)][-1]
        assert isinstance(last, WhatIf), f"docs/{page}:{last.line}: this page ends without a what-if to try"


_LINK = re.compile(r"\[(?P<words>[^\]]+)\]\((?P<file>(?![a-z]+:)[^)#\s]*)(?:#(?P<place>[^)\s]+))?\)")
_HEADING = re.compile(r"^#+ +(?P<words>.+?)(?: *\{ *#(?P<place>[\w-]+) *\})? *$", re.M)


@functools.cache
def _called():
    """Return the pages and the places (a page and an id) that a title, a heading or an entry of nav calls by some words."""
    called = defaultdict(set)
    nav = (ROOT / "mkdocs.yml").read_text()
    sections = re.findall(r"- ([^:\n]+):\n +- [^:\n]+: ([\w/-]+\.md)", nav)  # a section is called by its first page
    for words, page in [*re.findall(r"- ([^:\n]+): ([\w/-]+\.md)", nav), *sections]:
        called[_words(words)].add((page, None))
    for page in pages():
        for block in source(page).blocks:
            for found in _HEADING.finditer(block.text) if isinstance(block, Prose) else ():
                place = found["place"] or slugify(re.sub(r"\{.*", "", found["words"]), "-")
                called[_words(found["words"])].add((page, None if found[0].startswith("# ") else place))
    return called


def _words(text):
    return " ".join(re.findall(r"\w+", text.lower()))


@pytest.mark.parametrize("page", pages())
def test_a_link_leads_to_what_its_words_are_the_name_of(page):
    """[The update](update.md) leads to a page or a heading of that name, if there is one."""
    for block in source(page).blocks:
        for found in _LINK.finditer(block.text) if isinstance(block, Prose) else ():
            path = (ROOT / "docs" / page).parent / found["file"] if found["file"] else ROOT / "docs" / page
            target = Path(os.path.relpath(path, ROOT / "docs")).as_posix(), found["place"]
            meant = _called().get(_words(found["words"]), {target})
            line = block.line + block.text.count("\n", 0, found.start())
            other = ", ".join(f"{file}#{place}" if place else file for file, place in sorted(meant, key=str))
            assert target in meant or (target[0], None) in meant, (
                f"docs/{page}:{line}: the link {found['words']!r} has the name of another place; let it lead to {other}"
            )


_ROW = re.compile(
    r"\|\s*\**(?:(?P<example>[A-D])|(?:From&nbsp;)?(?P<what>Column|Weight|Input|Node|column)(?: |&nbsp;)(?P<number>\d))\**\s*\|"
)
_HEAD = re.compile(r"(Column|Weight|Node) (\d)")
_WEIGHTS = re.compile(r"(?:syn|moves)\d")  # have a row for each node that they come from, everything else one for each example
_FROM_NODES = ("syn1", "moves1")
_INDEX = re.compile(r"(\w+|\))\[(\d|:), (\d)\]")


@pytest.mark.parametrize("page", pages())
def test_a_table_shows_the_numbers_that_its_labels_say(page):
    """In the row of example C stands row 2, under Column 1 stands column 0: the same order on every page."""
    for block in source(page).blocks:
        if not isinstance(block, Prose):
            continue
        head = None
        for line, text in enumerate(block.text.splitlines(), block.line):
            if not text.lstrip().startswith("|"):
                head = None
                continue
            cells = [cell.strip(" *") for cell in text.strip().strip("|").split("|")]
            if head is None:
                head = cells
                numbers = [int(found[2]) for cell in cells if (found := _HEAD.fullmatch(cell))]
                assert numbers == list(range(1, len(numbers) + 1)), (
                    f"docs/{page}:{line}: the columns of this table are numbered {numbers}; count them from 1"
                )
                continue
            label = _ROW.match(text.strip())
            wanted = label and ("ABCD".index(label["example"]) if label["example"] else int(label["number"]) - 1)
            for title, cell in zip(head, cells):
                column = _HEAD.fullmatch(title)
                for name, row, place in _INDEX.findall(cell):
                    if column:
                        # What weights come from has a row in them; in everything else, and for nodes that they lead to, a column.
                        across = name in _FROM_NODES if column[1] == "Node" else name == "syn0"
                        asked = row if across else place
                        assert int(asked) == int(column[2]) - 1, (
                            f"docs/{page}:{line}: under {title}, {_said(name)} is asked for number {asked}; ask for "
                            f"{int(column[2]) - 1}"
                        )
                    if label and (label["example"] and _WEIGHTS.fullmatch(name) or label["what"] == "Node" and name[:2] == "l2"):
                        continue  # of these there is one for all examples, or one for all nodes
                    row = place if label and label["what"] == "Node" and name not in _FROM_NODES else row
                    assert not label or row in (str(wanted), ":"), (
                        f"docs/{page}:{line}: in the row of {cells[0]}, {_said(name)} is asked for row {row}; ask for {wanted}"
                    )


def _stops(pages):
    return ", ".join(sorted(pages)) if pages else "no stop"


_SAID = re.compile(
    r"\b(?P<what>columns?|weights?|iterations?|targets?|inputs) (?P<numbers>\d[\d,]*(?:,? (?:and |or )?\d+)*)", re.I
)


@pytest.mark.parametrize("page", pages())
def test_a_sentence_counts_only_what_is_there(page):
    """There is no column 4, no target 2, and no iteration that the page has not reached: the first, or one that it names."""
    names, read = program_of(page).ending.namespace, source(page)
    turns = (block.iteration for block in read.blocks if isinstance(block, Embed) and isinstance(block.iteration, tuple))
    reached = {1, *(turn for each in turns for turn in each)}
    there = {
        **dict.fromkeys(("column", "weight"), {*range(1, names["X"].shape[1] + 1)}),
        "iteration": reached,
        "target": {*names["y"].ravel().tolist()},
        "input": {*names["X"].ravel().tolist()},
    }
    for block in read.blocks:
        for found in _SAID.finditer(block.text) if isinstance(block, Prose) else ():
            line = block.line + block.text.count("\n", 0, found.start())
            what = found["what"].lower().removesuffix("s")
            for number in re.findall(r"\d[\d,]*\d|\d", found["numbers"]):
                assert int(number.replace(",", "")) in there[what], (
                    f"docs/{page}:{line}: {what} {number} is not among those of the program, or of this page: "
                    f"{', '.join(map(str, sorted(there[what], key=str)))}; correct the number"
                )


_LABEL = re.compile(
    r"\b(?P<kind>[Cc]olumn|[Ww]eight)(?P<several>s?) (?P<number>\d)|(?:\*\*(?=.\*\*)|example )(?P<example>[A-D])\b|"
    r"(?<!`\s`)\{python\} (?P<value>[^`]+)|"
    r"^- (?=\*\*)",  # a point of a list with a title of its own begins anew
    re.M,
)


_TEXT = re.compile(r"(?:^[^|\n].*\n?|\n)+", re.M)


@pytest.mark.parametrize("page", pages())
def test_a_sentence_shows_the_number_that_its_label_says(page):
    """Behind "weight 1", up to the next such word, row 0 is asked for; behind "example C", row 2. So it is in tables, too."""
    for block in source(page).blocks:
        for text in _TEXT.finditer(block.text) if isinstance(block, Prose) else ():
            label, shown = None, set()
            for found in _LABEL.finditer(text[0]):
                if not found["value"]:
                    label = found if found["example"] or found["kind"] and not found["several"] else None
                    continue
                line = block.line + block.text.count("\n", 0, text.start() + found.start())
                assert found["value"] not in shown or label, (
                    f"docs/{page}:{line}: {found['value']} is shown twice in one passage; ask for the one that is meant"
                )
                shown.add(found["value"])
                for name, row, place in _INDEX.findall(found["value"]) if label else ():
                    if label["example"] and _WEIGHTS.fullmatch(name):
                        continue
                    place = place if (label["kind"] or "").lower() == "column" and name != "syn0" else row
                    wanted = int(label["number"]) - 1 if label["number"] else "ABCD".index(label["example"])
                    assert place in (str(wanted), ":"), (
                        f"docs/{page}:{line}: after {label[0]}, {_said(name)} is asked for number {place}; ask for {wanted}"
                    )


def _said(name):
    return "the expression" if name == ")" else name


def _lines(numbers):
    match numbers:
        case []:
            return "no line"
        case [number]:
            return f"line {number}"
        case [first, *_, last]:
            return f"lines {first} to {last}"
