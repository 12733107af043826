"""Lines that are missing at the top of a file (`@@ missing`): where they come in, and what is left alone."""

# ruff: noqa: E501  (rows of a table stay on their lines)
from __future__ import annotations

from engine.case import Case, NoWayBack
from engine.left_alone_cases import Alone
from sio_patch.engine.outcome import Absent, Applied
from sio_patch.verdict import Reason

JOIN = "@@ missing\n+const path = require('path');\n@@ all\n-join($...a)\n+path.join($...a)"
LAST = "@@ all\n-join($...a)\n+path.join($...a)\n@@ missing\n+const path = require('path');"
ESM = "@@ missing\n+import path from 'path';\n@@ all\n-join($...a)\n+path.join($...a)"
NAMED = "@@ missing\n+import { b, a } from 'x';\n@@\n-old($x);\n+a(b, $x);"
TAKEN = "@@ missing\n+const { join } = require('path');\n@@\n-old($x)\n+join($x)"
LONE = "@@ missing\n+const a = require('a');"
BESIDE = "@@ all\n register($x)\n@@ missing\n+const a = require('a');"
TWO = "@@ missing\n+// why\n+const a = require('a');\n+const b = require('b'); // that\n@@\n-f($x)\n+a(b($x))"
SWAP = "@@\n-var $i = require('inherits');\n@@ all\n-$i($a, $b)\n+util.inherits($a, $b)\n@@ missing\n+var util = require('util');"
HELP = "@@ missing\n+function help(a) {\n+  return a || null;\n+}\n@@ all\n-go($x)\n+help($x)"

MISSING = [
    Case("behind the requires", JOIN, "var fs = require('fs');\nvar debug = require('debug')('x');\nvar a = 1;\n\nx = join('a');\ny = join('b');\n", "var fs = require('fs');\nvar debug = require('debug')('x');\nconst path = require('path');\nvar a = 1;\n\nx = path.join('a');\ny = path.join('b');\n"),
    Case("said last", LAST, "var fs = require('fs');\nx = join('a');\n", "var fs = require('fs');\nconst path = require('path');\nx = path.join('a');\n"),
    Case("behind a list of requires", JOIN, "var fs = require('fs'),\n    b = 1; // both\nx = join('a');\n", "var fs = require('fs'),\n    b = 1; // both\nconst path = require('path');\nx = path.join('a');\n"),
    Case("behind a require for its effect", JOIN, "require('a');\nx = join('a');\n", "require('a');\nconst path = require('path');\nx = path.join('a');\n"),
    Case("a require further down is no import", JOIN, "f();\nvar fs = require('fs');\nx = join('a');\n", "const path = require('path');\nf();\nvar fs = require('fs');\nx = path.join('a');\n"),
    Case("behind the imports", ESM, "import { c } from 'x';\nimport b from 'b'\n\nx = join(1);\n", "import { c } from 'x';\nimport b from 'b'\nimport path from 'path'\n\nx = path.join(1);\n", module=True),
    Case("a module without imports", ESM, "export const x = join(1);\n", "import path from 'path';\nexport const x = path.join(1);\n", module=True),
    Case("behind the directives", JOIN, "#!/usr/bin/env node\n'use strict';\nx = join(1);\n", "#!/usr/bin/env node\n'use strict';\nconst path = require('path');\nx = path.join(1);\n"),
    Case("behind the hashbang", JOIN, "#!/usr/bin/env node\nx = join(1);\n", "#!/usr/bin/env node\nconst path = require('path');\nx = path.join(1);\n"),
    Case("behind the licence", JOIN, "/*! MIT */\n\nx = join(1);\n", "/*! MIT */\n\nconst path = require('path');\nx = path.join(1);\n"),
    Case("in the file's line ends, quotes and semicolons", JOIN, "\"use strict\"\r\nvar a = require(\"a\")\r\nx = join(1)", "\"use strict\"\r\nvar a = require(\"a\")\r\nconst path = require(\"path\")\r\nx = path.join(1)"),
    Case("in a file with a BOM", JOIN, "\ufeffx = join(1);\n", "\ufeffconst path = require('path');\nx = path.join(1);\n"),
    Case("a line that is there", JOIN, "const fs = require('fs'), path = require(\"path\");\nx = join(1);\n", "const fs = require('fs'), path = require(\"path\");\nx = path.join(1);\n", back="const fs = require('fs');\nx = join(1);\n"),
    Case("a line that is there, as another declaration", JOIN, "var path = require('path');\ny = path.sep;\nx = join(1);\n", "var path = require('path');\ny = path.sep;\nx = path.join(1);\n", {"equivalent": ["declaration-kinds"]}, back=NoWayBack("the code is there, but the patch cannot be made safely: the declaration of `path` would go, and the name is still used here")),
    Case("names that are there among others", NAMED, "import x, { a as c, b, a } from \"x\";\nold(1);\n", "import x, { a as c, b, a } from \"x\";\na(b, 1);\n", module=True),
    Case("names taken apart among others", TAKEN, "const { resolve, join } = require('path');\nold(1);\n", "const { resolve, join } = require('path');\njoin(1);\n"),
    Case("the rest is there", JOIN, "var fs = require('fs');\nx = path.join('a');\n", "var fs = require('fs');\nconst path = require('path');\nx = path.join('a');\n", back="var fs = require('fs');\nx = join('a');\n"),
    Case("a name of the same spelling elsewhere", JOIN, "function f(path) { return path; }\nx = join(1);\n", "const path = require('path');\nfunction f(path) { return path; }\nx = path.join(1);\n"),
    Case("in a wrapper", JOIN, "(function (root) {\n  root.x = join(1);\n})(this);\n", "const path = require('path');\n(function (root) {\n  root.x = path.join(1);\n})(this);\n"),
    Case("two lines with comments", TWO, "var x = require('x');\nf(1);\n", "var x = require('x');\n// why\nconst a = require('a');\nconst b = require('b'); // that\na(b(1));\n", back="var x = require('x');\n// why\n// that\nf(1);\n"),
    Case("one of two lines", TWO, "const b = require('b');\nf(1);\n", "const b = require('b');\n// why\nconst a = require('a');\na(b(1));\n", back="// why\nf(1);\n"),
    Case("nothing but a line", LONE, "const b = require('b');\nf(1);\n", "const b = require('b');\nconst a = require('a');\nf(1);\n"),
    Case("a line for an empty file", LONE, "", "const a = require('a');\n"),
    Case("a line behind a lone directive", LONE, "'use strict';", "'use strict';\nconst a = require('a');"),
    Case("a directive", "@@ missing\n+'use strict';", "#!/usr/bin/env node\nvar a = require('a');\n", "#!/usr/bin/env node\n'use strict';\nvar a = require('a');\n"),
    Case("a directive behind another", "@@ missing\n+'use strict';", "'use client';\nvar a = require('a');\n", "'use client';\n'use strict';\nvar a = require('a');\n"),
    Case("a line beside context", BESIDE, "register(1);\nregister(2);\n", "const a = require('a');\nregister(1);\nregister(2);\n"),
    Case("a line in the place of another", SWAP, "var inherits = require('inherits');\ninherits(A, B);\n", "var util = require('util');\nutil.inherits(A, B);\n", back=NoWayBack("nothing that is left says where the removed code stood")),
    Case("a function", HELP, "\tvar a = require('a');\n\tif (b) {\n\t\tgo(1);\n\t}\n", "\tvar a = require('a');\n\tfunction help(a) {\n\t\treturn a || null;\n\t}\n\tif (b) {\n\t\thelp(1);\n\t}\n"),
    Case("places inside of each other, and a line", JOIN, "x = join('a', join('b'));\n", "const path = require('path');\nx = path.join('a', path.join('b'));\n"),
]  # fmt: skip

