"""Scripts: the site's own modules, joined into as few files as a page has use for.

Each module becomes a function that is called at once and returns what the module exports, and an import becomes a look into
what another one has returned. This is what is understood: imports and exports by name, and `import("./x.js")` for what is loaded
when there is use for it. What is exported keeps its value: it is handed over once.
"""

import ast
import functools
import re
from collections.abc import Iterable, Mapping, Sequence
from pathlib import PurePosixPath

import minify_html

from publish.module import Import, Module

ALONE = ("room.js", "worker.js")  # what a module hands over as it is, for another window to start
SMALL = 2500  # bytes of a module that is not worth a request of its own


class Modules:
    """The site's own modules, and libraries that lie below them.

    texts: the text of each, by its path from the folder that holds them ('site.js', 'vendor/diff.js').
    """

    def __init__(self, texts: Mapping[str, str]):
        self.modules = {name: Module(name, text) for name, text in texts.items()}
        for module in self.modules.values():
            for taken in [*module.imports, *module.later]:
                exports = self.modules[self._there(module, taken)].exports
                if missing := next((name for name in taken.names if name not in exports), None):
                    raise module.error(taken.line, f"{taken.path} exports no `{missing}`, but {', '.join(exports) or 'nothing'}")

    def needed(self, *names: str, later: bool = False) -> list[str]:
        """Return the paths of some modules and of all that they import, each after what it imports.

        With later, also of those that they load when there is use for them; the first ones are last then.
        """
        ordered: list[str] = []
        waiting = list(names)

        def visit(name: str, above: tuple[str, ...] = ()) -> None:
            if name in ordered:
                return
            for taken in self.modules[name].imports:
                path = self._there(self.modules[name], taken)
                if path in (*above, name):
                    circle = " → ".join([*(*above, name)[(*above, name).index(path) :], path])
                    raise self.modules[name].error(
                        taken.line,
                        f"these modules import each other in a circle ({circle}); move what they share into a module of its own",
                    )
                visit(path, (*above, name))
            ordered.append(name)

        while waiting:
            before = len(ordered)
            visit(waiting.pop(0))
            if later:
                waiting += [path for name in ordered[before:] for path in self._loaded(name)]
        return self.needed(*(name for name in ordered if name not in names), *names) if later else ordered

    def files(self, *names: str, small: int = 0) -> dict[str, list[str]]:
        """Return what to write: for each file, by the path of its last module, the modules in it, each after what it imports.

        The first file has the named modules, what they import, and what they load later if that, with what it imports, is no
        longer than small and no library. Each further one has a module that is loaded later, and what only that one imports, or
        others that import that one, too; its text is `text` of the two.
        """
        there = self.needed(*names)
        loaded = list(dict.fromkeys(path for name in self.needed(*names, later=True) for path in self._loaded(name)))
        size = {name: len(minify(module.text)) for name, module in self.modules.items() if "/" not in name}
        light = [
            name for name in loaded if sum(size.get(part, small + 1) for part in self.needed(name) if part not in there) <= small
        ]
        first = self.needed(*light, *names)
        ends = [
            name
            for name in self.modules
            if name not in first and (name in loaded or not any(name in self._imported(other) for other in self.modules))
        ]
        parts = {name: [other for other in self.needed(name) if other not in first] for name in ends}
        users = {other: [name for name in ends if other in parts[name]] for found in parts.values() for other in found}
        # What several have use for lies with the one of them that all the others import, or by itself.
        home = {other: next((end for end in of if all(end in parts[user] for user in of)), other) for other, of in users.items()}
        for name in {*home.values()} - set(ends):
            parts[name] = [other for other in self.needed(name) if other not in first]
        own = {
            name: [other for other in found if other == name or other not in parts and home[other] == name]
            for name, found in parts.items()
        }
        return {names[-1]: first, **own}

    def text(self, name: str, files: Mapping[str, Sequence[str]]) -> str:
        """Return the text of one of the files: it takes from the others what it does not have itself."""
        own, first = files[name], next(iter(files))
        # What is loaded later, but stands in another file for its smallness, is there already.
        there = {path for part in own for path in self._loaded(part) if path not in files}
        wanted = {path for part in own for path in self._imported(part)} | there
        wanted -= set(own)
        taken: dict[str, list[str]] = {}
        for path in sorted(wanted):
            taken.setdefault(next(file for file, parts in files.items() if path in parts), []).append(_variable(path))
        imports = "".join(f'import {{ {", ".join(made)} }} from "./{file}";\n' for file, made in taken.items())
        text = self._functions(own, joined={*own, *there})
        given = ", ".join(map(_variable, own))
        plain = ", ".join(self.modules[name].exports) if name != first else ""
        exports = f"export {{ {given} }};\n" + (f"export const {{ {plain} }} = {_variable(name)};\n" if plain else "")
        return imports + text + exports

    def classic(self, names: Sequence[str], stand_in: str) -> str:
        """Return some modules as one script for where a browser allows none, as from disk.

        names: all that are needed, each after what it imports. stand_in: the one whose exports stand in for the browser's own.
        """
        head = self._functions([stand_in], joined=names, meta="META")
        own = f"const {{ {', '.join(self.modules[stand_in].exports)} }} = {_variable(stand_in)};\n"
        rest = self._functions([name for name in names if name != stand_in], joined=names, meta="META")
        return f"(() => {{\nconst META = document.currentScript.src;\n{head + own + rest}}})();\n"

    def _functions(self, names: Iterable[str], joined: Iterable[str], meta: str = "") -> str:
        return "".join(self._function(self.modules[name], set(joined), meta) for name in names)

    def _function(self, module: Module, joined: set[str], meta: str) -> str:
        """Return a module as a function; meta is what stands for `import.meta.url` in it, if that is not known there."""
        edits = [(*cut, "") for cut in module.cuts]
        for taken in module.imports:
            listed = ", ".join(name if name == own else f"{name}: {own}" for name, own in taken.names.items())
            edits.append((*taken.at, f"const {{ {listed} }} = {_variable(self._there(module, taken))};" if listed else ""))
        for taken in module.later:
            if (path := self._there(module, taken)) in joined:
                edits.append((*taken.at, f"Promise.resolve({_variable(path)})"))
        edits += [(*found, meta) for found in module.metas if meta]
        exported = ", ".join(f"{key}: {value}" for key, value in module.exports.items())
        return f"const {_variable(module.name)} = (() => {{\n{module.edited(edits)}\nreturn {{ {exported} }};\n}})();\n"

    def _imported(self, name: str) -> list[str]:
        return [self._there(self.modules[name], taken) for taken in self.modules[name].imports]

    def _loaded(self, name: str) -> list[str]:
        return [self._there(self.modules[name], taken) for taken in self.modules[name].later]

    def _there(self, module: Module, taken: Import) -> str:
        found = _beside(module.name, taken.path)
        if found not in self.modules:
            raise module.error(taken.line, f"there is no {taken.path} to import; name a module of docs/assets")
        return found


