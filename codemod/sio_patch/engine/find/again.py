"""Whether a patch can tell code that it has been made in from code that it has not: asked of the patch's own text.

A slice is code, with variables named ``$x`` in it. Of ``-f($a, $b)``, ``+f($b, $a)`` the minus slice reads as patched
before it is; of `` open($x);``, ``+open($x);`` the plus slice calls for the patch once more.
"""

from __future__ import annotations

from functools import partial

from sio_patch.engine.find.done import changed_node, covers
from sio_patch.engine.find.found import Match, TooComplex
from sio_patch.engine.find.match import Matcher, may_match
from sio_patch.engine.find.possible import DraftAsker
from sio_patch.engine.language.compiled import Pattern, Section
from sio_patch.engine.language.options import Equivalence

_STEPS = 20_000  # a patch that takes more to compare with itself is left to the file


def check_told_apart(section: Section, equivalent: frozenset[Equivalence]) -> None:
    """Raises PatternError."""
    try:
        _check_before(section, equivalent)
        _check_after(section, equivalent)
    except TooComplex:
        return


def _check_before(section: Section, equivalent: frozenset[Equivalence]) -> None:
    """No place that calls for the patch may read as if it had been made there."""
    if not may_match(section.plus, section.minus.text):
        return
    matcher = _matcher(section.minus, equivalent)
    done = matcher.matches(section.plus)
    for wanted in matcher.matches(section.minus):
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
    matcher = _matcher(section.plus, equivalent)
    done = matcher.matches(section.plus)
    for wanted in matcher.matches(section.minus):
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
