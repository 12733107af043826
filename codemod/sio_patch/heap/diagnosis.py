"""The way of one snapshot: file, graph, pins, findings."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from enum import StrEnum
from pathlib import Path

from sio_patch.heap import load, pins
from sio_patch.heap.graph import Graph, Reach

MINIMUM_BYTES = 1 << 20

Progress = Callable[[float], None]


class Evidence(StrEnum):
    """How sure it is that only a piece of each buffer is in use."""

    SLAB = "slab"  # the buffers have the size of a slab or pool that this process cuts pieces from
    HOLDER = "holder"  # nothing but this property keeps them; how much of each it sees, no snapshot says


@dataclass(frozen=True, slots=True)
class Step:
    """One node of a path, and the edge that leads to it; the first, the root, has none."""

    edge_type: str | None  # property, element, context (a variable), internal, ...
    edge_name: str | None
    node_type: str
    node_name: str
    node_id: int  # as Chrome shows it after an @


@dataclass(frozen=True, slots=True)
class Finding:
    """Buffers that are alive through one property (or the same few properties)."""

    constructor: str
    property_name: str
    count: int
    bytes: int
    share: float  # of the whole heap, 0 to 1
    buffer_bytes: tuple[int, int]  # the smallest and the largest of them
    evidence: Evidence
    also: tuple[str, ...]  # other retainers of the same buffers, as ``Constructor.property``
    path: tuple[Step, ...]  # the shortest strong path from the root to one of the buffers

    @property
    def retainer(self) -> str:
        return f"{self.constructor}.{self.property_name}"


@dataclass(frozen=True, slots=True)
class Diagnosis:
    """What one snapshot shows. Findings: the sure ones first, then by bytes."""

    path: Path
    nodes: int
    edges: int
    heap_bytes: int
    buffers: int  # how many large buffers there are, pinned or not
    buffer_bytes: int
    findings: tuple[Finding, ...]


def diagnose(path: Path, progress: Progress | None = None, *, minimum_bytes: int = MINIMUM_BYTES) -> Diagnosis:
    """Reads the snapshot at ``path``; raises SnapshotError (and nothing else) where it cannot be understood.

    ``progress`` is told how much is done, 0 to 1, never less than before. Findings of less than ``minimum_bytes`` in
    all are left out.
    """
    tell = progress or (lambda _: None)
    graph = load.read(path, lambda part: tell(0.75 * part))
    stores = pins.stores(graph)
    tell(0.8)
    reach = Reach(graph)
    tell(0.9)
    found = pins.find(graph, reach, stores)
    heap_bytes = sum(graph.self_sizes)
    findings = [_finding(graph, reach, group, heap_bytes) for group in _grouped(found)]
    large = [finding for finding in findings if finding.bytes >= minimum_bytes]
    diagnosis = Diagnosis(
        path,
        graph.node_count(),
        len(graph.targets),
        heap_bytes,
        len(stores),
        sum(graph.self_sizes[store] for store in stores),
        tuple(sorted(large, key=lambda each: (each.evidence is not Evidence.SLAB, -each.bytes, each.retainer))),
    )
    tell(1.0)
    return diagnosis


def _grouped(found: list[pins.Pin]) -> list[list[pins.Pin]]:
    groups: dict[tuple[tuple[pins.Retainer, ...], bool], list[pins.Pin]] = defaultdict(list)
    for pin in found:
        groups[pin.retainers, pin.slab].append(pin)
    return list(groups.values())


def _finding(graph: Graph, reach: Reach, group: list[pins.Pin], heap_bytes: int) -> Finding:
    sizes = [graph.self_sizes[pin.store] for pin in group]
    first, *others = group[0].retainers
    shortest = min((reach.path(pin.store) for pin in group), key=len)
    return Finding(
        first.constructor,
        first.property,
        len(group),
        sum(sizes),
        sum(sizes) / heap_bytes,
        (min(sizes), max(sizes)),
        Evidence.SLAB if group[0].slab else Evidence.HOLDER,
        tuple(map(str, others)),
        tuple(_steps(graph, shortest)),
    )


def _steps(graph: Graph, path: list[int]) -> list[Step]:
    steps = []
    for place, node in enumerate(path):
        edge = pins.best_edge(graph, path[place - 1], node) if place else None
        steps.append(
            Step(
                None if edge is None else graph.edge_type(edge),
                None if edge is None else graph.edge_label(edge),
                graph.node_type(node),
                graph.name(node),
                graph.node_ids[node],
            )
        )
    return steps


def patches_for(finding: Finding, cures: Mapping[str, str]) -> list[str]:
    """The ids of the patches that cure it, the nearest first."""
    named = [cures[retainer] for retainer in (finding.retainer, *finding.also) if retainer in cures]
    return list(dict.fromkeys(named))
