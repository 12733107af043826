"""Which variable a name is, and whose a word is: the node that is wanted stands between « and », what is asked for at †."""

# ruff: noqa: E501  (rows of a table stay on their lines)
from __future__ import annotations

import pytest

from sio_patch.engine.judge.meaning import Meaning, owner
from sio_patch.engine.source import Source
from sio_patch.engine.tree.node import Node
from sio_patch.engine.tree.parse import parse

VARIABLES = [
    ("a var", "var «a»; †a;"),
    ("a var of a block", "{ var «a»; } †a;"),
    ("a let", "let «a»; { †a; }"),
    ("a let of a block is not seen outside", "{ let a; } †a;"),
    ("a let hides a var", "var a; { let «a»; †a; }"),
    ("a parameter", "function f(«a») { †a; }"),
    ("a parameter in a default", "function f(«a», b = †a) { }"),
    ("a destructured parameter", "function f({ b: [«a»] }) { †a; }"),
    ("a destructured default", "function f({ «a» = 1 }) { †a; }"),
    ("a rest parameter", "(...«a») => †a;"),
    ("a function", "†a(); function «a»() {}"),
    ("the name of a function, inside", "x = function «a»() { †a; };"),
    ("the name of a function expression is not seen outside", "x = function a() {}; †a;"),
    ("a function in a block", "if (b) { function «a»() {} } †a();"),
    ("a class", "class «a» {} new †a();"),
    ("a class, inside", "x = class «a» { m() { †a; } };"),
    ("a catch", "try {} catch («a») { †a; }"),
    ("a for", "for (let «a» = 1; ;) †a;"),
    ("a for of", "for (const «a» of b) { †a; }"),
    ("a for is not seen outside", "for (let a of b) {} †a;"),
    ("a var of a for", "for (var «a» of b) {} †a;"),
    ("a switch", "switch (b) { case 1: let «a»; case 2: †a; }"),
    ("an import", "import { b as «a» } from 'c'; †a;"),
    ("an import of all", "import * as «a» from 'c'; †a;"),
    ("a default import", "import «a» from 'c'; †a;"),
    ("an export", "export const «a» = 1; †a;"),
    ("a static block", "class B { static { var «a»; †a; } }"),
    ("a var does not leave a static block", "class B { static { var a; } } †a;"),
    ("a global", "†a;"),
]

OWNERS = [
    ("this", "«function f() { x(() => †this); }»"),
    ("this of a bound function", "«function f() { x(function () { †this; }.bind(this, 1)); }»"),
    ("this of a function that is bound to another", "function f() { x(«function () { †this; }».bind(a, this)); }"),
    ("this of a function that is no receiver of bind", "function f() { x.bind(this)(«function () { †this; }»); }"),
    ("return in a bound function", "function f() { x(«function () { †return; }».bind(this)); }"),
    ("this of a field", "class A { «a = †this;» }"),
    ("this of a computed key", "«function f() { class A { [†this]() {} } }»"),
    ("this in a static block", "class A { «static { †this; }» }"),
    ("new.target", "«function F() { () => †new.target; }»"),
    ("return", "«function f() { if (a) †return; }»"),
    ("return in an arrow", "function f() { x(«() => { †return; }»); }"),
    ("await", "«async function f() { x(†await a); }»"),
    ("await in an arrow", "async function f() { x(«async () => †await a»); }"),
    ("for await", "«async function f() { †for await (const a of b) {} }»"),
    ("yield", "«function* f() { †yield a; }»"),
    ("break of a loop", "«for (;;) { if (a) †break; }»"),
    ("break of a switch", "for (;;) { «switch (a) { case 1: †break; }» }"),
    ("continue passes a switch", "«while (a) { switch (b) { case 1: †continue; } }»"),
    ("continue of a label", "«b: for (;;) { for (;;) { †continue b; } }»"),
    ("break of an outer label", "«b: { c: { †break b; } }»"),
    ("do while", "«do { †break; } while (a);»"),
]

NO_VARIABLES = [
    "†a: for (;;) {}",
    "a: for (;;) { break †a; }",
    "import { †a as b } from 'c';",
    "export { b as †a }; var b;",
]


def marked(text: str) -> tuple[Node, list[Node], tuple[int, int] | None]:
    """The tree, the nodes that start at †, and the span between « and »."""
    plain = text.replace("†", "").replace("«", "").replace("»", "")
    at = text.replace("«", "").replace("»", "").index("†")
    bare = text.replace("†", "")
    span = (bare.index("«"), bare.index("»") - 1) if "«" in bare else None
    tree = parse(Source(plain))
    return tree, [node for node in tree.walk() if node.start == at], span


@pytest.mark.parametrize(("id", "text"), VARIABLES, ids=[id for id, _ in VARIABLES])
def test_variables(id: str, text: str) -> None:
    _, nodes, span = marked(text)
    (name,) = [node for node in nodes if node.kind == "Identifier"]
    found = Meaning().variable("a", name)
    assert [(node.start, node.end) for node in found.declarations] == ([span] if span else [])


@pytest.mark.parametrize(("id", "text"), OWNERS, ids=[id for id, _ in OWNERS])
def test_owners(id: str, text: str) -> None:
    _, nodes, span = marked(text)
    owners = [found for node in nodes if (found := owner(node)) is not None]
    assert [(node.start, node.end) for node in owners] == [span]


@pytest.mark.parametrize("text", NO_VARIABLES)
def test_names_that_are_no_variables(text: str) -> None:
    _, nodes, _ = marked(text)
    assert [node.kind for node in nodes if "name" in node.fields] == ["Key"]


def test_arguments_are_the_functions() -> None:
    tree, nodes, _ = marked("function f() { x(() => †arguments); }")
    (name,) = [node for node in nodes if node.kind == "Identifier"]
    assert [node.kind for node in Meaning().variable("arguments", name).declarations] == ["FunctionDeclaration"]
    assert tree.kind == "Program"
