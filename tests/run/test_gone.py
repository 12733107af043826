"""Patches whose documents have gone: the receipt knows them still."""

from __future__ import annotations

import json

import pytest

from run.test_editions import ONE, OWN, SEALED, with_line
from support.trees import RECEIPT, lay, package, state
from support.world import BROKEN, COPY, CURED, FILE, ID, World

NOTE = (
    "Its document has gone: only the receipt knows of this patch. "
    "To take it out: sio-patch revert node_modules/pump -p seal"
)


@pytest.fixture
def project(world: World) -> World:
    """Two patches on a file, and the own one's document taken away again."""
    lay(world.app, {OWN: ONE})
    world.install()
    assert world.run("apply").exit == 0
    (world.app / OWN).unlink()
    return world


def test_status_says_so(project: World) -> None:
    for command in ("status", "apply"):
        run = project.run(command, "--json")
        assert run.exit == 0
        assert [(row.patch, row.verdict, row.note, row.line) for row in run.rows] == [
            (ID, "applied", None, 3),
            ("seal", "applied", NOTE, 5),
        ]
    assert NOTE in project.run("status").words
    assert project.text() == with_line(CURED, b"  seal();\n")


def test_it_is_undone_by_name_and_with_all(project: World) -> None:
    before = state(project.app)
    run = project.run("revert", "-p", "seal", "--json")
    assert (run.exit, run.row.verdict, project.text()) == (0, "reverted", CURED)
    assert [row.patch for row in project.run("status", "--json").rows] == [ID]
    lay(project.app, {name: data for name, data in before.items() if isinstance(data, bytes) and data != b"/"})
    assert project.run("revert").exit == 0
    assert project.text() == BROKEN


def test_one_that_is_below_another(world: World) -> None:
    lay(world.app, {OWN: ONE})
    world.install()
    for id in ("seal", ID):
        assert world.run("apply", "-p", id).exit == 0
    (world.app / OWN).unlink()
    assert world.run("revert", "-p", "seal").exit == 0
    assert world.text() == CURED


def test_other_ids_are_still_unknown(project: World) -> None:
    for words in (
        ["status", "-p", "seal"],
        ["apply", "-p", "seal"],
        ["revert", "-p", "drip"],
        ["revert", "-p", "seel"],
    ):
        run = project.run(*words)
        assert (run.exit, run.stdout) == (2, b"")
        assert f"Error: there is no patch '{words[-1]}'" in run.words
    assert project.text() == with_line(CURED, b"  seal();\n")


def test_a_package_that_no_document_is_about(world: World) -> None:
    lay(world.app, {"patches/of-hose.md": ONE.replace('"pump"', '"hose"')})
    world.install(CURED)
    for at in ("node_modules/hose", "node_modules/@a/hose"):
        package(world.app / at, {FILE: BROKEN}, name="hose", version="3.0.0")
    assert world.run("apply").exit == 0
    (world.app / "patches/of-hose.md").unlink()
    rows = [(row.patch, row.package, row.path) for row in world.run("status", "--json").rows if row.patch != ID]
    assert rows == [
        ("of-hose", "hose", "node_modules/@a/hose"),
        ("of-hose", "hose", "node_modules/hose"),
    ]
    assert world.run("status", "--json", cwd=world.app / "node_modules/hose").row.patch == "of-hose"
    assert world.run("revert", "-p", "of-hose").exit == 0
    assert world.text(f"node_modules/@a/hose/{FILE}") == BROKEN
    assert not (world.app / "node_modules/hose" / RECEIPT).exists()


def test_a_project_with_nothing_else(world: World) -> None:
    lay(world.app, {"patches/of-hose.md": ONE.replace('"pump"', '"hose"')})
    package(world.app / "node_modules/hose", {FILE: BROKEN}, name="hose", version="3.0.0")
    assert world.run("apply").exit == 0
    (world.app / "patches/of-hose.md").unlink()
    assert world.run("status", "--json").row.patch == "of-hose"
    assert world.run("revert").exit == 0
    assert world.text(f"node_modules/hose/{FILE}") == BROKEN


def test_a_document_that_is_about_another_package_now(world: World) -> None:
    lay(world.app, {OWN: ONE, "sio-patch.toml": 'use = ["seal"]\n'})
    world.install()
    assert world.run("apply").exit == 0
    lay(world.app, {OWN: ONE.replace('"pump"', '"hose"')})
    row = world.run("status", "--json").row
    assert (row.patch, row.verdict) == ("seal", "applied")
    assert row.note is not None
    assert row.note.startswith(f"Its document ({OWN}) is about hose now: only the receipt knows of this patch.")
    assert world.run("revert", "-p", "seal").exit == 0
    assert world.text() == BROKEN


def test_a_receipt_that_does_not_hold_is_not_believed(project: World) -> None:
    lay(project.app, {f"{COPY}/{FILE}": SEALED})
    assert "seal" not in [row.patch for row in project.run("status", "--json").rows]


def test_a_receipt_that_is_forged_says_nothing(world: World) -> None:
    world.install(CURED)
    step = {
        "patch": "seal",
        "digest": "0" * 64,
        "line": 1,
        "sha256_after": "0" * 64,
        "undo": [{"start": 0, "end": 1, "new": ""}],
    }
    record = {"path": FILE, "sha256_before": "0" * 64, "sha256_after": "0" * 64, "steps": [step]}
    value = {"schema": 1, "about": "", "version": "1.2.3", "files": [record]}
    lay(world.app / COPY, {RECEIPT: json.dumps(value)})
    assert [row.patch for row in world.run("status", "--json").rows] == [ID]


def test_a_document_that_is_broken_now_is_undone_by_the_receipt(project: World) -> None:
    lay(project.app, {OWN: ONE.replace("package", "pakcage")})
    assert project.run("revert").exit == 2
    assert project.run("status", "-p", "seal").exit == 2
    assert project.run("revert", "-p", "seal").exit == 0
    assert project.text() == CURED
    run = project.run("revert", "-p", "seal")
    assert (run.exit, "unknown key `pakcage`" in run.words) == (2, True)
