"""package.json as found in the wild: gone, broken, wordless, wrong, lying, in another encoding. The code decides."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from support.manager import FILE, VERSION
from support.program import Finished, sio_patch
from support.trees import RECEIPT, lay, state

COPY = "node_modules/socket.io"
HANDLER = b"""\
Manager.prototype.handleUpgrade = function (req, socket, head) {
  req.head = head;
  this.handleClient(data, req);
};
"""
CURED = HANDLER.replace(b"req);\n", b"req);\n  delete req.head;\n")
FIXED = HANDLER.replace(b"req);\n", b"req);\n  req.head = null;\n")
OTHER = b"module.exports = {};\n"


def manifest(**entries: object) -> bytes:
    """A package.json with these entries."""
    return json.dumps(entries).encode()


def copy_with(root: Path, package_json: bytes | None, code: bytes = HANDLER) -> Path:
    """A copy with this package.json (None: with none) and this manager."""
    copy = lay(root / COPY, {FILE: code})
    return copy if package_json is None else lay(copy, {"package.json": package_json})


def apply(root: Path) -> Finished:
    """``apply --json`` on the only copy."""
    return sio_patch("apply", COPY, "--json", cwd=root)


READABLE = {
    "with a byte order mark": b"\xef\xbb\xbf" + manifest(name="socket.io", version=VERSION),
    "with latin-1 in a name": b'{"name": "socket.io", "version": "0.9.13", "author": "Andr\xe9"}',
    "with a null byte in a string": b'{"name": "socket.io", "version": "0.9.13", "description": "a\\u0000b"}',
    "with a version of its own": manifest(name="socket.io", version="0.9.13-ours.2"),
    "with a build": manifest(name="socket.io", version="0.9.13+build.7"),
    "with a loose version": manifest(name="socket.io", version=" v0.9.13 "),
    "with entries twice": b'{"name": "other", "name": "socket.io", "version": "1.0.0", "version": "0.9.13"}',
    "with carriage returns": b'{\r\n"name": "socket.io",\r\n"version": "0.9.13"\r\n}\r\n',
}


@pytest.mark.parametrize("kind", READABLE)
def test_readable(kind: str, tmp_path: Path) -> None:
    copy = copy_with(tmp_path, READABLE[kind])
    run = apply(tmp_path)
    assert (run.exit, run.row.verdict, run.row.package) == (0, "patched", "socket.io")
    assert (copy / FILE).read_bytes() == CURED


WORDLESS = {
    "no version": manifest(name="socket.io"),
    "an empty version": manifest(name="socket.io", version=""),
    "a version that is a number": manifest(name="socket.io", version=0.9),
    "a version that is null": manifest(name="socket.io", version=None),
    "a version that is none": manifest(name="socket.io", version="latest"),
    "a version of 100,000 digits": manifest(name="socket.io", version="9" * 100_000),
}


@pytest.mark.parametrize("kind", WORDLESS)
def test_without_a_version_the_code_decides(kind: str, tmp_path: Path) -> None:
    copy = copy_with(tmp_path, WORDLESS[kind])
    run = apply(tmp_path)
    assert (run.exit, run.row.verdict) == (0, "patched"), run.words
    assert (copy / FILE).read_bytes() == CURED


@pytest.mark.parametrize("kind", WORDLESS)
def test_without_a_version_missing_code_is_not_judged_healthy_silently(kind: str, tmp_path: Path) -> None:
    copy = copy_with(tmp_path, WORDLESS[kind], OTHER)
    untouched = state(copy)
    row = apply(tmp_path).row
    assert (row.verdict, row.reason) == ("refused", "anchor-missing")
    assert (row.note or "").startswith("The version is unknown (")
    assert state(copy) == untouched


@pytest.mark.parametrize("version", ["1.0.0", "0.6.18", "0.9.14", "4.8.0"])
def test_a_version_that_lies_about_broken_code(version: str, tmp_path: Path) -> None:
    copy = copy_with(tmp_path, manifest(name="socket.io", version=version))
    run = apply(tmp_path)
    assert (run.exit, run.row.verdict, run.row.version) == (0, "patched", version)
    assert run.row.note, "the report must say that code and version disagree"
    assert version in run.row.note
    assert (copy / FILE).read_bytes() == CURED


@pytest.mark.parametrize(("code", "verdict"), [(FIXED, "fixed"), (CURED, "applied")])
def test_a_version_that_lies_about_healthy_code(code: bytes, verdict: str, tmp_path: Path) -> None:
    copy = copy_with(tmp_path, manifest(name="socket.io", version=VERSION), code)
    untouched = state(copy)
    run = apply(tmp_path)
    assert (run.exit, run.row.verdict) == (0, verdict)
    assert state(copy) == untouched


def test_in_the_range_without_the_code(tmp_path: Path) -> None:
    copy = copy_with(tmp_path, manifest(name="socket.io", version=VERSION), OTHER)
    untouched = state(copy)
    run = apply(tmp_path)
    assert (run.exit, run.row.verdict, run.row.reason) == (3, "refused", "anchor-missing")
    assert run.row.note
    assert state(copy) == untouched


UNREADABLE = {
    "missing": None,
    "empty": b"",
    "broken": b'{"name": "socket.io", "version": "0.9.13"',
    "a list": b'["socket.io", "0.9.13"]',
    "a string": b'"socket.io"',
    "null": b"null",
    "utf-16": b"\xff\xfe" + '{"name": "socket.io", "version": "0.9.13"}'.encode("utf-16-le"),
    "utf-16 without a mark": '{"name": "socket.io", "version": "0.9.13"}'.encode("utf-16-be"),
    "nested 100,000 deep": b'{"name": "socket.io", "version": "0.9.13", "x": ' + b"[" * 100_000 + b"]" * 100_000 + b"}",
    "a name that is a number": manifest(name=9, version=VERSION),
    "no name": manifest(version=VERSION),
}


@pytest.mark.parametrize("kind", UNREADABLE)
def test_unreadable(kind: str, tmp_path: Path) -> None:
    """Under node_modules/socket.io the folder's name still says what it should be. Patched, with a word about it."""
    copy = copy_with(tmp_path, UNREADABLE[kind])
    run = apply(tmp_path)
    assert (run.exit, run.row.verdict) == (0, "patched")
    assert "package.json" in (run.row.note or "").lower()
    assert (copy / FILE).read_bytes() == CURED


