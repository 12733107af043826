"""Text of the plus slice made ready for a user's file: metavariables filled in, re-indented, with the file's line
ending.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping

from sio_patch.engine.edits import Edit, Edits
from sio_patch.engine.language.roles import check, is_shorthand_key, is_word
from sio_patch.engine.source import Source
from sio_patch.engine.tree.node import FUNCTIONS, Node
from sio_patch.engine.tree.parse import parse
from sio_patch.engine.tree.trivia import skip_trivia
from sio_patch.engine.write.habits import Style
from sio_patch.engine.write.seams import END, HELD, LOOSE, is_loose

_ATOMS = frozenset(
    [
        "Identifier",
        "PrivateIdentifier",
        "Literal",
        "ThisExpression",
        "Super",
        "MemberExpression",
        "CallExpression",
        "ArrayExpression",
        "TemplateLiteral",
        "MetaProperty",
        "TaggedTemplateExpression",
        "Key",
        "Meta",
        "NewExpression",
    ]
)
_ROOMY = frozenset(
    [
        "ReturnStatement",
        "ThrowStatement",
        "VariableDeclarator",
        "IfStatement",
        "WhileStatement",
        "DoWhileStatement",
        "SwitchStatement",
        "SwitchCase",
        "ArrayExpression",
        "SpreadElement",
        "Property",
        "AssignmentPattern",
        "ForStatement",
    ]
)
_OPERATORS = frozenset({"BinaryExpression", "LogicalExpression", "ConditionalExpression", "UnaryExpression"})
_PLAIN = frozenset(
    {"Identifier", "Literal", "TemplateLiteral", "MetaProperty", "Super", "Meta"}
)  # and all `...Expression`s
_OPENS_OTHERWISE = re.compile(r"\{|(?:function|class)\b|async[ \t]+function\b|let\s*\[")
_CALLS = frozenset({"CallExpression", "NewExpression", "ImportExpression"})
_OPENS_STATEMENT = frozenset({"FunctionExpression", "ObjectExpression", "ClassExpression"})


def needs_parentheses(inner: Node, parent: Node | None, stands_for: Node | None = None) -> bool:
    """Whether ``inner`` wants parentheses as a child of ``parent``, in the place where ``stands_for`` stands now.
    Cautious.
    """
    place = stands_for or inner
    if parent is not None and _is_head(place, parent) and _wants_brackets_as_head(inner, parent):
        return True
    if inner.kind == "BinaryExpression" and inner.fields["operator"] == "in" and _in_for_head(place):
        return True
    if inner.kind in _ATOMS or parent is None or not is_expression(inner):
        return False
    if parent.kind in ("CallExpression", "NewExpression"):
        in_arguments = any(argument is place for argument in parent.fields["arguments"])
        return inner.kind == "SequenceExpression" if in_arguments else True
    if parent.kind == "AssignmentExpression" and parent.fields["right"] is place:
        return inner.kind == "SequenceExpression"
    if parent.kind == "ExpressionStatement":
        return inner.kind in _OPENS_STATEMENT or inner.kind == "SequenceExpression"
    if parent.kind in _ROOMY:
        return inner.kind == "SequenceExpression"
    if inner.kind == "UnaryExpression" and inner.fields["operator"] == "!":
        return parent.kind not in _OPERATORS or parent.fields.get("operator") == "**"
    return True


def _is_head(place: Node, parent: Node) -> bool:
    """Whether ``place`` is what a member is taken of, or what is called."""
    return any(parent.fields.get(field) is place for field in ("object", "callee", "tag"))


def _wants_brackets_as_head(inner: Node, parent: Node) -> bool:
    if inner.kind == "Literal":
        return bool(inner.fields["type"] == "number")  # the dot would be the number's own
    if inner.kind == "NewExpression":
        return not inner.fields["arguments"]
    calls = ("CallExpression", "TaggedTemplateExpression")
    return parent.kind == "NewExpression" and any(node.kind in calls for node in inner.walk(into_functions=False))


def _in_for_head(node: Node) -> bool:
    """Whether ``node`` stands before the first semicolon of a ``for``, where an ``in`` would be the loop's."""
    while node.parent is not None and node.parent.kind != "ForStatement":
        node = node.parent
    return node.parent is not None and node.parent.fields["init"] is node


