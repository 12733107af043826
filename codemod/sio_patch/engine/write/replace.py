"""Code that the patch puts in the place of other code: round it, from inside it, or all of it."""

from __future__ import annotations

from collections.abc import Collection

from sio_patch.engine.edits import Edit, Edits
from sio_patch.engine.language.align import Replace
from sio_patch.engine.language.alike import same_code
from sio_patch.engine.language.roles import is_word
from sio_patch.engine.tree.node import STATEMENT_LISTS, TAKES_SEMICOLON, WITHOUT_COMMAS, Node
from sio_patch.engine.tree.scope import declared_names
from sio_patch.engine.write import comments, frame, habits, places, seams, statements
from sio_patch.engine.write.brackets import (
    is_expression,
    leads,
    needs_parentheses,
    opens_otherwise,
    outer,
    parenthesised,
    says_in,
)
from sio_patch.engine.write.capture import captured, enclosed
from sio_patch.engine.write.orphans import orphans
from sio_patch.engine.write.shift import Shift
from sio_patch.engine.write.site import Site, check_meaning, lines_in_templates
from sio_patch.engine.write.template import flattened
from sio_patch.engine.write.unsafe import Unsafe
from sio_patch.engine.write.unsaid import check_replaced

_TWO_PARTS = {
    "Property": ("key", "value"),
    "ImportSpecifier": ("imported", "local"),
    "ExportSpecifier": ("local", "exported"),
}


def replacement(site: Site, op: Replace, replaced: Collection[Node], shifts: list[Shift]) -> list[Edit]:
    """The edits for ``op``, where all of ``replaced`` are to be replaced. Raises Unsafe.

    ``shifts`` gets how the lines of what stays inside move.
    """
    user = site.user(op.old)
    if user.host is not None:
        raise statements.joined(user)
    site.check_names(declared_names((op.new,)) - declared_names((op.old,)), _list_of(user))
    site.check_captures((op.new,), user, captured(op.old, site.match.bindings))
    if _is_statement(user):
        edits = _statement(site, op, user, shifts)
        loose = op.new.kind in seams.LOOSE or seams.is_loose(site.plus, op.new) or _ends_loosely(user.parent, user)
    else:
        places.check(site.bound(op.new), user, site.text, shows_export=_shows_export(op.old))
        bare = _one_of_two(site, op, user, replaced) or _name(site, op, user) or _expression(site, op, user, shifts)
        edits = _laid_out(site, op, user, bare, shifts)
        loose = _ends_loosely(user, user)
    first, *rest = edits
    edits = [first._replace(new=_opening(site.text, user) + first.new), *rest]
    return [*edits[:-1], edits[-1]._replace(new=edits[-1].new + seams.END * loose)]


# Statements


def _is_statement(user: Node) -> bool:
    """Whether ``user`` is a statement or a class member, and not the head of a loop."""
    parent = user.parent
    if parent is None or parent.kind in WITHOUT_COMMAS:
        return True
    return user.kind.endswith(("Statement", "Declaration")) and not parent.kind.startswith("For")


def _statement(site: Site, op: Replace, user: Node, shifts: list[Shift]) -> list[Edit]:
    text = site.text
    unbraced = user.parent is not None and not user.parent.braced
    if unbraced and (op.new.kind not in TAKES_SEMICOLON or statements.is_returned_by_arrow(user)):
        raise statements.unbraced(user)
    check_replaced(op.old, op.new, site.match)
    if op.kept:
        return frame.changing(site, op, user, shifts)
    indent, ending = habits.indentation(text, user.start), habits.line_ending(text, user.start)
    bare = site.written(op.new)
    if op.new.kind in TAKES_SEMICOLON:
        bare = bare.rstrip(";" + seams.END) + (";" if site.style.uses_semicolons(user) else "")
    bare = flattened(bare) if statements.is_on_one_line(text, user.start, user.end) else bare
    new = site.reindented(bare, op.new.start, (op.new,), (indent, statements.unit(text, user)), ending)
    return [Edit(user.start, user.end, orphans(site, (op.old,), user, (user.start, user.end), ending + indent) + new)]


