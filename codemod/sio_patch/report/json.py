"""Every JSON object that the program prints. Their shape is fixed: programs read them."""

from __future__ import annotations

import json
from collections.abc import Collection, Iterable, Mapping, Sequence
from typing import TYPE_CHECKING, assert_never

from sio_patch.shell import apply_line
from sio_patch.verdict import Result, tally

if TYPE_CHECKING:
    from sio_patch.documents.document import Document
    from sio_patch.heap.diagnosis import Diagnosis, Finding
    from sio_patch.proof.report import Health, ProofReport, Run

SCHEMA = 1


def results_json(results: Sequence[Result]) -> str:
    """Of the commands that look at copies and files."""
    return _printed({"results": [result._asdict() for result in results], "summary": tally(results)})


def error_json(exit: int, message: str) -> str:
    """Of any command whose call is wrong, or that fails as a whole. ``exit`` is the exit status."""
    return _printed({"results": [], "summary": {}, "error": {"exit": exit, "message": message}})


def catalogue_json(documents: Iterable[Document], own: Collection[str]) -> str:
    """Of `list`. A project's ``own`` documents, which are ids, have their paths."""
    patches = [
        {
            "id": document.id,
            "title": document.title,
            "summary": document.page.summary,
            "kind": document.kind,
            "package": document.package,
            "affected": document.affected,
            "fixed_in": document.fixed_in,
            "files": document.files,
            "default": document.default,
            "references": document.references,
            "digest": document.digest,
            "document": str(document.path) if document.id in own else None,
        }
        for document in documents
    ]
    return _printed({"patches": patches})


def proof_json(report: ProofReport) -> str:
    """Of `prove`."""
    return _printed(
        {
            "patch": report.patch,
            "package": report.package,
            "version": report.version,
            "node": report.node,
            "platform": report.platform,
            "conclusion": report.conclusion.value,
            "reason": report.sentence,
            "published": _run(report.published),
            "patched": _run(report.patched),
            "plot": report.plot,
        }
    )


def diagnosis_json(diagnosis: Diagnosis, cures: Mapping[str, str]) -> str:
    """Of `diagnose`. ``cures`` leads from a retainer such as ``IncomingMessage.head`` to the id of a patch."""
    return _printed(
        {
            "file": str(diagnosis.path),
            "nodes": diagnosis.nodes,
            "edges": diagnosis.edges,
            "heap_bytes": diagnosis.heap_bytes,
            "buffers": diagnosis.buffers,
            "buffer_bytes": diagnosis.buffer_bytes,
            "findings": [_finding(finding, cures) for finding in diagnosis.findings],
        }
    )


def _printed(value: Mapping[str, object]) -> str:
    """Pure ASCII, so that a file name in any encoding passes through every terminal and pipe."""
    return json.dumps({"schema": SCHEMA, **value}, indent=2) + "\n"


def _run(run: Run | None) -> dict[str, object] | None:
    if run is None:
        return None
    return {
        "health": _health(run.health),
        "reason": run.reason,
        "axes": {"x": run.plan.x, "y": run.plan.y, "unit": run.plan.unit},
        "readings": [reading._asdict() for reading in run.readings],
        "figures": [figure._asdict() for figure in run.figures],
        "checks": [check._asdict() for check in run.checks],
        "seconds": round(run.duration_s, 1),
    }


def _health(health: Health) -> str:
    from sio_patch.proof.report import Health

    match health:
        case Health.HEALTHY | Health.DEFECTIVE:
            return health.value
        case Health.UNCLEAR:
            return "unclear"
        case _:
            assert_never(health)


def _finding(finding: Finding, cures: Mapping[str, str]) -> dict[str, object]:
    from sio_patch.heap.diagnosis import patches_for

    patches = patches_for(finding, cures)
    return {
        "retainer": finding.retainer,
        "constructor": finding.constructor,
        "property": finding.property_name,
        "count": finding.count,
        "bytes": finding.bytes,
        "share": round(finding.share, 6),
        "buffer_bytes": {"min": finding.buffer_bytes[0], "max": finding.buffer_bytes[1]},
        "evidence": finding.evidence.value,
        "also": list(finding.also),
        "path": [
            {
                "edge_type": step.edge_type,
                "edge": step.edge_name,
                "type": step.node_type,
                "name": step.node_name,
                "id": step.node_id,
            }
            for step in finding.path
        ],
        "patch": patches[0] if patches else None,
        "command": apply_line(patches[0]) if patches else None,
    }
