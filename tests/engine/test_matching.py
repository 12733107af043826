"""What matches, what is ignored in matching, and what is said where nothing matches."""

from __future__ import annotations

import pytest

from sio_patch.engine.find.found import TooComplex
from sio_patch.engine.language.block import Block
from sio_patch.engine.outcome import Absent, Applied, NeedsPatch
from sio_patch.engine.pattern import PatternError, compile_patch
from sio_patch.engine.rewrite import assess
from sio_patch.engine.search import search
from sio_patch.engine.source import Source
from sio_patch.engine.tree.parse import SyntaxProblem


def bound(pattern: str, text: str, *equivalent: str) -> list[dict[str, str]]:
    """What the metavariables stand for, match by match."""
    found = search(pattern, Source(text), equivalent=equivalent)
    return [{name: binding.text for name, binding in match.bindings.items()} for match in found]


IGNORED = [
    ("comments", "go($x);", "go(/* the */ f // file\n);"),
    ("white space", "go($x).then(g);", "go (\n  f\n)\n. then ( g )"),
    ("no semicolon", "go($x);", "go(f)"),
    ("a semicolon", "if ($x) {\n  go()\n}", "if (f) { go(); }"),
    ("empty statements", "go();\ndone($x);", "go();; ; done(f);"),
    ("brackets in the file", "go($x + 1);", "(go)((f + (1)));"),
    ("brackets in the pattern", "go(($x));", "go(f);"),
    ("quotes", "go('a', $x);", 'go("a", f);'),
    ("escapes", "go('a\\n', $x);", 'go("\\x61\\u000a", f);'),
    ("escapes in names", "head($x);", "h\\u0065ad(f);"),
    ("a hexadecimal number", "go(16, $x);", "go(0x10, f);"),
    ("an exponent", "go(1000, $x);", "go(1e3, f);"),
    ("a fraction", "go(0.5, $x);", "go(.50, f);"),
    ("an octal number", "go(8, $x);", "go(010, f);"),
    ("separators in a number", "go(1000, $x);", "go(1_000, f);"),
    ("a trailing comma in arguments", "go($x);", "go(f,);"),
    ("a trailing comma in a list", "go([1, $x]);", "go([1, f,]);"),
    ("a trailing comma in an object", "go({ a: $x });", "go({ a: f, });"),
    ("a trailing comma in parameters", "function go($x) {}", "function go(f,) {}"),
    ("a member in brackets", "$x.head = 1;", "f['head'] = 1;"),
    ("a member with a dot", "$x['head'] = 1;", "f.head = 1;"),
    ("a quoted key", "go({ head: $x });", "go({ 'head': f });"),
    ("a computed quoted key", "go({ head: $x });", "go({ ['head']: f });"),
    ("a bare key", "go({ 'head': $x });", "go({ head: f });"),
    ("a numeric key, spelt in another way", "go({ 1000: $x });", "go({ 1e3: f });"),
    ("a numeric key", "go({ 1: $x });", "go({ '1': f });"),
    ("a comma var", "var a = $x;", "var b, a = f, c;"),
    ("split vars", "var a = 1, b = $x;", "var a = 1;\nvar b = f;"),
    ("a comma let", "let a = $x;", "let b, a = f;"),
    ("the name of a function expression", "go(function () { stop($x); });", "go(function named() { stop(f); });"),
    ("no braces", "if (a) { go($x); }", "if (a) go(f);"),
    ("no braces in the pattern", "if (a) go($x);", "if (a) { go(f); }"),
    ("no braces behind else", "if (a) { b(); } else { go($x); }", "if (a) b(); else go(f);"),
    ("no braces in loops", "while (a) { go($x); }", "while (a) go(f);"),
    ("directives", "function go() { stop($x); }", "function go() { 'use strict'; stop(f); }"),
    ("statements joined by commas", "go();\nstop($x);", "go(), stop(f);"),
    ("a comment in a template", "go(`a${$x}`);", "go(`a${/* b */ f}`);"),
    ("no semicolons in a class", "class A { a = 1; b = $x; }", "class A { a = 1\n b = f\n}"),
    ("no semicolon behind do", "do { a(); } while ($x);", "do { a() } while (f)"),
    ("empty statements in a class", "class A { m() {} n() { $x; } }", "class A { m() {}; n() { f; }; }"),
    ("an empty statement for a body", "if (a) {} else { go($x); }", "if (a) ; else go(f);"),
    ("brackets round a target", "a = $x;", "(a) = (f);"),
    ("brackets of new", "new A();\ngo($x);", "new A;\ngo(f);"),
    ("brackets of a parameter", "x => go($x)", "(x) => (go(f));"),
    ("brackets round what is called", "(function () { go($x); })();", "(function () { go(f); }());"),
    ("an escape by its number", "go('\\u{41}', $x);", "go('A', f);"),
    ("a line that goes on", "go('a\\\nb', $x);", "go('ab', f);"),
    ("the quotes of a module", "import a from 'b';\ngo($x);", "import a from \"b\";\ngo(f);"),
    ("a binary number", "go(255, $x);", "go(0b11111111, f);"),
    ("a big number", "go(1000n, $x);", "go(0x3e8n, f);"),
    ("a trailing comma of new", "new A($x);", "new A(f,);"),
    ("a trailing comma in a binding", "const { a } = $x;", "const { a, } = f;"),
    ("a trailing comma in an import", "import { a } from 'b';\ngo($x);", "import { a, } from 'b';\ngo(f);"),
    ("an optional member in brackets", "$x?.a;", "f?.['a'];"),
    ("a member of super in brackets", "super.a($x);", "class B extends C { m() { super['a'](f); } }"),
    ("a quoted method", "({ a() { $x; } });", "({ 'a'() { f; } });"),
    ("a quoted field", "class A { a = $x; }", "class A { 'a' = f; }"),
    ("a quoted binding", "const { a: b } = $x;", "const { 'a': b } = f;"),
    ("a property in short", "({ a: a, b: $x });", "({ a, b: f });"),
    ("a binding in short", "const { a: a } = $x;", "const { a } = f;"),
    ("an import in short", "import { a as a } from 'm';\ngo($x);", "import { a } from 'm';\ngo(f);"),
    ("a comma var in a body", "if (q) { var a = $x; var b = 1; }", "if (q) var a = f, b = 1;"),
    ("a comma const that is exported", "export const a = $x;\nexport const b = 1;", "export const a = f, b = 1;"),
    ("export before a function", "function a() { $x; }", "export function a() { f; }"),
    ("export default before a class", "class A { m() { $x; } }", "export default class A { m() { f; } }"),
    ("export before const", "const { a } = $x;", "export const b = 1, { a } = f;"),
    ("what a class extends", "class A { m() { $x; } }", "class A extends B { m() { f; } }"),
    ("an else that is not there", "if (a) { $x; } else ...", "if (a) { f; }"),
    ("no braces behind do", "do { go($x); } while (a);", "do go(f); while (a);"),
    ("no braces behind with", "with (a) go($x);", "with (a) { go(f); }"),
    ("braces round else if", "if (a) b(); else if (c) go($x);", "if (a) { b(); } else { if (c) { go(f); } }"),
]  # fmt: skip


