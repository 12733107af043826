"""What a terminal is given."""

from __future__ import annotations

from collections.abc import Sequence

_DIFF_COLOURS = ((b"#", b"2"), (b"---", b"1"), (b"+++", b"1"), (b"@@", b"36"), (b"-", b"31"), (b"+", b"32"))


def plain(text: str) -> str:
    """Without control characters and lone surrogates: what a package's files hold must not steer the terminal."""
    if text.isprintable():
        return text
    return "".join(char if char.isprintable() else char.encode("unicode_escape").decode("ascii") for char in text)


def aligned(table: Sequence[Sequence[str]]) -> list[str]:
    """One line a row, its columns below each other."""
    widths = [max(len(row[column]) for row in table) for column in range(len(table[0]))]
    return ["  ".join(cell.ljust(width) for cell, width in zip(row, widths, strict=True)).rstrip() for row in table]


def coloured_diff(diff: bytes) -> bytes:
    return b"\n".join(_coloured_line(line) for line in diff.split(b"\n"))


def _coloured_line(line: bytes) -> bytes:
    colour = next((code for start, code in _DIFF_COLOURS if line.startswith(start)), None)
    return line if colour is None else b"\x1b[%sm%s\x1b[0m" % (colour, line)
