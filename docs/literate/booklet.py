"""The booklet: the pages that explain a program, one after another on one page, for paper.

Works on the pages as they have been built, so that it can say nothing that they do not say.
"""

import posixpath
import re
from dataclasses import dataclass
from html import escape
from urllib.parse import urldefrag, urljoin


@dataclass(frozen=True)
class Chapter:
    """One page of the booklet."""

    url: str  # from the site's root, as 'walk/delta/'
    title: str
    html: str  # of its article
    part: str = ""  # the section of the navigation that it stands in, if it stands in one

    @property
    def name(self):
        """What the ids of its elements begin with."""
        return self.url.strip("/").replace("/", "-") or "start"


_TAG = re.compile(r"<(?P<end>/?)(?P<name>[a-zA-Z][\w:-]*)(?P<attributes>[^>]*)>")
_ATTRIBUTE = re.compile(r' (?P<name>[\w:-]+)="(?P<value>[^"]*)"')

# What only a screen has a use for: links to a heading itself, buttons, runners, evidence, and the code that draws a figure.
_SCREEN = re.compile(r'<a class="headerlink".*?</a>|<p>\s*<a class="md-button.*?</a>\s*</p>|<div class="runner"[^>]*></div>|'
                     r'<p class="holds-alone">.*?</p>|\u2060?<button class="holds".*?<span class="evidence".*?</span>|'
                     r'<details class="figure">.*?</details>', re.S)
_SCRIPTED = ("data-at", "data-iterations", "target")  # attributes that only a script, or a second tab, has a use for
_NAMES = ("id", "for", "aria-labelledby", "aria-describedby")  # attributes that hold ids


def compose(title, chapters, here):
    """Return the booklet as HTML: what the page `title` says, a table of contents, then every chapter.

    Headings go down to stand below their part, ids begin with their chapter's name, links between chapters lead to places of the
    booklet, others from the address `here` to where they led.
    """
    written, contents, part = [], [], ""
    for chapter in chapters:
        if chapter.part != part and chapter.part:
            name = f"part-{_slug(chapter.part)}"
            written.append(f'<h2 class="part" id="{name}">{escape(chapter.part)}</h2>')
            contents.append(_entry(name, chapter.part, "part"))
        part = chapter.part
        contents.append(_entry(chapter.name, chapter.title, "chapter" if part else "part"))
        written.append(f'<section class="chapter" id="{chapter.name}">{_write(chapter, chapters, here)}</section>')
    contents = f'<nav class="contents" aria-label="Contents"><ul>{"".join(contents)}</ul></nav>'
    return "\n".join([_SCREEN.sub("", title), contents, *written])


def _entry(name, title, kind):
    return f'<li class="{kind}"><a href="#{name}">{escape(title)}</a></li>'


def _slug(text):
    return "-".join(re.findall(r"[a-z0-9]+", text.lower()))


def _write(chapter, chapters, here):
    places = {f"/{other.url}": other.name for other in chapters}
    down = 2 if chapter.part else 1

    def tag(found):
        name, end = found["name"], found["end"]
        if heading := re.fullmatch(r"h([1-6])", name):
            name = f"h{min(int(heading[1]) + down, 6)}"
        if name == "details" and not end and not re.search(r"\bopen\b", found["attributes"]):
            return f"<details open{_ATTRIBUTE.sub(attribute, found['attributes'])}>"
        return f"<{end}{name}{_ATTRIBUTE.sub(attribute, found['attributes'])}>"

    def attribute(found):
        name, value = found["name"], found["value"]
        if name in _SCRIPTED:
            return ""
        if name in _NAMES:
            value = " ".join(f"{chapter.name}--{one}" for one in value.split())
        elif name in ("href", "xlink:href", "src"):
            value = lead(value)
        return f' {name}="{value.replace("url(#", f"url(#{chapter.name}--")}"'

    def lead(address):
        if re.match(r"[a-z]+:", address):
            return address
        address, fragment = urldefrag(urljoin(f"/{chapter.url}", address))
        if address in places:
            return f"#{places[address]}{fragment and f'--{fragment}'}"
        return posixpath.relpath(address, f"/{here}") + "/" * address.endswith("/") + (fragment and f"#{fragment}")

    html = _SCREEN.sub("", chapter.html)
    html = re.sub(r"(<h1[^>]*>).*?(</h1>)", rf"\g<1>{escape(chapter.title)}\g<2>", html, count=1, flags=re.S)
    # A listing's lines are not broken: it scrolls.
    html = re.sub(r'(<div class="listing">.*?<code)>', r'\1 tabindex="0">', html, flags=re.S)
    return _TAG.sub(tag, html)
