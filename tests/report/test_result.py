"""Rows to an exit status, to counts and to JSON: pure, so every combination can be tried."""

from __future__ import annotations

import itertools
import json

import pytest

from sio_patch.report.json import results_json
from sio_patch.verdict import Reason, Result, Verdict, exit_status, tally

STATUS = {
    Verdict.NEEDS_PATCH: 0,
    Verdict.PATCHED: 0,
    Verdict.APPLIED: 0,
    Verdict.FIXED: 0,
    Verdict.NOT_AFFECTED: 0,
    Verdict.REVERTED: 0,
    Verdict.REFUSED: 3,
    Verdict.FAILED: 4,
}


def row(verdict: Verdict, **changes: object) -> Result:
    values: dict[str, object] = {"patch": "a-leak", "package": "pump", "version": "1.2.3", "path": ".", "file": "a.js"}
    return Result(verdict=verdict, **{**values, **changes})  # type: ignore[arg-type]


def test_the_words_are_those_of_the_contract() -> None:
    assert {verdict.value for verdict in Verdict} == {
        "needs-patch", "patched", "applied", "fixed", "not-affected", "reverted", "refused", "failed",
    }  # fmt: skip
    assert {
        "anchor-missing", "ambiguous", "unparseable", "unsafe-place", "name-taken", "changed-since", "outside-root",
        "too-large", "too-complex", "unsupported-layout", "bad-parameter", "missing-file",
    } == {reason.value for reason in Reason}  # fmt: skip


@pytest.mark.parametrize("verdict", Verdict)
def test_one_row(verdict: Verdict) -> None:
    assert exit_status([row(verdict)]) == STATUS[verdict]
    assert exit_status([row(verdict)], check=True) == (1 if verdict is Verdict.NEEDS_PATCH else STATUS[verdict])


@pytest.mark.parametrize("check", [True, False])
def test_any_three_rows(check: bool) -> None:
    """The highest wins, in any order and number."""
    for verdicts in itertools.product(Verdict, repeat=3):
        expected = max(exit_status([row(verdict)], check=check) for verdict in verdicts)
        assert exit_status([row(verdict) for verdict in verdicts], check=check) == expected


def test_no_rows() -> None:
    assert exit_status([]) == exit_status([], check=True) == 0
    assert tally([]) == {}


def test_tally_has_the_order_of_the_documentation_and_no_noughts() -> None:
    rows = [row(verdict) for verdict in (Verdict.FAILED, Verdict.APPLIED, Verdict.FAILED, Verdict.NEEDS_PATCH)]
    assert list(tally(rows).items()) == [("needs-patch", 1), ("applied", 1), ("failed", 2)]


def test_json_keeps_nulls_and_order_and_is_ascii() -> None:
    refused = row(
        Verdict.REFUSED, package=None, version=None, path="caf\u00e9", file="\udcff\n.js", reason=Reason.TOO_LARGE
    )
    text = results_json([refused])
    assert text == (
        '{\n  "schema": 1,\n  "results": [\n    {\n      "patch": "a-leak",\n      "package": null,\n'
        '      "version": null,\n      "path": "caf\\u00e9",\n      "file": "\\udcff\\n.js",\n'
        '      "verdict": "refused",\n      "reason": "too-large",\n      "note": null,\n      "line": null,\n'
        '      "sha256_before": null,\n      "sha256_after": null\n    }\n  ],\n'
        '  "summary": {\n    "refused": 1\n  }\n}\n'
    )
    assert json.loads(results_json([])) == {"schema": 1, "results": [], "summary": {}}
