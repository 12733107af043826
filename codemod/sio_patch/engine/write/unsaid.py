"""What a pattern need not say, and code has: `export` before a declaration, what a class extends.

It stays where the declaration changes. Where the whole of it would go, the patch has to say what becomes of it.
"""

from __future__ import annotations

from sio_patch.engine.find.found import Match
from sio_patch.engine.language.alike import same_code
from sio_patch.engine.tree.node import CLASSES, DECLARATIONS, Node, is_exported
from sio_patch.engine.write.unsafe import Unsafe

_EXPORTED = "it is exported, which the patch does not say; write `export` before it in the patch"
_EXTENDS = "it extends another class, which the patch does not say; write `extends $b` in the patch"


def check_removed(user: Node) -> None:
    """Raises Unsafe where ``user`` is to go, and is exported."""
    if is_exported(user):
        raise Unsafe.place(_EXPORTED, user)


def check_replaced(old: Node, new: Node, match: Match, stays: Node | None = None) -> None:
    """Raises Unsafe where something that ``old`` does not say would be lost with ``new`` in its place.

    ``stays`` is the part of ``old`` that ``new`` is.
    """
    user = match.pairs[old]
    if old.parent is None and isinstance(user, Node) and is_exported(user) and not _declares_the_same(old, new):
        raise Unsafe.place(_EXPORTED, user)
    inside = frozenset(stays.walk()) if stays is not None else frozenset()
    for pattern in (node for node in old.walk() if node not in inside):
        node = match.pairs.get(pattern) if pattern.kind in CLASSES and pattern.fields["superClass"] is None else None
        if isinstance(node, Node) and node.fields["superClass"] is not None:
            raise Unsafe.place(_EXTENDS, node)


def _declares_the_same(old: Node, new: Node) -> bool:
    return new.kind in DECLARATIONS and same_code(_names(old), _names(new))


def _names(declaration: Node) -> tuple[Node | None, ...]:
    if declaration.kind == "VariableDeclaration":
        return tuple(each.fields["id"] for each in declaration.fields["declarations"])
    return (declaration.fields.get("id"),)
