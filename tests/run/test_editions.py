"""A document that has changed since it was applied: the copy goes to what it says now, without another install."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from sio_patch.project.commit import Change
from sio_patch.project.journal import between
from sio_patch.project.receipt import read
from support.program import Row
from support.trees import RECEIPT, lay, sha256, state
from support.world import BROKEN, COPY, CURED, FILE, ID, UPSTREAM, World, document

OWN = "patches/seal.md"
SEAL = '# Seal\n\n```toml patch\npackage = "pump"\nfiles = ["lib/pump.js"]\n{}```\n\n```diff\n done();\n+{};\n```\n'
ONE, TWO = SEAL.format("", "seal()"), SEAL.format("", "seal(2)")
PROSE = ONE.replace("# Seal\n", "# Seal\n\nIt drips.\n")
SINCE = f"{OWN} has changed since this patch was made"


def with_line(text: bytes, line: bytes) -> bytes:
    return text.replace(b"  done();\n", b"  done();\n" + line)


SEALED, SEALED_TWICE = with_line(BROKEN, b"  seal();\n"), with_line(BROKEN, b"  seal(2);\n")


@pytest.fixture
def project(world: World) -> World:
    """One own document applied, and nothing else wanted."""
    lay(world.app, {OWN: ONE, "sio-patch.toml": 'use = ["seal"]\n'})
    world.install()
    assert world.run("apply").exit == 0
    assert world.text() == SEALED
    return world


def row(world: World, *words: str, exit: int = 0) -> Row:
    run = world.run(*words, "--json")
    assert run.exit == exit, run.words
    return run.row


def steps(world: World) -> list[tuple[str, str]]:
    receipt = json.loads((world.app / COPY / RECEIPT).read_bytes())
    return [(step["patch"], step["digest"]) for record in receipt["files"] for step in record["steps"]]


def test_an_edited_document_moves_the_copy(project: World) -> None:
    lay(project.app, {OWN: TWO})
    before = state(project.app)
    status = row(project, "status")
    note = f"{SINCE}: what it did is taken back, and what it says now is done."
    assert (status.verdict, status.note, status.line) == ("needs-patch", note, 4)
    assert (status.sha256_before, status.sha256_after) == (sha256(SEALED), sha256(SEALED_TWICE))
    assert project.run("status", "--check").exit == 1
    assert project.run("apply", "--dry-run").exit == 0
    assert state(project.app) == before
    diff = project.run("diff").stdout
    assert b"-  seal();\n+  seal(2);\n" in diff
    assert row(project, "apply").verdict == "patched"
    assert project.text() == SEALED_TWICE
    assert steps(project) == [("seal", sha256(TWO.encode()))]
    again = row(project, "apply")
    assert (again.verdict, again.note) == ("applied", None)
    assert row(project, "revert").verdict == "reverted"
    assert project.text() == BROKEN
    assert not (project.app / COPY / RECEIPT).exists()


def test_there_and_back(project: World) -> None:
    for text, content in ((TWO, SEALED_TWICE), (ONE, SEALED), (TWO, SEALED_TWICE)):
        lay(project.app, {OWN: text})
        assert row(project, "apply").verdict == "patched"
        assert project.text() == content
        assert len(steps(project)) == 1


def test_words_alone_change_nothing(project: World) -> None:
    lay(project.app, {OWN: PROSE})
    before = state(project.app)
    for words in (["status", "--check"], ["apply"]):
        found = row(project, *words)
        assert (found.verdict, found.note, found.line) == ("applied", None, 4)
        assert state(project.app) == before
    assert row(project, "revert").verdict == "reverted"
    assert project.text() == BROKEN


NO_MORE = [
    ("it is not for this version", SEAL.format('affected = ">=2.0.0"\n', "seal()").replace(" done", " gone")),
    ("it is for another file", ONE.replace("lib/pump.js", "other.js")),
]


@pytest.mark.parametrize("text", [each[1] for each in NO_MORE], ids=[each[0] for each in NO_MORE])
def test_a_document_that_asks_for_nothing_any_more(text: str, project: World) -> None:
    lay(project.app, {OWN: text, f"{COPY}/other.js": "done();\nseal();\n"})
    found = {each.file: each for each in project.run("status", "--json").rows}[FILE]
    assert (found.verdict, found.note) == ("needs-patch", f"{SINCE}: what it did is taken back.")
    assert project.run("apply").exit == 0
    assert project.text() == BROKEN
    assert not (project.app / COPY / RECEIPT).exists()
    assert "needs-patch" not in [each.verdict for each in project.run("status", "--json").rows]


def test_a_document_that_is_refused_leaves_everything(project: World) -> None:
    lay(project.app, {OWN: ONE.replace(" done();", " gone();")})
    before = state(project.app)
    found = row(project, "apply", exit=3)
    assert (found.verdict, found.reason) == ("refused", "anchor-missing")
    assert found.note is not None
    assert found.note.endswith(f" {SINCE}; nothing of it was taken back.")
    assert state(project.app) == before
    assert project.run("revert").exit == 0
    assert project.text() == BROKEN


def test_a_file_that_has_changed_as_well(project: World) -> None:
    lay(project.app, {OWN: TWO, f"{COPY}/{FILE}": SEALED.replace(b"tank.drain", b"tank.pump")})
    before = state(project.app)
    found = row(project, "apply", exit=3)
    assert (found.verdict, found.reason) == ("refused", "changed-since")
    assert found.note == (
        "The file is no more what sio-patch made of it, so that what the patch did cannot be taken back. Install the "
        f"package again, then run this again. {SINCE}; nothing of it was taken back."
    )
    assert state(project.app) == before


def test_a_file_that_was_installed_again_below_the_receipt(project: World) -> None:
    lay(project.app, {OWN: TWO, f"{COPY}/{FILE}": BROKEN})
    assert row(project, "apply").verdict == "patched"
    assert (project.text(), len(steps(project))) == (SEALED_TWICE, 1)


def test_a_file_that_reads_as_the_document_says_now(project: World) -> None:
    lay(project.app, {OWN: TWO, f"{COPY}/{FILE}": SEALED_TWICE})
    assert row(project, "status").verdict == "applied"


# ---------------------------------------------------------------------------- several patches on one file

COUNT = document("count-stops", "Not counted", " seal();\n+count();\n```\n", default=True)


@pytest.mark.parametrize("order", [(ID, "seal"), ("seal", ID)], ids=str)
@pytest.mark.parametrize("named", [(), ("seal",)], ids=str)
def test_the_others_on_the_file_stay(order: tuple[str, str], named: tuple[str, ...], world: World) -> None:
    lay(world.app, {OWN: ONE})
    world.install()
    for id in order:
        assert world.run("apply", "-p", id).exit == 0
    digests = dict(steps(world))
    lay(world.app, {OWN: TWO})
    words = [word for id in named for word in ("-p", id)]
    found = {each.patch: (each.verdict, each.line) for each in world.run("apply", *words, "--json").rows}
    assert found == {"seal": ("patched", 5), **({} if named else {ID: ("applied", 3)})}
    assert world.text() == with_line(CURED, b"  seal(2);\n")
    assert steps(world) == [(id, sha256(TWO.encode()) if id == "seal" else digests[ID]) for id in order]
    assert {each.verdict for each in world.run("status", "--json").rows} == {"applied"}
    assert world.run("revert", "-p", "seal").exit == 0
    assert world.text() == CURED
    assert world.run("revert").exit == 0
    assert world.text() == BROKEN


def test_one_that_is_not_named_is_not_moved(world: World) -> None:
    lay(world.app, {OWN: ONE})
    world.install()
    assert world.run("apply").exit == 0
    lay(world.app, {OWN: TWO})
    assert row(world, "apply", "-p", ID).verdict == "applied"
    assert world.text() == with_line(CURED, b"  seal();\n")


def test_two_that_have_changed(world: World) -> None:
    lay(world.app, {OWN: ONE})
    world.install()
    assert world.run("apply").exit == 0
    lay(world.app, {OWN: TWO})
    text = (world.catalogue / f"sio_catalogue/{ID}/README.md").read_text()
    world.publish(ID, text.replace("+  $tank.close();", "+  $tank.close(2);"))
    assert [each.verdict for each in world.run("apply", "--json").rows] == ["patched", "patched"]
    assert world.text() == with_line(CURED.replace(b"close()", b"close(2)"), b"  seal(2);\n")
    assert world.run("revert").exit == 0
    assert world.text() == BROKEN


def test_a_later_one_that_needs_what_has_changed(world: World) -> None:
    lay(world.app, {OWN: ONE})
    world.publish("count-stops", COUNT)
    world.install()
    for id in ("seal", "count-stops"):
        assert world.run("apply", "-p", id).exit == 0
    assert world.text() == with_line(BROKEN, b"  seal();\n  count();\n")
    lay(world.app, {OWN: TWO})
    before = state(world.app)
    found = row(world, "apply", "-p", "seal", exit=3)
    assert (found.verdict, found.reason) == ("refused", "changed-since")
    assert found.note is not None
    assert found.note.startswith("count-stops came later on this file, and cannot be put back as it was: ")
    assert "Revert it first, with -p count-stops, then run this again." in found.note
    assert state(world.app) == before
    assert world.run("revert", "-p", "count-stops").exit == 0
    assert world.run("apply", "-p", "seal").exit == 0
    assert world.text() == SEALED_TWICE


def test_a_later_one_whose_document_has_gone(world: World) -> None:
    lay(world.app, {OWN: ONE, "patches/drip.md": SEAL.format("", "drip()").replace(" done", " tank.drain")})
    world.install()
    for id in ("seal", "drip"):
        assert world.run("apply", "-p", id).exit == 0
    (world.app / "patches/drip.md").unlink()
    lay(world.app, {OWN: TWO})
    found = row(world, "apply", "-p", "seal", exit=3)
    assert found.note is not None
    assert found.note.startswith("drip came later on this file, and its document has gone. Revert it first")


def test_upstreams_fix_and_an_edited_document(world: World) -> None:
    """A package that was upgraded in place, with its receipt left: nothing was taken back, nothing is put in."""
    lay(world.app, {OWN: ONE, "sio-patch.toml": 'use = ["seal"]\n'})
    world.install()
    assert world.run("apply").exit == 0
    lay(world.app, {OWN: TWO, f"{COPY}/{FILE}": UPSTREAM})
    assert row(world, "apply", exit=3).reason == "changed-since"


def test_a_copy_with_two_files_moves_whole(world: World, tmp_path: Path) -> None:
    both = ONE.replace('"lib/pump.js"', '"lib/pump.js", "lib/two.js"')
    lay(world.app, {OWN: both, "sio-patch.toml": 'use = ["seal"]\n'})
    world.install(more={"lib/two.js": BROKEN})
    assert world.run("apply").exit == 0
    lay(world.app, {OWN: both.replace("seal()", "seal(2)")})
    assert {each.verdict for each in world.run("apply", "--json").rows} == {"patched"}
    assert world.text() == world.text(f"{COPY}/lib/two.js") == SEALED_TWICE
    assert world.run("revert").exit == 0
    assert world.text() == world.text(f"{COPY}/lib/two.js") == BROKEN


def test_a_run_that_was_killed_half_way_is_completed(project: World) -> None:
    """As such a run leaves it: the file is in its new state, and the receipt of the time in between in force."""
    copy = project.app / COPY
    before = read(copy)
    lay(project.app, {OWN: TWO})
    assert project.run("apply").exit == 0
    journal = between(before, read(copy), [Change(FILE, SEALED, SEALED_TWICE)])
    assert journal is not None
    for content in (SEALED, SEALED_TWICE):
        lay(copy, {FILE: content, RECEIPT: journal.to_json()})
        assert row(project, "apply").verdict == ("patched" if content == SEALED else "applied")
        assert (project.text(), steps(project)) == (SEALED_TWICE, [("seal", sha256(TWO.encode()))])
        lay(copy, {FILE: content, RECEIPT: journal.to_json()})
        assert project.run("revert").exit == 0
        assert (project.text(), (copy / RECEIPT).exists()) == (BROKEN, False)
