"""The receipt inside a patched copy: what was done to which file, and how to undo it.

A receipt is also the journal of a commit: it knows a file's hash before the first step and after each one, so that
after a crash ``standing`` says how many steps a file holds. It is read as if an enemy had written it.
"""

from __future__ import annotations

import hashlib
import json
import os
import re
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import NamedTuple, TypeVar

from sio_patch.engine.edits import Edit, Edits
from sio_patch.engine.source import Source
from sio_patch.project import files
from sio_patch.project.directory import Directory
from sio_patch.project.files import Root

NAME = ".sio-patch.json"
SCHEMA = 1
_ABOUT = "Written by sio-patch. `sio-patch revert` in this directory undoes what is listed here."
LIMIT_BYTES = 4 << 20
STEPS = 100  # on one file
_WORK_BYTES = 64 << 20  # of a file's bytes, times its steps: more than that is not gone through to save a parse
_SHA256 = re.compile(r"[0-9a-f]{64}")
_PATCH_ID = re.compile(r"[a-z0-9][a-z0-9._-]{0,99}")
_T = TypeVar("_T")


class ReceiptError(Exception):
    """The receipt at ``path`` cannot be relied on. ``where`` is a place in its JSON, such as ``files[0].path``."""

    def __init__(self, path: Path, where: str, problem: str) -> None:
        super().__init__(path, where, problem)
        self.path = path
        self.where = where
        self.problem = problem

    def __str__(self) -> str:
        place = f"{self.where}: " if self.where else ""
        return (
            f"{self.path} is not a receipt to rely on: {place}{self.problem}. Nothing was changed. "
            "Install the package again (or move that file away, if you know what is in the copy)."
        )


class Step(NamedTuple):
    """One patch applied to one file."""

    patch: str
    """The patch's id."""
    digest: str
    """sha256 of the patch document's bytes, hexadecimal."""
    line: int
    """Where the change is in the file after this step, counted from 1."""
    sha256_after: str
    """Of the file's bytes after this step."""
    undo: Edits
    """From the text after this step to the text before it: code points of ``Source.text``."""


class FileRecord(NamedTuple):
    """The stack of steps on one file, oldest first; never empty."""

    path: str
    """Relative to the copy, with ``/``; never leaves it."""
    sha256_before: str
    """Of the file's bytes before the first step."""
    steps: tuple[Step, ...]

    @property
    def sha256_after(self) -> str:
        return self.steps[-1].sha256_after

    def standing(self, digest: str) -> int | None:
        """How many of the steps a file with this sha256 holds; None where it holds something else."""
        chain = (self.sha256_before, *(step.sha256_after for step in self.steps))
        return next((count for count in reversed(range(len(chain))) if chain[count] == digest), None)


class Receipt(NamedTuple):
    """What stands in a copy. ``version`` is the package's, as it was when the receipt was written."""

    version: str | None
    files: tuple[FileRecord, ...]

    def record(self, file: str) -> FileRecord | None:
        return next((record for record in self.files if record.path == file), None)

    def to_json(self) -> bytes:
        """ASCII, so a lone surrogate (a byte that is not UTF-8) survives as an escape. Ends with a newline."""
        value = {
            "schema": SCHEMA,
            "about": _ABOUT,
            "version": self.version,
            "files": [_file_value(record) for record in self.files],
        }
        return (json.dumps(value, indent=2) + "\n").encode("ascii")


def sha256(data: bytes) -> str:
    """Lower-case hexadecimal, as receipts and reports have it."""
    return hashlib.sha256(data).hexdigest()


def read(copy: Path | Root) -> Receipt | None:
    """The receipt of the copy at ``copy``; None where there is none.

    Raises ReceiptError where it is anything but what this program writes (a symlink, a directory, another
    schema, a path that leaves the copy, ...), and OSError as the system gives it.
    """
    copy = Root.at(copy)
    data = load(copy)
    return None if data is None else parse(data, copy.shown / NAME)


def load(copy: Path | Root) -> bytes | None:
    """The receipt's bytes as they stand there, not yet looked at. Errors as for ``read``."""
    copy = Root.at(copy)
    path = copy.shown / NAME
    try:
        with files.about(path), Directory(copy.real) as directory:
            return load_in(directory, path)
    except (FileNotFoundError, NotADirectoryError):
        return None


