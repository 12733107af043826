"""Finds the copies of wanted packages: one package directory, or every one that Node can find for a project.

Listed are directories called node_modules (and the stores of linked layouts inside them), each real directory once,
nearest to the start first: those of the project, of its own folders (two deep, or as deep as its workspaces are), and
of the directories above that belong to the same project, as a workspace's root does. Of the packages only package.json
is read.
"""

# As fast as find(1) is the aim: os and plain strings, not a Path for every entry.
# ruff: noqa: PTH100, PTH112, PTH117, PTH119, PTH208

from __future__ import annotations

import os
import stat
from collections import deque
from collections.abc import Callable, Collection, Iterator
from pathlib import Path
from typing import NamedTuple

from sio_patch.project import files, manifest, receipt, workspace
from sio_patch.project.files import Root
from sio_patch.project.workspace import NODE_MODULES, Missing, Spot

_OWN_FOLDERS_DEEP = 2
# pnpm's, npm's with install-strategy=linked, bun's, deno's.
_STORES = (".pnpm", ".store", ".bun", ".deno")
_UNPLUGGED = ".yarn/unplugged"


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


def copies(
    path: Path, packages: Collection[str], on_error: Callable[[OSError], None] = _raise
) -> Iterator[Copy | Missing]:
    """The copies of ``packages`` at and under ``path``: a package directory, a project, or a node_modules. And those of
    other packages that have a receipt.

    Of a project also those above that Node finds for it, and at the end what is missing. Nearest first, then by name;
    a directory that several links lead to comes once. ``on_error`` gets what the system refuses on the way (a directory
    that cannot be listed); by default it is raised. Raises FileNotFoundError or NotADirectoryError where ``path`` is no
    directory.
    """
    given = os.fspath(path)
    os.scandir(given).close()
    search = _Search(given, packages, on_error)
    yield from search.start(given)
    yield from search.rest()


