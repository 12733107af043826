"""The heap as columns of numbers: one entry a node, one entry an edge, nothing boxed."""

from __future__ import annotations

from array import array
from bisect import bisect_right
from collections.abc import Collection, Iterator
from dataclasses import dataclass
from operator import itemgetter

NODE_LIMIT = 0xFFFF_FFFF  # indices are 32-bit; this one stands for "none"
_BATCH = 1 << 14  # edges


@dataclass(frozen=True, slots=True)
class Graph:
    """A snapshot. Node 0 is the root; the edges of node n are ``first_edge[n]`` to ``first_edge[n + 1]``.

    Invariant, enforced by ``load.read``: every target is a node, every type and every name that is a string has its
    entry. An edge that does not keep its target alive (weak; V8's own grouping of native objects) points to the root.
    """

    node_type_names: tuple[str, ...]
    edge_type_names: tuple[str, ...]
    node_types: bytearray
    node_names: array[int]
    node_ids: array[int]
    self_sizes: array[int]  # bytes
    first_edge: array[int]
    edge_types: bytearray
    edge_names: array[int]  # into strings, or an index where the edge is an element or hidden
    targets: array[int]
    strings: list[str]
    legacy: bool  # the format of V8 3.11 and 3.14: Node 0.8 and 0.10

    def node_count(self) -> int:
        return len(self.node_types)

    def name(self, node: int) -> str:
        return self.strings[self.node_names[node]]

    def node_type(self, node: int) -> str:
        return self.node_type_names[self.node_types[node]]

    def edge_type(self, edge: int) -> str:
        return self.edge_type_names[self.edge_types[edge]]

    def edge_label(self, edge: int) -> str:
        """The property, variable or slot as text; a bare number for an element."""
        name = self.edge_names[edge]
        return str(name) if self.edge_type(edge) in ("element", "hidden", "weak") else self.strings[name]

    def source(self, edge: int) -> int:
        return bisect_right(self.first_edge, edge) - 1

    def edges(self, node: int) -> range:
        return range(self.first_edge[node], self.first_edge[node + 1])

    def edges_into(self, nodes: Collection[int]) -> Iterator[int]:
        """Every edge that keeps one of ``nodes`` alive. One pass over all edges, so ask for many nodes at once."""
        wanted = bytearray(self.node_count())
        for node in nodes:
            if node:
                wanted[node] = 1
        for start in range(0, len(self.targets), _BATCH):
            targets = self.targets[start : start + _BATCH]
            targets.append(0)  # itemgetter gives a tuple for two or more; the root is never wanted
            hits = bytes(itemgetter(*targets)(wanted))  # the quickest way through millions without leaving the library
            at = hits.find(1)
            while at >= 0:
                yield start + at
                at = hits.find(1, at + 1)


class Reach:
    """How the root reaches each node: the first step back on a shortest strong path.

    What only the running stack holds comes last, so a path by way of something lasting is preferred.
    """

    def __init__(self, graph: Graph) -> None:
        self.graph = graph
        self.passing = _passing_roots(graph)
        self._parents = array("I", [NODE_LIMIT]) * graph.node_count()
        self._walk()

    def parent(self, node: int) -> int | None:
        parent = self._parents[node]
        return None if parent == NODE_LIMIT else parent

    def holds(self, node: int) -> bool:
        return node == 0 or self._parents[node] != NODE_LIMIT

    def path(self, node: int) -> list[int]:
        """From the root to ``node``; empty where the root does not reach it."""
        if not self.holds(node):
            return []
        path = [node]
        while (parent := self.parent(path[-1])) is not None:
            path.append(parent)
        return path[::-1]

    def _walk(self) -> None:
        unseen = bytearray(b"\1") * self.graph.node_count()
        unseen[0] = 0
        for node in self.passing:
            unseen[node] = 0
        self._spread([0], unseen)
        for node, parent in self.passing.items():
            self._parents[node] = parent
        self._spread(list(self.passing), unseen)

    def _spread(self, frontier: list[int], unseen: bytearray) -> None:
        first, targets, parents = self.graph.first_edge, self.graph.targets, self._parents
        while frontier:
            ahead: list[int] = []
            for node in frontier:
                for target in targets[first[node] : first[node + 1]]:
                    if unseen[target]:
                        unseen[target] = 0
                        parents[target] = node
                        ahead.append(target)
            frontier = ahead


def _passing_roots(graph: Graph) -> dict[int, int]:
    """The roots that stand for the moment of the snapshot, with their parents: frames and handles on the stack."""
    roots: dict[int, int] = {}
    for edge in graph.edges(0):
        gc_roots = graph.targets[edge]
        if graph.name(gc_roots) == "(GC roots)":
            for inner in graph.edges(gc_roots):
                if graph.name(graph.targets[inner]) in ("(Stack roots)", "(Handle scopes)"):
                    roots[graph.targets[inner]] = gc_roots
    return roots
