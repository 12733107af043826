"""A made-up package with a made-up defect, patches for it in a catalogue of their own, and the program run on them.

The program's manners are tested here, not its patches; so that no new patch of the real catalogue changes a row.
"""

from __future__ import annotations

import os
import subprocess
import sys
from collections.abc import Mapping, Sequence
from pathlib import Path

from support.program import Finished, environment, program, sio_patch
from support.trees import lay, package, sha256

ID = "close-valve"
FILE = "lib/pump.js"
OLD_FILE = "lib/pump-old.js"
COPY = "node_modules/pump"
TITLE = "The valve stays open"
BROKEN = b"function stop(tank) {\n  tank.drain();\n  done();\n}\n"
CURED = b"function stop(tank) {\n  tank.drain();\n  tank.close();\n  done();\n}\n"
UPSTREAM = BROKEN.replace(b"  done", b"  tank.shut();\n  done")
OTHER = b"module.exports = 7;\n"
UNSAFE = BROKEN.replace(b"  tank.drain", b"  if (tank.full) tank.drain")
PREFACE = b"""\
# sio-patch close-valve: The valve stays open
# Water runs out.
# Upstream: pump has this fixed since 2.0.0. From there on, drop this patch.
# To read more: sio-patch show close-valve
#
"""
DIFF = b"""\
--- a/node_modules/pump/lib/pump.js
+++ b/node_modules/pump/lib/pump.js
@@ -1,4 +1,5 @@
 function stop(tank) {
   tank.drain();
+  tank.close();
   done();
 }
"""

HASH_BROKEN, HASH_CURED = sha256(BROKEN), sha256(CURED)


def document(id: str, title: str, body: str, *, default: bool = False, files: str = f'["{FILE}"]') -> str:
    """A patch document for `pump`. ``body`` is the semantic patch and, behind it, any other blocks."""
    return (
        f"# {title}\n\nWater runs\nout.\n\n```toml patch\n"
        f'id = "{id}"\ntitle = "{title}"\nkind = "defect"\npackage = "pump"\naffected = ">=1.0.0 <2.0.0"\n'
        f'fixed-in = "2.0.0"\nfiles = {files}\ndefault = {str(default).lower()}\n'
        f'references = ["https://example.org/{id}"]\n```\n\n```diff\n{body}'
    )


CLOSE_VALVE = document(
    ID,
    TITLE,
    """\
 function stop ($tank) {
   ...
   $tank.drain();
+  $tank.close();
   ...
 }
```

```js fixed
function stop ($tank) {
  ...
  $tank.drain();
  $tank.shut();
  ...
}
```
""",
    default=True,
    files=f'["{FILE}", "{OLD_FILE}"]',
)
COUNT_STOPS = document(
    "count-stops",
    "Stops are not counted",
    " function stop ($tank) {\n   ...\n   done();\n+  count($tank);\n   ...\n }\n```\n",
)
NO_TRACE = document(
    "no-trace",
    "Stops are traced",
    " function stop ($tank) {\n   ...\n   $tank.drain();\n-  trace($message);\n   done();\n   ...\n }\n```\n",
)
DOCUMENTS = {ID: CLOSE_VALVE, "count-stops": COUNT_STOPS, "no-trace": NO_TRACE}


class World:
    """A project, at first empty, and the program with a catalogue of made-up patches."""

    def __init__(self, root: Path, documents: Mapping[str, str] = DOCUMENTS) -> None:
        self.app = root / "app"
        self.app.mkdir()
        self.catalogue = root / "catalogue"
        for id, text in documents.items():
            self.publish(id, text)
        lay(self.catalogue, {"sio_catalogue/__init__.py": ""})

    def publish(self, id: str, text: str) -> None:
        """Puts a document into the catalogue, or another edition of it."""
        lay(self.catalogue, {f"sio_catalogue/{id}/README.md": text})

    def install(
        self,
        content: bytes | None = BROKEN,
        *,
        at: str = COPY,
        version: str = "1.2.3",
        more: Mapping[str, bytes] | None = None,
    ) -> Path:
        """A copy of `pump` below the project; returns its directory."""
        files = {} if content is None else {FILE: content}
        return package(self.app / at, {**files, **(more or {})}, name="pump", version=version)

    def run(
        self, *arguments: str | Path, cwd: Path | None = None, env: Mapping[str, str] | None = None, stdin: bytes = b""
    ) -> Finished:
        """The program, run in the project unless elsewhere."""
        path = {"PYTHONPATH": str(self.catalogue), **(env or {})}
        return sio_patch(*arguments, cwd=cwd or self.app, env=path, stdin=stdin)

    def environment(self, **changes: str) -> dict[str, str]:
        """For other programs: with this one on the path, and its catalogue."""
        path = f"{program().parent}{os.pathsep}{os.environ['PATH']}"
        return environment(PYTHONPATH=str(self.catalogue), PATH=path, **changes)

    def start(
        self,
        *arguments: str | Path,
        stdout: int | None = subprocess.PIPE,
        stderr: int | None = subprocess.PIPE,
        env: Mapping[str, str] | None = None,
        before: Sequence[str] = (),
    ) -> subprocess.Popen[bytes]:
        """The program, running. ``before`` are words to put in front of the interpreter's name."""
        return subprocess.Popen(
            [*before, sys.executable, str(program()), *map(str, arguments)],
            cwd=self.app,
            env=self.environment(**(env or {})),
            stdin=subprocess.DEVNULL,
            stdout=stdout,
            stderr=stderr,
            start_new_session=True,
        )

    def shell(self, command: str, *, cwd: Path | None = None, env: Mapping[str, str] | None = None) -> Finished:
        """A line of shell as a person would type it, with the program on the path."""
        process = subprocess.run(
            ["/bin/sh", "-c", command],
            cwd=cwd or self.app,
            env=self.environment(**(env or {})),
            capture_output=True,
            timeout=60,
            check=False,
        )
        return Finished(process.returncode, process.stdout, process.stderr)

    def text(self, file: str = f"{COPY}/{FILE}") -> bytes:
        """What a file of the project holds."""
        return (self.app / file).read_bytes()
