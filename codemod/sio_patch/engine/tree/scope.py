"""Which variable a name stands for: JavaScript's scopes, looked up lazily from a node upwards."""

from __future__ import annotations

from collections.abc import Iterator

from sio_patch.engine.tree.functions import returning
from sio_patch.engine.tree.node import FUNCTIONS, Node

SCOPES = FUNCTIONS | {
    "Program",
    "Block",
    "StaticBlock",
    "SwitchStatement",
    "ForStatement",
    "ForInStatement",
    "ForOfStatement",
    "CatchClause",
    "ClassDeclaration",
    "ClassExpression",
}
VAR_SCOPES = FUNCTIONS | {"Program", "StaticBlock"}
RECEIVERS = frozenset({"FunctionExpression", "FunctionDeclaration", "PropertyDefinition", "StaticBlock", "Program"})
ASSIGNED = {
    "AssignmentExpression": "left",
    "ForInStatement": "left",
    "ForOfStatement": "left",
    "UpdateExpression": "argument",
}
_IMPORTED = frozenset({"ImportSpecifier", "ImportDefaultSpecifier", "ImportNamespaceSpecifier"})


class Scopes:
    """Lookups in one tree. Each scope's names are collected once, when first asked for."""

    def __init__(self) -> None:
        self._names: dict[Node, frozenset[str]] = {}
        self._blocks: dict[Node, Node] = {}

    def binding(self, identifier: Node) -> Node | None:
        """The scope node that declares the variable; None for a global that nothing here declares."""
        name: str = identifier.fields["name"]
        scope = identifier.parent
        if (
            scope is not None
            and scope.kind in ("FunctionDeclaration", "ClassDeclaration")
            and scope.fields.get("id") is identifier
        ):
            scope = scope.parent  # the name of a declaration belongs to the scope around it
        while scope is not None:
            if scope.kind in SCOPES and name in self.declared(scope):
                return scope
            scope = scope.parent
        return None

    def block(self, function: Node) -> Node:
        """The body of ``function`` as a block; for the expression of an arrow function, one that is made once."""
        body: Node = function.fields["body"]
        if body.kind == "Block":
            return body
        if function not in self._blocks:
            self._blocks[function] = returning(function)
        return self._blocks[function]

    def declared(self, scope: Node) -> frozenset[str]:
        """The names that ``scope`` itself declares."""
        names = self._names.get(scope)
        if names is None:
            names = self._names[scope] = frozenset(_declared(scope))
        return names


def name_is_free(name: str, at: Node) -> bool:
    """Whether a new variable ``name`` could be declared in the function that holds ``at`` without meeting another of
    that name.

    Cautious: any mention of the name inside that function counts, for a reference from within would be captured.
    """
    scope: Node | None = at
    while scope is not None and scope.kind not in VAR_SCOPES:
        scope = scope.parent
    return scope is None or all(
        not (node.kind == "Identifier" and node.fields["name"] == name)
        and not (node.name is not None and node.name.fields["name"] == name)
        for node in scope.walk()
    )


def receiver(node: Node) -> Node | None:
    """The function (or class member, or program) whose ``this`` holds at ``node``."""
    above = node.parent
    while above is not None and (above.kind not in RECEIVERS or (node.kind == "ThisExpression" and takes_this(above))):
        above = above.parent
    return above


def takes_this(function: Node) -> bool:
    """Whether ``function`` has the ``this`` of the code round it, as in ``function () {}.bind(this)``."""
    member = function.parent
    call = member.parent if member is not None else None
    if member is None or call is None or member.kind != "MemberExpression" or call.kind != "CallExpression":
        return False
    given: tuple[Node, ...] = call.fields["arguments"] if call.fields["callee"] is member else ()
    is_bound = member.fields["object"] is function and member.fields["property"].fields.get("name") == "bind"
    return is_bound and bool(given) and given[0].kind == "ThisExpression"


def declared_names(nodes: tuple[Node, ...]) -> frozenset[str]:
    """The names that these statements (or parameters, or the one name that is declared) add where they stand."""
    names: set[str] = set()
    for node in nodes:
        names.update(_lexical(node))
        if node.kind not in FUNCTIONS:
            names.update(_hoisted(node))
        if is_target(node):
            names.update(_pattern_names(node))
    return frozenset(names)


