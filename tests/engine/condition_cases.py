"""Conditions: what they let through, and beside it what they rule out."""

from __future__ import annotations

from engine.case import Case, NoWayBack, lost
from engine.left_alone_cases import Alone
from sio_patch.engine.outcome import Absent, Applied, Fixed
from sio_patch.verdict import Reason

ALL = {"matches": "all"}


def where(condition: str, diff: str = "-f($x)\n+g($x)") -> str:
    return f"@@ where {condition}\n{diff}"


def let_through(id_: str, condition: str, before: str, after: str, diff: str = "-f($x)\n+g($x)") -> Case:
    return Case(id_, where(condition, diff), before, after, ALL)


ONE_OF = [
    let_through("one of some values", "$x in ('a', \"b\", null)", "f(\"a\"); f('b'); f(null); f('c'); f(a);\n",
                "g(\"a\"); g('b'); g(null); f('c'); f(a);\n"),
    let_through("values in another spelling", "$x in ('it\\'s', 16, 1)", "f(\"it's\"); f(0x10); f(1.0); f(1e1);\n",
                "g(\"it's\"); g(0x10); g(1.0); f(1e1);\n"),
    let_through("values that are expressions", "$x in (-1, void 0, undefined, a.b, h(...))",
                "f(- 1); f(1); f(void 0); f(undefined); f(a['b']); f(a.c); f(h(1, 2));\n",
                "g(- 1); f(1); g(void 0); g(undefined); g(a['b']); f(a.c); g(h(1, 2));\n"),
    let_through("values with commas and braces", "$x in ({ a: 1, b: [2, 3] }, `,${[1, ')']}`)",
                "f({ a: 1, b: [2, 3], }); f({ a: 1 }); f(`,${[1, ')']}`);\n",
                "g({ a: 1, b: [2, 3], }); f({ a: 1 }); g(`,${[1, ')']}`);\n"),
    let_through("another metavariable as the value", "$x in ($y)", "f(a, a); f(a, b); f([a], [a]);\n",
                "g(a); f(a, b); g([a]);\n", "-f($x, $y)\n+g($x)")._replace(back=lost("y")),
    let_through("none of some values", "$x not in ('a', null)", "f('a'); f(\"a\"); f(null); f('b'); f(a);\n",
                "f('a'); f(\"a\"); f(null); g('b'); g(a);\n"),
    let_through("one of some members", "$p in (read, 'write')", "o.read(1); o['read'](2); o.write(3); o.open(4);\n",
                "o.do('x', 1); o['do']('x', 2); o.do('x', 3); o.open(4);\n", "-o.$p($a)\n+o.do('x', $a)")._replace(
                back=lost("p")),
]  # fmt: skip

SPELT = [
    let_through("a member by its name", "$p ~ /^on[A-Z]/", "a.onClick(f); a.one(f); a['onKey'](f);\n",
                "a.listen(f); a.one(f); a['listen'](f);\n", "-$o.$p(f)\n+$o.listen(f)")._replace(back=lost("p")),
    let_through("a variable by its name", "$x ~ /^is|Is/", "f(isOld); f(wasOld); f(hasIsOld); f('isOld');\n",
                "g(isOld); f(wasOld); g(hasIsOld); g('isOld');\n"),
    let_through("a string by what it says", r"$x ~ /^\.\.?\/.*\.js$/",
                "f('./a.js'); f(\"../b\\x2ejs\"); f('a.js'); f(1);\n",
                "g('./a.js'); g(\"../b\\x2ejs\"); f('a.js'); f(1);\n"),
    let_through("neither a name nor a string", "$x !~ /^a/i", "f(a); f('A'); f(b); f(a.b); f(a()); f(1);\n",
                "f(a); f('A'); g(b); g(a.b); g(a()); g(1);\n"),
    let_through("a comma and a slash in the expression", "$x ~ /^a,[/,]\\/$/, $x is string", "f('a,//'); f('a/');\n",
                "g('a,//'); f('a/');\n"),
]  # fmt: skip

EACH_KIND = (
    "f('a'); f(1); f(-1); f(true); f(null); f(/a/); f(a); f(() => 1); f(function () {}); f(a()); f(new A()); "
    "f(a.b); f(a?.b); f(`a`);\n"
)


