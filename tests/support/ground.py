"""What the tests stand on: where things are, and what to say when a part of the ground is missing."""

from __future__ import annotations

import os
import shutil
from pathlib import Path
from typing import NoReturn

import pytest

CHECKOUT = Path(__file__).resolve().parents[2]
FIXTURES = CHECKOUT / "fixtures"


class Unavailable(Exception):
    """Something outside this project that a test needs is not to be had here: npm, Node, a registry."""


def missing(reason: str) -> NoReturn:
    """Skips the test with its reason. Under ``CI=true`` nothing may be missing, so there it fails."""
    if os.environ.get("CI") == "true":
        pytest.fail(reason, pytrace=False)
    pytest.skip(reason)


def executable(name: str) -> str:
    """The full path of a program that a test cannot do without."""
    found = shutil.which(name)
    if found is None:
        raise Unavailable(f"{name} is not installed")
    return found


def cache_dir() -> Path:
    """Where downloads are kept between runs. Outside the checkout, and safe to delete."""
    base = os.environ.get("XDG_CACHE_HOME") or str(Path.home() / ".cache")
    folder = Path(base) / "sio-patch-tests"
    folder.mkdir(parents=True, exist_ok=True)
    return folder
