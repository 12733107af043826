"""JavaScript text as a tree of our own, in the shape that matching wants. The only importer of esprima.

What is ignored in matching is made equal here, once, so that the matcher never needs to know of it: quote style,
number spelling, ``a.b`` against ``a['b']``, quoted against bare keys, a comma-``var`` against split ones, braces round
a single statement, empty statements, redundant parentheses and the name of a function expression. What the edits need
to know of the
original spelling stays on the node (``braced``, ``shorthand``, ``host``).
"""

from __future__ import annotations

import gc
import re
import sys
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from typing import Any, Literal

from sio_patch.engine.source import Place, Source

PARSER = "5.0.0"
Goal = Literal[
    "script", "module", "function-body"
]  # the last: a script with a `return` at its top, as CommonJS may have
GOALS: tuple[Goal, ...] = ("script", "module", "function-body")
RECURSION_LIMIT = 100_000  # esprima descends; measured to suffice for nesting that Node itself accepts

STATEMENT_LISTS = {"Program": "body", "Block": "body", "SwitchCase": "consequent", "StaticBlock": "body"}
FUNCTIONS = frozenset({"FunctionExpression", "FunctionDeclaration", "ArrowFunctionExpression"})

_BODY_FIELDS = {
    "IfStatement": ("consequent", "alternate"),
    "ForStatement": ("body",),
    "ForInStatement": ("body",),
    "ForOfStatement": ("body",),
    "WhileStatement": ("body",),
    "DoWhileStatement": ("body",),
    "WithStatement": ("body",),
}
KEYED = frozenset({"Property", "MethodDefinition", "PropertyDefinition"})
TAKES_SEMICOLON = frozenset(
    [
        "ExpressionStatement",
        "VariableDeclaration",
        "ReturnStatement",
        "ThrowStatement",
        "BreakStatement",
        "ContinueStatement",
        "DebuggerStatement",
        "DoWhileStatement",
        "ImportDeclaration",
        "ExportAllDeclaration",
    ]
)
_ENDED_BY_SEMICOLON = TAKES_SEMICOLON | {"ExportNamedDeclaration", "ExportDefaultDeclaration", "PropertyDefinition"}
_NOT_FIELDS = frozenset({"type", "range", "raw", "directive", "shorthand", "sourceType", "hashbang", "errors", "each"})
_TRIVIA = re.compile(r"(?:\s|\ufeff|//[^\n\r\u2028\u2029]*|/\*.*?\*/)*", re.DOTALL)
_SURROGATE = re.compile("[\ud800-\udfff]")
_NEW_LINE = re.compile("[\n\r\u2028\u2029]")
_WORD = re.compile(r"\w*")
_RETURN_MESSAGE = "Illegal return statement"


class SyntaxProblem(ValueError):
    """The text is not JavaScript that the parser takes. ``place`` is where it gave up."""

    def __init__(self, message: str, place: Place) -> None:
        super().__init__(f"{place}: {message}")
        self.message = message
        self.place = place


class TooDeep(ValueError):
    """Nesting beyond what the parser can follow."""


class Node:
    """One node. ``fields`` hold children in source order; nothing changes after ``parse`` has returned.

    ``start`` and ``end`` are code points; a statement ends after its semicolon, or at its last token where it has none.
    """

    __slots__ = ("braced", "directive", "end", "fields", "host", "kind", "name", "parent", "shorthand", "start")

    def __init__(self, kind: str, start: int, end: int, fields: dict[str, Any]) -> None:
        self.kind = kind
        self.start = start
        self.end = end
        self.fields: dict[str, Any] = fields
        self.parent: Node | None = None
        self.braced = True  # False: a body that is one statement without braces
        self.directive = False  # 'use strict' and its like, at the start of a body
        self.shorthand = False  # a property whose key and value are one token
        self.host: Node | None = None  # the whole statement, for a part of a comma list that matches as a statement
        self.name: Node | None = None  # the name of a function expression

    def __repr__(self) -> str:
        return f"<{self.kind} {self.start}:{self.end}>"

    def children(self) -> Iterator[Node]:
        for value in self.fields.values():
            if value.__class__ is Node:
                yield value
            elif value.__class__ is tuple:
                yield from (item for item in value if item is not None)

    def walk(self, *, into_functions: bool = True) -> Iterator[Node]:
        """This node and all below it, in source order; with ``into_functions=False`` nested functions stay closed."""
        stack = [self]
        while stack:
            node = stack.pop()
            yield node
            if into_functions or node is self or node.kind not in FUNCTIONS:
                below: list[Node] = []
                for value in node.fields.values():
                    if value.__class__ is Node:
                        below.append(value)
                    elif value.__class__ is tuple:
                        below += [item for item in value if item is not None]
                stack += below[::-1]

    def statements(self) -> tuple[Node, ...] | None:
        """The statement list that this node holds directly, if it is of a kind that holds one."""
        field = STATEMENT_LISTS.get(self.kind)
        return None if field is None else self.fields[field]


