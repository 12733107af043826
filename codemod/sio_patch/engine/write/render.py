"""From one match to edits: where each operation of a patch lands in the user's text, and what is written there.

Never searches: the match says which node everything is. Refuses (Unsafe) where the text cannot be edited as it stands.
"""

from __future__ import annotations

from collections.abc import Mapping

from sio_patch.engine.edits import Edit
from sio_patch.engine.find.found import Match
from sio_patch.engine.language.align import Delete, Insert, Op, Replace
from sio_patch.engine.tree.node import Node
from sio_patch.engine.write.insert import insertion
from sio_patch.engine.write.remove import removals
from sio_patch.engine.write.replace import replacement
from sio_patch.engine.write.site import Site


def render(ops: tuple[Op, ...], plus: str, text: str, match: Match, parameters: Mapping[str, str]) -> list[Edit]:
    """The edits of ``text`` that ``ops`` ask for at ``match``, with the marks of ``seams``. Raises Unsafe."""
    site = Site(plus, text, match, parameters)
    gone = [node for op in ops if isinstance(op, Delete) for node in site.users(op.node)]
    replaced = {site.user(op.old) for op in ops if isinstance(op, Replace)}
    refilled: dict[Node, list[str]] = {}
    edits: list[Edit] = []
    for op in ops:
        if isinstance(op, Insert):
            edits += insertion(site, op, frozenset(gone), refilled)
        elif isinstance(op, Replace):
            edits += replacement(site, op, replaced)
    return edits + removals(text, gone, refilled)
