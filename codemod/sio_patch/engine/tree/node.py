"""One node of our tree, and the kinds of node that several rooms tell apart."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

STATEMENT_LISTS = {"Program": "body", "Block": "body", "SwitchCase": "consequent", "StaticBlock": "body"}
WITHOUT_COMMAS = {**STATEMENT_LISTS, "ClassBody": "body", "SwitchStatement": "cases"}  # lists of items on their lines
FUNCTIONS = frozenset({"FunctionExpression", "FunctionDeclaration", "ArrowFunctionExpression"})
KEYED = frozenset({"Property", "MethodDefinition", "PropertyDefinition"})
DECLARATIONS = frozenset({"FunctionDeclaration", "ClassDeclaration", "VariableDeclaration"})
EXPORTS = frozenset({"ExportNamedDeclaration", "ExportDefaultDeclaration"})
CLASSES = frozenset({"ClassDeclaration", "ClassExpression"})
TAKES_SEMICOLON = frozenset(
    [
        "ExpressionStatement",
        "VariableDeclaration",
        "ReturnStatement",
        "ThrowStatement",
        "BreakStatement",
        "ContinueStatement",
        "DebuggerStatement",
        "DoWhileStatement",
        "ImportDeclaration",
        "ExportAllDeclaration",
    ]
)


class Node:
    """One node. ``fields`` hold children in source order; nothing changes after ``parse`` has returned.

    ``start`` and ``end`` are code points; a statement ends after its semicolon, or at its last token where it has none.
    """

    __slots__ = (
        "braced",
        "directive",
        "end",
        "fields",
        "host",
        "kind",
        "name",
        "parent",
        "quoted",
        "shorthand",
        "start",
    )

    def __init__(self, kind: str, start: int, end: int, fields: dict[str, Any]) -> None:
        self.kind = kind
        self.start = start
        self.end = end
        self.fields: dict[str, Any] = fields
        self.parent: Node | None = None
        self.braced = True  # False: a body that is one statement without braces
        self.directive = False  # 'use strict' and its like, at the start of a body
        self.shorthand = False  # a property whose key and value are one token
        self.quoted = False  # a Key that is written as a string or a number
        self.host: Node | None = None  # the whole statement, for a part of a comma list that matches as a statement
        self.name: Node | None = None  # the name of a function expression

    def __repr__(self) -> str:
        return f"<{self.kind} {self.start}:{self.end}>"

    def children(self) -> Iterator[Node]:
        for value in self.fields.values():
            if value.__class__ is Node:
                yield value
            elif value.__class__ is tuple:
                yield from (item for item in value if item is not None)

    def walk(self, *, into_functions: bool = True) -> Iterator[Node]:
        """This node and all below it, in source order; with ``into_functions=False`` nested functions stay closed."""
        stack = [self]
        while stack:
            node = stack.pop()
            yield node
            if into_functions or node is self or node.kind not in FUNCTIONS:
                below: list[Node] = []
                for value in node.fields.values():
                    if value.__class__ is Node:
                        below.append(value)
                    elif value.__class__ is tuple:
                        below += [item for item in value if item is not None]
                stack += below[::-1]

    def statements(self) -> tuple[Node, ...] | None:
        """The statement list that this node holds directly, if it is of a kind that holds one."""
        field = STATEMENT_LISTS.get(self.kind)
        return None if field is None else self.fields[field]


def exported(node: Node) -> Node | None:
    """The function, class or variables that the statement ``node`` declares and exports; None for any other node."""
    if node.kind not in EXPORTS:
        return None
    made: Node | None = node.fields["declaration"]
    return made if made is not None and made.kind in DECLARATIONS else None


def is_exported(node: Node) -> bool:
    """Whether ``node`` is what an `export` before it declares."""
    return node.parent is not None and exported(node.parent) is node


def parts_of(host: Node) -> tuple[Node, ...]:
    """The parts of a comma list that match as statements of their own."""
    host = exported(host) or host
    found: tuple[Node, ...] = (
        host.fields["declarations"]
        if host.kind == "VariableDeclaration"
        else host.fields["expression"].fields["expressions"]
    )
    return found


def own_nodes(*items: Node) -> Iterator[Node]:
    """The nodes of a pattern in source order, short of those inside of a ``<... ...>``."""
    stack = list(items[::-1])
    while stack:
        node = stack.pop()
        yield node
        if node.kind != "Within":
            stack += tuple(node.children())[::-1]


def is_run(pattern: Node) -> bool:
    """Whether a node of a pattern stands for a run of neighbours: a gap, or statements with something inside."""
    return pattern.kind == "Gap" or (pattern.kind == "Within" and bool(pattern.fields["statements"]))
