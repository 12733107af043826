"""Edits of comma-separated lists: arguments, parameters, elements, properties, declarators, names of modules.

An item comes and goes with its comma, in the list's own layout, and comments stay. Here ``done`` comes behind ``a``, or
``a`` goes::

    send(               send(               send(
      a, // of a          a, // of a          // of a
      b            ->     done,        or     b
    )                     b                 )
                        )
"""

from __future__ import annotations

import re
from collections.abc import Collection
from itertools import pairwise

from sio_patch.engine.edits import Edit
from sio_patch.engine.tree.node import FUNCTIONS, Node
from sio_patch.engine.tree.parse import tokens
from sio_patch.engine.tree.trivia import skip_trivia
from sio_patch.engine.write import comments, habits
from sio_patch.engine.write.brackets import outer
from sio_patch.engine.write.unsafe import Unsafe

_BLOCK_COMMENTS = re.compile(r"(?:[ \t]*/\*[^\n\r\u2028\u2029]*?\*/)+")
_CLOSES = frozenset(",)]}")
_NO_ROOM = "nothing can be added to this list as it is written"
_LIST_FIELDS = ("arguments", "params", "elements", "properties", "specifiers")
_OUTSIDE_BRACES = frozenset({"ImportDefaultSpecifier", "ImportNamespaceSpecifier"})


def siblings(owner: Node, member: Node | None = None) -> tuple[Node, ...]:
    """The comma list of ``owner`` (that holds ``member``)."""
    for field in _LIST_FIELDS:
        items = owner.fields.get(field)
        if isinstance(items, tuple) and (member is None or any(item is member for item in items)):
            return tuple(item for item in items if item is None or item.kind not in _OUTSIDE_BRACES)
    return ()


def insertion(text: str, owner: Node, anchor: Node | None, where: str, new: str) -> list[Edit]:
    """``new`` put beside ``anchor``, or at the ``start`` or ``end`` of the list. Raises Unsafe."""
    items = siblings(owner, anchor)
    position = None if items else _inside_brackets(text, owner)
    if position is not None:
        return [_first_item(text, position, new)]
    if not items or None in items:
        raise Unsafe.place(_NO_ROOM, anchor or owner)
    if _is_bare_parameter(text, owner, items):
        (bare,) = items
        opened, closed = (f"({new}, ", ")") if where in ("before", "start") else ("(", f", {new})")
        return [Edit(bare.start, bare.start, opened), Edit(bare.end, bare.end, closed)]
    if anchor is None:
        anchor, where = (items[-1], "after") if where == "end" else (items[0], "before")
    start, end = outer(text, anchor)
    first = comments.own_start(text, _floor(text, owner, items, items.index(anchor)), start)
    separator = _separator(text, owner, items, items.index(anchor), first)
    if where == "before":
        return [Edit(first, first, new + separator)]
    if anchor.kind == "RestElement":
        raise Unsafe.place(_NO_ROOM, anchor)
    end = _past_own_comments(text, end)
    return _behind_comment(text, start, end, new) or [Edit(end, end, separator + new)]


def _first_item(text: str, position: int, new: str) -> Edit:
    """``new`` before the bracket at ``position``; between braces with a space on each side."""
    start = len(text[:position].rstrip())
    bare = text[start - 1] == "{" and habits.LINE_END.search(text, start, position) is None
    return Edit(start, position, f" {new} ") if bare else Edit(position, position, new)


def _floor(text: str, owner: Node, items: tuple[Node, ...], index: int) -> int:
    """Behind the code that stands before an item, from where on there is only a comma, a bracket and comments."""
    if index:
        return outer(text, items[index - 1])[1]
    head = owner.fields.get("callee") or owner.name
    floor = owner.start if head is None else head.end
    opening = [end for _, _, end in tokens(text[floor : outer(text, items[0])[0]])]
    return floor + (opening[-1] if opening else 0)


def refill(text: str, owner: Node, items: tuple[Node, ...], new: str) -> Edit:
    """``new`` in the place of all the items. Raises Unsafe where there is a comment between them."""
    spans = [outer(text, item) for item in items]
    if not all(_plain(text[left[1] : right[0]]) for left, right in pairwise(spans)):
        raise Unsafe.place("all of the list would go, and with it the comments in it", owner)
    return Edit(spans[0][0], spans[-1][1], new)


def _is_bare_parameter(text: str, owner: Node, items: tuple[Node, ...]) -> bool:
    """Whether it is the one of an arrow function, and has no brackets."""
    arrow = owner.kind == "ArrowFunctionExpression" and len(items) == 1 and items[0].kind == "Identifier"
    return arrow and text[skip_trivia(text, items[0].end) :].startswith("=>")


def _past_own_comments(text: str, end: int) -> int:
    """Past the comments between an item and its comma, or the closing bracket, on its line."""
    own = _BLOCK_COMMENTS.match(text, end)
    return own.end() if own and text[(after := skip_trivia(text, own.end())) : after + 1] in _CLOSES else end


