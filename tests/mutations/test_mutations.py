"""The patch's own function, made odd by the thousand: none that reads well keeps the head."""

from __future__ import annotations

import pytest

from mutations.play import play

COUNT = 1200
SEEDS = (11, 12)


@pytest.mark.parametrize("seed", SEEDS)
def test_what_reads_well_keeps_no_head(seed: int) -> None:
    played = play(seed, COUNT)
    assert not played.bad, "\n\n".join(map(str, played.bad[:3]))
    assert played.ran > COUNT / 20, "the mutants are too odd to say anything"
    assert played.leaked > COUNT / 40, "the defect was in none of them"
    assert set(played.reads) == {"Absent", "Applied", "Fixed", "NeedsPatch", "Refused"}
