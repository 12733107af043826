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
_SAME_TOKEN = {"Property": "key", "ImportSpecifier": "imported", "ExportSpecifier": "exported"}
_OUTSIDE = {
    "ImportSpecifier": ("imported",),
    "ExportSpecifier": ("exported",),
    "ExportAllDeclaration": ("exported",),
    "ImportAttribute": ("key",),
    "LabeledStatement": ("label",),
    "BreakStatement": ("label",),
    "ContinueStatement": ("label",),
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


class Role(Enum):
    """The value is how a person calls it."""

    NAME = "a member's name"
    TARGET = "what is declared or assigned to"
    EXPRESSION = "an expression"


def role(meta: Node) -> Role:
    """What ``meta``, a metavariable or a run of a pattern, is in it."""
    parent = meta.parent
    if parent is None:
        return Role.EXPRESSION
    if parent.kind == "MemberExpression" or parent.kind in KEYED:
        field = "property" if parent.kind == "MemberExpression" else "key"
        if parent.fields[field] is meta and not parent.fields["computed"]:
            return Role.NAME
    if any(parent.fields[field] is meta for field in _OUTSIDE.get(parent.kind, ())):
        return Role.NAME
    assigned = _ASSIGNED.get(parent.kind)
    if is_target(meta) or (assigned is not None and parent.fields[assigned] is meta):
        return Role.TARGET
    return Role.EXPRESSION


def check(bound: Node, meta: Node, text: str) -> None:
    """Raises Unsafe where ``bound``, code of the user's ``text``, cannot be written in the place of ``meta``."""
    here = role(meta)
    if here is Role.NAME:
        wrong = bound.kind == "Key" and not is_word(bound.fields["name"]) and _follows_dot(meta)
    elif here is Role.TARGET:
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


def is_shorthand_key(node: Node) -> bool:
    """Whether ``node`` is the key in ``{ key }``, or the name outside in ``import { name }`` or ``export { name }``.

    The same token spells another node, which is the one that counts.
    """
    parent = node.parent
    return parent is not None and parent.shorthand and parent.fields.get(_SAME_TOKEN.get(parent.kind, "")) is node


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
