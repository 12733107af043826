"""Which large buffers live only because something small points into them, and through which property.

The shapes. Node 0.8 and 0.10: ``Buffer -parent-> SlowBuffer -native-> Buffer (native, the bytes)``. Since Node 4:
``Buffer, Uint8Array, DataView -buffer-> ArrayBuffer -backing_store-> JSArrayBufferData (the bytes)``. So there is a
*store* (the bytes), its *owners* (who has all of it) and its *views* (who may see a piece), and whoever *holds* a view.

A snapshot records how large a store is and not how much of it a view sees. What it does show:

- A store whose owner is held itself, by anything but the running stack, is held whole: no pin.
- The current slab or pool of an allocator is in use: no pin. Its size tells how large the used ones are.
- A view in the hands of the runtime (a handle, an input/output request) is in use: no pin.
- A view kept by a variable, an array, a Map, or an object that keeps several: a cache, or the program's own data. A
  pin only where the store has the size of an input/output slab.
- A view kept by a property alone: a pin. Where the size is that of a slab, most likely a piece; else the reader is
  told to compare the two lengths.
"""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterable
from dataclasses import dataclass, replace
from enum import Enum, auto

from sio_patch.heap.graph import Graph, Reach

STORE_FLOOR_BYTES = 4 << 10  # half of the smallest pool that any Node has used
LARGE_BYTES = 1 << 20  # a store without the size of a slab must reach this by itself
SLAB_FLOOR_BYTES = 64 << 10  # above this a slab size is too odd to be met by chance
POOL_BYTES = 8 << 10  # Buffer.poolSize, unless the program has changed it
TABLE_STORES = 3  # an object with so many large buffers is a table of them

_OWNERS = ("SlowBuffer", "ArrayBuffer", "SharedArrayBuffer")
_POOL_VARIABLES = ("pool", "allocPool", "allocBuffer")
_COLLECTIONS = ("Array", "Map", "Set", "WeakMap")


class Kind(Enum):
    """How a view is held."""

    PROPERTY = auto()
    COLLECTION = auto()
    VARIABLE = auto()
    RUNTIME = auto()


@dataclass(frozen=True, slots=True, order=True)
class Retainer:
    """``IncomingMessage.head``; for an array ``Manager.heads[]``; for a variable ``(variable).head``."""

    constructor: str
    property: str

    def __str__(self) -> str:
        return f"{self.constructor}.{self.property}"


@dataclass(frozen=True, slots=True)
class Pin:
    """One store and all who keep it, the most frequent first."""

    store: int
    retainers: tuple[Retainer, ...]
    slab: bool  # the store has the size of a slab or pool of this process


@dataclass(frozen=True, slots=True)
class _Hold:
    view: int
    holder: int
    kind: Kind
    retainer: Retainer


@dataclass(slots=True)
class _Shapes:
    """Stores by owner and by view; ``whole``: stores that are held as a whole."""

    by_owner: dict[int, int]
    by_view: dict[int, int]
    whole: set[int]
    slab_sizes: set[int]


def stores(graph: Graph) -> list[int]:
    """The nodes that are large native memory, buffers or not."""
    if "native" not in graph.node_type_names:
        return []
    native = graph.node_type_names.index("native")
    large = [node for node, size in enumerate(graph.self_sizes) if size >= STORE_FLOOR_BYTES]
    return [node for node in large if graph.node_types[node] == native]


def find(graph: Graph, reach: Reach, candidates: Iterable[int]) -> list[Pin]:
    """The pins among ``candidates``, in their order. Two passes over the edges, whatever the count."""
    shapes = _shapes(graph, reach, set(candidates))
    by_store: dict[int, list[_Hold]] = defaultdict(list)
    for hold in _holds(graph, reach, shapes):
        by_store[shapes.by_view[hold.view]].append(hold)
    tables = _tables(graph, by_store)
    pins = []
    for store, holds in by_store.items():
        slab = graph.self_sizes[store] in shapes.slab_sizes
        if store not in shapes.whole and _is_pin(holds, graph.self_sizes[store], slab, tables):
            counts = Counter(hold.retainer for hold in holds)
            ranked = sorted(counts, key=lambda retainer: (-counts[retainer], retainer))
            pins.append(Pin(store, tuple(ranked), slab))
    return pins


