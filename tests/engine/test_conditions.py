"""Conditions that cannot be used, the regular expressions in them, and how long asking may take."""

from __future__ import annotations

import pytest

from sio_patch.engine.find.automaton import occurs
from sio_patch.engine.find.match import Matcher
from sio_patch.engine.find.steps import STEP_CAP, Steps
from sio_patch.engine.language.block import Block
from sio_patch.engine.language.regexp import RegexpProblem, read_regexp
from sio_patch.engine.outcome import Refused
from sio_patch.engine.pattern import PatternError, compile_patch, compile_pattern
from sio_patch.engine.rewrite import assess
from sio_patch.engine.search import search
from sio_patch.engine.source import Source
from sio_patch.engine.tree.parse import parse
from sio_patch.verdict import Reason

WRONG = [
    ("nothing", "", 9, "there is nothing before this; a condition is one of `$x in (...)`"),
    ("no condition", "$x", 10, "this is no condition; one is written `$x in (...)`"),
    ("another language's", "$x == 1", 10, "this is no condition"),
    ("a trailing comma", "$x is string,", 23, "there is nothing before this"),
    ("not in front", "not $x is string", 10, "this is no condition"),
    ("no metavariable", "x is string", 10, "about a metavariable such as $x, and `x` is none"),
    ("JavaScript's own dollar", "$$x is string", 10, "`$$x` is none"),
    ("a run", "$...a is string", 10, "ask of a metavariable such as $x"),
    ("a run by its name", "$a is string", 10, "$...a is more than one piece of code"),
    ("an unknown metavariable", "$y is string", 10, "nothing binds $y, which this asks about"),
    ("no kind", "$x is strin", 16, "`strin` is no kind of code; one is string, number, literal, identifier"),
    ("no values", "$x in ()", 17, "nothing is in (); write what the code may be"),
    ("a value that is missing", "$x in (1,)", 19, "there is nothing before this"),
    ("two values without a comma", "$x in (1 2)", 19, "not JavaScript"),
    ("a statement as a value", "$x in (a; b)", 18, "not JavaScript"),
    ("values without brackets", "$x in 1, 2", 10, "this is no condition"),
    ("brackets twice", "$x in (a) + (b)", 18, "nothing is opened that this closes"),
    ("a gap as a value", "$x in (...)", 16, "`...` is more than one piece of code"),
    ("an unknown metavariable as a value", "$x in (a.$y)", 19, "nothing binds $y; write what the code may be"),
    ("itself as a value", "$x in ($x)", 17, "this asks about itself"),
    ("a string for an expression", "$x ~ '^a'", 10, "this is no condition"),
    ("nothing to be inside of", "inside", 10, "this is no condition"),
    ("inside no JavaScript", "inside a(", 20, "not JavaScript: Unexpected end of input"),
    ("inside two statements", "inside a(); b()", 17, "`inside` takes one expression or one statement"),
    ("inside anything", "inside $y", 17, "metavariables and gaps alone are found anywhere"),
    ("an unclosed string", "$x in ('a)", 17, "these conditions cannot be read: Unexpected token ILLEGAL"),
    ("two kinds", "$x is string, $x is number", 24, "`$x is number` can never hold where `$x is string` does"),
    ("a kind and no literal", "$x is string, $x is not literal", 24, "can never hold where `$x is string` does"),
    ("values of another kind", "$x in ('a', 1), $x is call", 26, "`$x is call` can never hold where"),
    ("values that are ruled out", "$x in ('a', b), $x not in (\"a\", b)", 26, "never hold where `$x in ('a', b)` does"),
    ("values that are spelt otherwise", "$x in ('a', b, c.d), $x ~ /c/", 31, "`$x ~ /c/` can never hold where"),
    ("an expression of what has no name", "$x is call, $x ~ /a/", 22, "`$x ~ /a/` can never hold where"),
    ("an expression and its contrary", "$x ~ /a/, $x !~ /a/", 20, "`$x !~ /a/` can never hold where `$x ~ /a/` does"),
    ("three that leave nothing", "$x in ('a', 'b'), $x not in ('a'), $x not in ('b')", 45, "with all that is asked of"),
    ("the top and not the top", "top level, not top level", 21, "level` can never hold where `top level` does"),
    ("inside and not inside", "inside a('b'), not inside a(\"b\")", 25, "can never hold where `inside a('b')` does"),
    ("a member's name that is a string", "$p is string", 10, "can never hold of what $p is in this code"),
    ("a declared name that is a call", "$d is call", 10, "can never hold of what $d is in this code"),
    ("a flag", "$x ~ /a/g", 18, "the flag g is not supported; a condition takes i, m, s, u"),
    ("looking ahead", "$x ~ /a(?=b)/", 17, "looking ahead is not supported"),
    ("a reference back", r"$x ~ /(a)\1/", 19, "a reference back is not supported"),
]  # fmt: skip

