"""Which file of a project it is, and on which Node: the command line on whole projects, and the words that it says."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from support.manager import published
from support.program import Finished, sio_patch
from support.trees import RECEIPT, lay, package, state

ID = "tls-slab-size"
LINE = "require('tls').SLAB_BUFFER_SIZE = 100 * 1024;\n"
CODE = "go();\n"
NAME_IT = f"Name the file that node runs: `sio-patch apply -p {ID} FILE`."
ON_010 = "Effective on Node 0.10 (--node): slabs get the size that is set."


def project(root: Path, manifest: object, *files: str) -> Path:
    """A project whose files all do the same."""
    lay(root, {} if manifest is None else {"package.json": json.dumps(manifest)})
    return lay(root, dict.fromkeys(files, CODE))


def apply(root: Path, *arguments: str, node: str = "0.10") -> Finished:
    return sio_patch("apply", "-p", ID, "--node", node, *arguments, "--json", cwd=root)


ENTRIES = {
    "start script": (
        {"scripts": {"start": "node web.js"}, "main": "lib/main"},
        "web.js is the entry, by scripts.start in package.json.",
    ),
    "start script with options and a chain": (
        {"scripts": {"start": "make assets && NODE_ENV=production node --expose-gc ./web --port 80"}},
        "web.js is the entry, by scripts.start in package.json.",
    ),
    "start script by way of another": (
        {"scripts": {"start": "npm run web", "web": "node web.js"}},
        "web.js is the entry, by scripts.start in package.json, by way of scripts.web.",
    ),
    "main": (
        {"main": "lib/main"},
        "lib/main.js is the entry, by main in package.json (npm start would run server.js, which is there too).",
    ),
    "server.js": ({}, "server.js is the entry, by its name."),
    "main that is not there": (
        {"main": "index.js"},
        "server.js is the entry, by its name (main in package.json names index.js, which is not there).",
    ),
    "without a package.json": (None, "server.js is the entry, by its name (package.json is missing)."),
}


@pytest.mark.parametrize("case", ENTRIES)
def test_an_entry(case: str, tmp_path: Path) -> None:
    """There and back; all else stays as it is."""
    manifest, words = ENTRIES[case]
    project(tmp_path, manifest, "web.js", "server.js", "app.js", "lib/main.js")
    before = state(tmp_path)
    run = apply(tmp_path)
    row = run.row
    assert (run.exit, row.verdict, row.path, row.file) == (0, "patched", ".", words.partition(" ")[0])
    assert row.note == f"{words} {ON_010}"
    assert state(tmp_path) == {**before, str(row.file): (LINE + CODE).encode()}
    again = apply(tmp_path).row
    assert (again.verdict, again.note) == ("applied", f"Size is 100 KiB. {row.note}")
    assert sio_patch("revert", "-p", ID, cwd=tmp_path).exit == 0
    assert state(tmp_path) == before


@pytest.mark.parametrize("files", [("app.js", "index.js"), ("index.js",)])
def test_the_usual_names_in_order(files: tuple[str, ...], tmp_path: Path) -> None:
    project(tmp_path, {}, *files)
    assert apply(tmp_path).row.note == f"{files[0]} is the entry, by its name. {ON_010}"


def test_the_only_bin(tmp_path: Path) -> None:
    project(tmp_path, {"bin": {"chat": "./bin/chat"}}, "bin/chat")
    assert apply(tmp_path).row.note == f"bin/chat is the entry, by bin in package.json. {ON_010}"


def test_a_named_file_is_what_is_meant(tmp_path: Path) -> None:
    """Whatever starts the project; and nothing need be said of which rule decided."""
    project(tmp_path, {"scripts": {"start": "sh run.sh"}}, "other.js")
    row = apply(tmp_path, "other.js").row
    assert (row.verdict, row.note) == ("patched", ON_010)


REFUSED = {
    "several bins": (
        {"bin": {"a": "a.js", "b": "b.js"}},
        "unsupported-layout",
        f"There is no start script and no main, and bin in package.json names 2 programs: a.js, b.js. {NAME_IT}",
    ),
    "no entry": (
        {"main": "gone.js"},
        "missing-file",
        "No entry was found in this directory: no start script, no main, no server.js, app.js or index.js; main in "
        f"package.json names gone.js, which is not there. {NAME_IT}",
    ),
    "outside": (
        {"scripts": {"start": "node ../up.js"}},
        "outside-root",
        "By scripts.start in package.json the entry would be ../up.js, outside the project; nothing there is changed. "
        + NAME_IT,
    ),
    "not understood": (
        {"scripts": {"start": "node a.js | bunyan"}},
        "unsupported-layout",
        'The script start in package.json is "node a.js | bunyan": it holds a pipe `|`, which is not followed. '
        f"If node runs a.js in the end, name it: `sio-patch apply -p {ID} a.js`.",
    ),
    "CoffeeScript": (
        {"main": "c.coffee"},
        "unsupported-layout",
        "By main in package.json the entry would be c.coffee, which is CoffeeScript; only JavaScript is changed here. "
        "Add the line by hand, before any other, and compile again where node runs the compiled file. "
        "The line: require('tls').SLAB_BUFFER_SIZE = 100 * 1024",
    ),
    "ES module": (
        {"main": "e.mjs"},
        "unsupported-layout",
        "By main in package.json the entry would be e.mjs, an ES module (its name ends in .mjs), and no Node that has "
        f"this setting runs one. If the program starts with another file, name that: `sio-patch apply -p {ID} FILE`.",
    ),
    "ES module by type": (
        {"main": "a.js", "type": "module"},
        "unsupported-layout",
        'By main in package.json the entry would be a.js, an ES module (package.json says "type": "module"), and no '
        "Node that has this setting runs one. If the program starts with another file, name that: "
        f"`sio-patch apply -p {ID} FILE`.",
    ),
}


@pytest.mark.parametrize("case", REFUSED)
def test_a_refusal(case: str, tmp_path: Path) -> None:
    manifest, reason, note = REFUSED[case]
    (tmp_path / "up.js").write_text(CODE)
    root = project(tmp_path / "app", manifest, "a.js", "b.js", "c.coffee", "e.mjs")
    before = state(tmp_path)
    run = apply(root)
    assert (run.exit, run.row.verdict, run.row.reason, run.row.note) == (3, "refused", reason, note)
    assert state(tmp_path) == before


@pytest.mark.parametrize(
    ("file", "text"),
    [("c.coffee", "go()\n"), ("e.mjs", CODE), ("e.js", "import 'tls';\n"), ("t.ts", CODE), ("bad.js", "go(;\n")],
)
def test_a_named_file_that_will_not_do(file: str, text: str, tmp_path: Path) -> None:
    lay(tmp_path, {file: text})
    run = apply(tmp_path, file)
    assert (run.exit, run.row.file, run.row.verdict) == (3, file, "refused")
    assert (tmp_path / file).read_text() == text


def test_the_line_for_coffeescript_has_the_size_that_was_asked_for(tmp_path: Path) -> None:
    lay(tmp_path, {"app.coffee": "go()\n"})
    note = apply(tmp_path, "--set", "size=64k", "app.coffee").row.note
    assert note is not None
    assert note.endswith("The line: require('tls').SLAB_BUFFER_SIZE = 64 * 1024")


def test_a_project_named_with_its_entry_is_one_place(tmp_path: Path) -> None:
    project(tmp_path, {}, "app.js")
    run = apply(tmp_path, ".", "app.js", "../" + tmp_path.name)
    assert [row.verdict for row in run.rows] == ["patched"]
    assert (tmp_path / "app.js").read_text() == LINE + CODE


def test_nobody_gets_it_unasked(tmp_path: Path) -> None:
    project(tmp_path, {}, "app.js")
    for command in (("apply",), ("apply", "-p", "req-head-leak"), ("status",), ("diff",)):
        assert sio_patch(*command, cwd=tmp_path).exit == 0
    assert (tmp_path / "app.js").read_text() == CODE


def test_together_with_the_patch_of_a_package(tmp_path: Path) -> None:
    """Both cures in one run: the copy gets a receipt, the entry does not; and back."""
    project(tmp_path, {"engines": {"node": "0.10.x"}}, "app.js")
    package(tmp_path / "node_modules/socket.io", {"lib/manager.js": published()})
    before = state(tmp_path)
    both = ("-p", ID, "-p", "req-head-leak", "--json")
    run = sio_patch("apply", *both, cwd=tmp_path)
    found = [(row.patch, row.package, row.path, row.file, row.verdict) for row in run.rows]
    assert found == [
        ("req-head-leak", "socket.io", "node_modules/socket.io", "lib/manager.js", "patched"),
        (ID, None, ".", "app.js", "patched"),
    ]
    after = state(tmp_path)
    assert set(after) - set(before) == {f"node_modules/socket.io/{RECEIPT}"}
    assert after["app.js"] == (LINE + CODE).encode()
    assert {row.verdict for row in sio_patch("apply", *both, cwd=tmp_path).rows} == {"applied"}
    assert {row.verdict for row in sio_patch("revert", *both, cwd=tmp_path).rows} == {"reverted"}
    assert state(tmp_path) == before


def test_a_refused_entry_does_not_stop_the_package(tmp_path: Path) -> None:
    project(tmp_path, {"main": "app.mjs"}, "app.mjs")
    copy = package(tmp_path / "node_modules/socket.io", {"lib/manager.js": published()})
    run = sio_patch("apply", "-p", ID, "-p", "req-head-leak", "--json", cwd=tmp_path)
    assert (run.exit, [row.verdict for row in run.rows]) == (3, ["patched", "refused"])
    assert (copy / RECEIPT).exists()