@pytest.mark.parametrize(("pattern", "text"), [row[1:] for row in IGNORED], ids=[row[0] for row in IGNORED])
def test_a_difference_that_is_ignored(pattern: str, text: str) -> None:
    assert bound(pattern, text) == [{"x": "f"}]


DIFFERENT = [
    ("another number", "go(16);", "go(17);"),
    ("a number and a string", "go(1);", "go('1');"),
    ("an integer and a big one", "go(1);", "go(1n);"),
    ("true and one", "go(true);", "go(1);"),
    ("null and undefined", "go(null);", "go(undefined);"),
    ("another string", "go('a');", "go('A');"),
    ("an optional member", "$x.head = $x.a;", "f.head = f?.a;"),
    ("an optional call", "go($x);", "go?.(f);"),
    ("a computed member", "$x.head;", "f[head];"),
    ("a computed member for any name", "$x.$y;", "f[head];"),
    ("a name for any computed member", "$x[$y];", "f.head;"),
    ("a quoted name for any computed member", "$x[$y];", "f['head'];"),
    ("a computed key for any name", "go({ $k: 1 });", "go({ [head]: 1 });"),
    ("a name for any computed key", "go({ [$k]: 1 });", "go({ head: 1 });"),
    ("a computed key", "go({ head: 1 });", "go({ [head]: 1 });"),
    ("a getter", "go({ head: function () {} });", "go({ get head() {} });"),
    ("a method", "go({ head: function () {} });", "go({ *head() {} });"),
    ("a private member", "$x.head;", "class A { #head; m() { this.#head; } }"),
    ("an async function", "go(function () { });", "go(async function () { });"),
    ("a generator", "go(function () { });", "go(function* () { });"),
    ("an arrow", "go(function () { });", "go(() => { });"),
    ("another operator", "a = $x;", "a += f;"),
    ("prefix and postfix", "++$x;", "f++;"),
    ("loose and strict", "$x == null;", "f === null;"),
    ("call and new", "Buffer($x);", "new Buffer(f);"),
    ("another template", "go(`a${$x}`);", "go(`b${f}`);"),
    ("a template and a string", "go('a');", "go(`a`);"),
    ("another regular expression", "go(/a/g);", "go(/a/);"),
    ("more arguments", "go($x);", "go(f, g);"),
    ("fewer arguments", "go($x, $y);", "go(f);"),
    ("a spread argument", "go($x);", "go(...f);"),
    ("var and let", "var a = $x;", "let a = f;"),
    ("another order", "null == $x;", "f == null;"),
    ("a static method", "class A { go() {} }", "class A { static go() {} }"),
    ("another label", "a: for (;;) { break a; }", "b: for (;;) { break b; }"),
    ("for in and for of", "for (var $k in $x) {}", "for (var k of x) {}"),
    ("case", "open($x);", "Open(f);"),
    ("minus nothing", "go(0, $x);", "go(-0, f);"),
    ("an exported name", "export const a = $x;", "const a = f;"),
    ("the default export", "export default function a() { $x; }", "export function a() { f; }"),
    ("a class that extends nothing", "class A extends $x {}", "class A {}"),
    ("an else more", "if (a) { $x; }", "if (a) { f; } else b();"),
    ("an else less", "if (a) { $x; } else { ... }", "if (a) { f; }"),
]  # fmt: skip


