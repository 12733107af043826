"""Whether a match meets the conditions of its pattern.

An answer is True, False, or None where nothing tells. A plus slice need not bind what the minus slice does: of
``-f($x)``, ``+g()``, ``where $x is string`` no ``g()`` in the file can be asked for its ``$x``, and it counts.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import assert_never

from sio_patch.engine.find.backtrack import Question, Search
from sio_patch.engine.find.found import Bound, Env, Match
from sio_patch.engine.language.compiled import Pattern
from sio_patch.engine.language.condition import Condition, Inside, IsA, Kind, OfName, OneOf, Spelt, TopLevel
from sio_patch.engine.language.texts import spelling
from sio_patch.engine.tree.node import FUNCTIONS, Node
from sio_patch.engine.tree.top import leaves_top

_KINDS = {
    "Identifier": Kind.IDENTIFIER,
    "CallExpression": Kind.CALL,
    "MemberExpression": Kind.MEMBER,
    **dict.fromkeys(FUNCTIONS, Kind.FUNCTION),
}
_LITERALS = frozenset({Kind.STRING, Kind.NUMBER, Kind.LITERAL})


class Asker:
    """Asks for one ``search``, and takes its steps."""

    def __init__(self, search: Search) -> None:
        self._search = search
        self._round: dict[object, dict[Node, bool]] = {}  # for nodes that were asked what is round them

    def broken(self, pattern: Pattern, match: Match) -> Condition | None:
        """The first condition of ``pattern`` that ``match`` does not meet."""
        return next((each for each in pattern.conditions if self.answer(each, match) is False), None)

    def bars(self, pattern: Pattern, bindings: Mapping[str, Bound]) -> bool:
        """Whether what is bound so far is ruled out, wherever it stands."""
        named = ((each.holds, each.test) for each in pattern.conditions if isinstance(each.test, OfName))
        return any(self.of_code(test, bindings) is (not holds) for holds, test in named)

    def answer(self, condition: Condition, match: Match) -> bool | None:
        """Whether the condition is met."""
        test = condition.test
        if isinstance(test, Inside):
            found = self.inside(test.pattern, match)
        elif isinstance(test, TopLevel):
            found = self.at_top(match)
        else:
            found = self.of_code(test, match.bindings)
        return None if found is None else found is condition.holds

    def inside(self, pattern: Pattern, match: Match) -> bool | None:
        """Whether ``pattern`` matches a node that the match is a part of, and not the whole."""
        spoken_of = {name: match.bindings[name] for name in pattern.metavariables & match.bindings.keys()}
        known = {} if spoken_of else self._round.setdefault(id(pattern), {})
        return _stands_in(match.owner, lambda node: self._is(pattern, node, spoken_of), known)

    def at_top(self, match: Match) -> bool | None:
        """A block, as of an ``if``, is no matter; and the name of a function stands outside of it."""
        owner, known = match.owner, self._round.setdefault(TopLevel, {})
        is_name = owner.kind in FUNCTIONS and match.items and owner.fields.get("id") is match.items[0]
        return not _stands_in(owner.parent if is_name else owner, leaves_top, known)

    def of_code(self, test: OfName, bindings: Mapping[str, Bound]) -> bool | None:
        """What the metavariable stands for, asked."""
        node = bindings.get(test.name)
        if not isinstance(node, Node):
            return None
        match test:
            case OneOf(_, values):
                return any(self._is(value, node, bindings) for value in values)
            case Spelt(_, regexp):
                from sio_patch.engine.find.automaton import occurs  # few patches have a regular expression

                said = spelling(node)
                return said is not None and occurs(regexp, said, self._search.steps)
            case IsA(_, kind):  # that a name is a word of a string now does not say what it was
                return None if node.kind == "Word" else kind in kinds(node)
        assert_never(test)

    def _is(self, pattern: Pattern, node: Node, bindings: Mapping[str, Bound]) -> bool:
        """Whether the pattern, which is one item, matches this node. A member's name is a name or a string."""
        item = pattern.items[0]
        if node.kind in ("Key", "Word") and item.kind != "Meta":
            return spelling(item) == str(node.fields["name"])
        search = Search(Question(pattern.absent, self._search.equivalent), self._search.scopes, self._search.steps)
        return any(True for _ in search.node(item, node, Env(bindings)))


def _stands_in(node: Node | None, is_it: Callable[[Node], bool], known: dict[Node, bool]) -> bool:
    """Whether ``node`` or a node above it is one. ``known`` are answers, and gets those that are found."""
    path = list[Node]()
    while node is not None and node not in known:
        path.append(node)
        known[node] = is_it(node)
        node = None if known[node] else node.parent
    found = known[path[-1]] if node is None else known[node]
    known.update(dict.fromkeys(path, found))
    return found


def kinds(node: Node) -> frozenset[Kind]:
    """All that ``node`` is."""
    if node.kind == "ChainExpression":  # a?.b is a member as a.b is
        node = node.fields["expression"]
    if node.kind == "UnaryExpression" and node.fields["operator"] in ("-", "+"):  # of a number's text
        below = kinds(node.fields["argument"])
        return below if Kind.NUMBER in below else frozenset()
    if node.kind == "Literal":
        found = {Kind(node.fields["type"])} if node.fields["type"] in _LITERALS else set()
        return frozenset({Kind.LITERAL, *found})
    known = _KINDS.get(node.kind)
    return frozenset() if known is None else frozenset({known})
