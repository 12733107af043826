"""What one patch finds in one tree: where it is called for, there already, or needless."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from functools import partial
from operator import attrgetter
from typing import NamedTuple

from sio_patch.engine.find.done import changed_node
from sio_patch.engine.find.found import Match, Occurrence, TooComplex
from sio_patch.engine.find.joined import Layer, Sign, counts, joined
from sio_patch.engine.find.leftover import Leftover, leftovers
from sio_patch.engine.find.match import Matcher, may_match
from sio_patch.engine.find.section import NOTHING_KNOWN, Inquiry, Known, Places, places
from sio_patch.engine.find.spans import Spans
from sio_patch.engine.find.steps import Steps
from sio_patch.engine.language.compiled import Section, SemanticPatch
from sio_patch.engine.language.options import HowMany
from sio_patch.engine.source import Source
from sio_patch.engine.tree.node import Node

_TO_DO = Sign.LIVE | Sign.LACKS


class Cure(NamedTuple):
    """What makes the patch needless. ``form`` counts the fixed forms; None is the patch itself in other words."""

    form: int | None
    match: Match
    at: Node


class SectionSurvey(NamedTuple):
    """What one section finds, as far as the others agree. ``live`` places call for the edit.

    ``applied`` ones have it as the patch writes it, ``reworded`` ones in other words; at ``stale`` ones a chosen
    parameter has another value. ``left`` is code that the section removes and that still stands at a place that
    otherwise reads as applied. ``rivals`` are two or more places, where the section is for one. It ``is_found`` where
    its own code is there, or need not be, whatever the later sections say.
    """

    section: Section
    live: tuple[Match, ...]
    applied: tuple[Match, ...]
    stale: tuple[Match, ...]
    reworded: tuple[Match, ...]
    left: Leftover | None
    rivals: tuple[Match, ...]
    is_found: bool


class Survey(NamedTuple):
    """What a patch finds: the surveys of its sections, in their order, and what is said of the file as a whole.

    ``is_made``: all sections are there as the patch writes them. ``unexplained`` are places that the patch is about and
    that none of its forms match. ``made`` are the places of the plus slices, each section's by itself.
    """

    sections: tuple[SectionSurvey, ...]
    is_made: bool
    cured: tuple[Cure, ...]
    unexplained: tuple[Match, ...]
    made: tuple[Occurrence, ...]

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
    steps = (Steps(matcher.cap), Steps(matcher.cap))
    asked = Inquiry(matcher, text, chosen, Spans(cure.match for cure in fixed), edited, steps)
    layers = joined(patch.sections, partial(_places, asked, patch), matcher.same)
    surveys = tuple(_surveyed(layer, matcher, edited=edited) for layer in layers)
    reworded = (Cure(None, match, changed_node(each.section.ops, match)) for each in surveys for match in each.reworded)
    beside = (layer for layer in layers if layer.section.how_many is not HowMany.MISSING)
    found = (match for layer in beside for each in layer.places for match in (*each.wanted, *each.done))
    known = Spans([*found, *(cure.match for cure in fixed)])
    sites = (match for pattern in patch.sites if cures and known for match in matcher.matches(pattern))
    return Survey(
        sections=surveys,
        is_made=any(_is_made(way) for _, ways in layers[0].finds for way in ways),
        cured=(*reworded, *fixed),
        unexplained=tuple(match for match in sites if not known.overlaps(match)),
        made=tuple(_made(layers, asked)) if edited else (),
    )


def _places(asked: Inquiry, patch: SemanticPatch, section: Section, known: Known) -> Places:
    try:
        return places(section, asked, known)
    except TooComplex as problem:
        raise problem if len(patch.sections) == 1 else problem.of(section.line) from None


def _surveyed(layer: Layer, matcher: Matcher, *, edited: bool) -> SectionSurvey:
    section = layer.section
    found: dict[Sign, dict[int, Match]] = {}
    for find, ways in layer.finds:
        if find.match is not None and any(map(counts, ways)):
            found.setdefault(_kind(find.sign), {})[id(find.match)] = find.match
    live, applied, stale, reworded = (
        tuple(found.get(kind, {}).values()) for kind in (Sign.LIVE, Sign.MADE, Sign.STALE, Sign.REWORDED)
    )
    unmade = Spans(live)
    done = (match for each in layer.places for match in each.done) if edited else (*applied, *stale, *reworded)
    settled = (match for match in done if not unmade.overlaps(match))
    left = next((left for match in settled for left in leftovers(section, match, matcher)), None)
    return SectionSurvey(section, live, applied, stale, reworded, left, _rivals(layer), layer.is_found)


def _is_made(way: Sign) -> bool:
    return counts(way) and not way & (_TO_DO | Sign.STALE | Sign.REWORDED)


def _kind(sign: Sign) -> Sign:
    if sign & _TO_DO:
        return Sign.LIVE
    kinds = (kind for kind in (Sign.STALE, Sign.REWORDED) if kind in sign)
    return next(kinds, Sign.MADE if sign & (Sign.MADE | Sign.HAS) else Sign.SHOWN)


def _rivals(layer: Layer) -> tuple[Match, ...]:
    """Finds of a section for one place that lead to edits, each with another meaning or at another place of context."""
    if layer.section.how_many is not HowMany.ONE:
        return ()
    found: dict[object, Match] = {}
    for find, ways in layer.finds:
        if find.match is not None and any(way & _TO_DO and counts(way) for way in ways):
            span = None if layer.section.ops else (find.match.start, find.match.end)
            found.setdefault((find.after, span), find.match)
    return tuple(sorted(found.values(), key=attrgetter("start"))) if len(found) > 1 else ()


def _made(layers: Sequence[Layer], asked: Inquiry) -> Iterator[Occurrence]:
    """Where each section's plus slice stands as the patch writes it, whatever earlier sections bind."""
    for layer in layers:
        section = layer.section
        found = [each.applied for each in layer.places]
        if section.inherited:
            found = [places(section._replace(inherited=frozenset()), asked, NOTHING_KNOWN).applied]
        yield from (Occurrence(section, match) for matches in found for match in matches)


def _fixed(patch: SemanticPatch, matcher: Matcher, text: str) -> Iterator[tuple[int, Match]]:
    for form, pattern in enumerate(patch.fixed):
        for match in matcher.matches(pattern) if may_match(pattern, text) else ():
            yield form, match


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