def parenthesised(text: str, node: Node) -> bool:
    """Whether ``node`` stands in parentheses of its own."""
    return outer(text, node) != (node.start, node.end)


def outer(text: str, node: Node) -> tuple[int, int]:
    """The span of ``node`` with the parentheses right round it, and the comments in them."""
    start, end, parent = node.start, node.end, node.parent
    while True:
        opening, closing = _code_before(text, start), skip_trivia(text, end)
        if text[opening : opening + 1] != "(" or text[closing : closing + 1] != ")":
            return start, end
        if parent is not None and (parent.kind in FUNCTIONS and parent.fields["body"] is not node):
            return start, end
        if parent is not None and parent.kind in _CALLS and closing == parent.end - 1:
            return start, end
        start, end = opening, closing + 1


def _code_before(text: str, position: int) -> int:
    """Where the last character before ``position`` stands that is neither white space nor in a block comment."""
    position -= 1
    while position >= 0 and (text[position].isspace() or text.startswith("*/", position - 1)):
        position = text.rfind("/*", 0, position - 1) - 1 if text[position] == "/" else position - 1
    return position


def says_in(new: Node, user: Node, bindings: Mapping[str, Node | tuple[Node, ...]]) -> bool:
    """Whether ``new`` has an ``in`` anywhere, which in the place of ``user`` would be the loop's."""
    if not _in_for_head(user):
        return False
    bound = (bindings.get(node.fields.get("meta") or node.fields.get("run") or "", ()) for node in new.walk())
    codes = [new, *(node for found in bound for node in ((found,) if isinstance(found, Node) else found))]
    return any(node.fields.get("operator") == "in" for code in codes for node in code.walk())


def opens_otherwise(code: str) -> bool:
    """Whether a statement that starts with the expression ``code`` would be read as a block or a declaration."""
    return _OPENS_OTHERWISE.match(code, skip_trivia(code, 0)) is not None


def leads(node: Node) -> bool:
    """Whether an expression statement, an arrow function's body or a default export starts with ``node``."""
    here = node
    while (parent := here.parent) is not None:
        if parent.kind == "ArrowFunctionExpression" and parent.fields["body"] is here:
            return True
        if parent.kind in ("ExpressionStatement", "ExportDefaultDeclaration"):
            return parent.kind != "ExpressionStatement" or parent.start == node.start
        if parent.start != node.start:
            return False
        here = parent
    return False


def is_expression(node: Node) -> bool:
    return node.kind.endswith("Expression") or node.kind in _PLAIN


def parameter(value: str, parent: Node | None, stands_for: Node, bracketed: bool) -> str:
    """A parameter's value as it is written below ``parent``, in brackets where it wants them and has none."""
    (statement,) = parse(Source(value)).fields["body"]
    lone = bracketed or not needs_parentheses(statement.fields["expression"], parent, stands_for)
    return value if lone else f"({value})"


