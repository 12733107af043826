"""The verdict on finished edits: whether the new text is the old one with the patch in it, and nothing else.

What is asked, in this order: is it read as the same kind of text; is every difference between the two trees one that
the patch shows; is the code that its metavariables and gaps stand for there again; does every name and word of the
code that was kept mean what it meant; and does every name that the patch adds mean what it means at the top of the
file, or where the patch itself says it.
"""

from __future__ import annotations

from bisect import bisect_left, bisect_right
from collections.abc import Collection, Iterator, Sequence
from typing import NamedTuple

from sio_patch.engine.edits import Edits
from sio_patch.engine.find.found import Match
from sio_patch.engine.judge.meaning import Meaning, Variable, owner
from sio_patch.engine.judge.top import is_top
from sio_patch.engine.judge.twins import Difference, Shift, Twins, same
from sio_patch.engine.pattern import Pattern
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
_GOALS = {"script": "a script", "module": "a module", "function-body": "a script with a `return` outside of functions"}
_QUOTE = 60


class Objection(Exception):
    """Why the edits must not be made. ``offset`` is a place in the old text."""

    def __init__(self, message: str, offset: int) -> None:
        super().__init__(message)
        self.message = message
        self.offset = offset


class Text(NamedTuple):
    """One side: a text and its tree. ``skipped``: top-level statements that the tree leaves out."""

    code: str
    tree: Node
    skipped: tuple[Node, ...] = ()


class Part(NamedTuple):
    """One place of a change: a match in the old tree, and the edits that were made for it."""

    match: Match
    edits: Edits


class Change(NamedTuple):
    """What is to be done: ``edits`` are those of all the parts, each of which matches ``pattern``."""

    pattern: Pattern
    parts: tuple[Part, ...]
    edits: Edits


def check(
    change: Change, plus: Pattern, parameters: Collection[str], old: Text, new: Text, found: Sequence[Match]
) -> None:
    """Raises Objection where the change does to ``old`` anything but what the patch says.

    ``found`` are the matches of its ``plus`` slice in ``new``; ``parameters`` are names in it whose value is the user's
    choice. ``new.skipped`` are statements of the old tree that no edit touches, and that the new tree leaves out.
    """
    if change.edits.inverse(old.code).apply(new.code) != old.code:
        raise Objection("it could not be undone", 0)
    _Trial(change, plus, parameters, old, new).hold(found)


class _Pair(NamedTuple):
    """A part of the change, and the match of the plus slice in its place."""

    part: Part
    now: Match
    shown: frozenset[Node]
    """Nodes of both trees that the patch itself speaks of."""


