"""What a slice of a patch is: statements, or a part of code that is no program by itself.

``case $x: f();`` is read as a part of ``switch (a) { case $x: f(); }``, and ``yield $x`` as one of
``function* f() { yield $x }``. A slice is tried in each form and each context of the two tables, until one takes it;
what the form is about is taken out of the tree, with the offsets that it has in the slice.
"""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from typing import NamedTuple

from sio_patch.engine.language.cases import Spelling, spelt
from sio_patch.engine.language.gaps import with_gaps
from sio_patch.engine.source import Place, Source
from sio_patch.engine.tree.node import STATEMENT_LISTS, Node
from sio_patch.engine.tree.parse import SyntaxProblem, parse

_OBJECTS = {"ObjectExpression": "properties"}


class Form(NamedTuple):
    """What a slice can be: the code to write round it makes it one statement, in which ``path`` leads to its items.

    They are looked for in the ``lists`` (kind of the owner, field); ``alone``: it is one node, anywhere.
    """

    before: str
    after: str
    path: tuple[tuple[str, str], ...]  # kind of a node, and its field
    lists: Mapping[str, str]
    alone: bool = False


class Context(NamedTuple):
    """Where code can stand that has one of the ``words``. Labels come in at ``@``, private names at ``%``."""

    before: str
    after: str
    words: re.Pattern[str]


FORMS = (
    Form("", "", (), STATEMENT_LISTS),
    Form("[", "]", (("ExpressionStatement", "expression"), ("ArrayExpression", "elements")), {}, alone=True),
    Form("try{}", "", (("TryStatement", "handler"),), {}, alone=True),
    Form("switch(a){", "}", (("SwitchStatement", "cases"),), {"SwitchStatement": "cases"}),
    Form(
        "class a extends a{",
        "}",
        (("ClassDeclaration", "body"), ("ClassBody", "body")),
        {"ClassBody": "body", **_OBJECTS},
    ),
    Form(
        "a={",
        "}",
        (
            ("ExpressionStatement", "expression"),
            ("AssignmentExpression", "right"),
            ("ObjectExpression", "properties"),
        ),
        _OBJECTS,
    ),
)
_FUNCTION_WORDS = re.compile(r"\b(?:yield|break|continue|target)\b")
_CLASS_WORDS = re.compile(r"\bsuper\b|#")
CONTEXTS = (
    Context("", "", re.compile("")),
    Context("function*a(){@for(;;){", "}}", _FUNCTION_WORDS),
    Context("async function*a(){@for(;;){", "}}", re.compile(r"\bawait\b")),
    Context("class a extends a{%async*a(){@for(;;){", "}}}", _CLASS_WORDS),
    Context("class a extends a{%constructor(){@for(;;){", "}}}", _CLASS_WORDS),
)
_EXPORTED = re.compile(r"Export '(.+)' is not defined")
_LABEL = re.compile(r"Undefined label '(.+)'")
_PRIVATE = re.compile(r"Private name '#(.+)' is not declared")


class Reading(NamedTuple):
    """The ``items`` of a slice, ``code`` (the node that holds them), and the form that it has."""

    items: tuple[Node, ...]
    code: Node
    form: Form


class Misfit(ValueError):
    """Nothing takes a slice: the one with the index ``text``, at ``place``."""

    def __init__(self, text: int, place: Place, message: str) -> None:
        super().__init__(message)
        self.text = text
        self.place = place
        self.message = message


def readings(texts: Sequence[str]) -> list[Reading]:
    """Each of ``texts`` in the first form and context that takes them all, and in which nothing looks misread.

    ``key: $v`` is a property, and no label; ``yield ($x)`` no call. Raises Misfit, for what got furthest, and TooDeep.
    """
    misread: list[Reading] | None = None
    furthest: Misfit | None = None
    for form in FORMS:
        for context in CONTEXTS:
            if not any(context.words.search(text) for text in texts):
                continue
            try:
                found = _all(texts, form, context)
            except Misfit as problem:
                if furthest is None or (problem.text, problem.place) > (furthest.text, furthest.place):
                    furthest = problem
                continue
            if not any(map(_looks_misread, found, texts)):
                return found
            misread = misread or found
    if misread is None:
        assert furthest is not None
        raise furthest
    return misread


