"""Whether two places of one tree hold the same code."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from sio_patch.engine.find.steps import Steps
from sio_patch.engine.language.texts import spelling
from sio_patch.engine.tree.node import Node
from sio_patch.engine.tree.scope import Scopes, receiver


def same(one: Node, other: Node, scopes: Scopes, steps: Steps) -> bool:
    """Whether the code is the same, the names in it stand for the same variables, and ``this`` for the same object.

    What the code itself declares is its own each time: ``function (a) { return a; }`` is the same wherever it stands.
    """
    if "Word" in (one.kind, other.kind):
        return spelling(one) is not None and spelling(one) == spelling(other)
    own: dict[Node | None, Node] = {}  # nodes inside ``one``, and what stands for them in ``other``
    stack: list[tuple[Any, Any]] = [(one, other)]
    while stack:
        steps.take()
        a, b = stack.pop()
        if isinstance(a, tuple) and isinstance(b, tuple) and len(a) == len(b):
            stack.extend(zip(a, b, strict=True))
        elif not isinstance(a, Node) or not isinstance(b, Node):
            if a.__class__ is not b.__class__ or a != b:
                return False
        elif a.kind == b.kind == "Identifier":
            if not (_same_variable(a, b, scopes, own) if a.parent and b.parent else a.fields == b.fields):
                return False
        elif {a.kind, b.kind} == {"Identifier", "Key"}:
            if a.fields["name"] != b.fields["name"]:
                return False
        elif a.kind == b.kind == "ThisExpression":
            if not _is_twin(receiver(a), receiver(b), own):
                return False
        elif a.kind != b.kind or a.fields.keys() != b.fields.keys():
            return False
        else:
            own[a] = b
            stack.extend((value, b.fields[field]) for field, value in a.fields.items())
    return True


def _same_variable(one: Node, other: Node, scopes: Scopes, own: Mapping[Node | None, Node]) -> bool:
    if one.fields["name"] != other.fields["name"]:
        return False
    return _is_twin(scopes.binding(one), scopes.binding(other), own)


def _is_twin(one: Node | None, other: Node | None, own: Mapping[Node | None, Node]) -> bool:
    return one is other or (one in own and own[one] is other)


def same_run(one: tuple[Node, ...], other: tuple[Node, ...], scopes: Scopes, steps: Steps) -> bool:
    return len(one) == len(other) and all(same(a, b, scopes, steps) for a, b in zip(one, other, strict=True))
