"""Published packages: fetched once through npm, checked against their pins, kept in the cache."""

from __future__ import annotations

import fcntl
import shutil
import tarfile
import tempfile
from collections.abc import Iterable, Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from pathlib import Path

from support.ground import cache_dir
from support.npm import npm
from support.pins import Pin, integrity_of, pin

BATCH = 14
PARALLEL = 4


class WrongBytes(AssertionError):
    """The registry serves other bytes than the pinned ones. Never a reason to skip."""


@contextmanager
def locked(name: str) -> Iterator[Path]:
    """The cache directory, while no other test process holds the lock of this name."""
    folder = cache_dir()
    with (folder / f"{name}.lock").open("w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        yield folder


def pack(specs: Sequence[str], into: Path) -> None:
    """Puts the tarballs of ``name@version`` specs into a directory, byte for byte as published."""
    npm("pack", "--ignore-scripts", "--prefer-offline", "--silent", *specs, cwd=into)


def tarballs(wanted: Iterable[Pin]) -> dict[Pin, Path]:
    """The paths of the pinned tarballs in the cache; what is not there yet is fetched first.

    Unavailable where the registry cannot be reached, WrongBytes where it serves something else.
    """
    with locked("tarballs") as folder:
        paths = {one: folder / "tarballs" / one.cache_name for one in wanted}
        absent = [one for one, path in paths.items() if not path.exists()]
        if absent:
            _fetch(absent, folder / "tarballs")
    return paths


def tarball(name: str, version: str) -> Path:
    """The path of one pinned tarball."""
    one = pin(name, version)
    return tarballs([one])[one]


def unpacked(name: str, version: str, into: Path) -> Path:
    """Unpacks a pinned package so that ``into`` is its directory, as npm would have it."""
    return unpack(tarball(name, version), into)


def unpack(path: Path, into: Path) -> Path:
    """Unpacks a package's tarball without its first folder, whose name differs from publisher to publisher."""
    into.mkdir(parents=True, exist_ok=True)
    with tarfile.open(path) as archive:
        archive.extractall(into, members=_stripped(archive), filter="data")
    return into


def _stripped(archive: tarfile.TarFile) -> Iterator[tarfile.TarInfo]:
    for member in archive:
        _, _, rest = member.name.partition("/")
        if rest and (member.isfile() or member.isdir()):
            yield member.replace(name=rest, deep=False)


def _fetch(absent: Sequence[Pin], folder: Path) -> None:
    """Each batch lands in a directory of its own; a tarball moves into the cache only after its sum was checked."""
    folder.mkdir(exist_ok=True)
    batches = [absent[start : start + BATCH] for start in range(0, len(absent), BATCH)]
    with ThreadPoolExecutor(PARALLEL) as pool:
        for _ in pool.map(lambda batch: _fetch_batch(batch, folder), batches):
            pass


def _fetch_batch(batch: Sequence[Pin], folder: Path) -> None:
    scratch = Path(tempfile.mkdtemp(prefix="fetch-", dir=folder))
    try:
        pack([one.spec for one in batch], scratch)
        found = {integrity_of(path.read_bytes()): path for path in scratch.glob("*.tgz")}
        for one in batch:
            if one.integrity not in found:
                raise WrongBytes(f"{one.spec}: no tarball that npm fetched has the pinned sha512")
            found[one.integrity].replace(folder / one.cache_name)
    finally:
        shutil.rmtree(scratch)
