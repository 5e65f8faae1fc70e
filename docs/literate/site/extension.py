"""The Python-Markdown extension: it plays a page, and hands its blocks on in what pymdownx already understands."""

import atexit
import contextlib
import functools
import re
import sys
from pathlib import Path
from typing import Any
from xml.etree.ElementTree import Element

from markdown import Extension, Markdown
from markdown.postprocessors import Postprocessor
from markdown.preprocessors import Preprocessor
from markdown.treeprocessors import Treeprocessor

from literate.page import Page, PageError
from literate.play import Kept, Played, play
from literate.site import census
from literate.state import PROGRAMS
from literate.write import MarkdownForm


class LiterateExtension(Extension):
    """Plays the page that its options name, or shows one that has been `played`, errors and all."""

    def __init__(self, played: Played | None = None, **options: Any):
        self.config = {
            "programs": [PROGRAMS, "The folder of the programs, from where the command is typed"],
            "page": ["", "The path of the Markdown file that is being converted (Zensical tells it by itself)"],
            "docs": ["docs", "The folder of the pages: where Zensical's page paths begin"],
            "keep": [False, "Whether what pages gave is kept for the next build, in .cache/pages"],
        }
        self.played = played
        self.errors: list[PageError] = []  # what the HTML of the played page lacks
        super().__init__(**options)

    def extendMarkdown(self, md: Markdown) -> None:
        """Hang the engine on Python-Markdown."""
        pages = PagePreprocessor(md, self)
        md.preprocessors.register(pages, "literate", 40)
        # After Python-Markdown has cleaned the white space (30), which would take a placeholder apart.
        md.preprocessors.register(HtmlPreprocessor(md, pages), "literate_html", 28)
        md.postprocessors.register(ShapePostprocessor(md, pages), "literate", 5)  # after the code has been put back
        census_taker = CensusPostprocessor(md, pages)
        md.treeprocessors.register(Begin(md, census_taker), "literate_census", -10)
        md.postprocessors.register(census_taker, "literate_census", -10)


@functools.cache
def kept_here() -> Kept:
    """Return what is kept of the pages of the site that is built from this folder."""
    return Kept(Path(".cache", "pages").absolute())


@functools.cache
def _begin_zensicals(docs: str, programs: str) -> None:
    """Begin all pages, and say what was played once the process ends: Zensical tells no extension that a build is over."""
    atexit.register(lambda: print(kept_here(), file=sys.stderr))
    for path in sorted(Path(docs).rglob("*.md")):
        with contextlib.suppress(PageError, OSError):  # it will say so itself
            page = Page.read(path)
            kept_here().begin(page, MarkdownForm(page), programs)


class PagePreprocessor(Preprocessor):
    """Plays the page, and puts what it has written in the place of the page's lines."""

    played: Played

    def __init__(self, md: Markdown, extension: LiterateExtension):
        super().__init__(md)
        self.extension = extension

    def run(self, lines: list[str]) -> list[str]:
        """Return the page's lines with every block of the grammar written out; raise its first PageError."""
        if self.extension.played:
            self.played = self.extension.played
        else:
            page = Page.read(path := self._path())
            if "\n".join(lines).strip() != page.body.strip():
                raise PageError(
                    path,
                    1,
                    "something changed this page's text before it was read; switch that plugin off, "
                    "so that what is checked is what is shown",
                )
            programs, kept = self.extension.getConfig("programs"), kept_here() if self.extension.getConfig("keep") else None
            if kept and self._is_zensicals():
                _begin_zensicals(self.extension.getConfig("docs"), programs)
            self.played = (kept.play if kept else play)(page, MarkdownForm(page), programs)
            for error in self.played.errors:
                raise error
        form = self.played.form
        assert isinstance(form, MarkdownForm)
        return form.whole([result.written for result in self.played.results]).split("\n")

    def _is_zensicals(self) -> bool:
        return "rendering_context" in self.md.preprocessors  # its own way to name a page

    def _path(self) -> Path:
        if self._is_zensicals():
            context: Any = self.md.preprocessors["rendering_context"]
            return Path(self.extension.getConfig("docs"), context.page.path)
        if not self.extension.getConfig("page"):
            raise ValueError("literate: no page is named; list `literate` under `plugins:` in mkdocs.yml")
        return Path(self.extension.getConfig("page"))


