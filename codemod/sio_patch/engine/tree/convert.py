"""esprima's tree made ours, in the shape that matching wants.

What is ignored in matching is made equal here, once, so that the matcher never needs to know of it: quote style,
number spelling, ``a.b`` against ``a['b']``, quoted against bare keys, a comma-``var`` against split ones, braces round
a single statement, empty statements, redundant parentheses and the name of a function expression. What the edits need
to know of the original spelling stays on the node (``braced``, ``shorthand``, ``quoted``, ``host``).

An ``Identifier`` is always a variable. Names of members, of labels and of what a module gives to others are ``Key``s:
in ``import { a as b }`` and ``export { b as a }`` only ``b`` is a variable.
"""

from __future__ import annotations

import re
from typing import Any

from sio_patch.engine.tree.node import KEYED, TAKES_SEMICOLON, Node
from sio_patch.engine.tree.trivia import skip_trivia

_BODY_FIELDS = {
    "IfStatement": ("consequent", "alternate"),
    "ForStatement": ("body",),
    "ForInStatement": ("body",),
    "ForOfStatement": ("body",),
    "WhileStatement": ("body",),
    "DoWhileStatement": ("body",),
    "WithStatement": ("body",),
}
_ENDED_BY_SEMICOLON = TAKES_SEMICOLON | {"ExportNamedDeclaration", "ExportDefaultDeclaration", "PropertyDefinition"}
_NOT_FIELDS = frozenset({"type", "range", "raw", "directive", "shorthand", "sourceType", "hashbang", "errors", "each"})
_NO_VARIABLES = {
    "LabeledStatement": ("label",),
    "BreakStatement": ("label",),
    "ContinueStatement": ("label",),
    "ExportAllDeclaration": ("exported",),
    "ImportAttribute": ("key",),
}
_NEW_LINE = re.compile("[\n\r\u2028\u2029]")
_WORD = re.compile(r"\w*")


class Misread(ValueError):
    """What esprima took for JavaScript, and is none. ``offset`` is where."""

    def __init__(self, message: str, offset: int) -> None:
        super().__init__(message)
        self.message = message
        self.offset = offset


def program(raw: Any, goal: str, text: str) -> Node:
    """The ``Program`` node for esprima's tree ``raw`` of ``text``, which was read as ``goal``."""
    converter = _Converter(text)
    return _adopt(Node("Program", 0, len(text), {"body": converter.statements(raw.body), "goal": goal}))


