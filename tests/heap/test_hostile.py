"""Files that are no snapshot, or not a whole one, or mean harm: a SnapshotError that says where and what, and soon."""

from __future__ import annotations

import contextlib
import json
import os
import resource
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from heap.builder import Heap
from sio_patch.heap.diagnosis import diagnose
from sio_patch.heap.errors import SnapshotError
from sio_patch.report.heap_text import diagnosis_text
from sio_patch.report.json import diagnosis_json

Document = dict[str, Any]
GIGA = 10**9


def sound(*, legacy: bool = False) -> Heap:
    heap = Heap(legacy)
    heap.edge(heap.kept("IncomingMessage"), "head", heap.view())
    return heap


def refused(data: bytes, folder: Path) -> SnapshotError:
    path = folder / "made.heapsnapshot"
    path.write_bytes(data)
    start = time.process_time()
    with pytest.raises(SnapshotError) as caught:
        diagnose(path)
    assert time.process_time() - start < 5
    error = caught.value
    assert error.path == path
    assert error.section
    assert error.expected
    assert error.found
    assert error.hint
    message = str(error)
    assert message.isprintable()
    assert len(message) < 1_000
    assert str(path) in message
    return error


SOUND = sound().data()
FOREIGN = {
    "empty": (b"", "file", "an empty file"),
    "blank": (b"   \n\n ", "file", "{"),
    "text": (b"rss: 123\n", "file", "{"),
    "list": (b"[1, 2, 3]", "file", "{"),
    "gzip": (b"\x1f\x8b\x08\x00\x00", "file", "gzip"),
    "zip": (b"PK\x03\x04....", "file", "zip"),
    "utf-16": ("{}".encode("utf-16"), "file", "UTF-16"),
    "package.json": (b'{"name": "x", "version": "1.0.0"}', "top level", "snapshot"),
    "CPU profile": (b'{"nodes":[{"id":1}],"startTime":1}', "top level", "snapshot"),
    "empty object": (b"{}", "top level", "name of a section"),
    "Node 0.6": (b'{"snapshot":{"title":"","uid":1},"nodes":[{"fields":[]}]}', "snapshot", "meta"),
    "snapshot is a list": (b'{"snapshot":[],"nodes":[]}', "snapshot", "an object"),
    "snapshot is a number": (b'{"snapshot":NaN}', "snapshot", "NaN"),
    "control characters": (b'{"\x1b[31msnap":1}', "top level", "snap"),
    "long key": (b'{"' + b"x" * 10_000 + b'":1}', "top level", "section"),
}


@pytest.mark.parametrize("name", FOREIGN)
def test_foreign(name: str, tmp_path: Path) -> None:
    data, section, word = FOREIGN[name]
    error = refused(data, tmp_path)
    assert error.section == section
    assert word in str(error)


def meta(key: str, value: object) -> Callable[[Document], None]:
    return lambda document: document["snapshot"]["meta"].update({key: value})


def header(key: str, value: object) -> Callable[[Document], None]:
    return lambda document: document["snapshot"].update({key: value})


def number(section: str, place: int, value: object) -> Callable[[Document], None]:
    def spoil(document: Document) -> None:
        document[section][place] = value

    return spoil


def drop(section: str) -> Callable[[Document], None]:
    return lambda document: document.pop(section)


def last_off(section: str) -> Callable[[Document], None]:
    return lambda document: document[section].pop()


def records_off(section: str, width: int) -> Callable[[Document], None]:
    def spoil(document: Document) -> None:
        del document[section][-width:]

    return spoil


def edges_first(document: Document) -> None:
    document["nodes"] = document.pop("nodes")
    document["strings"] = document.pop("strings")


def strings_before_locations(document: Document) -> None:
    document["locations"] = document.pop("locations")


