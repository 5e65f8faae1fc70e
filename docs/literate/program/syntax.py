"""The syntax tree: a call is put in after each statement, and each says which names it binds and reads."""

import ast
from collections.abc import Collection, Iterator

Uses = dict[int, tuple[set[str], set[str]]]  # a statement's first line: the names that it binds, and those that it reads
Loops = dict[int, tuple[int, ...]]  # a statement's first line: those of the loops that it stands in, the outermost first

HOOK = "__literate_after__"
ENTER = "__literate_enter__"  # is told that a function begins, and gives what the hook is handed inside
CALL = "__literate_call__"
Function = ast.FunctionDef | ast.AsyncFunctionDef


def watched(tree: ast.Module, functions: Collection[int], uses: Uses, around: Loops) -> ast.Module:
    """Return a program's tree with a call of the hook after each statement: of its own level, and of functions on some lines."""
    for node in [node for node in ast.walk(tree) if isinstance(node, Function) and node.lineno in functions]:
        enter(node, uses, around)
    tree.body = instrument(tree.body, uses, around)
    return ast.fix_missing_locations(tree)


def instrument(
    body: list[ast.stmt], uses: Uses, around: Loops, loops: tuple[int, ...] = (), inside: bool = False, hook: str = HOOK
) -> list[ast.stmt]:
    """Return a list of statements with a call of a hook after each.

    Add what each uses to `uses`, and to `around` the loops around it, by its first line. `inside` says that they are a
    function's: what it returns goes through the hook.
    """
    done = []
    for node, after in zip(body, [*body[1:], None]):
        first = min([node.lineno, *(d.lineno for d in getattr(node, "decorator_list", []))])
        if _must_come_first(node) or after and after.lineno == first:  # of a; b only b completes the line
            done.append(node)
            continue
        if isinstance(node, ast.Return) and inside:
            uses[first], around[first] = _names_in(node), loops
            node.value = _call(hook, node, first, inside, node.value or ast.Constant(None))
            done.append(node)
            continue
        call = ast.copy_location(ast.Expr(_call(hook, node, first, inside)), node)
        call.lineno = first  # what is decorated begins above its `def`
        definition = isinstance(node, (*Function.__args__, ast.ClassDef))
        blocks = [] if definition else [node, *getattr(node, "handlers", []), *getattr(node, "cases", [])]
        inner = [(block, name) for block in blocks for name in ("body", "orelse", "finalbody") if getattr(block, name, None)]
        below = (*loops, first) if isinstance(node, ast.For | ast.AsyncFor | ast.While) else loops
        for block, name in inner:
            setattr(block, name, instrument(getattr(block, name), uses, around, below, inside, hook))
        if not inner:
            uses[first], around[first] = _names_in(node), loops
            done += [node] if isinstance(node, ast.Return) else [node, call]
            continue
        done.append(node)
        if isinstance(node, ast.If) and first in uses and not node.orelse:  # `if done: break`, on one line
            node.orelse = [call]
        if first not in uses and hasattr(node, "body"):  # the body stands below, and not behind the colon
            uses[first], around[first] = _names_in(node), below
            node.body.insert(0, call)
            if isinstance(node, ast.If):
                node.orelse.insert(0, call)
    return done


def enter(function: Function, uses: Uses, around: Loops) -> None:
    """Put the calls into a function: one where it begins, which takes its number, and one after each statement."""
    start = ast.parse(f"{CALL} = {ENTER}({function.lineno})").body
    for node in ast.walk(start[0]):
        ast.copy_location(node, function.body[0])
    documented = _must_come_first(function.body[0])
    body = instrument(function.body, uses, around, inside=True)
    function.body = [*body[:documented], *start, *body[documented:]]


def _call(hook, node, first, inside, *value):
    known = [ast.Name(CALL, ast.Load())] if inside else []
    return ast.copy_location(ast.Call(ast.Name(hook, ast.Load()), [ast.Constant(first), *known, *value], []), node)


def _must_come_first(node):
    """Say whether Python lets nothing stand before this statement: a docstring, an import from __future__."""
    match node:
        case ast.Expr(value=ast.Constant()) | ast.ImportFrom(module="__future__"):
            return True
    return False


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
