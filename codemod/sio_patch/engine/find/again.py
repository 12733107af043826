"""Whether a patch can tell code that it has been made in from code that it has not: asked of the patch's own text.

A slice is code, with variables named ``$x`` in it. Of ``-f($a, $b)``, ``+f($b, $a)`` the minus slice reads as patched
before it is; of `` open($x);``, ``+open($x);`` the plus slice calls for the patch once more.
"""

from __future__ import annotations

from sio_patch.engine.find.done import changed_node, covers
from sio_patch.engine.find.found import Match, TooComplex
from sio_patch.engine.find.match import Matcher, may_match
from sio_patch.engine.language.compiled import Pattern, SemanticPatch

_STEPS = 20_000  # a patch that takes more to compare with itself is left to the file


def check_told_apart(patch: SemanticPatch) -> None:
    """Raises PatternError."""
    try:
        _check_before(patch)
        _check_after(patch)
    except TooComplex:
        return


def _check_before(patch: SemanticPatch) -> None:
    """No place that calls for the patch may read as if it had been made there."""
    if not may_match(patch.plus, patch.minus.text):
        return
    matcher = _matcher(patch.minus, patch)
    done = matcher.matches(patch.plus)
    for wanted in matcher.matches(patch.minus):
        there = next((match for match in done if covers(patch.ops, match, wanted, matcher)), None)
        if there is not None:
            old = patch.minus.quote(changed_node(patch.ops, there))
            raise patch.plus.error(
                patch.plus.items[0],
                f"what the patch makes of `{old}` matches that too, so that nothing tells whether it has been made. "
                "Write a name or a literal by which the two differ",
            )


def _check_after(patch: SemanticPatch) -> None:
    """What has been patched may not call for the patch."""
    matcher = _matcher(patch.plus, patch)
    done = matcher.matches(patch.plus)
    for wanted in matcher.matches(patch.minus):
        if not any(covers(patch.ops, match, wanted, matcher) for match in done):
            raise _calls_again(patch, wanted)


def _calls_again(patch: SemanticPatch, wanted: Match) -> Exception:
    code = " ".join(patch.plus.text[wanted.start : wanted.end].split())
    return patch.plus.error(
        wanted.items[0] if wanted.items else patch.plus.items[0],
        f"what is added calls for the patch again: `{code}` is what it looks for. Write code by which the two differ",
    )


def _matcher(slice_: Pattern, patch: SemanticPatch) -> Matcher:
    return Matcher(slice_.code, patch.equivalent, slice_.text, _STEPS)
