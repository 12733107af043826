"""What a run that fails or was killed leaves on the disk, and what the report says of it."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest

from sio_patch.documents.catalogue import Catalogue
from sio_patch.project.layout import Copy
from sio_patch.run.installed_copy import plan_apply
from sio_patch.run.plan import CopyPlan, Selection
from sio_patch.run.undo import plan_undo
from sio_patch.verdict import Reason, Verdict
from support.trees import lay, state
from support.world import BROKEN, COPY, CURED, FILE, HASH_BROKEN, HASH_CURED, ID, OLD_FILE, World

STRAY = ".sio-patch-0123456789abcdef.tmp"
FAILING = """\
import os
rename, count = os.replace, 0
def failing(source, target, **where):
    global count
    count += 1
    if count > {works}:
        raise OSError(5, "Input/output error", source, None, target)
    rename(source, target, **where)
os.replace = failing
"""


def test_a_file_that_cannot_be_put_back(world: World) -> None:
    """The receipt and the first file are written, the second is not, and then nothing is any more."""
    copy = world.install(more={OLD_FILE: BROKEN})
    lay(world.catalogue, {"sitecustomize.py": FAILING.format(works=2)})
    run = world.run("apply", "--json")
    new, old = run.rows
    assert run.exit == 4
    assert ((copy / FILE).read_bytes(), (copy / OLD_FILE).read_bytes()) == (CURED, BROKEN)
    assert (new.file, new.verdict, new.sha256_before, new.sha256_after) == (FILE, "failed", HASH_BROKEN, HASH_CURED)
    assert (old.file, old.verdict, old.sha256_before, old.sha256_after) == (
        OLD_FILE,
        "failed",
        HASH_BROKEN,
        HASH_BROKEN,
    )
    assert new.note == old.note
    assert new.note == (
        f"Input/output error: {COPY}/{OLD_FILE}; and putting back {COPY}/{FILE} failed too: "
        f"Input/output error: {COPY}/{FILE}. Once the cause is gone, run the same command again: "
        "it completes the work."
    )
    (world.catalogue / "sitecustomize.py").unlink()
    assert [row.verdict for row in world.run("apply", "--json").rows] == ["applied", "patched"]


def test_the_words_for_it(world: World) -> None:
    world.install(more={OLD_FILE: BROKEN})
    lay(world.catalogue, {"sitecustomize.py": FAILING.format(works=2)})
    words = world.run("apply").words
    assert "Failed and left alone: 1 place." in words
    assert "Failed half way: 1 place changed all the same." in words


def test_a_failed_write_that_is_put_back_is_left_alone(world: World) -> None:
    copy = world.install()
    before = state(copy)
    lay(world.catalogue, {"sitecustomize.py": FAILING.format(works=0)})
    run = world.run("apply", "--json")
    assert (run.exit, run.row.verdict, run.row.sha256_after) == (4, "failed", HASH_BROKEN)
    assert run.row.note == f"Input/output error: {COPY}/.sio-patch.json."
    assert state(copy) == before


@pytest.mark.parametrize("content", [CURED, BROKEN], ids=["nothing to do", "nothing to undo"])
def test_what_a_killed_run_left_goes(content: bytes, world: World) -> None:
    """Also with a run that has nothing to write; a run that may not write leaves it."""
    copy = world.install(content)
    before = state(copy)
    lay(copy, {STRAY: b"half", f"lib/{STRAY}": b"half"})
    for looking in ("status", "diff", "apply --dry-run", "apply --check --dry-run"):
        world.run(*looking.split())
        assert state(copy) == {**before, STRAY: b"half", f"lib/{STRAY}": b"half"}
    world.run("apply" if content == CURED else "revert")
    assert state(copy) == before


def test_what_a_killed_run_left_beside_a_named_file_goes(world: World) -> None:
    lay(world.app, {"mine.js": CURED, STRAY: b"half", "package.json": b"{}"})
    assert world.run("apply", "-p", "close-valve", "mine.js").exit == 0
    assert not (world.app / STRAY).exists()


@pytest.mark.parametrize("plan", [plan_apply, plan_undo])
def test_a_copy_that_has_become_a_link_since_it_was_found(
    plan: Callable[[Copy, Selection], CopyPlan], tmp_path: Path, world: World
) -> None:
    """Nothing of what it leads to is read, and that is a row."""
    real = world.install()
    (tmp_path / "link").symlink_to(real)
    catalogue = Catalogue.of(world.catalogue / "sio_catalogue")
    selection = Selection(catalogue, (catalogue.find(ID),), (ID,), {})
    (row,) = plan(Copy(tmp_path / "link", "pump", "1.2.3", (), None, str(tmp_path / "link")), selection).rows
    assert (row.verdict, row.reason, row.sha256_before) == (Verdict.REFUSED, Reason.CHANGED_SINCE, None)


def test_nothing_is_swept_where_a_copy_leads_out(tmp_path: Path, world: World) -> None:
    copy = world.install(CURED, at="elsewhere/node_modules/pump")
    (tmp_path / "elsewhere").mkdir()
    copy.rename(tmp_path / "elsewhere/pump")
    lay(tmp_path / "elsewhere/pump", {STRAY: b"half"})
    lay(world.app, {"package.json": b"{}", "node_modules/.keep": b""})
    (world.app / COPY).symlink_to(tmp_path / "elsewhere/pump")
    assert world.run("apply", "--json").row.reason == "outside-root"
    assert (tmp_path / "elsewhere/pump" / STRAY).exists()
