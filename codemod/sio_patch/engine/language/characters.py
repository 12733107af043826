"""Sets of characters, as JavaScript's regular expressions count them."""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Iterable

LAST = 0x10FFFF

Ranges = tuple[tuple[int, int], ...]  # of code points, both ends included, in order and apart

LINE_ENDS: Ranges = ((0xA, 0xA), (0xD, 0xD), (0x2028, 0x2029))
DIGITS: Ranges = ((0x30, 0x39),)
WORDS: Ranges = ((0x30, 0x39), (0x41, 0x5A), (0x5F, 0x5F), (0x61, 0x7A))
SPACES: Ranges = (
    (0x9, 0xD),
    (0x20, 0x20),
    (0xA0, 0xA0),
    (0x1680, 0x1680),
    (0x2000, 0x200A),
    (0x2028, 0x2029),
    (0x202F, 0x202F),
    (0x205F, 0x205F),
    (0x3000, 0x3000),
    (0xFEFF, 0xFEFF),
)
_LIKE_ASCII = ((0x73, 0x17F), (0x6B, 0x212A))  # a long s, and the sign for Kelvin


def within(code: int, ranges: Ranges) -> bool:
    index = bisect_right(ranges, (code, LAST)) - 1
    return index >= 0 and code <= ranges[index][1]


def one(code: int) -> Ranges:
    return ((code, code),)


def joined(ranges: Iterable[tuple[int, int]]) -> Ranges:
    """In order and apart."""
    found = list[tuple[int, int]]()
    for first, last in sorted(ranges):
        if found and first <= found[-1][1] + 1:
            found[-1] = (found[-1][0], max(last, found[-1][1]))
        else:
            found.append((first, last))
    return tuple(found)


def inverted(ranges: Ranges) -> Ranges:
    ends = [-1, *(last for _, last in ranges)]
    starts = [*(first for first, _ in ranges), LAST + 1]
    return tuple((end + 1, start - 1) for end, start in zip(ends, starts, strict=True) if end + 1 < start)


def has_case_beyond_ascii(ranges: Ranges) -> bool:
    """Whether there are letters with a case in them, or may be: nobody counts a long range."""
    beyond = [range(max(first, 128), last + 1) for first, last in ranges]
    return any(len(codes) > 1_000 or any(chr(code).lower() != chr(code).upper() for code in codes) for codes in beyond)


def in_both_cases(ranges: Ranges, *, unicode: bool) -> Ranges:
    """For ranges without such letters. With the flag u, two letters beyond ASCII are cases of letters within."""
    letters = [code for code in range(128) if chr(code).isalpha() and within(code, ranges)]
    found = joined([*ranges, *((ord(chr(code).swapcase()),) * 2 for code in letters)])
    alike = [(other, other) for code, other in _LIKE_ASCII if unicode and within(code, found)]
    return joined([*found, *alike])


def utf_16(text: str) -> str:
    """With two characters for each that is beyond U+FFFF."""
    if text.isascii() or max(text) <= "\uffff":
        return text
    data = text.encode("utf-16-le", "surrogatepass")
    return "".join(chr(data[at] | data[at + 1] << 8) for at in range(0, len(data), 2))