@pytest.mark.parametrize(("pattern", "text"), [row[1:] for row in DIFFERENT], ids=[row[0] for row in DIFFERENT])
def test_a_difference_that_counts(pattern: str, text: str) -> None:
    assert bound(pattern, text) == []


FORMS = [
    "Manager.prototype.open = function (f) { go(f); };",
    "Manager.prototype['open'] = function open(f) { go(f) }",
    "Manager.prototype = { open: function (f) { go(f); } };",
    "Manager.prototype = { a: 1, open(f) { go(f); } };",
    "class Manager { open(f) { go(f); } }",
    "var Manager = class { open(f) { go(f); } };",
    "Manager = class { 'open'(f) { go(f); } };",
    "Manager.prototype.open = (f) => { go(f); };",
    "Manager.prototype = { open: f => { go(f); } };",
    "export class Manager { open(f) { go(f); } }",
    "export default class Manager extends Base { open(f) { go(f); } }",
]
NO_FORMS = [
    "Manager = class Other { open(f) { go(f); } };",
    "Manager.open = function (f) { go(f); };",
    "class Manager { static open(f) { go(f); } }",
    "class Manager { get open() { go(f); } }",
    "class Manager { async open(f) { go(f); } }",
    "class Other { open(f) { go(f); } }",
    "class Manager { other(f) { go(f); } }",
    "Other.prototype = { open(f) { go(f); } };",
    "Manager.prototype.open = (f) => { this.go(f); };",
    "Manager.prototype.open = async (f) => { go(f); };",
    "class Manager { open = (f) => { go(f); } }",
    "function open(f) { go(f); }",
]
PROTOTYPE = "Manager.prototype.open = function ($x) { go($x); };"


