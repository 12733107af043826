"""The documents that count at a place: those of the program, and those of the project that the place belongs to."""

from __future__ import annotations

import os
from collections.abc import Iterable, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, NamedTuple

from sio_patch.documents.catalogue import Catalogue
from sio_patch.project import workspace

if TYPE_CHECKING:
    from sio_patch.documents.document import Document
    from sio_patch.documents.settings import Settings

_FOLDER = "patches"
_SETTINGS = "sio-patch.toml"  # as in `settings`, which is loaded where there is one


class Wishes(NamedTuple):
    """What a project says of its patches: its sio-patch.toml files, nearest first."""

    said: tuple[Settings, ...] = ()

    def wants(self, document: Document) -> bool:
        """Whether a patch is wanted where nobody names it. The nearest file that chooses has the say."""
        chosen = self._choosing()
        return document.default if chosen is None else chosen.wants(document)

    def names(self, id: str) -> bool:
        """Whether the project asks for this very patch."""
        chosen = self._choosing()
        return chosen is not None and id in (chosen.use or ()) and id not in chosen.skip

    def settings_of(self, id: str) -> dict[str, str]:
        """The document's parameters as the project sets them."""
        found: dict[str, str] = {}
        for settings in reversed(self.said):
            found |= settings.set.get(id, {})
        return found

    def _choosing(self) -> Settings | None:
        return next((each for each in self.said if each.use is not None or each.skip), None)


class Known(NamedTuple):
    """What is known in one project."""

    catalogue: Catalogue
    own: tuple[str, ...] = ()
    """The ids of the documents that are not the program's."""
    wishes: Wishes = Wishes()

    def naming(self, words: Iterable[str]) -> tuple[Known, tuple[str, ...]]:
        """What ``-p`` names, as ids, whether they are known or not; documents named by a path are known from then on.

        Raises CallError where there is none at a path, and SameIdError.
        """
        known, ids = self, []
        for word in words:
            if word in known.catalogue.ids or not is_path(word):
                ids.append(word)
                continue
            from sio_patch.documents.own import at_path

            found = at_path(Path(word))
            own = tuple(dict.fromkeys((*known.own, *found.ids)))
            known = known._replace(catalogue=known.catalogue.joined(found), own=own)
            ids += found.ids
        return known, tuple(dict.fromkeys(ids))


def is_path(word: str) -> bool:
    """Whether ``-p WORD`` means a path and no id."""
    return os.sep in word or "/" in word or word.endswith(".md") or Path(word).exists()


def known_at(path: Path = Path()) -> Known:
    """What is known at a file or directory, or in the current one. Raises SameIdError, SettingsError and OSError."""
    return _known(_homes(path))


def by_project(paths: Sequence[Path]) -> list[tuple[Known, tuple[Path, ...]]]:
    """The paths, those together that have the same documents; without any, the current directory.

    Raises as ``known_at`` does.
    """
    found: dict[tuple[str, ...], list[Path]] = {}
    for path in paths or (Path(),):
        found.setdefault(_homes(path), []).append(path)
    return [(_known(homes), tuple(paths)) for homes, paths in found.items()]


def _homes(path: Path) -> tuple[str, ...]:
    return tuple(workspace.homes(os.fspath(path), (_FOLDER, _SETTINGS), _SETTINGS))


def _known(homes: Sequence[str]) -> Known:
    shipped = Catalogue.shipped()
    if not homes:
        return Known(shipped)
    own = Catalogue({}, {})
    settings: list[Settings] = []
    for home in map(_shown, homes):
        said, found = _at_home(home)
        settings += said
        own = own.joined(found)
    catalogue = shipped.joined(own)
    for each in settings:
        each.check(catalogue)
    return Known(catalogue, own.ids, Wishes(tuple(settings)))


def _at_home(home: Path) -> tuple[list[Settings], Catalogue]:
    from sio_patch.documents.own import in_folder
    from sio_patch.documents.settings import read

    said = [read(home / _SETTINGS)] if os.path.lexists(home / _SETTINGS) else []
    usual = [home / _FOLDER] if (home / _FOLDER).is_dir() else []
    own = Catalogue({}, {})
    for folder in said[0].folders if said and said[0].folders is not None else usual:
        own = own.joined(in_folder(folder))
    return said, own


def _shown(home: str) -> Path:
    """Relative where that is not the way up: as the user would write it."""
    path = os.path.relpath(home)
    return Path(home if path.startswith(os.pardir) else path)
