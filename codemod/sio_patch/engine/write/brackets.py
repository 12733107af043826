"""Parentheses: whether code wants some in its new place, and which it stands in now.

With ``-f($x)`` and ``+$x.y``, ``f(a)`` becomes ``a.y``, but ``f(a + b)`` becomes ``(a + b).y``.
"""

from __future__ import annotations

import re
from collections.abc import Mapping

from sio_patch.engine.tree.node import FUNCTIONS, Node
from sio_patch.engine.tree.trivia import skip_trivia

_ATOMS = frozenset(
    [
        "Identifier",
        "PrivateIdentifier",
        "Literal",
        "ThisExpression",
        "Super",
        "MemberExpression",
        "CallExpression",
        "ArrayExpression",
        "TemplateLiteral",
        "MetaProperty",
        "TaggedTemplateExpression",
        "Key",
        "Meta",
        "NewExpression",
    ]
)
_ROOMY = frozenset(
    [
        "ReturnStatement",
        "ThrowStatement",
        "VariableDeclarator",
        "IfStatement",
        "WhileStatement",
        "DoWhileStatement",
        "SwitchStatement",
        "SwitchCase",
        "ArrayExpression",
        "SpreadElement",
        "Property",
        "AssignmentPattern",
        "ForStatement",
    ]
)
_OPERATORS = frozenset({"BinaryExpression", "LogicalExpression", "ConditionalExpression", "UnaryExpression"})
_PLAIN = frozenset(
    {"Identifier", "Literal", "TemplateLiteral", "MetaProperty", "Super", "Meta"}
)  # and all `...Expression`s
_OPENS_OTHERWISE = re.compile(r"\{|(?:function|class)\b|async[ \t]+function\b|let\s*\[")
_STRENGTHS = (
    ("||",),
    ("&&",),
    ("|",),
    ("^",),
    ("&",),
    ("==", "!=", "===", "!=="),
    ("<", ">", "<=", ">=", "in", "instanceof"),
    ("<<", ">>", ">>>"),
    ("+", "-"),
    ("*", "/", "%"),
    ("**",),
)
_CALLS = frozenset({"CallExpression", "NewExpression", "ImportExpression"})
_OPENS_STATEMENT = frozenset({"FunctionExpression", "ObjectExpression", "ClassExpression"})


def needs_parentheses(inner: Node, parent: Node | None, stands_for: Node | None = None) -> bool:
    """Whether ``inner`` wants parentheses as a child of ``parent``, in the place where ``stands_for`` stands now.
    Cautious.
    """
    place = stands_for or inner
    if parent is not None and _is_head(place, parent) and _wants_brackets_as_head(inner, parent):
        return True
    if inner.kind == "BinaryExpression" and inner.fields["operator"] == "in" and _in_for_head(place):
        return True
    if inner.kind in _ATOMS or parent is None or not is_expression(inner):
        return False
    if inner.kind == "ChainExpression":
        return _is_head(place, parent)
    if parent.kind in ("CallExpression", "NewExpression"):
        in_arguments = any(argument is place for argument in parent.fields["arguments"])
        return inner.kind == "SequenceExpression" if in_arguments else True
    if parent.kind == "AssignmentExpression" and parent.fields["right"] is place:
        return inner.kind == "SequenceExpression"
    if parent.kind == "ExpressionStatement":
        return inner.kind in _OPENS_STATEMENT or inner.kind == "SequenceExpression"
    if parent.kind in _ROOMY:
        return inner.kind == "SequenceExpression"
    if _is_enclosed(place, parent):
        return False
    if parent.kind == "ArrowFunctionExpression" and parent.fields["body"] is place:
        return inner.kind == "SequenceExpression"
    if inner.kind == "UnaryExpression" and inner.fields["operator"] == "!":
        return parent.kind not in _OPERATORS or parent.fields.get("operator") == "**"
    return not _binds_tighter(inner, parent, place)


def _is_enclosed(place: Node, parent: Node) -> bool:
    """Whether the parent's own brackets stand round it: `a[...]` or `${...}`."""
    computed = parent.kind == "MemberExpression" and parent.fields["computed"] and parent.fields["property"] is place
    return bool(computed) or parent.kind == "TemplateLiteral"


