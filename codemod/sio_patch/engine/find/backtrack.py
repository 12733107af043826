"""Backtracking: a pattern's nodes against a tree's.

Every generator below yields the environments in which its part matches, so that a caller can go on with each. For
``f(...); g($x);`` the gap offers one end after the other, and what follows is tried at each.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping
from typing import Any, NamedTuple

from sio_patch.engine.find.found import Bound, Env, Match, Miss
from sio_patch.engine.find.places import Place, Room, expressions, runs
from sio_patch.engine.find.same import same, same_run
from sio_patch.engine.find.steps import Steps
from sio_patch.engine.find.stores import assigns_anything, stored
from sio_patch.engine.find.texts import text_match
from sio_patch.engine.language.compiled import Pattern, any_else, names_in
from sio_patch.engine.language.options import Equivalence
from sio_patch.engine.tree.functions import FUNCTION_VALUES, is_method, named_function, speaks_of_itself
from sio_patch.engine.tree.node import EXPORTS, STATEMENT_LISTS, Node, exported, is_run
from sio_patch.engine.tree.scope import Scopes

_NODES_A_STEP = 5  # that are looked over for what a `<... ...>` holds
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


class Question(NamedTuple):
    """How a pattern is meant. ``absent`` are its conditions by the offset of their gap.

    ``ruling_out``: it is a condition itself. ``when != $a.$b`` rules out ``r[key]`` too, for that may be the member
    that is meant; elsewhere ``$a.$b`` is not ``r[key]``.
    """

    absent: Mapping[int, tuple[Pattern, ...]]
    equivalent: frozenset[Equivalence]
    ruling_out: bool = False


def _always(way: Env) -> bool:
    return True


def _anything(names: frozenset[str], start: int, end: int) -> bool:
    return True


class Search:
    """One question, asked of one place after the other. ``nearest`` is the miss that got furthest so far.

    ``mentions`` says whether the text from one offset to another has all of some names, as far as it can be told.
    """

    def __init__(
        self,
        question: Question,
        scopes: Scopes,
        steps: Steps,
        mentions: Callable[[frozenset[str], int, int], bool] = _anything,
    ) -> None:
        self.question = question
        self.equivalent = question.equivalent
        self._takes_forms = Equivalence.FUNCTION_FORMS in question.equivalent
        self.scopes = scopes
        self.steps = steps
        self.mentions = mentions
        self.nearest: Miss | None = None

    def run(
        self, patterns: tuple[Node, ...], i: int, nodes: tuple[Node, ...], j: int, env: Env, owner: Node
    ) -> Iterator[tuple[Env, int]]:
        """``patterns[i:]`` against the nodes from ``nodes[j]`` on; yields with the index after the last one matched."""
        self.steps.take()
        if i == len(patterns):
            yield env, j
        elif patterns[i] is not None and patterns[i].kind == "Gap":
            yield from self._gap(patterns, i, nodes, j, env, owner)
        elif patterns[i] is not None and patterns[i].kind == "Within" and patterns[i].fields["statements"]:
            yield from self._run_within(patterns, i, nodes, j, env, owner)
        elif j == len(nodes):
            self._missed(patterns[i], None, owner, env)
        elif patterns[i] is None or nodes[j] is None:  # the hole of an array
            if patterns[i] is nodes[j]:
                yield from self.run(patterns, i + 1, nodes, j + 1, env, owner)
        else:
            for inner in self.node(patterns[i], nodes[j], env):
                yield from self.run(patterns, i + 1, nodes, j + 1, inner, owner)

    def _gap(
        self, patterns: tuple[Node, ...], i: int, nodes: tuple[Node, ...], j: int, env: Env, owner: Node
    ) -> Iterator[tuple[Env, int]]:
        gap = patterns[i]
        run = gap.fields["run"]
        known = env.bindings.get(run) if run else None
        stop = self._ruled_out(gap, nodes, j, env)
        if stop is not None:
            self._missed(gap, nodes[stop], owner, env)
        last = _end_of_braces(gap, nodes, j) if stop is None else stop
        ends = range(j if i + 1 < len(patterns) else len(nodes), last + 1)
        if isinstance(known, tuple):
            ends = range(j + len(known), min(j + len(known), last) + 1)
        for end in ends:
            taken = nodes[j:end]
            if run and None in taken:
                return  # the hole of an array: a run's text would not show where it stands
            if known is None:
                inner = env.pair(gap, taken)
                yield from self.run(patterns, i + 1, nodes, end, inner.bind(run, taken) if run else inner, owner)
            elif isinstance(known, tuple) and same_run(known, taken, self.scopes, self.steps):
                yield from self.run(patterns, i + 1, nodes, end, env.pair(gap, taken), owner)
        if stop is not None:
            self._blocked(gap, nodes[stop], owner, env)

    def _run_within(
        self, patterns: tuple[Node, ...], i: int, nodes: tuple[Node, ...], j: int, env: Env, owner: Node
    ) -> Iterator[tuple[Env, int]]:
        """A run of statements that is long enough to have inside it what ``patterns[i]`` holds."""
        within = patterns[i]
        least = self._least(within, nodes, j, env, owner)
        if least is None:
            self._missed(within, nodes[j] if j < len(nodes) else None, owner, env)
            return
        for end in range(least if i + 1 < len(patterns) else len(nodes), len(nodes) + 1):
            yield from self.run(patterns, i + 1, nodes, end, env.pair(within, nodes[j:end]), owner)

    def _least(self, within: Node, nodes: tuple[Node, ...], j: int, env: Env, owner: Node) -> int | None:
        """Up to where a run from ``nodes[j]`` has to go; None where no run is long enough."""
        if not within.fields["inside"]:
            return j
        items, names, least = within.fields["inside"], self._names(within), len(nodes) + 1
        of_statements = within.fields["lists"] == STATEMENT_LISTS and not within.fields["single"]
        search = Search(self.question, self.scopes, self.steps, self.mentions)
        for k in range(j, len(nodes)):
            self.steps.take()
            if k + 1 >= least:
                break
            if of_statements:
                least = min((least, *(end for _, end in search.run(items, 0, nodes, k, Env(env.bindings), owner))))
            if self.mentions(names, nodes[k].start, nodes[k].end) and self._is_in(within, nodes[k], env):
                least = min(least, k + 1)
        return least if least <= len(nodes) else None

    def _is_in(self, within: Node, root: Node, env: Env) -> bool:
        """Whether what ``within`` holds stands somewhere in ``root``."""
        return any(True for _ in self._places(within, Room.of(root), env))

    def _names(self, within: Node) -> frozenset[str]:
        """The literal names that must stand in what ``within`` stands for."""
        names = frozenset(name for item in within.fields["inside"] for name in names_in(item))
        return names - {"prototype"} if self._takes_forms else names

    def _places(self, within: Node, room: Room, env: Env) -> Iterator[Place]:
        """Where in ``room`` what ``within`` holds stands, given what is bound before it."""
        items: tuple[Node, ...] = within.fields["inside"]
        self.steps.take(1 + len(room.nodes) // _NODES_A_STEP)
        search = Search(self.question, self.scopes, self.steps, self.mentions)
        names = self._names(within)
        if within.fields["single"]:
            return expressions(items[0], room, search, names, Env(env.bindings))
        return runs(items, room.lists_of(within.fields["lists"]), room, search, names, Env(env.bindings))

    def matches(self, patterns: tuple[Node, ...], places: Iterable[Place]) -> Iterator[Match]:
        """``places``, at which ``patterns`` match, each with the places inside what its ``<... ...>`` stand for."""
        withins = [node for item in patterns for node in item.walk() if node.kind == "Within"]
        for owner, items, env in places:
            match = Match.of(owner, items, env)
            if withins:
                inner = {node: match.pairs[node] for node in withins if node in match.pairs}
                match = match._replace(inside={node: self.inside(node, there, env) for node, there in inner.items()})
            yield match

    def inside(self, within: Node, there: Bound, env: Env) -> tuple[Match, ...]:
        """The places in ``there``, which ``within`` stands for, at which what it holds stands."""
        if not within.fields["inside"] or there == ():
            return ()
        room = Room.of(there) if isinstance(there, Node) else Room.of_run(there[0].parent or there[0], there)
        return tuple(self.matches(within.fields["inside"], self._places(within, room, env)))

    def _ruled_out(self, gap: Node, nodes: tuple[Node, ...], j: int, env: Env) -> int | None:
        """The index of the first node from ``nodes[j]`` on that ``gap`` may not pass over."""
        absent = self.question.absent.get(gap.start)
        if not absent:
            return None
        places = (k for k in range(j, len(nodes)) if nodes[k] is not None)
        return next((k for k in places if any(self._holds(pattern, nodes[k], env) for pattern in absent)), None)

    def _holds(self, condition: Pattern, root: Node, env: Env) -> bool:
        """Whether ``condition`` matches at or below ``root``, given what is bound already."""
        search = Search(Question(condition.absent, self.equivalent, ruling_out=True), self.scopes, self.steps)
        if condition.items[0].kind == "Property" and root.parent is not None and root.parent.kind == "ObjectExpression":
            return search.gives(condition.items[0], root, env)
        return any(True for _ in search.among(root.walk(), condition.items[0], env))

    def gives(self, pattern: Node, item: Node, env: Env) -> bool:
        """Whether ``item`` of an object has, or may have, the key and the value of ``pattern``: `...a` can have any."""
        if item.kind == "SpreadElement" or item.fields["computed"]:
            return True
        value = pattern.fields["value"].fields.get("meta")
        if value and value not in env.bindings:  # any value: a method and a getter are some as well
            return any(True for _ in self.node(pattern.fields["key"], item.fields["key"], env))
        return any(True for _ in self.node(pattern, item, env))

    def among(
        self, nodes: Iterable[Node], pattern: Node, env: Env, counts: Callable[[Env], bool] = _always
    ) -> Iterator[Node]:
        """Those of ``nodes`` that ``pattern`` matches in a way that ``counts``, given what is bound already.

        Where it is an assignment of anything at all, so does any other way to store to the same place.
        """
        target = pattern.fields["left"] if assigns_anything(pattern, env.bindings) else None
        for node in nodes:
            if any(counts(way) for way in self.node(pattern, node, env)) or (
                target is not None
                and any(counts(way) for place in stored(node) for way in self.node(target, place, env))
            ):
                yield node

    def node(self, pattern: Node, node: Node, env: Env) -> Iterator[Env]:
        """``pattern`` against ``node``."""
        self.steps.take()
        if pattern.kind == "Meta":
            bound = self._bound(pattern.fields["meta"], node, env)
            if bound is not None:
                yield bound.pair(pattern, node)
            else:
                self._missed(pattern, node, None, env)
        elif self._takes_forms and pattern.kind in FUNCTION_VALUES and node.kind in FUNCTION_VALUES:
            yield from self._values(pattern, node, env)
        elif pattern.kind == node.kind:
            yield from self._same_kind(pattern, node, env)
        elif node.kind in EXPORTS and (made := exported(node)) is not None:
            yield from self.node(pattern, made, env)
        elif pattern.kind == "Within":
            if _is_expression(node) and self._is_in(pattern, node, env):
                yield env.pair(pattern, node)
            else:
                self._missed(pattern, node, None, env)
        elif pattern.kind == "MethodDefinition" and node.kind == "Property" and pattern.parent is None:
            yield from self._method_of_object(pattern, node, env)
        elif self._takes_forms:
            yield from self._forms(pattern, node, env)
        else:
            self._missed(pattern, node, None, env)

    def _same_kind(self, pattern: Node, node: Node, env: Env) -> Iterator[Env]:
        if pattern.kind == "Literal" and "parts" in pattern.fields:
            found = text_match(pattern, node, env)
            if found is None:
                return self._missed(pattern, node, None, env)
            yield found
            return
        if pattern.kind == "FunctionExpression" and is_method(pattern) is not is_method(node):
            return self._missed(pattern, node, None, env)
        parts: list[tuple[Any, Any]] = []
        for field, expected in pattern.fields.items():
            found = node.fields.get(field)
            if isinstance(expected, Node | tuple):
                if found is None and (rest := any_else(expected)) is not None:
                    env = env.pair(rest, ())
                    continue
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

    def _method_of_object(self, pattern: Node, node: Node, env: Env) -> Iterator[Env]:
        """A method that stands by itself in the pattern: an object can have it as well as a class."""
        wanted, there = pattern.fields, node.fields
        kind = "init" if wanted["kind"] == "method" else wanted["kind"]
        alike = there["kind"] == kind and there["computed"] == wanted["computed"] and not wanted["static"]
        if not alike or not is_method(there["value"]):
            return self._missed(pattern, node, None, env)
        parts = [(wanted[field], there[field]) for field in ("key", "value")]
        yield from self._parts(parts, 0, env.pair(pattern, node), node)

    def _ignored(self, pattern: Node, field: str) -> bool:
        if field == "computed":
            return self.question.ruling_out
        if field == "superClass":
            return True  # a class that extends another, said or not
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
            for inner, end in self.run(expected, 0, found, prologue(expected, found), env, owner):
                if end == len(found):
                    yield from self._parts(parts, i + 1, inner, owner)
                elif not expected or not is_run(expected[-1]):
                    self._more(expected, found[end], owner, inner)
        else:
            for inner in self.node(expected, found, env):
                yield from self._parts(parts, i + 1, inner, owner)

    def _forms(self, pattern: Node, node: Node, env: Env) -> Iterator[Env]:
        """One function, written as an assignment, a declaration, a method shorthand or a class method."""
        wanted, there = named_function(pattern), named_function(node)
        if wanted is None or there is None or wanted.on_prototype != there.on_prototype:
            return self._missed(pattern, node, None, env)
        parts = self._of_functions(wanted.function, there.function)
        if parts is None or (wanted.owner is None) != (there.owner is None):
            return self._missed(pattern, node, None, env)
        names = (
            [(wanted.key, there.key)]
            if wanted.owner is None
            else [(wanted.owner, there.owner), (wanted.key, there.key)]
        )
        yield from self._parts([*names, *parts], 0, env.pair(pattern, node).pair(wanted.function, there.function), node)

    def _values(self, pattern: Node, node: Node, env: Env) -> Iterator[Env]:
        """A function as a value: `function (a) { return a; }` or `a => a`."""
        parts = None if is_method(pattern) is not is_method(node) else self._of_functions(pattern, node)
        if parts is None:
            return self._missed(pattern, node, None, env)
        yield from self._parts(parts, 0, env.pair(pattern, node), node)

    def _of_functions(self, one: Node, other: Node) -> list[tuple[Any, Any]] | None:
        """The parts of two functions to be held against each other; None where the two cannot be the same.

        An arrow function has no `this` of its own, nor `arguments`: where the pattern has, it is no such function.
        """
        if any(one.fields[flag] != other.fields[flag] for flag in ("async", "generator")):
            return None
        arrows = [each.kind == "ArrowFunctionExpression" for each in (one, other)]
        if arrows[0] is not arrows[1] and speaks_of_itself(one):
            return None
        bodies = (one.fields["body"], other.fields["body"])
        if (bodies[0].kind == "Block") is not (bodies[1].kind == "Block"):
            bodies = (self.scopes.block(one), self.scopes.block(other))
        return [(one.fields["params"], other.fields["params"]), bodies]

    def _bound(self, name: str, node: Node, env: Env) -> Env | None:
        if not _is_expression(node):
            return None
        known = env.bindings.get(name)
        if known is None:
            return env.bind(name, node)
        if (
            isinstance(known, Node) and known.kind in ("Key", "Word") and node.kind == "Identifier"
        ):  # the variable counts
            return env.bind(name, node) if known.fields["name"] == node.fields["name"] else None
        if isinstance(known, Node) and known.kind == "Word":
            return env.bind(name, node) if same(known, node, self.scopes, self.steps) else None
        return env if isinstance(known, Node) and same(known, node, self.scopes, self.steps) else None

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


def _end_of_braces(gap: Node, nodes: tuple[Node, ...], j: int) -> int:
    """How far ``gap`` can go from ``nodes[j]`` on: of the names of an import, as far as those in braces."""
    if gap.parent is None or gap.parent.kind != "ImportDeclaration":
        return len(nodes)
    return next((k for k in range(j, len(nodes)) if nodes[k].kind != "ImportSpecifier"), len(nodes))


def prologue(patterns: tuple[Node, ...], nodes: tuple[Node, ...]) -> int:
    """How many directives to pass over: a pattern that names none is not put off by them."""
    if patterns and (patterns[0] is None or is_run(patterns[0]) or patterns[0].directive):
        return 0
    return next((index for index, node in enumerate(nodes) if node is None or not node.directive), len(nodes))


def _is_expression(node: Node) -> bool:
    """Whether it is an expression, or a name."""
    return node.kind not in _NO_EXPRESSIONS and not node.kind.endswith(("Statement", "Declaration"))
