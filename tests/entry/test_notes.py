"""What the note on a result says of the Node that the project asks for."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from support.program import sio_patch
from support.trees import lay

UNREAD = "nothing reads the setting, for the 10 MiB stand in Node's source"
HELPS = "is a patch of the code that keeps the slice: req-head-leak for Socket.IO."
FULL = "effective on Node >=0.10.0 <0.11.0"
PART = "effective in part on Node >=0.11.0 <10.0.0"
TABLE = f"E{FULL[1:]}, {PART}, without effect on others."
UNKNOWN = "Whether it has an effect is unknown:"

NOTES = {
    "0.10.48": "Effective on Node 0.10.48 (--node): slabs get the size that is set.",
    "~0.10.20": "Effective on Node ~0.10.20 (--node): slabs get the size that is set.",
    "0.8.21": f"Without effect on Node 0.8.21 (--node): {UNREAD}. What helps there {HELPS}",
    "0.8.6": "Without effect on Node 0.8.6 (--node): nothing reads the setting, and TLS slabs are 64 KiB anyway.",
    "0.8.x": (
        "Without effect on Node 0.8.x (--node): on <0.8.10 nothing reads the setting, and TLS slabs are 64 KiB anyway; "
        f"on >=0.8.10 <0.10.0 {UNREAD}. What helps on Node >=0.8.10 <0.10.0 {HELPS}"
    ),
    "0.12": (
        "Effective in part on Node 0.12 (--node): only what comes through tls.createSecurePair is cut from slabs; "
        "HTTPS is not."
    ),
    "18": "Without effect on Node 18 (--node): there are no TLS slabs.",
    "0.8 || 0.10": (
        f"Node 0.8 || 0.10 (--node) is more than one: {FULL}, without effect on others. What helps on Node "
        f">=0.8.10 <0.10.0 {HELPS} Say which it is with --node."
    ),
    ">=0.10": (
        f"Node >=0.10 (--node) is more than one: {FULL}, {PART}, without effect on others. Say which it is with --node."
    ),
    "*": (
        f"Node * (--node) is more than one: {FULL}, {PART}, without effect on others. What helps on Node "
        f">=0.8.10 <0.10.0 {HELPS} Say which it is with --node."
    ),
    "lts/*": f"{UNKNOWN} --node says lts/*, a name for releases that change, not a range of them. {TABLE}",
    "old": f"{UNKNOWN} --node says 'old', which is not a Node version or npm range. {TABLE}",
    ">0.10.48 <0.11.0": f"{UNKNOWN} Node >0.10.48 <0.11.0 (--node) is no release that is known here. {TABLE}",
}


def note(folder: Path, *arguments: str) -> str | None:
    (folder / "app.js").write_text("go();\n")
    run = sio_patch("status", "-p", "tls-slab-size", *arguments, "--json", "app.js", cwd=folder)
    assert run.exit == 0, run.words
    return run.row.note


@pytest.mark.parametrize("asked", NOTES)
def test_the_effect(asked: str, tmp_path: Path) -> None:
    assert note(tmp_path, "--node", asked) == NOTES[asked]


@pytest.mark.parametrize("asked", NOTES)
def test_no_note_is_a_page(asked: str) -> None:
    assert len(NOTES[asked]) < 320


def test_where_nothing_is_said(tmp_path: Path) -> None:
    nowhere = "nothing says which Node runs this (--node, .nvmrc, .node-version, volta.node, engines.node)"
    assert note(tmp_path) == f"{UNKNOWN} {nowhere}. {TABLE}"


def test_the_first_that_says_it_is_believed(tmp_path: Path) -> None:
    """Each one is taken away in turn, and the next one speaks."""
    manifest = {"volta": {"node": "0.10.3"}, "engines": {"node": "0.10.4"}}
    lay(tmp_path, {".nvmrc": "v0.10.1\n", ".node-version": "0.10.2\n", "package.json": json.dumps(manifest)})

    def said(*arguments: str) -> str:
        return (note(tmp_path, *arguments) or "").partition(":")[0]

    assert said("--node", "0.10.0") == "Effective on Node 0.10.0 (--node)"
    assert said() == "Effective on Node v0.10.1 (.nvmrc)"
    (tmp_path / ".nvmrc").unlink()
    assert said() == "Effective on Node 0.10.2 (.node-version)"
    (tmp_path / ".node-version").unlink()
    assert said() == "Effective on Node 0.10.3 (volta.node in package.json)"
    del manifest["volta"]
    (tmp_path / "package.json").write_text(json.dumps(manifest))
    assert said() == "Effective on Node 0.10.4 (engines.node in package.json)"


def test_a_file_deep_in_a_project_is_of_that_project(tmp_path: Path) -> None:
    lay(tmp_path, {"package.json": json.dumps({"engines": {"node": "0.10"}}), "lib/web/a.txt": ""})
    assert (
        note(tmp_path / "lib/web")
        == "Effective on Node 0.10 (engines.node in package.json): slabs get the size that is set."
    )
