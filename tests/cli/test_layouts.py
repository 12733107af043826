"""Run where a package manager puts things elsewhere: a workspace's member, a store, Plug'n'Play. Never a silent no."""

from __future__ import annotations

import json
import os
from pathlib import Path

import pytest

from support.trees import lay, state
from support.world import BROKEN, CURED, FILE, World

MEMBER = "packages/a"
ASKING = json.dumps({"name": "a", "version": "1.0.0", "dependencies": {"pump": "^1.0.0"}})
NOT_INSTALLED = (
    "package.json asks for pump, which is not installed: it was not looked at. Once it is installed, run this again.\n"
)


@pytest.fixture
def member(world: World) -> Path:
    """A workspace with one member, which asks for `pump`; nothing is installed yet."""
    lay(
        world.app, {"package.json": '{"private": true, "workspaces": ["packages/*"]}', f"{MEMBER}/package.json": ASKING}
    )
    return world.app / MEMBER


def store(world: World, member: Path) -> Path:
    """As pnpm, bun and deno have it; returns the copy."""
    copy = world.install(at="node_modules/.pnpm/pump@1.2.3/node_modules/pump")
    (member / "node_modules").mkdir()
    (member / "node_modules/pump").symlink_to(os.path.relpath(copy, member / "node_modules"))
    return copy


def test_a_copy_hoisted_to_the_root(world: World, member: Path) -> None:
    copy = world.install()
    run = world.run("apply", "-q", cwd=member)
    assert run.exit == 0
    assert run.stdout.decode().startswith(f"sio-patch: patched ../../node_modules/pump/{FILE}:3")
    assert (copy / FILE).read_bytes() == CURED
    assert world.run("apply", "-q", cwd=member).words == ""
    assert world.run("revert", cwd=member).exit == 0
    assert (copy / FILE).read_bytes() == BROKEN


def test_a_copy_in_the_roots_store(world: World, member: Path) -> None:
    copy = store(world, member)
    run = world.run("apply", "--json", cwd=member)
    assert (run.exit, run.row.verdict, run.row.path) == (0, "patched", "node_modules/pump")
    assert (copy / FILE).read_bytes() == CURED


def test_a_copy_in_the_roots_store_that_the_roots_run_has_patched(world: World, member: Path) -> None:
    store(world, member)
    assert world.run("apply").exit == 0
    before = state(world.app)
    run = world.run("apply", "-q", cwd=member)
    assert (run.exit, run.words) == (0, "")
    assert state(world.app) == before


def test_in_the_hook_of_a_dependency(world: World) -> None:
    world.install()
    lay(world.app, {"node_modules/lib/package.json": ASKING})
    assert world.run("apply", "-q", cwd=world.app / "node_modules/lib").exit == 0
    assert world.text() == CURED


@pytest.mark.parametrize("command", ["apply", "apply -q", "apply --dry-run", "status", "status -q", "diff", "revert"])
def test_what_is_asked_for_and_not_installed_is_said_and_fails_nothing(
    command: str, world: World, member: Path
) -> None:
    """`npm ci --omit=dev`, say. Also where nobody wants to hear anything, for there something may be wrong."""
    run = world.run(*command.split(), cwd=member)
    assert (run.exit, run.stderr.decode()) == (0, NOT_INSTALLED)
    assert run.stdout == b""


def test_it_is_said_beside_json(world: World, member: Path) -> None:
    run = world.run("apply", "--json", "-q", cwd=member)
    assert (run.exit, json.loads(run.stdout)["results"], run.stderr.decode()) == (0, [], NOT_INSTALLED)


def test_it_is_said_of_a_member_too(world: World, member: Path) -> None:
    run = world.run("apply", "-q")
    assert (run.exit, run.stdout, run.stderr.decode()) == (0, b"", f"{MEMBER}/{NOT_INSTALLED}")


@pytest.mark.parametrize("place", [".", MEMBER])
@pytest.mark.parametrize("command", ["apply -q", "apply", "status -q", "revert"])
def test_plug_and_play_is_refused(command: str, place: str, world: World, member: Path) -> None:
    lay(world.app, {".pnp.cjs": "packageRegistryData .yarn/cache/pump-npm-1.2.3-0123.zip/node_modules/pump/"})
    before = state(world.app)
    run = world.run(*command.split(), cwd=world.app / place)
    assert run.exit == 3
    assert "refused" in run.words
    assert "unsupported-layout" in run.words
    assert "yarn unplug -A pump" in run.words
    assert state(world.app) == before


def test_what_is_unplugged_is_patched(world: World) -> None:
    place = ".yarn/unplugged/pump-npm-1.2.3-0123/node_modules/pump"
    world.install(at=place)
    lay(world.app, {".pnp.cjs": f"packageRegistryData ./{place}/", "package.json": ASKING})
    run = world.run("apply", "--json")
    assert (run.exit, run.row.verdict, run.row.path, run.stderr) == (0, "patched", place, b"")


def test_what_node_finds_outside_is_refused(tmp_path: Path, world: World) -> None:
    """Nothing says that what stands above is part of this project."""
    world.install(at="../node_modules/pump")
    lay(world.app, {"package.json": ASKING})
    run = world.run("apply", "--json")
    assert (run.exit, run.row.verdict, run.row.reason) == (3, "refused", "outside-root")
    assert run.row.note is not None
    assert run.row.note.endswith(f"To patch it, name it: {tmp_path}/node_modules/pump")
    assert (tmp_path / "node_modules/pump" / FILE).read_bytes() == BROKEN
