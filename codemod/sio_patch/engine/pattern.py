"""Semantic patches as data: the text of a ``diff`` block, or of a fixed form, becomes trees with metavariables and
gaps.

Both slices of a diff are parsed in the block's own coordinates: the lines of the other side are blanked, not dropped.
So a context
line has the same offsets in both trees, and a place in a tree is a place in the document.
"""

from __future__ import annotations

import re
from collections.abc import Collection, Iterator, Mapping, Sequence
from enum import StrEnum
from functools import cache
from typing import NamedTuple, TypeVar

from sio_patch.engine.language.align import Delete, Insert, Op, Replace, UnplacedInsertion, align, same_code
from sio_patch.engine.language.block import Block
from sio_patch.engine.language.options import Equivalence, Matches, Scope
from sio_patch.engine.language.positions import Position, is_shorthand_key, position
from sio_patch.engine.source import Place, Source
from sio_patch.engine.tree.node import Node, parts_of
from sio_patch.engine.tree.parse import SyntaxProblem, TooDeep, parse, tokens

Option = TypeVar("Option", bound=StrEnum)

# `...` is no JavaScript of its own. Before parsing it becomes an identifier of the same length, so that offsets hold:
# U+01C3 is a letter
# to JavaScript, and no source that anybody writes has it in a name.
_GAP = "\u01c3__"
_GAP_STATEMENT = "\u01c3_;"
_RUN = "\u01c3___"
_ANYTHING = frozenset({"Meta", "Gap", "ExpressionStatement"})
_WHEN_LINE = re.compile(r"^([ \t]*\.\.\.)((?:[ \t]+when[ \t]+!=[ \t]+\S.*?)+)[ \t]*$", re.MULTILINE)
_WHEN = re.compile(r"[ \t]+when[ \t]+!=[ \t]+")


class PatternError(ValueError):
    """A pattern that cannot be used. ``line`` counts in the document, from 1."""

    def __init__(self, line: int, column: int, message: str) -> None:
        super().__init__(f"line {line}, column {column}: {message}")
        self.line = line
        self.column = column
        self.message = message


class Pattern(NamedTuple):
    """What to look for: one expression, or statements that follow each other in one list (with ``whole``, a program's).

    ``absent`` gives for a gap (by its offset) the patterns that nothing which the gap absorbs may contain.
    """

    text: str
    items: tuple[Node, ...]
    is_expression: bool
    absent: Mapping[int, tuple[Pattern, ...]]
    first_line: int
    whole: bool = False
    waived: frozenset[str] = frozenset()

    @property
    def names(self) -> frozenset[str]:
        """The literal names that must occur in any text that this matches."""
        return frozenset(name for item in self.items for name in names_in(item)) - self.waived

    @property
    def metavariables(self) -> frozenset[str]:
        return frozenset(
            name
            for item in self.items
            for node in item.walk()
            if (name := node.fields.get("meta") or node.fields.get("run"))
        )

    def place(self, node: Node) -> Place:
        """Where ``node`` stands in the document."""
        place = Source(self.text).place(node.start)
        return Place(place.line + self.first_line - 1, place.column)

    def quote(self, node: Node) -> str:
        """The pattern's own text of ``node``, on one line."""
        return " ".join(self.text[node.start : node.end].split())


class SemanticPatch(NamedTuple):
    """A compiled patch. ``ops`` say how the minus slice becomes the plus slice.

    ``insufficient`` forms look like a cure and are none: where one matches, a report says so. ``sites`` are the places
    that the patch is about, whatever their shape: one that nothing else explains is not understood.
    """

    minus: Pattern
    plus: Pattern
    ops: tuple[Op, ...]
    context: frozenset[int]
    fixed: tuple[Pattern, ...]
    insufficient: tuple[Pattern, ...]
    sites: tuple[Pattern, ...]
    equivalent: frozenset[Equivalence]
    matches: Matches

    @property
    def names(self) -> frozenset[str]:
        return self.minus.names


def compile_patch(
    diff: Block | str,
    *,
    fixed: Sequence[Block | str] = (),
    equivalent: Collection[str] = (),
    matches: str = Matches.ONE,
    insufficient: Sequence[Block | str] = (),
    sites: Sequence[Block | str] = (),
    parameters: Collection[str] = (),
    scope: str = Scope.ANYWHERE,
) -> SemanticPatch:
    """Compile a ``diff`` block and the forms that go with it.

    ``equivalent``, ``matches`` and ``scope`` are spelt as in `options`. ``parameters`` are metavariables that the
    patch's user sets. With the scope ``program`` the diff and the fixed forms are each about a whole file, from its
    first statement after the directives to its last. Raises PatternError, which names the line.
    """
    block = Block.of(diff)
    same = frozenset(option(Equivalence, value, block.line) for value in equivalent)
    how_many = option(Matches, matches, block.line)
    whole = option(Scope, scope, block.line) is Scope.PROGRAM
    minus_text, plus_text, context = _slices(block.text, block.line)
    minus, plus = _compile(minus_text, block.line), _compile(plus_text, block.line)
    if minus.is_expression != plus.is_expression:
        minus, plus = (_compile(text, block.line, statements=True) for text in (minus_text, plus_text))
    minus, plus = (waive(pattern, same)._replace(whole=whole) for pattern in (minus, plus))
    ops = _ops(minus, plus, context, parameters)
    forms = tuple(waive(compile_pattern(form), same)._replace(whole=whole) for form in fixed)
    for pattern in (minus, plus, *forms):
        _check_tellable(pattern)
    places = tuple(compile_pattern(site) for site in sites)
    weak = tuple(compile_pattern(form) for form in insufficient)
    return SemanticPatch(minus, plus, ops, context, forms, weak, places, same, how_many)


