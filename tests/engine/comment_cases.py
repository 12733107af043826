"""The user's comments: none is lost, and none comes to stand at other code than its own."""

from __future__ import annotations

from engine.case import BETWEEN_GAPS, Case, NoWayBack, lost

RETURN = "-return f($x);\n+return $x;"
WRAPPED = "-if ($c) { $x; }\n+$c && $x;"
LOCK = "+lock();\n function $f($...p) { ... }"
FIRST = "-send($x)\n+send(done, $x)"
DEBUG = " x = {\n   ...,\n-  debug: function () { ... },\n   ...\n }"
ALL = {"matches": "all"}
NO_GAPS = NoWayBack(
    "added code cannot hold `...`, for nothing says what to write there; a run `$...name` can be written"
)

INSIDE = [
    Case("a comment before what is left", RETURN, "function g() {\n  return f(/* why */ x);\n}\n",
         "function g() {\n  return /* why */ x;\n}\n", back="function g() {\n  return /* why */ f(x);\n}\n"),
    Case("a comment behind what is left", RETURN, "function g() {\n  return f(x /* why */);\n}\n",
         "function g() {\n  return x /* why */;\n}\n", back="function g() {\n  return f(x) /* why */;\n}\n"),
    Case("a comment in code that is written anew", "-$x.old($y)\n+fresh($x, $y)", "a /* of a */ .old(/* b */ b);\n",
         "/* of a */ fresh(a, /* b */ b);\n", back="/* of a */ a.old(/* b */ b);\n"),
    Case("a comment in what a metavariable stands for", "-$x.old($y)\n+fresh($x, $y)", "a.old(b(/* in */));\n",
         "fresh(a, b(/* in */));\n"),
    Case("a comment in what a metavariable stands for, which goes", "-f($x, $y)\n+g.h($x)", "f(a, b(/* in */));\n",
         "g.h(a);\n", back=lost("y")),
    Case("a line comment in a statement that is written anew", WRAPPED, "// c\nif (a) {\n  // why\n  b();\n}\n",
         "// c\n// why\na && b();\n", back="// c\n// why\nif (a) { b(); }\n"),
    Case("two comments in a statement that is written anew", WRAPPED,
         "  if (a) {\n    // why\n    b(); /* and\n    how */\n  }\n",
         "  // why\n  /* and\n    how */\n  a && b();\n", back="  // why\n  /* and\n    how */\n  if (a) { b(); }\n"),
    Case("a comment in a statement that shares its line", WRAPPED, "x(); if (a) { /* why */ b(); }\n",
         "x(); /* why */ a && b();\n", back="x(); /* why */ if (a) { b(); }\n"),
    Case("a comment of two lines in a block that is taken off", "-if ($c) { f($x); }\n+f($x);",
         "  if (a) {\n    f(1); /* c\n  c */\n  }\n", "  f(1); /* c\n  c */\n", back=lost("c")),
    Case("what only looks like a comment", RETURN, "function g() {\n  return f('/* no */' + `// no` + /\\/*no/);\n}\n",
         "function g() {\n  return '/* no */' + `// no` + /\\/*no/;\n}\n"),
]  # fmt: skip

