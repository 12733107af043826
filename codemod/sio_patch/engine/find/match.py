"""Finding a pattern in a tree. Never changes anything."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Iterator, Mapping

from sio_patch.engine.find.backtrack import Question, Search, prologue
from sio_patch.engine.find.conditions import Asker
from sio_patch.engine.find.found import Answer, Bound, Env, Match, RuledOut
from sio_patch.engine.find.same import same, same_run
from sio_patch.engine.find.steps import STEP_CAP, Steps
from sio_patch.engine.language.compiled import Pattern, SemanticPatch, names_in
from sio_patch.engine.language.options import Equivalence
from sio_patch.engine.tree.functions import FUNCTION_VALUES, NamedFunction, named_function
from sio_patch.engine.tree.node import STATEMENT_LISTS, Node, exported
from sio_patch.engine.tree.scope import Scopes

_MEMBERS = frozenset({"Property", "MethodDefinition"})
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
        self.nodes = tuple(tree.walk())
        self.lists = tuple(node for node in self.nodes if node.kind in STATEMENT_LISTS)
        self.members = tuple(node for node in self.nodes if node.kind in _MEMBERS)
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

    def same(self, one: Bound, other: Bound) -> bool:
        """Whether two places of the tree, or two runs, hold the same code."""
        steps = Steps(self.cap)
        if isinstance(one, Node) and isinstance(other, Node):
            return same(one, other, self.scopes, steps)
        return isinstance(one, tuple) and isinstance(other, tuple) and same_run(one, other, self.scopes, steps)

    def _search(self, pattern: Pattern) -> Search:
        return Search(Question(pattern.absent, self.equivalent), self.scopes, Steps(self.cap))

    def _places(self, pattern: Pattern, search: Search, names: frozenset[str]) -> Iterator[Match]:
        if pattern.whole:
            return self._program(pattern.items, search)
        if pattern.is_expression:
            return self._expressions(pattern.items[0], search, names)
        return self._runs(pattern, search, names)

    def _program(self, patterns: tuple[Node, ...], search: Search) -> Iterator[Match]:
        statements: tuple[Node, ...] = self.tree.fields["body"]
        for env, end in search.run(patterns, 0, statements, prologue(patterns, statements), NOTHING, self.tree):
            if end == len(statements):
                yield Match.of(self.tree, statements, env)

    def _expressions(self, pattern: Node, search: Search, names: frozenset[str]) -> Iterator[Match]:
        any_kind = pattern.kind == "Meta"
        forms = Equivalence.FUNCTION_FORMS in self.equivalent and pattern.kind in FUNCTION_VALUES
        kinds = FUNCTION_VALUES if forms else (pattern.kind,)
        for node in self.nodes:
            if node.kind not in kinds and (not any_kind or node.kind == "Key"):
                continue
            if not self.mentions(names, node.start, node.end):
                continue
            for env in search.node(pattern, node, NOTHING):
                yield Match.of(node.parent or self.tree, (node,), env)

    def _runs(self, pattern: Pattern, search: Search, names: frozenset[str]) -> Iterator[Match]:
        patterns = pattern.items
        first = patterns[0]
        wanted = named_function(first) if Equivalence.FUNCTION_FORMS in self.equivalent else None
        own = names.intersection(names_in(wanted.function)) if wanted is not None else names
        for member in self.members if wanted is not None and len(patterns) == 1 else ():
            if _could_be(first, wanted, member) and self.mentions(own, member.start, member.end):
                for env in search.node(first, member, NOTHING):
                    yield Match.of(member.parent or self.tree, (member,), env)
        alone = names if len(patterns) == 1 and first.kind != "Gap" else frozenset()
        for owner in self._owners(pattern.lists):
            items: tuple[Node, ...] = owner.fields[pattern.lists[owner.kind]]
            for index in range(min(1, len(items)) if first.kind == "Gap" else len(items)):
                if _could_be(first, wanted, items[index]) and self.mentions(
                    alone, items[index].start, items[index].end
                ):
                    for env, end in search.run(patterns, 0, items, index, NOTHING, owner):
                        yield Match.of(owner, items[index:end], env)

    def _owners(self, lists: Mapping[str, str]) -> Iterable[Node]:
        return self.lists if lists == STATEMENT_LISTS else (node for node in self.nodes if node.kind in lists)

    def mentions(self, names: frozenset[str], start: int, end: int) -> bool:
        """Whether the text from ``start`` to ``end`` has all the names, as far as they can be told from the text."""
        return self.text is None or all(self.text.find(name, start, end) >= 0 for name in names)


def _could_be(pattern: Node, wanted: NamedFunction | None, node: Node) -> bool:
    """A quick look before the search proper: whether ``node`` is of a kind that ``pattern`` can match."""
    if pattern.kind == node.kind or pattern.kind in ("Gap", "Meta"):
        return True
    if (made := exported(node)) is not None:
        return _could_be(pattern, wanted, made)
    if pattern.kind == "MethodDefinition" and node.kind == "Property":
        return True  # a method of an object
    return wanted is not None and (there := named_function(node)) is not None and _may_be(wanted, there)


def _may_be(wanted: NamedFunction, there: NamedFunction) -> bool:
    return wanted.key.kind == "Meta" or wanted.name == there.name
