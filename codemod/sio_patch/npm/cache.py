"""What was fetched once, kept in the user's cache directory: sealed, whole or not there, safe for concurrent runs."""

from __future__ import annotations

import fcntl
import os
import shutil
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from hashlib import sha256
from pathlib import Path

_SEAL = "seal"
_TREE = "tree"


def entry(kind: str, name: str, make: Callable[[Path], None]) -> Path:
    """The directory of that entry. ``make`` fills it where it is missing, or no longer what was put there.

    Only read from it. Safe to delete at any time when nothing runs. Raises OSError and what ``make`` raises.
    """
    folder = home() / kind
    place = folder / name.replace("/", "+")
    folder.mkdir(mode=0o700, parents=True, exist_ok=True)
    with locked(place.with_name(place.name + ".lock")):
        if not _sound(place):
            _remove(place)
            _make(place, make)
    return place / _TREE


@contextmanager
def locked(path: Path) -> Iterator[None]:
    """While no other process holds the lock at ``path``, a file that is made and stays. Raises OSError."""
    with path.open("w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        yield


def home() -> Path:
    """XDG's rule: an absolute XDG_CACHE_HOME, else ~/.cache."""
    base = Path(os.environ.get("XDG_CACHE_HOME", ""))
    return (base if base.is_absolute() else Path.home() / ".cache") / "sio-patch"


def digest(tree: Path) -> str:
    """Of every name, kind, execution bit and byte in it."""
    total = sha256()
    for path in sorted(tree.rglob("*")):
        total.update(os.fsencode(path.relative_to(tree)) + b"\0" + _content(path))
    return total.hexdigest()


def _content(path: Path) -> bytes:
    if path.is_symlink():
        return b"link" + sha256(os.fsencode(path.readlink())).digest()
    if path.is_dir():
        return b"directory"
    runs = b"program" if path.stat().st_mode & 0o100 else b"file"
    return runs + sha256(path.read_bytes()).digest()


def _sound(place: Path) -> bool:
    try:
        return (place / _SEAL).read_text("ascii") == digest(place / _TREE)
    except (FileNotFoundError, NotADirectoryError, UnicodeDecodeError):
        return False


def _make(place: Path, make: Callable[[Path], None]) -> None:
    """A killed run leaves ``new`` behind; the next one, which holds the lock, begins it anew."""
    new = place.with_name(place.name + ".new")
    _remove(new)
    try:
        (new / _TREE).mkdir(parents=True)
        make(new / _TREE)
        (new / _SEAL).write_text(digest(new / _TREE), "ascii")
        new.rename(place)
    finally:
        _remove(new)


def _remove(path: Path) -> None:
    if path.exists():
        shutil.rmtree(path)