@pytest.mark.parametrize("text", FORMS)
def test_forms_of_a_method(text: str) -> None:
    assert bound(PROTOTYPE, text, "function-forms") == [{"x": "f"}]
    if text != FORMS[0] and "['open']" not in text:
        assert bound(PROTOTYPE, text) == []


@pytest.mark.parametrize("text", NO_FORMS)
def test_no_forms_of_a_method(text: str) -> None:
    assert bound(PROTOTYPE, text, "function-forms") == []


@pytest.mark.parametrize(
    "text",
    ["function open(f) { go(f); }", "var open = function (f) { go(f); };", "open = function open(f) { go(f); };",
     "const a = 1, open = function (f) { go(f); };", "open = (f) => { go(f); };", "const open = f => { go(f); };",
     "export function open(f) { go(f); }", "export default function open(f) { go(f); }",
     "export const open = function (f) { go(f); };", "export const open = (f) => { go(f); };"],
)  # fmt: skip
def test_forms_of_a_function(text: str) -> None:
    assert bound("function open($x) { go($x); }", text, "function-forms") == [{"x": "f"}]


def test_kinds_of_declaration() -> None:
    for kind in ("var", "let", "const"):
        assert bound("var a = $x;", f"{kind} a = f;", "declaration-kinds") == [{"x": "f"}]


@pytest.mark.parametrize("operator", ["==", "!=", "===", "!=="])
def test_order_of_a_comparison(operator: str) -> None:
    assert bound(f"if (null {operator} $x) go();", f"if (f {operator} null) go();", "yoda") == [{"x": "f"}]
    assert bound(f"if ($x {operator} null) go();", f"if (null {operator} f) go();", "yoda") == [{"x": "f"}]


def test_order_does_not_matter_to_equality_alone() -> None:
    assert bound("if (0 < $x) go();", "if (f < 0) go();", "yoda") == []


RUNS = [
    ("arguments", "go($...a, 1, $...b);", "go(f, 1, 2, 1);", {"a": "f", "b": "2, 1"}),
    ("no arguments", "go($...a);", "go();", {"a": ""}),
    ("arguments with spread", "go($...a);", "go(f, ...g);", {"a": "f, ...g"}),
    ("parameters", "function go($...a, $z) {}", "function go(f, g = 1, h) {}", {"a": "f, g = 1", "z": "h"}),
    ("elements", "go([$...a, $z]);", "go([f, g, h]);", {"a": "f, g", "z": "h"}),
    ("the same run twice", "function go($...a) { return to($...a); }", "function go(f, g) { return to(f, g); }",
     {"a": "f, g"}),
    ("a run that is found late", "go($...a);\nstop($...a);", "go(1);\ngo(2, f);\nstop(2, f);", {"a": "2, f"}),
]  # fmt: skip


@pytest.mark.parametrize(("pattern", "text", "found"), [row[1:] for row in RUNS], ids=[row[0] for row in RUNS])
def test_runs(pattern: str, text: str, found: dict[str, str]) -> None:
    assert found in bound(pattern, text)


def test_runs_that_differ() -> None:
    assert bound("function go($...a) { return to($...a); }", "function go(f, g) { return to(f); }") == []
    assert bound("function go($...a) { return to($...a); }", "function go(f, g) { return to(g, f); }") == []


GAPS = [
    ("statements", "a($x);\n...\nb($x);", "a(1);\na(f);\nb(2);\nz();\nb(f);"),
    ("arguments", "go(..., $x, ..., $x)", "go(1, f, 2, 3, f);"),
    ("parameters", "function go(..., $x, ...) { return $x; }", "function go(a, b, f, c) { return f; }"),
    ("elements", "go([..., $x, ..., $x, ...]);", "go([1, f, 2, f, 3]);"),
    ("properties", "go({ ..., a: $x, ..., b: $x, ... });", "go({ a: 1, 'a': f, z, b: 2, ...y, b: f, c() {} });"),
    ("members", "class A {\n...\na() { $x; }\n...\nb() { $x; return; }\n...\n}",
     "class A { z = 1; a() { f; } #p() {} b() { f; } b() { f; return; } static {} }"),
]  # fmt: skip


