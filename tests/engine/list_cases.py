"""Comma-separated lists with comments and lines of their own, moved items, and what they must not lose."""

from __future__ import annotations

from engine.case import BETWEEN_GAPS, Case, lost

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

RENAMED = "-import { $...a, old, $...b } from 'x';\n+import { $...a, fresh, $...b } from 'x';"
GONE = "-import { $...a, old, $...b } from 'x';\n+import { $...a, $...b } from 'x';"
NAMED = "-import { $...a } from 'x';\n+import { $...a, fresh } from 'x';"
SPLIT = "-import { old, $...a } from 'x';\n+import { $...a } from 'x';\n+import { old } from 'y';"
OPTION = "-f({ $...a, old: $v, $...b })\n+f({ $...a, fresh: $v, $...b })"
LIFTED = "-f({ $...a, old: $v, $...b })\n+g($v, { $...a, $...b })"
PATTERN = "-const { $...a, old, $...b } = $x;\n+const { $...a, $...b, fresh } = $x;"
MEMBER = "-class A { $...a; old() { $...b; } $...c; }\n+class A { $...a; fresh() { $...b; } $...c; }"
ARROW = "-f(($...p) => $x)\n+f(($...p, cb) => $x)"

RUNS = [
    Case("a name between two runs", RENAMED, "import { a, old, b } from 'x';\n", "import { a, fresh, b } from 'x';\n",
         module=True),
    Case("a name between two runs of nothing", RENAMED, "import { old } from 'x';\n", "import { fresh } from 'x';\n",
         module=True),
    Case("a name before others with a name for outside", RENAMED, "import { old, b as c } from 'x';\n",
         "import { fresh, b as c } from 'x';\n", module=True),
    Case("a name that goes from between two runs", GONE, "import { a, old, b } from 'x';\n",
         "import { a, b } from 'x';\n", module=True, back=BETWEEN_GAPS),
    Case("a last name that goes", GONE, "import {\n  a, // a\n  old\n} from 'x';\n",
         "import {\n  a // a\n} from 'x';\n",
         module=True, back=BETWEEN_GAPS),
    Case("the only name that goes", GONE, "import { old } from 'x';\n", "import {} from 'x';\n",
         module=True, back=BETWEEN_GAPS),
    Case("a name behind a run", NAMED, "import {\n  a,\n  b,\n} from 'x';\n",
         "import {\n  a,\n  b,\n  fresh,\n} from 'x';\n",
         module=True),
    Case("a name behind a run of nothing", NAMED, "import {} from 'x';\n", "import { fresh } from 'x';\n", module=True),
    Case("a name in the same list as a context line", " import {\n   $...a,\n+  fresh,\n   old\n } from 'x';",
         "import { a, old } from 'x';\n", "import { a, fresh, old } from 'x';\n", module=True),
    Case("a name from another module", SPLIT, "import { old, b } from 'x';\n",
         "import { b } from 'x';\nimport { old } from 'y';\n", module=True),
    Case("the only name from another module", SPLIT, "import { old } from 'x';\n",
         "import {} from 'x';\nimport { old } from 'y';\n", module=True),
    Case("a name for outside", "-export { $...a, old, $...b };\n+export { $...a, old as fresh, $...b };",
         "var a, old;\nexport { a, old };\n", "var a, old;\nexport { a, old as fresh };\n", module=True),
    Case("a property between two runs",
         OPTION, "f({\n  a: 1, // a\n  old: 2, // old\n  get b() { return 3; },\n  ...c\n});\n",
         "f({\n  a: 1, // a\n  fresh: 2, // old\n  get b() { return 3; },\n  ...c\n});\n"),
    Case("a property between runs, lifted out", LIFTED, "f({ a, old: 2, b: 3 });\n", "g(2, { a, b: 3 });\n",
         back=BETWEEN_GAPS),
    Case("the only property, lifted out", LIFTED, "f({ old: 2 });\n", "g(2, {});\n", back=BETWEEN_GAPS),
    Case("a name of a pattern that comes behind", PATTERN, "const {\n  a,\n  old,\n  b = 2\n} = x;\n",
         "const {\n  a,\n  b = 2,\n  fresh\n} = x;\n", back=BETWEEN_GAPS),
    Case("a member between two runs", MEMBER, "class A {\n  x = 1\n  old() { go(); }\n\n  static y() {}\n}\n",
         "class A {\n  x = 1\n  fresh() { go(); }\n\n  static y() {}\n}\n"),
    Case("a parameter behind a lone one", ARROW, "f(a => b);\n", "f((a, cb) => b);\n", back="f((a) => b);\n"),
    Case("a parameter before a lone one", "-f(($...p) => $x)\n+f((cb, $...p) => $x)", "f(a=>b);\n", "f((cb, a)=>b);\n",
         back="f((a)=>b);\n"),
    Case("a lone parameter that goes", "-f((old) => $x)\n+f(() => $x)", "f(old => b);\n", "f(() => b);\n",
         back="f((old) => b);\n"),
    Case("an item at each end of a run", "-f(old, $...r, older)\n+f(neu, $...r, newer)", "f(old, 1, 2, older);\n",
         "f(neu, 1, 2, newer);\n"),
    Case("an item at each end of a run of nothing", "-f(old, $...r, older)\n+f(neu, $...r, newer)", "f(old, older);\n",
         "f(neu, newer);\n"),
]  # fmt: skip

LISTS = [*COMMENTS, *MOVED, *APART, *RUNS]
