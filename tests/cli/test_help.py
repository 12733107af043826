"""Help whose examples work when they are typed, and completion that completes."""

from __future__ import annotations

import json
import re
import shlex
import subprocess

import pytest

from sio_patch.documents.catalogue import Catalogue
from support.ground import executable
from support.program import Finished, environment, program, sio_patch
from support.trees import lay, package
from support.world import World

COMMANDS = ("apply", "diff", "list", "revert", "show", "status")
MANAGER = b"""\
Manager.prototype.handleUpgrade = function (req, socket, head) {
  req.head = head;
  this.handleClient(data, req);
};
"""
GAP = re.compile(r" {3,}\(.*\)$")  # a remark beside an example


def helped(*arguments: str, world: World) -> str:
    run = world.run(*arguments)
    assert (run.exit, run.stderr) == (0, b"")
    return run.stdout.decode()


def examples(text: str) -> list[str]:
    """The command lines below `Example`."""
    _, _, tail = re.split(r"(Examples?:)", text)
    return [GAP.sub("", line.strip()) for line in tail.strip().split("\n")]


@pytest.mark.parametrize("command", COMMANDS)
def test_the_examples_of_each_command_run(command: str, world: World) -> None:
    """In a project with the real package's code, and the real catalogue; each in a fresh one."""
    found = examples(helped(command, "--help", world=world))
    assert found
    for number, line in enumerate(found):
        assert f"sio-patch {command}" in line
        app = world.app / str(number)
        package(app / "node_modules/socket.io", {"lib/manager.js": MANAGER})
        lay(app, {"package.json": "{}"})
        env = {"PATH": world.environment()["PATH"]}
        process = subprocess.run(
            ["/bin/sh", "-c", line], cwd=app, env=environment(**env), capture_output=True, timeout=60, check=False
        )
        run = Finished(process.returncode, process.stdout, process.stderr)
        assert run.exit == (1 if "--check" in line else 0), run.words


def test_help_says_the_same_in_two_ways(world: World) -> None:
    for arguments in ([], ["apply"]):
        assert helped(*arguments, "-h", world=world) == helped(*arguments, "--help", world=world)


def test_help_names_every_command_and_exit_status(world: World) -> None:
    text = helped("--help", world=world)
    for command in COMMANDS:
        assert f"\n  {command} " in text
    for number in "01234":
        assert f" {number} " in text
    assert text.rstrip().endswith("Start with: sio-patch status")


@pytest.mark.parametrize("command", COMMANDS)
def test_help_is_narrow(command: str, world: World) -> None:
    assert max(map(len, helped(command, "--help", world=world).split("\n"))) <= 80


def test_no_arguments_is_help(world: World) -> None:
    run = world.run()
    assert run.exit == 2
    assert "Usage: sio-patch " in run.words


def test_list_as_json(world: World) -> None:
    """Whole, of the made-up catalogue."""
    run = world.run("list", "--json")
    value = json.loads(run.stdout)
    assert list(value) == ["schema", "patches"]
    assert value["schema"] == 1
    assert [patch["id"] for patch in value["patches"]] == ["close-valve", "count-stops", "no-trace"]
    first = value["patches"][0]
    digest = first.pop("digest")
    assert re.fullmatch(r"[0-9a-f]{64}", digest)
    known = {
        "id": "close-valve",
        "title": "The valve stays open",
        "summary": "Water runs out.",
        "kind": "defect",
        "package": "pump",
        "affected": ">=1.0.0 <2.0.0",
        "fixed_in": "2.0.0",
        "files": ["lib/pump.js", "lib/pump-old.js"],
        "default": True,
        "references": ["https://example.org/close-valve"],
    }
    assert {key: first[key] for key in known} == known


def test_list_and_show_of_the_real_catalogue(world: World) -> None:
    rows = sio_patch("list", cwd=world.app).stdout.decode().split("\n")
    assert [row.split()[0] for row in rows[1:-1]] == list(Catalogue.shipped().ids)
    for document in Catalogue.shipped().all():
        assert sio_patch("show", document.id, cwd=world.app).stdout.decode() == document.page.text


# ---------------------------------------------------------------------------- completion

INSTRUCTIONS = {"bash": "bash_source", "zsh": "zsh_source", "fish": "fish_source"}


def script(world: World, shell: str) -> str:
    run = world.run(env={"_SIO_PATCH_COMPLETE": INSTRUCTIONS[shell]})
    assert (run.exit, run.stderr) == (0, b"")
    return run.stdout.decode()


def answers(world: World, shell: str, *words: str) -> list[str]:
    """What the program tells a shell's script about the last of these words."""
    line = shlex.join(words[:-1]) + " " + words[-1]
    env = {"_SIO_PATCH_COMPLETE": f"{shell}_complete", "COMP_WORDS": line, "COMP_CWORD": str(len(words) - 1)}
    if shell == "fish":
        env["COMP_CWORD"] = words[-1]
    run = world.run(env=env)
    assert (run.exit, run.stderr) == (0, b"")
    return run.stdout.decode().split("\n")


def test_bash_completes_ids(world: World) -> None:
    """The script itself, in a bash, asked as a Tab would ask."""
    lay(world.app, {"complete.sh": script(world, "bash")})
    for typed, wanted in (
        (["sio-patch", "apply", "-p", ""], ["close-valve", "count-stops", "no-trace"]),
        (["sio-patch", "apply", "-p", "c"], ["close-valve", "count-stops"]),
        (["sio-patch", "show", "no"], ["no-trace"]),
        (["sio-patch", "revert", "--patch", "zzz"], []),
        (["sio-patch", "st"], ["status"]),
        (["sio-patch", "apply", "--rev"], ["--reviewed"]),
    ):
        quoted = " ".join(map(shlex.quote, typed))
        ask = (
            f". ./complete.sh; COMP_WORDS=({quoted}); COMP_CWORD={len(typed) - 1}; "
            '_sio_patch_completion sio-patch; printf "%s\\n" "${COMPREPLY[@]}"'
        )
        process = subprocess.run(
            [executable("bash"), "-c", ask], cwd=world.app, env=world.environment(), capture_output=True, check=True
        )
        assert process.stdout.decode().split() == wanted, process.stderr


def test_bash_knows_when_to_ask(world: World) -> None:
    """`complete` is told of the program by its name."""
    lay(world.app, {"complete.sh": script(world, "bash")})
    ask = ". ./complete.sh; complete -p sio-patch"
    process = subprocess.run(
        [executable("bash"), "-c", ask], cwd=world.app, env=world.environment(), capture_output=True, check=True
    )
    assert b"_sio_patch_completion sio-patch" in process.stdout


@pytest.mark.parametrize("shell", ["zsh", "fish"])
def test_the_other_shells(shell: str, world: World) -> None:
    """They are not on every machine: what their scripts ask the program, and its answer with titles."""
    text = script(world, shell)
    assert f"_SIO_PATCH_COMPLETE={shell}_complete" in text
    assert program().name in text
    found = answers(world, shell, "sio-patch", "apply", "-p", "c")
    flat = " ".join(found)
    assert "close-valve" in flat
    assert "count-stops" in flat
    assert "The valve stays open" in flat
    assert "no-trace" not in flat
