"""One patch against one source: what is there, and the edits that it calls for, checked. The engine's front door."""

from __future__ import annotations

from collections.abc import Mapping
from types import MappingProxyType
from typing import NamedTuple

from sio_patch.engine.align import Delete, Insert, Op, Replace, same_code
from sio_patch.engine.edits import Edits
from sio_patch.engine.explain import hidden, nearest
from sio_patch.engine.match import Match, Matcher, TooComplex, may_match
from sio_patch.engine.outcome import Absent, Applied, Fixed, NeedsPatch, Outcome, Reason, Refused
from sio_patch.engine.pattern import SemanticPatch, compile_pattern, reversed_patch
from sio_patch.engine.render import Unsafe, render
from sio_patch.engine.reparse import parse_edited
from sio_patch.engine.source import Source
from sio_patch.engine.syntax import STATEMENT_LISTS, Node, SyntaxProblem, TooDeep, parse

NO_PARAMETERS: Mapping[str, str] = MappingProxyType({})


class InternalError(AssertionError):
    """The tool's own output did not check out: a fault of sio-patch, never of the file. Nothing may be written."""


class _Survey(NamedTuple):
    """What one patch finds in one tree. ``live`` are the places that call for the edit."""

    live: tuple[Match, ...]
    applied: tuple[Match, ...]
    fixed: tuple[tuple[int, Match], ...]


def assess(patch: SemanticPatch, source: Source, parameters: Mapping[str, str] = NO_PARAMETERS) -> Outcome:
    """What ``patch`` finds in ``source``: an outcome, whatever the text. Raises InternalError alone.

    ``parameters`` give the text of metavariables that the patch's user sets.
    """
    if not any(may_match(pattern, source.text) for pattern in (patch.minus, patch.plus, *patch.fixed)):
        missing = sorted(name for name in patch.names if name not in source.text)
        return Absent(f"the file does not contain {', '.join(f'`{name}`' for name in missing)}", None)
    try:
        return _Assessment(patch, source, parameters).outcome()
    except SyntaxProblem as problem:
        return Refused(Reason.UNPARSEABLE, f"this is not JavaScript that can be read: {problem.message}", problem.place)
    except (TooDeep, TooComplex) as problem:
        return Refused(Reason.TOO_COMPLEX, str(problem), None)


def reverse(patch: SemanticPatch) -> SemanticPatch:
    """The patch that takes out what ``patch`` puts in."""
    return reversed_patch(patch)


class _Assessment:
    def __init__(self, patch: SemanticPatch, source: Source, parameters: Mapping[str, str]) -> None:
        self.patch = patch
        self.source = source
        self.parameters = parameters
        self.bound = {name: compile_pattern(text).items[0] for name, text in parameters.items()}

    def outcome(self) -> Outcome:
        patch, source = self.patch, self.source
        tree = parse(source)
        matcher = Matcher(tree, patch.equivalent, self.bound)
        survey = self._survey(matcher)
        if survey.live:
            return self._needs_patch(survey.live, tree)
        if survey.applied:
            return Applied(source.place(_changed_at(patch.ops, survey.applied[0])))
        if survey.fixed:
            form, match = survey.fixed[0]
            return Fixed(form, source.place(_last_statement(match).start))
        for _ in matcher.matches(patch.minus):  # once more, to learn how far it got
            raise InternalError("a search found something that it had not found before")
        miss = matcher.nearest
        trouble = None if miss is None else hidden(patch.minus, miss, matcher)
        if miss is not None and trouble is not None:
            return Refused(Reason.UNSAFE_PLACE, trouble.message(patch.minus, source), source.place(trouble.node.start))
        return nearest(patch.minus, miss, source)

    def _survey(self, matcher: Matcher, *, fixed: bool = True) -> _Survey:
        patch = self.patch
        text = self.source.text
        wanted = list(matcher.matches(patch.minus)) if may_match(patch.minus, text) else []
        applied = list(matcher.matches(patch.plus)) if may_match(patch.plus, text) else []
        live = [match for match in wanted if not any(_covers(patch.ops, done, match) for done in applied)]
        forms = [
            (number, match)
            for number, form in enumerate(patch.fixed)
            if fixed and may_match(form, text)
            for match in matcher.matches(form)
        ]
        live = [match for match in live if not any(_overlap(match, cured) for _, cured in forms)]
        return _Survey(tuple(live), tuple(applied), tuple(forms))

    def _needs_patch(self, live: tuple[Match, ...], tree: Node) -> Outcome:
        patch, source = self.patch, self.source
        plans: dict[Edits, Match] = {}
        try:
            for match in live:
                found = Edits.of(render(patch.ops, patch.plus.text, source.text, match, self.parameters))
                plans.setdefault(found, match)
        except Unsafe as problem:
            message = f"the code is there, but cannot be edited safely: {problem.message}"
            return Refused(problem.reason, message, source.place(problem.offset))
        if len(plans) > 1 and patch.matches != "all":
            places = [source.place(edits.items[0].start) for edits in plans]
            lines = ", ".join(str(place.line) for place in places)
            return Refused(
                Reason.AMBIGUOUS,
                f"the code stands in {len(plans)} places (lines {lines}); the patch is for one",
                places[0],
            )
        try:
            edits = Edits.of(edit for plan in plans for edit in plan)
        except ValueError:
            place = source.place(live[0].start)
            return Refused(Reason.AMBIGUOUS, "the places to change overlap each other", place)
        after = Source(edits.apply(source.text), source.bom)
        self._check(edits, after, tree)
        return NeedsPatch(edits, after, after.place(_first_change(edits, after.text)))

    def _check(self, edits: Edits, after: Source, before: Node) -> None:
        """The promise of every edit: it parses, reads as applied at the same place, and nothing else has changed."""
        if edits.inverse(self.source.text).apply(after.text) != self.source.text:
            raise InternalError("the edits do not undo")
        try:
            lone = len(self.patch.minus.items) == len(self.patch.plus.items) == 1
            tree = parse_edited(before, edits, after) if lone else parse(after)
        except (SyntaxProblem, TooDeep) as problem:
            raise InternalError(f"the patched text does not parse: {problem}") from None
        again = _Assessment(self.patch, after, self.parameters)
        survey = again._survey(Matcher(tree, self.patch.equivalent, self.bound), fixed=False)
        if survey.live:
            raise InternalError("the patched text still calls for the edit")
        if not any(_touched(self.patch.ops, match, edits) for match in survey.applied):
            raise InternalError("the patched text does not read as applied at the place of the edit")