SPOILT: dict[str, tuple[Callable[[Document], object], str]] = {
    "fields missing": (meta("node_fields", ["type"]), "snapshot"),
    "fields twice": (meta("node_fields", ["type", "name", "id", "self_size", "edge_count", "type"]), "snapshot"),
    "fields of numbers": (meta("node_fields", [1, 2, 3]), "snapshot"),
    "too many fields": (meta("node_fields", [f"f{i}" for i in range(1000)]), "snapshot"),
    "no types": (meta("node_types", []), "snapshot"),
    "types not listed": (meta("edge_types", ["string"]), "snapshot"),
    "meta a list": (header("meta", []), "snapshot"),
    "count of nodes huge": (header("node_count", 10**15), "nodes"),
    "count of nodes absurd": (header("node_count", 10**4000), "snapshot"),
    "count of edges huge": (header("edge_count", GIGA), "edges"),
    "count negative": (header("node_count", -1), "snapshot"),
    "count a float": (header("node_count", 1e300), "snapshot"),
    "count NaN": (header("node_count", float("nan")), "snapshot"),
    "count true": (header("node_count", True), "snapshot"),
    "node type out of range": (number("nodes", 0, 200), "nodes"),
    "node type too large": (number("nodes", 0, 256), "nodes"),
    "node name out of range": (number("nodes", 1, GIGA), "nodes"),
    "node id too large": (number("nodes", 2, 1 << 64), "nodes"),
    "edge count huge": (number("nodes", 4, GIGA), "edges"),
    "edge count too large": (number("nodes", 4, 1 << 40), "nodes"),
    "edge count sum too large": (number("nodes", 4, (1 << 32) - 1), "nodes"),
    "node negative": (number("nodes", 3, -5), "nodes"),
    "node a float": (number("nodes", 3, 1.5), "nodes"),
    "node NaN": (number("nodes", 3, float("nan")), "nodes"),
    "node infinite": (number("nodes", 3, float("inf")), "nodes"),
    "node null": (number("nodes", 3, None), "nodes"),
    "node a string": (number("nodes", 3, "5"), "nodes"),
    "node a list": (number("nodes", 3, [[[]]]), "nodes"),
    "node of many digits": (number("nodes", 3, 10**4299), "nodes"),
    "edge type out of range": (number("edges", 0, 200), "edges"),
    "edge type too large": (number("edges", 0, 1000), "edges"),
    "edge name out of range": (number("edges", -2, GIGA), "edges"),
    "edge name too large": (number("edges", -2, 1 << 33), "edges"),
    "edge target out of range": (number("edges", 2, GIGA), "edges"),
    "edge target between nodes": (number("edges", 2, 8), "edges"),
    "edge target negative": (number("edges", 2, -7), "edges"),
    "node record cut": (last_off("nodes"), "nodes"),
    "edge record cut": (last_off("edges"), "edges"),
    "a node less": (records_off("nodes", 7), "nodes"),
    "an edge less": (records_off("edges", 3), "edges"),
    "a string less": (last_off("strings"), "nodes"),
    "no snapshot": (drop("snapshot"), "top level"),
    "no nodes": (drop("nodes"), "top level"),
    "no edges": (drop("edges"), "top level"),
    "no strings": (drop("strings"), "top level"),
    "edges before nodes": (edges_first, "top level"),
    "strings not last": (strings_before_locations, "top level"),
    "string a number": (number("strings", 1, 5), "strings"),
    "string a deep list": (number("strings", 1, [[["x"]]]), "strings"),
    "empty nodes": (lambda document: document["nodes"].clear(), "nodes"),
    "empty edges": (lambda document: document["edges"].clear(), "edges"),
    "empty strings": (lambda document: document["strings"].clear(), "nodes"),
    "trace tree a number": (lambda document: document.update(trace_tree=5), "trace_tree"),
}


@pytest.mark.parametrize("name", SPOILT)
def test_spoilt(name: str, tmp_path: Path) -> None:
    spoil, section = SPOILT[name]
    document = sound().document()
    spoil(document)
    assert refused(json.dumps(document).encode(), tmp_path).section == section


def patched(old: bytes, new: bytes) -> bytes:
    assert SOUND.count(old) >= 1
    return SOUND.replace(old, new, 1)


