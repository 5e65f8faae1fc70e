"""A page, all the way to its HTML: what the check and the tests look at is what the site shows."""

import contextlib
import functools
import re
from collections.abc import Iterable, Mapping
from pathlib import Path
from typing import Any

import yaml
from markdown import Markdown

from literate.page import Page, PageError
from literate.play import Form, Kept, Played, apart, play
from literate.site.extension import LiterateExtension
from literate.site.notebook import NotebookForm, is_notebook
from literate.state import PROGRAMS
from literate.write import MarkdownForm

# What a page is converted with if no mkdocs.yml stands above it that says so.
EXTENSIONS: dict[str, dict[str, Any]] = {
    "admonition": {},
    "attr_list": {},
    "md_in_html": {},
    "tables": {},
    "toc": {},
    "pymdownx.blocks.caption": {},
    "pymdownx.blocks.details": {"types": [{"name": "figure", "class": "figure"}]},
    "pymdownx.blocks.html": {},
    "pymdownx.details": {},
    "pymdownx.highlight": {"linenums_style": "pymdownx-inline", "stripnl": False},
    "pymdownx.superfences": {},
    "pymdownx.tabbed": {"alternate_style": True},
}


def form_of(page: Page) -> Form:
    """Return the form in which the site has a page."""
    return NotebookForm() if is_notebook(page.path) else MarkdownForm(page)


def played(page: Page, programs: str = PROGRAMS, kept: Kept | None = None) -> Played:
    """Return a page that has been walked in the form in which the site has it; raise PageError if it cannot begin."""
    return (kept.play if kept else play)(page, form_of(page), programs)


def begin_all(paths: Iterable[Path], programs: str = PROGRAMS, kept: Kept | None = None) -> None:
    """Begin to play some pages, side by side: each will be asked for. One that cannot be read will say so then."""
    for path in paths:
        with contextlib.suppress(PageError, OSError):
            page = Page.read(path)
            (kept or apart).begin(page, form_of(page), programs)


def errors_in(shown: Played) -> list[PageError]:
    """Return every error of a page, in the order of its lines: of its blocks, and of the HTML that comes of them."""
    found = [*shown.errors, *template_errors(shown.page, _theme(shown.page.path))]
    if isinstance(shown.form, MarkdownForm):
        options = _extensions(shown.page.path)
        literate = LiterateExtension(shown)
        Markdown(extensions=[literate, *options], extension_configs=options).convert(shown.page.body)
        known = {error.line for error in found}
        found += [error for error in literate.errors if error.line not in known]
    return sorted(found, key=lambda error: error.line)


def template_errors(page: Page, theme: Path | None) -> list[PageError]:
    """Return what is wrong with a page's template: it is not in the folder of the theme."""
    name = page.meta.get("template")
    if not name or theme and (theme / name).is_file():
        return []
    return [
        page.error(
            page.line_of("template"), f"`template: {name}` is no template of the theme; name one of its files, or delete the line"
        )
    ]


def errors(path: str | Path, text: str | None = None, programs: str = PROGRAMS) -> list[PageError]:
    """Return every error of the page at `path`, or of a text that is to stand there, in the order of its lines."""
    try:
        return errors_in(played(Page.read(path) if text is None else Page(path, text), programs))
    except PageError as error:
        return [error]


def to_markdown(page: Page, programs: str = PROGRAMS) -> str:
    """Return a page as plain Markdown, for a site without this engine; raise its first PageError."""
    shown = play(page, MarkdownForm(page), programs)
    for error in shown.errors:
        raise error
    form = shown.form
    assert isinstance(form, MarkdownForm)
    text = form.whole([result.written for result in shown.results])
    return re.sub(rf"{form.name}-(\d+)", lambda found: form.html[int(found[1])], text)


def _extensions(path: Path) -> Mapping[str, dict[str, Any]]:
    """Return the Markdown extensions of the site that a page belongs to, with their options."""
    listed = _configuration(path)[1].get("markdown_extensions")
    pairs = [next(iter(item.items())) if isinstance(item, dict) else (item, {}) for item in listed or ()]
    return {name: options or {} for name, options in pairs if name != "literate"} if listed else EXTENSIONS


def _theme(path: Path) -> Path | None:
    """Return the folder of the templates of the site that a page belongs to."""
    folder, configuration = _configuration(path)
    theme = configuration.get("theme")
    return folder / theme["custom_dir"] if isinstance(theme, dict) and theme.get("custom_dir") else None


def _configuration(path: Path) -> tuple[Path, dict[str, Any]]:
    """Return the folder and the mkdocs.yml of the site that a page belongs to; empty if there is none."""
    file = next((file for folder in path.absolute().parents if (file := folder / "mkdocs.yml").is_file()), None)
    if not file:
        return path.parent, {}
    try:
        return file.parent, _read(file.read_text(encoding="utf-8"))
    except yaml.YAMLError as error:
        line = 1 + (mark.line if (mark := getattr(error, "problem_mark", None)) else 0)
        raise PageError(file, line, "this file is not YAML here; see what was changed last") from error


@functools.lru_cache(maxsize=8)
def _read(text: str) -> dict[str, Any]:
    return yaml.load(text, _Loader) or {}


class _Loader(yaml.SafeLoader):
    """Reads mkdocs.yml, whose own tags (!ENV, !!python/name) say nothing about most extensions."""


_Loader.add_multi_constructor("", lambda loader, suffix, node: None)
