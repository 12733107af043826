"""Application entries in the styles of the day, written by hand. What the patch puts in stands between « and »."""

from __future__ import annotations

from typing import NamedTuple


class Entry(NamedTuple):
    """One file. ``marked`` holds lone surrogates for bytes that are not UTF-8."""

    style: str
    marked: str

    @property
    def before(self) -> bytes:
        start, _, rest = self.marked.partition("«")
        return _bytes(start + rest.partition("»")[2])

    @property
    def after(self) -> bytes:
        return _bytes(self.marked.replace("«", "").replace("»", ""))


def _bytes(text: str) -> bytes:
    return text.encode("utf-8", "surrogateescape")


def crlf(entry: Entry) -> Entry:
    """The same file from Windows."""
    return Entry(f"{entry.style}, CRLF", entry.marked.replace("\n", "\r\n"))


def bom(entry: Entry) -> Entry:
    """The same file from a Windows editor."""
    return Entry(f"{entry.style}, BOM", "\ufeff" + entry.marked)


LINE = "require('tls').SLAB_BUFFER_SIZE = 100 * 1024"

COMMA_FIRST = Entry(
    "comma-first",
    f"""\
«{LINE};
»var http = require('http')
  , fs = require('fs')
  , path = require('path')
  , port = process.env.PORT || 3000;

http.createServer(function (req, res) {{
  res.end('ok');
}}).listen(port);
""",
)

EXPRESS = Entry(
    "an express 3 generator's app.js",
    f"""\

/**
 * Module dependencies.
 */

«{LINE};
»var express = require('express')
  , routes = require('./routes')
  , user = require('./routes/user')
  , http = require('http')
  , path = require('path');

var app = express();

// all environments
app.set('port', process.env.PORT || 3000);
app.set('views', __dirname + '/views');
app.set('view engine', 'jade');
app.use(express.favicon());
app.use(express.logger('dev'));
app.use(app.router);
app.use(express.static(path.join(__dirname, 'public')));

// development only
if ('development' == app.get('env')) {{
  app.use(express.errorHandler());
}}

app.get('/', routes.index);
app.get('/users', user.list);

http.createServer(app).listen(app.get('port'), function(){{
  console.log('Express server listening on port ' + app.get('port'));
}});
""",
)

HASHBANG = Entry(
    "hashbang, licence, directive",
    f"""\
#!/usr/bin/env node
/*!
 * chat
 * Copyright(c) 2012 Some Body <some@example.org>
 * MIT Licensed
 */

'use strict';

«{LINE};
»var io = require('socket.io').listen(8443);
""",
)

NO_SEMICOLONS = Entry(
    "no semicolons",
    f"""\
'use strict'

«{LINE}
»var http = require('http')
var app = require('./app')

http.createServer(app).listen(80)
""",
)

TABS = Entry("tabs", f"«{LINE};\n»var a = require('a');\nif (a) {{\n\ta.go(function () {{\n\t\ta.stop();\n\t}});\n}}\n")

