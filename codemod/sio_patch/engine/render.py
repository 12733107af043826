"""From one match to edits: where each operation of a patch lands in the user's text, and what is written there.

Never searches: the match says which node everything is. Refuses (Unsafe) where the text cannot be edited as it stands.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import NamedTuple

from sio_patch.engine import commas, habits
from sio_patch.engine.align import Delete, Insert, Op, Replace, same_code
from sio_patch.engine.edits import Edit
from sio_patch.engine.match import Match
from sio_patch.engine.outcome import Reason
from sio_patch.engine.scope import declared_names, name_is_free
from sio_patch.engine.syntax import STATEMENT_LISTS, Node, skip_trivia
from sio_patch.engine.template import Template, needs_parentheses, parenthesised, reindented


class Unsafe(ValueError):
    """The edit is known but cannot be made here. ``offset`` is where in the user's text."""

    def __init__(self, reason: Reason, message: str, offset: int) -> None:
        super().__init__(message)
        self.reason = reason
        self.message = message
        self.offset = offset


def render(ops: tuple[Op, ...], plus: str, text: str, match: Match, parameters: Mapping[str, str]) -> list[Edit]:
    """The edits of ``text`` that ``ops`` ask for at ``match``. Raises Unsafe."""
    return _Renderer(plus, text, match, parameters).edits(ops)


class _Spot(NamedTuple):
    """Where a statement goes in: at ``position``, beside ``neighbour``, on the line that it shares (``inline``) or on
    its own.
    """

    position: int
    neighbour: Node | None
    inline: bool
    before: bool
    indent: str
    unit: str


