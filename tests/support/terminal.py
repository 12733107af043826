"""A terminal with the program in it: what a person sees, byte for byte."""

from __future__ import annotations

import errno
import os
import pty
import subprocess
import sys
import time
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

from support.program import program

TIMEOUT_S = 60


@dataclass(frozen=True, slots=True)
class Shown:
    """``screen`` has all that the terminal got; ``pipe`` what went to the other stream, where that is none."""

    exit: int
    screen: bytes
    pipe: bytes


def on_terminal(
    *arguments: str,
    cwd: Path,
    env: Mapping[str, str],
    streams: str = "both",
    during: Callable[[subprocess.Popen[bytes], bytes], None] | None = None,
    before: Sequence[str] = (),
) -> Shown:
    """Runs ``sio-patch`` with ``streams`` ('out', 'err' or 'both') on a terminal, and the other one on a pipe.

    ``during`` is called with the process and all of the screen so far whenever something appears.
    """
    master, slave = pty.openpty()
    process = subprocess.Popen(
        [*before, sys.executable, str(program()), *arguments],
        cwd=cwd,
        env={"TERM": "xterm-256color", **env},
        stdin=slave,
        stdout=slave if streams in ("out", "both") else subprocess.PIPE,
        stderr=slave if streams in ("err", "both") else subprocess.PIPE,
        start_new_session=True,
    )
    os.close(slave)
    screen = _read_all(master, process, during)
    pipe = b"".join(stream.read() for stream in (process.stdout, process.stderr) if stream is not None)
    for stream in (process.stdout, process.stderr):
        if stream is not None:
            stream.close()
    return Shown(process.wait(TIMEOUT_S), screen.replace(b"\r\n", b"\n"), pipe)


def _read_all(
    master: int, process: subprocess.Popen[bytes], during: Callable[[subprocess.Popen[bytes], bytes], None] | None
) -> bytes:
    screen = b""
    end = time.monotonic() + TIMEOUT_S
    while time.monotonic() < end:
        try:
            piece = os.read(master, 65536)
        except OSError as error:
            if error.errno == errno.EIO:  # Linux's way to say that the other side is closed
                break
            raise
        if not piece:
            break
        screen += piece
        if during is not None:
            during(process, screen)
    os.close(master)
    return screen
