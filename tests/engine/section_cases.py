"""Patches of several sections, and deletions: what they make, and what they leave alone."""

# ruff: noqa: E501  (rows of a table stay on their lines)
from __future__ import annotations

from engine.case import Case, NoWayBack, lost
from engine.left_alone_cases import Alone
from sio_patch.engine.outcome import Absent, Applied, Fixed
from sio_patch.verdict import Reason

NOWHERE = NoWayBack("nothing that is left says where the removed code stood")

TWO = "@@\n-open($x);\n+enter($x);\n@@\n-close($x);\n+leave($x);"
LIBRARY = "@@\n-var $q = require('q');\n+var $q = Promise;\n@@ all\n-$q.defer()\n+defer()"
USES = "@@\n var $fs = require('fs');\n@@ all\n-$fs.exists($...a)\n+$fs.access($...a)"
WRAP = "@@ all\n-var $f = promisify($g);\n@@ all\n-$f($...a)\n+$g.call(null, $...a)"
INHERITS = "@@\n-var $i = require('inherits');\n@@ all\n-$i($a, $b)\n+util.inherits($a, $b)"
ANY = "@@\n-start($x);\n+begin($x);\n@@ any\n-stop($x)\n+end($x)"
LOSES = "@@\n-setup($x);\n+ready();\n@@\n-run();\n+run($x);"
RENAMED = "@@\n-var $a = require('x');\n+var b = require('x');\n@@ all\n-$a.$m\n+b.$m"
SHOWN = " var $fs = require('fs');\n@@\n-$fs.exists($x);\n+$fs.access($x);"