@pytest.mark.parametrize(("pattern", "text"), [row[1:] for row in GAPS], ids=[row[0] for row in GAPS])
def test_gaps_try_every_length(pattern: str, text: str) -> None:
    assert bound(pattern, text) == [{"x": "f"}]


def test_a_gap_may_be_empty() -> None:
    assert bound("a();\n...\nb($x);", "a();\nb(f);") == [{"x": "f"}]
    assert bound("go(..., $x, ...)", "go(f);") == [{"x": "f"}]


def test_a_gap_stays_in_its_list() -> None:
    assert bound("a();\n...\nb();", "a();\n{ b(); }") == []
    assert bound("a();\n...\nb();", "{ a(); }\nb();") == []
    assert bound("go(..., 1);", "go(to(1));") == []


def test_a_dollar_of_the_file() -> None:
    assert bound("$$.ajax($x);", "$.ajax(f);") == [{"x": "f"}]
    assert bound("$$.ajax($x);", "jQuery.ajax(f);") == []
    assert bound("$$scope.go($x);", "$scope.go(f);") == [{"x": "f"}]
    assert bound("go($x.$$on);", "go(f.$on);") == [{"x": "f"}]
    assert bound("go({ '$x': $x });", "go({ $x: f });") == [{"x": "f"}]


def test_a_metavariable_is_one_expression() -> None:
    assert bound("go($x);", "go(a ? b : c, d);\ngo(function () {});\ngo(`a`);\ngo();\ngo(...a);\n") == [
        {"x": "function () {}"}, {"x": "`a`"},
    ]  # fmt: skip
    assert bound("$x.$y = 1;", "a.b.c = 1; a[b] = 1; a['d'] = 1;") == [{"x": "a.b", "y": "c"}, {"x": "a", "y": "'d'"}]
    assert bound("$x[$y] = 1;", "a.b.c = 1; a[b] = 1; a['d'] = 1;") == [{"x": "a", "y": "b"}]


def test_a_name_and_a_variable_of_that_name() -> None:
    assert bound("$x.$y = $y;", "f.a = a; f.b = c; f['d'] = d;") == [{"x": "f", "y": "a"}, {"x": "f", "y": "d"}]
    assert bound("go($x); go($x);", "go(a[b]); go(a.b);") == []
    assert bound("go($x); go($x);", "go(a.b); go(a['b']);") == [{"x": "a.b"}]


def test_the_same_code_has_the_same_variables() -> None:
    assert bound("go($x, $x);", "go(a.b, a['b']); go(a.b, a.c); go(1, 1.0); go(f(), f());") == [
        {"x": "a.b"}, {"x": "1"}, {"x": "f()"},
    ]  # fmt: skip


def test_what_code_declares_is_its_own_each_time() -> None:
    assert bound("go($x, $x);", "go(a => a, a => a); go(a => a, b => b); go(a => c, b => c);") == [{"x": "a => a"}]
    assert bound("go($x, $x);", "go(function f(a) { f(this, a); }, function f(a) { f(this, a); });") == [
        {"x": "function f(a) { f(this, a); }"}
    ]
    assert bound("go($x, function (b) { go($x); });", "go(b, function (b) { go(b); });") == []


STORES = ["$s;", "if (a) { $s; }", "run(function () { $s; });", "run(() => $s);", "b = $s;", "for (;; $s) {}"]
FORMS_OF_STORE = [
    "req.head = other", "req['head'] = other", "(req.head) = other", "req.head += 1", "req.head ||= other",
    "req.head++", "--req.head", "[req.head] = other", "({ a: req.head } = other)", "({ a: [...req.head] } = other)",
    "[req.head = 1] = other", "({ ...req.head } = other)",
]  # fmt: skip
WHEN = " $r.head = $h;\n go($r);\n+drop($r);\n ... when != $r.head = $other\n end($r);"


