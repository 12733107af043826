"""A piece of a patch document."""

from __future__ import annotations

from typing import NamedTuple


class Block(NamedTuple):
    """The text of a fenced block, and the line of the document on which that text begins, counted from 1."""

    text: str
    line: int = 1

    @classmethod
    def of(cls, block: Block | str) -> Block:
        """A text that stands in no document begins on line 1."""
        return block if isinstance(block, Block) else cls(block)
