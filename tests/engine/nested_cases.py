"""Places inside each other, under ``matches="all"``: the innermost are edited first, and then read again."""

from __future__ import annotations

from engine.case import Case

POWER = "-Math.pow($a, $b)\n+$a ** $b"
CHAIN = "-$a.then($f)\n+when($a, $f)"
ALL = {"matches": "all"}

NESTED = [
    Case("a call in an argument of its like", POWER, "x = Math.pow(b, Math.pow(c, 2));\n", "x = b ** (c ** 2);\n", ALL),
    Case("a call in a first argument of its like", POWER, "x = Math.pow(Math.pow(c, 2), d);\n",
         "x = (c ** 2) ** d;\n", ALL),
    Case("a chain of calls", CHAIN, "p.then(f).then(g).then(h);\n", "when(when(when(p, f), g), h);\n", ALL),
    Case("a chain of calls, each of which gets a link", "-$o.foo($a)\n+$o.foo($a).bar()", "x.foo(1).foo(y.foo(2));\n",
         "x.foo(1).bar().foo(y.foo(2).bar()).bar();\n", ALL),
    Case("a call that is written twice", "-load($x)\n+safe($x, $x)", "load(load(f));\n",
         "safe(safe(f, f), safe(f, f));\n", ALL),
    Case("a call put round in a call put round", "-load($x)\n+safe(load($x))", "load(load(f));\nload(g);\n",
         "safe(load(safe(load(f))));\nsafe(load(g));\n", ALL),
    Case("a function in a function", " function $f() {\n   ...\n   open($x);\n+  close($x);\n   ...\n }",
         "function a() {\n  open(1);\n  function b() {\n    open(2);\n  }\n}\n",
         "function a() {\n  open(1);\n  close(1);\n  function b() {\n    open(2);\n    close(2);\n  }\n}\n", ALL),
    Case("a statement in a statement", "-if ($c) { $x; }\n+$c && $x;", "if (a) { b(() => { if (c) { d(); } }); }\n",
         "a && b(() => { c && d(); });\n", ALL),
    Case("what held another is no place any more", "-f(f($x))\n+g($x)", "f(f(f(a)));\n", "f(g(a));\n", ALL),
    Case("what an edit makes a place for the patch", "-if ($c) { $x; }\n+$c && $x;", "if (a) { if (b) { c(); } }\n",
         "a && (b && c());\n", ALL),
]  # fmt: skip
