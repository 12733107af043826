"""What one patch finds in one tree: where it is called for, there already, or needless."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping
from typing import NamedTuple

from sio_patch.engine.find.done import changed_node, covers, is_captured, new_names
from sio_patch.engine.find.excuse import excuses
from sio_patch.engine.find.found import Match
from sio_patch.engine.find.leftover import Leftover, leftovers
from sio_patch.engine.find.match import Matcher, may_match
from sio_patch.engine.find.spans import Spans
from sio_patch.engine.find.verbatim import verbatim
from sio_patch.engine.language.align import same_code
from sio_patch.engine.language.compiled import Pattern, SemanticPatch
from sio_patch.engine.source import Source
from sio_patch.engine.tree.node import Node


class Cure(NamedTuple):
    """What makes the patch needless. ``form`` counts the fixed forms; None is the patch itself in other words."""

    form: int | None
    match: Match
    at: Node


class Survey(NamedTuple):
    """``live`` places call for the edit. At ``stale`` ones a chosen parameter of the patch has another value.

    ``left`` is code that the patch removes and that still stands at a place that otherwise reads as applied.
    ``unexplained`` are places that the patch is about and that none of its forms match.
    """

    live: tuple[Match, ...]
    applied: tuple[Match, ...]
    stale: tuple[Match, ...]
    cured: tuple[Cure, ...]
    left: Leftover | None
    unexplained: tuple[Match, ...]


def survey(
    patch: SemanticPatch,
    source: Source,
    matcher: Matcher,
    chosen: Mapping[str, Node],
    *,
    cures: bool,
    edited: bool = False,
) -> Survey:
    """Looks for both slices and, with ``cures``, for the fixed forms. ``chosen`` are parameters whose value matters.

    Of an ``edited`` text it is the judge that asks what the names in it mean.
    """
    text = source.text
    wanted = _matches(matcher, patch.minus, text)
    names = frozenset() if edited else new_names(patch)
    done = tuple(each for each in _matches(matcher, patch.plus, text) if not is_captured(names, each, matcher.scopes))
    fixed = tuple(Cure(form, match, _last_statement(match)) for form, match in _fixed(patch, matcher, text) if cures)
    live = _live(patch, matcher, wanted, done, Spans(cure.match for cure in fixed))
    own, reworded = _divided(done, lambda match: verbatim(patch, match, text))
    stale, applied = _divided(own, lambda match: _differs(match, chosen))
    unmade = Spans(live)
    settled = (match for match in done if not unmade.overlaps(match))
    known = Spans([*wanted, *done, *(cure.match for cure in fixed)])
    sites = (match for pattern in patch.sites if cures and known for match in matcher.matches(pattern))
    return Survey(
        live=live,
        applied=applied,
        stale=stale,
        cured=(*(Cure(None, match, changed_node(patch.ops, match)) for match in reworded), *fixed),
        left=next((left for match in settled for left in leftovers(patch, match, matcher)), None),
        unexplained=tuple(match for match in sites if not known.overlaps(match)),
    )


def _live(
    patch: SemanticPatch, matcher: Matcher, wanted: Iterable[Match], done: Iterable[Match], cures: Spans
) -> tuple[Match, ...]:
    """Those of ``wanted`` where the patch has not been made, and that no fixed form excuses."""
    made = Spans(done)
    bare = (match for match in wanted if not any(covers(patch.ops, near, match, matcher) for near in made.near(match)))
    return tuple(match for match in bare if not any(excuses(cure, match, patch, matcher) for cure in cures.near(match)))


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
    return max(found, key=lambda pair: pair[0])[1] if found else match.items[0]
