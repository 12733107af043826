"""Receipts: read back what was written, and nothing else."""

from __future__ import annotations

import json
import os
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from sio_patch.engine.edits import Edit, Edits
from sio_patch.engine.source import Source
from sio_patch.project import receipt
from sio_patch.project.files import ChangedSince
from sio_patch.project.receipt import FileRecord, Receipt, ReceiptError, Step, sha256

DIGEST = "d" * 64
PATH = Path("copy") / receipt.NAME


def stacked(data: bytes, *changes: tuple[int, int, str]) -> tuple[FileRecord, list[bytes]]:
    """A record of one step for each change, and the file's bytes at each stage."""
    stages, steps = [data], []
    for number, change in enumerate(changes):
        before = Source.of(stages[-1])
        edits = Edits.of([Edit(*change)])
        stages.append(Source(edits.apply(before.text), before.bom).to_bytes())
        steps.append(Step(f"patch-{number}", DIGEST, 1, sha256(stages[-1]), edits.inverse(before.text)))
    return FileRecord("lib/a.js", sha256(data), tuple(steps)), stages


RECORD, STAGES = stacked(b"caf\xe9 \xf0\x9f\x98\x80\r\n", (0, 0, "one\n"), (4, 8, ""), (0, 1, "\udcff"))
RECEIPT = Receipt("0.9.13", (RECORD,))


def test_round_trip(tmp_path: Path) -> None:
    assert receipt.read(tmp_path) is None
    (tmp_path / receipt.NAME).write_bytes(RECEIPT.to_json())
    assert receipt.read(tmp_path) == RECEIPT
    assert receipt.parse(Receipt(None, ()).to_json(), PATH) == Receipt(None, ())


def test_a_person_can_read_it() -> None:
    lines = RECEIPT.to_json().decode("ascii").splitlines()
    assert '  "version": "0.9.13",' in lines
    assert '      "path": "lib/a.js",' in lines
    assert any("sio-patch revert" in line for line in lines)


def test_every_stage_is_known_and_can_be_undone() -> None:
    for count, data in enumerate(STAGES):
        assert RECORD.standing(sha256(data)) == count
        assert receipt.undone(RECORD, data, PATH.parent) == STAGES[0]
        assert receipt.undone(RECORD, data, PATH.parent, steps=1) == STAGES[max(0, count - 1)]
    assert RECORD.sha256_after == sha256(STAGES[-1])
    assert RECORD.standing(sha256(b"other")) is None
    with pytest.raises(ChangedSince) as caught:
        receipt.undone(RECORD, b"other", PATH.parent)
    assert caught.value.path == PATH.parent / "lib/a.js"


@given(data=st.binary(max_size=60), cuts=st.tuples(st.integers(0, 60), st.integers(0, 60)), new=st.binary(max_size=20))
def test_any_bytes_survive_the_json(data: bytes, cuts: tuple[int, int], new: bytes) -> None:
    length = len(Source.of(data).text)
    start, end = sorted(min(cut, length) for cut in cuts)
    record, stages = stacked(data, (start, end, new.decode("utf-8", "surrogateescape")))
    again = receipt.parse(Receipt(None, (record,)).to_json(), PATH)
    assert again.files == (record,)
    try:
        assert receipt.undone(again.files[0], stages[-1], PATH.parent) == data
    except ReceiptError:
        # Bytes that are a character only together with their neighbours: refused, never restored wrongly.
        assert Source.of(stages[-1]).text != Edits.of([Edit(start, end, new.decode("utf-8", "surrogateescape"))]).apply(
            Source.of(data).text
        )


def hostile(*path: str | int, value: object) -> bytes:
    """The good receipt with one value replaced (``...``: removed)."""
    top: Any = json.loads(RECEIPT.to_json())
    node = top
    for key in path[:-1]:
        node = node[key]
    if value is ...:
        del node[path[-1]]
    else:
        node[path[-1]] = value
    return json.dumps(top).encode()


