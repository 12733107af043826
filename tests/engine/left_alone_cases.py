"""Files that a patch must not change, each with what is to be said of it, and why."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, NamedTuple

from sio_patch.engine.outcome import Absent, Applied, Fixed, Outcome
from sio_patch.verdict import Reason


class Alone(NamedTuple):
    """``outcome`` is the type that is right or, for a refusal, its reason. ``options`` go to ``compile_patch``.

    ``why`` is for the reader. ``says`` stands in the outcome's words; for Applied and Fixed, which have none, it is the
    place, ``line:column``.
    """

    id: str
    patch: str
    source: str
    outcome: type[Outcome] | Reason
    why: str
    says: str
    options: Mapping[str, Any] = {}


MISSING_ASSERT = "@@ missing\n+const assert = require('assert');\n@@ all\n-z()\n+assert()"
AFTER = " open($x);\n+close($x);"
KEEP = " function $f($r) {\n   ...\n   $r.head = $h;\n   ...\n   this.go($r);\n+  delete $r.head;\n   ...\n }"
PAIR = " $r.head = $h;\n ...\n go($r);\n+drop($r);"


def _function(body: str) -> str:
    return f"function f(req) {{\n  req.head = 1;\n  {body}\n}}\n"


SHADOWED = [
    Alone(
        "a parameter of an inner function",
        PAIR,
        "req.head = 1;\nrun(function (req) { go(req); });\n",
        Absent,
        "the call is in another list",
        "line 2, column 1, stands `run(function (req) { go(req); });`",
    ),
    Alone(
        "a parameter of the same name",
        " $r.head = $h;\n ...\n run(function () { go($r); });\n+drop($r);",
        "req.head = 1;\nrun(function (req) { go(req); });\n",
        Absent,
        "the inner req is another variable",
        "line 2, column 15, stands `req) { go(req); });`",
    ),
    Alone(
        "a rest parameter",
        " $r.head = $h;\n run(function ($...p) { go($r); });\n+drop($r);",
        "req.head = 1;\nrun(function (...req) { go(req); });\n",
        Absent,
        "the inner req is another variable",
        "line 2, column 28, stands `req); });`",
    ),
    Alone(
        "a destructured parameter",
        " $r.head = $h;\n run(function ($...p) { go($r); });\n+drop($r);",
        "req.head = 1;\nrun(function ({ a: [req = 1] }) { go(req); });\n",
        Absent,
        "the inner req is another variable",
        "line 2, column 38, stands `req); });`",
    ),
    Alone(
        "a parameter of an arrow",
        " $r.head = $h;\n run($...p, () => go($r));\n+drop($r);",
        "req.head = 1;\nrun(1, () => { let req; go(req); });\n",
        Absent,
        "an expression is no block",
        "line 2, column 14, stands `{ let req; go(req); });`",
    ),
    Alone(
        "a let in a block",
        " $r.head = $h;\n if ($c) { ...\n go($r); }\n+drop($r);",
        "req.head = 1;\nif (c) { let req = 2; go(req); }\n",
        Absent,
        "the block's own req",
        "line 2, column 26, stands `req); }`",
    ),
    Alone(
        "a const in a block",
        " $r.head = $h;\n if ($c) { ...\n go($r); }\n+drop($r);",
        "req.head = 1;\nif (c) { const req = 2; go(req); }\n",
        Absent,
        "the block's own req",
        "line 2, column 28, stands `req); }`",
    ),
    Alone(
        "a let behind its use",
        " $r.head = $h;\n if ($c) {\n go($r);\n ... }\n+drop($r);",
        "req.head = 1;\nif (c) { go(req); let req = 2; }\n",
        Absent,
        "a let holds in all of its block",
        "line 2, column 13, stands `req); let req = 2; }`",
    ),
    Alone(
        "a class in a block",
        " $r.head = $h;\n if ($c) { ...\n go($r); }\n+drop($r);",
        "req.head = 1;\nif (c) { class req {} go(req); }\n",
        Absent,
        "the block's own req",
        "line 2, column 26, stands `req); }`",
    ),
    Alone(
        "a function in a block",
        " $r.head = $h;\n if ($c) { ...\n go($r); }\n+drop($r);",
        "'use strict';\nreq.head = 1;\nif (c) { function req() {} go(req); }\n",
        Absent,
        "the block's own req",
        "line 3, column 31, stands `req); }`",
    ),
    Alone(
        "a hoisted var",
        " $r.head = $h;\n run(function () { ...\n go($r);\n ... });\n+drop($r);",
        "req.head = 1;\nrun(function () { go(req); if (x) { for (var req in y) {} } });\n",
        Absent,
        "a var deep inside is the function's",
        "line 2, column 22, stands `req); if (x) { for (var req in y) {} } });`",
    ),
    Alone(
        "the name of a function expression",
        " $r.head = $h;\n run(function () { go($r); });\n+drop($r);",
        "req.head = 1;\nrun(function req() { go(req); });\n",
        Absent,
        "the function itself is called req inside",
        "line 2, column 25, stands `req); });`",
    ),
    Alone(
        "the name of a class expression",
        " $r.head = $h;\n run(class { m() { go($r); } });\n+drop($r);",
        "req.head = 1;\nrun(class req { m() { go(req); } });\n",
        Absent,
        "the class itself is called req inside",
        "line 2, column 5, stands `class req { m() { go(req); } });`",
    ),
    Alone(
        "a catch parameter",
        " $r.head = $h;\n try { ... } catch ($e) { go($r); }\n+drop($r);",
        "req.head = 1;\ntry { x(); } catch (req) { go(req); }\n",
        Absent,
        "what was caught is called req",
        "line 2, column 31, stands `req); }`",
    ),
    Alone(
        "a destructured catch parameter",
        " $r.head = $h;\n try { ... } catch ($e) { go($r); }\n+drop($r);",
        "req.head = 1;\ntry { x(); } catch ({ req }) { go(req); }\n",
        Absent,
        "what was caught is called req",
        "line 2, column 35, stands `req); }`",
    ),
    Alone(
        "the variable of a for",
        " $r.head = $h;\n for (...; ...; ...) { go($r); }\n+drop($r);".replace("...; ...; ...", "let $i = 0; $c; $n"),
        "req.head = 1;\nfor (let req = 0; c; n) { go(req); }\n",
        Absent,
        "the loop's own req",
        "line 2, column 30, stands `req); }`",
    ),
    Alone(
        "the variable of a for of",
        " $r.head = $h;\n for (const $i of $l) { go($r); }\n+drop($r);",
        "req.head = 1;\nfor (const req of l) { go(req); }\n",
        Absent,
        "the loop's own req",
        "line 2, column 27, stands `req); }`",
    ),
    Alone(
        "a let in a switch",
        " $r.head = $h;\n switch ($c) { case 1: ...\n go($r); }\n+drop($r);",
        "req.head = 1;\nswitch (c) { case 1: let req = 2; go(req); }\n",
        Absent,
        "the switch's own req",
        "line 2, column 38, stands `req); }`",
    ),
    Alone(
        "arguments of two functions",
        " $r.head = $h;\n run(function () { go($r); });\n+drop($r);",
        "arguments.head = 1;\nrun(function () { go(arguments); });\n",
        Absent,
        "each function has its own arguments",
        "line 2, column 22, stands `arguments); });`",
    ),
    Alone(
        "this of two functions",
        " $r.head = $h;\n run(function () { go($r); });\n+drop($r);",
        "this.head = 1;\nrun(function () { go(this); });\n",
        Absent,
        "each function has its own this",
        "line 2, column 22, stands `this); });`",
    ),
    Alone(
        "two names",
        PAIR,
        "req.head = 1;\ngo(res);\n",
        Absent,
        "one metavariable, two variables",
        "line 2, column 4, stands `res);`",
    ),
    Alone(
        "the same name in two functions",
        "-pair($x => $x, $x)\n+both($x)",
        "pair(x => x, x);\n",
        Absent,
        "the parameter is another variable",
        "line 1, column 14, stands `x);`",
    ),
]

PLACES = [
    Alone(
        "in a line comment",
        AFTER,
        "// open(f);\nnothing();\n",
        Absent,
        "a comment is no code",
        "line 2, column 1, stands `nothing();`",
    ),
    Alone(
        "in a block comment",
        AFTER,
        "/*\nopen(f);\n*/\n",
        Absent,
        "a comment is no code",
        "nothing in the file resembles",
    ),
    Alone(
        "in a string", AFTER, "var s = 'open(f);';\n", Absent, "a string is no code", "nothing in the file resembles"
    ),
    Alone(
        "in a template literal",
        AFTER,
        "var s = `open(f);`;\n",
        Absent,
        "its text is no code",
        "nothing in the file resembles",
    ),
    Alone(
        "in a regular expression",
        AFTER,
        "var s = /open(f);/;\n",
        Absent,
        "its text is no code",
        "nothing in the file resembles",
    ),
    Alone(
        "behind an HTML comment",
        AFTER,
        "<!-- open(f);\nb();\n",
        Absent,
        "Node takes it for a comment",
        "line 2, column 1, stands `b();`",
    ),
    Alone(
        "under an unbraced if",
        AFTER,
        "if (a) open(f);\n",
        Reason.UNSAFE_PLACE,
        "a second statement is not under it",
        "it is the whole body of an `if` or a loop without braces",
    ),
    Alone(
        "under an unbraced else",
        AFTER,
        "if (a) {} else open(f);\n",
        Reason.UNSAFE_PLACE,
        "as above",
        "it is the whole body of an `if` or a loop without braces",
    ),
    Alone(
        "under an unbraced loop",
        AFTER,
        "for (;;) open(f);\n",
        Reason.UNSAFE_PLACE,
        "as above",
        "it is the whole body of an `if` or a loop without braces",
    ),
    Alone(
        "under an unbraced while",
        AFTER,
        "while (a) open(f);\n",
        Reason.UNSAFE_PLACE,
        "as above",
        "it is the whole body of an `if` or a loop without braces",
    ),
    Alone(
        "under an unbraced do",
        AFTER,
        "do open(f); while (a);\n",
        Reason.UNSAFE_PLACE,
        "as above",
        "it is the whole body of an `if` or a loop without braces",
    ),
    Alone(
        "removed under an unbraced if",
        " if ($c) {\n-  open($x);\n }",
        "if (a) open(f);\n",
        Reason.UNSAFE_PLACE,
        "the if would take the next",
        "it is the whole body of an `if` or a loop without braces",
    ),
    Alone(
        "under a label",
        AFTER,
        "here: open(f);\n",
        Absent,
        "the label is part of the statement",
        "nothing in the file resembles",
    ),
    Alone(
        "inside an expression",
        KEEP,
        _function("return this.go(req), 1;"),
        Reason.UNSAFE_PLACE,
        "a statement cannot follow",
        "stands inside a larger expression: `this.go(req), 1;`",
    ),
    Alone(
        "behind an and",
        KEEP,
        _function("ok && this.go(req);"),
        Reason.UNSAFE_PLACE,
        "a statement cannot follow",
        "stands inside a larger expression: `this.go(req);`",
    ),
    Alone(
        "its result kept",
        KEEP,
        _function("var r = this.go(req);"),
        Reason.UNSAFE_PLACE,
        "another statement",
        "stands inside a larger expression: `this.go(req);`",
    ),
    Alone(
        "joined by a comma",
        AFTER,
        "open(f), go();\n",
        Reason.UNSAFE_PLACE,
        "in the middle of an expression",
        "it stands inside a larger statement, joined to others by commas",
    ),
    Alone(
        "a removed line that kept two apart",
        " open($x)\n-noise();",
        "open(f)\nnoise();\n[1].map(g)\n",
        Reason.UNSAFE_PLACE,
        "the line before would go on in the line after",
        "without it the line before would run on into the line after",
    ),
    Alone(
        "an import without names",
        "-import { $...a } from 'x';\n+import { $...a, fresh } from 'x';",
        "import 'x';\n",
        Reason.UNSAFE_PLACE,
        "there are no braces",
        "nothing can be added to this list as it is written",
    ),
    Alone(
        "a name that goes and is used",
        "-import { $...a, old, $...b } from 'x';\n+import { $...a, $...b } from 'x';",
        "import { a, old } from 'x';\nold();\n",
        Reason.UNSAFE_PLACE,
        "nothing would declare it",
        "the declaration of `old` would go, and the name is still used here",
    ),
    Alone(
        "a name that goes and is exported",
        "-const { $...a, old, $...b } = $x;\n+const { $...a, $...b } = $x;",
        "const { old } = x;\nexport { old as y };\n",
        Reason.UNSAFE_PLACE,
        "nothing would declare it",
        "the declaration of `old` would go",
    ),
    Alone(
        "a name behind the rest",
        "-const { $...a, old, $...b } = $x;\n+const { $...a, $...b, fresh } = $x;",
        "const { old, ...c } = x;\n",
        Reason.UNSAFE_PLACE,
        "the rest is the last",
        "nothing can be added to this list as it is written",
    ),
    Alone(
        "another default beside the names",
        "-import { $...a, old, $...b } from 'x';\n+import { $...a, $...b } from 'x';",
        "import d, { a, old } from 'x';\n",
        Absent,
        "the default is not in the braces",
        "stands `d, { a, old } from 'x';`",
    ),
    Alone(
        "a run with a hole",
        "-var l = [$...a, 'x'];\n+var l = [$...a];",
        "var l = [, 'x'];\n",
        Absent,
        "a hole has no text of its own",
        "nothing in the file resembles",
    ),
    Alone(
        "a list with holes",
        "-var l = [..., 'x'];\n+var l = [...];",
        "var l = [, 'x'];\n",
        Reason.UNSAFE_PLACE,
        "a comma more or less moves the others",
        "nothing can be taken out of a list with holes",
    ),
    Alone(
        "in a nested function",
        KEEP,
        _function("setTimeout(function () { this.go(req); });"),
        Absent,
        "another function, which runs at another time",
        "line 3, column 3, stands `setTimeout(function () { this.go(req); });`",
    ),
    Alone(
        "in a nested block",
        KEEP,
        _function("{ this.go(req); }"),
        Absent,
        "a gap does not look into blocks",
        "line 3, column 3, stands `{ this.go(req); }`",
    ),
]

LISTS = [
    Alone(
        "behind a rest parameter",
        "-function f($...p) { ... }\n+function f($...p, z) { ... }",
        "function f(a, ...r) {}\n",
        Reason.UNSAFE_PLACE,
        "nothing may follow it",
        "nothing can be added to this list as it is written",
    ),
    Alone(
        "new without brackets",
        "-new Foo()\n+new Foo(1)",
        "x = new Foo;\n",
        Reason.UNSAFE_PLACE,
        "there is no list",
        "nothing can be added to this list as it is written",
    ),
    Alone(
        "new of brackets without brackets",
        "-new Foo()\n+new Foo(1)",
        "x = new (Foo);\n",
        Reason.UNSAFE_PLACE,
        "those are not its own",
        "nothing can be added to this list as it is written",
    ),
    Alone(
        "comments in a list that is filled anew",
        "-send($...a)\n+give(done)",
        "send(1, /* why */ 2);\n",
        Reason.UNSAFE_PLACE,
        "they would go with it",
        "all of the list would go, and with it the comments in it",
    ),
    Alone(
        "a reserved word as a variable",
        "-exports.$k = $v;\n+var $k = $v;",
        "exports.class = 1;\n",
        Reason.UNSAFE_PLACE,
        "only a member can be called so",
        "`class` as what is declared or assigned to",
    ),
    Alone(
        "an if for an unbraced body",
        "-old();\n+if (a) fresh();",
        "if (x) old(); else b();\n",
        Reason.UNSAFE_PLACE,
        "the else would be the new if's",
        "it is the whole body of an `if` or a loop without braces",
    ),
]

ORDER = [
    Alone(
        "an added name in the statement that its line would come after",
        MISSING_ASSERT,
        "const v = z(), b = require('b');\n",
        Reason.UNSAFE_PLACE,
        "`assert` has no value yet",
        "the patch's `assert` would be used before it is declared",
    ),
    Alone(
        "an added name above the line that is there",
        MISSING_ASSERT,
        "z();\nvar x = 1;\nconst assert = require('assert');\n",
        Reason.UNSAFE_PLACE,
        "`assert` has no value yet",
        "the patch's `assert` would be used before it is declared",
    ),
    Alone(
        "an added name of the file's own that has no value yet",
        "-z()\n+assert()",
        "var q = z();\nvar assert = require('assert');\n",
        Reason.UNSAFE_PLACE,
        "`assert` has no value yet",
        "the patch's `assert` would be used before it is declared",
    ),
    Alone(
        "an edit that takes away what another section makes",
        "@@\n-foo($...x)\n+foo2()\n@@\n-bar($y)\n+bar2($y)",
        "foo(bar(1));\n",
        Reason.UNSAFE_PLACE,
        "the second section would be nowhere",
        "an edit at another place would take away what is made here",
    ),
    Alone(
        "a run that is written twice where it is a lone statement",
        "-if (DEBUG) { $...body; }\n+$...body;\n+$...body;",
        "if (DEBUG) { go() }\n",
        Reason.AMBIGUOUS,
        "one place has two edits",
        "the places to change overlap",
    ),
]

FRAMED = [
    Alone(
        "a function that is used outside of the block that comes round it",
        "+if (ok) {\n function $f() { ... }\n+}",
        "use(f);\nfunction f() {}\n",
        Reason.UNSAFE_PLACE,
        "strict code sees it in that block alone, and sloppy code has no value in it before the block",
        "`f` would be declared in a block, and is used outside of it",
    ),
    Alone(
        "an export that a block comes round",
        "+if (ok) {\n const $a = $b;\n+}",
        "export const a = 1;\n",
        Reason.UNSAFE_PLACE,
        "an export stands at the top of a file",
        "it is imported or exported here, and that is done at the top of a file alone",
    ),
    Alone(
        "a return that a function comes round",
        "+(function () {\n return $x;\n+})();",
        "function f() { return 1; }\n",
        Reason.NAME_TAKEN,
        "the function around it would return nothing",
        "the code to put in has its own `return`, and the code that goes inside it uses the one around it",
    ),
]

CHOICES = [
    Alone(
        "a name that is spelt with escapes",
        "-x.foo($y);",
        "x['f\\157o'](1);\nbar();\n",
        Absent,
        "no text of a name is looked for but its own",
        "the file does not contain `foo`",
        {"fixed": ["bar($y, 2);"]},
    ),
    Alone(
        "what the patch adds, with a key that it could not have written",
        " f(a.$n);\n+g(b.$n);",
        "f(a['x-y']);\ng(b['x-y']);\n",
        Fixed,
        "it is there in other words",
        "2:1",
    ),
    Alone(
        "a word that makes the file a module",
        "-$o.load($a)\n+(0, $o.load)($a)",
        "await o.load(1);\n",
        Reason.UNSAFE_PLACE,
        "in a script `await (...)` is a call",
        "the file is a module, and with the patch in it it could only be read as a script",
    ),
    Alone(
        "an expression where the patch writes statements",
        "-go()\n+go();\n+on();",
        "x = go();\n",
        Absent,
        "two statements cannot stand there",
        "line 1 of the patch expects `go()`; nearest to it, at line 1, column 1, stands `x = go();`",
    ),
    Alone(
        "twice",
        AFTER,
        "open(f);\nopen(g);\n",
        Reason.AMBIGUOUS,
        "the patch is for one place",
        "stands in 2 places (lines 1, 2)",
    ),
    Alone(
        "twice, in two functions",
        KEEP,
        _function("this.go(req);") * 2,
        Reason.AMBIGUOUS,
        "the patch is for one place",
        "stands in 2 places (lines 3, 7)",
    ),
    Alone(
        "once patched and once not",
        AFTER,
        "open(f);\nclose(f);\nopen(g);\nopen(h);\n",
        Reason.AMBIGUOUS,
        "two places are left",
        "stands in 2 places (lines 3, 4)",
    ),
    Alone(
        "nested wraps",
        "-load($x)\n+safe(load($x))",
        "load(load(f));\n",
        Reason.AMBIGUOUS,
        "the patch is for one place",
        "stands in 2 places (lines 1, 1)",
    ),
    Alone(
        "a name that is taken",
        " open($x);\n+var end = close($x);",
        "open(f);\nvar end;\n",
        Reason.NAME_TAKEN,
        "it would be another variable",
        "declares `end`",
    ),
    Alone(
        "a name that an inner function uses",
        " function run($x) {\n   ...\n   open($x);\n+  let end = close($x);\n   ...\n }",
        "function run(x) {\n  open(x);\n  return function () { return end; };\n}\n",
        Reason.NAME_TAKEN,
        "the inner function would see ours",
        "declares `end`",
    ),
    Alone(
        "a name that is a parameter",
        " function run($...p) {\n   ...\n   open($x);\n+  const end = close($x);\n   ...\n }",
        "function run(x, end) {\n  open(x);\n}\n",
        Reason.NAME_TAKEN,
        "it would be declared twice",
        "declares `end`",
    ),
    Alone(
        "a function that is taken",
        " open($x);\n+function end() {}",
        "var end = 1;\nopen(f);\n",
        Reason.NAME_TAKEN,
        "it would overwrite the variable",
        "declares `end`",
    ),
    Alone(
        "a renamed parameter",
        "-function run(old) { ... }\n+function run(fresh) { ... }",
        "function run(old) { fresh(); }\n",
        Reason.NAME_TAKEN,
        "it would hide the function",
        "declares `fresh`",
    ),
    Alone(
        "a new parameter",
        "-function run($a) { ... }\n+function run($a, done) { ... }",
        "function run(a) { return function () { done(); }; }\n",
        Reason.NAME_TAKEN,
        "it would hide the function",
        "declares `done`",
    ),
    Alone(
        "a renamed function",
        "-function run($a) { ... }\n+function go($a) { ... }",
        "function run(a) {}\nvar go = 1;\n",
        Reason.NAME_TAKEN,
        "go is somebody's",
        "declares `go`",
    ),
    Alone(
        "a name captured by a parameter",
        "-later($x)\n+later(function (e) { use($x, e); })",
        "later(e.f);\n",
        Reason.NAME_TAKEN,
        "the e of the file is not the e of the patch",
        "has its own `e`",
    ),
    Alone(
        "a name captured by a block",
        " open($x);\n+if (ok) {\n+  let t = 1;\n+  close($x, t);\n+}",
        "open(t);\n",
        Reason.NAME_TAKEN,
        "the t of the file is not the t of the patch",
        "has its own `t`",
    ),
    Alone(
        "this captured by a function",
        "-later($x)\n+later(function () { use($x); })",
        "later(this.f);\n",
        Reason.NAME_TAKEN,
        "another function, another this",
        "has its own `this`",
    ),
    Alone(
        "arguments captured by a function",
        "-later($...x)\n+soon(function () { use($...x); })",
        "later(1, arguments[0]);\n",
        Reason.NAME_TAKEN,
        "another function, other arguments",
        "has its own `arguments`",
    ),
    Alone(
        "a renamed declaration",
        "-var a = $x;\n+var b = $x;",
        "var a = 1;\ng(b);\n",
        Reason.NAME_TAKEN,
        "b is somebody's",
        "declares `b`",
    ),
]


def _wrapped(body: str, head: str = "") -> tuple[str, str]:
    """A patch that puts a function round an `if`, and a file whose `if` holds ``body``."""
    return (
        "-if (ok) { ... }\n+later(function (e) { if (ok) { ... } });",
        f"function f({head}) {{ if (ok) {{ {body} }} }}\n",
    )


MEANINGS = [
    *(
        Alone(
            f"wrapped: {what}",
            *_wrapped(body, head),
            Reason.NAME_TAKEN,
            "it would mean another one in there",
            f"has its own `{name}`",
        )
        for what, body, head, name in (
            ("a return", "return;", "", "return"),
            ("this", "this.go();", "", "this"),
            ("this in an arrow", "go(() => this);", "", "this"),
            ("arguments", "go(arguments);", "", "arguments"),
            ("new.target", "go(new.target);", "", "new.target"),
            ("a parameter", "go(e);", "e", "e"),
            ("a global", "go(e);", "", "e"),
            ("a var that is used outside", "var x = 1;", "", "var"),
        )
    ),
    Alone(
        "wrapped: a break",
        "-if (ok) { ... }\n+later(() => { if (ok) { ... } });",
        "for (;;) { if (ok) { break; } }\n",
        Reason.NAME_TAKEN,
        "the loop is outside",
        "has its own `break`",
    ),
    Alone(
        "wrapped: a labelled continue",
        "-if (ok) { ... }\n+later(() => { if (ok) { ... } });",
        "a: for (;;) { if (ok) { for (;;) { continue a; } } }\n",
        Reason.NAME_TAKEN,
        "the label is outside",
        "has its own `continue`",
    ),
    Alone(
        "wrapped: await",
        "-if (ok) { ... }\n+later(() => { if (ok) { ... } });",
        "async function f() { if (ok) { await g; } }\n",
        Reason.NAME_TAKEN,
        "the arrow is not asynchronous",
        "has its own `await`",
    ),
    Alone(
        "wrapped: a let outside",
        "-if (ok) { ... }\n+{ let t = 1; if (ok) { ... } }",
        "function f(t) { if (ok) { go(t); } }\n",
        Reason.NAME_TAKEN,
        "the t of the file is not the t of the patch",
        "has its own `t`",
    ),
    *(
        Alone(
            f"moved into a function: {code}",
            "-run($x)\n+run(function () { return $x; })",
            text,
            Reason.NAME_TAKEN,
            "it would mean another one in there",
            f"has its own `{code}`",
        )
        for code, text in (
            ("await", "async function f() { run(await g); }\n"),
            ("yield", "function* f() { run(yield g); }\n"),
            ("super", "class A extends B { m() { run(super.x); } }\n"),
            ("new.target", "function F() { run(new.target); }\n"),
        )
    ),
    Alone(
        "a destructured parameter as an argument",
        " function f($r) {\n+  log($r);\n   ...\n }",
        "function f({ head }) { go(); }\n",
        Reason.UNSAFE_PLACE,
        "there is no variable that is the whole argument",
        "`{ head }` as an expression",
    ),
    Alone(
        "a parameter's default as an argument",
        " function f($...p) {\n+  log($...p);\n   ...\n }",
        "function f(a, b = 1) { go(); }\n",
        Reason.UNSAFE_PLACE,
        "it would be an assignment",
        "`b = 1` as an expression",
    ),
    Alone(
        "a rest parameter as an argument",
        " function f($...p) {\n+  log($...p);\n   ...\n }",
        "function f(...a) { go(); }\n",
        Reason.UNSAFE_PLACE,
        "a rest is no spread",
        "`...a` as an expression",
    ),
    Alone(
        "a member as a variable",
        "-$x = open();\n+var $x = open();",
        "a.b = open();\n",
        Reason.UNSAFE_PLACE,
        "only a name can be declared",
        "`a.b` as what is declared or assigned to",
    ),
    Alone(
        "super by itself",
        "-$x.send($y)\n+send($x, $y)",
        "class A extends B { m() { super.send(1); } }\n",
        Reason.UNSAFE_PLACE,
        "super is no value",
        "`super` as an expression",
    ),
    Alone(
        "a quoted name behind a dot",
        "-$x.$k($y)\n+call($x.$k, $y)",
        "a['b-c'](1);\n",
        Reason.UNSAFE_PLACE,
        "it cannot stand there without quotes",
        "`'b-c'` as a member's name",
    ),
    Alone(
        "a quoted name as a function's",
        "-exports.$k = function () { return $v; };\n+function $k() { return $v; }",
        "exports['b-c'] = function () { return 1; };\n",
        Reason.UNSAFE_PLACE,
        "no function can be called so",
        "`'b-c'` as what is declared or assigned to",
    ),
]

STATES = [
    Alone("there already", AFTER, "open(f);\nclose(f);\n", Applied, "the patch is there", "2:1"),
    Alone(
        "there in other clothes", AFTER, "open (\n  f\n) ; close /* it */ ( f )\n", Applied, "the patch is there", "3:5"
    ),
    Alone(
        "there with the other quotes",
        " open($x);\n+close('a');",
        'open(f);\nclose("a");\n',
        Applied,
        "quotes are habit",
        "2:1",
    ),
    Alone(
        "there in other words",
        " open($x);\n+$x['end'](1000);",
        "open(f);\nf.end(1e3);\n",
        Fixed,
        "the same, but not ours",
        "2:1",
    ),
    Alone(
        "there by a fixed form",
        AFTER,
        "open(f);\nfoo();\nend(f);\n",
        Fixed,
        "the document says so",
        "3:1",
        {"fixed": ("open($x);\n...\nend($x);",)},
    ),
    Alone("nothing like it", AFTER, "a();\n", Absent, "the name is not there", "does not contain `open`"),
    Alone("an empty file", AFTER, "", Absent, "there is nothing", "does not contain `open`"),
    Alone("white space", AFTER, " \n\t\n", Absent, "there is nothing", "does not contain `open`"),
    Alone("no JavaScript", AFTER, "open(f;\n", Reason.UNPARSEABLE, "it cannot be read", "Unexpected token ;"),
    Alone(
        "cut off",
        AFTER,
        "function f() {\n  open(f);\n",
        Reason.UNPARSEABLE,
        "it cannot be read",
        "Unexpected end of input",
    ),
    Alone(
        "TypeScript",
        AFTER,
        "function f(x: string) {\n  open(x);\n}\n",
        Reason.UNPARSEABLE,
        "it cannot be read",
        "Unexpected token :",
    ),
    Alone(
        "a merge conflict",
        AFTER,
        "<<<<<<< ours\nopen(f);\n=======\n>>>>>>> theirs\n",
        Reason.UNPARSEABLE,
        "it cannot be read",
        "Unexpected token <<",
    ),
    Alone(
        "nested too deeply",
        AFTER,
        "open(" + "[" * 20000 + "]" * 20000 + ");\n",
        Reason.TOO_COMPLEX,
        "it cannot be followed",
        "the code is nested too deeply to be read",
    ),
    Alone(
        "a wide choice",
        " $...a;\n ...\n open($x);\n+close($x);".replace(
            "$...a;\n ...", "...\n $a;\n ...\n $b;\n ...\n $c;\n ...\n $d;\n ..."
        ),
        "f();\n" * 120 + "open(f, g);\n",
        Reason.TOO_COMPLEX,
        "patience is no answer",
        "the search for the pattern did not end within 400,000 steps",
    ),
]

LEFT_ALONE = [*SHADOWED, *PLACES, *LISTS, *ORDER, *FRAMED, *CHOICES, *MEANINGS, *STATES]
