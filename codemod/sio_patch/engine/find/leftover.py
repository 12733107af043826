"""Code that a patch removes and that still stands, where the patch would read as applied.

With `` open($x);``, ``-noise();`` the plus slice is ``open($x);``, which matches

    open(f);
    if (a) noise();

all the same. So what is removed is looked for again, at any depth, in the room that the patch gives it: from the
context before it to the context after it, or to that end of the list.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import NamedTuple

from sio_patch.engine.find.found import Env, Match
from sio_patch.engine.find.match import Matcher
from sio_patch.engine.language.align import Delete, Each, Frame, Op, Replace
from sio_patch.engine.language.compiled import Pattern, Section, names_in
from sio_patch.engine.tree.node import STATEMENT_LISTS, Node, exported

_LEAVES = frozenset({"ReturnStatement", "ThrowStatement", "BreakStatement", "ContinueStatement"})
_DEFINITIONS = frozenset({"FunctionDeclaration", "ClassDeclaration", "ClassExpression"})
_FUNCTION_VALUES = frozenset({"FunctionExpression", "ArrowFunctionExpression"})


class Leftover(NamedTuple):
    """``removed`` is the patch's own, ``node`` where it still stands in the file."""

    removed: Node
    node: Node


class _Removal(NamedTuple):
    """An item of a list of the minus slice that goes, or changes.

    ``owner_twin`` holds the list in the plus slice (None: the pattern's items, which stand in ``lists``). ``replaced``
    comes in its place.
    """

    removed: Node
    owner_twin: Node | None
    replaced: Node | None
    lists: Mapping[str, str]

    @property
    def is_statement(self) -> bool:
        if self.removed.parent is None:
            return self.lists == STATEMENT_LISTS
        return self.removed.parent.kind in STATEMENT_LISTS


def leftovers(section: Section, there: Match, matcher: Matcher) -> Iterator[Leftover]:
    """What ``there``, a match of the plus slice, has left of the code that the patch removes."""
    for op in (op for op in section.ops if isinstance(op, Each)):
        for made in there.inside.get(op.twin, ()):
            yield from leftovers(section.nested[op.within], made, matcher)
    for removal in filter(None, (_removal(op, section.minus.lists) for op in section.ops)):
        core = _core(removal.removed)
        names = names_in(core) - section.minus.optional
        room = _room(removal, section.plus, there)
        if room is not None and matcher.mentions(names, room.start, room.end):
            places = (place for place in room.items() if matcher.mentions(names, place.start, place.end))
            nodes = (node for place in places for node in _below(place, removal))
            for node in matcher.among(nodes, section.minus, core, Env(there.bindings)):
                yield Leftover(removal.removed, node)


def _removal(op: Op, lists: Mapping[str, str]) -> _Removal | None:
    if isinstance(op, Delete):
        return _Removal(op.node, op.owner_twin, None, lists)
    if isinstance(op, Frame) and op.takes_off:
        return _Removal(op.old[0], op.new[0].parent, op.new[0], lists)
    if not isinstance(op, Replace):
        return None
    new = _statement(op.new)
    return _Removal(_statement(op.old), new.parent, new, lists)


def _statement(node: Node) -> Node:
    """The statement (or the whole expression) that ``node`` is or is a part of."""
    while node.parent is not None and node.parent.kind not in STATEMENT_LISTS:
        node = node.parent
    return node


def _core(removed: Node) -> Node:
    """What to look for, however it is written: of ``f();`` the call, of ``var a = 1`` what is declared."""
    core: Node = removed
    if removed.kind == "ExpressionStatement":
        core = removed.fields["expression"]
    elif removed.kind == "VariableDeclaration":
        core = removed.fields["declarations"][0]
    return core


class _Stretch(NamedTuple):
    """A part of a list of ``owner``: what lies between ``start`` and ``end``, without what was put there."""

    owner: Node
    removal: _Removal
    own: object
    start: int
    end: int

    def items(self) -> Iterator[Node]:
        for item in _list(self.owner, self.removal):
            own = self.own is not None and self.own in (item, exported(item))
            if not own and self.start <= item.start and item.end <= self.end:
                yield item


def _room(removal: _Removal, plus: Pattern, there: Match) -> _Stretch | None:
    """What lies between the code for the context round what is removed. None where that stands nowhere."""
    twins = plus.items if removal.owner_twin is None else _list(removal.owner_twin, removal)
    owner = there.owner if removal.owner_twin is None else there.pairs.get(removal.owner_twin)
    if not isinstance(owner, Node):
        return None
    own = there.pairs.get(removal.replaced) if removal.replaced is not None else None
    lower, upper = owner.start, owner.end
    if own is not None and removal.owner_twin is None:
        lower, upper = there.start, there.end  # what is added has been found: what is outside the match is other code
    for twin in twins:
        node = there.pairs.get(twin)
        if isinstance(node, Node) and node is not own:
            before = twin.start < removal.removed.start
            lower, upper = (max(lower, node.end), upper) if before else (lower, min(upper, node.start))
    return _Stretch(owner, removal, own, lower, upper)


def _list(owner: Node, removal: _Removal) -> tuple[Node, ...]:
    """The list of ``owner`` that corresponds to the one in which the removed code stands."""
    statements = owner.statements() if removal.is_statement else None
    if statements is not None:
        return statements
    parent, removed = removal.removed.parent, removal.removed
    fields = [field for field, value in parent.fields.items() if removed in _tuple(value)] if parent is not None else []
    field = fields[0] if fields else removal.lists.get(owner.kind, "")
    return tuple(item for item in _tuple(owner.fields.get(field)) if item is not None)


def _tuple(value: object) -> tuple[Node, ...]:
    return value if isinstance(value, tuple) else ()


def _below(place: Node, removal: _Removal) -> Iterator[Node]:
    """Where in an item of the list the removed code would still be what the patch removes.

    In a block that the pattern shows that is anywhere. In a list that it does not show, functions that are defined
    there are other code; one that is handed to a call is not: ``later(function () { noise(); })``.
    """
    if not removal.is_statement:
        return iter((place,))
    if removal.removed.kind in _LEAVES:
        return place.walk(into_functions=False)
    return place.walk() if removal.owner_twin is not None else _short_of_definitions(place)


def _short_of_definitions(place: Node) -> Iterator[Node]:
    stack = [place]
    while stack:
        node = stack.pop()
        yield node
        if node.kind not in _DEFINITIONS and not (node.kind in _FUNCTION_VALUES and not _is_handed_over(node)):
            stack += reversed(tuple(node.children()))


def _is_handed_over(function: Node) -> bool:
    parent = function.parent
    while parent is not None and parent.kind == "MemberExpression":  # (function () {}).call(this)
        function, parent = parent, parent.parent
    return parent is not None and parent.kind in ("CallExpression", "NewExpression")
