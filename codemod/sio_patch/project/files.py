"""Reading and writing single files, safely: nothing outside a root's real directory, old bytes or new ones.

A write goes to a temporary file beside the target (``stage``), which then takes the target's name in one step
(``put``). Whoever dies in between leaves a file called ``.sio-patch-<hex>.tmp``; ``sweep`` removes such files.
"""

# System calls by their own names, because their order is what matters here.
# ruff: noqa: PTH105, PTH108, PTH116, PTH118, PTH208

from __future__ import annotations

import contextlib
import errno
import os
import re
import stat
from collections.abc import Callable, Iterable, Iterator
from pathlib import Path

_TEMPORARY = re.compile(r"\.sio-patch-[0-9a-f]{16}\.tmp")
_READ = os.O_RDONLY | os.O_CLOEXEC | os.O_NOFOLLOW | os.O_NONBLOCK | os.O_NOCTTY  # never waits for a fifo's writer
_CREATE = os.O_WRONLY | os.O_CREAT | os.O_EXCL | os.O_CLOEXEC | os.O_NOFOLLOW
_KINDS: tuple[tuple[Callable[[int], bool], str], ...] = (
    (stat.S_ISDIR, "a directory"),
    (stat.S_ISFIFO, "a named pipe"),
    (stat.S_ISSOCK, "a socket"),
    (stat.S_ISCHR, "a device"),
    (stat.S_ISBLK, "a device"),
    (stat.S_ISLNK, "a symbolic link"),
)


class FileProblem(Exception):
    """A file is not what it must be. ``path`` is the file as the caller named it; ``str()`` is for a person."""

    def __init__(self, path: Path, *more: object) -> None:
        super().__init__(path, *more)
        self.path = path


class OutsideRoot(FileProblem):
    """``path`` leads to ``target``, which is not inside ``root`` (both resolved). Nothing was read or written."""

    def __init__(self, path: Path, target: Path, root: Path) -> None:
        super().__init__(path, target, root)
        self.target = target
        self.root = root

    def __str__(self) -> str:
        return f"{self.path} leads to {self.target}, outside {self.root}; nothing there is read or changed"


class TooLarge(FileProblem):
    """The file holds more than ``limit_bytes``. ``size_bytes`` is what the file system said."""

    def __init__(self, path: Path, size_bytes: int, limit_bytes: int) -> None:
        super().__init__(path, size_bytes, limit_bytes)
        self.size_bytes = size_bytes
        self.limit_bytes = limit_bytes

    def __str__(self) -> str:
        return f"{self.path} holds {self.size_bytes:,} bytes; files over {self.limit_bytes:,} bytes are not looked at"


class NotAFile(FileProblem):
    """Something else stands where a regular file should: ``kind`` says what, with its article."""

    def __init__(self, path: Path, kind: str) -> None:
        super().__init__(path, kind)
        self.kind = kind

    def __str__(self) -> str:
        return f"{self.path} is {self.kind}, not a file"


class ChangedSince(FileProblem):
    """The file does not hold the bytes that the plan (or the receipt) was made from."""

    def __str__(self) -> str:
        return f"{self.path} has changed since it was looked at; run the command again"


def resolve(root: Path, file: str) -> Path:
    """The real path of ``file`` (relative to ``root``), all symlinks and ``..`` resolved.

    Raises OutsideRoot where that is not inside the real directory of ``root``. The file need not exist.
    """
    real_root = os.path.realpath(root)
    target = os.path.realpath(os.path.join(real_root, file))
    if not within(target, real_root):
        raise OutsideRoot(Path(root, file), Path(target), Path(real_root))
    return Path(target)


def within(path: str, directory: str) -> bool:
    """Whether the real path ``path`` is the real ``directory`` or lies in it. Looks at the strings only."""
    return path == directory or path.startswith(directory.rstrip(os.sep) + os.sep)


def read(root: Path, file: str, limit_bytes: int) -> bytes:
    """The bytes of ``file`` (relative to ``root``).

    Raises OutsideRoot, NotAFile, TooLarge (before a byte is read, where the size is known), and OSError as the
    system gives it (FileNotFoundError where there is none), with the path in ``filename``. Never blocks on a fifo.
    """
    target = resolve(root, file)
    shown = Path(root, file)
    with about(shown):
        _check(os.stat(target, follow_symlinks=False), shown, limit_bytes)
        fd = os.open(target, _READ)
        try:
            # Once more: another file may have taken the name between the two calls.
            _check(os.fstat(fd), shown, limit_bytes)
            return _drain(fd, shown, limit_bytes)
        finally:
            os.close(fd)