SECTIONS = [
    Case("two sections", TWO, "open(f);\nfunction g() {\n  close(f);\n}\n", "enter(f);\nfunction g() {\n  leave(f);\n}\n"),
    Case("in the other order of the text", TWO, "if (a) {\n  close(f);\n}\nopen(f);\n", "if (a) {\n  leave(f);\n}\nenter(f);\n"),
    Case("the second is there", TWO, "open(f);\nleave(f);\n", "enter(f);\nleave(f);\n", back="open(f);\nclose(f);\n"),
    Case("the first is there", TWO, "enter(f);\nclose(f);\n", "enter(f);\nleave(f);\n", back="open(f);\nclose(f);\n"),
    Case("one place for many", LIBRARY, "var q = require('q');\nx = q.defer();\ny = q.defer();\nz.defer();\n", "var q = Promise;\nx = defer();\ny = defer();\nz.defer();\n"),
    Case("some of many are there", LIBRARY, "var q = Promise;\nx = defer();\ny = q.defer();\n", "var q = Promise;\nx = defer();\ny = defer();\n", back="var q = require('q');\nx = q.defer();\ny = q.defer();\n"),
    Case("context alone", USES, "var fs = require('fs');\nfs.exists(1);\nfiles.exists(2);\n", "var fs = require('fs');\nfs.access(1);\nfiles.exists(2);\n"),
    Case("code before the first header", SHOWN, "var fs = require('fs');\nfs.exists(a);\n", "var fs = require('fs');\nfs.access(a);\n"),
    Case("context that says which of two", USES, "var a = require('fs'), b = require('fs');\na.exists(1);\nb.open(2);\n", "var a = require('fs'), b = require('fs');\na.access(1);\nb.open(2);\n"),
    Case("a name of the same spelling is another", USES, "var fs = require('fs');\nfunction f(fs) { fs.exists(1); }\nfs.exists(2);\n", "var fs = require('fs');\nfunction f(fs) { fs.exists(1); }\nfs.access(2);\n"),
    Case("any, at none", ANY, "start(a);\nstop(b);\n", "begin(a);\nstop(b);\n"),
    Case("any, at two", ANY, "start(a);\nx = [stop(a), stop(a)];\n", "begin(a);\nx = [end(a), end(a)];\n"),
    Case("nothing but any", "@@ any\n-a()\n+b()\n@@ any\n-c()\n+d()", "x = c();\n", "x = d();\n"),
    Case("under each of several bindings", WRAP, "var f = promisify(g);\nvar h = promisify(k.l);\nf(1);\nh(2);\nx(3);\n", "g.call(null, 1);\nk.l.call(null, 2);\nx(3);\n", back=NOWHERE, again=Absent),
    Case("two of the same code are one binding", "@@ all\n-$s.on($e)\n+$s.add($e)\n@@\n-$s.end();\n+$s.stop();", "s.on(1);\ns.on(2);\ns.end();\nt.end();\n", "s.add(1);\ns.add(2);\ns.stop();\nt.end();\n"),
    Case("one place inside of another", "@@\n function $f() {\n   ...\n+  end();\n }\n@@ all\n-old($x)\n+fresh($x)", "function f() {\n  old(1);\n}\nold(old(2));\n", "function f() {\n  fresh(1);\n  end();\n}\nfresh(fresh(2));\n"),
    Case("one place inside of what another binds", "@@\n-module.exports = $x;\n+exports.it = $x;\n@@ all\n-f($y)\n+g($y)", "module.exports = f(f(1));\n", "exports.it = g(g(1));\n"),
    Case("places inside of each other, by a name that goes", "@@\n-var $f = wrap($g);\n@@ all\n-$f($x)\n+$g.go($x)", "var f = wrap(g);\nf(f(1));\n", "g.go(g.go(1));\n", back=NOWHERE, again=Absent),
    Case("a declaration and its uses", RENAMED, "var a = require('x');\na.b(a.c);\nfunction f(a) { a.x(); }\n", "var b = require('x');\nb.b(b.c);\nfunction f(a) { a.x(); }\n", back=lost("a")),
    Case("a name, wherever it is", "@@\n-var $a = require('x');\n+var b = require('x');\n@@ all\n-$a\n+b", "var a = require('x');\na.go(a);\nfunction f(a) { a(); }\n", "var b = require('x');\nb.go(b);\nfunction f(a) { a(); }\n", back=lost("a")),
    Case("two sections of a module", "@@\n-import { $a } from 'x';\n+import { $a } from 'y';\n@@ all\n-$a(1)\n+$a(2)", "import { q } from 'x';\nq(1);\nexport default q(1);\n", "import { q } from 'y';\nq(2);\nexport default q(2);\n", module=True),
    Case("what the first binds is written by the second", LOSES, "setup(a);\nrun();\n", "ready();\nrun(a);\n", back=lost("x")),
    Case("a run of an earlier section", "@@\n f($...a);\n@@\n-g($...a);\n+h($...a);", "f(1, b);\ng(1, b);\ng(2);\n", "f(1, b);\nh(1, b);\ng(2);\n"),
    Case("two sections, CRLF", TWO, "open(f);\r\nclose(f);", "enter(f);\r\nleave(f);"),
    # Deletions
    Case("a line", "-noise($x);", "a();\nnoise(1);\nb();\n", "a();\nb();\n", back=NOWHERE, again=Absent),
    Case("a line, written without a semicolon", "-noise($x)", "a();\nnoise(1);\nb();\n", "a();\nb();\n", back=NOWHERE, again=Absent),
    Case("all that there is", "-noise();", "noise();\n", "", back=NOWHERE, again=Absent),
    Case("the last line, without a line ending", "-noise();", "a();\r\nnoise();", "a();", back=NOWHERE, again=Absent),
    Case("two lines", "-a();\n-b();", "x();\na();\nb();\ny();\n", "x();\ny();\n", back=NOWHERE, again=Absent),
    Case("lines with others between them", "-a();\n-...\n-b();", "x();\na();\nk();\nb();\ny();\n", "x();\ny();\n", back=NOWHERE, again=Absent),
    Case("every such line", "-noise();", "noise();\nif (a) {\n  noise();\n  b();\n}\n", "if (a) {\n  b();\n}\n", {"matches": "all"}, back=NOWHERE, again=Absent),
    Case("a property that goes", "-old: $v,", "x = { a: 1, old: 2, b: 3 };\n", "x = { a: 1, b: 3 };\n", back=NOWHERE, again=Absent),
    Case("a method that goes", "-m($...a) { ... }", "class A { m() { a(); } n() {} }\n", "class A { n() {} }\n", back=NOWHERE, again=Absent),
    Case("an import", "-import $x from 'q';", "import q from 'q';\nimport { b } from 'c';\nb();\n", "import { b } from 'c';\nb();\n", module=True, back=NOWHERE, again=Absent),
    Case("a declaration, and a change", INHERITS, "var inherits = require('inherits');\ninherits(A, B);\ninherits(C, D);\n", "util.inherits(A, B);\nutil.inherits(C, D);\n", back=NOWHERE),
    Case("the declaration has gone already", INHERITS.replace("$i(", "inherits("), "inherits(A, B);\nutil.inherits(C, D);\n", "util.inherits(A, B);\nutil.inherits(C, D);\n", back=NOWHERE),
    Case("one of two deletions", "@@ any\n-noise();\n@@ any\n-hum();\n@@\n-old();\n+fresh();", "noise();\nold();\n", "fresh();\n", back=NOWHERE),
    Case("a deletion at none", "@@ any\n-noise();\n@@\n-old();\n+fresh();", "noise();\nold();\n", "fresh();\n", back=NOWHERE),
]  # fmt: skip

