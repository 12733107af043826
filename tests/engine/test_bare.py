"""Patches that leave what was wrapped: what they write, what they leave alone, and that none reads as applied."""

from __future__ import annotations

import pytest

from engine.bare_cases import BARE
from engine.case import Case
from engine.checks import node_check, outside
from sio_patch.engine.outcome import Absent, NeedsPatch, Outcome, Refused
from sio_patch.engine.pattern import PatternError, compile_patch
from sio_patch.engine.rewrite import assess, reverse
from sio_patch.engine.source import Source
from sio_patch.verdict import Reason
from support.ground import Unavailable, missing

ALL = pytest.mark.parametrize("case", BARE, ids=lambda case: case.id)


def said(case: Case, data: bytes) -> Outcome:
    return assess(compile_patch(case.patch, **case.options), Source.of(data))


@ALL
def test_bytes(case: Case) -> None:
    outcome = said(case, case.data)
    assert isinstance(outcome, NeedsPatch), outcome
    assert outcome.after.to_bytes() == case.wanted
    edits = [(edit.start, edit.end, edit.new) for edit in outcome.edits]
    before, after = outside(Source.of(case.data).text, Source.of(case.wanted).text, edits)
    assert before == after


@ALL
def test_what_is_left_says_nothing(case: Case) -> None:
    assert isinstance(said(case, case.wanted), Absent)


@ALL
def test_there_is_no_way_back(case: Case) -> None:
    with pytest.raises(PatternError, match=r"found anywhere|which nothing before binds"):
        reverse(compile_patch(case.patch, **case.options))


def test_node_reads_every_result() -> None:
    try:
        wrong = node_check({case.id: (case.wanted, case.module) for case in BARE})
    except Unavailable as reason:
        missing(str(reason))
    assert wrong == {}


# Patch, text, and what is said against it.
ALONE = [
    ("-wrap($x)\n+$x", "wrap('use strict');\n", Reason.UNSAFE_PLACE, "would not read as patched"),
    ("-wrap($x)\n+$x", "delete wrap(a).b, delete wrap(c);\n", Reason.AMBIGUOUS, "2 places"),
    ("-await $x;\n+$x;", "async function f() { await a; await b; }\n", Reason.AMBIGUOUS, "2 places"),
    ("-if ($c) { $...a; }\n+$...a;", "x();\nif (ok) { let x = 1; a(x); }\n", Reason.UNSAFE_PLACE, "another variable"),
    ("-if ($c) { $...a; }\n+$...a;", "if (a) while (b) if (c) { d(); e(); }\n", Reason.UNSAFE_PLACE, "without braces"),
    ("-(() => { $...a; })();\n+$...a;", "(() => { a(); return; })();\n", Reason.UNSAFE_PLACE, "return"),
    ("-(() => { $...a; })();\n+$...a;", "(() => { 'use strict'; a(); })();\n", Reason.UNSAFE_PLACE, "use strict"),
    ("-(function () { $...a; })();\n+$...a;", "(function () { this.a(); })();\n", Reason.UNSAFE_PLACE, "`this`"),
    ("-$f.bind(this)\n+$f", "go(function () { this.a(); }.bind(this));\n", Reason.UNSAFE_PLACE, "`this` would belong"),
    ("-for (;;) { $...a; }\n+$...a;", "for (;;) { if (a) break; }\n", Reason.UNSAFE_PLACE, "could not be read"),
    ("-if (a) { $...a; }\n+$...a;", "if (a) { b(); } // c\nelse d();\n", Absent, "expects"),
]


@pytest.mark.parametrize(("patch", "text", "reason", "words"), ALONE)
def test_it_is_left_alone(patch: str, text: str, reason: object, words: str) -> None:
    outcome = assess(compile_patch(patch), Source(text))
    assert reason is (outcome.reason if isinstance(outcome, Refused) else type(outcome)), outcome
    assert words in str(outcome)
