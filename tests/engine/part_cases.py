"""Patches of parts of code: what is no program by itself, and what a pattern leaves unsaid."""

from __future__ import annotations

from engine.case import Case, lost
from engine.left_alone_cases import Alone
from sio_patch.engine.outcome import Absent
from sio_patch.verdict import Reason

SWITCH = "switch (a) {\n  case 1:\n    open(f);\n    break;\n  case 2:\n    go();\n}\n"

PARTS = [
    Case(
        "a yield wrapped",
        "-yield $x;\n+yield safe($x);",
        "function* f() {\n  yield 1;\n}\n",
        "function* f() {\n  yield safe(1);\n}\n",
    ),
    Case(
        "a return for a break",
        "-break;\n+return;",
        "function f() {\n  for (;;) {\n    break;\n  }\n}\n",
        "function f() {\n  for (;;) {\n    return;\n  }\n}\n",
    ),
    Case(
        "a break to a label",
        "-break $l;\n+continue $l;",
        "a: for (;;) {\n  for (;;) break a;\n}\n",
        "a: for (;;) {\n  for (;;) continue a;\n}\n",
    ),
    Case(
        "a line in a case",
        " case $x:\n   open($f);\n+  close($f, $x);\n   ...",
        SWITCH,
        SWITCH.replace("open(f);\n", "open(f);\n    close(f, 1);\n"),
    ),
    Case(
        "a line in a case of a switch",
        " switch ($x) {\n   ...\n   case 1:\n     open($f);\n+    close($f);\n     ...\n   ...\n }",
        SWITCH,
        SWITCH.replace("open(f);\n", "open(f);\n    close(f);\n"),
    ),
    Case("the end of a case", " case 2:\n   ...\n+  end();", SWITCH, SWITCH.replace("go();\n", "go();\n    end();\n")),
    Case("another value of a case", "-case 1:\n+case 7:\n   ...", SWITCH, SWITCH.replace("case 1", "case 7")),
    Case(
        "a line after super",
        " super($...a);\n+this.x = 1;",
        "class A extends B {\n  constructor(b) {\n    super(b);\n  }\n}\n",
        "class A extends B {\n  constructor(b) {\n    super(b);\n    this.x = 1;\n  }\n}\n",
    ),
    Case(
        "a method of super",
        "-super.go($...a)\n+super.run($...a)",
        "o = {\n  m() {\n    return super.go(1);\n  }\n};\n",
        "o = {\n  m() {\n    return super.run(1);\n  }\n};\n",
    ),
    Case(
        "no new.target",
        "-new.target\n+this.constructor",
        "function F() {\n  return new.target;\n}\n",
        "function F() {\n  return this.constructor;\n}\n",
    ),
    Case(
        "a private member for another",
        "-this.#a\n+this.#b",
        "class A { #a; #b; m() { return this.#a; } }\n",
        "class A { #a; #b; m() { return this.#b; } }\n",
    ),
    Case(
        "a private member renamed",
        " class $C {\n   ...\n-  #a = $v;\n+  #b = $v;\n   ...\n   m() {\n-    return this.#a;\n"
        "+    return this.#b;\n   }\n }",
        "class A {\n  #a = 1;\n  m() {\n    return this.#a;\n  }\n}\n",
        "class A {\n  #b = 1;\n  m() {\n    return this.#b;\n  }\n}\n",
    ),
    Case(
        "a private field more",
        " #a = $v;\n+#b = $v;",
        "class A {\n  #a = 1;\n}\n",
        "class A {\n  #a = 1;\n  #b = 1;\n}\n",
    ),
    Case(
        "a function to an arrow",
        "-function ($...p) { return $x; }\n+($...p) => $x",
        "go(function (a) { return a; });\n",
        "go((a) => a);\n",
    ),
    Case(
        "a function with a directive wrapped",
        "-function ($...p) { ... }\n+safe(function ($...p) { ... })",
        "go(function () {\n  'use strict';\n  a();\n});\n",
        "go(safe(function () {\n  'use strict';\n  a();\n}));\n",
    ),
    Case(
        "a class wrapped",
        "-class extends $b { ... }\n+class extends mixed($b) { ... }",
        "go(class extends B { m() {} });\n",
        "go(class extends mixed(B) { m() {} });\n",
    ),
    Case(
        "a line in a getter",
        " get a() {\n+  go();\n   ...\n }",
        "class A {\n  get a() {\n    return 1;\n  }\n}\n",
        "class A {\n  get a() {\n    go();\n    return 1;\n  }\n}\n",
    ),
    Case(
        "a line in a getter of an object",
        " get a() {\n+  go();\n   ...\n }",
        "o = {\n  get a() {\n    return 1;\n  }\n};\n",
        "o = {\n  get a() {\n    go();\n    return 1;\n  }\n};\n",
    ),
    Case(
        "a setter beside a getter",
        " get a() { ... }\n+set a(v) {}",
        "class A {\n  get a() {\n    return 1;\n  }\n}\n",
        "class A {\n  get a() {\n    return 1;\n  }\n  set a(v) {}\n}\n",
    ),
    Case(
        "a setter beside a getter of an object",
        " get a() { ... }\n+set a(v) {}",
        "o = {\n  get a() {\n    return 1;\n  }\n};\n",
        "o = {\n  get a() {\n    return 1;\n  },\n  set a(v) {}\n};\n",
    ),
    Case(
        "a method renamed",
        "-a($...p) { $...s; }\n+b($...p) { $...s; }",
        "class A {\n  a(x) {\n    go(x);\n  }\n}\n",
        "class A {\n  b(x) {\n    go(x);\n  }\n}\n",
    ),
    Case("a property wrapped", "-a: $v\n+a: safe($v)", "go({ a: 1, b });\n", "go({ a: safe(1), b });\n"),
    Case(
        "a property in short wrapped",
        "-a: $v\n+a: safe($v)",
        "go({ a, b });\n",
        "go({ a: safe(a), b });\n",
        back="go({ a: a, b });\n",
    ),
    Case("a property renamed", "-a: $v\n+z: $v", "go({ a: 1, b });\n", "go({ z: 1, b });\n"),
    Case("a property more", " a: $v,\n+z: $v,", "go({\n  a: 1,\n  b\n});\n", "go({\n  a: 1,\n  z: 1,\n  b\n});\n"),
    Case("a property less", " a: $v,\n-z: $w,", "go({ a: 1, z: 2, b });\n", "go({ a: 1, b });\n", back=lost("w")),
    Case(
        "a property that is not there yet",
        " go({\n   ... when != safe: $_,\n   a: $v,\n+  safe: true,\n   ... when != safe: $_\n });",
        "go({ a: 1, b });\n",
        "go({ a: 1, safe: true, b });\n",
    ),
    Case(
        "a line in a catch",
        " catch ($e) {\n+  log($e);\n   ...\n }",
        "try {\n  go();\n} catch (e) {\n  stop();\n}\n",
        "try {\n  go();\n} catch (e) {\n  log(e);\n  stop();\n}\n",
    ),
    Case("what is spread wrapped", "-...$x\n+...safe($x)", "go(...a);\n", "go(...safe(a));\n"),
    Case("an object to a call", "-{ a: $v, b: $w }\n+pair($v, $w)", "go({ a: 1, b: 2 });\n", "go(pair(1, 2));\n"),
]

