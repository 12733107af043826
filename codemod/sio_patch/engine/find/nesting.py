"""Which matches lie inside others: ``f(f(a))`` holds two of ``f($x)``, and only the inner one holds no other."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import TypeVar

from sio_patch.engine.find.found import Match, Occurrence

Spanned = TypeVar("Spanned", Match, Occurrence)


def innermost(matches: Sequence[Spanned]) -> tuple[Spanned, ...]:
    """Those that hold no other, in their order. Of one span no match holds another."""
    return tuple(match for match, depth in zip(matches, _depths(matches), strict=True) if depth == 1)


def at_once(live: Sequence[Occurrence]) -> tuple[Occurrence, ...]:
    """What of ``live`` can be edited in one round: those that hold no other.

    Where all that is called for is inside of ``<... ...>``, as in functions inside functions, it is what holds no other
    there, each with the innermost one that it stands in.
    """
    if not all(each.is_inside for each in live):
        return innermost(live)
    places = [place for each in live for found in each.match.inside.values() for place in found]
    left = set(map(id, innermost(places)))
    chosen: list[Occurrence] = []
    taken: set[tuple[int, int]] = set()
    for each in sorted(live, key=lambda each: each.end - each.start):
        inside = {
            within: tuple([place for place in found if id(place) in left and (place.start, place.end) not in taken])
            for within, found in each.match.inside.items()
        }
        taken.update((place.start, place.end) for found in inside.values() for place in found)
        if any(inside.values()):
            chosen.append(each._replace(match=each.match._replace(inside=inside)))
    return tuple(sorted(chosen, key=lambda each: each.start))


def nesting(matches: Sequence[Match | Occurrence]) -> int:
    """How many of them lie inside each other at most; 1 where none does."""
    return max(_depths(matches), default=0)


def rounds_inside(match: Match) -> int:
    """How many more rounds it takes to edit what is inside of a match's ``<... ...>``, where places hold others."""
    return max(
        (nesting(places) - 1 + max(map(rounds_inside, places)) for places in match.inside.values() if places), default=0
    )


def _depths(matches: Sequence[Match | Occurrence]) -> list[int]:
    """For each match 1, and 1 more for each level of others inside it."""
    order = sorted(range(len(matches)), key=lambda i: (matches[i].start, -matches[i].end))
    depths = [1] * len(matches)
    for place in reversed(range(len(order))):
        depths[order[place]] = 1 + max((depths[i] for i in _inside(matches, order, place)), default=0)
    return depths


def _inside(matches: Sequence[Match | Occurrence], order: Sequence[int], place: int) -> Iterator[int]:
    """The matches inside the one at ``order[place]``, which all come behind it in ``order``."""
    outer = matches[order[place]]
    for i in order[place + 1 :]:
        if matches[i].start >= outer.end:
            return
        if matches[i].end <= outer.end and (matches[i].start, matches[i].end) != (outer.start, outer.end):
            yield i
