"""From a file to a Graph. Whatever is wrong with the file is a SnapshotError; nothing in it is taken on trust."""

from __future__ import annotations

from array import array
from codecs import BOM_UTF8
from collections.abc import Callable
from dataclasses import dataclass
from itertools import accumulate
from pathlib import Path

from sio_patch.heap import strings as string_section
from sio_patch.heap.errors import SnapshotError, shown
from sio_patch.heap.graph import NODE_LIMIT, Graph
from sio_patch.heap.stream import DAMAGED, TRUNCATED, Stream

FOREIGN = (
    "A heap snapshot is what Node's v8.writeHeapSnapshot(), --heapsnapshot-signal, the heapdump module or "
    "Chrome's Memory panel saves."
)
_NODE_FIELDS = ("type", "name", "id", "self_size", "edge_count")
_EDGE_FIELDS = ("type", "name_or_index", "to_node")
_EPHEMERON = "pair in WeakMap (table @"


def read(path: Path, advanced: Callable[[float], None]) -> Graph:
    """``advanced`` is told the part of the file that has been read, 0 to 1."""
    try:
        if not path.is_file():
            found = "something else" if path.exists() else "nothing there"
            raise SnapshotError(path, "file", "a regular file", found, hint=FOREIGN)
        size = max(path.stat().st_size, 1)
        with path.open("rb", buffering=0) as file:
            return _read(Stream(path, file, lambda offset: advanced(min(offset / size, 1.0))))
    except OSError as error:
        raise SnapshotError(path, "file", "a file that can be read", error.strerror or str(error)) from error


@dataclass(frozen=True, slots=True)
class _Layout:
    """What the header says about the columns."""

    node_fields: tuple[str, ...]
    node_types: tuple[str, ...]
    edge_fields: tuple[str, ...]
    edge_types: tuple[str, ...]
    node_count: int | None
    edge_count: int | None


@dataclass(frozen=True, slots=True)
class _Nodes:
    types: bytearray
    names: array[int]
    ids: array[int]
    sizes: array[int]
    first_edge: array[int]


@dataclass(frozen=True, slots=True)
class _Edges:
    types: bytearray
    names: array[int]
    targets: array[int]


def _read(stream: Stream) -> Graph:
    _check_kind(stream)
    stream.take(b"{", "top level")
    nodes: _Nodes | None = None
    edges: _Edges | None = None
    layout: _Layout | None = None
    seen: set[str] = set()
    while (name := stream.key()) != "strings":
        if name in seen:
            raise stream.error(name, "each section once", f"a second {name!r}")
        seen.add(name)
        if name == "snapshot":
            layout = _layout(stream)
        elif layout is None:
            raise stream.error("top level", 'the section "snapshot" first', repr(name), hint=FOREIGN)
        elif name == "nodes":
            nodes = _nodes(stream, layout)
        elif name == "edges":
            if nodes is None:
                raise stream.error("top level", '"nodes" before "edges"', "edges")
            edges = _edges(stream, layout, nodes)
        else:
            stream.skip(name)
        if stream.peek() == b"}":
            raise stream.error("top level", 'a section "strings"', "the end of the object", hint=FOREIGN)
        stream.take(b",", "top level")
    if layout is None or nodes is None or edges is None:
        missing = [each for each in ("snapshot", "nodes", "edges") if each not in seen]
        raise stream.error("top level", f"the sections {', '.join(missing)}", '"strings"', hint=FOREIGN)
    return _graph(stream, layout, nodes, edges, string_section.read(stream))


def _check_kind(stream: Stream) -> None:
    """Names the usual strangers before the parser stumbles over them."""
    head = stream.available(64)[:64]
    strangers = {
        b"\x1f\x8b": ("gzip data", "Unpack it first: gunzip FILE."),
        b"PK\x03\x04": ("a zip archive", "Unpack it first."),
        b"\x28\xb5\x2f\xfd": ("zstd data", "Unpack it first: zstd -d FILE."),
        b"\xff\xfe": ("UTF-16", "Save it as the program wrote it, in UTF-8."),
        b"\xfe\xff": ("UTF-16", "Save it as the program wrote it, in UTF-8."),
    }
    for magic, (found, hint) in strangers.items():
        if head.startswith(magic):
            raise stream.error("file", "JSON", found, hint=hint)
    if not head:
        raise stream.error("file", "JSON", "an empty file", hint=TRUNCATED)
    if head.startswith(BOM_UTF8):
        stream.consume(len(BOM_UTF8))
    if stream.peek() != b"{":
        raise stream.error("file", "'{'", shown(stream.available(32)[:32]), hint=FOREIGN)


