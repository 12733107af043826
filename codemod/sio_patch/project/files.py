"""Reading and writing single files, safely: nothing outside a root's real directory, old bytes or new ones.

A write goes to a temporary file beside the target (``stage``), which then takes the target's name in one step
(``put``). Whoever dies in between leaves a file called ``.sio-patch-<hex>.tmp``; ``sweep`` removes such files.
"""

from __future__ import annotations

import contextlib
import errno
import os
import re
import stat
from collections.abc import Callable, Iterable, Iterator
from pathlib import Path
from typing import NamedTuple

from sio_patch.project.directory import Directory, Exchanged, flags

_TEMPORARY = re.compile(r"\.sio-patch-[0-9a-f]{16}\.tmp")
_READ = flags("O_RDONLY", "O_NONBLOCK", "O_NOCTTY")  # never waits for a fifo's writer
_CREATE = flags("O_WRONLY", "O_CREAT", "O_EXCL")
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


class Root(NamedTuple):
    """A directory that nothing leaves. Where it really is was looked up once, whatever its path leads to later."""

    shown: Path
    """As the user reaches it, for messages."""
    real: str
    """Absolute, without links."""

    @classmethod
    def at(cls, path: Path | Root) -> Root:
        return path if isinstance(path, Root) else cls(path, os.path.realpath(path))


def resolve(root: Path | Root, file: str) -> Path:
    """The real path of ``file`` (relative to ``root``), all symlinks and ``..`` resolved.

    Raises OutsideRoot where that is not inside the real directory of ``root``. The file need not exist.
    """
    root = Root.at(root)
    target = os.path.realpath(os.path.join(root.real, file))  # noqa: PTH118
    if not within(target, root.real):
        raise OutsideRoot(Path(root.shown, file), Path(target), Path(root.real))
    return Path(target)


def within(path: str, directory: str) -> bool:
    """Whether the real path ``path`` is the real ``directory`` or lies in it. Looks at the strings only."""
    return path == directory or path.startswith(directory.rstrip(os.sep) + os.sep)


def read(root: Path | Root, file: str, limit_bytes: int) -> bytes:
    """The bytes of ``file`` (relative to ``root``).

    Raises OutsideRoot, NotAFile, ChangedSince, TooLarge (before a byte is read, where the size is known), and OSError
    as the system gives it (FileNotFoundError where there is none), with the path in ``filename``. Never blocks on a
    fifo.
    """
    root = Root.at(root)
    target = resolve(root, file)
    shown = Path(root.shown, file)
    with about(shown), Directory(str(target.parent)) as directory:
        return read_in(directory, target.name, shown, limit_bytes)


def read_in(directory: Directory, name: str, shown: Path, limit_bytes: int) -> bytes:
    """The same for a file of an open directory. ``shown`` is its path for messages."""
    with about(shown):
        _check(directory.status(name), shown, limit_bytes)
        fd = _opened(directory, name, shown)
        try:
            # Once more: another file may have taken the name between the two calls.
            _check(os.fstat(fd), shown, limit_bytes)
            return _drain(fd, shown, limit_bytes)
        finally:
            os.close(fd)


def start_of(path: Path, limit_bytes: int) -> bytes | None:
    """The first bytes of a file of the user's own, wherever links lead; None where it is no regular file.

    Never blocks on a fifo. Raises OSError.
    """
    fd = os.open(path, flags("O_RDONLY", "O_CLOEXEC", "O_NONBLOCK", "O_NOCTTY", "O_BINARY"))
    if not stat.S_ISREG(os.fstat(fd).st_mode):
        os.close(fd)
        return None
    with open(fd, "rb") as file:  # noqa: PTH123  (it is open already)
        return file.read(limit_bytes)


def replace(path: Path, data: bytes) -> None:
    """``path`` (already resolved) holds ``data`` afterwards, or what it held before: nothing in between.

    Keeps the mode, and the owner where permitted. Another hard link to the old file keeps the old bytes. A file
    that was not there gets the umask's mode. Raises ChangedSince, and OSError with ``filename`` set to ``path``.
    """
    with about(path), Directory(str(path.parent)) as directory:
        put(stage(directory, path.name, data), directory, path.name)


def stage(directory: Directory, name: str, data: bytes) -> str:
    """Write ``data`` to a new temporary file beside ``name`` and onto the disk. Returns the temporary file's name.

    Raises OSError; no temporary file is left then.
    """
    temporary = f".sio-patch-{os.urandom(8).hex()}.tmp"
    fd = directory.open(temporary, _CREATE)
    try:
        try:
            _dress(fd, directory, name)
            _pour(fd, data)
            os.fsync(fd)
        finally:
            os.close(fd)
    except BaseException:
        discard(directory, temporary)
        raise
    return temporary


def put(temporary: str, directory: Directory, name: str) -> None:
    """Give a staged file its name, and write the directory to the disk. On failure the stage is removed."""
    try:
        directory.rename(temporary, name)
    except BaseException:
        discard(directory, temporary)
        raise
    directory.flush()


def remove(directory: Directory, name: str) -> None:
    """Remove a file and write its directory to the disk. One that is not there is fine. Raises OSError."""
    with contextlib.suppress(FileNotFoundError):
        directory.unlink(name)
        directory.flush()


def discard(directory: Directory, temporary: str) -> None:
    """Remove a temporary file as well as can be: the error that made it useless is the one to report."""
    with contextlib.suppress(OSError):
        directory.unlink(temporary)


def stray(directory: Directory) -> list[str]:
    """The temporary files in it: a killed run's, or a living one's. Empty where it cannot be listed."""
    try:
        return [name for name in directory.names() if _TEMPORARY.fullmatch(name)]
    except OSError:
        return []


def has_stray(root: Root, paths: Iterable[str]) -> bool:
    """Whether a temporary file is in ``root``, or beside one of these files in it; False where that cannot be seen."""
    with contextlib.suppress(FileProblem, Exchanged, OSError):
        for path in {root.real, *(str(resolve(root, path).parent) for path in paths)}:
            with Directory(path) as directory:
                if stray(directory):
                    return True
    return False


def sweep(directories: Iterable[Directory]) -> None:
    """Remove the temporary files that a killed run left in ``directories``.

    Only for who holds the lock: a living run's temporary file looks the same. What cannot be removed stays: a
    directory where that is so cannot be written to either, and the write that follows will say it.
    """
    for directory in directories:
        for name in stray(directory):
            discard(directory, name)


@contextlib.contextmanager
def about(path: Path) -> Iterator[None]:
    """What goes wrong inside names ``path``: what the user knows, not a descriptor or a temporary file."""
    try:
        yield
    except Exchanged:
        raise ChangedSince(path) from None
    except OSError as error:
        error.filename = str(path)
        del error.filename2  # set to None it would be printed
        raise


def _opened(directory: Directory, name: str, shown: Path) -> int:
    try:
        return directory.open(name, _READ)
    except OSError as error:
        if error.errno == errno.ELOOP:  # it was none a moment ago
            raise ChangedSince(shown) from None
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


def _dress(fd: int, directory: Directory, name: str) -> None:
    """Mode and owner of the file that has the name; a new file takes its directory's owner."""
    try:
        like, mode = directory.status(name), True
    except FileNotFoundError:
        like, mode = directory.status(os.curdir), False
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
