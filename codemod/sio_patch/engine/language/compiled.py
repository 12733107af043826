"""What a patch is when it has been compiled."""

from __future__ import annotations

from collections.abc import Collection, Iterator, Mapping
from typing import NamedTuple

from sio_patch.engine.language.align import Each, Op
from sio_patch.engine.language.condition import Condition
from sio_patch.engine.language.options import Equivalence, HowMany
from sio_patch.engine.source import Place, Source
from sio_patch.engine.tree.node import STATEMENT_LISTS, Node, own_nodes

_ANYTHING = frozenset({"Meta", "Gap", "ExpressionStatement"})


class PatternError(ValueError):
    """A pattern that cannot be used. ``line`` counts in the document, from 1."""

    def __init__(self, line: int, column: int, message: str) -> None:
        super().__init__(f"line {line}, column {column}: {message}")
        self.line = line
        self.column = column
        self.message = message


class Pattern(NamedTuple):
    """What to look for: one expression, or items that follow each other in one list (with ``whole``, a program's).

    ``lists`` are those that such items stand in: kinds of nodes and their field. Mostly the items are statements.
    ``code`` is the whole text as it was parsed, with a variable for each metavariable and each gap.
    ``absent`` gives for a gap (by its offset) the patterns that nothing which the gap absorbs may contain. ``optional``
    are names that a text may lack and yet match. A match counts only where all the ``conditions`` hold.
    """

    text: str
    items: tuple[Node, ...]
    is_expression: bool
    absent: Mapping[int, tuple[Pattern, ...]]
    first_line: int
    code: Node
    whole: bool = False
    optional: frozenset[str] = frozenset()
    lists: Mapping[str, str] = STATEMENT_LISTS
    conditions: tuple[Condition, ...] = ()

    @property
    def names(self) -> frozenset[str]:
        """The literal names that must occur in any text that this matches."""
        return frozenset(name for item in self.items for name in names_in(item)) - self.optional

    @property
    def metavariables(self) -> frozenset[str]:
        """Those that a match binds; what only stands inside of a ``<... ...>`` is bound anew at each place there."""
        return frozenset(filter(None, map(name_of, self.own_nodes())))

    def every_name(self) -> frozenset[str]:
        """Those of the metavariables, and of what only stands inside of a ``<... ...>``."""
        return frozenset(filter(None, (name_of(node) for item in self.items for node in item.walk())))

    @property
    def is_of_file(self) -> bool:
        """Whether it is about a whole file; a ``<... ...>`` that is all of it is."""
        return self.whole or (len(self.items) == 1 and self.items[0].kind == "Within")

    def own_nodes(self) -> Iterator[Node]:
        """Its nodes in source order, short of those inside of a ``<... ...>``."""
        return own_nodes(*self.items)

    def inside(self, within: Node) -> Pattern:
        """What stands in ``within``, a ``<... ...>`` of this one, as a pattern."""
        fields = within.fields
        return self._replace(
            items=fields["inside"], is_expression=fields["single"], lists=fields["lists"], whole=False, conditions=()
        )

    @property
    def speaks_of(self) -> frozenset[str]:
        """The metavariables of the pattern and of its conditions."""
        return self.every_name().union(*(condition.speaks_of for condition in self.conditions))

    @property
    def runs(self) -> frozenset[str]:
        """Those of the metavariables that stand for any number of things."""
        return frozenset(name for item in self.items for node in item.walk() if (name := node.fields.get("run")))

    @property
    def says_nothing(self) -> bool:
        """Whether it is metavariables and gaps alone, which are found anywhere. A whole program is one place."""
        nodes = [node for item in self.items for node in item.walk()]
        return bool(nodes) and not self.whole and all(node.kind in _ANYTHING for node in nodes)

    def under(self, equivalent: Collection[Equivalence]) -> Pattern:
        """The pattern as it is meant with these. A function form may lack the name `prototype`: a class has none."""
        return self._replace(optional=frozenset({"prototype"} if Equivalence.FUNCTION_FORMS in equivalent else ()))

    def place(self, node: Node) -> Place:
        """Where ``node`` stands in the document."""
        place = Source(self.text).place(node.start)
        return Place(place.line + self.first_line - 1, place.column)

    def error(self, node: Node, message: str) -> PatternError:
        """What to raise about ``node``."""
        place = self.place(node)
        return PatternError(place.line, place.column, message)

    def quote(self, node: Node) -> str:
        """The pattern's own text of ``node``, on one line."""
        return " ".join(self.text[node.start : node.end].split())


