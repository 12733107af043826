"""Copies found, whatever their package.json looks like, and what is left alone."""

from __future__ import annotations

import errno
import json
import os
import re
from pathlib import Path

import pytest

from sio_patch.project.layout import Copy, copies

WANTED = {"socket.io", "ws", "@scope/thing"}


def lay(root: Path, *directories: str, **manifest: object) -> None:
    """Package directories named after the last parts of their paths, unless ``manifest`` says otherwise."""
    for directory in directories:
        name = directory.rpartition("node_modules/")[2]
        (root / directory).mkdir(parents=True, exist_ok=True)
        (root / directory / "package.json").write_text(json.dumps({"name": name, "version": "1.0.0", **manifest}))


def found(path: Path, root: Path | None = None) -> list[str]:
    return [f"{os.path.relpath(copy.path, root or path)}:{copy.package}" for copy in copies(path, WANTED)]


def only(path: Path) -> Copy:
    (copy,) = copies(path, WANTED)
    return copy


def test_a_project_at_any_depth(tmp_path: Path) -> None:
    lay(
        tmp_path,
        "node_modules/socket.io",
        "node_modules/socket.io/node_modules/ws",
        "node_modules/@scope/thing",
        "node_modules/@scope/other/node_modules/a/node_modules/socket.io",
        "node_modules/b",
        "node_modules/.cache/socket.io",
        "node_modules/.bin",
        "vendor/socket.io",
        "node_modules/b/lib/socket.io",
        "node_modules/socket.io-client",
    )
    (tmp_path / "node_modules/ws").write_text("a file, not a package")
    assert found(tmp_path) == [
        "node_modules/@scope/thing:@scope/thing",
        "node_modules/socket.io:socket.io",
        "node_modules/socket.io/node_modules/ws:ws",
        "node_modules/@scope/other/node_modules/a/node_modules/socket.io:socket.io",
    ]


def test_nothing_to_find(tmp_path: Path) -> None:
    lay(tmp_path, "node_modules/a", dependencies={"socket.io": "0.9"})
    assert found(tmp_path) == []
    assert found(tmp_path / "node_modules/a") == []
    lay(tmp_path, "empty/node_modules")
    assert found(tmp_path / "empty") == []


