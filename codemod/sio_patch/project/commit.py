"""Writes the whole planned change of one copy, or none of it.

All new bytes are first staged beside their targets, so that a full disk is met before anything shows. Then names
change, one at a time, each on the disk before the next. While files are in between, a receipt is in force that
knows them in either state: written before the files when patches are added, after them when patches go.
"""

from __future__ import annotations

import contextlib
import errno
import os
import time
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import NamedTuple

from sio_patch.project import files, receipt
from sio_patch.project.receipt import Receipt

try:
    import fcntl
except ImportError:  # not a POSIX system: runs do not take turns there, and nothing is swept
    fcntl = None  # type: ignore[assignment]

_PATIENCE_S = 30.0
_NO_LOCKS = (errno.ENOLCK, errno.ENOTSUP, errno.ENOSYS, errno.EINVAL)


class Change(NamedTuple):
    """One file of the copy: ``path`` relative to it; the bytes that the plan was made from, and the planned ones."""

    path: str
    before: bytes
    after: bytes


class HalfDone(Exception):
    """A write failed (``cause``), and so did putting back (``undoing``). ``left`` are the files not put back.

    The receipt in place knows them, so that the same command can complete the work.
    """

    def __init__(self, left: tuple[Path, ...], cause: OSError, undoing: OSError) -> None:
        super().__init__(left, cause, undoing)
        self.left = left
        self.cause = cause
        self.undoing = undoing

    def __str__(self) -> str:
        names = ", ".join(map(str, self.left))
        return (
            f"{self.cause}; and putting back {names} failed too: {self.undoing}. "
            "Once the cause is gone, run the same command again: it completes the work"
        )


class _Write(NamedTuple):
    """One planned write of a resolved file; None stands for no file."""

    path: Path
    before: bytes | None
    after: bytes | None


def commit(root: Path, changes: Sequence[Change], receipt_after: Receipt | None, *, previous: Receipt | None) -> None:
    """Bring the copy at ``root`` from its planned-from state to ``changes`` and ``receipt_after`` (None: no receipt).

    ``previous`` is the receipt that the plan was made from. A file or receipt that holds its planned bytes already
    is left untouched, so a run that was killed is completed by running it again, and a no-op touches nothing.
    Waits its turn on the copy, and removes what killed runs left.

    Raises files.ChangedSince (and OutsideRoot, NotAFile) before the first write; OSError of a failed write after
    everything was put back; HalfDone where that failed; receipt.ReceiptError; BlockingIOError after 30 s of waiting.
    """
    with turn(root) as alone:
        writes = _one_each(root, [_planned(root, change) for change in changes])
        paper = _planned_receipt(root, receipt_after, previous)
        if alone:
            files.sweep(_directories(root, writes, previous, receipt_after))
        ordered = [paper, *writes] if _extends(receipt_after, previous) else [*writes, paper]
        _write([write for write in ordered if write.before != write.after])


def rewrite(path: Path, before: bytes, after: bytes) -> None:
    """The same for one file that the user named, without a receipt; a symlink is followed.

    Raises files.ChangedSince, files.NotAFile, OSError, BlockingIOError.
    """
    target = Path(os.path.realpath(path))
    with turn(target.parent) as alone:
        write = _planned(target.parent, Change(target.name, before, after))
        if alone:
            files.sweep([target.parent])
        _write([write] if write.before != write.after else [])


@contextlib.contextmanager
def turn(directory: Path) -> Iterator[bool]:
    """Hold the lock on ``directory``; yields False where the file system has none. Leaves no trace.

    Not re-entrant. Raises BlockingIOError after 30 s, and OSError where the directory cannot be opened.
    """
    if fcntl is None:
        yield False
        return
    with files.about(directory):
        fd = os.open(directory, os.O_RDONLY | os.O_CLOEXEC | os.O_DIRECTORY)
    try:
        yield _locked(fd, directory)
    finally:
        os.close(fd)


