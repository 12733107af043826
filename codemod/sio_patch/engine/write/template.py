"""Text of the plus slice made ready for a user's file: metavariables filled in, re-indented, with the file's line
ending.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping, Sequence
from types import MappingProxyType

from sio_patch.engine.edits import Edit, Edits
from sio_patch.engine.language.roles import is_shorthand_key, is_word
from sio_patch.engine.language.texts import text_of, undoubled
from sio_patch.engine.source import Source
from sio_patch.engine.tree.node import Node, own_nodes, parts_of
from sio_patch.engine.tree.parse import parse
from sio_patch.engine.tree.trivia import skip_trivia
from sio_patch.engine.write import comments
from sio_patch.engine.write.brackets import leads, needs_parentheses, opens_otherwise, outer, parenthesised
from sio_patch.engine.write.habits import Style
from sio_patch.engine.write.places import check_bound
from sio_patch.engine.write.seams import END, HELD, LOOSE, MOVED, PLACED, is_loose
from sio_patch.engine.write.shift import movable
from sio_patch.engine.write.unsafe import Unsafe


def parameter(value: str, parent: Node | None, stands_for: Node, bracketed: bool) -> str:
    """A parameter's value as it is written below ``parent``, in brackets where it wants them and has none."""
    (statement,) = parse(Source(value)).fields["body"]
    lone = bracketed or not needs_parentheses(statement.fields["expression"], parent, stands_for)
    return value if lone else f"({value})"


NO_KINDS: Mapping[Node, str] = MappingProxyType({})


class Template:
    """The plus slice's text, and what the metavariables stand for in the user's text."""

    def __init__(
        self,
        plus: str,
        bindings: Mapping[str, Node | tuple[Node, ...]],
        text: str,
        parameters: Mapping[str, str],
        style: Style | None = None,
        kinds: Mapping[Node, str] = NO_KINDS,
    ) -> None:
        self.plus = plus
        self.bindings = bindings
        self.text = text
        self.parameters = parameters
        self.style = style
        self.kinds = kinds  # for a declaration of the plus slice another word than its own

    def fill(self, start: int, end: int, nodes: Iterable[Node]) -> str:
        """``plus[start:end]``, in which ``nodes`` stand, as it shall stand in the user's file once it is settled.

        Until then ends of statements without a semicolon are marked, and so are the user's own line feeds.
        """
        edits: list[Edit] = []
        for node in nodes:
            for below in own_nodes(node):
                edits += self._substitution(below)
        return Edits.of(
            Edit(edit.start - start, edit.end - start, edit.new)
            for edit in edits
            if start <= edit.start and edit.end <= end
        ).apply(self.plus[start:end])

    def _substitution(self, node: Node) -> list[Edit]:
        if is_shorthand_key(node) or (node.parent is not None and node.parent.kind == "Literal"):
            return []  # its value, or the string that it is a part of, is the same token
        if node.kind == "Meta":
            return [Edit(node.start, node.end, self._bound(node))]
        if node.kind == "Gap" and node.fields["run"]:
            return self._run(node)
        if node.kind in ("Identifier", "Key") and self.plus.startswith("$$", node.start):
            return [Edit(node.start, node.start + 1, "")]
        if node.kind == "Literal" and node.fields["type"] == "string":
            return self._string(node)
        kind = self._kind(node)
        if node.kind in LOOSE and node.host is None and is_loose(self.plus, node):
            return [*kind, Edit(node.end, node.end, END)]
        return kind

    def _kind(self, node: Node) -> list[Edit]:
        """The file's own ``var``, ``let`` or ``const``."""
        start = (node.host or node).start
        if node not in self.kinds or (node.host is not None and parts_of(node.host)[0].start != node.start):
            return []
        return [Edit(start, start + len(node.fields["kind"]), self.kinds[node])]

    def _string(self, node: Node) -> list[Edit]:
        """The file's own quotation marks, where nothing inside the string minds. Names in it are filled in."""
        code = self.plus[node.start + 1 : node.end - 1]
        inside = "".join(map(self._text, node.fields["parts"])) if "parts" in node.fields else undoubled(code)
        if self.style is None or set(inside) & {"'", '"', "\\"}:
            return [Edit(node.start + 1, node.end - 1, inside)] if inside != code else []
        return [Edit(node.start, node.end, f"{self.style.quote}{inside}{self.style.quote}")]

    def _text(self, part: Node) -> str:
        """What is written for a part of a string. Raises Unsafe for a name that stands for other code."""
        if part.kind == "Chars":
            return str(part.fields["value"])
        bound = self.bindings[part.fields["meta"]]
        assert isinstance(bound, Node)
        found = text_of(bound)
        if found is None:
            code = " ".join(self.text[bound.start : bound.end].split())
            raise Unsafe.place(f"the patch writes `{code}` into a string, and it is no name and no plain string", bound)
        return found

    def _bound(self, node: Node) -> str:
        name = node.fields["meta"]
        if name in self.parameters:
            return parameter(self.parameters[name], node.parent, node, parenthesised(self.plus, node))
        bound = self.bindings[name]
        assert isinstance(bound, Node)
        check_bound(bound, node, self.text)
        spelt = bound.kind not in ("Key", "Word") or not is_word(bound.fields["name"])
        text = movable(self.text, (bound.start, bound.end), [bound]) if spelt else str(bound.fields["name"])
        alone = not needs_parentheses(bound, node.parent, node) and not (leads(node) and opens_otherwise(text))
        return text if alone or parenthesised(self.plus, node) else f"({text})"

    def _run(self, gap: Node) -> list[Edit]:
        """A run's own text; an empty run goes together with a comma beside it."""
        bound = self.bindings[gap.fields["run"]]
        assert isinstance(bound, tuple)
        for item in bound:
            check_bound(item, gap, self.text)
        siblings = _siblings(gap)
        is_statements = gap.parent is not None and gap.parent.statements() == siblings
        if bound and is_statements:
            return [Edit(gap.start, gap.end, self._statements(gap, bound))]
        if bound:
            span = outer(self.text, bound[0])[0], outer(self.text, bound[-1])[1]
            return [Edit(gap.start, gap.end, movable(self.text, span, bound))]
        if all(map(self._is_empty, siblings)):
            return [self._nothing(siblings)] if gap is siblings[0] else []
        after = skip_trivia(self.plus, gap.end)
        if is_statements:
            return [self._no_statement(gap, siblings, after)]
        if self.plus[after : after + 1] == ",":
            return [Edit(gap.start, skip_trivia(self.plus, after + 1), "")]
        before = re.search(r",\s*$", self.plus[: gap.start])
        return [Edit(before.start() if before else gap.start, gap.end, "")]

    def _statements(self, gap: Node, bound: tuple[Node, ...]) -> str:
        """The statements of a run with their comments; with an end where the last has none."""
        start, end = comments.run_span(self.text, bound)
        code = movable(self.text, (start, end), bound)
        ends_line = "//" in self.text[bound[-1].end : end].rpartition("\n")[2]
        if ends_line and self.plus[gap.end : gap.end + 1] != "\n":
            return code + HELD
        return code + END * is_loose(self.text, bound[-1].host or bound[-1])

    def _no_statement(self, gap: Node, siblings: Sequence[Node], after: int) -> Edit:
        """A run of nothing among statements, with the blanks before what follows; at the end behind what precedes."""
        index = siblings.index(gap)
        if index + 1 < len(siblings):
            return Edit(gap.start, after, "")
        start = gap.start if self._is_empty(siblings[index - 1]) else len(self.plus[: gap.start].rstrip())
        return Edit(start, gap.end, "")

    def _is_empty(self, node: Node) -> bool:
        return node.kind == "Gap" and self.bindings.get(node.fields["run"] or "") == ()

    def _nothing(self, runs: Sequence[Node]) -> Edit:
        """All of a list that has come to hold nothing, and the blanks in its braces."""
        start, end = runs[0].start, runs[-1].end
        inner = len(self.plus[:start].rstrip()), skip_trivia(self.plus, end)
        between = self.plus[inner[0] - 1 : inner[0]] + self.plus[inner[1] : inner[1] + 1]
        return Edit(*inner, "") if between == "{}" else Edit(start, end, "")


