"""Whether a fixed form that is there makes the patch needless at a place.

It excuses only the place where it stands. With the fixed form `` open($x);``, `` ...``, `` end($x);`` in

    open(f);
    open(g);
    end(g);

the first line is as bare as ever, whether or not it lies between two lines that the form matches.
"""

from __future__ import annotations

from collections.abc import Iterator

from sio_patch.engine.find.found import Match
from sio_patch.engine.find.match import Matcher
from sio_patch.engine.find.spans import overlap
from sio_patch.engine.language.align import Delete, Each, Frame, Insert, Op, Replace
from sio_patch.engine.language.compiled import Section
from sio_patch.engine.tree.node import Node


def excuses(cure: Match, wanted: Match, section: Section, matcher: Matcher) -> bool:
    """Whether ``cure``, a match of a fixed form, is about the place that ``wanted``, one of the minus slice, is about.

    They overlap; a metavariable of both stands for the same code in both (at one place, inside of a ``<... ...>``); and
    where the form shows what the patch's anchor matches, it is that anchor.
    """
    if not overlap(cure, wanted):
        return False
    if not _agree(cure, wanted, matcher):
        return False
    shown = [node for node in cure.pairs.values() if isinstance(node, Node)]
    return not any(_is_of_another(anchor, wanted, shown, section, matcher) for anchor in _anchors(section.ops))


def _agree(cure: Match, wanted: Match, matcher: Matcher) -> bool:
    """Whether what the two say by one name is the same."""
    shared = cure.bindings.keys() & wanted.bindings.keys()
    if not all(matcher.same(cure.bindings[name], wanted.bindings[name]) for name in shared):
        return False
    return all(not places or any(_agree(each, wanted, matcher) for each in places) for places in cure.inside.values())


def _is_of_another(anchor: Node, wanted: Match, shown: list[Node], section: Section, matcher: Matcher) -> bool:
    """Whether ``shown`` has code that ``anchor`` matches, and not the one code that it stands for in ``wanted``."""
    own = wanted.pairs.get(anchor)
    if any(node is own for node in shown):
        return False
    return any(True for _ in matcher.among(shown, section.minus, anchor))


def _anchors(ops: tuple[Op, ...]) -> Iterator[Node]:
    """The statements of the minus slice that the edits attach to."""
    for op in ops:
        for anchor in _old(op):
            if anchor.kind.endswith(("Statement", "Declaration")):
                yield anchor


def _old(op: Op) -> tuple[Node, ...]:
    match op:
        case Insert():
            return () if op.anchor is None else (op.anchor,)
        case Delete():
            return (op.node,)
        case Replace():
            return (op.old,)
        case Frame():
            return op.old
        case Each():
            return ()