# -- the header -----------------------------------------------------------------------------------------------------


def _layout(stream: Stream) -> _Layout:
    header = stream.small_object("snapshot")
    meta = header.get("meta")
    if not isinstance(meta, dict):
        raise stream.error(
            "snapshot", '"meta" with the names of the columns', "none", hint=f"{FOREIGN} Node 0.6 is too old."
        )
    return _Layout(
        _names(stream, meta, "node_fields", _NODE_FIELDS),
        _type_names(stream, meta, "node_types"),
        _names(stream, meta, "edge_fields", _EDGE_FIELDS),
        _type_names(stream, meta, "edge_types"),
        _claimed(stream, header, "node_count"),
        _claimed(stream, header, "edge_count"),
    )


def _names(stream: Stream, meta: dict[str, object], key: str, required: tuple[str, ...]) -> tuple[str, ...]:
    value = meta.get(key)
    if isinstance(value, list) and len(value) <= 64 and all(isinstance(each, str) for each in value):
        names = tuple(str(each) for each in value)
        if len(set(names)) == len(names) and set(required) <= set(names):
            return names
    raise stream.error("snapshot", f"{key} with {', '.join(required)}", repr(value)[:120], hint=FOREIGN)


def _type_names(stream: Stream, meta: dict[str, object], key: str) -> tuple[str, ...]:
    value = meta.get(key)
    if isinstance(value, list) and value and isinstance(value[0], list) and 0 < len(value[0]) <= 255:
        return tuple(str(each) for each in value[0])
    raise stream.error("snapshot", f"{key} with a list of names first", repr(value)[:120], hint=FOREIGN)


def _claimed(stream: Stream, header: dict[str, object], key: str) -> int | None:
    value = header.get(key)
    if value is None or (isinstance(value, int) and not isinstance(value, bool) and 0 <= value < 1 << 53):
        return value
    raise stream.error("snapshot", f"{key} as a count", repr(value)[:40])


# -- the columns ----------------------------------------------------------------------------------------------------


def _nodes(stream: Stream, layout: _Layout) -> _Nodes:
    width = len(layout.node_fields)
    at_type, at_name, at_id, at_size, at_count = map(layout.node_fields.index, _NODE_FIELDS)
    types, names, ids, sizes, counts = bytearray(), array("I"), array("Q"), array("Q"), array("I")
    for values in stream.numbers("nodes", width):
        try:
            types += bytes(values[at_type::width])
            names.fromlist(values[at_name::width])
            ids.fromlist(values[at_id::width])
            sizes.fromlist(values[at_size::width])
            counts.fromlist(values[at_count::width])
        except (OverflowError, ValueError):
            raise stream.error(
                "nodes", "types of 8, names and counts of 32, ids and sizes of 64 bits", "a larger number"
            ) from None
    if not types:
        raise stream.error("nodes", "at least the root", "no node")
    if layout.node_count not in (None, len(types)):
        raise stream.error("nodes", f"{layout.node_count} nodes, as the header says", f"{len(types)}")
    _check_types(stream, "nodes", types, len(layout.node_types))
    if sum(counts) >= NODE_LIMIT or len(types) >= NODE_LIMIT:
        raise stream.error("nodes", "less than 2**32 edges", str(sum(counts)))
    return _Nodes(types, names, ids, sizes, array("I", accumulate(counts, initial=0)))


