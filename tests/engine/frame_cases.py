"""Statements that stay while code comes round them, goes from round them, or changes there."""

from __future__ import annotations

from engine.case import Case

IF = "+if (ok) {\n   go($x);\n+}"
FLAT = "+if (ok) {\n go($x);\n+}"
OFF = "-if (ok) {\n   go($x);\n-}"
BOTH = "+if (ok) {\n a();\n b();\n+}"
BODY = " function $f() {\n+  lock(() => {\n     ...\n+  });\n }"
GUARD = "-if ($c) { $...body; }\n+guard($c, () => { $...body; });"
LOGGED = "-if ($c) { $...body; }\n+guard($c, () => {\n+  log();\n+  $...body;\n+});"
TRY = "+try {\n   a($x);\n   ...\n-  b($x);\n+  c($x);\n+} finally {\n+  done();\n+}"
ARROW = "-function $f($...p) { ... }\n+const $f = ($...p) => { ... };"
ALL = {"matches": "all"}

PUT_ROUND = [
    Case("a block round a function that calls itself alone", "+if (ok) {\n function $f() { ... }\n+}",
         "function f() {\n  f();\n}\n", "if (ok) {\n  function f() {\n    f();\n  }\n}\n"),
    Case("a block round a statement", IF, "a();\ngo(b);\nc();\n", "a();\nif (ok) {\n  go(b);\n}\nc();\n"),
    Case("a block round a statement that the patch does not indent", FLAT, "a();\ngo(b);\nc();\n",
         "a();\nif (ok) {\n  go(b);\n}\nc();\n"),
    Case("a block round lines of their own", FLAT, "\tgo(b(\n\t\tc,\n\n\t  d));\n",
         "\tif (ok) {\n\t\tgo(b(\n\t\t\tc,\n\n\t\t  d));\n\t}\n"),
    Case("a block round a template", FLAT, "{\n  go(`\n  a\n`);\n}\n", "{\n  if (ok) {\n    go(`\n  a\n`);\n  }\n}\n"),
    Case("a block round a string over two lines", FLAT, "  go('a\\\n  b');\n",
         "  if (ok) {\n    go('a\\\n  b');\n  }\n"),
    Case("a block round a line that is indented less", FLAT, "  go(b(\n c));\n",
         "  if (ok) {\n    go(b(\n c));\n  }\n"),
    Case("a block in the unit of the file", FLAT, "function f() {\n    go(1);\n}\n",
         "function f() {\n    if (ok) {\n        go(1);\n    }\n}\n"),
    Case("a block in the unit of the place", FLAT, "function f() {\n  if (a) {\n\t\tgo(1);\n  }\n}\n",
         "function f() {\n  if (a) {\n\t\tif (ok) {\n\t\t  go(1);\n\t\t}\n  }\n}\n"),
    Case("a block where comments are indented by one", FLAT, "/*\n * License\n */\ngo(1);\nif (a) {\n    b();\n}\n",
         "/*\n * License\n */\nif (ok) {\n    go(1);\n}\nif (a) {\n    b();\n}\n"),
    Case("a block round two statements", BOTH, "{\r\n\ta()\r\n\tb() // b\r\n}",
         "{\r\n\tif (ok) {\r\n\t\ta()\r\n\t\tb() // b\r\n\t}\r\n}"),
    Case("a block at the end of a file", BOTH, "a();\nb();", "if (ok) {\n  a();\n  b();\n}"),
    Case("a block on one line", FLAT, "function f() { go(1); }\n", "function f() { if (ok) { go(1); } }\n"),
    Case("a block on a squeezed line", FLAT, "function f(){go(1)}\n", "function f(){if (ok) { go(1) }}\n"),
    Case("a call round a statement behind a comment", "+lock(() => {\n a();\n+});", "b()\na() // d\n;(c)()\n",
         "b()\nlock(() => {\n  a() // d\n})\n;(c)()\n"),
    Case("a call in brackets round a statement", "+(lock)(() => {\n a();\n+});", "b()\na()\n",
         "b()\n;(lock)(() => {\n  a()\n})\n", back="b()\n;a()\n"),
    Case("a function round a body", BODY, "function f() {\n    // one\n    a();\n\n    b();\n    // two\n}\n",
         "function f() {\n    lock(() => {\n        // one\n        a();\n\n        b();\n        // two\n    });\n"
         "}\n"),
    Case("a function round a call of several lines", BODY, "function f() {\n  a(b, {\n    c: d\n  });\n}\n",
         "function f() {\n  lock(() => {\n    a(b, {\n      c: d\n    });\n  });\n}\n"),
    Case("a function round a body with a directive", BODY, "function f() {\n  'use strict';\n  a();\n}\n",
         "function f() {\n  'use strict';\n  lock(() => {\n    a();\n  });\n}\n"),
    Case("a block for a gap, on one line", " f(function () {\n-  ...\n+  if (a) { ... }\n });",
         "f(function () {\n  x();\n  y(); // y\n});\n",
         "f(function () {\n  if (a) {\n    x();\n    y(); // y\n  }\n});\n"),
    Case("a block round a line that changes", TRY,
         "{\n  z();\n  a(1);\n  if (q) {\n    r();\n  }\n  b(1); // b\n  y();\n}\n",
         "{\n  z();\n  try {\n    a(1);\n    if (q) {\n      r();\n    }\n    c(1); // b\n  } finally {\n"
         "    done();\n  }\n  y();\n}\n"),
    Case("a block round a line that is put in", "+if (ok) {\n   a();\n+  x();\n   b();\n+}",
         "{\n    a();\n    b();\n}\n",
         "{\n    if (ok) {\n        a();\n        x();\n        b();\n    }\n}\n"),
    Case("a block round a line that goes", "+if (ok) {\n   a();\n-  x();\n   b();\n+}",
         "{\n\ta();\n\tx();\n\tb();\n}\n",
         "{\n\tif (ok) {\n\t\ta();\n\t\tb();\n\t}\n}\n"),
    Case("lines before and behind a block", "+x();\n+if (ok) {\n a();\n+}\n+y();", "{\n  a();\n}\n",
         "{\n  x();\n  if (ok) {\n    a();\n  }\n  y();\n}\n"),
    Case("a block in a block", "+try {\n+  if (ok) {\n     a($x);\n+  }\n+} finally {\n+}", "\ta(\n\t\tb);\n",
         "\ttry {\n\t\tif (ok) {\n\t\t\ta(\n\t\t\t\tb);\n\t\t}\n\t} finally {\n\t}\n"),
    Case("blocks round places in each other", "+if (ok) {\n go($f);\n+}", "go(() => {\n  go(1);\n});\n",
         "if (ok) {\n  go(() => {\n    if (ok) {\n      go(1);\n    }\n  });\n}\n", ALL),
    Case("a block round an `if`", "+if (ok) {\n if (a) { ... }\n+}", "if (a) {\n  b();\n}\n",
         "if (ok) {\n  if (a) {\n    b();\n  }\n}\n"),
]  # fmt: skip

