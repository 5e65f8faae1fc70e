"""A module: one of the site's own scripts, as a parser of JavaScript reads it: what it imports, loads and exports."""

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from functools import cache, cached_property

import tree_sitter_javascript
from tree_sitter import Language, Node, Parser, Query, QueryCursor

from publish import PublishError

_LANGUAGE = Language(tree_sitter_javascript.language())
_PARSER = Parser(_LANGUAGE)
_FUNCTIONS = {
    "function_declaration",
    "function_expression",
    "arrow_function",
    "method_definition",
    "class_static_block",
    "generator_function",
    "generator_function_declaration",
}
_BINDINGS = ("identifier", "shorthand_property_identifier_pattern")


class ScriptError(PublishError):
    """A module is written in a way that cannot be joined; says where and how to mend it."""


@dataclass(frozen=True)
class Import:
    """What one module takes from another."""

    path: str  # as it is written
    line: int
    names: Mapping[str, str] = field(default_factory=dict)  # the module's own name for each, by the name that it is exported by
    at: tuple[int, int] = (0, 0)  # the bytes of the statement, or of the call


@dataclass
class Module:
    """One module, as a parser of JavaScript reads it; raises ScriptError at what is none, or cannot be joined.

    name: its path from the folder of the scripts
    """

    name: str
    text: str

    def __post_init__(self) -> None:
        self.bytes = self.text.encode()
        self.root = _PARSER.parse(self.bytes).root_node
        self.imports: list[Import] = []
        self.exports: dict[str, str] = {}  # its own name for each, by the name that others know
        self.cuts: list[tuple[int, int]] = []  # the bytes that only say that something is exported
        for node in _all(self.root) if self.root.has_error else ():
            if node.is_error or node.is_missing:
                column = node.start_point.column + 1
                raise self.error(node, f"`{self._line(node)}` is no JavaScript; mend it at column {column}")
        for node in self.root.children:
            if node.type == "import_statement":
                self._read_import(node)
            elif node.type == "export_statement":
                self._read_export(node)
        if changed := next(self._assigned(set(self.exports.values())), None):
            raise self.error(
                changed,
                f"`{_text(changed)}` is exported, and gets another value here, which no other module would "
                "see; export a function that returns it",
            )
        if waiting := next((node for node in _found(self.root, "await_expression") if not any(_functions(node))), None):
            raise self.error(
                waiting,
                f"`{self._line(waiting)}` waits outside of a function, which a joined module cannot; "
                "put it into an async function",
            )

    def error(self, node: Node | int, what: str) -> ScriptError:
        """Return an error that names the line of a node, or a line."""
        line = node if isinstance(node, int) else node.start_point.row + 1
        return ScriptError(f"docs/assets/{self.name}:{line}: {what}")

    @cached_property
    def later(self) -> list[Import]:
        """What it loads when there is use for it, with the names that it takes of that at once."""
        calls = []
        for node in _found(self.root, "call_expression"):
            function, given = node.child_by_field_name("function"), node.child_by_field_name("arguments")
            path = given.named_children[0] if function and function.type == "import" and given and given.named_children else None
            if path and path.type == "string":
                calls.append(Import(_value(path), node.start_point.row + 1, _taken(node), (node.start_byte, node.end_byte)))
        return calls

    @property
    def metas(self) -> list[tuple[int, int]]:
        """The bytes of each `import.meta.url`."""
        return [
            (node.start_byte, node.end_byte)
            for node in _found(self.root, "member_expression")
            if _text(node) == "import.meta.url"
        ]

    def edited(self, edits: Iterable[tuple[int, int, str]]) -> str:
        """Return its text with some bytes of it replaced: of each edit, where it begins and ends, and what stands there then."""
        text = self.bytes
        for start, end, new in sorted(edits, reverse=True):
            text = text[:start] + new.encode() + text[end:]
        return text.decode()

    @property
    def strings(self) -> dict[tuple[int, int], str]:
        """The value of each plain string in it, by the bytes between its quotes."""
        return {
            (node.start_byte + 1, node.end_byte - 1): _value(node)
            for node in _found(self.root, "string", "template_string")
            if not _child(node, "template_substitution")
        }

    @property
    def bare(self) -> str:
        """Its text without comments, but for those that are to be kept (`/*!`)."""
        comments = [node for node in _found(self.root, "comment") if not _text(node).startswith("/*!")]
        return self.edited((node.start_byte, node.end_byte, "\n") for node in comments)

    def _read_import(self, node: Node) -> None:
        source, clause = node.child_by_field_name("source"), next((c for c in node.children if c.type == "import_clause"), None)
        listed = clause.named_children if clause else []
        if not source or any(part.type != "named_imports" for part in listed) or _child(node, "import_attribute"):
            raise self._strange(node)
        names = {}
        for entry in (entry for part in listed for entry in part.named_children if entry.type == "import_specifier"):
            name, alias = entry.child_by_field_name("name"), entry.child_by_field_name("alias")
            assert name  # the grammar has one
            names[_text(name)] = _text(alias or name)
        self.imports.append(Import(_value(source), node.start_point.row + 1, names, (node.start_byte, node.end_byte)))

    def _read_export(self, node: Node) -> None:
        declared, listed = node.child_by_field_name("declaration"), _child(node, "export_clause")
        if node.child_by_field_name("source") or _child(node, "default") or not (declared or listed):
            raise self._strange(node)
        if declared:
            self.exports |= {name: name for name in _declared(declared)}
            self.cuts.append((node.start_byte, declared.start_byte))
        elif listed:
            for entry in (entry for entry in listed.named_children if entry.type == "export_specifier"):
                name, alias = entry.child_by_field_name("name"), entry.child_by_field_name("alias")
                assert name  # the grammar has one
                self.exports[_text(alias or name)] = _text(name)
            self.cuts.append((node.start_byte, node.end_byte))

    def _strange(self, node: Node) -> ScriptError:
        return self.error(
            node, f"`{self._line(node)}` cannot be joined; write `import {{ a }} from`, or `export` before what is exported"
        )

    def _line(self, node: Node) -> str:
        return self.text.split("\n")[node.start_point.row].strip()[:60]

    def _assigned(self, names: set[str]) -> Iterator[Node]:
        """Return each place where one of the module's own names gets another value; a function may have its own of that name."""
        for node in _found(self.root, "assignment_expression", "augmented_assignment_expression", "update_expression"):
            target = node.child_by_field_name("left") or node.child_by_field_name("argument")
            if target and target.type in ("identifier", "array_pattern", "object_pattern"):
                given = [name for name in _found(target, *_BINDINGS) if _text(name) in names]
                own = {name for function in _functions(node) for name in _own_names(function)} if given else set()
                yield from (name for name in given if _text(name) not in own)


