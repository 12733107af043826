"""Documents that are found where a user keeps them: in a folder, or at a path that is named.

``patches/my-fix.md`` and ``patches/my-fix/README.md`` are documents where they have a ``toml patch`` block. Whatever
else lies in the folder, as the diffs of patch-package do, is passed over.
"""

from __future__ import annotations

import os
import re
from collections.abc import Iterator
from pathlib import Path

from sio_patch.documents.catalogue import Catalogue
from sio_patch.documents.document import Document, read
from sio_patch.documents.errors import DocumentError, SameIdError
from sio_patch.documents.fences import UnclosedFenceError, fences
from sio_patch.documents.head import README
from sio_patch.documents.toml import id_of
from sio_patch.project import files
from sio_patch.verdict import CallError

LIMIT_BYTES = 1 << 20
_BLOCK = "toml patch"
_HEAD = re.compile(rb"^ {0,3}(?:`{3,}|~{3,})[ \t]*toml[ \t]+patch[ \t]*\r?$", re.MULTILINE | re.IGNORECASE)
_BOM = b"\xef\xbb\xbf"


def in_folder(folder: Path) -> Catalogue:
    """The documents that lie in a folder. A broken one is in it by its name. Raises SameIdError, and OSError."""
    found: dict[str, Path] = {}
    heads: dict[str, Document] = {}
    broken: dict[str, Exception] = {}
    for path in _candidates(folder):
        id = id_of(path)
        try:
            document = _read(path)
        except (DocumentError, OSError) as error:
            document, broken[id] = None, error
        if document is None and id not in broken:
            continue
        if id in found:
            raise SameIdError(id, found[id], path)
        found[id] = path
        if document is not None:
            heads[id] = document
    return Catalogue(dict(sorted(found.items())), heads, broken)


def at_path(path: Path) -> Catalogue:
    """What ``-p PATH`` names: a document, the folder of one, or a folder of several.

    Raises CallError where there is none, and what ``in_folder`` raises. A broken one is in the catalogue.
    """
    if not path.is_dir():
        return _one(path)
    if (path / README).is_file() and _read_or_none(path / README):
        return _one(path / README)
    found = in_folder(path)
    if not found.paths:
        raise CallError(f"there is no document in {path}: no Markdown file with a `toml patch` block.")
    return found


def _one(path: Path) -> Catalogue:
    id = id_of(path)
    try:
        document = _read(path, named=True)
    except FileNotFoundError:
        raise CallError(f"there is no document {path}.") from None
    except DocumentError as error:
        return Catalogue({id: path}, {}, {id: error})
    if document is None:
        raise CallError(f"{path} is not a file. Name a document, its folder, or a folder of documents.")
    return Catalogue({id: path}, {id: document})


def _read_or_none(path: Path) -> bool:
    """Whether there is a document at ``path``, broken or not."""
    try:
        return _read(path) is not None
    except DocumentError:
        return True


def _candidates(folder: Path) -> Iterator[Path]:
    with os.scandir(folder) as entries:
        names = sorted((entry.name, entry.name.endswith(".md")) for entry in entries)
    for name, is_page in names:
        path = folder / name
        if is_page and not path.is_dir():
            yield path
        elif not is_page and (path / README).is_file():
            yield path / README


def _read(path: Path, *, named: bool = False) -> Document | None:
    """None where it is no document, which is an error of one that is ``named``. Raises DocumentError, and OSError."""
    try:
        data = files.start_of(path, LIMIT_BYTES + 1)
    except FileNotFoundError:
        if not path.is_symlink():
            raise
        raise DocumentError(path, 1, "this is a link to nothing; remove it, or put the document there") from None
    if data is None or not (named or _has_head(data)):
        return None
    if len(data) > LIMIT_BYTES:
        raise DocumentError(path, 1, f"the document is larger than {LIMIT_BYTES >> 20} MiB; make it a shorter page")
    return read(path, data, own=True)


def _has_head(data: bytes) -> bool:
    """Whether there is a ``toml patch`` block, and not only as an example inside of another one."""
    data = data.removeprefix(_BOM)
    if not _HEAD.search(data):
        return False
    try:
        text = data.decode("utf-8", "replace").replace("\r\n", "\n")
        return any(block.info.casefold() == _BLOCK for block in fences(text))
    except UnclosedFenceError:
        return True
