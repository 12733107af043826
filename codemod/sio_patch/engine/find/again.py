"""Whether a patch can tell code that it has been made in from code that it has not: asked of the patch's own text.

A slice is code, with variables named ``$x`` in it. Of ``-f($a, $b)``, ``+f($b, $a)`` the minus slice reads as patched
before it is; of `` open($x);``, ``+open($x);`` the plus slice calls for the patch once more.
"""

from __future__ import annotations

from collections.abc import Sequence
from functools import partial
from itertools import permutations

from sio_patch.engine.find.done import changed_node, covers
from sio_patch.engine.find.found import Env, Match, TooComplex
from sio_patch.engine.find.match import Matcher, may_match
from sio_patch.engine.find.possible import DraftAsker
from sio_patch.engine.language.compiled import Pattern, Section
from sio_patch.engine.language.options import Equivalence, HowMany
from sio_patch.engine.tree.node import Node

_STEPS = 20_000  # a patch that takes more to compare with itself is left to the file


def check_told_apart(section: Section, equivalent: frozenset[Equivalence]) -> None:
    """Raises PatternError."""
    if not section.ops or section.how_many is HowMany.MISSING:
        return
    try:
        _check_before(section, equivalent)
        _check_after(section, equivalent)
    except TooComplex:
        return


def check_calls_no_other(sections: Sequence[Section], equivalent: frozenset[Equivalence]) -> None:
    """What one section adds may not be what another looks for. Raises PatternError."""
    for section, other in permutations(sections, 2):
        try:
            calls = _calls(section, other, equivalent) if section.ops and other.ops else None
        except TooComplex:
            continue
        if calls is not None:
            code = " ".join(section.plus.text[calls.start : calls.end].split())
            raise section.plus.error(
                calls.items[0],
                f"what is added calls for the section of line {other.line}: `{code}` is what that looks for. "
                "Write code by which the two differ",
            )


def _calls(section: Section, other: Section, equivalent: frozenset[Equivalence]) -> Match | None:
    """A match of what ``other`` looks for that has code of the lines that ``section`` adds."""
    if not may_match(other.minus, section.plus.text):
        return None
    matcher, known = _matcher(section.plus, equivalent), _known(other)
    done = matcher.matches(other.plus, known)
    for wanted in matcher.matches(other.minus, known):
        if _is_added(wanted, section) and not any(covers(other.ops, match, wanted, matcher) for match in done):
            return wanted
    return None


def _is_added(match: Match, section: Section) -> bool:
    found = (node for pattern, node in match.pairs.items() if pattern.kind not in ("Meta", "Gap"))
    return any(isinstance(node, Node) and node.start not in section.context for node in found)


def _check_before(section: Section, equivalent: frozenset[Equivalence]) -> None:
    """No place that calls for the patch may read as if it had been made there."""
    if not may_match(section.plus, section.minus.text):
        return
    matcher, known = _matcher(section.minus, equivalent), _known(section)
    done = matcher.matches(section.plus, known)
    for wanted in matcher.matches(section.minus, known):
        there = next((match for match in done if covers(section.ops, match, wanted, matcher)), None)
        if there is not None:
            old = section.minus.quote(changed_node(section.ops, there))
            raise section.plus.error(
                section.plus.items[0],
                f"what the patch makes of `{old}` matches that too, so that nothing tells whether it has been made. "
                "Write a name or a literal by which the two differ",
            )


def _check_after(section: Section, equivalent: frozenset[Equivalence]) -> None:
    """What has been patched may not call for the section."""
    matcher, known = _matcher(section.plus, equivalent), _known(section)
    done = matcher.matches(section.plus, known)
    for wanted in matcher.matches(section.minus, known):
        if not any(covers(section.ops, match, wanted, matcher) for match in done):
            raise _calls_again(section, wanted)


def _calls_again(section: Section, wanted: Match) -> Exception:
    code = " ".join(section.plus.text[wanted.start : wanted.end].split())
    return section.plus.error(
        wanted.items[0] if wanted.items else section.plus.items[0],
        f"what is added calls for the patch again: `{code}` is what it looks for. Write code by which the two differ",
    )


def _matcher(slice_: Pattern, equivalent: frozenset[Equivalence]) -> Matcher:
    return Matcher(slice_.code, equivalent, slice_.text, _STEPS, partial(DraftAsker, facts=slice_.conditions))


def _known(section: Section) -> Env:
    """What earlier sections bind, as the variables that stand for it in the text of a slice."""
    return Env({name: Node("Identifier", 0, 0, {"name": f"${name}"}) for name in section.inherited - section.runs})
