"""The parts of a line: each call and each operation says what it comes to, and each function of the program what it does."""

import ast
from typing import Any, NamedTuple

from literate.program.syntax import Uses, instrument

PART, RETURN, ENTER, LINE, LEAVE = (f"__literate_{name}__" for name in ("part", "return", "begin", "line", "leave"))
MOST = 80  # characters of a part's text

_PARTS = (
    ast.Call,
    ast.BinOp,
    ast.UnaryOp,
    ast.BoolOp,
    ast.Compare,
    ast.IfExp,
    ast.Subscript,
    ast.Attribute,
    ast.ListComp,
    ast.SetComp,
    ast.DictComp,
)
_WHOLE = (ast.Lambda, ast.ListComp, ast.SetComp, ast.DictComp, ast.GeneratorExp, ast.AsyncFunctionDef)  # not looked into
_OPERATORS = {ast.Add: "+", ast.Sub: "-", ast.Mult: "*", ast.Div: "/"}


class Place(NamedTuple):
    """What a value, or a piece of news, can come from: a part of a line, or a call of one of the program's functions."""

    # "part", "call", "name" (an argument, or what a line of the function binds), "line" (has completed), "return", "end"; or, of
    # which nothing is told, a name that stands in a line: "read", or "bound" there
    kind: str
    line: int  # the first of the statement; of a call and its arguments, that of the function
    text: str = ""  # of the part; the name of the function, or the name
    at: tuple[int, ...] = ()  # where it begins and ends: the line and the column of each, as a browser counts
    parent: int | None = None  # the number of the part that this is a part of
    operator: str = ""  # "+", "-", "*", "/" or "T", if an element comes of the operands' elements alone
    operands: tuple = ()  # each a number, a name, or a list of one: the number of a part


END = Place("end", 0)


def marked(tree: ast.Module, text: str) -> tuple[list[Place], Uses]:
    """Put calls into the tree of a program's text that tell of its parts and its functions.

    Return their Places, by number, and what the statements of the functions use.
    """
    marks = _Marks(text)
    marks.visit(tree)
    return marks.places, marks.uses


