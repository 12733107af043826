"""Measures `diagnose` against json.loads on one large heap snapshot: whole processes, interleaved, medians.

    python tests/bench/heap_snapshot.py [ROUNDS] [FILE.heapsnapshot]

Without FILE, the Node of this machine writes a snapshot of about 200 MB first. The bars: at most 3 times the time and
1.5 times the peak memory of json.loads. Exits 1 where one is missed. Nothing of it runs in the test suite.
"""

from __future__ import annotations

import os
import platform
import resource
import statistics
import subprocess
import sys
import tempfile
import time
from dataclasses import dataclass
from pathlib import Path

CHECKOUT = Path(__file__).resolve().parents[2]
TIME_BAR = 3.0
MEMORY_BAR = 1.5

PROGRAM = """
class Request {
  constructor(i) {
    this.url = '/page/' + i;
    this.headers = { host: 'host' + (i % 1000), accept: { number: i, text: 'value' + i } };
    this.list = [this.headers, { key: i }];
    this.done = () => i;
  }
}
global.requests = [];
for (let i = 0; i < 225000; i++) requests.push(new Request(i));
for (let i = 0; i < 16; i++) requests[i * 1000].head = Buffer.from(new ArrayBuffer(10 << 20), 100, 10);
require('v8').writeHeapSnapshot(process.argv[1]);
"""
LOADS = "import json, sys; data = json.loads(open(sys.argv[1], 'rb').read()); assert data['nodes']"
DIAGNOSE = (
    "import sys; from pathlib import Path; from sio_patch.heap.diagnosis import diagnose;"
    "assert diagnose(Path(sys.argv[1])).findings or len(sys.argv) > 2"
)


@dataclass(frozen=True, slots=True)
class Run:
    """One process, from its start to its end."""

    wall_s: float
    peak_mib: float


def measure(code: str, arguments: list[str]) -> Run:
    start = time.perf_counter()
    environment = {**os.environ, "PYTHONPATH": str(CHECKOUT / "codemod")}
    process = subprocess.Popen([sys.executable, "-c", code, *arguments], env=environment)
    _, status, usage = os.wait4(process.pid, 0)
    wall_s = time.perf_counter() - start
    process.returncode = os.waitstatus_to_exitcode(status)
    if process.returncode:
        raise SystemExit(f"ended with {process.returncode}: {code}")
    return Run(wall_s, usage.ru_maxrss / 1024)


def snapshot(folder: Path) -> Path:
    path = folder / "large.heapsnapshot"
    subprocess.run(["node", "--max-old-space-size=8000", "-e", PROGRAM, str(path)], check=True, timeout=600)
    return path


def compare(path: Path, rounds: int, arguments: list[str]) -> bool:
    """Prints the table; True where both bars hold."""
    runs: dict[str, list[Run]] = {"json.loads": [], "diagnose": []}
    for _ in range(rounds):
        for name, code in (("json.loads", LOADS), ("diagnose", DIAGNOSE)):
            runs[name].append(measure(code, [str(path), *arguments]))
    size_mb = path.stat().st_size / 1e6
    print(f"{size_mb:.0f} MB, {rounds} rounds, Python {platform.python_version()}, {os.cpu_count()} cores")
    time_s = {name: statistics.median(run.wall_s for run in each) for name, each in runs.items()}
    peak = {name: statistics.median(run.peak_mib for run in each) for name, each in runs.items()}
    for name in runs:
        print(f"  {name:12}{time_s[name]:8.2f} s{peak[name]:10.0f} MiB")
    in_time = time_s["diagnose"] / time_s["json.loads"]
    in_memory = peak["diagnose"] / peak["json.loads"]
    print(f"  ratio       {in_time:8.2f} (bar {TIME_BAR}){in_memory:7.2f} (bar {MEMORY_BAR})")
    return in_time <= TIME_BAR and in_memory <= MEMORY_BAR


def main(arguments: list[str]) -> int:
    rounds = int(arguments[0]) if arguments else 3
    assert resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024 < 100  # a child's peak begins with its parent's
    if len(arguments) > 1:
        return 0 if compare(Path(arguments[1]), rounds, ["any"]) else 1
    with tempfile.TemporaryDirectory() as folder:
        return 0 if compare(snapshot(Path(folder)), rounds, []) else 1


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
