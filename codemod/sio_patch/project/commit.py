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
from collections.abc import Iterable, Iterator, Mapping, Sequence
from pathlib import Path
from typing import NamedTuple

from sio_patch.project import files, receipt
from sio_patch.project.directory import Directory
from sio_patch.project.files import Root
from sio_patch.project.journal import between, extends
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

    ``held`` says of each file of the commit, by its path in the copy, the sha256 of what stands there now; None where
    that cannot be told. The receipt in place knows them all, so that the same command can complete the work.
    """

    def __init__(
        self, left: tuple[Path, ...], held: Mapping[str, str | None], cause: OSError, undoing: OSError
    ) -> None:
        super().__init__(left, held, cause, undoing)
        self.left = left
        self.held = held
        self.cause = cause
        self.undoing = undoing

    def __str__(self) -> str:
        names = ", ".join(map(str, self.left))
        return (
            f"{_said(self.cause)}; and putting back {names} failed too: {_said(self.undoing)}. "
            "Once the cause is gone, run the same command again: it completes the work"
        )


class _Write(NamedTuple):
    """One planned write of a file in an open directory; None stands for no file."""

    directory: Directory
    name: str
    before: bytes | None
    after: bytes | None
    file: str
    """As the plan names it: relative to the copy."""
    shown: Path
    """For messages: as the user reaches it."""


def commit(
    root: Path | Root, changes: Sequence[Change], receipt_after: Receipt | None, *, previous: Receipt | None
) -> None:
    """Bring the copy at ``root`` from its planned-from state to ``changes`` and ``receipt_after`` (None: no receipt).

    ``previous`` is the receipt that the plan was made from. A file or receipt that holds its planned bytes already
    is left untouched, so a run that was killed is completed by running it again, and a no-op touches nothing.
    Waits its turn on the copy, and removes what killed runs left. Everything is read and written through directories
    that are held open all the while.

    Raises files.ChangedSince (and OutsideRoot, NotAFile) before the first write; OSError of a failed write after
    everything was put back; HalfDone where that failed; receipt.ReceiptError; BlockingIOError after 30 s of waiting.
    """
    with _Held(Root.at(root)) as held, turn(held.root, held.shown) as alone:
        writes = _one_each([_planned(held, change) for change in changes])
        journal = between(previous, receipt_after, changes)
        papers = _planned_receipts(held, receipt_after, previous, journal)
        if alone:
            files.sweep(held.opened([change.path for change in changes], previous, receipt_after))
        first = journal is not None or extends(receipt_after, previous)
        ordered = [papers[0], *writes, *papers[1:]] if first else [*writes, *papers]
        _write([write for write in ordered if write.before != write.after])


def rewrite(path: Path, before: bytes, after: bytes) -> None:
    """The same for one file that the user named, without a receipt; a symlink is followed.

    Raises files.ChangedSince, files.NotAFile, OSError, BlockingIOError.
    """
    target = Path(os.path.realpath(path))
    with _Held(Root.at(target.parent)) as held, turn(held.root, held.shown) as alone:
        write = _planned(held, Change(target.name, before, after))
        if alone:
            files.sweep([held.root])
        _write([write] if write.before != write.after else [])


def sweep(root: Root, paths: Iterable[str]) -> None:
    """Remove what killed runs left in ``root`` and beside these files in it.

    For a run that may write and has nothing to write there. What cannot be looked into, or is another run's at this
    moment, is let be.
    """
    with contextlib.suppress(files.FileProblem, OSError), _Held(root) as held, turn(held.root, held.shown) as alone:
        if alone:
            files.sweep(held.opened(paths))


@contextlib.contextmanager
def turn(directory: Directory, shown: Path) -> Iterator[bool]:
    """Hold the lock on ``directory``; yields False where the file system has none. Leaves no trace.

    Not re-entrant. Raises BlockingIOError after 30 s, and OSError where the directory cannot be opened.
    """
    if fcntl is None:
        yield False
        return
    with contextlib.ExitStack() as stack:
        with files.about(shown):
            fd = stack.enter_context(directory.listed())
        yield _locked(fd, shown)


def _locked(fd: int, shown: Path) -> bool:
    deadline = time.monotonic() + _PATIENCE_S
    while True:
        try:
            fcntl.flock(fd, fcntl.LOCK_EX | fcntl.LOCK_NB)
            return True
        except BlockingIOError:
            if time.monotonic() > deadline:
                message = f"another program has held the lock for {_PATIENCE_S:.0f} s"
                raise BlockingIOError(errno.EWOULDBLOCK, message, str(shown)) from None
            time.sleep(0.02)
        except OSError as error:
            if error.errno in _NO_LOCKS:
                return False
            raise


class _Held:
    """The directories of one copy that a commit has to do with, each opened once and held until the end."""

    def __init__(self, root: Root) -> None:
        self._root = root
        self.shown = root.shown
        self._by_path: dict[str, Directory] = {}
        with files.about(root.shown):
            self.root = self._at(root.real)

    def __enter__(self) -> _Held:
        return self

    def __exit__(self, *_: object) -> None:
        for directory in self._by_path.values():
            directory.close()

    def of(self, file: str) -> tuple[Directory, str]:
        """Where ``file`` really is, and its name there. Raises files.OutsideRoot, files.ChangedSince, OSError."""
        target = files.resolve(self._root, file)
        with files.about(self.shown / file):
            return self._at(str(target.parent)), target.name

    def opened(self, paths: Iterable[str], *receipts: Receipt | None) -> list[Directory]:
        """Where a run on this copy could have left a temporary file."""
        recorded = (record.path for known in receipts if known for record in known.files)
        for path in (*paths, *recorded):
            with contextlib.suppress(files.FileProblem, OSError):
                self.of(path)
        return list(self._by_path.values())

    def _at(self, path: str) -> Directory:
        if path not in self._by_path:
            self._by_path[path] = Directory(path)
        return self._by_path[path]


def _planned(held: _Held, change: Change) -> _Write:
    shown = held.shown / change.path
    limit = max(len(change.before), len(change.after))
    try:
        directory, name = held.of(change.path)
        current = files.read_in(directory, name, shown, limit)
    except (files.TooLarge, FileNotFoundError):
        raise files.ChangedSince(shown) from None
    if current not in (change.before, change.after):
        raise files.ChangedSince(shown)
    return _Write(directory, name, current, change.after, change.path, shown)


def _planned_receipts(
    held: _Held, after: Receipt | None, previous: Receipt | None, journal: Receipt | None
) -> list[_Write]:
    """One write, or with a journal two."""
    shown = held.shown / receipt.NAME
    raw = receipt.load_in(held.root, shown)
    current = None if raw is None else receipt.parse(raw, shown)
    if current not in (after, previous, *([journal] if journal else ())):
        raise files.ChangedSince(shown)
    planned = None if after is None else after.to_json()
    if planned is not None and len(planned) > receipt.LIMIT_BYTES:
        raise receipt.ReceiptError(
            shown, "", f"it would be larger than {receipt.LIMIT_BYTES >> 20} MiB with this change"
        )
    last = _Write(held.root, receipt.NAME, raw, raw if current == after else planned, receipt.NAME, shown)
    if journal is None or current == after:
        return [last]
    known = raw if current == journal else journal.to_json()
    return [last._replace(after=known), last._replace(before=known)]


def _one_each(writes: Sequence[_Write]) -> list[_Write]:
    """Two paths can lead to one file. That is one write, if both want the same bytes there."""
    by_place: dict[tuple[str, str], _Write] = {}
    for write in writes:
        other = by_place.setdefault((write.directory.path, write.name), write)
        if other.after != write.after:
            raise files.ChangedSince(write.shown)
    return list(by_place.values())


def _write(writes: Sequence[_Write]) -> None:
    staged = _staged(writes)
    done: list[_Write] = []
    try:
        for write, temporary in zip(writes, staged, strict=True):
            done.append(write)  # first: a put can fail after the rename, in the directory's fsync
            with files.about(write.shown):
                if temporary is None:
                    files.remove(write.directory, write.name)
                else:
                    files.put(temporary, write.directory, write.name)
    except BaseException as cause:
        _discard(writes[len(done) :], staged[len(done) :])
        _put_back(writes, done, cause)
        raise


def _staged(writes: Sequence[_Write]) -> list[str | None]:
    staged: list[str | None] = []
    try:
        for write in writes:
            with files.about(write.shown):
                staged.append(None if write.after is None else files.stage(write.directory, write.name, write.after))
    except BaseException:
        _discard(writes, staged)
        raise
    return staged


def _discard(writes: Sequence[_Write], staged: Sequence[str | None]) -> None:
    for write, temporary in zip(writes, staged, strict=False):
        if temporary is not None:
            files.discard(write.directory, temporary)


def _put_back(writes: Sequence[_Write], done: Sequence[_Write], cause: BaseException) -> None:
    """Newest first. Where a file cannot be put back the receipt that knows it stays, and HalfDone says so."""
    left: list[_Write] = []
    undoing: OSError | None = None
    for write in reversed(done):
        if left and write.name == receipt.NAME:
            break
        try:
            _restore(write)
        except OSError as error:
            left.append(write)
            undoing = error
    if undoing is not None:
        reason = cause if isinstance(cause, OSError) else OSError(errno.EINTR, "interrupted")
        raise HalfDone(_shown(left), _hashes(writes), reason, undoing) from cause


def _restore(write: _Write) -> None:
    with files.about(write.shown):
        if _content(write) == write.before:
            return
        if write.before is None:
            files.remove(write.directory, write.name)
        else:
            files.put(files.stage(write.directory, write.name, write.before), write.directory, write.name)


def _shown(writes: Iterable[_Write]) -> tuple[Path, ...]:
    return tuple(write.shown for write in writes if write.name != receipt.NAME)


def _hashes(writes: Iterable[_Write]) -> dict[str, str | None]:
    held: dict[str, str | None] = {}
    for write in writes:
        data = None
        with contextlib.suppress(files.FileProblem, OSError):
            data = _content(write)
        held[write.file] = None if data is None else receipt.sha256(data)
    held.pop(receipt.NAME, None)
    return held


def _content(write: _Write) -> bytes | None:
    limit = max(len(write.before or b""), len(write.after or b""))
    try:
        return files.read_in(write.directory, write.name, write.shown, limit)
    except FileNotFoundError:
        return None


def _said(error: OSError) -> str:
    what = error.strerror or type(error).__name__
    return f"{what}: {error.filename}" if error.filename else what
