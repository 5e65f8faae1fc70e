"""The booklet: the pages that explain a program, one after another on one page, for paper.

Made of the pages as they have been built, so that it can say nothing that they do not say.
"""

import posixpath
import re
from collections.abc import Sequence
from dataclasses import dataclass
from html import escape
from urllib.parse import urldefrag, urljoin

from selectolax.lexbor import LexborHTMLParser, LexborNode, create_tag

from publish import PublishError
from publish.pages import Page, in_order


@dataclass(frozen=True)
class Chapter:
    """One page of the booklet."""

    url: str  # from the site's root, as 'walk/delta/'
    title: str
    html: str  # of its article
    part: str = ""  # the section of the navigation that it stands in, if it stands in one

    @property
    def name(self) -> str:
        """What the ids of its elements begin with."""
        return self.url.strip("/").replace("/", "-") or "start"


# What only a screen has a use for: links to a heading itself, runners, evidence, a figure's code, an inspector's network.
_SCREEN = ".headerlink, .runner, .fence, .steps, .holds, .evidence, .holds-alone, .place.last, details.figure, .began"
# Attributes that only a script, or a second tab, has a use for.
_SCRIPTED = (
    "data-at",
    "data-iterations",
    "data-iteration",
    "data-lines",
    "data-call",
    "data-inner",
    "data-example",
    "data-turn",
    "data-search-exclude",
    "data-sketch",
    "data-program",
    "data-cells",
    "data-line",
    "data-of",
    "data-size",
    "data-from",
    "data-full",
    "data-x",
    "data-y",
    "data-slope",
    "data-exercise",
    "data-sheet",
    "data-around",
    "data-key",
    "data-kind",
    "data-loss",
    "data-examples",
    "target",
)
_NAMES = ("id", "for", "name", "headers", "aria-labelledby", "aria-describedby", "aria-controls")  # ids, or a group's name
_ADDRESSES = ("href", "xlink:href", "src")


def bind(booklet: Page, pages: Sequence[Page]) -> str:
    """Return the HTML of a booklet's page: what it says itself, and then all pages that say which program they are about.

    They come in the order of the navigation. A notebook, which shows the program once more, is left out.
    """
    chapters = [
        Chapter(page.address, page.heading if page.address else page.label or page.heading, page.article, page.part)
        for page in in_order(pages)
        if page.meta("program") and page.kind != "notebook"
    ]
    if not chapters:
        raise PublishError(
            f"{booklet.address}index.html: the booklet would be empty, as no page of the navigation says in its "
            "front matter, with `program:`, what it is about"
        )
    body = compose(booklet.article, chapters, booklet.address)
    bound, found = re.subn(
        r"(<article\b[^>]*>).*(</article>)", lambda article: article[1] + body + article[2], booklet.html, flags=re.DOTALL
    )
    if not found:
        raise PublishError(
            f"{booklet.address}index.html: there is no article to put the chapters into; see docs/theme/booklet.html"
        )
    return bound


def compose(title: str, chapters: Sequence[Chapter], here: str) -> str:
    """Return the booklet as HTML: what the page `title` says, a table of contents, then every chapter.

    Headings go down to stand below their part, ids begin with their chapter's name, links between chapters lead to places of the
    booklet, others from the address `here` to where they led.
    """
    written, contents, answers, part = list[str](), list[str](), list[str](), ""
    for chapter in chapters:
        if chapter.part != part and chapter.part:
            name = f"part-{_slug(chapter.part)}"
            written.append(f'<h2 class="part" id="{name}">{escape(chapter.part)}</h2>')
            contents.append(_entry(name, chapter.part, "part"))
        part = chapter.part
        contents.append(_entry(chapter.name, chapter.title, "chapter" if part else "part"))
        body = _write(chapter, chapters, here)
        if found := _take_answers(body, chapter.name):
            answers.append(f"<h3>{escape(chapter.title)}</h3>{found}")
        written.append(f'<section class="chapter" id="{chapter.name}">{_html(body)}</section>')
    if answers:
        contents.append(_entry("answers", "Answers", "part"))
        written.append(f'<section class="answers" id="answers"><h2>Answers</h2>{"".join(answers)}</section>')
    entries = f'<nav class="contents" aria-label="Contents"><ul>{"".join(contents)}</ul></nav>'
    return "\n".join([_html(_for_paper(title)), entries, *written])


