"""Patches with parameters, patches of a whole program, and forms that are no cure."""

from __future__ import annotations

import pytest

from sio_patch.documents.params import BadParameter, Parameter, ParameterType, number
from sio_patch.engine.outcome import Absent, Applied, Fixed, NeedsPatch, Outcome, Refused
from sio_patch.engine.pattern import PatternError, SemanticPatch, compile_patch
from sio_patch.engine.rewrite import assess
from sio_patch.engine.source import Place, Source
from sio_patch.engine.tree.constant import number as constant
from sio_patch.verdict import Reason

LIMIT = compile_patch(" $s = listen();\n+$s.limit = $size;", parameters=["size"])
SIZE = {"size": "64 * 1024"}


def after(outcome: Outcome) -> str:
    assert isinstance(outcome, NeedsPatch), outcome
    return outcome.after.text


def test_the_value_is_written() -> None:
    assert after(assess(LIMIT, Source("s = listen();\n"), SIZE)) == "s = listen();\ns.limit = 64 * 1024;\n"


def test_another_value_that_is_there_stands() -> None:
    outcome = assess(LIMIT, Source("s = listen();\ns.limit = 1 << 20;\n"), SIZE)
    assert outcome == Applied(Place(2, 1), {"size": "1 << 20"})


def test_a_chosen_value_replaces_another() -> None:
    source = Source("s = listen()\ns.limit =  1 << 20 // big\n")
    found = assess(LIMIT, source, SIZE, chosen=["size"])
    assert after(found) == "s = listen()\ns.limit =  64 * 1024 // big\n"
    assert isinstance(found, NeedsPatch)
    assert found.place == Place(2, 12)
    assert isinstance(assess(LIMIT, found.after, SIZE, chosen=["size"]), Applied)


@pytest.mark.parametrize("written", ["64*1024", "(64) * 1024", "0x40 * 1024", "64 /* k */ * 1024"])
def test_a_chosen_value_that_is_there_stays(written: str) -> None:
    source = Source(f"s = listen();\ns.limit = {written};\n")
    assert isinstance(assess(LIMIT, source, SIZE, chosen=["size"]), Applied)


def test_a_name_in_a_chosen_value_is_the_files_own() -> None:
    found = assess(LIMIT, Source("var most = 9;\ns = listen();\n"), {"size": "most"}, chosen=["size"])
    assert isinstance(found, NeedsPatch)
    assert isinstance(assess(LIMIT, found.after, {"size": "most"}, chosen=["size"]), Applied)


def test_a_value_that_needs_brackets() -> None:
    patch = compile_patch(" $s = listen();\n+$s.limit = $size * 2;", parameters=["size"])
    assert "(1 + 1) * 2" in after(assess(patch, Source("s = listen();\n"), {"size": "1 + 1"}))
    there = Source("s = listen();\ns.limit = 4 * 2;\nother = (4) * 2;\n")
    assert "(1 + 1) * 2" in after(assess(patch, there, {"size": "1 + 1"}, chosen=["size"]))


def test_values_in_a_fixed_form() -> None:
    patch = compile_patch(
        " $s = listen();\n+$s.limit = $size;", fixed=["$s = listen({ limit: $size });"], parameters=["size"]
    )
    outcome = assess(patch, Source("s = listen({ limit: 10 });\n"), SIZE)
    assert outcome == Fixed(0, Place(1, 1), {"size": "10"})


def test_values_at_several_places() -> None:
    patch = compile_patch(" $s = listen();\n+$s.limit = $size;", parameters=["size"], matches="all")
    text = "a = listen();\na.limit = 1;\nb = listen();\nb.limit = 2;\n"
    outcome = assess(patch, Source(text), {"size": "2"}, chosen=["size"])
    assert after(outcome) == text.replace("= 1;", "= 2;")


def test_a_parameter_that_is_not_named_is_unknown() -> None:
    with pytest.raises(PatternError, match=r"\$size, which nothing before binds"):
        compile_patch(" $s = listen();\n+$s.limit = $size;")


# Whole programs

HEAD = "+require('tls').limit = 1;\n ..."
PROGRAM = compile_patch(HEAD, scope="program", fixed=["...\nsetLimit();\n..."])


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("go();\n", "require('tls').limit = 1;\ngo();\n"),
        ("'use strict';\n\ngo();\n", "'use strict';\n\nrequire('tls').limit = 1;\ngo();\n"),
        ("#!/usr/bin/env node\n// head\ngo();\n", "#!/usr/bin/env node\n// head\nrequire('tls').limit = 1;\ngo();\n"),
        ("\ufeffgo();\r\n", "\ufeffrequire('tls').limit = 1;\r\ngo();\r\n"),
        ("if (a) { go(); }", "require('tls').limit = 1;\nif (a) { go(); }"),
    ],
)
def test_a_whole_program(text: str, expected: str) -> None:
    source = Source.of(text.encode())
    outcome = assess(PROGRAM, source)
    assert isinstance(outcome, NeedsPatch), outcome
    assert outcome.after.to_bytes() == expected.encode()
    assert isinstance(assess(PROGRAM, outcome.after), Applied)


def test_a_program_is_not_any_block() -> None:
    """The same pattern anywhere would find each block of the file."""
    text = "go();\nfunction f() { require('tls').limit = 1; stop(); }\n"
    assert after(assess(PROGRAM, Source(text))) == "require('tls').limit = 1;\n" + text


