"""As what a text is read: a script, a module, or what CommonJS wraps in a function."""

from __future__ import annotations

import pytest

from sio_patch.engine.edits import Edit, Edits
from sio_patch.engine.source import Source
from sio_patch.engine.tree.parse import SyntaxProblem, parse
from sio_patch.engine.tree.reparse import parse_edited

GOALS = {
    "": "script",
    "var await = 1; with (a) {}": "script",
    "import a from 'a'": "module",
    "await a()": "module",
    "return a": "function-body",
    "if (a) { return }\nwith (a) {}": "function-body",
}


@pytest.mark.parametrize(("text", "goal"), GOALS.items())
def test_goal(text: str, goal: str) -> None:
    assert parse(Source(text)).fields["goal"] == goal


PROBLEMS = {
    "return 1;\nvar x = ;": "2:9",  # not the `return`, with which it can be read
    "import a from 'a';\nvar x = ;": "2:9",
    "open(f;\n": "1:7",  # not the end of the file, which is reached by reading on
    "return 1;\nfunction f(a, a) { 'use strict' }": "2:15",
}


@pytest.mark.parametrize(("text", "place"), PROBLEMS.items())
def test_problem_is_the_furthest(text: str, place: str) -> None:
    with pytest.raises(SyntaxProblem) as caught:
        parse(Source(text))
    assert str(caught.value.place) == place


def test_edited_statement_is_read_as_what_its_file_is() -> None:
    """The first statement alone would be a script; in the file it is a module's, in which there is no `with`."""
    before = Source("function f() { a(); }\nexport { f };\n")
    edits = Edits.of([Edit(15, 19, "with (a) {}")])
    with pytest.raises(SyntaxProblem):
        parse_edited(parse(before), edits, Source(edits.apply(before.text)))


def test_edited_word_that_made_its_file_a_module() -> None:
    """`await (a)` is a call in a script: read with the goal of before, it would have hidden that."""
    before = Source("await a(1);\nb();\n")
    edits = Edits.of([Edit(6, 7, "(a)")])
    assert parse(before).fields["goal"] == "module"
    assert parse_edited(parse(before), edits, Source(edits.apply(before.text))).tree.fields["goal"] == "script"


def test_parameters_without_an_arrow_are_no_javascript() -> None:
    with pytest.raises(SyntaxProblem, match="Unexpected token"):
        parse(Source("send((a, )/** why */ (b));\n"))


def test_a_template_that_is_cut_short_is_no_javascript() -> None:
    with pytest.raises(SyntaxProblem, match="Template literal"):
        parse(Source("a = `${\n  };\n b `;\n"))
