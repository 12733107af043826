"""Back to the exact bytes, or a refusal that says what to do instead."""

from __future__ import annotations

import pytest

from support.trees import RECEIPT, sha256, state
from support.world import BROKEN, COPY, CURED, FILE, ID, OLD_FILE, OTHER, UNSAFE, UPSTREAM, World

WITHOUT_RECEIPT = (
    "The patch is in the code, but there is no receipt here, so the original bytes are not known. To take out exactly "
    "what the patch adds, name the file: sio-patch revert node_modules/pump/lib/pump.js -p close-valve. "
    "Or undo the diff that brought it: patch -R -p1 < DIFF"
)
CHANGED = (
    "The file has changed since sio-patch patched it, so its receipt cannot restore it. To take out the patch alone, "
    "name the file: sio-patch revert node_modules/pump/lib/pump.js -p close-valve. To start afresh, install the "
    "package again."
)
ODD = b"\xef\xbb\xbf// \xe9\xff\r\n" + BROKEN.replace(b"\n", b"\r\n").rstrip() + b" /* \xe2\x80\xa8 */ // the end"


@pytest.mark.parametrize("content", [BROKEN, ODD], ids=["plain", "odd"])
@pytest.mark.parametrize("selected", [[], ["-p", ID], [COPY]], ids=["all", "by id", "by path"])
def test_the_exact_bytes(content: bytes, selected: list[str], world: World) -> None:
    copy = world.install(content)
    before = state(copy)
    assert world.run("apply").exit == 0
    assert world.text() != content
    run = world.run("revert", *selected, "--json")
    assert (run.exit, run.row.verdict, run.row.sha256_after) == (0, "reverted", sha256(content))
    assert state(copy) == before


def test_from_inside_the_copy(world: World) -> None:
    """As the receipt itself says: `sio-patch revert` in this directory."""
    copy = world.install()
    before = state(copy)
    assert world.run("apply", cwd=copy).exit == 0
    assert b"`sio-patch revert` in this directory undoes" in (copy / RECEIPT).read_bytes()
    assert world.run("revert", cwd=copy).exit == 0
    assert state(copy) == before


@pytest.mark.parametrize(
    ("content", "version", "verdict"),
    [(BROKEN, "1.2.3", "needs-patch"), (UPSTREAM, "2.0.0", "fixed"), (OTHER, "3.0.0", "not-affected")],
    ids=["never patched", "fixed", "not affected"],
)
def test_nothing_to_undo(content: bytes, version: str, verdict: str, world: World) -> None:
    copy = world.install(content, version=version)
    before = state(copy)
    run = world.run("revert", "--json")
    assert (run.exit, run.row.verdict, run.row.note) == (0, verdict, "Nothing to undo.")
    assert state(copy) == before


def test_twice(world: World) -> None:
    copy = world.install()
    before = state(copy)
    assert world.run("apply").exit == world.run("revert").exit == 0
    assert world.run("revert", "--json").row.note == "Nothing to undo."
    assert state(copy) == before


def test_a_patch_that_came_without_a_receipt(world: World) -> None:
    """By `git apply` or by hand. The way out that the note names is tried."""
    copy = world.install(CURED)
    before = state(copy)
    run = world.run("revert", "--json")
    assert (run.exit, run.row.verdict, run.row.reason) == (3, "refused", "missing-file")
    assert run.row.note == WITHOUT_RECEIPT
    assert state(copy) == before
    assert world.run(*["revert", "node_modules/pump/lib/pump.js", "-p", "close-valve"]).exit == 0
    assert world.text() == BROKEN


def test_the_file_has_changed_since(world: World) -> None:
    copy = world.install()
    assert world.run("apply").exit == 0
    (copy / FILE).write_bytes(CURED + b"// mine\n")
    before = state(copy)
    run = world.run("revert", "--json")
    assert (run.exit, run.row.verdict, run.row.reason, run.row.note) == (3, "refused", "changed-since", CHANGED)
    assert state(copy) == before
    assert world.run(*["revert", "node_modules/pump/lib/pump.js", "-p", "close-valve"]).exit == 0
    assert world.text() == BROKEN + b"// mine\n"


def test_the_file_is_gone(world: World) -> None:
    copy = world.install()
    assert world.run("apply").exit == 0
    (copy / FILE).unlink()
    run = world.run("revert", "--json")
    assert (run.exit, run.row.verdict, run.row.reason) == (3, "refused", "missing-file")
    assert run.row.note is not None
    assert run.row.note.endswith("Install the package again.")
    assert (copy / RECEIPT).exists()


def test_two_files_one_changed_since(world: World) -> None:
    """All or nothing: the one that could go back stays, and says why."""
    copy = world.install(more={OLD_FILE: BROKEN})
    assert world.run("apply").exit == 0
    (copy / OLD_FILE).write_bytes(OTHER)
    before = state(copy)
    run = world.run("revert", "--json")
    assert run.exit == 3
    assert [(each.file, each.verdict) for each in run.rows] == [(FILE, "applied"), (OLD_FILE, "refused")]
    assert run.rows[0].note == f"Not undone, because {OLD_FILE} was refused: all or nothing."
    assert state(copy) == before


def test_one_copy_refused_the_others_go_back(world: World) -> None:
    other = world.install(at="node_modules/x/node_modules/pump")
    before = state(other)
    copy = world.install()
    assert world.run("apply").exit == 0
    (copy / FILE).write_bytes(OTHER)
    run = world.run("revert", "--json")
    assert [each.verdict for each in run.rows] == ["refused", "reverted"]
    assert run.exit == 3
    assert state(other) == before


def test_only_the_named_patch_is_meant(world: World) -> None:
    world.install()
    assert world.run("apply").exit == 0
    run = world.run("revert", "-p", "count-stops", "--json")
    assert (run.exit, run.row.verdict, run.row.note) == (0, "needs-patch", "Nothing to undo.")
    assert world.text() == CURED


def test_a_patch_that_the_catalogue_has_dropped(world: World) -> None:
    """The receipt knows how; the document is not needed."""
    copy = world.install()
    before = state(copy)
    assert world.run("apply", "-p", "count-stops").exit == 0
    (world.catalogue / "sio_catalogue/count-stops/README.md").unlink()
    run = world.run("revert", "--json")
    assert [(each.patch, each.verdict) for each in run.rows] == [("count-stops", "reverted")]
    assert state(copy) == before


def test_a_copy_that_apply_refused(world: World) -> None:
    copy = world.install(UNSAFE)
    before = state(copy)
    assert world.run("apply").exit == 3
    world.run("revert")
    assert state(copy) == before


def test_words(world: World) -> None:
    world.install()
    world.run("apply")
    run = world.run("revert")
    assert run.stdout.decode() == (
        "reverted  node_modules/pump/lib/pump.js:3  pump 1.2.3  close-valve\n\n"
        "Reverted 1 place. A running process keeps the old code: restart it.\n"
    )
    world.run("apply")
    assert world.run("revert", "-q").stdout.decode() == ("sio-patch: reverted node_modules/pump/lib/pump.js:3\n")
