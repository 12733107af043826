"""Whatever happens, nothing is left of what was started."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
from pathlib import Path

import pytest

from proof.fakes import FORKS, left_of, living, node, wait_for
from sio_patch.npm.process import Ended, TimeLimit, TooMuchOutput, ended_by_signals, run, status_in_words
from support.ground import CHECKOUT

SLEEP = "setTimeout(function () {}, 600000);"


def run_node(code: str, folder: Path, *, limit_s: float = 60, lines: list[bytes] | None = None) -> Ended:
    found: list[bytes] = [] if lines is None else lines
    return run([node(), "-e", code], cwd=folder, env={"MARK": str(folder)}, limit_s=limit_s, on_line=found.append)


@pytest.mark.parametrize("status", [0, 1, 3, 127])
def test_the_status_and_the_output(status: int, tmp_path: Path) -> None:
    lines: list[bytes] = []
    code = f"console.log('a\\n\\nb'); console.error('oh'); process.stdout.write('c'); process.exitCode = {status}"
    assert run_node(code, tmp_path, lines=lines) == Ended(status, "oh\n")
    assert lines == [b"a", b"", b"b", b"c"]


def test_a_signal_s_status(tmp_path: Path) -> None:
    status = run_node("process.kill(process.pid, 'SIGSEGV'); setTimeout(function () {}, 9999)", tmp_path).status
    assert status == 128 + signal.SIGSEGV
    assert status_in_words(status) == "SIGSEGV"
    assert status_in_words(3) == "status 3"
    assert status_in_words(255) == "status 255"


def test_what_cannot_be_started(tmp_path: Path) -> None:
    ended = run([str(tmp_path / "none")], cwd=tmp_path, env={}, limit_s=60)
    assert ended.status == 127
    assert ended.errors == f"{tmp_path}/none: No such file or directory\n"


def test_output_on_both_sides_at_once(tmp_path: Path) -> None:
    """More than pipes hold; of the errors, the end is kept."""
    lines: list[bytes] = []
    code = "for (var i = 0; i < 20000; i++) { console.log('x'.repeat(50)); console.error('error ' + i); }"
    ended = run_node(code, tmp_path, lines=lines)
    assert (ended.status, len(lines)) == (0, 20_000)
    assert ended.errors.endswith("error 19999\n")
    assert len(ended.errors) == 16 * 1024


def test_standard_input_stays_open(tmp_path: Path) -> None:
    code = "process.stdin.on('end', function () { process.exit(9); }).resume();"
    assert run_node(code + "setTimeout(function () { process.exit(0); }, 300)", tmp_path).status == 0


def test_after_the_end(tmp_path: Path) -> None:
    """Children of every kind: in the same group, in a group of their own, and orphans."""
    assert run_node(FORKS + "setTimeout(function () { process.exit(0); }, 500)", tmp_path).status == 0
    assert left_of(tmp_path) == []


def test_after_a_time_limit(tmp_path: Path) -> None:
    with pytest.raises(TimeLimit, match=r"it took more than 1\.5 s and was ended"):
        run_node(FORKS + SLEEP, tmp_path, limit_s=1.5)
    assert left_of(tmp_path) == []


def test_a_time_limit_holds_where_the_output_has_ended(tmp_path: Path) -> None:
    with pytest.raises(TimeLimit):
        run_node("require('fs').closeSync(1); require('fs').closeSync(2);" + SLEEP, tmp_path, limit_s=1)
    assert left_of(tmp_path) == []


def test_a_time_limit_holds_where_signals_are_ignored(tmp_path: Path) -> None:
    code = "['SIGTERM', 'SIGINT', 'SIGHUP'].forEach(function (s) { process.on(s, function () {}); });"
    with pytest.raises(TimeLimit):
        run_node(code + SLEEP, tmp_path, limit_s=1)
    assert left_of(tmp_path) == []


def test_after_an_exception_of_the_listener(tmp_path: Path) -> None:
    def fail(line: bytes) -> None:
        raise ZeroDivisionError(line)

    with pytest.raises(ZeroDivisionError):
        run(
            [node(), "-e", FORKS + "console.log('now');" + SLEEP],
            cwd=tmp_path, env={"MARK": str(tmp_path)}, limit_s=60, on_line=fail,
        )  # fmt: skip
    assert left_of(tmp_path) == []


def test_after_too_much_output(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("sio_patch.npm.process._OUTPUT_LIMIT_BYTES", 1024 * 1024)
    with pytest.raises(TooMuchOutput, match="more than 1 MiB"):
        run_node("while (true) require('fs').writeSync(1, 'x'.repeat(65536))", tmp_path)
    assert left_of(tmp_path) == []


CALLER = """\
import sys
from pathlib import Path
from sio_patch.npm.process import ended_by_signals, run
folder = Path(sys.argv[1])
with ended_by_signals():
    try:
        run([sys.argv[2], "-e", sys.argv[3]], cwd=folder, env={"MARK": str(folder)}, limit_s=60,
            on_line=lambda line: print("running", flush=True))
    finally:
        (folder / "tidied").touch()
"""


@pytest.mark.parametrize(
    ("number", "tidied"),
    [(signal.SIGINT, True), (signal.SIGTERM, True), (signal.SIGHUP, True), (signal.SIGKILL, False)],
    ids=lambda value: value.name if isinstance(value, signal.Signals) else None,
)
def test_after_the_caller_s_end(number: signal.Signals, tidied: bool, tmp_path: Path) -> None:
    """Ctrl-C, polite requests, and an end that the caller does not see coming."""
    code = FORKS + "setTimeout(function () { console.log('now'); }, 300);" + SLEEP
    caller = subprocess.Popen(
        [sys.executable, "-c", CALLER, str(tmp_path), node(), code],
        cwd=CHECKOUT, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL, start_new_session=True,
    )  # fmt: skip
    try:
        assert caller.stdout is not None
        assert caller.stdout.readline() == b"running\n"
        assert len(living(tmp_path)) == 6  # the guard, the command, its three children and a grandchild
        os.kill(caller.pid, number)
        status = caller.wait(30)
    finally:
        caller.kill()
        caller.wait()
    assert status in (-number, 128 + number)
    assert (tmp_path / "tidied").exists() is tidied
    assert left_of(tmp_path) == []


def test_handlers_of_signals_are_put_back() -> None:
    before = signal.signal(signal.SIGHUP, signal.SIG_IGN)  # as nohup does, which is to be respected
    try:
        with ended_by_signals():
            assert callable(signal.getsignal(signal.SIGTERM))
            assert signal.getsignal(signal.SIGHUP) is signal.SIG_IGN
        assert signal.getsignal(signal.SIGTERM) is signal.SIG_DFL
        assert signal.getsignal(signal.SIGHUP) is signal.SIG_IGN
    finally:
        signal.signal(signal.SIGHUP, before)


def test_the_guard_s_own_end_is_noticed(tmp_path: Path) -> None:
    """Somebody ends the process in between: politely, so that it can still see to the rest."""

    def end_the_parent(line: bytes) -> None:
        os.kill(int(line), signal.SIGTERM)

    code = FORKS + "setTimeout(function () { console.log(process.ppid); }, 300);" + SLEEP
    ended = run([node(), "-e", code], cwd=tmp_path, env={"MARK": str(tmp_path)}, limit_s=60, on_line=end_the_parent)
    assert ended.status == 128 + signal.SIGTERM
    wait_for(lambda: not left_of(tmp_path))
