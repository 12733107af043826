"""Statements added, removed and replaced."""

from __future__ import annotations

from engine.case import IN_COMMAS, UNBRACED, Case, NoWayBack, lost

AFTER = " open($x);\n+close($x);"
BEFORE = "+lock($x);\n open($x);"
GONE = " open($x);\n-noise();"
GONE_FIRST = "-noise();\n open($x);"
SWAP = "-old($x);\n+fresh($x, 1);"
WRAP = "-load($x)\n+safe(load($x))"
UNWRAP = "-safe(load($x))\n+load($x)"

STATEMENTS = [
    Case("after a statement", AFTER, "open(f);\nrest();\n", "open(f);\nclose(f);\nrest();\n"),
    Case(
        "a loop over keys",
        " open($x);\n+for (var k in $x) close(k)",
        "open(f)\n",
        "open(f)\nfor (var k in f) close(k)\n",
    ),
    Case("before a statement", BEFORE, "first();\nopen(f);\n", "first();\nlock(f);\nopen(f);\n"),
    Case("before the first statement", BEFORE, "open(f);\n", "lock(f);\nopen(f);\n"),
    Case("a removed statement", GONE, "open(f);\nnoise();\nrest();\n", "open(f);\nrest();\n"),
    Case("a removed first statement", GONE_FIRST, "noise();\nopen(f);\n", "open(f);\n"),
    Case("a removed last statement", GONE, "open(f);\nnoise();\n", "open(f);\n"),
    Case(
        "a removed statement with blank lines round it",
        GONE,
        "open(f);\n\nnoise();\n\nrest();\n",
        "open(f);\n\n\nrest();\n",
        back="open(f);\nnoise();\n\n\nrest();\n",
    ),
    Case("a replaced statement", SWAP, "a();\nold(f);\nb();\n", "a();\nfresh(f, 1);\nb();\n"),
    Case(
        "two statements for one",
        "-old($x);\n+fresh($x);\n+again($x);",
        "  old(f);\n  b();\n",
        "  fresh(f);\n  again(f);\n  b();\n",
    ),
    Case(
        "one statement for two",
        "-old($x);\n-older($x);\n+fresh($x);",
        "{\n\told(f);\n\tolder(f);\n}\n",
        "{\n\tfresh(f);\n}\n",
    ),
    Case(
        "insertion in a function",
        " function $f($x) {\n   ...\n   open($x);\n+  close($x);\n   ...\n }",
        "function run(file) {\n    before();\n    open(file);\n    after();\n}\n",
        "function run(file) {\n    before();\n    open(file);\n    close(file);\n    after();\n}\n",
    ),
    Case(
        "insertion at the start of a body",
        " function run($x) {\n+  check($x);\n   ...\n }",
        "function run(file) {\n\tgo();\n}\n",
        "function run(file) {\n\tcheck(file);\n\tgo();\n}\n",
    ),
    Case(
        "insertion at the start of a body with a directive",
        " function run($x) {\n+  check($x);\n   ...\n }",
        "function run(file) {\n  'use strict';\n  go();\n}\n",
        "function run(file) {\n  'use strict';\n  check(file);\n  go();\n}\n",
    ),
    Case(
        "insertion at the end of a body",
        " function run($x) {\n   ...\n+  check($x);\n }",
        "function run(file) {\n  go();\n}\n",
        "function run(file) {\n  go();\n  check(file);\n}\n",
    ),
    Case(
        "insertion in an empty body",
        " function run($x) {\n+  check($x);\n }",
        "function run(file) {\n}\n",
        "function run(file) {\n  check(file);\n}\n",
    ),
    Case(
        "insertion in an empty body on one line",
        " function run($x) {\n+  check($x);\n }",
        "function run(file) {}\n",
        "function run(file) { check(file); }\n",
        back="function run(file) { }\n",
    ),
    Case(
        "insertion in a one-line block",
        AFTER,
        "if (ready) { open(f); }\n",
        "if (ready) { open(f); close(f); }\n",
    ),
    Case(
        "insertion in a one-line block without semicolons",
        AFTER,
        "if (ready) { open(f) }\n",
        "if (ready) { open(f); close(f) }\n",
    ),
    Case("insertion in a squeezed block", AFTER, "if(r){open(f);go()}\n", "if(r){open(f);close(f);go()}\n"),
    Case("insertion at the end of a squeezed block", AFTER, "if(r){open(f)}\n", "if(r){open(f);close(f)}\n"),
    Case(
        "insertion in a switch case",
        AFTER,
        "switch (k) {\n  case 1:\n    open(f);\n    break;\n}\n",
        "switch (k) {\n  case 1:\n    open(f);\n    close(f);\n    break;\n}\n",
    ),
    Case(
        "insertion in the last switch case",
        AFTER,
        "switch (k) {\n  case 1:\n    open(f);\n}\n",
        "switch (k) {\n  case 1:\n    open(f);\n    close(f);\n}\n",
    ),
    Case(
        "insertion of a nested block",
        " open($x);\n+if ($x) {\n+  close($x);\n+  if (deep) {\n+    more();\n+  }\n+}",
        "function f() {\n\topen(y);\n}\n",
        "function f() {\n\topen(y);\n\tif (y) {\n\t\tclose(y);\n\t\tif (deep) {\n\t\t\tmore();\n\t\t}\n\t}\n}\n",
    ),
    Case(
        "insertion of a comment with the code",
        " open($x);\n+// so that it ends\n+close($x);",
        "function f() {\n    open(y);\n}\n",
        "function f() {\n    open(y);\n    // so that it ends\n    close(y);\n}\n",
        back="function f() {\n    open(y);\n    // so that it ends\n}\n",  # a comment is no code to the engine
    ),
    Case(
        "a deletion in a one-line block",
        GONE,
        "if (ready) { open(f); noise(); rest(); }\n",
        "if (ready) { open(f); rest(); }\n",
    ),
    Case(
        "a deletion at the end of a one-line block",
        GONE,
        "if (ready) { open(f); noise(); }\n",
        "if (ready) { open(f); }\n",
    ),
    Case(
        "wrapping a statement",
        "-load($x);\n+if (ready) {\n+  load($x);\n+}",
        "load(f);\n",
        "if (ready) {\n  load(f);\n}\n",
    ),
    Case(
        "var to const",
        "-var $x = require($y);\n+const $x = require($y);",
        "var a = require('a');\n",
        "const a = require('a');\n",
    ),
    # Parts of comma lists
    Case(
        "a removed first part",
        " go();\n-var a = $x;",
        "go();\nvar a = 1, b = 2;\n",
        "go();\nvar b = 2;\n",
        back=lost("x"),
    ),
    Case(
        "the first of two alike",
        "-go();\n go();",
        "go(); // one\ngo(); // two\n",
        "// one\ngo(); // two\n",
        back=NoWayBack(
            "the code is there, but the patch cannot be made safely: the code would still call for the patch"
        ),
    ),
    Case(
        "a removed part of several lines",
        " var b = 2;\n-var a = $x;",
        "var b = 2,\n    a = 1,\n    c;\n",
        "var b = 2,\n    c;\n",
        back=lost("x"),
    ),
    Case(
        "all parts removed",
        " go();\n-var a = $x;\n-var b = $y;",
        "go();\nvar a = 1, b = 2;\nz();\n",
        "go();\nz();\n",
        back=lost("x"),
    ),
    Case("a removed part of a sequence", GONE, "open(f), noise(), rest();\n", "open(f), rest();\n", back=IN_COMMAS),
    Case("a part of a sequence at its end", AFTER, "rest(), open(f);\n", "rest(), open(f);\nclose(f);\n"),
    Case("a name in a part", "-var old = $x;\n+var fresh = $x;", "var a, old = f;\n", "var a, fresh = f;\n"),
    # What metavariables stand for, in new code
    Case(
        "a run in a new statement",
        " open($...a);\n+close($...a, 1);",
        "open(f, /* g */ g);\n",
        "open(f, /* g */ g);\nclose(f, /* g */ g, 1);\n",
    ),
    Case("an empty run before others", " open($...a);\n+close($...a, 1);", "open();\n", "open();\nclose(1);\n"),
    Case("an empty run after others", " open($...a);\n+close(1, $...a);", "open();\n", "open();\nclose(1);\n"),
    Case("an empty run alone", " open($...a);\n+close($...a);", "open();\n", "open();\nclose();\n"),
    Case(
        "a dollar of the file's own",
        " $$.open($x);\n+$$.close($x).$$on();",
        "$.open(f);\n",
        "$.open(f);\n$.close(f).$on();\n",
    ),
    # What would go on from the line before, or in the line after
    Case("brackets before a statement", "+(lock)($x);\n open($x);", "a()\nopen(f)\n", "a()\n;(lock)(f)\nopen(f)\n"),
    Case(
        "brackets before a statement behind a comment",
        "+(lock)($x);\n open($x);",
        "a()\n/* it */ open(f)\n",
        "a()\n/* it */ ;(lock)(f); open(f)\n",
        back="a()\n/* it */ ;open(f)\n",
    ),
    Case("an increment behind a statement", AFTER, "open(f)\n++n\n", "open(f)\nclose(f)\n++n\n"),
    Case("an increment put in", " open($x);\n+++n;", "open(f)\na()\n", "open(f)\n++n\na()\n"),
    Case("a removed line before an increment", GONE, "open(f)\nnoise()\n++n\n", "open(f)\n++n\n"),
    Case(
        "a call for a block before brackets",
        "-if ($c) { old(); }\n+fresh($c);",
        "a()\nif (b) { old() }\n(c)()\n",
        "a()\nfresh(b);\n(c)()\n",
        back="a()\nif (b) { old(); }\n(c)()\n",
    ),
    Case(
        "a call for a block on a shared line",
        "-if ($c) { old(); }\n+fresh($c);",
        "a()\nif(b){old()}c()\n",
        "a()\nfresh(b);c()\n",
        back="a()\nif (b) { old(); }c()\n",
    ),
    Case(
        "a call for a block at the end of one",
        "-if ($c) { old(); }\n+fresh($c);",
        "if (a) { b(); if (c) { old(); } }\n",
        "if (a) { b(); fresh(c); }\n",
    ),
    Case(
        "a call for a block before else",
        "-while ($c) { old(); }\n+fresh($c);",
        "if (a) while (b) { old() } else c()\n",
        "if (a) fresh(b); else c()\n",
        back=UNBRACED,
    ),
    Case("a member's name", " open($x.$name);\n+close($x.$name);", "open(f.g);\n", "open(f.g);\nclose(f.g);\n"),
    Case("a sequence in brackets", " open($x);\n+close($x);", "open((f, g));\n", "open((f, g));\nclose((f, g));\n"),
    Case(
        "two lines at the end of a file without a last line ending", " a();\n-b();\n-c();", "a();\nb();\nc();", "a();"
    ),
    Case(
        "three lines at the end of a file without a last line ending",
        " a();\n-b();\n-c();\n-d();",
        "a();\r\nb();\r\nc();\r\nd();",
        "a();",
        back="a();\nb();\nc();\nd();",
    ),
]
