"""What is a pin and what is not, shape by shape, in both formats. Next to each pin stands what is left alone."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest

from heap.builder import MIB, Heap
from sio_patch.heap.diagnosis import Diagnosis, Evidence, diagnose

Build = Callable[[Heap], None]


def diagnosed(heap: Heap, folder: Path) -> Diagnosis:
    path = folder / "made.heapsnapshot"
    path.write_bytes(heap.data())
    return diagnose(path)


def head_on_a_request(heap: Heap) -> None:
    heap.edge(heap.kept("IncomingMessage"), "head", heap.view())


def head_in_properties_too(heap: Heap) -> None:
    """V8 lists a property twice where it stands in the object's separate property store."""
    request, view = heap.kept("IncomingMessage"), heap.view()
    inner = heap.node("(object properties)", kind="array")
    heap.edge(request, "properties", inner, kind="internal")
    heap.edge(inner, 1, view, kind="hidden")
    heap.edge(request, "head", view)


def also_on_the_stack(heap: Heap) -> None:
    """What only a running function holds is gone a moment later."""
    view = heap.view()
    heap.edge(heap.kept("IncomingMessage"), "head", view)
    heap.edge(heap.stack, 3, view, kind="element")


def also_weakly_held(heap: Heap) -> None:
    view = heap.view()
    heap.edge(heap.kept("IncomingMessage"), "head", view)
    heap.edge(heap.handles, 7, view, kind="weak")


def two_slices_on_one_request(heap: Heap) -> None:
    owner, request = heap.store(), heap.kept("IncomingMessage")
    heap.edge(request, "head", heap.view(owner))
    heap.edge(request, "head", heap.view(owner))


@pytest.mark.parametrize("legacy", [True, False], ids=["0.8", "today"])
@pytest.mark.parametrize(
    "build",
    [head_on_a_request, head_in_properties_too, also_on_the_stack, also_weakly_held, two_slices_on_one_request],
)
def test_a_pin(build: Build, legacy: bool, tmp_path: Path) -> None:
    heap = Heap(legacy)
    build(heap)
    (finding,) = diagnosed(heap, tmp_path).findings
    assert (finding.retainer, finding.count, finding.bytes) == ("IncomingMessage.head", 1, 10 * MIB)
    assert finding.evidence is Evidence.HOLDER
    assert finding.also == ()
    assert [step.node_name for step in finding.path[:4]] == ["", "(GC roots)", "(Global handles)", "Server"]


def no_large_buffer(heap: Heap) -> None:
    heap.edge(heap.kept("IncomingMessage"), "head", heap.view(size=100_000))


def owner_held_by_a_property(heap: Heap) -> None:
    owner, request = heap.store(), heap.kept("Memory")
    heap.edge(request, "view", heap.view(owner))
    heap.edge(request, "all", owner)


def owner_held_by_a_handle(heap: Heap) -> None:
    owner = heap.store()
    heap.edge(heap.kept("IncomingMessage"), "head", heap.view(owner))
    heap.edge(heap.handles, 9, owner, kind="element")


def view_in_the_hands_of_the_runtime(heap: Heap) -> None:
    view = heap.view()
    heap.edge(heap.kept("WriteWrap"), "buffer", view)
    heap.edge(heap.handles, 9, view, kind="element")


def a_variable(heap: Heap) -> None:
    closure, scope, view = heap.node("", kind="closure"), heap.node("system / Context", kind="hidden"), heap.view()
    heap.edge(heap.server, "callback", closure)
    heap.edge(closure, "context", scope, kind="internal")
    heap.edge(scope, "big", view, kind="context")
    heap.edge(closure, "big", view, kind="context")


def an_array(heap: Heap) -> None:
    array = heap.kept("Array", slot="cache")
    elements = heap.node("(object elements)", kind="array")
    heap.edge(array, "elements", elements, kind="internal")
    for place in range(2):
        view = heap.view()
        heap.edge(array, place, view, kind="element")
        heap.edge(elements, place, view, kind="hidden")


def a_map(heap: Heap) -> None:
    table = heap.node("", kind="array")
    heap.edge(heap.kept("Map", slot="cache"), "table", table, kind="internal")
    heap.edge(table, "4", heap.view(), kind="internal")


def a_table(heap: Heap) -> None:
    table = heap.kept("Object", slot="files")
    for name in ("a", "b", "c"):
        heap.edge(table, name, heap.view())


def a_global(heap: Heap) -> None:
    root_object = heap.node("Object")
    heap.edge(heap.root, 5, root_object, kind="shortcut")
    heap.edge(root_object, "big", heap.view())


def nobody(heap: Heap) -> None:
    heap.edge(heap.node("IncomingMessage"), "head", heap.view())


def only_weakly(heap: Heap) -> None:
    request = heap.node("IncomingMessage")
    heap.edge(heap.handles, 7, request, kind="weak")
    heap.edge(request, "head", heap.view())


def the_current_slab(heap: Heap) -> None:
    owner = heap.store()
    heap.edge(heap.kept("SlabBuffer"), "pool", heap.view(owner))
    heap.edge(heap.kept("IncomingMessage"), "head", heap.view(owner))


