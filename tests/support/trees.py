"""Directories of files, as values: what a test lays out, and what it finds afterwards."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Mapping
from pathlib import Path

RECEIPT = ".sio-patch.json"


def lay(root: Path, files: Mapping[str, bytes | str]) -> Path:
    """Writes files (paths relative to ``root``) and returns ``root``."""
    for name, content in files.items():
        path = root / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(content.encode("utf-8") if isinstance(content, str) else content)
    return root


def package(root: Path, files: Mapping[str, bytes | str], *, name: str = "socket.io", version: str = "0.9.13") -> Path:
    """A package directory with a plain package.json."""
    manifest = json.dumps({"name": name, "version": version}, indent=2) + "\n"
    return lay(root, {"package.json": manifest, **files})


def state(root: Path) -> dict[str, bytes | str]:
    """Every entry under a directory: a file's bytes, or ``-> target`` for a symlink, or ``/`` for a directory."""
    found: dict[str, bytes | str] = {}
    for path in sorted(root.rglob("*")):
        name = path.relative_to(root).as_posix()
        if path.is_symlink():
            found[name] = f"-> {path.readlink()}"
        elif path.is_dir():
            found[name] = "/"
        else:
            found[name] = path.read_bytes()
    return found


def sha256(data: bytes) -> str:
    """Hexadecimal, as reports and receipts spell it."""
    return hashlib.sha256(data).hexdigest()


def inserted(before: bytes, after: bytes) -> bytes | None:
    """The one contiguous run of bytes that ``after`` has more than ``before``, or None where that is not all.

    Where the run could stand at several places (its end repeats what precedes it) the first one is meant.
    """
    length = len(after) - len(before)
    if length <= 0:
        return None
    start = 0
    while start < len(before) and before[start] == after[start]:
        start += 1
    return after[start : start + length] if after[:start] + after[start + length :] == before else None