def of_kind(kind: str, *indexes: int) -> Case:
    """Of the calls in EACH_KIND these become calls of ``g``."""
    calls = EACH_KIND.split("; ")
    after = [f"g{call[1:]}" if index in indexes else call for index, call in enumerate(calls)]
    return let_through(f"code that is {kind}", f"$x is {kind}", EACH_KIND, "; ".join(after))


KINDS = [
    of_kind("string", 0),
    of_kind("number", 1, 2),
    of_kind("literal", 0, 1, 2, 3, 4, 5),
    of_kind("identifier", 6),
    of_kind("function", 7, 8),
    of_kind("call", 9),
    of_kind("member", 11, 12),
    of_kind("not literal", 6, 7, 8, 9, 10, 11, 12, 13),
    of_kind("not member", 0, 1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 13),
]

PLACES = [
    let_through("inside a call", "inside it($...a)", "f(1); it('x', () => { if (a) { f(2); } });\n",
                "f(1); it('x', () => { if (a) { g(2); } });\n"),
    let_through("not inside a try", "not inside try { ... } catch ($e) { ... }",
                "try { f(1); } catch (e) { f(2); }\ntry { f(3); } finally {}\nf(4);\n",
                "try { f(1); } catch (e) { f(2); }\ntry { g(3); } finally {}\ng(4);\n"),
    let_through("inside a function of a name", "inside function open(...) { ... }",
                "function open(a) { return { b: () => f(1) }; }\nfunction shut() { f(2); }\n",
                "function open(a) { return { b: () => g(1) }; }\nfunction shut() { f(2); }\n"),
    let_through("inside a function of the name that the match binds", "inside function $n(...) { ... }",
                "function a() { f(a); f(b); }\nfunction b() { f(a); }\n",
                "function a() { g(a); f(b); }\nfunction b() { f(a); }\n", "-f($n)\n+g($n)"),
    let_through("inside a function without a name", "inside function (...) { ... }",
                "h(function () { f(1); });\nh(() => f(2));\n", "h(function () { g(1); });\nh(() => f(2));\n"),
    let_through("inside, for statements", "inside if ($c) { ... }",
                "open(a);\nif (b) open(a);\nif (c) {\n  open(a);\n}\n",
                "open(a);\nif (b) shut(a);\nif (c) {\n  shut(a);\n}\n", "-open($x);\n+shut($x);"),
    let_through("not inside what it is put into", "not inside safe(...)", "f(1); safe(f(2));\n",
                "safe(f(1)); safe(f(2));\n",
                "-f($x)\n+safe(f($x))")._replace(back="f(1); f(2);\n"),
    let_through("what contains itself", "inside f(...)", "f(f(1));\n", "f(g(1));\n"),
    let_through("at the top", "top level",
                "f(1);\nif (a) { f(2); }\nvar b = { c: f(3) };\nfunction d(e = f(4)) { f(5); }\n"
                "class G extends f(6) { h = f(7); static { f(8); } }\nlater(() => f(9));\n",
                "g(1);\nif (a) { g(2); }\nvar b = { c: g(3) };\nfunction d(e = f(4)) { f(5); }\n"
                "class G extends g(6) { h = f(7); static { f(8); } }\nlater(() => f(9));\n"),
    let_through("at the top of a wrapper", "top level",
                "(function (root, factory) { factory(root); })(this, function (exports) {\n  f(1);\n"
                "  exports.a = function () { f(2); };\n});\n",
                "(function (root, factory) { factory(root); })(this, function (exports) {\n  g(1);\n"
                "  exports.a = function () { f(2); };\n});\n"),
    let_through("not at the top", "not top level", "f(1);\nfunction a() { f(2); }\n",
                "f(1);\nfunction a() { g(2); }\n"),
    let_through("the name of a function at the top", "top level", "function f() { f(); }\nf();\n",
                "function f() { f(); }\ng();\n", "-f()\n+g()"),
]  # fmt: skip