@pytest.mark.parametrize("legacy", [True, False], ids=["0.8", "today"])
@pytest.mark.parametrize(
    "build",
    [
        no_large_buffer,
        owner_held_by_a_property,
        owner_held_by_a_handle,
        view_in_the_hands_of_the_runtime,
        a_variable,
        an_array,
        a_map,
        a_table,
        a_global,
        nobody,
        only_weakly,
        the_current_slab,
    ],
)
def test_left_alone(build: Build, legacy: bool, tmp_path: Path) -> None:
    heap = Heap(legacy)
    build(heap)
    diagnosis = diagnosed(heap, tmp_path)
    assert diagnosis.findings == ()
    assert diagnosis.buffers > 0


@pytest.mark.parametrize("legacy", [True, False], ids=["0.8", "today"])
def test_the_size_of_a_slab_is_evidence(legacy: bool, tmp_path: Path) -> None:
    heap = Heap(legacy)
    the_current_slab(heap)
    for _ in range(3):
        heap.edge(heap.kept("IncomingMessage"), "head", heap.view())
    array = heap.kept("Array", slot="heads")
    heap.edge(array, 0, heap.view(), kind="element")
    heap.edge(heap.kept("Cache"), "data", heap.view(size=3 * MIB))
    found = [(each.retainer, each.count, each.evidence) for each in diagnosed(heap, tmp_path).findings]
    assert found == [
        ("IncomingMessage.head", 3, Evidence.SLAB),
        ("Server.heads[]", 1, Evidence.SLAB),
        ("Cache.data", 1, Evidence.HOLDER),
    ]


@pytest.mark.parametrize("legacy", [True, False], ids=["0.8", "today"])
def test_pools_count_together(legacy: bool, tmp_path: Path) -> None:
    """A pool of 8 KiB is small; two hundred of them behind one property are not. An array of such chunks is data."""
    heap = Heap(legacy)
    scope = heap.node("system / Context")
    heap.edge(heap.handles, 4, scope, kind="element")
    heap.edge(scope, "pool" if legacy else "allocPool", heap.store(8192), kind="context")
    chunks = heap.kept("Array", slot="chunks")
    for place in range(200):
        heap.edge(heap.kept("Request"), "token", heap.view(size=8192))
        heap.edge(chunks, place, heap.view(size=8192), kind="element")
    for _ in range(20):
        heap.edge(heap.kept("Request"), "nonce", heap.view(size=8192))
    (finding,) = diagnosed(heap, tmp_path).findings
    assert (finding.retainer, finding.count, finding.evidence) == ("Request.token", 200, Evidence.SLAB)


def test_two_holders_are_named_together(tmp_path: Path) -> None:
    heap = Heap()
    view = heap.view()
    heap.edge(heap.kept("IncomingMessage"), "head", view)
    heap.edge(heap.kept("WebSocket"), "firstPacket", view)
    (finding,) = diagnosed(heap, tmp_path).findings
    assert (finding.retainer, finding.also) == ("IncomingMessage.head", ("WebSocket.firstPacket",))


def test_a_weak_map_holds_by_its_key_only(tmp_path: Path) -> None:
    """V8 writes the pair twice, from the key and from the table. The table alone keeps nothing alive."""
    heap = Heap()
    table = heap.node("system / EphemeronHashTable", kind="array")
    heap.edge(heap.kept("WeakMap"), "table", table, kind="internal")
    request = heap.node("Request")
    heap.edge(table, "1 / part of key (K @1) -> value (V @3) pair in WeakMap (table @5)", request, kind="internal")
    heap.edge(request, "head", heap.view())
    assert diagnosed(heap, tmp_path).findings == ()


def test_old_v8_lists_native_objects_at_the_root(tmp_path: Path) -> None:
    """The list keeps nothing alive, and the shortest path does not lead through it."""
    heap = Heap(legacy=True)
    group = heap.node("Buffer", 0, kind="synthetic")
    heap.edge(heap.root, 3, group, kind="element")
    head_on_a_request(heap)
    heap.edge(group, 1, len(heap.nodes) - 1, kind="internal")
    assert heap.nodes[-1][0] == "native"
    (finding,) = diagnosed(heap, tmp_path).findings
    assert "Server" in [step.node_name for step in finding.path]


def test_the_shortest_path_is_the_example(tmp_path: Path) -> None:
    heap = Heap()
    far = heap.kept("Middle", heap.kept("Middle"))
    heap.edge(heap.kept("IncomingMessage", far), "head", heap.view())
    heap.edge(heap.kept("IncomingMessage"), "head", heap.view())
    (finding,) = diagnosed(heap, tmp_path).findings
    assert finding.count == 2
    assert "Middle" not in [step.node_name for step in finding.path]


def test_the_smallest_sum_is_the_callers(tmp_path: Path) -> None:
    heap = Heap()
    head_on_a_request(heap)
    path = tmp_path / "made.heapsnapshot"
    path.write_bytes(heap.data())
    assert diagnose(path, minimum_bytes=11 * MIB).findings == ()