def option(options: type[Option], value: str, line: int = 1) -> Option:
    """What ``value`` spells. Raises PatternError with the line."""
    try:
        return options(value)
    except ValueError:
        message = f"{options.__name__.lower()} is {value!r}; it takes {', '.join(options)}"
        raise PatternError(line, 1, message) from None


def reversed_patch(patch: SemanticPatch) -> SemanticPatch:
    """The patch from the plus slice to the minus slice. It has no other forms.

    Raises PatternError where something was removed that cannot be known, or not be placed, from what is left.
    """
    minus, plus = patch.plus, patch.minus
    return SemanticPatch(
        minus, plus, _ops(minus, plus, patch.context, ()), patch.context, (), (), (), patch.equivalent, patch.matches
    )


def _ops(minus: Pattern, plus: Pattern, context: frozenset[int], parameters: Collection[str]) -> tuple[Op, ...]:
    unbound = plus.metavariables - minus.metavariables - frozenset(parameters)
    for node in (node for item in plus.items for node in item.walk()):
        name = node.fields.get("meta") or node.fields.get("run")
        if name in unbound:
            place = plus.place(node)
            raise PatternError(place.line, place.column, f"the added lines use ${name}, which nothing before binds")
    try:
        ops = align(minus.items, plus.items, context)
    except UnplacedInsertion as problem:
        place = plus.place(problem.node)
        raise PatternError(place.line, place.column, str(problem)) from None
    if not ops:
        raise PatternError(minus.first_line, 1, "the patch changes nothing: it has no '-' or '+' line that differs")
    _check_positions(minus, plus, parameters)
    for node in (node for op in ops for node in _parts_alone(op)):
        place = plus.place(node)
        message = f"`{plus.quote(node)}` is joined to other code by a comma; write it as a statement of its own"
        raise PatternError(place.line, place.column, message)
    for gap in (gap for op in ops for gap in _written_gaps(op)):
        place = plus.place(gap)
        message = "added code cannot hold `...`, for nothing says what to write there; a run `$...name` can be written"
        raise PatternError(place.line, place.column, message)
    return ops


def _check_tellable(pattern: Pattern) -> None:
    """Raises PatternError for a pattern that is anywhere. A whole program is one place in any case."""
    if pattern.whole or any(node.kind not in _ANYTHING for item in pattern.items for node in item.walk()):
        return
    place = pattern.place(pattern.items[0])
    message = "metavariables and gaps alone are found anywhere; add code by which the place can be told"
    raise PatternError(place.line, place.column, message)


def _check_positions(minus: Pattern, plus: Pattern, parameters: Collection[str]) -> None:
    """A member's name and an expression are spelt alike, and yet code of the one kind is not that of the other."""
    known, written = _positions(minus), _positions(plus)
    for meta in (meta for meta in _metas(plus) if not is_shorthand_key(meta)):
        name, here = meta.fields["meta"], position(meta)
        if here is Position.EXPRESSION and Position.TARGET in written[name]:
            continue  # the patch declares a variable of that name
        if here is Position.TARGET or name in parameters:
            continue
        wrong = Position.EXPRESSION if here is Position.NAME else Position.NAME
        if known[name] == {wrong}:
            place = plus.place(meta)
            message = f"${name} is {here.value} here, and all that binds it is {wrong.value}"
            raise PatternError(place.line, place.column, message)


def _positions(pattern: Pattern) -> Mapping[str, set[Position]]:
    """In which positions each metavariable stands."""
    found: dict[str, set[Position]] = {}
    for meta in _metas(pattern):
        found.setdefault(meta.fields["meta"], set()).add(position(meta))
    return found


def _metas(pattern: Pattern) -> Iterator[Node]:
    return (node for item in pattern.items for node in item.walk() if node.kind == "Meta")


def _parts_alone(op: Op) -> Iterator[Node]:
    """Parts of a comma list that ``op`` would have to write without the rest of it."""
    new = op.nodes if isinstance(op, Insert) else (op.new,) if isinstance(op, Replace) else ()
    for node in new:
        if node.host is not None and sum(other.host is node.host for other in new) < len(parts_of(node.host)):
            yield node


