"""Measures README's numbers, against the peers, in one run: whole processes, interleaved, medians.

    make bench        or        python tests/bench/bench.py [ROUNDS]

Prints one row a bar. The copy of the first apply is one that no index of published files knows. Nothing here is an
assertion of the test suite: a busy machine would make it lie. The peers are those that
fixtures/bench/package-lock.json pins, installed by npm into the cache.
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
from dataclasses import dataclass, field
from functools import partial
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parents[1]))

from sio_patch.documents import heads
from sio_patch.documents.catalogue import Catalogue
from support.ground import FIXTURES, cache_dir, executable
from support.manager import FILE, patched, published
from support.npm import installed
from support.program import program
from support.registry import locked, unpacked

COPY = "node_modules/socket.io"
PACKAGES = 2_000
DOCUMENTS = 40
EQUAL = 500
WARM_UPS = 2


@dataclass(frozen=True, slots=True)
class Contender:
    """A command to measure, and what puts its directory back into the state in which it is to start."""

    command: Sequence[str]
    cwd: Path
    prepare: Callable[[], None] = lambda: None
    check: Callable[[], bool] = lambda: True
    env: Mapping[str, str] = field(default_factory=dict)


def measure(contender: Contender) -> float:
    """Runs it once and returns the milliseconds. SystemExit where it did not do what it is measured for."""
    contender.prepare()
    with tempfile.TemporaryFile() as output:
        start = time.perf_counter()
        process = subprocess.Popen(
            contender.command,
            cwd=contender.cwd,
            env={**os.environ, **contender.env},
            stdin=subprocess.DEVNULL,
            stdout=output,
            stderr=subprocess.STDOUT,
        )
        status = process.wait()
        wall_ms = (time.perf_counter() - start) * 1000
        if status != 0 or not contender.check():
            output.seek(0)
            raise SystemExit(f"{' '.join(contender.command)}: {status}\n{output.read().decode()}")
    return wall_ms


# A process begins with the peak of the one that forked it, so a small one must do that: 8 MiB here.
WEIGH = """
import os, sys
child = os.fork()
if not child:
    null = os.open(os.devnull, os.O_RDWR)
    for stream in range(3):
        os.dup2(null, stream)
    os.execv(sys.argv[1], sys.argv[1:])
print(os.wait4(child, 0)[2].ru_maxrss)
"""


def peak_mib(contender: Contender) -> float:
    """Runs it once and returns the most memory that it had resident."""
    contender.prepare()
    weigh = [sys.executable, "-I", "-S", "-c", WEIGH, *contender.command]
    kib = subprocess.run(weigh, cwd=contender.cwd, capture_output=True, check=True).stdout
    return int(kib) / 1024


def race(contenders: Mapping[str, Contender], rounds: int) -> dict[str, float]:
    """Median milliseconds of each, all taking turns, so that what else the machine does meets all of them alike."""
    runs: dict[str, list[float]] = {name: [] for name in contenders}
    for number in range(-WARM_UPS, rounds):
        for name, contender in contenders.items():
            wall_ms = measure(contender)
            if number >= 0:
                runs[name].append(wall_ms)
    return {name: statistics.median(each) for name, each in runs.items()}


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
    environments = {"sio-patch": {"PYTHONPATH": str(catalogue(scratch / "catalogue"))}, "patch-package": {}}
    for name, command in {"sio-patch": ours, "patch-package": theirs}.items():
        root = project(scratch / name)
        pristine = shutil.copytree(root / COPY, scratch / f"{name}-pristine")
        lay = partial(lay_anew, root / COPY, pristine)
        first[name] = Contender(command, root, lay, is_done(root / COPY / FILE), environments[name])
        root = project(scratch / f"{name}-again")
        measure(Contender(command, root, env=environments[name]))
        again[name] = Contender(command, root, check=is_done(root / COPY / FILE), env=environments[name])
    return first, again


def catalogue(root: Path) -> Path:
    """A catalogue of 40 documents with its heads, as a wheel has it: the shipped ones, and others made from one."""
    shipped = Catalogue.shipped()
    folder = root / "sio_catalogue"
    for document in shipped.all():
        shutil.copytree(document.path.parent, folder / document.id)
    text = shipped.find("req-head-leak").page.text
    for number in range(DOCUMENTS - len(shipped.ids)):
        readme = folder / f"leak-{number}" / "README.md"
        readme.parent.mkdir()
        named = text.replace('id = "req-head-leak"', f'id = "leak-{number}"')
        readme.write_text(named.replace('package = "socket.io"', f'package = "package-{number}"'))
    (folder / "__init__.py").touch()
    (folder / heads.FILE).write_bytes(heads.written(Catalogue.of(folder).all()))
    return root


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


def equal_copies(root: Path, count: int) -> Path:
    """A project with so many copies of the published file, each in a package of its own."""
    for number in range(count):
        copy = root / f"node_modules/host-{number}" / COPY
        (copy / FILE).parent.mkdir(parents=True)
        (copy / FILE).write_bytes(published())
        (copy / "package.json").write_text('{"name": "socket.io", "version": "0.9.13"}\n')
    (root / "package.json").write_text('{"name": "equal", "version": "1.0.0"}\n')
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
        peaks = {name: statistics.median(peak_mib(each) for _ in range(3)) for name, each in first.items()}
        ours = [sys.executable, str(program()), "status"]
        root = big_project(Path(scratch) / "big")
        find = [executable("find"), "node_modules", "-name", "package.json"]
        walk = race({"sio-patch": Contender(ours, root), "find": Contender(find, root)}, rounds)
        crowds = {count: Contender(ours, equal_copies(Path(scratch) / str(count), count)) for count in (1, EQUAL)}
        equal = race({str(count): contender for count, contender in crowds.items()}, max(1, rounds // 5))
    machine = f"Python {platform.python_version()}, {platform.machine()}, {os.cpu_count()} cores"
    print(f"{machine}, medians of {rounds} rounds\n")
    print("| what | sio-patch | peer | ratio | bar | |")
    print("|---|---|---|---|---|---|")
    mine = firsts["sio-patch"]
    print(
        row(
            f"no-op on one copy, {DOCUMENTS} documents, patch-package",
            agains["sio-patch"],
            agains["patch-package"],
            0.45,
        )
    )
    print(row("first apply on one copy, patch-package", mine, firsts["patch-package"], 1.0))
    print(row(f"project of {PACKAGES} packages, find", walk["sio-patch"], walk["find"], 1.6))
    print(row(f"first status of {EQUAL} equal copies, one copy", equal[str(EQUAL)], equal["1"], 15.0))
    print(row("peak memory of the first apply, 40 MiB", peaks["sio-patch"], 40, 1.0, "MiB"))
    print("\nPeak memory of the first apply: " + ", ".join(f"{name} {mib:.0f} MiB" for name, mib in peaks.items()))


if __name__ == "__main__":
    main(int(sys.argv[1]) if len(sys.argv) > 1 else 15)