def _locked(fd: int, directory: Path) -> bool:
    deadline = time.monotonic() + _PATIENCE_S
    while True:
        try:
            fcntl.flock(fd, fcntl.LOCK_EX | fcntl.LOCK_NB)
            return True
        except BlockingIOError:
            if time.monotonic() > deadline:
                message = f"another program has held the lock for {_PATIENCE_S:.0f} s"
                raise BlockingIOError(errno.EWOULDBLOCK, message, str(directory)) from None
            time.sleep(0.02)
        except OSError as error:
            if error.errno in _NO_LOCKS:
                return False
            raise


def _planned(root: Path, change: Change) -> _Write:
    target = files.resolve(root, change.path)
    limit = max(len(change.before), len(change.after))
    try:
        current = files.read(root, change.path, limit)
    except (files.TooLarge, FileNotFoundError):
        raise files.ChangedSince(root / change.path) from None
    if current not in (change.before, change.after):
        raise files.ChangedSince(root / change.path)
    return _Write(target, current, change.after)


def _planned_receipt(root: Path, after: Receipt | None, previous: Receipt | None) -> _Write:
    path = Path(os.path.realpath(root)) / receipt.NAME
    raw = receipt.load(root)
    current = None if raw is None else receipt.parse(raw, root / receipt.NAME)
    if current == after:
        return _Write(path, raw, raw)
    if current != previous:
        raise files.ChangedSince(root / receipt.NAME)
    return _Write(path, raw, None if after is None else after.to_json())


def _one_each(root: Path, writes: Sequence[_Write]) -> list[_Write]:
    """Two paths can lead to one file. That is one write, if both want the same bytes there."""
    by_path = {write.path: write for write in writes}
    for write in writes:
        if by_path[write.path] != write:
            raise files.ChangedSince(root / write.path.name)
    return list(by_path.values())


def _directories(root: Path, writes: Sequence[_Write], *receipts: Receipt | None) -> set[Path]:
    """Where a run on this copy could have left a temporary file."""
    directories = {Path(os.path.realpath(root)), *(write.path.parent for write in writes)}
    for known in receipts:
        for record in known.files if known else ():
            with contextlib.suppress(files.OutsideRoot):
                directories.add(files.resolve(root, record.path).parent)
    return directories


def _extends(after: Receipt | None, previous: Receipt | None) -> bool:
    """Whether ``after`` knows every state that ``previous`` knows."""
    if after is None:
        return False
    for old in previous.files if previous else ():
        new = after.record(old.path)
        if new is None or new.sha256_before != old.sha256_before or new.steps[: len(old.steps)] != old.steps:
            return False
    return True


def _write(writes: Sequence[_Write]) -> None:
    staged = _staged(writes)
    done: list[_Write] = []
    try:
        for write, temporary in zip(writes, staged, strict=True):
            done.append(write)  # first: a put can fail after the rename, in the directory's fsync
            if temporary is None:
                files.remove(write.path)
            else:
                files.put(temporary, write.path)
    except BaseException as cause:
        for temporary in staged[len(done) :]:
            if temporary is not None:
                files.discard(temporary)
        _put_back(done, cause)
        raise


def _staged(writes: Sequence[_Write]) -> list[Path | None]:
    staged: list[Path | None] = []
    try:
        for write in writes:
            staged.append(None if write.after is None else files.stage(write.path, write.after))
    except BaseException:
        for temporary in staged:
            if temporary is not None:
                files.discard(temporary)
        raise
    return staged


def _put_back(done: Sequence[_Write], cause: BaseException) -> None:
    """Newest first. Where a file cannot be put back the receipt that knows it stays, and HalfDone says so."""
    for index in range(len(done) - 1, -1, -1):
        write = done[index]
        try:
            if _held(write.path) == write.before:
                continue
            if write.before is None:
                files.remove(write.path)
            else:
                files.replace(write.path, write.before)
        except OSError as undoing:
            left = tuple(other.path for other in done[: index + 1] if other.path.name != receipt.NAME)
            reason = cause if isinstance(cause, OSError) else OSError(errno.EINTR, "interrupted")
            raise HalfDone(left, reason, undoing) from cause


def _held(path: Path) -> bytes | None:
    try:
        return path.read_bytes()
    except FileNotFoundError:
        return None
