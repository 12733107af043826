"""Finds the copies of wanted packages: one package directory, or every one under a project's node_modules.

Listed are directories called node_modules (and the stores of linked layouts inside them), each real directory once,
nearest to the start first, and the project's own folders, two deep; of the packages only package.json is read.
"""

# As fast as find(1) is the aim: os and plain strings, not a Path for every entry.
# ruff: noqa: PTH100, PTH112, PTH119, PTH208

from __future__ import annotations

import os
import stat
from collections import deque
from collections.abc import Callable, Collection, Iterator
from pathlib import Path
from typing import NamedTuple

from sio_patch.project import files, manifest
from sio_patch.project.files import Root

_OWN_FOLDERS_DEEP = 2
_NODE_MODULES = "node_modules"
_STORES = (".pnpm", ".store")  # pnpm's, and npm's with install-strategy=linked


class Copy(NamedTuple):
    """One installed directory of a wanted package."""

    path: Path
    """The directory as the user reaches it: the given path and what follows."""
    package: str
    """The wanted package's name, whatever package.json calls itself."""
    version: str | None
    """As package.json says; it may lie. None where it says none."""
    notes: tuple[str, ...]
    """What is odd about the copy, in sentences without a full stop."""
    outside: Path | None
    """Where the copy really is, if that is not inside the real directory of the given path: not to be touched."""
    real: str
    """Where the copy really is, as it was found."""

    @property
    def root(self) -> Root:
        return Root(self.path, self.real)


def _raise(error: OSError) -> None:
    raise error


def copies(path: Path, packages: Collection[str], on_error: Callable[[OSError], None] = _raise) -> Iterator[Copy]:
    """The copies of ``packages`` at and under ``path``: a package directory, a project, or a node_modules.

    Nearest first, then by name; a directory that several links lead to comes once. ``on_error`` gets what the
    system refuses on the way (a directory that cannot be listed); by default it is raised. Raises
    FileNotFoundError or NotADirectoryError where ``path`` is no directory.
    """
    given = os.fspath(path)
    os.scandir(given).close()
    search = _Search(given, packages, on_error)
    yield from search.start(given)
    yield from search.rest()


class _Spot(NamedTuple):
    """A directory by the name the user reaches it under, and by its real one."""

    shown: str
    real: str


