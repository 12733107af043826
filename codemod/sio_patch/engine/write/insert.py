"""Code that the patch adds beside code that stays."""

from __future__ import annotations

from collections.abc import Collection

from sio_patch.engine.edits import Edit
from sio_patch.engine.language.align import Insert
from sio_patch.engine.tree.node import TAKES_SEMICOLON, WITHOUT_COMMAS, Node
from sio_patch.engine.tree.scope import declared_names
from sio_patch.engine.write import commas, habits, seams, statements
from sio_patch.engine.write.site import Site
from sio_patch.engine.write.template import flattened


def insertion(site: Site, op: Insert, gone: Collection[Node], refilled: dict[Node, list[str]]) -> list[Edit]:
    """The edits for ``op``, while the nodes in ``gone`` are taken out.

    Code for a list that loses all that it held is put down in ``refilled``. Raises Unsafe.
    """
    owner = site.match.owner if op.owner is None else site.user(op.owner)
    anchor = None if op.anchor is None else site.user(op.anchor)
    site.check_names(declared_names(op.nodes) - declared_names(tuple(gone)), owner)
    site.check_captures(op.nodes, owner)
    if owner.kind not in WITHOUT_COMMAS:
        return _into_commas(site, op, owner, anchor, gone, refilled)
    spot = statements.spot(site.text, owner, anchor, op.where)
    ending = habits.line_ending(site.text, spot.position)
    return [statements.insertion(site.text, spot, statement_text(site, op, spot, ending), ending)]


def statement_text(site: Site, op: Insert, spot: statements.Spot, ending: str) -> str:
    """The added text, comments on its lines included, in the file's habits."""
    start, end = op.start, op.end
    while start < op.nodes[0].start and site.plus[start].isspace():
        start += 1
    while end > op.nodes[-1].end and site.plus[end - 1].isspace():
        end -= 1
    bare = site.template.fill(start, end, op.nodes)
    if op.nodes[-1].end == end and op.nodes[-1].kind in TAKES_SEMICOLON:
        bare = bare.rstrip(";" + seams.END) + statements.terminator(site.text, spot, site.style)
    bare = flattened(bare) if spot.inline else bare
    return site.reindented(bare, start, op.nodes, (spot.indent, spot.unit), ending)


def _into_commas(
    site: Site,
    op: Insert,
    owner: Node,
    anchor: Node | None,
    gone: Collection[Node],
    refilled: dict[Node, list[str]],
) -> list[Edit]:
    if all(node.kind == "Gap" and not site.match.bindings[node.fields["run"]] for node in op.nodes):
        return []  # an empty run
    bare = site.template.fill(op.nodes[0].start, op.nodes[-1].end, op.nodes)
    items = commas.siblings(owner, anchor)
    at = anchor or (items[0 if op.where == "start" else -1] if items else owner)
    text = site.laid_out(bare, op.nodes[0].start, op.nodes, at or owner)
    if items and all(item in gone for item in items):
        refilled.setdefault(owner, []).append(text)
        return []
    return commas.insertion(site.text, owner, anchor, op.where, text)
