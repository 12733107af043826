"""Lines of the user's that move to the right or to the left with the block that they stand in.

What begins a line inside a template or a string stays, and so does a line that is indented less than the first.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Sequence
from typing import NamedTuple

from sio_patch.engine.edits import Edit
from sio_patch.engine.tree.node import Node
from sio_patch.engine.write import habits, seams


class Shift(NamedTuple):
    """Lines from ``start`` to ``end`` that begin with ``base`` are to begin with ``new``; those at ``fixed`` stay."""

    start: int
    end: int
    base: str
    new: str
    fixed: frozenset[int]

    @classmethod
    def of(cls, text: str, start: int, end: int, base: str, new: str, code: Iterable[Node]) -> Shift:
        """``code`` are the statements there."""
        fixed = frozenset(at for node in code for below in node.walk() for at in _inside(text, below))
        return cls(start, end, base, new, fixed)


def shifted(text: str, edits: Sequence[Edit], shifts: Iterable[Shift]) -> list[Edit]:
    """``edits`` and those that move the lines, with the new text inside moved as well."""
    found, moved = list(edits), list[Edit]()
    for shift in shifts:
        if shift.base != shift.new:
            found = [
                _carried(edit, shift) if shift.start < edit.start and edit.end < shift.end else edit for edit in found
            ]
            moved += _moves(text, found, shift)
    return [*moved, *found]


def _moves(text: str, edits: Sequence[Edit], shift: Shift) -> Iterator[Edit]:
    shared = len(shift.base) if shift.new.startswith(shift.base) else 0
    shared = len(shift.new) if shift.base.startswith(shift.new) else shared
    for ending in habits.LINE_END.finditer(text, shift.start, shift.end):
        line = ending.end()
        stays = line in shift.fixed or not text.startswith(shift.base, line) or habits.at_line_end(text, line)
        blank = habits.at_line_end(text, habits.blanks(text, line))
        edit = Edit(line + shared, line + len(shift.base), shift.new[shared:])
        if line < shift.end and not stays and not blank and not any(_meet(edit, other) for other in edits):
            yield edit


def _meet(edit: Edit, other: Edit) -> bool:
    return other.start < edit.end and edit.start < other.end


def _carried(edit: Edit, shift: Shift) -> Edit:
    """An edit with its own new lines moved."""
    lines = rf"(\r\n|[\n\r\u2028\u2029{seams.MOVED}]){re.escape(shift.base)}(?=\S)"
    return edit._replace(new=re.sub(lines, lambda match: match[1] + shift.new, edit.new))


def _inside(text: str, node: Node) -> Iterator[int]:
    """Where lines begin inside a template or a string."""
    if node.kind == "TemplateElement" or (node.kind == "Literal" and node.fields["type"] == "string"):
        yield from (ending.end() for ending in habits.LINE_END.finditer(text, node.start, node.end))