@pytest.mark.parametrize("kind", ["broken", "utf-16", "null"])
def test_unreadable_in_a_project(kind: str, tmp_path: Path) -> None:
    """One broken manifest must not hide the healthy rest of a project, nor itself."""
    copy_with(tmp_path / "node_modules/a", UNREADABLE[kind])
    whole = copy_with(tmp_path / "node_modules/b", manifest(name="socket.io", version=VERSION))
    run = sio_patch("apply", "--json", cwd=tmp_path)
    assert (whole / FILE).read_bytes() == CURED
    assert {row.path: row.verdict for row in run.rows} == {
        "node_modules/a/node_modules/socket.io": "patched",
        "node_modules/b/node_modules/socket.io": "patched",
    }


def test_a_wrong_name(tmp_path: Path) -> None:
    """Another package in the folder of this name (an alias): nobody asked to repair it."""
    copy = copy_with(tmp_path, manifest(name="left-pad", version="1.0.0"), OTHER)
    untouched = state(copy)
    run = sio_patch("status", "--json", cwd=tmp_path)
    assert run.exit == 0
    assert {row.verdict for row in run.rows} <= {"not-affected"}
    assert state(copy) == untouched


def test_another_folder_name(tmp_path: Path) -> None:
    """``npm install io@npm:socket.io`` puts the package under a name of its own."""
    copy = lay(
        tmp_path / "node_modules/io", {FILE: HANDLER, "package.json": manifest(name="socket.io", version=VERSION)}
    )
    run = sio_patch("apply", "--json", cwd=tmp_path)
    assert (run.exit, run.row.verdict, run.row.path) == (0, "patched", "node_modules/io")
    assert (copy / FILE).read_bytes() == CURED


def test_the_manifest_is_a_directory(tmp_path: Path) -> None:
    copy = lay(tmp_path / COPY, {FILE: HANDLER, "package.json/x": b""})
    run = apply(tmp_path)
    assert (run.exit, run.row.verdict) == (0, "patched")
    assert (copy / FILE).read_bytes() == CURED


def test_no_receipt_without_a_patch(tmp_path: Path) -> None:
    copy = copy_with(tmp_path, manifest(name="socket.io", version=VERSION), FIXED)
    apply(tmp_path)
    assert not (copy / RECEIPT).exists()