class _Marks(ast.NodeTransformer):
    def __init__(self, text: str):
        self.places = [END]
        self.uses: Uses = {}
        self._lines = text.encode().split(b"\n")  # columns are counted in bytes
        self._line, self._above = 0, None

    def visit(self, node: ast.AST) -> Any:
        before = self._line, self._above
        if isinstance(node, ast.stmt):
            self._line, self._above = node.lineno, None
        if isinstance(node, _PARTS) and isinstance(getattr(node, "ctx", ast.Load()), ast.Load) and not _is_number(node):
            number = self._above = self._put("part", self._text(node), self._at(node), before[1])
            inner = super().visit(node)
            operator, operands = _operation(inner)
            self.places[number] = self.places[number]._replace(operator=operator, operands=operands)
            node = _call(PART, node, number, inner)
        elif isinstance(node, ast.Name):
            self._put("read" if isinstance(node.ctx, ast.Load) else "bound", node.id, self._at(node), self._above)
        else:
            node = super().visit(node)
        self._line, self._above = before
        return node

    def generic_visit(self, node: ast.AST) -> ast.AST:
        return node if isinstance(node, _WHOLE) else super().generic_visit(node)

    def visit_Call(self, node: ast.Call) -> ast.Call:
        if isinstance(node.func, ast.Attribute):  # a method is no value, but what it is a method of may be one
            node.func.value = self.visit(node.func.value)
        node.args = [self.visit(argument) for argument in node.args]
        for keyword in node.keywords:
            keyword.value = self.visit(keyword.value)
        return node

    def visit_Subscript(self, node: ast.Subscript) -> ast.Subscript:
        node.value = self.visit(node.value)
        return node

    def visit_AnnAssign(self, node: ast.AnnAssign) -> ast.AnnAssign:
        node.target = self.visit(node.target)
        node.value = node.value and self.visit(node.value)
        return node

    def visit_FormattedValue(self, node: ast.FormattedValue) -> ast.FormattedValue:
        node.value = self.visit(node.value)
        return node

    def visit_match_case(self, node: ast.match_case) -> ast.match_case:
        node.guard = node.guard and self.visit(node.guard)
        node.body = [self.visit(one) for one in node.body]
        return node

    def visit_ClassDef(self, node: ast.ClassDef) -> ast.ClassDef:
        node.body = [self.visit(one) if isinstance(one, ast.FunctionDef | ast.ClassDef) else one for one in node.body]
        return node

    def visit_FunctionDef(self, node: ast.FunctionDef) -> ast.FunctionDef:
        if any(isinstance(inner, ast.Yield | ast.YieldFrom) for inner in ast.walk(node)):
            return node  # a generator runs piece by piece, between other lines
        number = self._put("call", node.name)
        docstring = node.body[:1] if ast.get_docstring(node, clean=False) is not None else []
        body = instrument([self.visit(one) for one in node.body[len(docstring) :]], self.uses, {}, hook=LINE)
        enter, leave = (ast.copy_location(ast.Expr(_call(*one)), node) for one in ((ENTER, node, number), (LEAVE, node, number)))
        node.body = [*docstring, ast.copy_location(ast.Try([enter, *body], [], [], [leave]), node)]
        return node

    def visit_Return(self, node: ast.Return) -> ast.Return:
        if node.value:
            number = self._put("return")
            node.value = _call(RETURN, node.value, number, self.visit(node.value))
        return node

    def _put(self, kind, text="", at=(), parent=None):
        self.places.append(Place(kind, self._line, text, at, parent))
        return len(self.places) - 1

    def _at(self, node):
        return (
            node.lineno,
            self._column(node.lineno, node.col_offset),
            node.end_lineno,
            self._column(node.end_lineno, node.end_col_offset),
        )

    def _column(self, line, byte):
        before = self._lines[line - 1][:byte].decode(errors="replace").expandtabs(4)  # which Markdown makes of a tab
        return len(before.encode("utf-16-le")) // 2

    def _text(self, node):
        lines = self._lines[node.lineno - 1 : node.end_lineno]
        lines[-1] = lines[-1][: node.end_col_offset]
        lines[0] = lines[0][node.col_offset :]
        text = " ".join(b" ".join(lines).decode(errors="replace").split())
        return text if len(text) <= MOST else f"{text[:MOST].rstrip()}…"


def _call(hook, at, *arguments):
    given: list[Any] = [one if isinstance(one, ast.AST) else ast.Constant(one) for one in arguments]
    return ast.copy_location(ast.Call(ast.Name(hook, ast.Load()), given, []), at)


def _is_number(node):
    return isinstance(node, ast.UnaryOp) and isinstance(node.operand, ast.Constant)


def _operation(node):
    """Return the operator and the operands of a part whose own parts are marked; two empty ones if it is of another kind."""
    found: tuple[str, tuple]
    if isinstance(node, ast.BinOp) and type(node.op) in _OPERATORS:
        found = _OPERATORS[type(node.op)], (_operand(node.left), _operand(node.right))
    elif isinstance(node, ast.UnaryOp) and isinstance(node.op, ast.USub):
        found = "-", (_operand(node.operand),)
    elif isinstance(node, ast.Attribute) and node.attr == "T":
        found = "T", (_operand(node.value),)
    else:
        found = "", ()
    return ("", ()) if None in found[1] else found


def _operand(node):
    if isinstance(node, ast.Name):
        return node.id
    if isinstance(node, ast.Constant) and type(node.value) in (int, float):
        return node.value
    match node:
        case ast.Call(func=ast.Name(id=name), args=[ast.Constant(value=number), *_]) if name == PART:
            return [number]
    return None
