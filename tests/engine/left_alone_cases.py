"""Files that a patch must not change, each with what is to be said of it, and why."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, NamedTuple

from sio_patch.engine.outcome import Absent, Applied, Fixed, Outcome, Refused
from sio_patch.verdict import Reason


class Alone(NamedTuple):
    """``outcome`` is the type that is right or, for a refusal, its reason. ``options`` go to ``compile_patch``."""

    id: str
    patch: str
    source: str
    outcome: type[Outcome] | Reason
    why: str
    options: Mapping[str, Any] = {}

    @property
    def type(self) -> type[Outcome]:
        return Refused if isinstance(self.outcome, Reason) else self.outcome


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
    ),
    Alone(
        "a parameter of the same name",
        " $r.head = $h;\n ...\n run(function () { go($r); });\n+drop($r);",
        "req.head = 1;\nrun(function (req) { go(req); });\n",
        Absent,
        "the inner req is another variable",
    ),
    Alone(
        "a rest parameter",
        " $r.head = $h;\n run(function ($...p) { go($r); });\n+drop($r);",
        "req.head = 1;\nrun(function (...req) { go(req); });\n",
        Absent,
        "the inner req is another variable",
    ),
    Alone(
        "a destructured parameter",
        " $r.head = $h;\n run(function ($...p) { go($r); });\n+drop($r);",
        "req.head = 1;\nrun(function ({ a: [req = 1] }) { go(req); });\n",
        Absent,
        "the inner req is another variable",
    ),
    Alone(
        "a parameter of an arrow",
        " $r.head = $h;\n run($...p, () => go($r));\n+drop($r);",
        "req.head = 1;\nrun(1, () => { let req; go(req); });\n",
        Absent,
        "an expression is no block",
    ),
    Alone(
        "a let in a block",
        " $r.head = $h;\n if ($c) { ...\n go($r); }\n+drop($r);",
        "req.head = 1;\nif (c) { let req = 2; go(req); }\n",
        Absent,
        "the block's own req",
    ),
    Alone(
        "a const in a block",
        " $r.head = $h;\n if ($c) { ...\n go($r); }\n+drop($r);",
        "req.head = 1;\nif (c) { const req = 2; go(req); }\n",
        Absent,
        "the block's own req",
    ),
    Alone(
        "a let behind its use",
        " $r.head = $h;\n if ($c) {\n go($r);\n ... }\n+drop($r);",
        "req.head = 1;\nif (c) { go(req); let req = 2; }\n",
        Absent,
        "a let holds in all of its block",
    ),
    Alone(
        "a class in a block",
        " $r.head = $h;\n if ($c) { ...\n go($r); }\n+drop($r);",
        "req.head = 1;\nif (c) { class req {} go(req); }\n",
        Absent,
        "the block's own req",
    ),
    Alone(
        "a function in a block",
        " $r.head = $h;\n if ($c) { ...\n go($r); }\n+drop($r);",
        "'use strict';\nreq.head = 1;\nif (c) { function req() {} go(req); }\n",
        Absent,
        "the block's own req",
    ),
    Alone(
        "a hoisted var",
        " $r.head = $h;\n run(function () { ...\n go($r);\n ... });\n+drop($r);",
        "req.head = 1;\nrun(function () { go(req); if (x) { for (var req in y) {} } });\n",
        Absent,
        "a var deep inside is the function's",
    ),
    Alone(
        "the name of a function expression",
        " $r.head = $h;\n run(function () { go($r); });\n+drop($r);",
        "req.head = 1;\nrun(function req() { go(req); });\n",
        Absent,
        "the function itself is called req inside",
    ),
    Alone(
        "the name of a class expression",
        " $r.head = $h;\n run(class { m() { go($r); } });\n+drop($r);",
        "req.head = 1;\nrun(class req { m() { go(req); } });\n",
        Absent,
        "the class itself is called req inside",
    ),
    Alone(
        "a catch parameter",
        " $r.head = $h;\n try { ... } catch ($e) { go($r); }\n+drop($r);",
        "req.head = 1;\ntry { x(); } catch (req) { go(req); }\n",
        Absent,
        "what was caught is called req",
    ),
    Alone(
        "a destructured catch parameter",
        " $r.head = $h;\n try { ... } catch ($e) { go($r); }\n+drop($r);",
        "req.head = 1;\ntry { x(); } catch ({ req }) { go(req); }\n",
        Absent,
        "what was caught is called req",
    ),
    Alone(
        "the variable of a for",
        " $r.head = $h;\n for (...; ...; ...) { go($r); }\n+drop($r);".replace("...; ...; ...", "let $i = 0; $c; $n"),
        "req.head = 1;\nfor (let req = 0; c; n) { go(req); }\n",
        Absent,
        "the loop's own req",
    ),
    Alone(
        "the variable of a for of",
        " $r.head = $h;\n for (const $i of $l) { go($r); }\n+drop($r);",
        "req.head = 1;\nfor (const req of l) { go(req); }\n",
        Absent,
        "the loop's own req",
    ),
    Alone(
        "a let in a switch",
        " $r.head = $h;\n switch ($c) { case 1: ...\n go($r); }\n+drop($r);",
        "req.head = 1;\nswitch (c) { case 1: let req = 2; go(req); }\n",
        Absent,
        "the switch's own req",
    ),
    Alone(
        "arguments of two functions",
        " $r.head = $h;\n run(function () { go($r); });\n+drop($r);",
        "arguments.head = 1;\nrun(function () { go(arguments); });\n",
        Absent,
        "each function has its own arguments",
    ),
    Alone(
        "this of two functions",
        " $r.head = $h;\n run(function () { go($r); });\n+drop($r);",
        "this.head = 1;\nrun(function () { go(this); });\n",
        Absent,
        "each function has its own this",
    ),
    Alone("two names", PAIR, "req.head = 1;\ngo(res);\n", Absent, "one metavariable, two variables"),
    Alone(
        "the same name in two functions",
        "-pair($x => $x, $x)\n+both($x)",
        "pair(x => x, x);\n",
        Absent,
        "the parameter is another variable",
    ),
]

PLACES = [
    Alone("in a line comment", AFTER, "// open(f);\nnothing();\n", Absent, "a comment is no code"),
    Alone("in a block comment", AFTER, "/*\nopen(f);\n*/\n", Absent, "a comment is no code"),
    Alone("in a string", AFTER, "var s = 'open(f);';\n", Absent, "a string is no code"),
    Alone("in a template literal", AFTER, "var s = `open(f);`;\n", Absent, "its text is no code"),
    Alone("in a regular expression", AFTER, "var s = /open(f);/;\n", Absent, "its text is no code"),
    Alone("behind an HTML comment", AFTER, "<!-- open(f);\nb();\n", Absent, "Node takes it for a comment"),
    Alone(
        "under an unbraced if", AFTER, "if (a) open(f);\n", Reason.UNSAFE_PLACE, "a second statement is not under it"
    ),
    Alone("under an unbraced else", AFTER, "if (a) {} else open(f);\n", Reason.UNSAFE_PLACE, "as above"),
    Alone("under an unbraced loop", AFTER, "for (;;) open(f);\n", Reason.UNSAFE_PLACE, "as above"),
    Alone("under an unbraced while", AFTER, "while (a) open(f);\n", Reason.UNSAFE_PLACE, "as above"),
    Alone("under an unbraced do", AFTER, "do open(f); while (a);\n", Reason.UNSAFE_PLACE, "as above"),
    Alone(
        "removed under an unbraced if",
        " if ($c) {\n-  open($x);\n }",
        "if (a) open(f);\n",
        Reason.UNSAFE_PLACE,
        "the if would take the next",
    ),
    Alone("under a label", AFTER, "here: open(f);\n", Absent, "the label is part of the statement"),
    Alone(
        "inside an expression",
        KEEP,
        _function("return this.go(req), 1;"),
        Reason.UNSAFE_PLACE,
        "a statement cannot follow",
    ),
    Alone("behind an and", KEEP, _function("ok && this.go(req);"), Reason.UNSAFE_PLACE, "a statement cannot follow"),
    Alone("its result kept", KEEP, _function("var r = this.go(req);"), Reason.UNSAFE_PLACE, "another statement"),
    Alone("joined by a comma", AFTER, "open(f), go();\n", Reason.UNSAFE_PLACE, "in the middle of an expression"),
    Alone(
        "a removed line that kept two apart",
        " open($x)\n-noise();",
        "open(f)\nnoise();\n[1].map(g)\n",
        Reason.UNSAFE_PLACE,
        "the line before would go on in the line after",
    ),
    Alone(
        "a lone parameter without brackets",
        "-run(($x) => { ... });\n+run(($x, y) => { ... });",
        "run(x => {});\n",
        Reason.UNSAFE_PLACE,
        "brackets would have to be added",
    ),
    Alone(
        "a run with a hole",
        "-var l = [$...a, 'x'];\n+var l = [$...a];",
        "var l = [, 'x'];\n",
        Absent,
        "a hole has no text of its own",
    ),
    Alone(
        "a list with holes",
        "-var l = [..., 'x'];\n+var l = [...];",
        "var l = [, 'x'];\n",
        Reason.UNSAFE_PLACE,
        "a comma more or less moves the others",
    ),
    Alone(
        "in a nested function",
        KEEP,
        _function("setTimeout(function () { this.go(req); });"),
        Absent,
        "another function, which runs at another time",
    ),
    Alone("in a nested block", KEEP, _function("{ this.go(req); }"), Absent, "a gap does not look into blocks"),
]

LISTS = [
    Alone(
        "behind a rest parameter",
        "-function f($...p) { ... }\n+function f($...p, z) { ... }",
        "function f(a, ...r) {}\n",
        Reason.UNSAFE_PLACE,
        "nothing may follow it",
    ),
    Alone("new without brackets", "-new Foo()\n+new Foo(1)", "x = new Foo;\n", Reason.UNSAFE_PLACE, "there is no list"),
    Alone(
        "new of brackets without brackets",
        "-new Foo()\n+new Foo(1)",
        "x = new (Foo);\n",
        Reason.UNSAFE_PLACE,
        "those are not its own",
    ),
    Alone(
        "comments in a list that is filled anew",
        "-send($...a)\n+give(done)",
        "send(1, /* why */ 2);\n",
        Reason.UNSAFE_PLACE,
        "they would go with it",
    ),
    Alone(
        "a reserved word as a variable",
        "-exports.$k = $v;\n+var $k = $v;",
        "exports.class = 1;\n",
        Reason.UNSAFE_PLACE,
        "only a member can be called so",
    ),
    Alone(
        "an if for an unbraced body",
        "-old();\n+if (a) fresh();",
        "if (x) old(); else b();\n",
        Reason.UNSAFE_PLACE,
        "the else would be the new if's",
    ),
]

CHOICES = [
    Alone("twice", AFTER, "open(f);\nopen(g);\n", Reason.AMBIGUOUS, "the patch is for one place"),
    Alone(
        "twice, in two functions", KEEP, _function("this.go(req);") * 2, Reason.AMBIGUOUS, "the patch is for one place"
    ),
    Alone(
        "once patched and once not",
        AFTER,
        "open(f);\nclose(f);\nopen(g);\nopen(h);\n",
        Reason.AMBIGUOUS,
        "two places are left",
    ),
    Alone(
        "nested wraps", "-load($x)\n+safe(load($x))", "load(load(f));\n", Reason.AMBIGUOUS, "the patch is for one place"
    ),
    Alone(
        "a name that is taken",
        " open($x);\n+var end = close($x);",
        "open(f);\nvar end;\n",
        Reason.NAME_TAKEN,
        "it would be another variable",
    ),
    Alone(
        "a name that an inner function uses",
        " function run($x) {\n   ...\n   open($x);\n+  let end = close($x);\n   ...\n }",
        "function run(x) {\n  open(x);\n  return function () { return end; };\n}\n",
        Reason.NAME_TAKEN,
        "the inner function would see ours",
    ),
    Alone(
        "a name that is a parameter",
        " function run($...p) {\n   ...\n   open($x);\n+  const end = close($x);\n   ...\n }",
        "function run(x, end) {\n  open(x);\n}\n",
        Reason.NAME_TAKEN,
        "it would be declared twice",
    ),
    Alone(
        "a function that is taken",
        " open($x);\n+function end() {}",
        "var end = 1;\nopen(f);\n",
        Reason.NAME_TAKEN,
        "it would overwrite the variable",
    ),
    Alone(
        "a renamed parameter",
        "-function run(old) { ... }\n+function run(fresh) { ... }",
        "function run(old) { fresh(); }\n",
        Reason.NAME_TAKEN,
        "it would hide the function",
    ),
    Alone(
        "a new parameter",
        "-function run($a) { ... }\n+function run($a, done) { ... }",
        "function run(a) { return function () { done(); }; }\n",
        Reason.NAME_TAKEN,
        "it would hide the function",
    ),
    Alone(
        "a renamed function",
        "-function run($a) { ... }\n+function go($a) { ... }",
        "function run(a) {}\nvar go = 1;\n",
        Reason.NAME_TAKEN,
        "go is somebody's",
    ),
    Alone(
        "a name captured by a parameter",
        "-later($x)\n+later(function (e) { use($x, e); })",
        "later(e.f);\n",
        Reason.NAME_TAKEN,
        "the e of the file is not the e of the patch",
    ),
    Alone(
        "a name captured by a block",
        " open($x);\n+if (ok) {\n+  let t = 1;\n+  close($x, t);\n+}",
        "open(t);\n",
        Reason.NAME_TAKEN,
        "the t of the file is not the t of the patch",
    ),
    Alone(
        "this captured by a function",
        "-later($x)\n+later(function () { use($x); })",
        "later(this.f);\n",
        Reason.NAME_TAKEN,
        "another function, another this",
    ),
    Alone(
        "arguments captured by a function",
        "-later($...x)\n+later(function () { use($...x); })",
        "later(1, arguments[0]);\n",
        Reason.NAME_TAKEN,
        "another function, other arguments",
    ),
    Alone(
        "a renamed declaration",
        "-var a = $x;\n+var b = $x;",
        "var a = 1;\ng(b);\n",
        Reason.NAME_TAKEN,
        "b is somebody's",
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
        Alone(f"wrapped: {what}", *_wrapped(body, head), Reason.NAME_TAKEN, "it would mean another one in there")
        for what, body, head in (
            ("a return", "return;", ""),
            ("this", "this.go();", ""),
            ("this in an arrow", "go(() => this);", ""),
            ("arguments", "go(arguments);", ""),
            ("new.target", "go(new.target);", ""),
            ("a parameter", "go(e);", "e"),
            ("a global", "go(e);", ""),
            ("a var that is used outside", "var x = 1;", ""),
        )
    ),
    Alone(
        "wrapped: a break",
        "-if (ok) { ... }\n+later(() => { if (ok) { ... } });",
        "for (;;) { if (ok) { break; } }\n",
        Reason.NAME_TAKEN,
        "the loop is outside",
    ),
    Alone(
        "wrapped: a labelled continue",
        "-if (ok) { ... }\n+later(() => { if (ok) { ... } });",
        "a: for (;;) { if (ok) { for (;;) { continue a; } } }\n",
        Reason.NAME_TAKEN,
        "the label is outside",
    ),
    Alone(
        "wrapped: await",
        "-if (ok) { ... }\n+later(() => { if (ok) { ... } });",
        "async function f() { if (ok) { await g; } }\n",
        Reason.NAME_TAKEN,
        "the arrow is not asynchronous",
    ),
    Alone(
        "wrapped: a let outside",
        "-if (ok) { ... }\n+{ let t = 1; if (ok) { ... } }",
        "function f(t) { if (ok) { go(t); } }\n",
        Reason.NAME_TAKEN,
        "the t of the file is not the t of the patch",
    ),
    *(
        Alone(
            f"moved into a function: {code}",
            "-run($x)\n+run(function () { return $x; })",
            text,
            Reason.NAME_TAKEN,
            "it would mean another one in there",
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
    ),
    Alone(
        "a parameter's default as an argument",
        " function f($...p) {\n+  log($...p);\n   ...\n }",
        "function f(a, b = 1) { go(); }\n",
        Reason.UNSAFE_PLACE,
        "it would be an assignment",
    ),
    Alone(
        "a rest parameter as an argument",
        " function f($...p) {\n+  log($...p);\n   ...\n }",
        "function f(...a) { go(); }\n",
        Reason.UNSAFE_PLACE,
        "a rest is no spread",
    ),
    Alone(
        "a member as a variable",
        "-$x = open();\n+var $x = open();",
        "a.b = open();\n",
        Reason.UNSAFE_PLACE,
        "only a name can be declared",
    ),
    Alone(
        "super by itself",
        "-$x.send($y)\n+send($x, $y)",
        "class A extends B { m() { super.send(1); } }\n",
        Reason.UNSAFE_PLACE,
        "super is no value",
    ),
    Alone(
        "a quoted name behind a dot",
        "-$x.$k($y)\n+call($x.$k, $y)",
        "a['b-c'](1);\n",
        Reason.UNSAFE_PLACE,
        "it cannot stand there without quotes",
    ),
    Alone(
        "a quoted name as a function's",
        "-exports.$k = function () { return $v; };\n+function $k() { return $v; }",
        "exports['b-c'] = function () { return 1; };\n",
        Reason.UNSAFE_PLACE,
        "no function can be called so",
    ),
]

STATES = [
    Alone("there already", AFTER, "open(f);\nclose(f);\n", Applied, "the patch is there"),
    Alone("there in other clothes", AFTER, "open (\n  f\n) ; close /* it */ ( f )\n", Applied, "the patch is there"),
    Alone(
        "there with the other quotes",
        " open($x);\n+close('a');",
        'open(f);\nclose("a");\n',
        Applied,
        "quotes are habit",
    ),
    Alone(
        "there in other words",
        " open($x);\n+$x['end'](1000);",
        "open(f);\nf.end(1e3);\n",
        Fixed,
        "the same, but not ours",
    ),
    Alone(
        "there by a fixed form",
        AFTER,
        "open(f);\nfoo();\nend(f);\n",
        Fixed,
        "the document says so",
        {"fixed": ("open($x);\n...\nend($x);",)},
    ),
    Alone("nothing like it", AFTER, "a();\n", Absent, "the name is not there"),
    Alone("an empty file", AFTER, "", Absent, "there is nothing"),
    Alone("white space", AFTER, " \n\t\n", Absent, "there is nothing"),
    Alone("no JavaScript", AFTER, "open(f;\n", Reason.UNPARSEABLE, "it cannot be read"),
    Alone("cut off", AFTER, "function f() {\n  open(f);\n", Reason.UNPARSEABLE, "it cannot be read"),
    Alone("TypeScript", AFTER, "function f(x: string) {\n  open(x);\n}\n", Reason.UNPARSEABLE, "it cannot be read"),
    Alone(
        "a merge conflict",
        AFTER,
        "<<<<<<< ours\nopen(f);\n=======\n>>>>>>> theirs\n",
        Reason.UNPARSEABLE,
        "it cannot be read",
    ),
    Alone(
        "nested too deeply",
        AFTER,
        "open(" + "[" * 20000 + "]" * 20000 + ");\n",
        Reason.TOO_COMPLEX,
        "it cannot be followed",
    ),
    Alone(
        "a wide choice",
        " $...a;\n ...\n open($x);\n+close($x);".replace(
            "$...a;\n ...", "...\n $a;\n ...\n $b;\n ...\n $c;\n ...\n $d;\n ..."
        ),
        "f();\n" * 120 + "open(f, g);\n",
        Reason.TOO_COMPLEX,
        "patience is no answer",
    ),
]

LEFT_ALONE = [*SHADOWED, *PLACES, *LISTS, *CHOICES, *MEANINGS, *STATES]
