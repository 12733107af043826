"""New code of several lines, and the user's own code in it: indented as the place is, in its line ending."""

from __future__ import annotations

from engine.case import BETWEEN_GAPS, Case, lost

OBJECT = "-f($x)\n+g({\n+  a: $x\n+})"
ADDED = " g({\n   ...,\n+  a: function () {\n+    return 1;\n+  }\n })"
DEEPER = "-f($x);\n+if (a) {\n+  b($x);\n+}"
ROUND = "-load($x)\n+safe(() => {\n+  return load($x);\n+})"

SWAPPED = "-if ($c) { $...a; } else { $...b; }\n+f(() => {\n+  $...b;\n+  $...a;\n+});"
SQUEEZED = "-if ($c) { $...a; } else { $...b; }\n+f(() => { $...b; $...a; });"
JOINED = "-f($...a, old, $...b)\n+g($...a, $...b, neu)"

LAYOUTS = [
    Case("two runs of statements in another place", SWAPPED,
         "{\n\tif (a) {\n\t\t// one\n\t\tb();\n\t} else {\n\t\tc() // c\n\t\td(`\n\t\t`); // two\n\t}\n}\n",
         "{\n\tf(() => {\n\t\tc() // c\n\t\td(`\n\t\t`); // two\n\t\t// one\n\t\tb();\n\t});\n}\n", back=lost("c")),
    Case("a run of nothing before another", SWAPPED, "if (a) { b() } else {}\n", "f(() => {\n  b()\n})\n",
         back=lost("c")),
    Case("a run of nothing behind another", SWAPPED, "if (a) {} else { b(); }\n", "f(() => {\n  b();\n});\n",
         back=lost("c")),
    Case("two runs of nothing", SWAPPED, "if (a) {} else {}\n", "f(() => {});\n", back=lost("c")),
    Case("two runs on a line", SQUEEZED, "if (a) { b() } else { c() }\n", "f(() => { c(); b() })\n", back=lost("c")),
    Case("two runs on a line, with a comment to its end", SQUEEZED, "if (a) { b(); } else { c(); // c\n}\n",
         "f(() => { c(); // c\n b(); });\n", back=lost("c")),
    Case("two runs in one list", JOINED, "f(1, old, 2);\n", "g(1, 2, neu);\n", back=BETWEEN_GAPS),
    Case("two runs of nothing in one list", JOINED, "f(old);\n", "g(neu);\n", back=BETWEEN_GAPS),
    Case("two runs of nothing in braces", "-f({ $...a, old, $...b })\n+g(old, { $...a, $...b })", "f({ old });\n",
         "g(old, {});\n", back=BETWEEN_GAPS),
    Case("an expression of several lines, CRLF and tabs", OBJECT, "{\r\n\tvar y = f(1);\r\n}\r\n",
         "{\r\n\tvar y = g({\r\n\t\ta: 1\r\n\t});\r\n}\r\n"),
    Case("an expression of several lines in lines of its own", OBJECT, "x(\n    y,\n    f(1)\n)\n",
         "x(\n    y,\n    g({\n        a: 1\n    })\n)\n"),
    Case("an argument of several lines", "-f($x)\n+f($x, {\n+  a: 1\n+})", "{\r\n\tf(1);\r\n}\r\n",
         "{\r\n\tf(1, {\r\n\t\ta: 1\r\n\t});\r\n}\r\n"),
    Case("a last property of several lines", ADDED, "{\r\n\tg({\r\n\t\tb: 1\r\n\t});\r\n}\r\n",
         "{\r\n\tg({\r\n\t\tb: 1,\r\n\t\ta: function () {\r\n\t\t\treturn 1;\r\n\t\t}\r\n\t});\r\n}\r\n"),
    Case("a template in an expression of several lines", "-f($x)\n+g({\n+  a: `$\n+  b`\n+})", "\tf(1);\n",
         "\tg({\n\t\ta: `$\n  b`\n\t});\n", back=lost("x")),
    Case("an expression put round in several lines", ROUND, "  x = load({\n    a: 1,\n    b: `\n    `\n  });\n",
         "  x = safe(() => {\n    return load({\n      a: 1,\n      b: `\n    `\n    });\n  });\n"),
    Case("bound code that comes to stand deeper",
         DEEPER, "{\n  f(function () {\n    c();\n\n    d(`\n    `);\n  });\n}\n",
         "{\n  if (a) {\n    b(function () {\n      c();\n\n      d(`\n    `);\n    });\n  }\n}\n"),
    Case("bound code with lines that are indented less", DEEPER, "  f(function () {\n c();\n  });\n",
         "  if (a) {\n    b(function () {\n c();\n    });\n  }\n"),
    Case("two lines in a block that is a line", " open($x);\n+a()\n+b()", "function f() { open(1) }\n",
         "function f() { open(1); a(); b() }\n", back="function f() { open(1); }\n"),
    Case("a block in the place of a call on a line", DEEPER, "x(); f(1); y();\n", "x(); if (a) { b(1); } y();\n"),
]  # fmt: skip