def _binds_tighter(inner: Node, parent: Node, place: Node) -> bool:
    """Whether ``inner``, an operation, is one operand of ``parent`` without brackets; True only where it is sure."""
    here, around = _strength(inner), _strength(parent)
    if here is None or around is None or "??" in (inner.fields["operator"], parent.fields["operator"]):
        return False
    return here > around or (here == around and parent.fields["left"] is place and parent.fields["operator"] != "**")


def _strength(operation: Node) -> int | None:
    """How tight the operator binds; None for what has none of two operands."""
    if operation.kind not in ("BinaryExpression", "LogicalExpression"):
        return None
    return next((at for at, signs in enumerate(_STRENGTHS) if operation.fields["operator"] in signs), None)


def _is_head(place: Node, parent: Node) -> bool:
    """Whether ``place`` is what a member is taken of, or what is called."""
    return any(parent.fields.get(field) is place for field in ("object", "callee", "tag"))


def _wants_brackets_as_head(inner: Node, parent: Node) -> bool:
    if inner.kind == "Literal":
        return bool(inner.fields["type"] == "number")  # the dot would be the number's own
    if inner.kind == "NewExpression":
        return not inner.fields["arguments"]
    calls = ("CallExpression", "TaggedTemplateExpression")
    return parent.kind == "NewExpression" and any(node.kind in calls for node in inner.walk(into_functions=False))


def _in_for_head(node: Node) -> bool:
    """Whether ``node`` stands before the first semicolon of a ``for``, where an ``in`` would be the loop's."""
    while node.parent is not None and node.parent.kind != "ForStatement":
        node = node.parent
    return node.parent is not None and node.parent.fields["init"] is node


def parenthesised(text: str, node: Node) -> bool:
    """Whether ``node`` stands in parentheses of its own."""
    return outer(text, node) != (node.start, node.end)


def outer(text: str, node: Node) -> tuple[int, int]:
    """The span of ``node`` with the parentheses right round it, and the comments in them."""
    start, end, parent = node.start, node.end, node.parent
    while True:
        opening, closing = _code_before(text, start), skip_trivia(text, end)
        if text[opening : opening + 1] != "(" or text[closing : closing + 1] != ")":
            return start, end
        if parent is not None and (parent.kind in FUNCTIONS and parent.fields["body"] is not node):
            return start, end
        if parent is not None and parent.kind in _CALLS and closing == parent.end - 1:
            return start, end
        start, end = opening, closing + 1


def _code_before(text: str, position: int) -> int:
    """Where the last character before ``position`` stands that is neither white space nor in a block comment."""
    position -= 1
    while position >= 0 and (text[position].isspace() or text.startswith("*/", position - 1)):
        position = text.rfind("/*", 0, position - 1) - 1 if text[position] == "/" else position - 1
    return position


def says_in(new: Node, user: Node, bindings: Mapping[str, Node | tuple[Node, ...]]) -> bool:
    """Whether ``new`` has an ``in`` anywhere, which in the place of ``user`` would be the loop's."""
    if not _in_for_head(user):
        return False
    bound = (bindings.get(node.fields.get("meta") or node.fields.get("run") or "", ()) for node in new.walk())
    codes = [new, *(node for found in bound for node in ((found,) if isinstance(found, Node) else found))]
    return any(node.fields.get("operator") == "in" for code in codes for node in code.walk())


def opens_otherwise(code: str) -> bool:
    """Whether a statement that starts with the expression ``code`` would be read as a block or a declaration."""
    return _OPENS_OTHERWISE.match(code, skip_trivia(code, 0)) is not None


def leads(node: Node) -> bool:
    """Whether an expression statement, an arrow function's body or a default export starts with ``node``."""
    here = node
    while (parent := here.parent) is not None:
        if parent.kind == "ArrowFunctionExpression" and parent.fields["body"] is here:
            return True
        if parent.kind in ("ExpressionStatement", "ExportDefaultDeclaration"):
            return parent.kind != "ExpressionStatement" or parent.start == node.start
        if parent.start != node.start:
            return False
        here = parent
    return False


def is_expression(node: Node) -> bool:
    return node.kind.endswith("Expression") or node.kind in _PLAIN