CODE = "var $d = 1;\n-f($x, o.$p, $...a);\n+g($x, o.$p, $...a);\n".replace("var", " var", 1)


@pytest.mark.parametrize(("condition", "column", "words"), [row[1:] for row in WRONG], ids=[row[0] for row in WRONG])
def test_a_condition_that_cannot_be_used(condition: str, column: int, words: str) -> None:
    with pytest.raises(PatternError) as caught:
        compile_patch(Block(f"@@ where {condition}\n{CODE}", 7))
    assert (caught.value.line, caught.value.column) == (7, column), caught.value
    assert words in caught.value.message


@pytest.mark.parametrize("condition", [
    "$x is string, $x is literal", "$x is not string, $x is literal", "$x in ('a', b), $x is identifier",
    "$x in ('a', b), $x not in ('a')", "$x ~ /a/, $x !~ /b/", "$x in ($d, 1), $x ~ /a/", "$p ~ /a/, $p in (a, 'b')",
    "inside a(...), not inside b(...)", "$d ~ /a/, $d is identifier", "$x not in (1), $x not in (2)",
])  # fmt: skip
def test_conditions_that_can_hold(condition: str) -> None:
    compile_patch(f"@@ where {condition}\n{CODE}")


def test_the_line_of_a_later_condition() -> None:
    with pytest.raises(PatternError, match=r"line 9, column 10: nothing binds \$z"):
        compile_patch(Block(f"@@ where $x is string\n@@ where not top level\n@@ where $z is string\n{CODE}", 7))


@pytest.mark.parametrize(
    ("patch", "words"),
    [
        (
            " f($...a);\n@@ where $a is string\n-h($x)\n+g($x)",
            "line 2, column 10: $...a is more than one piece of code",
        ),
        ("-h($x)\n+g($x)\n@@ where $y is string\n-f()\n+i()", "line 3, column 10: nothing binds $y"),
        ("-h()\n+g()\n@@ missing where top level\n+var a;", "line 3, column 12: what is missing has no code"),
    ],
)
def test_a_condition_of_a_section_that_cannot_be_used(patch: str, words: str) -> None:
    with pytest.raises(PatternError) as caught:
        compile_patch(patch)
    assert str(caught.value).startswith(words)


@pytest.mark.parametrize("header", ["@@", "@@ $x is string", "@@ if $x is string", "@@ where$x is string"])
def test_a_header_of_a_pattern_that_is_none(header: str) -> None:
    with pytest.raises(PatternError, match="line 5, column"):
        compile_pattern(Block(f"{header}\nf($x)", 5))


def test_forms_have_conditions_too() -> None:
    patch = compile_patch(
        " f($x);\n+g($x);", sites=["@@ where $x is call\nf($x)"], insufficient=["@@ where top level\nh()"]
    )
    assert [len(form.conditions) for form in (*patch.sites, *patch.insufficient)] == [1, 1]
    with pytest.raises(PatternError, match=r"line 31, column 10: nothing binds \$y"):
        compile_patch(" f($x);\n+g($x);", fixed=[Block("@@ where $y is call\nf($x)", 31)])


