"""Patterns that are no program by themselves: a `break;`, a `case`, a class member, a property."""

from __future__ import annotations

import pytest

from sio_patch.engine.outcome import Absent
from sio_patch.engine.pattern import PatternError, compile_patch, compile_pattern
from sio_patch.engine.rewrite import assess
from sio_patch.engine.search import search
from sio_patch.engine.source import Source

# A pattern, a text, and what it finds there: the code that each match covers.
FOUND = [
    ("yield", "yield $x;", "function* f() { yield 1; }", ["yield 1;"]),
    ("yield, as an expression", "yield $x", "function* f() { g(yield 1); }", ["yield 1"]),
    ("yield of brackets", "yield ($x)", "function* f() { g(yield 1); }", ["yield 1"]),
    ("yield, and a call of that name", "yield ($x);", "yield(1);", []),
    ("yield of all", "yield* $x;", "function* f() { yield* g(); yield 1; }", ["yield* g();"]),
    ("yield of nothing", "yield;", "function* f() { yield; yield 1; }", ["yield;"]),
    ("await of brackets", "await ($x)", "async function f() { g(await 1); }", ["await 1"]),
    ("await in yield", "yield await $x;", "async function* f() { yield await 1; }", ["yield await 1;"]),
    ("break", "break;", "for (;;) { if (a) break; }\nb: { break b; }", ["break;"]),
    ("break in an if", "if ($x) break;", "for (;;) { if (a) break; }", ["if (a) break;"]),
    ("break to a label", "break a;", "a: for (;;) { for (;;) { break a; break; } }", ["break a;"]),
    ("break to any label", "break $l;", "a: for (;;) { for (;;) { break a; break; } }", ["break a;"]),
    ("continue", "continue;", "for (;;) { continue; }", ["continue;"]),
    ("a case", "case $x: go();", "switch (a) { case 1: go(); case 2: }", ["case 1: go();"]),
    ("a case of nothing", "case $x:", "switch (a) { case 1: go(); case 2: }", ["case 2:"]),
    ("the rest of a case", "case $x:\n  go();\n  ...", "switch (a) { case 1: go(); end(); }", ["case 1: go(); end();"]),
    (
        "two cases",
        "case $x:\n...\ndefault:\n  go();",
        "switch (a) { case 1: case 2: z(); default: go(); }",
        ["case 1: case 2: z(); default: go();"],
    ),
    ("a default", "default:\n  ...", "switch (a) { case 1: go(); default: end(); }", ["default: end();"]),
    ("a call of super", "super($...a);", "class A extends B { constructor() { super(1); } }", ["super(1);"]),
    ("a method of super", "super.go($...a)", "class A extends B { m() { super.go(1); } }", ["super.go(1)"]),
    ("a store to super", "super.x = $v;", "o = { m() { super.x = 1; } };", ["super.x = 1;"]),
    (
        "new.target",
        "if (!new.target) return $x;",
        "function f() { if (!new.target) return 1; }",
        ["if (!new.target) return 1;"],
    ),
    ("a private member", "this.#a", "class A { #a; #b; m() { this.#a; this.#b; this.a; } }", ["this.#a"]),
    ("a store to a private member", "$o.#a = $v;", "class A { #a; m(b) { b.#a = 1; } }", ["b.#a = 1;"]),
    ("a look for a private member", "#a in $o", "class A { #a; m(b) { return #a in b; } }", ["#a in b"]),
    ("a private member of a dollar", "this.#$$a", "class A { #$a; m() { this.#$a; } }", ["this.#$a"]),
    ("any member, private too", "this.$a", "class A { #a; m() { this.#a; } }", ["this.#a"]),
    (
        "a function",
        "function ($...p) { return $x; }",
        "go(function (a) { return a; });\nfunction f() { return 1; }",
        ["function (a) { return a; }"],
    ),
    ("a function with a name", "function ($...p) { ... }", "go(function f(a) { a; });", ["function f(a) { a; }"]),
    ("a generator", "function* () { ... }", "go(function* () { a; }, function () {});", ["function* () { a; }"]),
    ("an async function", "async function () { ... }", "go(async function () { a; });", ["async function () { a; }"]),
    ("a class", "class { ... }", "go(class { m() {} });", ["class { m() {} }"]),
    ("a class that extends", "class extends $b { ... }", "go(class extends B {}, class {});", ["class extends B {}"]),
    (
        "a getter",
        "get a() { ... }",
        "class A { get a() { b; } }\no = { get a() { c; } };",
        ["get a() { b; }", "get a() { c; }"],
    ),
    ("a setter", "set a($v) { ... }", "class A { set a(v) { b; } get a() {} }", ["set a(v) { b; }"]),
    ("a method", "a($...p) { ... }", "class A { a(x) { x; } }\no = { a(y) {} };\na(z);", ["a(x) { x; }", "a(y) {}"]),
    (
        "a method of a class alone",
        "static a() { ... }",
        "class A { static a() { b; } a() {} }\no = { a() {} };",
        ["static a() { b; }"],
    ),
    (
        "a method, and a property",
        "a() { ... }",
        "o = { a: function () {} };\np = { get a() {} };\nq = { ['a']() {} };",
        ["['a']() {}"],
    ),
    ("an async method", "async a() { ... }", "class A { async a() {} }\no = { a() {} };", ["async a() {}"]),
    (
        "a constructor",
        "constructor($...p) { super($...p); }",
        "class A extends B { constructor(c) { super(c); } }\no = { constructor(c) { d(c); } };",
        ["constructor(c) { super(c); }"],
    ),
    ("two methods", "a() {}\n...\nb() {}", "class A { a() {} c = 1; b() {} }", ["a() {} c = 1; b() {}"]),
    ("a private method", "#a() { ... }", "class A { #a() { b; } a() {} }", ["#a() { b; }"]),
    ("a static block", "static { ... }", "class A { static { b; } }", ["static { b; }"]),
    ("a static field", "static a = $v;", "class A { static a = 1; a = 2; }", ["static a = 1;"]),
    ("a private field", "#a = $v;", "class A { #a = 1; a = 2; }", ["#a = 1;"]),
    ("a property", "a: $v", "go({ a: 1, b: 2 });\na: b;", ["a: 1"]),
    ("a property and a comma", "a: $v,", "go({ a: 1 });\na: b;", ["a: 1"]),
    ("a label", "a: $v;", "go({ a: 1 });\na: b;", ["a: b;"]),
    ("a property that is quoted", "'a': $v", "go({ a: 1 });", ["a: 1"]),
    ("a property in short", "a: $v", "go({ a });", ["a"]),
    ("a property that is computed", "[$k]: $v", "go({ [a]: 1, b: 2 });", ["[a]: 1"]),
    (
        "a property that is a function",
        "a: function () { ... }",
        "go({ a: function () { b; } });",
        ["a: function () { b; }"],
    ),
    ("a property that is a binding", "a: $v", "const { a: b } = c;", []),
    ("two properties", "a: $v,\n...,\nb: $w,", "go({ a: 1, c, b: 2 });", ["a: 1, c, b: 2"]),
    ("an object", "{ ..., a: $v }", "go({ b: 1, a: 2 });", ["{ b: 1, a: 2 }"]),
    ("an object of one property", "{ a: $v }", "go({ a: 2 });", ["{ a: 2 }"]),
    ("a block", "{ a($v); }", "{ a(1); }\ngo({ a(b) {} });", ["{ a(1); }"]),
    ("what is spread", "...$x", "go(...a, [...b], { ...c });", ["...a", "...b", "...c"]),
    ("a catch", "catch ($e) { ... }", "try { a; } catch (e) { b; }", ["catch (e) { b; }"]),
    ("a catch of nothing", "catch { ... }", "try { a; } catch { b; }\ntry {} catch (e) {}", ["catch { b; }"]),
    ("import.meta", "import.meta.url", "go(import.meta.url);", ["import.meta.url"]),
    ("a return", "return;", "function f() { return; return 1; }", ["return;"]),
]


