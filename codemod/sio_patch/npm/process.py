"""Other programs, run to their end or to a limit, with nothing left of them afterwards."""

from __future__ import annotations

import os
import selectors
import signal
import subprocess
import sys
import threading
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager, suppress
from pathlib import Path
from time import monotonic
from typing import NamedTuple, NoReturn

from sio_patch.npm import guard

_OUTPUT_LIMIT_BYTES = 32 * 1024 * 1024
_ERRORS_KEPT_BYTES = 16 * 1024
_GUARD_LIMIT_S = 10.0  # for killing what is left


class Ended(NamedTuple):
    """How it went."""

    status: int
    """The exit status, 128 + the number of the signal that ended it, or 127 where it could not be started."""
    errors: str
    """The end of its standard error."""


class TimeLimit(Exception):
    """It took too long and was ended."""

    def __init__(self, limit_s: float) -> None:
        super().__init__(limit_s)
        self.limit_s = limit_s

    def __str__(self) -> str:
        return f"it took more than {self.limit_s:g} s and was ended"


class TooMuchOutput(Exception):
    """It printed more than anybody wants to know and was ended."""

    def __str__(self) -> str:
        return f"it printed more than {_OUTPUT_LIMIT_BYTES // 1024 // 1024} MiB and was ended"


def run(
    command: Sequence[str],
    *,
    cwd: Path,
    env: Mapping[str, str],
    limit_s: float,
    on_line: Callable[[bytes], None] = lambda line: None,
) -> Ended:
    """Runs it under the guard; ``on_line`` gets each line of its standard output, without the newline.

    When this returns or raises, the command and everything that it started are gone. Raises TimeLimit, TooMuchOutput,
    OSError, and what ``on_line`` raises.
    """
    process = subprocess.Popen(
        [sys.executable, "-I", "-S", guard.__file__, *command],
        cwd=cwd,
        env=env,
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        start_new_session=True,  # Ctrl-C is for this program alone, which then ends the others
    )
    try:
        return _watched(process, monotonic() + limit_s, on_line)
    except _Late:
        raise TimeLimit(limit_s) from None
    finally:
        _dismiss(process)


@contextmanager
def ended_by_signals() -> Iterator[None]:
    """Inside, a polite request to end this program unwinds the stack, so that everything is tidied up on the way out.

    What Ctrl-C does anyhow. Only a main thread can ask for that; elsewhere the guard still sees that nothing is left.
    """
    if threading.current_thread() is not threading.main_thread():
        yield
        return
    # Not where somebody has other plans for one of them, nohup for example.
    numbers = [each for each in (signal.SIGHUP, signal.SIGTERM) if signal.getsignal(each) is signal.SIG_DFL]
    for number in numbers:
        signal.signal(number, _leave)
    try:
        yield
    finally:
        for number in numbers:
            signal.signal(number, signal.SIG_DFL)


def status_in_words(status: int) -> str:
    """For a message: ``status 3``, or the signal's name."""
    if status > 128:
        with suppress(ValueError):
            return signal.Signals(status - 128).name
    return f"status {status}"


class _Late(Exception):
    pass


def _leave(number: int, _: object) -> NoReturn:
    sys.exit(128 + number)


def _watched(process: subprocess.Popen[bytes], end: float, on_line: Callable[[bytes], None]) -> Ended:
    lines = _Lines(on_line)
    errors = bytearray()

    def keep(data: bytes) -> None:
        errors.extend(data)
        del errors[:-_ERRORS_KEPT_BYTES]

    assert process.stdout is not None
    assert process.stderr is not None
    with selectors.DefaultSelector() as selector:
        selector.register(process.stdout, selectors.EVENT_READ, lines.add)
        selector.register(process.stderr, selectors.EVENT_READ, keep)
        while selector.get_map():
            for key, _ in selector.select(_left(end)):
                if data := os.read(key.fd, 1 << 16):
                    key.data(data)
                else:
                    selector.unregister(key.fileobj)
    lines.close()
    try:
        status = process.wait(_left(end))
    except subprocess.TimeoutExpired:
        raise _Late from None
    return Ended(status, errors.decode("utf-8", "replace"))


def _left(end: float) -> float:
    left = end - monotonic()
    if left <= 0:
        raise _Late
    return left


def _dismiss(process: subprocess.Popen[bytes]) -> None:
    """Closing the guard's standard input is the word to end; it does not close before all is ended."""
    for stream in (process.stdin, process.stdout, process.stderr):
        if stream is not None:
            stream.close()
    try:
        process.wait(_GUARD_LIMIT_S)
    except subprocess.TimeoutExpired:
        process.kill()
        process.wait()


class _Lines:
    def __init__(self, on_line: Callable[[bytes], None]) -> None:
        self._on_line = on_line
        self._rest = b""
        self._size = 0

    def add(self, data: bytes) -> None:
        self._size += len(data)
        if self._size > _OUTPUT_LIMIT_BYTES:
            raise TooMuchOutput
        *lines, self._rest = (self._rest + data).split(b"\n")
        for line in lines:
            self._on_line(line)

    def close(self) -> None:
        if self._rest:
            self._on_line(self._rest)
