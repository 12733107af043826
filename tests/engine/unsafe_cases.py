"""Places that a patch finds and that take nothing of what it writes: refused, or left alone, each with the reason."""

from __future__ import annotations

from engine.left_alone_cases import Alone
from sio_patch.engine.outcome import Absent
from sio_patch.verdict import Reason

ALL = {"matches": "all"}
CALL = "-a.b\n+c()"
MEMBER = "-foo\n+a.b"
STRING = "-'x'\n+f('x')"
TARGET = "is declared or assigned to, and what is to stand there cannot be"
UNSAFE = Reason.UNSAFE_PLACE


def target(name: str, patch: str, source: str) -> Alone:
    return Alone(name, patch, source, UNSAFE, "only a name, a member or a pattern can be stored to", TARGET, ALL)


TARGETS = [
    target("an assigned member", CALL, "a.b = 1;\n"),
    target("a member that is added to", CALL, "a.b += 1;\n"),
    target("an incremented member", CALL, "a.b++;\n"),
    target("a member decremented first", CALL, "--a.b;\n"),
    target("a member that a loop runs over", CALL, "for (a.b of x) {}\n"),
    target("a member that a loop over names runs over", CALL, "for (a.b in x) {}\n"),
    target("a member in an array's pattern", CALL, "[a.b] = x;\n"),
    target("a member in an object's pattern", CALL, "({ c: a.b } = x);\n"),
    target("a member with a default", CALL, "[a.b = 1] = x;\n"),
    target("the rest of a pattern", CALL, "[...a.b] = x;\n"),
    target("an optional member for a stored one", "-a.b\n+a?.b", "a.b = 1;\n"),
    target("a number for a stored name", "-foo\n+1", "foo = 2;\n"),
    target("a pattern for a name that is added to", "-foo\n+[a, b]", "foo += 2;\n"),
]

DECLARED = [
    target(f"a member for {what}", MEMBER, source)
    for what, source in {
        "a variable": "var foo = 1;\n",
        "a let": "let foo;\n",
        "a variable of a loop": "for (const foo of x) {}\n",
        "a parameter": "function f(foo) {}\n",
        "a parameter of an arrow": "f(foo => 1);\n",
        "a parameter of a method": "f({ m(foo) {} });\n",
        "a parameter with a default": "function f(foo = 1) {}\n",
        "the rest of the parameters": "function f(...foo) {}\n",
        "a destructured parameter": "function f({ c: foo }) {}\n",
        "a shorthand parameter": "function f({ foo }) {}\n",
        "a shorthand parameter with a default": "function f({ foo = 1 }) {}\n",
        "an element of a declared pattern": "var [foo] = x;\n",
        "the rest of a declared pattern": "var { c, ...foo } = x;\n",
        "a function": "function foo() {}\n",
        "a class": "class foo {}\n",
        "the name of a class expression": "f(class foo {});\n",
        "what is caught": "try { f(); } catch (foo) {}\n",
        "what is imported": "import { foo } from 'x';\n",
        "a default that is imported": "import foo from 'x';\n",
        "all that is imported": "import * as foo from 'x';\n",
        "what is exported": "export { foo };\nvar foo;\n",
    }.items()
]

OTHERS = [
    Alone("what is deleted", CALL, "delete a.b;\n", UNSAFE, "a call cannot be deleted", "is deleted", ALL),
    Alone("a directive", STRING, "'x';\nf();\n", UNSAFE, "a directive is no value", "is a directive", ALL),
    Alone("a directive of a function", STRING, "function g() {\n  'x';\n}\n", UNSAFE, "likewise",
          "is a directive", ALL),
    Alone("a line before a directive", "+f();\n 'use strict';", "'use strict';\n", UNSAFE,
          "it would be no directive any more", "a directive would be none"),
    Alone("the module of an import", STRING, "import 'x';\n", UNSAFE, "only a string names a module",
          "only a string can stand there", ALL),
    Alone("the module of an export", STRING, "export * from 'x';\n", UNSAFE, "likewise",
          "only a string can stand there", ALL),
    Alone("what a module is read as", STRING, "import a from 'b' with { type: 'x' };\n", UNSAFE, "likewise",
          "only a string can stand there", ALL),
    Alone("a function that is exported by its declaration", "-foo\n+bar", "export function foo() {}\n", UNSAFE,
          "who imports it calls it foo", "would be another export", ALL),
    Alone("a class that is exported by its declaration", "-foo\n+bar", "export class foo {}\n", UNSAFE, "likewise",
          "would be another export", ALL),
    Alone("a variable that is exported by its declaration", "-foo\n+bar", "export const foo = 1;\n", UNSAFE, "likewise",
          "would be another export", ALL),
    Alone("a part of a pattern that is exported by its declaration", "-foo\n+bar", "export const { foo } = x;\n",
          UNSAFE, "likewise", "would be another export", ALL),
]  # fmt: skip

NO_VARIABLES = [
    Alone(f"a name that is {what}", "-foo\n+bar", source, Absent, "it is no variable", says, ALL)
    for what, source, says in [
        ("a label", "foo: for (;;) { continue foo; }\n", "nothing in the file"),
        ("another module's, and goes on", "export { foo } from 'x';\n", "nothing in the file"),
        ("all of another module, and goes on", "export * as foo from 'x';\n", "nothing in the file"),
        ("another module's, and called otherwise here", "import { foo as baz } from 'x';\n", "stands `baz }"),
        ("that of what is exported otherwise", "var baz;\nexport { baz as foo };\n", "stands `baz;`"),
        ("what a module is read by", "import a from 'x' with { foo: 'b' };\n", "stands `a from"),
        ("a member's", "a.foo = { foo: 1 };\n", "stands `a.foo ="),
        ("a method's", "class A { foo() {} }\n", "stands `A {"),
    ]
]

COMMENTS = [
    Alone("a line comment in an expression that goes", "-return f($x);\n+return $x;",
          "function g() {\n  return f( // why\n    x);\n}\n", UNSAFE, "no room for a line comment behind `return`",
          "a comment inside it would be lost"),
    Alone("a line comment in a statement that shares its line", "-if ($c) { $x; }\n+$c && $x;",
          "x(); if (a) {\n  // why\n  b();\n}\n", UNSAFE, "no line of its own to put it on",
          "a comment inside it would be lost"),
    Alone("a comment at an argument that is moved", "-g($a, $b)\n+$a.m($b)", "g(a /* of a */, b);\n", UNSAFE,
          "the argument stays, and so must what is said of it", "a comment inside it would be lost"),
    Alone("a comment at a member that takes quotes", "-$o.p\n+$o['q-r']", "o. /* of p */ p;\n", UNSAFE,
          "no room for it before the brackets", "a comment inside it would be lost"),
]  # fmt: skip

STILL_LIVE = [
    Alone(
        "what follows again",
        " open($x);\n-noise();",
        "open(f);\nnoise();\nnoise();\n",
        UNSAFE,
        "without the first the second would stand there",
        "would still call for the patch",
    ),
]

UNSAFES = [*TARGETS, *DECLARED, *OTHERS, *NO_VARIABLES, *COMMENTS, *STILL_LIVE]
