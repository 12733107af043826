"""The patches that the fuzzer tries: every kind of thing that the language has, with words filled in from the text.

CALL is a callee, PROP a member's name, KEY a property's, NAME what is declared, MODULE what is imported or required.
"""

from __future__ import annotations

import random
import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

WORDS = {
    "CALL": re.compile(r"(?<![\w$.])((?:this\.)?[A-Za-z_]\w*(?:\.[A-Za-z_]\w*){0,2})\("),
    "PROP": re.compile(r"\.([A-Za-z_]\w*)"),
    "KEY": re.compile(r"[{,]\s*([A-Za-z_]\w*)\s*:"),
    "NAME": re.compile(r"\b(?:var|let|const|function|class)\s+([A-Za-z_]\w*)"),
    "MODULE": re.compile(r"(?:require\(|from )['\"]([\w./-]+)['\"]"),
}
_PLACEHOLDER = re.compile(r"\b(?:CALL|PROP|KEY|NAME|MODULE)\b")
_RESERVED = frozenset(
    {"await", "catch", "for", "function", "if", "import", "new", "return", "super", "switch", "while"}
)


@dataclass(frozen=True, slots=True)
class Kind:
    """A patch of a document: ``options`` go to compile_patch, ``values`` are of its parameters, all chosen."""

    diff: str
    options: Mapping[str, Any] = field(default_factory=dict)
    values: Mapping[str, str] = field(default_factory=dict)

    def filled_in(self, text: str, chance: random.Random) -> Kind | None:
        """With words of this text; None where it has none of a kind."""
        words = {name: _words(name, text, chance) for name in set(_PLACEHOLDER.findall(repr(self)))}
        if None in words.values():
            return None

        def put(code: str) -> str:
            return _PLACEHOLDER.sub(lambda match: words[match[0]] or "", code)

        forms = {key: tuple(map(put, value)) for key, value in self.options.items() if key in FORMS}
        return Kind(put(self.diff), {**self.options, **forms}, self.values)


FORMS = ("fixed", "insufficient", "sites")
ALL: Mapping[str, Any] = {"matches": "all"}
FUNCTIONS = {"equivalent": ("function-forms",)}
HANDLER = " $o.prototype.PROP = function ($...p) {\n   ...\n"