def _all(texts: Sequence[str], form: Form, context: Context) -> list[Reading]:
    found: list[Reading] = []
    for text in texts:
        try:
            found.append(_read(text, form, context))
        except SyntaxProblem as problem:
            raise Misfit(len(found), problem.place, problem.message) from None
    return found


def _read(text: str, form: Form, context: Context) -> Reading:
    """``text`` as ``form`` in ``context``. What it takes from outside is declared there. Raises SyntaxProblem."""
    labels, private, exported = "", "", ""
    while True:
        outer = context.before.replace("@", labels).replace("%", private)
        framed = bool(outer or form.before)
        whole = spelt(outer + form.before, text, f"\n{form.after}{context.after}" if framed else "")
        try:
            tree = parse(Source(with_gaps(whole.text) + exported))
        except SyntaxProblem as problem:
            if not framed and (name := _EXPORTED.fullmatch(problem.message)):
                exported += f"\nvar {name[1]};"  # a slice need not show where what it exports is declared
            elif "@" in context.before and (name := _LABEL.fullmatch(problem.message)):
                labels += f"{name[1]}:"
            elif "%" in context.before and (name := _PRIVATE.match(problem.message)):
                private += f"#{name[1]};"
            else:
                raise SyntaxProblem(problem.message, whole.back_place(problem.place)) from None
            continue
        found = _in_form(_in_context(tree, len(outer), len(whole.text) - len(context.after)), form, whole, context)
        if found is None:
            raise SyntaxProblem("Unexpected token", Source(text).place(0))
        return found


def _in_context(tree: Node, start: int, end: int) -> Node | None:
    """The node whose list of statements is the code from ``start`` to ``end``: the program, or a loop's block.

    None where the code closes the block itself, as in ``} else {``.
    """
    if not start:
        return tree
    return next(
        (node for node in tree.walk() if node.kind == "Block" and (node.start, node.end) == (start - 1, end + 1)), None
    )


def _in_form(owner: Node | None, form: Form, whole: Spelling, context: Context) -> Reading | None:
    """What ``form`` is about; None where it is not of that form from its first to its last character."""
    if owner is None:
        return None
    items: tuple[Node | None, ...] = owner.statements() or ()
    end = len(whole.text) - len(context.after)
    for kind, field in form.path:
        if len(items) != 1 or items[0] is None or items[0].kind != kind or (form.after and items[0].end != end):
            return None
        owner, value = items[0], items[0].fields[field]
        items = value if isinstance(value, tuple) else (value,)
    if form.alone and (len(items) != 1 or items[0] is None):
        return None
    if whole.changes:
        _move(owner, whole)
        owner.start, owner.end, owner.parent = 0, len(whole.own), None
    return Reading(tuple(node for node in items if node is not None and node.start < len(whole.own)), owner, form)


def _move(root: Node, whole: Spelling) -> None:
    """Gives the nodes the offsets that they have in the slice."""
    moved: set[Node] = set()
    stack = [root]
    while stack:
        node = stack.pop()
        if node not in moved:
            moved.add(node)
            node.start, node.end = whole.back(node.start), whole.back(node.end)
            stack += node.children()
            stack += [other for other in (node.host, node.name) if other is not None]


def _looks_misread(reading: Reading, text: str) -> bool:
    """Whether there is a variable by the name of a word of the language, or a label before a mere expression."""
    for node in (node for item in reading.items for node in item.walk()):
        if node.kind == "Identifier" and node.fields["name"] in ("yield", "await"):
            return True
        if node.kind == "LabeledStatement" and _labels_expression(node, text):
            return True
    return False


def _labels_expression(label: Node, text: str) -> bool:
    return label.fields["body"].kind == "ExpressionStatement" and text[label.end - 1] != ";"
