"""README says what is so: its library examples run, and its transcript is what the program prints."""

from __future__ import annotations

import doctest
import re
import shlex
from pathlib import Path

import pytest

from support.program import sio_patch
from support.registry import unpacked

README = Path(__file__).parents[1] / "README.md"


def test_the_library_examples_run() -> None:
    result = doctest.testfile(str(README), module_relative=False)
    assert result.attempted > 10
    assert result.failed == 0


def test_the_first_transcript_is_what_the_program_prints(tmp_path: Path) -> None:
    unpacked("socket.io", "0.9.13", tmp_path / "node_modules/socket.io")
    (tmp_path / "package.json").write_text("{}")
    shown = re.search(r"```console\n(.*?)```", README.read_text(), re.DOTALL)
    assert shown is not None
    printed = ""
    commands = re.findall(r"^\$ (sio-patch .*)$", shown[1], re.MULTILINE)
    for command in commands:
        run = sio_patch(*shlex.split(command)[1:], cwd=tmp_path)
        words = (
            run.stderr if command.endswith("diff") else b""
        )  # the transcript shows the diff, not the words beside it
        assert b"1 place needs the patch" in words or not words
        printed += f"$ {command}\n{run.stdout.decode()}"
    assert [command.split()[1] for command in commands] == ["status", "diff", "apply"]
    assert printed == shown[1]


PROOF = """\
const { nanoid } = require(process.env.SIO_PATCH_TARGET)
console.log(JSON.stringify({ check: { name: 'an id of 21', passed: nanoid().length === 21 } }))
try {
  nanoid(2.5)
  process.exitCode = 1
} catch {}
"""


@pytest.fixture
def own_patch(tmp_path: Path) -> Path:
    """A project with nanoid, and with the page of "Your own patch" and nothing else."""
    unpacked("nanoid", "3.3.7", tmp_path / "node_modules/nanoid")
    (tmp_path / "package.json").write_text("{}")
    page = re.search(r"````markdown\n(.*?)````", README.read_text(), re.DOTALL)
    assert page is not None
    (tmp_path / "patches").mkdir()
    (tmp_path / "patches/my-fix.md").write_text(page[1])
    return tmp_path


def test_the_walk_with_a_patch_of_ones_own_is_what_the_program_prints(own_patch: Path) -> None:
    shown = re.search(r"### Your own patch\n.*?```console\n(.*?)```", README.read_text(), re.DOTALL)
    assert shown is not None
    before = {path: path.read_bytes() for path in own_patch.rglob("*") if path.is_file()}
    commands = re.findall(r"^\$ (sio-patch .*)$", shown[1], re.MULTILINE)
    printed = "".join(f"$ {each}\n{out(own_patch, *shlex.split(each)[1:])}" for each in commands)
    assert [command.split()[1] for command in commands] == ["status", "apply", "apply", "revert"]
    assert printed == shown[1]
    assert {path: path.read_bytes() for path in own_patch.rglob("*") if path.is_file()} == before


def test_the_patch_of_the_walk_shows_a_diff_and_is_proven(own_patch: Path) -> None:
    diff = out(own_patch, "diff")
    assert [line for line in diff.split("\n") if line.startswith("+++ ")] == [
        "+++ b/node_modules/nanoid/index.cjs",
        "+++ b/node_modules/nanoid/async/index.cjs",
        "+++ b/node_modules/nanoid/index.d.ts",
    ]
    folder = own_patch / "patches/my-fix"
    folder.mkdir()
    (own_patch / "patches/my-fix.md").rename(folder / "README.md")
    (folder / "proof.js").write_text(PROOF)
    assert "Proven: as published the defect shows; with the patch it is gone." in out(own_patch, "prove", "my-fix")


def out(project: Path, *arguments: str) -> str:
    """What a command that succeeds prints on standard output."""
    run = sio_patch(*arguments, cwd=project)
    assert run.exit == 0, run.stderr.decode()
    return run.stdout.decode()
