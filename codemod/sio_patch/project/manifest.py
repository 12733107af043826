"""One package.json: its name and version, and in plain words what is odd about it.

An odd file never hides a copy: what can be read is used, and the rest becomes a note.
"""

from __future__ import annotations

import errno
import os
import stat
from collections.abc import Iterable
from typing import NamedTuple

from sio_patch.project.directory import flags

_READ = flags("O_RDONLY", "O_CLOEXEC", "O_NONBLOCK", "O_NOCTTY", "O_BINARY")
_CHUNK_BYTES = 1 << 16
_LIMIT_BYTES = 1 << 22
_BOMS = (b"\xef\xbb\xbf", "utf-8"), (b"\xff\xfe", "utf-16-le"), (b"\xfe\xff", "utf-16-be")


class Manifest(NamedTuple):
    """``name`` and ``version`` are printable text as they stand there, or None. ``notes`` are sentences."""

    name: str | None
    version: str | None
    notes: tuple[str, ...]


def load(directory: str) -> bytes | OSError:
    """The bytes of ``directory``/package.json, at most 4 MiB and one byte of them; or why there are none.

    A symlink is followed: the file is only looked at. Never waits for a fifo.
    """
    try:
        fd = os.open(directory + "/package.json", _READ)
    except OSError as error:
        return error
    try:
        data = os.read(fd, _CHUNK_BYTES)
        if len(data) == _CHUNK_BYTES:
            data = _rest(fd, data)
        if not data and not stat.S_ISREG(os.fstat(fd).st_mode):
            return OSError(errno.EINVAL, "it is not a file")
        return data
    except OSError as error:
        return error
    finally:
        os.close(fd)


def needles(packages: Iterable[str]) -> tuple[bytes, ...]:
    """What ``may_name`` looks for: each name in its JSON quotes."""
    return tuple(f'"{name}"'.encode() for name in packages)


def may_name(data: bytes, wanted: tuple[bytes, ...]) -> bool:
    """Whether the file could be that of a wanted package. Cheap, and never wrong when it says no."""
    for needle in wanted:
        if needle in data:
            return True
    # A name can hide behind a JSON escape or another encoding.
    return b"\\u" in data or b"\\/" in data or b"\0" in data


def parse(data: bytes | OSError) -> Manifest:
    """Never raises. ``data`` is what ``load`` returned."""
    value, said = contents(data)
    if value is None:
        return Manifest(None, None, said)
    notes = list(said)
    for key in ("name", "version"):
        if (problem := _problem(value, key)) is not None:
            notes.append(problem)
    return Manifest(_printable(value.get("name")), _printable(value.get("version")), tuple(notes))


def contents(data: bytes | OSError) -> tuple[dict[str, object] | None, tuple[str, ...]]:
    """The whole object that ``load`` has read, or None; and what is odd about the file. Never raises."""
    if isinstance(data, OSError):
        return None, (_unread(data),)
    if len(data) > _LIMIT_BYTES:
        return None, (f"package.json is larger than {_LIMIT_BYTES >> 20} MiB and was not read",)
    text, notes = _decode(data)
    if not text.strip():
        return None, (*notes, "package.json is empty")
    value = _parsed(text)
    return (None, (*notes, value)) if isinstance(value, str) else (value, tuple(notes))


def _rest(fd: int, data: bytes) -> bytes:
    pieces, size = [data], len(data)
    while size <= _LIMIT_BYTES and (piece := os.read(fd, _LIMIT_BYTES + 1 - size)):
        pieces.append(piece)
        size += len(piece)
    return b"".join(pieces)


def _unread(error: OSError) -> str:
    match error.errno:
        case errno.ENOENT | errno.ENOTDIR:
            return "package.json is missing"
        case errno.EISDIR:
            return "package.json is a directory"
        case _:
            return f"package.json cannot be read: {error.strerror}"


def _decode(data: bytes) -> tuple[str, list[str]]:
    for bom, encoding in _BOMS:
        if data.startswith(bom):
            body = data[len(bom) :]
            if encoding == "utf-8":
                return body.decode(errors="surrogateescape"), ["package.json begins with a byte order mark"]
            return body.decode(encoding, "replace"), [f"package.json is {encoding[:6].upper()} text, not UTF-8"]
    if b"\0" in data[:4]:
        encoding = "utf-16-be" if data[:1] == b"\0" else "utf-16-le"
        return data.decode(encoding, "replace"), ["package.json is UTF-16 text, not UTF-8"]
    try:
        return data.decode(), []
    except UnicodeDecodeError as error:
        return data.decode(errors="surrogateescape"), [f"package.json is not UTF-8 text (byte {error.start})"]


def _parsed(text: str) -> dict[str, object] | str:
    """The object, or a note that says why there is none."""
    import json  # not needed for a package that cannot be a wanted one

    try:
        value: object = json.loads(text)
    except json.JSONDecodeError as error:
        return f"package.json is not JSON: {error.msg} (line {error.lineno})"
    except (ValueError, RecursionError):
        return "package.json is not JSON that can be read"
    return value if isinstance(value, dict) else "package.json does not hold an object"


def _problem(value: dict[str, object], key: str) -> str | None:
    if key not in value or value[key] in (None, ""):
        return f"package.json gives no {key}"
    if not isinstance(value[key], str):
        return f"the {key} in package.json is not text"
    if _printable(value[key]) is None:
        return f"the {key} in package.json is not printable text of at most 256 characters"
    return None


def _printable(value: object) -> str | None:
    """A hostile manifest shall not write to the terminal."""
    return value if isinstance(value, str) and 0 < len(value) <= 256 and value.isprintable() else None
