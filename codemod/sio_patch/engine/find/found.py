"""What a search finds, as values: a match, or how far it got."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, NamedTuple

from sio_patch.engine.language.align import Each
from sio_patch.engine.language.compiled import Section
from sio_patch.engine.language.condition import Condition
from sio_patch.engine.tree.node import Node

Bound = Node | tuple[Node, ...]  # what a metavariable, or a run, stands for


class Env(NamedTuple):
    """What has been found so far: metavariables, and which code each node of the pattern stands for."""

    bindings: Mapping[str, Bound]
    pairs: tuple[Any, ...] | None = None  # a linked list: (pattern node, node or run, rest)

    def bind(self, name: str, value: Bound) -> Env:
        return Env({**self.bindings, name: value}, self.pairs)

    def pair(self, pattern: Node, value: Bound) -> Env:
        return Env(self.bindings, (pattern, value, self.pairs))

    def paired(self) -> dict[Node, Bound]:
        """Which code each node of the pattern stands for; of several pairings of one node the latest."""
        found: dict[Node, Bound] = {}
        rest = self.pairs
        while rest is not None:
            pattern, value, rest = rest
            found.setdefault(pattern, value)
        return found


class Match(NamedTuple):
    """One way in which a pattern matches. ``items`` are the statements (or the one expression) that it covers.

    ``inside`` has for each ``<... ...>`` of the pattern the places in it, whose bindings hold those of the match too.
    ``made``: it is one of a plus slice, and what is called for is inside, by the ``<... ...>`` of the minus slice.
    """

    owner: Node  # the node whose list holds the items
    items: tuple[Node, ...]
    bindings: Mapping[str, Bound]
    pairs: Mapping[Node, Bound]
    inside: Mapping[Node, tuple[Match, ...]] = {}
    made: bool = False

    @classmethod
    def of(cls, owner: Node, items: tuple[Node, ...], env: Env) -> Match:
        return cls(owner, items, env.bindings, env.paired())

    def run(self, pattern: Node) -> tuple[Node, ...]:
        """The code that ``pattern`` stands for, be it a gap or one node."""
        found = self.pairs.get(pattern, ())
        return found if isinstance(found, tuple) else (found,)

    @property
    def start(self) -> int:
        return self.items[0].start if self.items else self.owner.start

    @property
    def end(self) -> int:
        return self.items[-1].end if self.items else self.owner.end


class Occurrence(NamedTuple):
    """A place at which one of a patch's sections is found: calling for its edit, or edited."""

    section: Section
    match: Match

    @property
    def is_inside(self) -> bool:
        """Whether all that is called for is inside of ``<... ...>``."""
        return self.match.made or all(isinstance(op, Each) for op in self.section.ops)

    @property
    def start(self) -> int:
        return self.match.start

    @property
    def end(self) -> int:
        return self.match.end


class Miss(NamedTuple):
    """How far a search got: what the pattern expected, and the node that stood there (None: the list had ended)."""

    expected: Node
    found: Node | None
    owner: Node | None
    env: Env
    past: bool = False  # what was expected stood there, and something more behind it


class RuledOut(NamedTuple):
    """What is a match but for a condition that it does not meet."""

    condition: Condition
    match: Match


class Answer(NamedTuple):
    """All matches of a pattern in a tree, the miss that got furthest into it, and the first that is ruled out."""

    matches: tuple[Match, ...]
    nearest: Miss | None
    ruled_out: RuledOut | None


class TooComplex(ValueError):
    """The search came to its step cap: whether the pattern matches is not known."""

    def __init__(self, cap: int, what: str = "the pattern") -> None:
        super().__init__(f"the search for {what} did not end within {cap:,} steps")
        self.cap = cap

    def of(self, line: int) -> TooComplex:
        """The same, of the section that begins on that line of the document."""
        return TooComplex(self.cap, f"the section of line {line}")