def _found(node: Node, *kinds: str) -> list[Node]:
    """Return the nodes of some kinds among a node and all below it, in the order of the text."""
    return sorted(QueryCursor(_query(kinds)).captures(node).get("found", []), key=lambda one: (one.start_byte, -one.end_byte))


@cache
def _query(kinds: tuple[str, ...]) -> Query:
    return Query(_LANGUAGE, f"[{' '.join(f'({kind})' for kind in kinds)}] @found")


def _functions(node: Node | None) -> Iterator[Node]:
    """Return the functions that a node stands in."""
    while node := node and node.parent:
        if node.type in _FUNCTIONS:
            yield node


def _all(node: Node) -> Iterator[Node]:
    """Return a node and all below it, in the order of the text."""
    waiting = [node]
    while waiting:
        node = waiting.pop()
        yield node
        waiting += reversed(node.children)


def _child(node: Node, kind: str) -> Node | None:
    return next((child for child in node.children if child.type == kind), None)


def _text(node: Node) -> str:
    return (node.text or b"").decode()


def _value(node: Node) -> str:
    return _text(node)[1:-1]


def _declared(node: Node) -> list[str]:
    """Return the names that a declaration declares."""
    name = node.child_by_field_name("name")
    declarators = [child.child_by_field_name("name") for child in node.named_children if child.type == "variable_declarator"]
    return [_text(name)] if name else [name for pattern in declarators if pattern for name in _bound(pattern)]


def _bound(pattern: Node) -> list[str]:
    """Return the names that a pattern binds, as in `const { a, b: [c, d = e] } = f`."""
    if pattern.type in _BINDINGS:
        return [_text(pattern)]
    if pattern.type in ("assignment_pattern", "object_assignment_pattern"):
        inner = pattern.child_by_field_name("left")
    elif pattern.type == "pair_pattern":
        inner = pattern.child_by_field_name("value")
    else:
        return [name for child in pattern.named_children for name in _bound(child)]
    return _bound(inner) if inner else []


def _own_names(function: Node) -> Iterator[str]:
    """Return the names that a function has of its own: those of its parameters, and those that are declared in it."""
    for field_name in ("parameters", "parameter"):
        if given := function.child_by_field_name(field_name):
            yield from _bound(given)
    body = function.child_by_field_name("body")
    waiting = list(body.children) if body else []
    while waiting:
        node = waiting.pop()
        if node.type in ("lexical_declaration", "variable_declaration", "function_declaration", "class_declaration"):
            yield from _declared(node)
        if node.type not in _FUNCTIONS:
            waiting += node.children


def _taken(call: Node) -> dict[str, str]:
    """Return the names that `const { a } = await import("./x.js")` or `(await import("./x.js")).a` takes."""
    waits = call.parent
    if not waits or waits.type != "await_expression":
        return {}
    around = waits.parent
    while around and around.type == "parenthesized_expression":
        around = around.parent
    if around and around.type == "member_expression" and (name := around.child_by_field_name("property")):
        return {_text(name): _text(name)}
    pattern = around.child_by_field_name("name") if around and around.type == "variable_declarator" else None
    if not pattern or pattern.type != "object_pattern":
        return {}
    keys = [child.child_by_field_name("key") or child for child in pattern.named_children]
    return {_text(key): _text(key) for key in keys if key.type == "property_identifier" or key.type in _BINDINGS}