def parts_of(host: Node) -> tuple[Node, ...]:
    """The parts of a comma list that match as statements of their own."""
    found: tuple[Node, ...] = (
        host.fields["declarations"]
        if host.kind == "VariableDeclaration"
        else host.fields["expression"].fields["expressions"]
    )
    return found


def skip_trivia(text: str, position: int) -> int:
    """The next position at or after ``position`` that is neither white space nor in a comment."""
    match = _TRIVIA.match(text, position)
    return match.end() if match else position


def parse(source: Source, goals: Sequence[Goal] = GOALS) -> Node:
    """The ``Program`` node of ``source``; its field ``goal`` says as which of ``goals`` it was read: the first that
    takes it. Raises SyntaxProblem or TooDeep.

    A script comes first, for old files use words that strict mode reserves.
    """
    text = _SURROGATE.sub("\ufffd", source.text)  # what Node itself reads in place of bytes that are not UTF-8
    with _room_to_recurse():
        try:
            goal, raw = _raw_tree(source, text, goals)
            return _Converter(source.text).program(raw, goal)
        except RecursionError:
            raise TooDeep("the code is nested too deeply to be read") from None


def _raw_tree(source: Source, text: str, goals: Sequence[Goal]) -> tuple[Goal, Any]:
    """esprima's tree. Of several problems the one that is furthest down the text is told."""
    esprima = _esprima()
    problem: Any = None
    for goal in goals:
        try:
            return goal, _read_as(goal, text, esprima)
        except esprima.Error as found:
            if "resource limit" in str(found):
                raise TooDeep("the code is nested too deeply to be read") from None
            if problem is None or (found.index or 0) > (problem.index or 0):
                problem = found
    message = str(problem).partition(": ")[2] or str(problem)
    raise SyntaxProblem(message, source.place(min(problem.index or 0, len(text))))


def _read_as(goal: Goal, text: str, esprima: Any) -> Any:
    options = {"range": True, "positionEncoding": "scalar"}
    if goal == "module":
        return esprima.parseModule(text, options)
    if goal == "script":
        return esprima.parseScript(text, options)
    tree = esprima.parseScript(text, {**options, "tolerant": True})
    for error in tree.errors:
        if _RETURN_MESSAGE not in error["message"]:
            raise esprima.Error(error["message"].removeprefix("Error: "), index=error["index"])
    return tree


def tokens(text: str) -> list[tuple[str, int, int]]:
    """Kind, start and end of each token, comments left out. For short texts. Raises SyntaxProblem."""
    esprima = _esprima()
    try:
        found = esprima.tokenize(text, {"range": True, "positionEncoding": "scalar"})
    except esprima.Error as problem:
        raise SyntaxProblem(str(problem), Source(text).place(problem.index or 0)) from None
    return [(token.type, *token.range) for token in found]


def _esprima() -> Any:
    import esprima

    if getattr(esprima, "version", None) != PARSER:
        raise ImportError(
            f"the module 'esprima' is not esprima-fork {PARSER} but {getattr(esprima, 'version', 'unknown')}, from "
            f"{esprima.__file__}: another distribution has overwritten it. Run: pip uninstall esprima esprima2; "
            f"pip install --force-reinstall esprima-fork=={PARSER}"
        )
    return esprima


@contextmanager
def _room_to_recurse() -> Iterator[None]:
    """A deep stack while parsing, and no garbage collection: a parse makes no cycles worth collecting."""
    limit, collecting = sys.getrecursionlimit(), gc.isenabled()
    sys.setrecursionlimit(max(limit, RECURSION_LIMIT))
    gc.disable()
    try:
        yield
    finally:
        sys.setrecursionlimit(limit)
        if collecting:
            gc.enable()