def _is_pin(holds: list[_Hold], size_bytes: int, slab: bool, tables: set[int]) -> bool:
    kinds = {hold.kind for hold in holds}
    if Kind.RUNTIME in kinds:
        return False
    if slab and size_bytes >= SLAB_FLOOR_BYTES:
        return True
    if kinds != {Kind.PROPERTY} or any(hold.holder in tables for hold in holds):
        return False
    return slab or size_bytes >= LARGE_BYTES


def _tables(graph: Graph, by_store: dict[int, list[_Hold]]) -> set[int]:
    pairs = {(hold.holder, store) for store, holds in by_store.items() for hold in holds}
    large = Counter(holder for holder, store in pairs if graph.self_sizes[store] >= LARGE_BYTES)
    return {holder for holder, count in large.items() if count >= TABLE_STORES}


# -- stores, owners, views ------------------------------------------------------------------------------------------


def _shapes(graph: Graph, reach: Reach, candidates: set[int]) -> _Shapes:
    shapes = _Shapes(_owners(graph, candidates), {}, set(), set())
    for edge in graph.edges_into(candidates | shapes.by_owner.keys()):
        source, target = graph.source(edge), graph.targets[edge]
        if target not in shapes.by_owner:
            if source not in shapes.by_owner and _counts(graph, reach, source):
                shapes.whole.add(target)
            continue
        store = shapes.by_owner[target]
        if _is_view(graph, edge, source):
            shapes.by_view[source] = store
        elif source != store and _counts(graph, reach, source):
            shapes.whole.add(store)
            net_slab = graph.legacy and graph.name(source) == "(Global handles)"
            if net_slab or _is_allocator(graph, edge, source):
                shapes.slab_sizes.add(graph.self_sizes[store])
    return replace(
        shapes, by_view={view: store for view, store in shapes.by_view.items() if _matters(graph, shapes, store)}
    )


def _matters(graph: Graph, shapes: _Shapes, store: int) -> bool:
    """Whether a store can be a pin at all: a busy heap has hundreds of thousands of a few KiB that cannot."""
    size_bytes = graph.self_sizes[store]
    return size_bytes >= SLAB_FLOOR_BYTES or size_bytes == POOL_BYTES or size_bytes in shapes.slab_sizes


def _owners(graph: Graph, candidates: set[int]) -> dict[int, int]:
    names = {index for index, text in enumerate(graph.strings) if text in _OWNERS}
    owners = [node for node, name in enumerate(graph.node_names) if name in names]
    return {
        owner: graph.targets[edge]
        for owner in owners
        for edge in graph.edges(owner)
        if graph.targets[edge] in candidates and graph.edge_type(edge) == "internal"
    }


def _is_view(graph: Graph, edge: int, source: int) -> bool:
    label = graph.edge_label(edge)
    if graph.legacy:
        return label == "parent" and graph.edge_type(edge) == "property" and graph.name(source) == "Buffer"
    return label == "buffer" and graph.edge_type(edge) == "internal" and graph.node_type(source) == "object"


def _is_allocator(graph: Graph, edge: int, source: int) -> bool:
    """The buffer module's pool variable, and tls's ``SlabBuffer.pool``."""
    kind, label = graph.edge_type(edge), graph.edge_label(edge)
    if kind == "context":
        return label in _POOL_VARIABLES
    return kind == "property" and label == "pool" and graph.name(source) == "SlabBuffer"


def _counts(graph: Graph, reach: Reach, source: int) -> bool:
    """Whether ``source`` keeps things for longer than the moment of the snapshot."""
    code = graph.node_type(source) in ("code", "object shape")
    return source not in reach.passing and reach.holds(source) and not code


# -- who holds a view -----------------------------------------------------------------------------------------------


