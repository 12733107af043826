"""Copies found, whatever their package.json looks like, and what is left alone."""

from __future__ import annotations

import errno
import json
import os
import re
from collections.abc import Callable
from pathlib import Path

import pytest

from sio_patch.project import layout
from sio_patch.project.layout import Copy
from sio_patch.project.workspace import Missing
from sio_patch.verdict import Reason

WANTED = {"socket.io", "ws", "@scope/thing"}


def lay(root: Path, *directories: str, **manifest: object) -> None:
    """Package directories named after the last parts of their paths, unless ``manifest`` says otherwise."""
    for directory in directories:
        name = directory.rpartition("node_modules/")[2]
        (root / directory).mkdir(parents=True, exist_ok=True)
        (root / directory / "package.json").write_text(json.dumps({"name": name, "version": "1.0.0", **manifest}))


def copies(path: Path, on_error: Callable[[OSError], None] | None = None) -> list[Copy]:
    """The copies alone."""
    listed = layout.copies(path, WANTED, on_error) if on_error else layout.copies(path, WANTED)
    return [each for each in listed if isinstance(each, Copy)]


def missing(path: Path) -> list[Missing]:
    """What should be there and is not."""
    return [each for each in layout.copies(path, WANTED) if isinstance(each, Missing)]


def found(path: Path, root: Path | None = None) -> list[str]:
    return [f"{os.path.relpath(copy.path, root or path)}:{copy.package}" for copy in copies(path)]


def only(path: Path) -> Copy:
    (copy,) = copies(path)
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
    alias, confused = copies(tmp_path)
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
        copy, nested = copies(path)
        assert (copy.package, copy.version, nested.package) == ("ws", version, "socket.io")
        assert re.search(words, " / ".join(copy.notes))


