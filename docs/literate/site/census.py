"""The census of a page's HTML, as a browser reads it: each fence stands in it once, with its text, and no other code does."""

import re

from selectolax.lexbor import LexborHTMLParser, LexborNode

from literate.page import Fence, PageError
from literate.play import Played

_KINDS = ("embed", "what-if", "code", "output", "display")
# Until they are closed, a browser shows nothing that follows, or not as it is meant.
_SWALLOWING = ("script", "style", "textarea", "title", "iframe", "xmp", "noembed", "noframes", "select", "template", "svg")
_LOST = re.compile(r"(?:<code>|`)([^`<>\n]*)(?:</code>|`)\{\.value\b")  # which Markdown has not read
_IN_HTML = re.compile(r"<[a-z][^>]*`+ ?\{python\}|<[a-z].*`+ ?\{python\}", re.I)
_PRE = re.compile(r"<pre\b[^>]*>\s*(</pre>.*)?$", re.I)  # with nothing in it on its line
_LEFT = re.compile(r'``` \{.* data-(?:embed|what-if|code|output|display)="(\d+)"')


def take(html: str, played: Played) -> list[PageError]:
    """Return what is wrong with a page's HTML: code that is no block of the page, and blocks that do not stand there once."""
    page, errors, seen = played.page, [], []
    body = LexborHTMLParser(f"<body>{html}").body
    lines = page.text.split("\n")

    def stray(code: str) -> None:
        code = code.strip().partition("\n")[0]
        left = _LEFT.match(code)  # a fence that Markdown took for plain text
        said = ((prose.line + n, line) for prose in page.prose for n, line in enumerate(prose.text.split("\n")))
        where = enumerate(lines, 1) if code else said
        at = int(left[1]) if left else next((n for n, line in where if (code in line if code else _PRE.search(line))), 1)
        errors.append(
            page.error(
                at,
                f"this code ({'```' if left else code or '<pre>'}) is no fence to Markdown, so it would be shown "
                "and not run; write it as a fence, indented like the text that it belongs to",
            )
        )

    for pre in body.css("pre") if body else ():
        text = pre.text()
        if line := _line_of(pre):
            seen.append((line, _plain(text)))
        else:
            stray(text)
    for found in re.finditer(r"``` \{\..*", body.text() if body else ""):
        if _LEFT.match(found[0]):
            stray(found[0])
    for name in _SWALLOWING:
        if body and len(body.css(name)) > len(re.findall(rf"</{name}\b", html, re.I)):
            at = next((n for n, line in enumerate(lines, 1) if re.search(rf"<{name}\b", line, re.I)), 1)
            errors.append(
                page.error(at, f"this <{name}> is never closed, and what follows is not seen; write </{name}> after it")
            )
    for lost in dict.fromkeys(_LOST.findall(re.sub(r"<pre\b.*?</pre>", "", html, flags=re.S))):
        block = next((result.block for result in played.results if f"{lost}`{{.value" in str(result.written)), None)
        at = block.line if block else 1
        role = next((n for n in range(at, len(lines) + 1) if _IN_HTML.search(lines[n - 1])), at)
        errors.append(
            page.error(
                role,
                f"this value ({lost}) stands in raw HTML, where it would be shown as Markdown; write "
                "`markdown` into the tag around it, or the value outside of a tag",
            )
        )
    for result in played.results:
        wanted = result.block.line, _plain(result.shown)
        told = result.error or any(error.line == wanted[0] for error in errors)
        if isinstance(result.block, Fence) and not told and seen.count(wanted) != 1:
            errors.append(
                page.error(
                    wanted[0],
                    "this fence is not on the page as it stands here; close what is open above it "
                    "(HTML, a quote, a list), or leave an empty line before it",
                )
            )
    ids = {node.attributes["id"] for node in body.css("[id]")} if body else set()
    for heading in page.headings:
        if heading.id not in ids and "`{" not in heading.title:  # what a value comes to is not known where a page is read
            errors.append(
                page.error(
                    heading.line,
                    "this heading is not on the page as it stands here; close what is open above "
                    "it (HTML, a quote, a list), or leave an empty line before it",
                )
            )
    return sorted(errors, key=lambda error: error.line)


def _plain(text: str) -> str:
    """Return a text without what Markdown makes even, and no reader sees: tabs, blanks alone on a line, empty last lines."""
    return re.sub(r"(?m)^ +$", "", text.expandtabs(4)).rstrip("\n")


def _line_of(pre: LexborNode) -> int:
    """Return the line of the block that the engine has written this cell for; 0 if it has not."""
    box = pre.parent
    while box and "highlight" not in (box.attributes.get("class") or ""):
        box = box.parent
    marks = (box.attributes.get(f"data-{kind}") for kind in _KINDS) if box else ()
    return next((int(mark) for mark in marks if mark and mark.isdecimal()), 0)
