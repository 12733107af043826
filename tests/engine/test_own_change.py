"""What is believed to be a patch's own change without a parser, and what is not."""

from __future__ import annotations

import time

import pytest

from sio_patch.engine.edits import Edit, Edits
from sio_patch.engine.own_change import is_own_change

VALVE = """\
 stop = function ($tank, $done) {
   ...
   $tank.drain();
+  $tank.close();
   ...
 };
"""
STOP = "stop = function (water, done) {\n  log();\n  water.drain();\n%s  done();\n};\n"
KEEP = """\
 hold = function ($req, $head) {
   ... when != $any.$p = $head when != $req.head = $v
   $req.head = $head;
   ... when != $req = $v when != return
   go($req);
+  delete $req.head;
   ... when != $any.$p = $head when != $req.head = $v
 };
"""
HOLD = "hold = function (r, h) {\n  if (a(r)) return;\n  r.head = h;\n%s  go(r);\n[]%s};\nvar b = r.head / 2;\n"
DELETE = "  delete r.head;\n"
CLOSE = "  water.close();\n"
RENAME = "-old($x, 1);\n+fresh($x, 1);\n"
REMOVE = " open($x);\n-noise($x);\n"
KEYED = " go({\n   a: $v,\n   ... when != safe: $_,\n   b: $w,\n+  safe: true,\n   ...\n });\n"
AFTER_OPEN = " open($x);\n+close($x);\n"


def change(text: str, was: str, becomes: str) -> tuple[str, Edits]:
    """``was`` stands between ``[`` and ``]``, which are taken out, and is replaced."""
    start = text.index("[")
    assert text[start:].startswith(f"[{was}]")
    return text.replace(f"[{was}]", was, 1), Edits([Edit(start, start + len(was), becomes)])


OWN = {
    "a whole line": (VALVE, STOP % "[]", "", CLOSE),
    "at the end of the line before": (VALVE, STOP.replace("drain();", "drain();[]") % "", "", "\n  water.close();"),
    "without semicolons": (VALVE, (STOP % "[]").replace(";", ""), "", CLOSE.replace(";", "")),
    "behind a comment": (VALVE, STOP.replace("drain();", "drain(); // at last") % "[]", "", CLOSE),
    "strings and comments in the gap": (
        VALVE, STOP.replace("log();", "log('it\\'s } \"so\"'); /* { */ if (a) { b(\")\"); } // {") % "[]", "", CLOSE,
    ),
    "another function of that shape": (
        VALVE, STOP % "[]" + "go = function (water, done) {\n  water.drain();\n};\n", "", CLOSE,
    ),
    "another name is called": (VALVE, STOP % "[]" + "stop(water);\n", "", CLOSE),
    "no more than the word": (RENAME, "[old](a, 1);\n", "old", "fresh"),
    "the whole statement": (RENAME, "[old(a, 1);]\n", "old(a, 1);", "fresh(a, 1);"),
    "a removal": (REMOVE, "open(a);\n[noise(a);\n]", "noise(a);\n", ""),
    "nothing of what the gaps rule out": (
        KEEP, HOLD % ("  b('}', heads);\n", "  r.tail = {};\n  return '}';\n"), "", DELETE,
    ),
    "what a gap rules out, behind its block": (KEEP, HOLD % ("", "") + "r.head = h;\n", "", DELETE),
    "no gap": (AFTER_OPEN, "x();\nopen(a);\n[]", "", "close(a);\n"),
}  # fmt: skip


@pytest.mark.parametrize("kind", OWN)
def test_own(kind: str) -> None:
    diff, text, was, becomes = OWN[kind]
    assert is_own_change(diff, *change(text, was, becomes))


