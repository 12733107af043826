"""Each question that the judge asks, by an edit that only this question stops, and one beside it that is right."""

# ruff: noqa: E501  (rows of a table stay on their lines)
from __future__ import annotations

import re
from collections.abc import Iterator
from difflib import SequenceMatcher
from itertools import accumulate
from typing import NamedTuple

import pytest

from sio_patch.engine import rewrite, rounds
from sio_patch.engine.edits import Edit
from sio_patch.engine.outcome import NeedsPatch, Outcome, Refused
from sio_patch.engine.pattern import compile_patch
from sio_patch.engine.rewrite import assess
from sio_patch.engine.source import Source
from sio_patch.engine.write.render import Renderer
from sio_patch.verdict import Reason

ADD = " open($x);\n+close($x);"
RENAME = "-old($x)\n+fresh($x)"


class Wrong(NamedTuple):
    """``after`` is what a faulty renderer makes of ``before``; ``says`` stands in the objection, at that line."""

    id: str
    patch: str
    before: str
    after: str
    says: str
    line: int = 1


def heard(patch: str, before: str, after: str, monkeypatch: pytest.MonkeyPatch) -> Outcome:
    """What the engine says where its renderer makes ``after``, by an edit for each run of words that differs."""
    monkeypatch.setattr(Renderer, "edits", lambda *_: list(edited(before, after)))
    monkeypatch.setattr(rounds, "settle", lambda _, plans: plans)
    matches = "all" if patch.startswith("-foo") else "one"
    return rewrite.assess(compile_patch(patch, matches=matches), Source(before))


def edited(before: str, after: str) -> Iterator[Edit]:
    old, new = (re.findall(r"\w+|\s+|[^\w\s]", text) for text in (before, after))
    starts = [0, *accumulate(map(len, old))]
    for tag, i, j, k, m in SequenceMatcher(None, old, new, autojunk=False).get_opcodes():
        if tag != "equal":
            yield Edit(starts[i], starts[j], "".join(new[k:m]))


