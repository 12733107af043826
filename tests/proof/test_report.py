"""Two runs and what follows: every combination has a conclusion, a message of its own and an exit status."""

from __future__ import annotations

import json

import pytest

from proof.fakes import a_run
from sio_patch.proof.report import Conclusion, Health, ProofReport, conclude, exit_status
from sio_patch.proof.transcript import Figure, Reading
from sio_patch.report.json import proof_json
from sio_patch.report.proof_text import proof_text

HEALTHY, DEFECTIVE, UNCLEAR = Health
COMBINATIONS = {
    (DEFECTIVE, HEALTHY): (Conclusion.PROVEN, "Proven: as published the defect shows; with the patch it is gone."),
    (DEFECTIVE, DEFECTIVE): (Conclusion.NO_EFFECT, "with the patch just the same"),
    (DEFECTIVE, UNCLEAR): (Conclusion.UNCLEAR, "the defect shows, but the run with the patch could not tell: too hot."),
    (HEALTHY, HEALTHY): (Conclusion.NOT_SHOWN, "neither as published nor with the patch"),
    (HEALTHY, DEFECTIVE): (Conclusion.MADE_WORSE, "healthy as published, and the defect shows with the patch"),
    (HEALTHY, UNCLEAR): (Conclusion.UNCLEAR, "does not show, but the run with the patch could not tell: too hot."),
    (UNCLEAR, None): (Conclusion.UNCLEAR, "the run as published could not tell: too hot."),
}


@pytest.mark.parametrize(("published", "patched"), COMBINATIONS)
def test_every_combination(published: Health, patched: Health | None) -> None:
    wanted, message = COMBINATIONS[published, patched]
    found, sentence = conclude(
        a_run(published, reason="too hot"), None if patched is None else a_run(patched, reason="too hot")
    )
    assert found is wanted
    assert message in sentence
    assert sentence.startswith("Proven: " if wanted is Conclusion.PROVEN else "Not proven: ")


def test_every_message_is_its_own() -> None:
    sentences = [
        conclude(a_run(published, reason="r"), None if patched is None else a_run(patched, reason="r"))[1]
        for published, patched in COMBINATIONS
    ]
    assert len(set(sentences)) == len(sentences)


def test_a_check_that_no_longer_passes_outweighs_the_cure() -> None:
    before = a_run(DEFECTIVE, checks={"echo": True, "old echo": True, "never": False})
    after = a_run(HEALTHY, checks={"echo": True, "old echo": False, "never": False})
    assert conclude(before, after) == (
        Conclusion.BROKEN,
        "Not proven: with the patch something that worked does not: old echo.",
    )


def test_a_check_that_is_not_made_any_more_has_not_passed() -> None:
    found, _ = conclude(a_run(DEFECTIVE, checks={"echo": True}), a_run(HEALTHY))
    assert found is Conclusion.BROKEN


def test_a_check_that_never_passed_is_not_the_patch_s_doing() -> None:
    run = a_run(DEFECTIVE, checks={"echo": True, "new echo": False})
    assert conclude(run, a_run(HEALTHY, checks={"echo": True, "new echo": False}))[0] is Conclusion.PROVEN


STATUSES = dict.fromkeys(Conclusion, 3) | {Conclusion.PROVEN: 0, Conclusion.FAILED: 4}


@pytest.mark.parametrize(("conclusion", "status"), STATUSES.items())
def test_the_exit_status(conclusion: Conclusion, status: int) -> None:
    assert exit_status(a_report(conclusion)) == status


def a_report(conclusion: Conclusion = Conclusion.PROVEN) -> ProofReport:
    growth = [Figure("growth", 9.876, "MiB per connection")]
    none = [Figure("growth", 0.01, "MiB per connection")]
    return ProofReport(
        "a-leak", "pump", "1.9.0", "0.8.21", "Linux x86_64",
        a_run(DEFECTIVE, readings=[Reading("both", 1, 20.5)], figures=growth, checks={"echo": True, "new": False}),
        a_run(HEALTHY, figures=none, checks={"echo": True, "new": False}),
        conclusion, "It is so.", "leak.svg",
    )  # fmt: skip


def test_in_words() -> None:
    assert proof_text(a_report()) == (
        "a-leak: pump 1.9.0 on Node 0.8.21 (Linux x86_64)\n"
        "\n"
        "         AS PUBLISHED   PATCHED\n"
        "growth   9.88           0.01           MiB per connection\n"
        "echo     works          works\n"
        "new      does not work  does not work\n"
        "verdict  defective      healthy\n"
        "\n"
        "Not the patch's doing, because as published it does not work either: new.\n"
        "It is so.\n"
        "Plot: leak.svg\n"
    )


def test_in_words_what_was_never_reached() -> None:
    report = ProofReport("a-leak", "pump", None, None, "Linux x86_64", None, None, Conclusion.REFUSED, "No \x1b[2Jnpm.")
    assert proof_text(report) == "a-leak: pump (Linux x86_64)\n\nNo \\x1b[2Jnpm.\n"


def test_for_a_program() -> None:
    found = json.loads(proof_json(a_report()))
    assert found == {
        "schema": 1,
        "patch": "a-leak",
        "package": "pump",
        "version": "1.9.0",
        "node": "0.8.21",
        "platform": "Linux x86_64",
        "conclusion": "proven",
        "reason": "It is so.",
        "published": {
            "health": "defective",
            "reason": None,
            "axes": {"x": "reading", "y": "value", "unit": ""},
            "readings": [{"series": "both", "x": 1, "y": 20.5}],
            "figures": [{"name": "growth", "value": 9.876, "unit": "MiB per connection"}],
            "checks": [{"name": "echo", "passed": True}, {"name": "new", "passed": False}],
            "seconds": 1.5,
        },
        "patched": {
            "health": "healthy",
            "reason": None,
            "axes": {"x": "reading", "y": "value", "unit": ""},
            "readings": [],
            "figures": [{"name": "growth", "value": 0.01, "unit": "MiB per connection"}],
            "checks": [{"name": "echo", "passed": True}, {"name": "new", "passed": False}],
            "seconds": 1.5,
        },
        "plot": "leak.svg",
    }


def test_for_a_program_what_was_never_reached() -> None:
    report = ProofReport("a-leak", "pump", None, None, "Linux x86_64", None, None, Conclusion.FAILED, "Disk full.")
    found = json.loads(proof_json(report))
    assert (found["published"], found["patched"], found["conclusion"]) == (None, None, "failed")
