"""Scripts: the site's own modules, joined into as few files as a page has use for.

Each module becomes a function that is called at once and returns what the module exports. An import becomes a look into
what another one has returned. That is all that is understood: `import { a, b as c } from "./x.js";` at the start of a line,
`export` before what it names, and `import("./x.js")` for what is loaded later.
"""

import re
from pathlib import PurePosixPath

import rjsmin

TYPES = re.compile(r"/\*\*.*?\*/", re.DOTALL)
IMPORT = re.compile(r'^import\s*(?:\{([^}]*)\}\s*from\s*)?"([^"]+)";', re.MULTILINE)
EXPORT = re.compile(r"^export ((?:async )?(?:const|let|class|function\*?) (\w+))", re.MULTILINE)
LATER = re.compile(r'\bimport\("([^"]+)"\)')
OTHER = re.compile(r"^(?:import\b(?!\()|export\b).*", re.MULTILINE)


class ScriptError(ValueError):
    """A module is written in a way that cannot be joined; says where and how to mend it."""


class Modules:
    """The site's own modules.

    texts: the text of each, by its path below the folder that holds them ('site.js').
    """

    def __init__(self, texts):
        self.texts = {name: TYPES.sub("", text) for name, text in texts.items()}

    def needed(self, *names, later=False):
        """Return the paths of some modules and of all that they import, each after what it imports.

        With later, also of those that they load when there is use for them.
        """
        ordered, waiting = [], list(names)

        def visit(name):
            if name not in ordered:
                for _, path in IMPORT.findall(self._text(name)):
                    visit(_beside(name, path))
                ordered.append(name)

        while waiting:
            name = waiting.pop(0)
            before = len(ordered)
            visit(name)
            if later:
                waiting += [_beside(part, path) for part in ordered[before:] for path in LATER.findall(self._text(part))]
        return ordered

    def join(self, names):
        """Return some modules as the text of one, which gives each to those that are loaded later."""
        return f"{self._functions(names)}export {{ {', '.join(map(_variable, names))} }};\n"

    def after(self, name, joined, file):
        """Return the text of a module that is loaded later, which takes from a file what has been joined there."""
        taken = sorted({_variable(_beside(name, path)) for _, path in IMPORT.findall(self._text(name))
                        if _beside(name, path) in joined})
        text = IMPORT.sub(lambda match: _look(name, match) if _beside(name, match[2]) in joined else match[0], self._text(name))
        return f'import {{ {", ".join(taken)} }} from "./{file}";\n{text}' if taken else text

    def classic(self, names):
        """Return some modules as one script for where a browser allows none, as from disk; nothing of it is loaded later."""
        return f'(() => {{\nconst META = document.currentScript.src;\n{self._functions(names, META="META")}}})();\n'

    def _functions(self, names, META="import.meta.url"):
        texts = []
        for name in names:
            text = IMPORT.sub(lambda match: _look(name, match), self._text(name))
            exported = ", ".join(match[2] for match in EXPORT.finditer(text))
            text = EXPORT.sub(r"\1", text)
            if strange := OTHER.search(text):
                raise ScriptError(f"docs/assets/{name}: `{strange[0]}` is not understood; write `import {{ a }} from`, or `export` "
                                  "before what is exported")
            if META != "import.meta.url":
                text = LATER.sub(lambda match: f"Promise.resolve({_variable(_beside(name, match[1]))})", text)
                text = text.replace("import.meta.url", META)
            texts.append(f"const {_variable(name)} = (() => {{\n{text}\nreturn {{ {exported} }};\n}})();\n")
        return "".join(texts)

    def _text(self, name):
        if name not in self.texts:
            raise ScriptError(f"docs/assets/{name}: there is no such module, and another one imports it")
        return self.texts[name]


def minify(text):
    """Return a script without comments and without space that says nothing. Names stay, so that errors can be read."""
    return rjsmin.jsmin(text)


def _look(name, match):
    return f"const {{{match[1].replace(' as ', ': ')}}} = {_variable(_beside(name, match[2]))};" if match[1] else ""


def _variable(name):
    return "$" + re.sub(r"\W", "_", name.removesuffix(".js"))


def _beside(name, path):
    parts = []
    for part in (PurePosixPath(name).parent / path).parts:
        parts = parts[:-1] if part == ".." else [*parts, part]
    return "/".join(parts)
