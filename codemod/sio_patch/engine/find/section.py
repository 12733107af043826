"""What one section finds in a file, given what earlier sections bind: where it calls for its edit, and where it has it.

Places are told apart as they are with one section: an edit that is there covers the place that asks for it, a fixed
form excuses the place at which it stands.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from typing import NamedTuple

from sio_patch.engine.find.done import uncaptured
from sio_patch.engine.find.excuse import excuses
from sio_patch.engine.find.found import Bound, Env, Match
from sio_patch.engine.find.live import live
from sio_patch.engine.find.match import Matcher, may_match
from sio_patch.engine.find.spans import Spans
from sio_patch.engine.find.steps import Steps
from sio_patch.engine.find.toplines import at_top
from sio_patch.engine.find.verbatim import verbatim
from sio_patch.engine.language.alike import same_code
from sio_patch.engine.language.compiled import Pattern, Section
from sio_patch.engine.language.options import HowMany
from sio_patch.engine.tree.node import Node


class Inquiry(NamedTuple):
    """What a text is asked, and with what. ``chosen`` are parameters whose value matters, ``cures`` what excuses.

    Of an ``edited`` text it is the judge that asks what the names in it mean. The sections of a patch share the
    ``steps`` of their searches: the first for the minus slices, the second for the plus slices.
    """

    matcher: Matcher
    text: str
    chosen: Mapping[str, Node]
    cures: Spans
    edited: bool
    steps: tuple[Steps, Steps]


class Known(NamedTuple):
    """What earlier sections say to later ones. ``lost`` metavariables stood for code that has gone: what an earlier
    section, which has been made, has taken out.
    """

    bindings: Mapping[str, Bound]
    lost: frozenset[str]


NOTHING_KNOWN = Known({}, frozenset())


class Places(NamedTuple):
    """Where a section is found. ``wanted`` are the matches of its minus slice, of which the ``live`` call for the edit.

    ``done`` are those of its plus slice. At ``applied`` ones it is there as the patch writes it, at ``reworded`` ones
    in other words; at ``stale`` ones a chosen parameter has another value.
    """

    wanted: tuple[Match, ...]
    done: tuple[Match, ...] = ()
    live: tuple[Match, ...] = ()
    applied: tuple[Match, ...] = ()
    stale: tuple[Match, ...] = ()
    reworded: tuple[Match, ...] = ()


def places(section: Section, asked: Inquiry, known: Known) -> Places:
    """Where ``section`` is found, given what is ``known``.

    What a metavariable stood for that is lost may be anything in what was made of it, and cannot be put in anew. Where
    an earlier section was not found at all, what would need its metavariables is not there either.
    Raises TooComplex.
    """
    if section.how_many is HowMany.MISSING:
        return _lines(section, asked, known)
    env = Env({name: known.bindings[name] for name in section.inherited & known.bindings.keys()})
    unbound = section.inherited - known.bindings.keys()
    wanted: tuple[Match, ...] = ()
    done: tuple[Match, ...] = ()
    if unbound.isdisjoint(section.minus.speaks_of | section.plus.metavariables):
        wanted = _matches(section.minus, asked, env, asked.steps[0])
    if not section.ops:
        return Places(wanted)
    if unbound.isdisjoint(section.plus.metavariables - known.lost):
        done = made(section, asked, env)
    own, reworded = _divided(done, lambda match: verbatim(section, match, asked.text))
    stale, applied = _divided(own, lambda match: _differs(match, asked.chosen))
    return Places(wanted, done, _live(section, asked, wanted, done), applied, stale, reworded)


def made(section: Section, asked: Inquiry, known: Env) -> tuple[Match, ...]:
    """Where the plus slice stands, with the patch's own names in it."""
    if not section.plus.items:
        return ()
    if section.leaves_nothing:
        return ()
    found = _matches(section.plus, asked, known, asked.steps[1])
    return found if asked.edited else uncaptured(section, found, asked.matcher.scopes)


def _divided(matches: Iterable[Match], holds: Callable[[Match], bool]) -> tuple[tuple[Match, ...], tuple[Match, ...]]:
    """Those for which it holds, and the others."""
    yes, no = list[Match](), list[Match]()
    for match in matches:
        (yes if holds(match) else no).append(match)
    return tuple(yes), tuple(no)


def _lines(section: Section, asked: Inquiry, known: Known) -> Places:
    """Whether a line is missing at the top of the file; in a reversed patch, which is to go."""
    if not section.inherited <= known.bindings.keys():
        return Places(())
    env = Env({name: known.bindings[name] for name in section.inherited})
    there = at_top(section.plus if section.plus.items else section.minus, asked.matcher, env, asked.steps[1])
    if not section.plus.items:
        whole = tuple(match for match in there if match.pairs)
        return Places(whole, live=whole)
    nowhere = Match(asked.matcher.tree, (), env.bindings, {})
    return Places((), there, () if there else (nowhere,), there)


def _matches(pattern: Pattern, asked: Inquiry, known: Env, steps: Steps) -> tuple[Match, ...]:
    return asked.matcher.matches(pattern, known, steps) if may_match(pattern, asked.text) else ()


def _live(section: Section, asked: Inquiry, wanted: Sequence[Match], done: Sequence[Match]) -> tuple[Match, ...]:
    """Where the section has not been made, and no fixed form excuses it."""
    bare, cures = live(section, wanted, done, asked.matcher), asked.cures
    return tuple(
        each for each in bare if not any(excuses(cure, each, section, asked.matcher) for cure in cures.near(each))
    )


def _differs(match: Match, chosen: Mapping[str, Node]) -> bool:
    """Whether a chosen value is written otherwise there. A name in it is the file's own, whatever it stands for."""
    values = ((match.bindings.get(name), value) for name, value in chosen.items())
    return any(isinstance(there, Node) and not same_code(there, value) for there, value in values)