class _Trial:
    def __init__(self, change: Change, plus: Pattern, parameters: Collection[str], old: Text, new: Text) -> None:
        self.change = change
        self.plus = plus
        self.parameters = parameters
        self.old = old
        self.new = new
        self.shift = Shift(change.edits)
        self.back = Shift(change.edits.inverse(old.code))
        self.twins = Twins(self.shift, self.back)
        self.copies: list[Twins] = []  # code of the user's that the patch writes elsewhere, or more than once
        self.kept: frozenset[Node] = frozenset()  # nodes of the new tree that were in the old one
        self.before = Meaning()
        self.after = Meaning(new.skipped)

    def hold(self, found: Sequence[Match]) -> None:
        self._same_goal()
        differences: list[tuple[Difference, _Pair | None]] = [(each, None) for each in self._differences()]
        self.kept = frozenset(self.twins.of.values())
        ordered = sorted(found, key=_start)
        pairs = [self._paired(part, ordered) for part in self.change.parts]
        differences += [(each, pair) for pair in pairs for each in self._inside(pair)]
        showing: dict[Node, list[_Pair]] = {}
        for pair in pairs:
            for node in pair.shown:
                showing.setdefault(node, []).append(pair)
        for difference, inside in differences:
            for node in (*difference.old, *difference.new):
                if all(pair is inside for pair in showing.get(node, ())):
                    raise self._unasked(difference)
        for pair in pairs:
            self._all_gone(pair)
        self.kept = frozenset(new for twins in (self.twins, *self.copies) for new in twins.of.values())
        self._same_names()
        self._same_owners()
        for pair in pairs:
            self._uncaptured(pair)

    def _same_goal(self) -> None:
        was, now = self.old.tree.fields["goal"], self.new.tree.fields["goal"]
        if was != now and (was, now) != ("function-body", "script"):
            said = f"the file is {_GOALS[was]}, and with the patch in it it could only be read as {_GOALS[now]}"
            raise Objection(said, self.change.parts[0].match.start)

    def _differences(self) -> list[Difference]:
        """Where the two programs differ, whatever the reason."""
        self.twins.of[self.old.tree] = self.new.tree
        return self.twins.lists(self._looked_at(), self.new.tree.fields["body"])

    def _looked_at(self) -> tuple[Node, ...]:
        """The old statements that are in the new tree, in one form or another."""
        skipped = frozenset(self.new.skipped)
        return tuple(node for node in self.old.tree.fields["body"] if node not in skipped)

    # The parts of the change

    def _paired(self, part: Part, found: Sequence[Match]) -> _Pair:
        """The match of the plus slice that stands where the minus slice stood, with the same code in it."""
        was = part.match
        first = self.shift.first(min((was.start, *(edit.start for edit in part.edits))))
        last = self.shift.last(max((was.end, *(edit.end for edit in part.edits))))
        near = found[bisect_left(found, first, key=_start) : bisect_right(found, last, key=_start)]
        empty = [now for now in found if not now.items]  # all that a patch was about has gone: it has no span
        here = [
            now
            for now in (*(each for each in near if each.items and each.end <= last), *empty)
            if self.twins.of.get(was.owner) is now.owner and self._same_bindings(was, now)
        ]
        if not here:
            raise Objection("the code would not read as patched", was.start)
        now = next((each for each in here if all(same(a, b) for a, b in _gaps(was, each))), here[0])
        return _Pair(part, now, frozenset((*_nodes(was), *_nodes(now))))

    def _same_bindings(self, was: Match, now: Match) -> bool:
        return all(
            name in self.parameters or (name in was.bindings and same(was.bindings[name], value))
            for name, value in now.bindings.items()
        )

    def _inside(self, pair: _Pair) -> Iterator[Difference]:
        """Where the code that metavariables, runs and gaps stand for is not there again as it was."""
        was, now = pair.part.match, pair.now
        for pattern, value in now.pairs.items():
            name = pattern.fields.get("meta") or pattern.fields.get("run")
            if name is not None and name not in self.parameters:
                yield from self._again(_run(was.bindings[name]), _run(value))
        for old, new in _gaps(was, now):
            yield from self._again(old, new)

    def _all_gone(self, pair: _Pair) -> None:
        """Code that only the minus slice speaks of has gone."""
        for pattern, value in pair.part.match.pairs.items():
            twin = self.twins.of.get(value) if isinstance(value, Node) and pattern.kind not in ("Meta", "Gap") else None
            if twin is not None and twin not in pair.shown:
                raise Objection(f"{_quoted(self.old.code, _run(value))} is to go, and would stay", _run(value)[0].start)

    def _again(self, old: tuple[Node, ...], new: tuple[Node, ...]) -> list[Difference]:
        """Pairs what is the same in two runs of the user's code."""
        if len(old) == len(new) and all(other in self.kept for other in new):
            return []  # kept where it was
        in_place = bool(old and new) and self.shift.kept(old[0].start) == new[0].start
        twins = self.twins if in_place else Twins()
        if not in_place:
            self.copies.append(twins)
        return twins.lists(old, new)

    def _unasked(self, difference: Difference) -> Objection:
        at = difference.old[0].start if difference.old else self.back.first(difference.new[0].start)
        was = _quoted(self.old.code, difference.old)
        now = _quoted(self.new.code, difference.new)
        if not was:
            return Objection(f"{now} would come in beside the patch", at)
        return Objection(f"{was}, which is not the patch's to change, would {f'become {now}' if now else 'go'}", at)

    # What names and words mean

    def _same_names(self) -> None:
        """Every name outside the edits means what it meant."""
        touched = self._touched_names()
        for twins in (self.twins, *self.copies) if touched else ():
            for old, new in twins.of.items():
                if old.kind == new.kind == "Identifier" and old.fields["name"] in touched:
                    name = old.fields["name"]
                    was, now = self.before.variable(name, old), self.after.variable(name, new)
                    if not self._is_same(was, now):
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
                if not self._is_same(was, now):
                    names.add(name)
        for scope in (node for statement in self.new.tree.fields["body"] for node in statement.walk()):
            if scope not in self.kept:
                names.update(self.after.table(scope))
        return frozenset(names)

    def _is_same(self, was: Variable, now: Variable) -> bool:
        """Whether it is one variable: all declarations that were kept are there, and the patch's own for its own."""
        kept: set[Node] = set()
        lost = False
        for each in was.declarations:
            there = {twin for twins in (self.twins, *self.copies) if (twin := twins.of.get(each)) is not None}
            if self._is_skipped(each):
                there.add(each)
            if there and not there.intersection(now.declarations):
                return False
            lost = lost or not there
            kept |= there.intersection(now.declarations)
        added = [each for each in now.declarations if each not in kept]
        return lost == bool(added) and not any(each in self.kept for each in added)

    def _is_skipped(self, node: Node) -> bool:
        if not self.new.skipped:
            return False
        while node.parent is not None and node.parent.parent is not None:
            node = node.parent
        return node in self.new.skipped

    def _same_in_skipped(self, statement: Node, touched: frozenset[str]) -> None:
        """A statement that was not read again: what it takes from the program's own scope."""
        code = self.old.code[statement.start : statement.end]
        names = {name for name in touched if name in code}
        for node in statement.walk() if names else ():
            name = node.fields.get("name") if node.kind == "Identifier" else None
            if name in names:
                was = self.before.variable(name, node)
                now = Variable(self.new.tree, self.after.table(self.new.tree).get(name, ()))
                if was.scope in (None, self.old.tree) and not self._is_same(was, now):
                    raise Objection(_other_meaning(name, was, now), node.start)

    def _same_owners(self) -> None:
        """``this``, ``return``, ``await`` and their like belong to the function or loop that they belonged to."""
        for twins in (self.twins, *self.copies):
            for old, new in twins.of.items():
                if old.kind not in _WORDS:
                    continue
                was, now = owner(old), owner(new)
                twin = None if was is None else twins.of.get(was) or self.twins.of.get(was)
                if twin is not now and not (
                    twin is None and now is not None and was is not None and now not in self.kept
                ):
                    raise Objection(f"`{_WORDS[old.kind]}` would belong to other code than now", old.start)

    # What the patch adds

    def _uncaptured(self, pair: _Pair) -> None:
        """A free name that the patch adds means what it means at the top of the file, or where the patch says it."""
        scopes = Meaning(self.plus.items)
        for pattern, node in pair.now.pairs.items():
            if pattern.kind != "Identifier" or not isinstance(node, Node) or node in self.kept:
                continue
            if node.kind == "Identifier":
                own = scopes.variable(pattern.fields["name"], pattern).declarations
                self._check_added(node, pair, frozenset(pair.now.pairs.get(each) for each in own))

    def _check_added(self, node: Node, pair: _Pair, own: Collection[object]) -> None:
        name = node.fields["name"]
        now = self.after.variable(name, node)
        at = pair.part.match.start
        if own:
            if not all(each in own for each in now.declarations):
                raise Objection(f"the patch declares `{name}`, and the code around already has that name", at)
            return
        mentions = self._mentions(name, pair)
        if any(self._is_same(was, now) for was in mentions):
            return
        if now.declarations and not any(each in self.kept for each in now.declarations):
            return  # the patch's own, at another place: a declaration that was renamed like this use of it
        if mentions or not is_top(now.scope) or _above(node, "WithStatement"):
            where = f", which {_declared(now, self.new)}" if now.declarations else ""
            raise Objection(f"the patch's `{name}` would mean the one of the code around it{where}", at)
        if not now.declarations:
            self._still_declared(pair)

    def _still_declared(self, pair: _Pair) -> None:
        """A name for a name: where the file declares the old one, it declares the new one."""
        was = pair.part.match.items[0] if pair.part.match.items else None
        if was is None or was.kind != "Identifier" or self.change.pattern.items[0].kind != "Identifier":
            return
        old = self.before.variable(was.fields["name"], was)
        if old.declarations and self.plus.items[0].kind == "Identifier":
            line = self.old.code.count("\n", 0, old.declarations[0].start) + 1
            message = f"the patch renames `{was.fields['name']}` here, and not where line {line} declares it"
            raise Objection(message, was.start)

    def _mentions(self, name: str, pair: _Pair) -> list[Variable]:
        """What the patch's own context means by that name, where it says it."""
        scopes = Meaning(self.change.pattern.items)
        return [
            self.before.variable(name, node)
            for pattern, node in pair.part.match.pairs.items()
            if pattern.kind == "Identifier" and pattern.fields["name"] == name
            if isinstance(node, Node) and node.kind == "Identifier" and not scopes.variable(name, pattern).declarations
        ]


