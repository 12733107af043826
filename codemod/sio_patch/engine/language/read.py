"""The text of a pattern to a tree with metavariables and gaps."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from functools import cache

from sio_patch.engine.language.block import Block
from sio_patch.engine.language.compiled import Pattern, PatternError
from sio_patch.engine.language.gaps import Conditions, lift_conditions, run_of
from sio_patch.engine.language.readings import Misfit, Reading, readings
from sio_patch.engine.source import Source
from sio_patch.engine.tree.node import Node
from sio_patch.engine.tree.parse import TooDeep

_MOST_FRAMES = 10_000  # of the search: 3 MB of stack on Python 3.11, where generators take C stack
_FIRST_WORD = re.compile(r"\s*(\w+)")
_PARTS = {"else": "`if ($c) { ... } else { ... }`", "finally": "`try { ... } finally { ... }`"}
_WHEN = re.compile(r"\.\.\.,?[ \t]+when[ \t]+!=")
_WRAPPING = ("expression", "key", "test", "local")
_HOLDS_GAP = frozenset(
    ["ExpressionStatement", "Property", "PropertyDefinition", "SwitchCase", "ImportSpecifier", "ExportSpecifier"]
)
_ONE_THING = (
    "a gap is a run of statements, arguments, parameters, elements, members, cases or names of a module; "
    "here is room for one thing"
)


def read_pattern(block: Block) -> Pattern:
    """A pattern that stands by itself: an expression where it is nothing but one, written without a semicolon.

    Raises PatternError.
    """
    return read_patterns((block,))[0]


def read_patterns(blocks: Sequence[Block]) -> list[Pattern]:
    """Slices that are code of one kind: all of them an expression, or none. Raises PatternError."""
    lifted = [lift_conditions(block.text) for block in blocks]
    try:
        found = readings([each.text for each in lifted])
    except Misfit as problem:
        raise _not_javascript(problem, blocks[problem.text]) from None
    except TooDeep as problem:
        raise PatternError(blocks[0].line, 1, str(problem)) from None
    slices = [_Slice(*each) for each in zip(blocks, lifted, found, strict=True)]
    alone = all(each.alone is not None for each in slices)
    return [each.pattern(alone=alone) for each in slices]


def _not_javascript(problem: Misfit, block: Block) -> PatternError:
    word = _FIRST_WORD.match(block.text)
    if word is not None and word[1] in _PARTS:
        place = Source(block.text).place(word.start(1))
        message = f"`{word[1]}` is matched together with what it belongs to; write {_PARTS[word[1]]}"
        return PatternError(place.line + block.line - 1, place.column, message)
    line = problem.place.line + block.line - 1
    if _WHEN.search(block.text.split("\n")[problem.place.line - 1]):
        return PatternError(line, problem.place.column, "a gap with a `when !=` stands on a line of its own")
    return PatternError(line, problem.place.column, f"this slice is not JavaScript: {problem.message}")


class _Slice:
    """A slice as it was read. ``alone`` is the one expression that it is, if it is one."""

    def __init__(self, block: Block, lifted: Conditions, reading: Reading) -> None:
        if _frames(reading.code) > _MOST_FRAMES:
            message = "this slice is too long or too deeply nested to be searched for; show less"
            raise PatternError(block.line, 1, message)
        self.block = block
        self.lifted = lifted
        self.reading = reading
        self.text = lifted.text
        self.patterns = _Patterns(self.text, block.line)
        self.items = tuple([self.patterns.node(item) for item in reading.items])
        if not self.items:
            raise PatternError(block.line, 1, "there is no code in this slice")
        self.alone = self._alone()

    def pattern(self, *, alone: bool) -> Pattern:
        line, form = self.block.line, self.reading.form
        absent = {
            gap: tuple(_condition(part, line + below) for part in parts)
            for gap, (parts, below) in self.lifted.behind.items()
        }
        code = _Code(self.text, line).node(self.reading.code) if "$$" in self.text else self.reading.code
        items = (self.alone,) if alone and self.alone is not None else self.items
        return Pattern(self.text, items, alone, absent, line, code, lists=form.lists)

    def _alone(self) -> Node | None:
        if self.reading.form.path:
            return self.items[0] if self.reading.form.alone else None
        sequence = _lone_sequence(self.items, self.text)
        return _lone_expression(self.items, self.text) if sequence is None else self.patterns.node(sequence)


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


def _condition(text: str, line: int) -> Pattern:
    """What follows a ``when !=`` on that line of the document."""
    try:
        found = _known_condition(text)
    except PatternError as problem:
        raise PatternError(line, problem.column, problem.message) from None
    if len(found.items) > 1:
        raise PatternError(line, 1, "what follows a `when !=` is one piece of code; write `when !=` before each")
    return found


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


def _gap(value: object) -> Node | None:
    return value if isinstance(value, Node) and value.kind == "Gap" else None


class _Patterns:
    """A parsed slice with its identifiers read as metavariables and gaps."""

    def __init__(self, text: str, first_line: int) -> None:
        self.text = text
        self.first_line = first_line

    def node(self, plain: Node) -> Node:
        if plain.kind in ("Identifier", "Key") and not (plain.kind == "Key" and plain.quoted):
            return self._name(plain)
        if plain.kind == "PrivateIdentifier" and plain.fields["name"].startswith("$"):
            return self._private(plain)
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
        if made.kind == "Gap" and owner.kind not in _HOLDS_GAP:
            raise self._error(value, _ONE_THING)
        return made

    def _gap_within(self, plain: Node, fields: Mapping[str, object]) -> Node | None:
        """The gap that this node is nothing but the wrapping of. Raises PatternError where there is more to it."""
        found = next((each for field in _WRAPPING if (each := _gap(fields.get(field))) is not None), None)
        if found is None:
            return None
        more = [child for child in plain.children() if (child.start, child.end) != (found.start, found.end)]
        if more or self.text.startswith("case", plain.start):
            raise self._error(found, _ONE_THING)
        return Node("Gap", plain.start, plain.end, found.fields)

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

    def _private(self, plain: Node) -> Node:
        name: str = plain.fields["name"]
        if not name.startswith("$$"):
            raise self._error(plain, f"a metavariable stands for a private name with its #; write `{name}`")
        return Node(plain.kind, plain.start, plain.end, {"name": name[1:]})

    def _error(self, node: Node, message: str) -> PatternError:
        place = Source(self.text).place(node.start)
        return PatternError(place.line + self.first_line - 1, place.column, message)


class _Code(_Patterns):
    """A parsed slice as code that the pattern matches: ``$$x`` is the variable ``$x``, and ``$x`` another one."""

    def _name(self, plain: Node) -> Node:
        name: str = plain.fields["name"]
        spelt = name[1:] if name.startswith("$$") else f"${name}" if name.startswith("$") else name
        return Node(plain.kind, plain.start, plain.end, {"name": spelt})
