"""How much alike two pieces of a pattern are, and which of two lists pair up by that."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence

from sio_patch.engine.tree.node import Node


def same_code(one: object, other: object) -> bool:
    """Whether two parts of pattern trees are the same code, spelling aside."""
    if isinstance(one, tuple) and isinstance(other, tuple):
        return len(one) == len(other) and all(same_code(a, b) for a, b in zip(one, other, strict=True))
    if isinstance(one, Node) and isinstance(other, Node):
        return (
            one.kind == other.kind
            and one.fields.keys() == other.fields.keys()
            and all(same_code(value, other.fields[field]) for field, value in one.fields.items())
        )
    return one.__class__ is other.__class__ and one == other


def alike(old: Sequence[Node], new: Sequence[Node]) -> list[tuple[int, int]]:
    """Which of ``old`` become which of ``new``: pairs in the order of both, as much alike as can be. A gap has none."""
    if any(node.kind == "Gap" for node in (*old, *new)):
        return []
    likeness = [[_likeness(a, b) for b in new] for a in old]
    best: list[list[tuple[float, list[tuple[int, int]]]]] = [[(0.0, [])] * (len(new) + 1) for _ in range(len(old) + 1)]
    for i in reversed(range(len(old))):
        for j in reversed(range(len(new))):
            total, pairs = best[i + 1][j + 1]
            paired = (total + likeness[i][j], [(i, j), *pairs])
            best[i][j] = max(paired, best[i + 1][j], best[i][j + 1], key=lambda found: found[0])
    return best[0][0][1]


def _likeness(one: Node, other: Node) -> float:
    """More for each part that the two share. Never nothing: a line in the place of another is that line, changed.

    A ``<... ...>`` becomes no other code.
    """
    if one.kind != other.kind and "Within" in (one.kind, other.kind):
        return -1
    shared = Counter(map(_fingerprint, one.walk())) & Counter(map(_fingerprint, other.walk()))
    return 0.01 + (one.kind == other.kind) + shared.total()


def _fingerprint(value: object) -> str:
    """The same text for the same code, spelling aside."""
    if isinstance(value, tuple):
        return f"[{','.join(map(_fingerprint, value))}]"
    if isinstance(value, Node):
        return f"{value.kind}({','.join(map(_fingerprint, value.fields.values()))})"
    return repr(value)


def blocks(old: Sequence[Node], new: Sequence[Node]) -> list[tuple[int, int, int, int, bool]]:
    """Runs of ``old`` and ``new`` that are the same code, as many as can be, and what lies between them."""
    equal = [[same_code(a, b) for b in new] for a in old]
    longest = [[0] * (len(new) + 1) for _ in range(len(old) + 1)]
    for i in reversed(range(len(old))):
        for j in reversed(range(len(new))):
            best = max(longest[i + 1][j], longest[i][j + 1])
            longest[i][j] = max(best, 1 + longest[i + 1][j + 1]) if equal[i][j] else best
    found = []
    i = j = 0
    while i < len(old) or j < len(new):
        start = (i, j)
        while i < len(old) and j < len(new) and equal[i][j] and longest[i][j] == 1 + longest[i + 1][j + 1]:
            i, j = i + 1, j + 1
        if (i, j) > start:
            found.append((start[0], i, start[1], j, True))
            continue
        while (i < len(old) or j < len(new)) and not _meet(equal, longest, i, j):
            i, j = (
                (i + 1, j) if i < len(old) and (j == len(new) or longest[i + 1][j] >= longest[i][j + 1]) else (i, j + 1)
            )
        found.append((start[0], i, start[1], j, False))
    return found


def _meet(equal: list[list[bool]], longest: list[list[int]], i: int, j: int) -> bool:
    inside = i < len(equal) and j < len(equal[i])
    return inside and equal[i][j] and longest[i][j] == 1 + longest[i + 1][j + 1]
