"""Statements that stay while what stands round them changes: which of the minus slice's are which of the plus slice's.

    +if (ready) {      `open(a);` and `close(a);` stay, and a block comes round them
       open(a);
       close(a);
    +}

Likewise a block goes, ``-if (ready) {`` and ``-}``, or a function's body stays when it becomes a method's.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import NamedTuple

from sio_patch.engine.language.alike import same_code
from sio_patch.engine.tree.node import Node


class Kept(NamedTuple):
    """Neighbours in one list: ``old`` of the minus slice and ``new`` of the plus slice, which stand for the same code.

    The first and the last of the one become those of the other. What lies between may differ.
    """

    old: tuple[Node, ...]
    new: tuple[Node, ...]


def put_round(olds: Sequence[Node], new: Node, context: frozenset[int]) -> Kept | None:
    """Which of ``olds``, neighbours in a list, stand in a list somewhere inside ``new``."""
    return _one(_shared(olds, inner, context) for inner in _lists(new))


def taken_off(old: Node, news: Sequence[Node], context: frozenset[int]) -> Kept | None:
    """Which of ``news``, neighbours in a list, stand in a list somewhere inside ``old``."""
    return _one(_shared(inner, news, context) for inner in _lists(old))


def changed_round(old: Node, new: Node, context: frozenset[int]) -> tuple[Kept, ...]:
    """What stands in a list somewhere inside ``old`` and in one inside ``new``, in the order of both; none where the
    orders differ.
    """
    found: list[Kept] = []
    there = list(_lists(new))
    for inner in _lists(old):
        kept = _one(_shared(inner, other, context) for other in there)
        if kept is None or (found and kept.old[0].start < found[-1].old[-1].end):
            continue  # inside code that stays
        if found and kept.new[0].start < found[-1].new[-1].end:
            return ()
        found.append(kept)
    return tuple(found)


def _lists(node: Node) -> Iterator[tuple[Node, ...]]:
    """The statement lists inside ``node`` that hold something, from the outside in."""
    for below in node.walk():
        statements = below.statements()
        if statements and below.braced:
            yield statements


def _one(found: Iterator[Kept | None]) -> Kept | None:
    """The one that there is; None where two are as good."""
    ranked = sorted((each for each in found if each is not None), key=lambda each: len(each.old), reverse=True)
    if len(ranked) > 1 and len(ranked[0].old) == len(ranked[1].old):
        return None
    return ranked[0] if ranked else None


def _shared(olds: Sequence[Node], news: Sequence[Node], context: frozenset[int]) -> Kept | None:
    """From the first to the last line of context in both; where there is none, the longest run of equal code.

    As many lines before or behind them as there are in the other are those lines, changed.
    """
    places = {(node.start, node.kind): j for j, node in enumerate(news)}
    shown = ((i, places.get((node.start, node.kind))) for i, node in enumerate(olds) if node.start in context)
    pairs = [(i, j) for i, j in shown if j is not None]
    if pairs:
        (i, j), (last, end) = pairs[0], pairs[-1]
        before = i if i == j else 0
        behind = len(olds) - last if len(olds) - last == len(news) - end else 1
        return Kept(tuple(olds[i - before : last + behind]), tuple(news[j - before : end + behind]))
    runs = [(_length(olds, i, news, j), i, j) for i in range(len(olds)) for j in range(len(news))]
    longest = max(runs, default=(0, 0, 0))
    if [length for length, _, _ in runs].count(longest[0]) > 1:
        return None
    length, i, j = longest
    return Kept(tuple(olds[i : i + length]), tuple(news[j : j + length])) if length else None


def _length(olds: Sequence[Node], i: int, news: Sequence[Node], j: int) -> int:
    """How many from ``olds[i]`` and ``news[j]`` on are the same code."""
    length = 0
    while i + length < len(olds) and j + length < len(news) and same_code(olds[i + length], news[j + length]):
        length += 1
    return length
