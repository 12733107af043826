"""What a project says in ``sio-patch.toml``: where its documents are, which patches it wants, and how. Strictly read.

documents = ["patches", "../shared/patches"]
use = ["my-fix", "kind:security", "package:ws", "*"]
skip = ["req-head-leak"]
[set.tls-slab-size]
size = "64k"
[reviewed]
my-fix = "patches/my-fix.diff"
"""

from __future__ import annotations

import re
import tomllib
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import TYPE_CHECKING, Any, NamedTuple

from sio_patch.documents.errors import SettingsError, closest
from sio_patch.documents.head import Kind
from sio_patch.documents.params import BadParameter
from sio_patch.documents.toml import line_of_error
from sio_patch.project import files

if TYPE_CHECKING:
    from sio_patch.documents.catalogue import Catalogue
    from sio_patch.documents.document import Document

FILE = "sio-patch.toml"
LIMIT_BYTES = 1 << 20
EVERY = "*"
_PACKAGE = "package:"
_KEYS = ("documents", "use", "skip", "set", "reviewed")
_COMMENT = re.compile(r"#[^\n\"']*$", re.MULTILINE)


class Settings(NamedTuple):
    """What the file says. ``use`` is None where it does not say: then every document whose ``default`` is true."""

    path: Path
    text: str
    folders: tuple[Path, ...] | None = None  # None: the usual one
    use: tuple[str, ...] | None = None
    skip: tuple[str, ...] = ()
    set: Mapping[str, Mapping[str, str]] = {}  # id -> parameter -> value, as it was written
    reviewed: Mapping[str, Path] = {}  # id -> a diff

    def check(self, catalogue: Catalogue) -> None:
        """Raises SettingsError where an id, a parameter or its value is none that the catalogue has."""
        for key, ids in (("use", self.use or ()), ("skip", self.skip)):
            for id in ids:
                if id.startswith(_PACKAGE):
                    self._check_package(catalogue, id, key)
                elif id != EVERY and ":" not in id:
                    self._check_id(catalogue, id, key, id)
        for key, table in (("set", self.set), ("reviewed", self.reviewed)):
            for id in table:
                self._check_id(catalogue, id, key, id)
        for id in self.set.keys() - catalogue.broken.keys():
            self._check_parameters(catalogue.find(id))

    def wants(self, document: Document) -> bool:
        """Whether the project wants the patch where nobody names it."""
        chosen = document.default if self.use is None else _among(document, self.use)
        return chosen and not _among(document, self.skip)

    def _check_id(self, catalogue: Catalogue, id: str, *at: str) -> None:
        if id not in catalogue.ids:
            known = ", ".join(catalogue.ids) or "none"
            raise self._error(f"there is no patch {id!r}{closest(id, catalogue.ids)} Known: {known}.", *at)

    def _check_package(self, catalogue: Catalogue, selector: str, key: str) -> None:
        packages = sorted({each.package for each in catalogue.sound()})
        name = selector.removeprefix(_PACKAGE)
        if name not in packages and not catalogue.broken:  # of which nobody knows what they are about
            known = ", ".join(packages)
            raise self._error(f"no patch is about {name!r}{closest(name, packages)} Known: {known}.", key, selector)

    def _check_parameters(self, document: Document) -> None:
        for name, text in self.set[document.id].items():
            at = ("set", document.id, name)
            if name not in document.params:
                known = ", ".join(document.params) or "none"
                raise self._error(f"{document.id} has no parameter {name!r}. It has: {known}.", *at)
            try:
                document.params[name].read(text)
            except BadParameter as problem:
                raise self._error(str(problem), *at) from None

    def _error(self, message: str, *at: str) -> SettingsError:
        return SettingsError(self.path, _line(self.text, at), message)


def read(path: Path) -> Settings:
    """Raises SettingsError, and OSError."""
    data = files.start_of(path, LIMIT_BYTES + 1)
    if data is None or len(data) > LIMIT_BYTES:
        raise SettingsError(path, 1, f"this is no file, or it is larger than {LIMIT_BYTES >> 20} MiB")
    text = _decoded(path, data)
    try:
        values = tomllib.loads(text)
    except tomllib.TOMLDecodeError as error:
        raise SettingsError(path, line_of_error(error), f"this is not TOML: {error}") from None
    except RecursionError:
        raise SettingsError(path, 1, "this is nested too deeply") from None
    return _Reader(Settings(path, text), values).settings()


