"""Where a section calls for its edit: all of it, or only what is still to be done inside of its ``<... ...>``.

With ``+begin();`` before ``<... -old($x) +fresh($x) ...>`` in a function, the first of these calls for all, the second
for what stands inside, and the third for nothing:

    old(1); old(2);      begin(); fresh(1); old(2);      begin(); fresh(1); fresh(2);
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from sio_patch.engine.find.done import covers, covers_outside, meet, uncaptured
from sio_patch.engine.find.found import Match
from sio_patch.engine.find.match import Matcher
from sio_patch.engine.find.spans import Spans
from sio_patch.engine.language.align import Each
from sio_patch.engine.language.compiled import Section, name_of
from sio_patch.engine.tree.node import Node


def live(section: Section, wanted: Sequence[Match], done: Sequence[Match], matcher: Matcher) -> Iterator[Match]:
    """Those of ``wanted``, matches of the minus slice, where the section has not been made; and those of ``done``, of
    the plus slice, that want something inside. Of what is ``inside`` only that is left which calls for its edit.
    """
    near = Spans(done)
    if not section.nested:
        yield from (
            each for each in wanted if not any(covers(section.ops, made, each, matcher) for made in near.near(each))
        )
        return
    bare = [
        each for each in wanted if not any(covers_outside(section.ops, made, each, matcher) for made in near.near(each))
    ]
    found = [each._replace(inside=dict(_asked(section, each, matcher))) for each in bare]
    unmade = Spans(bare)
    for made in done:
        asked = dict(_asked_again(section, made, matcher))
        if any(asked.values()) and not any(meet(section.ops, made, each) for each in unmade.near(made)):
            found.append(made._replace(inside=asked, made=True))
    yield from sorted(found, key=lambda match: match.start)


def stays_told(section: Section, within: Node) -> bool:
    """Whether what is known before ``within`` in the minus slice, and used in it, is known where the section was made.

    After ``-var $a = $v;`` nothing tells any more which variable a ``<... $a.b ...>`` was about.
    """
    before = {name_of(node) for node in section.minus.own_nodes() if node.start < within.start}
    return (_spoken_of(section, within) & before) <= section.plus.metavariables


def _spoken_of(section: Section, within: Node) -> frozenset[str]:
    nested = section.nested[within]
    return nested.minus.every_name() | nested.plus.every_name()


def _asked(section: Section, wanted: Match, matcher: Matcher) -> Iterator[tuple[Node, tuple[Match, ...]]]:
    """For each ``<... ...>`` that is changed inside the places in it that call for that."""
    for op in section.ops:
        if isinstance(op, Each):
            nested, there = section.nested[op.within], wanted.pairs[op.within]
            found = matcher.inside(section.plus, op.twin, there, wanted.bindings)
            done = uncaptured(nested, found, matcher.scopes)
            yield op.within, tuple(live(nested, wanted.inside[op.within], done, matcher))


def _asked_again(section: Section, made: Match, matcher: Matcher) -> Iterator[tuple[Node, tuple[Match, ...]]]:
    """The same where all round them has been done, unless nothing tells any more what is asked for there."""
    for op in section.ops:
        told = isinstance(op, Each) and _spoken_of(section, op.within) & section.inherited <= made.bindings.keys()
        if isinstance(op, Each) and told and stays_told(section, op.within):
            nested, there = section.nested[op.within], made.pairs[op.twin]
            wanted = matcher.inside(section.minus, op.within, there, made.bindings)
            yield op.within, tuple(live(nested, wanted, made.inside.get(op.twin, ()), matcher))
