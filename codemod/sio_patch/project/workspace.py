"""Which project a directory belongs to, and what its package.json says must be there.

Node looks for a package in the node_modules of every directory above. Which of those belong to the same project, so
that they may be changed, is told by what package managers leave: workspaces, lockfiles, node_modules.
"""

# As in layout: os and plain strings.
# ruff: noqa: PTH100, PTH112, PTH118, PTH119, PTH120

from __future__ import annotations

import contextlib
import math
import os
import re
from collections.abc import Collection, Iterator, Mapping, Sequence
from pathlib import Path
from typing import NamedTuple

from sio_patch.project import files, manifest
from sio_patch.verdict import Reason

NODE_MODULES = "node_modules"
_PNP = (".pnp.cjs", ".pnp.js", ".pnp.loader.mjs")
_PNP_DATA = ".pnp.data.json"
_LOCKS = (
    "package-lock.json", "npm-shrinkwrap.json", "yarn.lock", "pnpm-lock.yaml", "bun.lock", "bun.lockb", "deno.lock",
    *_PNP,
)  # fmt: skip
_PNP_LISTS = (b"packageRegistryData", b"packageInformationStores")  # yarn 2 and later, yarn 1
_WORKSPACES = ("pnpm-workspace.yaml", "lerna.json", "rush.json")
# What is listed in these files, whatever for: an item of YAML's; a string of JSON's that is no key.
_LISTED = re.compile(r"""^\s*-\s+['"]?([^'"\s#]+)|"([^"\s]+)"(?=\s*[],}])""", re.MULTILINE)
_INSTALLED = ("dependencies", "optionalDependencies", "peerDependencies")
_DEVELOPED = (*_INSTALLED, "devDependencies")


class Spot(NamedTuple):
    """A directory by the name the user reaches it under, and by its real one."""

    shown: str
    real: str


class Members(NamedTuple):
    """``deepest``: how many folders lead to a workspace, at most (``**``: no end). ``hidden``: those with a dot."""

    deepest: float
    hidden: frozenset[str]


class Missing(NamedTuple):
    """A wanted package that should be at ``path``, and was not found there."""

    path: Path
    """The project's directory, as the user reaches it."""
    package: str
    reason: Reason | None
    """Why that is a refusal. None where it is simply not installed, which is no failure."""
    note: str
    """Sentences for a person."""


def above(real: str) -> Iterator[str]:
    """The directories that a real directory is in, nearest first."""
    while (parent := os.path.dirname(real)) != real:
        yield parent
        real = parent


def homes(path: str, marks: Sequence[str], settings: str) -> list[str]:
    """The projects that ``path`` is in, nearest first, of those that have a file or folder called as one of ``marks``.

    Of a workspace's member, that is its own directory and the one above. ``settings`` is a mark that makes a directory
    a project, as package.json and node_modules do. What is installed under node_modules belongs to the project that
    has it installed, and is none itself. Real directories.
    """
    here = _installing(path)
    there = [here, *above(here)]
    found = [each for each in there if any(os.access(f"{each}/{mark}", os.F_OK) for mark in marks)]
    if not found:
        return []
    own = ("package.json", NODE_MODULES, settings)
    project = next((directory for directory in there if _has(directory, own)), here)
    root = outermost(project)
    inside = (each for each in found if files.within(each, root) and files.within(project, each))
    return [each for each in inside if each == root or _has(each, own)]


def _installing(path: str) -> str:
    """The real directory that ``path`` is, or is in; of what lies under a node_modules the one that has that."""
    given = os.path.abspath(path)
    for directory in (given, os.path.realpath(given)):
        before, below, _ = f"{directory}/".partition(f"/{NODE_MODULES}/")
        if below:
            return os.path.realpath(before or "/")
    real = os.path.realpath(given)
    return real if os.path.isdir(real) else os.path.realpath(os.path.dirname(given))


def outermost(real: str) -> str:
    """The outermost project that the real directory belongs to: it or a directory above it.

    Above it a project is what has workspaces, or a node_modules that leads down to it, or a lockfile, of which the
    nearest counts: the one above that is another project's.
    """
    root, below, locked = real, real, _has(real, _LOCKS)
    for directory in above(real):
        has_lock = not locked and _has(directory, _LOCKS)
        if has_lock or os.path.basename(below) == NODE_MODULES or has_workspaces(directory):
            root, locked = directory, locked or has_lock
        below = directory
    return root


def has_workspaces(directory: str) -> bool:
    """Whether other packages of the project have their dependencies installed here."""
    return bool(_declared(directory)) or _has(directory, _WORKSPACES)


def members(directory: str) -> Members:
    """Where the workspaces of a project may be. What is no pattern, and is taken for one, makes it more places."""
    declared = _declared(directory)
    patterns = declared.get("packages") if isinstance(declared, dict) else declared
    texts = [each for each in patterns if isinstance(each, str)] if isinstance(patterns, list) else []
    for name in _WORKSPACES:
        with contextlib.suppress(OSError):
            found = _LISTED.finditer(Path(directory, name).read_text("utf-8", "replace"))
            texts += [item[1] or item[2] for item in found]
    paths = [[part for part in text.split("/") if part not in ("", ".", "..")] for text in texts]
    deepest = max((math.inf if "**" in path else len(path) for path in paths), default=0)
    return Members(deepest, frozenset(part for path in paths for part in path if part[0] == "."))


