"""The edits of one text at every place that calls for them, made in rounds and heard by the judge in each.

With ``-f($x)`` and ``+g($x)``, ``f(f(a))`` is edited inside out: it becomes ``f(g(a))``, is read again, and becomes
``g(g(a))``. What an edit makes a place for the patch is edited too. What comes out are the edits of the first text that
do all of it at once.
"""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterable, Iterator, Mapping, Sequence
from itertools import groupby
from typing import NamedTuple

from sio_patch.engine.edits import Edit, Edits
from sio_patch.engine.find.found import Match, Occurrence
from sio_patch.engine.find.live import stays_told
from sio_patch.engine.find.match import Matcher
from sio_patch.engine.find.nesting import at_once, innermost, nesting, rounds_inside
from sio_patch.engine.find.survey import Survey, survey
from sio_patch.engine.find.verbatim import verbatim
from sio_patch.engine.judge.change import Change, Objection, Part, Text
from sio_patch.engine.judge.judge import check
from sio_patch.engine.language.align import Delete
from sio_patch.engine.language.options import Equivalence, HowMany
from sio_patch.engine.pattern import Section, SemanticPatch
from sio_patch.engine.source import Source
from sio_patch.engine.tree.node import Node
from sio_patch.engine.tree.parse import SyntaxProblem, TooDeep, parse
from sio_patch.engine.tree.reparse import Edited, parse_edited
from sio_patch.engine.tree.scope import declared_names
from sio_patch.engine.write.brackets import parenthesised
from sio_patch.engine.write.habits import Style
from sio_patch.engine.write.render import Renderer
from sio_patch.engine.write.seams import settle
from sio_patch.engine.write.template import parameter
from sio_patch.engine.write.unsafe import Unsafe

Plans = Sequence[Part]
# Under `all` an edit can make a new place for the patch. After so many more rounds it is a patch that calls for itself.
_LAID_BARE = 8
_NOT_TOLD = "it stands in another such place, and what tells that is taken out by the patch; edit it by hand first"


class Overlap(ValueError):
    """Two places ask for edits of one piece of text, and neither lies inside the other. ``offset``: the first place."""

    def __init__(self, offset: int) -> None:
        super().__init__(offset)
        self.offset = offset


