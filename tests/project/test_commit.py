"""A copy is changed whole or not at all, whatever fails, and whoever is killed in between."""

from __future__ import annotations

import contextlib
import errno
import fcntl
import os
import shutil
import subprocess
import sys
import threading
import time
from collections import Counter
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest

from sio_patch.engine.edits import Edit, Edits
from sio_patch.project import commit, receipt
from sio_patch.project.commit import Change
from sio_patch.project.directory import Directory
from sio_patch.project.files import ChangedSince, NotAFile, OutsideRoot, Root
from sio_patch.project.journal import between
from sio_patch.project.receipt import FileRecord, Receipt, Step, sha256
from support.trees import lay, state

OLD = {"lib/a.js": b"old a\n", "lib-cov/b.js": b"old b\n", "index.js": b"untouched\n"}
MID = {**OLD, "lib/a.js": b"mid a\n"}
NEW = {**OLD, "lib/a.js": b"new a\n", "lib-cov/b.js": b"new b\n"}


def record(path: str, *stages: bytes) -> FileRecord:
    steps = tuple(
        Step(f"p{number}", "d" * 64, 1, sha256(stage), Edits.of([Edit(0, 3, "old")]))
        for number, stage in enumerate(stages[1:])
    )
    return FileRecord(path, sha256(stages[0]), steps)


R_MID = Receipt("1.0.0", (record("lib/a.js", OLD["lib/a.js"], MID["lib/a.js"]),))
R_NEW = Receipt(
    "1.0.0",
    (
        record("lib/a.js", OLD["lib/a.js"], MID["lib/a.js"], NEW["lib/a.js"]),
        record("lib-cov/b.js", OLD["lib-cov/b.js"], NEW["lib-cov/b.js"]),
    ),
)


OTHER = {**OLD, "lib/a.js": b"other a\n", "lib-cov/b.js": b"new b\n"}
R_OTHER = Receipt(
    "1.0.0",
    (
        record("lib/a.js", OLD["lib/a.js"], OTHER["lib/a.js"]),
        record("lib-cov/b.js", OLD["lib-cov/b.js"], OTHER["lib-cov/b.js"]),
    ),
)


@dataclass(frozen=True)
class Commit:
    """One commit: from these files and this receipt to those."""

    before: dict[str, bytes]
    previous: Receipt | None
    after: dict[str, bytes]
    receipt: Receipt | None

    @property
    def changes(self) -> list[Change]:
        """As a plan made from ``before`` would have them; names that do not change are not in it."""
        names = [name for name in self.before if self.before[name] != self.after[name]]
        return [Change(name, self.before[name], self.after[name]) for name in names]

    def run(self, root: Path | Root) -> None:
        commit.commit(root, self.changes, self.receipt, previous=self.previous)

    @property
    def papers(self) -> tuple[Receipt | None, ...]:
        """What may be in force at one time or another."""
        return self.previous, self.receipt, between(self.previous, self.receipt, self.changes)


COMMITS = {
    "apply": Commit(OLD, None, NEW, R_NEW),
    "apply one": Commit(OLD, None, MID, R_MID),
    "apply another on top": Commit(MID, R_MID, NEW, R_NEW),
    "revert": Commit(NEW, R_NEW, OLD, None),
    "revert the last": Commit(NEW, R_NEW, MID, R_MID),
    "exchange one": Commit(MID, R_MID, OTHER, R_OTHER),
    "exchange one below another": Commit(NEW, R_NEW, OTHER, R_OTHER),
}


def content(files: dict[str, bytes], paper: Receipt | None) -> dict[str, bytes | str]:
    """What ``support.trees.state`` says of a copy with these files and this receipt."""
    found: dict[str, bytes | str] = {"lib": "/", "lib-cov": "/", **files}
    return found if paper is None else {**found, receipt.NAME: paper.to_json()}


def laid(root: Path, step: Commit) -> Path:
    lay(root, step.before)
    if step.previous is not None:
        (root / receipt.NAME).write_bytes(step.previous.to_json())
    return root


@pytest.fixture(params=COMMITS)
def step(request: pytest.FixtureRequest) -> Commit:
    return COMMITS[request.param]


def stamps(root: Path) -> dict[str, int]:
    return {str(path): path.stat().st_mtime_ns for path in (root, *root.rglob("*"))}