WRONG = [
    # what stands round the place
    Wrong("another statement goes", ADD, "keep();\nopen(f);\n", "open(f);\nclose(f);\n",
          "`keep();`, which is not the patch's to change, would go"),
    Wrong("another statement comes", ADD, "open(f);\nkeep();\n", "open(f);\nclose(f);\nkeep();\nevil();\n",
          "`evil();` would come in beside the patch", 3),
    Wrong("it comes twice", ADD, "open(f);\nkeep();\n", "open(f);\nclose(f);\nclose(f);\nkeep();\n",
          "`close(f); close(f);` would come in beside the patch"),
    Wrong("another name is changed", ADD, "open(f);\nkeep(a);\n", "open(f);\nclose(f);\nkeep(b);\n",
          "`a`, which is not the patch's to change, would become `b`", 2),
    Wrong("an operator is changed", ADD, "open(f);\nx = a + b;\n", "open(f);\nclose(f);\nx = a - b;\n",
          "`a + b`, which is not the patch's to change, would become `a - b`", 2),
    Wrong("a literal is changed", ADD, "open(f);\nx = 1;\n", "open(f);\nclose(f);\nx = '1';\n",
          "`1`, which is not the patch's to change, would become `'1'`", 2),
    Wrong("statements run together", ADD, "open(f)\n;(g)()\n", "open(f)\n;close(f)\n(g)()\n",
          "would not read as patched"),
    Wrong("the order is another", ADD, "open(f);\na();\nb();\n", "open(f);\nclose(f);\nb();\na();\n",
          "`close(f); b();` would come in"),
    Wrong("an argument goes", RENAME, "old(f);\nkeep(a, b);\n", "fresh(f);\nkeep(a);\n",
          "`b`, which is not the patch's to change, would go", 2),
    Wrong("a hole of an array goes", RENAME, "old(f);\nx = [a, , b];\n", "fresh(f);\nx = [a, b];\n", "would become", 2),
    Wrong("a function loses its name", RENAME, "old(f);\nx = function a() {};\n", "fresh(f);\nx = function () {};\n",
          "would become", 2),
    Wrong("a directive is none any more", RENAME, "'use strict';\nold(f);\n", "('use strict');\nfresh(f);\n",
          "`'use strict';`, which is not the patch's to change"),
    Wrong("a directive goes", RENAME, "'use strict';\nold(f);\n", "fresh(f);\n",
          "`'use strict';`, which is not the patch's to change, would go"),
    Wrong("a statement that is to go stays", "-noise();\n-more();\n+fresh();", "noise();\nmore();\n", "fresh();\nmore();\n",
          "`more` is to go, and would stay", 2),
    Wrong("it goes into another case", " case 1:\n   a();\n+  b();", "switch (x) { case 1: a(); case 2: a(); }\n",
          "switch (x) { case 1: a(); case 2: a(); b(); }\n", "would not read as patched"),
    # what the patch need not say
    Wrong("an export goes", " function f() {\n+  go();\n   ...\n }", "export var a;\nexport function f() {}\n",
          "export var a;\nfunction f() { go(); }\n", "`export function f() {}`, which is not the patch's to change", 2),
    Wrong("an export gets another name", "-function f() { ... }\n+function g() { ... }", "export function f() {}\n",
          "export function g() {}\n", "`f` would no more be exported under that name"),
    Wrong("what a class extends goes", "-class A { $...m }\n+class Z { $...m }", "class A extends B { m() {} }\n",
          "class Z { m() {} }\n", "the class extends `B`, which would go"),
    Wrong("what a class extends is another", "-class A { $...m }\n+class Z { $...m }", "class A extends B { m() {} }\n",
          "class Z extends C { m() {} }\n", "would"),
    Wrong("an else goes", "-if (a($x)) { ... } else ...\n+if (b($x)) { ... } else ...", "if (a(x)) c(); else d();\n",
          "if (b(x)) c();\n", "would go"),
    Wrong("an else comes", "-if (a($x)) { ... } else ...\n+if (b($x)) { ... } else ...", "if (a(x)) c();\n",
          "if (b(x)) c(); else d();\n", "would"),
    # what the metavariables and the gaps stand for
    Wrong("another value is wrapped", "-load($x)\n+safe(load($x))", "load(f);\n", "safe(load(g));\n",
          "would not read as patched"),
    Wrong("a value is lost", "-load($x, $y)\n+safe($x, $y)", "load(f, g);\n", "safe(f, f);\n", "would not read as patched"),
    Wrong("code in a gap goes", "-if (a) {\n-  ...\n-}\n+if (b) {\n+  ...\n+}", "if (a) { one(); two(); }\n",
          "if (b) { two(); }\n", "`one(); two();`, which is not the patch's to change, would become `two();`"),
    Wrong("code in a gap comes", " function f() {\n   ...\n-  last();\n+  end();\n }", "function f() { one(); last(); }\n",
          "function f() { one(); evil(); end(); }\n", "`evil();` would come in beside the patch"),
    Wrong("the plus slice is elsewhere", ADD, "open(f);\nif (a) { open(g); }\n", "open(f);\nif (a) { open(g); close(g); }\n",
          "would not read as patched"),
    # the goal
    Wrong("a script becomes a module", "-a($x)\n+await a($x)", "var b = 1;\na(1);\n", "var b = 1;\nawait a(1);\n",
          "the file is a script, and with the patch in it it could only be read as a module", 2),
    Wrong("what comes out is no JavaScript", ADD, "open(f);\n", "open(f);\nclose(f;\n", "what comes out could not be read"),
    # what names and words mean
    Wrong("a declaration goes", "-var a = $x;\n+var b = $x;", "var a = 1;\nuse(a);\n", "var b = 1;\nuse(a);\n",
          "the declaration of `a` would go, and the name is still used here", 2),
    Wrong("a declaration goes, and a function uses it", "-var a = $x;\n+var b = $x;",
          "function g() { return a; }\nvar a = 1;\n", "function g() { return a; }\nvar b = 1;\n",
          "the declaration of `a` would go"),
    Wrong("a function takes the name", "-log($x)\n+run(function (e) { return $x; })", "var e = 1; log(e);\n",
          "var e = 1; run(function (e) { return e; });\n", "`e` would mean another variable here than now"),
    Wrong("this belongs to another function", "-log($x)\n+run(function () { return $x; })", "log(this);\n",
          "run(function () { return this; });\n", "`this` would belong to other code than now"),
    Wrong("this of a field", "-log($x)\n+run(function () { return $x; })", "class A { a = log(this); }\n",
          "class A { a = run(function () { return this; }); }\n", "`this` would belong"),
    Wrong("arguments belongs to another function", "-log($x)\n+run(function () { return $x; })",
          "function f() { log(arguments); }\n", "function f() { run(function () { return arguments; }); }\n",
          "`arguments` would mean another variable"),
    Wrong("new.target", "-log($x)\n+run(function () { return $x; })", "function F() { log(new.target); }\n",
          "function F() { run(function () { return new.target; }); }\n", "`new.target` would belong"),
    Wrong("an arrow that was a function", "-run(function () { return $x; })\n+run(() => $x)",
          "run(function () { return this; });\n", "run(() => this);\n", "`this` would belong"),
    Wrong("await in another function", "-log($x)\n+run(async () => $x)", "async function f() { log(await a); }\n",
          "async function f() { run(async () => await a); }\n", "`await` would belong"),
    Wrong("yield in another function", "-log($x)\n+run(function* () { yield $x; })", "function* f() { log(yield a); }\n",
          "function* f() { run(function* () { yield yield a; }); }\n", "`yield` would belong"),
    Wrong("the reach of an optional chain", "-$a.then($f)\n+when($a, $f)", "a?.b.then(f).end();\n", "when(a?.b, f).end();\n",
          "would not read as patched"),
    Wrong("a return outside of functions", "-throw $e;\n+return end($e);", "throw a;\n", "return end(a);\n",
          "a script with a `return` outside of functions"),
    Wrong("a string becomes a directive", "-x($a);\n+$a;\n+y();", "function f() { x('use strict'); return this; }\n",
          "function f() { 'use strict'; y(); return this; }\n", "`'use strict';` would be a directive"),
    Wrong("a string is left first", "-x();\n 'use strict';", "x(); 'use strict'; y();\n", "'use strict'; y();\n",
          "`'use strict';` would be a directive"),
    # what the patch adds
    Wrong("an added name beside eval", RENAME, "function f(s) { eval(s); old(1); }\n",
          "function f(s) { eval(s); fresh(1); }\n", "the patch's `fresh` would mean the one of the code around it"),
    Wrong("a name whose declaration is left", "-foo\n+bar", "x = function foo() { foo(); };\n",
          "x = function foo() { bar(); };\n", "the patch renames `foo` here, and not where line 1 declares it"),
    Wrong("an added name is a parameter", RENAME, "function f(fresh) { old(1); }\n", "function f(fresh) { fresh(1); }\n",
          "the patch's `fresh` would mean the one of the code around it, which line 1 declares"),
    Wrong("an added name is another than the context's", " open(s, $x);\n+close(s);",
          "function f(s) { open(s, 1); { let s; } }\n", "function f(s) { open(s, 1); { let s; close(s); } }\n",
          "would not read as patched"),
    Wrong("an added name below with", RENAME, "with (o) { old(1); }\n", "with (o) { fresh(1); }\n",
          "the patch's `fresh` would mean the one of the code around it"),
    Wrong("a function that comes to stand in a block", "+if (ok) {\n function $f() {}\n+}", "g(f);\nfunction f() {}\n",
          "g(f);\nif (ok) {\n  function f() {}\n}\n", "`f` would be declared in a block, and is used outside of it", 2),
    Wrong("an added declaration of a name that is there", " open($x);\n+var t = 1;", "var t; open(1);\n",
          "var t; open(1); var t = 1;\n", "`t`"),
]  # fmt: skip

