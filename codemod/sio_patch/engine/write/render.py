"""From one match to edits: where each operation of a patch lands in the user's text, and what is written there.

Never searches: the match says which node everything is. Refuses (Unsafe) where the text cannot be edited as it stands.
"""

from __future__ import annotations

from collections.abc import Collection, Iterator, Mapping

from sio_patch.engine.edits import Edit
from sio_patch.engine.find.found import Match
from sio_patch.engine.language.align import IMPORTS, Delete, Frame, Insert, Op, Replace
from sio_patch.engine.language.compiled import Section
from sio_patch.engine.tree.node import Node
from sio_patch.engine.write import comments, kinds
from sio_patch.engine.write.frame import framing
from sio_patch.engine.write.habits import Style
from sio_patch.engine.write.imports import added_line
from sio_patch.engine.write.insert import insertion
from sio_patch.engine.write.remove import removals
from sio_patch.engine.write.replace import replacement
from sio_patch.engine.write.shift import Shift, shifted
from sio_patch.engine.write.site import Site
from sio_patch.engine.write.template import NO_KINDS
from sio_patch.engine.write.unsafe import Unsafe
from sio_patch.verdict import Reason


class Renderer:
    """A ``section`` made ready for one ``text``, whose habits are its ``style``.

    With ``own_kinds``, declarations that it adds are written with the file's own ``var``, ``let`` or ``const``. ``own``
    are names of the text in code that the patch has made before.
    """

    def __init__(
        self,
        section: Section,
        text: str,
        style: Style,
        parameters: Mapping[str, str],
        own: Collection[Node] = (),
        *,
        own_kinds: bool,
    ) -> None:
        self.section = section
        self.own_kinds = own_kinds
        self.own = own
        self.ops = section.ops
        self.plus = section.plus.text
        self.text = text
        self.parameters = parameters
        self.style = style

    def edits(self, match: Match) -> list[Edit]:
        """The edits at ``match``, with the marks of ``seams``. Raises Unsafe."""
        words = kinds.own_kinds(self.section, match, self.style) if self.own_kinds else NO_KINDS
        site = Site(self.plus, self.text, match, self.parameters, self.style, words)
        gone = [node for op in self.ops if isinstance(op, Delete) for node in site.users(op.node)]
        replaced = {site.user(op.old) for op in self.ops if isinstance(op, Replace)}
        refilled: dict[Node, list[str]] = {}
        edits: list[Edit] = []
        shifts: list[Shift] = []
        for op in self.ops:
            if isinstance(op, Insert) and op.where == IMPORTS:
                edits.append(added_line(site, op, self.own))
            elif isinstance(op, Insert):
                edits += insertion(site, op, frozenset(gone), refilled)
            elif isinstance(op, Replace):
                edits += replacement(site, op, replaced, shifts)
            elif isinstance(op, Frame):
                edits += framing(site, op, shifts)
        removed = removals(self.text, gone, refilled)
        self._check_comments(removed, [span for op in self.ops for span in _moved(op, match)])
        return [edit for edit in shifted(self.text, edits + removed, shifts) if edit.new or edit.start < edit.end]

    def _check_comments(self, removed: list[Edit], moved: list[tuple[int, int]]) -> None:
        """Raises Unsafe where a comment would go that stands at code which is only ``moved``."""
        for start, end, _ in removed:
            inside = [(a - start, b - start) for a, b in moved if start <= a and b <= end]
            try:
                if inside and comments.inside(self.text[start:end], inside):
                    raise Unsafe(Reason.UNSAFE_PLACE, comments.LOST, start)
            except comments.Unclear:
                raise Unsafe(Reason.UNSAFE_PLACE, comments.LOST, start) from None


def _moved(op: Op, match: Match) -> Iterator[tuple[int, int]]:
    """The spans of the user's code that ``op`` writes again, wherever it stands now."""
    new = op.nodes if isinstance(op, Insert) else (op.new,) if isinstance(op, Replace) else ()
    for node in (below for item in new for below in item.walk()):
        bound = match.bindings.get(node.fields.get("meta") or node.fields.get("run") or "", ())
        nodes = (bound,) if isinstance(bound, Node) else bound
        if nodes:
            yield nodes[0].start, nodes[-1].end