class _Renderer:
    def __init__(self, plus: str, text: str, match: Match, parameters: Mapping[str, str]) -> None:
        self.plus = plus
        self.text = text
        self.match = match
        self.template = Template(plus, match.bindings, text, parameters)

    def edits(self, ops: tuple[Op, ...]) -> list[Edit]:
        edits: list[Edit] = []
        gone: list[Node] = []
        for op in ops:
            if isinstance(op, Insert):
                edits += self._insert(op)
            elif isinstance(op, Replace):
                edits += self._replace(op)
            else:
                assert isinstance(op, Delete)
                gone += self._nodes(op.node)
        return edits + self._delete(gone)

    def _nodes(self, pattern: Node) -> tuple[Node, ...]:
        found = self.match.pairs[pattern]
        return (found,) if isinstance(found, Node) else found

    def _user(self, pattern: Node) -> Node:
        found = self.match.pairs[pattern]
        assert isinstance(found, Node)
        return found

    # Insertions

    def _insert(self, op: Insert) -> list[Edit]:
        owner = self.match.owner if op.owner is None else self._user(op.owner)
        anchor = None if op.anchor is None else self._user(op.anchor)
        if not (owner.kind in STATEMENT_LISTS or owner.kind == "ClassBody"):
            text = self.template.fill(op.nodes[0].start, op.nodes[-1].end, op.nodes)
            edit = commas.insertion(self.text, owner, anchor, op.where, text)
            if edit is None:
                raise self._unsafe("nothing can be added to this list as it is written", anchor or owner)
            return [edit]
        self._check_names(op, owner)
        return [self._statement_edit(op, self._spot(op, owner, anchor))]

    def _check_names(self, op: Insert, owner: Node) -> None:
        for name in sorted(declared_names(op.nodes)):
            if not name_is_free(name, owner):
                message = f"the patch declares `{name}`, and the code around already uses that name"
                raise Unsafe(Reason.NAME_TAKEN, message, owner.start)

    def _spot(self, op: Insert, owner: Node, anchor: Node | None) -> _Spot:
        if anchor is not None and not owner.braced:
            raise self._unsafe("it is the whole body of an `if` or a loop without braces", anchor)
        where = op.where
        if anchor is None:
            anchor, where = self._end_of_list(owner, where)
        if anchor is None:
            return self._empty(owner)
        if where == "after":
            return self._after(self._whole(anchor, last=True), owner)
        return self._before(self._whole(anchor, last=False), owner)

    def _end_of_list(self, owner: Node, where: str) -> tuple[Node | None, str]:
        """The anchor at an end of a list; the start is past the directives."""
        nodes = owner.statements() if owner.kind != "ClassBody" else owner.fields["body"]
        if not nodes:
            return None, where
        if where == "end":
            return nodes[-1], "after"
        if not owner.braced:
            raise self._unsafe("it is the whole body of an `if` or a loop without braces", nodes[0])
        for node in nodes:
            if not node.directive:
                return node, "before"
        return nodes[-1], "after"

    def _whole(self, anchor: Node, *, last: bool) -> Node:
        """The statement that ``anchor`` is, or is the last (first) part of."""
        host = anchor.host
        if host is None:
            return anchor
        if (anchor.end if last else anchor.start) != (_last_part_end(host) if last else _first_part_start(host)):
            raise self._unsafe("it stands inside a larger statement, joined to others by commas", anchor)
        return _placed(host, anchor)

    def _after(self, anchor: Node, owner: Node) -> _Spot:
        tail = habits.line_tail(self.text, anchor.end)
        indent = habits.indentation(self.text, anchor.start)
        inline = not tail.clear
        position = tail.end
        if inline and not (habits.terminated(self.text, anchor) or anchor.kind not in habits.TAKES_SEMICOLON):
            position = anchor.end
        return _Spot(position, anchor, inline, False, indent, self._unit(indent, owner))

    def _before(self, anchor: Node, owner: Node) -> _Spot:
        indent = habits.indentation(self.text, anchor.start)
        inline = not habits.starts_line(self.text, anchor.start)
        return _Spot(anchor.start, anchor, inline, True, indent, self._unit(indent, owner))

    def _empty(self, owner: Node) -> _Spot:
        """Inside a list that has nothing in it."""
        if owner.kind == "Program":
            return _Spot(len(self.text), None, False, False, "", "  ")
        if owner.kind not in ("Block", "ClassBody") or not owner.braced:
            raise self._unsafe("there is no block here to put the code in", owner)
        outer = habits.indentation(self.text, owner.start)
        unit = habits.indent_unit(self.text, "", "")
        position = owner.start + 1
        inline = habits.LINE_END.search(self.text, position, owner.end) is None
        return _Spot(position, None, inline, False, outer + unit, unit)

    def _unit(self, indent: str, owner: Node) -> str:
        return habits.indent_unit(self.text, indent, habits.indentation(self.text, owner.start))

    def _statement_edit(self, op: Insert, spot: _Spot) -> Edit:
        ending = habits.line_ending(self.text, spot.position)
        body, starts_badly = self._statement_text(op, spot, ending)
        near = spot.neighbour
        loose = near is not None and near.kind in habits.TAKES_SEMICOLON and not habits.terminated(self.text, near)
        if spot.inline:
            gap = self._inline_gap(spot)
            if spot.before:
                return Edit(spot.position, spot.position, body + gap)
            if near is None:
                tail = " " if self.text[spot.position : spot.position + 1] == "}" else ""
                return Edit(spot.position, spot.position, f" {body}{tail}")
            return Edit(spot.position, spot.position, f";{gap}{body}" if loose else gap + body)
        if spot.before:
            return Edit(spot.position, spot.position, f"{body}{ending}{spot.indent}")
        if near is None and not self.text[: spot.position].strip():
            return Edit(spot.position, spot.position, body + ending)
        guard = ";" if loose and starts_badly else ""
        return Edit(spot.position, spot.position, f"{ending}{spot.indent}{guard}{body}")

    def _statement_text(self, op: Insert, spot: _Spot, ending: str) -> tuple[str, bool]:
        """The added text in the file's habits, and whether it would run on from an unterminated line before it."""
        start, end = op.start, op.end
        while start < op.nodes[0].start and self.plus[start].isspace():
            start += 1
        while end > op.nodes[-1].end and self.plus[end - 1].isspace():
            end -= 1
        bare = self.template.fill(start, end, op.nodes)
        if op.nodes[-1].end == end and op.nodes[-1].kind in habits.TAKES_SEMICOLON:
            bare = bare.rstrip(";") + (";" if self._wants_semicolon(spot) else "")
        base = start - (self.plus.rfind("\n", 0, start) + 1)
        fixed = _lines_in_templates(self.plus, start, op.nodes)
        return reindented(bare, base, spot.indent, spot.unit, ending, fixed), bare[:1] in habits.CONTINUES

    def _wants_semicolon(self, spot: _Spot) -> bool:
        if habits.uses_semicolons(self.text, spot.neighbour) or (spot.inline and spot.before):
            return True
        if spot.inline:
            return self.text[skip_trivia(self.text, spot.position) :][:1] not in ("}", "")
        return habits.continues(self.text, spot.position)

    def _inline_gap(self, spot: _Spot) -> str:
        """What stands between statements on this line: a space, or nothing where the file is squeezed."""
        text, near = self.text, spot.neighbour
        if near is None:
            return " "
        around = (text[near.start - 1 : near.start], text[near.end : near.end + 1])
        return " " if any(character.isspace() for character in around) else ""

    # Replacements

    def _replace(self, op: Replace) -> list[Edit]:
        user = self._user(op.old)
        if user.host is not None:
            raise self._unsafe("it stands inside a larger statement, joined to others by commas", user)
        if user.kind in habits.TAKES_SEMICOLON or op.new.kind in habits.TAKES_SEMICOLON:
            return self._replace_statement(op, user)
        parent = user.parent
        if parent is not None and parent.kind == "Property" and parent.shorthand:
            key = parent.fields["key"].fields["name"]
            new = self.template.fill(op.new.start, op.new.end, [op.new])
            value = self.text[user.start : user.end]
            return [Edit(user.start, user.end, f"{new}: {value}" if user.kind == "Key" else f"{key}: {new}")]
        if user.kind == "Key" and user.shorthand and op.new.kind == "Key" and not op.new.shorthand:
            quote = self.text[user.start]
            return (
                [Edit(user.start + 1, user.end - 1, op.new.fields["name"])]
                if quote in "'\""
                else self._whole_node(op, user)
            )
        return self._wrap(op, user) or self._unwrap(op, user) or self._whole_node(op, user)

    def _wrap(self, op: Replace, user: Node) -> list[Edit] | None:
        """The old code stays, with something put round it, where the new code holds it exactly once."""
        kept = [node for node in op.new.walk() if same_code(node, op.old)]
        if len(kept) != 1:
            return None
        inner = kept[0]
        before = self.template.fill(op.new.start, inner.start, [op.new])
        after = self.template.fill(inner.end, op.new.end, [op.new])
        if needs_parentheses(user, inner.parent, inner) and not parenthesised(self.plus, inner):
            before, after = f"{before}(", f"){after}"
        if self._needs_outer(op.new, user):
            before, after = f"({before}", f"{after})"
        return [Edit(user.start, user.start, before), Edit(user.end, user.end, after)]

    def _unwrap(self, op: Replace, user: Node) -> list[Edit] | None:
        """Only a part of the old code stays, where the old code holds the new exactly once."""
        kept = [node for node in op.old.walk() if same_code(node, op.new)]
        if len(kept) != 1 or kept[0] not in self.match.pairs:
            return None
        inner = self._user(kept[0])
        bracket = ("(", ")") if self._needs_outer(inner, user) else ("", "")
        return [Edit(user.start, inner.start, bracket[0]), Edit(inner.end, user.end, bracket[1])]

    def _whole_node(self, op: Replace, user: Node) -> list[Edit]:
        new = self.template.fill(op.new.start, op.new.end, [op.new])
        return [Edit(user.start, user.end, f"({new})" if self._needs_outer(op.new, user) else new)]

    def _needs_outer(self, new: Node, user: Node) -> bool:
        return needs_parentheses(new, user.parent, user) and not parenthesised(self.text, user)

    def _replace_statement(self, op: Replace, user: Node) -> list[Edit]:
        for name in sorted(declared_names((op.new,)) - declared_names((op.old,))):
            if not name_is_free(name, user):
                raise Unsafe(
                    Reason.NAME_TAKEN,
                    f"the patch declares `{name}`, and the code around already uses that name",
                    user.start,
                )
        wrapped = self._wrap(op, user) or self._unwrap(op, user)
        if wrapped is not None:
            return wrapped
        indent = habits.indentation(self.text, user.start)
        bare = self.template.fill(op.new.start, op.new.end, [op.new])
        if op.new.kind in habits.TAKES_SEMICOLON:
            bare = bare.rstrip(";") + (";" if habits.uses_semicolons(self.text, user) else "")
        base = op.new.start - (self.plus.rfind("\n", 0, op.new.start) + 1)
        fixed = _lines_in_templates(self.plus, op.new.start, (op.new,))
        unit = habits.indent_unit(self.text, indent, "")
        ending = habits.line_ending(self.text, user.start)
        return [Edit(user.start, user.end, reindented(bare, base, indent, unit, ending, fixed))]

    # Deletions

    def _delete(self, gone: list[Node]) -> list[Edit]:
        """All removals together, since neighbours in one list share a separator."""
        edits: list[Edit] = []
        removed = frozenset(gone)
        hosts: dict[Node, list[Node]] = {}
        lists: dict[Node, list[Node]] = {}
        for node in gone:
            if node.host is not None:
                hosts.setdefault(node.host, []).append(node)
            elif node.parent is not None and (node.parent.kind in STATEMENT_LISTS or node.parent.kind == "ClassBody"):
                edits.append(self._statement_removal(node, node, removed))
            elif node.parent is not None:
                lists.setdefault(node.parent, []).append(node)
        for host, parts in hosts.items():
            whole = _parts(host)
            if len(parts) == len(whole):
                edits.append(self._statement_removal(_placed(host, parts[0]), parts[0], removed))
            else:
                edits += commas.removal(self.text, host, tuple(whole), {part.start for part in parts})
        for owner, nodes in lists.items():
            siblings = commas.siblings(owner, nodes[0])
            edits += commas.removal(self.text, owner, siblings, {node.start for node in nodes})
        return edits

    def _statement_removal(self, node: Node, listed: Node, removed: frozenset[Node]) -> Edit:
        text, owner = self.text, listed.parent
        assert owner is not None
        if not owner.braced:
            raise self._unsafe("it is the whole body of an `if` or a loop without braces", node)
        siblings = [item for item in owner.fields[STATEMENT_LISTS.get(owner.kind, "body")] if item not in removed]
        earlier = [item for item in siblings if item.start < node.start]
        before = (
            _placed(earlier[-1].host, earlier[-1]) if earlier and earlier[-1].host else earlier[-1] if earlier else None
        )
        loose = before is not None and before.kind in habits.TAKES_SEMICOLON and not habits.terminated(text, before)
        if loose and habits.continues(text, node.end):
            raise self._unsafe("without it the line before would run on into the line after", node)
        start, end = node.start, node.end
        if habits.starts_line(text, start) and habits.at_line_end(text, habits.blanks(text, end)):
            return self._line_removal(start, habits.blanks(text, end))
        line = habits.line_start(text, start)
        while start > line and text[start - 1].isspace():
            start -= 1
        if start == line:
            return Edit(node.start, habits.blanks(text, end), "")
        squeezed = (
            before is not None
            and before.end == start
            and text[start - 1] == ";"
            and node.kind in habits.TAKES_SEMICOLON
        )
        if squeezed and not habits.terminated(text, node):
            start -= 1  # the two shared a semicolon, as the statements of a block without a last one do
        return Edit(start, end, "")

    def _line_removal(self, start: int, end: int) -> Edit:
        """The whole line, with its ending; on the last line, with the ending of the line before."""
        text = self.text
        start = habits.line_start(text, start)
        ending = habits.LINE_END.match(text, end)
        if ending is not None:
            return Edit(start, ending.end(), "")
        if text[max(0, start - 2) : start] == "\r\n":
            return Edit(start - 2, end, "")
        return Edit(max(0, start - 1), end, "")

    def _unsafe(self, message: str, node: Node) -> Unsafe:
        return Unsafe(Reason.UNSAFE_PLACE, message, node.start)


def _parts(host: Node) -> tuple[Node, ...]:
    """The parts of a comma list that match as statements of their own."""
    found: tuple[Node, ...] = (
        host.fields["declarations"]
        if host.kind == "VariableDeclaration"
        else host.fields["expression"].fields["expressions"]
    )
    return found


def _last_part_end(host: Node) -> int:
    return _parts(host)[-1].end


def _first_part_start(host: Node) -> int:
    return _parts(host)[0].start


def _placed(host: Node, part: Node) -> Node:
    """``host`` in the tree: a host is outside it until somebody asks for the statement as a whole."""
    if host.parent is None:
        host.parent = part.parent
    return host


def _lines_in_templates(plus: str, start: int, nodes: tuple[Node, ...]) -> set[int]:
    """Numbers of the lines, counted from ``start``, that begin inside a template literal."""
    inside: set[int] = set()
    for node in nodes:
        for below in node.walk():
            if below.kind == "TemplateElement":
                first = plus.count("\n", start, below.start)
                inside.update(range(first + 1, first + 1 + plus.count("\n", below.start, below.end)))
    return inside