RIGHT = [
    ("a name of the file's own", RENAME, "var fresh; old(1);\n", "var fresh; fresh(1);\n"),
    ("an IIFE", RENAME, "(function (fresh) { old(1); })(x);\n", "(function (fresh) { fresh(1); })(x);\n"),
    ("an IIFE that is called with this", RENAME, "(function (fresh) { old(1); }).call(this);\n",
     "(function (fresh) { fresh(1); }).call(this);\n"),
    ("AMD", RENAME, "define(['a'], function (fresh) { old(1); });\n", "define(['a'], function (fresh) { fresh(1); });\n"),
    ("UMD", RENAME, "(function (r, f) { f(); })(this, function (fresh) { old(1); });\n",
     "(function (r, f) { f(); })(this, function (fresh) { fresh(1); });\n"),
    ("browserify", RENAME, "(function (t) {})({ 1: [function (fresh) { old(1); }, {}] }, {}, [1]);\n",
     "(function (t) {})({ 1: [function (fresh) { fresh(1); }, {}] }, {}, [1]);\n"),
    ("webpack", RENAME, "(() => { var __webpack_modules__ = { a: (module, fresh) => { old(1); } }; })();\n",
     "(() => { var __webpack_modules__ = { a: (module, fresh) => { fresh(1); } }; })();\n"),
    ("a webpack chunk", RENAME, "(self.chunks = self.chunks || []).push([[1], { a: function (fresh) { old(1); } }]);\n",
     "(self.chunks = self.chunks || []).push([[1], { a: function (fresh) { fresh(1); } }]);\n"),
    ("esbuild", RENAME, "var a = __commonJS({ 'a.js'(fresh) { old(1); } });\n",
     "var a = __commonJS({ 'a.js'(fresh) { fresh(1); } });\n"),
    ("the context's own variable", " s.open($x);\n+s.close();", "function f(s) { s.open(1); }\n",
     "function f(s) { s.open(1); s.close(); }\n"),
    ("a name that the patch declares", "-log($x)\n+run(function (e) { return e($x); })", "function f(a) { log(a); }\n",
     "function f(a) { run(function (e) { return e(a); }); }\n"),
    ("this in a function that came along", "-log($x)\n+run(function () { return $x; })",
     "log(function () { return this; });\n", "run(function () { return function () { return this; }; });\n"),
    ("a declaration for a declaration", "-var a = $x;\n+let a = $x;", "var a = 1; use(a);\n", "let a = 1; use(a);\n"),
    ("a global for a global", "-foo\n+bar", "foo();\n", "bar();\n"),
    ("a directive that the patch adds", "+'use strict';\n go($x);", "go(1);\n", "'use strict';\ngo(1);\n"),
    ("eval of another function", RENAME, "function f(s) { eval(s); }\nfunction g() { old(1); }\n",
     "function f(s) { eval(s); }\nfunction g() { fresh(1); }\n"),
    ("only a part of an expression", "-ready\n+!ready", "a = ready + b;\n", "a = !ready + b;\n"),
]  # fmt: skip

