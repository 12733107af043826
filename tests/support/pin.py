"""Adds published versions to fixtures/registry.toml, each with the sha512 of its tarball.

    python tests/support/pin.py ws@8.18.0 engine.io@1.3.1     these versions
    python tests/support/pin.py socket.io                     every version that is published now

Versions that are already there keep their sums. The file is the tests' own record: review what it adds.
"""

from __future__ import annotations

import sys
import tempfile
from collections.abc import Sequence
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parents[1]))

from sio_patch.npm import registry
from support.pins import PATH, read
from support.registry import BATCH

HEADER = """\
# Published packages that the tests fetch through npm: one table a package, one line a version, with the sha512 of
# its tarball. Made by tests/support/pin.py; a tarball with another sum fails the tests.
"""


def sums(name: str, versions: Sequence[str]) -> dict[str, str]:
    """The integrity of each version's tarball, computed from the bytes that npm hands over."""
    found: dict[str, str] = {}
    for start in range(0, len(versions), BATCH):
        batch = versions[start : start + BATCH]
        with tempfile.TemporaryDirectory() as scratch:
            paths = registry.pack([f"{name}@{version}" for version in batch], Path(scratch))
            found |= zip(batch, (registry.integrity(path.read_bytes()) for path in paths), strict=True)
    return found


def published(name: str) -> tuple[str, ...]:
    """Every version that the registry lists, oldest first."""
    with tempfile.TemporaryDirectory() as scratch:
        return registry.versions(name, Path(scratch))


def render(tables: dict[str, dict[str, str]]) -> str:
    """The pin file's text, packages sorted by name, versions in the order given."""
    blocks = [HEADER]
    for name in sorted(tables):
        lines = [f'"{version}" = "{integrity}"' for version, integrity in tables[name].items()]
        blocks.append("\n".join([f'["{name}"]', *lines]) + "\n")
    return "\n".join(blocks)


def main(specs: list[str]) -> None:
    """Extends the file by what the command line names."""
    tables = read(PATH.read_text("utf-8")) if PATH.exists() else {}
    for spec in specs:
        name, at, version = spec[1:].partition("@")
        name = spec[0] + name
        have = tables.setdefault(name, {})
        new = [one for one in ([version] if at else published(name)) if one not in have]
        have.update(sums(name, new))
        print(f"{name}: {len(new)} added, {len(have)} in all")
    PATH.write_text(render(tables), "utf-8")


if __name__ == "__main__":
    main(sys.argv[1:])
