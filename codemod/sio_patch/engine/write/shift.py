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
        return cls(start, end, base, new, frozenset(at for node in code for at in fixed_lines(text, node)))


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
    lines = rf"(\r\n|[\n\r\u2028\u2029{seams.PLACED}]){re.escape(shift.base)}(?=\S)"
    return edit._replace(new=re.sub(lines, lambda match: match[1] + shift.new, edit.new))


def movable(text: str, span: tuple[int, int], code: Iterable[Node]) -> str:
    """The text of ``span``, all that there is of ``code``, with marks for its line feeds: which lines move with it."""
    start, end = span
    base = habits.indentation(text, start)
    fixed = {at for node in code for at in fixed_lines(text, node)} if "\n" in text[start:end] else set()
    first, *lines = text[start:end].split("\n")
    pieces, at = [first], start + len(first) + 1
    for line in lines:
        moves = at not in fixed and line.startswith(base) and not habits.at_line_end(text, habits.blanks(text, at))
        pieces.append(seams.MOVED + line[len(base) :] if moves else seams.HELD + line)
        at += len(line) + 1
    return "".join(pieces)


def fixed_lines(text: str, code: Node) -> Iterator[int]:
    """Where lines begin inside a template or a string."""
    for node in code.walk():
        if node.kind == "TemplateElement" or (node.kind == "Literal" and node.fields["type"] == "string"):
            yield from (ending.end() for ending in habits.LINE_END.finditer(text, node.start, node.end))
