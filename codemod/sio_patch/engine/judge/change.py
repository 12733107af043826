"""What the judge is given, and what it says: two texts, the change that leads from one to the other, an objection."""

from __future__ import annotations

from collections.abc import Collection, Iterator
from typing import NamedTuple

from sio_patch.engine.edits import Edits
from sio_patch.engine.find.found import Match
from sio_patch.engine.pattern import Section
from sio_patch.engine.tree.node import Node

_QUOTE = 60


class Objection(Exception):
    """Why the edits must not be made. ``offset`` is a place in the old text."""

    def __init__(self, message: str, offset: int) -> None:
        super().__init__(message)
        self.message = message
        self.offset = offset


class Text(NamedTuple):
    """One side: a text and its tree. ``skipped``: top-level statements that the tree leaves out."""

    code: str
    tree: Node
    skipped: tuple[Node, ...] = ()


class Part(NamedTuple):
    """One place of a change: a section, a match of its minus slice in the old tree, the edits that were made for it.

    ``inside`` are the places in the match's ``<... ...>``.
    """

    section: Section
    match: Match
    edits: Edits
    inside: tuple[Part, ...] = ()

    def every(self) -> Iterator[Part]:
        """The part and all that are inside."""
        yield self
        for part in self.inside:
            yield from part.every()

    def all_edits(self) -> Edits:
        """Raises ValueError where two overlap."""
        return Edits.of(edit for part in self.every() for edit in part.edits)


class Change(NamedTuple):
    """What is to be done: ``edits`` are those of all the parts.

    ``declared`` are names that the patch declares at the top of the file, or finds declared there. Names in ``own``, of
    the old tree, are the patch's from before, and mean these.
    """

    parts: tuple[Part, ...]
    edits: Edits
    declared: Collection[str] = ()
    own: Collection[Node] = ()


def quoted(code: str, nodes: tuple[Node, ...]) -> str:
    """The code of neighbours, on one line and not too long; nothing for none."""
    if not nodes:
        return ""
    words = " ".join(code[nodes[0].start : nodes[-1].end].split())
    return f"`{words if len(words) <= _QUOTE else words[: _QUOTE - 1] + '…'}`"
