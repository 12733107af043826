"""Measures what DESIGN promises, against the peers, in one run: whole processes, interleaved, medians.

    make bench        or        python tests/bench/bench.py [ROUNDS]

Prints one row a bar. Nothing here is an assertion of the test suite: a busy machine would make it lie. The peers are
those that fixtures/bench/package-lock.json pins, installed by npm into the cache.
"""

from __future__ import annotations

import difflib
import os
import platform
import shutil
import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from functools import partial
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parents[1]))

from support.ground import FIXTURES, cache_dir, executable
from support.manager import FILE, patched, published
from support.npm import installed
from support.program import program
from support.registry import locked, unpacked

COPY = "node_modules/socket.io"
PACKAGES = 2_000
WARM_UPS = 2


@dataclass(frozen=True, slots=True)
class Run:
    """One process, from its start to its end."""

    wall_ms: float
    peak_mib: float  # resident; at least what this script itself had when it forked


@dataclass(frozen=True, slots=True)
class Contender:
    """A command to measure, and what puts its directory back into the state in which it is to start."""

    command: Sequence[str]
    cwd: Path
    prepare: Callable[[], None] = lambda: None
    check: Callable[[], bool] = lambda: True


def measure(contender: Contender) -> Run:
    """Runs it once. SystemExit where it did not do what it is measured for."""
    contender.prepare()
    with tempfile.TemporaryFile() as output:
        start = time.perf_counter()
        process = subprocess.Popen(
            contender.command, cwd=contender.cwd, stdin=subprocess.DEVNULL, stdout=output, stderr=subprocess.STDOUT
        )
        _, status, usage = os.wait4(process.pid, 0)
        wall_ms = (time.perf_counter() - start) * 1000
        process.returncode = os.waitstatus_to_exitcode(status)
        if process.returncode != 0 or not contender.check():
            output.seek(0)
            raise SystemExit(f"{' '.join(contender.command)}: {process.returncode}\n{output.read().decode()}")
    return Run(wall_ms, usage.ru_maxrss / 1024)


def race(contenders: Mapping[str, Contender], rounds: int) -> dict[str, Run]:
    """Medians of each, all taking turns, so that what else the machine does meets all of them alike."""
    runs: dict[str, list[Run]] = {name: [] for name in contenders}
    for number in range(-WARM_UPS, rounds):
        for name, contender in contenders.items():
            run = measure(contender)
            if number >= 0:
                runs[name].append(run)
    return {
        name: Run(statistics.median(run.wall_ms for run in each), statistics.median(run.peak_mib for run in each))
        for name, each in runs.items()
    }


def project(root: Path) -> Path:
    """A project with the published socket.io, and the patch as patch-package wants it."""
    unpacked("socket.io", "0.9.13", root / COPY)
    (root / "package.json").write_text(
        '{"name": "bench", "version": "1.0.0", "dependencies": {"socket.io": "0.9.13"}}\n'
    )
    before, after = published().decode(), patched(published()).decode()
    name = f"{COPY}/{FILE}"
    lines = difflib.unified_diff(before.splitlines(True), after.splitlines(True), f"a/{name}", f"b/{name}")
    (root / "patches").mkdir()
    (root / "patches/socket.io+0.9.13.patch").write_text(f"diff --git a/{name} b/{name}\n" + "".join(lines))
    return root


def contenders(scratch: Path, peers: Path) -> tuple[dict[str, Contender], dict[str, Contender]]:
    """Who runs in the two races on one copy: the first apply, and the run that finds nothing to do."""
    first: dict[str, Contender] = {}
    again: dict[str, Contender] = {}
    ours = [sys.executable, str(program()), "apply", COPY]
    theirs = [executable("node"), str(peers / "patch-package/index.js")]
    for name, command in {"sio-patch": ours, "patch-package": theirs}.items():
        root = project(scratch / name)
        pristine = shutil.copytree(root / COPY, scratch / f"{name}-pristine")
        lay = partial(lay_anew, root / COPY, pristine)
        first[name] = Contender(command, root, lay, is_done(root / COPY / FILE))
        root = project(scratch / f"{name}-again")
        measure(Contender(command, root))
        again[name] = Contender(command, root, check=is_done(root / COPY / FILE))
    file = scratch / "jscodeshift" / "manager.js"
    file.parent.mkdir()
    shift = [executable("node"), str(peers / "jscodeshift/bin/jscodeshift.js"), "--run-in-band", "-t"]
    first["jscodeshift"] = Contender(
        [*shift, str(FIXTURES / "bench/transform.js"), file.name],
        file.parent,
        partial(publish, file),
        is_done(file),
    )
    return first, again


