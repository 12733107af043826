"""The table in the patch's document, measured anew: the patched program itself, on real Node releases."""

from __future__ import annotations

import json
import re
import subprocess
from pathlib import Path

import pytest

from entry.nodes import PACKAGE, node
from sio_patch.documents.catalogue import Catalogue
from sio_patch.npm.ranges import covers
from support.ground import executable
from support.pins import pins
from support.program import sio_patch

DOCUMENT = Catalogue.shipped().find("tls-slab-size")
PROGRAM = Path(__file__).with_name("slab.js")
TIMEOUT_S = 60

KIB = 1024
BIG, OLD, SET, BYTE = 10 * KIB * KIB, 64 * KIB, 100 * KIB, 1

# What one received byte holds, by tls.createServer and by tls.createSecurePair: as it is, and with the patch.
MEASURED = {
    "0.8.6": ((OLD, OLD), (OLD, OLD)),
    "0.8.9": ((OLD, OLD), (OLD, OLD)),
    "0.8.10": ((BIG, BIG), (BIG, BIG)),
    "0.8.21": ((BIG, BIG), (BIG, BIG)),
    "0.8.28": ((BIG, BIG), (BIG, BIG)),
    "0.10.0": ((BIG, BIG), (SET, SET)),
    "0.10.48": ((BIG, BIG), (SET, SET)),
    "0.11.14": ((BYTE, BIG), (BYTE, SET)),
    "0.12.0": ((BYTE, BIG), (BYTE, SET)),
    "0.12.18": ((BYTE, BIG), (BYTE, SET)),
    "4.9.1": ((BYTE, BIG), (BYTE, SET)),
    "9.0.0": ((BYTE, BIG), (BYTE, SET)),
    "10.0.0": ((BYTE, BYTE), (BYTE, BYTE)),
}

Held = tuple[int, int]


@pytest.fixture(scope="module")
def programs(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The measuring program as it is and, by `apply`, with the patch; a key and a certificate made just now."""
    folder = tmp_path_factory.mktemp("slab")
    for name in ("plain.js", "patched.js"):
        (folder / name).write_bytes(PROGRAM.read_bytes())
    assert sio_patch("apply", "-p", DOCUMENT.id, "patched.js", cwd=folder).exit == 0
    new_key = ("req", "-x509", "-newkey", "rsa:2048", "-nodes", "-sha256", "-days", "2", "-subj", "/CN=localhost")
    files = ("-keyout", "key.pem", "-out", "cert.pem")
    subprocess.run([executable("openssl"), *new_key, *files], cwd=folder, capture_output=True, check=True)
    return folder


def held(runtime: str | Path, program: str, folder: Path) -> Held:
    """The bytes that one received byte holds, by server and by pair."""
    command = [runtime, program, "key.pem", "cert.pem"]
    ran = subprocess.run(command, cwd=folder, capture_output=True, timeout=TIMEOUT_S, check=False)
    assert ran.returncode == 0, ran.stderr.decode("utf-8", "replace")
    found = json.loads(ran.stdout)
    return found["server"], found["pair"]


def effect(before: Held, after: Held) -> str:
    """What the document calls such a change."""
    changed = [one != other for one, other in zip(before, after, strict=True)]
    return "full" if all(changed) else "part" if any(changed) else "none"


def test_every_pinned_release_is_in_the_table() -> None:
    assert list(MEASURED) == [pin.version for pin in pins(PACKAGE)]


@pytest.mark.parametrize("version", MEASURED)
def test_a_release(version: str, programs: Path) -> None:
    runtime = node(version)
    said = subprocess.run([runtime, "--version"], capture_output=True, text=True, check=True).stdout.strip()
    assert said == f"v{version}"
    found = held(runtime, "plain.js", programs), held(runtime, "patched.js", programs)
    assert found == MEASURED[version]
    assert [effect(*found)] == [row.effect for row in DOCUMENT.runtimes if covers(row.node, version)]


def test_the_node_of_today(programs: Path) -> None:
    runtime = executable("node")
    assert effect(held(runtime, "plain.js", programs), held(runtime, "patched.js", programs)) == "none"


def test_the_table_for_people_says_the_same() -> None:
    """Each release stands in one row of the document's first table, with its sizes in words."""
    words = {BIG: "10 MiB", OLD: "64 KiB", SET: "**100 KiB**", BYTE: "the byte itself"}
    rows = re.findall(
        r"^\| (\d.*?) \| (.*?) \| (.*?) \|$", DOCUMENT.page.text.partition("\nMeasured ")[0], re.MULTILINE
    )
    assert len(rows) == 5
    for version, (before, after) in MEASURED.items():
        (row,) = (row for row in rows if stands_in(version, row[0]))
        for cell, sizes in zip(row[1:], (before, after), strict=True):
            size = words[sizes[0]] if len(set(sizes)) == 1 else None
            pair = f"the byte itself; {words[sizes[1]]} behind"
            if effect(before, after) == "none" and cell == row[2]:
                assert cell.endswith("no effect")
                assert cell.startswith((f"{size}, ", "no effect"))
            else:
                assert cell == size if size else cell.startswith(pair)


def stands_in(version: str, cell: str) -> bool:
    """Whether a cell such as `0.8.6 to 0.8.9`, `0.11.14, 0.12, 4` or `10 and later` means the version."""
    number = numbers(version)
    if cell.endswith(" and later"):
        return number >= numbers(cell.removesuffix(" and later"))
    first, to, last = cell.partition(" to ")
    if to:
        return numbers(first) <= number <= numbers(last)
    return any(number[: len(numbers(item))] == numbers(item) for item in cell.split(", "))


def numbers(version: str) -> tuple[int, ...]:
    return tuple(map(int, version.split(".")))


def test_the_table_for_machines_has_no_gap() -> None:
    for version in MEASURED:
        assert sum(bool(covers(row.node, version)) for row in DOCUMENT.runtimes) == 1
