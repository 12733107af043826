"""What a receipt answers for, and what no receipt is believed about."""

from __future__ import annotations

import itertools
import json
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from support.program import Row
from support.trees import RECEIPT, lay, sha256, state
from support.world import BROKEN, CLOSE_VALVE, COPY, CURED, FILE, ID, OTHER, UPSTREAM, World

NO_PARSER = "import sys\nsys.modules['sio_patch.engine.tree.parse'] = None\nsys.modules['esprima'] = None\n"


@pytest.fixture
def copy(world: World) -> Path:
    """A patched copy."""
    copy = world.install()
    assert world.run("apply").exit == 0
    return copy


def status(world: World) -> Row:
    return world.run("status", "--json").row


def edit(copy: Path, change: Callable[[Any], object]) -> None:
    """Changes a receipt as a program would that knows its form."""
    value = json.loads((copy / RECEIPT).read_bytes())
    change(value)
    (copy / RECEIPT).write_text(json.dumps(value))


def test_what_it_says(copy: Path, world: World) -> None:
    receipt = json.loads((copy / RECEIPT).read_bytes())
    digest = sha256((world.catalogue / "sio_catalogue" / ID / "README.md").read_bytes())
    del receipt["about"]
    added = b"  tank.close();\n"
    start = CURED.index(added)
    edits = receipt["files"][0]["steps"][0].pop("undo")
    assert receipt == {
        "schema": 1,
        "version": "1.2.3",
        "files": [
            {
                "path": FILE,
                "sha256_before": sha256(BROKEN),
                "sha256_after": sha256(CURED),
                "steps": [{"patch": ID, "digest": digest, "line": 3, "sha256_after": sha256(CURED)}],
            }
        ],
    }
    (undo,) = edits
    assert (undo["new"], undo["end"] - undo["start"]) == ("", len(added))
    assert start - 1 <= undo["start"] <= start


@pytest.mark.parametrize(
    "command", ["apply", "apply --check", "apply -q", "status", "status --check", "diff", "revert"]
)
def test_no_parser_where_the_hash_answers(command: str, copy: Path, world: World) -> None:
    """Proved by taking the parser away."""
    lay(world.catalogue, {"sitecustomize.py": NO_PARSER})
    run = world.run(*command.split())
    assert run.exit == 0, run.words
    assert world.text() == (BROKEN if command == "revert" else CURED)


@pytest.mark.parametrize("content", [BROKEN, CURED], ids=["needed", "there without a receipt"])
def test_the_proof_proves(content: bytes, world: World) -> None:
    """Without a receipt, the same run does want the parser."""
    world.install(content)
    lay(world.catalogue, {"sitecustomize.py": NO_PARSER})
    run = world.shell("sio-patch status")
    assert run.exit not in (0, 2, 3)
    assert b"sio_patch.engine.tree.parse" in run.stderr


def test_again_touches_nothing(copy: Path, world: World) -> None:
    before = {path: path.stat() for path in (copy, copy / FILE, copy / RECEIPT, copy / "lib")}
    assert world.run("apply").exit == 0
    for path, old in before.items():
        new = path.stat()
        assert (new.st_mtime_ns, new.st_ino, new.st_ctime_ns) == (old.st_mtime_ns, old.st_ino, old.st_ctime_ns)


def test_reinstalled(copy: Path, world: World) -> None:
    """npm has laid the original anew and left the receipt, as a tarball over it would: patched again, one step."""
    before = (copy / RECEIPT).read_bytes()
    (copy / FILE).write_bytes(BROKEN)
    assert status(world).verdict == "needs-patch"
    assert world.run("apply", "--json").row.verdict == "patched"
    assert world.text() == CURED
    assert (copy / RECEIPT).read_bytes() == before


def test_another_release_over_it(copy: Path, world: World) -> None:
    """The receipt's bytes are gone: judged as if it were not there, and then replaced."""
    newer = b"'use strict';\n" + BROKEN
    world.install(newer, version="1.9.0")
    assert status(world).verdict == "needs-patch"
    assert world.run("apply", "--json").row.verdict == "patched"
    assert json.loads((copy / RECEIPT).read_bytes())["version"] == "1.9.0"
    assert world.run("revert", "--json").row.verdict == "reverted"
    assert world.text() == newer
    assert not (copy / RECEIPT).exists()


def test_the_fixed_release_over_it(copy: Path, world: World) -> None:
    world.install(UPSTREAM, version="2.0.0")
    run = world.run("apply", "--json")
    assert (run.exit, run.row.verdict) == (0, "fixed")
    assert world.text() == UPSTREAM


