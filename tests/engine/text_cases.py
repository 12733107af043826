"""`'${$name}/old'`: a name inside a string of a pattern."""

from __future__ import annotations

from engine.case import Case, NoWayBack
from engine.left_alone_cases import Alone
from sio_patch.engine.outcome import Absent, Applied
from sio_patch.verdict import Reason

ALL = {"matches": "all"}
MOVED = "-require('${$name}/old')\n+require('${$name}/new')"
NODE = "-require($module)\n+require('node:${$module}')"
IN_A_STRING = NoWayBack("$module is an expression here, and all that binds it is text in a string")

TEXTS = [
    Case("text: a part of a module's name", MOVED, "a = require('lodash/old');\n", "a = require('lodash/new');\n"),
    Case("text: quotes, a hyphen, a comment", MOVED, 'a = require( "left-pad/old" /* one */ );\n',
         'a = require( "left-pad/new" /* one */ );\n'),
    Case("text: an escape", MOVED, "a = require('l\\x6fdash/old');\n", "a = require('lodash/new');\n",
         back="a = require('lodash/old');\n"),
    Case("text: a string in a string", NODE, "a = require('fs/promises');\n", "a = require('node:fs/promises');\n",
         back=IN_A_STRING),
    Case("text: a member's name in a string", "-chalk.$style($text)\n+styleText('${$style}', $text)",
         "a = chalk.red(chalk['bold'](b));\n", "a = styleText('red', styleText('bold', b));\n", ALL,
         back="a = chalk.red(chalk.bold(b));\n"),
    Case("text: a variable's name in a string", "-import { $name } from './all';\n+import $name from './all/${$name}';",
         'import { a } from "./all";\na();\n', 'import a from "./all/a";\na();\n', module=True),
    Case("text: a name that stands in the code too", "-register('${$f}', $f)\n+register($f)",
         "register('go', go);\nregister('a', b);\n", "register(go);\nregister('a', b);\n"),
    Case("text: a string's name as a member's", "-o.get('${$k}').value\n+o.$k.value", "a = o.get('b').value;\n",
         "a = o.b.value;\n"),
    Case("text: two names", "-route('${$a}#${$b}')\n+route('${$b}', '${$a}')", "route('users#show');\n",
         "route('show', 'users');\n"),
    Case("text: one name twice", "-twice('${$a} ${$a}')\n+once('${$a}')", "twice('go go');\n", "once('go');\n"),
    Case("text: JavaScript's own", "-log('${$$x} is')\n+log('${$$y} is')", "log('${$x} is');\n", "log('${$y} is');\n"),
    Case("text: inside of something", " <...\n-t('${$a}.old')\n+t('${$a}.new')\n ...>",
         "f(t('x.old'), () => t(\"y.old\"));\n", "f(t('x.new'), () => t('y.new'));\n",
         back="f(t('x.old'), () => t('y.old'));\n"),
]  # fmt: skip

TEXTS_ALONE = [
    Alone("text: more in the string", MOVED, "a = require('lodash/old/more');\n", Absent, "it ends otherwise",
          "stands `'lodash/old/more');`"),
    Alone("text: more before the name", MOVED, "a = require('@x/lodash/old');\n", Absent, "a name has no slash in it",
          "stands `'@x/lodash/old');`"),
    Alone("text: no name", MOVED, "a = require('/old');\n", Absent, "there is none", "stands `'/old');`"),
    Alone("text: a string of two words", "-t('${$a}')\n+u('${$a}')", "t('two words');\n", Absent, "a name is one word",
          "stands `'two words');`"),
    Alone("text: another name than in the code", "-register('${$f}', $f)\n+register($f)", "register('a', b);\n", Absent,
          "the two are not one", "stands `b);`"),
    Alone("text: code that is no text", NODE, "a = require(fs());\n", Reason.UNSAFE_PLACE, "it is a call",
          "the patch writes `fs()` into a string, and it is no name and no plain string"),
    Alone("text: a quotation mark", NODE, "a = require('it\"s');\n", Reason.UNSAFE_PLACE, "it would end the string",
          "into a string, and it is no name and no plain string"),
    Alone("text: no name for a member", "-o.get('${$k}').value\n+o.$k.value", "a = o.get('b-c').value;\n",
          Reason.UNSAFE_PLACE, "o.b-c is another thing", "the patch writes `b-c` as a member's name"),
    Alone("text: done", MOVED, "a = require('lodash/new');\n", Applied, "done", "1:13"),
]  # fmt: skip
