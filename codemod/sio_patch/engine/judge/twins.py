"""Which node of the new tree is which of the old, and where the two trees differ.

    old   f(a); g(b);                  twins: f(a) - f(a), g - g, b - b
    new   f(a); if (ok) h(); g(b);     one difference: nothing - if (ok) h();

A difference is as small as can be: the walk goes down as long as kinds and words agree. Whether it is one that the
patch asks for is not decided here.
"""

from __future__ import annotations

from bisect import bisect_right
from itertools import accumulate
from typing import Any, NamedTuple

from sio_patch.engine.edits import Edits
from sio_patch.engine.tree.node import Node, exported


class Difference(NamedTuple):
    """``old`` nodes, neighbours in one place, stand where now the ``new`` ones do; either may be none."""

    old: tuple[Node, ...]
    new: tuple[Node, ...]


class Shift:
    """Where a place of the old ``text`` is in the new one."""

    def __init__(self, edits: Edits, text: str) -> None:
        self._edits = tuple(edits)
        self._telling = [edit for edit in edits if (edit.new + text[edit.start : edit.end]).strip()]
        self._ends = [edit.end for edit in self._edits]
        self._grown = [0, *accumulate(len(edit.new) - (edit.end - edit.start) for edit in self._edits)]

    def kept(self, offset: int) -> int | None:
        """The new offset of the old code point at ``offset``; None where an edit has taken it away."""
        index = bisect_right(self._ends, offset)
        if index < len(self._edits) and self._edits[index].start <= offset:
            return None
        return offset + self._grown[index]

    def is_gone(self, start: int, end: int) -> bool:
        """Whether one edit has taken away all that stood from ``start`` to ``end``."""
        index = bisect_right(self._ends, start)
        return index < len(self._edits) and self._edits[index].start <= start and end <= self._edits[index].end

    def is_whole(self, start: int, end: int) -> bool:
        """Whether no edit changes anything between ``start`` and ``end`` but white space."""
        index = bisect_right(self._telling, start, key=lambda edit: edit.end)
        return index == len(self._telling) or self._telling[index].start >= end

    def first(self, offset: int) -> int:
        """The least new offset that ``offset`` can be said to have: before what was put in there."""
        index = bisect_right(self._ends, offset)
        while index and self._edits[index - 1].end == offset and self._edits[index - 1].start == offset:
            index -= 1
        if index < len(self._edits) and self._edits[index].start < offset:
            offset = self._edits[index].start
        return offset + self._grown[index]

    def last(self, offset: int) -> int:
        """The greatest: behind what was put in there."""
        index = bisect_right(self._ends, offset)
        if index < len(self._edits) and self._edits[index].start < offset:
            offset, index = self._edits[index].end, index + 1
        return offset + self._grown[index]


class Twins:
    """Pairs of nodes, old to new, found by walking both trees at once.

    ``shift`` leads from the old text to the new, ``back`` from the new to the old. Items of lists are paired by place;
    without the two, as for code that was copied elsewhere, one by one. The new nodes are put into ``images`` as well.
    """

    def __init__(self, images: set[Node], shift: Shift | None = None, back: Shift | None = None) -> None:
        self.images = images
        self.shift = shift
        self.back = back
        self.of: dict[Node, Node] = {}

    def walk(self, old: Node, new: Node) -> list[Difference]:
        """Pairs what is the same below ``old`` and ``new``; returns where they differ."""
        differences: list[Difference] = []
        stack = [(old, new)]
        while stack:
            one, other = stack.pop()
            below = self._below(one, other, differences)
            if below is None:
                differences.append(Difference((one,), (other,)))
            else:
                self.of[one] = other
                self.images.add(other)
                stack += below
        return differences

    def lists(self, old: tuple[Node, ...], new: tuple[Node, ...]) -> list[Difference]:
        """The same for two lists of neighbours."""
        differences: list[Difference] = []
        for one, other in self._aligned(old, new, differences):
            differences += self.walk(one, other)
        return differences

    def _below(self, old: Node, new: Node, differences: list[Difference]) -> list[tuple[Node, Node]] | None:
        """The children of both in pairs; None where the two are not one node, whatever stands below."""
        if {old.kind, new.kind} == {"Key", "Identifier"} and old.fields["name"] == new.fields["name"]:
            return []  # `{ a }` against `{ a: a }`
        if self.shift is not None and self.back is not None:
            gone = _is_gone(old, self.shift) or _is_gone(new, self.back)
            if gone or _is_elsewhere(old, new, self.shift) or _is_elsewhere(new, old, self.back):
                return None
        if old.kind != new.kind or old.directive != new.directive or (old.name is None) != (new.name is None):
            return None
        pairs: list[tuple[Node, Node]] = []
        if old.name is not None and new.name is not None:
            pairs.append((old.name, new.name))
        found: list[Difference] = []
        for field, one in old.fields.items():
            other: Any = new.fields.get(field)
            if one.__class__ is not other.__class__:
                return None
            if isinstance(one, Node):
                pairs.append((one, other))
            elif isinstance(one, tuple):
                pairs += self._aligned(one, other, found)
            elif one != other and not (old.kind == "Program" and field == "goal"):
                return None
        differences += found
        return pairs

    def _aligned(
        self, old: tuple[Node, ...], new: tuple[Node, ...], differences: list[Difference]
    ) -> list[tuple[Node, Node]]:
        """Pairs of two lists, by the places of their items; what stands between two pairs is a difference."""
        if None in old or None in new:  # the holes of an array have no place
            if [item is None for item in old] != [item is None for item in new]:
                differences.append(Difference(_nodes(old), _nodes(new)))
                return []
            return list(zip(_nodes(old), _nodes(new), strict=True))
        if self.shift is None:
            return _between(old, new, differences)
        places = {_place(node): index for index, node in enumerate(new)}
        pairs: list[tuple[Node, Node]] = []
        i = j = 0
        for index, node in enumerate(old):
            kept = self.shift.kept(_place(node))
            k = places.get(kept, -1) if kept is not None else -1
            if k >= j:
                pairs += self._by_ends(old[i:index], new[j:k], differences)
                pairs.append((node, new[k]))
                i, j = index + 1, k + 1
        return pairs + self._by_ends(old[i:], new[j:], differences)

    def _by_ends(
        self, old: tuple[Node, ...], new: tuple[Node, ...], differences: list[Difference]
    ) -> list[tuple[Node, Node]]:
        """The same for neighbours that all start with other code than before, by the places where they end."""
        if len(old) == len(new) or self.shift is None:
            return _between(old, new, differences)
        ends = {node.end - 1: index for index, node in enumerate(new)}
        pairs: list[tuple[Node, Node]] = []
        i = j = 0
        for index, node in enumerate(old):
            kept = self.shift.kept(node.end - 1)
            k = ends.get(kept, -1) if kept is not None else -1
            if k >= j:
                pairs += _between(old[i:index], new[j:k], differences)
                pairs.append((node, new[k]))
                i, j = index + 1, k + 1
        return pairs + _between(old[i:], new[j:], differences)


