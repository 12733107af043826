"""Every case of the table, and over every case the promises that hold for all edits."""

from __future__ import annotations

import pytest

from engine.case import Case, NoWayBack
from engine.cases import CASES
from engine.checks import node_check, outside
from sio_patch.engine.edits import Edits
from sio_patch.engine.outcome import NeedsPatch, Refused
from sio_patch.engine.pattern import PatternError, SemanticPatch, compile_patch
from sio_patch.engine.rewrite import assess, reverse
from sio_patch.engine.source import Source
from support.ground import Unavailable, missing

ALL = pytest.mark.parametrize("case", CASES, ids=lambda case: case.id)


def compiled(case: Case) -> SemanticPatch:
    return compile_patch(case.patch, **case.options)


def planned(case: Case) -> NeedsPatch:
    outcome = assess(compiled(case), Source.of(case.data))
    assert isinstance(outcome, NeedsPatch), outcome
    return outcome


def test_the_names_tell_the_cases_apart() -> None:
    names = [case.id for case in CASES]
    assert len(set(names)) == len(names)


@ALL
def test_bytes(case: Case) -> None:
    assert planned(case).after.to_bytes() == case.wanted


@ALL
def test_a_second_run_changes_nothing(case: Case) -> None:
    outcome = assess(compiled(case), Source.of(case.wanted))
    assert isinstance(outcome, case.again), outcome


@ALL
def test_bytes_outside_the_edits_are_untouched(case: Case) -> None:
    found = planned(case)
    edits = [(edit.start, edit.end, edit.new) for edit in found.edits]
    before, after = outside(Source.of(case.data).text, Source.of(case.wanted).text, edits)
    assert before == after


@ALL
def test_the_inverse_edits_restore(case: Case) -> None:
    source = Source.of(case.data)
    found = planned(case)
    back = found.edits.inverse(source.text)
    assert Source(back.apply(found.after.text), found.after.bom).to_bytes() == case.data
    assert back.inverse(found.after.text) == Edits.of(found.edits)


def way_back(case: Case) -> bytes | NoWayBack:
    """What the reversed patch makes of the file after, or why there is none that can."""
    try:
        back = reverse(compiled(case))
    except PatternError as problem:
        return NoWayBack(problem.message)
    outcome = assess(back, Source.of(case.wanted))
    if isinstance(outcome, Refused):
        return NoWayBack(outcome.message)
    assert isinstance(outcome, NeedsPatch), outcome
    return outcome.after.to_bytes()


@ALL
def test_the_reversed_patch_restores(case: Case) -> None:
    assert way_back(case) == case.restored


def test_node_reads_every_result() -> None:
    """What is valid before is valid after: both, in one run of Node."""
    try:
        wrong = node_check({f"{case.id}, {side}": (text, case.module) for case in CASES
                            for side, text in (("before", case.data), ("after", case.wanted))})  # fmt: skip
    except Unavailable as reason:
        missing(str(reason))
    assert wrong == {}
