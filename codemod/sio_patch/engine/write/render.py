"""From one match to edits: where each operation of a patch lands in the user's text, and what is written there.

Never searches: the match says which node everything is. Refuses (Unsafe) where the text cannot be edited as it stands.
"""

from __future__ import annotations

from collections.abc import Collection, Mapping

from sio_patch.engine.edits import Edit
from sio_patch.engine.find.found import Match
from sio_patch.engine.language.align import Delete, Insert, Op, Replace, same_code
from sio_patch.engine.language.positions import check_target
from sio_patch.engine.tree.node import STATEMENT_LISTS, TAKES_SEMICOLON, Node, parts_of
from sio_patch.engine.tree.scope import declared_names, name_is_free
from sio_patch.engine.write import commas, habits, statements
from sio_patch.engine.write.capture import captured, enclosed
from sio_patch.engine.write.template import Template, needs_parentheses, parenthesised, reindented, settled
from sio_patch.engine.write.unsafe import Unsafe
from sio_patch.verdict import Reason


def render(ops: tuple[Op, ...], plus: str, text: str, match: Match, parameters: Mapping[str, str]) -> list[Edit]:
    """The edits of ``text`` that ``ops`` ask for at ``match``. Raises Unsafe."""
    return _Renderer(plus, text, match, parameters).edits(ops)


class _Renderer:
    def __init__(self, plus: str, text: str, match: Match, parameters: Mapping[str, str]) -> None:
        self.plus = plus
        self.text = text
        self.match = match
        self.refilled: dict[Node, list[str]] = {}  # what is put into lists that lose all that they held
        root = match.owner
        while root.parent is not None:
            root = root.parent
        self.template = Template(plus, match.bindings, text, parameters, habits.quote(root, text))

    def edits(self, ops: tuple[Op, ...]) -> list[Edit]:
        edits: list[Edit] = []
        gone = [node for op in ops if isinstance(op, Delete) for node in self._nodes(op.node)]
        for op in ops:
            if isinstance(op, Insert):
                edits += self._insert(op, frozenset(gone))
            elif isinstance(op, Replace):
                edits += self._replace(op)
        return [edit._replace(new=settled(edit.new)) for edit in edits] + self._delete(gone)

    def _nodes(self, pattern: Node) -> tuple[Node, ...]:
        found = self.match.pairs[pattern]
        return (found,) if isinstance(found, Node) else found

    def _user(self, pattern: Node) -> Node:
        found = self.match.pairs[pattern]
        assert isinstance(found, Node)
        return found

    # Insertions

    def _insert(self, op: Insert, gone: Collection[Node]) -> list[Edit]:
        owner = self.match.owner if op.owner is None else self._user(op.owner)
        anchor = None if op.anchor is None else self._user(op.anchor)
        _check_names(declared_names(op.nodes) - declared_names(tuple(gone)), owner)
        self._check_captures(op.nodes, owner)
        if not (owner.kind in STATEMENT_LISTS or owner.kind == "ClassBody"):
            if all(node.kind == "Gap" and not self.match.bindings[node.fields["run"]] for node in op.nodes):
                return []  # an empty run
            text = self.template.fill(op.nodes[0].start, op.nodes[-1].end, op.nodes)
            items = commas.siblings(owner, anchor)
            if items and all(item in gone for item in items):
                self.refilled.setdefault(owner, []).append(text)
                return []
            return commas.insertion(self.text, owner, anchor, op.where, text)
        spot = statements.spot(self.text, owner, anchor, op.where)
        ending = habits.line_ending(self.text, spot.position)
        return [statements.insertion(self.text, spot, self._statement_text(op, spot, ending), ending)]

    def _statement_text(self, op: Insert, spot: statements.Spot, ending: str) -> str:
        """The added text, comments on its lines included, in the file's habits."""
        start, end = op.start, op.end
        while start < op.nodes[0].start and self.plus[start].isspace():
            start += 1
        while end > op.nodes[-1].end and self.plus[end - 1].isspace():
            end -= 1
        bare = self.template.fill(start, end, op.nodes)
        if op.nodes[-1].end == end and op.nodes[-1].kind in TAKES_SEMICOLON:
            bare = bare.rstrip(";") + (";" if statements.wants_semicolon(self.text, spot) else "")
        return self._reindented(bare, start, op.nodes, (spot.indent, spot.unit), ending)

    def _reindented(self, bare: str, start: int, nodes: tuple[Node, ...], habit: tuple[str, str], ending: str) -> str:
        base = start - (self.plus.rfind("\n", 0, start) + 1)
        return reindented(bare, base, *habit, ending, _lines_in_templates(self.plus, start, nodes))

    def _check_captures(self, nodes: tuple[Node, ...], at: Node, there: frozenset[str] = frozenset()) -> None:
        """Raises Unsafe where the user's code would come under a declaration of the patch, as it is not ``there``."""
        here = frozenset(name for node in nodes for name in captured(node, self.match.bindings))
        _check_meaning(here - there, at)

    # Replacements

    def _replace(self, op: Replace) -> list[Edit]:
        user = self._user(op.old)
        return [self._apart(edit) for edit in self._guarded(self._replaced(op, user), user)]

    def _apart(self, edit: Edit) -> Edit:
        """``edit``, with a space where the words or signs on its two sides would now be one."""
        text, new = self.text, edit.new
        before, after = text[edit.start - 1 : edit.start], text[edit.end : edit.end + 1]
        if not new:
            return edit._replace(new=" ") if _one_word(before, after) else edit
        head, foot = " " * _one_word(before, new[0]), " " * _one_word(new[-1], after)
        return edit._replace(new=head + new + foot)

    def _guarded(self, edits: list[Edit], user: Node) -> list[Edit]:
        """``edits``, with a semicolon where the statement that they start would now go on from the one before."""
        statement, first = user, edits[0]
        while statement.parent is not None and statement.parent.start == first.start == statement.start:
            if statement.parent.kind in STATEMENT_LISTS:
                break
            statement = statement.parent
        starts = (first.new + self.text[first.end : first.end + 1]).lstrip()
        if first.start == statement.start and statements.runs_on(self.text, statement, starts):
            return [first._replace(new=";" + first.new), *edits[1:]]
        return edits

    def _replaced(self, op: Replace, user: Node) -> list[Edit]:
        if user.host is not None:
            raise statements.joined(user)
        _check_names(declared_names((op.new,)) - declared_names((op.old,)), _list_of(user))
        self._check_captures((op.new,), user, captured(op.old, self.match.bindings))
        if user.kind in TAKES_SEMICOLON or op.new.kind in TAKES_SEMICOLON:
            return self._replace_statement(op, user)
        check_target(op.new, user, self.text)
        parent = user.parent
        if parent is not None and parent.kind == "AssignmentPattern" and user is parent.fields["left"]:
            parent = parent.parent  # a shorthand with a default
        if parent is not None and parent.kind == "Property" and parent.shorthand:
            key = parent.fields["key"].fields["name"]
            new = self.template.fill(op.new.start, op.new.end, [op.new])
            value = self.text[user.start : user.end]
            return [Edit(user.start, user.end, f"{new}: {value}" if user.kind == "Key" else f"{key}: {new}")]
        if user.kind == "Key" and user.quoted and op.new.kind == "Key" and not op.new.quoted:
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
        _check_meaning(enclosed(op.new, inner, user), user)
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
        if user.parent is not None and not user.parent.braced and op.new.kind not in TAKES_SEMICOLON:
            raise statements.unbraced(user)
        indent = habits.indentation(self.text, user.start)
        habit = (indent, habits.indent_unit(self.text, indent, ""))
        ending = habits.line_ending(self.text, user.start)
        wrapped = self._wrap(op, user) or self._unwrap(op, user)
        if wrapped is not None:
            plain = not _lines_in_templates(self.plus, op.new.start, (op.new,))
            return [self._dressed(edit, op.new.start, habit, ending) if plain else edit for edit in wrapped]
        bare = self.template.fill(op.new.start, op.new.end, [op.new])
        if op.new.kind in TAKES_SEMICOLON:
            ended = habits.uses_semicolons(self.text, user) or statements.needs_end(self.text, user.end)
            bare = bare.rstrip(";") + (";" if ended else "")
        return [Edit(user.start, user.end, self._reindented(bare, op.new.start, (op.new,), habit, ending))]

    def _dressed(self, edit: Edit, start: int, habit: tuple[str, str], ending: str) -> Edit:
        """``edit``, which puts something round a statement, with its lines indented; the statement begins its last."""
        return edit._replace(new=self._reindented(edit.new + ".", start, (), habit, ending)[:-1])

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
                edits.append(statements.removal(self.text, node, removed))
            elif node.parent is not None:
                lists.setdefault(node.parent, []).append(node)
        for host, parts in hosts.items():
            whole = parts_of(host)
            if len(parts) == len(whole):
                edits.append(statements.removal(self.text, parts[0], removed))
            else:
                edits += commas.removal(self.text, host, whole, {part.start for part in parts})
        for owner, nodes in lists.items():
            siblings = commas.siblings(owner, nodes[0])
            if owner in self.refilled:
                new = settled(", ".join(self.refilled[owner]))
                edits.append(commas.refill(self.text, owner, siblings, new))
            else:
                edits += commas.removal(self.text, owner, siblings, {node.start for node in nodes})
        return edits


