"""README says what is so: its library examples run, and its transcript is what the program prints."""

from __future__ import annotations

import doctest
import re
import shlex
from pathlib import Path

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
