"""Files that a patch must leave alone: what is said of them, and why."""

from __future__ import annotations

import pytest

from engine.left_alone_cases import LEFT_ALONE, Alone
from sio_patch.engine.outcome import Absent, NeedsPatch, Outcome, Refused
from sio_patch.engine.pattern import compile_patch
from sio_patch.engine.rewrite import assess
from sio_patch.engine.source import Source
from sio_patch.verdict import Reason

ALL = pytest.mark.parametrize("alone", LEFT_ALONE, ids=lambda alone: alone.id)


def said(alone: Alone) -> Outcome:
    return assess(compile_patch(alone.patch, **alone.options), Source.of(alone.source.encode()))


def test_the_names_tell_the_cases_apart() -> None:
    names = [alone.id for alone in LEFT_ALONE]
    assert len(set(names)) == len(names)


@ALL
def test_it_is_left_alone(alone: Alone) -> None:
    outcome = said(alone)
    assert type(outcome) is alone.type, (outcome, alone.why)
    if isinstance(outcome, Refused):
        assert outcome.reason is alone.outcome, (outcome, alone.why)


@ALL
def test_a_refusal_has_words_and_a_place(alone: Alone) -> None:
    outcome = said(alone)
    if isinstance(outcome, Absent):
        assert outcome.nearest
    elif isinstance(outcome, Refused):
        assert outcome.message
        assert outcome.place is not None or outcome.reason is Reason.TOO_COMPLEX
        if outcome.place is not None:
            assert 1 <= outcome.place.line <= alone.source.count("\n") + 1


def test_all_of_several_places_where_the_patch_says_so() -> None:
    patch = compile_patch(" open($x);\n+close($x);", matches="all")
    outcome = assess(patch, Source("open(f);\nif (a) {\n  open(g);\n}\nopen(h);\nclose(h);\n"))
    assert isinstance(outcome, NeedsPatch)
    assert outcome.after.text == "open(f);\nclose(f);\nif (a) {\n  open(g);\n  close(g);\n}\nopen(h);\nclose(h);\n"


def test_places_that_overlap_are_refused_even_then() -> None:
    outcome = assess(compile_patch("-load($x)\n+safe($x, $x)", matches="all"), Source("load(load(f));\n"))
    assert isinstance(outcome, Refused)
    assert outcome.reason is Reason.AMBIGUOUS


def test_a_place_left_over_is_patched_beside_one_that_is_cured_otherwise() -> None:
    patch = compile_patch(" open($x);\n+close($x);", fixed=["open($x);\nend($x);"])
    outcome = assess(patch, Source("open(f);\nopen(g);\nend(g);\n"))
    assert isinstance(outcome, NeedsPatch)
    assert outcome.after.text == "open(f);\nclose(f);\nopen(g);\nend(g);\n"


def test_an_ambiguous_match_names_the_lines() -> None:
    outcome = assess(compile_patch(" open($x);\n+close($x);"), Source("open(f);\n\nopen(g);\n"))
    assert isinstance(outcome, Refused)
    assert "lines 1, 3" in outcome.message
