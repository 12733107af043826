"""Code that was kept: which node is which in the new tree, and whether its names and words mean what they meant."""

from __future__ import annotations

from collections.abc import Collection, Iterator, Sequence
from itertools import chain

from sio_patch.engine.judge.change import Change, Objection, Text
from sio_patch.engine.judge.meaning import Meaning, Variable, is_in_block, names_given, owner
from sio_patch.engine.judge.twins import Difference, Shift, Twins
from sio_patch.engine.tree.node import Node

_WORDS = {
    "ThisExpression": "this",
    "Super": "super",
    "MetaProperty": "new.target",
    "ReturnStatement": "return",
    "AwaitExpression": "await",
    "ForOfStatement": "for await",
    "YieldExpression": "yield",
    "BreakStatement": "break",
    "ContinueStatement": "continue",
}


class Kept:
    """What was kept of ``old`` in ``new``. ``nodes``: those of the new tree that are known to be the old one's."""

    def __init__(self, change: Change, old: Text, new: Text) -> None:
        self.old = old
        self.new = new
        self.shift = Shift(change.edits, old.code)
        self.back = Shift(change.edits.inverse(old.code), new.code)
        self.nodes: set[Node] = set()
        self.twins = Twins(self.nodes, self.shift, self.back)
        self.copies: list[Twins] = []  # code of the user's that the patch writes elsewhere, or more than once
        self.copied: dict[Node, set[Node]] = {}  # the same, by node
        self._skipped = frozenset(new.skipped)
        self.before = Meaning()
        self.after = Meaning(new.skipped)

    def differences(self) -> list[Difference]:
        """Where the two programs differ, whatever the reason."""
        self.twins.of[self.old.tree] = self.new.tree
        self.nodes.add(self.new.tree)
        return self.twins.lists(self._looked_at(), self.new.tree.fields["body"])

    def again(self, old: tuple[Node, ...], new: tuple[Node, ...]) -> list[Difference]:
        """Pairs what is the same in two runs of the user's code, in its old place or in another."""
        if len(old) == len(new) and all(map(self._is_kept, new)):
            return []
        if old and new and self.shift.kept(old[0].start) == new[0].start:
            return self.twins.lists(old, new)
        copy = Twins(self.nodes)
        self.copies.append(copy)
        found = copy.lists(old, new)
        for one, other in copy.of.items():
            self.copied.setdefault(one, set()).add(other)
        return found

    def in_place(self, old: tuple[Node, ...], new: tuple[Node, ...]) -> list[Difference]:
        """The same for runs that stand where they stood, whatever has been changed in them."""
        return [] if len(old) == len(new) and all(map(self._is_kept, new)) else self.twins.lists(old, new)

    def _is_kept(self, new: Node) -> bool:
        """Whether it is known as the old one's; a statement that is nothing but an expression with that."""
        return new in self.nodes and (new.kind != "ExpressionStatement" or new.fields["expression"] in self.nodes)

    def same_names(self, change: Change) -> None:
        """Every name outside the edits means what it meant; but one of the patch's own, what the patch declares."""
        touched = self._touched_names()
        for twins in (self.twins, *self.copies) if touched else ():
            for old, new in twins.of.items():
                if old.kind == new.kind == "Identifier" and old.fields["name"] in touched:
                    name = old.fields["name"]
                    was, now = self.before.variable(name, old), self.after.variable(name, new)
                    own = old in change.own and name in change.declared and now.scope is self.new.tree
                    if not own and not self.is_same(was, now):
                        raise Objection(_other_meaning(name, was, now), old.start)
        for statement in self.new.skipped if touched else ():
            self._same_in_skipped(statement, touched)

    def _touched_names(self) -> frozenset[str]:
        """Names that a scope declares otherwise than before, and those in copied code: no others can have changed."""
        names = {old.fields["name"] for twins in self.copies for old in twins.of if old.kind == "Identifier"}
        for scope in (self.old.tree, *(node for statement in self._looked_at() for node in statement.walk())):
            twin = self.twins.of.get(scope)
            mine = self.before.table(scope)
            theirs = self.after.table(twin) if twin is not None else {}
            for name in {*mine, *theirs}:
                was, now = Variable(scope, mine.get(name, ())), Variable(twin, theirs.get(name, ()))
                if not self.is_same(was, now):
                    names.add(name)
        for scope in (node for statement in self.new.tree.fields["body"] for node in statement.walk()):
            if scope not in self.nodes:
                names.update(self.after.table(scope))
        return frozenset(names)

    def is_same(self, was: Variable, now: Variable) -> bool:
        """Whether both are one variable.

        Each declaration that was kept still declares it; where one has gone, the patch's own stands for it; and nothing
        else declares it.
        """
        kept: set[Node] = set()
        lost = False
        for each in was.declarations:
            twin = each if self.is_skipped(each) else self.twins.of.get(each)
            there = self.copied.get(each, set()) | ({twin} if twin is not None else set())
            if there and not there.intersection(now.declarations):
                return False
            lost = lost or not there
            kept |= there.intersection(now.declarations)
        added = [each for each in now.declarations if each not in kept]
        return lost == bool(added) and not any(each in self.nodes for each in added)

    def is_skipped(self, node: Node) -> bool:
        """Whether it is in a statement that was not read again, and has the offsets of the old text."""
        if not self._skipped:
            return False
        while node.parent is not None and node.parent.parent is not None:
            node = node.parent
        return node in self._skipped

    def _same_in_skipped(self, statement: Node, touched: frozenset[str]) -> None:
        """A statement that was not read again: what it takes from the program's own scope."""
        code = self.old.code[statement.start : statement.end]
        names = {name for name in touched if name in code}
        for node in statement.walk() if names else ():
            name = node.fields.get("name") if node.kind == "Identifier" else None
            if name in names:
                was = self.before.variable(name, node)
                now = Variable(self.new.tree, self.after.table(self.new.tree).get(name, ()))
                if was.scope in (None, self.old.tree) and not self.is_same(was, now):
                    raise Objection(_other_meaning(name, was, now), node.start)

    def same_owners(self, context: Sequence[tuple[Node, Node]]) -> None:
        """``this``, ``return``, ``await`` and their like belong to the function or loop that they belonged to.

        ``context``: the code, before and now, of lines that the patch shows and does not change.
        """
        for twins in (self.twins, *self.copies):
            for old, new in chain(twins.of.items(), context if twins is self.twins else ()):
                if old.kind not in _WORDS:
                    continue
                was, now = owner(old), owner(new)
                twin = None if was is None else twins.of.get(was) or self.twins.of.get(was)
                both_the_patchs = was is not None and twin is None and now is not None and now not in self.nodes
                if twin is not now and not both_the_patchs:
                    raise Objection(f"`{_WORDS[old.kind]}` would belong to other code than now", old.start)

    def same_reach(self, context: Sequence[tuple[Node, Node]]) -> None:
        """A function that comes to stand in a block is used in that block alone: strict code sees it nowhere else."""
        for old, new in chain(self.twins.of.items(), context):
            if old.kind == new.kind == "FunctionDeclaration" and is_in_block(new) and not is_in_block(old):
                name = new.fields["id"].fields["name"]
                if any(self._uses(node, new) for node in self._named(name)):
                    raise Objection(f"`{name}` would be declared in a block, and is used outside of it", old.start)

    def _named(self, name: str) -> Iterator[Node]:
        for statement in (*self.new.tree.fields["body"], *self.new.skipped):
            yield from (node for node in statement.walk() if node.kind == "Identifier" and node.fields["name"] == name)

    def _uses(self, node: Node, function: Node) -> bool:
        """Whether ``node`` is outside of the block of ``function``, and may mean it."""
        if node in self.after.variable(node.fields["name"], node).declarations:
            return False
        above: Node | None = node
        while above is not None and above is not function.parent:
            above = above.parent
        there = self.after.variable(node.fields["name"], node).declarations
        return above is None and (not there or function.fields["id"] in there)

    def same_exports(self, shown: Collection[Node]) -> None:
        """An export that the patch does not show (as the nodes ``shown``) gives the names that it gave."""
        for old, new in self.twins.of.items():
            if old.kind == "ExportNamedDeclaration" and old not in shown:
                was, now = names_given(old), names_given(new)
                if was != now:
                    raise Objection(f"`{', '.join(was)}` would no more be exported under that name", old.start)

    def _looked_at(self) -> tuple[Node, ...]:
        """The old statements that are in the new tree, in one form or another."""
        return tuple(node for node in self.old.tree.fields["body"] if node not in self._skipped)


def _other_meaning(name: str, was: Variable, now: Variable) -> str:
    if not now.declarations:
        return f"the declaration of `{name}` would go, and the name is still used here"
    return f"`{name}` would mean another variable here than now"