class _Search:
    """One walk. ``_seen`` holds real directories, ``_open`` the node_modules directories still to list."""

    def __init__(self, given: str, packages: Collection[str], on_error: Callable[[OSError], None]) -> None:
        self._root = os.path.realpath(given)
        self._names = frozenset(packages)
        self._needles = manifest.needles(self._names)
        self._on_error = on_error
        self._seen: set[str] = set()
        self._open: deque[_Spot] = deque()
        self._project: _Spot | None = None  # a directory with folders of its own, which may have a node_modules too

    def start(self, given: str) -> Iterator[Copy]:
        here = os.path.basename(self._root)
        spot = _Spot(given, self._root)
        if here == _NODE_MODULES or os.path.basename(os.path.abspath(given)) == _NODE_MODULES:
            self._open.append(spot)
        elif _is_scope(self._root):
            yield from self._members(spot, here + "/")
        else:
            yield from self._given(spot)

    def rest(self) -> Iterator[Copy]:
        yield from self._opened()
        if self._project is not None:
            self._own_folders(self._project)
            yield from self._opened()

    def _opened(self) -> Iterator[Copy]:
        while self._open:
            yield from self._members(self._open.popleft(), "")

    def _given(self, spot: _Spot) -> Iterator[Copy]:
        """The directory that the user named. Under node_modules its own name counts, elsewhere only in need."""
        self._seen.add(spot.real)
        data = manifest.load(spot.shown)
        names = {_installed_as(os.path.abspath(spot.shown)), _installed_as(spot.real)} & self._names
        found = manifest.parse(data)
        if not names and found.name is None and not isinstance(data, FileNotFoundError):
            names = {os.path.basename(spot.real)} & self._names
        yield from self._recognised(spot, min(names, default=""), found)
        self._below(spot)
        if f"/{_NODE_MODULES}/" not in f"{spot.real}/":
            self._project = spot

    def _own_folders(self, spot: _Spot) -> None:
        """A project may keep a node_modules in a folder of its own, or in one of that: server/, packages/one/.

        No deeper, for a project can hold a great deal else. Links are not followed, and what cannot be listed is not
        a package's place, so that it is no failure either.
        """
        for folder, names, _ in os.walk(spot.shown):
            below = os.path.relpath(folder, spot.shown)
            if _NODE_MODULES in names and below != os.curdir:
                self._below(_Spot(f"{spot.shown}/{below}", f"{spot.real}/{below}"))
            deep = below != os.curdir and below.count("/") + 1 >= _OWN_FOLDERS_DEEP
            names[:] = [] if deep else sorted(name for name in names if name != _NODE_MODULES and name[0] != ".")

    def _members(self, at: _Spot, scope: str) -> Iterator[Copy]:
        """The packages in a node_modules, or in a scope of one: real directories first, then links."""
        try:
            with os.scandir(at.shown) as entries:
                members = sorted((entry.is_symlink(), entry.name) for entry in entries if _may_be_directory(entry))
        except OSError as error:
            self._on_error(error)
            return
        for linked, name in members:
            shown = f"{at.shown}/{name}"
            real = os.path.realpath(shown) if linked else f"{at.real}/{name}"
            if linked and not os.path.isdir(real):
                continue
            if name[0] == ".":
                if name in _STORES and not scope:
                    self._store(_Spot(shown, real))
            elif name[0] == "@" and not scope:
                yield from self._members(_Spot(shown, real), name + "/")
            elif real not in self._seen:
                self._seen.add(real)
                yield from self._package(_Spot(shown, real), scope + name)

    def _package(self, spot: _Spot, name: str) -> Iterator[Copy]:
        data = manifest.load(spot.shown)
        if name in self._names or (isinstance(data, bytes) and manifest.may_name(data, self._needles)):
            yield from self._recognised(spot, name, manifest.parse(data))
        elif isinstance(data, PermissionError):
            self._on_error(data)
        self._below(spot)

    def _recognised(self, spot: _Spot, installed_as: str, found: manifest.Manifest) -> Iterator[Copy]:
        """package.json's name counts before the directory's: that is what an npm alias means."""
        notes = found.notes
        if found.name in self._names:
            package = found.name
            if installed_as in self._names and installed_as != found.name:
                notes += (f"package.json says that this is {found.name}",)
        elif installed_as in self._names:
            package = installed_as
            if found.name is not None:
                notes += (f"package.json says that this is {found.name}",)
        else:
            return
        assert package is not None
        outside = None if files.within(spot.real, self._root) else Path(spot.real)
        yield Copy(Path(spot.shown), package, found.version, notes, outside, spot.real)

    def _below(self, spot: _Spot) -> None:
        self._enqueue(_Spot(f"{spot.shown}/{_NODE_MODULES}", f"{spot.real}/{_NODE_MODULES}"))

    def _store(self, at: _Spot) -> None:
        """A store holds a directory for each version, with a node_modules in it."""
        try:
            names = sorted(os.listdir(at.shown))
        except OSError as error:
            self._on_error(error)
            return
        for name in names:
            self._below(_Spot(f"{at.shown}/{name}", f"{at.real}/{name}"))

    def _enqueue(self, spot: _Spot) -> None:
        try:
            status = os.lstat(spot.shown)
        except (FileNotFoundError, NotADirectoryError):
            return
        except OSError as error:
            self._on_error(error)
            return
        real = spot.real
        if stat.S_ISLNK(status.st_mode):
            real = os.path.realpath(spot.shown)
            if not os.path.isdir(real):
                return
        elif not stat.S_ISDIR(status.st_mode):
            return
        if real not in self._seen:
            self._seen.add(real)
            self._open.append(_Spot(spot.shown, real))


def _may_be_directory(entry: os.DirEntry[str]) -> bool:
    return entry.is_dir(follow_symlinks=False) or entry.is_symlink()


def _installed_as(directory: str) -> str:
    """The package name that a directory stands for by its place, or ''."""
    parent, name = os.path.split(directory)
    if os.path.basename(parent) == _NODE_MODULES:
        return name
    return f"{os.path.basename(parent)}/{name}" if _is_scope(parent) else ""


def _is_scope(directory: str) -> bool:
    parent, name = os.path.split(directory)
    return name.startswith("@") and os.path.basename(parent) == _NODE_MODULES