class _Converter:
    """esprima's tree to ours."""

    def __init__(self, text: str) -> None:
        self.text = text

    def program(self, raw: Any, goal: Goal) -> Node:
        node = Node("Program", 0, len(self.text), {"body": self._statements(raw.body), "goal": goal})
        return _adopt(node)

    def _node(self, raw: Any) -> Node:
        kind: str = raw.type
        start, end = raw.range
        node = Node(kind, start, end, {})
        special = _SPECIAL.get(kind)
        if special is not None:
            special(self, raw, node)
        else:
            self._plain(raw, node)
        if kind in _ENDED_BY_SEMICOLON:
            node.end = self._statement_end(node)
        elif kind in _BODY_FIELDS or kind == "LabeledStatement":
            node.end = max(child.end for child in node.children())
        return _adopt(node)

    def _plain(self, raw: Any, node: Node) -> None:
        bodies = _BODY_FIELDS.get(node.kind, ())
        node.directive = raw.directive is not None
        fields = node.fields
        for field, value in raw.__dict__.items():
            if field in _NOT_FIELDS or field[0] == "_":
                continue
            fields[field] = self._body(value) if field in bodies else self._value(value)

    def _value(self, value: Any) -> Any:
        if isinstance(value, list):
            return tuple(None if item is None else self._node(item) for item in value)
        return self._node(value) if getattr(value, "type", None) is not None else value

    def _statements(self, raws: Any) -> tuple[Node, ...]:
        found: list[Node] = []
        for raw in raws:
            if raw.type == "VariableDeclaration" and len(raw.declarations) > 1:
                found += self._split(raw)
            elif raw.type == "ExpressionStatement" and raw.expression.type == "SequenceExpression":
                found += self._split_sequence(raw)
            elif raw.type != "EmptyStatement":
                found.append(self._node(raw))
        return tuple(found)

    def _split(self, raw: Any) -> list[Node]:
        """``var a, b`` as ``var a`` and ``var b``, each knowing the statement that it is a part of."""
        host = self._node(raw)
        parts = []
        for declarator in host.fields["declarations"]:
            part = Node(host.kind, declarator.start, declarator.end, {"declarations": (declarator,), "kind": raw.kind})
            part.host = host
            parts.append(_adopt(part))
        return parts

    def _split_sequence(self, raw: Any) -> list[Node]:
        """``a(), b();`` as ``a()`` and ``b()``, likewise."""
        host = self._node(raw)
        parts = []
        for expression in host.fields["expression"].fields["expressions"]:
            part = Node(host.kind, expression.start, expression.end, {"expression": expression})
            part.host = host
            parts.append(_adopt(part))
        return parts

    def _body(self, raw: Any) -> Node | None:
        """The body of an ``if`` or a loop: always a Block, ``braced`` or not."""
        if raw is None:
            return None
        if raw.type == "BlockStatement":
            return self._node(raw)
        start, end = raw.range
        node = Node("Block", start, end, {"body": self._statements([raw])})
        if node.fields["body"]:
            node.end = node.fields["body"][-1].end
        node.braced = False
        return _adopt(node)

    def _block(self, raw: Any, node: Node) -> None:
        node.kind = "Block"
        node.fields["body"] = self._statements(raw.body)

    def _static_block(self, raw: Any, node: Node) -> None:
        node.fields["body"] = self._statements(raw.body)

    def _switch_case(self, raw: Any, node: Node) -> None:
        node.fields["test"] = self._value(raw.test)
        node.fields["consequent"] = self._statements(raw.consequent)
        if node.fields["consequent"]:
            node.end = node.fields["consequent"][-1].end

    def _literal(self, raw: Any, node: Node) -> None:
        if raw.regex is not None:
            node.fields.update(type="regex", value=f"/{raw.regex.pattern}/{raw.regex.flags}")
        elif raw.bigint is not None:
            node.fields.update(type="bigint", value=str(raw.bigint))
        else:
            node.fields.update(type=_literal_type(raw.value), value=raw.value)

    def _member(self, raw: Any, node: Node) -> None:
        node.fields["object"] = self._node(raw.object)
        if raw.computed and raw.property.type == "Literal" and isinstance(raw.property.value, str):
            node.fields["property"] = _key(raw.property.value, raw.property.range, quoted=True)
        elif not raw.computed and raw.property.type == "Identifier":
            node.fields["property"] = _key(raw.property.name, raw.property.range)
        else:
            node.fields["property"] = self._node(raw.property)
        node.fields["computed"] = bool(raw.computed) and node.fields["property"].kind != "Key"
        node.fields["optional"] = bool(raw.optional)

    def _keyed(self, raw: Any, node: Node) -> None:
        if raw.computed and not (raw.key.type == "Literal" and isinstance(raw.key.value, str)):
            node.fields["key"] = self._node(raw.key)
        elif raw.key.type == "Identifier":
            node.fields["key"] = _key(raw.key.name, raw.key.range)
        elif raw.key.type == "Literal":
            node.fields["key"] = _key(_key_text(raw.key.value), raw.key.range, quoted=True)
        else:
            node.fields["key"] = self._node(raw.key)
        node.fields["computed"] = bool(raw.computed) and node.fields["key"].kind != "Key"
        node.fields["value"] = self._value(raw.value)
        for field in ("kind", "method", "static"):
            value = raw.__dict__.get(field)
            if value is not None:
                node.fields[field] = value
        node.shorthand = bool(raw.shorthand)

    def _function(self, raw: Any, node: Node) -> None:
        if node.kind == "FunctionExpression":
            node.name = self._value(raw.id)
        elif raw.id is not None:
            node.fields["id"] = self._node(raw.id)
        node.fields["params"] = tuple(self._node(param) for param in raw.params)
        node.fields["body"] = self._node(raw.body)
        node.fields["async"] = bool(raw.isAsync)
        node.fields["generator"] = bool(raw.generator)

    def _template_element(self, raw: Any, node: Node) -> None:
        node.fields["raw"] = raw.value.raw

    def _variable_declaration(self, raw: Any, node: Node) -> None:
        node.fields["declarations"] = tuple(self._node(item) for item in raw.declarations)
        node.fields["kind"] = raw.kind

    def _statement_end(self, node: Node) -> int:
        """Past the last token: esprima's own end runs on over comments where a semicolon is missing."""
        last = max((child.end for child in node.children()), default=None)
        position = _WORD.match(self.text, node.start).end() if last is None else last  # type: ignore[union-attr]
        end = position
        while (position := skip_trivia(self.text, position)) < node.end and self.text[position] in ");]":
            if self.text[position] == ";" and _NEW_LINE.search(self.text, end, position):
                break  # on a line below: it keeps that line from running on, as files without semicolons do
            position += 1
            end = position
            if self.text[position - 1] == ";":
                break
        return end


