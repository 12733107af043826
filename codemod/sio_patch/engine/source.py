"""A file's bytes as text, and back again without losing one of them."""

from __future__ import annotations

import codecs
from typing import NamedTuple

PARSE_LIMIT_BYTES = 2 * 1024 * 1024  # of a file: the parser takes about 10 s per MB of dense code


class Place(NamedTuple):
    """A position for people: line and column count from 1, columns in code points."""

    line: int
    column: int

    def __str__(self) -> str:
        return f"{self.line}:{self.column}"


class Source(NamedTuple):
    """Decoded text. A byte that is not UTF-8 is a lone surrogate in ``text`` (PEP 383), so nothing is lost.

    ``text`` has no byte order mark; ``bom`` says whether the file began with one. Newlines are as in the file.
    """

    text: str
    bom: bool = False

    @classmethod
    def of(cls, data: bytes) -> Source:
        bom = data.startswith(codecs.BOM_UTF8)
        body = data[len(codecs.BOM_UTF8) :] if bom else data
        return cls(body.decode("utf-8", "surrogateescape"), bom)

    def to_bytes(self) -> bytes:
        body = self.text.encode("utf-8", "surrogateescape")
        return codecs.BOM_UTF8 + body if self.bom else body

    def place(self, offset: int) -> Place:
        """Where the code point at ``offset`` stands. Lines end at ``\\n`` only, as in a diff."""
        line_start = self.text.rfind("\n", 0, offset) + 1
        return Place(self.text.count("\n", 0, offset) + 1, offset - line_start + 1)
