"""How the minus slice's tree becomes the plus slice's: the smallest nodes that differ, as operations.

     open(a);          context pairs with itself, by its place
    -log(a, b);        `log` and `log` are alike: Delete(b)
    +log(a);
    +close(a);         nothing is like it: Insert(close(a)) after log(a)

Finding what differs is done once, when a patch is compiled; it knows nothing of any file.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from typing import NamedTuple

from sio_patch.engine.tree.node import STATEMENT_LISTS, Node

_EDITABLE_LISTS = frozenset(STATEMENT_LISTS.items()) | {
    ("CallExpression", "arguments"),
    ("NewExpression", "arguments"),
    ("FunctionExpression", "params"),
    ("FunctionDeclaration", "params"),
    ("ArrowFunctionExpression", "params"),
    ("ArrayExpression", "elements"),
    ("ObjectExpression", "properties"),
    ("ArrayPattern", "elements"),
    ("ObjectPattern", "properties"),
    ("ClassBody", "body"),
}
_IN_BRACES = frozenset({"ImportSpecifier", "ExportSpecifier", "Gap"})


class UnplacedInsertion(ValueError):
    """An added node with a gap on both sides: nothing says where it belongs."""

    def __init__(self, node: Node) -> None:
        super().__init__(
            "an added line must stand next to a context line, or at an end of its block, not between two gaps"
        )
        self.node = node


class Insert(NamedTuple):
    """Put ``nodes`` (of the plus slice) next to ``anchor`` (of the minus slice), or at an end of the list of ``owner``.

    ``where`` is ``after`` or ``before`` the anchor; without an anchor it is ``start`` or ``end`` of the list of
    ``owner`` (None: the list that the pattern's own items stand in). ``twin`` and ``owner_twin`` are the same two in
    the plus slice. The text to insert is ``start`` to ``end`` of the plus slice, comments on added lines included.
    """

    nodes: tuple[Node, ...]
    where: str
    anchor: Node | None
    twin: Node | None
    owner: Node | None
    owner_twin: Node | None
    start: int
    end: int


class Delete(NamedTuple):
    """Take ``node`` (of the minus slice) out of the list that it stands in.

    ``owner_twin`` holds that list in the plus slice (None: the list that the pattern's own items stand in).
    """

    node: Node
    owner_twin: Node | None = None


class Replace(NamedTuple):
    """Put ``new`` (of the plus slice) in the place of ``old`` (of the minus slice)."""

    old: Node
    new: Node


Op = Insert | Delete | Replace


def align(minus: tuple[Node, ...], plus: tuple[Node, ...], context: frozenset[int]) -> tuple[Op, ...]:
    """The operations, in the order of the text. ``context`` holds the offsets that lie on context lines.

    Raises UnplacedInsertion.
    """
    return tuple(_Aligner(context).lists(_Lists(minus, plus, None, None)))


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


def _wraps(outer: Node, inner: Node) -> bool:
    """Whether ``outer`` is an expression that holds all of the expression ``inner``: put round it, not changed into."""
    if not (outer.kind.endswith("Expression") and inner.kind.endswith("Expression")):
        return False
    return any(node is not outer and same_code(node, inner) for node in outer.walk())


class _Lists(NamedTuple):
    """Two lists of children to be aligned, and the nodes that hold them (None: the patterns' own items)."""

    old: Sequence[Node]
    new: Sequence[Node]
    owner: Node | None
    owner_twin: Node | None


class _Aligner:
    def __init__(self, context: frozenset[int]) -> None:
        self.context = context

    def node(self, old: Node, new: Node) -> list[Op]:
        """From ``old`` to ``new``: inside the node where they are of one shape, else by replacing it whole."""
        if same_code(old, new):
            return []
        inside = None if _wraps(new, old) or _wraps(old, new) else self._inside(old, new)
        return [Replace(old, new)] if inside is None else inside

    def _inside(self, old: Node, new: Node) -> list[Op] | None:
        if old.kind != new.kind or old.kind in ("Meta", "Gap") or old.fields.keys() != new.fields.keys():
            return None
        if _spelt_by_one_token(old, new) or old.directive != new.directive:
            return None
        ops: list[Op] = []
        for field, one in old.fields.items():
            other = new.fields[field]
            if isinstance(one, Node) and isinstance(other, Node):
                ops += self.node(one, other)
            elif isinstance(one, tuple) and isinstance(other, tuple) and _is_editable(old.kind, field, one, other):
                ops += self.lists(_Lists(one, other, old, new))
            elif isinstance(one, tuple) and isinstance(other, tuple) and _pairwise(one, other):
                ops += [op for a, b in zip(one, other, strict=True) for op in self.node(a, b)]
            elif not same_code(one, other):
                return None
        return ops

    def lists(self, lists: _Lists) -> list[Op]:
        """From one list to the other: context pairs by its place, what stands between it by likeness."""
        ops: list[Op] = []
        i = j = 0
        starts = {node.start: index for index, node in enumerate(lists.new) if node is not None}
        for index, node in enumerate(lists.old):
            k = starts.get(node.start, -1) if node is not None and node.start in self.context else -1
            if k >= j:
                ops += self._hunk(lists, range(i, index), range(j, k))
                ops += self.node(node, lists.new[k])
                i, j = index + 1, k + 1
        return ops + self._hunk(lists, range(i, len(lists.old)), range(j, len(lists.new)))

    def _hunk(self, lists: _Lists, olds: range, news: range) -> list[Op]:
        """What stands between two pairs of context: equal code pairs up, then what is alike; the rest goes or comes."""
        ops: list[Op] = []
        old, new = lists.old, lists.new
        twins = {} if not olds.start else {olds.start - 1: new[news.start - 1]}
        for i1, i2, j1, j2, equal in _blocks([old[i] for i in olds], [new[j] for j in news]):
            removed, added = olds[i1:i2], news[j1:j2]
            if equal:
                pairs = list(zip(removed, added, strict=True))
            else:
                alike = _alike(old[removed.start : removed.stop], new[added.start : added.stop])
                pairs = [(removed[i], added[j]) for i, j in alike]
            gone = set(removed) - {i for i, _ in pairs}
            ops += [Delete(old[i], lists.owner_twin) for i in sorted(gone)]
            last, done = removed.start - 1, added.start
            for i, j in [*pairs, (removed.stop, added.stop)]:
                if j > done:
                    ops.append(self._insertion(lists, (last, i), range(done, j), twins))
                if i < removed.stop:
                    ops += self.node(old[i], new[j])
                    twins[i] = new[j]
                last, done = i, j + 1
        return ops

    def _insertion(self, lists: _Lists, between: tuple[int, int], added: range, twins: dict[int, Node]) -> Insert:
        """``added`` comes between two of the old list that stay. The anchor is one that is no gap; else an end."""
        old, new = lists.old, lists.new
        nodes = tuple(new[j] for j in added)
        last, following = between
        before = old[last] if last >= 0 else None
        after = old[following] if following < len(old) else None
        owners = (lists.owner, lists.owner_twin, *self._reach(lists, added))
        if before is not None and before.kind != "Gap":
            return Insert(nodes, "after", before, twins.get(last), *owners)
        if after is not None and after.kind != "Gap":
            return Insert(nodes, "before", after, new[added.stop] if added.stop < len(new) else None, *owners)
        if after is None:
            return Insert(nodes, "end", None, None, *owners)
        if before is None:
            return Insert(nodes, "start", None, None, *owners)
        raise UnplacedInsertion(nodes[0])

    def _reach(self, lists: _Lists, added: range) -> tuple[int, int]:
        """Where the added text starts and ends: the nodes, and the rest of the added lines round them, for their
        comments' sake.
        """
        new = lists.new
        start, end = new[added.start].start, new[added.stop - 1].end
        floor = new[added.start - 1].end if added.start else lists.owner_twin.start + 1 if lists.owner_twin else 0
        ceiling = (
            new[added.stop].start if added.stop < len(new) else lists.owner_twin.end - 1 if lists.owner_twin else None
        )
        while start > floor and start - 1 not in self.context:
            start -= 1
        while ceiling is not None and end < ceiling and end not in self.context:
            end += 1
        return start, end


def _spelt_by_one_token(old: Node, new: Node) -> bool:
    """Whether a part of ``old`` or ``new`` cannot be changed alone: the two of ``{ a }``, or of ``import { a }``."""
    if old.kind == "Property":
        return old.shorthand and new.shorthand
    return old.shorthand or new.shorthand


def _is_editable(kind: str, field: str, one: tuple[Node | None, ...], other: tuple[Node | None, ...]) -> bool:
    """Whether items can come into the list and go. Of the names that a module takes or gives, those in braces can.

    Not where the list has holes, as in ``[, a]``: what comes and goes there moves the rest.
    """
    if None in one or None in other:
        return False
    if (kind, field) in _EDITABLE_LISTS:
        return True
    in_braces = all(node is not None and node.kind in _IN_BRACES for node in (*one, *other))
    return field == "specifiers" and bool(one) and bool(other) and in_braces


def _pairwise(one: tuple[Node | None, ...], other: tuple[Node | None, ...]) -> bool:
    """Whether each of ``one`` can become the same of ``other``; names that a module takes stay in or out of braces."""
    if len(one) != len(other) or None in one or None in other:
        return False
    return all(a.kind == b.kind or "Import" not in a.kind for a, b in zip(one, other, strict=True) if a and b)


def _alike(old: Sequence[Node], new: Sequence[Node]) -> list[tuple[int, int]]:
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
    """More for each part that the two share. Never nothing: a line in the place of another is that line, changed."""
    shared = Counter(map(_fingerprint, one.walk())) & Counter(map(_fingerprint, other.walk()))
    return 0.01 + (one.kind == other.kind) + shared.total()


def _fingerprint(value: object) -> str:
    """The same text for the same code, spelling aside."""
    if isinstance(value, tuple):
        return f"[{','.join(map(_fingerprint, value))}]"
    if isinstance(value, Node):
        return f"{value.kind}({','.join(map(_fingerprint, value.fields.values()))})"
    return repr(value)


def _blocks(old: Sequence[Node], new: Sequence[Node]) -> list[tuple[int, int, int, int, bool]]:
    """Runs of ``old`` and ``new`` that are the same code, as many as can be, and what lies between them."""
    equal = [[same_code(a, b) for b in new] for a in old]
    longest = [[0] * (len(new) + 1) for _ in range(len(old) + 1)]
    for i in reversed(range(len(old))):
        for j in reversed(range(len(new))):
            best = max(longest[i + 1][j], longest[i][j + 1])
            longest[i][j] = max(best, 1 + longest[i + 1][j + 1]) if equal[i][j] else best
    blocks = []
    i = j = 0
    while i < len(old) or j < len(new):
        start = (i, j)
        while i < len(old) and j < len(new) and equal[i][j] and longest[i][j] == 1 + longest[i + 1][j + 1]:
            i, j = i + 1, j + 1
        if (i, j) > start:
            blocks.append((start[0], i, start[1], j, True))
            continue
        while (i < len(old) or j < len(new)) and not _meet(equal, longest, i, j):
            i, j = (
                (i + 1, j) if i < len(old) and (j == len(new) or longest[i + 1][j] >= longest[i][j + 1]) else (i, j + 1)
            )
        blocks.append((start[0], i, start[1], j, False))
    return blocks


def _meet(equal: list[list[bool]], longest: list[list[int]], i: int, j: int) -> bool:
    inside = i < len(equal) and j < len(equal[i])
    return inside and equal[i][j] and longest[i][j] == 1 + longest[i + 1][j + 1]