TAKEN_OFF = [
    Case("a block that goes", OFF, "a();\nif (ok) {\n    go(b);\n}\nc();\n", "a();\ngo(b);\nc();\n",
         back="a();\nif (ok) {\n  go(b);\n}\nc();\n"),
    Case("a block that goes from lines of their own", OFF, "\tif (ok) {\n\t\tgo(b(\n\t\t\tc,\n\t\t`\n\t\td`));\n\t}\n",
         "\tgo(b(\n\t\tc,\n\t`\n\t\td`));\n"),
    Case("a block that goes, with comments",
         OFF, "if (ok) { // why\n  // one\n  go(1); // two\n  // three\n} // four\n",
         "// why\n// one\ngo(1); // two\n// three // four\n",
         back="// why\n// one\nif (ok) {\n  go(1); // two\n}\n// three // four\n"),
    Case("a block that goes, with a comment in its head", OFF, "if (/* why */ ok) {\n  go(1);\n}\n",
         "/* why */ go(1);\n",
         back="/* why */ if (ok) { go(1); }\n"),
    Case("a block that goes from one line", OFF, "x(); if (ok) { go(1) } y();\n", "x(); go(1); y();\n",
         back="x(); if (ok) { go(1); } y();\n"),
    Case("a block that goes from two statements", "-if (ok) {\n   a();\n   b();\n-}",
         "{\n  if (ok) {\n    a()\n\n    b()\n  }\n}\n", "{\n  a()\n\n  b()\n}\n"),
    Case("a function that goes", "-lock(() => {\n   a();\n   $...b;\n-});\n done();",
         "lock(() => {\n  a();\n  b();\n});\ndone();\n", "a();\nb();\ndone();\n"),
]  # fmt: skip

CHANGED_ROUND = [
    Case("a call for a block", GUARD, "if (a) {\n  // x\n  b();\n  c();\n}\n",
         "guard(a, () => {\n  // x\n  b();\n  c();\n});\n"),
    Case("a call for a block on one line", GUARD, "if (a) { b(); }\n", "guard(a, () => { b(); });\n"),
    Case("a call for a body without braces", GUARD, "if (a) b();\n", "guard(a, () => { b(); });\n",
         back="if (a) { b(); }\n"),
    Case("a call for an empty block", GUARD, "if (a) { /* nothing */ }\n", "guard(a, () => { /* nothing */ });\n"),
    Case("a call for a block, with a line before its own",
         LOGGED, "  if (a) {\n      // x\n      b()\n      c()\n  }\n",
         "  guard(a, () => {\n      log();\n      // x\n      b()\n      c()\n  })\n"),
    Case("two functions for two blocks",
         "-if ($c) { $...a; } else { $...b; }\n+pick($c, () => { $...a; }, () => { $...b; });",
         "  if (a) {\n    b()\n    // y\n  } else {\n    d()\n  }\n",
         "  pick(a, () => {\n    b()\n    // y\n  }, () => {\n    d()\n  })\n"),
    Case("an arrow for a declaration", ARROW, "function g(a, b) {\n  // one\n  return a + b;\n}\n",
         "const g = (a, b) => {\n  // one\n  return a + b;\n};\n"),
    Case("a function for an arrow", "-f(() => { ... })\n+f(function () { ... })",
         "x = f(() => {\n  a();\n  /* b */ });\n",
         "x = f(function () {\n  a();\n  /* b */ });\n"),
    Case("an arrow for a bound function", "-function ($...p) { ... }.bind(this)\n+($...p) => { ... }",
         "function f() {\n  go(function (a) {\n    this.b(a);\n  }.bind(this));\n}\n",
         "function f() {\n  go((a) => {\n    this.b(a);\n  });\n}\n"),
    Case("an empty function for an arrow", "-f(() => { ... })\n+f(function () { ... })", "x = f(() => {});\n",
         "x = f(function () {});\n"),
    Case("a block in a block for a block",
         "-if ($c) { $...body; }\n+try {\n+  guard($c, () => { $...body; });\n+} finally {\n+}",
         "{\n\tif (a) {\n\t\tb(\n\t\t\tc);\n\t}\n}\n",
         "{\n\ttry {\n\t\tguard(a, () => {\n\t\t\tb(\n\t\t\t\tc);\n\t\t});\n\t} finally {\n\t}\n}\n"),
]  # fmt: skip

FRAMES = [*PUT_ROUND, *TAKEN_OFF, *CHANGED_ROUND]