def test_a_search_can_have_conditions() -> None:
    found = search("@@ where $x is string\nf($x)", Source("f(1); f('a'); f(b);"))
    assert [match.text for match in found] == ["f('a')"]


def test_conditions_ask_for_no_name() -> None:
    """What a condition names need not be in the text: `$x in (a, b)` holds of either."""
    assert compile_pattern("@@ where $x in (a, b.c), not inside d(...)\nf($x)").names == {"f"}


HOLDS = [
    ("/b/", "abc"), ("/^b/m", "a\nb"), ("/a$/m", "a\nb"), ("/a.b/s", "a\nb"), ("/^a{2,3}$/", "aaa"),
    ("/^(?:ab|c)+?$/", "abcab"),
    (r"/^\d\D\w\W\s\S$/", "1a_- x"), (r"/[^\W\d_]/", "__1a"), (r"/\bat\b/", "look at it"), (r"/a\Bb/", "ab"),
    ("/^$/", ""),
    ("/ABC/i", "xabcx"), ("/[a-f]{3}/i", "BED"), (r"/\x41\u0042\//", "AB/"), (r"/\u{1f600}/u", "😀"), ("/^.$/u", "😀"),
    ("/^..$/", "😀"), (r"/\ud83d\ude00/u", "😀"), (r"/\ud83d/", "😀"), ("/K/iu", "\u212a"), (r"/\s/", "\ufeff"),
    ("/(?<year>1)/", "1"),
    (r"/[\]-]/", "-"), (r"/[\b]/", "\b"), ("/|a/", "b"), ("/(a*)*b/", "aab"), ("/é/", "é"), ("/[à-ü]/", "é"),
]  # fmt: skip
FAILS = [
    ("/^b/", "a\nb"), ("/a$/", "a\nb"), ("/a.b/", "a\nb"), ("/^a{2,3}$/", "aaaa"), (r"/\d/", "٣"), (r"/\w/", "é"),
    ("/^.$/", "😀"),
    (r"/\ud83d/u", "😀"), ("/K/i", "\u212a"), ("/k/i", "\u212a"), (r"/[^\s\S]/", "a"), (r"/\bat\b/", "eat"),
    ("/(a+)+$/", "a" * 50 + "b"), ("/abc/", "ABC"), ("/a{2}/", "a"),
]  # fmt: skip


@pytest.mark.parametrize(("regexp", "text"), HOLDS)
def test_a_regular_expression_that_matches(regexp: str, text: str) -> None:
    assert occurs(read_regexp(regexp), text, Steps())


@pytest.mark.parametrize(("regexp", "text"), FAILS)
def test_a_regular_expression_that_does_not_match(regexp: str, text: str) -> None:
    assert not occurs(read_regexp(regexp), text, Steps())