def _start(match: Match) -> int:
    return match.start


def _nodes(match: Match) -> Iterator[Node]:
    """All that the match speaks of, but no directives that a gap happens to take in."""
    for pattern, value in match.pairs.items():
        yield from (node for node in _run(value) if pattern.kind != "Gap" or not node.directive)


def _run(value: Node | tuple[Node, ...]) -> tuple[Node, ...]:
    return value if isinstance(value, tuple) else (value,)


def _gaps(was: Match, now: Match) -> list[tuple[tuple[Node, ...], tuple[Node, ...]]]:
    """What each anonymous gap of the plus slice takes in, beside what it took in before.

    A gap on a context line has one offset in both slices; the others pair up in their order.
    """
    before, after = (dict(_anonymous(match)) for match in (was, now))
    pairs = [(before.pop(start), after.pop(start)) for start in sorted(before.keys() & after.keys())]
    rest = [before[start] for start in sorted(before)]
    for index, start in enumerate(sorted(after)):
        pairs.append((rest[index] if len(rest) == len(after) else (), after[start]))
    return pairs


def _anonymous(match: Match) -> Iterator[tuple[int, tuple[Node, ...]]]:
    """By the gap's offset; without directives, which a gap at the start of a list may take in or leave before it."""
    for gap, items in match.pairs.items():
        if gap.kind == "Gap" and gap.fields["run"] is None:
            yield gap.start, tuple(node for node in _run(items) if not node.directive)


def _quoted(code: str, nodes: tuple[Node, ...]) -> str:
    if not nodes:
        return ""
    words = " ".join(code[nodes[0].start : nodes[-1].end].split())
    return f"`{words if len(words) <= _QUOTE else words[: _QUOTE - 1] + '…'}`"


def _other_meaning(name: str, was: Variable, now: Variable) -> str:
    if not now.declarations:
        return f"the declaration of `{name}` would go, and the name is still used here"
    return f"`{name}` would mean another variable here than now"


def _declared(variable: Variable, side: Text) -> str:
    at = variable.declarations[0]
    return f"line {side.code.count(chr(10), 0, at.start) + 1} declares"


def _above(node: Node | None, kind: str) -> bool:
    while node is not None and node.kind != kind:
        node = node.parent
    return node is not None