def publish(file: Path) -> None:
    """The file as it was published."""
    file.write_bytes(published())


def lay_anew(copy: Path, pristine: Path) -> None:
    """The copy as npm would have installed it."""
    shutil.rmtree(copy)
    shutil.copytree(pristine, copy)


def is_done(file: Path) -> Callable[[], bool]:
    """Whether the repair stands in the file."""
    return lambda: file.read_bytes() == patched(published())


def big_project(root: Path) -> Path:
    """2,000 package directories of the usual make-up: thirteen files in three folders, some scoped, some nested."""
    for number in range(PACKAGES):
        scope = f"@scope{number % 40}/" if number % 5 == 0 else ""
        host = f"node_modules/host-{number - number % 10 + 1}/" if number % 10 > 7 else ""
        name = f"host-{number}" if number % 10 == 1 else f"{scope}package-{number}"
        folder = root / host / "node_modules" / name
        for part in ("lib", "test"):
            (folder / part).mkdir(parents=True)
            for each in range(5):
                (folder / part / f"{each}.js").write_text("module.exports = {};\n")
        (folder / "package.json").write_text(f'{{"name": "{name}", "version": "1.{number}.0", "main": "lib/0.js"}}\n')
        (folder / "README.md").write_text("read me\n")
        (folder / "LICENSE").write_text("do as you like\n")
    (root / "package.json").write_text('{"name": "big", "version": "1.0.0"}\n')
    return root


def row(what: str, mine: float, yours: float, bar: float, unit: str = "ms") -> str:
    """One line of the table: both medians, their ratio, the bar, and whether it holds."""
    ratio = mine / yours
    held = "holds" if ratio <= bar else "MISSED"
    return f"| {what} | {mine:.0f} {unit} | {yours:.0f} {unit} | {ratio:.2f} | {bar:.2f} | {held} |"


def main(rounds: int) -> None:
    """Runs every race and prints the table."""
    with locked("bench"):
        peers = installed(FIXTURES / "bench", cache_dir() / "bench")
    with tempfile.TemporaryDirectory(prefix="sio-patch-bench-") as scratch:
        first, again = contenders(Path(scratch), peers)
        firsts, agains = race(first, rounds), race(again, rounds)
        root = big_project(Path(scratch) / "big")
        walk = race(
            {
                "sio-patch": Contender([sys.executable, str(program()), "status"], root),
                "find": Contender([executable("find"), "node_modules", "-name", "package.json"], root),
            },
            rounds,
        )
    machine = f"Python {platform.python_version()}, {platform.machine()}, {os.cpu_count()} cores"
    print(f"{machine}, medians of {rounds} rounds\n")
    print("| what | sio-patch | peer | ratio | bar | |")
    print("|---|---|---|---|---|---|")
    mine, patch_package = firsts["sio-patch"], firsts["patch-package"]
    print(row("no-op on one copy, patch-package", agains["sio-patch"].wall_ms, agains["patch-package"].wall_ms, 0.6))
    print(row("first apply on one copy, patch-package", mine.wall_ms, patch_package.wall_ms, 1.0))
    print(row("first apply on one copy, jscodeshift", mine.wall_ms, firsts["jscodeshift"].wall_ms, 0.15))
    print(row(f"project of {PACKAGES} packages, find", walk["sio-patch"].wall_ms, walk["find"].wall_ms, 2.0))
    print(row("peak memory, first apply (bar: 40 MiB)", mine.peak_mib, 40, 1.0, "MiB"))
    print(row("peak memory, no-op (bar: 40 MiB)", agains["sio-patch"].peak_mib, 40, 1.0, "MiB"))
    peaks = ", ".join(f"{name} {run.peak_mib:.0f} MiB" for name, run in firsts.items())
    print(f"\nPeak memory of the first apply: {peaks}")


if __name__ == "__main__":
    main(int(sys.argv[1]) if len(sys.argv) > 1 else 15)
