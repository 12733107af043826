"""A patch that removes reads as applied only where nothing of what it removes is left; a cure excuses its own place."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import pytest

from sio_patch.engine.find.done import covers
from sio_patch.engine.outcome import Applied, Fixed, NeedsPatch, Outcome, Refused
from sio_patch.engine.pattern import compile_patch
from sio_patch.engine.rewrite import assess
from sio_patch.engine.source import Source
from sio_patch.verdict import Reason

NOISE = " open($x);\n-noise();"
EVAL = " function f() {\n   ...\n-  eval($x);\n   ...\n }"
LOG = "-log($a);\n close($a);"
SWAPPED = " a();\n ...\n-f();\n+g();"
KEY = " f({\n   a: 1,\n-  b: 2,\n   ...\n })"
STORE = " function f($r) {\n   ...\n-  $r.head = $h;\n   ...\n }"
CLOSE = " open($x);\n+close($x);"


def said(patch: str, text: str, options: Mapping[str, Any] | None = None) -> Outcome:
    return assess(compile_patch(patch, matches="all", **(options or {})), Source(text))


# Patch, text, what is removed, and the line at which it still stands.
LEFT = [
    (NOISE, "open(f);\nif (a) noise();", "noise();", 2),
    (NOISE, "open(f);\nif (a) { b(); } else { noise(); }", "noise();", 2),
    (NOISE, "open(f);\n{ noise(); }", "noise();", 2),
    (NOISE, "open(f);\ntry { noise(); } catch (e) {}", "noise();", 2),
    (NOISE, "open(f);\nfor (;;) noise();", "noise();", 2),
    (NOISE, "open(f);\nswitch (a) { case 1: noise(); }", "noise();", 2),
    (NOISE, "open(f);\nL: noise();", "noise();", 2),
    (NOISE, "open(f);\na && noise();", "noise();", 2),
    (NOISE, "open(f);\nx = noise();", "noise();", 2),
    (NOISE, "open(f);\nvar y = noise();", "noise();", 2),
    (NOISE, "open(f);\nwork();\nnoise();", "noise();", 3),
    (NOISE, "open(f);\nlater(function () { noise(); });", "noise();", 2),
    (NOISE, "open(f);\nlater(() => noise());", "noise();", 2),
    (NOISE, "open(f);\n(function () { noise(); })();", "noise();", 2),
    (NOISE, "open(f);\n(function () { noise(); }).call(this);", "noise();", 2),
    (NOISE, "function f(a) { open(a); if (a) noise(); }", "noise();", 1),
    (EVAL, "function f() { return eval(a); }", "eval($x);", 1),
    (EVAL, "function f() {\n  if (a) { eval(b); }\n}", "eval($x);", 2),
    (EVAL, "function f() {\n  var g = function () { eval(b); };\n}", "eval($x);", 2),
    (LOG, "log(x);work();close(x);", "log($a);", 1),
    (LOG, "if (a) log(x);\nclose(x);", "log($a);", 1),
    (SWAPPED, "a();\nif (q) f();\ng();", "f();", 2),
    (" a();\n-var x = f();", "a();\nif (q) { let x = f(); }", "var x = f();", 2),
    (" a();\n-return;\n ...\n b();", "function f() { a();\nif (q) return; b(); }", "return;", 2),
    (KEY, "f({ a: 1, c: 3,\nb: 2 })", "b: 2", 2),
    (STORE, "function f(r) {\n  [r.head] = s;\n}", "$r.head = $h;", 2),
    (STORE, "function f(r) {\n  if (a) r.head++;\n}", "$r.head = $h;", 2),
]


@pytest.mark.parametrize(("patch", "text", "removed", "line"), LEFT)
def test_what_is_removed_still_stands(patch: str, text: str, removed: str, line: int) -> None:
    outcome = said(patch, text)
    assert isinstance(outcome, Refused), outcome
    assert outcome.reason is Reason.UNSAFE_PLACE
    assert f"the patch removes `{removed}`" in outcome.message
    assert f"still stands at line {line}," in outcome.message
    assert outcome.place is not None
    assert outcome.place.line == line


# What would be left after the edit is refused before it.
WOULD_BE_LEFT = [
    (NOISE, "open(f); noise(); work(); noise();", "`noise();`, which it removes, would still stand there again"),
    (NOISE, "open(f); noise(); if (a) noise();", "`noise();`, which it removes, would still stand there again"),
    (NOISE, "open(f); noise(); noise();", "the code would still call for the patch"),
    (EVAL, "function f() { eval(a); if (b) eval(c); }", "`eval($x);`, which it removes, would still stand there again"),
]


@pytest.mark.parametrize(("patch", "text", "words"), WOULD_BE_LEFT)
def test_what_is_removed_would_still_stand(patch: str, text: str, words: str) -> None:
    outcome = said(patch, text)
    assert isinstance(outcome, Refused), outcome
    assert words in outcome.message


# Code like what is removed, in a place that is none of the patch's business.
ELSEWHERE = [
    (NOISE, "open(f); work();"),
    (NOISE, "noise(); open(f);"),
    (NOISE, "open(f); work(noise);"),
    (NOISE, "open(f);\nfunction g() { noise(); }"),
    (NOISE, "open(f);\nexports.g = function () { noise(); };"),
    (NOISE, "open(f);\nclass A { b() { noise(); } }"),
    (NOISE, "open(f);\nA.prototype = { b: function () { noise(); } };"),
    (NOISE, "if (a) { open(f); }\nnoise();"),
    (EVAL, "function f() { h(); }\nfunction g() { eval(b); }"),
    (LOG, "log(y);work();close(x);"),
    (LOG, "close(x); log(x);"),
    (SWAPPED, "f(); a(); g();"),
    (" a();\n-f();\n+g();", "a(); g(); b(); f();"),
    (" a();\n-b();\n c();", "b(); a(); c(); b();"),
    (" a();\n-return;\n ...\n b();", "function f() { a(); c(function () { return; }); b(); }"),
    (KEY, "f({ a: 1, c: { b: 2 } })"),
    (STORE, "function f(r) {\n  s.head = r;\n}"),
]


@pytest.mark.parametrize(("patch", "text"), ELSEWHERE)
def test_other_code_is_no_leftover(patch: str, text: str) -> None:
    assert isinstance(said(patch, text), Applied)


def test_other_code_is_in_no_edits_way() -> None:
    outcome = said(NOISE, "open(f); noise();\nfunction g() { noise(); }\n")
    assert isinstance(outcome, NeedsPatch)
    assert outcome.after.text == "open(f);\nfunction g() { noise(); }\n"


# Fixed form, text, text afterwards: a cure in another place of the list does not hide that this one has none.
BARE = [
    (" open($x);\n end($x);", "open(f);\nopen(g);\nend(g);", "open(f);\nclose(f);\nopen(g);\nend(g);"),
    (" open($x);\n ...\n end($x);", "open(g);\nopen(f);\nend(g);", "open(g);\nopen(f);\nclose(f);\nend(g);"),
    (" open($y);\n ...\n end($y);", "open(g);\nopen(f);\nend(g);", "open(g);\nopen(f);\nclose(f);\nend(g);"),
    (" open($y);\n end($y);", "open(g);\nopen(g);\nend(g);", "open(g);\nclose(g);\nopen(g);\nend(g);"),
]


@pytest.mark.parametrize(("fixed", "before", "after"), BARE)
def test_a_cure_excuses_its_own_place(fixed: str, before: str, after: str) -> None:
    outcome = said(CLOSE, before, {"fixed": [fixed]})
    assert isinstance(outcome, NeedsPatch), outcome
    assert outcome.after.text == after


@pytest.mark.parametrize("fixed", [" open($x);\n end($x);", " open($y);\n end($y);", " open($x);\n ...\n end($x);"])
def test_a_cure_at_the_place_is_enough(fixed: str) -> None:
    assert isinstance(said(CLOSE, "open(f); end(f);", {"fixed": [fixed]}), Fixed)


# Patch, before, after: the plus slice stands somewhere near, and says nothing of this place.
STILL_LIVE = [
    (
        " open($x);\n ...\n+close($x);",
        "open(1);\nopen(2);\nx();\nclose(2);",
        "open(1);\nopen(2);\nx();\nclose(2);\nclose(1);",
    ),
    (
        "-return $c ? $a : $b;\n+if ($c) return $a;\n+return $b;",
        "function f() {\n  if (x) { return 0; }\n  return y ? 1 : 2;\n}",
        "function f() {\n  if (x) { return 0; }\n  if (y) return 1;\n  return 2;\n}",
    ),
]


@pytest.mark.parametrize(("patch", "before", "after"), STILL_LIVE)
def test_the_same_code_near_by_is_no_cure(patch: str, before: str, after: str) -> None:
    outcome = said(patch, before)
    assert isinstance(outcome, NeedsPatch), outcome
    assert outcome.after.text == after


def test_a_place_is_held_against_its_neighbours_alone(monkeypatch: pytest.MonkeyPatch) -> None:
    """However many places a file has: else a thousand of them take a million comparisons."""
    compared = 0

    def counted(*arguments: Any) -> bool:
        nonlocal compared
        compared += 1
        return covers(*arguments)

    monkeypatch.setattr("sio_patch.engine.find.live.covers", counted)
    places = 300
    text = "".join(f"function f{i}(a) {{ open(a); close(a); }}\n" for i in range(places))
    assert isinstance(said(CLOSE, text), Applied)
    assert compared <= 2 * places
