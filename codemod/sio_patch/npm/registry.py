"""npm, as the user has configured it: what it says about packages, and their bytes.

Which registry it asks, and how it proves who asks, is npm's own business. A project's .npmrc is not read, because
what is fetched is kept for all projects.
"""

from __future__ import annotations

import base64
import json
import os
import shutil
from collections.abc import Sequence
from hashlib import sha512
from pathlib import Path
from typing import Any

from sio_patch.npm import process

_LIMIT_S = 600.0
# Whatever the user's configuration says on these, here they are so.
_FLAGS = (
    "--json", "--loglevel=error", "--ignore-scripts", "--global=false", "--dry-run=false", "--engine-strict=false",
    "--workspaces=false", "--no-audit", "--no-fund", "--no-update-notifier", "--no-progress",
)  # fmt: skip
_UNKNOWN = ("E404", "ETARGET", "ENOVERSIONS")


class NpmError(Exception):
    """npm did not do it. ``code`` is npm's own (E404, ENOTFOUND, ...), where it gave one."""

    def __init__(self, what: str, code: str | None, summary: str) -> None:
        super().__init__(what, code, summary)
        self.what = what
        self.code = code
        self.summary = summary

    @property
    def unknown(self) -> bool:
        """Whether the registry answered, and has no such package or version."""
        return self.code in _UNKNOWN

    def __str__(self) -> str:
        return f"{self.what}: npm says{f' {self.code}:' if self.code else ':'} {self.summary.removesuffix('.')}"


def versions(name: str, scratch: Path) -> tuple[str, ...]:
    """Every published version. Raises NpmError, OSError."""
    found = _npm(["view", name, "versions"], scratch)
    return (found,) if isinstance(found, str) else tuple(str(version) for version in found or ())


def pack(specs: Sequence[str], into: Path) -> tuple[Path, ...]:
    """The published tarballs of ``name@version`` specs, in their order, each checked against npm's sha512 of it.

    ``into`` is an empty directory. Raises NpmError, OSError.
    """
    listed = _npm(["pack", "--pack-destination=.", *specs], into)
    wanted = [str(row.get("integrity")) for row in listed] if isinstance(listed, list) else []
    found = {integrity(path.read_bytes()): path for path in into.glob("*.tgz")}
    if len(wanted) != len(specs) or not found.keys() >= {*wanted}:
        message = f"the tarballs are {', '.join(found)}, but they should be {', '.join(wanted)}"
        raise NpmError(f"npm pack {' '.join(specs)}", "EINTEGRITY", message)
    return tuple(found[each] for each in wanted)


def integrity(data: bytes) -> str:
    """The sha512 of a tarball's bytes, as npm and package-lock.json spell it."""
    return "sha512-" + base64.b64encode(sha512(data).digest()).decode("ascii")


def install(specs: Sequence[str], into: Path) -> None:
    """``into``/node_modules, with all dependencies, of which no script runs. npm checks each tarball's sha512.

    Raises NpmError, OSError.
    """
    manifest = into / "package.json"
    manifest.write_text('{"private": true}\n', "utf-8")
    _npm(["install", "--prefix=.", "--no-save", "--no-package-lock", "--install-strategy=hoisted", *specs], into)
    manifest.unlink()


def _npm(arguments: Sequence[str], cwd: Path) -> Any:
    program = shutil.which("npm")
    what = f"npm {arguments[0]} {arguments[-1] if arguments[0] != 'view' else arguments[1]}"
    if program is None:
        raise NpmError(what, None, "nothing, for it is not installed")
    lines: list[bytes] = []
    try:
        ended = process.run(
            [program, *arguments, *_FLAGS], cwd=cwd, env=os.environ, limit_s=_LIMIT_S, on_line=lines.append
        )
    except (process.TimeLimit, process.TooMuchOutput) as error:
        raise NpmError(what, None, f"nothing, for {error}") from None
    answer = _parsed(b"\n".join(lines))
    if ended.status == 0:
        return answer
    told = answer.get("error") if isinstance(answer, dict) else None
    code, summary = (told.get("code"), told.get("summary")) if isinstance(told, dict) else (None, None)
    said = summary or ended.errors.strip() or process.status_in_words(ended.status)
    raise NpmError(what, str(code) if code else None, str(said).splitlines()[0])


def _parsed(output: bytes) -> Any:
    try:
        return json.loads(output)
    except ValueError:
        return None
