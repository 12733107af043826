"""A JavaScript file that the user named. It is theirs: no package, no version, no receipt."""

from __future__ import annotations

import os
from pathlib import Path
from typing import TYPE_CHECKING

from sio_patch.engine.source import Source
from sio_patch.project import files
from sio_patch.project.receipt import sha256
from sio_patch.run.examine import examine, examine_backwards
from sio_patch.run.finding import NO_PACKAGE, Finding
from sio_patch.run.plan import READ_LIMIT_BYTES, STOPPERS, FilePlan, Rewrite, Selection, annotated, held_back, stopper
from sio_patch.run.trouble import TROUBLES, trouble
from sio_patch.run.undo import NOTHING
from sio_patch.verdict import Reason, Result, Verdict

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

    from sio_patch.documents.document import Document

    Examine = Callable[[Document, str, Source, Mapping[str, str]], Finding]


def plan_named(path: Path, selection: Selection, *, undo: bool) -> FilePlan:
    """The patches that the user named, one after the other, on this file.

    Undoing takes out what they add, which needs no receipt; the last one first.
    """
    if not undo:
        return _plan(path, selection, _examine)
    plan = _plan(path, selection._replace(documents=selection.documents[::-1]), examine_backwards)
    return plan._replace(rows=tuple(_nothing(row) for row in plan.rows))


def _examine(document: Document, file: str, source: Source, settings: Mapping[str, str]) -> Finding:
    return examine(document, file, source, NO_PACKAGE, settings)


def _plan(path: Path, selection: Selection, examine_: Examine) -> FilePlan:
    try:
        real = path.resolve() if path.is_symlink() else path  # a link that the user names is followed
        data = files.read(real.parent, real.name, READ_LIMIT_BYTES)
    except TROUBLES as problem:
        return FilePlan(path, tuple(_row(path, document, trouble(problem)) for document in selection.documents))
    draft = Rewrite(path.name, Source.of(data))
    name = "/" + Path(os.path.abspath(path)).as_posix().lstrip("/")  # noqa: PTH100  (a link keeps its name)
    findings = []
    for document in selection.documents:
        about = bool(document.diffs_for(name))
        settings = selection.settings_of(document)
        finding = examine_(document, name, draft.after, settings) if about else _no_file(document)
        findings.append((document, finding))
        draft = draft.then(finding.edits) if finding.edits else draft
    after = draft.after.to_bytes()
    rows = tuple(_row(path, document, finding, data, after) for document, finding in findings)
    if (stop := stopper(rows)) is not None:
        because = f"another patch was {stop.verdict} on this file"
        return FilePlan(path, tuple(held_back(row, because) for row in rows))
    return FilePlan(path, rows, draft if draft.changes else None)


def _no_file(document: Document) -> Finding:
    note = f"The patch is for {' and '.join(document.files)}, and the end of this path fits none of them."
    return Finding(Verdict.REFUSED, Reason.MISSING_FILE, note)


def _nothing(row: Result) -> Result:
    return row if row.verdict in (*STOPPERS, Verdict.REVERTED) else annotated(row, NOTHING)


def _row(
    path: Path, document: Document, found: Finding, before: bytes | None = None, after: bytes | None = None
) -> Result:
    return Result(
        patch=document.id,
        package=None,
        version=None,
        path=str(path.parent),
        file=path.name,
        verdict=found.verdict,
        reason=found.reason,
        note=found.note,
        line=found.line,
        sha256_before=None if before is None else sha256(before),
        sha256_after=None if after is None else sha256(after),
    )