def _siblings(gap: Node) -> tuple[Node, ...]:
    """The list of the plus slice that the gap stands in."""
    lists = gap.parent.fields.values() if gap.parent is not None else ()
    found = (items for items in lists if isinstance(items, tuple) and any(item is gap for item in items))
    return tuple(item for item in next(found, (gap,)) if item is not None)


def flattened(text: str) -> str:
    """``text`` on one line, where no comment ends one of its lines and none begins inside a template."""
    return text if "//" in text or "`" in text else re.sub(r"[ \t]*\n\s*", " ", text)


def reindented(text: str, base: int, indent: str, unit: str, ending: str, fixed: Iterable[int] = ()) -> str:
    """``text`` with its lines after the first moved from column ``base`` to ``indent``.

    With ``base`` 2 (the patch's first line stands there), ``indent`` two tabs and ``unit`` a tab::

        if (ready) {             if (ready) {
            close(a);     ->     ⟶   ⟶   ⟶   close(a);
          }                      ⟶   ⟶   }

    The patch's smallest step to the right is one ``unit``. The user's own lines in it move along. Lines whose number
    (from 0) is in ``fixed`` begin inside a template literal and stay as they are; those that are blank because they are
    the other slice's go.
    """
    keep = frozenset(fixed)
    lines = text.split("\n")
    depths = [len(line) - len(line.lstrip(" ")) - base for line in lines[1:] if line.strip()]
    step = min((depth for depth in depths if depth > 0), default=2)
    out = [lines[0].replace(MOVED, PLACED + indent)]
    for number, line in enumerate(lines[1:], 1):
        bare = line.lstrip(" ")
        levels, rest = divmod(max(0, len(line) - len(bare) - base), step)
        lead = indent + unit * levels + " " * rest
        if number in keep:
            out.append(line.replace(MOVED, PLACED + lead))
        elif bare or not line:
            out.append((lead + bare).replace(MOVED, PLACED + lead) if bare else "")
    return ending.join(out)
