"""Comma-separated lists with comments and lines of their own, moved items, and what they must not lose."""

from __future__ import annotations

from engine.case import Case, lost

BEHIND_A = " make({\n   a: $a,\n+  fresh: true,\n   ...\n })"
LAST = "-send($a, $b)\n+send($a, $b, done)"
MIDDLE = "-send($a, $b)\n+send($a, done, $b)"
FIRST = "-send($a, $b)\n+send(done, $a, $b)"

COMMENTS = [
    Case("a property behind a comment of its line", BEHIND_A, "make({\n  a: 1, // about a\n  b: 2\n});\n",
         "make({\n  a: 1, // about a\n  fresh: true,\n  b: 2\n});\n"),
    Case("a last property behind a comment", BEHIND_A, "make({\n  a: 1 // about a\n});\n",
         "make({\n  a: 1, // about a\n  fresh: true\n});\n"),
    Case("a property behind a comment and a trailing comma", BEHIND_A, "make({\n  a: 1, // about a\n});\n",
         "make({\n  a: 1, // about a\n  fresh: true,\n});\n"),
    Case("a property behind a comment, commas first", BEHIND_A, "make({\n    a: 1 // about a\n  , b: 2\n});\n",
         "make({\n    a: 1 // about a\n  , fresh: true\n  , b: 2\n});\n"),
    Case("a property behind two comments", BEHIND_A, "make({\n  a: 1 /* one */, // two\n  b: 2\n});\n",
         "make({\n  a: 1 /* one */, // two\n  fresh: true,\n  b: 2\n});\n"),
    Case("a property behind a comment of two lines", BEHIND_A, "make({\n  a: 1, /* about\n    a */\n  b: 2\n});\n",
         "make({\n  a: 1, /* about\n    a */\n  fresh: true,\n  b: 2\n});\n"),
    Case("a property behind a comment, CRLF and tabs", BEHIND_A, "make({\r\n\ta: 1, // about a\r\n\tb: 2\r\n});\r\n",
         "make({\r\n\ta: 1, // about a\r\n\tfresh: true,\r\n\tb: 2\r\n});\r\n"),
    Case("a property before another's comment", BEHIND_A, "make({\n  a: 1,\n  // about b\n  b: 2\n});\n",
         "make({\n  a: 1,\n  fresh: true,\n  // about b\n  b: 2\n});\n"),
    Case("a property on a shared line with a comment", BEHIND_A, "make({ a: 1, // about a\n  b: 2 });\n",
         "make({ a: 1, fresh: true, // about a\n  b: 2 });\n"),
    Case("a last argument behind a comment", LAST, "send(\n  a, // one\n  b // two\n);\n",
         "send(\n  a, // one\n  b, // two\n  done\n);\n"),
    Case("a last argument behind a comment and a comma", LAST, "send(\n  a, // one\n  b, // two\n);\n",
         "send(\n  a, // one\n  b, // two\n  done,\n);\n"),
    Case("a last argument behind a comment, commas first", LAST, "send(\n  a // one\n  , b // two\n);\n",
         "send(\n  a // one\n  , b // two\n  , done\n);\n"),
    Case("a middle argument behind a comment", MIDDLE, "send(\n  a, // one\n  b // two\n);\n",
         "send(\n  a, // one\n  done,\n  b // two\n);\n"),
    Case("a middle argument behind a comment, commas first", MIDDLE, "send(\n  a // one\n  , b // two\n);\n",
         "send(\n  a // one\n  , done\n  , b // two\n);\n"),
    Case("a first argument before a comment", FIRST, "send(\n  a, // one\n  b // two\n);\n",
         "send(\n  done,\n  a, // one\n  b // two\n);\n"),
    Case("arguments with comments on one line", MIDDLE, "send(a /* one */, b /* two */);\n",
         "send(a /* one */, done, b /* two */);\n"),
    Case("a last argument with comments on one line", LAST, "send(a /* one */, b /* two */);\n",
         "send(a /* one */, b /* two */, done);\n"),
    Case("a parameter behind a comment", "-function go($a, $b) { ... }\n+function go($a, $b, done) { ... }",
         "function go(a /* ) */, b /* , */) {}\n", "function go(a /* ) */, b /* , */, done) {}\n"),
]  # fmt: skip

MOVED = [
    Case("a lone argument for a run", "-send($...a)\n+give(done)", "send(1, 2);\n", "give(done);\n", back=lost("a")),
    Case("a lone argument for no argument", "-send($...a)\n+give(done)", "send();\n", "give(done);\n", back=lost("a")),
    Case("a run moved behind", "-send(cb, $...a)\n+give($...a, cb)", "send(cb, 1, 2);\n", "give(1, 2, cb);\n"),
    Case("no run moved behind", "-send(cb, $...a)\n+give($...a, cb)", "send(cb);\n", "give(cb);\n"),
    Case("a run moved to the front", "-send($...a, cb)\n+give(cb, $...a)", "send(1, 2, cb);\n", "give(cb, 1, 2);\n"),
    Case("no run moved to the front", "-send($...a, cb)\n+give(cb, $...a)", "send(cb);\n", "give(cb);\n"),
    Case("two arguments swapped", "-send($a, $b)\n+give($b, $a)", "send(1, 2);\n", "give(2, 1);\n"),
    Case("a parameter moved", "-function go($...p, cb) { ... }\n+function go(cb, $...p) { ... }",
         "function go(a, cb) {}\n", "function go(cb, a) {}\n"),
    Case("a run into a longer list", "-send(cb, $...a)\n+give(x, $...a, cb)", "send(cb);\n", "give(x, cb);\n"),
]  # fmt: skip

APART = [
    Case("two words that met", "-Number($x.y)\n+$x.y", "a = Number(b.y)in c;\n", "a = b.y in c;\n",
         back="a = Number(b.y) in c;\n"),
    Case("a word put behind a word", "-[$a].length\n+size($a)", "function go() { return[a].length; }\n",
         "function go() { return size(a); }\n", back="function go() { return [a].length; }\n"),
    Case("a regular expression behind a division", "-plain(/x/)\n+/x/", "a = b/plain(/x/);\ngo();\n",
         "a = b/ /x/;\ngo();\n", back="a = b/ plain(/x/);\ngo();\n"),
    Case("a word in front of a member", "-plain($a.b)\n+$a.b", "typeof plain(c.b);\n", "typeof c.b;\n"),
]  # fmt: skip

LISTS = [*COMMENTS, *MOVED, *APART]
