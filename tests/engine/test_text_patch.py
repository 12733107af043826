"""Hunks found by their lines: what they make, byte for byte, and what they leave alone."""

from __future__ import annotations

import time
from collections.abc import Callable
from difflib import unified_diff

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from sio_patch.engine import text_patch
from sio_patch.engine.edits import Edit, Edits
from sio_patch.engine.language.compiled import PatternError
from sio_patch.engine.outcome import Absent, Applied, NeedsPatch, Refused
from sio_patch.engine.source import Place, Source
from sio_patch.engine.text_patch import assess_text, compile_text_patch, makes, reversed_text_patch
from sio_patch.verdict import Reason

REPLACE = (
    "@@ -7,3 +9,4 @@ interface Pump {\n   stop(): void;\n-  level: string;\n+  level: number;\n+  max: number;\n }\n"
)
INSERT = " a\n+b\n"
BEHIND = "@@\n a\n+b\n"
BEFORE = "@@\n+b\n a\n"
TAKE = " a\n-b\n c\n"
LAST = " a\n-b\n"
END_BARE = " a\n-b\n\\ No newline at end of file\n+b\n"
MAKE_BARE = " a\n-b\n+b\n\\ No newline at end of file\n"
BOTH_BARE = " a\n-b\n\\ No newline at end of file\n+c\n\\ No newline at end of file\n"
TWO = "@@\n one\n-two\n+2\n@@ -40 +41 @@\n-nine\n+9\n ten\n"

MADE = {
    "in the middle, whatever the numbers say": (
        REPLACE,
        "x\n  stop(): void;\n  level: string;\n}\n",
        "x\n  stop(): void;\n  level: number;\n  max: number;\n}\n",
    ),
    "CRLF": (
        REPLACE,
        "x\r\n  stop(): void;\r\n  level: string;\r\n}\r\n",
        "x\r\n  stop(): void;\r\n  level: number;\r\n  max: number;\r\n}\r\n",
    ),
    "mixed line ends": (
        REPLACE,
        "  stop(): void;\n  level: string;\r\n}\n",
        "  stop(): void;\n  level: number;\r\n  max: number;\r\n}\n",
    ),
    "a mark at the beginning": (INSERT, "\ufeffa\n", "\ufeffa\nb\n"),
    "with headers": (
        "diff --git a/x b/x\nindex 1..2 100644\n--- a/x\n+++ b/x\n@@ -1 +1,2 @@\n a\n+b\n",
        "a\n",
        "a\nb\n",
    ),
    "behind the last line": (BEHIND, "x\na\n", "x\na\nb\n"),
    "behind a last line without a newline": (BEHIND, "x\na", "x\na\nb"),
    "behind a last line without a newline, CRLF": (BEHIND, "x\r\na", "x\r\na\r\nb"),
    "before the first line": (BEFORE, "a\nx\n", "b\na\nx\n"),
    "before the only line, which has no newline": (BEFORE, "a", "b\na"),
    "a line taken out": (TAKE, "a\nb\nc\n", "a\nc\n"),
    "the last line taken out": (LAST, "x\na\nb\n", "x\na\n"),
    "the last line without a newline taken out": (LAST, "x\na\nb", "x\na"),
    "a newline at the end": (END_BARE, "a\nb", "a\nb\n"),
    "no newline at the end": (MAKE_BARE, "a\nb\n", "a\nb"),
    "no newline before and after": (BOTH_BARE, "a\nb", "a\nc"),
    "only lines that change": ("-old\n+new\n", "x\nold\ny\n", "x\nnew\ny\n"),
    "two hunks": (TWO, "one\ntwo\n...\nnine\nten\n", "one\n2\n...\n9\nten\n"),
    "two hunks, in the other order": (TWO, "nine\nten\none\ntwo\n", "9\nten\none\n2\n"),
    "the first hunk is made": (TWO, "one\n2\n...\nnine\nten\n", "one\n2\n...\n9\nten\n"),
    "hunks that share a line": ("@@\n-a\n+A\n b\n@@\n b\n-c\n+C\n", "a\nb\nc\n", "A\nb\nC\n"),
    "hunks that put in at one place": ("@@\n a\n+x\n@@\n+y\n b\n", "a\nb\n", "a\nx\ny\nb\n"),
    "an empty line of context": ("@@\n a\n\n+b\n", "a\n\nc\n", "a\n\nb\nc\n"),
    "what is added holds what is looked for": (" a\n+b\n+a\n", "a\n", "a\nb\na\n"),
    "a line end that only JavaScript knows": (" a\u2028x\n+b\n", "a\u2028x\n", "a\u2028x\nb\n"),
    "a lone carriage return": (" a\rx\n+b\n", "a\rx\n", "a\rx\nb\n"),
    "bytes that are no UTF-8 beside it": (INSERT, "\udcff\na\n", "\udcff\na\nb\n"),
    "dashes and plusses": ("@@\n--- x\n+++ x\n y\n", "-- x\ny\n", "++ x\ny\n"),
    "a dollar is a dollar": (" $a\n+$b\n", "$a\n", "$a\n$b\n"),
}


