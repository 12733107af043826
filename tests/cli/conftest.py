"""One world a test."""

from __future__ import annotations

from pathlib import Path

import pytest

from support.world import World


@pytest.fixture
def world(tmp_path: Path) -> World:
    return World(tmp_path)
