"""Searching a file with a pattern: the matcher's findings for whoever uses the engine as a library."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from types import MappingProxyType
from typing import NamedTuple

from sio_patch.engine.find.match import Matcher, may_match
from sio_patch.engine.language.options import Equivalence
from sio_patch.engine.pattern import compile_pattern, option
from sio_patch.engine.source import Source
from sio_patch.engine.tree.node import Node
from sio_patch.engine.tree.parse import parse


class Binding(NamedTuple):
    """What a metavariable stood for: ``start`` and ``end`` in code points of ``Source.text``, and the text itself."""

    start: int
    end: int
    text: str


class Found(NamedTuple):
    """A match for the outside: its span in code points, its text, and its metavariables by name."""

    start: int
    end: int
    text: str
    bindings: Mapping[str, Binding]


def search(pattern: str, source: Source, *, equivalent: Collection[str] = ()) -> list[Found]:
    """Every place in ``source`` where ``pattern`` matches, in the order of the text; of several ways at one place the
    first.

    Raises PatternError for a bad pattern, SyntaxProblem or TooDeep for bad JavaScript, TooComplex at the step cap.
    """
    same = frozenset(option(Equivalence, value) for value in equivalent)
    compiled = compile_pattern(pattern).under(same)
    if not may_match(compiled, source.text):
        return []
    found: dict[tuple[int, int], Found] = {}
    for match in Matcher(parse(source), same, source.text).matches(compiled):
        bindings = {name: _binding(value, source) for name, value in match.bindings.items()}
        place = (match.start, match.end)
        found.setdefault(place, Found(*place, source.text[slice(*place)], MappingProxyType(bindings)))
    return [found[place] for place in sorted(found)]


def _binding(value: Node | tuple[Node, ...], source: Source) -> Binding:
    if isinstance(value, Node):
        return Binding(value.start, value.end, source.text[value.start : value.end])
    if not value:
        return Binding(0, 0, "")
    return Binding(value[0].start, value[-1].end, source.text[value[0].start : value[-1].end])