def joined(texts: Mapping[str, str]) -> tuple[dict[str, str], str, set[str]]:
    """Return the files that the site's own modules are joined into, by their names; its service worker; and what they load.

    texts: as for Modules; all are minified. Raises ScriptError if one of them cannot be read or joined.
    """
    every = Modules(texts)
    modules = Modules({name: text for name, text in texts.items() if name not in ("disk.js", "sw.js", *ALONE)})
    files = modules.files("offline.js", "site.js", small=SMALL)
    made = {name: minify(modules.text(name, files)) for name in files if "/" not in name}
    made |= {name: minify(texts[name], module=False) for name in ALONE if name in texts}
    made["disk.js"] = minify(every.classic(every.needed("disk.js", "site.js", later=True), stand_in="disk.js"), module=False)
    loaded = {value.removeprefix("./") for text in made.values() for value in strings(text)}
    return made, minify(texts["sw.js"], module=False), loaded


def lean(text: str) -> str:
    """Return Python without its comments and docstrings, which nobody reads where it runs."""
    tree = ast.parse(text)
    for node in ast.walk(tree):
        if isinstance(node, ast.Module | ast.ClassDef | ast.FunctionDef) and ast.get_docstring(node) is not None:
            node.body = node.body[1:] or [ast.Pass()]
    return f"{ast.unparse(tree)}\n"


def minify(text: str, module: bool = True) -> str:
    """Return a script without comments and without space that says nothing. Names stay, so that errors can be read."""
    start = '<script type="module">' if module else "<script>"
    # The minifier itself keeps some comments: those of a type, and those above a statement.
    made = minify_html.minify(f"{start}{_read(text).bare}</script>", minify_js=True)
    return made.partition(">")[2].removesuffix("</script>")


def strings(text: str) -> set[str]:
    """Return the values of the plain strings of a script."""
    return {*_read(text).strings.values()}


def renamed(text: str, names: Mapping[str, str]) -> str:
    """Return a script that loads files by other names: each string that is one of the names, or `./` and one."""
    script = _read(text)
    return script.edited(
        (end - len(name), end, names[name])
        for (_, end), value in script.strings.items()
        if (name := value.removeprefix("./")) in names
    )


@functools.cache
def _read(text: str) -> Module:
    return Module("", text)


def _variable(name: str) -> str:
    return "$" + re.sub(r"\W", "_", name.removesuffix(".js"))


def _beside(name: str, path: str) -> str:
    parts: list[str] = []
    for part in (PurePosixPath(name).parent / path).parts:
        parts = parts[:-1] if part == ".." else [*parts, part]
    return "/".join(parts)
