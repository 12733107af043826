"""Patches that a receipt knows from another edition of their document.

Their old edits are taken back, with what came later on the same file; then the document as it is now is judged afresh,
and the later ones are put back. All in memory: the copy goes from the one state to the other in one commit. An example:
the receipt has ``seal`` (as it was) and ``count``; ``patches/seal.md`` was edited. The text without both is asked for
``seal`` as it is now, and what comes of that for ``count``, which must come to the same change again.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING, NamedTuple

from sio_patch.documents.errors import UnknownPatchError
from sio_patch.run.finding import Finding
from sio_patch.run.installed_copy import (
    Paper,
    Sheet,
    examined,
    is_another,
    receipted,
    recorded,
    row_of,
    rows_of,
    sheet_of,
    step_of,
)
from sio_patch.run.plan import Rewrite, Selection, annotated
from sio_patch.verdict import Reason, Result, Verdict

if TYPE_CHECKING:
    from sio_patch.documents.document import Document
    from sio_patch.engine.edits import Edits
    from sio_patch.project.layout import Copy
    from sio_patch.project.receipt import Step

Change = list[tuple[str, str]]  # what stood at each place before, and what stands there now


class CannotMove(Exception):
    """The old edits cannot be exchanged for the new; ``str()`` says why, and what to do."""


class _Above(NamedTuple):
    """A patch of the file, and what it did."""

    document: Document
    change: Change


def moved(
    copy: Copy, paper: Paper, documents: Sequence[Document], known: Sequence[Document], selection: Selection
) -> Sheet:
    """The sheet of a file of which the receipt knows patches from other editions of documents that are ``known``.

    ``documents`` are about the file now. Where it cannot be moved, those patches are refused. Raises DocumentError, and
    OSError where a document cannot be had.
    """
    steps = paper.held if paper.stages or paper.record is None else paper.record.steps
    changed = [document for document in known if any(is_another(step, (document,)) for step in steps)]
    try:
        if not paper.stages:
            return _unproved(copy, paper, documents, changed, selection)
        return _moved(copy, paper, documents, changed, selection)
    except CannotMove as problem:
        others = [document for document in documents if document not in changed]
        sheet = sheet_of(copy, paper, others, selection)
        refusal = Finding(Verdict.REFUSED, Reason.CHANGED_SINCE, str(problem))
        refused = tuple(row_of(copy, document.id, paper.draft.path, refusal) for document in changed)
        return sheet._replace(rows=(*sheet.rows, *refused), outdated=tuple(changed))


def told(row: Result, document: Document, *, changes: bool) -> Result:
    """The row of a patch whose document has changed. ``changes``: the file will be another one."""
    since = f"{document.path} has changed since this patch was made"
    match row.verdict:
        case Verdict.REFUSED | Verdict.FAILED:
            return annotated(row, f"{since}; nothing of it was taken back.")
        case _ if not changes:
            return row._replace(verdict=Verdict.APPLIED)
        case Verdict.NEEDS_PATCH:
            return annotated(row, f"{since}: what it did is taken back, and what it says now is done.")
        case _:
            return annotated(row._replace(verdict=Verdict.NEEDS_PATCH), f"{since}: what it did is taken back.")


def taken_back(draft: Rewrite, steps: Sequence[Step]) -> Rewrite:
    """Without these steps, which are the last that ``draft`` holds, the last one first."""
    for step in reversed(steps):
        draft = draft.then(step.undo)
    return draft


def _moved(
    copy: Copy, paper: Paper, documents: Sequence[Document], changed: Sequence[Document], selection: Selection
) -> Sheet:
    kept = next(at for at, step in enumerate(paper.held) if is_another(step, changed))
    above = _above(paper.draft, paper.held[kept:], selection)
    draft, steps = taken_back(paper.draft, paper.held[kept:]), list(paper.held[:kept])
    below = paper._replace(held=paper.held[:kept], stages=paper.stages[: kept + 1])
    findings: dict[str, Finding] = {}
    for document in (*(each.document for each in above), *documents):
        if document.id in findings:
            continue
        found = receipted(copy, document, below)
        if found is None and (document in documents or document not in changed):
            found = examined(copy, document, draft, selection)
        found = found or Finding(Verdict.NOT_AFFECTED)  # about the file no more
        if found.edits is not None:
            steps.append(step_of(document, draft.after, found))
            draft = draft.then(found.edits)
        again = next((each for each in above if each.document == document and document not in changed), None)
        findings[document.id] = found if again is None else _as_before(again, found, steps, draft)
    shown = {each.id: each for each in (*documents, *changed)}
    found_for = [(document, findings[id]) for id, document in shown.items()]
    rows = rows_of(copy, draft, steps, found_for)
    record = None if _alike(steps, paper.held) else recorded(paper, steps)
    return Sheet(rows, draft if draft.changes else None, record, tuple(changed))


def _alike(steps: Sequence[Step], others: Sequence[Step]) -> bool:
    """Whether they lead over the same texts: then a receipt of the one is as good as one of the other."""
    return [(step.patch, step.sha256_after) for step in steps] == [(step.patch, step.sha256_after) for step in others]


def _as_before(above: _Above, found: Finding, steps: Sequence[Step], draft: Rewrite) -> Finding:
    """What is found for a patch that is put back, which must be what it was. Raises CannotMove."""
    if found.edits is not None and change_of(steps[-1].undo, draft.after.text) == above.change:
        return Finding(Verdict.APPLIED, None, None, found.line)
    if found.edits is None and found.verdict in (Verdict.APPLIED, Verdict.FIXED):
        return found
    id = above.document.id
    why = f": {found.note}" if found.note else "."
    raise CannotMove(f"{id} came later on this file, and cannot be put back as it was{why} {_revert(id)}")


def _unproved(
    copy: Copy, paper: Paper, documents: Sequence[Document], changed: Sequence[Document], selection: Selection
) -> Sheet:
    """Of a file that is no more what the receipt says: nothing can be taken back, so that nothing is put in its place.

    Raises CannotMove where something was to be.
    """
    sheet = sheet_of(copy, paper, documents, selection)
    ids = [document.id for document in changed]
    live = any(row.patch in ids and row.verdict is Verdict.NEEDS_PATCH for row in sheet.rows)
    if live or any(document not in documents for document in changed):
        raise CannotMove(
            "The file is no more what sio-patch made of it, so that what the patch did cannot be taken back. Install "
            "the package again, then run this again."
        )
    return sheet


def _above(draft: Rewrite, steps: Sequence[Step], selection: Selection) -> list[_Above]:
    """The patches of these steps, which are the last that ``draft`` holds, the first one first. Raises CannotMove."""
    changes = changes_of(draft, steps)
    return [_Above(_document(id, selection), changes[id]) for id in changes]


def changes_of(draft: Rewrite, steps: Sequence[Step]) -> dict[str, Change]:
    """What each patch of these steps did, which are the last that ``draft`` holds: the first one first."""
    changes: dict[str, Change] = {}
    for step in reversed(steps):
        changes[step.patch] = change_of(step.undo, draft.after.text)
        draft = draft.then(step.undo)
    return dict(reversed(changes.items()))


def change_of(undo: Edits, after: str) -> Change:
    """What a step with this ``undo`` did, in any text: its own places aside."""
    return [(edit.new, after[edit.start : edit.end]) for edit in undo]


def _document(id: str, selection: Selection) -> Document:
    try:
        return next((each for each in selection.documents if each.id == id), None) or selection.catalogue.find(id)
    except UnknownPatchError:
        message = f"{id} came later on this file, and its document has gone. {_revert(id)}"
        raise CannotMove(message) from None


def _revert(id: str) -> str:
    return f"Revert it first, with -p {id}, then run this again."
