"""The bytes of a snapshot in order, a bounded piece at a time: single tokens, runs of numbers, sections to skip.

Nothing is allocated because the file claims a size: memory follows the bytes that were really read.
"""

from __future__ import annotations

import json
import re
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import BinaryIO, NoReturn

from sio_patch.heap.errors import SnapshotError, shown

CHUNK_BYTES = 1 << 20
HEADER_LIMIT_BYTES = 1 << 20
TRUNCATED = (
    "The file is cut short: wait until it stops growing (the heapdump module writes it from a process of its own), "
    "look for a full disk, or take the snapshot again."
)
DAMAGED = "The file is damaged or was not written by V8: take the snapshot again."

_SPACE = re.compile(rb"[ \t\r\n]*")
_NUMBERS = b"0123456789, \t\r\n"
_NOT_NUMBERS = re.compile(rb"[^0-9, \t\r\n]")
_STRUCTURE = re.compile(rb'["\[\]{}]')
_IN_STRING = re.compile(rb'["\\]')


class Stream:
    """A cursor over the file. ``advanced`` is told the offset after each piece."""

    def __init__(self, path: Path, file: BinaryIO, advanced: Callable[[int], None]) -> None:
        self.path = path
        self._file = file
        self._advanced = advanced
        self._buffer = b""
        self._at = 0  # the cursor, in _buffer
        self._base = 0  # offset of _buffer[0] in the file

    @property
    def offset(self) -> int:
        return self._base + self._at

    def error(
        self, section: str, expected: str, found: str, *, at: int | None = None, hint: str = DAMAGED
    ) -> SnapshotError:
        offset = self.offset if at is None else at
        return SnapshotError(self.path, section, expected, found, offset=offset, hint=hint)

    def unexpected(self, section: str, expected: str) -> SnapshotError:
        """What stands at the cursor is not what was expected."""
        here = self.available(64)[:64]
        if not here:
            return self.error(section, expected, "the end of the file", hint=TRUNCATED)
        return self.error(section, expected, shown(here))

    def peek(self) -> bytes:
        """The next byte that is not white space; empty at the end of the file."""
        while self._more(1):
            match = _SPACE.match(self._buffer, self._at)
            assert match is not None
            self._at = match.end()
            if self._at < len(self._buffer):
                return self._buffer[self._at : self._at + 1]
        return b""

    def take(self, byte: bytes, section: str) -> None:
        if self.peek() != byte:
            raise self.unexpected(section, f"'{byte.decode()}'")
        self._at += 1

    def key(self) -> str:
        """The name of the next section, and the colon after it."""
        if self.peek() != b'"':
            raise self.unexpected("top level", "the name of a section")
        self._at += 1
        ahead = self.available(64)[:64]
        name, quote, _ = ahead.partition(b'"')
        if not quote and len(ahead) < 64:
            raise self.error("top level", "the name of a section", "the end of the file", hint=TRUNCATED)
        if not quote or b"\\" in name or not name.isascii():
            raise self.unexpected("top level", "the name of a section")
        self._at += len(name) + 1
        self.take(b":", name.decode())
        return name.decode()

    def small_object(self, section: str) -> dict[str, object]:
        """A JSON object of bounded size, with strict rules: no key twice, no NaN."""
        self.peek()
        start = self.offset
        text = self.available(HEADER_LIMIT_BYTES)[:HEADER_LIMIT_BYTES].decode("latin-1")  # one character a byte
        try:
            value, end = STRICT.raw_decode(text)
        except json.JSONDecodeError as error:
            if len(text) < HEADER_LIMIT_BYTES and (error.pos >= len(text) or error.msg.startswith("Unterminated")):
                raise self.error(
                    section, "an object", "the end of the file", at=start + len(text), hint=TRUNCATED
                ) from error
            raise self.error(
                section, "an object", f"{shown(text[error.pos :].encode())} ({error.msg})", at=start + error.pos
            ) from error
        except (ValueError, RecursionError) as error:
            raise self.error(section, "a plain object", str(error) or type(error).__name__) from error
        if not isinstance(value, dict):
            raise self.unexpected(section, "an object")
        self._at += end
        return value

    def numbers(self, section: str, width: int) -> Iterator[list[int]]:
        """The integers of a flat array, in lists whose length is a multiple of ``width``."""
        self.take(b"[", section)
        carry: list[int] = []
        count = 0
        closed = False
        while not closed:
            values, closed = self._some_numbers(section, first=count == 0)
            count += len(values)
            if carry:
                values = carry + values
            spare = len(values) % width
            carry = values[len(values) - spare :]
            yield values[: len(values) - spare] if spare else values
            self._advanced(self.offset)
        if carry:
            raise self.error(section, f"{width} numbers a record", f"{count} numbers in all")

    def skip(self, section: str) -> None:
        """Passes one array or object, however deeply nested, without building it."""
        if self.peek() not in (b"[", b"{"):
            raise self.unexpected(section, "an array")
        depth = 0
        while True:
            found = self._next(_STRUCTURE, section)
            if found == b'"':
                while self._next(_IN_STRING, section) == b"\\":
                    self._more(1)
                    self._at += 1
            else:
                depth += 1 if found in b"[{" else -1
                if depth == 0:
                    return

    def available(self, size: int) -> bytes:
        """What is ahead, not consumed: at least ``size`` bytes unless the file ends before."""
        self._more(size)
        return self._buffer[self._at :] if self._at else self._buffer

    def consume(self, size: int) -> None:
        self._at += size
        self._advanced(self.offset)

    def _more(self, size: int) -> bool:
        """Fills the buffer to ``size`` bytes ahead where the file has them. False: the file ends before."""
        missing = size - (len(self._buffer) - self._at)
        if missing > 0:
            parts = [self._buffer[self._at :]]
            while missing > 0 and (block := self._file.read(max(missing, CHUNK_BYTES))):
                parts.append(block)
                missing -= len(block)
            self._base += self._at
            self._at = 0
            self._buffer = b"".join(parts)
        return missing <= 0

    def _next(self, pattern: re.Pattern[bytes], section: str) -> bytes:
        """Moves past the next match of a one-byte pattern and says what it was."""
        while self._more(1):
            if match := pattern.search(self._buffer, self._at):
                self._at = match.end()
                return match.group()
            self.consume(len(self._buffer) - self._at)
        raise self.error(section, "the end of the array", "the end of the file", hint=TRUNCATED)

    def _some_numbers(self, section: str, *, first: bool) -> tuple[list[int], bool]:
        """Some numbers, and whether the array ended with them."""
        ahead = self.available(CHUNK_BYTES)
        end = ahead.find(b"]")
        closed = end >= 0
        if not closed:  # V8 begins each record on a new line, behind the comma: cut there, and none is carried over
            line = ahead.rfind(b"\n,")
            end = line + 1 if line >= 0 else ahead.rfind(b",")
        text = ahead[:end] if end >= 0 else ahead
        if text.translate(None, _NUMBERS) and (wrong := _NOT_NUMBERS.search(text)):
            at = self.offset + wrong.start()
            raise self.error(section, "digits and commas", shown(text[wrong.start() : wrong.start() + 32]), at=at)
        if not closed and len(ahead) < CHUNK_BYTES:
            raise self.error(section, "']'", "the end of the file", at=self.offset + len(ahead), hint=TRUNCATED)
        if end < 0:
            raise self.error(section, "a number", f"{len(text)} bytes without a comma")
        values = self._parsed(section, text, may_be_empty=first and closed)
        self._at += end + 1
        return values, closed

    def _parsed(self, section: str, text: bytes, *, may_be_empty: bool) -> list[int]:
        try:
            values: list[int] = json.loads(f"[{text.decode('ascii')}]")
        except json.JSONDecodeError as error:
            at = error.pos - 1
            raise self.error(section, "a number", shown(text[at : at + 32] or b","), at=self.offset + at) from error
        except ValueError as error:
            raise self.error(section, "a number of a sensible length", str(error)) from error
        if not values and not may_be_empty:
            raise self.error(section, "a number", "none beside a comma")
        return values


def _no_constant(name: str) -> NoReturn:
    raise ValueError(f"{name} is not JSON")


def _no_repeats(pairs: list[tuple[str, object]]) -> dict[str, object]:
    value = dict(pairs)
    if len(value) != len(pairs):
        raise ValueError("a key stands twice")
    return value


STRICT = json.JSONDecoder(parse_constant=_no_constant, object_pairs_hook=_no_repeats)
