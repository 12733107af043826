"""Small faults to plant in code: each an edit of one node of a function's syntax tree."""

from __future__ import annotations

import ast
from collections.abc import Iterator
from typing import NamedTuple

_COMPARISONS: dict[type[ast.cmpop], type[ast.cmpop]] = {
    ast.Eq: ast.NotEq, ast.NotEq: ast.Eq, ast.Lt: ast.LtE, ast.LtE: ast.Lt, ast.Gt: ast.GtE, ast.GtE: ast.Gt,
    ast.Is: ast.IsNot, ast.IsNot: ast.Is, ast.In: ast.NotIn, ast.NotIn: ast.In,
}  # fmt: skip
_OPERATORS: dict[type[ast.operator], type[ast.operator]] = {
    ast.Add: ast.Sub, ast.Sub: ast.Add, ast.Mult: ast.Add, ast.FloorDiv: ast.Mult, ast.BitOr: ast.BitAnd,
    ast.BitAnd: ast.BitOr,
}  # fmt: skip
_CALLS = {"any": "all", "all": "any", "min": "max", "max": "min", "sorted": "list", "reversed": "list"}
_FUNCTIONS = (ast.FunctionDef, ast.AsyncFunctionDef)


class Fault(NamedTuple):
    """``number`` counts the faults of one module. ``function`` is the outermost one's qualified name."""

    module: str
    number: int
    function: str
    line: int
    what: str

    def __str__(self) -> str:
        return f"{self.module}:{self.line} {self.function}: {self.what}"


def faults(module: str, source: str) -> list[Fault]:
    """Every fault that can be planted in the functions of a module.

    Left out are what no test of behaviour can tell: annotations, asserts, docstrings, and words for people (texts with
    a space in them).
    """
    return [
        Fault(module, number, function, getattr(node, "lineno", 0), what)
        for number, (function, node, what, _) in enumerate(_planned(ast.parse(source)))
    ]


def planted(fault: Fault, source: str) -> ast.Module:
    """The module's tree with the fault in it."""
    tree = ast.parse(source)
    _, node, _, new = list(_planned(tree))[fault.number]
    new = ast.copy_location(new, node)
    for parent in ast.walk(tree):
        for field, value in ast.iter_fields(parent):
            if value is node:
                setattr(parent, field, new)
            elif isinstance(value, list) and node in value:
                value[value.index(node)] = new
    return ast.fix_missing_locations(tree)


def _planned(tree: ast.Module) -> Iterator[tuple[str, ast.AST, str, ast.AST]]:
    for function, name in _functions(tree, ""):
        for node in _code(function):
            for what, new in _changes(node):
                yield name, node, what, new


def _functions(node: ast.AST, prefix: str) -> Iterator[tuple[ast.AST, str]]:
    for child in ast.iter_child_nodes(node):
        if isinstance(child, _FUNCTIONS):
            yield child, prefix + child.name
        elif isinstance(child, ast.ClassDef):
            yield from _functions(child, f"{prefix}{child.name}.")


def _code(function: ast.AST) -> Iterator[ast.AST]:
    """The nodes of a function's body, without what is no behaviour."""
    stack: list[ast.AST] = list(getattr(function, "body", []))
    while stack:
        node = stack.pop()
        if isinstance(node, ast.Assert | ast.JoinedStr) or _is_docstring(node):
            continue
        yield node
        children = [child for field, child in _fields(node) if field not in ("annotation", "returns")]
        stack += children[::-1]


def _fields(node: ast.AST) -> Iterator[tuple[str, ast.AST]]:
    for field, value in ast.iter_fields(node):
        for item in value if isinstance(value, list) else [value]:
            if isinstance(item, ast.AST):
                yield field, item


def _is_docstring(node: ast.AST) -> bool:
    return isinstance(node, ast.Expr) and isinstance(node.value, ast.Constant)


def _changes(node: ast.AST) -> Iterator[tuple[str, ast.AST]]:
    """What the node can be changed into, with a word for it."""
    match node:
        case ast.Compare(ops=[operator]) if type(operator) in _COMPARISONS:
            other = _COMPARISONS[type(operator)]
            yield f"{_said(node)} with {other.__name__}", _with(node, ops=[other()])
        case ast.BoolOp(operator, values):
            flipped = ast.Or() if isinstance(operator, ast.And) else ast.And()
            yield f"{_said(node)} with {type(flipped).__name__}", _with(node, op=flipped)
            for index in range(len(values)):
                rest = values[:index] + values[index + 1 :]
                lone = rest[0] if len(rest) == 1 else _with(node, values=rest)
                yield f"{_said(node)} without part {index + 1}", lone
        case ast.UnaryOp(ast.Not(), operand):
            yield f"{_said(node)} without not", operand
        case ast.BinOp(op=operator) if type(operator) in _OPERATORS:
            arithmetic = _OPERATORS[type(operator)]
            yield f"{_said(node)} with {arithmetic.__name__}", _with(node, op=arithmetic())
        case ast.Constant(value=bool() | int() | str() as value) if other_value := _other(value):
            yield f"{other_value[0]!r} for {value!r}", ast.Constant(other_value[0])
        case ast.Call(func=ast.Name(id=name)) if name in _CALLS:
            call = _with(node, func=ast.Name(_CALLS[name], ast.Load()), keywords=[])
            yield f"{_CALLS[name]} for {_said(node)}", call
        case ast.If(test=test) | ast.While(test=test) | ast.IfExp(test=test):
            yield f"if not {_said(test)}", _with(node, test=_not(test))
        case ast.comprehension(ifs=[first, *rest_of_them]):
            yield f"if not {_said(first)}", _with(node, ifs=[_not(first), *rest_of_them])
        case ast.Return(value=ast.expr() as value) if ast.unparse(value) != "None":
            yield f"{_said(node)} as None", _with(node, value=ast.Constant(None))
        case ast.Expr(value=ast.Call()) | ast.AugAssign() | ast.Raise():
            yield f"without {_said(node)}", ast.Pass()
        case ast.Break():
            yield "continue for break", ast.Continue()
        case ast.Continue():
            yield "break for continue", ast.Break()


def _other(value: bool | int | str) -> tuple[bool | int | str] | None:
    """Another value of the kind, in a tuple. Words for people have a space in them, and none."""
    if isinstance(value, bool):
        return (not value,)
    if isinstance(value, int):
        return (value + 1,)
    return (value + "?",) if value and " " not in value else None


def _not(test: ast.expr) -> ast.expr:
    return ast.UnaryOp(ast.Not(), test)


def _with(node: ast.AST, **fields: object) -> ast.AST:
    """A copy with other fields."""
    return type(node)(**{**dict(ast.iter_fields(node)), **fields})


def _said(node: ast.AST) -> str:
    return " ".join(ast.unparse(node).split())[:70]
