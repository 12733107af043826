"""Wrong edits, planted between the renderer and the judge: each is refused, whatever kind of fault made it."""

from __future__ import annotations

from collections.abc import Iterator
from random import Random

import pytest

from engine.case import Case
from engine.cases import CASES
from judge.wrong import KINDS
from sio_patch.engine import rewrite, rounds
from sio_patch.engine.edits import Edit, Edits
from sio_patch.engine.outcome import NeedsPatch, Outcome
from sio_patch.engine.pattern import SemanticPatch, compile_patch
from sio_patch.engine.source import Source
from sio_patch.engine.tree.node import Node
from sio_patch.engine.tree.parse import SyntaxProblem, TooDeep, parse
from sio_patch.engine.write.render import Renderer

AT_MOST = 12  # of one kind and case: the table is long, and its cases are much alike


def told(node: object) -> str:
    """The code of a tree as text, without places: a judge of the tests' own."""
    if isinstance(node, tuple):
        return f"[{' '.join(map(told, node))}]"
    if isinstance(node, Node):
        words = [f"{field}={told(value)}" for field, value in node.fields.items()]
        name = f" named {told(node.name)}" if node.name is not None else ""
        return f"({node.kind}{name}{' directive' * node.directive} {' '.join(words)})"
    return repr(node)


def code(text: str) -> str | None:
    try:
        return told(parse(Source(text)))
    except (SyntaxProblem, TooDeep):
        return None


def planted(kind: str, text: str, edits: Edits, seed: str) -> Iterator[Edits]:
    """At most AT_MOST wrong edits of one kind, chosen by the seed."""
    wrong = list(KINDS[kind](text, edits))
    for each in Random(seed).sample(wrong, min(AT_MOST, len(wrong))):
        try:
            yield Edits.of(each)
        except ValueError:
            continue  # they overlap: no renderer can give them


def judged(patch: SemanticPatch, source: Source, edits: Edits, monkeypatch: pytest.MonkeyPatch) -> Outcome:
    """What the engine says where its renderer gives ``edits``."""
    with monkeypatch.context() as patched:
        patched.setattr(Renderer, "edits", lambda *_: list(edits))
        patched.setattr(rounds, "settle", lambda _, plans: plans)
        return rewrite.assess(patch, source)


def right(case: Case) -> NeedsPatch:
    outcome = rewrite.assess(compile_patch(case.patch, **case.options), Source.of(case.data))
    assert isinstance(outcome, NeedsPatch), outcome
    return outcome


@pytest.mark.parametrize("kind", KINDS)
def test_a_wrong_edit_is_refused(kind: str, monkeypatch: pytest.MonkeyPatch) -> None:
    missed, caught = [], 0
    for case in CASES:
        source, found = Source.of(case.data), right(case)
        patch, wanted = compile_patch(case.patch, **case.options), code(found.after.text)
        for edits in planted(kind, source.text, found.edits, case.id):
            after = edits.apply(source.text)
            if code(after) == wanted:
                continue  # the same code after all
            outcome = judged(patch, source, edits, monkeypatch)
            if isinstance(outcome, NeedsPatch):
                missed.append((case.id, after))
            else:
                caught += 1
    assert missed == []
    assert caught > 100


def test_the_right_edits_pass_this_way_too(monkeypatch: pytest.MonkeyPatch) -> None:
    """Else everything above would be refused because of the detour."""
    for case in (case for case in CASES if case.options.get("matches") != "all"):
        source, found = Source.of(case.data), right(case)
        outcome = judged(
            compile_patch(case.patch, **case.options), source, Edits(map(Edit._make, found.edits)), monkeypatch
        )
        assert isinstance(outcome, NeedsPatch)
        assert outcome.after.to_bytes() == case.wanted
