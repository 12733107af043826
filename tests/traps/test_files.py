"""Files that are not what a file should be: cut off, huge, deep, empty, a directory, a pipe, a link that leads away."""

from __future__ import annotations

import os
import time
from pathlib import Path

import pytest

from support.manager import FILE, patched, published
from support.privileges import without_override
from support.program import Finished, sio_patch
from support.trees import RECEIPT, package, state

COPY = "node_modules/socket.io"
HANDLER = b"""\
Manager.prototype.handleUpgrade = function (req, socket, head) {
  req.head = head;
  this.handleClient(data, req);
};
"""
CURED = HANDLER.replace(b"req);\n", b"req);\n  delete req.head;\n")


def apply(root: Path, *options: str) -> Finished:
    """``apply --json`` on the only copy."""
    return sio_patch("apply", COPY, "--json", *options, cwd=root)


def refused(root: Path, reason: str) -> None:
    """The copy is refused for this reason, in words, and nothing at all changed."""
    untouched = state(root)
    run = apply(root)
    assert (run.exit, run.row.verdict, run.row.reason) == (3, "refused", reason), run.words
    assert run.row.note
    assert state(root) == untouched


@pytest.mark.parametrize(
    ("part", "reason"),
    [
        *((part, "anchor-missing") for part in (0.02, 0.2, 0.4, 0.55)),  # the names of the patch are not in it yet
        *((part, "unparseable") for part in (0.6, 0.847, 0.8475)),
    ],
)
def test_a_truncated_manager(part: float, reason: str, tmp_path: Path) -> None:
    """A download that broke off, in a comment, a list, a function, `handleUpgrade` itself."""
    text = published()
    cut = text[: int(len(text) * part)]
    package(tmp_path / COPY, {FILE: cut})
    refused(tmp_path, reason)


def test_an_empty_file(tmp_path: Path) -> None:
    package(tmp_path / COPY, {FILE: b""})
    refused(tmp_path, "anchor-missing")


def test_an_empty_file_outside_the_range(tmp_path: Path) -> None:
    package(tmp_path / COPY, {FILE: b""}, version="1.0.0")
    run = apply(tmp_path)
    assert (run.exit, run.row.verdict) == (0, "not-affected")


@pytest.mark.parametrize(
    ("content", "reason"),
    [
        (b"\x00" * 4096, "unparseable"),
        (b"\xff\xfe" + HANDLER.decode().encode("utf-16-le"), "unparseable"),
        (b"\x1f\x8b\x08\x00" * 99, "anchor-missing"),
    ],
)
def test_bytes_that_are_no_program(content: bytes, reason: str, tmp_path: Path) -> None:
    package(tmp_path / COPY, {FILE: content})
    refused(tmp_path, reason)


def test_a_file_of_30_megabytes(tmp_path: Path) -> None:
    package(tmp_path / COPY, {FILE: b"// ballast\n" * 3_000_000 + HANDLER})
    start = time.monotonic()
    refused(tmp_path, "too-large")
    assert time.monotonic() - start < 20


DEPTH = 5_000
DEEP = {
    "arrays": b"var a = %s%s;\n" % (b"[" * DEPTH, b"]" * DEPTH),
    "objects": b"var a = %s0%s;\n" % (b"{a:" * DEPTH, b"}" * DEPTH),
    "parentheses": b"var a = %s0%s;\n" % (b"(" * DEPTH, b")" * DEPTH),
    "blocks": b"%s%s\n" % (b"{" * DEPTH, b"}" * DEPTH),
    "functions": b"%s%s\n" % (b"(function(){" * DEPTH, b"})" * DEPTH),
    "ifs": b"%s;\n" % (b"if(a)" * DEPTH),
    "else ifs": b"%s;\n" % (b"if(a);else " * DEPTH),
    "sums": b"a = 0%s;\n" % (b"+1" * DEPTH),
    "conditions": b"a = %s0%s;\n" % (b"a?" * DEPTH, b":0" * DEPTH),
    "chains": b"a%s;\n" % (b".b()" * DEPTH),
    "unaries": b"a = %s1;\n" % (b"! " * DEPTH),
    "assignments": b"%s1;\n" % (b"a = " * DEPTH),
    "brackets that never close": b"var a = %s;\n" % (b"[" * DEPTH),
}


TOO_DEEP = ("arrays", "objects", "parentheses", "functions", "chains", "brackets that never close")


@pytest.mark.parametrize("kind", [kind for kind in DEEP if kind not in TOO_DEEP])
def test_nesting_5000_deep(kind: str, tmp_path: Path) -> None:
    copy = package(tmp_path / COPY, {FILE: DEEP[kind] + HANDLER})
    run = apply(tmp_path)
    assert (run.exit, run.row.verdict) == (0, "patched")
    assert (copy / FILE).read_bytes() == DEEP[kind] + CURED