def test_all_of_it(step: Commit, tmp_path: Path) -> None:
    laid(tmp_path, step)
    step.run(tmp_path)
    assert state(tmp_path) == content(step.after, step.receipt)


def test_again_touches_nothing(step: Commit, tmp_path: Path) -> None:
    laid(tmp_path, step)
    step.run(tmp_path)
    before = stamps(tmp_path)
    step.run(tmp_path)
    assert stamps(tmp_path) == before


CALLS = (
    "open",
    "lstat",
    "readlink",
    "write",
    "fsync",
    "close",
    "replace",
    "unlink",
    "fchmod",
    "fchown",
    "stat",
    "fstat",
    "listdir",
    "read",
)
Around = Callable[[str, Callable[..., Any]], Callable[..., Any]]


@contextlib.contextmanager
def hooked(around: Around) -> Iterator[None]:
    """Within, every system call that a commit makes goes through ``around``."""
    originals = {name: getattr(os, name) for name in CALLS}
    flock = fcntl.flock
    for name, original in originals.items():
        setattr(os, name, around(name, original))
    fcntl.flock = around("flock", flock)
    try:
        yield
    finally:
        for name, original in originals.items():
            setattr(os, name, original)
        fcntl.flock = flock


def killed_at(run: Callable[[Path], None], root: Path, at: int, half: bool) -> bool:
    """Run in a child that dies at its ``at``-th system call: before it, or (``half``) after it, a write half done.

    Whether it died.
    """
    child = os.fork()
    if child == 0:
        count = 0

        def around(name: str, original: Callable[..., Any]) -> Callable[..., Any]:
            def call(*args: Any, **kwargs: Any) -> Any:
                nonlocal count
                count += 1
                if count == at:
                    try:
                        if half and name == "write":
                            original(args[0], bytes(args[1][:3]))
                        elif half:
                            original(*args, **kwargs)
                    finally:
                        os._exit(9)
                return original(*args, **kwargs)

            return call

        try:
            with hooked(around):
                run(root)
        finally:
            os._exit(0 if count < at else 1)
    _, status = os.waitpid(child, 0)
    code = os.waitstatus_to_exitcode(status)
    assert code in (0, 9)
    return code == 9


@pytest.mark.parametrize("half", [False, True], ids=["before", "after"])
def test_killed_at_each_system_call(step: Commit, half: bool, tmp_path: Path) -> None:
    """Every file is old or new, a receipt that stands knows all of them, and the same commit completes the work."""
    at = 1
    while True:
        root = laid(tmp_path / str(at), step)
        died = killed_at(step.run, root, at, half)
        paper = receipt.read(root)
        assert paper in step.papers
        for name in step.before:
            data = (root / name).read_bytes()
            assert data in (step.before[name], step.after[name])
            known = paper.record(name) if paper else None
            if known is not None:
                assert known.standing(sha256(data)) is not None
            else:
                # Without a receipt a file is as it was before anything was applied.
                assert data == OLD[name]
        step.run(root)
        assert state(root) == content(step.after, step.receipt)
        if not died:
            break
        at += 1
    assert at > 20


def failing_at(at: int, error: int, call: str) -> Around:
    """The ``at``-th call of this name fails, without doing anything; all others work."""
    count = 0

    def around(name: str, original: Callable[..., Any]) -> Callable[..., Any]:
        def counted(*args: Any, **kwargs: Any) -> Any:
            nonlocal count
            count += 1
            if count == at:
                raise OSError(error, os.strerror(error))
            return original(*args, **kwargs)

        return counted if name == call else original

    return around


@pytest.mark.parametrize("call", ["open", "write", "fsync", "replace", "unlink", "fchmod"])
@pytest.mark.parametrize("error", [errno.ENOSPC, errno.EIO, errno.EROFS])
def test_any_call_that_fails_once_leaves_the_old_state(step: Commit, call: str, error: int, tmp_path: Path) -> None:
    """A disk that is full for a moment: everything is put back, receipt and all, and the error names a file."""
    for at in range(1, 40):
        root = laid(tmp_path / str(at), step)
        for path in root.rglob("*.js"):
            path.chmod(0o600)
        failed: OSError | None = None
        try:
            with hooked(failing_at(at, error, call)):
                step.run(root)
        except OSError as caught:
            failed = caught
        if failed is None:
            assert state(root) == content(step.after, step.receipt)
            assert at > 1 or call == "unlink"
            return
        assert failed.errno == error
        assert str(failed.filename).startswith(str(root))
        assert state(root) == content(step.before, step.previous)
        assert {path.stat().st_mode & 0o777 for path in root.rglob("*.js")} == {0o600}
    raise AssertionError("it never succeeded")


