"""Each part of a change beside the match of the plus slice that stands in its place now."""

from __future__ import annotations

from bisect import bisect_left, bisect_right
from collections.abc import Collection, Iterator, Sequence
from typing import NamedTuple

from sio_patch.engine.find.found import Match, Occurrence
from sio_patch.engine.judge.change import Objection, Part, quoted
from sio_patch.engine.judge.ends import alone, trimmed
from sio_patch.engine.judge.kept import Kept
from sio_patch.engine.judge.twins import Difference, same
from sio_patch.engine.tree.node import CLASSES, Node, is_run

_STAND_FOR = frozenset({"Meta", "Gap", "Within"})  # for code of the user's, of which the patch says nothing more


class Made(NamedTuple):
    """A part of a change, and the match of the plus slice there.

    ``around`` is the place that it is inside of. ``within`` is what differs in what its own ``<... ...>`` stand for.
    """

    part: Part
    now: Match
    shown: frozenset[Node]
    """Nodes of both trees that the patch itself speaks of."""
    around: Made | None = None
    within: tuple[Difference, ...] = ()


def places(kept: Kept, parts: Sequence[Part], found: Sequence[Occurrence], parameters: Collection[str]) -> list[Made]:
    """The place of each part, and of those inside of it: the match in ``found`` of its section's plus slice, with the
    same code in it.

    Raises Objection where there is none.
    """
    made: dict[int, list[Match]] = {}
    for each in found:
        made.setdefault(id(each.section.plus), []).append(each.match)
    spread = {plus: _spread(matches) for plus, matches in made.items()}

    def place(part: Part, around: Made | None) -> Iterator[Made]:
        if around is not None:
            _check_inside(part.match, around.part.match)
        here = _place(kept, part, spread.get(id(part.section.plus), ((), ())), parameters)
        rooms = _gaps(part.match, here.now, "Within")
        within = tuple([each for old, new in rooms for each in kept.in_place(old, new)])
        here = here._replace(around=around, within=within)
        yield here
        for inner in part.inside:
            yield from place(inner, here)

    return [each for part in parts for each in place(part, None)]


def shown_again(place: Made) -> Iterator[tuple[Node, Node]]:
    """The code of the patch's context lines, before and now: a context line has one offset in both slices."""
    now = {(pattern.start, pattern.kind): node for pattern, node in place.now.pairs.items()}
    for pattern, old in place.part.match.pairs.items():
        new = now.get((pattern.start, pattern.kind)) if pattern.start in place.part.section.context else None
        if isinstance(old, Node) and isinstance(new, Node):
            yield old, new


def inside(kept: Kept, place: Made, parameters: Collection[str]) -> Iterator[Difference]:
    """Where the code that metavariables, runs and gaps stand for is not there again as it was."""
    was, now = place.part.match, place.now
    for pattern, value in now.pairs.items():
        name = pattern.fields.get("meta") or pattern.fields.get("run")
        if name is not None and name not in parameters and not _is_word(value) and not _is_word(was.bindings[name]):
            yield from kept.again(_run(was.bindings[name]), _run(value))
    for old, new in _gaps(was, now):
        yield from kept.again(old, new)
    for old, new in _gaps(was, now, directives=True):
        if same(old, new):
            yield from kept.again(old, new)
        else:
            yield from (Difference((node,), ()) for node in old if node not in kept.twins.of)
    yield from place.within


def all_gone(kept: Kept, place: Made) -> None:
    """Code that only the minus slice speaks of has gone. Raises Objection."""
    deletes = not place.part.section.plus.items
    for pattern, value in place.part.match.pairs.items():
        for node in _run(value) if deletes or pattern.kind not in _STAND_FOR else ():
            twin = kept.twins.of.get(node)
            if twin is not None and twin not in place.shown:
                raise Objection(f"{quoted(kept.old.code, _run(value))} is to go, and would stay", node.start)


def unsaid_kept(kept: Kept, place: Made) -> None:
    """What a class extends, which a pattern need not say, is there again, or the class has gone. Raises Objection."""
    again = [base for _, base in _unsaid(place.now)]
    for made, base in _unsaid(place.part.match):
        twin = next((each for each in again if same(base, each)), None)
        if twin is not None:
            kept.again((base,), (twin,))
        elif not any(edit.start <= made.start and made.end <= edit.end and not edit.new for edit in place.part.edits):
            raise Objection(f"the class extends {quoted(kept.old.code, (base,))}, which would go", made.start)


def _unsaid(match: Match) -> Iterator[tuple[Node, Node]]:
    """The classes of a match, each with what it extends, where the pattern does not say so."""
    for pattern, made in match.pairs.items():
        if pattern.kind in CLASSES and pattern.fields["superClass"] is None and isinstance(made, Node):
            base = made.fields["superClass"]
            if base is not None:
                yield made, base