class HtmlPreprocessor(Preprocessor):
    """Puts the finished HTML in its place, past what would still read it as Markdown."""

    def __init__(self, md: Markdown, pages: PagePreprocessor):
        super().__init__(md)
        self.pages = pages

    def run(self, lines: list[str]) -> list[str]:
        """Return the lines with what stands for the HTML in Python-Markdown's own stash."""
        form = self.pages.played.form
        assert isinstance(form, MarkdownForm)
        named = re.compile(rf"(\s*){form.name}-(\d+)")
        return [
            found[1] + self.md.htmlStash.store(form.html[int(found[2])]) if (found := named.fullmatch(line)) else line
            for line in lines
        ]


class ShapePostprocessor(Postprocessor):
    """Says which cells of a table are headings, and of what; gives the names of a program's arrays their colour in code too."""

    def __init__(self, md: Markdown, pages: PagePreprocessor):
        super().__init__(md)
        self.pages = pages

    def run(self, text: str) -> str:
        """Return the page's HTML with both."""
        text = re.sub(r"<table>.*?</table>", self._headed, text, flags=re.S)
        return "".join(map(self._coloured, re.split(r'(?=<div class="[^"]*\bhighlight")', text)))

    def _coloured(self, text: str) -> str:
        """Colour the names in HTML that begins with a block of code: by the program that the block, or the one before, is of."""
        line, colours = re.match(r'<div[^>]* data-(?:embed|what-if|code)="(\d+)"', text), self.pages.played.colours
        own = colours[max(first for first in colours if first <= int(line[1] if line else 0))]

        def coloured(match: re.Match) -> str:
            number = own.get(match[1])
            return f'<span class="n v{number}">{match[1]}</span>' if number else match[0]

        return re.sub(r'<span class="n">(\w+)</span>', coloured, text)

    def _headed(self, match: re.Match) -> str:
        """A row's first cell is its heading if the corner is empty, or if it is bold. An empty corner is no heading."""
        head, end, body = match[0].partition("</thead>")
        head = re.sub(r"<th\b([^>]*)></th>", r"<td\1></td>", head)
        first = ".*?" if "<td" in head else "<strong>.*?</strong>"
        body = re.sub(rf"(<tr>\s*)<td\b([^>]*)>({first})</td>", r'\1<th scope="row"\2>\3</th>', body, flags=re.S)
        return re.sub(r"<th\b(?! scope)", '<th scope="col"', head) + end + body


class CensusPostprocessor(Postprocessor):
    """Lets no page pass whose HTML lacks one of its blocks, or shows code that is none: it would be neither run nor checked."""

    def __init__(self, md: Markdown, pages: PagePreprocessor):
        super().__init__(md)
        self.pages, self.whole = pages, False

    def run(self, text: str) -> str:
        """Return the page's HTML as it is; raise the first PageError, or leave all to who has played the page."""
        if not self.whole:  # toc asks all postprocessors about each heading by itself
            return text
        self.whole, extension = False, self.pages.extension
        extension.errors = census.take(text, self.pages.played)
        if extension.errors and not extension.played:
            raise extension.errors[0]
        return text


class Begin(Treeprocessor):
    """Tells the census, when all of the tree is done, that what comes next is the whole page."""

    def __init__(self, md: Markdown, census_taker: CensusPostprocessor):
        super().__init__(md)
        self.census_taker = census_taker

    def run(self, root: Element) -> None:
        """Change nothing."""
        self.census_taker.whole = True
