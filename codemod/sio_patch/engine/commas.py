"""Edits of comma-separated lists: arguments, parameters, elements, properties, declarators."""

from __future__ import annotations

from collections.abc import Collection

from sio_patch.engine import habits
from sio_patch.engine.edits import Edit
from sio_patch.engine.syntax import FUNCTIONS, Node, skip_trivia, tokens
from sio_patch.engine.unsafe import Unsafe

_LIST_FIELDS = ("arguments", "params", "elements", "properties")


def siblings(owner: Node, member: Node | None = None) -> tuple[Node, ...]:
    """The comma list of ``owner`` (that holds ``member``)."""
    for field in _LIST_FIELDS:
        items = owner.fields.get(field)
        if isinstance(items, tuple) and (member is None or any(item is member for item in items)):
            return items
    return ()


def insertion(text: str, owner: Node, anchor: Node | None, where: str, new: str) -> Edit | None:
    """``new`` put beside ``anchor``, or at the ``start`` or ``end`` of the list. None where the list cannot take it as
    written.
    """
    items = siblings(owner, anchor)
    if any(item is None for item in items):
        return None
    if not items:
        position = _inside_brackets(text, owner)
        return None if position is None else Edit(position, position, new)
    if owner.kind == "ArrowFunctionExpression" and text[owner.start : items[0].start].rstrip()[-1:] != "(":
        return None  # a lone parameter without parentheses
    if anchor is None:
        anchor, where = (items[-1], "after") if where == "end" else (items[0], "before")
    if where == "after" and anchor.kind == "RestElement":
        return None
    separator = _separator(text, owner, items, items.index(anchor))
    if where == "after":
        position = _outer(text, owner, anchor)[1]
        return Edit(position, position, separator + new)
    position = _outer(text, owner, anchor)[0]
    return Edit(position, position, new + separator)


def removal(text: str, owner: Node, items: tuple[Node, ...], starts: Collection[int]) -> list[Edit]:
    """Takes out the items that start at ``starts``, with a comma each. Comments between items stay. Raises Unsafe."""
    if any(item is None for item in items):
        raise Unsafe.place("nothing can be taken out of a list with holes", owner)
    edits: list[Edit] = []
    spans = [_outer(text, owner, item) for item in items]
    gone = [item.start in starts for item in items]
    index = 0
    while index < len(items):
        if not gone[index]:
            index += 1
            continue
        last = index
        while last + 1 < len(items) and gone[last + 1]:
            last += 1
        edits += _run_removal(text, spans, index, last)
        index = last + 1
    return edits


def _run_removal(text: str, spans: list[tuple[int, int]], first: int, last: int) -> list[Edit]:
    start, end = spans[first][0], spans[last][1]
    if last + 1 < len(spans):
        following = spans[last + 1][0]
        if _plain(text[end:following]):
            return [Edit(start, following, "")]
        return [_tidy(text, start, skip_trivia(text, end) + 1)]
    if first > 0:
        before = spans[first - 1][1]
        if _plain(text[before:start]):
            return [Edit(before, end, "")]
        comma = skip_trivia(text, before)
        return [Edit(comma, comma + 1, ""), _tidy(text, start, end)]
    comma = skip_trivia(text, end)
    return [_tidy(text, start, comma + 1 if text[comma : comma + 1] == "," else end)]


def _tidy(text: str, start: int, end: int) -> Edit:
    """A removal that takes the whole line where nothing else is on it."""
    tail = habits.blanks(text, end)
    ending = habits.LINE_END.match(text, tail)
    if habits.starts_line(text, start) and ending is not None:
        return Edit(habits.line_start(text, start), ending.end(), "")
    return Edit(start, tail if habits.starts_line(text, start) else end, "")


def _plain(between: str) -> bool:
    return not between.replace(",", "", 1).strip()


def _separator(text: str, owner: Node, items: tuple[Node, ...], index: int) -> str:
    """What stands between two items beside this one; for a lone item a comma and a space, or a new line where it has
    its own.
    """
    for left in (index, index - 1):
        if left >= 0 and left + 1 < len(items):
            between = text[_outer(text, owner, items[left])[1] : _outer(text, owner, items[left + 1])[0]]
            return between if _plain(between) else ", "
    only = items[index]
    if habits.starts_line(text, only.start) and habits.line_start(text, only.start) > owner.start:
        return "," + habits.line_ending(text, only.start) + habits.indentation(text, only.start)
    return ", "


def _outer(text: str, owner: Node, item: Node) -> tuple[int, int]:
    """The span of ``item`` with its redundant parentheses."""
    start, end = item.start, item.end
    while True:
        before = text[owner.start : start].rstrip()
        after = skip_trivia(text, end)
        closes = owner.kind in ("CallExpression", "NewExpression") and after == owner.end - 1
        if owner.kind in FUNCTIONS or closes or not before.endswith("(") or text[after : after + 1] != ")":
            return start, end
        start, end = owner.start + len(before) - 1, after + 1


def _inside_brackets(text: str, owner: Node) -> int | None:
    """Just before the closing bracket of an empty list."""
    if owner.kind in FUNCTIONS:
        head = text[owner.start : owner.fields["body"].start]
        closing = [
            owner.start + start for _, start, end in tokens(head.rstrip().removesuffix("=>")) if head[start:end] == ")"
        ]
        return closing[-1] if closing else None
    if owner.kind == "NewExpression":
        head = owner.fields["callee"].end
        if not any(text[head + start : head + end] == "(" for _, start, end in tokens(text[head : owner.end])):
            return None
    return owner.end - 1 if text[owner.end - 1 : owner.end] in (")", "]", "}") else None
