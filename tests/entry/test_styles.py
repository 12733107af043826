"""Hand-written entries in every style, through the command line: byte for byte, there, elsewhere and back."""

from __future__ import annotations

import json
import subprocess
from collections.abc import Mapping
from functools import cache
from pathlib import Path

import pytest

from entry.entries import ENTRIES, Entry
from support.ground import executable
from support.program import Finished, sio_patch
from support.trees import RECEIPT, lay, sha256, state

PATCH = ("-p", "tls-slab-size")
FIRST = Path(__file__).with_name("first.js")
NAMES = {entry: f"{number:02}.js" for number, entry in enumerate(ENTRIES)}
BEFORE = {name: entry.before for entry, name in NAMES.items()}
AFTER = {name: entry.after for entry, name in NAMES.items()}
EVERY = pytest.mark.parametrize("entry", ENTRIES, ids=lambda entry: entry.style)


@pytest.fixture
def files(tmp_path: Path) -> Path:
    return lay(tmp_path / "app", BEFORE)


def run(files: Path, *arguments: str) -> Finished:
    """One run on all files."""
    finished = sio_patch(*arguments, *PATCH, *AFTER, cwd=files)
    assert finished.exit == 0, finished.words
    return finished


def rows(files: Path, *arguments: str) -> Mapping[str, tuple[str, str | None, str | None]]:
    found = run(files, *arguments, "--json").rows
    return {str(row.file): (row.verdict, row.sha256_before, row.sha256_after) for row in found}


@cache
def sums(contents: str) -> Mapping[str, str]:
    return {name: sha256(data) for name, data in (AFTER if contents == "after" else BEFORE).items()}


def test_the_table_itself() -> None:
    assert len({entry.style for entry in ENTRIES}) == len(ENTRIES) > 40
    assert all(entry.marked.count("«") == entry.marked.count("»") == 1 for entry in ENTRIES)


def test_apply_byte_for_byte(files: Path) -> None:
    found = rows(files, "apply")
    assert state(files) == AFTER
    assert found == {name: ("patched", sums("before")[name], sums("after")[name]) for name in AFTER}


def test_a_second_run_writes_nothing(tmp_path: Path) -> None:
    files = lay(tmp_path, AFTER)
    times = {path.name: (path.stat().st_mtime_ns, path.stat().st_ino) for path in files.iterdir()}
    for command in ("apply", "status"):
        assert rows(files, command) == {name: ("applied", sums("after")[name], sums("after")[name]) for name in AFTER}
    assert {path.name: (path.stat().st_mtime_ns, path.stat().st_ino) for path in files.iterdir()} == times
    assert run(files, "diff").stdout == b""
    assert state(files) == AFTER


def test_another_size_changes_the_value_alone_and_stays(tmp_path: Path) -> None:
    files = lay(tmp_path, AFTER)
    other = {name: data.replace(b"100 * 1024", b"256 * 1024") for name, data in AFTER.items()}
    assert {row[0] for row in rows(files, "apply", "--set", "size=256k").values()} == {"patched"}
    assert state(files) == other
    assert {row[0] for row in rows(files, "apply", "--set", "size=262144").values()} == {"applied"}
    assert {row[0] for row in rows(files, "apply").values()} == {"applied"}
    assert state(files) == other
    assert {row[0] for row in rows(files, "revert").values()} == {"reverted"}
    assert state(files) == BEFORE


def test_the_first_size_may_be_another(files: Path) -> None:
    run(files, "apply", "--set", "size=1m")
    assert state(files) == {name: data.replace(b"100 * 1024", b"1024 * 1024") for name, data in AFTER.items()}


def test_revert_to_the_byte(tmp_path: Path) -> None:
    files = lay(tmp_path, AFTER)
    found = rows(files, "revert")
    assert state(files) == BEFORE
    assert found == {name: ("reverted", sums("after")[name], sums("before")[name]) for name in AFTER}
    assert {row[0] for row in rows(files, "revert").values()} == {"needs-patch"}
    assert state(files) == BEFORE


def test_no_receipt_is_written(files: Path) -> None:
    run(files, "apply")
    assert not list(files.rglob(f"*{RECEIPT}*"))


@pytest.mark.parametrize(
    "tool", [("git", "apply", "-p1"), ("patch", "-p1", "--binary", "--quiet")], ids=["git", "patch"]
)
def test_the_diff_does_the_same(tool: tuple[str, ...], files: Path) -> None:
    """An empty file has no line to stand on: patch(1) and git make it a new one, which is the same."""
    diff = run(files, "diff").stdout
    process = subprocess.run([executable(tool[0]), *tool[1:]], cwd=files, input=diff, capture_output=True, check=False)
    assert process.returncode == 0, process.stdout + process.stderr
    assert state(files) == AFTER


@EVERY
def test_the_result_runs_and_sets_the_size_first(entry: Entry, tmp_path: Path) -> None:
    (tmp_path / "app.js").write_bytes(entry.after)
    node = executable("node")
    check = subprocess.run([node, "--check", "app.js"], cwd=tmp_path, capture_output=True, check=False)
    assert check.returncode == 0, check.stderr.decode()
    ran = subprocess.run([node, "-r", FIRST, "app.js"], cwd=tmp_path, capture_output=True, timeout=30, check=False)
    assert ran.returncode == 0, ran.stderr.decode()
    noted = json.loads(ran.stdout[ran.stdout.rindex(b'{"required"') :])
    assert noted["required"][0] == ["tls", 0]
    assert {size for _, size in noted["required"][1:]} <= {102400}
    assert noted["end"] == 102400
    assert len(noted["required"]) > 1 or b"require(" not in entry.before
