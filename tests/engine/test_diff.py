"""Unified diffs: what the real `git apply` and `patch -p1` make of them, to the byte."""

from __future__ import annotations

import contextlib
import subprocess
import tempfile
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from sio_patch.engine import diff, reviewed
from sio_patch.engine.edits import Edit, Edits
from sio_patch.engine.source import Source
from support.ground import executable

TOOLS = {
    "git": ("git", "apply", "--whitespace=nowarn", "changes.diff"),
    "patch": ("patch", "-p1", "--no-backup-if-mismatch", "-i", "changes.diff"),
}


def applied(tool: str, changes: bytes, files: dict[str, bytes]) -> dict[str, bytes]:
    """The files after the real tool has applied the diff to them, in a directory that is no repository."""
    command = TOOLS[tool]
    with tempfile.TemporaryDirectory() as name:
        root = Path(name)
        for path, data in files.items():
            (root / path).parent.mkdir(parents=True, exist_ok=True)
            (root / path).write_bytes(data)
        (root / "changes.diff").write_bytes(changes)
        environment = {
            "PATH": "/usr/bin:/bin",
            "HOME": name,
            "GIT_CONFIG_NOSYSTEM": "1",
            "GIT_CEILING_DIRECTORIES": name,
        }
        run = subprocess.run(
            [executable(command[0]), *command[1:]],
            cwd=root,
            env=environment,
            capture_output=True,
            check=False,
            timeout=30,
        )
        assert run.returncode == 0, (run.stdout, run.stderr, changes)
        (root / "changes.diff").unlink()
        return {str(path.relative_to(root)): path.read_bytes() for path in root.rglob("*") if path.is_file()}


def edited(data: bytes, *edits: tuple[int, int, str]) -> tuple[Source, Source, Edits]:
    """A source, the edited source, and the edits."""
    before = Source.of(data)
    these = Edits.of(Edit(*edit) for edit in edits)
    return before, Source(these.apply(before.text), before.bom), these


def changes(path: str, data: bytes, *edits: tuple[int, int, str]) -> bytes:
    return diff.unified_diff(path, *edited(data, *edits))


NUMBERS = b"".join(b"%d\n" % number for number in range(1, 21))

EXACT = {
    "an inserted line": (
        (NUMBERS, (NUMBERS.index(b"10"), NUMBERS.index(b"10"), "new\n")),
        b"@@ -7,6 +7,7 @@\n 7\n 8\n 9\n+new\n 10\n 11\n 12\n",
    ),
    "inserted at the end of the line before": (
        (NUMBERS, (NUMBERS.index(b"\n10"), NUMBERS.index(b"\n10"), "\nnew")),
        b"@@ -7,6 +7,7 @@\n 7\n 8\n 9\n+new\n 10\n 11\n 12\n",
    ),
    "a removed line": ((b"a\nb\nc\n", (2, 4, "")), b"@@ -1,3 +1,2 @@\n a\n-b\n c\n"),
    "a replaced word": ((b"a\nb b\nc\n", (4, 5, "x")), b"@@ -1,3 +1,3 @@\n a\n-b b\n+b x\n c\n"),
    "two edits in a line": ((b"a b c\n", (0, 1, "x"), (4, 5, "y")), b"@@ -1 +1 @@\n-a b c\n+x b y\n"),
    "context meets: one hunk": (
        (NUMBERS, (0, 1, "x"), (14, 15, "y")),
        b"@@ -1,11 +1,11 @@\n-1\n+x\n 2\n 3\n 4\n 5\n 6\n 7\n-8\n+y\n 9\n 10\n 11\n",
    ),
    "context does not meet: two hunks": (
        (NUMBERS, (0, 1, "x"), (16, 17, "y\nz")),
        b"@@ -1,4 +1,4 @@\n-1\n+x\n 2\n 3\n 4\n@@ -6,7 +6,8 @@\n 6\n 7\n 8\n-9\n+y\n+z\n 10\n 11\n 12\n",
    ),
    "no final newline, kept": (
        (b"a\nb", (0, 1, "x")),
        b"@@ -1,2 +1,2 @@\n-a\n+x\n b\n\\ No newline at end of file\n",
    ),
    "no final newline, last line edited": (
        (b"a\nb", (3, 3, "!")),
        b"@@ -1,2 +1,2 @@\n a\n-b\n\\ No newline at end of file\n+b!\n\\ No newline at end of file\n",
    ),
    "a final newline comes": ((b"a", (1, 1, "\n")), b"@@ -1 +1 @@\n-a\n\\ No newline at end of file\n+a\n"),
    "a final newline goes": ((b"a\n", (1, 2, "")), b"@@ -1 +1 @@\n-a\n+a\n\\ No newline at end of file\n"),
    "appended after a final newline": ((b"a\n", (2, 2, "b\n")), b"@@ -1 +1,2 @@\n a\n+b\n"),
    "a line inside what is replaced stays": (
        (b"f(\n  a,\n  b\n);\n", (0, 14, "when(b, function () {\n  a,\n});")),
        b"@@ -1,4 +1,3 @@\n-f(\n+when(b, function () {\n   a,\n-  b\n-);\n+});\n",
    ),
    "lines inside what is replaced change places": (
        (b"a\nb\nc\nd\n", (0, 8, "b\nc\na\nd\n")),
        b"@@ -1,4 +1,4 @@\n-a\n b\n c\n+a\n d\n",
    ),
    "CRLF": ((b"a\r\nb\r\n", (3, 3, "x\r\n")), b"@@ -1,2 +1,3 @@\n a\r\n+x\r\n b\r\n"),
    "a byte order mark": (
        (b"\xef\xbb\xbfa\nb\n", (0, 1, "x")),
        b"@@ -1,2 +1,2 @@\n-\xef\xbb\xbfa\n+\xef\xbb\xbfx\n b\n",
    ),
    "latin-1 and U+2028 and form feeds": (
        (b"caf\xe9\x0c\n\xe2\x80\xa8x\n", (6, 6, "y\n")),
        b"@@ -1,2 +1,3 @@\n caf\xe9\x0c\n+y\n \xe2\x80\xa8x\n",
    ),
}