def is_target(node: Node) -> bool:
    """Whether ``node`` is what a declaration, a parameter or a ``catch`` names, or a part of it."""
    node = whole_pattern(node)
    parent = node.parent
    if parent is None:
        return False
    named = (parent.fields.get("id"), parent.fields.get("param"), parent.fields.get("local"))
    return any(node is item for item in (*named, *parent.fields.get("params", ())))


def whole_pattern(node: Node) -> Node:
    """The destructuring pattern that ``node`` is a part of; ``node`` itself where it is of none."""
    parent = node.parent
    while parent is not None and (
        parent.kind in ("ArrayPattern", "ObjectPattern", "RestElement")
        or (parent.kind == "Property" and parent.fields["value"] is node)
        or (parent.kind == "AssignmentPattern" and parent.fields["left"] is node)
    ):
        node, parent = parent, parent.parent
    return node


def _declared(scope: Node) -> Iterator[str]:
    fields = scope.fields
    if scope.kind in FUNCTIONS:
        if scope.name is not None:
            yield scope.name.fields["name"]
        for param in fields["params"]:
            yield from _pattern_names(param)
        if scope.kind != "ArrowFunctionExpression":
            yield "arguments"
    if scope.kind in VAR_SCOPES:
        for node in _own_statements(scope):
            yield from _hoisted(node)
    for node in scope.statements() or ():
        yield from _lexical(node)
    if scope.kind == "SwitchStatement":
        for case in fields["cases"]:
            for node in case.statements() or ():
                yield from _lexical(node)
    for field in ("init", "left", "param"):
        head = fields.get(field)
        if isinstance(head, Node):
            yield from _lexical(head) if head.kind == "VariableDeclaration" else ()
            yield from _pattern_names(head) if field == "param" else ()
    if scope.kind in ("ClassDeclaration", "ClassExpression") and fields.get("id") is not None:
        yield fields["id"].fields.get("name", "")


def _own_statements(scope: Node) -> tuple[Node, ...]:
    if scope.kind in FUNCTIONS:
        return (scope.fields["body"],)
    return scope.statements() or ()


def _hoisted(node: Node) -> Iterator[str]:
    """Names of the ``var``s at any depth below ``node``, short of nested functions."""
    for below in node.walk(into_functions=False):
        if below.kind == "VariableDeclaration" and below.fields["kind"] == "var":
            for declarator in below.fields["declarations"]:
                yield from _pattern_names(declarator.fields["id"])


def _lexical(node: Node) -> Iterator[str]:
    """Names that the statement ``node`` declares in its own block: let, const, class, function, import."""
    if node.kind in ("ExportNamedDeclaration", "ExportDefaultDeclaration") and isinstance(
        node.fields["declaration"], Node
    ):
        node = node.fields["declaration"]
    if node.kind == "VariableDeclaration" and node.fields["kind"] != "var":
        for declarator in node.fields["declarations"]:
            yield from _pattern_names(declarator.fields["id"])
    elif node.kind in ("FunctionDeclaration", "ClassDeclaration") and node.fields.get("id") is not None:
        yield node.fields["id"].fields.get("name", "")
    elif node.kind == "ImportDeclaration":
        for item in node.fields["specifiers"]:
            yield from _pattern_names(item.fields["local"]) if item.kind in _IMPORTED else ()


def _pattern_names(node: Node) -> Iterator[str]:
    """Names that a binding pattern declares; default values are not looked into."""
    if node.kind == "Identifier":
        yield node.fields["name"]
    elif node.kind == "AssignmentPattern":
        yield from _pattern_names(node.fields["left"])
    elif node.kind == "RestElement":
        yield from _pattern_names(node.fields["argument"])
    elif node.kind == "Property":
        yield from _pattern_names(node.fields["value"])
    elif node.kind in ("ObjectPattern", "ArrayPattern"):
        for child in node.children():
            yield from _pattern_names(child)
