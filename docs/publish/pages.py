"""Pages: what a built page says of itself, whichever generator has built it."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path
from urllib.parse import urldefrag, urljoin

from selectolax.lexbor import LexborHTMLParser, LexborNode

# What the theme lays into an article around the page's own content.
THEME = "#__skip, .md-content__button, .md-source-file, .md-tags, .md-feedback"


@dataclass(frozen=True)
class Page:
    """One page of a built site.

    address: where it is served from, below the site's root ('walk/delta/'; '' is the first page)
    html: its text
    """

    address: str
    html: str

    @classmethod
    def at(cls, site: Path, path: Path, html: str) -> "Page":
        """Return the page that a file of the site holds."""
        return cls(path.relative_to(site).as_posix().removesuffix("index.html"), html)

    @cached_property
    def tree(self) -> LexborHTMLParser:
        """The page's elements, to be read and not to be changed."""
        return LexborHTMLParser(self.html)

    @property
    def kind(self) -> str:
        """The last name of its address: a page is a booklet or a notebook by that."""
        return self.address.rstrip("/").rpartition("/")[2].removesuffix(".html")

    @property
    def article(self) -> str:
        """The HTML of its content, without what the theme lays around it; '' if it has none."""
        node = LexborHTMLParser(self.html).css_first("article")
        if not node:
            return ""
        for found in node.css(THEME):
            found.decompose()
        return node.inner_html or ""

    @property
    def heading(self) -> str:
        """The words of its first heading, or else those that the navigation has for it."""
        heading = self.tree.css_first("article h1")
        return text_of(heading, without=".headerlink") if heading else self.label

    @property
    def label(self) -> str:
        """The words of the navigation for it; '' if it does not stand there."""
        link = self.tree.css_first(".md-nav--primary a.md-nav__link--active")
        return text_of(link) if link else ""

    @property
    def part(self) -> str:
        """The section of the navigation that it stands in; '' if it stands in none."""
        sections = self.tree.css(".md-nav--primary .md-nav__item--nested.md-nav__item--active > nav > label.md-nav__title")
        return text_of(sections[-1]) if sections else ""

    @property
    def following(self) -> str | None:
        """The address of the page that comes next in the navigation, or None."""
        link = self.tree.css_first("a.md-footer__link--next")
        if not link:
            return None
        return urldefrag(urljoin(f"/{self.address}", link.attributes["href"] or ""))[0].lstrip("/")

    def meta(self, name: str) -> str:
        """What a `meta` of its head says; '' if there is none of that name."""
        tag = self.tree.css_first(f'meta[name="{name}"], meta[property="{name}"]')
        return (tag.attributes.get("content") or "") if tag else ""


def in_order(pages: Iterable[Page]) -> Iterator[Page]:
    """Return pages in the order of the navigation, from the first one on."""
    of = {page.address: page for page in pages}
    address: str | None = ""
    while address is not None and (page := of.pop(address, None)):
        yield page
        address = page.following


def text_of(node: LexborNode, without: str = "") -> str:
    """Return an element's words on one line, without those of some elements in it."""
    if without:
        node = node.clone()
        for found in node.css(without):
            found.decompose()
    return " ".join(node.text().split())
