"""Edits of statement lists and class bodies: where a statement goes in, and what goes when one is removed."""

from __future__ import annotations

from collections.abc import Collection
from typing import NamedTuple

from sio_patch.engine.edits import Edit
from sio_patch.engine.tree.node import WITHOUT_COMMAS, Node, is_exported, parts_of
from sio_patch.engine.tree.trivia import skip_trivia
from sio_patch.engine.write import comments, habits, seams
from sio_patch.engine.write.unsafe import Unsafe

_NO_BRACES = "it is the whole body of an `if` or a loop without braces"
_BARE_ARROW = "it is the whole body of an arrow function, which has no braces"
_JOINED = "it stands inside a larger statement, joined to others by commas"


class Spot(NamedTuple):
    """Where a statement goes: ``before`` or after ``neighbour``, on its line (``inline``) or on a line of its own."""

    position: int
    neighbour: Node | None
    inline: bool
    before: bool
    indent: str
    unit: str


def spot(text: str, owner: Node, anchor: Node | None, where: str) -> Spot:
    """The place beside ``anchor``, or at the ``start`` or ``end`` of ``owner``'s list. Raises Unsafe."""
    first = anchor is None and where == "start"
    if anchor is None:
        anchor, where = _end_of_list(owner, where)
    if anchor is None:
        return _empty(text, owner)
    if not owner.braced:
        raise unbraced(anchor)
    whole = _whole(anchor, last=where == "after")
    indent = habits.indentation(text, whole.start)
    unit = habits.indent_unit(text, indent, habits.indentation(text, owner.start))
    if where == "before":
        if whole.directive:
            raise Unsafe.place("a directive would be none behind the code to put in", whole)
        position = _start(text, owner, whole)
        if first and position == whole.start:
            position = _before_guard(text, position)
        return Spot(position, whole, not habits.starts_line(text, position), True, indent, unit)
    tail = habits.line_tail(text, whole.end)
    loose_inline = not tail.clear and seams.is_loose(text, whole)
    return Spot(whole.end if loose_inline else tail.end, whole, not tail.clear, False, indent, unit)


def unit(text: str, node: Node) -> str:
    """One level of indentation, as the list shows it in which the statement that ``node`` is in stands."""
    while node.parent is not None and node.parent.kind not in WITHOUT_COMMAS:
        node = node.parent
    outer = habits.indentation(text, node.parent.start) if node.parent is not None else ""
    return habits.indent_unit(text, habits.indentation(text, node.start), outer)


def is_on_one_line(text: str, start: int, end: int) -> bool:
    """Whether the code from ``start`` to ``end`` shares its line with other code, and has only that one."""
    alone = habits.starts_line(text, start) and habits.line_tail(text, end).clear
    return not alone and habits.LINE_END.search(text, start, end) is None


def insertion(text: str, at: Spot, body: str, ending: str) -> Edit:
    """``body``, in the file's habits, put at ``at`` with the white space and the marks that this takes."""
    return Edit(at.position, at.position, _framed(text, at, body, ending))


def terminator(text: str, at: Spot, style: habits.Style) -> str:
    """What a statement at ``at`` ends with: the file's semicolon, or a mark."""
    return ";" if style.uses_semicolons(at.neighbour) or (at.before and text[at.position] == ";") else seams.END


def whole_statement(node: Node) -> Node:
    """``node``, or the comma list that it matched as a part of, or the export that declares it."""
    listed = node.parent if node.parent is not None and is_exported(node) else node
    return listed.host or listed


def joined(node: Node) -> Unsafe:
    return Unsafe.place(_JOINED, node)


def unbraced(node: Node) -> Unsafe:
    return Unsafe.place(_BARE_ARROW if is_returned_by_arrow(node) else _NO_BRACES, node)


def is_returned_by_arrow(node: Node) -> bool:
    """Whether ``node`` is the statement that the expression of an arrow function stands for."""
    body = node.parent
    holder = body.parent if body is not None and not body.braced else None
    return holder is not None and holder.kind == "ArrowFunctionExpression"