@pytest.mark.parametrize("kind", TOO_DEEP)
def test_nesting_5000_deep_that_cannot_be_read(kind: str, tmp_path: Path) -> None:
    package(tmp_path / COPY, {FILE: DEEP[kind] + HANDLER})
    refused(tmp_path, "too-complex")


def test_a_file_that_is_a_directory(tmp_path: Path) -> None:
    package(tmp_path / COPY, {f"{FILE}/index.js": HANDLER})
    refused(tmp_path, "missing-file")


def test_a_file_that_is_a_pipe(tmp_path: Path) -> None:
    """Opening it would wait for ever."""
    copy = package(tmp_path / COPY, {"lib/index.js": ""})
    os.mkfifo(copy / FILE)
    run = apply(tmp_path)
    assert (run.exit, run.row.verdict, run.row.reason) == (3, "refused", "missing-file")


def test_a_file_that_is_not_there(tmp_path: Path) -> None:
    package(tmp_path / COPY, {"index.js": ""})
    refused(tmp_path, "missing-file")


def test_a_lib_that_is_a_file(tmp_path: Path) -> None:
    package(tmp_path / COPY, {"lib": HANDLER})
    refused(tmp_path, "missing-file")


def test_a_read_only_file_keeps_its_mode(tmp_path: Path) -> None:
    copy = package(tmp_path / COPY, {FILE: HANDLER})
    (copy / FILE).chmod(0o444)
    assert apply(tmp_path).row.verdict == "patched"
    assert (copy / FILE).read_bytes() == CURED
    assert (copy / FILE).stat().st_mode & 0o7777 == 0o444
    assert sio_patch("revert", COPY, "--json", cwd=tmp_path).row.verdict == "reverted"
    assert (copy / FILE).stat().st_mode & 0o7777 == 0o444


@pytest.mark.parametrize("folder", ["lib", "."])
def test_a_read_only_directory(folder: str, tmp_path: Path) -> None:
    copy = package(tmp_path / COPY, {FILE: HANDLER})
    untouched = state(copy)
    (copy / folder).chmod(0o555)
    try:
        run = without_override("apply", COPY, "--json", cwd=tmp_path)
        assert (run.exit, run.row.verdict) == (4, "failed"), run.words
        assert run.row.note
        assert state(copy) == untouched
    finally:
        (copy / folder).chmod(0o755)
    assert apply(tmp_path).row.verdict == "patched"


def test_a_file_that_may_not_be_read(tmp_path: Path) -> None:
    copy = package(tmp_path / COPY, {FILE: HANDLER})
    (copy / FILE).chmod(0)
    run = without_override("apply", COPY, "--json", cwd=tmp_path)
    assert (run.exit, run.row.verdict) == (4, "failed")
    assert run.row.note


def outside(tmp_path: Path) -> Path:
    """A file of somebody else's that holds the defect."""
    path = tmp_path / "elsewhere/manager.js"
    path.parent.mkdir()
    path.write_bytes(HANDLER)
    return path


@pytest.mark.parametrize("absolute", [True, False])
def test_a_symlink_that_leads_out(absolute: bool, tmp_path: Path) -> None:
    target = outside(tmp_path)
    copy = package(tmp_path / COPY, {"lib/index.js": ""})
    (copy / FILE).symlink_to(target if absolute else os.path.relpath(target, (copy / FILE).parent))
    refused(tmp_path, "outside-root")
    assert target.read_bytes() == HANDLER


def test_a_folder_that_leads_out(tmp_path: Path) -> None:
    target = outside(tmp_path)
    copy = package(tmp_path / COPY, {"index.js": ""})
    (copy / "lib").symlink_to(target.parent)
    refused(tmp_path, "outside-root")
    assert target.read_bytes() == HANDLER


def test_a_symlink_into_a_neighbour_with_a_longer_name(tmp_path: Path) -> None:
    """``socket.io-client`` begins with ``socket.io``, and still is another directory."""
    copy = package(tmp_path / COPY, {"lib/index.js": ""})
    neighbour = package(tmp_path / "node_modules/socket.io-client", {FILE: HANDLER}, name="socket.io-client")
    (copy / FILE).symlink_to(neighbour / FILE)
    refused(tmp_path, "outside-root")


def test_a_symlink_that_dangles(tmp_path: Path) -> None:
    copy = package(tmp_path / COPY, {"lib/index.js": ""})
    (copy / FILE).symlink_to("gone.js")
    refused(tmp_path, "missing-file")


