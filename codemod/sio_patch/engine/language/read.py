"""The text of a pattern to a tree with metavariables and gaps."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from functools import cache
from typing import NamedTuple

from sio_patch.engine.language.block import Block
from sio_patch.engine.language.compiled import Pattern, PatternError
from sio_patch.engine.language.gaps import lift_conditions, run_of
from sio_patch.engine.language.readings import Misfit, Reading, readings
from sio_patch.engine.language.roles import Role, role
from sio_patch.engine.language.texts import Unreadable, has_names, read_text
from sio_patch.engine.language.withins import OPENING, Lifted, Unbalanced, Within, inside, is_within, lift_withins
from sio_patch.engine.source import Source
from sio_patch.engine.tree.node import Node
from sio_patch.engine.tree.parse import SyntaxProblem, TooDeep

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
_NO_ROOM = "`<... ...>` stands for statements or for one expression; here is room for neither"


def read_pattern(block: Block) -> Pattern:
    """A pattern that stands by itself: an expression where it is nothing but one, written without a semicolon.

    Raises PatternError.
    """
    return read_patterns((block,))[0]


def read_items(block: Block) -> Pattern:
    """A pattern of what can come into a list, or go: statements, mostly. Raises PatternError."""
    (found,) = _read([_Part(block, *lift_conditions(block.text))])
    if not found.items:
        raise PatternError(block.line, 1, "there is no code in this slice")
    if not found.reading.form.lists:
        raise PatternError(block.line, 1, "this is a part of other code, and no statement or other item of a list")
    return found.pattern(alone=False)


def read_patterns(blocks: Sequence[Block]) -> list[Pattern]:
    """Slices that are code of one kind: all of them an expression, or none. Raises PatternError."""
    slices = _read([_Part(block, *lift_conditions(block.text)) for block in blocks])
    for each in slices:
        if not each.items:
            raise PatternError(each.part.block.line, 1, "there is no code in this slice")
    return [each.pattern(alone=alone) for each, alone in _with_kind(slices)]


class _Part(NamedTuple):
    """A block, and the text of it that is to be read: without its conditions, which stand ``behind`` its gaps; of what
    is inside of a ``<... ...>`` that alone, with blanks round it.
    """

    block: Block
    text: str
    behind: Mapping[int, tuple[tuple[str, ...], int]]


def _read(parts: Sequence[_Part]) -> list[_Slice]:
    """Raises PatternError."""
    lifted = [_lifted(part) for part in parts]
    inside = _read_inside(parts, lifted)
    try:
        found = readings([each.text for each in lifted])
    except Misfit as problem:
        raise _not_javascript(problem, parts[problem.text].block) from None
    except TooDeep as problem:
        raise PatternError(parts[0].block.line, 1, str(problem)) from None
    return [_Slice(*each) for each in zip(parts, found, inside, strict=True)]


def _lifted(part: _Part) -> Lifted:
    try:
        return lift_withins(part.text)
    except Unbalanced as problem:
        message, place = problem.message, Source(part.text).place(problem.offset)
    except SyntaxProblem as problem:
        message, place = f"this slice is not JavaScript: {problem.message}", problem.place
    raise PatternError(place.line + part.block.line - 1, place.column, message)


def _read_inside(parts: Sequence[_Part], lifted: Sequence[Lifted]) -> list[dict[int, _Inside]]:
    """What each ``<... ...>`` holds, by its offset. Where all slices have as many, the first are of one kind, the
    second too, and so on.
    """
    found: list[dict[int, _Inside]] = [{} for _ in parts]
    each = [[(index, within) for within in text.withins] for index, text in enumerate(lifted)]
    alike = len({len(withins) for withins in each}) == 1
    for group in zip(*each, strict=True) if alike else ([one] for withins in each for one in withins):
        inner = [parts[index]._replace(text=inside(parts[index].text, within)) for index, within in group]
        for (index, within), (slice_, alone) in zip(group, _with_kind(_read(inner)), strict=True):
            found[index][within.start] = _Inside(within, slice_, alone)
    return found


def _with_kind(slices: Sequence[_Slice]) -> list[tuple[_Slice, bool]]:
    """Each of the slices, which are to be of one kind, and whether that is one expression."""
    alone = all(each.alone is not None for each in slices)
    return [(each, alone) for each in slices]


class _Inside(NamedTuple):
    """A ``<... ...>``, what it holds, and whether that is one expression."""

    within: Within
    held: _Slice
    alone: bool


def _not_javascript(problem: Misfit, block: Block) -> PatternError:
    word = _FIRST_WORD.match(block.text)
    if word is not None and word[1] in _PARTS:
        place = Source(block.text).place(word.start(1))
        message = f"`{word[1]}` is matched together with what it belongs to; write {_PARTS[word[1]]}"
        return PatternError(place.line + block.line - 1, place.column, message)
    line = problem.place.line + block.line - 1
    if _WHEN.search(block.text.split("\n")[problem.place.line - 1]):
        return PatternError(line, problem.place.column, "a gap with a `when !=` stands on a line of its own")
    more = "; a gap of statements ends its line" if problem.message.endswith("...") else ""
    return PatternError(line, problem.place.column, f"this slice is not JavaScript: {problem.message}{more}")


class _Slice:
    """A slice as it was read. ``alone`` is the one expression that it is, if it is one."""

    def __init__(self, part: _Part, reading: Reading, inside: Mapping[int, _Inside]) -> None:
        self.part = part
        self.reading = reading
        self.frames: int = _frames(reading.code) + max((each.held.frames for each in inside.values()), default=0)
        if self.frames > _MOST_FRAMES:
            message = "this slice is too long or too deeply nested to be searched for; show less"
            raise PatternError(part.block.line, 1, message)
        self.inside = inside
        self.patterns = _Patterns(part, inside)
        self.items = tuple([self.patterns.node(item) for item in reading.items])
        self.alone = self._alone() if self.items else None

    def pattern(self, *, alone: bool) -> Pattern:
        line, form, text = self.part.block.line, self.reading.form, self.part.block.text
        absent = {
            gap: tuple(_condition(part, line + below) for part in parts)
            for gap, (parts, below) in self.part.behind.items()
        }
        items = (self.alone,) if alone and self.alone is not None else self.items
        return Pattern(text, items, alone, absent, line, self.code(), lists=form.lists)

    def code(self) -> Node:
        """The slice as code that it matches."""
        changed = self.inside or "$$" in self.part.block.text
        return _Code(self.part, self.inside).node(self.reading.code) if changed else self.reading.code

    def _alone(self) -> Node | None:
        if self.reading.form.path:
            return self.items[0] if self.reading.form.alone else None
        sequence = _lone_sequence(self.items, self.part.text)
        return _lone_expression(self.items, self.part.text) if sequence is None else self.patterns.node(sequence)


def read_nothing(block: Block) -> Pattern:
    """The pattern of a slice without code, which matches nowhere."""
    code = Node("Program", 0, len(block.text), {"body": (), "goal": "script"})
    return Pattern(block.text, (), False, {}, block.line, code)


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
    """A parsed slice with its identifiers read as metavariables and gaps, and ``inside`` put into its ``<... ...>``."""

    def __init__(self, part: _Part, inside: Mapping[int, _Inside]) -> None:
        self.part = part
        self.text = part.text
        self.inside = inside
        spans = [each.within for each in inside.values()]
        self.ends = {span.start + len(OPENING): span.end for span in spans}  # of what ends with the name for one

    def node(self, plain: Node) -> Node:
        if plain.kind in ("Identifier", "Key") and not (plain.kind == "Key" and plain.quoted):
            return self._name(plain)
        if plain.kind == "Key":
            return self._quoted(plain)
        if plain.kind == "Literal" and plain.fields["type"] == "string" and has_names(self._code_of(plain)):
            return self._string(plain)
        if plain.kind == "PrivateIdentifier" and plain.fields["name"].startswith("$"):
            return self._private(plain)
        fields = {field: self._field(value, plain) for field, value in plain.fields.items()}
        only = self._gap_within(plain, fields) or self._statements(plain, fields)
        if only is not None:
            return only
        node = Node(plain.kind, plain.start, self.ends.get(plain.end, plain.end), fields)
        node.braced, node.shorthand, node.directive = plain.braced, plain.shorthand, plain.directive
        node.quoted = plain.quoted
        node.host, node.name = plain.host, plain.name
        for child in node.children() if node.kind != "Within" else ():
            child.parent = node
            if child.kind == "Within" and role(child) is not Role.EXPRESSION:
                raise self.error(child, _NO_ROOM)
        return node

    def _field(self, value: object, owner: Node) -> object:
        if isinstance(value, tuple):
            return tuple([None if item is None else self.node(item) for item in value])
        if not isinstance(value, Node):
            return value
        made = self.node(value)
        if made.kind == "Gap" and owner.kind not in _HOLDS_GAP:
            raise self.error(value, _ONE_THING)
        return made

    def _gap_within(self, plain: Node, fields: Mapping[str, object]) -> Node | None:
        """The gap that this node is nothing but the wrapping of. Raises PatternError where there is more to it."""
        found = next((each for field in _WRAPPING if (each := _gap(fields.get(field))) is not None), None)
        if found is None:
            return None
        more = [child for child in plain.children() if (child.start, child.end) != (found.start, found.end)]
        if more or self.text.startswith("case", plain.start):
            raise self.error(found, _ONE_THING)
        return Node("Gap", plain.start, plain.end, found.fields)

    def _statements(self, plain: Node, fields: Mapping[str, object]) -> Node | None:
        """The statements that this one is, where it is nothing but a ``<... ...>``."""
        within = fields.get("expression")
        if plain.kind != "ExpressionStatement" or not isinstance(within, Node) or within.kind != "Within":
            return None
        if plain.end > within.end:
            raise self.error(plain, "`<... ...>` stands for statements here; write no semicolon behind it")
        return Node("Within", within.start, within.end, {**within.fields, "statements": True})

    def _name(self, plain: Node) -> Node:
        name: str = plain.fields["name"]
        if is_within(name):
            return self._within(plain)
        run = run_of(name)
        if run is not None:
            return Node("Gap", plain.start, plain.end, {"run": run or None})
        if name.startswith("$$"):
            return Node(plain.kind, plain.start, plain.end, {"name": name[1:]})
        if name == "$":
            raise self.error(plain, "a lone $ is no metavariable; JavaScript's own $ is written $$")
        if name.startswith("$"):
            return Node("Meta", plain.start, plain.end, {"meta": name[1:]})
        return Node(plain.kind, plain.start, plain.end, dict(plain.fields))

    def _code_of(self, plain: Node) -> str:
        return self.text[plain.start : plain.end]

    def _string(self, plain: Node) -> Node:
        """A string with names in it."""
        try:
            found = read_text(plain, self._code_of(plain))
        except Unreadable as problem:
            raise self.error(Node("Literal", problem.offset, problem.offset, {}), problem.message) from None
        for part in found.children():
            part.parent = found
        return found

    def _quoted(self, plain: Node) -> Node:
        if has_names(self._code_of(plain)):
            raise self.error(plain, "a key is a name or a string, and not one with a name in it")
        found = Node("Key", plain.start, plain.end, dict(plain.fields))
        found.quoted = True
        return found

    def _within(self, plain: Node) -> Node:
        """``statements``: it stands for some, and not for one expression. ``single``: what it holds is one."""
        if plain.kind == "Key":
            raise self.error(plain, _NO_ROOM)
        _, held, alone = self.inside[plain.start]
        items = (held.alone,) if alone and held.alone is not None else held.items
        if len(items) == 1 and items[0].kind == "Within":
            raise self.error(items[0], "it is the only thing in another `<... ...>`, which says as much by itself")
        fields = {"inside": items, "single": alone, "statements": False, "lists": held.reading.form.lists}
        return Node("Within", plain.start, self.ends[plain.end], fields)

    def _private(self, plain: Node) -> Node:
        name: str = plain.fields["name"]
        if not name.startswith("$$"):
            raise self.error(plain, f"a metavariable stands for a private name with its #; write `{name}`")
        return Node(plain.kind, plain.start, plain.end, {"name": name[1:]})

    def error(self, node: Node, message: str) -> PatternError:
        place = Source(self.text).place(node.start)
        return PatternError(place.line + self.part.block.line - 1, place.column, message)


class _Code(_Patterns):
    """A parsed slice as code that the pattern matches: ``$$x`` is the variable ``$x``, and ``$x`` another one.

    What a ``<... ...>`` holds stands in its place.
    """

    def _name(self, plain: Node) -> Node:
        name: str = plain.fields["name"]
        if is_within(name):
            return self._held(plain)
        spelt = name
        if "$$" in self.part.block.text:
            spelt = name[1:] if name.startswith("$$") else f"${name}" if name.startswith("$") else name
        return Node(plain.kind, plain.start, plain.end, {"name": spelt})

    def _string(self, plain: Node) -> Node:
        return Node("Literal", plain.start, plain.end, dict(plain.fields))

    def _field(self, value: object, owner: Node) -> object:
        found = super()._field(value, owner)
        if not isinstance(found, tuple):
            return found
        return tuple([each for item in found for each in (item.fields["body"] if _is_program(item) else (item,))])

    def _statements(self, plain: Node, fields: Mapping[str, object]) -> Node | None:
        """What a ``<... ...>`` holds that stands for statements, as a program that is not to stay one."""
        name = plain.fields.get("expression")
        if plain.kind != "ExpressionStatement" or not isinstance(name, Node) or name.start not in self.inside:
            return None
        held = self.inside[name.start].held.code() if is_within(str(name.fields.get("name"))) else None
        if held is None or held.kind == "Program":
            return held
        return Node("Program", held.start, held.end, {"body": (held,)})

    def _held(self, plain: Node) -> Node:
        """The same in the place of an expression."""
        held = self.inside[plain.start].held.code()
        body: tuple[Node, ...] = held.statements() or ()
        if held.kind != "Program":
            return held
        if len(body) == 1 and body[0].kind == "ExpressionStatement":
            lone: Node = body[0].fields["expression"]
            return lone
        return _adopted(Node("Block", plain.start, self.ends.get(plain.end, plain.end), {"body": body}))


def _is_program(item: Node | None) -> bool:
    return item is not None and item.kind == "Program"


def _adopted(node: Node) -> Node:
    for child in node.children():
        child.parent = node
    return node
