"""Heap snapshots made by hand, in the shapes that V8 writes."""

from __future__ import annotations

import json
from dataclasses import dataclass, field
from typing import Any

NODE_TYPES = ["hidden", "array", "string", "object", "code", "closure", "regexp", "number", "native", "synthetic"]
TODAY_TYPES = [*NODE_TYPES, "concatenated string", "sliced string", "symbol", "bigint", "object shape"]
EDGE_TYPES = ["context", "element", "property", "internal", "hidden", "shortcut", "weak"]
MIB = 1 << 20


@dataclass
class Heap:
    """Nodes and edges by hand; node 0 is the root. ``legacy``: as Node 0.8 writes it."""

    legacy: bool = False
    nodes: list[tuple[str, str, int]] = field(default_factory=list)
    edges: list[tuple[int, str, str | int, int]] = field(default_factory=list)

    def __post_init__(self) -> None:
        kind = "object" if self.legacy else "synthetic"
        self.root = self.node("", kind=kind)
        self.gc_roots = self.node("(GC roots)", kind=kind)
        self.handles = self.node("(Global handles)", kind=kind)
        self.stack = self.node("(Stack roots)", kind=kind)
        self.edge(self.root, 1, self.gc_roots, kind="element")
        self.edge(self.gc_roots, 1, self.stack, kind="element")
        self.edge(self.gc_roots, 2, self.handles, kind="element")
        self.server = self.node("Server")
        self.edge(self.handles, 1, self.server, kind="element")

    def node(self, name: str, size: int = 32, *, kind: str = "object") -> int:
        self.nodes.append((kind, name, size))
        return len(self.nodes) - 1

    def edge(self, source: int, name: str | int, target: int, *, kind: str = "property") -> None:
        self.edges.append((source, kind, name, target))

    def kept(self, name: str, holder: int | None = None, slot: str = "child") -> int:
        """A node that the server (or ``holder``) keeps."""
        node = self.node(name)
        self.edge(self.server if holder is None else holder, slot, node)
        return node

    def store(self, size: int = 10 * MIB) -> int:
        """Bytes and their owner; returns the owner, which nothing keeps yet."""
        owner = self.node("SlowBuffer" if self.legacy else "ArrayBuffer")
        data = self.node("Buffer" if self.legacy else "system / JSArrayBufferData", size, kind="native")
        self.edge(owner, "native" if self.legacy else "backing_store", data, kind="internal")
        if self.legacy:
            self.edge(data, 1, owner, kind="element")
        return owner

    def view(self, owner: int | None = None, size: int = 10 * MIB) -> int:
        """A Buffer on a store, which nothing keeps yet."""
        view = self.node("Buffer")
        target = self.store(size) if owner is None else owner
        if self.legacy:
            self.edge(view, "parent", target)
        else:
            self.edge(view, "buffer", target, kind="internal")
        return view

    def document(self) -> dict[str, Any]:
        """What the file says, ready to be spoilt."""
        strings = ["<dummy>"]
        index: dict[str, int] = {}

        def string(text: str) -> int:
            if text not in index:
                index[text] = len(strings)
                strings.append(text)
            return index[text]

        types = NODE_TYPES if self.legacy else TODAY_TYPES
        extra = [] if self.legacy else [0, 0]
        nodes: list[int] = []
        edges: list[int] = []
        for node, (kind, name, size) in enumerate(self.nodes):
            own = [edge for edge in self.edges if edge[0] == node]
            nodes += [types.index(kind), string(name), 2 * node + 1, size, len(own), *extra]
            for _, edge_kind, edge_name, target in own:
                label = edge_name if isinstance(edge_name, int) else string(edge_name)
                edges += [EDGE_TYPES.index(edge_kind), label, target * (5 + len(extra))]
        fields = ["type", "name", "id", "self_size", "edge_count"]
        meta = {
            "node_fields": fields if self.legacy else [*fields, "trace_node_id", "detachedness"],
            "node_types": [types, "string", "number", "number", "number"],
            "edge_fields": ["type", "name_or_index", "to_node"],
            "edge_types": [EDGE_TYPES, "string_or_number", "node"],
        }
        counts = {"node_count": len(self.nodes), "edge_count": len(self.edges)}
        later = {} if self.legacy else {"trace_tree": [], "samples": [], "locations": [1, 2, 3, 4]}
        return {"snapshot": {"meta": meta, **counts}, "nodes": nodes, "edges": edges, **later, "strings": strings}

    def data(self) -> bytes:
        return json.dumps(self.document()).encode()
