"""What only MkDocs needs: to be told which page is rendered, to be given the notebook, to stop without a traceback."""

import re
import sys
from html import unescape
from pathlib import Path
from typing import Any

import nbformat
from bs4 import BeautifulSoup
from mkdocs.config import config_options as option
from mkdocs.config.base import Config
from mkdocs.config.defaults import MkDocsConfig
from mkdocs.exceptions import Abort
from mkdocs.plugins import BasePlugin, event_priority
from mkdocs.structure.files import File, Files
from mkdocs.structure.nav import Navigation
from mkdocs.structure.pages import Page as MkDocsPage

from literate import booklet, cards
from literate.page import Page, PageError
from literate.publish import publish
from literate.site.notebook import is_notebook, to_notebook
from literate.site.pages import played
from literate.state import PROGRAMS

CARDS = "assets/cards"
_ATTACHED = re.compile(r'<script type="application/json" class="recording" data-href="([^"]*)">(.*?)</script>', re.S)


class Options(Config):
    """What may stand under `literate` in `plugins:`; the Markdown extension of the same name has options of its own."""

    publish = option.Type(bool, default=True)  # whether a built site is made ready for its readers


class LiteratePlugin(BasePlugin[Options]):
    """`literate` under `plugins:`."""

    serving = False

    def on_startup(self, *, command: str, dirty: bool) -> None:
        """Remember whether the site is only looked at while it is written: then it is not made ready for readers."""
        self.serving = command == "serve"

    def on_config(self, config: MkDocsConfig) -> None:
        """Let no page ask to be edited where nobody has said, by REPO_URL, where it lies."""
        if not config.repo_url:
            config.edit_uri = None

    @event_priority(-100)  # after mkdocs-jupyter, which would wrap the file in one of its own that loses its path
    def on_files(self, files: Files, *, config: MkDocsConfig) -> Files:
        """Put a notebook in the place of every page that is called notebook.md."""
        for file in [file for file in files.documentation_pages() if is_notebook(Path(file.src_uri))]:
            notebook = Path(config.config_file_path).parent / ".cache" / Path(file.src_uri).with_suffix(".ipynb")
            notebook.parent.mkdir(parents=True, exist_ok=True)
            nbformat.write(to_notebook(played(Page.read(Path(config.docs_dir, file.src_uri)), _programs(config))), notebook)
            files.remove(file)
            made = File.generated(config, file.src_uri, abs_src_path=str(notebook))
            made.generated_by = None  # it stands for a page that can be edited
            files.append(made)
        return files

    def on_page_markdown(self, markdown: str, *, page: MkDocsPage, config: MkDocsConfig, files: Files) -> str:
        """Tell the extension, through its option, which page it is about to convert, and MkDocs the template of the booklet."""
        source = Path(config.docs_dir, page.file.src_uri)
        config.mdx_configs.setdefault("literate", {})["page"] = str(source)
        meta = Page.read(source).meta  # which stops at a page that says nothing: Markdown would not be asked about it
        if _is_notebook(page):
            page.meta = meta
        if page.file.name == "booklet":
            page.meta["template"] = "booklet.html"
        return markdown

    def on_page_content(self, html: str, *, page: MkDocsPage, config: MkDocsConfig, files: Files) -> str:
        """Lay a page's recording beside it; bring the notebook's page to the form of its neighbours, without Jupyter's styles."""
        for name, text in _ATTACHED.findall(html):
            uri = (Path(page.file.src_uri).parent / name).as_posix()
            if uri not in files.src_uris:
                files.append(File.generated(config, uri, content=text))
        html = _ATTACHED.sub("", html)
        if not _is_notebook(page):
            return html
        soup, parts = BeautifulSoup(html, "html.parser"), []
        for cell in soup.select(".jp-Notebook > *"):
            for text in cell.select(".jp-RenderedMarkdown"):
                for anchor in text.select("a.anchor-link"):
                    anchor["class"] = "headerlink"
                parts.append(text.decode_contents())
            for kind, selector in (("code", ".jp-InputArea pre"), ("output", ".jp-OutputArea pre")):
                # A busy kernel sends what one cell prints in several pieces.
                if text := "".join(pre.decode_contents() for pre in cell.select(selector)).strip("\n"):
                    parts.append(f'<div class="{kind} highlight" data-notebook="{kind}">'
                                 f"<pre><code>{text}\n</code></pre></div>")
        return "\n".join(parts)

    def on_env(self, env: Any, *, config: MkDocsConfig, files: Files) -> None:
        """Draw a card for every page, for those who link to it, if the site has an address: a link preview asks for a whole one."""
        for file in files.documentation_pages() if config.site_url else ():
            source = Page.read(Path(config.docs_dir, file.src_uri))
            png = cards.draw(source, title_of(file.page), config.site_name, _programs(config))
            files.append(File.generated(config, f"{CARDS}/{Path(file.src_uri).with_suffix('.png')}", content=png))

    def on_page_context(self, context: Any, *, page: MkDocsPage, config: MkDocsConfig, nav: Navigation) -> Any:
        """Put the pages that name a program into booklet.md, and tell the templates a page's title and card."""
        context["heading"] = title_of(page)
        context["card"] = config.site_url and f"{config.site_url}{CARDS}/{Path(page.file.src_uri).with_suffix('.png')}"
        if page.file.name == "booklet":
            chapters = [booklet.Chapter(other.url, title_of(other) if not other.is_homepage else other.title, other.content,
                                        other.parent.title if other.parent else "")
                        for other in nav.pages if other.meta.get("program") and not _is_notebook(other)]
            page.content = booklet.compose(page.content, chapters, page.url)
        return context

    @event_priority(-100)  # after the search plugin, which writes its index then
    def on_post_build(self, *, config: MkDocsConfig) -> None:
        """Make the built folder ready for its readers. A site that has other scripts and styles is left as it was built."""
        if self.serving or not self.config.publish or not Path(config.site_dir, "assets", "site.js").is_file():
            return
        try:
            publish(config.site_dir, config.extra.get("python_host", ""))
        except ValueError as error:
            print(error, file=sys.stderr)
            raise Abort("Stopped: a script or a style cannot be published.") from error

    def on_build_error(self, *, error: Exception) -> None:
        """Stop without a traceback if a page is wrong: MkDocs has printed the error's one line."""
        if isinstance(error, PageError):
            raise Abort("Stopped at the first error of the pages.") from error


def title_of(page: MkDocsPage) -> str:
    """Return a page's own heading, which is unique where its short name in the navigation need not be."""
    first = next(iter(page.toc), None)
    return unescape(re.sub(r"<[^>]*>", "", first.title)) if first and first.level == 1 else page.title


def _is_notebook(page: MkDocsPage) -> bool:
    return (page.file.abs_src_path or "").endswith(".ipynb")


def _programs(config: MkDocsConfig) -> str:
    return config.mdx_configs.get("literate", {}).get("programs", PROGRAMS)