KINDS = (
    # Expressions
    Kind("-CALL($...a)\n+fresh1(CALL($...a))", ALL),
    Kind("-CALL($...a)\n+await CALL($...a)", ALL),
    Kind("-CALL($x)\n+$x.fresh1", ALL),
    Kind("-CALL($...a)\n+fresh1.open($...a)", ALL),
    Kind("-CALL($...a)\n+new Fresh1($...a)", ALL),
    Kind("-CALL($...a)\n+CALL($...a, fresh1)", ALL),
    Kind("-CALL($x, $...a)\n+CALL(fresh1, $x, $...a)", ALL),
    Kind("-CALL($x, $y)\n+CALL($x)", ALL),
    Kind("-CALL($x, $...a)\n+fresh1($...a, $x)", ALL),
    Kind("-CALL($f($x), $...a)\n+CALL(() => $f($x), $...a)", ALL),
    Kind("-$o.PROP\n+$o.fresh1", ALL),
    Kind("-$o.PROP($...a)\n+fresh1($o, $...a)", ALL),
    Kind("-$o.PROP\n+fresh1($o)", ALL),
    Kind("-$o.PROP($...a)\n+$o?.PROP($...a)", ALL),
    Kind("-NAME\n+fresh1", ALL),
    Kind("-NAME\n+fresh1.x", ALL),
    Kind("-$a === $b\n+$b === $a && fresh1"),
    Kind("-$x == null\n+fresh1($x)", {"matches": "all", "equivalent": ("yoda",)}),
    Kind("-$a + $b\n+fresh1($a, $b)", ALL),
    Kind("-$a || $b\n+$a ?? ($b)", ALL),
    Kind("-$c ? $a : $b\n+fresh1($c) ? $a : fresh2($b)", ALL),
    Kind("-!$x\n+fresh1($x)", ALL),
    Kind("-CALL($x, $...a)\n+`${$x} and ${fresh1}`", ALL),
    Kind("-[$...a]\n+fresh1($...a)", ALL),
    Kind("-[$a, $...r]\n+[fresh1, $a, $...r]", ALL),
    Kind("-'$s'\n+'fresh'", ALL),
    Kind("-this.PROP\n+self.PROP", ALL),
    Kind("-CALL(...$x)\n+CALL.apply(null, $x)", ALL),
    Kind("-typeof $x\n+fresh1($x)", ALL),
    Kind("-$x++\n+$x += 1", ALL),
    Kind("-$x = $y\n+$x = fresh1($y)", ALL),
    # Functions
    Kind("-(function ($...p) { return $x; })\n+($...p) => $x", ALL),
    Kind("-($...p) => $x\n+(function ($...p) { return $x; })", ALL),
    Kind("-($...p) => $x\n+($...p) => { fresh1(); return $x; }", ALL),
    Kind("-(function ($...p) { ... })\n+(function ($...p, fresh1) { ... })", ALL),
    Kind("-function NAME($...p) { ... }\n+function fresh1($...p) { ... }"),
    Kind(" function NAME($...p) {\n+  fresh1($...p);\n   ...\n }"),
    Kind(" function $f($...p) {\n   ...\n+  fresh1();\n }", ALL),
    Kind(f"{HANDLER}   CALL($...a);\n+  fresh1($...a);\n   ...\n }};", FUNCTIONS),
    Kind(f"{HANDLER}   $x = $y;\n-  CALL($...a);\n   ...\n }};", FUNCTIONS),
    Kind(f"{HANDLER}-  return $x;\n+  return fresh1($x);\n }};", FUNCTIONS),
    Kind(" class $C {\n   ...\n   PROP($...p) { ... }\n+  fresh1() {}\n   ...\n }"),
    Kind(" class $C {\n+  static fresh1 = 1;\n   ...\n }", ALL),
    # Lists
    Kind(" ({\n   ...,\n-  KEY: $v,\n+  KEY: fresh1($v),\n   ...\n })", ALL),
    Kind(" ({\n   ...,\n   KEY: $v,\n+  fresh1: true,\n   ...\n })", ALL),
    Kind(" ({\n   ...,\n-  KEY: $v,\n   ...\n })", ALL),
    Kind(" ({\n+  fresh1,\n   ...\n })", ALL),
    Kind("-f({ KEY: $v })\n+f({ fresh1: $v })", ALL),
    # Statements
    Kind(" CALL($...a);\n+fresh1(1);", ALL),
    Kind("+fresh1(1);\n CALL($...a);", ALL),
    Kind("+fresh1(1);\n CALL($...a);\n+(fresh2)(1);", ALL),
    Kind("-CALL($...a);\n+fresh1($...a);\n+[fresh2].map(fresh1);", ALL),
    Kind("-CALL($...a);\n+if (fresh1) CALL($...a);", ALL),
    Kind("-CALL($...a);\n+try {\n+  CALL($...a);\n+} catch (e) {\n+  fresh1(e);\n+}", ALL),
    Kind(" CALL($...a);\n-$x = $y;", ALL),
    Kind("-CALL($...a);\n $x = $y;", ALL),
    Kind(" $x = $y;\n ... when != return $v\n CALL($...a);\n+fresh1($x);"),
    Kind(" $x = $y;\n ... when != $x = $z when != NAME\n-CALL($...a);\n+fresh1($x);"),
    Kind(" var NAME = $v;\n+var fresh1 = NAME;", {"equivalent": ("declaration-kinds",)}),
    Kind("-var NAME = $v;\n+let NAME = $v;", ALL),
    Kind("-const NAME = $v;\n+const NAME = fresh1($v);", ALL),
    Kind("-const { NAME } = $x;\n+const { NAME, fresh1 } = $x;", ALL),
    Kind("-return $x;\n+return fresh1($x);", ALL),
    Kind("-return $x;\n+return;", ALL),
    Kind("-throw $e;\n+return fresh1($e);", ALL),
    Kind("-if ($c) { ... }\n+if (fresh1($c)) { ... }"),
    Kind(" if ($c) {\n+  fresh1();\n   ...\n }", ALL),
    Kind(" if ($c) {\n   ...\n+  fresh1();\n }", ALL),
    Kind("-if ($c) { $x; }\n+$c && $x;", ALL),
    Kind("-if ($c) { $x; } else { $y; }\n+$c ? $x : $y;", ALL),
    Kind("-$c && $x;\n+if ($c) { $x; }", ALL),
    Kind(" for (var $i = $v; $c; $n) {\n+  fresh1($i);\n   ...\n }", ALL),
    Kind("-for (const $x of $l) { ... }\n+fresh1($l);", ALL),
    Kind(" switch ($x) {\n   ...\n+  case fresh1: break;\n }", ALL),
    Kind(" try { ... } catch ($e) {\n+  fresh1($e);\n   ...\n }", ALL),
    Kind("-NAME: $s;\n+$s;"),
    Kind("-debugger;\n+fresh1();"),
    # Parts of code
    Kind("-yield $x\n+yield fresh1($x)", ALL),
    Kind("-await $x\n+await fresh1($x)", ALL),
    Kind("-break;\n+return;", ALL),
    Kind("-continue;\n+break;", ALL),
    Kind("+fresh1();\n break $l;", ALL),
    Kind(" case $x:\n   ...\n+  fresh1($x);", ALL),
    Kind(" case $x:\n+  fresh1($x);\n   ...", ALL),
    Kind("-case $x:\n+case fresh1($x):\n   ...", ALL),
    Kind(" case $x:\n   CALL($...a);\n   ...\n+case fresh1:\n+  break;"),
    Kind(" switch ($x) {\n   ...\n-  case 0:\n-    ...\n   ...\n }"),
    Kind(" default:\n+  fresh1();\n   ...", ALL),
    Kind(" switch ($x) {\n   ...\n   case $y:\n     CALL($...a);\n+    fresh1($...a);\n     ...\n   ...\n }"),
    Kind(" super($...a);\n+this.fresh1 = 1;", ALL),
    Kind("-super.$m($...a)\n+super.fresh1($...a)", ALL),
    Kind("-new.target\n+fresh1", ALL),
    Kind("-function ($...p) { ... }\n+fresh1(function ($...p) { ... })", ALL),
    Kind("-function ($...p) { return $x; }\n+function ($...p) { return fresh1($x); }", {**ALL, **FUNCTIONS}),
    Kind("-class { ... }\n+fresh1(class { ... })", ALL),
    Kind(" get PROP() {\n+  fresh1();\n   ...\n }", ALL),
    Kind(" PROP($...p) {\n+  fresh1();\n   ...\n }", ALL),
    Kind(" constructor($...p) {\n   ...\n+  fresh1();\n }", ALL),
    Kind("-PROP($...p) { $...s; }\n+fresh1($...p) { $...s; }"),
    Kind("-KEY: $v\n+KEY: fresh1($v)", ALL),
    Kind("-KEY: $v\n+fresh1: $v", ALL),
    Kind(" KEY: $v,\n+fresh1: $v,", ALL),
    Kind("-...$x\n+...fresh1($x)", ALL),
    Kind(" catch ($e) {\n+  fresh1($e);\n   ...\n }", ALL),
    Kind(" ({\n   ... when != fresh1: $_,\n   KEY: $v,\n+  fresh1: $v,\n   ... when != fresh1: $_\n })", ALL),
    # What a pattern need not say
    Kind(" if ($c) {\n   ...\n+  fresh1();\n } else ...", ALL),
    Kind("-if ($c) { ... } else ...\n+if (fresh1($c)) { ... } else ...", {"matches": "one"}),
    Kind(" class NAME {\n   ...\n+  fresh1() {}\n }"),
    Kind("-class NAME { $...m }\n+class fresh1 { $...m }"),
    Kind("-function NAME($...p) { $...s; }\n+function NAME($...p) { fresh1(); $...s; }", FUNCTIONS),
    Kind(" function $f($...p) {\n   ...\n+  fresh1();\n   return $x;\n }", {**ALL, **FUNCTIONS}),
    Kind(" function $f($...p) {\n   ...\n-  return $x;\n+  return fresh1($x);\n }", {**ALL, **FUNCTIONS}),
    Kind(" const $f = ($...p) => {\n+  fresh1();\n   ...\n };", {**ALL, **FUNCTIONS}),
    Kind("-const $f = ($...p) => $x;\n+const $f = ($...p) => fresh1($x);", {**ALL, **FUNCTIONS}),
    Kind("-const NAME = $v;\n+let NAME = $v;"),
    # Round statements that stay
    Kind("+if (fresh1) {\n CALL($...a);\n+}", ALL),
    Kind("+fresh1(() => {\n   $x = $y;\n   ...\n   CALL($...a);\n+});", ALL),
    Kind(" function $f($...p) {\n+  fresh1(() => {\n     ...\n+  });\n }", ALL),
    Kind("-if ($c) {\n+fresh1($c);\n   $...b;\n-}", ALL),
    Kind("-if ($c) { $...b; }\n+fresh1($c, () => { $...b; });", ALL),
    Kind(
        "-if ($c) { $...a; } else { $...b; }\n+fresh1($c, () => {\n+  fresh2();\n+  $...b;\n+}, () => { $...a; });", ALL
    ),
    Kind("-(function ($...p) { ... })\n+($...p) => { ... }", ALL),
    Kind("-function NAME($...p) { ... }\n+const NAME = ($...p) => { ... };"),
    Kind("-CALL($...a)\n+fresh1({\n+  fresh2: [$...a],\n+  fresh3() {\n+    return `\n+    `;\n+  }\n+})", ALL),
    # Added declarations
    Kind(
        " CALL($...a);\n+const fresh1 = 1;\n+fresh2(fresh1);", {"matches": "all", "equivalent": ("declaration-kinds",)}
    ),
    Kind(" CALL($...a);\n+for (var fresh1 in [$...a]) fresh2(fresh1);", {"equivalent": ("declaration-kinds",)}),
    # Runs in lists of names
    Kind("-import { $...a } from 'MODULE';\n+import { $...a, fresh1 } from 'MODULE';"),
    Kind("-const { $...a, NAME, $...b } = $x;\n+const { $...a, NAME: fresh1, $...b } = $x;", ALL),
    Kind("-({ $...a, KEY: $v, $...b })\n+fresh1($v, { $...a, $...b })", ALL),
    # Names in strings
    Kind("-require('${$name}')\n+require('fresh1/${$name}')", ALL),
    Kind("-$o.PROP($...a)\n+fresh1('${$o}', 'PROP', $...a)", ALL),
    Kind("-CALL('${$x}', $...a)\n+fresh1.$x($...a)", ALL),
    # Somewhere inside
    Kind(" function $f($...p) {\n   <...\n-  CALL($...a)\n+  fresh1(CALL($...a))\n   ...>\n }", ALL),
    Kind(" function $f($...p) {\n+  begin();\n   <...\n-  $o.PROP\n+  $o.fresh1\n   ...>\n }", ALL),
    Kind(
        f"{HANDLER[:-6]}   <...\n-  return $x;\n+  return fresh1($x);\n   ...>\n }};", {**FUNCTIONS, "matches": "all"}
    ),
    Kind(" function $f($...p) {\n   <...\n-  CALL($...a);\n   ...>\n }", ALL),
    Kind(" function $f($...p) {\n   <...\n   CALL($...a);\n+  fresh1($...a);\n   ...>\n   return $x;\n }", ALL),
    Kind(" <...\n-CALL($...a);\n+fresh1($...a);\n ...>"),
    Kind(" <...\n-if ($c) { $x; }\n+$c && $x;\n ...>"),
    Kind(" <...\n-CALL($x)\n+$x.fresh1\n ...>"),
    Kind(" <...\n-NAME\n+fresh1\n ...>"),
    Kind(" <...\n-KEY: $v\n+KEY: fresh1($v)\n ...>"),
    Kind(" var NAME = $v;\n <...\n-NAME.PROP\n+fresh1(NAME.PROP)\n ...>"),
    Kind("-if (<... $o.PROP ...>) { ... }\n+if (<... $o.fresh1 ...>) { ... }", ALL),
    Kind("-CALL(<... NAME ...>, $...r)\n+fresh1(<... NAME.fresh2 ...>, $...r)", ALL),
    Kind("+if (fresh1) {\n   <...\n-  CALL($...a)\n+  fresh2($...a)\n   ...>\n+}\n return $x;", ALL),
    Kind(" <...\n function $f($...p) {\n+  fresh1();\n   <...\n-  CALL($...a)\n+  fresh2($...a)\n   ...>\n }\n ...>"),
    Kind(" CALL($...a);\n+fresh1(1);", {"fixed": ("<... NAME ...>",), "matches": "all"}),
    # Modules
    Kind(" import { ..., NAME, ... } from 'MODULE';\n+fresh1(NAME);"),
    Kind("-import { $...r } from 'MODULE';\n+import { $...r } from 'fresh1';"),
    Kind("-export { $...r };\n+export { $...r, fresh1 };\n+var fresh1;"),
    Kind("-import $x from 'MODULE';\n+import $x from 'fresh1';"),
    Kind("-import $x from 'MODULE';\n+import * as $x from 'fresh1';"),
    Kind(" import $x from 'MODULE';\n+import { a as fresh1 } from 'fresh1';"),
    Kind("-export default $x;\n+export default fresh1($x);"),
    Kind(" export function NAME($...p) { ... }\n+export { NAME as fresh1 };"),
    Kind("-require('MODULE')\n+require('fresh1')", ALL),
    Kind(" const NAME = require('MODULE');\n+const fresh1 = require('fresh1');", ALL),
    Kind("-module.exports = $x;\n+module.exports = { ...$x, fresh1: 1 };"),
    # Conditions
    Kind("@@ where $x is identifier\n-CALL($x)\n+fresh1($x)", ALL),
    Kind("@@ where $x is not literal, not inside fresh1(...)\n-CALL($x)\n+fresh1(CALL($x))", ALL),
    Kind("@@ where $x ~ /^[a-z]+$/i\n-CALL($x, $...a)\n+CALL($...a, $x)", ALL),
    Kind("@@ where $x in (null, undefined, 1, '', NAME)\n-CALL($x, $...a)\n+fresh1($...a)", ALL),
    Kind("@@ where $p not in (PROP, KEY)\n-$o.$p($...a)\n+fresh1($o, $...a)", ALL),
    Kind("@@ where $x in (NAME, PROP, 1)\n-$x\n+fresh1($x)", ALL),
    Kind("@@ where inside function $f(...) { ... }\n CALL($...a);\n+fresh1($...a);", ALL),
    Kind("@@ where inside if ($c) { ... }, not top level\n-CALL($...a)\n+fresh1($...a)", ALL),
    Kind("@@ where top level\n-CALL($...a);\n+fresh1($...a);", {**ALL, **FUNCTIONS}),
    Kind("@@ where $f is identifier, $f ~ /^[a-e]/\n-$f($...a)\n+fresh1('${$f}', $...a)", ALL),
    Kind(" var $f = $v;\n@@ all where $v is not literal, $x in ($v, NAME, 1)\n-$f($x)\n+$f.fresh1($x)"),
    Kind("@@ any where top level\n-CALL($...a)\n+fresh1($...a)\n@@ all where not top level\n-$o.PROP\n+$o.fresh2"),
    Kind("@@ all where $x ~ /[a-m]/\n-CALL($x);\n@@ any\n-NAME\n+fresh1"),
    Kind(" CALL($...a);\n+fresh1(1);", {"fixed": ("@@ where $x is call\nCALL($...a);\n...\n$x;",), "matches": "all"}),
    # Sections
    Kind("@@\n-var NAME = $v;\n+var fresh1 = $v;\n@@ all\n-NAME\n+fresh1"),
    Kind("@@ all\n-var $f = $v;\n+var $f = fresh1($v);\n@@ any\n-$f($...a)\n+$f.fresh2($...a)"),
    Kind("@@\n const $m = require('MODULE');\n@@ all\n-$m.$p\n+$m.fresh1.$p"),
    Kind("@@\n function $f($...p) {\n+  fresh1();\n   ...\n }\n@@ all\n-$f($...a)\n+fresh2($f, $...a)"),
    Kind("@@ any\n-CALL($...a);\n+fresh1($...a);\n@@ all\n-$o.PROP\n+$o.fresh2"),
    Kind("@@ all\n-CALL($...a)\n+fresh1(CALL($...a))\n@@ any\n $x = $y;\n+fresh2($x);"),
    Kind("@@ all where $x is identifier\n $o.PROP = $x;\n@@ all\n-$x($...a)\n+fresh1($x, $...a)"),
    Kind("@@\n-const NAME = $v;\n@@ all\n-NAME\n+fresh1($v)"),
    Kind("@@ all\n-var $f = CALL($...a);\n@@ all\n-$f.$m\n+fresh1.$m"),
    Kind("-CALL($...a);", ALL),
    Kind("-CALL($...a);\n-$x = $y;"),
    Kind("-KEY: $v,", ALL),
    Kind("-PROP($...p) { ... }", ALL),
    Kind("-import $x from 'MODULE';"),
    # Lines that are missing
    Kind("@@ missing\n+const fresh1 = require('MODULE');\n@@ all\n-CALL($...a)\n+fresh1.call($...a)"),
    Kind("@@ all\n-$o.PROP\n+fresh1($o)\n@@ missing\n+import { fresh1, fresh2 as NAME } from 'MODULE';"),
    Kind("@@ missing\n+const { NAME } = require('MODULE');\n+var fresh2;\n@@ any\n-CALL($x)\n+NAME($x, fresh2)"),
    Kind("@@ missing\n+function NAME() {\n+  return 1;\n+}\n@@\n CALL($...a);"),
    Kind("@@ missing\n+'use fresh';\n+require('MODULE');"),
    # Documents with other forms
    Kind(" CALL($...a);\n+fresh1(1);", {"fixed": ("CALL($...a);\n...\nreturn;",), "matches": "all"}),
    Kind(
        " CALL($x);\n+CALL($x, 1);", {"fixed": ("CALL($x);\n...\nCALL();", "return $x;"), "insufficient": ("CALL()",)}
    ),
    Kind("-CALL($...a);\n+fresh1($...a);", {"insufficient": ("return $x;", "fresh1")}),
    Kind(f"{HANDLER}   CALL($...a);\n+  fresh1();\n   ...\n }};", {"sites": ("$o.prototype.PROP = $f",), **FUNCTIONS}),
    Kind("-$o.PROP = $v;\n+$o.PROP = fresh1($v);", {"sites": ("$o.PROP = $v", "$o.PROP++")}),
    Kind(" CALL($...a);\n+CALL.limit = $size;", {"parameters": ("size",)}, {"size": "100 * 1024"}),
    Kind("-CALL($x)\n+CALL($x, $size)", {"parameters": ("size",), "matches": "all"}, {"size": "a || b"}),
    Kind(
        "+CALL.limit = $size;\n ...",
        {"parameters": ("size",), "scope": "program", "fixed": ("... when != CALL($...a)\nCALL.limit = $size;\n...",)},
        {"size": "7"},
    ),
    Kind(" ...\n CALL($...a);\n ...\n+fresh1();", {"scope": "program"}),
)


def _words(name: str, text: str, chance: random.Random) -> str | None:
    found = [word for word in WORDS[name].findall(text) if word not in _RESERVED]
    return chance.choice(found) if found else None