def _behind_comment(text: str, start: int, end: int, new: str) -> list[Edit] | None:
    """``new`` on a line of its own, where the item from ``start`` to ``end`` has one and a comment ends it."""
    line = habits.line_start(text, start)
    first = text[line:start]
    comma = skip_trivia(text, end)
    behind = text[comma : comma + 1] == ","
    on_line = behind and habits.LINE_END.search(text, end, comma) is None
    tail = habits.line_tail(text, comma + 1 if on_line else end)
    if first.strip(" \t,") or not tail.clear or not text[end : tail.end].strip(" \t,"):
        return None
    ending = habits.line_ending(text, end)
    if behind and not on_line:
        first = text[habits.line_start(text, comma) : comma] + ", "
    if behind or "," in first:  # where commas start the lines, this one is in ``first``
        return [Edit(tail.end, tail.end, f"{ending}{first}{new}{',' * on_line}")]
    return [Edit(end, end, ","), Edit(tail.end, tail.end, ending + first + new)]


def removal(text: str, owner: Node, items: tuple[Node, ...], starts: Collection[int]) -> list[Edit]:
    """Takes out the items that start at ``starts``, with a comma each. Comments between items stay. Raises Unsafe."""
    if any(item is None for item in items):
        raise Unsafe.place("nothing can be taken out of a list with holes", owner)
    if _is_bare_parameter(text, owner, items) and starts:
        return [Edit(items[0].start, items[0].end, "()")]
    edits: list[Edit] = []
    spans = [outer(text, item) for item in items]
    gone = [item.start in starts for item in items]
    index = 0
    while index < len(items):
        if not gone[index]:
            index += 1
            continue
        last = index
        while last + 1 < len(items) and gone[last + 1]:
            last += 1
        floor = _floor(text, owner, items, index)
        spans[index] = (comments.documentation_start(text, floor, spans[index][0]), spans[index][1])
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
        trailing = skip_trivia(text, end)
        if text[trailing : trailing + 1] == ",":
            return [_tidy(text, start, trailing + 1)]
        comma = skip_trivia(text, before)
        if not text[comma + 1 : start].strip(" \t"):
            return [_tidy(text, comma, end)]
        return [Edit(comma, comma + 1, ""), _tidy(text, start, end)]
    comma = skip_trivia(text, end)
    end = comma + 1 if text[comma : comma + 1] == "," else end
    inner = (len(text[:start].rstrip(" \t")), habits.blanks(text, end))
    if text[inner[0] - 1] + text[inner[1] : inner[1] + 1] == "{}":
        return [Edit(*inner, "")]
    return [_tidy(text, start, end)]


def _tidy(text: str, start: int, end: int) -> Edit:
    """A removal that takes the whole line where nothing else is on it."""
    tail = habits.blanks(text, end)
    ending = habits.LINE_END.match(text, tail)
    if habits.starts_line(text, start) and ending is not None:
        return Edit(habits.line_start(text, start), ending.end(), "")
    if habits.starts_line(text, start):
        return Edit(start, tail, "")
    before = len(text[:start].rstrip(" \t"))
    if text[start - 1] in "([":
        return Edit(start, tail, "")
    return Edit(before if tail > end else start, end, "")


def _plain(between: str) -> bool:
    return not between.replace(",", "", 1).strip()


def _separator(text: str, owner: Node, items: tuple[Node, ...], index: int, first: int) -> str:
    """What stands between two items beside this one, which starts at ``first`` with its comments.

    For a lone item a comma and a space, or a new line where it has its own.
    """
    for left in (index, index - 1):
        if left >= 0 and left + 1 < len(items):
            between = text[outer(text, items[left])[1] : outer(text, items[left + 1])[0]]
            if _plain(between):
                return between
            break
    if habits.starts_line(text, first) and habits.line_start(text, first) > owner.start:
        return "," + habits.line_ending(text, first) + habits.indentation(text, first)
    return ", "


def _inside_brackets(text: str, owner: Node) -> int | None:
    """Just before the closing bracket of an empty list."""
    if owner.kind in FUNCTIONS:
        head = text[owner.start : owner.fields["body"].start]
        closing = [
            owner.start + start for _, start, end in tokens(head.rstrip().removesuffix("=>")) if head[start:end] == ")"
        ]
        return closing[-1] if closing else None
    if owner.kind in ("ImportDeclaration", "ExportNamedDeclaration"):
        ends = [owner.start + start for _, start, end in tokens(text[owner.start : owner.end]) if end - start == 1]
        return next((at for at in ends if text[at] == "}"), None)
    if owner.kind == "NewExpression":
        head = owner.fields["callee"].end
        if not any(text[head + start : head + end] == "(" for _, start, end in tokens(text[head : owner.end])):
            return None
    return owner.end - 1 if text[owner.end - 1 : owner.end] in (")", "]", "}") else None
