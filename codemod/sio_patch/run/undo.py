"""What `revert` would do to one copy: back to the bytes that the receipt promises, or nothing."""

from __future__ import annotations

from collections.abc import Sequence
from typing import NamedTuple

from sio_patch.documents.errors import UnknownPatchError
from sio_patch.engine.source import Source
from sio_patch.project import files
from sio_patch.project.layout import Copy
from sio_patch.project.receipt import FileRecord, Receipt, Step, sha256, undone
from sio_patch.project.receipt import read as read_receipt
from sio_patch.run.examine import examine
from sio_patch.run.finding import Finding
from sio_patch.run.installed_copy import Sheet, held_steps, plan_apply, row_of, rows_of_copy, step_of, version_of
from sio_patch.run.outdated import change_of, changes_of, taken_back
from sio_patch.run.plan import READ_LIMIT_BYTES, STOPPERS, CopyPlan, Rewrite, Selection, annotated, held_back, stopper
from sio_patch.run.trouble import TROUBLES, trouble
from sio_patch.shell import quoted
from sio_patch.verdict import Reason, Result, Verdict

NOTHING = "Nothing to undo."


class _CannotRedo(Exception):
    """A patch that is to stay cannot be put back onto the file without the one that is to go."""


def plan_undo(copy: Copy, selection: Selection) -> CopyPlan:
    """Undoes the patches that the user named, or all. Reads; never writes."""
    try:
        receipt = read_receipt(copy.root)
    except TROUBLES as error:
        return CopyPlan(copy.root, rows_of_copy(copy, selection.for_copy(copy, None), trouble(error)))
    undoer = _Undoer(copy, selection)
    sheets = [undoer.sheet(record) for record in (receipt.files if receipt else ()) if undoer.concerns(record)]
    if receipt is None or not sheets or copy.outside is not None:
        found = plan_apply(copy, selection)
        return CopyPlan(copy.root, tuple(_nothing(row) for row in found.rows), (), receipt, receipt)
    return _whole(copy, receipt, sheets)


class _Undoer(NamedTuple):
    copy: Copy
    selection: Selection

    def concerns(self, record: FileRecord) -> bool:
        return any(self._goes(step) for step in record.steps)

    def sheet(self, record: FileRecord) -> Sheet:
        """Takes back every step down to the first that goes, and then plans the ones in between anew."""
        try:
            data = files.read(self.copy.root, record.path, READ_LIMIT_BYTES)
            if record.standing(sha256(data)) is None:
                return self._rows(record, _changed(record, self.copy))
            steps = held_steps(record, data)
            kept = next((at for at, step in enumerate(steps) if self._goes(step)), len(steps))
            undone(record, data, self.copy.path, steps=len(steps) - kept)  # proves that they lead back
            draft, left = self._redone(Rewrite(record.path, Source.of(data)), steps[:kept], steps[kept:])
        except FileNotFoundError as error:
            note = f"There is no {error.filename} any more. Install the package again."
            return self._rows(record, Finding(Verdict.REFUSED, Reason.MISSING_FILE, note))
        except _CannotRedo as problem:
            return self._rows(record, Finding(Verdict.REFUSED, Reason.CHANGED_SINCE, str(problem)))
        except TROUBLES as problem:
            return self._rows(record, trouble(problem))
        rows = self._rows(record, Finding(Verdict.REVERTED), data, draft.after.to_bytes()).rows
        return Sheet(rows, draft if draft.changes else None, FileRecord(record.path, record.sha256_before, tuple(left)))

    def _redone(self, draft: Rewrite, kept: list[Step], above: Sequence[Step]) -> tuple[Rewrite, list[Step]]:
        """``draft`` without the steps ``above`` that go. Those that stay are made again, and come to what they were."""
        changes = changes_of(draft, above)
        draft = taken_back(draft, above)
        for step in above:
            if self._goes(step):
                continue
            try:
                # not one of the selection's documents, which are those that go
                document = self.selection.catalogue.find(step.patch)
            except UnknownPatchError:
                raise _CannotRedo(f"{step.patch} came later and is no longer known; revert that one as well.") from None
            settings = self.selection.settings_of(document)
            found = examine(document, draft.path, draft.after, version_of(self.copy), settings)
            if found.verdict in (*STOPPERS, Verdict.NOT_AFFECTED):
                why = found.note or "its code is not in the original."
                raise _CannotRedo(f"{step.patch} came later and does not hold alone: {why} Revert that as well.")
            if found.edits is not None:
                kept.append(step_of(document, draft.after, found))
                draft = draft.then(found.edits)
            if found.edits is not None and change_of(kept[-1].undo, draft.after.text) != changes[step.patch]:
                raise _CannotRedo(f"{step.patch} came later and would not be what it was. Revert that as well.")
        return draft, kept

    def _goes(self, step: Step) -> bool:
        return not self.selection.named or step.patch in self.selection.named

    def _rows(
        self, record: FileRecord, found: Finding, before: bytes | None = None, after: bytes | None = None
    ) -> Sheet:
        gone = {step.patch: step.line for step in record.steps if self._goes(step)}
        hashes = (None if data is None else sha256(data) for data in (before, after))
        pair = tuple(hashes)
        return Sheet(
            tuple(row_of(self.copy, id, record.path, found._replace(line=line), *pair) for id, line in gone.items())
        )


def _whole(copy: Copy, receipt: Receipt, sheets: list[Sheet]) -> CopyPlan:
    rows = tuple(row for sheet in sheets for row in sheet.rows)
    if (stop := stopper(rows)) is not None:
        because = f"{stop.file} was {stop.verdict}"
        return CopyPlan(copy.root, tuple(held_back(row, because) for row in rows), (), receipt, receipt)
    records = {record.path: record for record in receipt.files}
    records |= {sheet.record.path: sheet.record for sheet in sheets if sheet.record}
    left = tuple(record for record in records.values() if record.steps)
    rewrites = tuple(sheet.rewrite for sheet in sheets if sheet.rewrite)
    return CopyPlan(copy.root, rows, rewrites, Receipt(receipt.version, left) if left else None, receipt)


def _changed(record: FileRecord, copy: Copy) -> Finding:
    note = (
        f"The file has changed since sio-patch patched it, so its receipt cannot restore it. To take out the patch "
        f"alone, name the file: {_by_file(str(copy.path / record.path), record.steps[-1].patch)}. "
        "To start afresh, install the package again."
    )
    return Finding(Verdict.REFUSED, Reason.CHANGED_SINCE, note)


def _nothing(row: Result) -> Result:
    """There is no receipt: what stands there, then, and whether it needs undoing."""
    if row.verdict is Verdict.APPLIED:
        note = (
            "The patch is in the code, but there is no receipt here, so the original bytes are not known. To take out "
            f"exactly what the patch adds, name the file: {_by_file(f'{row.path}/{row.file}', row.patch)}. "
            "Or undo the diff that brought it: patch -R -p1 < DIFF"
        )
        return row._replace(verdict=Verdict.REFUSED, reason=Reason.MISSING_FILE, note=note)
    return row if row.verdict in STOPPERS else annotated(row, NOTHING)


def _by_file(file: str, id: str) -> str:
    return quoted("sio-patch", "revert", file, "-p", id)
