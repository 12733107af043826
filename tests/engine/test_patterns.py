"""Patterns that cannot be used: each is told by its line, and by what to do about it."""

# ruff: noqa: E501  (rows of a table stay on their lines)
from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import pytest

from sio_patch.engine.language.block import Block
from sio_patch.engine.outcome import NeedsPatch
from sio_patch.engine.pattern import PatternError, compile_patch, compile_pattern
from sio_patch.engine.rewrite import assess, reverse
from sio_patch.engine.source import Source

WRONG: list[tuple[str, str, Mapping[str, Any], int, str]] = [
    ("a marker", " a();\n*b();\n", {}, 2, "first column is '*'; it must be a space, '-' or '+'"),
    ("a tab for a marker", " a();\n\tb();\n", {}, 2, "first column is '\\t'"),
    ("no change", " a();\n b();\n", {}, 1, "changes nothing"),
    ("a change of spelling alone", "-a('b');\n+a(\"b\");\n", {}, 1, "changes nothing"),
    ("no code", "", {}, 1, "no code in this slice"),
    ("nothing but a comment", " // a\n", {}, 1, "no code in this slice"),
    ("nothing before", "+a();\n", {}, 1, "no code in this slice"),
    ("a minus slice that is no JavaScript", " a();\n-b(;\n+b();\n", {}, 2, "not JavaScript"),
    ("a plus slice that is no JavaScript", " a();\n\n+b(;\n", {}, 3, "not JavaScript"),
    ("an unclosed block", " function f() {\n+  a();\n   ...\n", {}, 4, "not JavaScript"),
    ("a header", "@@ every\n-a();\n+b();\n", {}, 1, "`every` says nothing here: nothing, all, any or missing stands"),
    ("a header of line numbers", "@@ -1,3 +1,4 @@\n-a();\n+b();\n", {}, 1, "counts lines of a file"),
    ("a header with more", "@@ all of them\n-a();\n+b();\n", {}, 1, "`of them` says nothing here"),
    ("an empty section", "@@\n-a();\n+b();\n@@ any\n\n", {}, 4, "no code in this section"),
    ("an empty first section", "@@\n@@ all\n-a();\n+b();\n", {}, 1, "no code in this section"),
    ("sections that are context", "@@\n a();\n@@ any\n b();\n", {}, 1, "changes nothing"),
    ("a section of other spelling", "@@\n-a('b');\n+a(\"b\");\n@@\n-c();\n+d();\n", {}, 2, "changes nothing"),
    ("no JavaScript in a section", "@@\n-a();\n+b();\n@@\n-c(;\n+d();\n", {}, 5, "not JavaScript"),
    ("a name that only a later section binds", "@@\n-a();\n+b($x);\n@@\n c($x);\n", {}, 3, "$x, which nothing before binds"),
    ("a run of one section", "@@\n a($x);\n@@\n-b($...x);\n+c();\n", {}, 4, "$...x can never be the $x of an earlier section"),
    ("one of a run of a section", "@@\n a($...x);\n@@\n-b($x);\n+c();\n", {}, 4, "$x can never be the $...x of an earlier"),
    ("a section that calls for another", "@@\n-a($x)\n+b($x)\n@@ all\n-b($x)\n+c($x)\n", {}, 3, ": `b($x)` is what that looks for"),
    ("a section that calls for an earlier", "@@\n-b($x)\n+c($x)\n@@ all\n-a($x)\n+b($x)\n", {}, 6, "what is added calls for the section of line"),
    ("a section of anything", "@@\n-a();\n+b();\n@@\n-$x\n+c($x)\n", {}, 5, "found anywhere; add code"),
    ("a section's name as a value", "@@\n a.$x;\n@@\n-b();\n+c($x);\n", {}, 5, "all that binds it is a member's name"),
    ("context among what is missing", "@@ missing\n a();\n+b();\n", {}, 2, "behind `@@ missing` stand `+` lines alone"),
    ("a name that nothing binds, missing", "@@ missing\n+var $x = a();\n", {}, 2, "$x, which nothing before binds"),
    ("no statement, missing", "@@ missing\n+case 1: b();\n", {}, 2, "behind `@@ missing` stand statements"),
    ("a condition of what is missing", "@@ missing where $x is string\n+b();\n", {}, 1, "has no code of which this could be asked"),
    ("what is missing calls for a section", "@@ missing\n+var a = b();\n@@ all\n-b()\n+c()\n", {}, 2, "what is added calls for the section of line"),
    ("a list of declarations, missing", "@@ missing\n+var a = 1, b = 2;\n", {}, 2, "is joined to other code by a comma"),
    ("matches beside headers", "@@\n-a();\n+b();\n@@ any\n-c();\n+d();\n", {"matches": "all"}, 1, "is for a block of one section; write `@@ all`"),
    ("a program of sections", "@@\n-a();\n+b();\n@@\n-c();\n+d();\n", {"scope": "program"}, 1, "scope `program` is one"),
    ("a deletion of a part of a statement", "-...$x\n", {}, 1, "no statement or other item of a list"),
    ("an unbound metavariable", " a($x);\n+b($y);\n", {}, 2, "$y, which nothing before binds"),
    ("an unbound run", " a($x);\n+b($...y);\n", {}, 2, "$y, which nothing before binds"),
    ("an insertion between gaps", " f(function () {\n   ...\n+  a();\n   ...\n });\n", {}, 3, "next to a context line"),
    ("a lone dollar", " a($);\n+b();\n", {}, 1, "JavaScript's own $ is written $$"),
    ("a gap where one thing goes", " a = ...;\n+b();\n", {}, 1, "Unexpected token ..."),
    ("a gap as a condition", " if (...) { a(); }\n+b();\n", {}, 1, "here is room for one thing"),
    ("a run as a value", " a($x);\n b = $...x;\n+c();\n", {}, 2, "here is room for one thing"),
    ("a gap in new code", " a();\n+b(..., 1);\n", {}, 2, "a run `$...name` can be written"),
    ("a gap put into two blocks", " f(() => {\n-  ...\n+  if (a) { ... } else { ... }\n });\n", {}, 3, "cannot hold"),
    ("a gap that would be the rest of the list", "-if (a) {\n   b();\n   ...\n-}\n", {}, 3, "`...` reaches"),
    ("a gap that would be the start of the list", "-if (a) {\n   ...\n   b();\n-}\n", {}, 2, "`...` reaches"),
    ("a gap of a block as arguments", "-f(() => { ... })\n+f(g(...))\n", {}, 2, "cannot hold `...`"),
    ("an equivalence", " a();\n+b();\n", {"equivalent": ["forms"]}, 1, "equivalence is 'forms'; it takes function"),
    ("matches", " a();\n+b();\n", {"matches": "any"}, 1, "matches is 'any'; it takes one, all"),
    ("scope", " a();\n+b();\n", {"scope": "file"}, 1, "scope is 'file'; it takes anywhere, program"),
    ("a fixed form", " a();\n+b();\n", {"fixed": [Block("c(;", 9)]}, 9, "not JavaScript"),
    ("a fixed form, below", " a();\n+b();\n", {"fixed": [Block("c();\nd(;", 9)]}, 10, "not JavaScript"),
    ("an empty fixed form", " a();\n+b();\n", {"fixed": [Block("// none", 30)]}, 30, "no code"),
    ("a site", " a();\n+b();\n", {"sites": [Block("c();\nd(;", 9)]}, 10, "not JavaScript"),
    ("an insufficient form", " a();\n+b();\n", {"insufficient": [Block("c(;", 9)]}, 9, "not JavaScript"),
    ("a condition", " a();\n ... when != b(;\n c();\n+d();\n", {}, 2, "not JavaScript"),
    ("a condition on its later line", " a();\n\n\n ... when != $\n c();\n+d();\n", {}, 4, "written $$"),
    ("a name as a value", " a($x.$y);\n+b($y);\n", {}, 2, "all that binds it is a member's name"),
    ("a key as a value", " a({ $y: 1 });\n+b($y);\n", {}, 2, "all that binds it is a member's name"),
    ("a value as a name", "-a($x, $y);\n+$x.$y;\n", {}, 2, "all that binds it is an expression"),
    ("a value as a key", " a($y);\n+b({ $y: 1 });\n", {}, 2, "all that binds it is an expression"),
    ("a value as a method's name", " a($y);\n+class B { $y() {} }\n", {}, 2, "all that binds it is an expression"),
    ("a metavariable alone", "-$x\n+go($x)\n", {}, 1, "found anywhere; add code"),
    ("a gap left alone", "-if (a) { ... }\n+...\n", {}, 2, "`...` reaches to the end of the list"),
    ("gaps alone left", " ...\n-go();\n ...\n", {}, 1, "found anywhere; add code"),
    ("a fixed form that is anything", " a();\n+b();\n", {"fixed": [Block("$x;\n...", 9)]}, 9, "anywhere"),
    ("a swap", "-f($a, $b)\n+f($b, $a)\n", {}, 2, "what is added calls for the patch again: `f($b, $a)` is what"),
    ("a swap under all", "-f($a, $b)\n+f($b, $a)\n", {"matches": "all"}, 2, "calls for the patch again"),
    ("a swap of operands", "-$a - $b\n+$b - $a\n", {}, 2, "what the patch makes of `$a` matches that too"),
    ("the same line again", " open($x);\n+open($x);\n", {"matches": "all"}, 2, "again: `open($x);` is what"),
    ("a call put into itself", "-f($x)\n+g(f(h($x)))\n", {}, 2, "again: `f(h($x))` is what it looks for"),
    ("text: a part of a word", "-f('a${$x}')\n+g('${$x}')\n", {}, 1, "a name in a string is a whole word"),
    ("text: two names in one word", "-f('${$x}${$y}')\n+g('${$x}')\n", {}, 1, "a name in a string is a whole word"),
    ("text: a run", "-f('${$...x}')\n+g('a')\n", {}, 1, "a run is no text"),
    ("text: an escape", "-f('a\\n${$x}')\n+g('${$x}')\n", {}, 1, "can have no escapes"),
    ("text: as code", "-f('${$x}')\n+g($x)\n", {}, 2, "all that binds it is text in a string"),
    ("text: as a declaration", "-f('${$x}')\n+var $x = 1\n", {}, 2, "all that binds it is text in a string"),
    ("text: alone", "-'${$x}'\n+g()\n", {}, 1, "found anywhere; add code"),
    ("text: unbound", "-f('a')\n+g('${$x}')\n", {}, 2, "$x, which nothing before binds"),
    ("text: a key", "-f({ '${$x}': 1 })\n+g()\n", {}, 1, "a key is a name or a string"),
    ("text: a parameter", "-f('a')\n+g('${$x}')\n", {"parameters": ["x"]}, 2, "in a string none can be set"),
    ("within: not closed", " f(<... a);\n+b();\n", {}, 1, "there is no `...>` behind this `<...`"),
    ("within: not opened", " f(a ...>);\n+b();\n", {}, 1, "there is no `<...` before this `...>`"),
    ("within: closed on one side", " f(<...\n-  a\n-  ...>);\n+  b);\n", {}, 1, "there is no `...>` behind"),
    ("within: the two in one", " f(<...>);\n+b();\n", {}, 1, "nothing between `<...` and `...>`"),
    ("within: nothing in it", " f(<... ...>);\n+b();\n", {}, 1, "nothing to look for in this"),
    ("within: only added lines", " f(<...\n+  a\n   ...>);\n", {}, 1, "nothing to look for in this"),
    ("within: anything in it", " f(<... $x ...>);\n+b();\n", {}, 1, "found anywhere; add code"),
    ("within: no JavaScript in it", " f(\n <... a( ...>);\n+b();\n", {}, 2, "not JavaScript"),
    ("within: as a parameter", " function f(<... a ...>) {}\n+b();\n", {}, 1, "here is room for neither"),
    ("within: as a member's name", " a.<... b ...>;\n+b();\n", {}, 1, "here is room for neither"),
    ("within: as members", " a({ <... b ...> });\n+b();\n", {}, 1, "here is room for neither"),
    ("within: what is assigned to", " <... a ...> = 1;\n+b();\n", {}, 1, "here is room for neither"),
    ("within: a semicolon behind", " a();\n <... b ...>;\n+c();\n", {}, 2, "write no semicolon behind it"),
    ("within: in another alone", " a(<... <... b ...> ...>);\n+c();\n", {}, 1, "which says as much by itself"),
    ("within: a gap at an end of it", " a(<...\n  b();\n  ...\n ...>);\n+c();\n", {}, 1, "begins and ends with code"),
    ("within: a name used outside", " a(<... b($x) ...>);\n+c($x);\n", {}, 2, "show it before that"),
    ("within: a name met outside later", " a(<... b($x) ...>);\n c($x);\n+d();\n", {}, 2, "show it before that"),
    ("within: a name that nothing binds", " a(<...\n-  b($x)\n+  c($y)\n   ...>);\n", {}, 3,
     "in this `<... ...>` or before"),
    ("within: a parameter", " a(<...\n-  b($x)\n+  c($y)\n   ...>);\n", {"parameters": ["y"]}, 3, "none can be set"),
    ("within: in added code", " a();\n+b(<... c ...>);\n", {}, 2, "added code cannot hold `<... ...>`"),
    ("within: added", " a(1);\n+<... c ...>\n d();\n", {}, 2, "added code cannot hold `<... ...>`"),
    ("within: taken out", " a(1);\n-<... c ...>\n+b();\n", {}, 2, "stands for code that stays"),
    ("within: a swap", " f(<...\n-  g($a, $b)\n+  g($b, $a)\n   ...>)\n", {}, 1, "calls for the patch again"),
    ("within: a call put into itself", " f(<...\n-  g($a)\n+  h(g(i($a)))\n   ...>)\n", {}, 1,
     "calls for the patch again"),
    ("within: no change", " f(<...\n-  g('a')\n+  g(\"a\")\n   ...>)\n", {}, 1, "changes nothing"),
    ("length", " a();\n" * 10000 + "+b();\n", {}, 1, "too long or too deeply nested to be searched for"),
    ("a long sum", " a(" + "b + " * 3000 + "c);\n+b();\n", {}, 1, "too long or too deeply nested to be searched for"),
    ("nesting", " a(" + "[" * 20000 + "]" * 20000 + ");\n+b();\n", {}, 1, "nested too deeply"),
]  # fmt: skip


