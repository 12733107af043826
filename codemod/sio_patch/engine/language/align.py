"""How the minus slice's tree becomes the plus slice's: the smallest nodes that differ, as operations.

     open(a);          context pairs with itself, by its place
    -log(a, b);        `log` and `log` are alike: Delete(b)
    +log(a);
    +close(a);         nothing is like it: Insert(close(a)) after log(a)

Finding what differs is done once, when a patch is compiled; it knows nothing of any file.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from typing import NamedTuple

from sio_patch.engine.language.alike import alike, blocks, same_code
from sio_patch.engine.language.frames import Kept, changed_round, put_round, taken_off
from sio_patch.engine.tree.node import STATEMENT_LISTS, WITHOUT_COMMAS, Node, is_run

_EDITABLE_LISTS = frozenset(WITHOUT_COMMAS.items()) | {
    ("CallExpression", "arguments"),
    ("NewExpression", "arguments"),
    ("FunctionExpression", "params"),
    ("FunctionDeclaration", "params"),
    ("ArrowFunctionExpression", "params"),
    ("ArrayExpression", "elements"),
    ("ObjectExpression", "properties"),
    ("ArrayPattern", "elements"),
    ("ObjectPattern", "properties"),
}
_IN_BRACES = frozenset({"ImportSpecifier", "ExportSpecifier", "Gap"})


IMPORTS = "imports"


class Unaligned(ValueError):
    """Two slices from the one of which no operation leads to the other. ``node`` is of the plus slice."""

    def __init__(self, message: str, node: Node) -> None:
        super().__init__(message)
        self.node = node


class UnplacedInsertion(Unaligned):
    """An added node with a gap on both sides: nothing says where it belongs."""

    def __init__(self, node: Node) -> None:
        super().__init__(
            "an added line must stand next to a context line, or at an end of its block, not between two gaps", node
        )


class Insert(NamedTuple):
    """Put ``nodes`` (of the plus slice) next to ``anchor`` (of the minus slice), or at an end of the list of ``owner``.

    ``where`` is ``after`` or ``before`` the anchor; without an anchor it is ``start`` or ``end`` of the list of
    ``owner`` (None: the list that the pattern's own items stand in), or where the ``imports`` of the file end. ``twin``
    and ``owner_twin`` are the same two in the plus slice. The text to insert is ``start`` to ``end`` of the plus slice,
    comments on added lines included.
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
    """Put ``new`` (of the plus slice) in the place of ``old`` (of the minus slice). What is ``kept`` of it stays."""

    old: Node
    new: Node
    kept: tuple[Kept, ...] = ()


class Frame(NamedTuple):
    """Put ``new`` round statements that are ``kept``, or take off ``old``. The other one is the kept statements."""

    old: tuple[Node, ...]
    new: tuple[Node, ...]
    kept: Kept

    @property
    def takes_off(self) -> bool:
        return self.new == self.kept.new


class Each(NamedTuple):
    """Do ``ops`` at every place in what ``within``, a ``<... ...>`` of the minus slice, stands for.

    ``twin`` is what it has become in the plus slice.
    """

    within: Node
    twin: Node
    ops: tuple[Op, ...]


Change = Insert | Delete | Replace | Frame
Op = Change | Each


def brought_in(op: Op) -> tuple[Node, ...]:
    """The nodes of the plus slice that ``op`` brings in."""
    match op:
        case Insert():
            return op.nodes
        case Replace():
            return (op.new,)
        case Frame():
            return () if op.takes_off else op.new
        case Delete() | Each():
            return ()


def align(minus: tuple[Node, ...], plus: tuple[Node, ...], context: frozenset[int]) -> tuple[Op, ...]:
    """The operations, in the order of the text. ``context`` holds the offsets that lie on context lines.

    Raises UnplacedInsertion.
    """
    return tuple(_Aligner(context).lists(_Lists(minus, plus, None, None)))


def every(ops: Iterable[Op]) -> Iterator[Change]:
    """``ops``, with those inside of ``<... ...>``."""
    for op in ops:
        if isinstance(op, Each):
            yield from every(op.ops)
        else:
            yield op


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
        if "Within" in (old.kind, new.kind):
            return [self._each(old, new)]
        inside = None if _wraps(new, old) or _wraps(old, new) else self._inside(old, new)
        return self._replaced(old, new) if inside is None else inside

    def _replaced(self, old: Node, new: Node) -> list[Op]:
        """``new`` for ``old``, while statements that are inside both stay."""
        if _wraps(new, old) or _wraps(old, new):
            return [Replace(old, new)]
        kept = changed_round(old, new, self.context)
        below = [op for each in kept for op in self.lists(_Lists(*each, each.old[0].parent, each.new[0].parent))]
        return [Replace(old, new, kept), *below]

    def _each(self, old: Node, new: Node) -> Each:
        if old.kind != new.kind or old.fields["statements"] != new.fields["statements"]:
            raise Unaligned("`<... ...>` can be changed inside; it cannot come, go, or become something else", new)
        if old.fields["single"] != new.fields["single"]:
            raise Unaligned(
                "`<... ...>` holds an expression on one side and statements on the other; write a semicolon on both",
                new,
            )
        lists = _Lists(old.fields["inside"], new.fields["inside"], None, None)
        return Each(old, new, tuple(self.lists(lists)))

    def _inside(self, old: Node, new: Node) -> list[Op] | None:
        if old.kind != new.kind or old.kind in ("Meta", "Gap", "Literal") or old.fields.keys() != new.fields.keys():
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
        for i1, i2, j1, j2, equal in blocks([old[i] for i in olds], [new[j] for j in news]):
            removed, added = olds[i1:i2], news[j1:j2]
            if equal:
                ops += self._paired(lists, removed, added, list(zip(removed, added, strict=True)), twins)
            else:
                ops += self._unequal(lists, removed, added, twins)
        return ops

    def _unequal(self, lists: _Lists, removed: range, added: range, twins: dict[int, Node]) -> list[Op]:
        """First what stays while other code comes round it, or goes; then what is alike."""
        frame = self._frame(lists, removed, added)
        if frame is None:
            pairs = alike(lists.old[removed.start : removed.stop], lists.new[added.start : added.stop])
            return self._paired(lists, removed, added, [(removed[i], added[j]) for i, j in pairs], twins)
        (i, olds), (j, news) = (
            (next(k for k, node in zip(which, listed[which.start : which.stop], strict=True) if node is part[0]), part)
            for which, listed, part in ((removed, lists.old, frame.old), (added, lists.new, frame.new))
        )
        twins[i + len(olds) - 1] = news[-1]
        return [
            *self._unequal(lists, range(removed.start, i), range(added.start, j), twins),
            frame,
            *self.lists(self._kept_lists(lists, frame)),
            *self._unequal(lists, range(i + len(olds), removed.stop), range(j + len(news), added.stop), twins),
        ]

    def _frame(self, lists: _Lists, removed: range, added: range) -> Frame | None:
        olds, news = lists.old[removed.start : removed.stop], lists.new[added.start : added.stop]
        if lists.owner is not None and lists.owner.kind not in STATEMENT_LISTS:
            return None
        for new in news:
            kept = put_round(olds, new, self.context)
            if kept is not None:
                return Frame(kept.old, (new,), kept)
        for old in olds:
            kept = taken_off(old, news, self.context)
            if kept is not None:
                return Frame((old,), kept.new, kept)
        return None

    def _kept_lists(self, lists: _Lists, frame: Frame) -> _Lists:
        owner = frame.kept.old[0].parent if frame.takes_off else lists.owner
        twin = lists.owner_twin if frame.takes_off else frame.kept.new[0].parent
        return _Lists(frame.kept.old, frame.kept.new, owner, twin)

    def _paired(
        self, lists: _Lists, removed: range, added: range, pairs: list[tuple[int, int]], twins: dict[int, Node]
    ) -> list[Op]:
        """``pairs`` are indexes of what becomes what; the rest of ``removed`` goes, the rest of ``added`` comes."""
        old, new = lists.old, lists.new
        gone = set(removed) - {i for i, _ in pairs}
        if any(is_run(old[i]) and old[i].kind != "Gap" for i in gone):
            raise Unaligned("`<... ...>` stands for code that stays; show it on both sides", old[min(gone)])
        ops: list[Op] = [Delete(old[i], lists.owner_twin) for i in sorted(gone)]
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
        if before is not None and not is_run(before):
            return Insert(nodes, "after", before, twins.get(last), *owners)
        if after is not None and not is_run(after):
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
