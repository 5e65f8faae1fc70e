"""The Python-Markdown extension: turns a page's blocks into what pymdownx already understands."""

import re
from html import unescape
from pathlib import Path

from markdown import Extension
from markdown.postprocessors import Postprocessor
from markdown.preprocessors import Preprocessor
from pygments import highlight
from pygments.formatters import HtmlFormatter
from pygments.lexers import PythonLexer

from literate import ledger, listing, runner
from literate.page import Code, Display, Embed, Ledger, Live, Output, Page, PageError, Prose, WhatIf
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
        pages = LiteratePreprocessor(md, self.getConfigs())
        md.preprocessors.register(pages, "literate", 40)
        # After Python-Markdown has cleaned the white space (30), which would take a placeholder apart.
        md.preprocessors.register(HtmlPreprocessor(md, pages.html), "literate_html", 28)
        md.postprocessors.register(ShapePostprocessor(md), "literate", 5)  # after the code has been put back
        md.postprocessors.register(Census(md, pages), "literate_census", -10)


class LiteratePreprocessor(Preprocessor):
    def __init__(self, md, config):
        super().__init__(md)
        self.config = config
        self.html = []  # finished HTML, each piece named in the lines by its place in this list

    def run(self, lines):
        """Return the page's lines with every block of the grammar written out in plain pymdownx Markdown."""
        path, body = self._path(), "\n".join(lines)
        self.path, page = path, Page.read(path)
        if body.strip() != page.body.strip():
            raise PageError(path, 1, "something changed this page's text before it was read; switch that plugin off, "
                            "so that what is checked is what is shown")
        session = Session(page, self.config["programs"])
        written = _write_page(session, self._keep)
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

    def _keep(self, html):
        self.html.append(html)
        return f"literate-html-{len(self.html) - 1}"

    def _path(self):
        if "rendering_context" in self.md.preprocessors:  # Zensical's own way to say it
            return Path(self.config["docs"], self.md.preprocessors["rendering_context"].page.path)
        if not self.config["page"]:
            raise ValueError("literate: no page is named; list docs/literate/hooks.py under `hooks:` in mkdocs.yml")
        return Path(self.config["page"])


class ShapePostprocessor(Postprocessor):
    """Says which cells of a table are headings, and of what; gives the names of a program's arrays their colour in code too."""

    program = None

    def run(self, text):
        text = re.sub(r"<table>.*?</table>", self._headed, text, flags=re.S)
        if not self.program:
            return text
        return re.sub(r'<span class="n">(\w+)</span>', self._coloured, text)

    def _headed(self, match):
        """A row's first cell is its heading if the corner is empty, or if it is bold. An empty corner is no heading."""
        head, end, body = match[0].partition("</thead>")
        head = re.sub(r"<th\b([^>]*)></th>", r"<td\1></td>", head)
        first = ".*?" if "<td" in head else "<strong>.*?</strong>"
        body = re.sub(rf"(<tr>\s*)<td\b([^>]*)>({first})</td>", r'\1<th scope="row"\2>\3</th>', body, flags=re.S)
        return re.sub(r"<th\b(?! scope)", '<th scope="col"', head) + end + body

    def _coloured(self, match):
        number = colour_of(self.program, match[1])
        return f'<span class="n v{number}">{match[1]}</span>' if number else match[0]


class Census(Postprocessor):
    """Lets no code into a page that is not one of its blocks: it would be shown, and neither run nor checked."""

    def __init__(self, md, pages):
        super().__init__(md)
        self.pages = pages

    def run(self, text):
        for found in re.finditer(r"(<div class=\"[^\"]*highlight\"(?: data-[a-z-]+=\"[\d ]+\")+>)?<pre[^>]*>(?:<[^>]*>)*([^<]*)|"
                                 r"^[^<\n]*(```+) \{", text, re.M):
            if not found[1]:
                code = unescape(found[2] or found[3]).strip().partition("\n")[0]
                page = Page.read(self.pages.path)
                named = re.match(r'``` \{.* data-[a-z-]+="(\d+)"\}', code)  # a fence that Markdown took for plain text
                line = int(named[1]) if named else next(
                    (n for n, line in enumerate(page.text.split("\n"), 1) if code and code in line), 1)
                raise page.error(line, f"this code ({'```' if named else code}) is no fence to Markdown, so it would be shown "
                                 "and not run; write it as a fence, indented like the text that it belongs to")
        return text


class HtmlPreprocessor(Preprocessor):
    """Puts the finished HTML in its place, past what would still read it as Markdown."""

    def __init__(self, md, html):
        super().__init__(md)
        self.html = html

    def run(self, lines):
        named = re.compile(r"(\s*)literate-html-(\d+)")
        return [found[1] + self.md.htmlStash.store(self.html[int(found[2])]) if (found := named.fullmatch(line)) else line
                for line in lines]


