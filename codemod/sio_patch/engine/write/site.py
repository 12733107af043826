"""One match and all that is needed to write code of the patch there."""

from __future__ import annotations

from collections.abc import Mapping

from sio_patch.engine.find.found import Match
from sio_patch.engine.tree.node import Node
from sio_patch.engine.tree.scope import name_is_free
from sio_patch.engine.write import habits, seams, statements
from sio_patch.engine.write.capture import captured
from sio_patch.engine.write.template import Template, reindented
from sio_patch.engine.write.unsafe import Unsafe
from sio_patch.verdict import Reason


class Site:
    """``plus`` is the text of the plus slice, ``text`` the user's. ``template`` writes the one for the other."""

    def __init__(
        self,
        plus: str,
        text: str,
        match: Match,
        parameters: Mapping[str, str],
        style: habits.Style,
        kinds: Mapping[Node, str],
    ) -> None:
        self.plus = plus
        self.text = text
        self.match = match
        self.style = style
        self.template = Template(plus, match.bindings, text, parameters, style, kinds)

    def user(self, pattern: Node) -> Node:
        """The user's node that ``pattern`` matched. Raises Unsafe where the code is of a form that has none for it."""
        (found,) = self.users(pattern)
        return found

    def users(self, pattern: Node) -> tuple[Node, ...]:
        """As ``user``; ``pattern`` may be a gap."""
        found = self.match.pairs.get(pattern)
        if found is None:
            at = self.match.items[0] if self.match.items else self.match.owner
            raise Unsafe.place("the function is written in a form that does not have what the patch changes", at)
        return (found,) if isinstance(found, Node) else found

    def bound(self, pattern: Node) -> Node:
        """What ``pattern`` will be in the user's file: for a metavariable the code that it stands for."""
        found = self.match.bindings.get(pattern.fields["meta"]) if pattern.kind == "Meta" else None
        return found if isinstance(found, Node) else pattern

    def written(self, node: Node) -> str:
        """``node``, of the plus slice, filled in."""
        return self.template.fill(node.start, node.end, [node])

    def reindented(self, bare: str, start: int, nodes: tuple[Node, ...], habit: tuple[str, str], ending: str) -> str:
        """``bare``, which is filled in from ``start`` of the plus slice, with the indentation and unit of ``habit``."""
        base = len(habits.indentation(self.plus, start))
        return reindented(bare, base, *habit, ending, lines_in_templates(self.plus, start, nodes))

    def laid_out(self, bare: str, start: int, nodes: tuple[Node, ...], at: Node) -> str:
        """As ``reindented``, for the line on which ``at``, a part of a statement, begins."""
        if "\n" not in bare and seams.MOVED not in bare:
            return bare
        habit = (habits.indentation(self.text, at.start), statements.unit(self.text, at))
        return self.reindented(bare, start, nodes, habit, habits.line_ending(self.text, at.start))

    def check_names(self, names: frozenset[str], at: Node) -> None:
        """Raises Unsafe where one of the ``names`` to be declared is in use already."""
        for name in sorted(names):
            if not name_is_free(name, at):
                message = f"the patch declares `{name}`, and the code around already uses that name"
                raise Unsafe(Reason.NAME_TAKEN, message, at.start)

    def check_captures(self, nodes: tuple[Node, ...], at: Node, there: frozenset[str] = frozenset()) -> None:
        """Raises Unsafe where the user's code would come under a declaration of the patch, as it is not ``there``."""
        here = frozenset(name for node in nodes for name in captured(node, self.match.bindings))
        check_meaning(here - there, at)


def check_meaning(changed: frozenset[str], at: Node) -> None:
    """Raises Unsafe for each name in ``changed``: what stands for one thing now would stand for another."""
    for name in sorted(changed):
        message = f"the code to put in has its own `{name}`, and the code that goes inside it uses the one around it"
        raise Unsafe(Reason.NAME_TAKEN, message, at.start)


def lines_in_templates(plus: str, start: int, nodes: tuple[Node, ...]) -> set[int]:
    """Numbers of the lines, counted from ``start``, that begin inside a template literal."""
    inside: set[int] = set()
    for node in nodes:
        for below in node.walk():
            if below.kind == "TemplateElement":
                first = plus.count("\n", start, below.start)
                inside.update(range(first + 1, first + 1 + plus.count("\n", below.start, below.end)))
    return inside