def load_in(copy: Directory, path: Path) -> bytes | None:
    """The same in an open directory. ``path`` is the receipt's, for messages."""
    try:
        return files.read_in(copy, NAME, path, LIMIT_BYTES)
    except FileNotFoundError:
        return None
    except files.NotAFile as problem:
        raise ReceiptError(path, "", f"it is {problem.kind}") from None
    except files.TooLarge as problem:
        raise ReceiptError(path, "", f"it holds {problem.size_bytes:,} bytes") from None


def parse(data: bytes, path: Path) -> Receipt:
    """Strict: unknown keys, duplicate keys and doubtful values are a ReceiptError. ``path`` is for its message."""
    reader = _Reader(path)
    try:
        value: object = json.loads(data.decode("ascii"), object_pairs_hook=reader.pairs)
    except json.JSONDecodeError as error:
        raise ReceiptError(path, f"line {error.lineno}", f"not JSON ({error.msg})") from None
    except (ValueError, RecursionError) as error:  # not ASCII, absurdly long numbers, absurdly deep
        raise ReceiptError(path, "", f"not JSON that can be read ({type(error).__name__})") from None
    return reader.receipt(value)


def stages(record: FileRecord, data: bytes) -> tuple[Source, ...]:
    """The file before its first step, after it, and so on to now: for each step that it holds a change that was proved.

    Empty where the steps do not lead from ``data`` back to every hash that the record names, or are too many to try.
    """
    count = record.standing(sha256(data))
    if count is None or count * len(data) > _WORK_BYTES:
        return ()
    found = [Source.of(data)]
    try:
        for steps in range(count, 0, -1):
            found.append(_stepped_back(record, steps, found[-1]))
    except ValueError:
        return ()
    return tuple(reversed(found))


def undone(record: FileRecord, data: bytes, copy: Path, *, steps: int | None = None) -> bytes:
    """The file's bytes with the last ``steps`` of the steps that it holds taken back (default: all of them).

    ``data`` is what the file holds now. Raises files.ChangedSince where the record does not know these bytes, and
    ReceiptError where its edits do not lead to the bytes that it promises. ``copy`` is for what both say.
    """
    count = record.standing(sha256(data))
    if count is None:
        raise files.ChangedSince(copy / record.path)
    source = Source.of(data)
    try:
        for held in range(count, 0 if steps is None else max(0, count - steps), -1):
            source = _stepped_back(record, held, source)
    except ValueError as problem:
        raise ReceiptError(copy / NAME, record.path, str(problem)) from None
    return source.to_bytes()


def _stepped_back(record: FileRecord, held: int, source: Source) -> Source:
    """``source`` holds so many steps; without the last of them. Raises ValueError where that is another file."""
    undo = record.steps[held - 1].undo
    if undo and undo[-1].end > len(source.text):
        raise ValueError("an edit reaches beyond the end of the file")
    before = Source(undo.apply(source.text), source.bom)
    promised = record.steps[held - 2].sha256_after if held > 1 else record.sha256_before
    data = before.to_bytes()
    if sha256(data) != promised:
        raise ValueError("its edits do not restore the bytes that it promises")
    return Source.of(data)  # what was put back may be a character only together with its neighbours


def _file_value(record: FileRecord) -> dict[str, object]:
    return {
        "path": record.path,
        "sha256_before": record.sha256_before,
        "sha256_after": record.sha256_after,
        "steps": [
            {
                "patch": step.patch,
                "digest": step.digest,
                "line": step.line,
                "sha256_after": step.sha256_after,
                "undo": [{"start": edit.start, "end": edit.end, "new": edit.new} for edit in step.undo],
            }
            for step in record.steps
        ],
    }