def _edges(stream: Stream, layout: _Layout, nodes: _Nodes) -> _Edges:
    """An edge that is weak is turned to the root here, once, so that nobody downstream has to ask."""
    width, node_width = len(layout.edge_fields), len(layout.node_fields)
    at_type, at_name, at_target = map(layout.edge_fields.index, _EDGE_FIELDS)
    weak = layout.edge_types.index("weak") if "weak" in layout.edge_types else None
    end_of_nodes = len(nodes.types) * node_width
    expected = nodes.first_edge[-1]
    types, names, targets = bytearray(), array("I"), array("I")
    for values in stream.numbers("edges", width):
        raw = values[at_target::width]
        nodes_of = [target // node_width for target in raw]
        if raw and (max(raw) >= end_of_nodes or sum(raw) != node_width * sum(nodes_of)):  # a remainder would show
            wrong = next(target for target in raw if target >= end_of_nodes or target % node_width)
            raise stream.error("edges", f"a target below {end_of_nodes}, a multiple of {node_width}", str(wrong)[:40])
        try:
            some_types = bytes(values[at_type::width])
            names.fromlist(values[at_name::width])
        except (OverflowError, ValueError):
            raise stream.error("edges", "types of 8 and names of 32 bits", "a larger number") from None
        types += some_types
        targets.fromlist(_strong(nodes_of, some_types, weak))
        if len(types) > expected:
            raise stream.error("edges", f"{expected} edges, as the nodes say", "more")
    found = len(types)
    if found != expected or layout.edge_count not in (None, found):
        claims = f"{expected} edges, as the nodes say, and {layout.edge_count}, as the header says"
        raise stream.error("edges", claims, str(found))
    _check_types(stream, "edges", types, len(layout.edge_types))
    return _Edges(types, names, targets)


def _check_types(stream: Stream, section: str, types: bytearray, limit: int) -> None:
    if unknown := types.translate(None, bytes(range(limit))):
        raise stream.error(section, f"a type below {limit}", str(max(unknown)))


def _strong(targets: list[int], types: bytes, weak: int | None) -> list[int]:
    at = -1 if weak is None else types.find(weak)
    while at >= 0:
        targets[at] = 0
        at = types.find(types[at], at + 1)
    return targets


# -- what can only be checked with all of it at hand ----------------------------------------------------------------


def _graph(stream: Stream, layout: _Layout, nodes: _Nodes, edges: _Edges, strings: list[str]) -> Graph:
    if (worst := max(nodes.names)) >= len(strings):
        raise stream.error("nodes", f"a name below {len(strings)}, the number of strings", str(worst), hint=DAMAGED)
    if edges.names and max(edges.names) >= len(strings):
        _check_edge_names(stream, layout, edges, len(strings))
    graph = Graph(
        layout.node_types,
        layout.edge_types,
        nodes.types,
        nodes.names,
        nodes.ids,
        nodes.sizes,
        nodes.first_edge,
        edges.types,
        edges.names,
        edges.targets,
        strings,
        legacy="concatenated string" not in layout.node_types,
    )
    if graph.legacy:
        _release_native_groups(graph)
    else:
        _release_ephemerons(graph)
    return graph


def _check_edge_names(stream: Stream, layout: _Layout, edges: _Edges, limit: int) -> None:
    """Elements, hidden slots and (in the old format) weak edges carry a number of their own; the others a string."""
    unnamed = {layout.edge_types.index(each) for each in ("element", "hidden", "weak") if each in layout.edge_types}
    for kind, name in zip(edges.types, edges.names, strict=True):
        if name >= limit and kind not in unnamed:
            raise stream.error("edges", f"a name below {limit}, the number of strings", str(name))


def _release_native_groups(graph: Graph) -> None:
    """V8 3.11 lists all native objects of one kind under a node of its own at the root: a list, not a holder."""
    if not {"synthetic", "native"} <= set(graph.node_type_names):
        return
    synthetic, native = map(graph.node_type_names.index, ("synthetic", "native"))
    node = graph.node_types.find(synthetic)
    while node >= 0:
        for edge in graph.edges(node):
            if graph.node_types[graph.targets[edge]] == native:
                graph.targets[edge] = 0
        node = graph.node_types.find(synthetic, node + 1)


def _release_ephemerons(graph: Graph) -> None:
    """A WeakMap's value lives by its key: V8 writes the pair's edge twice, from the key and from the table."""
    pairs = {index for index, text in enumerate(graph.strings) if _EPHEMERON in text}
    if not pairs:
        return
    tables = {index for index, text in enumerate(graph.strings) if text == "system / EphemeronHashTable"}
    for node, name in enumerate(graph.node_names):
        if name in tables:
            for edge in graph.edges(node):
                if graph.edge_names[edge] in pairs and graph.edge_type(edge) == "internal":
                    graph.targets[edge] = 0