class Rounds:
    """``chosen`` parameters are to have their value in ``parameters`` also where the patch is there already."""

    def __init__(
        self, patch: SemanticPatch, parameters: Mapping[str, str], chosen: Mapping[str, Node], *, cured: bool
    ) -> None:
        self.patch = patch
        self.parameters = parameters
        self.chosen = chosen
        self.cured = cured  # whether another place of the file has a cure already
        self._last = frozenset(_last(patch.sections))
        lines = (each.plus.items for each in patch.sections if each.how_many is HowMany.MISSING)
        self._declared = frozenset(name for items in lines for name in declared_names(items))

    def plans(self, source: Source, tree: Node, live: Iterable[Occurrence], own: Collection[Node]) -> Plans:
        """What to do at each of ``live``; ways to read one place that come to the same edits count once. ``own`` are
        names in code that the patch has made already.

        Raises Unsafe.
        """
        style = Style(tree, source.text)
        own_kinds = Equivalence.DECLARATION_KINDS in self.patch.equivalent

        def plan(section: Section, matches: Iterable[Match]) -> list[Part]:
            renderer = Renderer(section, source.text, style, self.parameters, own, own_kinds=own_kinds)
            return _ways(_part(section, match, renderer, plan) for match in matches)

        grouped = groupby(live, lambda each: each.section)
        return [part for section, found in grouped for part in plan(section, (each.match for each in found))]

    def made(self, source: Source, tree: Node, found: Survey, plans: Plans) -> tuple[Edits, Source]:
        """The edits at all places of ``found``, and the text with them. ``plans`` are those of its live places.

        Raises Unsafe, Objection and Overlap.
        """
        live = tuple(Occurrence(part.section, part.match) for part in plans)
        inside = max((rounds_inside(each.match) for each in live if each.section.nested), default=0)
        lines = [each for each in live if _is_line(each)]
        rest = [each for each in live if not _is_line(each)]
        rounds = nesting(rest) * (1 + inside) + nesting(found.stale) + bool(lines)
        rounds += nesting([each for each in rest if id(each.section) in self._last]) if rounds > 1 else 0
        step = _Step(Edits(), source, tree, live, found.stale, own_names(found))
        for _ in range(rounds + self._more()):
            if step.live or step.stale:
                try:
                    step = self._round(step, plans if step.after is source else None, alone=rounds == 1)
                except (Unsafe, Objection, Overlap) as problem:
                    problem.offset = step.edits.inverse(source.text).moved(problem.offset)
                    raise
        if step.live or step.stale:
            at = (*step.live, *step.stale)[0].start
            raise Objection("the code would still call for the patch", min(at, len(source.text)))
        if len(self.patch.sections) > 1:
            self._check_all_there(live, step)
        return step.edits, step.after

    def _check_all_there(self, live: Iterable[Occurrence], step: _Step) -> None:
        """Raises Objection where an edit of one section has taken away what another has made."""
        matcher = Matcher(step.tree, self.patch.equivalent, step.after.text)
        sections = {id(each.section): each for each in live if not each.section.leaves_nothing}
        for each in sections.values():
            if not matcher.matches(each.section.plus):
                raise Objection("an edit at another place would take away what is made here", each.start)

    def _more(self) -> int:
        """How many rounds there are for what an edit makes a place for the patch.

        With a removal there are none: what comes to stand where the removed code stood need not be meant.
        """
        sections = [each for section in self.patch.sections for each in section.every()]
        removes = any(isinstance(op, Delete) for section in sections for op in section.ops)
        everywhere = any(section.how_many is not HowMany.ONE for section in sections)
        return _LAID_BARE if everywhere and not removes else 0

    def _round(self, step: _Step, plans: Plans | None, *, alone: bool) -> _Step:
        """One more round: the innermost live places; or, where none is left, those that have another value.

        ``alone``: no place lies inside another, so that one round will do, and the rest need not be read again.
        """
        source = step.after
        if step.live:
            if plans is None or not alone:
                plans = self.plans(source, step.tree, at_once(self._first(step.live)), step.own)
            parts = self._apart(source, plans)
        else:
            parts = [self._other_value(source, each) for each in innermost(step.stale)]
        try:
            edits = Edits.of(edit for part in parts for edit in part.all_edits())
        except ValueError:
            raise Overlap(min(parts[0].match.start, len(source.text))) from None
        change = Change(tuple(parts), edits, self._declared, step.own)
        edited, after, found = self._judged(source, step.tree, change, whole=not alone)
        if alone and (found.live or found.stale):
            edited, after, found = self._judged(source, step.tree, change, whole=True)
        if len(self.patch.sections) > 1:
            _check_kept(step, parts, edits, found)
        return _Step(step.edits.then(edits), after, edited.tree, found.live, found.stale, own_names(found))

    def _first(self, live: Sequence[Occurrence]) -> Sequence[Occurrence]:
        """Lines that are missing, which others may need; then all but those that others still need to be found by."""
        if lines := [each for each in live if _is_line(each)]:
            return lines
        return [each for each in live if id(each.section) not in self._last] or live

    def _apart(self, source: Source, plans: Plans) -> list[Part]:
        """The parts of a change, their edits adjusted to each other where they meet."""
        every = [part for plan in plans for part in plan.every()]
        try:
            settled = iter(settle(source.text, [part.edits for part in every]))
        except ValueError:
            raise Overlap(plans[0].match.start) from None
        return [with_edits(part, settled) for part in plans]

    def _other_value(self, source: Source, stale: Occurrence) -> Part:
        return Part(stale.section.made, stale.match, Edits.of(self._values(source, stale.match)))

    def _values(self, source: Source, match: Match) -> Iterator[Edit]:
        for name in self.chosen:
            node = match.bindings.get(name)
            if isinstance(node, Node):
                new = parameter(self.parameters[name], node.parent, node, parenthesised(source.text, node))
                yield Edit(node.start, node.end, new)

    def _judged(self, source: Source, tree: Node, change: Change, *, whole: bool) -> tuple[Edited, Source, Survey]:
        """The text with the change, read again (to its end, if ``whole``) and judged. Raises Objection."""
        patch, edits = self.patch, change.edits
        after = Source(edits.apply(source.text), source.bom)
        at = change.parts[0].match.start
        try:
            lone = all(
                len(side.items) == 1 and not side.is_of_file
                for each in patch.sections
                for side in (each.minus, each.plus)
            )
            edited = parse_edited(tree, edits, after) if lone and not whole else Edited(parse(after))
        except (SyntaxProblem, TooDeep) as problem:
            raise Objection(f"what comes out could not be read: {problem}", at) from None
        matcher = Matcher(edited.tree, patch.equivalent, after.text)
        found = survey(patch, after, matcher, self.chosen, cures=self.cured, edited=True)
        old, new = Text(source.text, tree), Text(after.text, edited.tree, edited.skipped)
        inside = {id(part.section): part.section for each in change.parts for part in [*each.every()][1:]}
        nested = (
            Occurrence(section, match)
            for section in inside.values()
            if section.plus.items
            for match in matcher.matches(section.plus)
            if verbatim(section, match, after.text)
        )
        check(change, frozenset(self.parameters), old, new, (*found.made, *nested))
        for each in found.sections:
            if each.left is not None:
                removed = each.section.minus.quote(each.left.removed)
                raise Objection(f"`{removed}`, which it removes, would still stand there again", at)
        return edited, after, found