PARTS_ALONE = [
    Alone(
        "a private member that is nowhere",
        "-this.#a\n+this.#b",
        "class A { #a; m() { return this.#a; } }\n",
        Reason.UNSAFE_PLACE,
        "no class has a #b",
        "Private name '#b' is not declared",
    ),
    Alone(
        "a private member made public",
        "-this.#a\n+this.a",
        "class A { #a; m() { return this.#a; } }\n",
        Reason.UNSAFE_PLACE,
        "the field stays private",
        "takes no other kind of name",
    ),
    Alone(
        "a private field renamed, and its use not",
        "-#a = $v;\n+#b = $v;",
        "class A {\n  #a = 1;\n  m() { this.#a; }\n}\n",
        Reason.UNSAFE_PLACE,
        "the use is left over",
        "Private name '#a' is not declared",
    ),
    Alone(
        "a case of nothing",
        " case 1:\n   ...\n+  go();",
        "switch (a) {\n  case 1:\n  case 2:\n}\n",
        Reason.UNSAFE_PLACE,
        "what falls through goes on to the next",
        "there is no block here to put the code in",
    ),
    Alone(
        "a property further on",
        " a: $v,\n-z: $w,",
        "go({ a: 1, b, z: 2 });\n",
        Reason.UNSAFE_PLACE,
        "it still stands, where the patch does not look",
        "the patch removes `z: $w`",
    ),
    Alone(
        "a property that may be there",
        " go({\n   ... when != safe: $_,\n   a: $v,\n+  safe: true,\n   ... when != safe: $_\n });",
        "go({ a: 1, ...b });\n",
        Absent,
        "b may have it",
        "line 2 of the patch rules out what follows there: at line 1, column 12, stands `...b });`",
    ),
    Alone(
        "a break for a return",
        "-return;\n+break;",
        "function f() {\n  go();\n  return;\n}\n",
        Reason.UNSAFE_PLACE,
        "there is nothing to leave",
        "Illegal break statement",
    ),
    Alone(
        "super for this",
        "-this.go($...a)\n+super.go($...a)",
        "function f() {\n  this.go();\n}\n",
        Reason.UNSAFE_PLACE,
        "a function has no super",
        "could not be read",
    ),
    Alone(
        "await in a function",
        "-go($x)\n+await go($x)",
        "function f() {\n  return go(1);\n}\n",
        Reason.UNSAFE_PLACE,
        "the function is not async",
        "the patch cannot be made safely",
    ),
]
