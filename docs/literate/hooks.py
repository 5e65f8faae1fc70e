"""What only MkDocs needs: to be told which page is rendered, to be given the notebook, to stop without a traceback."""

import re
import sys
from html import unescape
from pathlib import Path, PurePosixPath

import nbformat
from bs4 import BeautifulSoup
from mkdocs.exceptions import Abort
from mkdocs.plugins import event_priority
from mkdocs.structure.files import File

from literate import booklet, cards
from literate.notebook import to_notebook
from literate.page import Page, PageError
from literate.publish import publish
from literate.recording import Recording
from literate.session import PROGRAMS, read_program

CARDS = "assets/cards"

serving = False


def on_startup(command, dirty):
    """Remember whether the site is only looked at while it is written: then it is not made ready for readers."""
    global serving
    serving = command == "serve"


def on_config(config):
    """Let no page ask to be edited where nobody has said, by REPO_URL, where it lies."""
    if not config.repo_url:
        config.edit_uri = None


@event_priority(-100)  # after mkdocs-jupyter, which would wrap the file in one of its own that loses its path
def on_files(files, config):
    """Put a notebook in the place of every page that is called notebook.md, and a recording beside every program.md."""
    programs = config.mdx_configs.get("literate", {}).get("programs", PROGRAMS)
    for file in [file for file in files.documentation_pages() if file.name == "notebook"]:
        page = Page.read(file.abs_src_path)
        notebook = Path(config.config_file_path).parent / ".cache" / Path(file.src_uri).with_suffix(".ipynb")
        notebook.parent.mkdir(parents=True, exist_ok=True)
        nbformat.write(to_notebook(page, programs), notebook)
        files.remove(file)
        made = File.generated(config, file.src_uri, abs_src_path=str(notebook))
        made.generated_by = None  # it stands for a page that can be edited
        files.append(made)
    for file in [file for file in files.documentation_pages() if file.name == "program"]:
        page = Page.read(file.abs_src_path)
        if page.program:
            recording = Recording.of(read_program(Path(programs) / page.program))
            files.append(File.generated(config, str(Path(file.src_uri).with_suffix(".json")), content=recording.to_json()))
    return files


def on_page_markdown(markdown, page, config, files):
    """Tell the extension, through its option, which page it is about to convert, and MkDocs the template of the booklet."""
    source = Path(config.docs_dir, page.file.src_uri)
    config.mdx_configs.setdefault("literate", {})["page"] = str(source)
    if _is_notebook(page):
        page.meta = Page.read(source).meta
    if page.file.name == "booklet":
        page.meta["template"] = "booklet.html"
    return markdown


def on_page_content(html, page, config, files):
    """Bring the notebook's page to the form of its neighbours: their markup, without Jupyter's styles and scripts."""
    if not _is_notebook(page):
        return html
    soup, parts = BeautifulSoup(html, "html.parser"), []
    for cell in soup.select_one(".jp-Notebook").find_all(recursive=False):
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


def on_env(env, config, files):
    """Draw a card for every page, for those who link to it, if the site has an address: a link preview asks for a whole one."""
    for file in files.documentation_pages() if config.site_url else ():
        source = Page.read(Path(config.docs_dir, file.src_uri))
        png = cards.draw(source, title_of(file.page), config.site_name, config.mdx_configs["literate"].get("programs", PROGRAMS))
        files.append(File.generated(config, f"{CARDS}/{Path(file.src_uri).with_suffix('.png')}", content=png))


def on_page_context(context, page, config, nav):
    """Put the pages that name a program into booklet.md, and tell the templates a page's title, its card, and its listing."""
    context["heading"] = title_of(page)
    listings = {PurePosixPath(other.file.src_uri).parent: other.url for other in nav.pages if other.file.name == "program"}
    here = PurePosixPath(page.file.src_uri)
    context["program_page"] = next((listings[folder] for folder in here.parents if folder in listings), None)
    context["card"] = config.site_url and f"{config.site_url}{CARDS}/{Path(page.file.src_uri).with_suffix('.png')}"
    if page.file.name == "booklet":
        chapters = [booklet.Chapter(other.url, title_of(other) if not other.is_homepage else other.title, other.content,
                                    other.parent.title if other.parent else "")
                    for other in nav.pages if other.meta.get("program") and not _is_notebook(other)]
        page.content = booklet.compose(page.content, chapters, page.url)
    return context


def title_of(page):
    """Return a page's own heading, which is unique where its short name in the navigation need not be."""
    first = next(iter(page.toc), None)
    return unescape(re.sub(r"<[^>]*>", "", first.title)) if first and first.level == 1 else page.title


@event_priority(-100)  # after the search plugin, which writes its index then
def on_post_build(config):
    """Make the built folder ready for its readers. A site that has other scripts and styles is left as it was built."""
    if serving or not Path(config.site_dir, "assets", "site.js").is_file():
        return
    try:
        publish(config.site_dir, config.extra.get("python_host", ""))
    except ValueError as error:
        print(error, file=sys.stderr)
        raise Abort("Stopped: a script or a style cannot be published.") from error


def on_build_error(error):
    """Stop without a traceback if a page is wrong: MkDocs has printed the error's one line."""
    if isinstance(error, PageError):
        raise Abort("Stopped at the first error of the pages.") from error


def _is_notebook(page):
    return (page.file.abs_src_path or "").endswith(".ipynb")
