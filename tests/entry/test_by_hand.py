"""Sizes that somebody has set by hand: those that count are `fixed` and stay; those that do not, and why."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path

import pytest

from support.program import Row, sio_patch
from support.trees import lay, state

APPLY = ("apply", "-p", "tls-slab-size", "--node", "0.10", "--json")
EFFECT = " Effective on Node 0.10 (--node): slabs get the size that is set."
BELOW = "https.createServer(options, app).listen(443);\n"

# The file, the size in the note, the line.
COUNTS = {
    "var": ("var tls = require('tls');\ntls.SLAB_BUFFER_SIZE = 64 * 1024;\n" + BELOW, "64 KiB", 2),
    "let": ("let tls = require('tls');\ntls.SLAB_BUFFER_SIZE = 64 * 1024;\n" + BELOW, "64 KiB", 2),
    "const": ("const tls = require('tls');\ntls.SLAB_BUFFER_SIZE = 64 * 1024;\n" + BELOW, "64 KiB", 2),
    "assigned": ("tls = require('tls');\ntls.SLAB_BUFFER_SIZE = 64 * 1024;\n" + BELOW, "64 KiB", 2),
    "declared, then assigned": ("var tls;\ntls = require('tls');\ntls.SLAB_BUFFER_SIZE = 1500;\n", "1,500 bytes", 3),
    "another name": ("var secure = require('tls');\nsecure.SLAB_BUFFER_SIZE = 2048;\n", "2 KiB", 2),
    "first of a list": ("var tls = require('tls')\n  , a = 1;\ntls.SLAB_BUFFER_SIZE = 5000;\n", "5,000 bytes", 3),
    "last of a list": ("var a = 1\n  , tls = require('tls');\n\ntls.SLAB_BUFFER_SIZE = 5000;\n", "5,000 bytes", 4),
    "a list, and later": (
        "var tls = require('tls'), https = require('https')\n  , app = require('./app');\nvar a = 1;\n"
        "tls.SLAB_BUFFER_SIZE = 5000;\n" + BELOW,
        "5,000 bytes",
        4,
    ),
    "a property": ("module.tls = require('tls');\nmodule.tls.SLAB_BUFFER_SIZE = 5000;\n", "5,000 bytes", 2),
    "not first": ("var a = require('a');\nrequire('tls').SLAB_BUFFER_SIZE = 100 * 1024;\n" + BELOW, "100 KiB", 2),
    "in a comma list": ("a(), require('tls').SLAB_BUFFER_SIZE = 100 * 1024;\n", "100 KiB", 1),
    "below a server that is only mentioned": (
        "var create = https.createServer;\nvar tls = require('tls');\ntls.SLAB_BUFFER_SIZE = 5000;\n" + BELOW,
        "5,000 bytes",
        3,
    ),
    "brackets": ("require('tls')['SLAB_BUFFER_SIZE'] = 102400;\n", "100 KiB", 1),
    "double quotes and brackets": ('var tls = require("tls");\ntls["SLAB_BUFFER_SIZE"] = 65536;\n', "64 KiB", 2),
    "parentheses": ("(require('tls')).SLAB_BUFFER_SIZE = (102400);\n", "100 KiB", 1),
    "bytes": ("require('tls').SLAB_BUFFER_SIZE = 102400;\n", "100 KiB", 1),
    "hex": ("require('tls').SLAB_BUFFER_SIZE = 0x10000;\n", "64 KiB", 1),
    "old octal": ("require('tls').SLAB_BUFFER_SIZE = 0200000;\n", "64 KiB", 1),
    "exponent": ("require('tls').SLAB_BUFFER_SIZE = 1e5;\n", "100,000 bytes", 1),
    "shift": ("require('tls').SLAB_BUFFER_SIZE = 100 << 10;\n", "100 KiB", 1),
    "three factors": ("require('tls').SLAB_BUFFER_SIZE = 2 * 1024 * 1024;\n", "2 MiB", 1),
    "factors turned": ("require('tls').SLAB_BUFFER_SIZE = 1024 * 100;\n", "100 KiB", 1),
    "sum and quotient": ("require('tls').SLAB_BUFFER_SIZE = (1024 + 1024) * 64 / 2;\n", "64 KiB", 1),
    "as large as ever": ("require('tls').SLAB_BUFFER_SIZE = 10 * 1024 * 1024;\n", "10 MiB", 1),
    "variable": ("var size = 1;\nrequire('tls').SLAB_BUFFER_SIZE = size;\n", "`size`", 2),
    "variable, first": ("require('tls').SLAB_BUFFER_SIZE = SIZE;\n", "`SIZE`", 1),
    "environment": (
        "require('tls').SLAB_BUFFER_SIZE = process.env.SLAB || 102400;\n",
        "`process.env.SLAB || 102400`",
        1,
    ),
    "two at once": ("var tls = require('tls');\ntls.SLAB_BUFFER_SIZE = tls.X = 5000;\n", "`tls.X = 5000`", 2),
}

TLS = "var tls = require('tls');\n"
SET = "tls.SLAB_BUFFER_SIZE = 5000;\n"

# The file, and the line that the note names; None where nothing in it looks like a setting.
DOES_NOT_COUNT = {
    "in a function": (TLS + "function go() {\n  " + SET + "}\ngo();\n", 3),
    "in an immediate function": ("(function () {\n  " + TLS + "  " + SET + "}());\n", 3),
    "in a condition": (TLS + "if (process.env.SLAB) " + SET, 2),
    "in a block": (TLS + "if (process.env.SLAB) {\n  " + SET + "}\n", 3),
    "in a try": ("try {\n  require('tls').SLAB_BUFFER_SIZE = 5000;\n} catch (e) {}\n", 2),
    "as an operand": (TLS + "process.env.SLAB && (tls.SLAB_BUFFER_SIZE = 5000);\n", 2),
    "after createServer": (TLS + "var server = https.createServer(app);\n" + SET, 3),
    "after createServer in a list": ("var a = https.createServer(app)\n  , tls = require('tls');\n" + SET, 3),
    "after listen": (TLS + "require('socket.io').listen(443);\n" + SET, 3),
    "after createServer and listen": (TLS + BELOW + SET, 3),
    "after new Server": (TLS + "var server = new https.Server(options);\n" + SET, 3),
    "after express.createServer": ("var app = require('express').createServer(options);\n" + TLS + SET, 3),
    "after a function that makes a server": (TLS + "function go() {\n  " + BELOW + "}\n" + SET + "go();\n", 5),
    "on another object": ("var a = {};\na.SLAB_BUFFER_SIZE = 5000;\n", 2),
    "on another module": ("var tls = require('./tls');\n" + SET, 2),
    "on tls of nowhere": (SET, 1),
    "read": (TLS + "if (tls.SLAB_BUFFER_SIZE > 5000) tls = null;\n", None),
    "in a comment": ("// require('tls').SLAB_BUFFER_SIZE = 5000;\nvar a = 1;\n", None),
    "in a string": ("var a = \"require('tls').SLAB_BUFFER_SIZE = 5000\";\n", None),
    "another setting": (TLS + "tls.CLIENT_RENEG_LIMIT = 3;\n", None),
}


def results(folder: Path, files: Mapping[str, str], *arguments: str) -> dict[str, Row]:
    """One run on all files, each called after its case."""
    names = {f"{number:02}.js": name for number, name in enumerate(files)}
    lay(folder, {path: files[name] for path, name in names.items()})
    run = sio_patch(*APPLY, *arguments, *names, cwd=folder)
    assert run.exit == 0, run.words
    return {names[str(row.file)]: row for row in run.rows}


@pytest.fixture(scope="module")
def counting(tmp_path_factory: pytest.TempPathFactory) -> tuple[Path, dict[str, Row]]:
    folder = tmp_path_factory.mktemp("counts")
    return folder, results(folder, {name: case[0] for name, case in COUNTS.items()})


@pytest.fixture(scope="module")
def not_counting(tmp_path_factory: pytest.TempPathFactory) -> tuple[Path, dict[str, Row]]:
    folder = tmp_path_factory.mktemp("not")
    return folder, results(folder, {name: case[0] for name, case in DOES_NOT_COUNT.items()})


@pytest.mark.parametrize("name", COUNTS)
def test_it_counts(name: str, counting: tuple[Path, dict[str, Row]]) -> None:
    folder, rows = counting
    text, size, line = COUNTS[name]
    row = rows[name]
    assert (row.verdict, row.line, row.note) == ("fixed", line, f"Size is {size}.{EFFECT}")
    assert (folder / str(row.file)).read_text() == text


@pytest.mark.parametrize("name", DOES_NOT_COUNT)
def test_it_does_not_count(name: str, not_counting: tuple[Path, dict[str, Row]]) -> None:
    folder, rows = not_counting
    text, line = DOES_NOT_COUNT[name]
    row = rows[name]
    why = (
        f"Line {line} does something like it by hand, but only a statement of its own counts, at top level, on "
        "require('tls') itself, above all code that makes a server. It stays, and where it runs its size holds."
    )
    assert (row.verdict, row.note) == ("patched", (why if line else "") + (EFFECT if line else EFFECT[1:]))
    start, quote = (text.index("var"), '"') if name == "in a string" else (0, "'")
    start = text.index("var") if name == "in a comment" else start
    statement = f"require({quote}tls{quote}).SLAB_BUFFER_SIZE = 100 * 1024;\n"
    assert (folder / str(row.file)).read_text() == text[:start] + statement + text[start:]


def test_what_is_by_hand_is_neither_set_nor_taken_out(tmp_path: Path) -> None:
    files = {name: case[0] for name, case in COUNTS.items()}
    rows = results(tmp_path, files, "--set", "size=3k")
    before = state(tmp_path)
    for name, row in rows.items():
        vain = " That is by hand, so --set size=3k did not change it."
        assert (row.verdict, row.note) == ("fixed", f"Size is {COUNTS[name][1]}.{vain}{EFFECT}")
    run = sio_patch("revert", "-p", "tls-slab-size", "--json", *sorted(before), cwd=tmp_path)
    assert {row.verdict for row in run.rows} == {"fixed"}
    assert state(tmp_path) == before


def test_the_same_size_by_hand_is_as_asked(tmp_path: Path) -> None:
    rows = results(tmp_path, {"hand": "require('tls').SLAB_BUFFER_SIZE = 102400;\n"}, "--set", "size=100k")
    assert rows["hand"].note == f"Size is 100 KiB.{EFFECT}"


def test_written_as_the_patch_writes_it_it_is_the_patch(tmp_path: Path) -> None:
    """Nothing tells the two apart; white space, quotes and the semicolon are the file's own habit."""
    spellings = ("100 * 1024;", "100*1024", "5000;")
    rows = results(tmp_path, {size: f'require("tls").SLAB_BUFFER_SIZE = {size}\n' for size in spellings})
    assert {row.verdict for row in rows.values()} == {"applied"}


@pytest.mark.parametrize("value", ["100 * 1024 * 1024", "0", "-1", "1", "'100k'", "undefined"])
def test_a_size_that_is_none_does_not_count(value: str, tmp_path: Path) -> None:
    (tmp_path / "app.js").write_text(f"var a;\nrequire('tls').SLAB_BUFFER_SIZE = {value};\n")
    run = sio_patch("apply", "-p", "tls-slab-size", "app.js", "--json", cwd=tmp_path)
    assert (run.exit, run.row.verdict, run.row.reason) == (3, "refused", "bad-parameter")
    assert (
        run.row.note == f"By hand, size is set to `{value}` here, which is not from 1 KiB to 10 MiB. Change it by hand."
    )
