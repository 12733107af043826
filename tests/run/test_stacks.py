"""Several patches on one file: each goes alone, whatever came before or after it."""

from __future__ import annotations

import itertools
import json
from pathlib import Path

import pytest

from run.test_receipts import NO_PARSER
from support.trees import RECEIPT, lay, sha256, state
from support.world import BROKEN, CURED, ID, OTHER, UNSAFE, World, document

COUNT = "count-stops"
COUNTED = BROKEN.replace(b"  done();\n", b"  done();\n  count(tank);\n")
BOTH = CURED.replace(b"  done();\n", b"  done();\n  count(tank);\n")
TEXTS = {frozenset[str](): BROKEN, frozenset({ID}): CURED, frozenset({COUNT}): COUNTED, frozenset({ID, COUNT}): BOTH}


def apply(world: World, *ids: str) -> None:
    assert world.run("apply", *(word for id in ids for word in ("-p", id))).exit == 0


def lines(world: World) -> dict[str, int | None]:
    """Where status sees each patch that is there."""
    return {row.patch: row.line for row in world.run("status", "--json").rows if row.verdict == "applied"}


@pytest.mark.parametrize(
    ("order", "together"),
    [((ID, COUNT), False), ((COUNT, ID), False), ((COUNT, ID), True)],
    ids=["one then the other", "the other way round", "in one run"],
)
@pytest.mark.parametrize("back", [(ID, COUNT), (COUNT, ID), (None,)], ids=str)
def test_in_any_order_there_and_back(
    together: bool, order: tuple[str, str], back: tuple[str | None, ...], world: World
) -> None:
    copy = world.install()
    before = state(copy)
    for ids in [order] if together else [(id,) for id in order]:
        apply(world, *ids)
    assert world.text() == BOTH
    assert lines(world) == {ID: 3, COUNT: 5}
    left = {ID, COUNT}
    for id in back:
        run = world.run("revert", *(("-p", id) if id else ()), "--json")
        assert run.exit == 0
        assert {row.patch for row in run.rows if row.verdict == "reverted"} == ({id} if id else left)
        left -= {id} if id else left
        assert world.text() == TEXTS[frozenset(left)]
        if left:
            assert lines(world) == {ID: 3} if left == {ID} else {COUNT: 4}
    assert state(copy) == before


def test_the_receipt_is_a_stack(world: World) -> None:
    copy = world.install()
    apply(world, ID)
    first = json.loads((copy / RECEIPT).read_bytes())["files"][0]
    apply(world, COUNT)
    second = json.loads((copy / RECEIPT).read_bytes())["files"][0]
    assert second["steps"][:1] == first["steps"]
    assert [step["sha256_after"] for step in second["steps"]] == [sha256(CURED), sha256(BOTH)]
    assert (second["sha256_before"], second["sha256_after"]) == (sha256(BROKEN), sha256(BOTH))


def test_a_patch_in_the_receipt_is_meant_without_being_named(world: World) -> None:
    """It was asked for once: an install that lays the file anew gets it again from a plain `apply`."""
    copy = world.install()
    apply(world, COUNT, ID)
    (copy / "lib/pump.js").write_bytes(BROKEN)
    run = world.run("apply", "--json")
    assert {row.patch for row in run.rows if row.verdict == "patched"} == {ID, COUNT}
    assert world.text() == BOTH


@pytest.mark.parametrize("left", [CURED, BROKEN], ids=["after the first", "before the first"])
def test_a_file_that_holds_only_some_of_the_steps(left: bytes, world: World) -> None:
    """As a run leaves it that was killed: the next one goes on from there."""
    copy = world.install()
    apply(world, ID, COUNT)
    (copy / "lib/pump.js").write_bytes(left)
    rows = world.run("status", "--json").rows
    assert {row.patch: row.verdict for row in rows} == {
        ID: "applied" if left == CURED else "needs-patch",
        COUNT: "needs-patch",
    }
    assert world.run("apply").exit == 0
    assert world.text() == BOTH
    assert world.run("revert").exit == 0
    assert world.text() == BROKEN
    assert not (copy / RECEIPT).exists()


def test_one_refused_keeps_the_others_out(world: World) -> None:
    copy = world.install(UNSAFE)
    before = state(copy)
    run = world.run("apply", "-p", COUNT, "-p", ID, "--json")
    assert [(row.patch, row.verdict) for row in run.rows] == [(COUNT, "needs-patch"), (ID, "refused")]
    assert run.rows[0].note == "Not changed, because lib/pump.js was refused: all or nothing."
    assert run.exit == 3
    assert state(copy) == before


