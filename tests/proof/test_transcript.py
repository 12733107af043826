"""The lines of a proof: those that the contract knows, and those that it does not."""

from __future__ import annotations

import pytest

from sio_patch.proof.transcript import Check, Figure, NotAProof, Plan, Reading, Transcript


def test_every_kind_of_line() -> None:
    transcript = Transcript()
    for line in (
        b'{"plan": {"readings": 2, "x": "connections", "y": "memory", "unit": "MiB"}}',
        b'{"check": {"name": "it echoes", "passed": true}}',
        b'{"reading": {"series": "uploads", "x": 1, "y": 20.5}}',
        b'  {"reading": {"x": 2, "series": "uploads", "y": -1e3}}\r',
        b'{"figure": {"name": "growth", "value": 9.5, "unit": "MiB per connection"}}',
        '{"reason": "zwischen grün und rot"}'.encode(),
    ):
        transcript.add(line)
    assert transcript.plan == Plan(2, "connections", "memory", "MiB")
    assert transcript.checks == [Check("it echoes", True)]
    assert transcript.readings == [Reading("uploads", 1, 20.5), Reading("uploads", 2, -1000)]
    assert transcript.figures == [Figure("growth", 9.5, "MiB per connection")]
    assert transcript.reason == "zwischen grün und rot"


BAD = {
    "empty": (b"", "not JSON"),
    "text": (b"starting...", "not JSON"),
    "not UTF-8": (b'{"reason": "\xff"}', "not JSON"),
    "cut off": (b'{"reading": {"series": "a", "x": 1', "not JSON"),
    "deep": (b"[" * 100_000, "not JSON"),
    "a number": (b"7", "an object with one key"),
    "a list": (b"[]", "an object with one key"),
    "no key": (b"{}", "an object with one key"),
    "two keys": (b'{"reason": "a", "check": {"name": "b", "passed": true}}', "an object with one key"),
    "unknown key": (b'{"verdict": "healthy"}', "none of plan"),
    "unknown kind": (b'{"memory": 7}', "none of plan"),
    "reading without y": (b'{"reading": {"series": "a", "x": 1}}', "series, x, y"),
    "reading with more": (b'{"reading": {"series": "a", "x": 1, "y": 1, "z": 1}}', "and nothing else"),
    "reading of a list": (b'{"reading": [1, 2]}', "series, x, y"),
    "series is a number": (b'{"reading": {"series": 1, "x": 1, "y": 1}}', "series must be a text"),
    "x is a text": (b'{"reading": {"series": "a", "x": "1", "y": 1}}', "x must be a number"),
    "y is true": (b'{"reading": {"series": "a", "x": 1, "y": true}}', "y must be a number"),
    "y is NaN": (b'{"reading": {"series": "a", "x": 1, "y": NaN}}', "y must be a number"),
    "y is endless": (b'{"reading": {"series": "a", "x": 1, "y": 1e999}}', "y must be a number"),
    "passed is 1": (b'{"check": {"name": "a", "passed": 1}}', "true or false"),
    "reason is null": (b'{"reason": null}', "reason must be a text"),
    "long reason": (b'{"reason": "' + b"x" * 501 + b'"}', "at most 500"),
    "plan of half a reading": (b'{"plan": {"readings": 0.5, "x": "", "y": "", "unit": ""}}', "a count"),
    "plan of minus one": (b'{"plan": {"readings": -1, "x": "", "y": "", "unit": ""}}', "a count"),
}


@pytest.mark.parametrize(("line", "message"), BAD.values(), ids=BAD)
def test_other_lines(line: bytes, message: str) -> None:
    transcript = Transcript()
    transcript.add(b'{"reason": "fine"}')
    with pytest.raises(NotAProof) as caught:
        transcript.add(line)
    assert caught.value.line == 2
    assert caught.value.found == line
    assert message in str(caught.value)
    assert len(str(caught.value)) < 500


def test_no_proof_needs_so_many_lines(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("sio_patch.proof.transcript._LINES_AT_MOST", 2)
    transcript = Transcript()
    transcript.add(b'{"reason": "a"}')
    transcript.add(b'{"reason": "b"}')
    with pytest.raises(NotAProof, match="more than 2 lines"):
        transcript.add(b'{"reason": "c"}')
