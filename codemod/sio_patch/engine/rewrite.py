"""One patch against one source: what is there, and the edits that it calls for, checked. The engine's front door."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from functools import lru_cache
from typing import NamedTuple

from sio_patch.engine.edits import Edit, Edits
from sio_patch.engine.find.done import changed_node
from sio_patch.engine.find.explain import hidden, nearest
from sio_patch.engine.find.found import Match, TooComplex
from sio_patch.engine.find.leftover import Leftover
from sio_patch.engine.find.match import Matcher, may_match
from sio_patch.engine.find.nesting import innermost, nesting
from sio_patch.engine.find.survey import survey
from sio_patch.engine.judge.judge import Objection, Place, Slices, Text, check
from sio_patch.engine.language.options import Matches
from sio_patch.engine.outcome import NO_VALUES, Absent, Applied, Fixed, NeedsPatch, Outcome, Refused
from sio_patch.engine.pattern import Pattern, SemanticPatch, compile_pattern, reversed_patch
from sio_patch.engine.source import Source
from sio_patch.engine.tree.node import Node
from sio_patch.engine.tree.parse import SyntaxProblem, TooDeep, parse
from sio_patch.engine.tree.reparse import Edited, parse_edited
from sio_patch.engine.write.render import render
from sio_patch.engine.write.seams import settle
from sio_patch.engine.write.template import parameter, parenthesised
from sio_patch.engine.write.unsafe import Unsafe
from sio_patch.verdict import Reason


class InternalError(AssertionError):
    """The tool's own output did not check out: a fault of sio-patch, never of the file. Nothing may be written."""


def assess(
    patch: SemanticPatch,
    source: Source,
    parameters: Mapping[str, str] = NO_VALUES,
    chosen: Collection[str] = frozenset(),
) -> Outcome:
    """What ``patch`` finds in ``source``: an outcome, whatever the text. Raises InternalError alone.

    ``parameters`` give the code to write for the patch's parameters. Where the patch is there with another value, that
    value stands, unless the parameter is ``chosen``: then it is changed in place.
    """
    if not any(may_match(pattern, source.text) for pattern in (patch.minus, patch.plus, *patch.fixed)):
        missing = sorted(name for name in patch.names if name not in source.text)
        return Absent(f"the file does not contain {', '.join(f'`{name}`' for name in missing)}", None)
    try:
        return _Assessment(patch, source, parameters, chosen).outcome()
    except SyntaxProblem as problem:
        return Refused(Reason.UNPARSEABLE, f"this is not JavaScript that can be read: {problem.message}", problem.place)
    except (TooDeep, TooComplex) as problem:
        return Refused(Reason.TOO_COMPLEX, str(problem), None)


def reverse(patch: SemanticPatch) -> SemanticPatch:
    """The patch that takes out what ``patch`` puts in."""
    return reversed_patch(patch)


@lru_cache(1)
def _parsed(source: Source) -> Node:
    """Several patches are asked about one text, one after the other; and nothing writes to a tree."""
    return parse(source)