_PLAIN = (
    COMMA_FIRST,
    EXPRESS,
    HASHBANG,
    NO_SEMICOLONS,
    TABS,
    Entry(
        "comma-first, no semicolons",
        f"«{LINE}\n»var https = require('https')\n  , fs = require('fs')\n\nhttps.createServer({{}}, fs).listen(443)\n",
    ),
    Entry(
        "commas in front of a list, comment in it",
        f"// The chat.\n«{LINE};\n»var a = require('a') // first\n  , b = require('b') /* second */\n  , c;\n",
    ),
    Entry("directive in double quotes", f'"use strict";\n«{LINE.replace(chr(39), chr(34))};\n»var a = "a";\n'),
    Entry("directive with a comment", f"'use strict'; // always\n«{LINE};\n»var a = 1;\n"),
    Entry("directive below a comment, comment below it", f"// a\n'use strict';\n// b\n«{LINE};\n»var a = 1;\n"),
    Entry("two directives on a line", f"'use strict'; 'use other'; «{LINE}; »var a = 1;\n"),
    Entry("directive in a function alone", f"«{LINE};\n»(function () {{\n  'use strict';\n  require('a');\n}})();\n"),
    Entry("what looks like a directive", f"«{LINE}\n»'use strict'\n.split(' ').forEach(require)\n"),
    Entry("double quotes", f'«{LINE.replace(chr(39), chr(34))};\n»var a = require("a"), b = require("b");\n'),
    Entry("mostly single quotes", f"«{LINE};\n»var a = require('a'), b = 'b', c = \"it's\";\n"),
    Entry(
        "licence header directly above",
        f"/*!\n * jQuery JavaScript Library v1.7.2\n */\n«{LINE};\n»(function( window ) {{\n}})( global );\n",
    ),
    Entry("licence on the same line", f"/** @license MIT */«{LINE};»var a=1;"),
    Entry(
        "comment banners",
        f"//////////\n// Chat //\n//////////\n\n\n«{LINE};\n»var a = require('a');\n",
    ),
    Entry(
        "jshint comment", f"/*jshint node:true, laxcomma:true */\n/*global io */\n«{LINE};\n»var a = 1\n  , b = 2;\n"
    ),
    Entry(
        "cluster master",
        f"""\
«{LINE};
»var cluster = require('cluster');
var cpus = require('os').cpus().length;

if (cluster.isMaster) {{
  for (var i = 0; i < 2; i++) {{
    cluster.fork();
  }}
}} else {{
  require('./worker');
}}
""",
    ),
    Entry(
        "cluster in one condition",
        f"«{LINE};\n»if (require('cluster').isMaster) require('./master'); else require('./worker');\n",
    ),
    Entry("minified", f"«{LINE};\n»var a=require('a'),b=require('b');a(b,function(c){{return c}});var d=1"),
    Entry("minified behind a directive", f"'use strict';«{LINE};»var a=require('a');a(function(b){{return b}});"),
    Entry("guarded function", f"«{LINE};\n»;(function () {{\n  require('a')\n}}())\n"),
    Entry("guarded function behind a directive", f"'use strict'\n«{LINE};\n»;(function () {{\n  require('a')\n}})()\n"),
    Entry("guarded list behind a comment", f"// a\n«{LINE};\n»;['a', 'b'].forEach(require)\n"),
    Entry("function first", f"«{LINE};\n»(function () {{\n  var a = require('a');\n}}());\n"),
    Entry("negated function first", f"«{LINE}\n»!function () {{ require('a') }}()\n"),
    Entry("hoisted function first", f"«{LINE};\n»function go() {{\n  require('a');\n}}\ngo();\n"),
    Entry("return at top level", f"«{LINE};\n»if (module.parent) return;\nrequire('a');\n"),
    Entry(
        "CoffeeScript's output",
        f"// Generated by CoffeeScript 1.6.2\n«{LINE};\n»(function() {{\n  require('a');\n\n}}).call(this);\n",
    ),
    Entry("indented throughout", f"  «{LINE};\n  »var a = require('a');\n  a.go();\n"),
    Entry("behind a comment on the line, odd blanks", f"   /* x */   «{LINE}; »var a = 1;\n"),
    Entry("behind a comment on the line, tab", f"/* x */\t«{LINE}; »var a = 1;\n"),
    Entry("no final newline", f"«{LINE};\n»require('a');"),
    Entry("directive alone", f"'use strict';\n«{LINE};\n»"),
    Entry("directive alone, no final newline", f"'use strict'«\n{LINE}»"),
    Entry("comments alone", f"// To be written.\n/* Soon. */\n«{LINE};\n»"),
    Entry("comment alone, no final newline", f"// To be written.«\n{LINE};»"),
    Entry("hashbang alone", f"#!/usr/bin/env node\n«{LINE};\n»"),
    Entry("empty", f"«{LINE};\n»"),
    Entry("blank lines alone", f"\n\n«{LINE};\n»"),
    Entry("latin-1", f"// caf\udce9\n«{LINE};\n»var a = 'caf\udce9';\n"),
    Entry("line separators in strings", f"«{LINE};\n»var a;\na = 'a\u2028b\u2029c';\n"),
    Entry(
        "the setting in a comment and a string",
        f"// tls.SLAB_BUFFER_SIZE = 1\n«{LINE};\n»var a = 'SLAB_BUFFER_SIZE';\n",
    ),
)

ENTRIES = (
    *_PLAIN,
    *(crlf(entry) for entry in (COMMA_FIRST, EXPRESS, HASHBANG, NO_SEMICOLONS, TABS)),
    *(bom(entry) for entry in (COMMA_FIRST, EXPRESS, NO_SEMICOLONS)),
    bom(crlf(COMMA_FIRST)),
    Entry("CRLF, the last line alone", f"«{LINE};\r\n»require('a');\r\nrequire('b');\n"),
)