def of(text: str) -> Source:
    return Source.of(text.encode("utf-8", "surrogateescape"))


@pytest.mark.parametrize(("hunks", "before", "after"), MADE.values(), ids=MADE)
def test_what_is_made(hunks: str, before: str, after: str) -> None:
    """And it is made once, can be undone by its edits and by the patch backwards, and is the patch's own."""
    patch = compile_text_patch(hunks)
    found = assess_text(patch, of(before))
    assert isinstance(found, NeedsPatch), found
    assert found.after.to_bytes() == of(after).to_bytes()
    assert found.edits.inverse(of(before).text).apply(of(after).text) == of(before).text
    assert isinstance(assess_text(patch, of(after)), Applied)
    assert makes(patch, of(before).text, found.edits)
    assert not makes(patch, of(before).text, Edits())


BACKWARDS = [
    case
    for name, case in MADE.items()
    if name not in ("the first hunk is made", "what is added holds what is looked for")
]


@pytest.mark.parametrize(("hunks", "before", "after"), BACKWARDS)
def test_what_is_taken_back(hunks: str, before: str, after: str) -> None:
    found = assess_text(reversed_text_patch(compile_text_patch(hunks)), of(after))
    assert isinstance(found, NeedsPatch), found
    assert found.after.to_bytes() == of(before).to_bytes()


NO_LINE = "no line of the file is `{}`, with which the hunk at line {} begins"
STANDS = "the hunk at line 1 of the patch has {}, and there stands {}"
STANDS_IN_2 = STANDS.replace("line 1", "line 2")
PLACES = "the lines of the hunk at line 1 stand in {} places (lines {}); give it more context"
NOT_TOLD = (
    "the lines of the hunk at line {} could not be told from others once they are changed; give the hunk more context"
)
SAME = "the lines of the hunk at line 2 change the same lines here as another hunk; make one of the two"
TRACE = "what the hunk at line 1 of the patch leaves stands at lines 1, 3, which does not tell whether it was made"
HAS, HAS_NOT = (
    f"the file has {what} at its end, unlike the hunk at line 1 of the patch" for what in ("a newline", "no newline")
)
SHARED = "@@\n a\n-b\n+c\n@@\n-b\n+d\n e\n"
SHOWN = "@@\n a\n-b\n+c\n@@\n b\n-d\n+e\n"

LEFT = {
    "another line of context": (
        REPLACE,
        "  stop(): 1;\n  level: string;\n}\n",
        Absent,
        NO_LINE.format("  stop(): void;", 2),
    ),
    "white space counts": (INSERT, " a\n", Absent, NO_LINE.format("a", 1)),
    "a part of a line": (INSERT, "ab\n", Absent, NO_LINE.format("a", 1)),
    "an empty file": (INSERT, "", Absent, NO_LINE.format("a", 1)),
    "a line between": (TAKE, "a\nx\nb\nc\n", Absent, STANDS.format("`b`", "`x`")),
    "an empty line": ("@@\n a\n\n-b\n+c\n", "a\nb\n", Absent, STANDS_IN_2.format("an empty line", "`b`")),
    "the end of the file": (TAKE, "a\nb\n", Absent, STANDS.format("`c`", "the end of the file")),
    "not the end of the file": (BOTH_BARE, "a\nb\nc\n", Absent, STANDS.format("the end of the file", "`c`")),
    "a newline at the end": (BOTH_BARE, "a\nb\n", Absent, HAS),
    "no newline at the end": (MAKE_BARE.replace("-b", "-c"), "a\nc", Absent, HAS_NOT),
    "one hunk of two": (TWO, "one\ntwo\n", Absent, NO_LINE.format("nine", 6)),
    "a trace that is none": (LAST, "a\nx\na\ny\n", Absent, TRACE),
    "two places": (INSERT, "a\nx\na\n", Refused, PLACES.format(2, "1, 3")),
    "many places": (INSERT, "a\nx\n" * 2000, Refused, PLACES.format(1000, "1, 3, 5, 7, 9, ...")),
    "two places that overlap": (" a\n a\n+b\n", "a\na\na\n", Refused, PLACES.format(2, "1, 2")),
    "made at one of two places": (INSERT, "a\nb\na\nc\n", Refused, NOT_TOLD.format(1)),
    "what is left stands elsewhere": (LAST, "a\nb\na\n", Refused, NOT_TOLD.format(1)),
    "two hunks for one line": (SHARED, "a\nb\ne\n", Refused, SAME),
    "a hunk that changes what another shows": (SHOWN, "a\nb\nd\n", Refused, NOT_TOLD.format(6)),
}


