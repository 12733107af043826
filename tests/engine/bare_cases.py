"""What was wrapped is all that is left: the plus slice is a metavariable or a run, which is found anywhere.

So such a patch never reads as applied: what it leaves says nothing.
"""

from __future__ import annotations

from engine.case import Case

OFF = "-wrap($x)\n+$x"
NOT = "-!!$x\n+$x"
BLOCK = "-if ($c) { $...a; }\n+$...a;"
ELSE = "-if (DEBUG) { $...a; } else { $...b; }\n+$...b;"
CALLED = "-(() => { $...a; })();\n+$...a;"
ALL = {"matches": "all"}

BARE = [
    Case("a call taken off", OFF, "f(wrap(a), wrap2);\n", "f(a, wrap2);\n"),
    Case("a call taken off a statement", "-wrap($x);\n+$x;", "b();\nwrap(a());\n", "b();\na();\n"),
    Case("a call taken off what keeps its brackets", OFF, "f(wrap((a, b)));\n", "f((a, b));\n"),
    Case("a call taken off what needs brackets", OFF, "y = wrap(a + b) * 2;\n", "y = (a + b) * 2;\n"),
    Case("a call taken off what is called", OFF, "y = wrap(async () => await z)();\n",
         "y = (async () => await z)();\n"),
    Case("a call taken off what begins otherwise", OFF, "wrap(function () {});\n", "(function () {});\n"),
    Case("a call taken off behind an unterminated line", OFF, "b()\nwrap([a].c)\nd()\n", "b()\n;[a].c\nd()\n"),
    Case("a call taken off, with comments", OFF, "f(wrap(/* a */ a /* b */));\n", "f(/* a */ a /* b */);\n"),
    Case("a call taken off what has lines of its own", OFF, "{\n\tf(wrap(\n\t\t{\n\t\t\ta: 1\n\t\t}\n\t));\n}\n",
         "{\n\tf({\n\t\ta: 1\n\t});\n}\n"),
    Case("calls in each other taken off", OFF, "x = wrap(wrap(a));\ny = wrap(b);\n", "x = a;\ny = b;\n", ALL),
    Case("the first of two arguments left", "-f($x, $...r)\n+$x", "y = f(1, 2, 3);\n", "y = 1;\n"),
    Case("two negations taken off", NOT, "if (!!a) b = !!(c || d) && e;\n", "if (a) b = (c || d) && e;\n", ALL),
    Case("the second of three parts left", "-true ? $b : $c\n+$b", "x = true ? (b, c) : d;\n", "x = (b, c);\n"),
    Case("one of two equal parts left", "-$a && $a\n+$a", "x = b && b;\n", "x = b;\n"),
    Case("a block taken off", BLOCK, "if (ok) {\n  a();\n  b(`\n  c`);\n}\ny();\n", "a();\nb(`\n  c`);\ny();\n"),
    Case("a block taken off, with comments",
         BLOCK, "\tif (ok) { // why\r\n\t\t// one\r\n\t\ta()\r\n\t\t// two\r\n\t}\r\n",
         "\t// why\r\n\t// one\r\n\ta()\r\n\t// two\r\n"),
    Case("a block taken off at the end", BLOCK, "y();\nif (ok) {\n  a();\n  b();\n}", "y();\na();\nb();"),
    Case("a body without braces left", BLOCK, "if (ok) a();\ny();\n", "a();\ny();\n"),
    Case("an empty block taken off", BLOCK, "x();\nif (ok) {}\ny();\n", "x();\ny();\n"),
    Case("a block with a let taken off", BLOCK, "z();\nif (ok) { let x = 1; a(x); }\ny();\n",
         "z();\nlet x = 1; a(x);\ny();\n"),
    Case("the else left", ELSE, "z();\nif (DEBUG) {\n  one();\n} else {\n  two();\n  three();\n}\ny();\n",
         "z();\ntwo();\nthree();\ny();\n"),
    Case("a function that is called taken off", CALLED, "x()\n;(() => {\n  (a)()\n  b()\n})()\n", "x()\n;(a)()\nb()\n"),
    Case("blocks in each other taken off", "-if (DEBUG) { $...a; }\n+$...a;",
         "if (DEBUG) {\n  a();\n  if (DEBUG) {\n    b();\n  }\n}\n", "a();\nb();\n", ALL),
]  # fmt: skip
