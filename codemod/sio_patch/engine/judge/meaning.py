"""What names and words mean in one tree: which declarations a name stands for, and which function owns a ``this``.

A second opinion on purpose: ``tree/scope.py`` answers the matcher and the renderer, and a fault there must not be
repeated here. An Identifier of the tree is always a variable: labels, members and the names that a module shows to
others are Keys.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from typing import NamedTuple

from sio_patch.engine.tree.node import FUNCTIONS, Node

Table = Mapping[str, tuple[Node, ...]]

_LISTS = {"Program": "body", "Block": "body", "StaticBlock": "body", "SwitchCase": "consequent"}
_VAR_SCOPES = FUNCTIONS | {"Program", "StaticBlock"}
_LOOPS = frozenset({"ForStatement", "ForInStatement", "ForOfStatement", "WhileStatement", "DoWhileStatement"})
_PLAIN_FUNCTIONS = FUNCTIONS - {"ArrowFunctionExpression"}
_SPECIFIERS = ("ImportSpecifier", "ImportDefaultSpecifier", "ImportNamespaceSpecifier")


class Variable(NamedTuple):
    """``declarations`` are the Identifiers that declare it (the function itself, for ``arguments``), in ``scope``.

    None and no declarations: a global that nothing here declares.
    """

    scope: Node | None
    declarations: tuple[Node, ...]


class Meaning:
    """Lookups in one tree. ``also`` are top-level statements that belong to the program and are not in the tree.

    A tree without a Program (a pattern's) is given by its items, as ``also``.
    """

    def __init__(self, also: Iterable[Node] = ()) -> None:
        self._also = tuple(also)
        self._tables: dict[Node | None, Table] = {}

    def variable(self, name: str, at: Node) -> Variable:
        """The variable that ``name`` means where the Identifier ``at`` stands."""
        scope = at.parent
        if scope is not None and scope.kind in ("FunctionDeclaration", "ClassDeclaration"):
            scope = scope.parent if scope.fields.get("id") is at else scope
        while scope is not None:
            found = self.table(scope).get(name)
            if found is not None:
                return Variable(scope, found)
            if scope.kind == "Program":
                return Variable(None, ())
            scope = scope.parent
        return Variable(None, self.table(None).get(name, ()))

    def table(self, scope: Node | None) -> Table:
        """The names that ``scope`` itself declares, each with the Identifiers that do. None: above all items."""
        found = self._tables.get(scope)
        if found is None:
            names: dict[str, tuple[Node, ...]] = {}
            for identifier in self._declared(scope):
                name = identifier.fields.get("name")
                if name is not None:  # else a pattern's metavariable
                    names[name] = (*names.get(name, ()), identifier)
            if scope is not None and scope.kind in _PLAIN_FUNCTIONS:
                names.setdefault("arguments", (scope,))
            if scope is not None and scope.name is not None and "name" in scope.name.fields:
                names.setdefault(scope.name.fields["name"], (scope.name,))
            found = self._tables[scope] = names
        return found

    def _declared(self, scope: Node | None) -> Iterator[Node]:
        if scope is None or scope.kind == "Program":
            items = (*self._also, *(scope.fields["body"] if scope is not None else ()))
            yield from _lexical(items)
            yield from _vars(items)
            return
        fields = scope.fields
        if scope.kind in FUNCTIONS:
            yield from (each for param in fields["params"] for each in targets(param))
            yield from _vars((fields["body"],))
        elif scope.kind == "StaticBlock":
            yield from _vars(fields["body"])
        if scope.kind in _LISTS:
            yield from _lexical(fields[_LISTS[scope.kind]])
        elif scope.kind == "SwitchStatement":
            yield from (each for case in fields["cases"] for each in _lexical(case.fields.get("consequent", ())))
        elif scope.kind == "CatchClause" and fields["param"] is not None:
            yield from targets(fields["param"])
        elif scope.kind in _LOOPS:
            yield from (each for part in ("init", "left") for each in _lexical((fields.get(part),)))
        elif scope.kind in ("ClassDeclaration", "ClassExpression") and fields.get("id") is not None:
            yield fields["id"]


def targets(pattern: Node | None) -> Iterator[Node]:
    """The Identifiers that a binding pattern declares."""
    stack = [pattern]
    while stack:
        node = stack.pop()
        if node is None:
            continue
        if node.kind == "Identifier":
            yield node
        elif node.kind == "AssignmentPattern":
            stack.append(node.fields["left"])
        elif node.kind == "RestElement":
            stack.append(node.fields["argument"])
        elif node.kind == "Property":
            stack.append(node.fields["value"])
        elif node.kind in ("ObjectPattern", "ArrayPattern"):
            stack += reversed(node.fields["properties" if node.kind == "ObjectPattern" else "elements"])


def names_given(export: Node) -> list[str]:
    """The names of what an export declares."""
    made = export.fields["declaration"]
    if made is None:
        return []
    heads = [each.fields["id"] for each in made.fields.get("declarations", (made,))]
    return [each.fields["name"] for head in heads for each in targets(head)]


def owner(node: Node) -> Node | None:
    """The function (class field, loop, label, program) that a word of the language belongs to; None for no such word.

    ``this``, ``super`` and ``new.target`` belong to a function that is no arrow; ``return``, ``await`` and ``yield`` to
    the nearest one; ``break`` and ``continue`` to what they leave.
    """
    match node.kind:
        case "ThisExpression" | "Super" | "MetaProperty":
            return _receiver(node)
        case "ReturnStatement" | "AwaitExpression" | "YieldExpression":
            return _above(node, _VAR_SCOPES)
        case "ForOfStatement" if node.fields.get("allowAwait"):
            return _above(node, _VAR_SCOPES)
        case "BreakStatement" | "ContinueStatement":
            return _left(node)
        case _:
            return None


def _receiver(node: Node) -> Node | None:
    child, above = node, node.parent
    while above is not None:
        bound = node.kind == "ThisExpression" and _is_bound_to_this(above)
        if not bound and (above.kind in _PLAIN_FUNCTIONS or above.kind in ("StaticBlock", "Program")):
            return above
        if above.kind == "PropertyDefinition" and above.fields.get("value") is child:
            return above
        child, above = above, above.parent
    return None


def _is_bound_to_this(function: Node) -> bool:
    """Whether it is ``function () {}.bind(this)``: its ``this`` is the one around it."""
    member = function.parent
    call = member.parent if member is not None and member.kind == "MemberExpression" else None
    if function.kind != "FunctionExpression" or member is None or call is None or call.kind != "CallExpression":
        return False
    name, arguments = member.fields["property"].fields.get("name"), call.fields["arguments"]
    is_callee = call.fields["callee"] is member and member.fields["object"] is function
    return is_callee and name == "bind" and bool(arguments) and arguments[0].kind == "ThisExpression"


def _left(jump: Node) -> Node | None:
    label = jump.fields.get("label")
    if label is None:
        kinds = _LOOPS | {"SwitchStatement"} if jump.kind == "BreakStatement" else _LOOPS
        return _above(jump, kinds)
    above = _above(jump, {"LabeledStatement"})
    while above is not None and above.fields["label"].fields["name"] != label.fields["name"]:
        above = _above(above, {"LabeledStatement"})
    return above


def _above(node: Node, kinds: Iterable[str]) -> Node | None:
    above = node.parent
    while above is not None and above.kind not in kinds:
        above = above.parent
    return above


def _vars(roots: Iterable[Node]) -> Iterator[Node]:
    """What ``var`` declares at any depth, short of what has ``var``s of its own; and functions in blocks, as sloppy
    code has it."""
    stack = list(roots)
    for node in stack:
        if node.kind == "VariableDeclaration" and node.fields["kind"] == "var":
            yield from (each for declarator in node.fields["declarations"] for each in _declarator(declarator))
        elif node.kind == "FunctionDeclaration" and is_in_block(node):
            yield node.fields["id"]
        if node.kind not in _VAR_SCOPES:
            stack += node.children()


def is_in_block(function: Node) -> bool:
    """Whether a function is declared in a block of its own, and not in the list of a program or a function."""
    parent = function.parent
    if parent is None or function.fields.get("id") is None or parent.kind not in ("Block", "SwitchCase"):
        return False
    return parent.parent is None or parent.parent.kind not in FUNCTIONS


def _lexical(statements: Iterable[Node | None]) -> Iterator[Node]:
    """What these statements declare in their own list: let, const, class, function, import."""
    for statement in statements:
        node = statement
        if node is not None and node.kind in ("ExportNamedDeclaration", "ExportDefaultDeclaration"):
            made = node.fields.get("declaration")
            node = made if isinstance(made, Node) else None
        if node is None:
            continue
        if node.kind == "VariableDeclaration" and node.fields["kind"] != "var":
            yield from (each for declarator in node.fields["declarations"] for each in _declarator(declarator))
        elif node.kind in ("FunctionDeclaration", "ClassDeclaration"):
            yield from targets(node.fields.get("id"))
        elif node.kind == "ImportDeclaration":
            yield from (each.fields["local"] for each in node.fields["specifiers"] if each.kind in _SPECIFIERS)


def _declarator(declarator: Node) -> Iterator[Node]:
    return targets(declarator.fields["id"]) if declarator.kind == "VariableDeclarator" else iter(())
