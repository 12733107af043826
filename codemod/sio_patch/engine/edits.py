"""Changes to a text: sorted, disjoint, invertible; one after the other, they are one change."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from operator import itemgetter
from typing import NamedTuple


class Edit(NamedTuple):
    """Replace ``text[start:end]`` by ``new``. Offsets are code points in ``Source.text``."""

    start: int
    end: int
    new: str

    @property
    def growth(self) -> int:
        """By how many code points the text is longer afterwards."""
        return len(self.new) - (self.end - self.start)


class Edits(tuple[Edit, ...]):
    """Edits of one text, all with offsets in the text before any of them.

    Invariant: in the order of the text, and none overlaps another. Insertions at one place stand in the order of the
    edits. There is no other way to make one than this constructor, also for copy and pickle.
    """

    __slots__ = ()

    def __new__(cls, edits: Iterable[Edit] = ()) -> Edits:
        """Raises ValueError where the edits are not in order, or overlap, or end before they start."""
        self = super().__new__(cls, edits)
        done = 0
        for edit in self:
            if not done <= edit.start <= edit.end:
                raise ValueError(f"{edit} overlaps what stands before it, or ends before it starts")
            done = edit.end
        return self

    @classmethod
    def of(cls, edits: Iterable[Edit]) -> Edits:
        """Sorts first, and keeps the order of insertions at one place. Raises ValueError where two overlap."""
        return cls(sorted(edits, key=itemgetter(0, 1)))

    def apply(self, text: str) -> str:
        pieces: list[str] = []
        done = 0
        for edit in self:
            pieces += text[done : edit.start], edit.new
            done = edit.end
        return "".join((*pieces, text[done:]))

    def inverse(self, text: str) -> Edits:
        """The edits that lead from ``self.apply(text)`` back to ``text``."""
        return Edits(
            Edit(start, start + len(edit.new), text[edit.start : edit.end])
            for edit, start in zip(self, self._new_starts(), strict=True)
        )

    def moved(self, offset: int) -> int:
        """Where the code point that stood at ``offset`` of the old text stands in the new one.

        An insertion right at ``offset`` comes before it.
        """
        return offset + sum(edit.growth for edit in self if edit.end <= offset)

    def then(self, later: Edits) -> Edits:
        """The edits that do at once what these do and then ``later``, whose offsets are in the text after these.

        As few as there can be: between two of them stands a code point that both leave alone, and what these put in
        and ``later`` takes out again is gone. An example, on ``abcdef``, which becomes ``aXYdef`` and then ``aXde!``:
        ``[1:3] -> XY`` then ``[2:3] -> nothing, [5:6] -> !`` is ``[1:3] -> X, [5:6] -> !``.
        """
        mine = [_Span(at, at + len(edit.new), edit, True) for edit, at in zip(self, self._new_starts(), strict=True)]
        theirs = [_Span(edit.start, edit.end, edit, False) for edit in later]
        composed = []
        grown = 0
        for group in _touching(sorted([*mine, *theirs], key=itemgetter(0, 1))):
            start, end = group[0].start, max(span.end for span in group)
            old_start = start - grown
            grown += sum(span.edit.growth for span in group if span.mine)
            new = _rewritten(group, start, end)
            if old_start < end - grown or new:
                composed.append(Edit(old_start, end - grown, new))
        return Edits(composed)

    def _new_starts(self) -> Iterator[int]:
        """Where each edit's new text begins in the text after all of them."""
        grown = 0
        for edit in self:
            yield edit.start + grown
            grown += edit.growth


class _Span(NamedTuple):
    """Code points of the text between two sets of edits: what an earlier edit has put there, or a later one takes."""

    start: int
    end: int
    edit: Edit
    mine: bool


def _touching(spans: Iterable[_Span]) -> Iterator[list[_Span]]:
    """``spans``, which are sorted, in groups with at least one code point between two of them."""
    group: list[_Span] = []
    end = 0
    for span in spans:
        if group and span.start > end:
            yield group
            group = []
        group.append(span)
        end = max(end, span.end)
    if group:
        yield group


def _rewritten(group: Sequence[_Span], start: int, end: int) -> str:
    """What stands at ``[start, end)`` after the later edits: the earlier ones' new text, changed by the later.

    Every code point there that the earlier edits have not put in is taken out by the later; so it may be any one.
    """
    pieces: list[str] = []
    at = start
    for span in group:
        if span.mine:
            pieces += "?" * (span.start - at), span.edit.new
            at = span.end
    between = "".join((*pieces, "?" * (end - at)))
    later = (span.edit for span in group if not span.mine)
    return Edits(Edit(edit.start - start, edit.end - start, edit.new) for edit in later).apply(between)
