"""A made-up package with a made-up patch, whose proofs today's Node runs; and what is left of a run."""

from __future__ import annotations

import importlib.util
import os
import sys
import time
from collections.abc import Callable, Iterable, Mapping
from pathlib import Path

from sio_patch.documents.document import Document, load
from sio_patch.proof.report import Health, Run
from sio_patch.proof.transcript import Check, Figure, Plan, Reading
from support.ground import Unavailable, executable

ID = "close-valve"
VERSION = "1.9.0"
PUBLISHED = ["0.9.0", "1.0.0", "1.9.0", "1.10.0-rc.1", "2.0.0"]
BROKEN = "function stop(tank) {\n  tank.drain();\n}\n"
UPSTREAM = "function stop(tank) {\n  tank.shut();\n}\n"
PAGE = """\
# The valve stays open

Water runs out.

```toml patch
id = "close-valve"
title = "The valve stays open"
kind = "defect"
package = "pump"
affected = ">=1.0.0 <2.0.0"
files = ["lib/pump.js"]
references = ["https://example.org/1"]
default = true
```

```diff
 function stop($tank) {
   ...
   $tank.drain();
+  $tank.close();
   ...
 }
```
"""
HEAD = """\
var fs = require('fs'), patched = /close/.test(fs.readFileSync(process.env.SIO_PATCH_TARGET + '/lib/pump.js', 'utf8'));
function say(line) { fs.writeSync(1, JSON.stringify(line) + '\\n'); }
"""
FORKS = """\
var spawn = require('child_process').spawn, sleep = 'setTimeout(function () {}, 600000)';
spawn(process.execPath, ['-e', sleep], { stdio: 'inherit' });
spawn(process.execPath, ['-e', sleep], { detached: true, stdio: 'inherit' });
spawn(process.execPath, ['-e', "require('child_process').spawn(process.execPath, ['-e', '" + sleep + "'], " +
  "{ detached: true, stdio: 'inherit' }).unref(); process.exit()"], { detached: true, stdio: 'ignore' });
"""


def publish(folder: Path, proof: str | None) -> Document:
    """The patch, in a catalogue of its own in ``folder``."""
    home = folder / "catalogue" / ID
    home.mkdir(parents=True)
    (home / "README.md").write_text(PAGE, "utf-8")
    if proof is not None:
        (home / "proof.js").write_text(HEAD + proof, "utf-8")
    return load(home / "README.md")


def install(code: str = BROKEN, version: str = VERSION) -> Callable[[Iterable[str], Path], None]:
    """In place of npm's."""

    def into(specs: Iterable[str], folder: Path) -> None:
        package = folder / "node_modules/pump"
        (package / "lib").mkdir(parents=True)
        (package / "lib/pump.js").write_text(code, "utf-8")
        (package / "package.json").write_text(f'{{"name": "pump", "version": "{version}"}}', "utf-8")

    return into


def a_run(
    health: Health,
    *,
    reason: str | None = None,
    readings: Iterable[Reading] = (),
    figures: Iterable[Figure] = (),
    checks: Mapping[str, bool] | None = None,
) -> Run:
    """A run, made up."""
    found = tuple(Check(name, passed) for name, passed in (checks or {}).items())
    return Run(health, reason, Plan(), tuple(readings), tuple(figures), found, 1.5)


def node() -> str:
    """Today's."""
    return executable("node")


def matplotlib() -> None:
    """An optional extra of the program, which a test here needs."""
    if importlib.util.find_spec("matplotlib") is None:
        raise Unavailable("matplotlib is not installed: pip install 'sio-patch[plot]'")


def left_of(marker: str | Path) -> list[str]:
    """What is still living of it after a moment, in which the last may end."""
    end = time.monotonic() + 3
    while (found := living(marker)) and time.monotonic() < end:
        time.sleep(0.05)
    return found


def living(marker: str | Path) -> list[str]:
    """The command lines of processes, but for this one, whose directory, arguments or environment name ``marker``."""
    if not sys.platform.startswith("linux"):
        raise Unavailable("processes are looked up in /proc, which only Linux has")
    found = []
    for folder in Path("/proc").glob("[0-9]*"):
        try:
            arguments = (folder / "cmdline").read_bytes()
            where = os.fsencode((folder / "cwd").readlink())
            told = arguments + b"\0" + (folder / "environ").read_bytes() + b"\0" + where
        except OSError:
            continue  # it ended, or is a zombie
        if os.fsencode(marker) in told and int(folder.name) != os.getpid():
            found.append(arguments.replace(b"\0", b" ").decode("utf-8", "replace"))
    return found


def wait_for(condition: Callable[[], object], limit_s: float = 30) -> None:
    """AssertionError where it does not come about in time."""
    end = time.monotonic() + limit_s
    while not condition():
        assert time.monotonic() < end, "it did not come about"
        time.sleep(0.02)
