"""Statements, class members and words that must not run together once an edit stands between or beside them."""

from __future__ import annotations

from engine.case import Case, NoWayBack

FOR_IF = "-if ($c) { $x; }\n+$c && $x;"
BODY = "-() => { return $x }\n+() => $x"
TWICE = "-old($x)\n+($x || none)()"
ALL = {"matches": "all"}
RUNS_ON = NoWayBack(
    "the code is there, but cannot be edited safely: without it the line before would run on into the line after"
)
NO_GAPS = NoWayBack(
    "added code cannot hold `...`, for nothing says what to write there; a run `$...name` can be written"
)


def body(name: str, before: str, after: str, back: str, *, module: bool = False) -> Case:
    """An arrow function with braces, which nothing can go on from, for one without."""
    return Case(name, BODY, before, after, module=module, back=back)


STATEMENTS = [
    Case("a bracket behind a block that was one", FOR_IF, "if (a || 1) { b() }\nif (a || 2) { c() }\n",
         "(a || 1) && b();\n(a || 2) && c()\n", ALL, back="if (a || 1) { b(); }\nif (a || 2) { c(); }\n"),
    Case("a bracket of the file behind a block that was one", FOR_IF, "if (a) { b() }\n(c)\n", "a && b();\n(c)\n",
         back="if (a) { b(); }\n(c)\n"),
    Case("brackets before and behind", FOR_IF, "x()\nif (a || b) { b() }\n[c]\n", "x()\n;(a || b) && b();\n[c]\n",
         back="x()\n;if (a || b) { b(); }\n[c]\n"),
    Case("a block that shares its line", FOR_IF, "if (a) { b() } c()\n", "a && b(); c()\n",
         back="if (a) { b(); } c()\n"),
    Case("a block at the end of a block", FOR_IF, "{ if (a) { b() } }\n", "{ a && b() }\n",
         back="{ if (a) { b(); } }\n"),
    Case("a squeezed block", FOR_IF, "{if(a){b()}c()}\n", "{a && b();c()}\n", back="{if (a) { b(); }c()}\n"),
    Case("two that each start with a bracket", TWICE, "old(a)\nold(b)\nrest()\n",
         "(a || none)()\n;(b || none)()\nrest()\n", ALL, back="(old)(a)\n;(old)(b)\nrest()\n"),
    Case("a bracket behind an edited line and a comment", TWICE, "old(a) // one;\nold(b)\n",
         "(a || none)() // one;\n;(b || none)()\n", ALL, back="(old)(a) // one;\n;(old)(b)\n"),
    Case("a variable for a function, before a bracket", "-function f() {}\n+var f = 1", "function f() {}\n(3)\n",
         "var f = 1;\n(3)\n"),
    Case("a variable for a class, before a bracket", "-class A {}\n+var A = make()", "class A {}\n[3]\na()\n",
         "var A = make();\n[3]\na()\n"),
    Case("lines in brackets behind a line in a block", " open($x);\n+($x)();", "if (r) { open(f) }\nopen(g)\n;[h]\n",
         "if (r) { open(f); (f)() }\nopen(g)\n;(g)()\n;[h]\n", ALL),
    Case("several lines for one, the second in brackets", "-a($x);\n+b($x);\n+(c)($x);", "[h]\na(2)\n",
         "[h]\nb(2)\n;(c)(2)\n"),
]  # fmt: skip

BODIES = [
    body("a body before a bracket", "var x = () => { return 1 }\n(2)\n", "var x = () => 1;\n(2)\n",
         "var x = () => { return 1 };\n(2)\n"),
    body("a body before a template", "var x = () => { return 1 }\n`a`\n", "var x = () => 1;\n`a`\n",
         "var x = () => { return 1 };\n`a`\n"),
    body("a body before a regular expression", "var x = () => { return 1 }\n/re/.test(a)\n",
         "var x = () => 1;\n/re/.test(a)\n", "var x = () => { return 1 };\n/re/.test(a)\n"),
    body("a body before a sign", "var x = () => { return 1 }\n+b\n", "var x = () => 1;\n+b\n",
         "var x = () => { return 1 };\n+b\n"),
    body("a body before an increment", "var x = () => { return 1 }\n++b\n", "var x = () => 1\n++b\n",
         "var x = () => { return 1 }\n++b\n"),
    body("a body that ends nothing", "f(() => { return 1 })\n;[2]\n", "f(() => 1)\n;[2]\n",
         "f(() => { return 1 })\n;[2]\n"),
    body("a body before a semicolon", "var x = () => { return 1 };\n(2)\n", "var x = () => 1;\n(2)\n",
         "var x = () => { return 1 };\n(2)\n"),
    body("a body before else", "if (q) x = () => { return 1 }\nelse y()\n", "if (q) x = () => 1\nelse y()\n",
         "if (q) x = () => { return 1 }\nelse y()\n"),
    body("a body in an unbraced if", "if (q) x = () => { return 1 }\n(2)\n", "if (q) x = () => 1;\n(2)\n",
         "if (q) x = () => { return 1 };\n(2)\n"),
    body("a body of a field before brackets", "class A { x = () => { return 1 }\n[a] = 2 }\n",
         "class A { x = () => 1;\n[a] = 2 }\n", "class A { x = () => { return 1 };\n[a] = 2 }\n"),
    body("a body of a field before a generator", "class A { x = () => { return 1 }\n*g() {} }\n",
         "class A { x = () => 1;\n*g() {} }\n", "class A { x = () => { return 1 };\n*g() {} }\n"),
    body("a body of a field before a member called in", "class A { x = () => { return 1 }\nin() {} }\n",
         "class A { x = () => 1;\nin() {} }\n", "class A { x = () => { return 1 };\nin() {} }\n"),
    body("a body of a field before another", "class A { x = () => { return 1 }\ninner() {} }\n",
         "class A { x = () => 1\ninner() {} }\n", "class A { x = () => { return 1 }\ninner() {} }\n"),
    body("a body that is exported", "export default () => { return 1 }\n(2)\n", "export default () => 1;\n(2)\n",
         "export default () => { return 1 };\n(2)\n", module=True),
    body("a body that is exported by name", "export const a = () => { return 1 }\n(2)\n",
         "export const a = () => 1;\n(2)\n", "export const a = () => { return 1 };\n(2)\n", module=True),
    body("an object as a body", "x = () => { return {} }\n", "x = () => ({})\n", "x = () => { return ({}) }\n"),
    body("a body that starts with an object", "x = () => { return {}.y }\n", "x = () => ({}.y)\n",
         "x = () => { return ({}.y) }\n"),
    body("a body that starts with a function", "x = () => { return function () {}.y }\n",
         "x = () => (function () {}.y)\n", "x = () => { return (function () {}.y) }\n"),
]  # fmt: skip

