"""Files with habits of their own: line endings, indentation, semicolons, comments, bytes that are no text."""

from __future__ import annotations

from engine.case import Case

AFTER = " open($x);\n+close($x);"
GONE = " open($x);\n-noise();"
INSIDE = " function run($x) {\n   ...\n   open($x);\n+  if ($x) {\n+    close($x);\n+  }\n   ...\n }"

HABITS = [
    Case(
        "tabs",
        INSIDE,
        "function run(f) {\n\topen(f);\n}\n",
        "function run(f) {\n\topen(f);\n\tif (f) {\n\t\tclose(f);\n\t}\n}\n",
    ),
    Case(
        "four columns",
        INSIDE,
        "function run(f) {\n    open(f);\n}\n",
        "function run(f) {\n    open(f);\n    if (f) {\n        close(f);\n    }\n}\n",
    ),
    Case("tabs and spaces mixed", AFTER, "{\n \t open(f);\n}\n", "{\n \t open(f);\n \t close(f);\n}\n"),
    Case(
        "CRLF",
        INSIDE,
        "function run(f) {\r\n  open(f);\r\n}\r\n",
        "function run(f) {\r\n  open(f);\r\n  if (f) {\r\n    close(f);\r\n  }\r\n}\r\n",
    ),
    Case("mixed endings, CRLF here", AFTER, "a();\nopen(f);\r\nb();\n", "a();\nopen(f);\r\nclose(f);\r\nb();\n"),
    Case("mixed endings, LF here", AFTER, "a();\r\nopen(f);\nb();\r\n", "a();\r\nopen(f);\nclose(f);\nb();\r\n"),
    Case("CR only", AFTER, "a();\ropen(f);\rb();\r", "a();\ropen(f);\rclose(f);\rb();\r"),
    Case("CR only, removed", GONE, "a();\ropen(f);\rnoise();\rb();\r", "a();\ropen(f);\rb();\r"),
    Case("line separators", AFTER, "open(f);\u2028b();\u2028", "open(f);\u2028close(f);\u2028b();\u2028"),
    Case("a line separator in a string", AFTER, "open('\u2028');\nb();\n", "open('\u2028');\nclose('\u2028');\nb();\n"),
    Case("no final newline", AFTER, "a();\nopen(f);", "a();\nopen(f);\nclose(f);"),
    Case("no newline at all", AFTER, "open(f);", "open(f);\nclose(f);"),
    Case("no final newline, CRLF", AFTER, "a();\r\nopen(f);", "a();\r\nopen(f);\r\nclose(f);"),
    Case("no final newline, the last line removed", GONE, "open(f);\nnoise();", "open(f);"),
    Case("a comment at the end without newline", AFTER, "open(f); // f", "open(f); // f\nclose(f);"),
    # Semicolons
    Case("no semicolons", AFTER, "a()\nopen(f)\nb()\n", "a()\nopen(f)\nclose(f)\nb()\n"),
    Case("no semicolons, a bracket follows", AFTER, "open(f)\n;[1].map(g)\n", "open(f)\nclose(f)\n;[1].map(g)\n"),
    Case(
        "no semicolons, a guarded bracket follows",
        AFTER,
        "open(f)\n;(function () {})()\n",
        "open(f)\nclose(f)\n;(function () {})()\n",
    ),
    Case(
        "no semicolons, the new line starts with a bracket",
        " open($x);\n+[$x].map(close);",
        "open(f)\nb()\n",
        "open(f)\n;[f].map(close)\nb()\n",
    ),
    Case(
        "no semicolons, before a bracket, after semicolon'd",
        AFTER,
        "open(f);\n[1].map(g)\n",
        "open(f);\nclose(f);\n[1].map(g)\n",
    ),
    Case(
        "no semicolons, a new statement before", "+lock($x);\n open($x);", "a()\nopen(f)\n", "a()\nlock(f)\nopen(f)\n"
    ),
    Case(
        "no semicolons, a replaced statement",
        "-old($x);\n+fresh($x, 1);",
        "a()\nold(f)\nb()\n",
        "a()\nfresh(f, 1)\nb()\n",
    ),
    Case("no semicolons, a removed statement", GONE, "open(f)\nnoise()\nrest()\n", "open(f)\nrest()\n"),
    Case("semicolons by habit, missing here", AFTER, "a();\nopen(f)\nb();\n", "a();\nopen(f)\nclose(f)\nb();\n"),
    # One line
    Case("minified", AFTER, "!function(){a();open(f);b()}();", "!function(){a();open(f);close(f);b()}();"),
    Case("minified, at the end", AFTER, "!function(){a();open(f)}();", "!function(){a();open(f);close(f)}();"),
    Case("two statements on a line", AFTER, "open(f); b();\nc();\n", "open(f); close(f); b();\nc();\n"),
    Case(
        "a block that is a line",
        INSIDE,
        "function run(f) { open(f); }\n",
        "function run(f) { open(f); if (f) { close(f); } }\n",
    ),
    # Comments
    Case("a line comment", AFTER, "open(f); // opened\nb();\n", "open(f); // opened\nclose(f);\nb();\n"),
    Case("a block comment", AFTER, "open(f); /* opened */\nb();\n", "open(f); /* opened */\nclose(f);\nb();\n"),
    Case(
        "a comment of two lines",
        AFTER,
        "open(f); /* opened\n  here */\nb();\n",
        "open(f); /* opened\n  here */\nclose(f);\nb();\n",
    ),
    Case("a block comment, then code", AFTER, "open(f); /* now */ b();\n", "open(f); /* now */ close(f); b();\n"),
    Case("a comment before the semicolon", AFTER, "open(f) /* it */;\nb();\n", "open(f) /* it */;\nclose(f);\nb();\n"),
    Case("no semicolon, a line comment", AFTER, "open(f) // opened\nb()\n", "open(f) // opened\nclose(f)\nb()\n"),
    Case(
        "a comment with code in it",
        AFTER,
        "// open(x);\nopen(f);\n/* open(y); */\n",
        "// open(x);\nopen(f);\nclose(f);\n/* open(y); */\n",
    ),
    Case("a comment above the next", AFTER, "open(f);\n// about b\nb();\n", "open(f);\nclose(f);\n// about b\nb();\n"),
    Case(
        "an HTML comment",
        AFTER,
        "<!-- old browsers\nopen(f);\n--> gone\n",
        "<!-- old browsers\nopen(f);\nclose(f);\n--> gone\n",
    ),
    # Bytes
    Case("a BOM", AFTER, "\ufeffopen(f);\n", "\ufeffopen(f);\nclose(f);\n"),
    Case("a BOM, before", "+lock($x);\n open($x);", "\ufeffopen(f);\n", "\ufefflock(f);\nopen(f);\n"),
    Case(
        "bytes that are not UTF-8",
        AFTER,
        "// caf\udce9\nopen(f); // \udcff\udcfe\n",
        "// caf\udce9\nopen(f); // \udcff\udcfe\nclose(f);\n",
    ),
    Case("a string that is not UTF-8", AFTER, "open('\udce9');\n", "open('\udce9');\nclose('\udce9');\n"),
    Case(
        "characters of four bytes",
        AFTER,
        "/* \U0001f600 */ open('\U0001f600'); b();\n",
        "/* \U0001f600 */ open('\U0001f600'); close('\U0001f600'); b();\n",
    ),
    Case(
        "a hashbang",
        "+lock($x);\n open($x);",
        "#!/usr/bin/env node\nopen(f);\n",
        "#!/usr/bin/env node\nlock(f);\nopen(f);\n",
    ),
    Case(
        "a hashbang and a directive",
        " ...\n+lock();\n open($x);",
        "#!/usr/bin/env node\n'use strict';\nopen(f);\n",
        "#!/usr/bin/env node\n'use strict';\nlock();\nopen(f);\n",
    ),
    Case(
        "a directive before",
        "+lock($x);\n open($x);",
        "'use strict';\nopen(f);\n",
        "'use strict';\nlock(f);\nopen(f);\n",
    ),
    Case("a form feed", AFTER, "\fopen(f);\n\fb();\n", "\fopen(f);\n\fclose(f);\n\fb();\n"),
    # Quotes
    Case("single quotes by habit", ' open($x);\n+log("closed");', "open('f');\n", "open('f');\nlog('closed');\n"),
    Case("double quotes by habit", " open($x);\n+log('closed');", 'open("f");\n', 'open("f");\nlog("closed");\n'),
    Case("a quote in the string", ' open($x);\n+log("can\'t");', "open('f');\n", "open('f');\nlog(\"can't\");\n"),
    Case(
        "a template literal keeps its lines",
        " open($x);\n+log(`a\n+  b`);",
        "{\n\topen(f);\n}\n",
        "{\n\topen(f);\n\tlog(`a\n  b`);\n}\n",
    ),
    Case(
        "a module",
        " import $a from 'a';\n+import b from 'b';",
        "import a from 'a';\nexport default a;\n",
        "import a from 'a';\nimport b from 'b';\nexport default a;\n",
        module=True,
    ),
    Case("return at the top", AFTER, "open(f);\nif (x) return;\n", "open(f);\nclose(f);\nif (x) return;\n"),
    # No semicolons, and new code that would go on from the line above
    Case(
        "a bracket in front of an operand",
        "-load($x)\n+load($x) || none",
        "a\nload(f).b\n",
        "a\n;(load(f) || none).b\n",
        back="a\n;(load(f)).b\n",
    ),
    Case(
        "a function for a call",
        "-load($x)\n+(function () { return $x; })",
        "a()\nload(f)\n",
        "a()\n;(function () { return f; })\n",
        back="a()\n;(load(f))\n",
    ),
    Case(
        "a list for a call",
        "-load($x);\n+[$x].map(load);",
        "a()\nload(f)\n",
        "a()\n;[f].map(load)\n",
        back="a()\n;load(f)\n",
    ),
    Case("a list before", "+[$x].map(lock);\n open($x);", "a()\nopen(f)\n", "a()\n;[f].map(lock)\nopen(f)\n"),
    Case(
        "a list behind a directive",
        "+[$x].map(lock);\n open($x);",
        "'use strict'\nopen(f)\n",
        "'use strict'\n;[f].map(lock)\nopen(f)\n",
    ),
    Case(
        "a list behind a block",
        "+[$x].map(lock);\n open($x);",
        "if (a) {}\nopen(f)\n",
        "if (a) {}\n[f].map(lock)\nopen(f)\n",
    ),
    Case("a list behind a semicolon", "-load($x);\n+[$x].map(load);", "a();\nload(f)\n", "a();\n[f].map(load)\n"),
    Case("a list behind a guard", "-load($x);\n+[$x].map(load);", "a()\n;load(f)\n", "a()\n;[f].map(load)\n"),
    Case("a list under an if", "-load($x)\n+[$x].map(load)", "if (a)\n  load(f)\n", "if (a)\n  [f].map(load)\n"),
    # Statements that end in one without braces
    Case(
        "behind an unbraced if",
        " if ($c) $b();\n+z();",
        "if (a) b()\n// about c\nc()\n",
        "if (a) b()\nz()\n// about c\nc()\n",
    ),
    Case(
        "behind an unbraced if, a bracket",
        " if ($c) $b();\n+[1].map(z);",
        "if (a) b() // x\n\nc()",
        "if (a) b() // x\n;[1].map(z)\n\nc()",
    ),
    Case(
        "behind an unbraced if on the line",
        " if ($c) $b();\n+z();",
        "function f() { if (a) b() }\n",
        "function f() { if (a) b(); z() }\n",
    ),
    Case(
        "behind an unbraced else on the line",
        " function f() {\n   ...\n+  z();\n }",
        "function f() { if (a) b(); else c() }\n",
        "function f() { if (a) b(); else c(); z(); }\n",
        back="function f() { if (a) b(); else c(); }\n",
    ),
    Case(
        "behind a label on the line",
        " function f() {\n   ...\n+  z();\n }",
        "function f() {a: b()}\n",
        "function f() {a: b();z();}\n",
        back="function f() {a: b();}\n",
    ),
    # Wrapped statements
    Case(
        "a wrapped statement, indented",
        "-old();\n+if (a) {\n+  old();\n+}",
        "{\r\n\told();\r\n}\r\n",
        "{\r\n\tif (a) {\r\n\t\told();\r\n\t}\r\n}\r\n",
    ),
    Case("an unwrapped statement", "-if (a) {\n-  old();\n-}\n+old();", "\tif (a) {\n\t\told()\n\t}\n", "\told()\n"),
    Case(
        "a wrap with a template",
        "-old();\n+if (a) {\n+  old();\n+} else {\n+  b(`x\n+  y`);\n+}",
        "\told()\n",
        "\tif (a) {\n\t\told()\n\t} else {\n\t\tb(`x\n  y`);\n\t}\n",
    ),
    # The user's own code in added lines
    Case(
        "bound code over several lines keeps its lines",
        " $server.on('close', $callback);\n+$server.on('error', $callback);",
        "\ts.on('close', function () {\r\n\t\tx(`a\r\n  b`);\r\n\t});\r\n",
        "\ts.on('close', function () {\r\n\t\tx(`a\r\n  b`);\r\n\t});\r\n"
        "\ts.on('error', function () {\r\n\t\tx(`a\r\n  b`);\r\n\t});\r\n",
    ),
    Case(
        "a bound template keeps its lines",
        "-f($v);\n+if (ok) {\n+  f2($v);\n+}",
        "\tf(`x\n  y`);\n",
        "\tif (ok) {\n\t\tf2(`x\n  y`);\n\t}\n",
    ),
    Case(
        "a removed line between added ones leaves none",
        " a();\n+if (x) {\n+  f(1);\n-b();\n+}\n c();",
        "a();\nb();\nc();\n",
        "a();\nif (x) {\n  f(1);\n}\nc();\n",
    ),
    Case(
        "a patch indented by four",
        " a();\n+if (x) {\n+    f(1);\n+}",
        "\ta();\n",
        "\ta();\n\tif (x) {\n\t\tf(1);\n\t}\n",
    ),
    Case(
        "the line that is most alike is the one that changes",
        "-handle($r, $h, $cb);\n+var copy = dup($h);\n+$h.copy(copy);\n+handled($r, copy, $cb);",
        "x();\nhandle(req, head, function () {\n    y();\n});\n",
        "x();\nvar copy = dup(head);\nhead.copy(copy);\nhandled(req, copy, function () {\n    y();\n});\n",
    ),
]