def _declared(directory: str) -> object:
    """The workspaces that package.json names, as they stand there."""
    data = manifest.load(directory)
    if not isinstance(data, bytes) or b'"workspaces"' not in data:
        return None
    return (manifest.contents(data)[0] or {}).get("workspaces")


def missing(
    projects: Sequence[Spot], places: Sequence[Spot], packages: Collection[str], found: Mapping[str, str], root: str
) -> Iterator[Missing]:
    """What the search over ``places`` cannot have seen, and what the package.json of ``projects`` asks for in vain.

    ``found`` has the packages that were found by their real directories; ``root`` is the outermost project.
    """
    plugged = [(spot, name) for spot in places for name in _PNP if os.path.lexists(os.path.join(spot.real, name))]
    names = set(found.values())
    archived = {each.package: each for spot, name in plugged[:1] for each in _archived(spot, name, packages, names)}
    yield from archived.values()
    answered = {*archived, *(names if plugged else ())}
    for project in projects:
        for name, package in depends_on(project.real, packages):
            target = resolved(project.real, name)
            if package not in answered and (target is None or os.path.realpath(target) not in found):
                yield _not_found(project, name, package, target, root)


def _archived(place: Spot, file: str, packages: Collection[str], found: Collection[str]) -> Iterator[Missing]:
    for package in sorted(packages):
        if _may_be_archived(place.real, package, found=package in found):
            note = (
                f"{_file(place, file)} says that packages are used as archives here (Plug'n'Play), which are not "
                f"looked into, and {package} may be among them. Take it out of its archive (yarn unplug -A {package}), "
                "or install with nodeLinker: node-modules in .yarnrc.yml; then run this again."
            )
            yield Missing(Path(place.shown), package, Reason.UNSUPPORTED_LAYOUT, note)


def _not_found(project: Spot, name: str, package: str, target: str | None, root: str) -> Missing:
    asks = f"{_file(project, 'package.json')} asks for {package}"
    asks += f" as {name}" if name != package else ""
    reason = None
    if target is None:
        note = f"{asks}, which is not installed: it was not looked at. Once it is installed, run this again."
    elif files.within(os.path.realpath(target), root):
        note = f"{asks}, but {target} is not a copy of it: it was not looked at. Install it, then run this again."
    else:
        reason = Reason.OUTSIDE_ROOT
        note = f"{asks}, and Node finds it at {target}, outside this project. To patch it, name it: {target}"
    return Missing(Path(project.shown), package, reason, note)


def _file(place: Spot, name: str) -> str:
    return os.path.normpath(os.path.join(place.shown, name))


def depends_on(directory: str, packages: Collection[str]) -> list[tuple[str, str]]:
    """Which of ``packages`` its package.json asks for: the name that code requires it by, and the package's own."""
    data = manifest.load(directory)
    if not isinstance(data, bytes) or not (b"\\" in data or any(name.encode() in data for name in packages)):
        return []
    value, _ = manifest.contents(data)
    fields = _INSTALLED if f"/{NODE_MODULES}/" in directory else _DEVELOPED  # of a dependency nobody installs the rest
    found: dict[str, str] = {}
    for table in ((value or {}).get(field) for field in fields):
        for name, spec in table.items() if isinstance(table, Mapping) else ():
            package = _meant(name, spec)
            if package in packages:
                found[name] = package
    return list(found.items())


def resolved(directory: str, name: str) -> str | None:
    """Where Node finds the package that code in the real ``directory`` requires by this name."""
    for place in (directory, *above(directory)):
        path = f"{place}/{NODE_MODULES}/{name}"
        if os.path.basename(place) != NODE_MODULES and os.path.isdir(path):
            return path
    return None


def _may_be_archived(directory: str, package: str, *, found: bool) -> bool:
    """Whether a Plug'n'Play project has the package elsewhere than unplugged: no only where its list can be read."""
    place = f"/{NODE_MODULES}/{package}/".encode()
    unplugged = re.compile(rb"/\.yarn/unplugged/[^/\s]+" + re.escape(place))
    listed = False
    for name in (*_PNP, _PNP_DATA):
        try:
            data = Path(directory, name).read_bytes()
        except FileNotFoundError:
            continue
        except OSError:
            return True
        if data.count(place) > len(unplugged.findall(data)):
            return True
        listed = listed or any(word in data for word in _PNP_LISTS)
    return not listed and not found


def _meant(name: str, spec: object) -> str:
    """``"io": "npm:socket.io@0.9"`` is socket.io under another name."""
    if not isinstance(spec, str) or not spec.startswith("npm:"):
        return name
    alias = spec.removeprefix("npm:")
    return alias[:1] + alias[1:].partition("@")[0]


def _has(directory: str, names: Collection[str]) -> bool:
    return any(os.path.lexists(os.path.join(directory, name)) for name in names)
