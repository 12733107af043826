"""`--json`: exactly one object on stdout, whatever happens."""

from __future__ import annotations

import json
import os
import signal
from pathlib import Path

import pytest

from sio_patch.cli import main
from sio_patch.documents.errors import DocumentError
from support.program import Finished
from support.trees import lay
from support.world import ID, World


def said(run: Finished) -> dict[str, object]:
    """The object's ``error``; all else in it is empty."""
    value = json.loads(run.stdout)
    assert list(value) == ["schema", "results", "summary", "error"]
    assert (value["schema"], value["results"], value["summary"]) == (1, [], {})
    error = value["error"]
    assert isinstance(error, dict)
    assert error["exit"] == run.exit
    return error


WRONG_CALLS = [
    (["apply", "nowhere"], "there is no nowhere."),
    (["status", "--zzzzz"], "No such option '--zzzzz'."),
    (["apply", "-p"], "Option '-p' requires an argument."),
    (["revert", "-p", "zzz"], "there is no patch 'zzz'. Known: close-valve, count-stops, no-trace."),
    (["apply", "--set", "x"], "Invalid value for '--set': 'x' is not NAME=VALUE."),
    (["apply", "--reviewed", "x"], "Invalid value for '--reviewed': File 'x' does not exist."),
    (["list", "x"], "Got unexpected extra argument (x)"),
    (["prove"], "Missing argument 'ID'."),
    (["prove", "zzz"], "there is no patch 'zzz'. Known: close-valve, count-stops, no-trace."),
    (["prove", ID, "--version", "x"], "--version x: not a version such as 0.9.13."),
    (["diagnose"], "Missing argument 'FILE.heapsnapshot'."),
    (["frobnicate"], "No such command 'frobnicate'."),
    (["diff"], "No such option '--json'."),
]


@pytest.mark.parametrize(("arguments", "message"), WRONG_CALLS, ids=[" ".join(row[0]) for row in WRONG_CALLS])
def test_a_wrong_call(arguments: list[str], message: str, world: World) -> None:
    world.install()
    words = world.run(arguments[0], "--json", *arguments[1:])
    assert words.exit == 2
    assert said(words) == {"exit": 2, "message": message}
    assert words.stderr.decode().endswith(f"Error: {message}\n")


def test_a_file_that_is_no_snapshot(world: World) -> None:
    lay(world.app, {"a.heapsnapshot": "no\n"})
    run = world.run("diagnose", "--json", "a.heapsnapshot")
    assert run.exit == 2
    assert str(said(run)["message"]).startswith("a.heapsnapshot: not a readable heap snapshot (file")


@pytest.mark.parametrize("command", ["status", "apply", "revert", "list"])
def test_a_broken_document_of_the_program(command: str, world: World) -> None:
    world.install()
    world.publish(ID, "# nothing\n")
    run = world.run(command, "--json")
    path = world.catalogue / f"sio_catalogue/{ID}/README.md"
    assert run.exit == 4
    assert said(run)["message"] == (
        f"a patch document of this installation is broken: {path}:1: there is no `toml patch` block; "
        "add one (CONTRIBUTING.md has the form)"
    )


def test_a_broken_pattern(world: World) -> None:
    """Found when the first file is looked at."""
    text = (world.catalogue / f"sio_catalogue/{ID}/README.md").read_text()
    world.publish(ID, text.replace("+  $tank.close();", "+  $tank.close(;"))
    world.install()
    assert "README.md:22: column " in str(said(world.run("status", "--json"))["message"])


def test_a_broken_document_of_the_user(capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch) -> None:
    """No document of the program: the call is wrong."""

    def run(**options: object) -> None:
        raise DocumentError(Path("patches/mine.md"), 7, "the diff changes nothing")

    monkeypatch.setattr(main.commands, "main", run)
    monkeypatch.setattr("sys.argv", ["sio-patch", "status", "--json"])
    with pytest.raises(SystemExit) as caught:
        main.main()
    out, err = capsys.readouterr()
    message = "a patch document is broken: patches/mine.md:7: the diff changes nothing"
    assert caught.value.code == 2
    assert json.loads(out)["error"] == {"exit": 2, "message": message}
    assert err == f"sio-patch: {message}\n"


def test_a_failure_of_the_whole_run(world: World) -> None:
    world.install()
    (world.catalogue / "sio_catalogue" / ID / "README.md").unlink()
    (world.catalogue / "sio_catalogue" / ID / "README.md").mkdir()
    run = world.run("status", "--json")
    assert run.exit == 4
    path = world.catalogue / "sio_catalogue" / ID / "README.md"
    assert said(run) == {"exit": 4, "message": f"Is a directory: {path}"}
    assert run.stderr.decode() == f"sio-patch: Is a directory: {path}\n"


STUCK = """\
import sys, time
import sio_patch.run.installed_copy as installed_copy
def stuck(copy, selection):
    print("here", file=sys.stderr, flush=True)
    time.sleep(60)
installed_copy.plan_apply = stuck
"""


def test_ctrl_c(world: World) -> None:
    world.install()
    lay(world.catalogue, {"sitecustomize.py": STUCK})
    process = world.start("status", "--json")
    assert process.stderr is not None
    assert process.stderr.readline() == b"here\n"
    os.killpg(process.pid, signal.SIGINT)
    out, err = process.communicate(timeout=30)
    assert said(Finished(process.returncode, out, err)) == {"exit": 130, "message": "interrupted"}


def test_a_file_of_that_name_is_no_wish(world: World) -> None:
    run = world.run("apply", "--", "--json")
    assert (run.exit, run.stdout) == (2, b"")
    assert run.stderr.decode().endswith("Error: there is no --json.\n")


def test_help_is_help(world: World) -> None:
    run = world.run("status", "--json", "--help")
    assert (run.exit, run.stdout.split()[0]) == (0, b"Usage:")


def test_an_object_also_where_the_option_itself_is_wrong(world: World) -> None:
    assert "does not take a value" in str(said(world.run("status", "--json=1"))["message"])