BYTES: dict[str, tuple[bytes, str]] = {
    "a second nodes": (patched(b'"edges":', b'"nodes": [], "edges":'), "nodes"),
    "a second snapshot": (patched(b'"nodes":', b'"snapshot": {}, "nodes":'), "snapshot"),
    "a key twice in the header": (patched(b'"node_count"', b'"node_count": 1, "node_count"'), "snapshot"),
    "numbers with underscores": (patched(b'"nodes": [9', b'"nodes": [9_0'), "nodes"),
    "numbers with a sign": (patched(b'"nodes": [9', b'"nodes": [+9'), "nodes"),
    "numbers without a comma": (patched(b'"nodes": [9,', b'"nodes": [9 '), "nodes"),
    "two commas": (patched(b'"nodes": [9,', b'"nodes": [9,,'), "nodes"),
    "comma first": (patched(b'"nodes": [9', b'"nodes": [,9'), "nodes"),
    "comma last": (patched(b'], "edges"', b',], "edges"'), "nodes"),
    "a NUL": (patched(b'"nodes": [9', b'"nodes": [\0009'), "nodes"),
    "wide digits": (patched(b'"nodes": [9', '"nodes": [９'.encode()), "nodes"),
    "a megabyte of digits": (patched(b'"nodes": [9', b'"nodes": [' + b"9" * 3_000_000), "nodes"),
    "deep nesting in a section": (patched(b'"trace_tree": []', b'"trace_tree": ' + b"[" * 2_000_000), "trace_tree"),
    "deep nesting in the header": (b'{"snapshot":' + b'{"a":' * 150_000, "snapshot"),
    "deep nesting in the strings": (SOUND[: SOUND.index(b'"strings": [')] + b'"strings": ' + b"[" * 99_999, "strings"),
    "a long header": (b'{"snapshot":{"title":"' + b"x" * 3_000_000 + b'"}}', "snapshot"),
    "not UTF-8": (patched(b'"Server"', b'"Ser\xffver"'), "strings"),
    "a lone surrogate in UTF-8": (patched(b'"Server"', b'"Ser\xed\xa0\x80ver"'), "strings"),
    "a newline in a string": (patched(b'"Server"', b'"Ser\nver"'), "strings"),
    "a wrong escape": (patched(b'"Server"', b'"Ser\\xver"'), "strings"),
    "a comma after the last string": (SOUND[:-2] + b",]}", "strings"),
    "no comma between strings": (patched(b'"Server", ', b'"Server" '), "strings"),
    "more after the end": (SOUND + b"{}", "top level"),
    "twice": (SOUND + SOUND, "top level"),
}


@pytest.mark.parametrize("name", BYTES)
def test_spoilt_bytes(name: str, tmp_path: Path) -> None:
    data, section = BYTES[name]
    error = refused(data, tmp_path)
    assert error.section == section
    assert error.offset is not None
    assert 0 <= error.offset <= len(data)


def test_the_offset_is_where_it_is_wrong(tmp_path: Path) -> None:
    place = SOUND.index(b'"nodes": [9') + len(b'"nodes": [')
    assert refused(SOUND[:place] + b"x" + SOUND[place:], tmp_path).offset == place
    place = SOUND.index(b"Server")
    assert refused(SOUND[:place] + b"\xff" + SOUND[place:], tmp_path).offset == place


@pytest.mark.parametrize("legacy", [True, False], ids=["0.8", "today"])
def test_cut_short_anywhere(legacy: bool, tmp_path: Path) -> None:
    """Each length of the file but the whole is an error that says that it is cut short, not that it is damaged."""
    heap = sound(legacy=legacy)
    heap.kept('é 😀 \\ " \ud800')
    ways = [heap.data()]
    if not legacy:
        heap.kept("é 😀")
        ways.append(json.dumps(heap.document(), ensure_ascii=False).encode("utf-8", "replace"))
    for data in ways:
        for size in range(1, len(data)):
            assert refused(data[:size], tmp_path).found == "the end of the file"


def accepted(data: bytes, folder: Path) -> str:
    path = folder / "made.heapsnapshot"
    path.write_bytes(data)
    diagnosis = diagnose(path)
    words = diagnosis_text(diagnosis, {})
    assert diagnosis_json(diagnosis, {}).isascii()
    words.encode()
    return words


ODD_NAMES = ["\ud800 lone", "\x1b[31mred", "a\nb", "\u202egnp", "\\", '"', "é 😀", "", "x" * 5_000, "\0", "[[{"]


@pytest.mark.parametrize("escaped", [True, False])
@pytest.mark.parametrize("name", ODD_NAMES, ids=range(len(ODD_NAMES)))
def test_odd_names_are_read_and_shown_harmlessly(name: str, escaped: bool, tmp_path: Path) -> None:
    heap = Heap()
    heap.edge(heap.kept(name), name, heap.view())
    document = json.dumps(heap.document(), ensure_ascii=escaped)
    if not escaped and "\ud800" in name:
        return  # there is no such file: a lone surrogate is no UTF-8
    words = accepted(document.encode(), tmp_path)
    assert all(line.isprintable() for line in words.split("\n"))
    assert max(map(len, words.split("\n"))) < 1_000


LAYOUTS: dict[str, Callable[[Document], bytes]] = {
    "as V8 writes it": lambda document: json.dumps(document).replace('", "', '",\n"').encode(),
    "no white space": lambda document: json.dumps(document, separators=(",", ":")).encode(),
    "indented": lambda document: json.dumps(document, indent=2).encode(),
    "CRLF": lambda document: json.dumps(document, indent=2).replace("\n", "\r\n").encode(),
    "BOM": lambda document: b"\xef\xbb\xbf" + json.dumps(document).encode(),
    "a newline at the end": lambda document: json.dumps(document).encode() + b"\n",
    "unknown sections": lambda document: json.dumps(
        {**drop_last(document), "new": {"a": ['"]}', "\\", {}]}, "strings": document["strings"]}
    ).encode(),
    "unknown columns": lambda document: json.dumps(widened(document)).encode(),
    "no counts": lambda document: json.dumps(uncounted(document)).encode(),
}


