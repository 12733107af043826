"""What one patch finds in one tree: where it is called for, there already, or needless."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping
from typing import NamedTuple

from sio_patch.engine.find.done import changed_node, uncaptured
from sio_patch.engine.find.excuse import excuses
from sio_patch.engine.find.found import Match, Occurrence
from sio_patch.engine.find.leftover import Leftover, leftovers
from sio_patch.engine.find.live import live
from sio_patch.engine.find.match import Matcher, may_match
from sio_patch.engine.find.spans import Spans
from sio_patch.engine.find.verbatim import verbatim
from sio_patch.engine.language.alike import same_code
from sio_patch.engine.language.compiled import Pattern, Section, SemanticPatch
from sio_patch.engine.source import Source
from sio_patch.engine.tree.node import Node


class Cure(NamedTuple):
    """What makes the patch needless. ``form`` counts the fixed forms; None is the patch itself in other words."""

    form: int | None
    match: Match
    at: Node


class SectionSurvey(NamedTuple):
    """What one section finds. ``live`` places call for the edit.

    ``applied`` ones have it as the patch writes it, ``reworded`` ones in other words; at ``stale`` ones a chosen
    parameter has another value. ``left`` is code that the section removes and that still stands at a place that
    otherwise reads as applied.
    """

    section: Section
    live: tuple[Match, ...]
    applied: tuple[Match, ...]
    stale: tuple[Match, ...]
    reworded: tuple[Match, ...]
    left: Leftover | None


class Survey(NamedTuple):
    """What a patch finds: the surveys of its sections, in their order, and what is said of the file as a whole.

    ``unexplained`` are places that the patch is about and that none of its forms match.
    """

    sections: tuple[SectionSurvey, ...]
    cured: tuple[Cure, ...]
    unexplained: tuple[Match, ...]

    @property
    def live(self) -> tuple[Occurrence, ...]:
        return tuple(Occurrence(each.section, match) for each in self.sections for match in each.live)

    @property
    def stale(self) -> tuple[Occurrence, ...]:
        return tuple(Occurrence(each.section, match) for each in self.sections for match in each.stale)

    @property
    def applied(self) -> tuple[Occurrence, ...]:
        return tuple(Occurrence(each.section, match) for each in self.sections for match in each.applied)


def survey(
    patch: SemanticPatch,
    source: Source,
    matcher: Matcher,
    chosen: Mapping[str, Node],
    *,
    cures: bool,
    edited: bool = False,
) -> Survey:
    """Looks for the slices of each section and, with ``cures``, for the fixed forms. ``chosen`` are parameters whose
    value matters.

    Of an ``edited`` text it is the judge that asks what the names in it mean.
    """
    text = source.text
    fixed = tuple(Cure(form, match, _last_statement(match)) for form, match in _fixed(patch, matcher, text) if cures)
    places = tuple(_found(section, text, matcher, edited=edited) for section in patch.sections)
    cured = Spans(cure.match for cure in fixed)
    sections = tuple(_surveyed(each, text, matcher, chosen, cured) for each in places)
    reworded = (
        Cure(None, match, changed_node(each.section.ops, match)) for each in sections for match in each.reworded
    )
    found = (match for each in places for match in (*each.wanted, *each.done))
    known = Spans([*found, *(cure.match for cure in fixed)])
    sites = (match for pattern in patch.sites if cures and known for match in matcher.matches(pattern))
    return Survey(
        sections=sections,
        cured=(*reworded, *fixed),
        unexplained=tuple(match for match in sites if not known.overlaps(match)),
    )


class _Found(NamedTuple):
    """Where the two slices of a section match."""

    section: Section
    wanted: tuple[Match, ...]
    done: tuple[Match, ...]


def _found(section: Section, text: str, matcher: Matcher, *, edited: bool) -> _Found:
    wanted = _matches(matcher, section.minus, text)
    done = () if section.plus.says_nothing else _matches(matcher, section.plus, text)
    return _Found(section, wanted, done if edited else uncaptured(section, done, matcher.scopes))


def _surveyed(found: _Found, text: str, matcher: Matcher, chosen: Mapping[str, Node], cures: Spans) -> SectionSurvey:
    section, wanted, done = found
    bare = live(section, wanted, done, matcher)
    asked = tuple(
        match for match in bare if not any(excuses(cure, match, section, matcher) for cure in cures.near(match))
    )
    own, reworded = _divided(done, lambda match: verbatim(section, match, text))
    stale, applied = _divided(own, lambda match: _differs(match, chosen))
    unmade = Spans(asked)
    settled = (match for match in done if not unmade.overlaps(match))
    left = next((left for match in settled for left in leftovers(section, match, matcher)), None)
    return SectionSurvey(section, asked, applied, stale, reworded, left)


def _divided(matches: Iterable[Match], holds: Callable[[Match], bool]) -> tuple[tuple[Match, ...], tuple[Match, ...]]:
    """Those for which it holds, and the others."""
    yes, no = list[Match](), list[Match]()
    for match in matches:
        (yes if holds(match) else no).append(match)
    return tuple(yes), tuple(no)


def _fixed(patch: SemanticPatch, matcher: Matcher, text: str) -> Iterator[tuple[int, Match]]:
    for form, pattern in enumerate(patch.fixed):
        for match in _matches(matcher, pattern, text):
            yield form, match


def _matches(matcher: Matcher, pattern: Pattern, text: str) -> tuple[Match, ...]:
    return matcher.matches(pattern) if may_match(pattern, text) else ()


def _differs(match: Match, chosen: Mapping[str, Node]) -> bool:
    """Whether a chosen value is written otherwise there. A name in it is the file's own, whatever it stands for."""
    values = ((match.bindings.get(name), value) for name, value in chosen.items())
    return any(isinstance(there, Node) and not same_code(there, value) for there, value in values)


def _last_statement(match: Match) -> Node:
    """The user's statement for the last statement of a fixed form: the cure itself, as these are written."""
    found = [
        (pattern.start, node)
        for pattern, node in match.pairs.items()
        if isinstance(node, Node)
        and node.parent is not None
        and any(node is item for item in node.parent.statements() or ())
    ]
    found += [(within.start, _last_statement(places[0])) for within, places in match.inside.items() if places]
    return max(found, key=lambda pair: pair[0])[1] if found else match.items[0]