class _Assessment:
    def __init__(
        self, patch: SemanticPatch, source: Source, parameters: Mapping[str, str], chosen: Collection[str]
    ) -> None:
        self.patch = patch
        self.source = source
        self.parameters = parameters
        self.cured = False  # whether another place of the file has a cure already
        self.chosen = {name: compile_pattern(parameters[name]).items[0] for name in chosen}

    def outcome(self) -> Outcome:
        patch, source = self.patch, self.source
        tree = _parsed(source)
        matcher = Matcher(tree, patch.equivalent, source.text)
        found = survey(patch, source, matcher, self.chosen, cures=True)
        self.cured = bool(found.cured)
        if found.unexplained:
            return self._unexplained(found.unexplained[0])
        if found.left:
            return self._left(found.left[0])
        if found.live:
            return self._needs_patch(found.live, matcher)
        if found.stale:
            return self._other_values(found.stale, tree)
        if found.applied:
            match = found.applied[0]
            return Applied(source.place(changed_node(patch.ops, match).start), self._values(match))
        if found.cured:
            cure = found.cured[0]
            return Fixed(cure.form, source.place(cure.at.start), self._values(cure.match))
        return self._absent(matcher)

    def _unexplained(self, site: Match) -> Refused:
        place = self.source.place(site.start)
        message = (
            f"the code is there, but what the patch is about stands again, at line {place.line}, in a shape that "
            "the patch does not know. Look which of the two is in force, and edit it by hand"
        )
        return Refused(Reason.AMBIGUOUS, message, place)

    def _left(self, left: Leftover) -> Refused:
        place, pattern = self.source.place(left.node.start), self.patch.minus
        line, code = pattern.place(left.removed).line, pattern.quote(left.removed)
        message = (
            f"the patch removes `{code}` (its line {line}), and that still stands at line {place.line}, in a place "
            "where the patch does not look for it. Look whether it is to go there too, and edit it by hand"
        )
        return Refused(Reason.UNSAFE_PLACE, message, place)

    def _absent(self, matcher: Matcher) -> Outcome:
        pattern, source = self.patch.minus, self.source
        matches, miss = matcher.explained(pattern)  # once more, to learn how far it got
        if matches:
            raise InternalError("a search found something that it had not found before")
        trouble = None if miss is None else hidden(pattern, miss, matcher)
        if trouble is None:
            return nearest(pattern, miss, source)
        return Refused(Reason.UNSAFE_PLACE, trouble.message(pattern, source), source.place(trouble.node.start))

    def _values(self, match: Match) -> Mapping[str, str]:
        """What the parameters are in a match."""
        nodes = ((name, match.bindings.get(name)) for name in self.parameters)
        return {name: self.source.text[node.start : node.end] for name, node in nodes if isinstance(node, Node)}

    def _other_values(self, stale: tuple[Match, ...], tree: Node) -> Outcome:
        places = [Place(match, Edits.of(self._values_written(match))) for match in stale]
        try:
            done = self._edited(self.source, tree, places, self.patch.plus, whole=False)
        except Objection as problem:
            return self._objected(problem)
        return self._planned(done.edits, done.after)

    def _values_written(self, match: Match) -> Iterator[Edit]:
        for name in self.chosen:
            node = match.bindings[name]
            if isinstance(node, Node):
                yield Edit(node.start, node.end, self._written(name, node))

    def _written(self, name: str, node: Node) -> str:
        return parameter(self.parameters[name], node.parent, node, parenthesised(self.source.text, node))

    def _needs_patch(self, live: tuple[Match, ...], matcher: Matcher) -> Outcome:
        patch, source = self.patch, self.source
        try:
            plans = self._plans(source, live)
            if len(plans) > 1 and patch.matches is not Matches.ALL:
                return self._several(plans)
            planned = self._inside_out(live if patch.matches is Matches.ALL else live[:1], matcher.tree)
        except Unsafe as problem:
            message = f"the code is there, but cannot be edited safely: {problem.message}"
            return Refused(problem.reason, message, source.place(min(problem.offset, len(source.text))))
        except Objection as problem:
            return self._objected(problem)
        except _Overlap:
            return Refused(Reason.AMBIGUOUS, "the places to change overlap", source.place(live[0].start))
        for form in patch.insufficient:
            for match in matcher.matches(form):
                return planned._replace(insufficient=source.place(match.start))
        return planned

    def _several(self, plans: Collection[Edits]) -> Refused:
        places = [self.source.place(edits[0].start) for edits in plans]
        lines = ", ".join(str(place.line) for place in places)
        message = (
            f"the code stands in {len(plans)} places (lines {lines}); the patch is for one place. "
            "Look which is meant, and edit it by hand"
        )
        return Refused(Reason.AMBIGUOUS, message, places[0])

    def _plans(self, source: Source, live: Iterable[Match]) -> Mapping[Edits, Match]:
        """What to do at each of ``live``; two ways to read one place that come to the same edits count once."""
        plans: dict[Edits, Match] = {}
        for match in live:
            found = Edits.of(render(self.patch.ops, self.patch.plus.text, source.text, match, self.parameters))
            plans.setdefault(found, match)
        return plans

    def _inside_out(self, live: tuple[Match, ...], tree: Node) -> NeedsPatch:
        """The edits at all of ``live``, in as many rounds as these lie inside each other.

        With ``-f($x)`` and ``+g($x)``, ``f(f(a))`` becomes ``f(g(a))``, is read again, and becomes ``g(g(a))``.
        """
        source, done = self.source, Edits()
        rounds = nesting(live)
        for _ in range(rounds):
            if not live:
                break  # what held the others no longer matches
            plans = self._plans(source, innermost(live))
            try:
                settled = settle(source.text, list(plans))
            except ValueError:
                raise _Overlap from None
            places = [Place(match, edits) for edits, match in zip(settled, plans.values(), strict=True)]
            step = self._edited(source, tree, places, self.patch.minus, whole=rounds > 1)
            source, tree, live, done = step.after, step.tree, step.live, done.then(step.edits)
        if live:
            raise Objection("the code would still call for the patch", min(live[0].start, len(self.source.text)))
        return self._planned(done, source)

    def _planned(self, edits: Edits, after: Source) -> NeedsPatch:
        return NeedsPatch(edits, after, after.place(_first_change(edits, after.text)))

    def _edited(self, source: Source, tree: Node, places: Sequence[Place], was: Pattern, *, whole: bool) -> _Step:
        """The edits of all ``places``, which match ``was`` in the ``tree`` of ``source``, heard by the judge.

        With ``whole`` the tree afterwards is complete. Raises Objection, and _Overlap.
        """
        patch = self.patch
        try:
            edits = Edits.of(edit for place in places for edit in place.edits)
        except ValueError:
            raise _Overlap from None
        after = Source(edits.apply(source.text), source.bom)
        if edits.inverse(source.text).apply(after.text) != source.text:
            raise InternalError("the edits do not undo")
        try:
            lone = len(patch.minus.items) == len(patch.plus.items) == 1
            edited = parse_edited(tree, edits, after) if lone and not whole else Edited(parse(after))
        except (SyntaxProblem, TooDeep) as problem:
            raise Objection(f"what comes out could not be read: {problem}", places[0].match.start) from None
        found = survey(patch, after, Matcher(edited.tree, patch.equivalent, after.text), self.chosen, cures=self.cured)
        old, new = Text(source.text, tree), Text(after.text, edited.tree, edited.skipped)
        check(Slices(was, patch.plus, frozenset(self.parameters)), old, new, places, edits, found.applied)
        if found.left:
            code = patch.minus.quote(found.left[0].removed)
            raise Objection(f"`{code}`, which it removes, would still stand there again", places[0].match.start)
        if found.stale:
            raise InternalError("the patched text still has another value")
        return _Step(edits, after, edited.tree, found.live)

    def _objected(self, problem: Objection) -> Refused:
        message = f"the code is there, but the patch cannot be made safely: {problem.message}"
        return Refused(Reason.UNSAFE_PLACE, message, self.source.place(min(problem.offset, len(self.source.text))))


class _Step(NamedTuple):
    """A text edited once: ``live`` are the places that it still calls for."""

    edits: Edits
    after: Source
    tree: Node
    live: tuple[Match, ...]


class _Overlap(ValueError):
    """Two places ask for edits of one piece of text, and neither lies inside the other."""


def _first_change(edits: Edits, text: str) -> int:
    """Past the line ending and the indentation that an insertion starts with."""
    edit = edits[0]
    position = edit.start
    while position < edit.start + len(edit.new) and text[position].isspace():
        position += 1
    return min(position, len(text))
