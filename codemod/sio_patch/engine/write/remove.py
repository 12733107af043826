"""Code that the patch takes out."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from sio_patch.engine.edits import Edit
from sio_patch.engine.tree.node import WITHOUT_COMMAS, Node, parts_of
from sio_patch.engine.write import commas, statements
from sio_patch.engine.write.habits import before_ending
from sio_patch.engine.write.seams import unmarked
from sio_patch.engine.write.unsafe import Unsafe
from sio_patch.engine.write.unsaid import check_removed


def removals(text: str, gone: Sequence[Node], refilled: Mapping[Node, Sequence[str]]) -> list[Edit]:
    """All removals together, since neighbours in one list share a separator. Raises Unsafe.

    ``refilled`` is what comes into a list that loses all that it held.
    """
    lines: list[Edit] = []
    edits: list[Edit] = []
    removed = frozenset(gone)
    hosts: dict[Node, list[Node]] = {}
    lists: dict[Node, list[Node]] = {}
    for node in gone:
        check_removed(node)
        if node.host is not None:
            hosts.setdefault(node.host, []).append(node)
        elif node.parent is not None and node.parent.kind in WITHOUT_COMMAS:
            lines.append(statements.removal(text, node, removed))
        elif node.parent is not None:
            lists.setdefault(node.parent, []).append(node)
    for host, parts in hosts.items():
        whole = parts_of(host)
        if len(parts) == len(whole):
            lines.append(statements.removal(text, parts[0], removed))
        else:
            edits += commas.removal(text, host, whole, {part.start for part in parts})
    for owner, nodes in lists.items():
        siblings = commas.siblings(owner, nodes[0])
        if not siblings:
            raise Unsafe.place("the function is written in a form from which it cannot be taken out", nodes[0])
        if owner in refilled:
            edits.append(commas.refill(text, owner, siblings, unmarked(", ".join(refilled[owner]))))
        else:
            edits += commas.removal(text, owner, siblings, {node.start for node in nodes})
    return [*edits, *_disjoint(text, lines)]


def _disjoint(text: str, lines: Sequence[Edit]) -> list[Edit]:
    """``lines``, of which the last of a file without a last line ending takes the one before it.

    Where that line goes too, both take the ending before them: ``a``, ``b`` and ``c`` on three lines become ``a``.
    """
    found: list[Edit] = []
    for edit in sorted(lines, reverse=True):
        while found and found[-1].start < edit.end:
            last = found.pop()
            edit = Edit(before_ending(text, edit.start), max(edit.end, last.end), "")
        found.append(edit)
    return found