def test_paths_are_as_the_user_reaches_them(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    lay(tmp_path, "node_modules/ws")
    monkeypatch.chdir(tmp_path)
    assert only(Path()).path == Path("node_modules/ws")
    assert only(Path("node_modules/ws")).path == Path("node_modules/ws")
    assert only(tmp_path).path == tmp_path / "node_modules/ws"
    monkeypatch.chdir(tmp_path / "node_modules/ws")
    assert only(Path()).path == Path()
    (Path() / "package.json").unlink()
    assert only(Path()).package == "ws"


def test_a_package_directory_and_what_is_in_it(tmp_path: Path) -> None:
    lay(tmp_path, "node_modules/socket.io", "node_modules/socket.io/node_modules/ws")
    assert found(tmp_path / "node_modules/socket.io", tmp_path) == [
        "node_modules/socket.io:socket.io",
        "node_modules/socket.io/node_modules/ws:ws",
    ]


def test_a_package_unpacked_anywhere(tmp_path: Path) -> None:
    lay(tmp_path, "package", name="socket.io")
    assert found(tmp_path / "package") == [".:socket.io"]


def test_a_project_that_is_called_like_a_package(tmp_path: Path) -> None:
    """A directory's own name says nothing outside node_modules, unless package.json gives none."""
    lay(tmp_path, "ws", name="my-app")
    lay(tmp_path, "ws/node_modules/socket.io")
    assert found(tmp_path / "ws") == ["node_modules/socket.io:socket.io"]
    (tmp_path / "ws/package.json").write_text("{")
    assert found(tmp_path / "ws") == [".:ws", "node_modules/socket.io:socket.io"]
    (tmp_path / "ws/package.json").unlink()
    assert found(tmp_path / "ws") == ["node_modules/socket.io:socket.io"]


@pytest.mark.parametrize("given", ["node_modules", "node_modules/@scope"])
def test_node_modules_or_a_scope_named_directly(tmp_path: Path, given: str) -> None:
    lay(tmp_path, "node_modules/@scope/thing")
    assert found(tmp_path / given, tmp_path) == ["node_modules/@scope/thing:@scope/thing"]


def test_an_alias(tmp_path: Path) -> None:
    lay(tmp_path, "node_modules/old-sockets", name="socket.io")
    lay(tmp_path, "node_modules/ws", name="socket.io")
    alias, confused = copies(tmp_path, WANTED)
    assert (alias.path.name, alias.package, alias.notes) == ("old-sockets", "socket.io", ())
    assert (confused.package, confused.notes) == ("socket.io", ("package.json says that this is socket.io",))


@pytest.mark.parametrize("text", ['{"name": "socket\\u002eio"}', '{"name": "@scope\\/thing"}'])
def test_an_alias_behind_an_escape(tmp_path: Path, text: str) -> None:
    lay(tmp_path, "node_modules/alias")
    (tmp_path / "node_modules/alias/package.json").write_text(text)
    assert only(tmp_path).package in WANTED


@pytest.mark.parametrize("encoding", ["utf-16", "utf-16-le", "utf-16-be", "utf-8-sig"])
def test_an_alias_in_another_encoding(tmp_path: Path, encoding: str) -> None:
    lay(tmp_path, "node_modules/alias")
    (tmp_path / "node_modules/alias/package.json").write_text('{"name": "ws", "version": "1.0.0"}', encoding=encoding)
    copy = only(tmp_path)
    assert (copy.package, copy.version, len(copy.notes)) == ("ws", "1.0.0", 1)


ODD: dict[str, tuple[bytes, str | None, str]] = {
    "empty": (b"", None, "package.json is empty"),
    "cut off": (b'{"name": "ws", ', None, "package.json is not JSON: .* \\(line 1\\)"),
    "a list": (b"[]", None, "package.json does not hold an object"),
    "deep": (b"[" * 100_000, None, "package.json is not JSON that can be read"),
    "a long number": (b'{"name": %s}' % (b"9" * 10_000), None, "package.json is not JSON that can be read"),
    "huge": (b" " * ((4 << 20) + 1), None, "package.json is larger than 4 MiB"),
    "binary": (b"\x7fELF\x00\x01", None, "package.json is "),
    "utf-16": ("\ufeff{}".encode("utf-16-le"), None, "package.json is UTF-16 text, not UTF-8"),
    "latin-1": (b'{"name": "ws", "version": "1.0.0", "author": "Andr\xe9"}', "1.0.0", "not UTF-8 text \\(byte 50\\)"),
    "a mark": (b'\xef\xbb\xbf{"name": "ws", "version": "1.0.0"}', "1.0.0", "begins with a byte order mark"),
    "no version": (b'{"name": "ws"}', None, "package.json gives no version"),
    "a null version": (b'{"name": "ws", "version": null}', None, "package.json gives no version"),
    "a number for a version": (b'{"name": "ws", "version": 0.9}', None, "the version in package.json is not text"),
    "a version that writes to the terminal": (b'{"name": "ws", "version": "\\u001b[2J"}', None, "is not printable"),
    "no name": (b'{"version": "1.0.0"}', "1.0.0", "package.json gives no name"),
    "a list for a name": (b'{"name": ["ws"], "version": "1.0.0"}', "1.0.0", "the name in package.json is not text"),
    "another name": (b'{"name": "q", "version": "1.0.0"}', "1.0.0", "package.json says that this is q"),
}


@pytest.mark.parametrize("kind", ODD)
def test_an_odd_manifest_hides_nothing(tmp_path: Path, kind: str) -> None:
    data, version, words = ODD[kind]
    lay(tmp_path, "node_modules/ws", "node_modules/ws/node_modules/socket.io")
    (tmp_path / "node_modules/ws/package.json").write_bytes(data)
    for path in (tmp_path, tmp_path / "node_modules/ws"):
        copy, nested = copies(path, WANTED)
        assert (copy.package, copy.version, nested.package) == ("ws", version, "socket.io")
        assert re.search(words, " / ".join(copy.notes))


def test_a_manifest_that_is_no_file(tmp_path: Path) -> None:
    for name in ("socket.io", "ws", "@scope/thing"):
        (tmp_path / "node_modules" / name).mkdir(parents=True)
    (tmp_path / "node_modules/ws/package.json").mkdir()
    os.mkfifo(tmp_path / "node_modules/@scope/thing/package.json")
    assert {copy.package: copy.notes for copy in copies(tmp_path, WANTED)} == {
        "socket.io": ("package.json is missing",),
        "ws": ("package.json is a directory",),
        "@scope/thing": ("package.json cannot be read: it is not a file",),
    }


def test_links_inside_are_followed_once(tmp_path: Path) -> None:
    lay(tmp_path, "packages/mine", name="mine")
    lay(tmp_path, "packages/mine/node_modules/ws", "node_modules/socket.io")
    (tmp_path / "node_modules/mine").symlink_to("../packages/mine")
    (tmp_path / "node_modules/again").symlink_to("../packages/mine")
    (tmp_path / "node_modules/alias").symlink_to("socket.io")
    (tmp_path / "packages/mine/node_modules/up").symlink_to("../../..")  # a cycle
    (tmp_path / "node_modules/gone").symlink_to("nowhere")
    (tmp_path / "node_modules/ws").symlink_to("ws")
    assert found(tmp_path) == ["node_modules/socket.io:socket.io", "node_modules/again/node_modules/ws:ws"]


def test_linked_stores(tmp_path: Path) -> None:
    store = "node_modules/.pnpm"
    lay(tmp_path, f"{store}/socket.io@0.9.13/node_modules/socket.io", f"{store}/a@1.0.0/node_modules/a")
    lay(tmp_path, f"{store}/ws@8.0.0/node_modules/ws")
    (tmp_path / "node_modules/a").symlink_to(".pnpm/a@1.0.0/node_modules/a")
    (tmp_path / "node_modules/socket.io").symlink_to(".pnpm/socket.io@0.9.13/node_modules/socket.io")
    (tmp_path / f"{store}/a@1.0.0/node_modules/ws").symlink_to("../../ws@8.0.0/node_modules/ws")
    (tmp_path / f"{store}/lock.yaml").write_text("")
    assert found(tmp_path) == ["node_modules/socket.io:socket.io", f"{store}/a@1.0.0/node_modules/ws:ws"]


def test_links_that_lead_out_are_marked(tmp_path: Path) -> None:
    lay(tmp_path, "elsewhere/node_modules/ws", "elsewhere/node_modules/ws/node_modules/socket.io", "app/node_modules/a")
    lay(tmp_path, "elsewhere/dir/thing", name="@scope/thing")
    (tmp_path / "app/node_modules/ws").symlink_to("../../elsewhere/node_modules/ws")
    (tmp_path / "app/node_modules/@scope").symlink_to("../../elsewhere/dir")
    outside = {str(copy.path.relative_to(tmp_path)): copy.outside for copy in copies(tmp_path / "app", WANTED)}
    assert outside == {
        "app/node_modules/ws": tmp_path / "elsewhere/node_modules/ws",
        "app/node_modules/@scope/thing": tmp_path / "elsewhere/dir/thing",
        "app/node_modules/ws/node_modules/socket.io": tmp_path / "elsewhere/node_modules/ws/node_modules/socket.io",
    }
    assert [copy.outside for copy in copies(tmp_path, WANTED)] == [None, None, None]
    assert [copy.outside for copy in copies(tmp_path / "elsewhere", WANTED)] == [None, None]


def test_a_node_modules_further_down(tmp_path: Path) -> None:
    lay(tmp_path, "node_modules/ws", "server/node_modules/socket.io", "packages/one/node_modules/ws")
    lay(tmp_path, "too/far/down/node_modules/ws")
    lay(tmp_path, ".cache/node_modules/ws", "server/socket.io")
    assert found(tmp_path) == [
        "node_modules/ws:ws",
        "packages/one/node_modules/ws:ws",
        "server/node_modules/socket.io:socket.io",
    ]
    assert found(tmp_path / "server/node_modules/socket.io") == [".:socket.io"]


def test_a_whole_node_modules_elsewhere(tmp_path: Path) -> None:
    lay(tmp_path, "elsewhere/node_modules/ws", "app")
    (tmp_path / "app/node_modules").symlink_to("../elsewhere/node_modules")
    assert only(tmp_path / "app").outside == tmp_path / "elsewhere/node_modules/ws"


@pytest.mark.parametrize("given", ["link", "app/node_modules/ws"])
def test_a_link_named_directly_is_fine(tmp_path: Path, given: str) -> None:
    lay(tmp_path, "elsewhere/node_modules/ws", "app/node_modules")
    (tmp_path / "app/node_modules/ws").symlink_to(tmp_path / "elsewhere/node_modules/ws")
    (tmp_path / "link").symlink_to(tmp_path / "elsewhere/node_modules/ws")
    copy = only(tmp_path / given)
    assert (copy.path, copy.outside, copy.notes) == (tmp_path / given, None, ())


def test_no_directory(tmp_path: Path) -> None:
    with pytest.raises(FileNotFoundError):
        list(copies(tmp_path / "gone", WANTED))
    (tmp_path / "file").write_text("")
    with pytest.raises(NotADirectoryError):
        list(copies(tmp_path / "file", WANTED))


def test_what_cannot_be_listed_is_said(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    lay(tmp_path, "node_modules/a/node_modules/ws", "node_modules/ws")
    scandir = os.scandir

    def guarded(path: str) -> object:
        if path.endswith("a/node_modules"):
            raise PermissionError(errno.EACCES, "Permission denied", path)
        return scandir(path)

    monkeypatch.setattr(os, "scandir", guarded)
    errors: list[OSError] = []
    assert [copy.package for copy in copies(tmp_path, WANTED, errors.append)] == ["ws"]
    assert [error.filename for error in errors] == [str(tmp_path / "node_modules/a/node_modules")]
    with pytest.raises(PermissionError):
        list(copies(tmp_path, WANTED))
