"""`...` among the cases of a `switch`, as a case that the parser takes: `...` becomes `case ǃ00:`.

    switch ($x) {
      ...                 other cases
      case 1:
        f();
        ...               other statements of this case: it stands further in than `case`
      ...                 other cases again
    }

That makes the text longer. A `Spelling` leads back to the offsets that the slice itself has.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import NamedTuple

from sio_patch.engine.language.gaps import MARK, RUN
from sio_patch.engine.source import Place, Source
from sio_patch.engine.tree.parse import tokens

_OPENS = frozenset({"{", "(", "["})
_CLOSES = frozenset({"}", ")", "]"})
_BEHIND_CASES = frozenset({"case", "default", "}", ""})
_NO_CASE = 1 << 30  # further in than any code stands


class Change(NamedTuple):
    """From ``at`` on ``length`` code points of the text stand for ``own_length`` of the slice from ``own`` on."""

    at: int
    length: int
    own: int
    own_length: int


class Spelling(NamedTuple):
    """``text`` is what is parsed, ``own`` the slice in it."""

    text: str
    own: str
    changes: tuple[Change, ...]

    def back(self, offset: int) -> int:
        """Where in the slice the code is that stands at ``offset`` of the text."""
        found = offset
        for at, length, own, own_length in self.changes:
            if offset >= at:
                found = own + (
                    min(offset - at, own_length) if offset < at + length else offset - at - length + own_length
                )
        return min(found, len(self.own))

    def back_place(self, place: Place) -> Place:
        """The same for a place."""
        lines = self.text.split("\n")[: place.line - 1]
        offset = sum(len(line) + 1 for line in lines) + place.column - 1
        return Source(self.own).place(self.back(offset)) if self.changes else place


def spelt(before: str, own: str, after: str) -> Spelling:
    """``own`` between ``before`` and ``after``, with a case for each gap among cases. Raises SyntaxProblem."""
    pieces, changes, done, at = [before], [], 0, len(before)
    if before:
        changes.append(Change(0, len(before), 0, 0))
    for gap in _gaps_among_cases(before, own) if "..." in own and "switch" in before + own else ():
        new = f"case {gap.name}:"
        pieces += own[done : gap.start], new
        at += gap.start - done
        changes.append(Change(at, len(new), gap.start, gap.end - gap.start))
        at, done = at + len(new), gap.end
    return Spelling("".join((*pieces, own[done:], after)), own, tuple(changes))


class _Gap(NamedTuple):
    """Where it stands in the slice, and the name to parse it by."""

    start: int
    end: int
    name: str


def _gaps_among_cases(before: str, own: str) -> Iterator[_Gap]:
    """``before`` may open a switch."""
    text = before + own
    found = [(start, end) for _, start, end in tokens(text)]
    words = [*(text[start:end] for start, end in found), ""]
    open_: list[int | None] = []  # for each bracket: of the braces of a switch, the column of its last case
    head = -1  # the index of the bracket that closes the head of a switch
    heads: set[int] = set()  # how many brackets are open round such a head
    for index, (start, end) in enumerate(found):
        word, last = words[index], words[index - 1] if index else ""
        column = start - len(before) - (own.rfind("\n", 0, max(0, start - len(before))) + 1)
        if word in _OPENS:
            if word == "(" and last == "switch" and words[index - 2] != ".":
                heads.add(len(open_))
            open_.append(_NO_CASE if word == "{" and head == index - 1 else None)
        elif word in _CLOSES and open_:
            open_.pop()
            if len(open_) in heads:
                heads.remove(len(open_))
                head = index
        elif open_ and open_[-1] is not None and last != ".":
            if word in ("case", "default"):
                open_[-1] = column
            elif word == "...":
                run = last == "$" and found[index - 1][1] == start and found[index + 1 : index + 2][0][0] == end
                following = words[index + 2] if run else words[index + 1]
                if open_[-1] == _NO_CASE or (column <= open_[-1] and following in _BEHIND_CASES):
                    first, stop = (start - 1, found[index + 1][1]) if run else (start, end)
                    name = RUN + words[index + 1] if run else f"{MARK}00"
                    yield _Gap(first - len(before), stop - len(before), name)