class _Converter:
    """esprima's tree to ours. Recursion goes through lists, never through generators, which take C stack."""

    def __init__(self, text: str) -> None:
        self.text = text

    def _node(self, raw: Any) -> Node:
        kind: str = raw.type
        if kind == "ArrowParameterPlaceHolder":  # esprima lets `(a, )` pass before a comment, with no `=>` behind it
            raise Misread("Unexpected token )", raw.params[0].range[0] if raw.params else 0)
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
        if kind == "ForStatement" and node.fields["init"] is not None:
            self._without_semicolon(node.fields["init"])
        return _adopt(node)

    def _without_semicolon(self, init: Node) -> None:
        """In the head of a ``for`` the semicolon behind a declaration is the loop's."""
        if init.kind == "VariableDeclaration" and self.text[init.end - 1] == ";":
            end = init.end = init.fields["declarations"][-1].end
            while self.text[position := skip_trivia(self.text, end)] == ")":
                end = init.end = position + 1

    def _plain(self, raw: Any, node: Node) -> None:
        bodies = _BODY_FIELDS.get(node.kind, ())
        names = _NO_VARIABLES.get(node.kind, ())
        node.directive = raw.directive is not None
        fields = node.fields
        for field, value in raw.__dict__.items():
            if field in _NOT_FIELDS or field[0] == "_":
                continue
            if field in names:
                fields[field] = _outside_name(value)
            else:
                fields[field] = self._body(value) if field in bodies else self._value(value)

    def _value(self, value: Any) -> Any:
        if isinstance(value, list):
            return tuple([None if item is None else self._node(item) for item in value])
        return self._node(value) if getattr(value, "type", None) is not None else value

    def statements(self, raws: Any) -> tuple[Node, ...]:
        found: list[Node] = []
        for raw in raws:
            if raw.type == "VariableDeclaration" and len(raw.declarations) > 1:
                found += self._split(raw)
            elif raw.type == "ExportNamedDeclaration" and len(getattr(raw.declaration, "declarations", None) or ()) > 1:
                found += self._split_export(raw)
            elif raw.type == "ExpressionStatement" and raw.expression.type == "SequenceExpression":
                found += self._split_sequence(raw)
            elif raw.type != "EmptyStatement":
                found.append(self._node(raw))
        return tuple(found)

    def _split(self, raw: Any) -> list[Node]:
        """``var a, b`` as ``var a`` and ``var b``, each knowing the statement that it is a part of."""
        return _parts(self._node(raw))

    def _split_export(self, raw: Any) -> list[Node]:
        """``export var a, b`` as ``export var a`` and ``export var b``, likewise."""
        host = self._node(raw)
        parts = []
        for made in _parts(host.fields["declaration"]):
            part = Node(host.kind, made.start, made.end, {**host.fields, "declaration": made})
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
        node = Node("Block", start, end, {"body": self.statements([raw])})
        if node.fields["body"]:
            node.end = node.fields["body"][-1].end
        node.braced = False
        return _adopt(node)

    def _block(self, raw: Any, node: Node) -> None:
        node.kind = "Block"
        node.fields["body"] = self.statements(raw.body)

    def _static_block(self, raw: Any, node: Node) -> None:
        node.fields["body"] = self.statements(raw.body)

    def _switch_case(self, raw: Any, node: Node) -> None:
        node.fields["test"] = self._value(raw.test)
        node.fields["consequent"] = self.statements(raw.consequent)
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
        node.fields["params"] = tuple([self._node(param) for param in raw.params])
        node.fields["body"] = self._node(raw.body)
        node.fields["async"] = bool(raw.isAsync)
        node.fields["generator"] = bool(raw.generator)

    def _import_specifier(self, raw: Any, node: Node) -> None:
        node.fields["imported"] = _outside_name(raw.imported)
        node.fields["local"] = self._node(raw.local)
        node.shorthand = raw.imported.range == raw.local.range

    def _export(self, raw: Any, node: Node) -> None:
        """With a ``from``, neither name of a specifier is a variable of this file."""
        self._plain(raw, node)
        node.fields["specifiers"] = tuple(self._export_specifier(item, raw.source) for item in raw.specifiers)

    def _export_specifier(self, raw: Any, source: Any) -> Node:
        if raw.exported is None:
            raise Misread("there must be braces round what is exported", raw.range[0])
        local = self._node(raw.local) if source is None else _outside_name(raw.local)
        start, end = raw.range
        node = Node(raw.type, start, end, {"local": local, "exported": _outside_name(raw.exported)})
        node.shorthand = raw.local.range == raw.exported.range
        return _adopt(node)

    def _meta_property(self, raw: Any, node: Node) -> None:
        """``import.meta`` or ``new.target``: neither of the two words is a variable."""
        node.fields["name"] = f"{raw.meta.name}.{raw.property.name}"

    def _class_body(self, raw: Any, node: Node) -> None:
        """With ``get`` and ``x() {}`` on two lines, esprima reads a field and a method. It is one getter."""
        members: list[Node] = []
        for item in raw.body:
            member = self._node(item)
            if members and self._is_accessor_word(members[-1], member.start):
                member = _accessor(members.pop(), member)
            members.append(member)
        node.fields["body"] = tuple(members)

    def _is_accessor_word(self, field: Node, following: int) -> bool:
        bare = field.kind == "PropertyDefinition" and field.fields["value"] is None
        word = self.text[field.fields["key"].start : field.end] if bare else ""
        goes_on = following == skip_trivia(self.text, field.end) and self.text[following] != "*"
        return word in ("get", "set") and goes_on

    def _template_element(self, raw: Any, node: Node) -> None:
        node.fields["raw"] = raw.value.raw

    def _variable_declaration(self, raw: Any, node: Node) -> None:
        node.fields["declarations"] = tuple([self._node(item) for item in raw.declarations])
        node.fields["kind"] = raw.kind

    def _statement_end(self, node: Node) -> int:
        """Past the last token. Where a semicolon is missing, esprima's own end runs on to the next statement.

        Behind the last child stand only marks, as in ``export { a, };`` and ``return (a);``, which has one end past
        the semicolon. A semicolon on a line below is not taken: it keeps that line from running on.
        """
        last = max((child.end for child in node.children()), default=None)
        end = _WORD.match(self.text, node.start).end() if last is None else last  # type: ignore[union-attr]
        while (position := skip_trivia(self.text, end)) < node.end:
            semicolon = self.text[position] == ";"
            if semicolon and _NEW_LINE.search(self.text, end, position):
                break
            end = position + 1
            if semicolon:
                break
        return end


def _accessor(word: Node, member: Node) -> Node:
    """The getter or setter that the field ``word`` and the ``member`` behind it are. Raises Misread."""
    fields = member.fields
    plain = member.kind == "MethodDefinition" and fields["kind"] == "method" and not fields["static"]
    if not plain or fields["value"].fields["async"]:
        raise Misread("there must be a method here, for it follows `get` or `set`", member.start)
    role = {"kind": word.fields["key"].fields["name"], "static": word.fields["static"]}
    return _adopt(Node(member.kind, word.start, member.end, {**fields, **role}))


def _parts(host: Node) -> list[Node]:
    """The declarations that ``host`` joins by commas."""
    parts = []
    for declarator in host.fields["declarations"]:
        fields = {"declarations": (declarator,), "kind": host.fields["kind"]}
        part = Node(host.kind, declarator.start, declarator.end, fields)
        part.host = host
        parts.append(_adopt(part))
    return parts


def _adopt(node: Node) -> Node:
    for value in node.fields.values():
        if value.__class__ is Node:
            value.parent = node
        elif value.__class__ is tuple:
            for item in value:
                if item is not None:
                    item.parent = node
                    if item.host is not None:
                        item.host.parent = node
    if node.name is not None:
        node.name.parent = node
    return node


def _outside_name(raw: Any) -> Any:
    """A name that is no variable, as a Key; as it is, where there is none."""
    if raw is None:
        return None
    quoted = raw.type == "Literal"
    return _key(raw.value if quoted else raw.name, raw.range, quoted=quoted)


def _key(name: str, span: Any, *, quoted: bool = False) -> Node:
    """A property's name, however it is spelt. ``quoted`` keeps a pattern's ``'$x'`` from being a metavariable."""
    node = Node("Key", span[0], span[1], {"name": name})
    node.quoted = quoted
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
    "ImportSpecifier": _Converter._import_specifier,
    "ExportNamedDeclaration": _Converter._export,
    "MetaProperty": _Converter._meta_property,
    "ClassBody": _Converter._class_body,
    **dict.fromkeys(KEYED, _Converter._keyed),
}