def _adopt(node: Node) -> Node:
    for value in node.fields.values():
        if value.__class__ is Node:
            value.parent = node
        elif value.__class__ is tuple:
            for item in value:
                if item is not None:
                    item.parent = node
    if node.name is not None:
        node.name.parent = node
    return node


def _key(name: str, span: Any, *, quoted: bool = False) -> Node:
    """A property's name, however it is spelt. ``quoted`` keeps a pattern's ``'$x'`` from being a metavariable."""
    node = Node("Key", span[0], span[1], {"name": name})
    node.shorthand = quoted
    return node


def _key_text(value: object) -> str:
    if isinstance(value, float) and value.is_integer() and abs(value) < 1e15:
        return str(int(value))
    return str(value)


def _literal_type(value: object) -> str:
    if value is None:
        return "null"
    if isinstance(value, bool):
        return "boolean"
    return "string" if isinstance(value, str) else "number"


_SPECIAL = {
    "BlockStatement": _Converter._block,
    "StaticBlock": _Converter._static_block,
    "SwitchCase": _Converter._switch_case,
    "Literal": _Converter._literal,
    "MemberExpression": _Converter._member,
    "FunctionExpression": _Converter._function,
    "FunctionDeclaration": _Converter._function,
    "ArrowFunctionExpression": _Converter._function,
    "TemplateElement": _Converter._template_element,
    "VariableDeclaration": _Converter._variable_declaration,
    **dict.fromkeys(KEYED, _Converter._keyed),
}