FILE = ("files", 0)
STEP = (*FILE, "steps", 1)
UNDO = (*STEP, "undo", 0)
HOSTILE: dict[str, tuple[bytes, str]] = {
    **{
        f"the path {path!a}": (hostile(*FILE, "path", value=path), "files[0].path")
        for path in (
            *("../../etc/passwd", "/etc/passwd", "lib/../../x", "", ".", "..", "lib//a.js", "lib/", "./lib/a.js"),
            *("a\0b", "\ud800", receipt.NAME, 7, None, ["lib/a.js"]),
        )
    },
    **{
        f"the offset {value!r}": (hostile(*UNDO, key, value=value), f"files[0].steps[1].undo[0].{key}")
        for key, value in (
            ("start", -1),
            ("end", -1),
            ("start", 1.0),
            ("end", 1 << 70),
            ("start", True),
            ("start", "0"),
        )
    },
    "an end before its start": (hostile(*UNDO, "end", value=0), "files[0].steps[1].undo[0].end"),
    "text that is a number": (hostile(*UNDO, "new", value=1), "files[0].steps[1].undo[0].new"),
    "text that no file can hold": (hostile(*UNDO, "new", value="\ud800"), "files[0].steps[1].undo[0].new"),
    "edits that overlap": (
        hostile(*STEP, "undo", value=[{"start": 0, "end": 4, "new": ""}, {"start": 3, "end": 5, "new": ""}]),
        "files[0].steps[1].undo",
    ),
    "no edits": (hostile(*STEP, "undo", value=[]), "files[0].steps[1].undo"),
    "a line 0": (hostile(*STEP, "line", value=0), "files[0].steps[1].line"),
    "a digest in capitals": (hostile(*STEP, "digest", value="D" * 64), "files[0].steps[1].digest"),
    "a short digest": (hostile(*FILE, "sha256_before", value="d" * 63), "files[0].sha256_before"),
    "a digest and a newline": (hostile(*FILE, "sha256_before", value="d" * 64 + "\n"), "files[0].sha256_before"),
    "an id that is a path": (hostile(*STEP, "patch", value="../x"), "files[0].steps[1].patch"),
    "two ends": (hostile(*FILE, "sha256_after", value=DIGEST), "files[0].sha256_after"),
    "no steps": (hostile(*FILE, "steps", value=[]), "files[0].sha256_after"),
    "steps in an object": (hostile(*FILE, "steps", value={}), "files[0].steps"),
    "an unknown key": (hostile(*FILE, "run", value="rm"), "files[0]"),
    "a missing key": (hostile(*STEP, "undo", value=...), "files[0].steps[1]"),
    "a file twice": (hostile("files", value=json.loads(RECEIPT.to_json())["files"] * 2), "files"),
    "files in text": (hostile("files", value="lib/a.js"), "files"),
    "a version with escapes": (hostile("version", value="\x1b[2J"), "version"),
    "a later schema": (hostile("schema", value=2), "schema"),
    "no schema": (hostile("schema", value=...), "schema"),
    "another program's": (b'{"patches": []}', "schema"),
    "a list": (b"[]", ""),
    "nothing": (b"", "line 1"),
    "cut off": (RECEIPT.to_json()[:-40], "line 4"),
    "a key twice": (RECEIPT.to_json().replace(b'"schema"', b'"files": [], "schema"', 1), ""),
    "latin-1": (RECEIPT.to_json().replace(b"lib", b"\xe9"), ""),
    "deep": (b"[" * 100_000, ""),
    "a long number": (b'{"schema": %s}' % (b"9" * 10_000), ""),
}


@pytest.mark.parametrize("kind", HOSTILE)
def test_a_hostile_receipt_is_an_error_that_says_where(kind: str, tmp_path: Path) -> None:
    data, where = HOSTILE[kind]
    (tmp_path / receipt.NAME).write_bytes(data)
    with pytest.raises(ReceiptError) as caught:
        receipt.read(tmp_path)
    assert caught.value.path == tmp_path / receipt.NAME
    assert caught.value.where.startswith(where)
    assert str(tmp_path / receipt.NAME) in str(caught.value)
    assert "Install the package again" in str(caught.value)


def link_to_file(path: Path) -> None:
    (path.parent / "real.json").write_bytes(RECEIPT.to_json())
    path.symlink_to("real.json")


MADE: dict[str, Callable[[Path], None]] = {
    "a directory": Path.mkdir,
    "a pipe": os.mkfifo,
    "a link inside": link_to_file,
    "a link out": lambda path: path.symlink_to("/etc/passwd"),
    "a link to nothing": lambda path: path.symlink_to("gone"),
    "70 MiB": lambda path: (path.touch(), os.truncate(path, 70 << 20))[1],  # type: ignore[func-returns-value]
}


@pytest.mark.parametrize("kind", MADE)
def test_what_is_no_plain_file_is_no_receipt(kind: str, tmp_path: Path) -> None:
    MADE[kind](tmp_path / receipt.NAME)
    with pytest.raises(ReceiptError):
        receipt.read(tmp_path)


def test_edits_that_lie_are_found_out() -> None:
    step = RECORD.steps[0]
    for undo in (Edits.of([Edit(0, 1 << 20, "")]), Edits.of([Edit(0, 1, "")])):
        lying = FileRecord("lib/a.js", sha256(STAGES[0]), (Step("p", DIGEST, 1, step.sha256_after, undo),))
        with pytest.raises(ReceiptError) as caught:
            receipt.undone(lying, STAGES[1], PATH.parent)
        assert (caught.value.path, caught.value.where) == (PATH, "lib/a.js")
