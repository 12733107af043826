"""Added declarations, in the file's own `var`, `let` or `const`, where a patch counts them as one."""

from __future__ import annotations

from engine.case import Case

OWN = {"equivalent": ["declaration-kinds"]}
CONST = " open($x);\n+const y = $x;\n+use(y);"
VAR = " open($x);\n+var y = $x;\n+use(y);"
LATER = " open($x);\n+const y = $x;\n+use(() => y);"
LOOP = " open($x);\n+for (let i = 0; i < 2; i++) close($x);"

KINDS = [
    Case("const in a file of vars", CONST, "var a = 1;\nopen(a);\n", "var a = 1;\nopen(a);\nvar y = a;\nuse(y);\n",
         OWN),
    Case("const in a file of vars, not asked for", CONST, "var a = 1;\nopen(a);\n",
         "var a = 1;\nopen(a);\nconst y = a;\nuse(y);\n"),
    Case("const in a file of consts", CONST, "const a = 1;\nopen(a);\n",
         "const a = 1;\nopen(a);\nconst y = a;\nuse(y);\n", OWN),
    Case("const in a file of both", CONST, "var a = 1;\nlet b;\nopen(a);\n",
         "var a = 1;\nlet b;\nopen(a);\nconst y = a;\nuse(y);\n", OWN),
    Case("const in a file without declarations", CONST, "open(a);\n", "open(a);\nconst y = a;\nuse(y);\n", OWN),
    Case("const beside a var in a file of both", " var $a = open($x);\n+const y = $x;",
         "let b;\nvar a = open(1);\n", "let b;\nvar a = open(1);\nvar y = 1;\n", OWN),
    Case("const in a loop", CONST, "var a;\nfor (;;) {\n  open(a);\n}\n",
         "var a;\nfor (;;) {\n  open(a);\n  var y = a;\n  use(y);\n}\n", OWN),
    Case("const in a loop, kept for later", LATER, "var a;\nfor (;;) {\n  open(a);\n}\n",
         "var a;\nfor (;;) {\n  open(a);\n  const y = a;\n  use(() => y);\n}\n", OWN),
    Case("const in a function in a loop, kept for later",
         LATER, "var a;\nfor (;;) {\n  f(function () {\n    open(a);\n  });\n}\n",
         "var a;\nfor (;;) {\n  f(function () {\n    open(a);\n    var y = a;\n    use(() => y);\n  });\n}\n", OWN),
    Case("let without a value in a loop", " open($x);\n+let y;\n+y = go(y);", "var a;\nfor (;;) {\n  open(a);\n}\n",
         "var a;\nfor (;;) {\n  open(a);\n  let y;\n  y = go(y);\n}\n", OWN),
    Case("let twice", " open($x);\n+{ let y = 1; use(y); }\n+{ let y = 2; use(() => y); }", "var a;\nopen(a);\n",
         "var a;\nopen(a);\n{ let y = 1; use(y); }\n{ let y = 2; use(() => y); }\n", OWN),
    Case("let in the head of a loop", LOOP, "var a = 1;\nopen(a);\n",
         "var a = 1;\nopen(a);\nfor (var i = 0; i < 2; i++) close(a);\n", OWN),
    Case("let in the head of a loop, kept for later", " open($x);\n+for (let i = 0; i < 2; i++) later(() => i);",
         "var a = 1;\nopen(a);\n", "var a = 1;\nopen(a);\nfor (let i = 0; i < 2; i++) later(() => i);\n", OWN),
    Case("var in a file of consts", VAR, "const a = 1;\nopen(a);\n",
         "const a = 1;\nopen(a);\nconst y = a;\nuse(y);\n", OWN),
    Case("var in a file of vars", VAR, "var a = 1;\nopen(a);\n", "var a = 1;\nopen(a);\nvar y = a;\nuse(y);\n", OWN),
    Case("var that is assigned again", " open($x);\n+var y = $x;\n+y++;", "let a;\nopen(a);\n",
         "let a;\nopen(a);\nlet y = a;\ny++;\n", OWN),
    Case("var without a value", " open($x);\n+var y;\n+y = $x;", "let a;\nopen(a);\n",
         "let a;\nopen(a);\nlet y;\ny = a;\n", OWN),
    Case("var that is used outside its block", " open($x);\n+if (a) { var y = $x; }\n+use(y);", "let a;\nopen(a);\n",
         "let a;\nopen(a);\nif (a) { var y = a; }\nuse(y);\n", OWN),
    Case("var that is used before it", " open($x);\n+use(y);\n+var y = $x;", "let a;\nopen(a);\n",
         "let a;\nopen(a);\nuse(y);\nvar y = a;\n", OWN),
    Case("two vars in one", " open($x);\n+var y = $x, z = 1;\n+z++;", "let a;\nopen(a);\n",
         "let a;\nopen(a);\nlet y = a, z = 1;\nz++;\n", OWN),
    Case("var in the head of a loop", " open($x);\n+for (var k in $x) close(k);", "let a;\nopen(a);\n",
         "let a;\nopen(a);\nfor (let k in a) close(k);\n", OWN),
    Case("a declaration of the file's keeps its word", "-var $a = f($x);\n+var $a = g($x);", "let q = f(1);\n",
         "let q = g(1);\n", OWN),
    Case("two declarations for one", "-var $a = f($x);\n+var t = g($x);\n+var $a = t.h;", "const q = f(1);\n",
         "const t = g(1);\nconst q = t.h;\n", OWN),
    Case("a declaration beside an assignment", "-$a = f($x);\n+const t = g($x);\n+$a = t.h;", "var q;\nq = f(1);\n",
         "var q;\nvar t = g(1);\nq = t.h;\n", OWN),
    Case("a declaration that is exported", " open($x);\n+export const y = $x;", "export var a;\nopen(a);\n",
         "export var a;\nopen(a);\nexport var y = a;\n", OWN, module=True),
]  # fmt: skip
