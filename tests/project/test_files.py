"""Reads that stay inside, and writes that leave the old bytes or the new ones."""

from __future__ import annotations

import errno
import os
import stat
from pathlib import Path
from typing import NoReturn

import pytest

from sio_patch.project import files
from sio_patch.project.directory import Directory

LIMIT = 1 << 20


@pytest.fixture
def root(tmp_path: Path) -> Path:
    """A copy with one file, and a neighbour whose name begins like the copy's."""
    for name in ("copy", "copy-too"):
        (tmp_path / name / "lib").mkdir(parents=True)
        (tmp_path / name / "lib/a.js").write_bytes(name.encode())
    return tmp_path / "copy"


@pytest.mark.parametrize("file", ["lib/a.js", "lib/../lib/a.js", "./lib//a.js", "../copy/lib/a.js"])
def test_inside(root: Path, file: str) -> None:
    assert files.read(root, file, LIMIT) == b"copy"


@pytest.mark.parametrize("file", ["../copy-too/lib/a.js", "lib/../../copy-too/lib/a.js", "/etc/passwd", ".."])
def test_outside(root: Path, file: str) -> None:
    with pytest.raises(files.OutsideRoot) as caught:
        files.read(root, file, LIMIT)
    assert caught.value.root == root
    assert str(caught.value.target) in str(caught.value)


def test_links_are_judged_by_where_they_lead(root: Path) -> None:
    (root / "in.js").symlink_to("lib/a.js")
    (root / "out.js").symlink_to("../copy-too/lib/a.js")
    (root / "out").symlink_to("../copy-too/lib")
    (root / "back").symlink_to("../copy-too/../copy/lib")
    (root / "loop.js").symlink_to("loop.js")
    assert files.read(root, "in.js", LIMIT) == files.read(root, "back/a.js", LIMIT) == b"copy"
    for file in ("out.js", "out/a.js"):
        with pytest.raises(files.OutsideRoot):
            files.read(root, file, LIMIT)
    with pytest.raises(files.NotAFile, match="a symbolic link"):
        files.read(root, "loop.js", LIMIT)


def test_a_root_that_is_a_link_is_its_target(root: Path, tmp_path: Path) -> None:
    (tmp_path / "link").symlink_to(root)
    assert files.read(tmp_path / "link", "lib/a.js", LIMIT) == b"copy"


def test_what_is_no_file(root: Path) -> None:
    os.mkfifo(root / "pipe.js")
    (root / "null.js").symlink_to(os.devnull)
    for file, kind in (("lib", "a directory"), ("pipe.js", "a named pipe"), (".", "a directory")):
        with pytest.raises(files.NotAFile) as caught:
            files.read(root, file, LIMIT)
        assert caught.value.kind == kind
    with pytest.raises(files.NotAFile, match="a device"):
        files.read(Path("/dev"), "null", LIMIT)
    with pytest.raises(files.OutsideRoot):
        files.read(root, "null.js", LIMIT)


def test_a_file_that_is_not_there_is_named(root: Path) -> None:
    with pytest.raises(FileNotFoundError) as caught:
        files.read(root, "lib/b.js", LIMIT)
    assert caught.value.filename == str(root / "lib/b.js")


