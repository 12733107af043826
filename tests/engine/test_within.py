"""`<... PATTERN ...>`: what it stands for, what it binds, and what is said where it is not."""

from __future__ import annotations

import pytest

from engine.within_cases import BEGUN, EXPRESSION
from sio_patch.engine.find.found import TooComplex
from sio_patch.engine.find.match import Matcher, may_match
from sio_patch.engine.outcome import Absent, NeedsPatch, Refused
from sio_patch.engine.pattern import compile_patch, compile_pattern
from sio_patch.engine.rewrite import assess
from sio_patch.engine.search import search
from sio_patch.engine.source import Source
from sio_patch.engine.tree.parse import parse
from sio_patch.verdict import Reason

FILE = Source(
    "'use strict';\n"
    "function parse(s, n) { if (s.length) { var f = () => s.length > limit && limit > n; } }\n"
    "function other(a) { later(function () { if (limit > a) return; }); }\n"
    "class A { m(a) { old(a); } }\n"
    "if (a && (b == null || c)) { go(); }\n"
    "f(x(a.b), a.b);\n"
    "f(a.c);\n"
)

FOUND = [
    ("in a named function", "function parse($...p) { <... limit > $n ...> }", [2]),
    ("in any function", "function $f($...p) { <... limit > $n ...> }", [2, 3]),
    ("what is known before", "function $f($a, $n) { <... limit > $n ...> }", [2]),
    ("of the file", "<... limit > $n ...>", [1]),
    ("of no such file", "<... limit < $n ...>", []),
    ("in a condition", "if (<... $x == null ...>) { ... }", [5]),
    ("in an argument", "f(<... a.b ...>, $y)", [6]),
    ("in a lone argument", "f(<... a.b ...>)", []),
    ("in a method", "class $C {\n...\n$m($a) { <... old($a); ...> }\n...\n}", [4]),
    ("a statement", "function $f($...p) { <... if (limit > $n) return; ...> }", [3]),
    ("statements behind each other", "f($x, $y);\n<... f($z); ...>", [6]),
    ("two of them", "if (<... $x == null ...>) { <... go() ...> }", [5]),
    ("two of them, one of which is not there", "if (<... $x == null ...>) { <... stop() ...> }", []),
    ("one in another", "<... function other($...p) { <... limit ...> } ...>", [1]),
    ("with more in it", "<... later(<... limit ...>); ...>", [1]),
]  # fmt: skip


@pytest.mark.parametrize(("pattern", "lines"), [row[1:] for row in FOUND], ids=[row[0] for row in FOUND])
def test_where_it_is(pattern: str, lines: list[int]) -> None:
    assert [FILE.place(each.start).line for each in search(pattern, FILE)] == lines


def test_what_is_bound_inside_is_not_bound_outside() -> None:
    (found,) = search("if (<... $x == null ...>) { $y; }", FILE)
    assert {name: value.text for name, value in found.bindings.items()} == {"y": "go()"}


def test_each_place_has_bindings_of_its_own() -> None:
    pattern = compile_pattern("f($a, <... g($a, $x) ...>)")
    text = "f(1, [g(1, 2), g(1, 3), g(4, 5)])"
    (match,) = Matcher(parse(Source(text)), frozenset(), text).matches(pattern)
    ((within, places),) = match.inside.items()
    assert within.kind == "Within"
    assert [text[place.start : place.end] for place in places] == ["g(1, 2)", "g(1, 3)"]
    assert [set(place.bindings) for place in places] == [{"a", "x"}, {"a", "x"}]
    assert set(match.bindings) == {"a"}


def test_its_names_are_those_of_the_pattern() -> None:
    pattern = compile_pattern("f(<... limit > $n ...>)")
    assert pattern.names == {"f", "limit"}
    assert pattern.metavariables == frozenset()
    assert not may_match(pattern, "f(a)")


def test_the_steps_inside_count() -> None:
    text = f"f({' + '.join(['g(1)'] * 300)})"
    with pytest.raises(TooComplex):
        Matcher(parse(Source(text)), frozenset(), text, 500).matches(compile_pattern("f(<... g($x, $x) ...>)"))


def test_what_is_missing_is_said_at_its_own_line() -> None:
    outcome = assess(compile_patch(EXPRESSION), Source("function a(b) {\n  // old\n  return old.b;\n}\n"))
    assert isinstance(outcome, Absent)
    said = "line 3 of the patch expects `old($x)` somewhere in the code from line 3, column 3; it is not there"
    assert outcome.nearest == said


def test_places_in_each_other_whose_context_goes_are_refused() -> None:
    """When the inner one is done, nothing tells any more what the outer one was about."""
    patch = compile_patch("-var $a = require('a');\n <...\n-$a.call($x)\n+call($x)\n ...>\n done();")
    alone = assess(patch, Source("var a = require('a');\na.call(1);\na.call(2);\ndone();\n"))
    assert isinstance(alone, NeedsPatch)
    assert alone.after.text == "call(1);\ncall(2);\ndone();\n"
    nested = assess(patch, Source("var a = require('a');\na.call(a.call(1));\ndone();\n"))
    assert isinstance(nested, Refused)
    assert nested.reason is Reason.UNSAFE_PLACE
    assert "it stands in another such place" in nested.message


def test_a_line_outside_is_added_once() -> None:
    """Whatever is done inside, in however many runs."""
    patch = compile_patch(BEGUN)
    outcome = assess(patch, Source("function a() {\n  begin();\n  return [fresh(1), old(old(2))];\n}\n"))
    assert isinstance(outcome, NeedsPatch)
    assert outcome.after.text == "function a() {\n  begin();\n  return [fresh(1), fresh(fresh(2))];\n}\n"


def test_functions_in_functions_are_edited_at_once() -> None:
    """However deep: a round for each level would take as long as all of them squared."""
    deep = 120
    text = "".join(f"function f{i}() {{ old({i}); " for i in range(deep)) + "}" * deep + "\n"
    outcome = assess(compile_patch(EXPRESSION, matches="all"), Source(text))
    assert isinstance(outcome, NeedsPatch)
    assert outcome.after.text == text.replace("old", "fresh")


def test_statements_are_looked_over_once_for_each_place() -> None:
    """Or the search says that it takes too long."""
    text = "go(1);\n" + "f(1, a, b);\n" * 3000 + "end();\ngo(2);\n"
    outcome = assess(compile_patch(" ...\n <... go(3) ...>\n end();\n+more();"), Source(text))
    assert isinstance(outcome, Refused)
    assert outcome.reason is Reason.TOO_COMPLEX
