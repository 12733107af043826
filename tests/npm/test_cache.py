"""What is fetched once: whole or not there, and never trusted blindly."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

import pytest

from sio_patch.npm import cache
from support.ground import CHECKOUT

SPEC = "@scope/pump@1.0.0"


@pytest.fixture(autouse=True)
def home(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.setenv("XDG_CACHE_HOME", str(tmp_path))
    return tmp_path / "sio-patch"


class Maker:
    """Counts how often it was asked."""

    def __init__(self) -> None:
        self.asked = 0

    def __call__(self, into: Path) -> None:
        self.asked += 1
        (into / "bin").mkdir()
        (into / "bin/node").write_bytes(b"program")
        (into / "bin/node").chmod(0o755)
        (into / "link").symlink_to("bin/node")


def test_made_once() -> None:
    make = Maker()
    first = cache.entry("runtimes", SPEC, make)
    assert (first / "bin/node").read_bytes() == b"program"
    assert cache.entry("runtimes", SPEC, make) == first
    assert cache.entry("packages", SPEC, make) != first
    assert make.asked == 2


TAMPERINGS = {
    "other bytes": lambda tree: (tree / "bin/node").write_bytes(b"hostile"),
    "cut off": lambda tree: (tree / "bin/node").write_bytes(b"prog"),
    "cannot be run": lambda tree: (tree / "bin/node").chmod(0o644),
    "one more file": lambda tree: (tree / "more").touch(),
    "a file gone": lambda tree: (tree / "bin/node").unlink(),
    "a link elsewhere": lambda tree: ((tree / "link").unlink(), (tree / "link").symlink_to("/bin/sh")),
    "another seal": lambda tree: (tree.parent / "seal").write_bytes(b"\xff"),
    "no seal": lambda tree: (tree.parent / "seal").unlink(),
}


@pytest.mark.parametrize("tamper", TAMPERINGS.values(), ids=TAMPERINGS)
def test_made_anew_where_it_is_not_what_it_was(tamper: object) -> None:
    make = Maker()
    tree = cache.entry("runtimes", SPEC, make)
    sound = cache.digest(tree)
    assert callable(tamper)
    tamper(tree)
    assert cache.digest(cache.entry("runtimes", SPEC, make)) == sound
    assert make.asked == 2


@pytest.mark.parametrize("error", [OSError("disk full"), KeyboardInterrupt()], ids=["error", "Ctrl-C"])
def test_a_failure_leaves_nothing(error: BaseException, home: Path) -> None:
    def fail(into: Path) -> None:
        (into / "half").touch()
        raise error

    with pytest.raises(type(error)):
        cache.entry("runtimes", SPEC, fail)
    assert [path.name for path in (home / "runtimes").iterdir()] == ["@scope+pump@1.0.0.lock"]


def test_what_a_killed_run_left_is_removed(home: Path) -> None:
    stale = home / "runtimes/@scope+pump@1.0.0.new/tree"
    stale.mkdir(parents=True)
    (stale / "half").touch()
    tree = cache.entry("runtimes", SPEC, Maker())
    assert not (tree / "half").exists()
    assert not stale.exists()


def test_only_the_user_may_read_it(home: Path) -> None:
    cache.entry("runtimes", SPEC, Maker())
    assert (home / "runtimes").stat().st_mode & 0o777 == 0o700


CALLER = """\
import sys, time
from pathlib import Path
from sio_patch.npm import cache
def make(into):
    with open(sys.argv[1], "a") as log: log.write("made\\n")
    time.sleep(0.5)
    (into / "file").write_text("x")
print((cache.entry("packages", "pump@1.0.0", make) / "file").read_text())
"""


def test_runs_at_the_same_time_make_it_once(tmp_path: Path) -> None:
    log = tmp_path / "log"
    callers = [
        subprocess.Popen([sys.executable, "-c", CALLER, str(log)], cwd=CHECKOUT, stdout=subprocess.PIPE)
        for _ in range(4)
    ]
    assert [caller.communicate(timeout=60)[0] for caller in callers] == [b"x\n"] * 4
    assert log.read_text("utf-8") == "made\n"


@pytest.mark.parametrize("value", ["", "relative/folder"])
def test_a_cache_home_must_be_absolute(value: str, monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    """So says XDG's base directory specification."""
    monkeypatch.setenv("XDG_CACHE_HOME", value)
    monkeypatch.setenv("HOME", str(tmp_path))
    assert cache.home() == tmp_path / ".cache/sio-patch"
    assert not os.path.exists(value or "relative")  # noqa: PTH110
