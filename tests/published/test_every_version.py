"""Every published version of socket.io, each as npm would unpack it: who is patched, who is fixed, who is left alone.

All copies go through the program in one call; what it said and did is then looked at version by version.
"""

from __future__ import annotations

import shutil
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import pytest

from support.manager import CALL, DROP, FILE, PATCH, patched
from support.pins import pins
from support.program import Finished, Row, sio_patch
from support.registry import tarballs, unpack, unpacked
from support.trees import RECEIPT, inserted, sha256, state

VERSIONS = tuple(pin.version for pin in pins("socket.io"))
FIRST_WITH_MANAGER, FIRST_FIXED, FIRST_OF_1 = (VERSIONS.index(v) for v in ("0.7.0", "0.9.14", "1.0.0-pre"))
BROKEN = VERSIONS[FIRST_WITH_MANAGER:FIRST_FIXED]
FIXED = VERSIONS[FIRST_FIXED:FIRST_OF_1]
NOT_AFFECTED = VERSIONS[:FIRST_WITH_MANAGER] + VERSIONS[FIRST_OF_1:]
INSTRUMENTED = BROKEN[: BROKEN.index("0.7.8")]
COVERED_FILE = "lib-cov/manager.js"


@dataclass(frozen=True, slots=True)
class Runs:
    """All versions under one directory, what each command said, and what it left on the disk."""

    root: Path
    before: dict[str, dict[str, bytes | str]]
    after: dict[str, dict[str, bytes | str]]
    reverted: dict[str, dict[str, bytes | str]]
    applied_first: Finished
    applied_again: Finished
    status_fresh: Finished
    revert: Finished

    def rows(self, run: Finished, version: str) -> list[Row]:
        """What a run said about one version."""
        return [row for row in run.rows if row.path == copy_of(version)]


def copy_of(version: str) -> str:
    """Where a version lies: each in a dependent of its own, as npm nests copies that cannot share a place."""
    return f"node_modules/needs-{version}/node_modules/socket.io"


@pytest.fixture(scope="module")
def runs(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Runs]:
    root = tmp_path_factory.mktemp("every-version")
    (root / "package.json").write_text('{"name": "holds-them-all", "version": "1.0.0"}\n')
    for pin, path in tarballs(pins("socket.io")).items():
        unpack(path, root / copy_of(pin.version))
    before = states(root)
    status_fresh = sio_patch("status", "--json", cwd=root)
    applied_first = sio_patch("apply", "--json", cwd=root)
    after = states(root)
    applied_again = sio_patch("apply", "--json", cwd=root)
    revert = sio_patch("revert", "--json", cwd=root)
    yield Runs(root, before, after, states(root), applied_first, applied_again, status_fresh, revert)
    shutil.rmtree(root)


def states(root: Path) -> dict[str, dict[str, bytes | str]]:
    """What stands on the disk for each version."""
    return {version: state(root / copy_of(version)) for version in VERSIONS}


def test_the_groups_are_whole() -> None:
    assert len(VERSIONS) >= 162
    assert (VERSIONS[0], BROKEN[0], BROKEN[-1]) == ("0.3.8", "0.7.0", "0.9.13")
    assert (FIXED[0], FIXED[-1]) == ("0.9.14", "0.9.19")
    assert len(BROKEN) == 35
    assert len(INSTRUMENTED) == 8


def test_every_run_ends_well(runs: Runs) -> None:
    for run in (runs.status_fresh, runs.applied_first, runs.applied_again, runs.revert):
        assert run.exit == 0, run.words


@pytest.mark.parametrize("version", BROKEN)
def test_broken_versions_are_patched(runs: Runs, version: str) -> None:
    files = {FILE, COVERED_FILE} if version in INSTRUMENTED else {FILE}
    assert {row.file: row.verdict for row in runs.rows(runs.status_fresh, version)} == dict.fromkeys(
        files, "needs-patch"
    )

    rows = runs.rows(runs.applied_first, version)
    assert {row.file: row.verdict for row in rows} == dict.fromkeys(files, "patched")
    before, after = runs.before[version], runs.after[version]
    assert {name for name in after if before.get(name) != after[name]} == files | {RECEIPT}
    for row in rows:
        assert row.file is not None
        was, now = before[row.file], after[row.file]
        assert isinstance(was, bytes)
        assert isinstance(now, bytes)
        assert (row.package, row.version, row.patch) == ("socket.io", version, PATCH)
        assert (row.sha256_before, row.sha256_after) == (sha256(was), sha256(now))
        assert now == patched(was)
        assert row.line == now[: now.index(CALL + DROP)].count(b"\n") + 2


@pytest.mark.parametrize("version", BROKEN)
def test_broken_versions_stay_patched_and_come_back(runs: Runs, version: str) -> None:
    again = runs.rows(runs.applied_again, version)
    assert {row.verdict for row in again} == {"applied"}
    assert {row.verdict for row in runs.rows(runs.revert, version)} == {"reverted"}
    assert runs.reverted[version] == runs.before[version]


@pytest.mark.parametrize("version", FIXED)
def test_fixed_versions_read_fixed(runs: Runs, version: str) -> None:
    for run in (runs.status_fresh, runs.applied_first, runs.applied_again):
        (row,) = runs.rows(run, version)
        assert (row.verdict, row.file) == ("fixed", FILE)
    assert runs.after[version] == runs.reverted[version] == runs.before[version]


@pytest.mark.parametrize("version", NOT_AFFECTED)
def test_other_versions_are_left_alone(runs: Runs, version: str) -> None:
    for run in (runs.status_fresh, runs.applied_first, runs.applied_again):
        assert {row.verdict for row in runs.rows(run, version)} == {"not-affected"}
        assert {row.reason for row in runs.rows(run, version)} == {None}
    assert runs.after[version] == runs.reverted[version] == runs.before[version]


def test_the_issue_in_one_copy(tmp_path: Path) -> None:
    """socket.io 0.9.13, named directly: the original plus one line, at the right one of two identical places."""
    copy = unpacked("socket.io", "0.9.13", tmp_path / "node_modules/socket.io")
    untouched = state(copy)
    before = (copy / FILE).read_bytes()
    assert before.count(CALL) == 2

    run = sio_patch("apply", "node_modules/socket.io", cwd=tmp_path)
    after = (copy / FILE).read_bytes()
    assert run.exit == 0
    assert after == patched(before)
    assert inserted(before, after) == DROP
    assert "lib/manager.js" in run.words
    assert str(after[: after.index(DROP)].count(b"\n") + 1) in run.words

    times = (copy / FILE).stat()
    again = sio_patch("apply", "node_modules/socket.io", cwd=tmp_path)
    assert again.exit == 0
    assert (copy / FILE).stat().st_mtime_ns == times.st_mtime_ns

    assert sio_patch("revert", "node_modules/socket.io", cwd=tmp_path).exit == 0
    assert state(copy) == untouched
