"""What the user's code would mean something else by, once code of the patch stands round it.

That is a variable which the patch's code declares, and with a function round it also `this`, `return`, `await` and
their like.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping

from sio_patch.engine.tree.node import FUNCTIONS, Node
from sio_patch.engine.tree.scope import RECEIVERS, SCOPES, VAR_SCOPES, Scopes, receiver, takes_this

_LOOPS = frozenset({"ForStatement", "ForInStatement", "ForOfStatement", "WhileStatement", "DoWhileStatement"})
_OF_FUNCTIONS = {"ReturnStatement": "return", "YieldExpression": "yield", "AwaitExpression": "await"}
_OF_RECEIVERS = {"ThisExpression": "this", "Super": "super", "MetaProperty": "new.target"}
_OF_STATEMENTS = {"BreakStatement": "break", "ContinueStatement": "continue"}
_WORDS = {**_OF_FUNCTIONS, **_OF_RECEIVERS, **_OF_STATEMENTS}


def captured(added: Node, bindings: Mapping[str, Node | tuple[Node, ...]]) -> frozenset[str]:
    """What the code that the metavariables of ``added`` stand for means, and ``added`` would change."""
    found: set[str] = set()
    for scope in added.walk():
        if scope.kind in SCOPES:
            names = _changed_by(scope)
            for below in scope.walk():
                bound = bindings.get(below.fields.get("meta") or below.fields.get("run") or "", ())
                for code in (bound,) if isinstance(bound, Node) else bound:
                    found.update(names.intersection(_meant(code)))
    return frozenset(found)


def enclosed(added: Node, inner: Node, code: Node, *, kept: bool = False) -> frozenset[str]:
    """What ``code`` means and ``added`` would change, put round it where it has ``inner``.

    What the pattern itself says inside is the patch's own affair. Of code on context lines, ``kept``, that goes for
    its variables, and not for its words: a `return` stays the one of the user's function.
    """
    names: set[str] = set()
    scope = inner.parent
    while scope is not None and _holds(added, scope):
        if scope.kind in SCOPES:
            names |= _changed_by(scope)
        scope = scope.parent
    return frozenset(names.intersection(_meant(code)).difference(_said(inner, words=not kept)))


def _changed_by(scope: Node) -> set[str]:
    names = set(Scopes().declared(scope))
    if scope.kind in FUNCTIONS:
        names.update(_OF_FUNCTIONS.values(), _OF_STATEMENTS.values(), ["var"])
    if scope.kind in RECEIVERS:
        names.update(word for kind, word in _OF_RECEIVERS.items() if kind != "ThisExpression" or not takes_this(scope))
    return names


def _said(code: Node, *, words: bool) -> Iterator[str]:
    for node in code.walk():
        if node.kind == "Identifier":
            yield node.fields["name"]
        elif not words:
            continue
        elif node.kind == "VariableDeclaration":
            yield "var"
        elif node.kind in _WORDS:
            yield _WORDS[node.kind]


def _meant(code: Node) -> Iterator[str]:
    """The variables and the words in ``code`` whose meaning comes from outside it."""
    scopes = Scopes()
    for node in code.walk():
        home: Node | None
        if node.kind == "Identifier":
            word, home = node.fields["name"], scopes.binding(node)
        elif node.kind == "VariableDeclaration" and node.fields["kind"] == "var":
            word, home = "var", _above(node, VAR_SCOPES)
        elif node.kind in _OF_FUNCTIONS:
            word, home = _OF_FUNCTIONS[node.kind], _above(node, FUNCTIONS)
        elif node.kind in _OF_RECEIVERS:
            word, home = _OF_RECEIVERS[node.kind], receiver(node)
        elif node.kind in _OF_STATEMENTS:
            word, home = _OF_STATEMENTS[node.kind], _left(node)
        else:
            continue
        if not _holds(code, home):
            yield word


def _holds(code: Node, node: Node | None) -> bool:
    while node is not None and node is not code:
        node = node.parent
    return node is code


def _left(jump: Node) -> Node | None:
    """The statement that a `break` or `continue` leaves."""
    label = jump.fields.get("label")
    kinds = _LOOPS | {"SwitchStatement"} if jump.kind == "BreakStatement" else _LOOPS
    above = _above(jump, kinds if label is None else {"LabeledStatement"})
    while label is not None and above is not None and above.fields["label"].fields["name"] != label.fields["name"]:
        above = _above(above, {"LabeledStatement"})
    return above


def _above(node: Node, kinds: Iterable[str]) -> Node | None:
    above = node.parent
    while above is not None and above.kind not in kinds:
        above = above.parent
    return above
