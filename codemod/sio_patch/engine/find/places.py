"""Where in some code a pattern matches: at which expressions, or from which statements on.

The code is a whole tree, or what a ``<... ...>`` of a larger pattern stands for.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from typing import TYPE_CHECKING, NamedTuple

from sio_patch.engine.find.found import Env
from sio_patch.engine.language.compiled import names_in
from sio_patch.engine.language.options import Equivalence
from sio_patch.engine.tree.functions import FUNCTION_VALUES, NamedFunction, named_function
from sio_patch.engine.tree.node import STATEMENT_LISTS, Node, exported, is_run

if TYPE_CHECKING:
    from sio_patch.engine.find.backtrack import Search

_MEMBERS = frozenset({"Property", "MethodDefinition"})


Lists = Iterable[tuple[Node, tuple[Node, ...]]]


class Room(NamedTuple):
    """Code to look in: its nodes in source order, and each list of statements in it with the node that holds it."""

    nodes: tuple[Node, ...]
    statements: tuple[tuple[Node, tuple[Node, ...]], ...]
    members: tuple[Node, ...]

    @classmethod
    def of(cls, *roots: Node) -> Room:
        """All of each of ``roots``."""
        return cls.among([node for root in roots for node in root.walk()])  # a list: generators take longer

    @classmethod
    def among(cls, found: Iterable[Node]) -> Room:
        """These nodes, which are in source order."""
        nodes = tuple(found)
        lists = [(node, node.fields[STATEMENT_LISTS[node.kind]]) for node in nodes if node.kind in STATEMENT_LISTS]
        return cls(nodes, tuple(lists), tuple([node for node in nodes if node.kind in _MEMBERS]))

    @classmethod
    def of_run(cls, owner: Node, run: tuple[Node, ...]) -> Room:
        """Some statements of the list of ``owner``, and all that is in them."""
        below = cls.of(*run)
        return below._replace(statements=((owner, run), *below.statements))

    def lists_of(self, kinds: Mapping[str, str]) -> Lists:
        """Those of such kinds, as `Pattern.lists` has them."""
        if kinds == STATEMENT_LISTS:
            return self.statements
        return ((node, node.fields[kinds[node.kind]]) for node in self.nodes if node.kind in kinds)


class Place(NamedTuple):
    """One way in which a pattern matches; as `Match`, which it becomes."""

    owner: Node
    items: tuple[Node, ...]
    env: Env


def expressions(pattern: Node, room: Room, search: Search, names: frozenset[str], env: Env) -> Iterator[Place]:
    """Code that lacks one of the ``names`` is not looked at."""
    any_kind = pattern.kind == "Meta"
    forms = Equivalence.FUNCTION_FORMS in search.equivalent and pattern.kind in FUNCTION_VALUES
    kinds = FUNCTION_VALUES if forms else (pattern.kind,)
    for node in room.nodes:
        if node.kind not in kinds and (not any_kind or node.kind == "Key"):
            continue
        if not search.mentions(names, node.start, node.end):
            continue
        for found in search.node(pattern, node, env):
            yield Place(node.parent or node, (node,), found)


def runs(
    patterns: tuple[Node, ...], lists: Lists, room: Room, search: Search, names: frozenset[str], env: Env
) -> Iterator[Place]:
    """``patterns`` one after the other in one of ``lists``, or as a member of an object or a class in ``room``."""
    first = patterns[0]
    wanted = named_function(first) if Equivalence.FUNCTION_FORMS in search.equivalent else None
    own = names.intersection(names_in(wanted.function)) if wanted is not None else names
    for member in room.members if wanted is not None and len(patterns) == 1 else ():
        if _could_be(first, wanted, member) and search.mentions(own, member.start, member.end):
            for found in search.node(first, member, env):
                yield Place(member.parent or member, (member,), found)
    from_start = is_run(first)
    alone = names if len(patterns) == 1 and not from_start else frozenset()
    for owner, items in lists:
        for index in range(min(1, len(items)) if from_start else len(items)):
            if _could_be(first, wanted, items[index]) and search.mentions(alone, items[index].start, items[index].end):
                for found, end in search.run(patterns, 0, items, index, env, owner):
                    yield Place(owner, items[index:end], found)


def _could_be(pattern: Node, wanted: NamedFunction | None, node: Node) -> bool:
    """A quick look before the search proper: whether ``node`` is of a kind that ``pattern`` can match."""
    if pattern.kind == node.kind or pattern.kind in ("Gap", "Meta", "Within"):
        return True
    if (made := exported(node)) is not None:
        return _could_be(pattern, wanted, made)
    if pattern.kind == "MethodDefinition" and node.kind == "Property":
        return True  # a method of an object
    return wanted is not None and (there := named_function(node)) is not None and _may_be(wanted, there)


def _may_be(wanted: NamedFunction, there: NamedFunction) -> bool:
    return wanted.key.kind == "Meta" or wanted.name == there.name