def test_a_symlink_to_itself(tmp_path: Path) -> None:
    copy = package(tmp_path / COPY, {"lib/index.js": ""})
    (copy / FILE).symlink_to("manager.js")
    refused(tmp_path, "missing-file")


def test_a_symlink_inside_the_package(tmp_path: Path) -> None:
    """The file it means is patched, and the link stays a link."""
    copy = package(tmp_path / COPY, {"lib/real.js": HANDLER})
    (copy / FILE).symlink_to("real.js")
    run = apply(tmp_path)
    assert (run.exit, run.row.verdict) == (0, "patched")
    assert (copy / FILE).is_symlink()
    assert (copy / "lib/real.js").read_bytes() == CURED


def test_a_file_replaced_by_a_symlink_after_it_was_patched(tmp_path: Path) -> None:
    target = outside(tmp_path)
    copy = package(tmp_path / COPY, {FILE: HANDLER})
    assert apply(tmp_path).row.verdict == "patched"
    target.write_bytes(CURED)
    (copy / FILE).unlink()
    (copy / FILE).symlink_to(target)
    run = sio_patch("revert", COPY, "--json", cwd=tmp_path)
    assert (run.exit, run.row.verdict, run.row.reason) == (3, "refused", "outside-root")
    assert target.read_bytes() == CURED


def test_a_receipt_that_leads_out(tmp_path: Path) -> None:
    """The receipt's own name may be a link that somebody laid: what it leads to is not ours to write."""
    target = outside(tmp_path)
    copy = package(tmp_path / COPY, {FILE: HANDLER})
    (copy / RECEIPT).symlink_to(target)
    run = apply(tmp_path)
    assert (run.exit, run.row.verdict, run.row.reason) == (3, "refused", "changed-since")
    assert target.read_bytes() == HANDLER


def test_a_hard_link_into_a_store_is_left_alone(tmp_path: Path) -> None:
    store = outside(tmp_path)
    copy = package(tmp_path / COPY, {"lib/index.js": ""})
    os.link(store, copy / FILE)
    assert apply(tmp_path).row.verdict == "patched"
    assert (copy / FILE).read_bytes() == CURED
    assert store.read_bytes() == HANDLER


def test_a_file_changed_since(tmp_path: Path) -> None:
    copy = package(tmp_path / COPY, {FILE: HANDLER})
    assert apply(tmp_path).row.verdict == "patched"
    (copy / FILE).write_bytes(CURED + b"// mine\n")
    run = sio_patch("revert", COPY, "--json", cwd=tmp_path)
    assert (run.exit, run.row.verdict, run.row.reason) == (3, "refused", "changed-since")
    assert (copy / FILE).read_bytes() == CURED + b"// mine\n"


def test_one_refusal_does_not_stop_the_others(tmp_path: Path) -> None:
    copies = {"a": HANDLER, "b": HANDLER * 2, "c": HANDLER + b"(", "d": HANDLER}
    for name, text in copies.items():
        package(tmp_path / f"node_modules/{name}/node_modules/socket.io", {FILE: text})
    run = sio_patch("apply", "--json", cwd=tmp_path)
    assert run.exit == 3
    assert [row.verdict for row in run.rows] == ["patched", "refused", "refused", "patched"]
    assert [row.reason for row in run.rows] == [None, "ambiguous", "unparseable", None]


def test_a_copy_is_patched_whole_or_not_at_all(tmp_path: Path) -> None:
    """Of the two files of 0.7 one is not understood, so the other is left alone as well."""
    copy = package(tmp_path / COPY, {FILE: HANDLER, "lib-cov/manager.js": HANDLER + b"("}, version="0.7.0")
    untouched = state(copy)
    run = apply(tmp_path)
    assert run.exit == 3
    assert "patched" not in {row.verdict for row in run.rows}
    assert state(copy) == untouched


def test_the_published_file_is_where_the_other_tests_think(tmp_path: Path) -> None:
    package(tmp_path / COPY, {FILE: published()})
    assert apply(tmp_path).row.verdict == "patched"
    assert (tmp_path / COPY / FILE).read_bytes() == patched(published())


def test_a_folder_of_the_project_that_cannot_be_listed_is_no_failure(tmp_path: Path) -> None:
    """A database's directory, say: it may not fail an `npm install`."""
    (tmp_path / "package.json").write_text("{}")
    (tmp_path / "pgdata").mkdir(mode=0)
    try:
        run = without_override("apply", "-q", cwd=tmp_path)
    finally:
        (tmp_path / "pgdata").chmod(0o755)
    assert (run.exit, run.words) == (0, "")