class Section(NamedTuple):
    """A part of a patch that is matched by itself. ``ops`` say how its minus slice becomes its plus slice.

    Without ``ops`` it is context alone; a plus slice without items is a deletion. ``context`` holds the offsets of the
    section's text that lie on context lines, ``line`` is where it begins in the document. ``inherited`` are the
    metavariables in it that earlier sections bind. ``nested`` says for each ``<... ...>`` of the minus slice that is
    changed inside, what is done there, as a section of its own.
    """

    minus: Pattern
    plus: Pattern
    ops: tuple[Op, ...]
    context: frozenset[int]
    how_many: HowMany
    line: int
    inherited: frozenset[str] = frozenset()
    nested: Mapping[Node, Section] = {}

    def with_nested(self) -> Section:
        """The section with ``nested`` filled in from its operations."""
        inner = {
            op.within: self._replace(
                minus=self.minus.inside(op.within), plus=self.plus.inside(op.twin), ops=op.ops, how_many=HowMany.ALL
            ).with_nested()
            for op in self.ops
            if isinstance(op, Each)
        }
        return self._replace(nested=inner)

    def every(self) -> Iterator[Section]:
        """The section and all that are nested in it."""
        yield self
        for each in self.nested.values():
            yield from each.every()

    @property
    def leaves_nothing(self) -> bool:
        """Whether nothing that is left tells that it has been made: it deletes, or leaves ``+$x`` alone."""
        return not self.plus.items or (self.plus.says_nothing and self.plus.metavariables.isdisjoint(self.inherited))

    @property
    def runs(self) -> frozenset[str]:
        """The names in it that stand for any number of things."""
        return self.minus.runs | self.plus.runs

    @property
    def made(self) -> Section:
        """The section where it has been made: its plus slice, with nothing more to do."""
        return self._replace(minus=self.plus, ops=())


class SemanticPatch(NamedTuple):
    """A compiled patch: its sections, in the order of the block, and the forms that go with them.

    ``insufficient`` patterns look like a cure and are none: where one matches, a report says so. ``sites`` are the
    places that the patch is about, whatever their shape: one that nothing else explains is not understood.
    """

    sections: tuple[Section, ...]
    fixed: tuple[Pattern, ...]
    insufficient: tuple[Pattern, ...]
    sites: tuple[Pattern, ...]
    equivalent: frozenset[Equivalence]

    @property
    def names(self) -> frozenset[str]:
        """The literal names that must occur in any text that calls for the patch."""
        needed = (section for section in self.sections if section.how_many in (HowMany.ONE, HowMany.ALL))
        return frozenset(name for section in needed for name in section.minus.names)


def any_else(part: object) -> Node | None:
    """The gap of ``else ...`` in a pattern, which stands for any branch, and for none."""
    if not isinstance(part, Node) or part.kind != "Block" or part.braced or len(part.fields["body"]) != 1:
        return None
    (only,) = part.fields["body"]
    return only if only.kind == "Gap" and only.fields["run"] is None else None


def name_of(node: Node) -> str | None:
    """The name of the metavariable or the run that ``node`` of a pattern is."""
    found: str | None = node.fields.get("meta") or node.fields.get("run")
    return found


def names_in(code: Node) -> frozenset[str]:
    """The literal names in a part of a pattern; not its numeric keys, which can be spelt in many ways."""
    names = (node.fields["name"] for node in code.walk() if node.kind in ("Identifier", "Key"))
    return frozenset(name for name in names if not name[:1].isdigit())
