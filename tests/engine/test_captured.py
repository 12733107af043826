"""A name that the patch adds, where it means something of the code around it, is not what the patch adds."""

from __future__ import annotations

import pytest

from sio_patch.engine.outcome import Absent, Applied, Outcome, Refused
from sio_patch.engine.pattern import compile_patch
from sio_patch.engine.rewrite import assess
from sio_patch.engine.source import Source

ADD = " a();\n+check();"
REPLACE = "-a();\n+check();"
MEMBER = "-$x.q(1);\n+require('z').q($x);"

ROWS: list[tuple[str, str, type[Outcome]]] = [
    (ADD, "a(); check();", Applied),
    (ADD, "function f() { a(); check(); } function check() {}", Applied),
    (ADD, "(function (check) { a(); check(); })(b);", Applied),
    (ADD, "function f(check) { a(); check(); }", Refused),
    (ADD, "app.get('/', function (check) { a(); check(); });", Refused),
    (ADD, "function f() { let check; a(); check(); }", Refused),
    (REPLACE, "check();", Applied),
    (REPLACE, "function f(check) { check(); }", Absent),
    (MEMBER, "function f(b) { require('z').q(b); }", Applied),
    (MEMBER, "function f(b, require) { require('z').q(b); }", Absent),
    (" a(s);\n+b(s);", "function f(s) { a(s); b(s); }", Applied),
    ("-a(s);\n+b(s);", "function f(s) { b(s); }", Applied),
    (" a();\n+run(function (e) { e(); });", "a(); run(function (e) { e(); });", Applied),
    (" a();\n+var t = 1;\n+b(t);", "function f() { a(); var t = 1; b(t); }", Applied),
]


@pytest.mark.parametrize(("patch", "text", "outcome"), ROWS)
def test_what_is_said_of_it(patch: str, text: str, outcome: type[Outcome]) -> None:
    assert type(assess(compile_patch(patch), Source(text))) is outcome


def test_the_refusal_says_which_name() -> None:
    found = assess(compile_patch(ADD), Source("function f(check) {\n  a();\n  check();\n}\n"))
    assert isinstance(found, Refused)
    assert "`check`" in found.message
