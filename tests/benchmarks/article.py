"""One article for all generators: 1,400 words, the program, twelve embeds. Its words and its embeds are the walk's own."""

import re
from pathlib import Path

from literate.page import Embed, Page, Prose
from literate.program import Program

ROOT = Path(__file__).parent.parent.parent
WORDS, EMBEDS = 1400, 12
NN = "nn.py"


def sections():
    """Return the article's sections: each some paragraphs of plain words, and the selector of an embed."""
    pages = [Page.read(path) for path in sorted((ROOT / "docs" / "walk").glob("*.md"))]
    embeds = (block.selector for page in pages for block in page.blocks if isinstance(block, Embed))
    selectors = list(dict.fromkeys(embeds))[:EMBEDS]
    prose = [
        block.text
        for path in sorted((ROOT / "docs").rglob("*.md"))
        for block in Page.read(path).blocks
        if isinstance(block, Prose)
    ]
    paragraphs = [
        " ".join(text.replace("`", "").split())
        for text in "\n\n".join(prose).split("\n\n")
        if re.match(r"[A-Z]", text) and not re.search(r"\d\.\d|[Ll]ines? \d|[{}\[\]<>*_|$~=:/#]", text)
    ]
    parts, words = [[] for _ in selectors], 0
    for number, paragraph in enumerate(paragraphs):
        if words < WORDS:
            parts[number % EMBEDS].append(paragraph)
            words += len(paragraph.split())
    return list(zip(parts, selectors, strict=True))


def for_engine():
    """Return the article in the grammar of the site."""
    text = ["---", "description: The article of the benchmark, made of the walk's own words.", "---", "# The article", ""]
    for number, (paragraphs, selector) in enumerate(sections()):
        text += [f"## Part {chr(65 + number)}", "", "```python", f'--8<-- "{NN}:{selector}"', "```", ""]
        text += [f"{words}\n" for words in paragraphs]
    return "\n".join(text)


def plain():
    """Return the article in the Markdown that every generator reads, with the program's text typed out."""
    program: Program = Program.read(ROOT / "snippets" / NN)
    text = ["# The article", ""]
    for number, (paragraphs, selector) in enumerate(sections()):
        first, last = program.find(selector)[0], program.find(selector)[-1]
        text += [f"## Part {chr(65 + number)}", "", "```python", *program.lines[first - 1 : last], "```", ""]
        text += [f"{words}\n" for words in paragraphs]
    return "\n".join([*text, "## The program", "", "```python", program.text.rstrip(), "```", ""])
