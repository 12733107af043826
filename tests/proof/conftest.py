"""What proofs on real Nodes need."""

from __future__ import annotations

from pathlib import Path

import pytest

from support.ground import cache_dir, executable


@pytest.fixture
def real_ground(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """npm and openssl; what is fetched is kept between runs of the tests."""
    executable("npm")
    executable("openssl")
    monkeypatch.setenv("XDG_CACHE_HOME", str(cache_dir()))
    (tmp_path / "scratch").mkdir()
    monkeypatch.setenv("TMPDIR", str(tmp_path / "scratch"))
    monkeypatch.setattr("tempfile.tempdir", None)
