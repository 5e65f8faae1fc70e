"""Scripts: the site's own modules, joined into as few files as a page has use for.

Each module becomes a function that is called at once and returns what the module exports, and an import becomes a look into
what another one has returned. This is what is understood: `import { a, b as c } from "./x.js";` at the start of a line, `export`
before what it names, and `import("./x.js")` for what is loaded when there is use for it. A library may end with what it exports.
"""

import re
from pathlib import PurePosixPath

import minify_html

IMPORT = re.compile(r'^import\s*(?:\{([^}]*)\}\s*from\s*)?"([^"]+)";', re.MULTILINE)
EXPORT = re.compile(r"^export ((?:async )?(?:const|let|class|function\*?) (\w+))", re.MULTILINE)
EXPORTS = re.compile(r"\bexport\s*\{([^{}]*)\};?\s*\Z")
LATER = re.compile(r'\bimport\("([^"]+)"\)')
OTHER = re.compile(r"^(?:import\b(?!\()|export\b).*", re.MULTILINE)
TYPES = re.compile(r"/\*\*.*?\*/", re.DOTALL)  # they name modules too


class ScriptError(ValueError):
    """A module is written in a way that cannot be joined; says where and how to mend it."""


class Modules:
    """The site's own modules, and libraries that lie below them.

    texts: the text of each, by its path from the folder that holds them ('site.js', 'vendor/diff.js').
    """

    def __init__(self, texts):
        self.texts = {name: text if "/" in name else TYPES.sub("", text) for name, text in texts.items()}

    def needed(self, *names, later=False):
        """Return the paths of some modules and of all that they import, each after what it imports.

        With later, also of those that they load when there is use for them; the first ones are last then.
        """
        ordered, waiting = [], list(names)

        def visit(name):
            if name not in ordered:
                for path in self._imported(name):
                    visit(path)
                ordered.append(name)

        while waiting:
            before = len(ordered)
            visit(waiting.pop(0))
            if later:
                waiting += [path for name in ordered[before:] for path in self._loaded(name)]
        return self.needed(*(name for name in ordered if name not in names), *names) if later else ordered

    def files(self, *names, small=0):
        """Return what to write: for each file, by the path of its last module, the modules in it, each after what it imports.

        The first file has the named modules, what they import, and what they load later if that, with what it imports, is no
        longer than small and no library. Each further one has a module that is loaded later, and what only that one imports; its
        text is `text` of the two.
        """
        there = self.needed(*names)
        loaded = list(dict.fromkeys(path for name in self.needed(*names, later=True) for path in self._loaded(name)))
        size = {name: len(minify(text)) for name, text in self.texts.items() if "/" not in name}
        light = [name for name in loaded
                 if sum(size.get(part, small + 1) for part in self.needed(name) if part not in there) <= small]
        first = self.needed(*light, *names)
        ends = [name for name in self.texts if name not in first and (
            name in loaded or not any(name in self._imported(other) for other in self.texts))]
        parts = {name: [other for other in self.needed(name) if other not in first] for name in ends}
        shared = {other for name in ends for other in parts[name] if sum(other in found for found in parts.values()) > 1}
        for name in shared - set(ends):
            parts[name] = [other for other in self.needed(name) if other not in first]
        own = {name: [other for other in found if other == name or other not in parts] for name, found in parts.items()}
        return {names[-1]: first, **own}

    def text(self, name, files):
        """Return the text of one of the files: it takes from the others what it does not have itself."""
        own, first = files[name], next(iter(files))
        # What is loaded later, but stands in another file for its smallness, is there already.
        there = {path for part in own for path in self._loaded(part) if path not in files}
        wanted = {path for part in own for path in self._imported(part)} | there
        wanted -= set(own)
        taken = {}
        for path in sorted(wanted):
            taken.setdefault(next(file for file, parts in files.items() if path in parts), []).append(_variable(path))
        imports = "".join(f'import {{ {", ".join(made)} }} from "./{file}";\n' for file, made in taken.items())
        text = self._functions(own, joined={*own, *there})
        given = ", ".join(map(_variable, own)) if name == first else _variable(name)
        plain = ", ".join(self._exported(name)) if name != first else ""
        exports = f"export {{ {given} }};\n" + (f"export const {{ {plain} }} = {_variable(name)};\n" if plain else "")
        return imports + text + exports

    def classic(self, names, stand_in):
        """Return some modules as one script for where a browser allows none, as from disk.

        names: all that are needed, each after what it imports. stand_in: the one whose exports stand in for the browser's own.
        """
        head = self._functions([stand_in], joined=names)
        own = f"const {{ {', '.join(self._exported(stand_in))} }} = {_variable(stand_in)};\n"
        rest = self._functions([name for name in names if name != stand_in], joined=names)
        text = (head + own + rest).replace("import.meta.url", "META")
        return f"(() => {{\nconst META = document.currentScript.src;\n{text}}})();\n"

    def _functions(self, names, joined):
        return "".join(self._function(name, joined) for name in names)

    def _function(self, name, joined):
        def look(match):
            return f"const {{{match[1].replace(' as ', ': ')}}} = {_variable(_beside(name, match[2]))};" if match[1] else ""

        def later(match):
            path = _beside(name, match[1])
            return f"Promise.resolve({_variable(path)})" if path in joined else match[0]

        text = IMPORT.sub(look, self.texts[name])
        text = EXPORTS.sub("", EXPORT.sub(r"\1", text)) if "/" in name else EXPORT.sub(r"\1", text)
        if strange := OTHER.search(text):
            raise ScriptError(f"docs/assets/{name}: `{strange[0][:60]}` cannot be joined; write `import {{ a }} from`, "
                              "or `export` before what is exported")
        exported = ", ".join(f"{key}: {value}" for key, value in self._exported(name).items())
        return f"const {_variable(name)} = (() => {{\n{LATER.sub(later, text)}\nreturn {{ {exported} }};\n}})();\n"

    def _imported(self, name):
        return [self._there(name, path) for _, path in IMPORT.findall(self.texts[name])]

    def _loaded(self, name):
        return [self._there(name, path) for path in LATER.findall(self.texts[name])]

    def _exported(self, name):
        """Return what a module exports: its own name for each, by the name that others know."""
        text = self.texts[name]
        exported = {match[2]: match[2] for match in EXPORT.finditer(text)}
        if (found := EXPORTS.search(text)) and "/" in name:
            for entry in filter(None, map(str.strip, found[1].split(","))):
                own, _, known = entry.partition(" as ")
                exported[known or own] = own
        return exported

    def _there(self, name, path):
        found = _beside(name, path)
        if found not in self.texts:
            raise ScriptError(f"docs/assets/{name}: there is no {path} to import; name a module of docs/assets")
        return found


def minify(text, module=True):
    """Return a script without comments and without space that says nothing. Names stay, so that errors can be read."""
    start = '<script type="module">' if module else "<script>"
    made = minify_html.minify(f"{start}{TYPES.sub('', text)}</script>", minify_js=True)
    return made.partition(">")[2].removesuffix("</script>")


def _variable(name):
    return "$" + re.sub(r"\W", "_", name.removesuffix(".js"))


def _beside(name, path):
    parts = []
    for part in (PurePosixPath(name).parent / path).parts:
        parts = parts[:-1] if part == ".." else [*parts, part]
    return "/".join(parts)
