"""Finding a pattern in a tree. Never changes anything.

Matching is a backtracking search over the pattern: every generator below yields the environments in which its part
matches, so that a caller can go on with each. The search counts its steps and raises TooComplex at the cap; running out
of patience is never "no match".
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from typing import Any, NamedTuple

from sio_patch.engine.language.options import Equivalence
from sio_patch.engine.pattern import Pattern, names_in
from sio_patch.engine.tree.forms import Form, form
from sio_patch.engine.tree.node import STATEMENT_LISTS, Node
from sio_patch.engine.tree.scope import Scopes, receiver, same_variable

STEP_CAP = 400_000  # about a second; the real packages of the test suite need a few thousand

_STORES = {
    "AssignmentExpression": "left",
    "UpdateExpression": "argument",
    "ForInStatement": "left",
    "ForOfStatement": "left",
    "VariableDeclarator": "id",
}
_MEMBERS = frozenset({"Property", "MethodDefinition"})
_SYMMETRIC = frozenset({"==", "!=", "===", "!=="})
_NO_EXPRESSIONS = frozenset(
    [
        "Program",
        "Block",
        "SwitchCase",
        "CatchClause",
        "VariableDeclarator",
        "Property",
        "MethodDefinition",
        "PropertyDefinition",
        "ClassBody",
        "TemplateElement",
        "SpreadElement",
        "RestElement",
        "StaticBlock",
    ]
)
_ESCAPED_LETTER = re.compile(r"\\u00[4-7]|\\x[4-7]|\\u\{")


class TooComplex(ValueError):
    """The search came to its step cap: whether the pattern matches is not known."""

    def __init__(self) -> None:
        super().__init__(f"the search for the pattern did not end within {STEP_CAP:,} steps")


class Env(NamedTuple):
    """What has been found so far: metavariables, and which code each node of the pattern stands for."""

    bindings: Mapping[str, Node | tuple[Node, ...]]
    pairs: tuple[Any, ...] | None = None  # a linked list: (pattern node, node or run, rest)

    def bind(self, name: str, value: Node | tuple[Node, ...]) -> Env:
        return Env({**self.bindings, name: value}, self.pairs)

    def pair(self, pattern: Node, value: Node | tuple[Node, ...]) -> Env:
        return Env(self.bindings, (pattern, value, self.pairs))


class Match(NamedTuple):
    """One way in which a pattern matches. ``items`` are the statements (or the one expression) of the tree that it
    covers.
    """

    owner: Node  # the node whose list holds the items
    items: tuple[Node, ...]
    bindings: Mapping[str, Node | tuple[Node, ...]]
    pairs: Mapping[Node, Node | tuple[Node, ...]]

    @property
    def start(self) -> int:
        return self.items[0].start if self.items else self.owner.start

    @property
    def end(self) -> int:
        return self.items[-1].end if self.items else self.owner.end


class Miss(NamedTuple):
    """How far an unsuccessful search got: what the pattern expected, and the node that stood there (None: the list had
    ended).
    """

    expected: Node
    found: Node | None
    owner: Node | None
    env: Env
    past: bool = False  # what was expected stood there, and something more behind it


def may_match(pattern: Pattern, text: str) -> bool:
    """False where ``text`` lacks a name without which ``pattern`` cannot match: a test that needs no parse.

    A name can be spelt with escapes; a text that has escaped letters may match whatever names are seen.
    """
    return all(name in text for name in pattern.names) or bool(_ESCAPED_LETTER.search(text))


class Matcher:
    """Searches in one tree, which ``text`` was parsed to."""

    def __init__(self, tree: Node, equivalent: frozenset[Equivalence], text: str) -> None:
        self.tree = tree
        self.text = None if _ESCAPED_LETTER.search(text) else text  # what names can be looked up in
        self.nodes = tuple(tree.walk())
        self.lists = tuple(node for node in self.nodes if node.kind in STATEMENT_LISTS)
        self.members = tuple(node for node in self.nodes if node.kind in _MEMBERS)
        self.equivalent = equivalent
        self.scopes = Scopes()
        self.start = Env({})
        self.steps = 0
        self.nearest: Miss | None = None
        self.pattern: Pattern | None = None
        self.ruling_out = False

    def matches(self, pattern: Pattern, *, explain: bool = False) -> Iterator[Match]:
        """All ways in which ``pattern`` matches. With ``explain``, ``nearest`` says how far it got where there is none.

        Without, statements that lack one of the pattern's names are not looked at.
        """
        self.pattern = pattern
        self.steps = 0
        self.nearest = None
        if pattern.whole:
            yield from self._program(pattern.items)
        elif pattern.is_expression:
            yield from self._expressions(pattern.items[0], frozenset() if explain else pattern.names)
        else:
            yield from self._statement_runs(pattern.items, frozenset() if explain else pattern.names)

    def within(self, pattern: Node, root: Node, env: Env) -> Iterator[Node]:
        """The nodes at or below ``root`` that ``pattern`` matches, given what is bound already."""
        for node in root.walk():
            if any(True for _ in self._node(pattern, node, env)):
                yield node

    def _program(self, patterns: tuple[Node, ...]) -> Iterator[Match]:
        statements: tuple[Node, ...] = self.tree.fields["body"]
        for env, end in self._run(patterns, 0, statements, _prologue(patterns, statements), self.start, self.tree):
            if end == len(statements):
                yield _match(self.tree, statements, env)

    def _expressions(self, pattern: Node, names: frozenset[str]) -> Iterator[Match]:
        for node in self.nodes:
            if pattern.kind not in (node.kind, "Meta") or not self._mentions(names, node):
                continue
            for env in self._node(pattern, node, self.start):
                yield _match(node.parent or self.tree, (node,), env)

    def _statement_runs(self, patterns: tuple[Node, ...], names: frozenset[str]) -> Iterator[Match]:
        first = patterns[0]
        wanted = form(first) if Equivalence.FUNCTION_FORMS in self.equivalent else None
        for member in self.members if wanted is not None and len(patterns) == 1 else ():
            own = names.intersection(names_in(wanted.function)) if wanted is not None else names
            if _could_be(first, wanted, member) and self._mentions(own, member):
                for env in self._node(first, member, self.start):
                    yield _match(member.parent or self.tree, (member,), env)
        alone = names if len(patterns) == 1 and first.kind != "Gap" else frozenset()
        for owner in self.lists:
            statements: tuple[Node, ...] = owner.fields[STATEMENT_LISTS[owner.kind]]
            for index in range(min(1, len(statements)) if first.kind == "Gap" else len(statements)):
                if _could_be(first, wanted, statements[index]) and self._mentions(alone, statements[index]):
                    for env, end in self._run(patterns, 0, statements, index, self.start, owner):
                        yield _match(owner, statements[index:end], env)

    def _mentions(self, names: frozenset[str], node: Node) -> bool:
        """Whether the text of ``node`` has all the names, as far as they can be told from the text."""
        if self.text is None:
            return True
        code = self.text[node.start : node.end]
        return all(name in code for name in names)

    def _run(
        self, patterns: tuple[Node, ...], i: int, nodes: tuple[Node, ...], j: int, env: Env, owner: Node
    ) -> Iterator[tuple[Env, int]]:
        """``patterns[i:]`` against the nodes from ``nodes[j]`` on; yields with the index after the last one matched."""
        self._step()
        if i == len(patterns):
            yield env, j
        elif patterns[i].kind == "Gap":
            yield from self._gap(patterns, i, nodes, j, env, owner)
        elif j == len(nodes):
            self._missed(patterns[i], None, owner, env)
        elif nodes[j] is None:
            return
        else:
            for inner in self._node(patterns[i], nodes[j], env):
                yield from self._run(patterns, i + 1, nodes, j + 1, inner, owner)

    def _gap(
        self, patterns: tuple[Node, ...], i: int, nodes: tuple[Node, ...], j: int, env: Env, owner: Node
    ) -> Iterator[tuple[Env, int]]:
        gap = patterns[i]
        run = gap.fields["run"]
        known = env.bindings.get(run) if run else None
        absent = self.pattern.absent.get(gap.start, ()) if self.pattern else ()
        ends = range(j, len(nodes) + 1) if i + 1 < len(patterns) else range(len(nodes), len(nodes) + 1)
        if absent:
            limit = next(
                (k for k in range(j, len(nodes)) if nodes[k] is not None and self._holds_any(absent, nodes[k], env)),
                len(nodes),
            )
            if limit < len(nodes):
                self._missed(gap, nodes[limit], owner, env)
            ends = range(ends.start, min(ends.stop, limit + 1))
        for end in ends:
            taken = nodes[j:end]
            if run and None in taken:
                return  # the hole of an array: a run's text would not show where it stands
            if known is None:
                inner = env.pair(gap, taken)
                yield from self._run(patterns, i + 1, nodes, end, inner.bind(run, taken) if run else inner, owner)
            elif isinstance(known, tuple) and self._same_run(known, taken):
                yield from self._run(patterns, i + 1, nodes, end, env.pair(gap, taken), owner)
        if absent and limit < len(nodes):
            self._blocked(gap, nodes[limit], owner, env)

    def _holds_any(self, absent: tuple[Pattern, ...], node: Node, env: Env) -> bool:
        """Whether ``node`` holds a match of one of ``absent`` at any depth."""
        outer, nearest, self.ruling_out = self.pattern, self.nearest, True
        try:
            for pattern in absent:
                self.pattern = pattern
                if self._stored(pattern.items[0], node, env) or any(
                    True for _ in self.within(pattern.items[0], node, env)
                ):
                    return True
            return False
        finally:
            self.pattern, self.nearest, self.ruling_out = outer, nearest, False

    def _stored(self, condition: Node, root: Node, env: Env) -> bool:
        """Whether ``condition`` is an assignment of anything at all, and something below ``root`` stores to its target.

        However it is written: by an operator, by ``++``, by destructuring, or as what a loop runs over.
        """
        if condition.kind != "AssignmentExpression" or condition.fields["right"].fields.get("meta", "") in {
            "",
            *env.bindings,
        }:
            return False
        target = condition.fields["left"]
        stores = (
            node.fields[_STORES[node.kind]]
            for node in root.walk()
            if node.kind in _STORES and node.fields.get("init", True) is not None  # a declaration alone stores nothing
        )
        return any(True for store in stores for place in _targets(store) for _ in self._node(target, place, env))

    def _node(self, pattern: Node, node: Node, env: Env) -> Iterator[Env]:
        self._step()
        if pattern.kind == "Meta":
            bound = self._bound(pattern.fields["meta"], node, env)
            if bound is not None:
                yield bound.pair(pattern, node)
            else:
                self._missed(pattern, node, None, env)
        elif pattern.kind == node.kind:
            yield from self._same_kind(pattern, node, env)
        elif Equivalence.FUNCTION_FORMS in self.equivalent:
            yield from self._forms(pattern, node, env)
        else:
            self._missed(pattern, node, None, env)

    def _same_kind(self, pattern: Node, node: Node, env: Env) -> Iterator[Env]:
        parts: list[tuple[Any, Any]] = []
        for field, expected in pattern.fields.items():
            found = node.fields.get(field)
            if isinstance(expected, Node | tuple):
                if expected.__class__ is not found.__class__:
                    return self._missed(pattern, node, None, env)
                parts.append((expected, found))
            elif (expected.__class__ is not found.__class__ or expected != found) and not self._ignored(pattern, field):
                return self._missed(pattern, node, None, env)
        yield from self._parts(parts, 0, env.pair(pattern, node), node)
        if (
            pattern.kind == "BinaryExpression"
            and Equivalence.YODA in self.equivalent
            and pattern.fields["operator"] in _SYMMETRIC
        ):
            (_, left), (_, right) = parts
            yield from self._parts([(parts[0][0], right), (parts[1][0], left)], 0, env.pair(pattern, node), node)

    def _ignored(self, pattern: Node, field: str) -> bool:
        if field == "computed":
            return self.ruling_out  # what may be the same member is the same member there
        return (
            pattern.kind == "VariableDeclaration"
            and field == "kind"
            and Equivalence.DECLARATION_KINDS in self.equivalent
        )

    def _parts(self, parts: list[tuple[Any, Any]], i: int, env: Env, owner: Node) -> Iterator[Env]:
        if i == len(parts):
            yield env
            return
        expected, found = parts[i]
        if isinstance(expected, tuple):
            for inner, end in self._run(expected, 0, found, _prologue(expected, found), env, owner):
                if end == len(found):
                    yield from self._parts(parts, i + 1, inner, owner)
                elif not expected or expected[-1].kind != "Gap":
                    self._more(expected, found[end], owner, inner)
        else:
            for inner in self._node(expected, found, env):
                yield from self._parts(parts, i + 1, inner, owner)

    def _forms(self, pattern: Node, node: Node, env: Env) -> Iterator[Env]:
        """One function, written as an assignment, a declaration, a method shorthand or a class method."""
        wanted, there = form(pattern), form(node)
        if wanted is None or there is None or wanted.name != there.name or wanted.on_prototype != there.on_prototype:
            return self._missed(pattern, node, None, env)
        if (wanted.owner is None) != (there.owner is None):
            return self._missed(pattern, node, None, env)
        one, other = wanted.function, there.function
        if any(one.fields[flag] != other.fields[flag] for flag in ("async", "generator")):
            return self._missed(pattern, node, None, env)
        parts: list[tuple[Any, Any]] = [] if wanted.owner is None else [(wanted.owner, there.owner)]
        parts += [(one.fields["params"], other.fields["params"]), (one.fields["body"], other.fields["body"])]
        yield from self._parts(parts, 0, env.pair(pattern, node).pair(one, other), node)

    def _bound(self, name: str, node: Node, env: Env) -> Env | None:
        if node.kind in _NO_EXPRESSIONS or node.kind.endswith(("Statement", "Declaration")):
            return None
        known = env.bindings.get(name)
        if known is None:
            return env.bind(name, node)
        if isinstance(known, Node) and known.kind == "Key" and node.kind == "Identifier":  # the variable counts
            return env.bind(name, node) if known.fields["name"] == node.fields["name"] else None
        return env if isinstance(known, Node) and self.same(known, node) else None

    def _same_run(self, one: tuple[Node, ...], other: tuple[Node, ...]) -> bool:
        return len(one) == len(other) and all(self.same(a, b) for a, b in zip(one, other, strict=True))

    def same(self, one: Node, other: Node) -> bool:
        """Whether two places of the tree hold the same code, and the names in it stand for the same variables."""
        stack: list[tuple[Any, Any]] = [(one, other)]
        while stack:
            self._step()
            a, b = stack.pop()
            if isinstance(a, tuple) and isinstance(b, tuple) and len(a) == len(b):
                stack.extend(zip(a, b, strict=True))
            elif not isinstance(a, Node) or not isinstance(b, Node):
                if a.__class__ is not b.__class__ or a != b:
                    return False
            elif a.kind == b.kind == "Identifier":
                if not (same_variable(self.scopes, a, b) if a.parent and b.parent else a.fields == b.fields):
                    return False
            elif {a.kind, b.kind} == {"Identifier", "Key"}:
                if a.fields["name"] != b.fields["name"]:
                    return False
            elif a.kind == b.kind == "ThisExpression":
                if receiver(a) is not receiver(b):
                    return False
            elif a.kind != b.kind or a.fields.keys() != b.fields.keys():
                return False
            else:
                stack.extend((value, b.fields[field]) for field, value in a.fields.items())
        return True

    def _step(self) -> None:
        self.steps += 1
        if self.steps > STEP_CAP:
            raise TooComplex

    def _blocked(self, gap: Node, found: Node, owner: Node, env: Env) -> None:
        """Where the search got no further than ``found``, what the gap rules out is why."""
        best = self.nearest
        if best is not None and best.found is not None and found.start <= best.found.start < found.end:
            self.nearest = Miss(gap, found, owner, env)

    def _more(self, expected: tuple[Node, ...], found: Node, owner: Node, env: Env) -> None:
        """A list goes on with ``found`` where the pattern's own ends, or is empty."""
        last = expected[-1] if expected else env.pairs[0] if env.pairs else None
        if last is not None:
            reached = last.end if expected else last.start + 1
            if self.nearest is None or reached > self.nearest.expected.start:
                self.nearest = Miss(last, found, owner, env, past=bool(expected))

    def _missed(self, pattern: Node, found: Node | None, owner: Node | None, env: Env) -> None:
        best = self.nearest
        if best is None or pattern.start > best.expected.start:
            self.nearest = Miss(pattern, found, owner, env)