class _Search:
    """One walk. ``_seen`` holds real directories, ``_open`` the node_modules directories still to list."""

    def __init__(self, given: str, packages: Collection[str], on_error: Callable[[OSError], None]) -> None:
        self._root = os.path.realpath(given)
        self._names = frozenset(packages)
        self._needles = manifest.needles(self._names)
        self._on_error = on_error
        self._seen: set[str] = set()
        self._open: deque[Spot] = deque()
        self._project: Spot | None = None  # a directory with folders of its own, which may have a node_modules too
        self._asking: list[Spot] = []  # whose package.json must find what it asks for
        self._above: list[Spot] = []  # directories above that belong to the same project
        self._found: dict[str, str] = {}  # real directory -> package

    def start(self, given: str) -> Iterator[Copy]:
        here = os.path.basename(self._root)
        spot = Spot(given, self._root)
        if here == NODE_MODULES or os.path.basename(os.path.abspath(given)) == NODE_MODULES:
            self._open.append(spot)
        elif _is_scope(self._root):
            yield from self._members(spot, here + "/")
        else:
            yield from self._given(spot)

    def rest(self) -> Iterator[Copy | Missing]:
        yield from self._opened()
        if self._project is not None:
            self._own_folders(self._project)
            yield from self._opened()
        for spot in self._above:
            self._project_at(spot)
        yield from self._opened()
        if self._asking:
            places = (self._asking[0], *self._above)
            yield from workspace.missing(self._asking, places, self._names, self._found, self._root)

    def _opened(self) -> Iterator[Copy]:
        while self._open:
            yield from self._members(self._open.popleft(), "")

    def _given(self, spot: Spot) -> Iterator[Copy]:
        """The directory that the user named. Under node_modules its own name counts, elsewhere only in need."""
        self._seen.add(spot.real)
        data = manifest.load(spot.shown)
        names = {_installed_as(os.path.abspath(spot.shown)), _installed_as(spot.real)} & self._names
        found = manifest.parse(data)
        if not names and found.name is None and not isinstance(data, FileNotFoundError):
            names = {os.path.basename(spot.real)} & self._names
        is_copy = found.name in self._names or bool(names) or _has_receipt(spot)
        if not is_copy:
            self._root = workspace.outermost(spot.real)
            self._above = list(self._directories_above(spot))
            self._asking.append(spot)
        yield from self._recognised(spot, min(names, default=""), found)
        self._project_at(spot)
        if f"/{NODE_MODULES}/" not in f"{spot.real}/":
            self._project = spot

    def _directories_above(self, spot: Spot) -> Iterator[Spot]:
        here = os.path.realpath(os.curdir)
        for real in workspace.above(spot.real):
            if not files.within(real, self._root):
                return
            if os.path.basename(real) != NODE_MODULES:
                yield Spot(real if os.path.isabs(spot.shown) else os.path.relpath(real, here), real)

    def _project_at(self, spot: Spot) -> None:
        self._below(spot)
        unplugged = Spot(f"{spot.shown}/{_UNPLUGGED}", f"{spot.real}/{_UNPLUGGED}")
        if os.path.isdir(unplugged.shown):
            self._store(unplugged)

    def _own_folders(self, spot: Spot) -> None:
        """A project may keep a node_modules in a folder of its own, or in one of that: server/, packages/one/.

        Where it says so, its workspaces are deeper; else no deeper, for a project can hold a great deal else. Links are
        not followed, and what cannot be listed is not a package's place, so that it is no failure either.
        """
        asking = bool(self._asking) and workspace.has_workspaces(spot.real)
        deepest, hidden = workspace.members(spot.real)
        for folder, names, others in os.walk(spot.shown):
            below = os.path.relpath(folder, spot.shown)
            if below != os.curdir:
                here = Spot(f"{spot.shown}/{below}", f"{spot.real}/{below}")
                if NODE_MODULES in names:
                    self._below(here)
                if asking and "package.json" in others:
                    self._asking.append(here)
            deep = below != os.curdir and below.count("/") + 1 >= max(_OWN_FOLDERS_DEEP, deepest)
            own = (name for name in names if name != NODE_MODULES and (name[0] != "." or name in hidden))
            names[:] = [] if deep else sorted(own)

    def _members(self, at: Spot, scope: str) -> Iterator[Copy]:
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
                    self._store(Spot(shown, real))
            elif name[0] == "@" and not scope:
                yield from self._members(Spot(shown, real), name + "/")
            elif real not in self._seen:
                self._seen.add(real)
                yield from self._package(Spot(shown, real), scope + name)

    def _package(self, spot: Spot, name: str) -> Iterator[Copy]:
        data = manifest.load(spot.shown)
        named = name in self._names or (isinstance(data, bytes) and manifest.may_name(data, self._needles))
        if named or _has_receipt(spot):
            yield from self._recognised(spot, name, manifest.parse(data))
        elif isinstance(data, PermissionError):
            self._on_error(data)
        self._below(spot)

    def _recognised(self, spot: Spot, installed_as: str, found: manifest.Manifest) -> Iterator[Copy]:
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
        elif _has_receipt(spot):
            package = found.name or installed_as or os.path.basename(spot.real)
        else:
            return
        assert package is not None
        self._found[spot.real] = package
        outside = None if files.within(spot.real, self._root) else Path(spot.real)
        yield Copy(Path(spot.shown), package, found.version, notes, outside, spot.real)

    def _below(self, spot: Spot) -> None:
        self._enqueue(Spot(f"{spot.shown}/{NODE_MODULES}", f"{spot.real}/{NODE_MODULES}"))

    def _store(self, at: Spot) -> None:
        """A store holds a directory for each version, with a node_modules in it."""
        try:
            names = sorted(os.listdir(at.shown))
        except OSError as error:
            self._on_error(error)
            return
        for name in names:
            self._below(Spot(f"{at.shown}/{name}", f"{at.real}/{name}"))

    def _enqueue(self, spot: Spot) -> None:
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
            self._open.append(Spot(spot.shown, real))


def _may_be_directory(entry: os.DirEntry[str]) -> bool:
    return entry.is_dir(follow_symlinks=False) or entry.is_symlink()


def _has_receipt(spot: Spot) -> bool:
    return os.access(f"{spot.shown}/{receipt.NAME}", os.F_OK)


def _installed_as(directory: str) -> str:
    """The package name that a directory stands for by its place, or ''."""
    parent, name = os.path.split(directory)
    if os.path.basename(parent) == NODE_MODULES:
        return name
    return f"{os.path.basename(parent)}/{name}" if _is_scope(parent) else ""


def _is_scope(directory: str) -> bool:
    parent, name = os.path.split(directory)
    return name.startswith("@") and os.path.basename(parent) == NODE_MODULES