def _covers(ops: tuple[Op, ...], applied: Match, wanted: Match) -> bool:
    """Whether a match of the plus slice shows that every operation has been done where the minus slice asks for it."""
    return all(_done(op, applied, wanted) for op in ops)


def _done(op: Op, applied: Match, wanted: Match) -> bool:
    if isinstance(op, Delete):
        return False  # what is to go is still there
    if isinstance(op, Replace):
        if _narrows(op):
            return False
        kept = [node for node in op.new.walk() if same_code(node, op.old)]  # put round: the old code is still inside
        there = wanted.pairs.get(op.old)
        return any(applied.pairs.get(node) is there for node in (op.new, *kept))
    owner = wanted.owner if op.owner is None else wanted.pairs.get(op.owner)
    owner_there = applied.owner if op.owner_twin is None else applied.pairs.get(op.owner_twin)
    if owner is not owner_there:
        return False
    if op.owner is not None and op.owner.kind not in STATEMENT_LISTS:
        return True  # a comma list takes an addition once, wherever its gaps end
    anchor = None if op.anchor is None else wanted.pairs.get(op.anchor)
    return anchor is (None if op.twin is None else applied.pairs.get(op.twin))


def _narrows(op: Op) -> bool:
    """Whether the code before is a special case of the code after, so that the latter matches both."""
    return isinstance(op, Replace) and op.new is not op.old and any(same_code(node, op.new) for node in op.old.walk())


def _overlap(one: Match, other: Match) -> bool:
    return one.start < other.end and other.start < one.end


def _changed_at(ops: tuple[Op, ...], match: Match) -> int:
    """Where the patch's own code stands in a match of the plus slice."""
    for op in ops:
        new = op.nodes[0] if isinstance(op, Insert) else op.new if isinstance(op, Replace) else None
        found = match.pairs.get(new) if new is not None else None
        if isinstance(found, Node):
            return found.start
    return match.start


def _last_statement(match: Match) -> Node:
    """The user's statement for the last statement of a fixed form: the cure itself, as these are written."""
    found = [
        (pattern.start, node)
        for pattern, node in match.pairs.items()
        if isinstance(node, Node)
        and node.parent is not None
        and any(node is item for item in node.parent.statements() or ())
    ]
    return max(found, key=lambda pair: pair[0])[1] if found else match.items[0]


def _touched(ops: tuple[Op, ...], match: Match, edits: Edits) -> bool:
    """Whether a match of the plus slice in the new text has the patch's code where the edits put it."""
    if all(isinstance(op, Delete) for op in ops):
        return any(match.owner.start <= edits.moved(edit.start) <= match.owner.end for edit in edits)
    position = _changed_at(ops, match)
    shift = 0
    for edit in edits:
        start = edit.start + shift
        if start <= position <= start + len(edit.new):
            return True
        shift += len(edit.new) - (edit.end - edit.start)
    return False


def _first_change(edits: Edits, text: str) -> int:
    """Past the line ending and the indentation that an insertion starts with."""
    edit = edits.items[0]
    position = edit.start
    while position < edit.start + len(edit.new) and text[position].isspace():
        position += 1
    return min(position, len(text))