def test_a_manifest_that_is_no_file(tmp_path: Path) -> None:
    for name in ("socket.io", "ws", "@scope/thing"):
        (tmp_path / "node_modules" / name).mkdir(parents=True)
    (tmp_path / "node_modules/ws/package.json").mkdir()
    os.mkfifo(tmp_path / "node_modules/@scope/thing/package.json")
    assert {copy.package: copy.notes for copy in copies(tmp_path)} == {
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
    outside = {str(copy.path.relative_to(tmp_path)): copy.outside for copy in copies(tmp_path / "app")}
    assert outside == {
        "app/node_modules/ws": tmp_path / "elsewhere/node_modules/ws",
        "app/node_modules/@scope/thing": tmp_path / "elsewhere/dir/thing",
        "app/node_modules/ws/node_modules/socket.io": tmp_path / "elsewhere/node_modules/ws/node_modules/socket.io",
    }
    assert [copy.outside for copy in copies(tmp_path)] == [None, None, None]
    assert [copy.outside for copy in copies(tmp_path / "elsewhere")] == [None, None]


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
        copies(tmp_path / "gone")
    (tmp_path / "file").write_text("")
    with pytest.raises(NotADirectoryError):
        copies(tmp_path / "file")


def test_what_cannot_be_listed_is_said(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    lay(tmp_path, "node_modules/a/node_modules/ws", "node_modules/ws")
    scandir = os.scandir

    def guarded(path: str) -> object:
        if path.endswith("a/node_modules"):
            raise PermissionError(errno.EACCES, "Permission denied", path)
        return scandir(path)

    monkeypatch.setattr(os, "scandir", guarded)
    errors: list[OSError] = []
    assert [copy.package for copy in copies(tmp_path, errors.append)] == ["ws"]
    assert [error.filename for error in errors] == [str(tmp_path / "node_modules/a/node_modules")]
    with pytest.raises(PermissionError):
        copies(tmp_path)


def link(root: Path, name: str, target: str) -> None:
    """A symlink ``name`` to ``target``, both relative to ``root``."""
    path = root / name
    path.parent.mkdir(parents=True, exist_ok=True)
    path.symlink_to(os.path.relpath(root / target, path.parent))


def touch(root: Path, *names: str, text: str = "") -> None:
    for name in names:
        (root / name).parent.mkdir(parents=True, exist_ok=True)
        (root / name).write_text(text)


def hoisted(root: Path) -> None:
    """npm, yarn with nodeLinker: node-modules."""
    lay(root, ".", name="root", workspaces=["packages/*"])
    lay(root, "packages/a", name="a", dependencies={"ws": "1"})
    lay(root, "node_modules/ws")
    link(root, "node_modules/a", "packages/a")


AGAIN = "Once it is installed, run this again."
DECLARED = {
    "npm": ({"package.json": '{"workspaces": ["a/b/c"]}'}, "a/b/c"),
    "npm, any": ({"package.json": '{"workspaces": ["./a/**"]}'}, "a/b/c/d/e"),
    "yarn 1": ({"package.json": '{"workspaces": {"packages": ["a/{b,x}/*"], "nohoist": []}}'}, "a/b/c"),
    "hidden": ({"package.json": '{"workspaces": [".apps/*"]}'}, ".apps/c"),
    "pnpm": ({"pnpm-workspace.yaml": "packages:\n  - 'a/b/*'\n  - '!x'\n"}, "a/b/c"),
    "pnpm, on one line": ({"pnpm-workspace.yaml": 'packages: ["a/b/*", "x"]\n'}, "a/b/c"),
    "lerna": ({"lerna.json": '{"packages": ["a/b/*"], "version": "1.0.0"}'}, "a/b/c"),
    "rush": ({"rush.json": '{"projects": [{"packageName": "c", "projectFolder": "a/b/c"}]}'}, "a/b/c"),
}


@pytest.mark.parametrize("kind", DECLARED)
def test_workspaces_are_looked_for_where_they_are_declared(tmp_path: Path, kind: str) -> None:
    declared, member = DECLARED[kind]
    for name, text in {"package.json": "{}", **declared}.items():
        touch(tmp_path, name, text=text)
    lay(tmp_path, f"{member}/node_modules/ws", f"{member}/x/y/z/node_modules/socket.io")
    assert f"{member}/node_modules/ws:ws" in found(tmp_path)


def test_undeclared_folders_are_looked_for_two_deep(tmp_path: Path) -> None:
    touch(tmp_path, "package.json", text='{"workspaces": ["a"]}')
    lay(tmp_path, "a/b/node_modules/ws", "a/b/c/node_modules/socket.io", ".hidden/node_modules/ws")
    assert found(tmp_path) == ["a/b/node_modules/ws:ws"]


def stored(store: str) -> Callable[[Path], None]:
    """A store in the root's node_modules, and links to it: pnpm, bun, deno; with the member's own link."""

    def lay_it(root: Path) -> None:
        lay(root, ".", name="root", workspaces=["packages/*"])
        lay(root, "packages/a", name="a", dependencies={"ws": "1"})
        lay(root, f"node_modules/{store}/ws@1.0.0/node_modules/ws")
        link(root, "packages/a/node_modules/ws", f"node_modules/{store}/ws@1.0.0/node_modules/ws")

    return lay_it


def with_yaml(root: Path) -> None:
    """pnpm's own way to say it."""
    stored(".pnpm")(root)
    lay(root, ".", name="root")
    touch(root, "pnpm-workspace.yaml", text="packages: ['packages/*']\n")


def below_a_lockfile(root: Path) -> None:
    """No workspace, but a folder of a project."""
    lay(root, "node_modules/ws")
    lay(root, "packages/a", name="a")
    touch(root, "package-lock.json")


SHARED = {
    "npm": (hoisted, "../../node_modules/ws"),
    "pnpm": (stored(".pnpm"), "node_modules/ws"),
    "pnpm-workspace.yaml": (with_yaml, "node_modules/ws"),
    "bun": (stored(".bun"), "node_modules/ws"),
    "deno": (stored(".deno"), "node_modules/ws"),
    "linked": (stored(".store"), "node_modules/ws"),
    "a lockfile": (below_a_lockfile, "../../node_modules/ws"),
}


@pytest.mark.parametrize("kind", SHARED)
def test_what_the_root_holds_is_found_from_a_member(kind: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    lay_it, path = SHARED[kind]
    lay_it(tmp_path)
    monkeypatch.chdir(tmp_path / "packages/a")
    (copy,) = layout.copies(Path(), WANTED)
    assert isinstance(copy, Copy)
    assert (str(copy.path), copy.package, copy.outside) == (path, "ws", None)
    (there,) = layout.copies(tmp_path / "packages/a", WANTED)
    assert isinstance(there, Copy)
    assert there.path.is_absolute()
    assert there.real == copy.real == os.path.realpath(path)


@pytest.mark.parametrize("store", [".pnpm", ".bun", ".deno", ".store"])
def test_a_store_that_nothing_at_the_top_links_to(store: str, tmp_path: Path) -> None:
    """A dependency's dependency."""
    lay(tmp_path, f"node_modules/{store}/ws@1.0.0/node_modules/ws", f"node_modules/{store}/a@1.0.0/node_modules/a")
    link(tmp_path, "node_modules/a", f"node_modules/{store}/a@1.0.0/node_modules/a")
    assert found(tmp_path) == [f"node_modules/{store}/ws@1.0.0/node_modules/ws:ws"]


@pytest.mark.parametrize("place", ["node_modules/lib", "node_modules/@me/lib", "node_modules/x/node_modules/lib"])
def test_in_a_dependency_that_runs_a_hook_of_its_own(place: str, tmp_path: Path) -> None:
    lay(tmp_path, "node_modules/ws", "node_modules/other/node_modules/socket.io")
    lay(tmp_path, place, dependencies={"ws": "1"}, devDependencies={"socket.io": "0.9"})
    assert {copy.package for copy in copies(tmp_path / place)} == {"ws", "socket.io"}
    assert missing(tmp_path / place) == []


def test_a_copy_named_directly_is_that_copy_alone(tmp_path: Path) -> None:
    hoisted(tmp_path)
    lay(tmp_path, "node_modules/socket.io", dependencies={"ws": "1"})
    assert found(tmp_path / "node_modules/socket.io") == [".:socket.io"]
    assert missing(tmp_path / "node_modules/socket.io") == []


def test_another_project_above_is_left_alone(tmp_path: Path) -> None:
    """What is there is no part of this one: a lockfile of its own ends a project, unless workspaces stand above."""
    lay(tmp_path, "node_modules/ws", "app/node_modules/a")
    touch(tmp_path, "app/package-lock.json", "package-lock.json")
    assert found(tmp_path / "app") == []
    lay(tmp_path, ".", name="root", workspaces=["app"])
    assert found(tmp_path / "app") == ["../node_modules/ws:ws"]


def test_without_a_sign_nothing_above_belongs_to_it(tmp_path: Path) -> None:
    """But what package.json asks for, and Node finds there, is said."""
    lay(tmp_path, "node_modules/ws", "app/node_modules/a")
    assert (found(tmp_path / "app"), missing(tmp_path / "app")) == ([], [])
    lay(tmp_path, "app", name="app", dependencies={"ws": "1"})
    ws = tmp_path / "node_modules/ws"
    note = f"{tmp_path}/app/package.json asks for ws, and Node finds it at {ws}, outside this project. "
    note += f"To patch it, name it: {ws}"
    assert missing(tmp_path / "app") == [Missing(tmp_path / "app", "ws", Reason.OUTSIDE_ROOT, note)]


FIELDS = ("dependencies", "devDependencies", "optionalDependencies", "peerDependencies")


@pytest.mark.parametrize("field", FIELDS)
@pytest.mark.parametrize(
    ("name", "spec", "words"),
    [
        ("ws", "^1.0.0", "ws"),
        ("ws", "npm:ws@1", "ws"),
        ("sockets", "npm:ws@^1.0.0", "ws as sockets"),
        ("@my/thing", "npm:@scope/thing", "@scope/thing as @my/thing"),
    ],
)
def test_what_package_json_asks_for_and_is_not_installed(
    field: str, name: str, spec: str, words: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    lay(tmp_path, ".", name="app", **{field: {name: spec, "other": "npm:ms@1", "odd": 7}})
    monkeypatch.chdir(tmp_path)
    package = words.partition(" as ")[0]
    note = f"package.json asks for {words}, which is not installed: it was not looked at. {AGAIN}"
    assert missing(Path()) == [Missing(Path(), package, None, note)]
    lay(tmp_path, f"node_modules/{name}", name=package)
    assert missing(Path()) == []
    lay(tmp_path, f"node_modules/{name}", name="fork")
    said = f"{tmp_path}/node_modules/{name} is not a copy of it: it was not looked at. Install it, then run this again."
    expected = [] if name == package else [said]
    assert [each.note.partition(", but ")[2] for each in missing(Path())] == expected


def test_a_member_that_asks_in_vain(tmp_path: Path) -> None:
    """Only a workspace's folders are asked: examples and fixtures of a package are nobody's installation."""
    lay(tmp_path, ".", name="root")
    lay(tmp_path, "packages/a", name="a", dependencies={"ws": "1"})
    assert missing(tmp_path) == []
    touch(tmp_path, "pnpm-workspace.yaml")
    assert [each.path for each in missing(tmp_path)] == [tmp_path / "packages/a"]
    lay(tmp_path, "node_modules/ws")
    assert missing(tmp_path) == []


REGISTRY = (
    'const RAW = \'{"packageRegistryData": [["ws", [["npm:1.0.0", {"packageLocation": "%s/node_modules/ws/"}]]]]}'
)
ZIP = "./.yarn/cache/ws-npm-1.0.0-0123456789.zip"
UNPLUGGED = "./.yarn/unplugged/ws-npm-1.0.0-0123456789"


@pytest.mark.parametrize("file", [".pnp.cjs", ".pnp.js", ".pnp.loader.mjs"])
@pytest.mark.parametrize("place", [".", "packages/a"])
def test_plug_and_play(file: str, place: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    lay(tmp_path, ".", name="root", workspaces=["packages/*"])
    lay(tmp_path, "packages/a", name="a", dependencies={"ws": "1"})
    touch(tmp_path, file, text=REGISTRY % ZIP)
    monkeypatch.chdir(tmp_path / place)
    (refused,) = missing(Path())
    assert (refused.package, refused.reason) == ("ws", Reason.UNSUPPORTED_LAYOUT)
    assert refused.note.startswith(f"{os.path.relpath(tmp_path / file)} says that packages are used as archives here")
    assert "yarn unplug -A ws" in refused.note


def test_plug_and_play_whose_list_cannot_be_read(tmp_path: Path) -> None:
    touch(tmp_path, ".pnp.cjs", text="whatever")
    assert {each.package for each in missing(tmp_path)} == WANTED
    lay(tmp_path, "node_modules/ws")
    assert {each.package for each in missing(tmp_path)} == WANTED - {"ws"}


def test_plug_and_play_without_a_wanted_package(tmp_path: Path) -> None:
    touch(tmp_path, ".pnp.cjs", text=(REGISTRY % ZIP).replace("ws", "tap"))
    assert missing(tmp_path) == []
    touch(tmp_path, ".pnp.cjs", text="")
    touch(tmp_path, ".pnp.data.json", text='{"packageRegistryData": []}')
    assert missing(tmp_path) == []


def test_an_unplugged_package_is_looked_into(tmp_path: Path) -> None:
    place = f"{UNPLUGGED.removeprefix('./')}/node_modules/ws"
    lay(tmp_path, place)
    lay(tmp_path, ".", name="app", dependencies={"ws": "1"})
    touch(tmp_path, ".pnp.cjs", text=REGISTRY % UNPLUGGED)
    assert (found(tmp_path), missing(tmp_path)) == ([f"{place}:ws"], [])
    touch(tmp_path, ".pnp.cjs", text=REGISTRY % UNPLUGGED + REGISTRY % ZIP)
    assert found(tmp_path) == [f"{place}:ws"]
    assert [each.package for each in missing(tmp_path)] == ["ws"]
