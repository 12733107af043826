"""What a metavariable stands for where it is written: a member's name, something declared, or an expression.

JavaScript spells these alike, and code of one kind in the place of another is other code or none.
"""

from __future__ import annotations

from enum import Enum

from sio_patch.engine.tree.node import KEYED, Node
from sio_patch.engine.tree.scope import ASSIGNED, is_target

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


class Role(Enum):
    """The value is how a person calls it."""

    NAME = "a member's name"
    TARGET = "what is declared or assigned to"
    EXPRESSION = "an expression"
    TEXT = "text in a string"


def role(meta: Node) -> Role:
    """What ``meta``, a metavariable or a run of a pattern, is in it."""
    parent = meta.parent
    if parent is None:
        return Role.EXPRESSION
    if parent.kind == "Literal":
        return Role.TEXT
    if parent.kind == "MemberExpression" or parent.kind in KEYED:
        field = "property" if parent.kind == "MemberExpression" else "key"
        if parent.fields[field] is meta and not parent.fields["computed"]:
            return Role.NAME
    if any(parent.fields[field] is meta for field in _OUTSIDE.get(parent.kind, ())):
        return Role.NAME
    assigned = ASSIGNED.get(parent.kind)
    if is_target(meta) or (assigned is not None and parent.fields[assigned] is meta):
        return Role.TARGET
    return Role.EXPRESSION


def is_shorthand_key(node: Node) -> bool:
    """Whether ``node`` is the key in ``{ key }``, or the name outside in ``import { name }`` or ``export { name }``.

    The same token spells another node, which is the one that counts.
    """
    parent = node.parent
    return parent is not None and parent.shorthand and parent.fields.get(_SAME_TOKEN.get(parent.kind, "")) is node


def is_word(name: str) -> bool:
    """Whether a member of this name can be written without quotes."""
    return name.replace("$", "_").isidentifier()