SECTIONS_LEFT_ALONE = [
    Alone("the second is nowhere", TWO, "open(f);\nshut(f);\n", Absent, "all sections have to be found", "does not contain `close`"),
    Alone("the second is elsewhere about another", TWO, "open(f);\nclose(g);\n", Absent, "one name, one meaning", "the code of the section of line 4 is there, but not with what earlier sections bind"),
    Alone("all, at none", LIBRARY, "var q = require('q');\nz.defer();\n", Absent, "all is one or more", "the section of line 4 is there, but not with"),
    Alone("any, and the other at none", ANY, "stop(a);\n", Absent, "any alone is nothing", "does not contain `start`"),
    Alone("nothing of any", "@@ any\n-a()\n+b()\n@@ any\n-c()\n+d()", "e();\n", Absent, "nothing is there", "does not contain the code that the patch is about"),
    Alone("all are made", TWO, "x();\nenter(f);\nleave(f);\n", Applied, "each has its plus slice", "2:1"),
    Alone("any, made", "@@ any\n-a()\n+b()\n@@ any\n-c()\n+d()", "x(b());\n", Applied, "what is not there need not be", "1:3"),
    Alone("made in other words", "@@\n-a()\n+b({ c: 1 })\n@@\n-e()\n+f('x')", "b({ 'c': 1 });\nf(\"x\");\n", Fixed, "it is not the patch's own", "1:1"),
    Alone("a fixed form of one place", LIBRARY, "var q = require('q');\nx = q.defer();\n", Fixed, "no section is live without the other", "2:1", {"fixed": ["var $q = require('q');\n...\n$x = $q.defer();"]}),
    Alone("two places for a section", TWO, "open(f);\nopen(f);\nclose(f);\n", Reason.AMBIGUOUS, "each is for one place", "the code of the section of line 1 stands in 2 places (lines 1, 2)"),
    Alone("two places for the second", TWO, "open(f);\nclose(f);\nif (a) {\n  close(f);\n}\n", Reason.AMBIGUOUS, "each is for one place", "the code of the section of line 4 stands in 2 places (lines 2, 4)"),
    Alone("two meanings of one place", USES, "var a = require('fs'), b = require('fs');\na.exists(1);\nb.exists(2);\n", Reason.AMBIGUOUS, "both lead to edits", "the code of the section of line 1 stands in 2 places (lines 1, 1)"),
    Alone("made at one place and wanted at another", LIBRARY, "var p = Promise;\nvar q = require('q');\nx = q.defer();\ny = p.defer();\n", Reason.AMBIGUOUS, "it may have been meant for the first", "stands in 2 places (lines 1, 2)"),
    Alone("two sections for one place", "@@\n-a($x, $y)\n+b($x)\n@@\n-a($z, k())\n+c($z)", "a(1, k());\n", Reason.AMBIGUOUS, "one of the two would be lost", "the places to change overlap"),
    Alone("two sections that add at one place", "@@\n open($x);\n+log($x);\n@@\n open($x);\n+close($x);", "open(f);\n", Reason.UNSAFE_PLACE, "the second is not behind its context any more", "would not read as patched"),
    Alone("what was lost cannot be written", LOSES, "ready();\nrun();\n", Absent, "nothing says what $x was", "the section of line 4 is there, but not with"),
    Alone("what was lost may be anything", LOSES, "ready();\nrun(b);\n", Applied, "the first has been made", "1:1"),
    Alone("a name that nothing binds is nothing", "@@ any\n var $fs = require('fs');\n@@ all\n-$fs.exists($x)\n+$fs.access($x)", "fs.exists(1);\n", Absent, "$fs is what the first section says", "the section of line 3 is there, but not with"),
    Alone("a deletion at nothing says nothing", "@@\n-var x = require('inherits');\n@@ all\n-foo()\n+bar()", "foo();\n", Absent, "nothing shows that the line was ever there", "nothing in the file resembles the code of the section of line 1"),
    Alone("a deletion that has been made", INHERITS, "util.inherits(A, B);\n", Applied, "the other section shows it", "1:1"),
    Alone("a deletion by whose name the other is told", WRAP, "g.call(null, 1);\n", Absent, "any call may look so", "nothing in the file resembles the code of the section of line 1"),
    Alone("code that may have been taken from here", "-noise();", "a();\n", Absent, "code alone does not tell", "line 1 of the patch expects `noise();`"),
    Alone("a name that is still used", "-import $x from 'q';", "import q from 'q';\nexport default q();\n", Reason.UNSAFE_PLACE, "it would be undeclared", "the declaration of `q` would go, and the name is still used here"),
    Alone("a name that is still used, beside what is changed", INHERITS, "var i = require('inherits');\ni(A, B);\nx = i;\n", Reason.UNSAFE_PLACE, "it would be undeclared", "the declaration of `i` would go"),
    Alone("the body of an if", "-noise();", "if (a) noise();\n", Reason.UNSAFE_PLACE, "the if would take the next line", "without braces"),
    Alone("a deletion that slides another into its place", "-a();\n-b();", "a(); a(); b(); b();\n", Reason.UNSAFE_PLACE, "what is left looks as before", "the code would still call for the patch"),
    Alone("one line of two", "-noise();", "noise();\na();\nnoise();\n", Reason.AMBIGUOUS, "which is meant is not said", "the code stands in 2 places (lines 1, 3)"),
    Alone("a string that would be a directive", "-a();", "function f() { a(); 'x'; }\n", Reason.UNSAFE_PLACE, "it would mean something", "would become"),
    Alone("the new name is taken", RENAMED, "var a = require('x');\na.b();\nfunction f(b) { a.x(); }\n", Reason.NAME_TAKEN, "b means another thing there", "declares `b`"),
]  # fmt: skip
