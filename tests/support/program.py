"""The finished program as a person or a hook meets it: a process, its exit status, its output."""

from __future__ import annotations

import json
import os
import subprocess
import sys
import sysconfig
from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass, fields
from pathlib import Path

TIMEOUT_S = 240


@dataclass(frozen=True, slots=True)
class Row:
    """One entry of ``results`` in the program's ``--json`` object: these keys and no others."""

    patch: str
    package: str | None
    version: str | None
    path: str
    file: str | None
    verdict: str
    reason: str | None
    note: str | None
    line: int | None
    sha256_before: str | None
    sha256_after: str | None


@dataclass(frozen=True, slots=True)
class Finished:
    """How a run ended. Output is kept as bytes: a diff carries a file's own bytes, whatever they are."""

    exit: int
    stdout: bytes
    stderr: bytes

    @property
    def words(self) -> str:
        """All that a person at a terminal would have read."""
        return (self.stdout + self.stderr).decode("utf-8", "replace")

    @property
    def rows(self) -> list[Row]:
        """The ``--json`` results; the object around them is checked on the way."""
        report = json.loads(self.stdout)
        assert report["schema"] == 1
        assert set(report) == {"schema", "results", "summary"}
        names = {field.name for field in fields(Row)}
        for result in report["results"]:
            assert set(result) == names
        rows = [Row(**result) for result in report["results"]]
        summary = {verdict: count for verdict, count in report["summary"].items() if count}
        assert summary == Counter(row.verdict for row in rows)
        return rows

    @property
    def row(self) -> Row:
        """The only result."""
        rows = self.rows
        assert len(rows) == 1, rows
        return rows[0]


def program() -> Path:
    """The console script that was installed beside this interpreter."""
    path = Path(sysconfig.get_path("scripts")) / "sio-patch"
    assert path.exists(), f"install the project first (pip install -e '.[dev]'): {path} is not there"
    return path


def environment(**changes: str) -> dict[str, str]:
    """This process's environment without what would change the program's manner of speaking, and with ``changes``."""
    talk = ("NO_COLOR", "FORCE_COLOR", "COLUMNS", "LANG", "LC_ALL", "PYTHONPATH")
    kept = {name: value for name, value in os.environ.items() if name not in talk}
    return {**kept, "LC_ALL": "C.UTF-8", **changes}


def sio_patch(*arguments: str | Path, cwd: Path, stdin: bytes = b"", env: Mapping[str, str] | None = None) -> Finished:
    """Runs ``sio-patch`` in ``cwd``. A traceback on the screen is never a right answer, so it fails here."""
    process = subprocess.run(
        [sys.executable, str(program()), *map(str, arguments)],
        cwd=cwd,
        env=environment(**(env or {})),
        input=stdin,
        capture_output=True,
        timeout=TIMEOUT_S,
        check=False,
    )
    finished = Finished(process.returncode, process.stdout, process.stderr)
    assert b"Traceback (most recent call last)" not in finished.stderr, finished.words
    return finished
