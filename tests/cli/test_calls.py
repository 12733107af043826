"""Calls that are wrong (2), and calls with nothing to do (0): in words that say what to type instead."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from sio_patch.cli import main
from support.trees import lay, package, state
from support.world import BROKEN, COPY, FILE, ID, World

COMMANDS = ("apply", "revert")  # the others find their paths in the same way
NOTHING_THERE = (
    "{path} has neither a package.json nor a node_modules. Name a package's directory, a project, or a JavaScript file "
    "(with -p)."
)


def wrong(world: World, *arguments: str | Path, error: str) -> None:
    """Exit 2, nothing on stdout, nothing written; the last line says why."""
    before = state(world.app)
    run = world.run(*arguments)
    usage, hint, _, said, end = run.stderr.decode().split("\n")
    assert usage.startswith(f"Usage: sio-patch {arguments[0]} ")
    assert hint == f"Try 'sio-patch {arguments[0]} --help' for help."
    assert said == f"Error: {error}"
    assert (run.exit, run.stdout, end) == (2, b"", "")
    assert state(world.app) == before


@pytest.mark.parametrize("command", COMMANDS)
class TestWrongPaths:
    def test_missing(self, command: str, world: World) -> None:
        wrong(world, command, "node_modules/pump", error="there is no node_modules/pump.")

    def test_missing_beside_a_good_one(self, command: str, world: World) -> None:
        world.install()
        wrong(world, command, COPY, "elsewhere", error="there is no elsewhere.")

    def test_dangling_link(self, command: str, world: World) -> None:
        (world.app / "link").symlink_to("nowhere")
        wrong(world, command, "link", error="link is a symbolic link to nothing.")

    def test_a_device(self, command: str, world: World) -> None:
        wrong(world, command, "/dev/null", error="/dev/null is neither a directory nor a file.")

    def test_an_empty_directory(self, command: str, world: World) -> None:
        (world.app / "src").mkdir()
        wrong(world, command, "src", error=NOTHING_THERE.format(path="src"))
        wrong(world, command, error=NOTHING_THERE.format(path="this directory"))

    def test_a_file_without_a_patch(self, command: str, world: World) -> None:
        lay(world.app, {"server.js": BROKEN})
        wrong(
            world,
            command,
            "server.js",
            error="server.js is a file: say which patch to try on it, with -p ID (`sio-patch list` has the ids).",
        )

    def test_an_unknown_patch(self, command: str, world: World) -> None:
        world.install()
        known = "Known: close-valve, count-stops, no-trace."
        wrong(
            world,
            command,
            "-p",
            "close-vlave",
            error=f"there is no patch 'close-vlave'; did you mean `{ID}`? {known}",
        )
        wrong(world, command, "-p", "zzz", error=f"there is no patch 'zzz'. {known}")
        wrong(world, command, "-p", ID, "-p", "../close-valve", error="there is no document ../close-valve.")


def test_show_of_an_unknown_patch(world: World) -> None:
    known = "Known: close-valve, count-stops, no-trace."
    wrong(world, "show", "count-stop", error=f"there is no patch 'count-stop'; did you mean `count-stops`? {known}")


@pytest.mark.parametrize("command", ["apply", "diff"])
@pytest.mark.parametrize(
    ("setting", "error"),
    [
        ("x=1", "--set x: no parameter of that name in close-valve"),
        ("x=a=b", "--set x: no parameter of that name in close-valve"),
        ("x=", "--set x: no parameter of that name in close-valve"),
        ("x", "Invalid value for '--set': 'x' is not NAME=VALUE."),
        ("=1", "Invalid value for '--set': '=1' is not NAME=VALUE."),
        ("", "Invalid value for '--set': '' is not NAME=VALUE."),
    ],
)
def test_set_on_a_patch_without_parameters(command: str, setting: str, error: str, world: World) -> None:
    world.install()
    run = world.run(command, "-p", ID, "--set", setting)
    assert run.exit == 2
    assert run.stderr.decode().splitlines()[-1].startswith(f"Error: {error}")
    assert world.text() == BROKEN


@pytest.mark.parametrize(
    ("command", "option"),
    [
        ("diff", "--json"), ("diff", "--check"), ("diff", "--dry-run"), ("diff", "--reviewed"), ("revert", "--check"),
        ("revert", "--set"), ("status", "--dry-run"), ("status", "--set"), ("status", "-o"), ("list", "-p"),
    ],
)  # fmt: skip
def test_options_of_other_commands(command: str, option: str, world: World) -> None:
    world.install()
    run = world.run(command, option, "x=1")
    assert run.exit == 2
    assert f"Error: No such option '{option}'." in run.words
    assert world.text() == BROKEN


@pytest.mark.parametrize("arguments", [["list", "x"], ["show"], ["show", ID, ID], ["frobnicate"], ["apply", "-p"]])
def test_other_wrong_calls(arguments: list[str], world: World) -> None:
    run = world.run(*arguments)
    assert (run.exit, run.stdout) == (2, b"")
    assert b"Error: " in run.stderr


NOTHING = (
    "Nothing to do: there is no pump in {path}. "
    "Looked into: the node_modules of every package, a project's own folders two deep, and its workspaces.\n"
)


@pytest.mark.parametrize("command", ["apply", "revert"])
@pytest.mark.parametrize("layout", ["package.json", "empty node_modules", "another package", "inside node_modules"])
def test_a_project_with_nothing_installed(command: str, layout: str, world: World) -> None:
    """A hook runs on every install, also on the first one: that is no error."""
    path = "."
    match layout:
        case "package.json":
            lay(world.app, {"package.json": "{}"})
        case "empty node_modules":
            (world.app / "node_modules").mkdir()
        case "another package":
            package(world.app / "node_modules/tap", {FILE: BROKEN}, name="tap")
        case _:
            path = "node_modules/tap"
            (world.app / path).mkdir(parents=True)
    before = state(world.app)
    run = world.run(command, path)
    assert (run.exit, run.stdout.decode(), run.stderr) == (
        0,
        NOTHING.format(path=path.replace(".", "this directory")),
        b"",
    )
    quiet = world.run(command, path, "-q")
    assert (quiet.exit, quiet.stdout, quiet.stderr) == (0, b"", b"")
    assert state(world.app) == before


def test_a_package_that_the_catalogue_does_not_know(world: World) -> None:
    copy = package(world.app / "node_modules/tap", {FILE: BROKEN}, name="tap")
    before = state(copy)
    run = world.run("apply", "node_modules/tap")
    assert (run.exit, run.stdout.decode()) == (0, NOTHING.format(path="node_modules/tap"))
    assert state(copy) == before


def test_nothing_to_do_as_json(world: World) -> None:
    """The object on stdout alone; what there is to say, on stderr."""
    lay(world.app, {"package.json": "{}"})
    run = world.run("status", "--json")
    assert json.loads(run.stdout) == {"schema": 1, "results": [], "summary": {}}
    assert (run.exit, run.stderr.decode()) == (0, NOTHING.format(path="this directory"))
    assert world.run("status", "--json", "-q").stderr == b""


def test_nothing_to_do_as_a_diff(world: World) -> None:
    lay(world.app, {"package.json": "{}"})
    run = world.run("diff")
    assert (run.exit, run.stdout, run.stderr.decode()) == (0, b"", NOTHING.format(path="this directory"))


def test_nothing_here_and_something_there(world: World) -> None:
    world.install()
    lay(world.app, {"other/package.json": "{}"})
    run = world.run("apply", "other", COPY)
    assert run.exit == 0
    assert run.stdout.decode().endswith(
        "To undo: sio-patch revert other node_modules/pump\n" + NOTHING.format(path="other")
    )


def test_a_broken_catalogue_says_where(world: World) -> None:
    world.install()
    world.publish("close-valve", "# nothing\n")
    run = world.run("status")
    assert (run.exit, run.stdout) == (4, b"")
    path = world.catalogue / "sio_catalogue/close-valve/README.md"
    assert run.stderr.decode() == (
        f"sio-patch: a patch document of this installation is broken: {path}:1: there is no `toml patch` block; "
        "add one (CONTRIBUTING.md has the form)\n"
    )


def test_a_broken_pattern_says_where(world: World) -> None:
    """Patterns are compiled late: this one not before a file asks for it."""
    text = (world.catalogue / "sio_catalogue/close-valve/README.md").read_text()
    world.publish("close-valve", text.replace("+  $tank.close();", "+  $tank.close(;"))
    world.install()
    run = world.run("apply")
    line = text.split("\n").index("+  $tank.close();") + 1
    assert (run.exit, run.stdout) == (4, b"")
    assert f"sio_catalogue/close-valve/README.md:{line}: column " in run.words
    assert world.text() == BROKEN


def test_what_nobody_foresaw_is_no_work_that_check_has_found(
    capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    """Python's own status for an exception is 1."""

    def raises(**_: object) -> int:
        raise ValueError("two edits at one place")

    monkeypatch.setattr(main.commands, "main", raises)
    monkeypatch.setattr("sys.argv", ["sio-patch", "status", "--json"])
    assert main._status() == 4
    out, err = capsys.readouterr()
    assert json.loads(out)["error"]["exit"] == 4
    assert err.startswith(
        "sio-patch: this is a mistake in sio-patch (ValueError: two edits at one place, test_calls.py"
    )