def drop_last(document: Document) -> Document:
    return {key: value for key, value in document.items() if key != "strings"}


def uncounted(document: Document) -> Document:
    return {**document, "snapshot": {"meta": document["snapshot"]["meta"]}}


def widened(document: Document) -> Document:
    """The columns in another order, and one more."""
    fields = document["snapshot"]["meta"]["node_fields"]
    width = len(fields)
    records = [document["nodes"][at : at + width] for at in range(0, len(document["nodes"]), width)]
    document["nodes"] = [value for record in records for value in [77, *record[::-1]]]
    document["snapshot"]["meta"]["node_fields"] = ["new", *fields[::-1]]
    document["edges"][2::3] = [target // width * (width + 1) for target in document["edges"][2::3]]
    return document


@pytest.mark.parametrize("name", LAYOUTS)
def test_layouts_that_say_the_same(name: str, tmp_path: Path) -> None:
    wanted = accepted(SOUND, tmp_path)
    assert accepted(LAYOUTS[name](sound().document()), tmp_path) == wanted


@pytest.mark.parametrize("newline", [True, False])
def test_sections_larger_than_a_piece(newline: bool, tmp_path: Path) -> None:
    """Megabytes in each section, so that every boundary between pieces is crossed, at odd places."""
    heap = sound()
    document = heap.document()
    wanted = accepted(SOUND, tmp_path)
    document["strings"] += [f"é{i}" * (i % 7) for i in range(300_000)]
    document["locations"] = list(range(400_000))
    data = json.dumps(document, ensure_ascii=False)
    data = data.replace('", "', '",\n"') if newline else data
    assert accepted(data.encode(), tmp_path) == wanted


def test_cycles_and_a_long_chain(tmp_path: Path) -> None:
    heap = Heap()
    node = heap.server
    for _ in range(1_500):
        after = heap.node("Link")
        heap.edge(node, "next", after)
        heap.edge(after, "previous", node)
        node = after
    request = heap.kept("IncomingMessage", node)
    heap.edge(request, "self", request)
    heap.edge(request, "head", heap.view())
    heap.edge(heap.root, "self", heap.root, kind="internal")
    assert "IncomingMessage.head" in accepted(heap.data(), tmp_path)


def test_what_is_no_file(tmp_path: Path) -> None:
    pipe = tmp_path / "pipe"
    os.mkfifo(pipe)
    for path in (tmp_path, tmp_path / "absent", pipe):
        with pytest.raises(SnapshotError, match="regular file"):
            diagnose(path)


def test_a_claim_costs_nothing(tmp_path: Path) -> None:
    """A hundred bytes that claim a billion nodes are refused in the memory that a Python needs anyway."""
    document = sound().document()
    document["snapshot"]["node_count"] = 10**12
    document["nodes"][4] = 4 * GIGA
    path = tmp_path / "made.heapsnapshot"
    path.write_bytes(json.dumps(document).encode())
    code = (
        "import sys; from pathlib import Path; from sio_patch.heap.diagnosis import diagnose;"
        "from sio_patch.heap.errors import SnapshotError\n"
        "try: diagnose(Path(sys.argv[1]))\n"
        "except SnapshotError: sys.exit(7)"
    )
    process = subprocess.Popen([sys.executable, "-c", code, str(path)])
    _, status, usage = os.wait4(process.pid, 0)
    process.returncode = os.waitstatus_to_exitcode(status)
    assert process.returncode == 7
    before = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss  # a child begins with what its parent had
    assert usage.ru_maxrss < max(before + 8_192, 65_536)


@settings(deadline=None, max_examples=300)
@given(st.data())
def test_a_random_change_is_read_or_refused(data: st.DataObject) -> None:
    """Whatever a few changed bytes do to a sound file: a diagnosis or a SnapshotError, and nothing else."""
    spoilt = bytearray(sound(legacy=data.draw(st.booleans())).data())
    for _ in range(data.draw(st.integers(1, 4))):
        place = data.draw(st.integers(0, len(spoilt) - 1))
        end = place + data.draw(st.integers(0, 3))
        spoilt[place:end] = data.draw(
            st.sampled_from([b"", b"0", b"9", b"-", b",", b"]", b"[", b'"', b"}", b"\xff", b"e", b"\\"])
        )
    with tempfile.TemporaryDirectory() as folder, contextlib.suppress(SnapshotError):
        accepted(bytes(spoilt), Path(folder))
