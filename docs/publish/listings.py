"""Listings: the page that shows the whole of a program, and what on any page leads there."""

import posixpath
import re
from collections.abc import Iterable, Mapping

from publish.pages import Page

HEADER = re.compile(r'(<a class="program-link" href=")[^"]*')
LINES = re.compile(r'<a href="([^"#]*)#L\d+" target="program"')
BODY = re.compile(r"<body\b")
RUNNER = re.compile(r'<div class="runner" data-program="([^"]*)"')


def of(pages: Iterable[Page]) -> dict[str, dict[str, int]]:
    """Return the addresses of the pages that list a program, by its name, with the letters of its longest line."""
    found: dict[str, dict[str, int]] = {}
    for page in pages:
        if code := page.tree.css_first("article .listing pre code"):
            found.setdefault(page.meta("program"), {})[page.address] = max(map(len, code.text().split("\n")))
    return found


def lead(page: Page, html: str, listings: Mapping[str, Mapping[str, int]]) -> str:
    """Return a page's HTML with each runner led to the listing of its own program, and the header to that of the page.

    A page's listing is itself, or where its first link to a line leads, or else that of the program that it names. How wide it is
    stands in the style of the body, so that its place beside the text is kept before it is there.
    """
    program = page.meta("program")
    own = _address(page, program, listings)
    if page.address not in listings.get(program, ()) and (line := LINES.search(html)):
        own = line[1]
    address = posixpath.normpath(posixpath.join(posixpath.dirname(page.address), own)).removeprefix(".") + "/"
    for pages in listings.values():
        if own and page.address not in pages and (columns := pages.get(address.lstrip("/"))):
            html = BODY.sub(f'<body style="--columns:{columns}"', html, count=1)
    html = HEADER.sub(lambda link: link[1] + (own or link[0].removeprefix(link[1])), html, count=1)

    def led(runner: re.Match[str]) -> str:
        address = _address(page, runner[1], listings)
        return f'{runner[0]} data-listing="{address}"' if address else runner[0]

    return RUNNER.sub(led, html)


def _address(page: Page, program: str, listings: Mapping[str, Iterable[str]]) -> str:
    """Return where a program is listed, as a link of a page; of several listings the nearest, and '' if there is none."""
    folder = posixpath.dirname(page.address)
    links = [
        posixpath.relpath(posixpath.dirname(address) or ".", folder or ".") + "/" + posixpath.basename(address)
        for address in listings.get(program, ())
    ]
    return min(links, key=lambda link: link.count("../"), default="")