def _decoded(path: Path, data: bytes) -> str:
    try:
        return data.decode("utf-8").removeprefix("\ufeff").replace("\r\n", "\n")
    except UnicodeDecodeError as error:
        line = data.count(b"\n", 0, error.start) + 1
        raise SettingsError(path, line, "this line is not UTF-8; save the file as UTF-8") from None


def _among(document: Document, selectors: tuple[str, ...]) -> bool:
    """Whether one of the selectors means the document. That of an application's entry is meant by its id alone."""
    if document.id in selectors:
        return True
    general = {EVERY, f"kind:{document.kind}", f"package:{document.package}"}
    return not document.for_entry and not general.isdisjoint(selectors)


class _Reader:
    """The file's values: each method gives one, or raises a SettingsError at its line."""

    def __init__(self, blank: Settings, values: Mapping[str, Any]) -> None:
        self.blank = blank
        self.values = values

    def settings(self) -> Settings:
        for key in self.values:
            if key not in _KEYS:
                known = ", ".join(_KEYS)
                raise self._error(f"unknown key `{key}`{closest(key, _KEYS)} The keys are {known}.", key)
        return self.blank._replace(
            folders=tuple(self._folders()) if "documents" in self.values else None,
            use=self._selectors("use") if "use" in self.values else None,
            skip=self._selectors("skip"),
            set={id: self._parameters(id, table) for id, table in self._table("set").items()},
            reviewed={id: self._diff(id, path) for id, path in self._table("reviewed").items()},
        )

    def _folders(self) -> Iterator[Path]:
        for text in self._texts("documents"):
            folder = self.blank.path.parent / text
            if not folder.is_dir():
                what = "is no folder" if folder.exists() else "is not there"
                raise self._error(
                    f"the folder {text!r} {what}; make it, or take it out of `documents`", "documents", text
                )
            yield folder

    def _selectors(self, key: str) -> tuple[str, ...]:
        texts = self._texts(key) if key in self.values else ()
        for text in texts:
            kind, colon, value = text.partition(":")
            if not colon or (kind == "kind" and value in list(Kind)) or (kind == "package" and value):
                continue
            known = f'an id, "kind:" with one of {", ".join(Kind)}, "package:" with a name, or "*"'
            raise self._error(f"{text!r} names no patches; write {known}", key, text)
        return texts

    def _parameters(self, id: str, table: object) -> Mapping[str, str]:
        if not isinstance(table, dict):
            raise self._error(
                f"`set.{id}` must be a table of parameters: [set.{id}], and below it NAME = VALUE", "set", id
            )
        for name, value in table.items():
            if isinstance(value, bool) or not isinstance(value, str | int):
                raise self._error(f'`{name}` must be a whole number, or a text such as "64k"', "set", id, name)
        return {name: str(value) for name, value in table.items()}

    def _diff(self, id: str, path: object) -> Path:
        if not isinstance(path, str) or not path:
            raise self._error(f"`{id}` must be the path of a reviewed diff, in quotes", "reviewed", id)
        diff = self.blank.path.parent / path
        if not diff.is_file():
            raise self._error(
                f"there is no diff {path!r}; make it with: sio-patch diff -p {id} -o {path}", "reviewed", id
            )
        return diff

    def _table(self, key: str) -> Mapping[str, Any]:
        value = self.values.get(key, {})
        if not isinstance(value, dict):
            raise self._error(f"`{key}` must be a table", key)
        return value

    def _texts(self, key: str) -> tuple[str, ...]:
        value = self.values[key]
        if not isinstance(value, list) or not all(isinstance(item, str) and item for item in value):
            raise self._error(f'`{key}` must be a list of texts, such as ["one", "two"]', key)
        return tuple(value)

    def _error(self, message: str, *at: str) -> SettingsError:
        return SettingsError(self.blank.path, _line(self.blank.text, at), message)


def _line(text: str, at: tuple[str, ...]) -> int:
    """The line in which the last of these words stands, each behind the one before it; as far as they are found."""
    text = _COMMENT.sub(lambda comment: " " * len(comment[0]), text)
    offset = 0
    for word in at:
        found = re.compile(rf"(?<![\w.-]){re.escape(word)}(?![\w-])|(?<=\.){re.escape(word)}(?![\w-])").search(
            text, offset
        )
        offset = found.start() if found else offset
    return text.count("\n", 0, offset) + 1
