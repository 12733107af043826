"""Words for a person: their parts, with what other tests of the program do not meet."""

from __future__ import annotations

import subprocess

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from sio_patch.report.terminal import aligned, coloured_diff, plain
from sio_patch.report.text import Wording, package, rows, where, words
from sio_patch.shell import quoted
from sio_patch.verdict import Reason, Result, Verdict
from support.ground import executable

ROW = Result("a-leak", "pump", "1.2.3", "node_modules/pump", "lib/pump.js", Verdict.APPLIED, line=3)


@pytest.mark.parametrize(
    ("changes", "shown"),
    [
        ({}, "node_modules/pump/lib/pump.js:3"),
        ({"line": None}, "node_modules/pump/lib/pump.js"),
        ({"file": None, "line": None}, "node_modules/pump"),
        ({"path": "."}, "lib/pump.js:3"),
        ({"path": ".", "file": None, "line": None}, "."),
        ({"path": "/"}, "/lib/pump.js:3"),
        ({"path": "pump/"}, "pump/lib/pump.js:3"),
        ({"path": "a\x1b[2J\nb"}, "a\\x1b[2J\\nb/lib/pump.js:3"),
    ],
)
def test_where(changes: dict[str, object], shown: str) -> None:
    assert where(ROW._replace(**changes)) == shown  # type: ignore[arg-type]


def test_package() -> None:
    assert package(ROW) == "pump 1.2.3"
    assert package(ROW._replace(version=None)) == "pump (version unknown)"
    assert package(ROW._replace(package=None, version=None)) == "-"


@given(st.text())
def test_plain_is_printable_and_says_it_all(text: str) -> None:
    shown = plain(text)
    assert shown.isprintable()
    assert text.isprintable() == (shown == text) or "\\" in text


NAMES = st.binary(min_size=1, max_size=12).filter(lambda data: b"\0" not in data)


@settings(max_examples=15, deadline=None)
@given(st.lists(NAMES, min_size=1, max_size=20))
def test_what_is_typed_is_what_was_meant(names: list[bytes]) -> None:
    """Any bytes of a file name survive a bash, and none of them reaches the screen unprintable."""
    line = quoted("printf", "%s\\0", *(name.decode("utf-8", "surrogateescape") for name in names))
    assert line.isprintable()
    run = subprocess.run([executable("bash"), "-c", line], capture_output=True, check=True, env={"LC_ALL": "C.UTF-8"})
    assert run.stdout.split(b"\0")[:-1] == names


@given(
    st.lists(st.lists(st.text(st.characters(categories=["L", "N"]), min_size=1), min_size=3, max_size=3), min_size=1)
)
def test_columns_are_aligned(table: list[list[str]]) -> None:
    lines = aligned(table)
    starts = []
    for line, cells in zip(lines, table, strict=True):
        assert line.split() == cells
        assert line == line.rstrip()
        starts.append((len(line) - len(cells[2]), line.index(cells[2], len(line) - len(cells[2]))))
    assert len({start for start, _ in starts}) == 1


def test_nothing_to_say() -> None:
    assert words([], [], Wording()) == ""
    assert words([], ["Nothing here."], Wording()) == "Nothing here.\n"
    assert words([], ["Nothing here."], Wording(quiet=True)) == ""
    assert rows([], Wording()) == []


@pytest.mark.parametrize("verdict", Verdict)
def test_every_verdict_has_words_for_it(verdict: Verdict) -> None:
    row = ROW._replace(verdict=verdict)
    loud = words([row], [], Wording(verbose=True, titles={"a-leak": "A leak"}))
    first, title, meaning, empty, *closing = loud.split("\n")
    assert first.split()[0] == verdict
    assert (title, empty) == ("    A leak", "")
    assert meaning.startswith("    ")
    assert meaning.endswith(".")
    assert closing[0]
    quiet = words([row], [], Wording(quiet=True))
    assert bool(quiet) == (verdict not in (Verdict.APPLIED, Verdict.FIXED, Verdict.NOT_AFFECTED))


def test_a_reason_stands_before_its_note() -> None:
    refused = ROW._replace(verdict=Verdict.REFUSED, reason=Reason.TOO_LARGE, note="It is\x1b huge.")
    assert words([refused], [], Wording(quiet=True)) == (
        "refused  node_modules/pump/lib/pump.js:3  pump 1.2.3  a-leak\n    too-large: It is\\x1b huge.\n"
    )


@given(st.binary())
def test_colours_change_no_text(data: bytes) -> None:
    data = data.replace(b"\x1b", b"")
    bare = coloured_diff(data)
    for code in (b"0", b"1", b"2", b"31", b"32", b"36"):
        bare = bare.replace(b"\x1b[%sm" % code, b"")
    assert bare == data


def test_files_of_which_there_is_one_thing_to_say_are_one_row() -> None:
    """Of each patch and copy; two, or what is another word, are shown as they are, and so are all with -v."""
    nothing = [
        ROW._replace(file=f"lib/{name}.js", verdict=Verdict.NOT_AFFECTED, line=None, note="So.") for name in "abc"
    ]
    others = [each._replace(patch="other") for each in nothing[:2]]
    found = [nothing[0], ROW, *nothing[1:], *others]
    shown = [line for line in rows(found, Wording()) if line.startswith("not-affected")]
    assert [line.split("  ")[1].strip() for line in shown] == [
        f"{ROW.path} (3 files)", f"{ROW.path}/lib/a.js", f"{ROW.path}/lib/b.js",
    ]  # fmt: skip
    assert rows(found, Wording()).count("    So.") == 3
    assert rows(found, Wording(verbose=True)).count("    So.") == 5