class Template:
    """The plus slice's text, and what the metavariables stand for in the user's text."""

    def __init__(
        self,
        plus: str,
        bindings: Mapping[str, Node | tuple[Node, ...]],
        text: str,
        parameters: Mapping[str, str],
        style: Style | None = None,
    ) -> None:
        self.plus = plus
        self.bindings = bindings
        self.text = text
        self.parameters = parameters
        self.style = style

    def fill(self, start: int, end: int, nodes: Iterable[Node]) -> str:
        """``plus[start:end]``, in which ``nodes`` stand, as it shall stand in the user's file once it is settled.

        Until then ends of statements without a semicolon are marked, and so are the user's own line feeds.
        """
        edits: list[Edit] = []
        for node in nodes:
            for below in node.walk():
                edits += self._substitution(below)
        return Edits.of(
            Edit(edit.start - start, edit.end - start, edit.new)
            for edit in edits
            if start <= edit.start and edit.end <= end
        ).apply(self.plus[start:end])

    def _substitution(self, node: Node) -> list[Edit]:
        if is_shorthand_key(node):
            return []  # its value is the same token
        if node.kind == "Meta":
            return [Edit(node.start, node.end, self._bound(node))]
        if node.kind == "Gap" and node.fields["run"]:
            return [self._run(node)]
        if node.kind in ("Identifier", "Key") and self.plus.startswith("$$", node.start):
            return [Edit(node.start, node.start + 1, "")]
        if node.kind == "Literal" and node.fields["type"] == "string":
            return self._string(node)
        if node.kind in LOOSE and node.host is None and is_loose(self.plus, node):
            return [Edit(node.end, node.end, END)]
        return []

    def _string(self, node: Node) -> list[Edit]:
        """The file's own quotation marks, where nothing inside the string minds."""
        inside = self.plus[node.start + 1 : node.end - 1]
        if self.style is None or set(inside) & {"'", '"', "\\"}:
            return []
        return [Edit(node.start, node.end, f"{self.style.quote}{inside}{self.style.quote}")]

    def _bound(self, node: Node) -> str:
        name = node.fields["meta"]
        if name in self.parameters:
            return parameter(self.parameters[name], node.parent, node, parenthesised(self.plus, node))
        bound = self.bindings[name]
        assert isinstance(bound, Node)
        check(bound, node, self.text)
        spelt = bound.kind != "Key" or not is_word(bound.fields["name"])
        text = self.text[bound.start : bound.end] if spelt else str(bound.fields["name"])
        alone = not needs_parentheses(bound, node.parent, node) and not (leads(node) and opens_otherwise(text))
        return _held(text) if alone or parenthesised(self.plus, node) else f"({_held(text)})"

    def _run(self, gap: Node) -> Edit:
        """A run's own text; an empty run goes together with a comma beside it."""
        bound = self.bindings[gap.fields["run"]]
        assert isinstance(bound, tuple)
        for item in bound:
            check(item, gap, self.text)
        if bound:
            start, end = outer(self.text, bound[0])[0], outer(self.text, bound[-1])[1]
            return Edit(gap.start, gap.end, _held(self.text[start:end]))
        after = skip_trivia(self.plus, gap.end)
        if self.plus[after : after + 1] == ",":
            return Edit(gap.start, skip_trivia(self.plus, after + 1), "")
        before = re.search(r",\s*$", self.plus[: gap.start])
        return Edit(before.start() if before else gap.start, gap.end, "")


def _held(text: str) -> str:
    return text.replace("\n", HELD)


def reindented(text: str, base: int, indent: str, unit: str, ending: str, fixed: Iterable[int] = ()) -> str:
    """``text`` with its lines after the first moved from column ``base`` to ``indent``.

    The patch's smallest step to the right is one ``unit``. Lines whose number (from 0) is in ``fixed`` begin inside a
    template literal and stay as they are; those that are blank because they are the other slice's go.
    """
    keep = frozenset(fixed)
    lines = text.split("\n")
    depths = [len(line) - len(line.lstrip(" ")) - base for line in lines[1:] if line.strip()]
    step = min((depth for depth in depths if depth > 0), default=2)
    out = [lines[0]]
    for number, line in enumerate(lines[1:], 1):
        bare = line.lstrip(" ")
        levels, rest = divmod(max(0, len(line) - len(bare) - base), step)
        if number in keep:
            out.append(line)
        elif bare or not line:
            out.append(indent + unit * levels + " " * rest + bare if bare else "")
    return ending.join(out)