@pytest.mark.parametrize(("hunks", "text", "kind", "message"), LEFT.values(), ids=LEFT)
def test_what_is_left_alone(hunks: str, text: str, kind: type[object], message: str) -> None:
    found = assess_text(compile_text_patch(hunks), of(text))
    assert type(found) is kind
    assert (found.nearest if isinstance(found, Absent) else found.message) == message  # type: ignore[union-attr]


def test_places() -> None:
    assert assess_text(compile_text_patch(TAKE), of("x\na\nc\n")) == Applied(Place(3, 1))
    assert assess_text(compile_text_patch(LAST), of("x\na\n")) == Applied(Place(2, 1))
    made = assess_text(compile_text_patch(BEHIND), of("x\na"))
    assert isinstance(made, NeedsPatch)
    assert made.place == Place(3, 1)
    missing = assess_text(compile_text_patch(TAKE), of("x\na\nx\n"))
    assert isinstance(missing, Absent)
    assert missing.place == Place(3, 1)


def test_a_hostile_patch_is_refused_soon() -> None:
    many = "".join(f"@@\n-{number}\n+x\n" for number in range(5000))
    found = assess_text(compile_text_patch(many), Source("a\n" * 250_000))
    assert found == Refused(
        Reason.TOO_COMPLEX, "the patch has 5,000 hunks, too many to look for in a file of this size", None
    )
    started = time.process_time()
    long = compile_text_patch(" a\n" * 20_000 + "-b\n+c\n")
    assert isinstance(assess_text(long, Source("a\n" * 250_000)), Absent)
    assert time.process_time() - started < 2


FAULTS = {
    "a line too many is gone": lambda edit: edit._replace(end=edit.end + 2),
    "a line too many": lambda edit: edit._replace(new=edit.new + "x\n"),
    "a line elsewhere": lambda edit: Edit(0, 0, edit.new),
    "nothing": lambda edit: edit._replace(end=edit.start, new=""),
    "another line": lambda edit: edit._replace(new="x\n"),
}


@pytest.mark.parametrize("fault", FAULTS.values(), ids=FAULTS)
def test_a_wrong_edit_is_not_made(fault: Callable[[Edit], Edit], monkeypatch: pytest.MonkeyPatch) -> None:
    original = text_patch._edit
    monkeypatch.setattr(text_patch, "_edit", lambda *arguments: fault(original(*arguments)))
    found = assess_text(compile_text_patch(BEHIND), of("x\na\ny\nz\n"))
    assert isinstance(found, Refused)
    assert found.reason in (Reason.UNSAFE_PLACE, Reason.AMBIGUOUS)


READABLE = [
    ("x.json", '-  "a": 1\n+  "a": 2,\n', '{\n  "a": 1\n}\n', "json"),
    ("x.js", "-a();\n+a(;\n", "a();\n", "js"),
    ("x.mjs", "-a();\n+a(;\n", "import 'b';\na();\n", "mjs"),
]