def _spread(found: Sequence[Match]) -> tuple[Sequence[Match], Sequence[Match]]:
    """The matches that have a span, by their start, and the ones that have none: all that they were about has gone."""
    return sorted((now for now in found if now.items), key=_start), [now for now in found if not now.items]


def _check_inside(inner: Match, around: Match) -> None:
    """Raises Objection where ``inner`` is outside of all that a ``<... ...>`` of ``around`` stands for."""
    held = (_run(value) for pattern, value in around.pairs.items() if pattern.kind == "Within")
    if not any(run and run[0].start <= inner.start and inner.end <= run[-1].end for run in held):
        raise Objection("the code is not where the patch looks for it", inner.start)


def _place(kept: Kept, part: Part, found: tuple[Sequence[Match], Sequence[Match]], parameters: Collection[str]) -> Made:
    """``found`` is as `_spread` gives it."""
    was, (ordered, empty) = part.match, found
    owner = kept.twins.of.get(was.owner)
    if not part.section.plus.items and owner is not None:  # all that the section shows goes
        return Made(part, Match(owner, (), {}, {}), frozenset(_nodes(was)))
    first = kept.shift.first(min((was.start, *(edit.start for edit in part.edits))))
    last = kept.shift.last(max((was.end, *(edit.end for edit in part.edits))))
    plus = part.section.plus
    if not plus.items:
        raise Objection("the code round what is to go would change", was.start)
    if plus.says_nothing:
        near = list(alone(owner, (first, last), was, plus)) if owner is not None else []
    elif plus.items[0].kind == "Gap":  # it begins where its list does
        near = [trimmed(now, was, plus) for now in ordered]
    else:
        near = [trimmed(now, was, plus) for now in _between(ordered, first, last)]
    here = [
        now
        for now in (*(each for each in near if not each.items or (first <= each.start and each.end <= last)), *empty)
        if owner is now.owner and _same_bindings(was, now, parameters)
    ]
    if not here:
        raise Objection("the code would not read as patched", was.start)
    now = next((each for each in here if all(same(a, b) for a, b in _gaps(was, each))), here[0])
    return Made(part, now, frozenset((*_nodes(was), *_nodes(now))))


def _between(ordered: Sequence[Match], first: int, last: int) -> Sequence[Match]:
    """Those that start there."""
    return ordered[bisect_left(ordered, first, key=_start) : bisect_right(ordered, last, key=_start)]


def _same_bindings(was: Match, now: Match, parameters: Collection[str]) -> bool:
    return all(
        name in parameters or (name in was.bindings and same(was.bindings[name], value))
        for name, value in now.bindings.items()
    )


def _is_word(value: Node | tuple[Node, ...]) -> bool:
    """Whether it is a part of a string; what it is has been compared."""
    return isinstance(value, Node) and value.kind == "Word"


def _start(match: Match) -> int:
    return match.start


def _nodes(match: Match) -> Iterator[Node]:
    """All that the match speaks of, but no directives that a gap happens to take in.

    A statement that is nothing but an expression is spoken of together with it.
    """
    for pattern, value in match.pairs.items():
        for node in _run(value):
            if not is_run(pattern) or not node.directive:
                yield node
                if node.kind == "ExpressionStatement":
                    yield node.fields["expression"]


def _run(value: Node | tuple[Node, ...]) -> tuple[Node, ...]:
    return value if isinstance(value, tuple) else (value,)


def _gaps(
    was: Match, now: Match, kind: str = "Gap", *, directives: bool = False
) -> list[tuple[tuple[Node, ...], tuple[Node, ...]]]:
    """What each anonymous gap (or ``<... ...>``) of the plus slice takes in, beside what it took in before: the
    directives, or the rest.


    One on a context line has one offset in both slices; the others pair up in their order.
    """
    before, after = (dict(_anonymous(match, kind, directives)) for match in (was, now))
    pairs = [(before.pop(start), after.pop(start)) for start in sorted(before.keys() & after.keys())]
    rest = [before[start] for start in sorted(before)]
    for index, start in enumerate(sorted(after)):
        pairs.append((rest[index] if len(rest) == len(after) else (), after[start]))
    return pairs


def _anonymous(match: Match, kind: str, directives: bool) -> Iterator[tuple[int, tuple[Node, ...]]]:
    """By the offset. Directives go by themselves: what is at the start of a list takes them in or leaves them."""
    for pattern, items in match.pairs.items():
        if pattern.kind == kind and pattern.fields.get("run") is None:
            yield pattern.start, tuple(node for node in _run(items) if node.directive is directives)
