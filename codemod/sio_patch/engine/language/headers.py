"""The sections of a `diff` block: its text, cut at the lines that begin with `@@`.

 var fs = require('fs');      what stands before the first header is a section at one place
@@ all where $f ~ /Sync$/     a header: how many places, and conditions
-fs.$f($x);                   the lines of its section, up to the next header
+fs.$f($x, {});
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import NamedTuple

from sio_patch.engine.language.block import Block
from sio_patch.engine.language.compiled import PatternError
from sio_patch.engine.language.options import HowMany

MARK = "@@"
_HEADER = re.compile(r"@@(?P<gap>[ \t]*)(?P<word>\w+)?(?P<rest>.*)", re.DOTALL)
_LINES_OF_A_FILE = re.compile(r"@@ *-\d+(,\d+)? *\+\d+(,\d+)? *@@")
_WORDS = {word.value: word for word in HowMany if word is not HowMany.ONE}


class Where(NamedTuple):
    """What follows `@@` and how many places: ``text`` begins with `where`, and stands there in the document."""

    text: str
    line: int
    column: int


class Piece(NamedTuple):
    """One section as it is written. ``line`` is its header's, or its first. ``where`` are the conditions' texts."""

    how_many: HowMany
    where: tuple[Where, ...]
    block: Block
    line: int


def has_headers(block: Block) -> bool:
    return any(line.startswith(MARK) for line in block.text.split("\n"))


def pieces(block: Block) -> list[Piece]:
    """The sections in their order. Conditions can go on, on `@@ where` lines right below. Raises PatternError."""
    found: list[Piece] = []
    for piece in _cut(block):
        last = found[-1] if found else None
        if last is None or last.block.text.strip():
            found.append(piece)
        elif piece.where and piece.how_many is HowMany.ONE:
            found[-1] = last._replace(where=(*last.where, *piece.where), block=piece.block)
        else:
            raise _empty(last)
    if not found[-1].block.text.strip():
        raise _empty(found[-1])
    return found


def _cut(block: Block) -> Iterator[Piece]:
    """Each header with the lines below it, and what stands before the first."""
    lines = block.text.split("\n")
    headers = [index for index, line in enumerate(lines) if line.startswith(MARK)]
    first = headers[0] if headers else len(lines)
    if not headers or any(map(str.strip, lines[:first])):
        yield Piece(HowMany.ONE, (), Block("\n".join(lines[:first]), block.line), block.line)
    for index, end in zip(headers, [*headers[1:], len(lines)], strict=True):
        line = block.line + index
        how_many, where = _header(lines[index], line)
        yield Piece(how_many, where, Block("\n".join(lines[index + 1 : end]), line + 1), line)


def _header(text: str, line: int) -> tuple[HowMany, tuple[Where, ...]]:
    """Raises PatternError."""
    if _LINES_OF_A_FILE.match(text):
        message = "this header counts lines of a file, and a section is found by its code; write a lone `@@`"
        raise PatternError(line, 1, message)
    found = _HEADER.fullmatch(text.rstrip())
    assert found is not None
    word, how_many, at = found["word"], HowMany.ONE, found.start("rest")
    if word in _WORDS:
        how_many = _WORDS[word]
        at += len(found["rest"]) - len(found["rest"].lstrip())
    elif word is not None:
        at = found.start("word")
    rest = text.rstrip()[at:]
    if not rest:
        return how_many, ()
    if re.match(r"where\b", rest) is None:
        allowed = "nothing, all, any or missing stands behind `@@`, and then where with conditions"
        raise PatternError(line, at + 1, f"`{rest}` says nothing here: {allowed}")
    return how_many, (Where(rest, line, at + 1),)


def _empty(piece: Piece) -> PatternError:
    return PatternError(piece.line, 1, "there is no code in this section; write lines below it, or take it out")