@pytest.mark.parametrize("kind", EXACT)
def test_the_hunks_are_exactly(kind: str) -> None:
    (data, *edits), hunks = EXACT[kind]
    assert isinstance(data, bytes)
    assert changes("f.js", data, *edits) == b"--- a/f.js\n+++ b/f.js\n" + hunks  # type: ignore[arg-type]


NOTHING = {
    "no edits": (b"a\n",),
    "an empty insertion": (b"a\n", (1, 1, "")),
    "a word by itself": (b"a b\nc\n", (2, 5, "b\nc")),
}


@pytest.mark.parametrize("kind", NOTHING)
def test_no_change_is_no_diff(kind: str) -> None:
    data, *edits = NOTHING[kind]
    assert isinstance(data, bytes)
    assert changes("f.js", data, *edits) == b""  # type: ignore[arg-type]


@pytest.mark.parametrize("tool", TOOLS)
@pytest.mark.parametrize("kind", EXACT)
def test_both_tools_give_the_same_bytes(kind: str, tool: str) -> None:
    (data, *edits), _ = EXACT[kind]
    assert isinstance(data, bytes)
    before, after, these = edited(data, *edits)  # type: ignore[arg-type]
    made = diff.unified_diff("lib/f.js", before, after, these)
    assert applied(tool, made, {"lib/f.js": data}) == {"lib/f.js": after.to_bytes()}


def longest_common(old: list[bytes], new: list[bytes]) -> int:
    row = [0] * (len(new) + 1)
    for line in old:
        last, row = row, [0]
        for at, other in enumerate(new):
            row.append(last[at] + 1 if line == other else max(row[at], last[at + 1]))
    return row[-1]


LINES = st.lists(st.sampled_from([b"a\n", b"b\n", b"c\n"]), max_size=9)


@given(old=LINES, new=LINES)
def test_one_edit_is_shown_in_as_few_lines_as_can_be(old: list[bytes], new: list[bytes]) -> None:
    data, text = b"".join(old), b"".join(new).decode()
    made = changes("f.js", data, (0, len(data), text)).splitlines()[2:]
    shown = sum(line.startswith((b"-", b"+")) for line in made)
    assert shown == len(old) + len(new) - 2 * longest_common(old, new)