DOCUMENTATION = [
    Case("a line before a documented function", LOCK, "/**\n * Doc.\n */\nfunction f() {}\n",
         "lock();\n/**\n * Doc.\n */\nfunction f() {}\n"),
    Case("a line before a function documented on its line", LOCK, "x();\n\n/** Doc. */ function f() {}\n",
         "x();\n\nlock();\n/** Doc. */ function f() {}\n"),
    Case("a line before a function, behind what is about the file", LOCK, "/** @license MIT */\nfunction f() {}\n",
         "/** @license MIT */\nlock();\nfunction f() {}\n"),
    Case("a line before a function, behind a comment of its own", LOCK, "/** Doc. */\n\nfunction f() {}\n",
         "/** Doc. */\n\nlock();\nfunction f() {}\n"),
    Case("a line behind what is said of the line before", "+lock();\n f($...a);", "a /** of a */\nf()\n",
         "a /** of a */\nlock()\nf()\n"),
    Case("a line before a documented function in a function",
         " function g() {\n+  lock();\n   function $f($...p) { ... }\n }",
         "function g() {\n  /** Doc. */\n  function f() {}\n}\n",
         "function g() {\n  lock();\n  /** Doc. */\n  function f() {}\n}\n"),
    Case("a member before a documented one", " class A {\n   ...\n+  debug() {}\n   c() { ... }\n   ...\n }",
         "class A {\n  a() {}\n\n  /** c */\n  c() {}\n}\n",
         "class A {\n  a() {}\n\n  debug() {}\n  /** c */\n  c() {}\n}\n"),
    Case("a documented function that goes", "-function debug($...p) { ... }\n function $f($...p) { ... }",
         "a();\n\n/**\n * Doc.\n */\nfunction debug() {\n}\n\n/** Of f. */\nfunction f() {}\n",
         "a();\n\n\n/** Of f. */\nfunction f() {}\n", back=NO_GAPS),
    Case("a documented method that goes", " class A {\n   ...\n-  debug() {}\n   ...\n }",
         "class A {\n  a() {}\n\n  /**\n   * Doc.\n   */\n  debug() {}\n  /** c */\n  c() {}\n}\n",
         "class A {\n  a() {}\n\n  /** c */\n  c() {}\n}\n",
         back=BETWEEN_GAPS),
    Case("a documented property that goes", " x = {\n   a: 1,\n-  debug: on,\n   ...\n }",
         "x = {\n  a: 1,\n\n  /**\n   * Doc.\n   */\n  debug: on,\n  /** c */\n  c: 2\n}\n",
         "x = {\n  a: 1,\n\n  /** c */\n  c: 2\n}\n",
         back="x = {\n  a: 1,\n  debug: on,\n\n  /** c */\n  c: 2\n}\n"),
    Case("an assigned function that goes", "-exports.$f = go;\n keep();", "/** Doc. */\nexports.f = go;\nkeep();\n",
         "keep();\n", back=lost("f")),
]  # fmt: skip

ITEMS = [
    Case("an argument before a cast", FIRST, "send(/** @type {X} */ (x));\n", "send(done, /** @type {X} */ (x));\n"),
    Case("an argument before a cast on a line of its own", FIRST, "send(\n  /** @type {X} */ (x)\n);\n",
         "send(\n  done,\n  /** @type {X} */ (x)\n);\n"),
    Case("an argument before a comment on a line of its own", FIRST, "send(\n  // of x\n  x\n);\n",
         "send(\n  done,\n  // of x\n  x\n);\n"),
    Case("an argument behind a comment of the whole call", FIRST, "send( // of all\n  x);\n",
         "send( // of all\n  done,\n  x);\n"),
    Case("an argument between two with comments", "-send($x, $y)\n+send($x, done, $y)", "send(/* a */ a, /* b */ b);\n",
         "send(/* a */ a, done, /* b */ b);\n"),
    Case("a first property before a comment",
         " x = {\n+  debug: 1,\n   ...\n }", "x = {\n  /** a */\n  a: 1,\n  c: 2\n}\n",
         "x = {\n  debug: 1,\n  /** a */\n  a: 1,\n  c: 2\n}\n"),
    Case("a name between two with comments", "-import { a, b } from 'x';\n+import { a, c, b } from 'x';",
         "import {\n  a, // of a\n  b // of b\n} from 'x';\n",
         "import {\n  a, // of a\n  c,\n  b // of b\n} from 'x';\n", module=True),
    Case("a name with a comment that goes", "-import { a, b } from 'x';\n+import { b } from 'x';",
         "import { a, /* of b */ b } from 'x';\n", "import { /* of b */ b } from 'x';\n", module=True,
         back="import { a, /* of b */ b } from 'x';\n"),
    Case("a name behind one with a comment", "-export { a } from 'x';\n+export { a, b } from 'x';",
         "export {\n  a // of a\n} from 'x';\n", "export {\n  a, // of a\n  b\n} from 'x';\n", module=True),
    Case("an import with a comment that is written anew", "-import a from 'x';\n+import { a } from 'x';",
         "import /* a */ a from 'x';\n", "/* a */ import { a } from 'x';\n", module=True,
         back="/* a */ import a from 'x';\n"),
]  # fmt: skip

COMMENTS = [*INSIDE, *DOCUMENTATION, *ITEMS]
