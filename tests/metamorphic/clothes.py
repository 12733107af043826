"""The same program in other clothes: byte-for-byte changes of a file that mean nothing to JavaScript.

Each takes a file apart by its own means, without the parser that the product uses. They are applied to the published
file and to the file patched by hand alike; patching what the one gives must give the other.
"""

from __future__ import annotations

import re
from collections.abc import Callable

Dress = Callable[[bytes], bytes]

HANDLER = re.compile(rb"^Manager\.prototype\.handleUpgrade = .*?^};$", re.S | re.M)
CALL = b"  this.handleClient(data, req);\n"


def within_handler(change: Dress) -> Dress:
    """Applies a change to the text of ``handleUpgrade`` only."""
    return lambda text: HANDLER.sub(lambda match: change(match[0]), text, count=1)


def at_call(new: bytes) -> Dress:
    """Writes the line with the call in another way."""
    return within_handler(lambda text: text.replace(CALL, new))


def words(**names: str) -> Dress:
    """Renames variables: whole words that do not follow a dot."""

    def change(text: bytes) -> bytes:
        for old, new in names.items():
            text = re.sub(rb"(?<![.\w])%s\b" % old.encode(), new.encode(), text)
        return text

    return change


def newlines(chosen: Callable[[bytes], bytes]) -> Dress:
    """Ends each line as ``chosen`` says, by the line's own content."""
    return lambda text: b"".join(line + chosen(line) for line in text.removesuffix(b"\n").split(b"\n"))


def indentation(change: Callable[[bytes], bytes]) -> Dress:
    """Writes the white space at the head of each line anew."""
    return lambda text: re.sub(rb"^ +", lambda match: change(match[0]), text, flags=re.M)


def one_line(text: bytes) -> bytes:
    """All lines of a function joined by single spaces."""
    return b" ".join(filter(None, (line.strip() for line in text.split(b"\n"))))


def umd(text: bytes) -> bytes:
    """The file as a factory in a universal module shell."""
    head = b"(function (root, factory) {\n  module.exports = factory.call(root);\n}(this, function () {\n"
    return head + text + b"  return module.exports;\n}));\n"


def one_after_another(*dresses: Dress) -> Dress:
    """Puts on several."""

    def change(text: bytes) -> bytes:
        for dress in dresses:
            text = dress(text)
        return text

    return change


def _indented(line: bytes) -> bool:
    return line.startswith(b"  ")


CRLF: Dress = newlines(lambda line: b"\r\n")
TABS: Dress = indentation(lambda spaces: b"\t" * (len(spaces) // 2) + b" " * (len(spaces) % 2))

DRESSES: dict[str, Dress] = {
    "as published": lambda text: text,
    "crlf": CRLF,
    "mixed endings, crlf inside": newlines(lambda line: b"\r\n" if _indented(line) else b"\n"),
    "mixed endings, crlf outside": newlines(lambda line: b"\n" if _indented(line) else b"\r\n"),
    "tabs": TABS,
    "four spaces": indentation(lambda spaces: spaces * 2),
    "tabs after spaces": indentation(lambda spaces: b" \t" + spaces[2:]),
    "form feed and no-break space": indentation(lambda spaces: "\f\u00a0".encode() + spaces),
    "byte order mark": lambda text: b"\xef\xbb\xbf" + text,
    "latin-1 in a comment": lambda text: text.replace(b"LearnBoost", b"Caf\xe9", 1),
    "latin-1 beside the call": at_call(b"  this.handleClient(data, req); // \xe9\xff\n"),
    "beyond the basic plane": lambda text: "/* \U0001d4b3 \U0001f4a9 */ var x = '\U0001f4a9';\n".encode() + text,
    "line separator in a comment": lambda text: "/* \u2028 \u2029 */\n".encode() + text,
    "no final newline": lambda text: text.rstrip(b"\n"),
    "blank lines at the end": lambda text: text + b"\n \n\t\n",
    "trailing white space": at_call(b"  this.handleClient(data, req); \t\n"),
    "line comment": at_call(b"  this.handleClient(data, req); // hand over; delete req.head;\n"),
    "block comment": at_call(b"  this.handleClient(data, req); /* hand over */\n"),
    "comment inside the call": at_call(b"  this /* a */ . handleClient ( data , /* ; */ req ) ;\n"),
    "hashbang": lambda text: b"#!/usr/bin/env node\n" + text,
    "strict": lambda text: b"'use strict';\n" + text,
    "strict function": within_handler(lambda text: text.replace(b"{\n", b"{\n  'use strict';\n", 1)),
    "umd": umd,
    "umd, indented": lambda text: umd(re.sub(rb"^(?=.)", b"  ", text, flags=re.M)),
    "one line": within_handler(one_line),
    "indented by nothing": within_handler(indentation(lambda spaces: b"")),
    "parameters renamed": within_handler(words(req="request", head="firstPacket", socket="req_")),
    "parameters with odd names": within_handler(words(req="$req", head="$", data="_", self="that")),
    "names beyond ASCII": within_handler(words(data="d\u00e4ta")),
    "quoted properties": within_handler(lambda text: text.replace(b"req.head = head", b"req['head'] = (head)")),
    "quoted method": at_call(b'  this["handle\\u0043lient"](data, req);\n'),
    "quoted prototype": lambda text: text.replace(b"prototype.handleUpgrade", b"prototype['handleUpgrade']"),
    "function in parentheses": within_handler(
        lambda text: text.replace(b"= function", b"= (function").removesuffix(b"};") + b"});"
    ),
    "named function": within_handler(lambda text: text.replace(b"function (", b"function handleUpgrade (")),
    "logging between": within_handler(lambda text: text.replace(b"head;\n", b"head;\n  log(1); count++;\n", 1)),
    "logging after": within_handler(lambda text: text.removesuffix(b"};") + b"  log(req.url);\n};"),
    "ballast": lambda text: b"".join(b"// %d\n" % number for number in range(30_000)) + text,
    "several at once": one_after_another(
        umd, TABS, CRLF, lambda text: b"\xef\xbb\xbf// \xe9\r\n" + text.removesuffix(b"\r\n")
    ),
}
