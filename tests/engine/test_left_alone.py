"""Files that a patch must leave alone: what is said of them, and why."""

from __future__ import annotations

import pytest

from engine.condition_cases import RULED_OUT
from engine.left_alone_cases import LEFT_ALONE as FILES
from engine.left_alone_cases import Alone
from engine.missing_cases import MISSING_LEFT_ALONE
from engine.part_cases import PARTS_ALONE
from engine.section_cases import SECTIONS_LEFT_ALONE
from engine.text_cases import TEXTS_ALONE
from engine.unsafe_cases import UNSAFES
from engine.unsaid_cases import UNSAID_ALONE
from engine.within_cases import WITHINS_ALONE
from sio_patch.engine.outcome import Absent, Applied, Fixed, NeedsPatch, Outcome, Refused
from sio_patch.engine.pattern import compile_patch
from sio_patch.engine.rewrite import assess
from sio_patch.engine.source import Source
from sio_patch.verdict import Reason

LEFT_ALONE = [
    *FILES,
    *UNSAFES,
    *PARTS_ALONE,
    *RULED_OUT,
    *UNSAID_ALONE,
    *WITHINS_ALONE,
    *TEXTS_ALONE,
    *SECTIONS_LEFT_ALONE,
    *MISSING_LEFT_ALONE,
]
ALL = pytest.mark.parametrize("alone", LEFT_ALONE, ids=lambda alone: alone.id)


def said(alone: Alone) -> Outcome:
    return assess(compile_patch(alone.patch, **alone.options), Source.of(alone.source.encode()))


def test_the_names_tell_the_cases_apart() -> None:
    names = [alone.id for alone in LEFT_ALONE]
    assert len(set(names)) == len(names)


def words(outcome: Outcome) -> str:
    """What a person is told; of code that is there already, where it stands."""
    match outcome:
        case Absent():
            return outcome.nearest or ""
        case Refused():
            return outcome.message
        case Applied() | Fixed():
            return str(outcome.place)
        case NeedsPatch():
            return outcome.after.text


def reason(outcome: Outcome) -> type[Outcome] | Reason:
    return outcome.reason if isinstance(outcome, Refused) else type(outcome)


@ALL
def test_it_is_left_alone(alone: Alone) -> None:
    outcome = said(alone)
    assert reason(outcome) is alone.outcome, (outcome, alone.why)
    assert alone.says in words(outcome), (outcome, alone.why)


def test_each_case_says_something() -> None:
    assert [alone.id for alone in LEFT_ALONE if not alone.says] == []


@pytest.mark.parametrize(
    "alone", [alone for alone in LEFT_ALONE if isinstance(alone.outcome, Reason)], ids=lambda alone: alone.id
)
def test_a_refusal_has_a_place(alone: Alone) -> None:
    outcome = said(alone)
    assert isinstance(outcome, Refused)
    lines = range(1, alone.source.count("\n") + 2)
    assert (outcome.place is None) == (outcome.reason is Reason.TOO_COMPLEX)
    assert outcome.place is None or outcome.place.line in lines


def test_all_of_several_places_where_the_patch_says_so() -> None:
    patch = compile_patch(" open($x);\n+close($x);", matches="all")
    outcome = assess(patch, Source("open(f);\nif (a) {\n  open(g);\n}\nopen(h);\nclose(h);\n"))
    assert isinstance(outcome, NeedsPatch)
    assert outcome.after.text == "open(f);\nclose(f);\nif (a) {\n  open(g);\n  close(g);\n}\nopen(h);\nclose(h);\n"


def test_places_that_overlap_are_refused_even_then() -> None:
    outcome = assess(compile_patch("-a($x);\n-a($y);\n+b($x, $y);", matches="all"), Source("a(1);\na(2);\na(3);\n"))
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
    assert str(outcome.place) == "1:9"


def test_an_ambiguous_match_stands_at_the_first_place() -> None:
    outcome = assess(compile_patch("-open($x)\n+close($x)"), Source("a();\nopen(f);\nopen(g);\nopen(h);\n"))
    assert isinstance(outcome, Refused)
    assert str(outcome.place) == "2:1"


def test_long_lines_are_quoted_in_part() -> None:
    outcome = assess(
        compile_patch(" open($x);\n go();\n+close($x);"), Source(f"go();\nopen(f);\nwait({'a, ' * 30}b);\n")
    )
    assert isinstance(outcome, Absent)
    assert outcome.nearest is not None
    assert outcome.nearest.endswith(f"stands `wait({('a, ' * 22).rstrip()}…`")
