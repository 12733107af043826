"""Wrong edits, planted between the renderer and the judge: each is refused, whatever kind of fault made it."""

from __future__ import annotations

from collections.abc import Iterator
from random import Random

import pytest

from engine.bare_cases import BARE
from engine.case import Case
from engine.cases import CASES
from engine.frame_cases import FRAMES
from judge.wrong import KINDS
from sio_patch.engine import rewrite
from sio_patch.engine.edits import Edit, Edits
from sio_patch.engine.judge.change import Part
from sio_patch.engine.outcome import NeedsPatch, Outcome, Refused
from sio_patch.engine.pattern import compile_patch
from sio_patch.engine.rounds import Plans, Rounds, with_edits
from sio_patch.engine.source import Source
from sio_patch.engine.tree.node import Node
from sio_patch.engine.tree.parse import SyntaxProblem, TooDeep, parse
from sio_patch.verdict import Reason

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


class Planter:
    """Stands between the renderer and the judge: notes the parts of the first round, and can give one other edits."""

    def __init__(self, monkeypatch: pytest.MonkeyPatch) -> None:
        self.parts: list[Part] = []
        self.wrong: tuple[int, Edits] | None = None
        real = Rounds._apart

        def apart(rounds: Rounds, source: Source, plans: Plans) -> list[Part]:
            parts = real(rounds, source, plans)
            if not self.parts:
                self.parts = [part for each in parts for part in each.every()]
                if self.wrong is not None:
                    index, wrong = self.wrong
                    every = [wrong if at == index else part.edits for at, part in enumerate(self.parts)]
                    edits = iter(every)
                    parts = [with_edits(part, edits) for part in parts]
            return parts

        monkeypatch.setattr(Rounds, "_apart", apart)

    def outcome(self, case: Case, wrong: tuple[int, Edits] | None = None) -> Outcome:
        """What the engine says of the case, where the part of that number has those edits."""
        self.parts, self.wrong = [], wrong
        return rewrite.assess(compile_patch(case.patch, **case.options), Source.of(case.data))


@pytest.fixture
def planter(monkeypatch: pytest.MonkeyPatch) -> Planter:
    return Planter(monkeypatch)


@pytest.mark.parametrize("kind", KINDS)
def test_a_wrong_edit_is_refused(kind: str, planter: Planter) -> None:
    missed, caught = [], 0
    for case in (*CASES, *BARE):
        text = Source.of(case.data).text
        right = planter.outcome(case)
        assert isinstance(right, NeedsPatch), right
        wanted = code(right.after.text)
        for index, part in enumerate(planter.parts):
            for edits in planted(kind, text, part.edits, f"{case.id} {index}"):
                outcome = planter.outcome(case, (index, edits))
                if not isinstance(outcome, NeedsPatch):
                    caught += 1
                elif code(outcome.after.text) != wanted:
                    missed.append((case.id, outcome.after.text))
    assert missed == []
    assert caught > 100


def test_a_place_that_is_left_out_is_missed(planter: Planter) -> None:
    """One of several places, beside or inside of each other."""
    missed, caught = [], 0
    for case in CASES:
        assert isinstance(planter.outcome(case), NeedsPatch)
        parts = planter.parts
        for index, part in enumerate(parts):
            if part.edits and len(parts) > 1:
                outcome = planter.outcome(case, (index, Edits()))
                missed += [case.id] if isinstance(outcome, NeedsPatch) else []
                caught += not isinstance(outcome, NeedsPatch)
    assert missed == []
    assert caught > 40


INSIDE = [
    ("one is edited wrong", 1, [(18, 21, "fresch")], "the code would not read as patched", 1),
    ("one is missed", 2, [], "the code would not read as patched", 2),
    ("one is edited as the other", 1, [(18, 21, "fresh"), (22, 23, "2")], "the code would not read as patched", 1),
    ("more is edited than is asked", 2, [(30, 33, "fresh"), (27, 28, "d")],
     "`b`, which is not the patch's to change, would become `d`", 1),
    ("one that is outside is edited", 0, [(42, 45, "fresh")], "`old`, which is not the patch's to change", 4),
]  # fmt: skip


@pytest.mark.parametrize(("part", "edits", "says", "line"), [row[1:] for row in INSIDE], ids=[row[0] for row in INSIDE])
def test_a_place_inside(part: int, edits: list[tuple[int, int, str]], says: str, line: int, planter: Planter) -> None:
    """Part 0 is the function, in which nothing is changed but what is inside; 1 and 2 are the places in it."""
    source = "function a(b) { c(old(1)); b\n(old(2)); }\n\nold(3);\n"
    case = Case("", " function $f($...p) {\n   <...\n-  old($x)\n+  fresh($x)\n   ...>\n }", source, "")
    right = planter.outcome(case)
    assert isinstance(right, NeedsPatch), right
    assert [len(each.edits) for each in planter.parts] == [0, 1, 1]
    outcome = planter.outcome(case, (part, Edits.of(Edit(*edit) for edit in edits)))
    assert isinstance(outcome, Refused), outcome
    assert says in outcome.message
    assert outcome.place is not None
    assert outcome.place.line == line


def test_places_side_by_side_and_inside_each_other_are_planted_too(planter: Planter) -> None:
    """Else the cases under `all` would say nothing: a right part beside a wrong one has to be there."""
    counts = []
    for case in (case for case in CASES if case.options.get("matches") == "all"):
        assert isinstance(planter.outcome(case), NeedsPatch)
        counts.append(len(planter.parts))
    assert len([count for count in counts if count > 1]) > 5


@pytest.mark.parametrize("case", [case for case in FRAMES if "template" in case.id or "string" in case.id])
def test_a_template_that_would_be_indented_anew_is_refused(case: Case, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("sio_patch.engine.write.shift.fixed_lines", lambda text, code: iter(()))
    outcome = rewrite.assess(compile_patch(case.patch, **case.options), Source.of(case.data))
    assert isinstance(outcome, Refused), outcome
    assert outcome.reason is Reason.UNSAFE_PLACE
