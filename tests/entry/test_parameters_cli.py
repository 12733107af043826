"""``--set``: which values are taken, what is said of the others, and what a run without it leaves."""

from __future__ import annotations

from pathlib import Path

import pytest

from support.program import sio_patch

PATCH = ("-p", "tls-slab-size")
ACCEPTED = "a size from 1 KiB to 10 MiB. Write bytes (102400), or k or m for KiB and MiB (100k)."


def entry(folder: Path, text: str = "go();\n") -> Path:
    path = folder / "app.js"
    path.write_text(text)
    return path


@pytest.mark.parametrize(
    ("value", "code"),
    [
        ("1k", "1 * 1024"),
        ("1K", "1 * 1024"),
        ("1024", "1 * 1024"),
        ("1025", "1025"),
        ("100000", "100000"),
        ("64k", "64 * 1024"),
        ("065536", "64 * 1024"),
        ("1m", "1024 * 1024"),
        ("10M", "10240 * 1024"),
        ("10240k", "10240 * 1024"),
        ("10485760", "10240 * 1024"),
        (" 64k ", "64 * 1024"),
    ],
)
def test_a_value_that_is_taken(value: str, code: str, tmp_path: Path) -> None:
    app = entry(tmp_path)
    assert sio_patch("apply", *PATCH, "--set", f"size={value}", "app.js", cwd=tmp_path).exit == 0
    assert app.read_text() == f"require('tls').SLAB_BUFFER_SIZE = {code};\ngo();\n"


@pytest.mark.parametrize(
    "value",
    ["", "0", "1", "1023", "10485761", "10241k", "11m", "1g", "-1", "-64k", "+64k", "1.5k", "1e5", "0x10000", "64 k",
     "64kb", "64KiB", "k", "many", "100,000", "1_000", "٦٤k", "64k;process.exit()", "9" * 15, "9" * 30],
)  # fmt: skip
def test_a_value_that_is_not_taken(value: str, tmp_path: Path) -> None:
    app = entry(tmp_path)
    run = sio_patch("diff" if value == "0" else "apply", *PATCH, "--set", f"size={value}", "app.js", cwd=tmp_path)
    assert run.exit == 2
    assert run.stdout == b""
    assert run.words.endswith(f"Error: --set size={value} is not {ACCEPTED}\n")
    assert app.read_text() == "go();\n"


@pytest.mark.parametrize(
    ("arguments", "words"),
    [
        ((*PATCH, "--set", "size"), "Invalid value for '--set': 'size' is not NAME=VALUE."),
        ((*PATCH, "--set", "=1k"), "Invalid value for '--set': '=1k' is not NAME=VALUE."),
        (
            (*PATCH, "--set", "sise=1k"),
            "--set sise: no parameter of that name in tls-slab-size; there is size of tls-slab-size.",
        ),
        (
            (*PATCH, "--set", "Size=1k"),
            "--set Size: no parameter of that name in tls-slab-size; there is size of tls-slab-size.",
        ),
        (("-p", "req-head-leak", "--set", "size=1k"), "--set size: no parameter of that name in req-head-leak."),
        (("--set", "size=1k"), "--set size: that is for tls-slab-size; ask for it with -p tls-slab-size."),
    ],
)
def test_a_wrong_call(arguments: tuple[str, ...], words: str, tmp_path: Path) -> None:
    entry(tmp_path)
    (tmp_path / "package.json").write_text("{}")
    run = sio_patch("apply", *arguments, cwd=tmp_path)
    assert (run.exit, run.stdout) == (2, b"")
    assert run.words.endswith(f"Error: {words}\n")
    assert (tmp_path / "app.js").read_text() == "go();\n"


@pytest.mark.parametrize("command", ["status", "revert"])
def test_commands_that_set_nothing_have_no_such_option(command: str, tmp_path: Path) -> None:
    entry(tmp_path)
    assert sio_patch(command, *PATCH, "--set", "size=1k", "app.js", cwd=tmp_path).exit == 2


def test_the_last_of_several_counts(tmp_path: Path) -> None:
    app = entry(tmp_path)
    assert sio_patch("apply", *PATCH, "--set", "size=1k", "--set", "size=2k", "app.js", cwd=tmp_path).exit == 0
    assert b"= 2 * 1024;" in app.read_bytes()


def test_rows_on_the_way_from_size_to_size(tmp_path: Path) -> None:
    app = entry(tmp_path)

    def step(*arguments: str) -> tuple[str, int | None, str]:
        run = sio_patch(*arguments, *PATCH, "--json", "app.js", cwd=tmp_path)
        row = run.row
        assert (row.patch, row.package, row.version, row.path, row.file) == (PATCH[1], None, None, ".", "app.js")
        return row.verdict, row.line, (row.note or "").partition(" Whether")[0]

    assert step("apply", "--dry-run", "--set", "size=64k")[:2] == ("needs-patch", 1)
    assert step("apply", "--set", "size=64k")[:2] == ("patched", 1)
    assert step("apply") == ("applied", 1, "Size is 64 KiB.")
    assert step("status") == ("applied", 1, "Size is 64 KiB.")
    assert step("apply", "--set", "size=65536") == ("applied", 1, "Size is 64 KiB.")
    assert step("apply", "--check", "--set", "size=5000")[:2] == ("needs-patch", 1)
    assert app.read_text() == "require('tls').SLAB_BUFFER_SIZE = 64 * 1024;\ngo();\n"
    assert step("apply", "--set", "size=5000")[:2] == ("patched", 1)
    assert step("apply") == ("applied", 1, "Size is 5,000 bytes.")
    assert app.read_text() == "require('tls').SLAB_BUFFER_SIZE = 5000;\ngo();\n"
    assert step("revert")[:2] == ("reverted", 1)
    assert app.read_text() == "go();\n"


def test_check_has_its_exit_status(tmp_path: Path) -> None:
    entry(tmp_path)
    assert sio_patch("apply", "--check", *PATCH, "app.js", cwd=tmp_path).exit == 1
    assert sio_patch("apply", *PATCH, "app.js", cwd=tmp_path).exit == 0
    assert sio_patch("apply", "--check", *PATCH, "app.js", cwd=tmp_path).exit == 0
    assert sio_patch("apply", "--check", *PATCH, "--set", "size=1m", "app.js", cwd=tmp_path).exit == 1