def _opening(text: str, user: Node) -> str:
    """The mark for new code in the place of ``user``, where a statement or a class member starts with it."""
    node = user
    while (parent := node.parent) is not None and parent.kind not in WITHOUT_COMMAS:
        if parent.start != user.start:
            return ""
        node = parent
    if parent is None or (node.host or node).start != user.start:
        return ""
    return seams.opening(text, node)


def _ends_loosely(node: Node | None, user: Node) -> bool:
    """Whether ``node``, or what it is the end of, is a statement or a class field that ends with ``user``, without a
    semicolon.
    """
    while node is not None and node.end == user.end:
        head_of_loop = node.kind == "VariableDeclaration" and node.parent is not None and "For" in node.parent.kind
        if node.kind in seams.LOOSE:
            return (node.host or node).end == user.end and not head_of_loop
        node = node.parent
    return False


# Expressions


def _laid_out(site: Site, op: Replace, user: Node, edits: list[Edit], shifts: list[Shift]) -> list[Edit]:
    """``edits`` with their lines indented, and those of the code between them."""
    if op.kept:
        return edits
    bare = seams.STAYS.join(edit.new for edit in edits)
    if len(edits) > 1 and lines_in_templates(site.plus, op.new.start, (op.new,)):
        return edits
    written = site.laid_out(bare, op.new.start, (op.new,), user).split(seams.STAYS)
    if len(edits) == 2 and (line := written[0].rpartition("\n")[2]) != written[0]:
        lead, base = line[: len(line) - len(line.lstrip())], habits.indentation(site.text, user.start)
        shifts.append(Shift.of(site.text, edits[0].end, edits[1].start, base, lead, [user]))
    return [edit._replace(new=new) for edit, new in zip(edits, written, strict=True)]


def _one_of_two(site: Site, op: Replace, user: Node, replaced: Collection[Node]) -> list[Edit] | None:
    """For one of two parts that one token spells: ``{ a }`` becomes ``{ a: b }`` or ``{ b: a }``.

    Likewise ``import { a }`` becomes ``{ a as b }`` or ``{ b as a }``.
    """
    holder = user.parent
    if holder is not None and holder.kind == "AssignmentPattern" and user is holder.fields["left"]:
        holder = holder.parent  # a default
    if holder is None or not holder.shorthand:
        return None
    new = site.written(op.new)
    new = f"({new})" if _needs_outer(site, op.new, user) else new
    between = ": " if holder.kind == "Property" else " as "
    front, back = (holder.fields[field] for field in _TWO_PARTS[holder.kind])
    if user is not front:
        return [Edit(user.end, user.end, between + new)]
    if back in replaced or back.fields.get("left") in replaced:
        return [Edit(user.start, user.end, new)]
    return [Edit(user.start, user.start, new + between)]


def _name(site: Site, op: Replace, user: Node) -> list[Edit] | None:
    """A member's name in the spelling that the place takes: ``a.b`` becomes ``a['b-c']``, and ``a['b']`` ``a['c']``."""
    new = site.bound(op.new)
    if user.kind != "Key" or new.kind not in ("Key", "Identifier") or site.text[user.start] == "[":
        return None
    name, text = str(new.fields["name"]), site.text
    if text[user.start] in "'\"":
        return [Edit(user.start + 1, user.end - 1, name)] if is_word(name) else None
    parent = user.parent
    if is_word(name):
        return [Edit(user.start, user.end, name)] if new.quoted else None
    if parent is None or parent.kind != "MemberExpression":
        return None
    spelt = f"[{site.written(op.new)}]"
    if parent.fields["optional"]:
        return [Edit(user.start, user.end, spelt)]
    behind = parent.fields["object"].end
    if "/" in text[behind : user.start]:
        raise Unsafe.place(comments.LOST, user)
    return [Edit(text.rindex(".", behind, user.start), user.end, spelt)]


