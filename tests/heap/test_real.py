"""Snapshots that real Nodes wrote. The leak's, the cured service's, and today's."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from heap.ground import keep_snapshot, leak_snapshot
from sio_patch.heap.diagnosis import Diagnosis, Evidence, diagnose
from sio_patch.heap.errors import SnapshotError
from sio_patch.report.heap_text import diagnosis_text
from sio_patch.report.json import diagnosis_json

pytestmark = pytest.mark.xdist_group("heap")

SLAB_BYTES = 10 << 20
ROUNDS = 5
CURES = {"IncomingMessage.head": "req-head-leak"}


@pytest.fixture(scope="module")
def leaking(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return leak_snapshot(tmp_path_factory.mktemp("leaking"), ROUNDS, cured=False)


@pytest.fixture(scope="module")
def slices(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return keep_snapshot(tmp_path_factory.mktemp("slices"), "slices")


def test_the_leak_is_named(leaking: Path) -> None:
    diagnosis = diagnose(leaking)
    (finding,) = diagnosis.findings
    assert finding.retainer == "IncomingMessage.head"
    # The last WebSocket's slice is of the slab that tls still cuts from: not yet a leak, so one less than rounds.
    assert finding.count in (ROUNDS - 1, ROUNDS)
    assert finding.bytes == finding.count * SLAB_BYTES
    assert finding.buffer_bytes == (SLAB_BYTES, SLAB_BYTES)
    assert finding.evidence is Evidence.SLAB
    assert finding.also == ()
    assert finding.share == finding.bytes / diagnosis.heap_bytes > 0.5


def test_the_path_leads_from_the_root_to_the_bytes(leaking: Path) -> None:
    path = diagnose(leaking).findings[0].path
    assert path[0].edge_type is None
    assert [(step.edge_name, step.node_name) for step in path[-4:]] == [
        ("req", "IncomingMessage"),
        ("head", "Buffer"),
        ("parent", "SlowBuffer"),
        ("native", "Buffer"),
    ]
    assert all(step.edge_type != "weak" for step in path)


def test_the_cure_is_named(leaking: Path) -> None:
    diagnosis = diagnose(leaking)
    words = diagnosis_text(diagnosis, CURES)
    assert "Cure: patch req-head-leak" in words
    assert "sio-patch apply -p req-head-leak" in words
    (finding,) = json.loads(diagnosis_json(diagnosis, CURES))["findings"]
    assert (finding["patch"], finding["command"]) == ("req-head-leak", "sio-patch apply -p req-head-leak")
    assert "No patch in the catalogue" in diagnosis_text(diagnosis, {})


def test_the_cured_service_has_no_finding(tmp_path: Path) -> None:
    diagnosis = diagnose(leak_snapshot(tmp_path, ROUNDS, cured=True))
    assert diagnosis.findings == ()
    assert diagnosis.buffers > 0
    assert "No large buffer was found" in diagnosis_text(diagnosis, CURES)


def test_the_old_file_cut_short(leaking: Path, tmp_path: Path) -> None:
    data = leaking.read_bytes()
    cut = tmp_path / "cut.heapsnapshot"
    for size in (0, 1, 100, 2_000, len(data) // 3, len(data) // 2, len(data) - 2, len(data) - 1):
        cut.write_bytes(data[:size].rstrip())
        with pytest.raises(SnapshotError, match=r"the end of the file|an empty file"):
            diagnose(cut)


def test_slices_on_todays_node(slices: Path) -> None:
    found = {finding.retainer: finding for finding in diagnose(slices).findings}
    assert found.keys() == {"Request.head", "Request.token"}
    head, token = found["Request.head"], found["Request.token"]
    assert (head.count, head.bytes, head.evidence) == (1, SLAB_BYTES, Evidence.HOLDER)
    assert head.path[-4].node_name == "Request"
    assert [step.edge_name for step in head.path[-3:]] == ["head", "buffer", "backing_store"]
    assert token.evidence is Evidence.SLAB
    assert token.buffer_bytes[0] == token.buffer_bytes[1] == token.bytes // token.count
    assert token.count in (199, 200)  # the last pool may still be the current one


def test_what_is_kept_whole_is_no_finding(tmp_path: Path) -> None:
    diagnosis: Diagnosis = diagnose(keep_snapshot(tmp_path, "whole"))
    assert diagnosis.buffer_bytes > 10 * SLAB_BYTES
    assert diagnosis.findings == ()


def test_progress_grows_to_the_end(slices: Path) -> None:
    told: list[float] = []
    diagnose(slices, told.append)
    assert told == sorted(told)
    assert told[-1] == 1.0
    assert len(told) > 4