SEVERAL = [
    let_through("several conditions", "$x is string, $x not in ('a'), not inside h(...)",
                "f('a'); f('b'); f(b); h(f('b'));\n",
                "f('a'); g('b'); f(b); h(f('b'));\n"),
    let_through("conditions on several lines", "$x is string\n@@ where $x not in ('a')\n@@ where not inside h(...)",
                "f('a'); f('b'); f(b); h(f('b'));\n", "f('a'); g('b'); f(b); h(f('b'));\n"),
    let_through("a swap that a condition tells apart", "$a is string, $b is number", "f('a', 1); f(2, 'b'); f(a, b);\n",
                "f(1, 'a'); f(2, 'b'); f(a, b);\n", "-f($a, $b)\n+f($b, $a)")._replace(
                back="f('a', 1); f('b', 2); f(a, b);\n"),
    let_through("what is added is not what is asked for", "$o is identifier", "a(1); a.b(1);\n",
                "a.call(null, 1); a.b(1);\n", "-$o($x)\n+$o.call(null, $x)"),
    let_through("a name alone", "$x in (old, older)", "old(older.old, { old });\n",
                "fresh(old)(fresh(older).old, { old: fresh(old) });\n", "-$x\n+fresh($x)")._replace(
                back="old(older.old, { old: old });\n"),
    let_through("a kind that a word in a string does not show", "$f is identifier, $f ~ /^re/",
                "read(1); o.read(2); write(3);\n",
                "emit('read', 1); o.read(2); write(3);\n", "-$f($x)\n+emit('${$f}', $x)")._replace(
                back=NoWayBack("$f is an expression here, and all that binds it is text in a string")),
    Case("a condition that the added lines cannot be asked", where("$x in ('old')", "-require($x)\n+require('new')"),
         "a = require('old');\nb = require('other');\n", "a = require('new');\nb = require('other');\n",
         back=lost("x")),
    Case("an added line under a condition", where("$x ~ /^f/", " open($x);\n+close($x);"), "open(a);\nopen(fd);\n",
         "open(a);\nopen(fd);\nclose(fd);\n"),
]  # fmt: skip

BOUND_BEFORE = (
    "@@ all where $m ~ /^old/\n-var $f = require($m);\n+var $f = require('new');\n@@ all where $m in ('old-a')\n"
)

IN_SECTIONS = [
    Case("a condition of one section", "@@ any where top level\n-f($x)\n+g($x)\n@@\n-h()\n+i()",
         "h();\nf(1);\nfunction a() { f(2); }\n", "i();\ng(1);\nfunction a() { f(2); }\n"),
    Case("a condition on what an earlier section binds",
         " var $f = require($m);\n@@ all where $m in ('fs', 'path')\n-$f.exists($x)\n+$f.existsSync($x)",
         "var a = require('fs');\na.exists(1);\nb.exists(2);\n",
         "var a = require('fs');\na.existsSync(1);\nb.exists(2);\n"),
    Case("a condition on what an earlier section takes out", f"{BOUND_BEFORE}-$f.go($x)\n+$f.run($x)",
         "var a = require('old-a');\nvar b = require('old-b');\nvar c = require('c');\na.go(1);\nb.go(2);\nc.go(3);\n",
         "var a = require('new');\nvar b = require('old-b');\nvar c = require('c');\na.run(1);\nb.go(2);\nc.go(3);\n",
         back=lost("m")),
    Case("a deletion under a condition", "@@ all where $y not in (a)\n-noise($y);\n@@\n-h()\n+i()",
         "h();\nnoise(a);\nnoise(b);\n", "i();\nnoise(a);\n",
         back=NoWayBack("nothing that is left says where the removed code stood")),
    Case("conditions on lines below `all`", "@@ all\n@@ where $x is string\n@@ where $x ~ /a/\n-f($x)\n+g($x)",
         "f('a'); f('b'); f('ca');\n", "g('a'); f('b'); g('ca');\n"),
]  # fmt: skip

CONDITIONS = [*ONE_OF, *SPELT, *KINDS, *PLACES, *SEVERAL, *IN_SECTIONS]

AFTER = " open($x);\n+close($x);"
GIVEN_UP = "@@ where $gone in ($x.a = null, $x.a = undefined, delete $x.a)\nopen($x);\n...\n$gone;"

