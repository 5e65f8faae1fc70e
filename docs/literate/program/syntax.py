"""The syntax tree: a call is put in after each statement, and each says which names it binds and reads."""

import ast
from collections.abc import Iterator

Uses = dict[int, tuple[set[str], set[str]]]  # a statement's first line: the names that it binds, and those that it reads

HOOK = "__literate_after__"


def instrument(body: list[ast.stmt], uses: Uses, hook: str = HOOK) -> list[ast.stmt]:
    """Return a list of statements with a call of a hook after each; add what each uses to `uses`, by its first line."""
    done = []
    for node, after in zip(body, [*body[1:], None]):
        first = min([node.lineno, *(d.lineno for d in getattr(node, "decorator_list", []))])
        if _must_come_first(node) or after and after.lineno == first:  # of a; b only b completes the line
            done.append(node)
            continue
        call = ast.copy_location(ast.Expr(ast.Call(ast.Name(hook, ast.Load()), [ast.Constant(first)], [])), node)
        definition = isinstance(node, (ast.FunctionDef, ast.AsyncFunctionDef, ast.ClassDef))
        blocks = [] if definition else [node, *getattr(node, "handlers", []), *getattr(node, "cases", [])]
        inner = [(block, name) for block in blocks for name in ("body", "orelse", "finalbody") if getattr(block, name, None)]
        for block, name in inner:
            setattr(block, name, instrument(getattr(block, name), uses, hook))
        if not inner:
            uses[first] = _names_in(node)
            done += [node, call]
            continue
        done.append(node)
        if isinstance(node, ast.If) and first in uses and not node.orelse:  # `if done: break`, on one line
            node.orelse = [call]
        if first not in uses and hasattr(node, "body"):  # the body stands below, and not behind the colon
            uses[first] = _names_in(node)
            node.body.insert(0, call)
            if isinstance(node, ast.If):
                node.orelse.insert(0, call)
    return done


def _must_come_first(node):
    """Say whether Python lets nothing stand before this statement: a docstring, an import from __future__."""
    return (
        isinstance(node, ast.Expr)
        and isinstance(node.value, ast.Constant)
        or isinstance(node, ast.ImportFrom)
        and node.module == "__future__"
    )


def _names_in(statement):
    """Return the names that a statement, or a compound statement's header, binds and those that it reads, as two sets."""
    if isinstance(statement, (ast.FunctionDef, ast.AsyncFunctionDef, ast.ClassDef)):
        return {statement.name}, set()
    binds, reads, nodes = set[str](), set[str](), [statement]
    while nodes:
        node = nodes.pop()
        if isinstance(node, ast.Name):
            (reads if isinstance(node.ctx, ast.Load) else binds).add(node.id)
        elif isinstance(node, ast.alias):
            binds.add((node.asname or node.name).partition(".")[0])
        elif isinstance(node, ast.AugAssign) and isinstance(node.target, ast.Name):
            reads.add(node.target.id)
        nodes += [child for child in ast.iter_child_nodes(node) if not isinstance(child, (ast.stmt, ast.excepthandler))]
    return binds, reads


def identifiers(node: ast.AST) -> Iterator[str]:
    """Yield the identifiers that one node of a syntax tree holds."""
    for attribute in ("id", "attr", "name", "asname", "arg"):
        if isinstance(name := getattr(node, attribute, None), str):
            yield from name.split(".")