def _holds(graph: Graph, reach: Reach, shapes: _Shapes) -> list[_Hold]:
    """Also completes ``shapes.slab_sizes`` and ``shapes.whole`` with allocators that hold a view."""
    named: list[_Hold] = []
    behind: list[tuple[int, int]] = []  # (view, a store of V8's own for properties or elements)
    for edge in graph.edges_into(shapes.by_view):
        source, view = graph.source(edge), graph.targets[edge]
        if not _counts(graph, reach, source):
            continue
        if _is_allocator(graph, edge, source):
            shapes.whole.add(shapes.by_view[view])
            shapes.slab_sizes.add(graph.self_sizes[shapes.by_view[view]])
        elif graph.edge_type(edge) in ("property", "context", "element", "shortcut"):
            named.append(_named(graph, reach, edge, source))
        else:
            behind.append((view, source))
    known = {(hold.view, hold.holder) for hold in named}
    variables = {hold.view for hold in named if hold.kind is Kind.VARIABLE}
    for view, source in behind:
        owner = _owner(graph, reach, source)
        # Old V8 lists a scope's variables twice: by number here, and by name from each closure over it.
        scope = graph.name(owner) == "system / Context" and view in variables
        if (view, owner) not in known and not scope:
            named.append(_unnamed(graph, owner, view))
    return named


def _named(graph: Graph, reach: Reach, edge: int, source: int) -> _Hold:
    view, kind, label = graph.targets[edge], graph.edge_type(edge), graph.edge_label(edge)
    if _is_root(graph, source):
        return _Hold(view, source, Kind.RUNTIME, Retainer(graph.name(source), label))
    if kind == "property" and not _is_global(graph, reach, source):
        return _Hold(view, source, Kind.PROPERTY, Retainer(graph.name(source) or "(anonymous)", label))
    if kind == "element":
        return _Hold(view, source, Kind.COLLECTION, _collection(graph, reach, source))
    return _Hold(view, source, Kind.VARIABLE, Retainer("(variable)", label))


def _unnamed(graph: Graph, owner: int, view: int) -> _Hold:
    if _is_root(graph, owner) or graph.node_type(owner) == "native":
        return _Hold(view, owner, Kind.RUNTIME, Retainer(graph.name(owner), ""))
    if graph.name(owner) in _COLLECTIONS:
        return _Hold(view, owner, Kind.COLLECTION, Retainer(graph.name(owner), "[]"))
    return _Hold(view, owner, Kind.VARIABLE, Retainer("(variable)", graph.name(owner)))


def _collection(graph: Graph, reach: Reach, array: int) -> Retainer:
    """An array by the property or variable that the shortest path reaches it through."""
    owner = reach.parent(array)
    if owner is not None and (edge := best_edge(graph, owner, array)) is not None:
        if graph.edge_type(edge) == "property":
            return Retainer(graph.name(owner), f"{graph.edge_label(edge)}[]")
        if graph.edge_type(edge) == "context":
            return Retainer("(variable)", f"{graph.edge_label(edge)}[]")
    return Retainer(graph.name(array), "[]")


def _owner(graph: Graph, reach: Reach, node: int) -> int:
    """The object that V8's own property and element stores belong to."""
    while _is_inner(graph, node) and (parent := reach.parent(node)) is not None:
        node = parent
    return node


def _is_inner(graph: Graph, node: int) -> bool:
    if graph.node_type(node) in ("array", "code", "object shape"):
        return True
    return graph.node_type(node) == "hidden" and graph.name(node) != "system / Context"


def _is_root(graph: Graph, node: int) -> bool:
    """Today's roots are synthetic nodes, the old format's are objects with a name in brackets."""
    return (
        node == 0 or graph.node_type(node) == "synthetic" or graph.name(node).startswith(("(Global", "(GC", "(Strong"))
    )


def _is_global(graph: Graph, reach: Reach, node: int) -> bool:
    return reach.parent(node) == 0 or graph.name(node) in ("global", "globalThis", "Window")


_ORDER = ("property", "context", "element", "shortcut", "internal", "hidden")


def best_edge(graph: Graph, source: int, target: int) -> int | None:
    """The edge between two nodes that says most to a person."""
    found = [edge for edge in graph.edges(source) if graph.targets[edge] == target]
    rank = {name: place for place, name in enumerate(_ORDER)}
    return min(found, key=lambda edge: rank.get(graph.edge_type(edge), len(rank)), default=None)
