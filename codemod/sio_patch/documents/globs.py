"""Globs of files inside a copy. Pure.

A path that begins with ``/`` is of a file that the user named: the end of it must fit. So ``lib/*.js`` fits
``lib/a.js`` in a copy and ``/home/me/work/lib/a.js``, but neither ``src/lib/a.js`` in a copy nor ``/home/me/a.js``.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from fnmatch import fnmatchcase

_MODULES = "node_modules"  # what other packages stand in: no wildcard leads into it


def fits(glob: str, path: str) -> bool:
    """Whether ``path`` is one of the files that ``glob`` is for."""
    names = path.strip("/").split("/")
    starts = range(len(names)) if path.startswith("/") else (0,)
    return any(_fits(glob.split("/"), names[start:]) for start in starts)


def fits_any(globs: Iterable[str], path: str) -> bool:
    return any(fits(glob, path) for glob in globs)


def has_wildcards(glob: str) -> bool:
    return not frozenset("*?[").isdisjoint(glob)


def plain(glob: str) -> str:
    """Without a ``./`` in front, which a file needs whose name has neither a dot nor a slash."""
    return glob.removeprefix("./")


def problem(glob: str) -> str | None:
    """What is wrong with a glob that a document has, and what to write instead."""
    parts = glob.split("/")
    if glob.startswith("/") or "\\" in glob or ".." in parts:
        return f"{glob!r} must be a path inside the package: `/` between the names, no `..`"
    if "" in parts or "." in parts:
        return f"{glob!r} must be a path inside the package: `/` between the names, and none of them empty or `.`"
    if parts[-1] == "**" or any("**" in part and part != "**" for part in parts):
        return f"`**` in {glob!r} must stand alone between slashes, and a name after it: `**/*.js`"
    if "{" in glob:
        return f"{glob!r}: a glob has no braces; write one for each"
    return None


def _fits(wanted: Sequence[str], names: Sequence[str]) -> bool:
    """Goes through the names once, and keeps each number of parts of the glob that may be used up by then."""
    reached = _past(wanted, {0})
    for name in names:
        used = {at if wanted[at] == "**" else at + 1 for at in reached if at < len(wanted) and _is(wanted[at], name)}
        reached = _past(wanted, used)
    return len(wanted) in reached


def _is(wanted: str, name: str) -> bool:
    return fnmatchcase(name, wanted) if name != _MODULES else wanted == name


def _past(wanted: Sequence[str], reached: Iterable[int]) -> set[int]:
    """With what is reached where a ``**`` stands for nothing."""
    found = set(reached)
    for at, part in enumerate(wanted):
        if at in found and part == "**":
            found.add(at + 1)
    return found
