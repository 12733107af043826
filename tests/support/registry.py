"""Published packages: fetched once through npm, checked against their pins, kept in the cache."""

from __future__ import annotations

import shutil
import tarfile
import tempfile
from collections.abc import Iterable, Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from pathlib import Path

from sio_patch.npm import cache, registry
from support.ground import cache_dir
from support.npm import fetching
from support.pins import Pin, pin

BATCH = 14
PARALLEL = 4


class WrongBytes(AssertionError):
    """The registry serves other bytes than the pinned ones. Never a reason to skip."""


@contextmanager
def locked(name: str) -> Iterator[Path]:
    """The cache directory, while no other test process holds the lock of this name."""
    folder = cache_dir()
    with cache.locked(folder / f"{name}.lock"):
        yield folder


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
        with fetching():
            paths = registry.pack([one.spec for one in batch], scratch)
        for one, path in zip(batch, paths, strict=True):
            if registry.integrity(path.read_bytes()) != one.integrity:
                raise WrongBytes(f"{one.spec}: the tarball that npm fetched has another sha512 than the pinned one")
            path.replace(folder / one.cache_name)
    finally:
        shutil.rmtree(scratch)
