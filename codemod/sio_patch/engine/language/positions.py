"""What a metavariable stands for where it is written: a member's name, something declared, or an expression.

JavaScript spells these alike, and code of one kind in the place of another is other code or none.
"""

from __future__ import annotations

from enum import Enum

from sio_patch.engine.tree.node import KEYED, Node
from sio_patch.engine.tree.scope import is_target
from sio_patch.engine.write.unsafe import Unsafe
from sio_patch.verdict import Reason

_ASSIGNED = {
    "AssignmentExpression": "left",
    "ForInStatement": "left",
    "ForOfStatement": "left",
    "UpdateExpression": "argument",
}
_TARGETS_ONLY = frozenset({"ObjectPattern", "ArrayPattern", "AssignmentPattern", "RestElement"})
_RESERVED = frozenset(
    [
        "arguments", "await", "break", "case", "catch", "class", "const", "continue", "debugger", "default", "delete",
        "do", "else", "enum", "eval", "export", "extends", "false", "finally", "for", "function", "if", "implements",
        "import", "in", "instanceof", "interface", "let", "new", "null", "package", "private", "protected", "public",
        "return", "static", "super", "switch", "this", "throw", "true", "try", "typeof", "var", "void", "while", "with",
        "yield",
    ]
)  # fmt: skip


class Position(Enum):
    """The value is how a person calls it."""

    NAME = "a member's name"
    TARGET = "what is declared or assigned to"
    EXPRESSION = "an expression"


def position(meta: Node) -> Position:
    """Where ``meta``, a metavariable or a run of a pattern, stands in it."""
    parent = meta.parent
    if parent is None:
        return Position.EXPRESSION
    if parent.kind == "MemberExpression" or parent.kind in KEYED:
        field = "property" if parent.kind == "MemberExpression" else "key"
        if parent.fields[field] is meta and not parent.fields["computed"]:
            return Position.NAME
    assigned = _ASSIGNED.get(parent.kind)
    if is_target(meta) or (assigned is not None and parent.fields[assigned] is meta):
        return Position.TARGET
    return Position.EXPRESSION


def check(bound: Node, meta: Node, text: str) -> None:
    """Raises Unsafe where ``bound``, code of the user's ``text``, cannot be written in the place of ``meta``."""
    here = position(meta)
    if here is Position.NAME:
        wrong = bound.kind == "Key" and not is_word(bound.fields["name"]) and _follows_dot(meta)
    elif here is Position.TARGET:
        others = () if is_target(meta) else ("MemberExpression",)
        named = bound.kind == "Key" and is_word(bound.fields["name"]) and bound.fields["name"] not in _RESERVED
        wrong = not named and bound.kind not in ("Identifier", *_TARGETS_ONLY, *others)
    else:
        wrong = bound.kind in _TARGETS_ONLY or (bound.kind == "Super" and not _is_head(meta))
        wrong = wrong or (_is_shorthand(meta) and bound.kind not in ("Identifier", "Key"))
    if wrong:
        code = " ".join(text[bound.start : bound.end].split())
        message = f"the patch writes `{code}` as {here.value}, which it cannot be"
        raise Unsafe(Reason.UNSAFE_PLACE, message, bound.start)


def check_target(new: Node, user: Node, text: str) -> None:
    """Raises Unsafe where the ``user`` node is declared or assigned to, and ``new`` in its place cannot be."""
    node, parent = user, user.parent
    while parent is not None and (
        parent.kind in ("ArrayPattern", "ObjectPattern", "RestElement")
        or (parent.kind == "Property" and parent.fields["value"] is node)
        or (parent.kind == "AssignmentPattern" and parent.fields["left"] is node)
    ):
        node, parent = parent, parent.parent
    if parent is None or node.kind in ("ObjectExpression", "Property"):
        return
    fields = parent.fields
    assigned = parent.kind in _ASSIGNED and fields[_ASSIGNED[parent.kind]] is node
    label = any(fields.get(field) is node for field in ("label", "local", "imported", "exported"))
    allowed = {"Meta"}
    if assigned or is_target(user):
        allowed |= {"Identifier", "RestElement", "AssignmentPattern", "ObjectPattern", "ArrayPattern"}
    if assigned:
        allowed.add("MemberExpression")
    if label:
        allowed.add("Identifier")
    if (assigned or label or is_target(user)) and new.kind not in allowed:
        code = " ".join(text[user.start : user.end].split())
        message = f"`{code}` is declared or assigned to, and what is to stand there cannot be"
        raise Unsafe(Reason.UNSAFE_PLACE, message, user.start)


def is_shorthand_key(node: Node) -> bool:
    """Whether ``node`` is the key in `{ key }`, where its value is the same token."""
    return _is_shorthand(node) and node.parent is not None and node.parent.fields["key"] is node


def _is_shorthand(node: Node) -> bool:
    return node.parent is not None and node.parent.kind == "Property" and node.parent.shorthand


def is_word(name: str) -> bool:
    """Whether a member of this name can be written without quotes."""
    return name.replace("$", "_").isidentifier()


def _follows_dot(meta: Node) -> bool:
    return meta.parent is not None and meta.parent.kind == "MemberExpression"


def _is_head(meta: Node) -> bool:
    parent = meta.parent
    return parent is not None and any(parent.fields.get(field) is meta for field in ("object", "callee"))
