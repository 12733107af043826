"""A diagnosis as words and as JSON."""

from __future__ import annotations

import dataclasses
import json
from pathlib import Path

import pytest

from sio_patch.heap.diagnosis import Diagnosis, Evidence, Finding, Step
from sio_patch.report.heap_text import diagnosis_text, safe, size
from sio_patch.report.json import diagnosis_json

FINDING = Finding(
    constructor="IncomingMessage",
    property_name="head",
    count=16,
    bytes=16 * (10 << 20),
    share=0.75,
    buffer_bytes=(10 << 20, 10 << 20),
    evidence=Evidence.SLAB,
    also=(),
    path=(
        Step(None, None, "synthetic", "", 1),
        Step("element", "1", "synthetic", "(GC roots)", 3),
        Step("context", "self", "object", "WebSocket", 5),
        Step("property", "req", "object", "IncomingMessage", 7),
        Step("internal", "native", "native", "", 9),
    ),
)
DIAGNOSIS = Diagnosis(Path("app.heapsnapshot"), 1_234_567, 9, 200 << 20, 17, 161 << 20, (FINDING,))
CURES = {"IncomingMessage.head": "req-head-leak"}


def found(**changes: object) -> Diagnosis:
    finding = dataclasses.replace(FINDING, **changes)  # type: ignore[arg-type]
    return dataclasses.replace(DIAGNOSIS, findings=(finding,))


def test_words() -> None:
    assert diagnosis_text(DIAGNOSIS, CURES) == (
        "app.heapsnapshot: 200.0 MiB of heap in 1,234,567 objects, among them 17 large buffers (161.0 MiB).\n"
        "\n"
        "IncomingMessage.head\n"
        "  keeps 16 buffers alive: 160.0 MiB, 75% of the heap (10.0 MiB each).\n"
        "  Slabs of this size are cut into pieces by this process: most likely a piece of each is in use.\n"
        "  Shortest path from a root:\n"
        "    (root)\n"
        "    [1] -> (GC roots) @3\n"
        "    variable self -> WebSocket @5\n"
        "    .req -> IncomingMessage @7\n"
        "    (native) -> (anonymous) @9\n"
        "  Cure: patch req-head-leak. In the project's directory: sio-patch apply -p req-head-leak\n"
    )


def test_one_buffer_of_unknown_use() -> None:
    words = diagnosis_text(found(count=1, share=0.001, evidence=Evidence.HOLDER), {})
    assert "keeps 1 buffer alive: 160.0 MiB, less than 1% of the heap.\n" in words
    assert "compare IncomingMessage.head.length with IncomingMessage.head.buffer.byteLength" in words
    assert "No patch in the catalogue names this retainer." in words


def test_a_second_holder_outlives_the_cure() -> None:
    words = diagnosis_text(found(also=("WebSocket.first",)), CURES)
    assert "They are also kept by WebSocket.first." in words
    assert "The patch alone does not free them" in words
    both = diagnosis_text(found(also=("WebSocket.first",)), {**CURES, "WebSocket.first": "other"})
    assert "Cure: patch other." in both
    assert "does not free" not in both


def test_nothing_found() -> None:
    words = diagnosis_text(dataclasses.replace(DIAGNOSIS, findings=()), CURES)
    assert words.endswith("No large buffer was found that lives only because something small points into it.\n")


def test_json() -> None:
    assert json.loads(diagnosis_json(DIAGNOSIS, CURES)) == {
        "schema": 1,
        "file": "app.heapsnapshot",
        "nodes": 1_234_567,
        "edges": 9,
        "heap_bytes": 200 << 20,
        "buffers": 17,
        "buffer_bytes": 161 << 20,
        "findings": [
            {
                "retainer": "IncomingMessage.head",
                "constructor": "IncomingMessage",
                "property": "head",
                "count": 16,
                "bytes": 160 << 20,
                "share": 0.75,
                "buffer_bytes": {"min": 10 << 20, "max": 10 << 20},
                "evidence": "slab",
                "also": [],
                "path": [
                    {"edge_type": None, "edge": None, "type": "synthetic", "name": "", "id": 1},
                    {"edge_type": "element", "edge": "1", "type": "synthetic", "name": "(GC roots)", "id": 3},
                    {"edge_type": "context", "edge": "self", "type": "object", "name": "WebSocket", "id": 5},
                    {"edge_type": "property", "edge": "req", "type": "object", "name": "IncomingMessage", "id": 7},
                    {"edge_type": "internal", "edge": "native", "type": "native", "name": "", "id": 9},
                ],
                "patch": "req-head-leak",
                "command": "sio-patch apply -p req-head-leak",
            }
        ],
    }


@pytest.mark.parametrize(
    ("count", "words"),
    [
        (0, "0 bytes"),
        (1023, "1023 bytes"),
        (1024, "1.0 KiB"),
        (10 << 20, "10.0 MiB"),
        (3 << 30, "3.0 GiB"),
        (5 << 50, "5242880.0 GiB"),
    ],
)
def test_sizes(count: int, words: str) -> None:
    assert size(count) == words


@pytest.mark.parametrize(
    ("name", "shown"),
    [
        ("head", "head"),
        ("naïve 😀", "naïve 😀"),
        ("\x1b[31m", r"\x1b[31m"),
        ("a\nb", r"a\nb"),
        ("\u202e", r"\u202e"),
        ("\ud800", r"\ud800"),
        ("x" * 61, "x" * 60 + "..."),
    ],
)
def test_names_are_harmless(name: str, shown: str) -> None:
    assert safe(name) == shown
