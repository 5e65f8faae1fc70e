"""The front matter: what a page says of itself above its text, in YAML."""

import difflib
import re
from collections.abc import Iterator
from pathlib import Path

import yaml

from literate.page.errors import PageError

_FRONT_MATTER = re.compile(r"---[ \t]*\n((?:.*?\n)??)(?:---|\.\.\.)[ \t]*(?:\n|\Z)", re.S)
_Loader = getattr(yaml, "CSafeLoader", yaml.SafeLoader)  # the same in C, ten times as fast, where PyYAML was built with it
_TEXTS = ("program", "after", "until", "description", "examples", "loss")  # what is taken from the front matter, and is text
_OURS = (*_TEXTS, "lines", "template")


class FrontMatter:
    """The front matter of a page.

    `text` is all of it with the lines around it, '' if there is none, and `values` what it says. Raise PageError at the
    first line that cannot be read or means nothing.
    """

    def __init__(self, path: Path, page: str):
        self.path = path
        found = _FRONT_MATTER.match(page)
        if not found and (begins := re.match(r"\s*---[ \t]*(?:\n|\Z)", page)):
            line = begins[0].rstrip().count("\n") + 1
            raise self._error(
                line,
                "the front matter begins on line 1 and ends with a line ---; write it so, or write *** for a "
                "line across the page",
            )
        self.text = found[0] if found else ""
        self.values = self._read(found[1]) if found else {}

    def line_of(self, name: str) -> int:
        """Return the line that begins with a name; 1 if none does."""
        lines = (line.lstrip(" \"'") for line in self.text.split("\n"))
        return next((number for number, line in enumerate(lines, 1) if line.startswith(name)), 1)

    def _error(self, line: int, message: str) -> PageError:
        return PageError(self.path, line, message)

    def _read(self, text: str) -> dict:
        if not text.strip():
            raise self._error(1, "the front matter is empty; write `name: value` lines in it, or delete it")
        try:
            values = yaml.load(text, _Loader) or {}
            repeated = next(_repeated(yaml.compose(text, _Loader)), None)
        except (yaml.YAMLError, ValueError, RecursionError) as error:  # a date that is none is a ValueError
            line = 2 + (mark.line if (mark := getattr(error, "problem_mark", None)) else 0)
            raise self._error(line, "the front matter is not YAML here; write a list of `name: value` lines") from error
        if repeated:
            raise self._error(2 + repeated.start_mark.line, f"`{repeated.value}:` stands in the front matter twice; delete one")
        if not isinstance(values, dict):
            raise self._error(1, "the front matter is not a list of `name: value` lines; write it so")
        for name, value in values.items():
            self._check(str(name), value)
        return values

    def _check(self, name: str, value: object) -> None:
        line = self.line_of(name)
        meant = difflib.get_close_matches(name, _OURS, 1, 0.8)
        if meant and name not in _OURS:
            raise self._error(line, f"`{name}:` means nothing in the front matter; write `{meant[0]}:`")
        if name == "until" and isinstance(value, int) and not isinstance(value, bool):
            if value < 1:
                raise self._error(line, f"`until: {value}` is no number of turns; write one from 1, or some text of a line")
        elif name in _TEXTS and not isinstance(value, str):
            raise self._error(line, f"`{name}:` in the front matter is no text; put it in quotes")
        if name == "template" and not re.fullmatch(r"[\w-]+\.html", str(value)):
            raise self._error(line, f"`template: {value}` is no template of the theme; name one of its files, or delete the line")
        if name == "lines":
            if not isinstance(value, dict):
                raise self._error(
                    line, "`lines:` in the front matter is not a list of `some text of a line: a sentence` lines; write it so"
                )
            for text, sentence in value.items():
                if not isinstance(text, str):
                    raise self._error(self.line_of(str(text)), f"`{text}:` under `lines:` is no text; put it in quotes")
                if not isinstance(sentence, str) or not sentence.strip():
                    raise self._error(self.line_of(text), f"`{text}:` under `lines:` has no sentence; write one behind it")


def _repeated(node: yaml.Node | None, around: tuple = ()) -> Iterator[yaml.Node]:
    """Yield each key of a YAML mapping, or of one in it, that has been there before: YAML would drop the first in silence."""
    seen: set[str] = set()
    for key, value in node.value if isinstance(node, yaml.MappingNode) and node not in around else ():
        if str(key.value) in seen:
            yield key
        seen.add(str(key.value))
        yield from _repeated(value, (*around, node))
