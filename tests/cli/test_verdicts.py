"""Each verdict with its exit status, and the JSON object whole: what other programs rely on."""

from __future__ import annotations

import json
from collections.abc import Mapping

import pytest

from support.privileges import without_override
from support.trees import RECEIPT, sha256, state
from support.world import BROKEN, COPY, CURED, FILE, ID, OLD_FILE, OTHER, UNSAFE, UPSTREAM, World

KEYS = [
    "patch", "package", "version", "path", "file", "verdict", "reason", "note", "line", "sha256_before", "sha256_after",
]  # fmt: skip


def row(before: bytes | None, after: bytes | None, **changes: object) -> dict[str, object]:
    """A result about the usual copy, in the order of the report's keys."""
    usual: Mapping[str, object] = {
        "patch": ID,
        "package": "pump",
        "version": "1.2.3",
        "path": COPY,
        "file": FILE,
        "reason": None,
        "note": None,
        "line": None,
        "sha256_before": None if before is None else sha256(before),
        "sha256_after": None if after is None else sha256(after),
    }
    values = {**usual, **changes}
    return {key: values[key] for key in KEYS}


def report(*rows: Mapping[str, object]) -> str:
    """The whole object as the program prints it. The summary has the verdicts in the order of the documentation."""
    order = ["needs-patch", "patched", "applied", "fixed", "not-affected", "reverted", "refused", "failed"]
    found = [each["verdict"] for each in rows]
    summary = {verdict: found.count(verdict) for verdict in order if verdict in found}
    return json.dumps({"schema": 1, "results": rows, "summary": summary}, indent=2) + "\n"


def says(world: World, *arguments: str, exit: int, rows: list[dict[str, object]]) -> None:
    run = world.run(*arguments, "--json")
    assert run.stdout.decode() == report(*rows)
    assert (run.exit, run.stderr) == (exit, b"")


NEEDS = row(BROKEN, CURED, verdict="needs-patch", line=3)
PATCHED = row(BROKEN, CURED, verdict="patched", line=3)
APPLIED = row(CURED, CURED, verdict="applied", line=3)


@pytest.mark.parametrize(
    ("arguments", "exit"),
    [
        (["status"], 0),
        (["status", "--check"], 1),
        (["apply", "--dry-run"], 0),
        (["apply", "--check"], 1),
        (["apply", "--check", "--dry-run"], 1),
    ],
    ids=["status", "status --check", "apply --dry-run", "apply --check", "apply --check --dry-run"],
)
def test_needs_patch_writes_nothing(arguments: list[str], exit: int, world: World) -> None:
    copy = world.install()
    before = state(copy)
    says(world, *arguments, exit=exit, rows=[NEEDS])
    assert state(copy) == before


def test_patched_then_applied_then_reverted(world: World) -> None:
    copy = world.install()
    before = state(copy)
    says(world, "apply", exit=0, rows=[PATCHED])
    assert state(copy) == {**before, FILE: CURED, RECEIPT: (copy / RECEIPT).read_bytes()}
    for command in (["apply"], ["apply", "--check"], ["apply", "--dry-run"], ["status"], ["status", "--check"]):
        says(world, *command, exit=0, rows=[APPLIED])
    says(world, "revert", exit=0, rows=[row(CURED, BROKEN, verdict="reverted", line=3)])
    assert state(copy) == before


def test_fixed(world: World) -> None:
    copy = world.install(UPSTREAM, version="2.0.0")
    before = state(copy)
    for command in (["apply"], ["apply", "--check"], ["status"]):
        says(world, *command, exit=0, rows=[row(UPSTREAM, UPSTREAM, verdict="fixed", line=3, version="2.0.0")])
    assert state(copy) == before


def test_not_affected(world: World) -> None:
    world.install(OTHER, version="3.0.0")
    for command in ("apply", "status"):
        says(world, command, "--check", exit=0, rows=[row(OTHER, OTHER, verdict="not-affected", version="3.0.0")])


def test_not_affected_without_the_file(world: World) -> None:
    world.install(None, version="3.0.0")
    says(world, "status", exit=0, rows=[row(None, None, verdict="not-affected", version="3.0.0", file=None)])


def test_refused(world: World) -> None:
    copy = world.install(UNSAFE)
    before = state(copy)
    line = (world.catalogue / f"sio_catalogue/{ID}/README.md").read_text().split("\n").index("   $tank.drain();") + 1
    note = (
        f"`$tank.drain();` (line {line} of the patch) stands as the whole body of an `if` or a loop without braces: "
        "`tank.drain();`. It cannot be edited safely there."
    )
    refusal = row(UNSAFE, UNSAFE, verdict="refused", reason="unsafe-place", note=note, line=2)
    for command in (["apply"], ["apply", "--check"], ["status"], ["status", "--check"]):
        says(world, *command, exit=3, rows=[refusal])
    assert state(copy) == before


def test_refused_without_the_file(world: World) -> None:
    note = (
        "Version 1.2.3 is inside the affected range >=1.0.0 <2.0.0, but there is no lib/pump.js and no "
        "lib/pump-old.js in this copy."
    )
    world.install(None)
    refusal = row(None, None, verdict="refused", reason="missing-file", note=note, file=None)
    says(world, "apply", exit=3, rows=[refusal])


