"""Styles: what no built page can show is left out of the theme's style sheets."""

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from html.parser import HTMLParser
from typing import Any

import minify_html
import tinycss2

from publish import PublishError

# Parts of the theme whose script makes elements only where a page has the part itself.
COMPONENTS = ("annotation", "consent", "dialog", "progress", "search", "source", "tabs", "tag", "version")
Node = Any  # of tinycss2, whose nodes differ by what `type` says
TAG = re.compile(r"""<[a-zA-Z](?:[^>"']|"[^"]*"|'[^']*')*>""")
STRING = re.compile(r"""("[^"\n]*"|'[^'\n]*'|`[^`]*`)""")
CHARSET = '@charset "UTF-8";'  # the pages say it
GROUPS = ("media", "supports", "layer")  # at-rules that hold rules


@dataclass
class Names:
    """What the pages of a site are built of, for deciding which selectors can match.

    given: each tag ('p'), class ('.note'), id ('#top') and attribute ('[dir]', '[dir=ltr]') of the pages' elements.
    words: those in the strings of the scripts, any of which a script may give to an element that it makes.
    """

    given: set[str]
    words: set[str]

    @classmethod
    def of(cls, pages: Iterable[str], scripts: Iterable[str]) -> "Names":
        """Return the names in the text of some pages and of some scripts."""
        collector = _Collector()
        collector.feed("".join({tag for page in pages for tag in TAG.findall(page)}))  # each once: most are alike
        absent = tuple(f"md-{name}" for name in COMPONENTS if f"[data-md-component={name}]" not in collector.given)
        strings = (string for script in scripts for string in STRING.findall(script))
        words = {word for string in strings for word in re.findall(r"[\w-]+", string)}
        return cls(collector.given, {word for word in words if not word.startswith(absent)})

    def have(self, kind: str, name: str) -> bool:
        """Whether there is an element with some name, or may be one."""
        return kind.format(name) in self.given or name in self.words


class _Collector(HTMLParser):
    CDATA_CONTENT_ELEMENTS = ()  # type: ignore[misc]  # it is given tags alone, without what they hold

    def __init__(self) -> None:
        super().__init__()
        self.given = {"html"}

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.given.add(tag)
        for name, value in attrs:
            self.given |= {f"[{name}]", f"[{name}={value}]"}
            if name in ("class", "id"):
                self.given.update({"class": ".", "id": "#"}[name] + word for word in (value or "").split())


def purge(css: str, names: Names) -> str:
    """Return a theme's style sheet without the rules whose selectors match nothing that has these names."""
    rules = tinycss2.parse_stylesheet(css, skip_comments=True, skip_whitespace=True)
    return "".join(_kept(rules, names))


def check(css: str, name: str) -> None:
    """Raise PublishError, with the line, if a style sheet of the site's own cannot be read."""
    for rule in tinycss2.parse_stylesheet(css):
        if rule.type == "error":
            raise PublishError(f"docs/assets/{name}:{rule.source_line}: this is no style sheet: {rule.message}")


def merge(theme: Iterable[str], own: Iterable[str]) -> str:
    """Return the theme's style sheets and the site's own as one, minified, without variables and animations nobody uses."""
    own = "\n".join(own)
    theme, size = "".join(theme), None
    while size != len(theme):
        size = len(theme)
        used = set(re.findall(r"var\(\s*(--[\w-]+)", theme + own)) | set(re.findall(r"[\w-]+", own))
        played = {word for value in re.findall(r"animation(?:-name)?:([^;}]*)", theme + own) for word in value.split()}
        rules = tinycss2.parse_stylesheet(theme, skip_comments=True, skip_whitespace=True)
        theme = "".join(_used(rules, used, played))
    made = minify_html.minify(f"<style>{theme.replace(CHARSET, '')}{own}</style>", minify_css=True)
    return made.removeprefix("<style>").removesuffix("</style>")


def _kept(rules: Iterable[Node], names: Names) -> Iterator[str]:
    for rule in rules:
        if rule.type == "qualified-rule":
            selectors = [selector for selector in _split(rule.prelude) if _can_match(selector, names)]
            if selectors:
                yield f"{','.join(tinycss2.serialize(selector).strip() for selector in selectors)}{{{_text(rule)}}}"
        elif rule.type == "at-rule" and rule.lower_at_keyword in GROUPS and rule.content:
            inner = "".join(_kept(tinycss2.parse_rule_list(rule.content, True, True), names))
            if inner:
                yield f"@{rule.at_keyword}{tinycss2.serialize(rule.prelude)}{{{inner}}}"
        else:
            yield rule.serialize()


def _used(rules: Iterable[Node], used: set[str], played: set[str]) -> Iterator[str]:
    for rule in rules:
        if rule.type == "at-rule" and rule.lower_at_keyword.endswith("keyframes"):
            if tinycss2.serialize(rule.prelude).strip() in played:
                yield rule.serialize()
        elif rule.type == "at-rule" and rule.lower_at_keyword in GROUPS and rule.content:
            inner = "".join(_used(tinycss2.parse_rule_list(rule.content, True, True), used, played))
            yield f"@{rule.at_keyword}{tinycss2.serialize(rule.prelude)}{{{inner}}}"
        elif rule.type == "qualified-rule":
            declarations = tinycss2.parse_blocks_contents(rule.content, True, True)
            kept = [
                declaration.serialize()
                for declaration in declarations
                if not (declaration.type == "declaration" and declaration.name.startswith("--") and declaration.name not in used)
            ]
            if kept:
                yield f"{tinycss2.serialize(rule.prelude)}{{{';'.join(kept)}}}"
        else:
            yield rule.serialize()


def _text(rule: Node) -> str:
    return tinycss2.serialize(rule.content)


def _split(prelude: Iterable[Node]) -> list[list[Node]]:
    """Return the selectors of a list, each a list of tokens."""
    selectors: list[list[Node]] = [[]]
    for token in prelude:
        if token == ",":
            selectors.append([])
        else:
            selectors[-1].append(token)
    return selectors


def _can_match(selector: Iterable[Node], names: Names) -> bool:
    """Whether each name that a selector asks for is one of these; what stands in `:is()`, `:not()` and the like is not asked."""
    before = None
    for token in selector:
        if token.type == "ident" and before == ".":
            there = names.have(".{}", token.value)
        elif token.type == "ident" and before != ":":
            there = names.have("{}", token.lower_value)
        elif token.type == "hash":
            there = names.have("#{}", token.value)
        elif token.type == "[] block":
            name, *rest = [part for part in token.content if part.type != "whitespace"]
            there = names.have("[{}]", name.value)
            if there and len(rest) > 1 and rest[0] == "=":
                wanted = f"[{name.value}={rest[1].value}]"
                # No script turns the direction of a page.
                there = wanted in names.given or name.value != "dir" and rest[1].value in names.words
        else:
            there = True
        if not there:
            return False
        before = token.value if token.type == "literal" else None
    return True