NAMES = [
    "plain.js",
    "with space.js",
    " leading.js",
    "trailing ",
    "in/ a folder /x.js",
    "in/ x.js",
    "two  spaces.js",
    "tab\there.js",
    'quote".js',
    "back\\slash.js",
    "line\nbreak.js",
    "caf\u00e9.js",
    "latin\udce9.js",
    "\u2028 both \x7f\x01.js",
    "deep/er/than that/\u00fc.js",
    "node_modules/@scope/name/lib/x.js",
    "-dash.js",
]


@pytest.mark.parametrize("tool", TOOLS)
@pytest.mark.parametrize("name", NAMES, ids=ascii)
def test_odd_file_names(name: str, tool: str) -> None:
    made = changes(name, b"a\nb\n", (2, 3, "x"))
    assert applied(tool, made, {name: b"a\nb\n"}) == {name: b"a\nx\n"}
    assert [file.path for file in reviewed.parse(made)] == [name]


PREFACE = [
    "--- a/other.js",
    "+++ b/other.js",
    "@@ -1 +1 @@",
    "diff --git a/other.js b/other.js",
    "Index: other.js",
    "Prereq: 1.0",
    "*** other.js",
    "1d",
    "1,2c3",
    "-x",
    "+x",
    " x",
    "",
    "\\ No newline at end of file",
    "Binary files a/x and b/x differ",
    "two\n--- a/other.js\n+++ b/other.js\n@@ -1 +1 @@\n-a\n+q\nlines",
    "carriage\r--- a/other.js\u2028+++ b/other.js\x0cdone",
    "d\u00e9j\u00e0 \ud800 vu",
]


@pytest.mark.parametrize("tool", TOOLS)
@pytest.mark.parametrize("line", [*PREFACE, None], ids=ascii)
def test_comments_are_only_comments(line: str | None, tool: str) -> None:
    comments = diff.preface(PREFACE if line is None else [line])
    assert all(piece.startswith(b"#") for piece in comments[:-1].split(b"\n"))
    files = {"f.js": b"a\n", "g.js": b"c", "other.js": b"a\n"}
    made = comments + changes("f.js", b"a\n", (0, 1, "b")) + comments + changes("g.js", b"c", (1, 1, "d"))
    assert applied(tool, made, files) == {"f.js": b"b\n", "g.js": b"cd", "other.js": b"a\n"}
    assert [file.path for file in reviewed.parse(made)] == ["f.js", "g.js"]


TEXTS = st.lists(
    st.sampled_from(
        [
            "a",
            "b",
            "--",
            "++ ",
            "@@ -1 +1 @@",
            "\n",
            "\n",
            "\n",
            "\r\n",
            "\r",
            "\u2028",
            "\x0c",
            "\u00e9",
            "\udce9",
            " ",
            "\t",
        ]
    ),
    max_size=40,
).map(lambda pieces: "".join(pieces).encode("utf-8", "surrogateescape"))


@st.composite
def edits_of(draw: st.DrawFn) -> tuple[bytes, list[tuple[int, int, str]]]:
    data = draw(st.sampled_from([b"", b"\xef\xbb\xbf"])) + draw(TEXTS)
    length = len(Source.of(data).text)
    cuts = sorted(draw(st.lists(st.integers(0, length), min_size=2, max_size=8)))
    new = [draw(TEXTS).decode("utf-8", "surrogateescape") for _ in cuts[::2]]
    return data, [(start, end, text) for start, end, text in zip(cuts[::2], cuts[1::2], new, strict=False)]


@pytest.mark.parametrize("tool", TOOLS)
@settings(max_examples=150, deadline=None)
@given(case=edits_of())
def test_any_edits_through_the_real_tools(tool: str, case: tuple[bytes, list[tuple[int, int, str]]]) -> None:
    before, after, these = edited(case[0], *case[1])
    made = diff.unified_diff("f.js", before, after, these)
    assert (made == b"") == (before.to_bytes() == after.to_bytes())
    if made:
        assert applied(tool, made, {"f.js": before.to_bytes()}) == {"f.js": after.to_bytes()}