def own_names(found: Survey) -> frozenset[Node]:
    """The names in code of the patch's that is there already: those of the lines that it adds."""
    return frozenset(
        node
        for section, match in found.applied
        for pattern, node in match.pairs.items()
        if pattern.kind == "Identifier" and pattern.start not in section.context and isinstance(node, Node)
    )


def _part(
    section: Section, match: Match, renderer: Renderer, plan: Callable[[Section, Iterable[Match]], list[Part]]
) -> Part:
    """What to do at ``match`` and inside of it. Where places in there hold others, only the innermost are made.

    Raises Unsafe.
    """
    inside: list[Part] = []
    for within, places in match.inside.items() if section.nested else ():
        inner = innermost(places) if within in section.nested else ()
        if inner and len(inner) < len(places) and not stays_told(section, within):
            raise Unsafe.place(_NOT_TOLD, inner[0].items[0])
        inside += plan(section.nested[within], inner) if inner else ()
    edits = [] if match.made else renderer.edits(match)
    try:
        return Part(section.made if match.made else section, match, Edits.of(edits), tuple(inside))
    except ValueError:
        raise Overlap(match.start) from None


def _ways(parts: Iterable[Part]) -> list[Part]:
    """Those that come to the same edits count once."""
    ways: dict[Edits, Part] = {}
    for part in parts:
        try:
            ways.setdefault(part.all_edits(), part)
        except ValueError:
            raise Overlap(part.match.start) from None
    return list(ways.values())


def with_edits(part: Part, edits: Iterator[Edits]) -> Part:
    """``part`` and those inside with their next ``edits``, in the order of `Part.every`."""
    return part._replace(edits=next(edits), inside=tuple([with_edits(each, edits) for each in part.inside]))


def _is_line(each: Occurrence) -> bool:
    """Whether this is a line that is missing at the top of the file."""
    return each.section.how_many is HowMany.MISSING and bool(each.section.plus.items)


def _last(sections: Sequence[Section]) -> Iterator[int]:
    """The sections that are made last: those that take out code by which others are found."""
    for number, section in enumerate(sections):
        later = {name for each in sections[number + 1 :] for name in each.inherited}
        if section.leaves_nothing or later & (section.minus.metavariables - section.plus.metavariables):
            yield id(section)


def _check_kept(step: _Step, parts: Sequence[Part], edits: Edits, found: Survey) -> None:
    """Raises Objection where a place that calls for its edit, and is not edited yet, neither does so nor has it now."""
    edited = {(id(part.section.plus), part.match.start, part.match.end) for part in parts}
    calls = {(id(each.section.plus), each.start) for each in (*found.live, *found.stale, *found.made)}
    for each in (*step.live, *step.stale):
        plus = id(each.section.plus)
        if (plus, each.start, each.end) not in edited and (plus, edits.moved(each.start)) not in calls:
            raise Objection("the places to change depend on each other", each.start)


class _Step(NamedTuple):
    """How far the rounds have got: the edits of the first text, the text after them, and what that still calls for.

    ``own`` are names in it that the patch has made.
    """

    edits: Edits
    after: Source
    tree: Node
    live: Sequence[Occurrence]
    stale: Sequence[Occurrence]
    own: Collection[Node]