DOUBTFUL = {
    "something else": (VALVE, STOP % "[]", "", "  water.shut();\n"),
    "a part of it": (VALVE, STOP % "[]", "", "  water\n"),
    "more than that": (VALVE, STOP % "[]", "", CLOSE + "  evil();\n"),
    "another name": (VALVE, STOP % "[]", "", "  done.close();\n"),
    "nothing": (VALVE, STOP % "[]", "", ""),
    "a comment": (VALVE, STOP % "[]", "", "  // water.close();\n"),
    "in a comment": (VALVE, STOP % "  /*\n  water.drain();\n[]  */\n", "", CLOSE),
    "in a line comment": (VALVE, STOP % "  // [] \n", "", CLOSE),
    "in a string that goes on": (VALVE, STOP % "  x('\\\n[]');\n", "", CLOSE),
    "in a template": (VALVE, STOP % "  x(`\n  water.drain();\n[]`);\n", "", CLOSE),
    "its anchor is in a comment": (VALVE, STOP.replace("  water", "  // water") % "[]", "", CLOSE),
    "its function is in a comment": (VALVE, "/*\n" + STOP % "*/ water.drain();\n[]", "", CLOSE),
    "elsewhere in the function": (VALVE, STOP.replace("done();", "done();[]") % "", "", "\n  water.close();"),
    "in a function inside": (VALVE, STOP % "  x(function () {\n  water.drain();\n[]  });\n", "", CLOSE),
    "in another function": (
        VALVE, STOP % "" + "go = function (water, done) {\n  water.drain();\n[]};\n", "", CLOSE,
    ),
    "in another function, with brackets in a comment": (
        VALVE, STOP % "" + "/*{*/go = function (water, done) {\n  water.drain();\n[]};\n", "", CLOSE,
    ),
    "the same function again": (VALVE, STOP % "[]" + STOP % "", "", CLOSE),
    "the same function again, named by a string": (
        VALVE, STOP % "[]" + "x['stop'] = function (water, done) {};\n", "", CLOSE,
    ),
    "the same function again, with an escape": (VALVE, STOP % "[]" + "st\\u006fp = function (a, b) {};\n", "", CLOSE),
    "the same function again, as a method": (VALVE, STOP % "[]" + "class A { stop (a, b) { a.drain() } }\n", "", CLOSE),
    "the same function again, as a property": (VALVE, STOP % "[]" + "({ stop: function (a, b) {} })\n", "", CLOSE),
    "what is taken out is there still": (RENAME, "[old](a, 1);\nold(b, 1);\n", "old", "fresh"),
    "what is taken out is there still, written otherwise": (RENAME, "[old](a, 1);\nold (b, 1)\n", "old", "fresh"),
    "what is taken out is there still, in a comment": (RENAME, "[old](a, 1);\n// old\n", "old", "fresh"),
    "a word for a word elsewhere": (RENAME, "[old] = 1;\n", "old", "fresh"),
    "a regular expression on the way": (VALVE, STOP.replace("log();", "a = /{/;") % "[]", "", CLOSE),
    "a template on the way": (VALVE, STOP.replace("log();", "a = `{`;") % "[]", "", CLOSE),
    "an expression for a name": (AFTER_OPEN, "open(a.b);\n[]", "", "close(a.b);\n"),
    "one of two places": (AFTER_OPEN, "open(a);\n[]open(b);\n", "", "close(a);\n"),
    "what a gap rules out, before": (KEEP, HOLD.replace("  if", "  s.head = h;\n  if") % ("", ""), "", DELETE),
    "what a gap rules out, between": (KEEP, HOLD % ("  if (b) return;\n", ""), "", DELETE),
    "another variable, between": (KEEP, HOLD % ("  r = c;\n", ""), "", DELETE),
    "what a gap rules out, behind": (KEEP, HOLD % ("", "  r.head = h;\n"), "", DELETE),
    "what a gap rules out, in quotes": (KEEP, HOLD % ("", "  r['head'] = 1;\n"), "", DELETE),
    "what a gap rules out, with an escape": (KEEP, HOLD % ("", "  r.h\\u0065ad = 1;\n"), "", DELETE),
    "what a gap may rule out, behind a regular expression": (KEEP, HOLD % ("", "  a = /}/; r.head = h;\n"), "", DELETE),
    "what a gap rules out behind the next line": (
        AFTER_OPEN + " end();\n ... when != end\n", "open(a);\n[]end();\nend();\n", "", "close(a);\n",
    ),
    "what may be a key that a gap rules out": (
        KEYED, "go({\n  a: v,\n  ...c,\n  b: w,\n[]  d\n});\n", "", "  safe: true,\n",
    ),
    "a condition": ("@@ where $x is identifier\n" + AFTER_OPEN, "open(a);\n[]", "", "close(a);\n"),
    "two sections": ("@@\n" + AFTER_OPEN, "open(a);\n[]", "", "close(a);\n"),
    "two changes": (AFTER_OPEN + " x();\n+y();\n", "open(a);\n[]", "", "close(a);\n"),
    "a run": (" open($...x);\n+close();\n", "open(a);\n[]", "", "close();\n"),
    "without a context": ("+close();\n", "open(a);\n[]", "", "close();\n"),
}  # fmt: skip


@pytest.mark.parametrize("kind", DOUBTFUL)
def test_doubtful(kind: str) -> None:
    diff, text, was, becomes = DOUBTFUL[kind]
    assert not is_own_change(diff, *change(text, was, becomes))


def test_several_edits_of_one_change() -> None:
    diff = "-old($x, 1);\n+fresh($x, 2);\n"
    assert is_own_change(diff, "old(a, 1);", Edits([Edit(0, 3, "fresh"), Edit(7, 8, "2")]))
    assert not is_own_change(diff, "old(a, 1);", Edits([Edit(0, 3, "fresh")]))


HOSTILE = {
    "spaces": " " * 1_000_000,
    "one word": "a" * 1_000_000,
    "words": "a " * 500_000,
    "members": "a.b" * 300_000,
    "openings": "{" * 1_000_000,
    "quotes": "'" * 1_000_000,
    "comments": "/*" * 500_000,
    "anchors": "  water.drain();\n" * 60_000,
    "functions": "stop = function (" * 50_000,
    "escapes": "\\" * 1_000_000,
}


@pytest.mark.parametrize("kind", HOSTILE)
@pytest.mark.parametrize("place", [0, 1, 2])
def test_it_takes_no_time(kind: str, place: int) -> None:
    hostile = [HOSTILE[kind] if at == place else "" for at in range(3)]
    text = hostile[0] + (STOP % (hostile[1] + "\n  water.drain();\n[]")) + hostile[2]
    start = time.process_time()
    is_own_change(VALVE, *change(text, "", CLOSE))
    assert time.process_time() - start < 2
