"""The ways in which JavaScript writes one function: assigned, declared, as a method, in a class, as an arrow."""

from __future__ import annotations

from typing import NamedTuple

from sio_patch.engine.tree.node import Node

FUNCTION_VALUES = frozenset({"FunctionExpression", "ArrowFunctionExpression"})
_OWNERS = frozenset({"FunctionExpression", "FunctionDeclaration"})
_OWN_WORDS = frozenset({"ThisExpression", "Super", "MetaProperty"})


class NamedFunction(NamedTuple):
    """A function by name. ``owner`` is what it is a member of (``Manager`` in ``Manager.prototype.open``); None for a
    variable. ``key`` is where the name stands.
    """

    owner: Node | None
    on_prototype: bool
    name: str
    function: Node
    key: Node


def named_function(node: Node) -> NamedFunction | None:
    """The function that ``node`` (a statement, a property or a class member) defines. None where it defines none, or no
    known one.
    """
    fields = node.fields
    if node.kind == "FunctionDeclaration":
        name = fields.get("id")
        return NamedFunction(None, False, _name(name), node, name) if name is not None else None
    if node.kind == "VariableDeclaration" and len(fields["declarations"]) == 1:
        declarator = fields["declarations"][0]
        return _of(declarator.fields["id"], declarator.fields["init"])
    if node.kind == "ExpressionStatement" and fields["expression"].kind == "AssignmentExpression":
        return _of(fields["expression"].fields["left"], fields["expression"].fields["right"])
    if node.kind == "Property" and fields.get("kind") == "init":
        return _member(_object_owner(node.parent), fields["key"], fields["value"])
    if node.kind == "MethodDefinition" and fields.get("kind") == "method":
        owner = _class_owner(node.parent)
        return None if owner is None else _method(owner, not fields["static"], fields["key"], fields["value"])
    return None


def is_method(function: Node) -> bool:
    """Whether this is the function of `{ m() {} }`, a getter, a setter or a class member: none can stand by itself."""
    parent = function.parent
    if parent is None or parent.kind not in ("Property", "MethodDefinition"):
        return False
    return parent.kind == "MethodDefinition" or parent.fields.get("kind") != "init" or bool(parent.fields["method"])


def speaks_of_itself(function: Node) -> bool:
    """Whether there is a `this`, `arguments`, `super` or `new.target` in it that no function inside it owns."""
    stack = list(function.children())
    while stack:
        node = stack.pop()
        if node.kind in _OWN_WORDS or (node.kind == "Identifier" and node.fields["name"] == "arguments"):
            return True
        if node.kind not in _OWNERS:
            stack += node.children()
    return False


def returning(arrow: Node) -> Node:
    """The body of ``arrow``, an expression, as the block that it stands for: without braces, and not in the tree."""
    body: Node = arrow.fields["body"]
    statement = Node("ReturnStatement", body.start, body.end, {"argument": body})
    block = Node("Block", body.start, body.end, {"body": (statement,)})
    block.braced = False
    statement.parent, block.parent = block, arrow
    return block


def _of(target: Node, value: Node | None) -> NamedFunction | None:
    if value is None or value.kind not in FUNCTION_VALUES:
        return None
    if target.kind == "MemberExpression":
        return _member(target.fields["object"], target.fields["property"], value)
    return NamedFunction(None, False, _name(target), value, target) if target.kind in ("Identifier", "Meta") else None


def _member(owner: Node | None, key: Node, value: Node) -> NamedFunction | None:
    if owner is None:
        return None
    if owner.kind == "MemberExpression" and _name(owner.fields["property"]) == "prototype":
        return _method(owner.fields["object"], True, key, value)
    return _method(owner, False, key, value)


def _method(owner: Node, on_prototype: bool, key: Node, value: Node) -> NamedFunction | None:
    if value is None or value.kind not in FUNCTION_VALUES or key.kind not in ("Key", "Meta"):
        return None
    return NamedFunction(owner, on_prototype, _name(key), value, key)


def _object_owner(literal: Node | None) -> Node | None:
    """What an object literal is assigned to."""
    parent = literal.parent if literal is not None else None
    if literal is None or parent is None or literal.kind != "ObjectExpression":
        return None
    if parent.kind == "AssignmentExpression" and parent.fields["right"] is literal:
        return _node(parent.fields["left"])
    return _node(parent.fields["id"]) if parent.kind == "VariableDeclarator" else None


def _class_owner(body: Node | None) -> Node | None:
    """The name of the class whose body this is, or what the class is assigned to."""
    made = body.parent if body is not None else None
    if made is None or made.parent is None:
        return None
    if made.fields.get("id") is not None:
        return _node(made.fields["id"])
    parent = made.parent
    if parent.kind == "AssignmentExpression" and parent.fields["right"] is made:
        return _node(parent.fields["left"])
    return _node(parent.fields["id"]) if parent.kind == "VariableDeclarator" else None


def _node(value: object) -> Node | None:
    return value if isinstance(value, Node) else None


def _name(node: Node) -> str:
    """A name to compare by; a metavariable is named as it is written, so that it equals only itself."""
    return str(node.fields.get("name") or f"${node.fields.get('meta')}")
