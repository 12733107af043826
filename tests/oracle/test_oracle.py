"""The same edit on text by the engine and on acorn's tree by an oracle: the same tree, or a refusal with its reason."""

from __future__ import annotations

from functools import cache

import pytest

from oracle.play import Played, play

CASES = 1000
SEEDS = (1, 2, 3, 4)
SHARE = 0.07


@cache
def played(seed: int) -> tuple[Played, ...]:
    return tuple(play(seed, CASES))


@pytest.mark.parametrize(
    "seed", [pytest.param(seed, marks=pytest.mark.xdist_group(f"oracle {seed}")) for seed in SEEDS]
)
def test_the_oracle_makes_the_same_tree(seed: int) -> None:
    cases = played(seed)
    assert len(cases) == CASES
    wrong = [one for one in cases if one.wrong]
    assert not wrong, "\n\n".join(map(str, wrong[:3]))


@pytest.mark.parametrize(
    "seed", [pytest.param(seed, marks=pytest.mark.xdist_group(f"oracle {seed}")) for seed in SEEDS]
)
def test_few_are_refused(seed: int) -> None:
    refused = [one for one in played(seed) if one.refused]
    assert len(refused) <= SHARE * CASES, "\n".join(f"{one.template}: {one.refused}" for one in refused)
