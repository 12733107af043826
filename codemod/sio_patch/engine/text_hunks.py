"""Hunks of a `diff text` block, read: what to look for in a text that is no JavaScript, and what shall be there.

A unified diff of one file. What it says of line numbers and counts is not looked at: a hunk goes on to the next ``@@``,
or to the end of the block, and a block without ``@@`` is one hunk.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import NamedTuple

from sio_patch.engine.language.block import Block
from sio_patch.engine.language.compiled import PatternError

_HEADERS = ("--- ", "+++ ", "diff ", "index ")
_WHOLE_FILE = ("new file", "deleted file", "old mode", "new mode", "rename ", "copy ", "similarity ", "GIT ", "Binary ")
_NO_NEWLINE = "\\"


class Line(NamedTuple):
    """``mark`` is a space, ``-`` or ``+``. ``text`` has no line end."""

    mark: str
    text: str


class Hunk(NamedTuple):
    """Lines that follow one another. ``old_bare`` and ``new_bare`` say that a side is the end of a file and has no
    newline there."""

    lines: tuple[Line, ...]
    line: int  # of its first line in the document
    old_bare: bool = False
    new_bare: bool = False

    @property
    def old(self) -> tuple[str, ...]:
        return tuple(line.text for line in self.lines if line.mark != "+")

    @property
    def new(self) -> tuple[str, ...]:
        return tuple(line.text for line in self.lines if line.mark != "-")

    @property
    def lead(self) -> int:
        """How many lines of context stand before the first change."""
        return next(at for at, line in enumerate(self.lines) if line.mark != " ")

    def reversed(self) -> Hunk:
        marks = {"-": "+", "+": "-", " ": " "}
        lines = tuple(Line(marks[line.mark], line.text) for line in self.lines)
        return Hunk(lines, self.line, self.new_bare, self.old_bare)


def read_hunks(block: Block) -> tuple[Hunk, ...]:
    """The hunks from top to bottom, at least one. Raises PatternError."""
    lines = list(enumerate(block.text.split("\n"), block.line))
    if lines[-1][1] == "":
        lines.pop()
    hunks = tuple(_hunk(*part) for part in _parts(lines))
    seen: set[tuple[Line, ...]] = set()
    for hunk in hunks:
        if hunk.lines in seen:
            raise PatternError(hunk.line, 1, "this hunk stands in the block twice")
        seen.add(hunk.lines)
    return hunks


def _parts(lines: Sequence[tuple[int, str]]) -> Iterator[tuple[int, list[tuple[int, str]]]]:
    """The lines of each hunk, and the line by which it is named."""
    start, part, in_hunk = lines[0][0], list[tuple[int, str]](), not _begins_with_header(lines)
    for at, (number, line) in enumerate(lines):
        if line.startswith(_WHOLE_FILE):
            message = "a patch changes files that are there: it makes, deletes and renames none, and changes no mode"
            raise PatternError(number, 1, message)
        if line == "@@" or line.startswith("@@ "):
            if in_hunk:
                yield start, part
            start, part, in_hunk = number + 1, [], True
        elif in_hunk and at and _is_header(lines, at):
            raise PatternError(number, 1, "another file begins here; give it a block of its own: `diff text GLOB`")
        elif in_hunk:
            part.append((number, line))
        elif not line.startswith(_HEADERS):
            raise PatternError(number, 1, "a hunk begins with a line `@@`")
    yield start, part


def _begins_with_header(lines: Sequence[tuple[int, str]]) -> bool:
    return lines[0][1].startswith(("diff ", "@@")) or _is_header(lines, 0)


def _is_header(lines: Sequence[tuple[int, str]], at: int) -> bool:
    """Two lines that name a file. In a hunk they could also take out a line ``-- x`` and put in ``++ x``; but not right
    before an ``@@``."""
    return [line[:4] for _, line in lines[at : at + 2]] == ["--- ", "+++ "] and (
        at == 0 or lines[at + 2 : at + 3] == [] or lines[at + 2][1].startswith("@@")
    )


def _hunk(start: int, part: Sequence[tuple[int, str]]) -> Hunk:
    lines: list[Line] = []
    bare: dict[str, int] = {}  # a side's mark, and how many of its lines stand up to the marker
    for number, line in part:
        if line.startswith(_NO_NEWLINE) and lines:
            bare |= dict.fromkeys("-+" if lines[-1].mark == " " else lines[-1].mark, len(lines))
        elif line[:1] not in ("", " ", "-", "+"):
            raise PatternError(number, 1, "a line of a hunk begins with a space, `-` or `+`")
        else:
            lines.append(Line(line[:1] or " ", line[1:]))
    hunk = Hunk(tuple(lines), start, "-" in bare, "+" in bare)
    for mark, count in bare.items():
        if any(line.mark in (" ", mark) for line in lines[count:]):
            raise PatternError(start, 1, "`\\ No newline at end of file` stands behind a line that is not the last one")
    _check(hunk)
    return hunk


def _check(hunk: Hunk) -> None:
    if (hunk.old, hunk.old_bare) == (hunk.new, hunk.new_bare):
        raise PatternError(hunk.line, 1, "this hunk changes nothing: begin a line with `-` or `+`")
    if not hunk.old:
        message = "this hunk shows nothing by which its place could be found; add a line of context"
        raise PatternError(hunk.line, 1, message)
    if not hunk.new:
        message = "this hunk leaves nothing by which it could be told that it was made; add a line of context"
        raise PatternError(hunk.line, 1, message)
