"""The last section of a snapshot: a flat array of strings. Escapes and lone surrogates come through as they are."""

from __future__ import annotations

import json

from sio_patch.heap.errors import SnapshotError
from sio_patch.heap.stream import CHUNK_BYTES, DAMAGED, STRICT, TRUNCATED, Stream

SECTION = "strings"
_BLANK = b" \t\r\n"
_TRIES = 8
_LONGEST_ESCAPE = len(rb"\ud83d\ude00")


def read(stream: Stream) -> list[str]:
    """The strings, and the brace that closes the file."""
    stream.take(b"[", SECTION)
    strings: list[str] = []
    last = False
    while not last:
        text, last = _piece(stream)
        start = stream.offset - len(text) - (not last)
        part, rest = _decoded(stream, text if last else text + b"]", start, last=last)
        if not last and rest:
            raise stream.error(SECTION, "strings to be the last section", "more after their end", at=start)
        if not part and (strings or not last):
            raise stream.error(SECTION, "a string", "none beside a comma", at=start)
        strings += part
    if rest.strip(_BLANK) != b"}":
        at = stream.offset - len(rest)
        if not rest.strip(_BLANK):
            raise _cut_short(stream, at)
        raise stream.error("top level", "'}' and the end of the file", "something else", at=at, hint=DAMAGED)
    return strings


def _piece(stream: Stream) -> tuple[bytes, bool]:
    """Consumes whole strings and the comma behind them, which is left out; or all that is left of the file (True)."""
    size = CHUNK_BYTES
    while True:
        ahead = stream.available(size)
        if len(ahead) < size:
            stream.consume(len(ahead))
            return ahead, True
        if end := _end_of_a_string(ahead):
            stream.consume(end + 1)
            return ahead[:end], False
        size *= 2


def _end_of_a_string(text: bytes) -> int:
    """Where the last ``",`` of ``text`` that is not inside a string has its comma; 0 where none was found soon.

    ``text`` begins outside a string. Whether a place is inside of one, the number of quotes before it tells.
    """
    comma = len(text)
    for _ in range(_TRIES):
        comma = text.rfind(b'",', 0, comma) + 1
        if comma == 0:
            break
        quotes = text[:comma].replace(rb"\\", b"").replace(rb"\"", b"").count(b'"')
        if quotes % 2 == 0:
            return comma
    return 0


def _decoded(stream: Stream, text: bytes, start: int, *, last: bool) -> tuple[list[str], bytes]:
    """The strings of ``text``, which starts inside the array and holds its end, and the bytes after that."""
    try:
        source = text.decode()
    except UnicodeDecodeError as error:
        if last and error.reason == "unexpected end of data":
            raise _cut_short(stream, start + len(text)) from error
        raise stream.error(SECTION, "UTF-8", f"byte 0x{text[error.start]:02x}", at=start + error.start) from error
    try:
        values, end = STRICT.raw_decode("[" + source)
    except json.JSONDecodeError as error:
        at = len(source[: max(error.pos - 1, 0)].encode())
        if last and (len(text) - at <= _LONGEST_ESCAPE or error.msg.startswith("Unterminated string")):
            raise _cut_short(stream, start + len(text)) from error
        raise stream.error(SECTION, "strings with commas between", error.msg, at=start + at) from error
    except (ValueError, RecursionError) as error:
        raise stream.error(SECTION, "strings", str(error) or type(error).__name__, at=start) from error
    if set(map(type, values)) - {str}:
        raise stream.error(SECTION, "only strings", "something else", at=start)
    return values, source[end - 1 :].encode()


def _cut_short(stream: Stream, at: int) -> SnapshotError:
    return stream.error(SECTION, "']}'", "the end of the file", at=at, hint=TRUNCATED)
