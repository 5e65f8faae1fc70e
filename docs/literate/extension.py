"""The Python-Markdown extension: turns a page's blocks into what pymdownx already understands."""

import re
from pathlib import Path

from markdown import Extension
from markdown.postprocessors import Postprocessor
from markdown.preprocessors import Preprocessor

from literate import ledger, listing
from literate.page import Code, Display, Embed, Ledger, Output, Page, PageError, Prose
from literate.prose import colour_of, link_to, render, words_for
from literate.recording import Recording
from literate.session import PROGRAMS, Session


class LiterateExtension(Extension):
    def __init__(self, **kwargs):
        self.config = {
            "programs": [PROGRAMS, "The folder of the programs, from where the command is typed"],
            "page": ["", "The path of the Markdown file that is being converted (Zensical tells it by itself)"],
            "docs": ["docs", "The folder of the pages: where Zensical's page paths begin"],
        }
        super().__init__(**kwargs)

    def extendMarkdown(self, md):
        # Before pymdownx.snippets (32), which is to include what is written here.
        md.preprocessors.register(LiteratePreprocessor(md, self.getConfigs()), "literate", 40)
        md.postprocessors.register(HtmlPostprocessor(md), "literate", 5)  # after the code has been put back


class LiteratePreprocessor(Preprocessor):
    def __init__(self, md, config):
        super().__init__(md)
        self.config = config

    def run(self, lines):
        """Return the page's lines with every block of the grammar written out in plain pymdownx Markdown."""
        path, body = self._path(), "\n".join(lines)
        page = Page.read(path)
        if body.strip() != page.body.strip():
            raise PageError(path, 1, "something changed this page's text before it was read; switch that plugin off, "
                            "so that what is checked is what is shown")
        session = Session(page, self.config["programs"])
        written = to_markdown(page, session)
        self._prepare(session)
        return written.split("\n")

    def _prepare(self, session):
        """Leave the page's variables to the postprocessor; where Zensical builds, leave a listing's recording to it."""
        if not session.page.program:
            return
        program = session.program(1)
        self.md.postprocessors["literate"].program = program
        if "rendering_context" in self.md.preprocessors and session.page.path.name == "program.md":
            # Zensical takes no generated files: this one goes where it will be served from.
            site = Path(self.md.preprocessors["rendering_context"].config["site_dir"])
            path = site / session.page.path.relative_to(self.config["docs"]).with_suffix(".json")
            path.parent.mkdir(parents=True, exist_ok=True)
            path.write_text(Recording.of(program).to_json(), encoding="utf-8")

    def _path(self):
        if "rendering_context" in self.md.preprocessors:  # Zensical's own way to say it
            return Path(self.config["docs"], self.md.preprocessors["rendering_context"].page.path)
        if not self.config["page"]:
            raise ValueError("literate: no page is named; list docs/literate/hooks.py under `hooks:` in mkdocs.yml")
        return Path(self.config["page"])


class HtmlPostprocessor(Postprocessor):
    """Makes the corner of a table no heading, and gives the names of a program's arrays their colour in code cells too."""

    program = None

    def run(self, text):
        text = re.sub(r"<th([^>]*)></th>", r"<td\1></td>", text)
        if not self.program:
            return text
        return re.sub(r'<span class="n">(\w+)</span>', self._coloured, text)

    def _coloured(self, match):
        number = colour_of(self.program, match[1])
        return f'<span class="n v{number}">{match[1]}</span>' if number else match[0]


def to_markdown(page, session=None):
    """Run a page and return it as plain Markdown; raise PageError at the first thing that is wrong."""
    session = session or Session(page)
    return "\n".join(_write(block, session) for block in page.blocks)


def _write(block, session):
    if isinstance(block, Ledger):
        return (f"\n/// html | div.ledger\n    attrs: {{data-iterations: '{ledger.iterations(session, block)}'}}\n\n"
                f"{render(block, session)}\n\n///\n")
    if isinstance(block, Prose):
        return render(block, session)
    if isinstance(block, Embed):
        return _indent(block, _write_embed(block, session))
    if isinstance(block, Code):
        session.run(block)
    # Nothing inside a fence is a snippet, even if it looks like one.
    text = "".join(f";{line}" if "8<-" in line else line for line in block.text.splitlines(keepends=True))
    return _indent(block, _fence(block, text))


def _write_embed(block, session):
    session.run(block)
    program, lines = session.find(block.line, block.selector, block.program)
    include = f'--8<-- "{program.name}:{lines[0]}:{lines[-1]}"\n'
    if listing.is_listing(session, block):
        # The gutter is made of elements of its own: a link to a line must find an anchor that the link checker sees.
        gutter = "\n".join(f"[{n}](#L{n}){{#L{n}}}" for n in lines)
        return (f"/// html | div.listing\n\n/// html | div.gutter\n{gutter}\n///\n\n"
                f"{_fence(block, include)}\n///\n\n{listing.write(session, block)}")
    stop = program.statement_at(lines[-1])
    turn = (program.completed[stop] if block.iteration == "last" else block.iteration) if stop in program.loops else 0
    caption = f"{program.name}, {words_for(lines)}"
    options = {"linenums": lines[0], "data-lines": f"{lines[0]} {lines[-1]}", "data-iteration": turn}
    return (f'{_fence(block, include, **options)}\n'
            f"/// caption\n{link_to(session, block.line, lines, caption)}\n///\n")


_KINDS = {Embed: "embed", Code: "code", Output: "output", Display: "display"}


def _fence(block, text, **options):
    """Return a fence whose HTML says which kind it is and where it stands on the page."""
    kind = _KINDS[type(block)]
    ticks = "```" + "`" * text.count("```")
    written = "".join(f' {name}="{value}"' for name, value in options.items())
    return f'{ticks} {{.{block.language or "text"} .{kind}{written} data-{kind}="{block.line}"}}\n{text}{ticks}\n'


def _indent(block, text):
    return "\n" + "".join(f"{block.indent}{line}\n" if line else "\n" for line in text.splitlines())