def test_a_disk_that_is_full_is_met_before_anything_shows(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    step = COMMITS["apply"]
    laid(tmp_path, step)
    monkeypatch.setattr(os, "replace", pytest.fail)
    with hooked(failing_at(3, errno.ENOSPC, "write")), pytest.raises(OSError, match="No space left"):
        step.run(tmp_path)
    assert state(tmp_path) == content(step.before, None)


def test_when_putting_back_fails_too_it_is_said(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    step = COMMITS["apply"]
    laid(tmp_path, step)
    replace = os.replace
    count = 0

    def dying(source: str, target: str, **where: int) -> None:
        nonlocal count
        count += 1
        if count > 2:
            raise OSError(errno.EIO, "Input/output error", source, None, target)
        replace(source, target, **where)

    monkeypatch.setattr(os, "replace", dying)
    with pytest.raises(commit.HalfDone) as caught:
        step.run(tmp_path)
    assert caught.value.left == (tmp_path / "lib/a.js",)
    assert caught.value.held == {"lib/a.js": sha256(NEW["lib/a.js"]), "lib-cov/b.js": sha256(OLD["lib-cov/b.js"])}
    assert str(caught.value) == (
        f"Input/output error: {tmp_path}/lib-cov/b.js; and putting back {tmp_path}/lib/a.js failed too: "
        f"Input/output error: {tmp_path}/lib/a.js. Once the cause is gone, run the same command again: "
        "it completes the work"
    )
    assert "None" not in str(caught.value.cause)
    # The receipt stands, and knows both files as they are.
    assert state(tmp_path) == content({**OLD, "lib/a.js": NEW["lib/a.js"]}, R_NEW)
    monkeypatch.undo()
    step.run(tmp_path)
    assert state(tmp_path) == content(step.after, step.receipt)


def test_an_interrupt_puts_back_too(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    step = COMMITS["apply"]
    laid(tmp_path, step)
    replace = os.replace

    def interrupted(source: str, target: str, **where: int) -> None:
        if target == "b.js":
            raise KeyboardInterrupt
        replace(source, target, **where)

    monkeypatch.setattr(os, "replace", interrupted)
    with pytest.raises(KeyboardInterrupt):
        step.run(tmp_path)
    assert state(tmp_path) == content(step.before, None)


@pytest.mark.parametrize("name", ["lib/a.js", "lib-cov/b.js"])
@pytest.mark.parametrize("data", [b"mine\n", b"a longer text than both\n", b"", None])
def test_a_file_that_changed_since_stops_all(name: str, data: bytes | None, tmp_path: Path) -> None:
    step = COMMITS["apply"]
    laid(tmp_path, step)
    if data is None:
        (tmp_path / name).unlink()
    else:
        (tmp_path / name).write_bytes(data)
    before = state(tmp_path)
    with pytest.raises(ChangedSince) as caught:
        step.run(tmp_path)
    assert caught.value.path == tmp_path / name
    assert state(tmp_path) == before


def test_a_receipt_that_changed_since_stops_all(tmp_path: Path) -> None:
    """Another run has patched another file in the meantime: its record is not overwritten."""
    step = COMMITS["apply"]
    laid(tmp_path, step)
    other = Receipt("1.0.0", (record("index.js", b"x", OLD["index.js"]),))
    (tmp_path / receipt.NAME).write_bytes(other.to_json())
    with pytest.raises(ChangedSince) as caught:
        step.run(tmp_path)
    assert caught.value.path == tmp_path / receipt.NAME
    assert state(tmp_path) == content(OLD, other)


def test_nothing_outside_is_written(tmp_path: Path) -> None:
    lay(tmp_path, {"out.js": b"out", "copy/lib/a.js": b"in"})
    (tmp_path / "copy/link.js").symlink_to("../out.js")
    before = state(tmp_path)
    paper = Receipt(None, (record("link.js", b"out", b"bad"),))
    for path in ("link.js", "../out.js"):
        with pytest.raises(OutsideRoot):
            commit.commit(tmp_path / "copy", [Change(path, b"out", b"bad")], paper, previous=None)
    with pytest.raises(NotAFile):
        commit.commit(tmp_path / "copy", [Change("lib", b"out", b"bad")], paper, previous=None)
    assert state(tmp_path) == before


def exchangeable(tmp_path: Path, step: Commit, place: str) -> Path:
    """A copy whose directory ``place`` has a twin elsewhere, down to the byte, and beside it a link to the twin."""
    copy = laid(tmp_path / "project/copy", step)
    (tmp_path / "elsewhere").mkdir()
    twin = shutil.copytree(copy / place, tmp_path / "elsewhere/twin")
    (tmp_path / "project/link").symlink_to(twin)
    return copy


def exchange(copy: Path, place: str, rename: Callable[[Path, Path], object] = os.rename) -> None:
    """The directory for the link, or the other way round."""
    link, aside, here = copy.parent / "link", copy.parent / "aside", copy / place
    rename(here, aside)
    rename(link, here)
    rename(aside, link)


@pytest.mark.parametrize("name", ["apply", "revert"])
@pytest.mark.parametrize("place", ["lib", "."], ids=["a folder", "the copy"])
def test_a_directory_exchanged_for_a_link_at_each_system_call(name: str, place: str, tmp_path: Path) -> None:
    """Whenever it comes, what is elsewhere stays as it is: the commit goes on in what it holds open, or stops."""
    step = COMMITS[name]
    outcomes = set()
    rename = os.rename
    for at in range(1, 500):
        copy = exchangeable(tmp_path / str(at), step, place)
        elsewhere = state(tmp_path / str(at) / "elsewhere")
        count = 0

        def around(name: str, original: Callable[..., Any], copy: Path = copy, at: int = at) -> Callable[..., Any]:
            def call(*args: Any, **kwargs: Any) -> Any:
                nonlocal count
                count += 1
                if count == at:
                    exchange(copy, place, rename)
                return None if name == "fsync" else original(*args, **kwargs)  # waiting for the disk proves nothing

            return call

        root = Root.at(copy)
        stopped: Exception | None = None
        with hooked(around):
            try:
                step.run(root)
            except (ChangedSince, OutsideRoot, OSError) as caught:
                stopped = caught
        assert state(tmp_path / str(at) / "elsewhere") == elsewhere
        outcomes.add(type(stopped))
        if count < at:
            break
        exchange(copy, place)
        assert state(copy) == (content(step.before, step.previous) if stopped else content(step.after, step.receipt))
    assert count > 50
    assert type(None) in outcomes
    assert outcomes & {ChangedSince, OutsideRoot}


def test_a_directory_exchanged_thousands_of_times_while_commits_run(tmp_path: Path) -> None:
    """As above, but as it is in life: by another process, that does not wait."""
    there, back = COMMITS["apply"], Commit(NEW, R_NEW, OLD, None)
    copy = exchangeable(tmp_path, there, "lib")
    twin = state(tmp_path / "elsewhere")
    other = subprocess.Popen([sys.executable, "-c", EXCHANGER, copy], stdout=subprocess.PIPE)
    outcomes: Counter[str] = Counter()
    while other.poll() is None:
        for step in (there, back):
            try:
                step.run(copy)
                outcomes["done"] += 1
            except (ChangedSince, OutsideRoot, OSError) as caught:
                outcomes[type(caught).__name__] += 1
            assert state(tmp_path / "elsewhere") == twin
    exchanges, _ = other.communicate()
    assert int(exchanges) > 2000
    assert outcomes["done"] > 5, outcomes
    assert outcomes["ChangedSince"] + outcomes["OutsideRoot"] > 5, outcomes


EXCHANGER = """\
import os, sys, time
copy, done, end = sys.argv[1], 0, time.monotonic() + 5
link, aside, here = copy + '/../link', copy + '/../aside', copy + '/lib'
while time.monotonic() < end:
    os.rename(here, aside)
    os.rename(link, here)
    os.rename(aside, link)
    done += 1
print(done)
"""


def test_links_inside_stay_links(tmp_path: Path) -> None:
    lay(tmp_path, {"lib/real.js": b"old"})
    (tmp_path / "a.js").symlink_to("lib/real.js")
    changes = [Change("a.js", b"old", b"new"), Change("lib/real.js", b"old", b"new")]
    commit.commit(tmp_path, changes, None, previous=None)
    assert state(tmp_path) == {"a.js": "-> lib/real.js", "lib": "/", "lib/real.js": b"new"}
    changes = [Change("a.js", b"new", b"one"), Change("lib/real.js", b"new", b"two")]
    with pytest.raises(ChangedSince):
        commit.commit(tmp_path, changes, None, previous=None)
    assert (tmp_path / "lib/real.js").read_bytes() == b"new"


def test_a_copy_reached_through_a_link(tmp_path: Path) -> None:
    step = COMMITS["apply"]
    laid(tmp_path / "real", step)
    (tmp_path / "link").symlink_to("real")
    step.run(tmp_path / "link")
    assert state(tmp_path / "real") == content(step.after, step.receipt)


def test_other_hard_links_keep_the_old_bytes(tmp_path: Path) -> None:
    step = COMMITS["apply"]
    laid(tmp_path / "copy", step)
    os.link(tmp_path / "copy/lib/a.js", tmp_path / "store.js")
    step.run(tmp_path / "copy")
    assert (tmp_path / "store.js").read_bytes() == OLD["lib/a.js"]


def test_stale_files_are_swept_even_when_there_is_nothing_to_do(tmp_path: Path) -> None:
    step = COMMITS["apply"]
    laid(tmp_path, step)
    step.run(tmp_path)
    for directory in ("", "lib", "lib-cov"):
        (tmp_path / directory / ".sio-patch-0123456789abcdef.tmp").write_bytes(b"half")
    step.run(tmp_path)
    assert state(tmp_path) == content(step.after, step.receipt)


def test_runs_take_turns(tmp_path: Path) -> None:
    step = COMMITS["apply"]
    laid(tmp_path, step)
    done: list[float] = []

    def run() -> None:
        step.run(tmp_path)
        done.append(time.monotonic())

    with Directory(str(tmp_path)) as directory, commit.turn(directory, tmp_path) as alone:
        assert alone
        other = threading.Thread(target=run)
        other.start()
        time.sleep(0.2)
        assert state(tmp_path) == content(step.before, None)
        released = time.monotonic()
    other.join(timeout=10)
    assert done
    assert done[0] >= released
    assert state(tmp_path) == content(step.after, step.receipt)


def test_waiting_has_an_end(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(commit, "_PATIENCE_S", 0.1)
    held = pytest.raises(BlockingIOError, match="held the lock")
    with Directory(str(tmp_path)) as directory, commit.turn(directory, tmp_path), held as caught:
        COMMITS["apply"].run(tmp_path)
    assert caught.value.filename == str(tmp_path)


def test_a_file_system_without_locks(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    step = COMMITS["apply"]
    laid(tmp_path, step)
    (tmp_path / "lib/.sio-patch-0123456789abcdef.tmp").write_bytes(b"somebody's, perhaps alive")

    def refuse(*_: object) -> None:
        raise OSError(errno.ENOLCK, "No locks available")

    monkeypatch.setattr(fcntl, "flock", refuse)
    step.run(tmp_path)
    assert (tmp_path / "lib/.sio-patch-0123456789abcdef.tmp").exists()
    assert (tmp_path / "lib/a.js").read_bytes() == NEW["lib/a.js"]


def test_one_file_of_the_users_own(tmp_path: Path) -> None:
    lay(tmp_path, {"real/app.js": b"old", receipt.NAME: "somebody else's"})
    (tmp_path / "app.js").symlink_to("real/app.js")
    commit.rewrite(tmp_path / "app.js", b"old", b"new")
    (tmp_path / "real/.sio-patch-0123456789abcdef.tmp").write_bytes(b"half")
    before = (tmp_path / "real/app.js").stat()
    commit.rewrite(tmp_path / "app.js", b"old", b"new")
    assert (tmp_path / "real/app.js").stat() == before
    with pytest.raises(ChangedSince):
        commit.rewrite(tmp_path / "app.js", b"old", b"other")
    assert state(tmp_path) == {
        receipt.NAME: b"somebody else's",
        "app.js": "-> real/app.js",
        "real": "/",
        "real/app.js": b"new",
    }
