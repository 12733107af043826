"""Names: what one token spells twice, what a module calls a thing outside, and how a member's name is spelt."""

from __future__ import annotations

from engine.case import Case, lost

NAME = "-foo\n+bar"
ALL = {"matches": "all"}


def named(name: str, before: str, after: str, *, module: bool = False, back: str | None = None) -> Case:
    return Case(name, NAME, before, after, ALL, module=module, back=back)


VARIABLES = [
    named("a name that is imported", "import { foo } from 'x';\nfoo();\n", "import { foo as bar } from 'x';\nbar();\n",
          module=True, back="import { foo as foo } from 'x';\nfoo();\n"),
    named("a name that is imported as another", "import { a as foo } from 'x';\nfoo();\n",
          "import { a as bar } from 'x';\nbar();\n", module=True),
    named("a default that is imported", "import foo from 'x';\nfoo();\n", "import bar from 'x';\nbar();\n",
          module=True),
    named("a module's names", "import * as foo from 'x';\nfoo();\n", "import * as bar from 'x';\nbar();\n",
          module=True),
    named("a name that is exported", "var foo;\nexport { foo };\n", "var bar;\nexport { bar as foo };\n", module=True,
          back="var foo;\nexport { foo as foo };\n"),
    named("a name that is exported as another", "var foo;\nexport { foo as a };\n", "var bar;\nexport { bar as a };\n",
          module=True),
    named("a name that is exported beside one of another module", "export { foo } from 'x';\nvar foo;\nfoo();\n",
          "export { foo } from 'x';\nvar bar;\nbar();\n", module=True),
    named("a function that is the default export", "export default function foo() {}\nfoo();\n",
          "export default function bar() {}\nbar();\n", module=True),
    named("a name that is a label too", "foo: for (;;) { foo(); break foo; }\n",
          "foo: for (;;) { bar(); break foo; }\n"),
    named("a name that is a member's too", "foo.foo = { foo: foo };\n", "bar.foo = { foo: bar };\n"),
    named("a shorthand property", "f({ foo });\n", "f({ foo: bar });\n", back="f({ foo: foo });\n"),
    named("a shorthand target", "({ foo } = x);\n", "({ foo: bar } = x);\n", back="({ foo: foo } = x);\n"),
    named("a shorthand target with a default", "var { foo = 1 } = x;\nfoo();\n", "var { foo: bar = 1 } = x;\nbar();\n",
          back="var { foo: foo = 1 } = x;\nfoo();\n"),
]  # fmt: skip

MODULES = [
    Case("an import beside an import", "-import $x from 'x';\n+import $x, { y } from 'x';", "import x from 'x';\n",
         "import x, { y } from 'x';\n", module=True),
    Case("all names of a module for its default", "-import $x from 'x';\n+import * as $x from 'x';",
         "import x from 'x';\n", "import * as x from 'x';\n", module=True),
    Case("a name of a module for its default", "-import a from 'x';\n+import { a } from 'x';", "import a from 'x';\n",
         "import { a } from 'x';\n", module=True),
    Case("another name of a module", "-import { a } from 'x';\n+import { b } from 'x';", "import { a } from 'x';\n",
         "import { b } from 'x';\n", module=True),
    Case("another name of a module, outside", "-import { a } from 'x';\n+import { b as a } from 'x';",
         "import { a } from 'x';\n", "import { b as a } from 'x';\n", module=True),
    Case("another name of a module, inside", "-import { a } from 'x';\n+import { a as b } from 'x';",
         "import { a } from 'x';\n", "import { a as b } from 'x';\n", module=True),
    Case("one more name of a module", "-import { $x } from 'x';\n+import { $x, y } from 'x';",
         "import { x } from 'x';\n", "import { x, y } from 'x';\n", module=True),
    Case("one more name of a module with a default", "-import a, { b } from 'x';\n+import a, { b, c } from 'x';",
         "import a, { b } from 'x';\n", "import a, { b, c } from 'x';\n", module=True),
    Case("another name of a module with a default", "-import a, { b } from 'x';\n+import a, { c } from 'x';",
         "import a, { b } from 'x';\n", "import a, { c } from 'x';\n", module=True),
    Case("no more names beside a default", "-import a, { b } from 'x';\n+import a from 'x';",
         "import a, { b } from 'x';\n", "import a from 'x';\n", module=True),
    Case("a name for nothing but the module", "-import 'x';\n+import { a } from 'x';", "import 'x';\n",
         "import { a } from 'x';\n", module=True),
    Case("one more name that goes on", "-export { a } from 'x';\n+export { a, b } from 'x';",
         "export { a } from 'x';\n", "export { a, b } from 'x';\n", module=True),
    Case("another name that goes on", "-export { a } from 'x';\n+export { b as a } from 'x';",
         "export { a } from 'x';\n", "export { b as a } from 'x';\n", module=True),
    Case("a module by another name", "-'y'\n+'z'", "import x from 'y';\nexport * from 'y';\nf('y');\n",
         "import x from 'z';\nexport * from 'z';\nf('z');\n", ALL, module=True),
    Case("what a module says of itself", "-import.meta.url\n+f(import.meta.url)", "x(import.meta.url);\n",
         "x(f(import.meta.url));\n", module=True),
]  # fmt: skip

PATTERNS = [
    Case("another shorthand property", "-f({ a })\n+f({ b })", "f({ a });\n", "f({ b });\n"),
    Case("another shorthand property, spelt out", "-f({ a })\n+f({ b })", "f({ a: a });\n", "f({ b });\n",
         back="f({ a });\n"),
    Case("another shorthand target", "-const { a } = x;\n+const { b } = x;", "const { a } = x;\n",
         "const { b } = x;\n"),
    Case("one more shorthand target", "-const { a } = x;\n+const { a, b } = x;", "const {\n  a, // of a\n} = x;\n",
         "const {\n  a, // of a\n  b,\n} = x;\n"),
    Case("both parts of a property", "-f({ a: $x })\n+f({ b: g($x) })", "f({ a });\n", "f({ b: g(a) });\n",
         back="f({ a: a });\n"),
    Case("a variable without its value", "-var a = $x;\n+var a;", "var a = f(1);\n", "var a;\n", back=lost("x")),
    Case("a directive for another", "-'use strict';\n+f();", "'use strict';\nf = 'use strict';\n",
         "f();\nf = 'use strict';\n"),
]  # fmt: skip

SPELLINGS = [
    Case("a member that takes quotes", "-$x.b\n+$x['b-c']", "g(a.b);\n", "g(a['b-c']);\n", back="g(a['b']);\n"),
    Case("an optional member that takes quotes", "-$x?.b\n+$x?.['b-c']", "g(a?.b);\n", "g(a?.['b-c']);\n",
         back="g(a?.['b']);\n"),
    Case("a member in quotes", "-$x.b\n+$x.c", "g(a['b'], a[\"b\"]);\n", "g(a['c'], a[\"c\"]);\n", ALL),
    Case("a key that takes quotes", "-f({ b: $x })\n+f({ 'b-c': $x })", "f({ b: 1 });\n", "f({ 'b-c': 1 });\n",
         back="f({ 'b': 1 });\n"),
]  # fmt: skip

NAMES = [*VARIABLES, *MODULES, *PATTERNS, *SPELLINGS]
