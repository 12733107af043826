"""One patch against one source: what is there, and the edits that it calls for, checked. The engine's front door."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping, Sequence
from functools import lru_cache
from itertools import groupby

from sio_patch.engine.edits import Edits
from sio_patch.engine.find.done import changed_node
from sio_patch.engine.find.explain import hidden, nearest, unmet
from sio_patch.engine.find.found import Match, Occurrence, TooComplex
from sio_patch.engine.find.leftover import Leftover
from sio_patch.engine.find.match import Matcher, may_concern, may_match
from sio_patch.engine.find.survey import Cure, Survey, survey
from sio_patch.engine.judge.change import Objection
from sio_patch.engine.language.options import HowMany
from sio_patch.engine.outcome import NO_VALUES, Absent, Applied, Fixed, NeedsPatch, Outcome, Refused
from sio_patch.engine.pattern import Section, SemanticPatch, compile_pattern, reversed_patch
from sio_patch.engine.rounds import Overlap, Rounds, own_names
from sio_patch.engine.source import Place, Source
from sio_patch.engine.tree.node import Node
from sio_patch.engine.tree.parse import SyntaxProblem, TooDeep, parse
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
    if not may_concern(patch, source.text):
        return _lacking(patch.names, source)
    try:
        return _Assessment(patch, source, parameters, chosen).outcome()
    except SyntaxProblem as problem:
        return Refused(Reason.UNPARSEABLE, f"this is not JavaScript that can be read: {problem.message}", problem.place)
    except (TooDeep, TooComplex) as problem:
        return Refused(Reason.TOO_COMPLEX, str(problem), None)


def reverse(patch: SemanticPatch) -> SemanticPatch:
    """The patch that takes out what ``patch`` puts in."""
    return reversed_patch(patch)


def reversals(patch: SemanticPatch) -> tuple[SemanticPatch, ...]:
    """As ``reverse``; and, where the patch adds lines that are missing, one that leaves them: they may have been there.

    Raises PatternError.
    """
    has_lines = any(each.how_many is HowMany.MISSING for each in patch.sections)
    has_more = any(each.how_many is not HowMany.MISSING for each in patch.sections)
    first = reversed_patch(patch)
    return (first, reversed_patch(patch, all_lines=False)) if has_lines and has_more else (first,)


@lru_cache(1)
def _parsed(source: Source) -> Node:
    """Several patches are asked about one text, one after the other; and nothing writes to a tree."""
    return parse(source)


def _lacking(names: Collection[str], source: Source) -> Absent:
    """The file lacks some of the names that the patch is about."""
    missing = sorted(name for name in names if name not in source.text)
    what = ", ".join(f"`{name}`" for name in missing) or "the code that the patch is about"
    return Absent(f"the file does not contain {what}", None)


class _Assessment:
    def __init__(
        self, patch: SemanticPatch, source: Source, parameters: Mapping[str, str], chosen: Collection[str]
    ) -> None:
        self.patch = patch
        self.source = source
        self.parameters = parameters
        self.chosen = {name: compile_pattern(parameters[name]).items[0] for name in chosen}

    def outcome(self) -> Outcome:
        patch, source = self.patch, self.source
        tree = _parsed(source)
        matcher = Matcher(tree, patch.equivalent, source.text)
        found = survey(patch, source, matcher, self.chosen, cures=True)
        if found.unexplained:
            return self._unexplained(found.unexplained[0])
        for each in found.sections:
            if each.left is not None:
                return self._left(each.section, each.left)
        if found.live or found.stale:
            return self._changed(found, matcher)
        if found.is_made:
            beside = (each for each in found.applied if each.section.how_many is not HowMany.MISSING)
            section, match = next(beside, found.applied[0])
            return Applied(source.place(changed_node(section.ops, match).start), self._values(found.applied))
        if found.cured:
            cure = found.cured[0]
            return Fixed(cure.form, source.place(cure.at.start), self._values([cure]))
        return self._absent(found, matcher)

    def _unexplained(self, site: Match) -> Refused:
        place = self.source.place(site.start)
        message = (
            f"the code is there, but what the patch is about stands again, at line {place.line}, in a shape that "
            "the patch does not know. Look which of the two is in force, and edit it by hand"
        )
        return Refused(Reason.AMBIGUOUS, message, place)

    def _left(self, section: Section, left: Leftover) -> Refused:
        place, pattern = self.source.place(left.node.start), section.minus
        line, code = pattern.place(left.removed).line, pattern.quote(left.removed)
        message = (
            f"the patch removes `{code}` (its line {line}), and that still stands at line {place.line}, in a place "
            "where the patch does not look for it. Look whether it is to go there too, and edit it by hand"
        )
        return Refused(Reason.UNSAFE_PLACE, message, place)

    def _absent(self, found: Survey, matcher: Matcher) -> Outcome:
        """Why it is not there: said of the first section that is not found, or not with what is bound before it."""
        section = next((each.section for each in found.sections if not each.is_found), None)
        if section is None:
            return Absent("nothing of what the patch changes is there", None)
        pattern, source = section.minus, self.source
        matches, miss, ruled_out = matcher.explained(pattern)  # once more, to learn how far it got
        if matches and len(self.patch.sections) > 1:
            said = f"the code of the section of line {section.line} is there, but not with what earlier sections bind"
            return Absent(said, source.place(matches[0].start))
        if miss is None and ruled_out is None and len(self.patch.sections) > 1:
            return Absent(f"nothing in the file resembles the code of the section of line {section.line}", None)
        if matches and not may_match(pattern, source.text):
            return _lacking(pattern.names, source)  # its names are spelt with escapes that nobody looks for
        if matches:
            raise InternalError("a search found something that it had not found before")
        if ruled_out is not None:
            return unmet(ruled_out, source)
        trouble = None if miss is None else hidden(pattern, miss, matcher)
        if trouble is None:
            return nearest(pattern, miss, source)
        return Refused(Reason.UNSAFE_PLACE, trouble.message(pattern, source), source.place(trouble.node.start))

    def _values(self, found: Iterable[Occurrence | Cure]) -> Mapping[str, str]:
        """What the parameters are in the first of ``found`` that has them."""
        values: dict[str, str] = {}
        for bindings in (each.match.bindings for each in found):
            for name, node in ((name, bindings.get(name)) for name in self.parameters):
                if isinstance(node, Node):
                    values.setdefault(name, self.source.text[node.start : node.end])
        return values

    def _changed(self, found: Survey, matcher: Matcher) -> Outcome:
        """The edits that the file calls for, if there is one way to make them and nothing against it."""
        source = self.source
        rounds = Rounds(self.patch, self.parameters, self.chosen, cured=bool(found.cured))
        for each in found.sections:
            if each.rivals:
                return self._several(each.section, [source.place(match.start) for match in each.rivals])
        try:
            plans = rounds.plans(source, matcher.tree, found.live, own_names(found))
            for _, parts in groupby(plans, lambda part: part.section.plus):
                several = list(parts)
                if len(several) > 1 and several[0].section.how_many is HowMany.ONE:
                    places = [source.place(part.all_edits()[0].start) for part in several]
                    return self._several(several[0].section, places)
            edits, after = rounds.made(source, matcher.tree, found, plans)
        except Unsafe as problem:
            return self._against(problem.reason, f"cannot be edited safely: {problem.message}", problem.offset)
        except Objection as problem:
            said = f"the patch cannot be made safely: {problem.message}"
            return self._against(Reason.UNSAFE_PLACE, said, problem.offset)
        except Overlap as problem:
            return Refused(Reason.AMBIGUOUS, "the places to change overlap", source.place(problem.offset))
        first = after.place(_first_change(edits, after.text))
        return NeedsPatch(edits, after, first, self._insufficient(matcher) if found.live else None)

    def _insufficient(self, matcher: Matcher) -> Place | None:
        """Where something looks like a cure and is none."""
        for form in self.patch.insufficient:
            for match in matcher.matches(form):
                return self.source.place(match.start)
        return None

    def _against(self, reason: Reason, message: str, offset: int) -> Refused:
        place = self.source.place(min(offset, len(self.source.text)))
        return Refused(reason, f"the code is there, but {message}", place)

    def _several(self, section: Section, places: Sequence[Place]) -> Refused:
        lines = ", ".join(str(place.line) for place in places)
        lone = len(self.patch.sections) == 1
        what, whose = ("the code", "patch") if lone else (f"the code of the section of line {section.line}", "section")
        message = (
            f"{what} stands in {len(places)} places (lines {lines}); the {whose} is for one place. "
            "Look which is meant, and edit it by hand"
        )
        return Refused(Reason.AMBIGUOUS, message, places[0])


def _first_change(edits: Edits, text: str) -> int:
    """Past the line ending and the indentation that an insertion starts with."""
    edit = edits[0]
    position = edit.start
    while position < edit.start + len(edit.new) and text[position].isspace():
        position += 1
    return min(position, len(text))