@pytest.mark.parametrize(
    ("diff", "options", "line", "words"), [row[1:] for row in WRONG], ids=[row[0] for row in WRONG]
)
def test_a_pattern_that_cannot_be_used(diff: str, options: Mapping[str, Any], line: int, words: str) -> None:
    with pytest.raises(PatternError) as caught:
        compile_patch(diff, **options)
    error = caught.value
    assert words in error.message
    assert (error.line, error.column >= 1) == (line, True)
    assert str(error).startswith(f"line {line}, column {error.column}: ")


def _has_forms(options: Mapping[str, Any]) -> bool:
    return not {"fixed", "sites", "insufficient"}.isdisjoint(options)


@pytest.mark.parametrize(
    ("diff", "options", "line", "words"), [row[1:] for row in WRONG if not _has_forms(row[2])],
    ids=[row[0] for row in WRONG if not _has_forms(row[2])],
)  # fmt: skip
def test_lines_count_in_the_document(diff: str, options: Mapping[str, Any], line: int, words: str) -> None:
    with pytest.raises(PatternError) as caught:
        compile_patch(Block(diff, 101), **options)
    assert (caught.value.line, words in caught.value.message) == (line + 100, True)


def test_columns_count_behind_the_marker() -> None:
    with pytest.raises(PatternError) as caught:
        compile_patch(" a();\n+b(1, ...x..);\n")
    assert caught.value.line == 2