def _one_word(before: str, after: str) -> bool:
    if before + after in ("++", "--", "//", "/*"):
        return True
    return all(each.isalnum() or each in ("_", "$", "\\") for each in (before, after)) and bool(before and after)


def _check_names(names: frozenset[str], at: Node) -> None:
    for name in sorted(names):
        if not name_is_free(name, at):
            message = f"the patch declares `{name}`, and the code around already uses that name"
            raise Unsafe(Reason.NAME_TAKEN, message, at.start)


def _check_meaning(changed: frozenset[str], at: Node) -> None:
    for name in sorted(changed):
        message = f"the code to put in has its own `{name}`, and the code that goes inside it uses the one around it"
        raise Unsafe(Reason.NAME_TAKEN, message, at.start)


def _list_of(node: Node) -> Node:
    """Where the name of a declaration belongs: round the function or class that it names."""
    above = node.parent
    if above is not None and above.kind.endswith("Declaration") and above.fields.get("id") is node:
        above = above.parent
    return above or node


def _lines_in_templates(plus: str, start: int, nodes: tuple[Node, ...]) -> set[int]:
    """Numbers of the lines, counted from ``start``, that begin inside a template literal."""
    inside: set[int] = set()
    for node in nodes:
        for below in node.walk():
            if below.kind == "TemplateElement":
                first = plus.count("\n", start, below.start)
                inside.update(range(first + 1, first + 1 + plus.count("\n", below.start, below.end)))
    return inside