@pytest.mark.parametrize(("pattern", "text", "found"), [row[1:] for row in FOUND], ids=[row[0] for row in FOUND])
def test_a_part_of_code(pattern: str, text: str, found: list[str]) -> None:
    assert [match.text for match in search(pattern, Source(text))] == found


SWITCHES = [
    ("all of it", "switch ($x) { ... }", "switch (a) { case 1: b(); default: }", True),
    ("nothing", "switch ($x) { ... }", "switch (a) {}", True),
    ("cases before", "switch ($x) {\n  ...\n  case 1:\n    b();\n}", "switch (a) { case 0: c(); case 1: b(); }", True),
    (
        "cases before, and one behind",
        "switch ($x) {\n  ...\n  case 1:\n    b();\n}",
        "switch (a) { case 1: b(); case 2: }",
        False,
    ),
    ("cases behind", "switch ($x) {\n  case 1:\n    b();\n  ...\n}", "switch (a) { case 1: b(); case 2: c(); }", True),
    (
        "cases behind, at the edge",
        "switch ($x) {\ncase 1:\n  b();\n...\n}",
        "switch (a) { case 1: b(); case 2: }",
        True,
    ),
    ("no statements behind", "switch ($x) {\n  case 1:\n    b();\n  ...\n}", "switch (a) { case 1: b(); c(); }", False),
    ("statements behind", "switch ($x) {\n  case 1:\n    b();\n    ...\n}", "switch (a) { case 1: b(); c(); }", True),
    ("no cases behind", "switch ($x) {\n  case 1:\n    b();\n    ...\n}", "switch (a) { case 1: b(); case 2: }", False),
    (
        "statements and cases",
        "switch ($x) {\n  case 1:\n    b();\n    ...\n  ...\n}",
        "switch (a) { case 1: b(); c(); case 2: d(); }",
        True,
    ),
    ("statements before", "switch ($x) {\n  case 1:\n    ...\n    b();\n}", "switch (a) { case 1: c(); b(); }", True),
    (
        "statements before, at the edge",
        "switch ($x) {\ncase 1:\n...\nb();\n}",
        "switch (a) { case 1: c(); b(); }",
        True,
    ),
    ("between", "switch ($x) {\n  case 1:\n  ...\n  default:\n}", "switch (a) { case 1: case 2: c(); default: }", True),
    ("on one line", "switch ($x) { ... case 1: ... }", "switch (a) { case 0: c(); case 1: b(); d(); }", True),
    (
        "a run",
        "switch ($x) { $...c }\nswitch ($y) { $...c }",
        "switch (a) { case 1: b(); }\nswitch (c) { case 1: b(); }",
        True,
    ),
    (
        "a run that differs",
        "switch ($x) { $...c }\nswitch ($y) { $...c }",
        "switch (a) { case 1: b(); }\nswitch (c) { case 2: b(); }",
        False,
    ),
    (
        "a switch in a case",
        "switch ($x) {\n  ...\n  case 1:\n    switch ($y) {\n      ...\n      case 2:\n    }\n  ...\n}",
        "switch (a) { case 0: case 1: switch (b) { case 3: case 2: } case 4: }",
        True,
    ),
    (
        "what a gap rules out",
        "switch ($x) {\n  ... when != go()\n  case 1:\n}",
        "switch (a) { case 0: go(); case 1: }",
        False,
    ),
    (
        "what a gap passes over",
        "switch ($x) {\n  ... when != go()\n  case 1:\n}",
        "switch (a) { case 0: b(); case 1: }",
        True,
    ),
    (
        "a function in a case",
        "switch ($x) {\n  ...\n  case 1:\n    go(function () {\n      ...\n    });\n}",
        "switch (a) { case 0: case 1: go(function () { b(); }); }",
        True,
    ),
]


