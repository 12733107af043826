"""Matches by where they stand, so that thousands can be held against thousands."""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Iterable, Iterator
from itertools import accumulate

from sio_patch.engine.find.found import Match


class Spans:
    """Looks up those of some matches that share text with another, or border on it."""

    def __init__(self, matches: Iterable[Match]) -> None:
        self._matches = sorted(matches, key=lambda match: match.start)
        self._starts = [match.start for match in self._matches]
        self._reach = list(accumulate((match.end for match in self._matches), max))  # the furthest end so far

    def __bool__(self) -> bool:
        return bool(self._matches)

    def near(self, match: Match) -> Iterator[Match]:
        """In the opposite order of the text."""
        index = bisect_right(self._starts, match.end) - 1
        while index >= 0 and self._reach[index] >= match.start:
            if self._matches[index].end >= match.start:
                yield self._matches[index]
            index -= 1

    def overlaps(self, match: Match) -> bool:
        return any(overlap(match, other) for other in self.near(match))


def overlap(one: Match, other: Match) -> bool:
    return one.start < other.end and other.start < one.end
