"""Which finds of a patch's sections go together: one name stands for the same code in all of them.

    var f = promisify(a), g = promisify(b);      ` var $x = promisify($y);` is found twice, with two meanings of $x
    g(1);                                        `-$x($...z)` is found under the second

A way leads through all the sections, with one find of each; where none is under what the finds before it bind, the way
ends. What the patch finds are the finds that lie on a whole way. Few meanings are told apart: those of names that a
later section uses.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from enum import IntFlag
from typing import NamedTuple

from sio_patch.engine.find.found import Bound, Match
from sio_patch.engine.find.section import NOTHING_KNOWN, Known, Places
from sio_patch.engine.language.compiled import Section
from sio_patch.engine.language.options import HowMany
from sio_patch.engine.tree.node import Node


class Sign(IntFlag):
    """What a find says of the patch."""

    SILENT = 0  # nothing is there, and nothing need be
    LIVE = 1
    MADE = 2  # here, or at another place of the same section
    REWORDED = 4
    STALE = 8  # with another value of a chosen parameter
    GONE = 16  # what a deletion takes out is nowhere
    SHOWN = 32  # context
    LACKS = 64  # a line is missing
    HAS = 128  # it is not


class Find(NamedTuple):
    """A section at one place (None: at no place, and none is needed), between what was known before and after it.

    ``before`` and ``after`` count the meanings of the names that are told apart there.
    """

    sign: Sign
    match: Match | None
    before: int
    after: int


class Layer(NamedTuple):
    """One section: its finds that lie on whole ways, each with what the ways through it say altogether.

    ``places`` is what it finds in all, under each meaning. It ``is_found`` where a way leads to it.
    """

    section: Section
    finds: tuple[tuple[Find, frozenset[Sign]], ...]
    places: tuple[Places, ...]
    is_found: bool


def joined(
    sections: Sequence[Section],
    places: Callable[[Section, Known], Places],
    same: Callable[[Bound, Bound], bool],
) -> tuple[Layer, ...]:
    """The whole ways. ``same`` says whether two pieces of code are the same."""
    known = _Meanings(same)
    known.add(NOTHING_KNOWN)
    layers: list[_Layer] = []
    lines = all(each.how_many is HowMany.MISSING for each in sections)
    lone = Sign.LIVE | Sign.MADE if lines else Sign.SILENT
    for number, section in enumerate(sections):
        later = frozenset(name for each in sections[number + 1 :] for name in each.inherited)
        after = _Meanings(same)
        there = _by_what_it_takes(section, known.all, places)
        finds = [
            find
            for before, (meaning, found) in enumerate(zip(known.all, there, strict=True))
            for find in _finds(section, found, before, _Onward(meaning, later, after), lone)
        ]
        layers.append(_Layer(section, finds, there))
        known = after
    return _whole(layers)


def _by_what_it_takes(
    section: Section, known: Sequence[Known], places: Callable[[Section, Known], Places]
) -> list[Places]:
    """What ``section`` finds under each meaning; asked once for those in which it takes the same from earlier ones."""
    asked: dict[object, Places] = {}
    found: list[Places] = []
    for each in known:
        taken = [(name, id(each.bindings[name])) for name in sorted(section.inherited & each.bindings.keys())]
        key = (*taken, each.lost & section.inherited)
        if key not in asked:
            asked[key] = places(section, each)
        found.append(asked[key])
    return found


def counts(way: Sign) -> bool:
    """Whether a whole way says something of the file.

    That code is nowhere says so only beside code that was made; that a line is missing, or is not, beside other code.
    """
    found = Sign.LIVE | Sign.MADE | (Sign.SHOWN if way & (Sign.LACKS | Sign.HAS) else Sign.SILENT)
    return bool(way & found) and (not way & Sign.GONE or bool(way & Sign.MADE))


class _Meanings:
    """What can be known at one point: few, where many finds bind the same."""

    def __init__(self, same: Callable[[Bound, Bound], bool]) -> None:
        self.all: list[Known] = []
        self._same = same
        self._alike: dict[object, list[int]] = {}

    def add(self, known: Known) -> int:
        """Its number."""
        alike = self._alike.setdefault(_outline(known), [])
        for number in alike:
            if all(self._same(value, self.all[number].bindings[name]) for name, value in known.bindings.items()):
                return number
        alike.append(len(self.all))
        self.all.append(known)
        return alike[-1]


def _outline(known: Known) -> object:
    """Equal for all that may be the same."""
    return known.lost, tuple(sorted((name, _shape(value)) for name, value in known.bindings.items()))


def _shape(value: Bound) -> tuple[str, ...]:
    nodes = (value,) if isinstance(value, Node) else value
    return tuple(f"{node.kind} {node.fields.get('name', '')}" for item in nodes for node in item.walk())


class _Onward(NamedTuple):
    """From what was known before a find to what is known after it."""

    known: Known
    later: frozenset[str]
    after: _Meanings

    def __call__(self, bindings: Mapping[str, Bound], lost: frozenset[str] = frozenset()) -> int:
        bound = {**self.known.bindings, **bindings}
        kept = {name: bound[name] for name in bound.keys() & self.later}
        gone = (name for name in (self.known.lost | lost) & self.later if name not in kept)
        return self.after.add(Known(kept, frozenset(gone)))


def _finds(section: Section, found: Places, before: int, onward: _Onward, lone: Sign) -> Iterator[Find]:
    """``lone``: what a line says that is missing, or is not, where the patch has nothing else."""
    if section.how_many is HowMany.MISSING:
        yield from _lines(section, found, before, onward, lone)
        return
    made = Sign.MADE if found.done else Sign.SILENT
    lost = section.minus.metavariables - section.plus.metavariables
    if not section.ops:
        for match in found.wanted:
            yield Find(Sign.SHOWN, match, before, onward(match.bindings))
    for match in found.live:
        yield Find(Sign.LIVE | made, match, before, onward(match.bindings))
    done = ((Sign.SILENT, found.applied), (Sign.STALE, found.stale), (Sign.REWORDED, found.reworded))
    for how, match in ((how, match) for how, matches in done for match in matches):
        yield Find(made | how, match, before, onward(match.bindings, lost))
    if not found.wanted and section.leaves_nothing and section.how_many is not HowMany.ANY:
        yield Find(Sign.GONE, None, before, onward({}))
    elif section.how_many is HowMany.ANY and not found.live and not found.done and (section.ops or not found.wanted):
        yield Find(Sign.SILENT, None, before, onward({}))


def _lines(section: Section, found: Places, before: int, onward: _Onward, lone: Sign) -> Iterator[Find]:
    """The finds of a line that is to be at the top of the file."""
    if not section.plus.items:  # it is to be taken out
        for match in found.live:
            yield Find(Sign.LIVE, match, before, onward({}))
    elif found.done:
        yield Find(Sign.HAS | lone & Sign.MADE, found.done[0], before, onward({}))
    else:
        for match in found.live:
            yield Find(Sign.LACKS | lone & Sign.LIVE, match, before, onward({}))
    if not found.live and not found.done:
        yield Find(Sign.SILENT, None, before, onward({}))


class _Layer(NamedTuple):
    section: Section
    finds: list[Find]
    places: list[Places]


def _whole(layers: Sequence[_Layer]) -> tuple[Layer, ...]:
    """The finds on whole ways. From both ends it is told what the ways that lead to a meaning say."""
    rest: list[_Ways] = [{find.after: _SILENT for find in layers[-1].finds}]
    for layer in layers[:0:-1]:
        rest.append(_gathered((find.before, find.sign, rest[-1].get(find.after, _NONE)) for find in layer.finds))
    so_far: _Ways = {0: _SILENT}
    whole: list[Layer] = []
    for (section, finds, there), to_come in zip(layers, reversed(rest), strict=True):
        ways = ((find, _through(so_far, find, to_come)) for find in finds)
        once = tuple({id(each): each for each in there}.values())
        whole.append(
            Layer(
                section,
                tuple((find, each) for find, each in ways if each),
                once,
                any(Sign.GONE not in find.sign for find in finds),
            )
        )
        so_far = _gathered((find.after, find.sign, so_far.get(find.before, _NONE)) for find in finds)
    return tuple(whole)


_Ways = Mapping[int, frozenset[Sign]]  # by the number of a meaning
_NONE: frozenset[Sign] = frozenset()
_SILENT = frozenset({Sign.SILENT})


def _through(so_far: _Ways, find: Find, to_come: _Ways) -> frozenset[Sign]:
    before, after = so_far.get(find.before, _NONE), to_come.get(find.after, _NONE)
    return frozenset(one | find.sign | other for one in before for other in after)


def _gathered(ways: Iterable[tuple[int, Sign, frozenset[Sign]]]) -> _Ways:
    """What the ways to each meaning say, one find further."""
    found: dict[int, frozenset[Sign]] = {}
    for meaning, sign, signs in ways:
        found[meaning] = found.get(meaning, _NONE) | {sign | each for each in signs}
    return found
