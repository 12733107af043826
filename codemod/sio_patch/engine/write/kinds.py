"""Declarations that a patch adds, in the file's own ``var``, ``let`` or ``const``, where these count as one.

A file that has only ``var`` gets ``var`` for the patch's ``const``. One that has none gets ``const`` for a ``var``
that is never assigned again, else ``let``. Where that would be other code, the patch's own word stays::

    for (const f of files) {
      const name = $x;              a ``var`` would be one variable for all rounds
      later(() => go(name));
    }
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping

from sio_patch.engine.find.found import Match
from sio_patch.engine.language.align import Replace, brought_in
from sio_patch.engine.language.compiled import Section
from sio_patch.engine.tree.node import FUNCTIONS, Node
from sio_patch.engine.tree.scope import ASSIGNED, is_target, whole_pattern
from sio_patch.engine.write.habits import Style

_LOOPS = frozenset({"ForStatement", "ForInStatement", "ForOfStatement", "WhileStatement", "DoWhileStatement"})
_WITHIN = FUNCTIONS | {"ClassBody"}
_HEADS = frozenset({"ForStatement", "ForInStatement", "ForOfStatement"})


def own_kinds(section: Section, match: Match, style: Style) -> Mapping[Node, str]:
    """The word for each declaration of the plus slice that is to have another than the patch's."""
    added = list(_added(section))
    shown = _shown(match) if added else frozenset()
    old_style = _has_only_var(shown, style) if added else None
    if old_style is None:
        return {}
    uses = _Uses(section.plus.items, match.owner, shown)
    words = {node: uses.as_var(node) if old_style else uses.as_lexical(node) for node in added}
    joined = {node: _joined(node, words) for node in words}
    return {node: word for node, word in joined.items() if word != node.fields["kind"]}


def _joined(node: Node, words: Mapping[Node, str]) -> str:
    """The one word for all parts of a comma list."""
    if node.host is None:
        return words[node]
    parts = {word for other, word in words.items() if other.host is node.host}
    return parts.pop() if len(parts) == 1 else str(node.fields["kind"]) if "var" in parts else "let"


def _added(section: Section) -> Iterator[Node]:
    for op in section.ops:
        redeclared = op.new if isinstance(op, Replace) and op.old.kind == "VariableDeclaration" else None
        for node in (below for new in brought_in(op) for below in new.walk()):
            if node.kind == "VariableDeclaration" and node is not redeclared:
                yield node


def _shown(match: Match) -> frozenset[str]:
    """The words of the declarations that the patch shows."""
    nodes = (node for node in match.pairs.values() if isinstance(node, Node))
    return frozenset(node.fields["kind"] for node in nodes if node.kind == "VariableDeclaration")


def _has_only_var(shown: frozenset[str], style: Style) -> bool | None:
    """Of the declarations that the patch shows; where it shows none, or both kinds, of the file. None for both."""
    for words in (shown, style.kinds):
        kinds = {word == "var" for word in words}
        if len(kinds) == 1:
            return kinds.pop()
    return None


class _Uses:
    """What the plus slice does with the names that it declares.

    ``owner`` is the list of the user's that it goes into; ``shown`` are the words of the declarations in its context.
    """

    def __init__(self, items: tuple[Node, ...], owner: Node, shown: frozenset[str]) -> None:
        self.nodes = [node for item in items for node in item.walk()]
        self.owner = owner
        self.shown = shown

    def as_var(self, declared: Node) -> str:
        """``var``, or the word that is there, where a variable of the whole function would be another."""
        kind: str = declared.fields["kind"]
        names = [name for each in declared.fields["declarations"] for name in _names(each)]
        if any(self._declarations(name) > 1 for name in names):
            return kind
        bare = any(each.fields["init"] is None for each in declared.fields["declarations"]) and not _is_head_of(
            declared, *_HEADS
        )
        caught = any(_is_inside_function(use, declared) for name in names for use in self._uses(name))
        return kind if self._in_loop(declared) and (bare or caught) else "var"

    def as_lexical(self, declared: Node) -> str:
        """``const`` or ``let`` for a ``var``, where all that uses it stands behind it, in its block."""
        kind: str = declared.fields["kind"]
        parts = declared.fields["declarations"]
        names = [name for each in parts for name in _names(each)]
        uses = [use for name in names for use in self._uses(name)]
        bare = any(each.fields["init"] is None for each in parts) and not _is_head_of(declared, *_HEADS)
        if kind != "var" or any(self._declarations(name) > 1 for name in names) or (bare and self._in_loop(declared)):
            return kind
        if not all(use.start >= declared.start and _holds(declared.parent, use) for use in uses):
            return kind
        if bare or any(_is_assigned(use, declared) for use in uses) or _is_head_of(declared, "ForInStatement"):
            return "let"
        of_the_users = any(use.kind == "Meta" for use in uses)  # what becomes of it is not all in the patch
        return "let" if of_the_users and self.shown != {"const"} else "const"

    def _uses(self, name: tuple[str, str]) -> list[Node]:
        return [node for node in self.nodes if _name(node) == name]

    def _declarations(self, name: tuple[str, str]) -> int:
        """How often the slice declares it, in one place or another."""
        return sum(is_target(node) and not _is_assigned(node, None) for node in self._uses(name))

    def _in_loop(self, node: Node) -> bool:
        above: Node | None = node.parent
        passed_pattern = False
        while above is not None or not passed_pattern:
            if above is None:
                above, passed_pattern = self.owner, True
                continue
            if above.kind in _LOOPS:
                return True
            if above.kind in _WITHIN:
                return False
            above = above.parent
        return False


def _names(declarator: Node) -> Iterator[tuple[str, str]]:
    found = (_name(node) for node in declarator.fields["id"].walk() if node.kind in ("Identifier", "Meta"))
    return (name for name in found if name is not None)


def _name(node: Node) -> tuple[str, str] | None:
    if node.kind == "Identifier":
        return node.kind, node.fields["name"]
    return (node.kind, node.fields["meta"]) if node.kind == "Meta" else None


def _is_head_of(declared: Node, *kinds: str) -> bool:
    return declared.parent is not None and declared.parent.kind in kinds


def _is_assigned(use: Node, declared: Node | None) -> bool:
    """Whether ``use`` stores to the variable, other than by ``declared``."""
    top = whole_pattern(use)
    holder = top.parent
    return holder is not None and holder is not declared and holder.fields.get(ASSIGNED.get(holder.kind, "")) is top


def _is_inside_function(use: Node, declared: Node) -> bool:
    """Whether a function between the two makes ``use`` that of another time."""
    above = use.parent
    while above is not None and above is not declared.parent:
        if above.kind in _WITHIN:
            return True
        above = above.parent
    return False


def _holds(node: Node | None, inner: Node) -> bool:
    above: Node | None = inner
    while above is not None and above is not node:
        above = above.parent
    return above is node