MISSING_LEFT_ALONE = [
    Alone("nothing for which it is missing", JOIN, "var fs = require('fs');\n", Absent, "a line is missing only beside the rest", "does not contain `join`"),
    Alone("any at none", JOIN.replace("@@ all", "@@ any"), "var fs = require('fs');\n", Absent, "a line is missing only beside the rest", "the code that the patch is about"),
    Alone("a line that is there, and any at none", JOIN.replace("@@ all", "@@ any"), "const path = require('path');\n", Absent, "the line alone is anybody's", "the code that the patch is about"),
    Alone("the line and the rest", JOIN, "const path = require('path');\nx = path.join(1);\n", Applied, "all is there", "2:5"),
    Alone("the line alone, where it is all", LONE, "var b;\nconst a = require('a');\n", Applied, "it is there", "2:1"),
    Alone("the line beside context", BESIDE, "const a = require('a');\nregister(1);\n", Applied, "it is there", "1:1"),
    Alone("a directive that is there", "@@ missing\n+'use strict';", "\"use strict\";\nf();\n", Applied, "quotes do not matter", "1:1"),
    Alone("a line beside no context", BESIDE, "f();\n", Absent, "context has to be found", "does not contain `register`"),
    Alone("the line in the place of another, made", SWAP, "var util = require('util');\nutil.inherits(A, B);\n", Applied, "all is there", "2:1"),
    Alone("the line, and nothing else", SWAP, "var util = require('util');\n", Absent, "nothing shows that it was the patch", "line 2 of the patch expects `var $i = require('inherits');`"),
    Alone("the name is declared", JOIN, "var path = require('path');\nx = join(1);\n", Reason.NAME_TAKEN, "var is not const, unless the patch says so", "the patch declares `path`, and the file has another `path`"),
    Alone("the name is a global that is used", JOIN, "y = path.x;\nx = join(1);\n", Reason.NAME_TAKEN, "its meaning would change", "the file uses a global of that name"),
    Alone("a part of the names is there", NAMED, "import { b } from 'x';\nold(1);\n", Reason.NAME_TAKEN, "b cannot come twice", "the patch declares `b`"),
    Alone("the name is a parameter where it is used", JOIN, "function f(path) { return join(path); }\n", Reason.UNSAFE_PLACE, "another would be meant", "the patch's `path` would not mean the one that it declares at the top"),
    Alone("the name is a wrapper's where it is used", JOIN, "(function (root, path) { x = join(1); })(this);\n", Reason.UNSAFE_PLACE, "another would be meant", "the patch's `path` would not mean the one that it declares at the top"),
    Alone("the line in a wrapper", JOIN, "(function () {\n  const path = require('path');\n  x = join(1);\n})();\n", Reason.UNSAFE_PLACE, "it is not at the top of the program", "the patch's `path` would not mean the one that it declares at the top"),
    Alone("an import for a script", ESM, "x = join(1);\n", Reason.UNSAFE_PLACE, "it would be another kind of file", "the file is a script, and with the patch in it it could only be read as a module"),
    Alone("a require for a module", JOIN, "import a from 'a';\nx = join(1);\n", Reason.UNSAFE_PLACE, "there is no such function there", "the file is an ES module, which takes `import` lines"),
]  # fmt: skip
