"""Runs a command, and leaves nothing of it behind.

    python -I -S guard.py COMMAND...

A process between the program and what it starts. Standard input is a pipe that the program holds open and writes
nothing to: when it ends, the program is gone, however it went, and the command goes too. Exits with the command's
status, or 128 + the signal that ended it; 127 where it cannot be started.
"""

from __future__ import annotations

import ctypes
import os
import select
import signal
import subprocess
import sys
from contextlib import suppress
from typing import NoReturn

NOT_STARTED = 127
_PR_SET_CHILD_SUBREAPER = 36  # linux/prctl.h


def main(command: list[str]) -> int:
    """The status to exit with. Whatever the command started has ended by then."""
    _adopt_orphans()
    for number in (signal.SIGHUP, signal.SIGINT, signal.SIGTERM):
        signal.signal(number, _leave)
    news = _child_news()
    try:
        # A pipe as standard input, so that the command can tell in turn when this process is gone.
        child = subprocess.Popen(command, stdin=subprocess.PIPE, start_new_session=True)
    except OSError as error:
        print(f"{command[0]}: {error.strerror}", file=sys.stderr)
        return NOT_STARTED
    try:
        while child.poll() is None and not _parent_gone(news):
            pass
    finally:
        _end(child)
    return child.returncode if child.returncode >= 0 else 128 - child.returncode


def _adopt_orphans() -> None:
    """Linux gives this process whatever loses its parent, so that not even a daemon gets away."""
    if sys.platform == "linux":
        ctypes.CDLL(None).prctl(_PR_SET_CHILD_SUBREAPER, 1, 0, 0, 0)


def _leave(number: int, _: object) -> NoReturn:
    sys.exit(128 + number)


def _child_news() -> int:
    """A descriptor that becomes readable when a child ends."""
    reader, writer = os.pipe()
    os.set_blocking(reader, False)
    os.set_blocking(writer, False)
    signal.signal(signal.SIGCHLD, lambda *_: None)
    signal.set_wakeup_fd(writer)
    return reader


def _parent_gone(news: int) -> bool:
    """Waits until a child has ended (False) or standard input has (True)."""
    ready, _, _ = select.select([sys.stdin.fileno(), news], [], [])
    if news in ready:
        os.read(news, 512)
    return sys.stdin.fileno() in ready and not os.read(sys.stdin.fileno(), 512)


def _end(child: subprocess.Popen[bytes]) -> None:
    with suppress(ProcessLookupError, PermissionError):  # macOS says the second of a group of zombies
        os.killpg(child.pid, signal.SIGKILL)
    child.wait()
    while orphans := _children():
        for pid in orphans:
            os.kill(pid, signal.SIGKILL)
            os.waitpid(pid, 0)


def _children() -> list[int]:
    """This process's children, the adopted ones too. None are known where there is no /proc."""
    found = []
    for name in os.listdir("/proc") if os.path.isdir("/proc/self") else ():  # noqa: PTH208, PTH112
        if name.isdigit():
            with suppress(OSError), open(f"/proc/{name}/stat", "rb") as stat:  # noqa: PTH123
                if int(stat.read().rpartition(b")")[2].split()[1]) == os.getpid():
                    found.append(int(name))
    return found


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