NOT_THE_TOP = [
    "app.get('/', function (fresh) { old(1); });",
    "function f(fresh) { old(1); }",
    "f(1, (fresh) => old(1));",
    "f.call(x, function (fresh) { old(1); });",
    "function f() { var __webpack_modules__ = { a: (module, fresh) => { old(1); } }; }",
    "(function () { return function (fresh) { old(1); }; })();",
    "setTimeout(function () { (function (fresh) { old(1); })(); });",
    "var a = { b: function (fresh) { old(1); } };",
    "list.push(function (fresh) { old(1); });",
    "if (a) { let fresh; old(1); }",
    "for (let fresh of a) old(1);",
    "try { a(); } catch (fresh) { old(1); }",
    "switch (a) { case 1: let fresh; old(1); }",
    "x = class fresh { m() { old(1); } };",
    "x = function fresh() { old(1); };",
    "new Promise(function (fresh) { old(1); });",
    "define(function () { app.on('a', function (fresh) { old(1); }); });",
]


@pytest.mark.parametrize("wrong", WRONG, ids=lambda wrong: wrong.id)
def test_it_is_objected_to(wrong: Wrong, monkeypatch: pytest.MonkeyPatch) -> None:
    outcome = heard(wrong.patch, wrong.before, wrong.after, monkeypatch)
    assert isinstance(outcome, Refused), outcome
    assert outcome.reason in (Reason.UNSAFE_PLACE, Reason.NAME_TAKEN)
    assert wrong.says in outcome.message
    assert outcome.place is not None
    assert outcome.place.line == wrong.line


