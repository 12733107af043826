"""A line for the top of a file: behind its imports or, where it has none, behind its directives.

'use strict';
var a = require('a'), b = require('b');
import c from 'c';                             <- here
function f() { return require('d'); }
"""

from __future__ import annotations

from collections.abc import Collection

from sio_patch.engine.edits import Edit
from sio_patch.engine.language.align import Insert
from sio_patch.engine.tree.node import Node, parts_of
from sio_patch.engine.tree.scope import Scopes, declared_names
from sio_patch.engine.write import habits, statements
from sio_patch.engine.write.insert import statement_text
from sio_patch.engine.write.site import Site
from sio_patch.engine.write.unsafe import Unsafe
from sio_patch.verdict import Reason

_LEADING = frozenset({"VariableDeclaration", "ImportDeclaration", "ExpressionStatement"})


def added_line(site: Site, op: Insert, own: Collection[Node]) -> Edit:
    """The edit that adds ``op``'s statement. ``own`` are names in code of the patch's that is there already.

    Raises Unsafe.
    """
    tree = site.match.owner
    _check_kind(tree, op)
    for name in sorted(declared_names(op.nodes)):
        _check_free(tree, name, own)
    last = None if op.nodes[0].directive else _last_import(tree)
    spot = statements.spot(site.text, tree, last, "start" if last is None else "after")
    ending = habits.line_ending(site.text, spot.position)
    return statements.insertion(site.text, spot, statement_text(site, op, spot, ending), ending)


def _check_kind(tree: Node, op: Insert) -> None:
    """Raises Unsafe for a `require` in a module that has none: there it means nothing."""
    scopes = Scopes()
    asks = any(_is_require(node) for item in op.nodes for node in item.walk())
    if asks and tree.fields["goal"] == "module" and not _has_require(tree, scopes):
        raise Unsafe.place("the file is an ES module, which takes `import` lines and has no `require`", tree)


def _has_require(tree: Node, scopes: Scopes) -> bool:
    names = (node for node in tree.walk() if node.kind == "Identifier" and node.fields["name"] == "require")
    return any(scopes.binding(node) in (None, tree) for node in names)


def _check_free(tree: Node, name: str, own: Collection[Node]) -> None:
    """Raises Unsafe where ``name`` means something at the top of the file already."""
    scopes = Scopes()
    if name in scopes.declared(tree):
        raise Unsafe(Reason.NAME_TAKEN, f"the patch declares `{name}`, and the file has another `{name}`", tree.start)
    others = (node for node in tree.walk() if node.kind == "Identifier" and node not in own)
    for node in (node for node in others if node.fields["name"] == name and scopes.binding(node) is None):
        message = f"the patch declares `{name}`, and the file uses a global of that name"
        raise Unsafe(Reason.NAME_TAKEN, message, node.start)


def _last_import(tree: Node) -> Node | None:
    """The last import, or `require`, of the statements that the file begins with."""
    last: Node | None = None
    for node in tree.fields["body"]:
        if node.directive:
            continue
        if node.kind not in _LEADING or (node.kind == "ExpressionStatement" and not _asks_for(node)):
            break
        if node.kind == "ImportDeclaration" or _asks_for(node):
            last = node
    return parts_of(last.host)[-1].parent if last is not None and last.host is not None else last


def _asks_for(statement: Node) -> bool:
    """Whether the statement is a `require` or declares what one gives."""
    if statement.kind == "ExpressionStatement":
        return _gives(statement.fields["expression"])
    return any(_gives(each.fields["init"]) for each in statement.fields["declarations"])


def _gives(node: Node | None) -> bool:
    """Whether this is ``require('a')``, ``require('a').b`` or ``require('a')(b)``."""
    while node is not None and not _is_require(node):
        following = node.fields.get("object") or node.fields.get("callee")
        node = following if isinstance(following, Node) else None
    return node is not None


def _is_require(node: Node) -> bool:
    callee = node.fields["callee"] if node.kind == "CallExpression" else None
    return callee is not None and callee.kind == "Identifier" and callee.fields["name"] == "require"
