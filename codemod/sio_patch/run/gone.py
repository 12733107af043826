"""Patches that a receipt knows, and whose documents have gone: what there is to say of them."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING

from sio_patch.engine.source import Source
from sio_patch.project import files
from sio_patch.project.receipt import FileRecord, Receipt, sha256, stages
from sio_patch.run.finding import Finding
from sio_patch.run.installed_copy import Sheet, held_steps, lines_now, row_of
from sio_patch.run.plan import READ_LIMIT_BYTES
from sio_patch.run.trouble import TROUBLES
from sio_patch.shell import quoted
from sio_patch.verdict import Result, Verdict

if TYPE_CHECKING:
    from sio_patch.documents.document import Document
    from sio_patch.project.layout import Copy


def sheets_of(copy: Copy, receipt: Receipt, gone: Mapping[str, Document | None]) -> list[Sheet]:
    """A row for each of these patches in each file, where the receipt is proved: ``applied``, which is what undoing it
    would show. ``gone`` has the document of one that is about another package now.
    """
    return [Sheet(tuple(_rows(copy, record, gone))) for record in receipt.files]


def _rows(copy: Copy, record: FileRecord, gone: Mapping[str, Document | None]) -> list[Result]:
    try:
        data = files.read(copy.root, record.path, READ_LIMIT_BYTES)
    except TROUBLES:
        return []
    steps = held_steps(record, data) if stages(record, data) else []
    places = dict(zip((step.patch for step in steps), lines_now(steps, Source.of(data)), strict=True))
    digest = sha256(data)
    return [
        row_of(copy, id, record.path, Finding(Verdict.APPLIED, None, _note(copy, id, gone[id]), line), digest, digest)
        for id, line in places.items()
        if id in gone
    ]


def _note(copy: Copy, id: str, document: Document | None) -> str:
    what = "has gone" if document is None else f"({document.path}) is about {document.package} now"
    return (
        f"Its document {what}: only the receipt knows of this patch. "
        f"To take it out: {quoted('sio-patch', 'revert', str(copy.path), '-p', id)}"
    )