@pytest.mark.parametrize(("id", "patch", "before", "after"), RIGHT)
def test_it_is_not_objected_to(id: str, patch: str, before: str, after: str, monkeypatch: pytest.MonkeyPatch) -> None:
    outcome = heard(patch, before, after, monkeypatch)
    assert isinstance(outcome, NeedsPatch), outcome
    assert outcome.after.text == after


@pytest.mark.parametrize(
    ("before", "after"),
    [
        ("function f(foo) { foo(); }", "function f(bar) { bar(); }"),
        ("function f({ foo = 1 }) { foo(); }", "function f({ foo: bar = 1 }) { bar(); }"),
        ("{ let foo = 1; foo(); }", "{ let bar = 1; bar(); }"),
        ("try {} catch (foo) { foo(); }", "try {} catch (bar) { bar(); }"),
    ],
)
def test_a_name_is_changed_with_its_declaration(before: str, after: str) -> None:
    outcome = rewrite.assess(compile_patch("-foo\n+bar", matches="all"), Source(before))
    assert isinstance(outcome, NeedsPatch), outcome
    assert outcome.after.text == after


@pytest.mark.parametrize("before", NOT_THE_TOP)
def test_a_name_of_the_code_around_captures(before: str, monkeypatch: pytest.MonkeyPatch) -> None:
    outcome = heard(RENAME, before, before.replace("old(1)", "fresh(1)"), monkeypatch)
    assert isinstance(outcome, Refused), outcome
    assert "the patch's `fresh` would mean the one of the code around it" in outcome.message


@pytest.mark.parametrize("more", ["", "function later() { return a; }\n"])
def test_what_was_not_read_again_is_asked_too(more: str, monkeypatch: pytest.MonkeyPatch) -> None:
    """One statement for one: the rest of the file is not parsed again, and still must mean what it meant."""
    before = f"(function () {{ old(1); }})();\n{more}keep(a);\n"
    patch = "-old($x)\n+(a = $x)"
    after = before.replace("old(1)", "(a = 1)")
    assert isinstance(heard(patch, before, after, monkeypatch), NeedsPatch)
    wrong = before.replace("(function () { old(1); })", "(function () { (a = 1); })").replace("keep(a)", "keep(b)")
    assert isinstance(heard(patch, before, wrong, monkeypatch), Refused)


def test_a_return_that_a_function_comes_round(monkeypatch: pytest.MonkeyPatch) -> None:
    """The renderer, made to see no harm in it."""
    monkeypatch.setattr("sio_patch.engine.write.frame.enclosed", lambda *_, **__: frozenset())
    outcome = assess(compile_patch("+(function () {\n return $x;\n+})();"), Source("function f() { return 1; }\n"))
    assert isinstance(outcome, Refused)
    assert "`return` would belong to other code than now" in outcome.message
