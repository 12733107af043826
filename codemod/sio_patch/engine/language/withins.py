"""`<... PATTERN ...>`, which is no JavaScript, as a name that the parser takes, with blanks behind it.

`if (<... a.b ...>) {}` becomes `if (ǃw00          ) {}`, so that offsets hold; `a.b` is read by itself. The name begins
with U+01C3, as those of `gaps` do. What stands inside another is left for the reading of that other.
"""

from __future__ import annotations

import re
from typing import NamedTuple

from sio_patch.engine.tree.parse import tokens

OPENING = "<..."
CLOSING = "...>"
_MARK = "\u01c3w"
_LETTERS = "0123456789abcdefghijklmnopqrstuvwxyz"
_NOT_BLANK = re.compile(r"[^\n]")
_ENDS = frozenset({",", ")", "]", "}"})
_STARTS = frozenset({";", "{", "}", ")", ":"})  # what a statement can stand behind

Token = tuple[str, int, int]


class Unbalanced(ValueError):
    """An opening without its closing, a closing without its opening, or the two in one."""

    def __init__(self, message: str, offset: int) -> None:
        super().__init__(message)
        self.message = message
        self.offset = offset


class Within(NamedTuple):
    """``start`` and ``end`` of one, with its marks."""

    start: int
    end: int


class Lifted(NamedTuple):
    """A text with names for the outermost ones in it, and these, in their order."""

    text: str
    withins: tuple[Within, ...]


def lift_withins(text: str) -> Lifted:
    """Raises Unbalanced, and SyntaxProblem where the text has no tokens."""
    found = _marks(text) if OPENING in text or CLOSING in text else []
    pieces, done = [], 0
    for number, (within, is_statement) in enumerate(found):
        high, low = divmod(number % len(_LETTERS) ** 2, len(_LETTERS))
        blank = blanked(text[within.start + len(OPENING) : within.end])
        name = _MARK + _LETTERS[high] + _LETTERS[low]
        pieces += [text[done : within.start], name, f"{blank[:-1]};" if is_statement else blank]
        done = within.end
    return Lifted("".join((*pieces, text[done:])), tuple([within for within, _ in found]))


def inside(text: str, within: Within) -> str:
    """What stands in ``within``, with blanks before it, so that offsets hold."""
    start, end = within.start + len(OPENING), within.end - len(CLOSING)
    return blanked(text[:start]) + text[start:end]


def blanked(text: str) -> str:
    return _NOT_BLANK.sub(" ", text)


def is_within(name: str) -> bool:
    """Whether ``name`` was written for one."""
    return name.startswith(_MARK) and len(name) == len(OPENING)


def _marks(text: str) -> list[tuple[Within, bool]]:
    """The outermost ones, in order, and whether each has to be told from the line behind it by a semicolon."""
    found = tokens(text)
    open_: list[int] = []
    outermost = []
    for index, (_, start, _) in enumerate(found):
        if _is(text, found, index, OPENING):
            open_.append(index)
        elif _is(text, found, index, CLOSING):
            if not open_:
                raise Unbalanced(f"there is no `{OPENING}` before this `{CLOSING}`", start)
            first = open_.pop()
            if index == first + 1:
                raise Unbalanced(f"there is nothing between `{OPENING}` and `{CLOSING}`", found[first][1])
            if not open_:
                within = Within(found[first][1], start + len(CLOSING))
                outermost.append((within, _is_statement(text, found, first, index + 2)))
    if open_:
        raise Unbalanced(f"there is no `{CLOSING}` behind this `{OPENING}`", found[open_[-1]][1])
    return outermost


def _is(text: str, found: list[Token], index: int, mark: str) -> bool:
    """Whether the two tokens from ``index`` on are the two of ``mark``."""
    if index + 1 == len(found):
        return False
    (_, start, middle), (_, next_, end) = found[index : index + 2]
    return middle == next_ and end == start + len(mark) and text[start:end] == mark


def _is_statement(text: str, found: list[Token], first: int, after: int) -> bool:
    """Whether this is a statement with another on the line below, which could be read as going on from it."""
    if after >= len(found) or text[found[after][1] : found[after][2]] in _ENDS:
        return False
    if "\n" not in text[found[after - 1][2] : found[after][1]]:
        return False
    if not first:
        return True
    kind, start, end = found[first - 1]
    starts_line = "\n" in text[end : found[first][1]]
    if kind == "Punctuator":
        before = text[start:end]
        return before in _STARTS or (starts_line and (before in ("...", "]") or before == ">"))
    return starts_line
