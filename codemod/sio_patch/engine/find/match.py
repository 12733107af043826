"""Finding a pattern in a tree. Never changes anything."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Iterator, Mapping

from sio_patch.engine.find.backtrack import Question, Search, prologue
from sio_patch.engine.find.conditions import Asker
from sio_patch.engine.find.found import Answer, Bound, Env, Match, RuledOut
from sio_patch.engine.find.places import Place, Room, expressions, runs
from sio_patch.engine.find.same import same, same_run
from sio_patch.engine.find.steps import STEP_CAP, Steps
from sio_patch.engine.language.compiled import Pattern, SemanticPatch
from sio_patch.engine.language.options import Equivalence
from sio_patch.engine.tree.node import Node
from sio_patch.engine.tree.scope import Scopes

_ESCAPED_LETTER = re.compile(r"\\u00[4-7]|\\x[4-7]|\\u\{")
NOTHING = Env({})


def may_match(pattern: Pattern, text: str) -> bool:
    """False where ``text`` lacks a name without which ``pattern`` cannot match: a test that needs no parse.

    A name can be spelt with escapes; a text that has escaped letters may match whatever names are seen.
    """
    return all(name in text for name in pattern.names) or bool(_ESCAPED_LETTER.search(text))


def may_concern(patch: SemanticPatch, text: str) -> bool:
    """False where nothing of the patch can be in ``text``, neither its code nor a cure: it needs no parse either."""
    there = all(may_match(each.minus, text) or may_match(each.plus, text) for each in patch.sections)
    return there or any(may_match(form, text) for form in patch.fixed)


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

    def matches(self, pattern: Pattern) -> tuple[Match, ...]:
        """All ways in which ``pattern`` matches. Statements that lack one of its names are not looked at."""
        search = self._search(pattern)
        found = self._places(pattern, search, pattern.names)
        if not pattern.conditions:
            return tuple(found)
        asker = self.asker(search)
        return tuple(match for match in found if asker.broken(pattern, match) is None)

    def explained(self, pattern: Pattern) -> Answer:
        """The matches, and how far the search got where there is none: every statement is looked at."""
        search = self._search(pattern)
        asker = self.asker(search)
        found = tuple((asker.broken(pattern, match), match) for match in self._places(pattern, search, frozenset()))
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

    def _search(self, pattern: Pattern) -> Search:
        return Search(Question(pattern.absent, self.equivalent), self.scopes, Steps(self.cap), self.mentions)

    def _places(self, pattern: Pattern, search: Search, names: frozenset[str]) -> Iterator[Match]:
        if pattern.is_of_file:
            places = self._program(pattern.items, search)
        elif pattern.is_expression:
            places = expressions(pattern.items[0], self.room, search, names, NOTHING)
        else:
            places = runs(pattern.items, self.room.lists_of(pattern.lists), self.room, search, names, NOTHING)
        return search.matches(pattern.items, places)

    def _program(self, patterns: tuple[Node, ...], search: Search) -> Iterator[Place]:
        statements: tuple[Node, ...] = self.tree.fields["body"]
        for env, end in search.run(patterns, 0, statements, prologue(patterns, statements), NOTHING, self.tree):
            if end == len(statements):
                yield Place(self.tree, statements, env)

    def mentions(self, names: frozenset[str], start: int, end: int) -> bool:
        """Whether the text from ``start`` to ``end`` has all the names, as far as they can be told from the text."""
        return self.text is None or all(self.text.find(name, start, end) >= 0 for name in names)
