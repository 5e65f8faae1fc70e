"""What only MkDocs needs: to be told which page is rendered, to be given the notebook, to stop without a traceback."""

import logging
import re
import sys
from pathlib import Path

import nbformat
from bs4 import BeautifulSoup
from mkdocs.config import config_options as option
from mkdocs.config.base import Config
from mkdocs.config.defaults import MkDocsConfig
from mkdocs.exceptions import Abort
from mkdocs.plugins import BasePlugin, event_priority
from mkdocs.structure.files import File, Files
from mkdocs.structure.pages import Page as MkDocsPage

from literate.page import Page, PageError
from literate.play import Kept
from literate.site.extension import kept_here
from literate.site.notebook import is_notebook, pictures, to_notebook
from literate.site.pages import begin_all, played, template_errors
from literate.state import PROGRAMS
from publish import PublishError
from publish.folder import publish

_LOG = logging.getLogger("mkdocs.plugins.literate")
_ATTACHED = re.compile(r'<script type="application/json" class="recording" data-href="([^"]*)">(.*?)</script>', re.S)


class Options(Config):
    """What may stand under `literate` in `plugins:`; the Markdown extension of the same name has options of its own."""

    publish = option.Type(bool, default=True)  # whether a built site is made ready for its readers
    pdf = option.Type(str, default="")  # the command of a Chromium, which composes the booklet as a PDF; '' for none


class LiteratePlugin(BasePlugin[Options]):
    """`literate` under `plugins:`."""

    serving = False

    def __init__(self) -> None:
        super().__init__()
        # What each notebook's programs have drawn, by its page and the number of the cell that it stands behind.
        self.pictures: dict[str, dict[int, str]] = {}

    def on_startup(self, *, command: str, dirty: bool) -> None:
        """Remember whether the site is only looked at while it is written: then it is not made ready for readers."""
        self.serving = command == "serve"

    def on_config(self, config: MkDocsConfig) -> None:
        """Let no page ask to be edited where nobody has said, by REPO_URL, where it lies."""
        if not config.repo_url:
            config.edit_uri = None

    @event_priority(-100)  # after mkdocs-jupyter, which would wrap the file in one of its own that loses its path
    def on_files(self, files: Files, *, config: MkDocsConfig) -> Files:
        """Begin to play all pages; put a notebook in the place of every one that is called notebook.md."""
        pages = [Path(config.docs_dir, file.src_uri) for file in files.documentation_pages()]
        kept = _kept(config)
        begin_all(sorted(pages, key=is_notebook, reverse=True), _programs(config), kept)  # the notebooks are asked for first
        for file in [file for file in files.documentation_pages() if is_notebook(Path(file.src_uri))]:
            notebook = Path(config.config_file_path).parent / ".cache" / Path(file.src_uri).with_suffix(".ipynb")
            notebook.parent.mkdir(parents=True, exist_ok=True)
            try:
                shown = played(Page.read(Path(config.docs_dir, file.src_uri)), _programs(config), kept)
                made = to_notebook(shown)
                self.pictures[file.src_uri] = pictures(shown)
            except PageError as error:
                _LOG.error("Error reading page '%s': %s", file.src_uri, error)  # as MkDocs says it of all other pages
                raise
            nbformat.write(made, notebook)
            files.remove(file)
            generated = File.generated(config, file.src_uri, abs_src_path=str(notebook))
            generated.generated_by = None  # it stands for a page that can be edited
            files.append(generated)
        return files

    def on_page_markdown(self, markdown: str, *, page: MkDocsPage, config: MkDocsConfig, files: Files) -> str:
        """Tell the extension, through its option, which page it is about to convert."""
        source = Path(config.docs_dir, page.file.src_uri)
        config.mdx_configs.setdefault("literate", {})["page"] = str(source)
        read = Page.read(source)  # which stops at a page that says nothing: Markdown would not be asked about it
        for error in template_errors(read, Path(config.theme.custom_dir) if config.theme.custom_dir else None):
            raise error
        if _is_notebook(page):
            page.meta = read.meta
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
        drawn = self.pictures.get(page.file.src_uri, {})
        for number, cell in enumerate(soup.select(".jp-Notebook > *")):
            for text in cell.select(".jp-RenderedMarkdown"):
                for anchor in text.select("a.anchor-link"):
                    anchor["class"] = "headerlink"
                parts.append(text.decode_contents())
            for kind, selector in (("code", ".jp-InputArea pre"), ("output", ".jp-OutputArea pre")):
                # A busy kernel sends what one cell prints in several pieces.
                if text := "".join(pre.decode_contents() for pre in cell.select(selector)).strip("\n"):
                    parts.append(f'<div class="{kind} highlight" data-notebook="{kind}"><pre><code>{text}\n</code></pre></div>')
            if number in drawn:
                parts.append(drawn[number])
        file = Path(page.file.abs_src_path or "").name  # which mkdocs-jupyter lays beside the page
        name = Path(page.meta["program"]).with_suffix(".ipynb").name
        parts.insert(1, f'<p><a href="{file}" download="{name}">Download this notebook</a></p>')
        return "\n".join(parts)

    @event_priority(-100)  # after the search plugin, which writes its index then
    def on_post_build(self, *, config: MkDocsConfig) -> None:
        """Say what was played. Make the built folder ready for its readers, if it has the site's own scripts and styles."""
        kept = _kept(config)
        if kept:
            _LOG.info("%s", kept)
            kept.played = kept.taken = 0
        if self.serving or not self.config.publish or not Path(config.site_dir, "assets", "site.js").is_file():
            return
        try:
            publish(config.site_dir, kept.folder.parent / "published" if kept else None, self.config.pdf)
        except PublishError as error:
            print(error, file=sys.stderr)
            raise Abort("Stopped: the site is built, and cannot be published.") from error

    def on_build_error(self, *, error: Exception) -> None:
        """Stop without a traceback if a page is wrong: MkDocs has printed the error's one line."""
        if isinstance(error, PageError):
            raise Abort("Stopped at the first error of the pages.") from error


def _is_notebook(page: MkDocsPage) -> bool:
    return (page.file.abs_src_path or "").endswith(".ipynb")


def _kept(config: MkDocsConfig) -> Kept | None:
    return kept_here() if config.mdx_configs.get("literate", {}).get("keep") else None


def _programs(config: MkDocsConfig) -> str:
    return config.mdx_configs.get("literate", {}).get("programs", PROGRAMS)