def test_another_edition_of_the_document(copy: Path, world: World) -> None:
    """The digest is another: the code is looked at, and where the patch is there still, nothing is to be done."""
    world.publish(ID, CLOSE_VALVE.replace("Water", "Oil"))
    before = state(copy)
    assert status(world).verdict == "applied"
    assert world.run("apply", "--json").row.verdict == "applied"
    assert state(copy) == before
    assert world.run("revert", "--json").row.verdict == "reverted"
    assert world.text() == BROKEN


def test_another_edition_that_does_something_else(copy: Path, world: World) -> None:
    """It comes on top of the old one; revert takes both back."""
    world.publish(ID, CLOSE_VALVE.replace("$tank.close();", "$tank.seal();"))
    assert status(world).verdict == "needs-patch"
    assert world.run("apply", "--json").row.verdict == "patched"
    assert b"tank.seal();" in world.text()
    run = world.run("revert", "--json")
    assert run.exit == 0
    assert world.text() == BROKEN
    assert not (copy / RECEIPT).exists()


def test_a_foreign_receipt_about_other_bytes(copy: Path, world: World) -> None:
    """Copied from another machine: hashes that this file has never had."""
    edit(copy, lambda receipt: receipt["files"][0].update(sha256_before="0" * 64, sha256_after="1" * 64))
    edit(copy, lambda receipt: receipt["files"][0]["steps"][0].update(sha256_after="1" * 64))
    assert status(world).verdict == "applied"
    run = world.run("revert", "--json")
    assert (run.exit, run.row.verdict, run.row.reason) == (3, "refused", "changed-since")
    assert world.text() == CURED


def test_a_receipt_whose_edits_lie(copy: Path, world: World) -> None:
    edit(copy, lambda receipt: receipt["files"][0]["steps"][0]["undo"][0].update(new="evil();\n"))
    run = world.run("revert", "--json")
    assert (run.exit, run.row.verdict, run.row.reason) == (3, "refused", "changed-since")
    assert run.row.note is not None
    assert run.row.note.startswith(
        f"{COPY}/{RECEIPT} is not a receipt to rely on: {FILE}: its edits do not restore the bytes that it promises."
    )
    assert world.text() == CURED


CORRUPT: dict[str, bytes] = {
    "empty": b"",
    "cut off": b'{"schema": 1, "files": [',
    "not an object": b"[]",
    "another schema": b'{"schema": 2}',
    "latin-1": b'{"schema": "\xe9"}',
}


@pytest.mark.parametrize("kind", CORRUPT)
def test_a_corrupt_receipt_on_a_patched_file(kind: str, copy: Path, world: World) -> None:
    """The code says that all is well. Only undoing it is refused."""
    (copy / RECEIPT).write_bytes(CORRUPT[kind])
    before = state(copy)
    for command, exit, verdict in (("status", 0, "applied"), ("apply", 0, "applied"), ("revert", 3, "refused")):
        run = world.run(command, "--json")
        assert (run.exit, run.row.verdict) == (exit, verdict)
        assert run.row.note is not None
        assert run.row.note.startswith(f"{COPY}/{RECEIPT} is not a receipt to rely on: ")
        assert state(copy) == before


@pytest.mark.parametrize("kind", CORRUPT)
def test_a_corrupt_receipt_is_not_written_over(kind: str, world: World) -> None:
    copy = world.install(more={RECEIPT: CORRUPT[kind]})
    before = state(copy)
    run = world.run("apply", "--json")
    assert (run.exit, run.row.verdict, run.row.reason) == (3, "refused", "changed-since")
    assert state(copy) == before


def test_moving_it_away_helps_as_the_note_says(world: World) -> None:
    copy = world.install(more={RECEIPT: b"{}"})
    assert world.run("apply").exit == 3
    (copy / RECEIPT).rename(copy / "old")
    assert world.run("apply").exit == 0
    assert world.text() == CURED


def forge(world: World, before: bytes, *texts: bytes) -> Path:
    """A copy that holds the last of ``texts``, with a receipt that leads from it back to ``before``, hash by hash."""
    digest = sha256((world.catalogue / "sio_catalogue" / ID / "README.md").read_bytes())
    stages = [before, *texts]
    steps = [
        {"patch": ID, "digest": digest, "line": 3, "sha256_after": sha256(new), "undo": [_whole(new, old)]}
        for old, new in itertools.pairwise(stages)
    ]
    record = {"path": FILE, "sha256_before": sha256(before), "sha256_after": sha256(texts[-1]), "steps": steps}
    receipt = {"schema": 1, "about": "", "version": "1.2.3", "files": [record]}
    return world.install(texts[-1], more={RECEIPT: json.dumps(receipt).encode()})