def same(old: Node | tuple[Node, ...], new: Node | tuple[Node, ...]) -> bool:
    """Whether the two are the same code, places aside."""
    if isinstance(old, Node) and isinstance(new, Node) and "Word" in (old.kind, new.kind):
        return _said(old) is not None and _said(old) == _said(new)
    stack: list[tuple[object, object]] = [(old, new)]
    while stack:
        one, other = stack.pop()
        if isinstance(one, tuple) and isinstance(other, tuple) and len(one) == len(other):
            stack += zip(one, other, strict=True)
        elif isinstance(one, Node) and isinstance(other, Node) and one.kind == other.kind:
            stack += [(value, other.fields.get(field)) for field, value in one.fields.items()]
        elif isinstance(one, Node) and isinstance(other, Node) and {one.kind, other.kind} == {"Key", "Identifier"}:
            stack.append((one.fields["name"], other.fields["name"]))
        elif isinstance(one, Node | tuple) or one.__class__ is not other.__class__ or one != other:
            return False
    return True


def _said(node: Node) -> object:
    """What a name, or a string, is in the text of another string."""
    return node.fields.get("name", node.fields.get("value"))


def _is_gone(node: Node, shift: Shift) -> bool:
    """Whether all words of ``node`` were taken away: what stands there was written anew, alike as it may look."""
    if _is_bare(node) or not shift.is_gone(node.start, node.end):
        return False
    return not any((child.start, child.end) == (node.start, node.end) for child in node.children())


def _is_bare(node: Node) -> bool:
    """Whether the node has no words beside its child's: the statement that is an expression, a body without braces."""
    return node.kind == "ExpressionStatement" or (node.kind == "Block" and not node.braced)


def _is_elsewhere(node: Node, other: Node, shift: Shift) -> bool:
    """Whether ``node`` stands unchanged in another place than ``other``: inside it, when it was put round.

    What was put in right before it may belong to its first part alone: ``a + b``, ``!a + b``. Then the end tells.
    """
    if not shift.is_whole(node.start, node.end) or _is_bare(node):
        return False
    if shift.kept(_place(node)) == _place(other):
        return _begins(other, node.kind, shift.first(node.end))
    return shift.first(node.end) != other.end or all(child.start != node.start for child in node.children())


def _begins(node: Node, kind: str, end: int) -> bool:
    """Whether ``node`` begins with a smaller one of that kind, up to ``end``: `a.b()` in `a.b().c()`."""
    if node.end <= end:
        return False
    first = next((child for child in node.children() if child.start == node.start), None)
    return first is not None and ((first.kind == kind and first.end == end) or _begins(first, kind, end))


def _between(old: tuple[Node, ...], new: tuple[Node, ...], differences: list[Difference]) -> list[tuple[Node, Node]]:
    """Two runs without a common place: pairs to look into where they are of one length, else a difference."""
    if len(old) == len(new):
        return list(zip(old, new, strict=True))
    differences.append(Difference(old, new))
    return []


def _place(node: Node) -> int:
    """The first offset that ``node`` has whether it is a statement or a part of a comma list."""
    node = exported(node) or node
    if node.kind == "VariableDeclaration" and node.fields["declarations"]:
        node = node.fields["declarations"][0]
    elif node.kind == "ExpressionStatement":
        node = node.fields["expression"]
    return node.start


def _nodes(items: tuple[Node, ...]) -> tuple[Node, ...]:
    return tuple(item for item in items if item is not None)