@pytest.mark.parametrize(("file", "hunks", "text", "kind"), READABLE)
def test_what_could_be_read_can_be_read_afterwards(file: str, hunks: str, text: str, kind: str) -> None:
    patch = compile_text_patch(hunks)
    message = f"the lines of the hunk at line 1 are there, but after the edit this would be no {kind} any more"
    place = Place(text.split("\n").index(hunks.split("\n")[0][1:]) + 1, 1)
    assert assess_text(patch, of(text), f"lib/{file}") == Refused(Reason.UNSAFE_PLACE, message, place)
    assert isinstance(assess_text(patch, of(text), "lib/x.txt"), NeedsPatch)
    assert isinstance(assess_text(patch, of(f"// @\n{text}}}{{"), f"lib/{file}"), NeedsPatch), "it was none before"


BAD = {
    "only additions": (
        "@@\n+a\n",
        2,
        "this hunk shows nothing by which its place could be found; add a line of context",
    ),
    "only deletions": (
        "@@\n-a\n",
        2,
        "this hunk leaves nothing by which it could be told that it was made; add a line of context",
    ),
    "no change": ("@@\n a\n", 2, "this hunk changes nothing: begin a line with `-` or `+`"),
    "the same again": ("@@\n-a\n+a\n", 2, "this hunk changes nothing: begin a line with `-` or `+`"),
    "an empty hunk": ("@@\n@@\n-a\n+b\n", 2, "this hunk changes nothing: begin a line with `-` or `+`"),
    "no mark": ("@@\n-a\nb\n", 3, "a line of a hunk begins with a space, `-` or `+`"),
    "a header without hunks": ("--- a/x\n+++ b/x\n a\n+b\n", 3, "a hunk begins with a line `@@`"),
    "another file": (
        "--- a/x\n+++ b/x\n@@\n-a\n+b\n--- a/y\n+++ b/y\n@@\n-a\n+b\n",
        6,
        "another file begins here; give it a block of its own: `diff text GLOB`",
    ),
    "a new file": (
        "diff --git a/x b/x\nnew file mode 100644\n--- /dev/null\n+++ b/x\n@@\n+a\n",
        2,
        "a patch changes files that are there: it makes, deletes and renames none, and changes no mode",
    ),
    "an end that is none": (
        "@@\n-a\n\\ No newline at end of file\n+b\n c\n",
        2,
        "`\\ No newline at end of file` stands behind a line that is not the last one",
    ),
    "twice": ("@@\n-a\n+b\n@@\n-a\n+b\n", 5, "this hunk stands in the block twice"),
}


@pytest.mark.parametrize(("hunks", "line", "message"), BAD.values(), ids=BAD)
def test_what_is_no_hunk(hunks: str, line: int, message: str) -> None:
    with pytest.raises(PatternError) as caught:
        compile_text_patch(hunks)
    assert (caught.value.line, caught.value.message) == (line, message)


LINES = st.lists(st.sampled_from(["a", "b", "c", "d", "", "x y", "}"]), max_size=14)


@settings(max_examples=300, deadline=None)
@given(LINES, LINES, st.booleans(), st.booleans(), st.integers(1, 3))
def test_any_diff_makes_what_it_shows_or_nothing(
    old: list[str], new: list[str], bare: bool, crlf: bool, context: int
) -> None:
    """The diff of two texts makes out of one the other, to the byte, and can be undone; or it makes nothing."""
    hunks = "\n".join(list(unified_diff(old, new, lineterm="", n=context))[2:])
    bare = bare and all(lines and lines[-1] for lines in (old, new))  # an empty line without an end is none
    crlf = crlf and not (
        bare and min(len(old), len(new)) < 2
    )  # a line without an end does not say which the file's are
    text, wanted = (ended(lines, bare, crlf) for lines in (old, new))
    try:
        patch = compile_text_patch(f"{hunks}\n")
    except PatternError:
        return
    found = assess_text(patch, of(text))
    if isinstance(found, NeedsPatch):
        assert found.after.to_bytes() == wanted.encode()
        assert found.edits.inverse(text).apply(wanted) == text
        assert isinstance(assess_text(patch, found.after), Applied)
        back = assess_text(reversed_text_patch(patch), found.after)
        assert not isinstance(back, NeedsPatch) or back.after == of(text)


def ended(lines: list[str], bare: bool, crlf: bool) -> str:
    end = "\r\n" if crlf else "\n"
    text = "".join(f"{line}{end}" for line in lines)
    return text.removesuffix(end) if bare else text
