"""The two slices of a diff: the code that a patch looks for, and the code that it makes of it.

In the diff ` f();`, `-g();`, `+h();` the minus slice is `f(); g();` and the plus slice `f(); h();`. Each has blanks
where the other's lines are, so that a context line has the same offsets in both, and a place in a slice is a place in
the document.
"""

from __future__ import annotations

from typing import NamedTuple

from sio_patch.engine.language.block import Block
from sio_patch.engine.language.compiled import PatternError


class Slices(NamedTuple):
    """``context`` holds the offsets that lie on context lines, their line ends included."""

    minus: str
    plus: str
    context: frozenset[int]


def slices(block: Block) -> Slices:
    """Raises PatternError for a line that is none of a diff."""
    minus: list[str] = []
    plus: list[str] = []
    context: set[int] = set()
    offset = 0
    for number, line in enumerate(block.text.split("\n"), block.line):
        marker, code = line[:1] or " ", line[1:]
        if marker not in " -+":
            raise PatternError(number, 1, f"the first column is {marker!r}; it must be a space, '-' or '+'")
        blank = " " * len(code)
        minus.append(blank if marker == "+" else code)
        plus.append(blank if marker == "-" else code)
        if marker == " ":
            context.update(range(offset, offset + len(code) + 1))
        offset += len(code) + 1
    return Slices("\n".join(minus), "\n".join(plus), frozenset(context))
