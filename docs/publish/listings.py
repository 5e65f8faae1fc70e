"""Listings: the page that shows the whole of a program, and what on any page leads there."""

import posixpath
import re
from collections.abc import Iterable, Mapping

from publish.pages import Page

HEADER = re.compile(r'(<a class="program-link" href=")[^"]*')
LINES = re.compile(r'<a href="([^"#]*)#L\d+" target="program"')
RUNNER = re.compile(r'<div class="runner" data-program="([^"]*)"')


def of(pages: Iterable[Page]) -> dict[str, list[str]]:
    """Return the addresses of the pages that list a program, by the name that they have for it."""
    found: dict[str, list[str]] = {}
    for page in pages:
        if page.tree.css_first("article .listing"):
            found.setdefault(page.meta("program"), []).append(page.address)
    return found


def lead(page: Page, html: str, listings: Mapping[str, list[str]]) -> str:
    """Return a page's HTML with each runner led to the listing of its own program, and the header to that of the page.

    A page's listing is itself, or where its first link to a line leads, or else that of the program that it names.
    """
    program = page.meta("program")
    own = _address(page, program, listings)
    if page.address not in listings.get(program, ()) and (line := LINES.search(html)):
        own = line[1]
    html = HEADER.sub(lambda link: link[1] + (own or link[0].removeprefix(link[1])), html, count=1)

    def led(runner: re.Match[str]) -> str:
        address = _address(page, runner[1], listings)
        return f'{runner[0]} data-listing="{address}"' if address else runner[0]

    return RUNNER.sub(led, html)


def _address(page: Page, program: str, listings: Mapping[str, list[str]]) -> str:
    """Return where a program is listed, as a link of a page; of several listings the nearest, and '' if there is none."""
    folder = posixpath.dirname(page.address)
    links = [
        posixpath.relpath(posixpath.dirname(address) or ".", folder or ".") + "/" + posixpath.basename(address)
        for address in listings.get(program, ())
    ]
    return min(links, key=lambda link: link.count("../"), default="")