ON_TOP = document(
    "log-close",
    "A close is not logged",
    " function stop ($tank) {\n   ...\n   $tank.close();\n+  log($tank);\n   ...\n }\n```\n",
)


@pytest.mark.parametrize("version", ["1.2.3", "9.9.9"])
def test_a_patch_that_needs_another(version: str, world: World) -> None:
    """What the one below brought cannot go alone; both go together."""
    world.publish("log-close", ON_TOP)
    copy = world.install(version=version)
    apply(world, ID, "log-close")
    before = state(copy)
    run = world.run("revert", "-p", ID, "--json")
    assert (run.exit, run.row.verdict, run.row.reason) == (3, "refused", "changed-since")
    assert run.row.note is not None
    assert run.row.note.startswith("log-close came later and does not hold alone: ")
    assert run.row.note.endswith("Revert that as well.")
    assert state(copy) == before
    assert world.run("revert", "-p", ID, "-p", "log-close").exit == 0
    assert world.text() == BROKEN


def test_a_patch_on_top_whose_document_is_gone(world: World) -> None:
    copy = world.install()
    apply(world, ID)
    apply(world, COUNT)
    Path(world.catalogue / f"sio_catalogue/{COUNT}/README.md").unlink()
    before = state(copy)
    run = world.run("revert", "-p", ID, "--json")
    assert (run.exit, run.row.verdict) == (3, "refused")
    assert run.row.note == f"{COUNT} came later and is no longer known; revert that one as well."
    assert state(copy) == before
    assert world.run("revert").exit == 0
    assert world.text() == BROKEN


def test_the_first_by_hand_the_second_by_us(world: World) -> None:
    """A patch that was there before is not ours to take out of the receipt's file."""
    world.install(CURED)
    apply(world, COUNT)
    assert world.run("status", "--json").rows[0].verdict == "applied"
    assert world.run("revert", "-p", COUNT).exit == 0
    assert world.text() == CURED


def test_different_files_in_one_copy(world: World) -> None:
    world.publish("seal", document("seal", "Not sealed", " go();\n+seal();\n```\n", files='["index.js"]'))
    copy = world.install(more={"index.js": b"go();\n"})
    before = state(copy)
    apply(world, ID, "seal")
    assert world.text("node_modules/pump/index.js") == b"go();\nseal();\n"
    assert world.run("revert", "-p", "seal").exit == 0
    assert world.text("node_modules/pump/index.js") == b"go();\n"
    assert world.text() == CURED
    assert world.run("revert").exit == 0
    assert state(copy) == before


def test_globs(world: World) -> None:
    """Every file that a glob finds, and none outside the copy."""
    world.publish("seal", document("seal", "Not sealed", " go();\n+seal();\n```\n", files='["lib/**/*.js", "*.js"]'))
    names = ("index.js", "lib/a.js", "lib/x/y/b.js")
    others = {"lib/c.css": b"go();\n", "lib/d.js": OTHER, "lib/node_modules/x/x.js": b"go();\n"}
    copy = world.install(None, more={**dict.fromkeys(names, b"go();\n"), **others})
    run = world.run("apply", "-p", "seal", "--json")
    assert {row.file: row.verdict for row in run.rows} == {**dict.fromkeys(names, "needs-patch"), "lib/d.js": "refused"}
    assert next(row.note for row in run.rows if row.verdict == "refused") == (
        "Version 1.2.3 is inside the affected range >=1.0.0 <2.0.0, but the code that the patch changes was not found: "
        "the file does not contain `go`. It is in lib/a.js: if it need not be here, name the files of the patch more "
        "closely."
    )
    (copy / "lib/d.js").unlink()
    assert world.run("apply", "-p", "seal").exit == 0
    for name, other in itertools.pairwise(names):
        assert (copy / name).read_bytes() == (copy / other).read_bytes() == b"go();\nseal();\n"


def test_both_are_told_without_a_parser(world: World) -> None:
    """The later one has moved the earlier one's line; each is still what its receipt says."""
    world.install()
    apply(world, COUNT)
    apply(world, ID)
    assert lines(world) == {ID: 3, COUNT: 5}
    lay(world.catalogue, {"sitecustomize.py": NO_PARSER})
    assert lines(world) == {ID: 3, COUNT: 5}
