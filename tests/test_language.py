"""docs/language.md says what is so: every example on the page runs, to the byte."""

from __future__ import annotations

from pathlib import Path

import pytest

from sio_patch.engine.outcome import Absent, Applied, Fixed, NeedsPatch
from sio_patch.engine.pattern import PatternError
from support.worked import Example, Shown, examples, said

PAGE = Path(__file__).parents[1] / "docs/language.md"
EXAMPLES = examples(PAGE)


def named(example: Example) -> str:
    return f"line {example.line}, {example.title}"


def pairs(example: Example) -> list[Shown]:
    return [shown for shown in example.shown if shown.after is not None]


def test_the_page_has_examples_of_every_kind() -> None:
    assert sum(len(pairs(example)) for example in EXAMPLES) > 15
    assert sum(example.trouble is not None for example in EXAMPLES) > 4
    assert sum(shown.says is not None for example in EXAMPLES for shown in example.shown) > 4


@pytest.mark.parametrize("example", [each for each in EXAMPLES if each.trouble is None], ids=named)
def test_an_example_does_what_the_page_shows(example: Example) -> None:
    for shown in pairs(example):
        outcome = example.outcome(shown.before, shown.file)
        assert isinstance(outcome, NeedsPatch), f"line {shown.line}: {said(outcome)}"
        assert outcome.after.text == shown.after, f"line {shown.line}"
        again = example.outcome(outcome.after.text, shown.file)
        assert isinstance(again, Applied) if shown.says is None else said(again) == shown.says, f"line {shown.line}"


@pytest.mark.parametrize("example", [each for each in EXAMPLES if each.trouble is None], ids=named)
def test_what_an_example_leaves_alone_is_left_alone(example: Example) -> None:
    for shown in example.shown:
        if shown.after is None:
            outcome = example.outcome(shown.before, shown.file)
            if shown.says is None:
                assert isinstance(outcome, Absent | Applied | Fixed), f"line {shown.line}: {said(outcome)}"
            else:
                assert said(outcome) == shown.says, f"line {shown.line}"


@pytest.mark.parametrize("example", [each for each in EXAMPLES if each.trouble is not None], ids=named)
def test_what_cannot_be_loaded_says_what_the_page_says(example: Example) -> None:
    assert example.shown == ()
    with pytest.raises(PatternError) as problem:
        example.outcome("")
    assert str(problem.value) == example.trouble