def _targets(store: Node) -> Iterator[Node]:
    """What is assigned to in the left side of an assignment."""
    if store.kind in ("Identifier", "MemberExpression"):
        yield store
    elif store.kind == "AssignmentPattern":
        yield from _targets(store.fields["left"])
    elif store.kind == "Property":
        yield from _targets(store.fields["value"])
    elif store.kind in ("ArrayPattern", "ObjectPattern", "RestElement"):
        for child in store.children():
            yield from _targets(child)


def _could_be(pattern: Node, wanted: Form | None, node: Node) -> bool:
    """A quick look before the search proper: whether ``node`` is of a kind that ``pattern`` can match."""
    if pattern.kind == node.kind or pattern.kind in ("Gap", "Meta"):
        return True
    return wanted is not None and (there := form(node)) is not None and there.name == wanted.name


def _prologue(patterns: tuple[Node, ...], nodes: tuple[Node, ...]) -> int:
    """How many directives to pass over: a pattern that names none is not put off by them."""
    if patterns and (patterns[0] is None or patterns[0].kind == "Gap" or patterns[0].directive):
        return 0
    return next((index for index, node in enumerate(nodes) if node is None or not node.directive), len(nodes))


def _match(owner: Node, items: tuple[Node, ...], env: Env) -> Match:
    pairs: dict[Node, Node | tuple[Node, ...]] = {}
    rest = env.pairs
    while rest is not None:
        pattern, value, rest = rest
        pairs.setdefault(pattern, value)
    return Match(owner, items, env.bindings, pairs)
