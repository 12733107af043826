"""Finding a pattern in a tree. Never changes anything."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from functools import cached_property

from sio_patch.engine.find.backtrack import Question, Search, prologue
from sio_patch.engine.find.conditions import Asker
from sio_patch.engine.find.found import Answer, Bound, Env, Match, RuledOut
from sio_patch.engine.find.places import Place, Room, expressions, runs
from sio_patch.engine.find.same import same, same_run
from sio_patch.engine.find.steps import STEP_CAP, Steps
from sio_patch.engine.language.compiled import Pattern, SemanticPatch
from sio_patch.engine.language.options import Equivalence, HowMany
from sio_patch.engine.tree.node import Node
from sio_patch.engine.tree.scope import Scopes

_WORDS = frozenset({"Identifier", "Key"})
_ESCAPED_LETTER = re.compile(r"\\u00[4-7]|\\x[4-7]|\\u\{")
NOTHING = Env({})


def may_match(pattern: Pattern, text: str) -> bool:
    """False where ``text`` lacks a name without which ``pattern`` cannot match: a test that needs no parse.

    A name can be spelt with escapes; a text that has escaped letters may match whatever names are seen.
    """
    return all(name in text for name in pattern.names) or bool(_ESCAPED_LETTER.search(text))


def may_concern(patch: SemanticPatch, text: str) -> bool:
    """False where nothing of the patch can be in ``text``, neither its code nor a cure: it needs no parse either."""
    there = [(each, may_match(each.minus, text) or may_match(each.plus, text)) for each in patch.sections]
    needed = [may for each, may in there if each.how_many in (HowMany.ONE, HowMany.ALL)]
    free = [may for each, may in there if each.how_many is HowMany.ANY]
    concerned = all(needed) and (any(needed) or any(free) or not free)
    return concerned or any(may_match(form, text) for form in patch.fixed)


class Matcher:
    """Searches in one tree, which ``text`` was parsed to."""

    def __init__(
        self,
        tree: Node,
        equivalent: frozenset[Equivalence],
        text: str,
        cap: int = STEP_CAP,
        asker: Callable[[Search], Asker] = Asker,
    ) -> None:
        self.tree = tree
        self.text = None if _ESCAPED_LETTER.search(text) else text  # what names can be looked up in
        self.room = Room.of(tree)
        self.equivalent = equivalent
        self.scopes = Scopes()
        self.cap = cap  # of steps, for each search
        self.asker = asker

    def matches(self, pattern: Pattern, known: Env = NOTHING, steps: Steps | None = None) -> tuple[Match, ...]:
        """All ways in which ``pattern`` matches, given what is ``known``. The search takes ``steps``, or its own.

        Statements that lack one of its names are not looked at.
        """
        search = self._search(pattern, steps)
        room = self._room(pattern, known) if known.bindings else self.room
        found = self._places(pattern, search, pattern.names, known, room)
        if not pattern.conditions:
            return tuple(found)
        asker = self.asker(search)
        return tuple(match for match in found if asker.broken(pattern, match) is None)

    def explained(self, pattern: Pattern) -> Answer:
        """The matches, and how far the search got where there is none: every statement is looked at."""
        search = self._search(pattern)
        asker = self.asker(search)
        places = self._places(pattern, search, frozenset(), NOTHING, self.room)
        found = tuple((asker.broken(pattern, match), match) for match in places)
        ruled_out = (RuledOut(broken, match) for broken, match in found if broken is not None)
        return Answer(tuple(match for broken, match in found if broken is None), search.nearest, next(ruled_out, None))

    def among(self, nodes: Iterable[Node], pattern: Pattern, part: Node, env: Env = NOTHING) -> Iterator[Node]:
        """Those of ``nodes`` that ``part`` of ``pattern`` matches, given what is bound already.

        Conditions are asked about code; those about the place are of the whole match.
        """
        search = self._search(pattern)
        if not pattern.conditions:
            return search.among(nodes, part, env)
        asker = self.asker(search)
        return search.among(nodes, part, env, lambda way: not asker.bars(pattern, way.bindings))

    def inside(self, pattern: Pattern, within: Node, there: Bound, bindings: Mapping[str, Bound]) -> tuple[Match, ...]:
        """The places at which what ``within`` of ``pattern`` holds stands in ``there``, given what is bound already."""
        return self._search(pattern).inside(within, there, Env(bindings))

    def same(self, one: Bound, other: Bound) -> bool:
        """Whether two places of the tree, or two runs, hold the same code."""
        steps = Steps(self.cap)
        if isinstance(one, Node) and isinstance(other, Node):
            return same(one, other, self.scopes, steps)
        return isinstance(one, tuple) and isinstance(other, tuple) and same_run(one, other, self.scopes, steps)

    def _search(self, pattern: Pattern, steps: Steps | None = None) -> Search:
        return Search(Question(pattern.absent, self.equivalent), self.scopes, steps or Steps(self.cap), self.mentions)

    def _places(
        self, pattern: Pattern, search: Search, names: frozenset[str], known: Env, room: Room
    ) -> Iterator[Match]:
        if not pattern.items:
            return iter(())
        if pattern.is_of_file:
            places = self._program(pattern.items, search, known)
        elif pattern.is_expression:
            places = expressions(pattern.items[0], room, search, names, known)
        else:
            places = runs(pattern.items, room.lists_of(pattern.lists), room, search, names, known)
        return search.matches(pattern.items, places)

    def _room(self, pattern: Pattern, known: Env) -> Room:
        """Where ``pattern`` can match at all, as what it binds already is code that stands there."""
        spelt = (known.bindings.get(name) for name in pattern.metavariables)
        words = (word for bound in spelt if isinstance(bound, Node) for word in bound.walk() if word.kind in _WORDS)
        word = next(words, None)
        if word is None:
            return self.room
        around: set[Node] = set()
        for node in self._named.get(word.fields["name"], ()):
            above: Node | None = node
            while above is not None and above not in around:
                around.add(above)
                above = above.parent
        return Room.among(sorted(around, key=self._order.__getitem__))

    @cached_property
    def _order(self) -> Mapping[Node, int]:
        return {node: place for place, node in enumerate(self.room.nodes)}

    @cached_property
    def _named(self) -> Mapping[str, Sequence[Node]]:
        """The variables and keys of a name."""
        found: dict[str, list[Node]] = {}
        for node in self.room.nodes:
            if node.kind in _WORDS:
                found.setdefault(node.fields["name"], []).append(node)
        return found

    def _program(self, patterns: tuple[Node, ...], search: Search, known: Env) -> Iterator[Place]:
        statements: tuple[Node, ...] = self.tree.fields["body"]
        for env, end in search.run(patterns, 0, statements, prologue(patterns, statements), known, self.tree):
            if end == len(statements):
                yield Place(self.tree, statements, env)

    def mentions(self, names: frozenset[str], start: int, end: int) -> bool:
        """Whether the text from ``start`` to ``end`` has all the names, as far as they can be told from the text."""
        return self.text is None or all(self.text.find(name, start, end) >= 0 for name in names)
