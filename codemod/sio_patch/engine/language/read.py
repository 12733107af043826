"""The text of a pattern to a tree with metavariables and gaps."""

from __future__ import annotations

import re
from collections.abc import Mapping
from functools import cache

from sio_patch.engine.language.block import Block
from sio_patch.engine.language.compiled import Pattern, PatternError
from sio_patch.engine.language.gaps import lift_conditions, run_of, with_gaps
from sio_patch.engine.source import Source
from sio_patch.engine.tree.node import Node
from sio_patch.engine.tree.parse import SyntaxProblem, TooDeep, parse

_MOST_FRAMES = 10_000  # of the search: 3 MB of stack on Python 3.11, where generators take C stack
_EXPORTED = re.compile(r"Export '(.+)' is not defined")


def read_pattern(block: Block, *, statements: bool = False) -> Pattern:
    """A pattern that stands by itself: an expression where it is nothing but one, written without a semicolon, unless
    it is to be ``statements``. Raises PatternError.
    """
    plain, behind = lift_conditions(block.text)
    tree = _tree(plain, block.line)
    absent = {
        gap: tuple(_condition(part, block.line + line) for part in parts) for gap, (parts, line) in behind.items()
    }
    if _frames(tree) > _MOST_FRAMES:
        raise PatternError(block.line, 1, "this slice is too long or too deeply nested to be searched for; show less")
    code = _Code(plain, block.line).node(tree) if "$$" in plain else tree
    patterns = _Patterns(plain, block.line)
    items = tuple([patterns.node(item) for item in tree.fields["body"] if item.start < len(plain)])
    if not items:
        raise PatternError(block.line, 1, "there is no code in this slice")
    sequence = _lone_sequence(items, plain)
    expression = _lone_expression(items, plain) if sequence is None else patterns.node(sequence)
    if expression is not None and not statements:
        return Pattern(plain, (expression,), True, absent, block.line, code)
    return Pattern(plain, items, False, absent, block.line, code)


def _frames(tree: Node) -> int:
    """How deep the search for this code recurses at most: for each item before a node in its lists, and each level."""
    most = 0
    stack = [(tree, 0)]
    while stack:
        node, frames = stack.pop()
        most = max(most, frames)
        for value in node.fields.values():
            items = value if isinstance(value, tuple) else (value,)
            stack += [(item, frames + index + 5) for index, item in enumerate(items) if isinstance(item, Node)]
    return most


def _tree(text: str, line: int) -> Node:
    try:
        return _parsed(with_gaps(text))
    except SyntaxProblem as problem:
        place = problem.place
        message = f"this slice is not JavaScript: {problem.message}"
        raise PatternError(place.line + line - 1, place.column, message) from None
    except TooDeep as problem:
        raise PatternError(line, 1, str(problem)) from None


def _parsed(code: str) -> Node:
    """Behind the code stand declarations of what it exports: a slice need not show where that is declared."""
    try:
        return parse(Source(code))
    except SyntaxProblem as problem:
        exported = _EXPORTED.fullmatch(problem.message)
        if exported is None:
            raise
    return _parsed(f"{code}\nvar {exported[1]};")


def _condition(text: str, line: int) -> Pattern:
    """What follows a ``when !=`` on that line of the document."""
    try:
        return _known_condition(text)
    except PatternError as problem:
        raise PatternError(line, problem.column, problem.message) from None


@cache
def _known_condition(text: str) -> Pattern:
    """The same conditions come back in every form of a patch."""
    return read_pattern(Block(text))


def _lone_sequence(items: tuple[Node, ...], text: str) -> Node | None:
    """The host of ``items``, where they are all that is in one pair of brackets."""
    host = items[0].host
    if host is None or host.kind != "ExpressionStatement" or items[-1].host is not host:
        return None
    sequence: Node = host.fields["expression"]
    return sequence if text[: sequence.start].strip() == "(" and text[sequence.end :].strip() == ")" else None


def _lone_expression(items: tuple[Node, ...], text: str) -> Node | None:
    """The expression, where the pattern is nothing but one, written without a semicolon."""
    if len(items) != 1 or items[0].kind != "ExpressionStatement" or text[items[0].end - 1] == ";":
        return None
    found: Node = items[0].fields["expression"]
    return found


class _Patterns:
    """A parsed slice with its identifiers read as metavariables and gaps."""

    def __init__(self, text: str, first_line: int) -> None:
        self.text = text
        self.first_line = first_line

    def node(self, plain: Node) -> Node:
        if plain.kind in ("Identifier", "Key") and not (plain.kind == "Key" and plain.quoted):
            return self._name(plain)
        fields = {field: self._field(value, plain) for field, value in plain.fields.items()}
        gap = self._gap_within(plain, fields)
        if gap is not None:
            return gap
        node = Node(plain.kind, plain.start, plain.end, fields)
        node.braced, node.shorthand, node.directive = plain.braced, plain.shorthand, plain.directive
        node.quoted = plain.quoted
        node.host, node.name = plain.host, plain.name
        for child in node.children():
            child.parent = node
        return node

    def _field(self, value: object, owner: Node) -> object:
        if isinstance(value, tuple):
            return tuple([None if item is None else self.node(item) for item in value])
        if not isinstance(value, Node):
            return value
        made = self.node(value)
        if made.kind == "Gap" and owner.kind not in ("ExpressionStatement", "Property", "PropertyDefinition"):
            raise self._error(
                value,
                "a gap is a run of statements, arguments, parameters, elements or members; here is room for one thing",
            )
        return made

    def _gap_within(self, plain: Node, fields: Mapping[str, object]) -> Node | None:
        """The gap that this node is nothing but the wrapping of."""
        for field in ("expression", "key"):
            inner = fields.get(field)
            if isinstance(inner, Node) and inner.kind == "Gap":
                return Node("Gap", plain.start, plain.end, inner.fields)
        return None

    def _name(self, plain: Node) -> Node:
        name: str = plain.fields["name"]
        run = run_of(name)
        if run is not None:
            return Node("Gap", plain.start, plain.end, {"run": run or None})
        if name.startswith("$$"):
            return Node(plain.kind, plain.start, plain.end, {"name": name[1:]})
        if name == "$":
            raise self._error(plain, "a lone $ is no metavariable; JavaScript's own $ is written $$")
        if name.startswith("$"):
            return Node("Meta", plain.start, plain.end, {"meta": name[1:]})
        return Node(plain.kind, plain.start, plain.end, dict(plain.fields))

    def _error(self, node: Node, message: str) -> PatternError:
        place = Source(self.text).place(node.start)
        return PatternError(place.line + self.first_line - 1, place.column, message)


class _Code(_Patterns):
    """A parsed slice as code that the pattern matches: ``$$x`` is the variable ``$x``, and ``$x`` another one."""

    def _name(self, plain: Node) -> Node:
        name: str = plain.fields["name"]
        spelt = name[1:] if name.startswith("$$") else f"${name}" if name.startswith("$") else name
        return Node(plain.kind, plain.start, plain.end, {"name": spelt})