@pytest.mark.parametrize("store", FORMS_OF_STORE)
@pytest.mark.parametrize("place", STORES)
def test_an_assignment_ruled_out_is_ruled_out_in_every_form(store: str, place: str) -> None:
    before = "req.head = 1;\ngo(req);\n"
    text = f"{before}{place.replace('$s', store)}\nend(req);\n"
    assert isinstance(assess(compile_patch(WHEN), Source(text)), Absent)


@pytest.mark.parametrize("loop", ["for (req.head in x) {}", "for (req.head of x) {}", "for ([req.head] of x) {}"])
def test_a_loop_stores_too(loop: str) -> None:
    assert isinstance(assess(compile_patch(WHEN), Source(f"req.head = 1;\ngo(req);\n{loop}\nend(req);\n")), Absent)


@pytest.mark.parametrize(
    "harmless",
    ["res.head = 1;", "req.body = 1;", "delete req.head;", "go(req.head);", "x = req.head;", "req.head.a = 1;",
     "run(function (req) { req.head = 1; });", "// req.head = 1;", "'req.head = 1';", "if (req.head == 1) {}"],
)  # fmt: skip
def test_what_is_no_such_assignment(harmless: str) -> None:
    outcome = assess(compile_patch(WHEN), Source(f"req.head = 1;\ngo(req);\n{harmless}\nend(req);\n"))
    assert isinstance(outcome, NeedsPatch)


def test_two_conditions_of_a_gap() -> None:
    pattern = "a($x);\n... when != stop($x) when != return\nb($x);"
    assert bound(pattern, "a(f);\nz();\nb(f);") == [{"x": "f"}]
    assert bound(pattern, "a(f);\nz(stop(f));\nb(f);") == []
    assert bound(pattern, "a(f);\nif (y) return;\nb(f);") == []
    assert bound(pattern, "a(f);\nstop(g);\nb(f);") == [{"x": "f"}]
    assert bound(pattern, "a(f);\nb(f);\nstop(f);") == [{"x": "f"}]


def test_nearest_names_the_line_what_was_wanted_and_what_stood_there() -> None:
    patch = compile_patch(Block(" a($x);\n ...\n b($x, 1);\n+c($x);", 41))
    outcome = assess(patch, Source("z();\n  a(f);\n  b(f, 2);\n"))
    assert isinstance(outcome, Absent)
    assert outcome.nearest is not None
    assert "line 43 of the patch expects `b($x, 1);`" in outcome.nearest
    assert "line 3, column 8" in outcome.nearest
    assert outcome.place == (3, 8)


def test_nearest_where_there_is_more() -> None:
    patch = compile_patch(Block(" run(function () {\n   a($x);\n+  b($x);\n });", 11))
    outcome = assess(patch, Source("run(function () {\n  a(f);\n  c(f);\n});\n"))
    assert isinstance(outcome, Absent)
    assert outcome.nearest == (
        "line 12 of the patch expects nothing behind `a($x);`; nearest to it, at line 3, column 3, stands `c(f);`"
    )


@pytest.mark.parametrize(
    ("pattern", "text", "wanted"),
    [
        (" a();\n+b();", "z();\na(f);\n", "`a();`"),
        (" a([]);\n+b();", "z();\na([f]);\n", "`a([]);`"),
        (" a({});\n+b();", "z();\na({ f });\n", "`a({});`"),
        (" a(function () {});\n+b();", "z();\na(function (f) {});\n", "`a(function () {});`"),
        (" a(function () {});\n+b();", "z();\na(function () { f(); });\n", "`a(function () {});`"),
    ],
)
def test_nearest_where_a_list_should_be_empty(pattern: str, text: str, wanted: str) -> None:
    outcome = assess(compile_patch(pattern), Source(text))
    assert isinstance(outcome, Absent)
    assert outcome.nearest is not None
    assert outcome.nearest.startswith(f"line 1 of the patch expects {wanted}; nearest to it, at line 2, column ")
    assert outcome.nearest.rpartition("stands `")[2].startswith("f")


