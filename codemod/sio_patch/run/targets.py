"""What there is to look at: the copies and files under the paths that the user gave."""

from __future__ import annotations

import os
from collections.abc import Sequence
from pathlib import Path
from typing import NamedTuple

from sio_patch.project import layout
from sio_patch.project.files import Root
from sio_patch.project.layout import Copy
from sio_patch.project.workspace import Missing
from sio_patch.run.plan import CopyPlan, Plan, Selection
from sio_patch.run.trouble import trouble
from sio_patch.verdict import CallError, Result, Verdict

_LOOKED_INTO = "Looked into: the node_modules of every package, a project's own folders two deep, and its workspaces."


class NamedFile(NamedTuple):
    """A JavaScript file that the user named."""

    path: Path


class Entry(NamedTuple):
    """The file that a project starts with, whichever that is."""

    project: Path


Target = Copy | NamedFile | Entry


class Found:
    """The copies and files under the paths that the user gave, each real directory once."""

    def __init__(self, selection: Selection) -> None:
        self.selection = selection
        documents = selection.documents
        self.wanted = [document for document in documents if selection.wants(document)]
        self.packages = sorted({document.package for document in documents if not document.for_entry})
        self.wants_entry = any(selection.wants_entry(document) for document in documents)
        self.targets: dict[str, Copy | NamedFile] = {}  # by their real paths
        self.projects: list[Path] = []
        self.troubles: list[Plan] = []
        self.sentences: list[str] = []
        self.warnings: list[str] = []
        self._met = 0  # targets met, also again

    @classmethod
    def at(cls, paths: Sequence[Path], selection: Selection) -> Found:
        """Without a path, in the current directory. Raises CallError."""
        found = cls(selection)
        for path in paths or (Path(),):
            found._path(path)
        return found

    def _path(self, path: Path) -> None:
        if path.is_dir():
            self._directory(path)
        elif path.is_file():
            self._file(path)
        elif path.is_symlink():
            raise CallError(f"{path} is a symbolic link to nothing.")
        elif path.exists():
            raise CallError(f"{path} is neither a directory nor a file.")
        else:
            raise CallError(f"there is no {path}.")

    def _file(self, path: Path) -> None:
        if not self.selection.named:
            raise CallError(
                f"{path} is a file: say which patch to try on it, with -p ID (`sio-patch list` has the ids)."
            )
        self._add(NamedFile(path), path)

    def _directory(self, path: Path) -> None:
        before = self._met
        if self.wants_entry and (self.selection.named or not _installed(path)):
            self.projects.append(path)
            if not self.packages:
                return
        try:
            for found in layout.copies(path, self.packages, on_error=self._unlisted):
                if isinstance(found, Copy):
                    self._add(found, found.path, counts=found.package in self.packages)
                else:
                    self._miss(found)
        except OSError as error:
            self._unlisted(error)
        if self._met == before:
            self._nothing_at(path)

    def _add(self, target: Copy | NamedFile, path: Path, *, counts: bool = True) -> None:
        """What does not count is a copy that only its receipt is looked up in."""
        self._met += counts
        self.targets.setdefault(os.path.realpath(path), target)

    def _nothing_at(self, path: Path) -> None:
        if not _is_project(path):
            raise CallError(
                f"{_named(path)} has neither a package.json nor a node_modules. Name a package's directory, a project, "
                "or a JavaScript file (with -p)."
            )
        if not self.packages:
            return
        nothing = f"Nothing to do: there is no {' and no '.join(self.packages)} in {_named(path)}."
        self.sentences.append(f"{nothing} {_LOOKED_INTO}")

    def _miss(self, missing: Missing) -> None:
        """What is not there, or cannot be seen, is never passed over without a word."""
        documents = [each for each in self.wanted if each.package == missing.package]
        if not documents:
            return
        self._met += 1
        if missing.reason is None:
            self.warnings.append(missing.note)
            return
        refusal = Verdict.REFUSED, missing.reason, missing.note
        rows = (Result(each.id, missing.package, None, str(missing.path), None, *refusal) for each in documents)
        self.troubles.append(CopyPlan(Root.at(missing.path), tuple(rows)))

    def _unlisted(self, error: OSError) -> None:
        """A directory that cannot be looked into may hold a copy: that is a failure of every patch."""
        self._met += 1
        finding = trouble(error)
        rows = tuple(
            Result(document.id, None, None, str(error.filename), None, finding.verdict, note=finding.note)
            for document in self.wanted
        )
        self.troubles.append(CopyPlan(Root.at(Path(str(error.filename))), rows))


def _named(path: Path) -> str:
    return "this directory" if path == Path() else str(path)


def _installed(path: Path) -> bool:
    """Whether it is a node_modules, or a package in one."""
    return "node_modules" in (path.resolve().name, path.resolve().parent.name)


def _is_project(path: Path) -> bool:
    return _installed(path) or (path / "package.json").exists() or (path / "node_modules").is_dir()