@pytest.mark.parametrize(
    ("pattern", "text", "matches"), [row[1:] for row in SWITCHES], ids=[row[0] for row in SWITCHES]
)
def test_gaps_in_a_switch(pattern: str, text: str, matches: bool) -> None:
    assert bool(search(pattern, Source(text))) is matches


MODULES = [
    ("names round one", "import { ..., a, ... } from 'm';", "import { z, a, y } from 'm';", True),
    ("a name that is not there", "import { ..., a, ... } from 'm';", "import { z, y } from 'm';", False),
    ("under another name", "import { ..., a, ... } from 'm';", "import { a as b } from 'm';", False),
    ("a run", "import $d, { $...r, a } from 'm';", "import d, { z, y as k, a } from 'm';", True),
    ("no default", "import { ..., a } from 'm';", "import d, { a } from 'm';", False),
    ("no namespace", "import { ... } from 'm';", "import * as d from 'm';", False),
    ("what is exported", "export { ..., a, ... };", "let a, b; export { b, a };", True),
    ("what is passed on", "export { $...r, a } from 'm';", "export { b as c, a } from 'm';", True),
]


@pytest.mark.parametrize(("pattern", "text", "matches"), [row[1:] for row in MODULES], ids=[row[0] for row in MODULES])
def test_gaps_in_the_names_of_a_module(pattern: str, text: str, matches: bool) -> None:
    assert bool(search(pattern, Source(text))) is matches


