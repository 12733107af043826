"""The real lib/manager.js of socket.io 0.9.13, dressed and printed in many ways: patched rightly, or refused.

The commuting square: dressing what was patched by hand, and patching what was dressed, come to the same bytes.
"""

from __future__ import annotations

import os
import shutil
import subprocess
from pathlib import Path

import pytest

from metamorphic.clothes import DRESSES
from support.ground import executable
from support.manager import FILE, PATCH, patched, published
from support.printers import judge, print_anew, styles
from support.program import Row, sio_patch
from support.trees import inserted, package, sha256, state

COPY = "node_modules/socket.io"

# Printers that put a statement on a line of its own and end it by a semicolon or never: there the patched file must
# be what the printer makes of the file that was patched by hand. In the others our line's look is ours to choose.
PRINTERS_THAT_COMMUTE = {
    "prettier", "prettier-no-semi", "prettier-tabs-single-narrow", "prettier-4-crlf", "escodegen", "escodegen-crlf",
    "babel", "astring", "recast-pretty", "recast-crlf", "terser-beautify", "esbuild-print",
}  # fmt: skip


@pytest.mark.parametrize("name", DRESSES)
def test_in_other_clothes(name: str, tmp_path: Path) -> None:
    dress = DRESSES[name]
    before, wanted = dress(published()), dress(patched(published()))
    assert patched_through_the_program(before, tmp_path) == wanted


@pytest.mark.parametrize("style", styles())
def test_printed_anew(style: str, tmp_path: Path) -> None:
    before, by_hand = print_anew(style, tmp_path, published(), patched(published()))
    if not judge(tmp_path, before).plain:
        refused(before, tmp_path)
        return
    after = patched_through_the_program(before, tmp_path)
    assert judge(tmp_path, before, after).wrong is None
    if style in PRINTERS_THAT_COMMUTE:
        assert after == by_hand


@pytest.mark.parametrize("name", DRESSES)
def test_named_directly(name: str, tmp_path: Path) -> None:
    """A vendored file, with no package round it: no receipt, and ``revert`` takes out exactly what was put in."""
    dress = DRESSES[name]
    before, wanted = dress(published()), dress(patched(published()))
    (tmp_path / "vendored.js").write_bytes(before)

    for command, verdict, content in (
        ("apply", "patched", wanted),
        ("apply", "applied", wanted),
        ("revert", "reverted", before),
    ):
        run = sio_patch(command, "vendored.js", "-p", PATCH, "--json", cwd=tmp_path)
        assert (run.exit, run.row.verdict) == (0, verdict), run.words
        assert state(tmp_path) == {"vendored.js": content}


def test_both_kinds_of_minified_files_are_met() -> None:
    """At least three printers and two minifiers, with and without renaming."""
    families = {style.partition("-")[0] for style in styles()}
    assert families >= {"prettier", "escodegen", "babel", "astring", "recast", "terser", "uglify", "esbuild"}


def test_carriage_returns_alone(tmp_path: Path) -> None:
    """The line endings of old: the place and the bytes outside are checked, the ending of our line is the file's."""
    before = published().replace(b"\n", b"\r")
    after = patched_through_the_program(before, tmp_path)
    assert judge(tmp_path, before, after).wrong is None
    assert b"\n" not in after


def project(text: bytes, root: Path) -> Path:
    """A project with one copy whose manager is this text."""
    package(root / COPY, {FILE: text, "index.js": "module.exports = require('./lib/manager');\n"})
    return root


def patched_through_the_program(before: bytes, tmp_path: Path) -> bytes:
    """The whole life of a copy: status, diff, apply, apply again, revert. Returns what apply wrote."""
    root = project(before, tmp_path / "project")
    copy = root / COPY
    untouched = state(copy)

    status = one_row("status", root)
    assert (status.verdict, status.file) == ("needs-patch", FILE)
    assert status.sha256_before == sha256(before)
    diff = sio_patch("diff", COPY, cwd=root)
    assert diff.exit == 0
    assert state(copy) == untouched

    row = one_row("apply", root)
    after = (copy / FILE).read_bytes()
    assert (row.patch, row.verdict, row.path, row.file) == (PATCH, "patched", COPY, FILE)
    assert (row.sha256_before, row.sha256_after) == (sha256(before), sha256(after))
    added = inserted(before, after)
    assert added is not None
    assert b"delete" in added
    for tool in ("git", "patch"):
        assert by_diff_tool(tool, diff.stdout, before, tmp_path / tool) == after

    times = (copy / FILE).stat()
    assert one_row("apply", root).verdict == "applied"
    assert (copy / FILE).stat().st_mtime_ns == times.st_mtime_ns
    assert (copy / FILE).stat().st_ino == times.st_ino

    assert one_row("revert", root).verdict == "reverted"
    assert state(copy) == untouched
    return after


def refused(before: bytes, tmp_path: Path) -> None:
    """Statements that a minifier fused into an expression: a reason, and not one byte changed."""
    root = project(before, tmp_path / "project")
    untouched = state(root)
    run = sio_patch("apply", COPY, "--json", cwd=root)
    row = run.row
    assert run.exit == 3
    assert row.verdict == "refused"
    assert row.reason in {"unsafe-place", "anchor-missing"}
    assert row.note
    assert state(root) == untouched


def one_row(command: str, root: Path) -> Row:
    """The only result of a command on the copy, which must end well."""
    run = sio_patch(command, COPY, "--json", cwd=root)
    assert run.exit == 0, run.words
    return run.row


def by_diff_tool(tool: str, diff: bytes, before: bytes, root: Path) -> bytes:
    """What ``git apply`` or ``patch -p1`` make of the file, given our diff on their standard input."""
    project(before, root)
    options = {"git": ["apply", "-"], "patch": ["-p1"]}
    config = {"GIT_CONFIG_GLOBAL": os.devnull, "GIT_CONFIG_NOSYSTEM": "1", "GIT_CEILING_DIRECTORIES": str(root.parent)}
    done = subprocess.run(
        [executable(tool), *options[tool]],
        cwd=root,
        input=diff,
        capture_output=True,
        env={**os.environ, **config},
        timeout=60,
        check=False,
    )
    assert done.returncode == 0, (done.stdout + done.stderr).decode("utf-8", "replace") + diff.decode(
        "utf-8", "replace"
    )
    after = (root / COPY / FILE).read_bytes()
    shutil.rmtree(root)
    return after