@pytest.mark.parametrize(
    ("diff", "words"),
    [
        (" a($x);\n-b($y);\n c();\n", "$y, which nothing before binds"),
        (" f(function () {\n   ...\n-  a();\n   ...\n });\n", "next to a context line"),
    ],
)
def test_what_cannot_be_reversed(diff: str, words: str) -> None:
    with pytest.raises(PatternError, match=r"line [23],") as caught:
        reverse(compile_patch(diff))
    assert words in caught.value.message


def test_each_way_of_ending_the_block_is_the_same() -> None:
    for diff in (" a();\n+b();", " a();\n+b();\n", " a();\n+b();\n\n", "\n a();\n+b();\n", " a();\n+b();\n \n"):
        patch = compile_patch(diff)
        assert len(patch.sections[0].ops) == 1


def test_what_a_text_must_contain() -> None:
    assert compile_patch(" $x.head = a['b'];\n+c($x);").names == {"head", "a", "b"}
    assert compile_pattern("$$.ajax($x, 'string', 1)").names == {"$", "ajax"}
    assert compile_pattern("$x.y").metavariables == {"x"}
    assert compile_pattern("f(..., $...rest, $x)").metavariables == {"rest", "x"}


def test_an_expression_and_a_statement() -> None:
    assert compile_pattern("a($x)").is_expression
    assert not compile_pattern("a($x);").is_expression
    assert not compile_pattern("a(); b()").is_expression
    assert compile_patch("-a($x)\n+b($x)").sections[0].minus.is_expression
    assert not compile_patch("-a($x);\n+b($x);").sections[0].minus.is_expression


@pytest.mark.parametrize("plus", ["[a, $x]", "[...$x]", "[$x, ,]", "[, , $x]"])
def test_an_array_with_holes_changes_as_a_whole(plus: str) -> None:
    patch = compile_patch(f"-f([, $x])\n+f({plus})\n")
    outcome = assess(patch, Source("f([, b]);"))
    assert isinstance(outcome, NeedsPatch), outcome
    assert outcome.after.text == f"f({plus});".replace("$x", "b")


def test_a_dollar_of_javascripts_own_is_told_apart() -> None:
    """``$$a`` is the variable ``$a``; the metavariable ``$a`` is another thing."""
    patch = compile_patch("-$$a.f($a);\n+$$a.g($a);\n")
    outcome = assess(patch, Source("$a.f(1);\nb.f(1);\n"))
    assert isinstance(outcome, NeedsPatch), outcome
    assert outcome.after.text == "$a.g(1);\nb.f(1);\n"