def test_a_program_that_is_cured_otherwise() -> None:
    assert isinstance(assess(PROGRAM, Source("go();\nsetLimit();\ngo();\n")), Fixed)
    assert isinstance(assess(PROGRAM, Source("go();\n{ setLimit(); }\n")), NeedsPatch)


@pytest.mark.parametrize("text", ["", "\n", "// nothing\n", "'use strict';\n"])
def test_a_program_without_code(text: str) -> None:
    outcome = assess(PROGRAM, Source(text))
    assert isinstance(outcome, NeedsPatch | Absent | Refused)
    if isinstance(outcome, NeedsPatch):
        assert isinstance(assess(PROGRAM, outcome.after), Applied)


# Forms that look like a cure

WEAK = compile_patch(" $s = listen();\n+$s.limit = 1;", insufficient=["$s.limit = 2", "setLimit($x)"])


def test_an_insufficient_form_is_pointed_out() -> None:
    outcome = assess(WEAK, Source("setLimit(2);\ns = listen();\n"))
    assert isinstance(outcome, NeedsPatch)
    assert outcome.insufficient == Place(1, 1)


def test_without_one_there_is_nothing_to_point_out() -> None:
    outcome = assess(WEAK, Source("s = listen();\n"))
    assert isinstance(outcome, NeedsPatch)
    assert outcome.insufficient is None


def test_an_insufficient_form_does_not_cure() -> None:
    assert after(assess(WEAK, Source("s = listen();\ns.limit = 2;\n"))) == "s = listen();\ns.limit = 1;\ns.limit = 2;\n"


# Values as the user writes them

BYTES = Parameter("size", ParameterType.BYTES, 100 * 1024, 1024, 1024 * 1024)
COUNT = Parameter("count", ParameterType.INTEGER, 10, 1, 100)


@pytest.mark.parametrize(
    ("text", "value"),
    [("1024", 1024), ("1k", 1024), ("1K", 1024), (" 100k ", 102400), ("1m", 1048576), ("1M", 1048576), ("01024", 1024)],
)
def test_a_size(text: str, value: int) -> None:
    assert BYTES.read(text) == value


@pytest.mark.parametrize(
    "text",
    [
        "",
        "k",
        "0",
        "1023",
        "1048577",
        "2m",
        "-1",
        "1.5k",
        "1e6",
        "1kb",
        "0x400",
        "1 k",
        "\u0661\u0660\u0660\u0660\u0660k",
        "9" * 40,
    ],
)
def test_no_such_size(text: str) -> None:
    with pytest.raises(BadParameter, match=r"^size=.* is not a size from 1 KiB to 1 MiB\. Write bytes .*\(100k\)\.$"):
        BYTES.read(text)


@pytest.mark.parametrize(("text", "good"), [("1", True), ("100", True), ("0", False), ("101", False), ("1k", False)])
def test_a_count(text: str, good: bool) -> None:
    if good:
        assert COUNT.read(text) == int(text)
    else:
        with pytest.raises(BadParameter, match="a whole number from 1 to 100"):
            COUNT.read(text)


def test_how_a_value_is_written_in_javascript() -> None:
    for value in (1, 1000, 1024, 1536, 65536, 1048576, 1048577):
        assert constant(BYTES.code(value)) == value
    assert BYTES.code(65536) == "64 * 1024"
    assert BYTES.code(1000) == "1000"
    assert COUNT.code(1024) == "1024"
    assert BYTES.code(0) == "0"


def test_how_a_value_is_told() -> None:
    assert [BYTES.words(value) for value in (1048576, 65536, 1500, 1536)] == [
        "1 MiB",
        "64 KiB",
        "1,500 bytes",
        "1,536 bytes",
    ]
    assert COUNT.words(1024) == "1024"


def test_numbers_by_type() -> None:
    assert number("2k", ParameterType.BYTES) == 2048
    assert number("2k", ParameterType.INTEGER) is None


@pytest.mark.parametrize(
    ("code", "value"),
    [
        ("100 * 1024", 102400), ("0x10", 16), ("1e3", 1000), ("1 << 20", 1048576), ("-1", -1), ("+1", 1), ("(1)", 1),
        ("1 + 2 * 3", 7), ("10 / 4", 2.5), ("10 - 4", 6), ("1_000", 1000), ("1 // one", 1), ("2\n*\n3", 6),
        ("x", None), ("1, 2", None), ("f()", None), ("'1'", None), ("1 / 0", None),
        ("1 << 32", None), ("1 << -1", None), ("1 << 31", None), ("2147483648 << 0", None),
        ("1 ** 2", None), ("~1", None), ("", None), ("1) + (2", None), ("1;2", None), ("[", None), ("1n", None),
        ("1e308 * 1e308 << 1", None), ("typeof 1", None), ("-x", None), ("1 + x", None), ("`1`", None),
    ],
)  # fmt: skip
def test_arithmetic(code: str, value: float | None) -> None:
    assert constant(code) == value


def test_reasons_are_the_contract() -> None:
    assert [reason.value for reason in Reason] == [
        "anchor-missing", "ambiguous", "unparseable", "unsafe-place", "name-taken", "changed-since", "outside-root",
        "too-large", "too-complex", "unsupported-layout", "bad-parameter", "missing-file",
    ]  # fmt: skip


def test_a_patch_is_told_by_its_names() -> None:
    patch: SemanticPatch = compile_patch(
        " $x.prototype.open = function () {\n+  go();\n   ...\n };", equivalent=["function-forms"]
    )
    assert patch.names == {"open"}
