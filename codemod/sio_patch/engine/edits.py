"""Changes to a text: sorted, disjoint, invertible."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from itertools import pairwise
from typing import NamedTuple


class Edit(NamedTuple):
    """Replace ``text[start:end]`` by ``new``. Offsets are code points in ``Source.text``."""

    start: int
    end: int
    new: str


@dataclass(frozen=True, slots=True)
class Edits:
    """Edits of one text. Invariant: sorted by start, none overlaps another; only ``Edits.of`` makes them."""

    items: tuple[Edit, ...]

    @classmethod
    def of(cls, edits: Iterable[Edit]) -> Edits:
        """Sorts (stable, so insertions at one place keep their order) and rejects an overlap with ValueError."""
        items = tuple(sorted(edits, key=lambda edit: (edit.start, edit.end)))
        for before, after in pairwise(items):
            if after.start < before.end:
                raise ValueError(f"edits overlap: {before} and {after}")
        return cls(items)

    def __iter__(self) -> Iterator[Edit]:
        return iter(self.items)

    def __len__(self) -> int:
        return len(self.items)

    def apply(self, text: str) -> str:
        pieces: list[str] = []
        done = 0
        for edit in self.items:
            pieces += text[done : edit.start], edit.new
            done = edit.end
        return "".join((*pieces, text[done:]))

    def inverse(self, text: str) -> Edits:
        """The edits that lead from ``self.apply(text)`` back to ``text``."""
        items = []
        shift = 0
        for edit in self.items:
            start = edit.start + shift
            items.append(Edit(start, start + len(edit.new), text[edit.start : edit.end]))
            shift += len(edit.new) - (edit.end - edit.start)
        return Edits.of(items)

    def moved(self, offset: int) -> int:
        """Where the code point that stood at ``offset`` of the old text stands in the new one.

        An insertion right at ``offset`` comes before it.
        """
        return offset + sum(len(edit.new) - (edit.end - edit.start) for edit in self.items if edit.end <= offset)
