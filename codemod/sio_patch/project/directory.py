"""A directory held open, and what is in it by name: whatever becomes of its path meanwhile, it stays this one.

Its path is walked from the top, and no step of it may be a link: one that has become a link since the path was
resolved is ``Exchanged``, and is not followed. That needs a system that opens a name relative to an open directory
(Linux, macOS, the BSDs). Elsewhere every name goes through the path again, and what is lost is this: a directory that
somebody exchanges for a link while a run is under way is followed. Links that were there before are refused all the
same, by where they lead (``files.resolve``).
"""

# System calls by their own names, and paths as text: this is about which call is made.
# ruff: noqa: PTH118, PTH206, PTH208

from __future__ import annotations

import errno
import os
import stat
from collections.abc import Iterator
from contextlib import contextmanager
from types import TracebackType

HAS_DIR_FD = {os.open, os.stat, os.unlink, os.rename} <= os.supports_dir_fd and hasattr(os, "O_NOFOLLOW")


def flags(*names: str) -> int:
    """Those of os.open's flags that this system has, together."""
    value = 0
    for name in names:
        value |= getattr(os, name, 0)
    return value


# O_PATH: whoever may only pass through a directory, and not list it, can still hold it.
_STEP = flags("O_PATH" if hasattr(os, "O_PATH") else "O_RDONLY", "O_NOFOLLOW", "O_NONBLOCK", "O_CLOEXEC")
_LIST = flags("O_RDONLY", "O_DIRECTORY", "O_CLOEXEC")


class Exchanged(Exception):
    """A part of ``path``, which had no links in it, is a link now."""

    def __init__(self, path: str) -> None:
        super().__init__(path)
        self.path = path


class Directory:
    """Names are single ones, without a separator; none that is a link is followed."""

    __slots__ = ("_fd", "path")

    def __init__(self, path: str) -> None:
        """``path`` is absolute and without links, as os.path.realpath gives it. Raises Exchanged, OSError."""
        self.path = path
        self._fd = _walked(path) if HAS_DIR_FD else None

    def __enter__(self) -> Directory:
        return self

    def __exit__(self, kind: type[BaseException] | None, error: BaseException | None, at: TracebackType | None) -> None:
        self.close()

    def close(self) -> None:
        if self._fd is not None:
            os.close(self._fd)
            self._fd = None

    def open(self, name: str, how: int, mode: int = 0o666) -> int:
        return os.open(self._at(name), how | flags("O_NOFOLLOW", "O_CLOEXEC", "O_BINARY"), mode, dir_fd=self._fd)

    def status(self, name: str) -> os.stat_result:
        return os.stat(self._at(name), dir_fd=self._fd, follow_symlinks=False)

    def rename(self, name: str, to: str) -> None:
        """``to`` is replaced in one step, where there is one."""
        os.replace(self._at(name), self._at(to), src_dir_fd=self._fd, dst_dir_fd=self._fd)

    def unlink(self, name: str) -> None:
        os.unlink(self._at(name), dir_fd=self._fd)

    def names(self) -> list[str]:
        """What is in it. Raises PermissionError where it may not be listed."""
        if self._fd is None:
            return os.listdir(self.path)
        with self.listed() as fd:
            return os.listdir(fd)

    @contextmanager
    def listed(self) -> Iterator[int]:
        """A descriptor of the directory that can be listed, locked and written to the disk, where HAS_DIR_FD."""
        fd = os.open(os.curdir, _LIST, dir_fd=self._fd)
        try:
            yield fd
        finally:
            os.close(fd)

    def flush(self) -> None:
        """Write its entries to the disk. File systems that cannot do that to a directory are let off."""
        if self._fd is None:
            return
        with self.listed() as fd:
            try:
                os.fsync(fd)
            except OSError as error:
                if error.errno not in (errno.EINVAL, errno.ENOTSUP):
                    raise

    def _at(self, name: str) -> str:
        return name if self._fd is not None else os.path.join(self.path, name)


def _walked(path: str) -> int:
    fd = os.open(os.sep, _STEP)
    try:
        for name in filter(None, path.split(os.sep)):
            below = _step(name, fd, path)
            os.close(fd)
            fd = below
    except BaseException:
        os.close(fd)
        raise
    return fd


def _step(name: str, fd: int, path: str) -> int:
    """Opens first and looks then: in the other order there is a moment between the two."""
    try:
        below = os.open(name, _STEP, dir_fd=fd)
    except OSError as error:
        if error.errno in (errno.ELOOP, errno.EMLINK):
            raise Exchanged(path) from None
        raise
    kind = os.fstat(below).st_mode
    if stat.S_ISDIR(kind):
        return below
    os.close(below)
    if stat.S_ISLNK(kind):
        raise Exchanged(path)
    raise NotADirectoryError(errno.ENOTDIR, os.strerror(errno.ENOTDIR), path)