MEMBERS = [
    Case("a member in brackets behind a field", " class A {\n   ...\n   a = $k;\n+  [$k] = 2;\n   ...\n }",
         "class A {\n  a = 1\n  b = 2\n}\n", "class A {\n  a = 1\n  ;[1] = 2;\n  b = 2\n}\n"),
    Case("a field before a generator", " class A {\n   ...\n   a = $k;\n+  b = 2\n   ...\n }",
         "class A {\n  a = 1;\n  *c() {}\n}\n", "class A {\n  a = 1;\n  b = 2;\n  *c() {}\n}\n"),
    Case("a method behind a field called get", " class A {\n   ...\n   get;\n+  m() {}\n }", "class A {\n  get\n}\n",
         "class A {\n  get\n  ;m() {}\n}\n"),
]  # fmt: skip

EXPORTS = [
    Case("a line behind an export", " export {};\n+f();", "export {}\n[a]\n", "export {}\nf();\n[a]\n", module=True,
         back=RUNS_ON),
    Case("a line in brackets behind an export", " import a from 'x' with { type: 'json' };\n+[a]();",
         "import a from 'x' with { type: 'json', }\nb()\n",
         "import a from 'x' with { type: 'json', }\n;[a]()\nb()\n", module=True),
    Case("an export that goes", "-export {};\n f();", "export {};\nf();\nexport { f }\nfunction f() {}\n",
         "f();\nexport { f }\nfunction f() {}\n", module=True),
    Case("a default export for a function", "-export default function () { ... }\n+export default foo;",
         "export default function () { a }\n(b)\n", "export default foo;\n(b)\n", module=True,
         back=NO_GAPS),
]  # fmt: skip

EXPRESSIONS = [
    Case("brackets that the patch has itself", "-f($x)\n+g(($x) * 2)", "f(a + b);\n", "g((a + b) * 2);\n"),
    Case("an object at the start of an arrow's body", "-f($x)\n+() => $x", "a = f({}.b)\n", "a = () => ({}.b)\n"),
    Case("an object at the start of a new line", " open($x);\n+$x.y();", "open({}.a)\n", "open({}.a)\n;({}.a).y()\n",
         back="open({}.a)\n"),
    Case("dots before what stands in brackets", "-f($x)\n+g(...$x)", "f((a, b))\n", "g(...((a, b)))\n",
         back="f((a, b))\n"),
    Case("an object at the start of a statement's member", "-wrap($x, 1)\n+$x.y", "wrap({}.a, 1)\n", "({}.a).y\n"),
    Case("a function at the start of a statement's member", "-wrap($x, 1)\n+$x.y", "wrap(function () {}, 1)\n",
         "(function () {}).y\n", back="wrap(function () {}, 1)\n"),
    Case("an in for a call, deep in the head of a for", "-load($x)\n+[$x] && $x",
         "for (var i = load('a' in b); i;) {}\n",
         "for (var i = (['a' in b] && 'a' in b); i;) {}\n", back="for (var i = (load('a' in b)); i;) {}\n"),
    Case("a variable in the head of a for",
         "-for (var $i = old; $c; $n) { ... }\n+for (var $i = fresh; $c; $n) { ... }",
         "for (var i = (old); i; i--) {}\n", "for (var i = (fresh); i; i--) {}\n"),
]  # fmt: skip

SEAMS = [*STATEMENTS, *BODIES, *MEMBERS, *EXPORTS, *EXPRESSIONS]