def replace(path: Path, data: bytes) -> None:
    """``path`` (already resolved) holds ``data`` afterwards, or what it held before: nothing in between.

    Keeps the mode, and the owner where permitted. Another hard link to the old file keeps the old bytes. A file
    that was not there gets the umask's mode. Raises OSError with ``filename`` set to ``path``.
    """
    put(stage(path, data), path)


def stage(path: Path, data: bytes) -> Path:
    """Write ``data`` to a new temporary file beside ``path`` and onto the disk. Returns the temporary file.

    Raises OSError with ``filename`` set to ``path``; no temporary file is left then.
    """
    temporary = path.parent / f".sio-patch-{os.urandom(8).hex()}.tmp"
    with about(path):
        fd = os.open(temporary, _CREATE, 0o666)
        try:
            try:
                _dress(fd, path)
                _pour(fd, data)
                os.fsync(fd)
            finally:
                os.close(fd)
        except BaseException:
            discard(temporary)
            raise
    return temporary


def put(temporary: Path, path: Path) -> None:
    """Give a staged file the name ``path``, and write the directory to the disk. On failure the stage is removed."""
    with about(path):
        try:
            os.replace(temporary, path)
        except BaseException:
            discard(temporary)
            raise
        flush(path.parent)


def remove(path: Path) -> None:
    """Remove a file and write its directory to the disk. One that is not there is fine. Raises OSError."""
    with about(path), contextlib.suppress(FileNotFoundError):
        os.unlink(path)
        flush(path.parent)


def discard(temporary: Path) -> None:
    """Remove a temporary file as well as can be: the error that made it useless is the one to report."""
    with contextlib.suppress(OSError):
        os.unlink(temporary)


def sweep(directories: Iterable[Path]) -> None:
    """Remove the temporary files that a killed run left in ``directories``.

    Only for who holds the lock: a living run's temporary file looks the same. What cannot be removed stays: a
    directory where that is so cannot be written to either, and the write that follows will say it.
    """
    for directory in directories:
        with contextlib.suppress(OSError):
            for name in os.listdir(directory):
                if _TEMPORARY.fullmatch(name):
                    os.unlink(directory / name)


def flush(directory: Path) -> None:
    """Write a directory's entries to the disk. File systems that cannot do that to a directory are let off."""
    fd = os.open(directory, os.O_RDONLY | os.O_CLOEXEC | os.O_DIRECTORY)
    try:
        os.fsync(fd)
    except OSError as error:
        if error.errno not in (errno.EINVAL, errno.ENOTSUP):
            raise
    finally:
        os.close(fd)


@contextlib.contextmanager
def about(path: Path) -> Iterator[None]:
    """An OSError from inside names ``path``: what the user knows, not a descriptor or a temporary file."""
    try:
        yield
    except OSError as error:
        error.filename, error.filename2 = str(path), None
        raise


def _check(status: os.stat_result, shown: Path, limit_bytes: int) -> None:
    if not stat.S_ISREG(status.st_mode):
        kind = next((words for is_kind, words in _KINDS if is_kind(status.st_mode)), "something special")
        raise NotAFile(shown, kind)
    if status.st_size > limit_bytes:
        raise TooLarge(shown, status.st_size, limit_bytes)


def _drain(fd: int, shown: Path, limit_bytes: int) -> bytes:
    pieces = []
    size = 0
    while piece := os.read(fd, min(1 << 20, limit_bytes + 1 - size)):
        pieces.append(piece)
        size += len(piece)
        if size > limit_bytes:  # it grew, or its size was a lie (/proc)
            raise TooLarge(shown, size, limit_bytes)
    return b"".join(pieces)


def _dress(fd: int, path: Path) -> None:
    """Mode and owner of the file that stands at ``path``; a new file takes its directory's owner."""
    try:
        like, mode = os.stat(path, follow_symlinks=False), True
    except FileNotFoundError:
        like, mode = os.stat(path.parent), False
    own = os.fstat(fd)
    if (own.st_uid, own.st_gid) != (like.st_uid, like.st_gid):
        with contextlib.suppress(PermissionError):
            os.fchown(fd, like.st_uid, like.st_gid)
    if mode and own.st_mode != like.st_mode:
        os.fchmod(fd, stat.S_IMODE(like.st_mode))  # after fchown, which drops set-user-id


def _pour(fd: int, data: bytes) -> None:
    view = memoryview(data)
    while view:
        view = view[os.write(fd, view) :]
