"""What a patch document says about its proof: the table `proof` in its `toml patch` block.

proof = { node = "0.8.21", time-limit = 600 }
proof = { node = "0.10.48", entry = "entry.js", packages = ["socket.io@0.9.13"] }
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from pathlib import Path
from typing import TYPE_CHECKING, Any, NamedTuple

from sio_patch.documents.errors import DocumentError

if TYPE_CHECKING:
    from sio_patch.documents.document import Document

DEFAULT_NODE = "0.8.21"
DEFAULT_LIMIT_S = 600.0
SCRIPT = "proof.js"
KEYS = ("node", "entry", "packages", "time-limit")

_RELEASE = re.compile(r"\d+\.\d+\.\d+\Z", re.ASCII)
_SPEC = re.compile(r"(@?[^@\s]+)@(\d+\.\d+\.\d+\S*)\Z")


class Spec(NamedTuple):
    """How one patch is proven."""

    script: Path
    node: str
    """A release; which one shows the defect best."""
    entry: Path | None
    """A JavaScript file beside the document that is patched, in place of the package."""
    packages: tuple[tuple[str, str], ...]
    """(name, version) of what is installed for the entry; the first is the one that --version is about."""
    limit_s: float
    """For one run."""


def spec_of(document: Document) -> Spec:
    """Raises DocumentError."""
    try:
        return _spec(document.proof, document.path.parent)
    except ValueError as error:
        raise DocumentError(document.path, 1, f"`proof`: {error}") from None


def _spec(table: Mapping[str, Any], folder: Path) -> Spec:
    for key in table:
        if key not in KEYS:
            raise ValueError(f"there is no key `{key}`; known: {', '.join(KEYS)}")
    node, entry, packages = table.get("node", DEFAULT_NODE), table.get("entry"), table.get("packages", ())
    if not isinstance(node, str) or not _RELEASE.match(node):
        raise ValueError("`node` must be a release, such as 0.8.21")
    if bool(entry) != bool(packages):
        raise ValueError("`entry` and `packages` belong together")
    if entry and (not isinstance(entry, str) or Path(entry).name != entry):
        raise ValueError("`entry` must be the name of a file beside the document")
    limit_s = table.get("time-limit", DEFAULT_LIMIT_S)
    if isinstance(limit_s, bool) or not isinstance(limit_s, int | float) or limit_s <= 0:
        raise ValueError("`time-limit` must be a number of seconds")
    return Spec(
        script=folder / SCRIPT,
        node=node,
        entry=folder / entry if entry else None,
        packages=tuple(_package(text) for text in packages),
        limit_s=float(limit_s),
    )


def _package(text: object) -> tuple[str, str]:
    match = _SPEC.match(text) if isinstance(text, str) else None
    if match is None:
        raise ValueError(f"{text!r} must be a package at a version, such as socket.io@0.9.13")
    return match[1], match[2]