def removal(text: str, listed: Node, removed: Collection[Node]) -> Edit:
    """Takes out the statement that ``listed`` is, or is a part of. ``removed`` go with it. Raises Unsafe."""
    node, owner = whole_statement(listed), listed.parent
    assert owner is not None
    if not owner.braced:
        raise unbraced(listed)
    siblings = owner.fields[WITHOUT_COMMAS[owner.kind]]
    earlier = [item for item in siblings if item not in removed and item.start < node.start]
    before = whole_statement(earlier[-1]) if earlier else None
    if before is not None and seams.is_loose(text, before) and habits.continues(text, node.end):
        raise Unsafe.place("without it the line before would run on into the line after", node)
    end, first = habits.blanks(text, node.end), _start(text, owner, node)
    guard = skip_trivia(text, before.end) if before is not None and seams.is_loose(text, before) else first
    if guard < first and text[guard:first].strip() == ";":
        first = guard  # it kept this statement from going on from the line before
    if habits.starts_line(text, first):
        return _line_removal(text, first, end) if habits.at_line_end(text, end) else Edit(first, end, "")
    later = next((item for item in siblings if item not in removed and item.start >= node.end), None)
    if later is not None and all(item.directive for item in earlier) and text[node.end : later.start] in ("", " "):
        return Edit(node.start, later.start, "")  # at the start of a list it was put before what follows
    start = len(text[: node.start].rstrip())
    shared = before is not None and before.end == start and habits.terminated(text, before)
    shared = shared and seams.is_loose(text, node)
    if start == node.start and not shared:
        return Edit(start, end, "")
    return Edit(start - 1 if shared else start, node.end, "")  # shared: the block's last statement had no semicolon


def _start(text: str, owner: Node, node: Node) -> int:
    """Where ``node``, of the list of ``owner``, starts with the documentation right before it."""
    earlier = seams.before(node)
    floor = _floor(owner) if earlier is None else earlier.end
    return comments.documentation_start(text, floor, node.start)


def _floor(owner: Node) -> int:
    """Behind the code that stands before the list of ``owner``."""
    if owner.kind == "SwitchCase":
        test = owner.fields["test"]
        return int(test.end) if test is not None else owner.start + len("default")
    if owner.kind == "SwitchStatement":
        return int(owner.fields["discriminant"].end)
    return owner.start if owner.kind == "Program" else owner.start + 1


def _end_of_list(owner: Node, where: str) -> tuple[Node | None, str]:
    """The anchor at an end of a list; the start is past the directives."""
    nodes: tuple[Node, ...] = owner.fields[WITHOUT_COMMAS[owner.kind]]
    if not nodes:
        return None, where
    after_directives = next((node for node in nodes if not node.directive), None)
    if where == "end" or after_directives is None:
        return nodes[-1], "after"
    return after_directives, "before"


def _before_guard(text: str, position: int) -> int:
    """Before the semicolon that starts the line, as in ``;(function () {``, where nothing else does."""
    start = habits.blanks(text, habits.line_start(text, position))
    return start if text[start:position].strip() == ";" else position


def _whole(anchor: Node, *, last: bool) -> Node:
    """The statement that ``anchor`` is, or is the last (first) part of."""
    host = whole_statement(anchor)
    if anchor.host is not None:
        parts = parts_of(anchor.host)
        at_end = parts[-1].end == anchor.end if last else parts[0].start == anchor.start
        if not at_end:
            raise joined(anchor)
    return host


def _empty(text: str, owner: Node) -> Spot:
    """Inside a list that has nothing in it."""
    if owner.kind == "Program":
        return Spot(len(text), None, False, False, "", "  ")
    if owner.kind not in ("Block", "ClassBody") or not owner.braced:
        raise Unsafe.place("there is no block here to put the code in", owner)
    unit = habits.indent_unit(text, "", "")
    position = owner.start + 1
    inline = habits.LINE_END.search(text, position, owner.end) is None
    return Spot(position, None, inline, False, habits.indentation(text, owner.start) + unit, unit)


def _framed(text: str, at: Spot, body: str, ending: str) -> str:
    near, after = at.neighbour, text[at.position : at.position + 1]
    if near is None:
        if at.inline:
            return f" {body} " if after == "}" else f" {body}"
        if at.position == len(text) and habits.starts_line(text, at.position):
            return body + ending
        return f"{ending}{at.indent}{body}"
    if at.before:
        gap = _inline_gap(text, near) if at.inline else ending + at.indent
        return seams.opening(text, near) + body + gap
    if at.inline:
        return (seams.END if seams.is_loose(text, near) else "") + _inline_gap(text, near) + body
    return f"{ending}{at.indent}{seams.behind(text, near)}{body}"


def _inline_gap(text: str, near: Node | None) -> str:
    """What stands between statements on this line: a space, or nothing where the file is squeezed."""
    if near is None:
        return " "
    around = (text[near.start - 1 : near.start], text[near.end : near.end + 1])
    return " " if any(character.isspace() for character in around) else ""


def _line_removal(text: str, start: int, end: int) -> Edit:
    """The whole line, with its ending; on the last line, with the ending of the line before."""
    start = habits.line_start(text, start)
    ending = habits.LINE_END.match(text, end)
    if ending is not None:
        return Edit(start, ending.end(), "")
    return Edit(habits.before_ending(text, start), end, "")
