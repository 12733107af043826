"""Whether a patch has been made at a place: that its plus slice matches somewhere in the file does not say so."""

from __future__ import annotations

from collections.abc import Collection, Iterable

from sio_patch.engine.find.found import Bound, Match
from sio_patch.engine.find.match import Matcher
from sio_patch.engine.language.align import Delete, Each, Frame, Insert, Op, Replace, brought_in
from sio_patch.engine.language.alike import same_code
from sio_patch.engine.language.compiled import Section
from sio_patch.engine.tree.node import STATEMENT_LISTS, Node
from sio_patch.engine.tree.scope import Scopes, declared_names, is_target
from sio_patch.engine.tree.top import is_top


def covers(ops: tuple[Op, ...], there: Match, wanted: Match, matcher: Matcher) -> bool:
    """Whether ``there``, a match of the plus slice, shows that all has been done which ``wanted``, one of the minus
    slice, asks for.

    With ``+close($x);`` after `` open($x);`` a ``close(b);`` further down says nothing of ``open(a);``.
    """
    return covers_outside(ops, there, wanted, matcher) and all(
        any(covers(op.ops, made, asked, matcher) for made in there.inside.get(op.twin, ()))
        for op in ops
        if isinstance(op, Each)
        for asked in wanted.inside.get(op.within, ())
    )


def meet(ops: tuple[Op, ...], there: Match, wanted: Match) -> bool:
    """Whether the two are about the same code: some stands in a ``<... ...>`` of both."""
    return any(_meet(there.pairs[op.twin], wanted.pairs[op.within]) for op in ops if isinstance(op, Each))


def covers_outside(ops: tuple[Op, ...], there: Match, wanted: Match, matcher: Matcher) -> bool:
    """The same, whatever is to be done inside of ``<... ...>``."""
    framed = [node for op in ops if isinstance(op, Frame) for node in op.old]
    return all(_done(op, there, wanted, matcher) for op in ops if _about(op) not in framed)


def _about(op: Op) -> Node | None:
    """What ``op`` is beside, or inside of: where a block has come round that, the block says that all was done."""
    return op.anchor if isinstance(op, Insert) else op.within if isinstance(op, Each) else None


def changed_node(ops: tuple[Op, ...], match: Match) -> Node:
    """The patch's own code in a match of the plus slice; where it only removes, the code round the gap."""
    for op in ops:
        if isinstance(op, Each) and (inside := match.inside.get(op.twin)):
            return changed_node(op.ops, inside[0])
        new = op.new if isinstance(op, Replace) else next(iter(brought_in(op)), None)
        found = match.pairs.get(new) if new is not None else None
        if isinstance(found, Node):
            return found
    return match.items[0] if match.items else match.owner


def leaves_old_code(op: Replace) -> bool:
    """Whether the new code is a part of the old, as in ``-f($x)``, ``+$x``: then it matches whatever was done."""
    return any(same_code(node, op.new) for node in op.old.walk())


def old_code_inside(op: Replace) -> list[Node]:
    """The old code in the new, as in ``-$x``, ``+f($x)``: it was put round, and the old code is still there."""
    return [node for node in op.new.walk() if same_code(node, op.old)]


def _done(op: Op, there: Match, wanted: Match, matcher: Matcher) -> bool:
    if isinstance(op, Each):
        return _meet(there.pairs[op.twin], wanted.pairs[op.within])
    if isinstance(op, Delete):
        return wanted.pairs.get(op.node) == ()  # a run of nothing; anything else is still there
    if isinstance(op, Replace):
        old = wanted.pairs.get(op.old)
        return not leaves_old_code(op) and any(there.pairs.get(node) is old for node in (op.new, *old_code_inside(op)))
    if isinstance(op, Frame):
        return _is_framed(op, there, wanted)
    owner = wanted.owner if op.owner is None else wanted.pairs.get(op.owner)
    if owner is not (there.owner if op.owner_twin is None else there.pairs.get(op.owner_twin)):
        return False
    if not _same_bindings(op, there, wanted, matcher):
        return False
    if op.owner is not None and op.owner.kind not in STATEMENT_LISTS:
        return True  # a comma list takes an addition once, wherever its gaps end
    anchor = None if op.anchor is None else wanted.pairs.get(op.anchor)
    return anchor is (None if op.twin is None else there.pairs.get(op.twin))


def _is_framed(op: Frame, there: Match, wanted: Match) -> bool:
    """Whether what is to be put round some code is round it, or is that code. What is to go is still there."""
    if op.takes_off:
        return False
    old = [node for pattern in op.kept.old for node in wanted.run(pattern)]
    new = [node for pattern in op.kept.new for node in there.run(pattern)]
    return old == new or any(node is there.pairs.get(op.new[0]) for node in old)


def _meet(one: Bound, other: Bound) -> bool:
    """Whether what two ``<... ...>`` stand for is the same code, as far as both reach."""
    if isinstance(one, Node) or isinstance(other, Node):
        return one is other
    return any(node in other for node in one) or one == other


def _same_bindings(op: Insert, there: Match, wanted: Match, matcher: Matcher) -> bool:
    """Whether the metavariables of the added code stand for the same code in both."""
    used = {below.fields.get("meta") or below.fields.get("run") for node in op.nodes for below in node.walk()}
    both = wanted.bindings.keys() & there.bindings.keys() & used
    return all(matcher.same(there.bindings[name], wanted.bindings[name]) for name in both)


def new_names(section: Section) -> frozenset[str]:
    """The variables that only the plus slice speaks of, and that it does not declare itself.

    None for a name put in the place of a name: it is renamed where it is declared as well.
    """
    if section.plus.items and section.plus.items[0].kind == "Identifier":
        return frozenset()
    before = {node.fields["name"] for item in section.minus.items for node in item.walk() if node.kind == "Identifier"}
    after = [node for node in section.plus.own_nodes() if node.kind == "Identifier"]
    own = {node.fields["name"] for node in after if is_target(node)} | declared_names(section.plus.items)
    nested = frozenset(name for each in section.nested.values() for name in new_names(each))
    return (nested | {node.fields["name"] for node in after}) - before - own


def uncaptured(section: Section, found: Iterable[Match], scopes: Scopes) -> tuple[Match, ...]:
    """Those of ``found``, matches of the plus slice, where the names that it adds mean nothing of the code around."""
    return _uncaptured(new_names(section), found, scopes)


def _uncaptured(names: frozenset[str], found: Iterable[Match], scopes: Scopes) -> tuple[Match, ...]:
    kept: list[Match] = []
    for match in found:
        inside = {within: _uncaptured(names, places, scopes) for within, places in match.inside.items()}
        if not _is_captured(names, match, scopes) and all(
            inside[within] or not places for within, places in match.inside.items()
        ):
            kept.append(match._replace(inside=inside) if inside else match)
    return tuple(kept)


def _is_captured(names: Collection[str], match: Match, scopes: Scopes) -> bool:
    """Whether one of the names means something of the code around it: then it is not what the patch adds.

    `check()` is no call of the file's own in ``function f(check) { check(); }``.
    """
    return any(
        pattern.kind == "Identifier"
        and pattern.fields["name"] in names
        and isinstance(node, Node)
        and node.kind == "Identifier"
        and not is_top(scopes.binding(node))
        for pattern, node in match.pairs.items()
    )