def _whole(new: bytes, old: bytes) -> dict[str, object]:
    """The smallest single edit from ``new`` to ``old``."""
    start = 0
    while start < min(len(new), len(old)) and new[start] == old[start]:
        start += 1
    tail = 0
    while tail < min(len(new), len(old)) - start and new[-1 - tail] == old[-1 - tail]:
        tail += 1
    return {"start": start, "end": len(new) - tail, "new": old[start : len(old) - tail].decode()}


FORGED: dict[str, tuple[bytes, ...]] = {
    "another line": (BROKEN.replace(b"  done();\n", b""), BROKEN),
    "white space": (b"\n" + BROKEN, BROKEN),
    "in a comment": (
        BROKEN + b"/* function stop (tank) {\n  tank.drain();\n  done();\n} */\n",
        BROKEN + b"/* function stop (tank) {\n  tank.drain();\n  tank.close();\n  done();\n} */\n",
    ),
    "in the gap's comment": (
        BROKEN.replace(b"drain();", b"drain();\n  work();\n  // tank.drain();\n"),
        BROKEN.replace(b"drain();", b"drain();\n  work();\n  // tank.drain();\n  tank.close();\n"),
    ),
    "taken out again": (BROKEN, CURED, BROKEN.replace(b"stop(tank)", b"stop (tank)")),
}


@pytest.mark.parametrize("kind", FORGED)
def test_a_forged_receipt_is_not_believed(kind: str, world: World) -> None:
    """Every hash in it is right, and every edit. Only the patch is not there."""
    forge(world, *FORGED[kind])
    defective = world.text()
    assert status(world).verdict == "needs-patch"
    assert world.run("apply", "--json").row.verdict == "patched"
    assert world.text().count(b"tank.close();") == defective.count(b"tank.close();") + 1
    assert status(world).verdict == "applied"


@pytest.mark.parametrize("before", [BROKEN, CURED, OTHER])
def test_a_receipt_that_calls_the_defect_the_patched_file(before: bytes, world: World) -> None:
    """Its edits lead nowhere: it is as if it were not there, and it is replaced."""
    forge(world, before, CURED)
    edit(world.app / COPY, lambda receipt: receipt["files"][0].update(sha256_after=sha256(BROKEN)))
    edit(world.app / COPY, lambda receipt: receipt["files"][0]["steps"][0].update(sha256_after=sha256(BROKEN)))
    (world.app / COPY / FILE).write_bytes(BROKEN)
    assert status(world).verdict == "needs-patch"
    assert world.run("apply", "--json").row.verdict == "patched"
    assert world.text() == CURED
    assert world.run("revert", "--json").row.verdict == "reverted"
    assert world.text() == BROKEN


def test_twenty_thousand_steps(copy: Path, world: World) -> None:
    def repeat(receipt: Any) -> None:
        record = receipt["files"][0]
        record["steps"] *= 20_000

    edit(copy, repeat)
    start = time.monotonic()
    row = status(world)
    assert time.monotonic() - start < 10
    assert row.verdict == "applied"
    assert row.note is not None
    assert f"{COPY}/{RECEIPT} is not a receipt to rely on: " in row.note


@pytest.mark.parametrize("count", [2, 100])
def test_steps_that_lead_in_a_circle_and_lines_that_are_not_there(count: int, world: World) -> None:
    """There and back again; each hash is right, and the line is the two thousand millionth."""
    copy = forge(world, BROKEN, *([CURED, BROKEN] * (count // 2)))
    edit(copy, lambda receipt: [step.update(line=(1 << 31) - 1) for step in receipt["files"][0]["steps"]])
    start = time.monotonic()
    assert status(world).verdict == "needs-patch"
    assert world.run("apply", "--json").row.verdict == "patched"
    assert time.monotonic() - start < 10


def test_a_hundred_thousand_edits(copy: Path, world: World) -> None:
    """A receipt that would take up too much is not read."""
    edits = [{"start": at, "end": at, "new": "x"} for at in range(100_000)]
    edit(copy, lambda receipt: receipt["files"][0]["steps"][0].update(undo=edits))
    start = time.monotonic()
    row = status(world)
    assert time.monotonic() - start < 10
    assert row.verdict == "applied"
    assert row.note is not None
    assert "it holds " in row.note