@settings(max_examples=300, deadline=None)
@given(case=edits_of())
def test_what_is_parsed_is_what_was_made(case: tuple[bytes, list[tuple[int, int, str]]]) -> None:
    before, after, these = edited(case[0], *case[1])
    made = diff.unified_diff("f.js", before, after, these)
    lines = [line + "\n" for line in before.to_bytes().decode("utf-8", "surrogateescape").split("\n")]
    lines[-1] = lines[-1][:-1]
    shift = 0
    for file in reviewed.parse(diff.preface(["why"]) + made):
        assert file.path == "f.js"
        assert all(lines[number - 1] == line for number, line in file.context.items())
        for change in file.changes:
            at = change.line - 1 + shift
            assert tuple(lines[at : at + len(change.removed)]) == change.removed
            lines[at : at + len(change.removed)] = change.added
            shift += len(change.added) - len(change.removed)
    assert "".join(lines).encode("utf-8", "surrogateescape") == after.to_bytes()
    assert reviewed.difference(made, made) is None


ONE = changes("f.js", NUMBERS, (0, 1, "x"))
TWO = changes("g.js", NUMBERS, (16, 17, "y\nz"))


SAME = {
    "itself": ONE + TWO,
    "with comments": diff.preface(["reviewed by me"]) + ONE + diff.preface(["and"]) + TWO,
    "in another order": TWO + ONE,
    "with a git header": b"diff --git a/f.js b/f.js\nindex 1234567..89abcde 100644\n" + ONE + TWO,
    "with less context": b"--- a/f.js\n+++ b/f.js\n@@ -1 +1 @@\n-1\n+x\n" + TWO,
    "with blank lines after the hunks": ONE + b"\n" + TWO + b"\n",
    "with time stamps": ONE.replace(b"f.js\n", b"f.js\t2014-01-01 00:00:00\n") + TWO,
}


@pytest.mark.parametrize("kind", SAME)
def test_the_same_changes(kind: str) -> None:
    assert reviewed.difference(SAME[kind], ONE + TWO) is None


DIFFERENT = {
    "a file less": (ONE, "the reviewed diff does not change g.js, which is to be changed now"),
    "a file more": (ONE + TWO + TWO.replace(b"g.js", b"h.js"), "changes h.js, which is not to be changed now"),
    "nothing": (b"", "does not change f.js"),
    "only prose": (b"looks good to me\n", "does not change f.js"),
    "another text": (
        ONE.replace(b"+x", b"+q") + TWO,
        r"f.js: now removes '1\n' and adds 'x\n' at line 1; the reviewed",
    ),
    "another line": (ONE + TWO.replace(b"@@ -6,7 +6,8", b"@@ -5,7 +5,8"), "at line 8"),
    "a change less": (ONE + TWO.replace(b"+z\n", b"").replace(b"+6,8", b"+6,7"), r"adds 'y\nz\n' at line 9"),
    "a newline less": (ONE.replace(b"+x\n", b"+x\n\\ No newline at end of file\n") + TWO, "f.js: now"),
    "other context": (ONE.replace(b" 3\n", b" three\n") + TWO, "line 3 is '3\\n' now, and 'three\\n' in the reviewed"),
    "a mode": (b"diff --git a/f.js b/f.js\nold mode 100644\nnew mode 100755\n" + ONE + TWO, "old mode 100644"),
    "a rename": (ONE.replace(b"+++ b/f.js", b"+++ b/q.js") + TWO, "does not change f.js"),
    "a deletion": (ONE.replace(b"+++ b/f.js", b"+++ /dev/null") + TWO, "does not change f.js"),
}


@pytest.mark.parametrize("kind", DIFFERENT)
def test_other_changes(kind: str) -> None:
    text, words = DIFFERENT[kind]
    found = reviewed.difference(text, ONE + TWO)
    assert found is not None
    assert words in found


@pytest.mark.parametrize(
    "text",
    [
        ONE[:-4],
        ONE.replace(b"-1,4", b"-1,9"),
        ONE + ONE,
        b"@@ -1 +1 @@\n-a\n+b\n",
        b"+++ b/f.js\n" + ONE,
        ONE.replace(b" 2\n", b"2\n"),
    ],
)
def test_what_is_no_diff(text: bytes) -> None:
    with pytest.raises(reviewed.DiffError):
        reviewed.difference(text, TWO)


@settings(max_examples=300, deadline=None)
@given(
    text=st.one_of(
        st.binary(),
        st.lists(st.sampled_from([*ONE.split(b"\n"), b"", b"\\ No newline at end of file"])).map(b"\n".join),
    )
)
def test_any_text_is_a_diff_or_a_diff_error(text: bytes) -> None:
    with contextlib.suppress(reviewed.DiffError):
        reviewed.parse(text)