@pytest.mark.parametrize(
    ("regexp", "offset", "words"),
    [
        ("/a(?!b)/", 2, "looking ahead is not supported"),
        ("/(?<=a)b/", 1, "looking behind is not supported"),
        ("/(?<!a)b/", 1, "looking behind is not supported"),
        ("/(?i:a)/", 1, "a group with flags of its own is not supported"),
        (r"/(?<n>a)\k<n>/", 8, "a reference back is not supported"),
        (r"/a\p{L}/u", 2, "a property of characters is not supported"),
        (r"/\cA/", 1, r"the escape \c is not supported"),
        (r"/\e/", 1, r"the escape \e is not supported"),
        ("/é/i", 2, "with the flag i, letters beyond ASCII are not supported"),
        ("/[^a-ž]/i", 6, "letters beyond ASCII are not supported"),
        ("/a/y", 3, "the flag y is not supported"),
        ("/a**/", 3, "this is repeated already"),
        ("/^*/", 2, "there is nothing to repeat before this"),
        ("/+a/", 1, "a + that is meant is written \\+"),
        ("/a{/", 3, "a brace that is meant is written \\{"),
        ("/a{2,1}/", 2, "a repetition is written {2}, {2,} or {2,4}"),
        ("/a}/", 2, "a } that is meant is written \\}"),
        ("/(a/", 1, "this group is not closed"),
        ("/a)/", 2, "there is no group that this closes"),
        ("/[a/", 1, "this class is not closed"),
        ("/[b-a]/", 2, "this range of characters ends before it begins"),
        (r"/[a-\d]/", 2, "this is no range of characters"),
        (r"/[\w-z]/", 2, "this is no range of characters"),
        (r"/\x4/", 3, "a character is written \\x41"),
        (r"/\u{110000}/u", 4, "a character is written \\x41"),
        ("/😀**/", 3, "this is repeated already"),
        ("/((a{99}){99}){99}/", 0, "takes more than 1,000 steps"),
        (f"/{'(' * 60}{')' * 60}/", 51, "more than 50 groups inside each other"),
        (f"/{'[a]' * 700}/", 0, "at most 2,000 characters"),
    ],
)
def test_a_regular_expression_that_is_refused(regexp: str, offset: int, words: str) -> None:
    with pytest.raises(RegexpProblem) as caught:
        read_regexp(regexp)
    assert (caught.value.offset, words in caught.value.message) == (offset, True), caught.value


@pytest.mark.parametrize(
    "regexp", ["/(a+)+$/", "/(a|a)*b/", "/(a|aa)+$/", "/a*a*a*a*a*a*b/", "/(.*)(.*)(.*)x$/", "/^(([a-z])+.)+[A-Z]/"]
)
def test_time_grows_with_the_text(regexp: str) -> None:
    """These take Python's `re` a time that doubles, or more, with each letter or so."""
    taken = []
    for length in (500, 1_000, 2_000):
        steps = Steps()
        assert not occurs(read_regexp(regexp), "a" * length + "!", steps)
        taken.append(steps.taken)
    assert taken[2] - taken[1] < 2.1 * (taken[1] - taken[0])
    assert taken[0] < 500 * 20


def refused(patch: str, code: str) -> Refused:
    outcome = assess(compile_patch(patch, matches="all"), Source(code))
    assert isinstance(outcome, Refused), outcome
    return outcome


def test_a_long_string_is_too_complex() -> None:
    """The cap is what bounds it: each step is worth a fixed number of the program's places."""
    code = f"f('{'a' * 500_000}');\n"
    assert refused("@@ where $x ~ /(a|b|ab)*(a|b|ab)*(a|b|ab)*c/\n-f($x)\n+g($x)", code).reason is Reason.TOO_COMPLEX


DEEP = "a(() => { " * 200 + "f(b); " * 400 + "}); " * 200


@pytest.mark.parametrize("condition", ["inside c(...)", "not inside a($y, ...)", "top level", "not top level"])
def test_what_stands_round_many_places_is_asked_once(condition: str) -> None:
    """400 places with 600 nodes round each: a step for each of those would be 240,000."""
    source = Source(DEEP)
    matcher = Matcher(parse(source), frozenset(), source.text, cap=8_000)
    found = matcher.matches(compile_pattern(f"@@ where {condition}\nf($x)"))
    assert len(found) in (0, 400)


def test_what_is_asked_of_each_place_anew_is_bounded() -> None:
    found = refused("@@ where inside c($x)\n-f($x)\n+g($x)", DEEP)
    assert found.reason is Reason.TOO_COMPLEX


def test_conditions_take_the_steps_of_their_search() -> None:
    pattern = compile_pattern("@@ where inside b(...), $x ~ /^a*b$/\nf($x)")
    source = Source(f"b(f('{'a' * 100}b'));")
    matcher = Matcher(parse(source), frozenset(), source.text)
    assert len(matcher.matches(pattern)) == 1
    assert matcher.cap == STEP_CAP