def test_size_is_looked_at_first(root: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    os.truncate(root / "lib/a.js", 30 << 20)
    with monkeypatch.context() as patch:
        patch.setattr(os, "read", _must_not)
        with pytest.raises(files.TooLarge) as caught:
            files.read(root, "lib/a.js", LIMIT)
    assert (caught.value.size_bytes, caught.value.limit_bytes) == (30 << 20, LIMIT)
    assert len(files.read(root, "lib/a.js", 30 << 20)) == 30 << 20


def test_a_size_that_lies_is_cut_off() -> None:
    """Everything in /proc says that it is empty."""
    if not Path("/proc/self/status").exists():
        pytest.skip("there is no /proc here")
    with pytest.raises(files.TooLarge):
        files.read(Path("/proc/self"), "status", 10)


@pytest.mark.parametrize("mode", [0o644, 0o444, 0o755, 0o600, 0o4755])
def test_replace_keeps_the_mode(root: Path, mode: int) -> None:
    (root / "lib/a.js").chmod(mode)
    files.replace(root / "lib/a.js", b"new")
    assert (root / "lib/a.js").read_bytes() == b"new"
    assert stat.S_IMODE((root / "lib/a.js").stat().st_mode) == mode
    assert names(root / "lib") == {"a.js"}


def test_replace_keeps_the_owner_where_permitted(root: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    if os.geteuid() != 0:
        pytest.skip("only root can give files away")
    os.chown(root / "lib/a.js", 12345, 12346)
    files.replace(root / "lib/a.js", b"new")
    status = (root / "lib/a.js").stat()
    assert (status.st_uid, status.st_gid) == (12345, 12346)
    monkeypatch.setattr(os, "fchown", _raiser(PermissionError(errno.EPERM, "no")))
    files.replace(root / "lib/a.js", b"newer")
    assert (root / "lib/a.js").read_bytes() == b"newer"


def test_a_new_file_has_the_umask(root: Path) -> None:
    old = os.umask(0o027)
    try:
        files.replace(root / "new", b"x")
    finally:
        os.umask(old)
    assert stat.S_IMODE((root / "new").stat().st_mode) == 0o640


def test_another_hard_link_keeps_the_old_bytes(root: Path, tmp_path: Path) -> None:
    os.link(root / "lib/a.js", tmp_path / "store.js")
    files.replace(root / "lib/a.js", b"new")
    assert (tmp_path / "store.js").read_bytes() == b"copy"


FAILURES = {
    "open": PermissionError(errno.EACCES, "Permission denied"),
    "write": OSError(errno.ENOSPC, "No space left on device"),
    "fsync": OSError(errno.EIO, "Input/output error"),
    "replace": OSError(errno.EROFS, "Read-only file system"),
    "fchmod": OSError(errno.EPERM, "Operation not permitted"),
}


@pytest.mark.parametrize("call", FAILURES)
def test_a_failed_write_names_the_file_and_leaves_nothing(
    root: Path, call: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    (root / "lib/a.js").chmod(0o600)
    with monkeypatch.context() as patch:
        patch.setattr(os, call, _raiser(FAILURES[call]))
        with pytest.raises(OSError) as caught:
            files.replace(root / "lib/a.js", b"new")
    assert caught.value.errno == FAILURES[call].errno
    assert caught.value.filename == str(root / "lib/a.js")
    assert str(root / "lib/a.js") in str(caught.value)
    assert (root / "lib/a.js").read_bytes() == b"copy"
    assert names(root / "lib") == {"a.js"}


def test_short_writes_are_carried_on(root: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    write = os.write
    monkeypatch.setattr(os, "write", lambda fd, data: write(fd, bytes(data[:1])))
    files.replace(root / "lib/a.js", b"longer than one byte")
    assert (root / "lib/a.js").read_bytes() == b"longer than one byte"


def test_a_file_system_that_cannot_sync_directories(root: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    fsync = os.fsync

    def picky(fd: int) -> None:
        if stat.S_ISDIR(os.fstat(fd).st_mode):
            raise OSError(errno.EINVAL, "Invalid argument")
        fsync(fd)

    monkeypatch.setattr(os, "fsync", picky)
    files.replace(root / "lib/a.js", b"new")
    assert (root / "lib/a.js").read_bytes() == b"new"


def test_sweep_takes_only_our_own_names(root: Path) -> None:
    kept = {"a.js", ".sio-patch.json", ".sio-patch-abc.tmp", "x.sio-patch-0123456789abcdef.tmp", ".sio-patch-Z.tmp"}
    for name in (*kept, ".sio-patch-0123456789abcdef.tmp"):
        (root / "lib" / name).write_bytes(b"")
    (root / "lib/.sio-patch-0000000000000000.tmp").mkdir()
    with Directory(str(root / "lib")) as lib:
        files.sweep([lib])
    assert names(root / "lib") == {*kept, ".sio-patch-0000000000000000.tmp"}


def names(directory: Path) -> set[str]:
    return {path.name for path in directory.iterdir()}


def _must_not(*_: object) -> NoReturn:
    raise AssertionError("called")


def _raiser(error: OSError) -> object:
    def call(*_: object, **__: object) -> NoReturn:
        raise OSError(error.errno, error.strerror)

    return call
