"""What code stores to, however the store is written: ``a = 1``, ``a++``, ``[a] = b``, ``for (a of b)``."""

from __future__ import annotations

from collections.abc import Collection, Iterator

from sio_patch.engine.tree.node import Node
from sio_patch.engine.tree.scope import ASSIGNED

_STORES = {**ASSIGNED, "VariableDeclarator": "id"}


def assigns_anything(condition: Node, bound: Collection[str]) -> bool:
    """Whether a condition is ``TARGET = $x`` with an ``$x`` that nothing binds: then any store to TARGET counts."""
    if condition.kind != "AssignmentExpression":
        return False
    name = condition.fields["right"].fields.get("meta")
    return bool(name) and name not in bound


def stored(node: Node) -> Iterator[Node]:
    """The variables and members that ``node`` itself stores to."""
    field = _STORES.get(node.kind)
    if field is not None and node.fields.get("init", True) is not None:  # a declaration alone stores nothing
        yield from _targets(node.fields[field])


def _targets(store: Node) -> Iterator[Node]:
    """What is assigned to in the left side of an assignment."""
    if store.kind in ("Identifier", "MemberExpression"):
        yield store
    elif store.kind == "AssignmentPattern":
        yield from _targets(store.fields["left"])
    elif store.kind == "Property":
        yield from _targets(store.fields["value"])
    elif store.kind in ("ArrayPattern", "ObjectPattern", "RestElement"):
        for child in store.children():
            yield from _targets(child)