def to_markdown(page, programs=PROGRAMS, stash=lambda html: html):
    """Run a page and return it as plain Markdown; raise PageError at the first thing that is wrong.

    `stash` takes finished HTML and returns what stands for it in the Markdown.
    """
    return _write_page(Session(page, programs), stash)


def _write_page(session, stash):
    return "\n".join(_write(block, session, stash) for block in session.page.blocks)


def _write(block, session, stash):
    if isinstance(block, Ledger):
        return (f"\n/// html | div.ledger\n    attrs: {{data-iterations: '{ledger.iterations(session, block)}'}}\n\n"
                f"{render(block, session)}\n\n///\n")
    if isinstance(block, Prose):
        return render(block, session)
    if isinstance(block, Live):
        session.run(block)
    if isinstance(block, Embed):
        text = _write_embed(block, session, stash)
    elif isinstance(block, WhatIf):
        text = f"{stash(_write_what_if(block, session) + runner.write(*session.made(block), changed=True))}\n"
    elif isinstance(block, Code) and block.figure:
        text = (f"{stash(session.figure(block))}\n\n"
                f"/// details | The code that draws this\n    type: figure\n\n{_fence(block, block.text)}\n///\n")
    else:
        # Nothing inside a fence is a snippet, even if it looks like one.
        text = _fence(block, "".join(f";{line}" if "8<-" in line else line for line in block.text.splitlines(keepends=True)))
    return _indent(block, text)


def _write_what_if(block, session):
    """Return a what-if as HTML: the lines of the diff, with the numbers that they have in the program before the change."""
    lines, rows = session.changed_lines(block), []
    above = lines[0].number - (lines[0].sign != "+")
    for line in lines:
        put_in = line.sign == "+"
        rows.append((line.sign, None if put_in else line.number, not put_in and line.number != above + 1, line.text))
        above = line.number
    return _write_diff(rows, f'data-what-if="{block.line}"')


def _write_diff(rows, attribute):
    """Return rows of (sign, number or None, whether lines are left out above, text) as HTML, in the program's colours."""
    code = highlight("".join(f"{text}\n" for *_, text in rows), PythonLexer(stripnl=False), HtmlFormatter(nowrap=True))
    tags, html = {"-": "del", "+": "ins", " ": "span"}, ""
    for (sign, number, left_out, _), text in zip(rows, code.splitlines()):
        html += (f'<{tags[sign]} class="line{" gap" * left_out}"><span class="linenos" data-linenos="{number or "":2} "></span>'
                 f'<span class="sign">{sign}</span>{text}\n</{tags[sign]}>')
    return f'<div class="what-if highlight" {attribute}><pre><code>{html}</code></pre></div>'


def _write_embed(block, session, stash):
    program, lines = session.find(block.line, block.selector, block.program)
    if block.against is not None:
        words = f"{program.name}, compared with {block.against}"
        shown = stash(_write_diff(session.changed_lines(block), f'data-embed="{block.line}"'))
        return f"{shown}\n\n/// caption\n{link_to(session, block.line, program, lines, words)}\n///\n"
    offer = f"{stash(runner.write(program, program.ending))}\n\n" if len(lines) == len(program.lines) else ""
    include = f'--8<-- "{program.name}:{lines[0]}:{lines[-1]}"\n'
    if listing.is_listing(session, block):
        # The gutter is made of elements of its own: a link to a line must find an anchor that the link checker sees.
        gutter = "\n".join(f"[{n}](#L{n}){{#L{n}}}" for n in lines)
        return (f"{offer}/// html | div.listing\n\n/// html | div.gutter\n{gutter}\n///\n\n"
                f"{_fence(block, include)}\n///\n\n{listing.write(session, block)}")
    stop = program.statement_at(lines[-1])
    turn = (program.completed[stop] if block.iteration == "last" else block.iteration) if stop in program.loops else 0
    options = {"linenums": lines[0], "data-lines": f"{lines[0]} {lines[-1]}", "data-iteration": turn}
    caption = f"{program.name}, {words_for(lines)}"
    return (f'{_fence(block, include, **options)}\n'
            f"/// caption\n{link_to(session, block.line, program, lines, caption)}\n///\n\n{offer}")


_KINDS = {Embed: "embed", WhatIf: "what-if", Code: "code", Output: "output", Display: "display"}


def _fence(block, text, **options):
    """Return a fence whose HTML says which kind it is and where it stands on the page."""
    kind = _KINDS[type(block)]
    ticks = "```" + "`" * text.count("```")
    written = "".join(f' {name}="{value}"' for name, value in options.items())
    return f'{ticks} {{.{block.language or "text"} .{kind}{written} data-{kind}="{block.line}"}}\n{text}{ticks}\n'


def _indent(block, text):
    return "\n" + "".join(f"{block.indent}{line}\n" if line else "\n" for line in text.split("\n"))
