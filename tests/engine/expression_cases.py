"""Expressions, arguments, parameters, elements, properties and class members."""

from __future__ import annotations

from engine.case import BETWEEN_GAPS, Case, NoWayBack, lost

WRAP = "-load($x)\n+safe(load($x))"
UNWRAP = "-safe(load($x))\n+load($x)"
ARGUMENT_LAST = " send($x,\n+  done,\n );"
ADD_END = "-send($...all);\n+send($...all, done);"
ADD_START = "-send($...all);\n+send(first, $...all);"
OPTION = " make({\n   ...,\n   port: $p,\n+  host: 'local',\n   ...\n })"
NO_OPTION = " make({\n   ...,\n-  debug: $d,\n   ...\n })"
METHOD = " class Socket {\n   ...\n   open($...a) {\n     ...\n   }\n+  close() {}\n   ...\n }"


def places(count: int) -> NoWayBack:
    lines = ", ".join("1" * count)
    said = f"the code stands in {count} places (lines {lines}); the patch is for one place. "
    return NoWayBack(f"{said}Look which is meant, and edit it by hand")


EXPRESSIONS = [
    Case("a wrapped expression", WRAP, "var a = load(f) + 1;\n", "var a = safe(load(f)) + 1;\n"),
    Case(
        "an unwrapped expression",
        UNWRAP,
        "var a = safe( load(f) ) + 1;\n",
        "var a = load(f) + 1;\n",
        back="var a = safe(load(f)) + 1;\n",
    ),
    Case(
        "an optional call that is awaited",
        "-$o.load($a)\n+$o?.load($a)",
        "export {};\nawait o.load(1);\n",
        "export {};\nawait o?.load(1);\n",
        module=True,
    ),
    Case(
        "an optional member in front of a member",
        "-first($x)\n+$x?.a",
        "first(x).b;\n",
        "(x?.a).b;\n",
        back="(first(x)).b;\n",
    ),
    Case(
        "a bound operation in parentheses of the patch's",
        "-first($x)\n+($x).a",
        "y = first(a + b);\n",
        "y = (a + b).a;\n",
    ),
    Case("wrapping keeps what is inside", WRAP, "go(load( /* it */\n  f ))\n", "go(safe(load( /* it */\n  f )))\n"),
    Case(
        "a negated condition",
        "-ready($x)\n+!ready($x)",
        "if (ready(f) && go) run();\n",
        "if (!ready(f) && go) run();\n",
    ),
    Case(
        "an operand in need of brackets",
        "-load($x)\n+load($x) || none",
        "var a = load(f).b + load;\n",
        "var a = (load(f) || none).b + load;\n",
        back="var a = (load(f)).b + load;\n",
    ),
    Case(
        "an operand in brackets already",
        "-load($x)\n+load($x) || none",
        "var a = (load(f)).b;\n",
        "var a = (load(f) || none).b;\n",
    ),
    Case(
        "a bound operand in need of brackets",
        "-size($x)\n+$x.length",
        "var n = size(a || b);\n",
        "var n = (a || b).length;\n",
    ),
    Case("a name", "-lodd.read($x)\n+lodd.readFile($x)", "lodd . read( f );\n", "lodd . readFile( f );\n"),
    Case(
        "a name in brackets and quotes",
        "-lodd.read($x)\n+lodd.readFile($x)",
        "lodd['read']( f );\n",
        "lodd['readFile']( f );\n",
    ),
    Case("a callee", "-old($...a)\n+fresh.one($...a)", "x = old(1, /* two */ 2)\n", "x = fresh.one(1, /* two */ 2)\n"),
    Case("new for a call", "-Buffer($x)\n+Buffer.from($x)", "var b = Buffer('a');\n", "var b = Buffer.from('a');\n"),
    Case("an operator", "-$x == null\n+$x === null", "if (a.b == null) c();\n", "if (a.b === null) c();\n"),
    Case("a literal", " limit = \n-10\n+20\n", "limit  =  10;\n", "limit  =  20;\n"),
    Case(
        "a value in a declaration",
        "-var limit = $n;\n+var limit = $n * 2;",
        "var limit = 10; // ten\n",
        "var limit = 10 * 2; // ten\n",
    ),
    # Arguments
    Case("an argument after the last", " send($x,\n+done\n );", "send(f);\n", "send(f, done);\n"),
    Case("an argument after a run", ADD_END, "send(a, b);\n", "send(a, b, done);\n"),
    Case("an argument after an empty run", ADD_END, "send();\n", "send(done);\n"),
    Case("an argument before a run", ADD_START, "send(a, b);\n", "send(first, a, b);\n"),
    Case("an argument before an empty run", ADD_START, "send( );\n", "send( first);\n"),
    Case("an argument on lines of their own", ADD_END, "send(\n  a,\n  b\n);\n", "send(\n  a,\n  b,\n  done\n);\n"),
    Case("an argument before a trailing comma", ADD_END, "send(\n  a,\n  b,\n);\n", "send(\n  a,\n  b,\n  done,\n);\n"),
    Case("an argument among squeezed ones", ADD_END, "send(a,b)", "send(a,b,done)"),
    Case("an argument behind a comment", ADD_END, "send(a, b /* b */);\n", "send(a, b /* b */, done);\n"),
    Case(
        "a removed argument",
        "-send($x, debug);\n+send($x);",
        "send( f, debug );\n",
        "send( f );\n",
        back="send( f, debug );\n",
    ),
    Case(
        "a removed first argument",
        "-send(debug, $x);\n+send($x);",
        "send( debug , f );\n",
        "send( f );\n",
        back="send( debug, f );\n",
    ),
    Case("a removed only argument", "-send(debug);\n+send();", "send(debug);\n", "send();\n"),
    Case(
        "an argument in the middle",
        "-send($x, $y);\n+send($x, 0, $y);",
        "send(a, function () {\n});\n",
        "send(a, 0, function () {\n});\n",
    ),
    Case(
        "an argument of new", "-new Pool($x)\n+new Pool($x, 4)", "var p = new Pool(u);\n", "var p = new Pool(u, 4);\n"
    ),
    # Parameters
    Case(
        "a parameter",
        "-function send($x) { ... }\n+function send($x, done) { ... }",
        "function send (x) {\n  go(x);\n}\n",
        "function send (x, done) {\n  go(x);\n}\n",
    ),
    Case(
        "a first parameter",
        "-function send($...p) { ... }\n+function send(self, $...p) { ... }",
        "function send(a, b = 1, ...c) { return 1; }\n",
        "function send(self, a, b = 1, ...c) { return 1; }\n",
    ),
    Case(
        "a parameter where there is none",
        "-function send() { ... }\n+function send(done) { ... }",
        "function send( /* ) */ ) { return 1; }\n",
        "function send( /* ) */ done) { return 1; }\n",
    ),
    Case(
        "a removed parameter",
        "-function send($x, debug) { ... }\n+function send($x) { ... }",
        "function send(x, debug) {}\n",
        "function send(x) {}\n",
    ),
    Case(
        "a parameter of an arrow",
        "-on('end', ($x) => { ... });\n+on('end', ($x, done) => { ... });",
        "on('end', (e) => { go(e); });\n",
        "on('end', (e, done) => { go(e); });\n",
    ),
    Case(
        "a parameter of an arrow with none", "-on(() => $b)\n+on((e) => $b)", "on( ( ) => 1 );\n", "on( ( e) => 1 );\n"
    ),
    # Elements
    Case(
        "an element",
        "-var list = [$...all];\n+var list = [$...all, 'x'];",
        "var list = ['a', 'b'];\n",
        "var list = ['a', 'b', 'x'];\n",
    ),
    Case(
        "an element, comma first",
        "-var list = [$...all];\n+var list = [$...all, 'x'];",
        "var list = [ 'a'\n           , 'b'\n           ];\n",
        "var list = [ 'a'\n           , 'b'\n           , 'x'\n           ];\n",
    ),
    Case(
        "an element of an empty list",
        "-var list = [$...all];\n+var list = [$...all, 'x'];",
        "var list = [];\n",
        "var list = ['x'];\n",
    ),
    Case(
        "a removed element",
        "-var list = [$...a, 'x', $...b];\n+var list = [$...a, $...b];",
        "var list = [\n  'a',\n  'x',\n  'b'\n];\n",
        "var list = [\n  'a',\n  'b'\n];\n",
        back=BETWEEN_GAPS,
    ),
    Case(
        "a removed element, comma first",
        "-var list = [$...a, 'x', $...b];\n+var list = [$...a, $...b];",
        "var list = [ 'a'\n  , 'x'\n  , 'b'\n];\n",
        "var list = [ 'a'\n  , 'b'\n];\n",
        back=BETWEEN_GAPS,
    ),
    # Properties
    Case(
        "a property",
        OPTION,
        "make({\n  port: 80,\n  log: 1\n});\n",
        "make({\n  port: 80,\n  host: 'local',\n  log: 1\n});\n",
    ),
    Case("a last property", OPTION, "make({ log: 1, port: 80 });\n", "make({ log: 1, port: 80, host: 'local' });\n"),
    Case(
        "a property before a trailing comma",
        OPTION,
        "make({\n\tport: 80,\n});\n",
        "make({\n\tport: 80,\n\thost: 'local',\n});\n",
    ),
    Case(
        "a property in the file's quotes", OPTION, 'make({ port: "80" });\n', 'make({ port: "80", host: "local" });\n'
    ),
    Case(
        "a removed property",
        NO_OPTION,
        "make({\n  port: 80,\n  debug: true,\n  log: 1\n});\n",
        "make({\n  port: 80,\n  log: 1\n});\n",
        back=lost("d"),
    ),
    Case(
        "a removed last property",
        NO_OPTION,
        "make({\n  port: 80,\n  debug: true\n});\n",
        "make({\n  port: 80\n});\n",
        back=lost("d"),
    ),
    Case(
        "a removed last property and its trailing comma",
        NO_OPTION,
        "make({\n  port: 80,\n  debug: true,\n});\n",
        "make({\n  port: 80,\n});\n",
        back=lost("d"),
    ),
    Case("a removed only property", NO_OPTION, "make({ debug: true });\n", "make({});\n", back=lost("d")),
    Case(
        "a removed property with a comment behind it",
        NO_OPTION,
        "make({\n  debug: true, // loud\n  port: 80 // http\n});\n",
        "make({\n  // loud\n  port: 80 // http\n});\n",
        back=lost("d"),
    ),
    Case(
        "a removed property, comma first",
        NO_OPTION,
        "make({\n    port: 80\n  , debug: true\n  , log: 1\n});\n",
        "make({\n    port: 80\n  , log: 1\n});\n",
        back=lost("d"),
    ),
    Case(
        "a changed value",
        " make({\n   ...,\n-  port: $p,\n+  port: secure($p),\n   ...\n })",
        "make({ log: 1, 'port': a || b, x: 1 });\n",
        "make({ log: 1, 'port': secure(a || b), x: 1 });\n",
    ),
    Case(
        "a changed shorthand value",
        "-make({ port: $p })\n+make({ port: secure($p) })",
        "make({ port });\n",
        "make({ port: secure(port) });\n",
        back="make({ port: port });\n",
    ),
    # Class members
    Case(
        "a method",
        METHOD,
        "class Socket {\n  open(a) {\n    go(a);\n  }\n\n  send() {}\n}\n",
        "class Socket {\n  open(a) {\n    go(a);\n  }\n  close() {}\n\n  send() {}\n}\n",
    ),
    Case(
        "a removed method",
        " class Socket {\n   ...\n-  debug() { ... }\n   ...\n }",
        "class Socket {\n  open() {}\n  debug() {\n    log();\n  }\n  send() {}\n}\n",
        "class Socket {\n  open() {}\n  send() {}\n}\n",
        back=BETWEEN_GAPS,
    ),
    Case(
        "a statement in a method",
        " class Socket {\n   ...\n   open($x) {\n     ...\n     go($x);\n+    done($x);\n   }\n   ...\n }",
        "class Socket {\n  #key = 1;\n  static { init(); }\n  open(a) { go(a); }\n}\n",
        "class Socket {\n  #key = 1;\n  static { init(); }\n  open(a) { go(a); done(a); }\n}\n",
    ),
    Case(
        "a class field",
        " class Socket {\n   ...\n   port = $p;\n+  host = 'local';\n   ...\n }",
        "class Socket {\n  port = 80;\n  log = 1;\n}\n",
        "class Socket {\n  port = 80;\n  host = 'local';\n  log = 1;\n}\n",
    ),
    # Functions put round code
    Case(
        "this goes through an arrow",
        "-later($x)\n+later(() => use($x))",
        "later(this.f);\n",
        "later(() => use(this.f));\n",
    ),
    Case(
        "a name that the code itself declares",
        "-later($x)\n+later(function (e) { use($x, e); })",
        "later(function (e) { e(this); });\n",
        "later(function (e) { use(function (e) { e(this); }, e); });\n",
    ),
    Case(
        "this that was in a function before",
        "-later(function () { return $x; });\n+later(async function () { return $x; });",
        "later(function () { return this; });\n",
        "later(async function () { return this; });\n",
    ),
    Case(
        "a renamed parameter",
        "-function run(old) { ... }\n+function run(fresh) { ... }",
        "function run(old) { go(); }\n",
        "function run(fresh) { go(); }\n",
    ),
    # Brackets that the new place wants
    Case(
        "in, in the head of a for",
        "-load($x)\n+'a' in $x",
        "for (var i = load(f), n; i; ) {}\n",
        "for (var i = ('a' in f), n; i; ) {}\n",
        back="for (var i = (load(f)), n; i; ) {}\n",
    ),
    Case("in, elsewhere", "-load($x)\n+'a' in $x", "var i = load(f), n;\n", "var i = 'a' in f, n;\n"),
    Case("a member of a number", "-load($x)\n+$x.y", "g(load(1));\n", "g((1).y);\n"),
    Case("a member of a string", "-load($x)\n+$x.y", "g(load('1'));\n", "g('1'.y);\n"),
    Case(
        "a call of what new makes",
        "-load($x)\n+$x()",
        "g(load(new X));\n",
        "g((new X)());\n",
        back="g((load)(new X));\n",
    ),
    Case("new of what a call gives", "-load($x)\n+new $x(1)", "g(load(a.b().c));\n", "g(new (a.b().c)(1));\n"),
    Case("new of a member", "-load($x)\n+new $x(1)", "g(load(a.b.c));\n", "g(new a.b.c(1));\n"),
    Case(
        "an object at the start of a statement",
        "-load($x)\n+({ a: $x })",
        "load(f).a();\n",
        "({ a: f }).a();\n",
        back="(load(f)).a();\n",
    ),
    Case(
        "an object as an arrow's body",
        "-load($x)\n+({ a: $x })",
        "g(() => load(f));\n",
        "g(() => ({ a: f }));\n",
        back="g(() => (load(f)));\n",
    ),
    Case(
        "mixed with ??",
        "-load($x)\n+load($x) || none",
        "a = load(f) ?? b;\n",
        "a = (load(f) || none) ?? b;\n",
        back="a = (load(f)) ?? b;\n",
    ),
    Case(
        "a power of a negative",
        "-load($x)\n+-$x",
        "a = load(f) ** 2;\n",
        "a = (-f) ** 2;\n",
        back="a = (load(f)) ** 2;\n",
    ),
    Case("a minus behind a minus", "-load($x)\n+-$x", "a = b-load(f);\n", "a = b-(-f);\n", back="a = b-(load(f));\n"),
    Case(
        "an arrow among others",
        "-load($x)\n+() => $x",
        "a = b || load(f);\n",
        "a = b || (() => f);\n",
        back="a = b || (load(f));\n",
    ),
    # Comments in lists
    Case(
        "a removed argument between comments",
        "-send($...a, debug, $...b);\n+send($...a, $...b);",
        "send(a, /* d */ debug /* e */, b);\n",
        "send(a, /* d */ b);\n",
        back=BETWEEN_GAPS,
    ),
    Case(
        "a removed argument behind a comment",
        "-send($...a, debug, $...b);\n+send($...a, $...b);",
        "send(a // x\n, debug);\n",
        "send(a // x\n);\n",
        back=BETWEEN_GAPS,
    ),
    Case(
        "a removed argument on a line of its own",
        "-send($...a, debug, $...b);\n+send($...a, $...b);",
        "send(\n  a, // a\n  debug,\n  // b\n  b\n);\n",
        "send(\n  a, // a\n  // b\n  b\n);\n",
        back=BETWEEN_GAPS,
    ),
    Case(
        "a lone argument on a line of its own",
        "-send($...a);\n+send($...a, done);",
        "send(\n  a\n);\n",
        "send(\n  a,\n  done\n);\n",
    ),
    Case(
        "a lone shorthand property",
        "-make({ port });\n+make({ port: secure(port) });",
        "make({ port });\n",
        "make({ port: secure(port) });\n",
        back="make({ port: port });\n",
    ),
    Case(
        "a removed argument in brackets",
        "-send($x, debug);\n+send($x);",
        "send((f), (debug));\n",
        "send((f));\n",
        back="send((f), debug);\n",
    ),
    # Names
    Case(
        "a private name",
        "-$x.$k($y)\n+call($x.$k, $y)",
        "class A { #p; m() { this.#p(1); } }\n",
        "class A { #p; m() { call(this.#p, 1); } }\n",
    ),
    Case("a quoted name of a member", "-$x.$k\n+$x.y.$k", "g(a['b-c']);\n", "g(a.y['b-c']);\n"),
    Case("a quoted key", "-make({ $k: $v })\n+make([{ $k: $v }])", "make({ 'b-c': 1 });\n", "make([{ 'b-c': 1 }]);\n"),
    Case("a computed member", "-$x[$k]($y)\n+call($x[$k], $y)", "a[i](1);\n", "call(a[i], 1);\n"),
    Case(
        "a member's name as a function's",
        "-exports.$k = function () { return $v; };\n+function $k() { return $v; }",
        "exports.open = function () { return 1; };\n",
        "function open() { return 1; }\n",
    ),
    # Wrapped code that keeps its meaning
    Case(
        "a return of an inner function",
        "-if (ok) { ... }\n+later(function () { if (ok) { ... } });",
        "if (ok) { go(function () { return this; }); }\n",
        "later(function () { if (ok) { go(function () { return this; }); } });\n",
    ),
    Case(
        "a break of an inner loop",
        "-if (ok) { ... }\n+later(() => { if (ok) { ... } });",
        "if (ok) { a: for (;;) { for (;;) { break a; } switch (b) { case 1: break; } while (1) continue; } }\n",
        "later(() => { if (ok) { a: for (;;) { for (;;) { break a; } switch (b) { case 1: break; } "
        "while (1) continue; } } });\n",
    ),
    Case(
        "what the pattern itself says inside",
        "-go(e, this);\n+later(function (e) { go(e, this); });",
        "go(e, this);\n",
        "later(function (e) { go(e, this); });\n",
    ),
    # Gaps in code that stays
    Case("wrapped with a gap inside", "-load(...)\n+safe(load(...))", "g(load(1, 2));\n", "g(safe(load(1, 2)));\n"),
    Case("unwrapped with a gap inside", "-safe(load(...))\n+load(...)", "g(safe(load(1, 2)));\n", "g(load(1, 2));\n"),
    Case("a name beside a gap", "-load(...)\n+read(...)", "g(load(1, 2));\n", "g(read(1, 2));\n"),
    # Brackets
    Case("a factor in a sum", "-f($a, $b)\n+$a + $b", "x = f(a * b, c ** d);\n", "x = a * b + c ** d;\n"),
    Case("a sum in a product", "-f($a, $b)\n+$a * $b", "x = f(a + b, c - d);\n", "x = (a + b) * (c - d);\n"),
    Case(
        "a sum on both sides of a sum",
        "-f($a, $b)\n+$a - $b",
        "x = f(a - b, c - d);\n",
        "x = a - b - (c - d);\n",
        back=places(3),
    ),
    Case(
        "a comparison in an and",
        "-f($a, $b)\n+$a && $b",
        "x = f(a == b, c in d);\n",
        "x = a == b && c in d;\n",
    ),
    Case(
        "an or in an and",
        "-f($a, $b)\n+$a && $b",
        "x = f(a || b, c && d);\n",
        "x = (a || b) && (c && d);\n",
        back=places(2),
    ),
    Case("an or beside ??", "-f($a, $b)\n+$a ?? $b", "x = f(a || b, c + d);\n", "x = (a || b) ?? (c + d);\n"),
    Case("powers", "-f($a, $b)\n+$a ** $b", "x = f(a ** b, -c);\n", "x = (a ** b) ** (-c);\n", back=places(2)),
    Case("a template", "-f($a, $b)\n+`${$a}: ${$b}`", "x = f(a + b, (c, d));\n", "x = `${a + b}: ${c, d}`;\n"),
    Case("a name of a member", "-f($a, $b)\n+$a[$b]", "x = f(a + b, c || d);\n", "x = (a + b)[c || d];\n"),
    Case(
        "what an arrow gives",
        "-f($b)\n+k => $b",
        "x = f(b + c); y = f({}); z = f((g, h));\n",
        "x = k => b + c; y = k => ({}); z = k => (g, h);\n",
        {"matches": "all"},
    ),
]
