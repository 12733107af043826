"""What is easily read wrong: accessors over two lines, names that are no variables, the ends of statements."""

from __future__ import annotations

import pytest

from sio_patch.engine.source import Source
from sio_patch.engine.tree.node import Node
from sio_patch.engine.tree.parse import SyntaxProblem, parse


def _members(body: str) -> list[tuple[str, str | None, bool, str]]:
    made = parse(Source(f"class A {{{body}}}")).fields["body"][0]
    return [
        (node.kind, node.fields.get("kind"), node.fields["static"], node.fields["key"].fields["name"])
        for node in made.fields["body"].fields["body"]
    ]


FIELD, METHOD = "PropertyDefinition", "MethodDefinition"


@pytest.mark.parametrize(
    ("body", "members"),
    [
        ("get\nx(){}", [(METHOD, "get", False, "x")]),
        ("set\n'x'(v){}", [(METHOD, "set", False, "x")]),
        ("static get\nx(){}", [(METHOD, "get", True, "x")]),
        ("get /* on\n */ static(){}", [(METHOD, "get", False, "static")]),
        ("get\n*x(){}", [(FIELD, None, False, "get"), (METHOD, "method", False, "x")]),
        ("get\n;x(){}", [(FIELD, None, False, "get"), (METHOD, "method", False, "x")]),
        ("get;x(){}", [(FIELD, None, False, "get"), (METHOD, "method", False, "x")]),
        ("'get'\nx(){}", [(FIELD, None, False, "get"), (METHOD, "method", False, "x")]),
        ("async\nx(){}", [(FIELD, None, False, "async"), (METHOD, "method", False, "x")]),
        ("set\n", [(FIELD, None, False, "set")]),
    ],
)
def test_members_of_a_class(body: str, members: list[tuple[str, str | None, bool, str]]) -> None:
    assert _members(body) == members


@pytest.mark.parametrize("body", ["get\nx", "get\nx = 1", "get\nstatic x(){}", "set\nasync x(){}", "get\nget\nx(){}"])
def test_no_member_follows_get(body: str) -> None:
    with pytest.raises(SyntaxProblem, match="there must be a method here") as caught:
        _members(body)
    assert caught.value.place.line == 2


@pytest.mark.parametrize(
    ("text", "variables"),
    [
        ("import { a as b, c, 'd' as e } from 'x' with { f: 'g' };", ["b", "c", "e"]),
        ("let a, b; export { a, b as c };", ["a", "b", "a", "b"]),
        ("export { a, b as c } from 'x';", []),
        ("export * as a from 'x';", []),
        ("a: for (;;) { if (b) continue a; else break a; }", ["b"]),
        ("a(import.meta);", ["a"]),
        ("function a() { new.target; }", ["a"]),
    ],
)
def test_an_identifier_is_a_variable(text: str, variables: list[str]) -> None:
    found = [node.fields["name"] for node in parse(Source(text)).walk() if node.kind == "Identifier"]
    assert found == variables


@pytest.mark.parametrize(
    "statement",
    [
        "export {}", "export {};", "export { a, }", "export { a, };", "export { a as b } from 'x' with { c: 'd', }",
        "import a from 'x' with { c: 'd' };", "import {} from 'x'", "export * from 'x' with {};", "return (a);",
        "export default (a)", "a = (b)", "throw (a)", "do a(); while (b)", "debugger;",
        "a = (b\n)", "export {\n}", "export { a\n}", "export {\n  a,\n}",
    ],
)  # fmt: skip
@pytest.mark.parametrize("behind", ["", "\n// c\nd()", "\n;[d]"])
def test_a_statement_ends_with_its_last_token(statement: str, behind: str) -> None:
    exported = "a" if statement.startswith("export {") and "a" in statement else "f"
    text = f"{statement}{behind}\nlet e, {exported};"
    first: Node = parse(Source(text)).fields["body"][0]
    assert text[: first.end] == statement
