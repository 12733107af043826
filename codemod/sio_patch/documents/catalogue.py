"""The documents that a run knows."""

from __future__ import annotations

import os
from collections.abc import Mapping
from pathlib import Path
from typing import NamedTuple

import sio_catalogue
from sio_patch.documents import heads
from sio_patch.documents.document import Document, load
from sio_patch.documents.errors import SameIdError, UnknownPatchError
from sio_patch.documents.head import Head


class Catalogue(NamedTuple):
    """Patch documents by id, each read when somebody asks for it. Whoever needs one is handed the catalogue."""

    paths: Mapping[str, Path]  # id -> document, sorted
    heads: Mapping[str, Head]  # what is known of them before they are read
    broken: Mapping[str, Exception] = {}  # those that cannot be had, and why

    @classmethod
    def of(cls, folder: Path) -> Catalogue:
        """The documents in a folder. Raises OSError."""
        return cls({id: path for id, (path, _) in _listed(folder).items()}, {})

    @classmethod
    def shipped(cls) -> Catalogue:
        """The documents that come with the program. Raises OSError."""
        listed = _listed(shipped_folder())
        return cls({id: path for id, (path, _) in listed.items()}, heads.read(shipped_folder(), listed))

    @classmethod
    def only(cls, document: Document) -> Catalogue:
        """A catalogue of one."""
        return cls({document.id: document.path}, {document.id: document})

    def joined(self, other: Catalogue) -> Catalogue:
        """The documents of both. Raises SameIdError where two that are not one file have one id."""
        for id in sorted(self.paths.keys() & other.paths.keys()):
            if os.path.realpath(self.paths[id]) != os.path.realpath(other.paths[id]):
                raise SameIdError(id, self.paths[id], other.paths[id])
        paths = dict(sorted({**self.paths, **other.paths}.items()))
        return Catalogue(paths, {**self.heads, **other.heads}, {**self.broken, **other.broken})

    @property
    def ids(self) -> tuple[str, ...]:
        return tuple(self.paths)

    def find(self, id: str) -> Document:
        """The document of that id. Raises UnknownPatchError, and DocumentError or OSError where it is to be read."""
        if id not in self.paths:
            raise UnknownPatchError(id, self.ids)
        if id in self.broken:
            raise self.broken[id]
        head = self.heads.get(id)
        if isinstance(head, Document):
            return head
        return load(self.paths[id]) if head is None else Document._make(head)

    def all(self) -> tuple[Document, ...]:
        """Every document, sorted by id. Raises DocumentError, and OSError."""
        return tuple(self.find(id) for id in self.ids)

    def sound(self) -> tuple[Document, ...]:
        """The same without those that are known to be broken: where nothing hangs on them."""
        return tuple(self.find(id) for id in self.ids if id not in self.broken)


def shipped_folder() -> Path:
    return Path(next(iter(sio_catalogue.__path__)))


def is_shipped(path: Path) -> bool:
    """Whether a document comes with the program."""
    return path.is_relative_to(shipped_folder())


def _listed(folder: Path) -> dict[str, tuple[Path, os.stat_result]]:
    """Each document's path and status, by id."""
    found = {}
    for name in sorted(os.listdir(folder)):  # noqa: PTH208  (names are wanted, and nothing costs less)
        path = folder / name / "README.md"
        try:
            found[name] = (path, path.stat())
        except (FileNotFoundError, NotADirectoryError):
            continue
    return found