def _take_answers(body: LexborNode, chapter: str) -> str:
    """Leave of each question of a chapter what is asked, and room to write; return the HTML of the answers."""
    answers = []

    def told(name: str, asked: str, *said: str) -> str:
        answers.append(f'<div id="{name}--answer"><p><a href="#{name}">{escape(asked)}</a></p>{"".join(said)}</div>')
        return f'<p class="room"><a href="#{name}--answer">The answer</a></p>'

    for field in body.css(".asked"):
        asked, right = field.css_first("legend"), field.css_first("[data-right]")
        folded = field.next
        while folded and folded.tag != "details":
            folded = folded.next
        if not (field.id and asked and right and folded):
            raise PublishError(f"the question {field.id} has no right choice, or no answer below it; build the site again")
        summary, label, said = folded.css_first("summary"), right.css_first("label"), right.css_first(".feedback")
        for node in (*field.css("input, [role=status]"), *([summary] if summary else [])):
            node.decompose()
        room = told(field.id, asked.text(), f"<p><em>{_html(label)}</em></p>", _html(said), _html(folded))
        folded.decompose()
        del right.attrs["data-right"]
        for item in field.css("li"):
            item.inner_html = _html(item.css_first("label"))
        field.inner_html = _html(field) + room
    for task in body.css(".exercise"):
        hidden = [node for node in task.css("details") if node.parent == task]
        asked = task.css_first("p")
        room = told(task.id or "", asked.text() if asked else "", *(node.html or "" for node in hidden))
        for node in hidden:
            node.decompose()
        task.inner_html = _html(task) + room
    for number, folded in enumerate(body.css("details.question"), 1):  # what is asked in a sentence, with nothing to choose
        name, place, summary = f"{chapter}--folded-{number}", create_tag("div"), folded.css_first("summary")
        above, question = _question_above(folded), summary.text().strip() if summary else ""
        if summary:
            summary.decompose()
        room = told(name, above or question, _html(folded))
        place.attrs["id"], place.inner_html = name, room if above else f"<p>{escape(question)}</p>{room}"
        folded.replace_with(place)
    return "".join(answers)


def _question_above(folded: LexborNode) -> str:
    """Return the nearest paragraph above, in the same section, in which something is asked."""
    node = folded.prev
    while node and not re.fullmatch("h[1-6]", node.tag or ""):
        if node.tag == "p" and "?" in node.text():
            return node.text().strip()
        node = node.prev
    return ""


def _entry(name: str, title: str, kind: str) -> str:
    return f'<li class="{kind}"><a href="#{name}">{escape(title)}</a></li>'


def _slug(text: str) -> str:
    return "-".join(re.findall(r"[a-z0-9]+", text.lower()))


def _for_paper(html: str) -> LexborNode:
    """Return an article's elements without those that only a screen has a use for."""
    body = LexborHTMLParser(html).body
    assert body  # the parser makes one for any text
    for node in body.css(_SCREEN):
        node.decompose()
    for network in body.css(".network"):
        if network.css_first(".view"):  # an inspector's
            network.decompose()
    for frame in body.css('.network .frame:not(.live[data-example="1"])'):
        frame.decompose()  # of a network, paper shows one example in one iteration, and says which
    for svg in body.css(".network svg[aria-labelledby]"):  # its title and description are its name without that, too
        del svg.attrs["aria-labelledby"]
        for words in svg.css("title[id], desc[id]"):
            del words.attrs["id"]
    for choices in body.css(".network .choices"):
        chosen = [
            f"{legend.text()} {field.parent.text()}"
            for group in choices.css("fieldset")
            if (legend := group.css_first("legend")) and (field := group.css_first("[checked]")) and field.parent
        ]
        choices.inner_html = escape(", ".join(chosen))
        choices.attrs["class"] = "key"
    for output in body.css(":is(.code, .what-if) + .output"):  # which belongs on the sheet of what printed it
        code = output.prev
        while code and code.tag == "-text":
            code = code.prev
        if code:
            pair = create_tag("div")
            pair.attrs["class"] = "pair"
            pair.inner_html = f"{code.html}{output.html}"
            code.replace_with(pair)
            output.decompose()
    for button in body.css("a.md-button"):
        around = button.parent
        if around and around.tag == "p" and not _words_beside_buttons(around):
            around.decompose()
        else:  # in a sentence it is a link like others
            del button.attrs["class"]
    return body


def _words_beside_buttons(paragraph: LexborNode) -> str:
    copy = paragraph.clone()
    for button in copy.css("a.md-button"):
        button.decompose()
    return copy.text().strip() or "".join(node.tag or "" for node in copy.css("img, svg"))


def _write(chapter: Chapter, chapters: Sequence[Chapter], here: str) -> LexborNode:
    places = {f"/{other.url}": other.name for other in chapters}
    down = 2 if chapter.part else 1

    def lead(address: str) -> str:
        if re.match(r"[a-z]+:", address):
            return address
        address, fragment = urldefrag(urljoin(f"/{chapter.url}", address))
        if address in places:
            return f"#{places[address]}{fragment and f'--{fragment}'}"
        return posixpath.relpath(address, f"/{here}") + "/" * address.endswith("/") + (fragment and f"#{fragment}")

    body = _for_paper(chapter.html)
    if heading := body.css_first("h1"):
        heading.inner_html = escape(chapter.title)
    for details in body.css("details"):
        details.attrs["open"] = None
    for code in body.css(".listing code"):
        code.attrs["tabindex"] = "0"  # a listing's lines are not broken: it scrolls
    for node in body.css("*"):
        for name, value in node.attributes.items():
            if name in _SCRIPTED:
                del node.attrs[name]
                continue
            text = value or ""
            if name in _NAMES:
                text = " ".join(f"{chapter.name}--{one}" for one in text.split())
            elif name in _ADDRESSES:
                text = lead(text)
            text = text.replace("url(#", f"url(#{chapter.name}--")
            if text != (value or ""):
                node.attrs[name] = text
    for node in body.css("h1, h2, h3, h4, h5, h6"):
        lower = create_tag(f"h{min(int((node.tag or 'h1')[1]) + down, 6)}")
        for name, value in node.attributes.items():
            lower.attrs[name] = value
        lower.inner_html = node.inner_html or ""
        node.replace_with(lower)
    return body


def _html(node: LexborNode | None) -> str:
    return node and node.inner_html or ""