def _expression(site: Site, op: Replace, user: Node, shifts: list[Shift]) -> list[Edit]:
    edits = _wrap(site, op, user) or _unwrap(site, op, user, shifts) or _whole(site, op, user, shifts)
    if leads(user) and is_expression(op.new):
        moved = (Edit(edit.start - user.start, edit.end - user.start, edit.new) for edit in edits)
        if opens_otherwise(Edits(moved).apply(site.text[user.start : user.end])):
            first, last = edits[0], edits[-1]
            edits[0] = first._replace(new="(" + first.new)
            edits[-1] = edits[-1]._replace(new=(edits[-1].new if last is not first else "(" + last.new) + ")")
    return edits


def _wrap(site: Site, op: Replace, user: Node) -> list[Edit] | None:
    """The old code stays, with something put round it, where the new code holds it exactly once."""
    kept = [node for node in op.new.walk() if same_code(node, op.old)]
    if len(kept) != 1:
        return None
    inner = kept[0]
    check_meaning(enclosed(op.new, inner, user), user)
    before = site.template.fill(op.new.start, inner.start, [op.new])
    after = site.template.fill(inner.end, op.new.end, [op.new])
    if needs_parentheses(user, inner.parent, inner) and not parenthesised(site.plus, inner):
        before, after = f"{before}(", f"){after}"
    if _needs_outer(site, op.new, user):
        before, after = f"({before}", f"{after})"
    start, end = _span(site, op, user)
    return [Edit(start, start, before), Edit(end, end, after)]


def _unwrap(site: Site, op: Replace, user: Node, shifts: list[Shift]) -> list[Edit] | None:
    """Only a part of the old code stays, where the old code holds the new exactly once."""
    kept = [node for node in op.old.walk() if same_code(node, op.new)]
    if len(kept) != 1 or kept[0] not in site.match.pairs:
        return None
    check_replaced(op.old, op.new, site.match, stays=kept[0])
    inner = site.user(kept[0])
    bracket = ("(", ")") if _needs_outer(site, inner, user) else ("", "")
    before = orphans(site, (op.old,), user, (user.start, inner.start))
    after = orphans(site, (op.old,), user, (inner.end, user.end))
    base, lead = (habits.indentation(site.text, node.start) for node in (inner, user))
    shifts.append(Shift.of(site.text, inner.start, inner.end, base, lead, [inner]))
    closed = bracket[1] + f" {after}".rstrip()
    return [Edit(user.start, inner.start, before + bracket[0]), Edit(inner.end, user.end, closed)]


def _whole(site: Site, op: Replace, user: Node, shifts: list[Shift]) -> list[Edit]:
    check_replaced(op.old, op.new, site.match)
    bracket = ("(", ")") if _needs_outer(site, op.new, user) else ("", "")
    if op.kept:
        first, *others = frame.changing(site, op, user, shifts)
        edits = [first._replace(new=bracket[0] + first.new), *others]
        return [*edits[:-1], edits[-1]._replace(new=edits[-1].new + bracket[1])]
    start, end = _span(site, op, user)
    new = bracket[0] + site.written(op.new) + bracket[1]
    return [Edit(start, end, orphans(site, (op.old,), user, (start, end)) + new)]


def _span(site: Site, op: Replace, user: Node) -> tuple[int, int]:
    """Of ``user``; with its brackets, where what comes cannot stand in any, as `...x` or an arrow function's block."""
    bare = user.kind in STATEMENT_LISTS or is_expression(op.new) or not is_expression(user)
    return (user.start, user.end) if bare else outer(site.text, user)


def _needs_outer(site: Site, new: Node, user: Node) -> bool:
    if parenthesised(site.text, user):
        return False
    return needs_parentheses(new, user.parent, user) or says_in(new, user, site.match.bindings)


# What the pattern and the file show


def _shows_export(pattern: Node) -> bool:
    node: Node | None = pattern
    while node is not None and not node.kind.startswith("Export"):
        node = node.parent
    return node is not None


def _list_of(node: Node) -> Node:
    """Where the name of a declaration belongs: round the function or class that it names."""
    above = node.parent
    if above is not None and above.kind.endswith("Declaration") and above.fields.get("id") is node:
        above = above.parent
    return above or node