class _Reader:
    """Takes a parsed JSON value apart; every method raises ReceiptError with the place."""

    def __init__(self, path: Path) -> None:
        self._path = path

    def pairs(self, pairs: list[tuple[str, object]]) -> dict[str, object]:
        value = dict(pairs)
        if len(value) != len(pairs):
            raise self._error("", "a key stands twice in one object")
        return value

    def receipt(self, value: object) -> Receipt:
        if isinstance(value, Mapping) and value.get("schema") != SCHEMA:
            raise self._error("schema", "another version of sio-patch (or another program) wrote it")
        top = self._object(value, "", ("schema", "about", "version", "files"))
        version = top["version"]
        if version is not None and not (isinstance(version, str) and version.isprintable() and len(version) <= 256):
            raise self._error("version", "not printable text of at most 256 characters")
        records = tuple(self._file(item, f"files[{i}]") for i, item in enumerate(self._list(top["files"], "files")))
        if len({record.path for record in records}) != len(records):
            raise self._error("files", "a file is listed twice")
        return Receipt(version, records)

    def _file(self, value: object, where: str) -> FileRecord:
        item = self._object(value, where, ("path", "sha256_before", "sha256_after", "steps"))
        steps = tuple(
            self._step(step, f"{where}.steps[{i}]")
            for i, step in enumerate(self._list(item["steps"], f"{where}.steps"))
        )
        if len(steps) > STEPS:
            raise self._error(f"{where}.steps", f"more than {STEPS}")
        if not steps or item["sha256_after"] != steps[-1].sha256_after:
            raise self._error(f"{where}.sha256_after", "not what the last step leaves")
        before = self._match(item["sha256_before"], _SHA256, f"{where}.sha256_before")
        return FileRecord(self._inner(item["path"], f"{where}.path"), before, steps)

    def _step(self, value: object, where: str) -> Step:
        item = self._object(value, where, ("patch", "digest", "line", "sha256_after", "undo"))
        edits = [
            self._edit(edit, f"{where}.undo[{i}]") for i, edit in enumerate(self._list(item["undo"], f"{where}.undo"))
        ]
        try:
            undo = Edits.of(edits)
        except ValueError:
            raise self._error(f"{where}.undo", "edits overlap") from None
        if not undo:
            raise self._error(f"{where}.undo", "no edits")
        return Step(
            patch=self._match(item["patch"], _PATCH_ID, f"{where}.patch"),
            digest=self._match(item["digest"], _SHA256, f"{where}.digest"),
            line=self._count(item["line"], f"{where}.line", 1),
            sha256_after=self._match(item["sha256_after"], _SHA256, f"{where}.sha256_after"),
            undo=undo,
        )

    def _edit(self, value: object, where: str) -> Edit:
        item = self._object(value, where, ("start", "end", "new"))
        start = self._count(item["start"], f"{where}.start", 0)
        end = self._count(item["end"], f"{where}.end", start)
        new = self._typed(item["new"], str, "text", f"{where}.new")
        try:
            new.encode("utf-8", "surrogateescape")
        except UnicodeEncodeError:
            raise self._error(f"{where}.new", "text that no file can hold") from None
        return Edit(start, end, new)

    def _inner(self, value: object, where: str) -> str:
        path = self._typed(value, str, "text", where)
        try:
            plain = b"\0" not in os.fsencode(path)
        except UnicodeEncodeError:
            plain = False
        if not plain or path.split("/") != [part for part in path.split("/") if part not in ("", ".", "..")]:
            raise self._error(where, f"{path[:100]!r} is not a plain path inside the copy")
        if path == NAME or not path:
            raise self._error(where, f"{path!r} is not a file that a patch can be for")
        return path

    def _object(self, value: object, where: str, keys: Sequence[str]) -> Mapping[str, object]:
        item = self._typed(value, dict, "an object", where)
        if set(item) != set(keys):
            raise self._error(where, f"its keys are not {', '.join(keys)}")
        return item

    def _list(self, value: object, where: str) -> list[object]:
        return self._typed(value, list, "a list", where)

    def _count(self, value: object, where: str, least: int) -> int:
        if type(value) is not int or not least <= value < 1 << 31:  # bool is an int
            raise self._error(where, f"not a whole number from {least}")
        return value

    def _match(self, value: object, pattern: re.Pattern[str], where: str) -> str:
        if not isinstance(value, str) or not pattern.fullmatch(value):
            raise self._error(where, "not of the right form")
        return value

    def _typed(self, value: object, kind: type[_T], words: str, where: str) -> _T:
        if not isinstance(value, kind):
            raise self._error(where, f"not {words}")
        return value

    def _error(self, where: str, problem: str) -> ReceiptError:
        return ReceiptError(self._path, where, problem)