RULED_OUT = [
    Alone("a value that is none of them", where("$x in ('a', 'b')"), "f(a);\nf('c');\n", Absent,
          "neither call is what the patch is about",
          "line 1 of the patch asks for `$x in ('a', 'b')`; at line 1, column 3, $x is `a`"),
    Alone("a line of conditions that is not met", where("$x is string\n@@ where $x ~ /^b/"), "f('a');\n", Absent,
          "the line of the condition that failed is named",
          "line 2 of the patch asks for `$x ~ /^b/`; at line 1, column 3, $x is `'a'`"),
    Alone("a place that is not met", where("top level"), "function a() {\n  f(1);\n}\n", Absent, "it is in a function",
          "line 1 of the patch asks for `top level`; nearest to it, at line 2, column 3, stands `f(1);`"),
    Alone("inside what stands beside it", where("inside it(...)"), "it('a');\nf(1);\n", Absent, "`it` is not round it",
          "asks for `inside it(...)`; nearest to it, at line 2, column 1, stands `f(1);`"),
    Alone("inside itself", where("inside f(...)"), "f(1);\n", Absent, "nothing is round it",
          "asks for `inside f(...)`"),
    Alone("inside another variable of the name", where("inside run($x)"), "run(a, function (a) { f(a); });\n", Absent,
          "the inner a is another variable", "asks for `inside run($x)`"),
    Alone("a name that means something else", where("$x in ($y)", "-f($y, function ($p) { h($x); })\n+f($y)"),
          "f(a, function (a) { h(a); });\n", Absent, "the inner a is another variable", "asks for `$x in ($y)`"),
    Alone("code that is there where it is asked for", where("$x ~ /^f/", AFTER), "open(fd);\nclose(fd);\nopen(a);\n",
          Applied, "the second call is not the patch's", "2:1"),
    Alone("what would be there, were it asked for", where("$x ~ /^f/", AFTER),
          "open(a);\nclose(a);\n", Absent,
          "neither slice is about these lines", "asks for `$x ~ /^f/`; at line 1, column 6, $x is `a`"),
    Alone("code that the patch leaves, under what it cannot be asked",
          where("$x in ('old')", "-load($x)\n+load('new')"),
          "load('new');\n", Applied, "what $x was is not known any more", "1:6"),
    Alone("a second place that is ruled out", where("$x is string"), "f('a');\nf('b');\nf(c);\n", Reason.AMBIGUOUS,
          "two places are left", "stands in 2 places (lines 1, 2)"),
    Alone("what a removal leaves standing", where("$y is string", " open($x);\n-noise($y);"),
          "open(a);\nif (b) noise('c');\n", Reason.UNSAFE_PLACE, "it removes such a call", "still stands at line 2"),
    Alone("what a removal is not about", where("$y is string", " open($x);\n-noise($y);"),
          "open(a);\nif (b) noise(c);\n", Applied, "it removes no such call", "1:1"),
    Alone("a fixed form in one of several spellings", AFTER, "open(a);\na.a = undefined;\n", Fixed,
          "the second of them", "2:1", {"fixed": [GIVEN_UP]}),
    Alone("a fixed form in another of them", AFTER, "open(a);\nb();\ndelete a['a'];\n", Fixed,
          "the third of them", "3:1", {"fixed": [GIVEN_UP]}),
    Alone("what an earlier section binds is ruled out",
          " var $f = require($m);\n@@ all where $m in ('fs')\n-$f.exists($x)\n+$f.existsSync($x)",
          "var a = require('os');\na.exists(1);\n", Absent, "it is another module",
          "the code of the section of line 2 is there, but not with what earlier sections bind"),
    Alone("a section that is there under its condition", "@@ all where $y not in (a)\n-noise($y);\n@@\n-h()\n+i()",
          "noise(a);\ni();\n", Applied, "a is not to go", "2:1"),
    Alone("code that nothing can be asked of", where("$x is string"), "g(a);\n", Absent, "$x of the plus slice is a",
          "line 2 of the patch expects `f($x)`"),
]  # fmt: skip