def test_failed(world: World) -> None:
    """The operating system says no to writing."""
    copy = world.install()
    (copy / "lib").chmod(0o555)
    before = state(copy)
    run = without_override("apply", "--json", cwd=world.app, env={"PYTHONPATH": str(world.catalogue)})
    (result,) = json.loads(run.stdout)["results"]
    assert result == row(BROKEN, BROKEN, verdict="failed", note=result["note"])
    assert result["note"].startswith("Permission denied: ")
    assert json.loads(run.stdout)["summary"] == {"failed": 1}
    assert run.exit == 4
    assert state(copy) == before


ORDER = [
    ({"needs-patch": BROKEN}, ["--check"], 1),
    ({"fixed": UPSTREAM, "needs-patch": BROKEN}, ["--check"], 1),
    ({"needs-patch": BROKEN, "refused": UNSAFE}, ["--check"], 3),
    ({"refused": UNSAFE, "fixed": UPSTREAM}, [], 3),
    ({"needs-patch": BROKEN, "applied": CURED}, [], 0),
]


@pytest.mark.parametrize(("contents", "options", "exit"), ORDER, ids=[" and ".join(case[0]) for case in ORDER])
def test_the_highest_status_wins(contents: Mapping[str, bytes], options: list[str], exit: int, world: World) -> None:
    for number, content in enumerate(contents.values()):
        world.install(content, at=f"node_modules/d{number}/{COPY}")
    run = world.run("status", *options, "--json")
    assert {result.verdict for result in run.rows} == set(contents)
    assert run.exit == exit


def test_several_copies_at_several_depths_and_one_refusal(world: World) -> None:
    """Nearest first; the refusal of one stops no other."""
    deep = f"node_modules/a/node_modules/b/{COPY}"
    world.install()
    world.install(UNSAFE, at=f"node_modules/a/{COPY}")
    world.install(at=deep, version="9.9.9")
    world.install(OTHER, at=f"node_modules/z/{COPY}", version="2.1.0")
    run = world.run("apply", "--json")
    assert [(each.path, each.verdict, each.version) for each in run.rows] == [
        (COPY, "patched", "1.2.3"),
        (f"node_modules/a/{COPY}", "refused", "1.2.3"),
        (f"node_modules/z/{COPY}", "not-affected", "2.1.0"),
        (deep, "patched", "9.9.9"),
    ]
    assert run.rows[3].note == (
        "Version 9.9.9 is outside the affected range >=1.0.0 <2.0.0, but the defect is in the code."
    )
    assert json.loads(run.stdout)["summary"] == {"patched": 2, "not-affected": 1, "refused": 1}
    assert run.exit == 3
    assert world.text() == world.text(f"{deep}/{FILE}") == CURED
    assert world.text(f"node_modules/a/{COPY}/{FILE}") == UNSAFE
    assert not (world.app / f"node_modules/a/{COPY}/{RECEIPT}").exists()


def test_one_copy_two_files(world: World) -> None:
    copy = world.install(more={OLD_FILE: BROKEN})
    before = state(copy)
    says(world, "apply", exit=0, rows=[PATCHED, {**PATCHED, "file": OLD_FILE}])
    says(world, "apply", exit=0, rows=[APPLIED, {**APPLIED, "file": OLD_FILE}])
    assert world.run("revert").exit == 0
    assert state(copy) == before


@pytest.mark.parametrize("refused", [FILE, OLD_FILE])
def test_one_copy_two_files_one_refused(refused: str, world: World) -> None:
    """Whole or not at all: the file that could be patched is not, and its row says why."""
    whole = OLD_FILE if refused == FILE else FILE
    copy = world.install(None, more={refused: UNSAFE, whole: BROKEN})
    before = state(copy)
    run = world.run("apply", "--json")
    found = {each.file: each for each in run.rows}
    assert [each.file for each in run.rows] == [FILE, OLD_FILE]
    assert (found[refused].verdict, found[whole].verdict) == ("refused", "needs-patch")
    assert found[whole].note == f"Not changed, because {refused} was refused: all or nothing."
    assert run.exit == 3
    assert state(copy) == before


def test_the_same_copy_by_several_ways_comes_once(world: World) -> None:
    copy = world.install()
    (world.app / "link").symlink_to(copy)
    run = world.run("status", ".", COPY, "link", str(copy), "--json")
    assert [each.path for each in run.rows] == [COPY]


def test_paths_are_as_the_user_reaches_them(world: World) -> None:
    copy = world.install()
    for given, cwd in ((COPY, world.app), (str(copy), world.app), (".", copy), ("../pump", copy)):
        run = world.run("status", given, "--json", cwd=cwd)
        assert (run.row.path, run.row.file) == (given, FILE)


def test_a_patch_that_is_not_applied_by_default(world: World) -> None:
    world.install()
    assert [each.patch for each in world.run("status", "--json").rows] == [ID]
    assert [each.patch for each in world.run("status", "-p", "count-stops", "--json").rows] == ["count-stops"]
    both = ["-p", "count-stops", "--patch", ID, "-p", "count-stops"]
    assert [each.patch for each in world.run("status", *both, "--json").rows] == ["count-stops", ID]
    assert world.run("apply", "-p", "count-stops").exit == 0
    rows = world.run("status", "--json").rows
    assert [(each.patch, each.verdict) for each in rows] == [(ID, "needs-patch"), ("count-stops", "applied")]
