"""A diagnosis in words. Names come from the snapshot: a terminal gets them only when made harmless."""

from __future__ import annotations

from collections.abc import Mapping

from sio_patch.heap.diagnosis import Diagnosis, Evidence, Finding, Step, patches_for
from sio_patch.shell import apply_line

_WIDTH = 60  # of a name from the snapshot; longer ones are cut


def diagnosis_text(diagnosis: Diagnosis, cures: Mapping[str, str]) -> str:
    """For people. ``cures`` leads from a retainer such as ``IncomingMessage.head`` to the id of a patch."""
    large = f"{_counted(diagnosis.buffers, 'large buffer')} ({size(diagnosis.buffer_bytes)})"
    lines = [
        f"{safe(str(diagnosis.path), 500)}: {size(diagnosis.heap_bytes)} of heap in "
        f"{diagnosis.nodes:,} objects, among them {large}."
    ]
    if not diagnosis.findings:
        lines.append("No large buffer was found that lives only because something small points into it.")
    for finding in diagnosis.findings:
        lines += ["", *_finding(finding, cures)]
    return "\n".join(lines) + "\n"


def size(count: int) -> str:
    """Bytes for people: ``10.0 MiB``."""
    amount = float(count)
    for unit in ("bytes", "KiB", "MiB"):
        if amount < 1024:
            return f"{count} bytes" if unit == "bytes" else f"{amount:.1f} {unit}"
        amount /= 1024
    return f"{amount:.1f} GiB"


def safe(name: str, width: int = _WIDTH) -> str:
    """``name`` without control characters, direction marks or lone surrogates, and not endless."""
    shown = "".join(each if each.isprintable() else ascii(each)[1:-1] for each in name[: width + 1])
    return shown if len(name) <= width else f"{shown[:width]}..."


def _finding(finding: Finding, cures: Mapping[str, str]) -> list[str]:
    share = f"{finding.share:.0%} of the heap" if finding.share >= 0.01 else "less than 1% of the heap"
    smallest, largest = finding.buffer_bytes
    each = f"{size(smallest)} each" if smallest == largest else f"{size(smallest)} to {size(largest)} each"
    detail = f" ({each})" if finding.count > 1 else ""
    lines = [
        safe(finding.retainer, 200),
        f"  keeps {_counted(finding.count, 'buffer')} alive: {size(finding.bytes)}, {share}{detail}.",
        f"  {_evidence(finding)}",
    ]
    if finding.also:
        lines.append(f"  They are also kept by {', '.join(safe(name, 200) for name in finding.also)}.")
    lines.append("  Shortest path from a root:")
    lines += [f"    {_step(step)}" for step in finding.path]
    patches = patches_for(finding, cures)
    for patch in patches:
        lines.append(f"  Cure: patch {patch}. In the project's directory: {apply_line(patch)}")
    if patches and len(patches) <= len(finding.also):
        lines.append("  The patch alone does not free them: the other holders above stay.")
    if not patches:
        lines.append("  No patch in the catalogue names this retainer.")
    return lines


def _evidence(finding: Finding) -> str:
    if finding.evidence is Evidence.SLAB:
        return "Slabs of this size are cut into pieces by this process: most likely a piece of each is in use."
    name = safe(finding.retainer, 200)
    return (
        "How much of a buffer is seen is not in a snapshot: compare "
        f"{name}.length with {name}.buffer.byteLength (Node 0.x: {name}.parent.length)."
    )


def _step(step: Step) -> str:
    node = f"{safe(step.node_name) or '(anonymous)'} @{step.node_id}"
    if step.edge_name is None:
        return "(root)"
    name = safe(step.edge_name)
    match step.edge_type:
        case "property":
            return f".{name} -> {node}"
        case "element" | "hidden":
            return f"[{name}] -> {node}"
        case "context":
            return f"variable {name} -> {node}"
        case _:
            return f"({name}) -> {node}"


def _counted(count: int, noun: str) -> str:
    return f"{count:,} {noun}" if count == 1 else f"{count:,} {noun}s"
