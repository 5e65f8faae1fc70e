"""The Python-Markdown extension: turns a page's blocks into what pymdownx already understands."""

from pathlib import Path

from markdown import Extension
from markdown.preprocessors import Preprocessor

from literate.page import Code, Display, Embed, Output, Page, PageError, Prose
from literate.prose import link_to, listing_of, render, words_for
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
        return to_markdown(page, self.config["programs"]).split("\n")

    def _path(self):
        if "rendering_context" in self.md.preprocessors:  # Zensical's own way to say it
            return Path(self.config["docs"], self.md.preprocessors["rendering_context"].page.path)
        if not self.config["page"]:
            raise ValueError("literate: no page is named; list docs/literate/hooks.py under `hooks:` in mkdocs.yml")
        return Path(self.config["page"])


def to_markdown(page, programs=PROGRAMS):
    """Run a page and return it as plain Markdown; raise PageError at the first thing that is wrong."""
    session = Session(page, programs)
    return "\n".join(_write(block, session) for block in page.blocks)


def _write(block, session):
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
    whole = len(lines) == len(program.lines)
    if whole and listing_of(session, block.line) == session.page.path.absolute():
        # The gutter is made of elements of its own: a link to a line must find an anchor that the link checker sees.
        gutter = "\n".join(f"[{n}](#L{n}){{#L{n}}}" for n in lines)
        return (f"/// html | div.listing\n\n/// html | div.gutter\n{gutter}\n///\n\n"
                f"{_fence(block, include)}\n///\n")
    caption = f"{program.name}, {words_for(lines)}"
    return (f'{_fence(block, include, linenums=lines[0])}\n'
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
