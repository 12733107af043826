"""What is said of a file is a sentence, and names are spelt as they are."""

from __future__ import annotations

from pathlib import Path

import pytest

from sio_patch.npm.registry import NpmError
from sio_patch.project.receipt import ReceiptError
from sio_patch.run.finding import sentence
from support.world import CURED, FILE, World


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("version 1.2 is outside", "Version 1.2 is outside."),
        ("there, it ends.", "There, it ends."),
        ("done!", "Done!"),
        ("package.json begins with a byte order mark", "package.json begins with a byte order mark."),
        ("lib/pump.js is gone", "lib/pump.js is gone."),
        ("sio-patch was here", "sio-patch was here."),
        ("node_modules is a link", "node_modules is a link."),
        ("'1.x' in package.json is none", "'1.x' in package.json is none."),
        ("`a` is there", "`a` is there."),
        ("no", "No."),
    ],
)
def test_sentences(text: str, said: str) -> None:
    assert sentence(text) == said


def test_an_odd_manifest_in_a_report(world: World) -> None:
    copy = world.install(CURED)
    manifest = (copy / "package.json").read_bytes()
    (copy / "package.json").write_bytes(b"\xef\xbb\xbf" + manifest)
    row = world.run("status", "--json", "-v").row
    assert (row.file, row.note) == (FILE, "package.json begins with a byte order mark.")


def test_a_receipt_by_another_program() -> None:
    error = ReceiptError(Path("a/.sio-patch.json"), "schema", "another version of sio-patch wrote it")
    assert str(error).startswith("a/.sio-patch.json is not a receipt to rely on: schema: another version of sio-patch ")


def test_what_npm_says_ends_with_one_stop() -> None:
    error = NpmError("npm view pump", "ETARGET", "No matching version found for pump@0.9.99.")
    assert f"{error}." == "npm view pump: npm says ETARGET: No matching version found for pump@0.9.99."