def _written_gaps(op: Op) -> Iterator[Node]:
    """Anonymous gaps in code that ``op`` would have to write; old code that it is put round, or leaves, is not."""
    if isinstance(op, Delete) or (isinstance(op, Replace) and any(same_code(node, op.new) for node in op.old.walk())):
        return
    new = op.nodes if isinstance(op, Insert) else (op.new,)
    kept = [node for node in op.new.walk() if same_code(node, op.old)] if isinstance(op, Replace) else []
    for gap in (node for item in new for node in item.walk() if node.kind == "Gap" and node.fields["run"] is None):
        if len(kept) != 1 or not kept[0].start <= gap.start < kept[0].end:
            yield gap


def compile_pattern(pattern: Block | str) -> Pattern:
    """Compile a pattern that stands by itself. Raises PatternError."""
    return _compile(*Block.of(pattern))


def waive(pattern: Pattern, equivalent: Collection[str]) -> Pattern:
    """``pattern``, which with function forms may match a text without the name `prototype`: a class has none."""
    return pattern._replace(waived=frozenset({"prototype"} if Equivalence.FUNCTION_FORMS in equivalent else ()))


def names_in(code: Node) -> frozenset[str]:
    """The literal names in a part of a pattern; not its numeric keys, which can be spelt in many ways."""
    names = (node.fields["name"] for node in code.walk() if node.kind in ("Identifier", "Key"))
    return frozenset(name for name in names if not name[:1].isdigit())


def _slices(diff: str, first_line: int) -> tuple[str, str, frozenset[int]]:
    """The minus and the plus text, each with the other's lines blank, and the offsets at which a context line starts or
    goes on.
    """
    minus: list[str] = []
    plus: list[str] = []
    context: set[int] = set()
    offset = 0
    for number, line in enumerate(diff.split("\n"), first_line):
        marker, code = line[:1] or " ", line[1:]
        if marker not in " -+":
            raise PatternError(number, 1, f"the first column is {marker!r}; it must be a space, '-' or '+'")
        blank = " " * len(code)
        minus.append(blank if marker == "+" else code)
        plus.append(blank if marker == "-" else code)
        if marker == " ":
            context.update(range(offset, offset + len(code) + 1))
        offset += len(code) + 1
    return "\n".join(minus), "\n".join(plus), frozenset(context)


def _compile(text: str, first_line: int, *, statements: bool = False) -> Pattern:
    absent: dict[int, tuple[Pattern, ...]] = {}

    def lift(match: re.Match[str]) -> str:
        line = first_line + text.count("\n", 0, match.start())
        absent[match.end(1) - 3] = tuple(_condition(part, line) for part in _WHEN.split(match[2])[1:])
        return match[1] + " " * (len(match[0]) - len(match[1]))

    plain = _WHEN_LINE.sub(lift, text)
    try:
        tree = parse(Source(_with_gaps(plain)))
    except SyntaxProblem as problem:
        line = problem.place.line + first_line - 1
        raise PatternError(line, problem.place.column, f"this slice is not JavaScript: {problem.message}") from None
    except TooDeep as problem:
        raise PatternError(first_line, 1, str(problem)) from None
    patterns = _Patterns(plain, first_line)
    items = tuple(patterns.node(item) for item in tree.fields["body"])
    if not items:
        raise PatternError(first_line, 1, "there is no code in this slice")
    sequence = _lone_sequence(items, plain)
    expression = _lone_expression(items, plain) if sequence is None else patterns.node(sequence)
    if expression is not None and not statements:
        return Pattern(plain, (expression,), True, absent, first_line)
    return Pattern(plain, items, False, absent, first_line)


def _condition(text: str, line: int) -> Pattern:
    """What follows a ``when !=`` on that line of the document."""
    try:
        return _known_condition(text)
    except PatternError as problem:
        raise PatternError(line, problem.column, problem.message) from None


@cache
def _known_condition(text: str) -> Pattern:
    """The same conditions come back in every form of a patch."""
    return _compile(text, 1)


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


def _with_gaps(text: str) -> str:
    """``text`` with each gap and run replaced by an identifier of its own length."""
    found = tokens(text) if "..." in text else []
    pieces, done = [], 0
    for index, (_, start, end) in enumerate(found):
        if text[start:end] != "...":
            continue
        before = found[index - 1] if index else None
        after = found[index + 1] if index + 1 < len(found) else None
        if before and before[2] == start and text[before[1] : start] == "$" and after and after[1] == end:
            pieces += [text[done : start - 1], _RUN]
        elif after is None or text[after[1] : after[2]] in (",", ")", "]", "}"):
            pieces += [text[done:start], _GAP]
        elif "\n" in text[end : after[1]]:
            pieces += [text[done:start], _GAP_STATEMENT]
        else:
            continue  # JavaScript's own spread or rest
        done = end
    return "".join((*pieces, text[done:]))


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
            return tuple(None if item is None else self.node(item) for item in value)
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
        if name.startswith(_RUN):
            return Node("Gap", plain.start, plain.end, {"run": name[len(_RUN) :]})
        if name in (_GAP, _GAP_STATEMENT[:-1]):
            return Node("Gap", plain.start, plain.end, {"run": None})
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
