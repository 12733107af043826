"""`[reviewed]` of sio-patch.toml: a patch does what its diff shows, or nothing."""

from __future__ import annotations

import pytest

from run.test_editions import ONE, OWN, SEALED, TWO, with_line
from support.trees import lay
from support.world import BROKEN, COPY, CURED, FILE, ID, World

DIFF = "patches/seal.diff"
SETTINGS = f'[reviewed]\nseal = "{DIFF}"\n'


@pytest.fixture
def project(world: World) -> World:
    """One own document, whose diff has been reviewed."""
    lay(world.app, {OWN: ONE})
    world.install()
    assert world.run("diff", "-p", "seal", "-o", DIFF).exit == 0
    lay(world.app, {"sio-patch.toml": SETTINGS})
    return world


def test_what_was_reviewed_is_done(project: World) -> None:
    assert {row.patch: row.verdict for row in project.run("apply", "--json").rows} == {ID: "patched", "seal": "patched"}
    assert project.text() == with_line(CURED, b"  seal();\n")
    assert project.run("apply").exit == 0


def test_it_is_looked_for_from_where_the_file_is(project: World) -> None:
    assert project.run("apply", "-p", "seal", cwd=project.app / COPY).exit == 0
    assert project.text() == SEALED


def test_anything_else_is_not(project: World) -> None:
    lay(project.app, {OWN: TWO})
    rows = {row.patch: row for row in project.run("apply", "--json").rows}
    assert (rows["seal"].verdict, rows["seal"].reason) == ("refused", "changed-since")
    assert rows["seal"].note is not None
    assert rows["seal"].note.startswith(f"{DIFF} is not what this patch would do now: ")
    assert rows[ID].note == "Not changed, because seal was refused: all or nothing."
    assert project.run("apply").exit == 3
    assert project.text() == BROKEN
    assert project.run("apply", "-p", ID).exit == 0
    assert project.text() == CURED


def test_a_copy_that_the_diff_does_not_show(project: World) -> None:
    project.install(at=f"node_modules/host/{COPY}")
    run = project.run("apply", "-p", "seal", "--json")
    assert (run.exit, {row.verdict for row in run.rows}) == (3, {"refused"})
    assert f"does not change node_modules/host/{COPY}/{FILE}, which is to be changed now" in str(run.rows[0].note)
    assert project.run("apply", "-p", "seal", COPY).exit == 0


def test_one_that_is_no_diff(project: World) -> None:
    lay(project.app, {DIFF: b"\xff\xfeab\x00"})
    run = project.run("apply")
    assert (run.exit, project.text()) == (2, BROKEN)
    assert f"{DIFF} cannot be read as a unified diff" in run.words
