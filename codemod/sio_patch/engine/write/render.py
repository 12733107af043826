"""From one match to edits: where each operation of a patch lands in the user's text, and what is written there.

Never searches: the match says which node everything is. Refuses (Unsafe) where the text cannot be edited as it stands.
"""

from __future__ import annotations

from collections.abc import Mapping

from sio_patch.engine.edits import Edit
from sio_patch.engine.find.found import Match
from sio_patch.engine.language.align import Delete, Insert, Op, Replace
from sio_patch.engine.tree.node import Node
from sio_patch.engine.write.habits import Style
from sio_patch.engine.write.insert import insertion
from sio_patch.engine.write.remove import removals
from sio_patch.engine.write.replace import replacement
from sio_patch.engine.write.site import Site


class Renderer:
    """``ops`` made ready for one ``text`` and its ``tree``; ``plus`` is the text of the plus slice."""

    def __init__(self, ops: tuple[Op, ...], plus: str, text: str, tree: Node, parameters: Mapping[str, str]) -> None:
        self.ops = ops
        self.plus = plus
        self.text = text
        self.parameters = parameters
        self.style = Style(tree, text)

    def edits(self, match: Match) -> list[Edit]:
        """The edits at ``match``, with the marks of ``seams``. Raises Unsafe."""
        site = Site(self.plus, self.text, match, self.parameters, self.style)
        gone = [node for op in self.ops if isinstance(op, Delete) for node in site.users(op.node)]
        replaced = {site.user(op.old) for op in self.ops if isinstance(op, Replace)}
        refilled: dict[Node, list[str]] = {}
        edits: list[Edit] = []
        for op in self.ops:
            if isinstance(op, Insert):
                edits += insertion(site, op, frozenset(gone), refilled)
            elif isinstance(op, Replace):
                edits += replacement(site, op, replaced)
        return edits + removals(self.text, gone, refilled)