NO_KEY = "go({\n  ... when != key: $_,\n  b: $y\n})"
KEYS = [
    ("another key", NO_KEY, "go({ c: 1, b: 2 });", True),
    ("nothing", NO_KEY, "go({ b: 2 });", True),
    ("the key", NO_KEY, "go({ key: 1, b: 2 });", False),
    ("the key, quoted", NO_KEY, "go({ 'key': 1, b: 2 });", False),
    ("the key in short", NO_KEY, "go({ key, b: 2 });", False),
    ("a method", NO_KEY, "go({ key() {}, b: 2 });", False),
    ("a getter", NO_KEY, "go({ get key() {}, b: 2 });", False),
    ("what may be the key", NO_KEY, "go({ [k]: 1, b: 2 });", False),
    ("what may have the key", NO_KEY, "go({ ...k, b: 2 });", False),
    ("the key of another object", NO_KEY, "go({ c: { key: 1 }, b: 2 });", True),
    ("the key behind", NO_KEY, "go({ b: 2, key: 1 });", False),
    ("another value", "go({\n  ... when != key: 1\n})", "go({ key: 2 });", True),
    ("that value", "go({\n  ... when != key: 1\n})", "go({ key: 1 });", False),
    ("two keys", "go({\n  ... when != a: $_ when != b: $_,\n  c\n})", "go({ b, c });", False),
    ("a binding", "const {\n  ... when != key: $_,\n  b\n} = $x;", "const { key: a, b } = c;", False),
    ("another binding", "const {\n  ... when != key: $_,\n  b\n} = $x;", "const { a, b } = c;", True),
    ("an argument", "go(\n  ... when != $x.y,\n  b\n);", "go(a.y, b);", False),
    ("another argument", "go(\n  ... when != $x.y,\n  b\n);", "go(a.z, b);", True),
    ("anywhere in statements", "go();\n... when != key: $_\nend();", "go(); f({ a: { key: 1 } }); end();", False),
]


@pytest.mark.parametrize(("pattern", "text", "matches"), [row[1:] for row in KEYS], ids=[row[0] for row in KEYS])
def test_what_a_gap_in_a_list_rules_out(pattern: str, text: str, matches: bool) -> None:
    assert bool(search(pattern, Source(text))) is matches


NO_PATTERNS = [
    ("an else", "\nelse { ... }", 2, "`else` is matched together with what it belongs to; write `if ($c) { ... } else"),
    ("a finally", "finally { ... }", 1, "write `try { ... } finally { ... }`"),
    ("what leaves its frame", "} else {", 1, "not JavaScript"),
    ("what leaves a loop", "break;\n} {", 1, "not JavaScript"),
    ("what leaves an object", "a: 1 }, { b: 2", 1, "not JavaScript"),
    ("what leaves a list", "function () {}] + [1", 1, "not JavaScript"),
    ("a private metavariable", "this.#$a", 1, "a metavariable stands for a private name with its #; write `$a`"),
    ("a gap for a case's value", "case ...: go();", 1, "not JavaScript"),
    ("a run for a case's value", "case $...a: go();", 1, "here is room for one thing"),
    ("a run with a value", "go({ $...a: 1 });", 1, "here is room for one thing"),
    ("a run under another name", "import { a as $...b } from 'm';", 1, "here is room for one thing"),
    (
        "a gap and a statement on its line",
        "case $x: ... break;",
        1,
        "Unexpected token ...; a gap of statements ends its",
    ),
    ("a condition on the line", "go({ ... when != key: $_, b: $y })", 1, "stands on a line of its own"),
    ("a condition behind a comma", "go({\n  ..., when != key: $_\n  b\n})", 2, "stands on a line of its own"),
    ("two conditions as one", "go();\n... when != a(); b();", 2, "is one piece of code; write `when !=` before each"),
    ("a mistake behind a break", "break;\ngo(;", 2, "not JavaScript: Unexpected token ;"),
    ("a mistake in a case", "case 1:\n  go(;", 2, "not JavaScript: Unexpected token ;"),
]


@pytest.mark.parametrize(
    ("pattern", "line", "words"), [row[1:] for row in NO_PATTERNS], ids=[row[0] for row in NO_PATTERNS]
)
def test_what_is_no_pattern(pattern: str, line: int, words: str) -> None:
    with pytest.raises(PatternError) as caught:
        compile_pattern(pattern)
    assert (caught.value.line, words in caught.value.message) == (line, True), caught.value


def test_both_slices_are_read_as_one_thing() -> None:
    """`b: $v` alone could be a label; beside a property it is one."""
    patch = compile_patch("-'a': $v\n+b: $v")
    (section,) = patch.sections
    assert (section.minus.lists, section.plus.lists) == ({"ObjectExpression": "properties"},) * 2
    assert not section.plus.is_expression


def test_a_mistake_is_told_where_it_is() -> None:
    with pytest.raises(PatternError) as caught:
        compile_patch(" for (;;) {\n-  break;\n+  go(;\n }")
    assert (caught.value.line, caught.value.column) == (3, 6)
    with pytest.raises(PatternError) as caught:
        compile_patch("-  break;\n+  go(;")
    assert (caught.value.line, caught.value.column) == (2, 6)


def test_a_miss_names_the_line_of_the_part() -> None:
    patch = compile_patch(" case 1:\n   a();\n   b();\n+  c();")
    outcome = assess(patch, Source("switch (x) {\n  case 1:\n    a();\n    z(b);\n}\n"))
    assert isinstance(outcome, Absent)
    assert outcome.nearest == "line 3 of the patch expects `b();`; nearest to it, at line 4, column 5, stands `z(b);`"