def test_nearest_where_the_code_ends_too_early() -> None:
    outcome = assess(
        compile_patch(" function f() {\n   a();\n   ...\n   b();\n+  c();\n }"),
        Source("b;\nfunction f() {\n  a();\n}\n"),
    )
    assert isinstance(outcome, Absent)
    assert "line 4 of the patch expects `b();`" in str(outcome.nearest)
    assert "ends at line 4" in str(outcome.nearest)


def test_nearest_where_something_is_ruled_out() -> None:
    outcome = assess(compile_patch(WHEN), Source("req.head = 1;\ngo(req);\nreq.head = 2;\nend(req);\n"))
    assert isinstance(outcome, Absent)
    assert "line 4 of the patch rules out" in str(outcome.nearest)
    assert "line 3, column 1, stands `req.head = 2;`" in str(outcome.nearest)


def test_nearest_names_names_that_are_not_there() -> None:
    outcome = assess(compile_patch(" open($x).pipe;\n+close($x);"), Source("open(f);\n"))
    assert outcome == Absent("the file does not contain `pipe`", None)


def test_search_gives_places() -> None:
    (found,) = search("go($x, $...rest);", Source("// caf\u00e9\n  go(a + 1, b, c);\n"))
    assert (found.start, found.end, found.text) == (10, 26, "go(a + 1, b, c);")
    assert found.bindings["x"] == (13, 18, "a + 1")
    assert found.bindings["rest"].text == "b, c"


def test_search_says_why_it_cannot() -> None:
    with pytest.raises(PatternError):
        search("go(", Source(""))
    with pytest.raises(SyntaxProblem):
        search("go($x)", Source("go(;"))
    with pytest.raises(TooComplex):
        search("...\n$a;\n...\n$b;\n...\n$c;\n...\n$d;\n...\nx", Source("f();\n" * 120 + "y(x);"))


def test_a_pattern_of_directives_wants_them() -> None:
    assert bound("'use strict';\ngo($x);", "'use strict';\ngo(f);") == [{"x": "f"}]
    assert isinstance(assess(compile_patch("+'use strict';\n go();"), Source("'use strict';\ngo();\n")), Applied)


# What cannot stand by itself is no function expression; only the opted-in function forms say otherwise.
METHODS = ["o = { m(a) { return a; } };", "o = { get m() { return a; } };", "class A { m(a) { return a; } }"]


@pytest.mark.parametrize("text", METHODS)
def test_a_method_is_no_function_expression(text: str) -> None:
    assert search("(function ($...p) { return $x; })", Source(text)) == []


# A pattern, and texts that it matches, or does not.
HOLES = [
    ("f([, $a])", "f([, 1])", True),
    ("f([, $a])", "f([1])", False),
    ("f([, $a])", "f([1, 2])", False),
    ("f([$a, ,])", "f([1, ,])", True),
    ("f([..., , $a])", "f([1, , 2])", True),
    ("f([..., , $a])", "f([1, 2])", False),
]


@pytest.mark.parametrize(("pattern", "text", "matches"), HOLES)
def test_the_hole_of_an_array_is_matched_by_a_hole(pattern: str, text: str, matches: bool) -> None:
    assert bool(search(pattern, Source(text))) is matches


SAYABLE = [
    ("const { ..., a, ... } = $x", "const { b, a, c } = d", True),
    ("const { ..., a, ... } = $x", "const { b, c } = d", False),
    ("function f(..., a, ...) { 'use strict'; }", "function f(b, a) { 'use strict'; }", True),
    ("export { $x };", "var a; export { a };", True),
    ("export { $x };", "var a; export { a as b };", False),
    ("export { $x as b };", "var a; export { a as b };", True),
    ("f(import.meta)", "f(import.meta)", True),
    ("f(import.meta)", "function g() { f(new.target); }", False),
]


@pytest.mark.parametrize(("pattern", "text", "matches"), SAYABLE)
def test_what_a_pattern_may_say(pattern: str, text: str, matches: bool) -> None:
    assert bool(search(pattern, Source(text))) is matches
