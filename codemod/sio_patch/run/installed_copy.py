"""What `apply` would do to one installed copy, worked out in memory."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, NamedTuple

from sio_patch.documents.globs import fits, has_wildcards
from sio_patch.engine.edits import Edit, Edits
from sio_patch.engine.source import Source
from sio_patch.project import files
from sio_patch.project.layout import Copy
from sio_patch.project.receipt import NAME as RECEIPT
from sio_patch.project.receipt import FileRecord, Receipt, ReceiptError, Step, sha256
from sio_patch.project.receipt import read as read_receipt
from sio_patch.project.receipt import stages as proved
from sio_patch.run.finding import Finding, Version, applied_note, missing, sentence
from sio_patch.run.plan import READ_LIMIT_BYTES, CopyPlan, Rewrite, Selection, annotated, held_back, stopper
from sio_patch.run.trouble import TROUBLES, trouble
from sio_patch.verdict import Reason, Result, Verdict

if TYPE_CHECKING:
    from sio_patch.documents.document import Document


class Sheet(NamedTuple):
    """The part of a plan that is about one file. ``record`` is to be in force afterwards. ``outdated`` documents have
    changed since the receipt was written.
    """

    rows: tuple[Result, ...]
    rewrite: Rewrite | None = None
    record: FileRecord | None = None
    outdated: tuple[Document, ...] = ()


def plan_apply(copy: Copy, selection: Selection) -> CopyPlan:
    """Also what `status` and `diff` have to say about the copy. Reads; never writes."""
    distrust = None
    try:
        previous = read_receipt(copy.root)
    except ReceiptError as error:
        previous, distrust = None, error
    except TROUBLES as error:
        return CopyPlan(copy.root, rows_of_copy(copy, selection.for_copy(copy, None), trouble(error)))
    documents = selection.for_copy(copy, previous)
    if copy.outside is not None:
        return CopyPlan(copy.root, rows_of_copy(copy, documents, _outside(copy, copy.outside)), (), previous, previous)
    sheets = _seen_together(copy, documents, previous, selection)
    if distrust is not None:
        sheets = [_distrusting(sheet, distrust) for sheet in sheets]
    if previous is not None and (gone := selection.gone(previous, documents)):
        from sio_patch.run.gone import sheets_of

        sheets += sheets_of(copy, previous, gone)
    return _whole(copy, sheets, previous)


def row_of(
    copy: Copy, patch: str, file: str | None, found: Finding, before: str | None = None, after: str | None = None
) -> Result:
    """``before`` and ``after`` are the file's hashes."""
    return Result(
        patch=patch,
        package=copy.package,
        version=copy.version,
        path=str(copy.path),
        file=file,
        verdict=found.verdict,
        reason=found.reason,
        note=found.note,
        line=found.line,
        sha256_before=before,
        sha256_after=after,
    )


def rows_of_copy(copy: Copy, documents: Iterable[Document], found: Finding) -> tuple[Result, ...]:
    """The same finding for every patch, about the copy as a whole."""
    return tuple(row_of(copy, document.id, None, found) for document in documents)


def version_of(copy: Copy) -> Version:
    return Version(copy.version, "; ".join(copy.notes) or "package.json gives none")


def step_of(document: Document, before: Source, found: Finding) -> Step:
    """How the receipt remembers a needs-patch finding once it is written."""
    assert found.edits is not None
    assert found.after is not None
    assert found.line is not None
    digest = sha256(found.after.to_bytes())
    return Step(document.id, document.digest, found.line, digest, found.edits.inverse(before.text))


def lines_now(steps: Sequence[Step], last: Source) -> list[int]:
    """Where each step's change stands in ``last``, the text after all of them: a later step can push it down."""
    lines = [0] * len(steps)
    since: list[Edits] = []  # what led from the text at hand to the last one, the last edits first
    text = last.text
    for index in range(len(steps) - 1, -1, -1):
        offset = _line_start(text, steps[index].line)
        for edits in reversed(since):
            offset = edits.moved(offset)
        lines[index] = last.text.count("\n", 0, offset) + 1
        undo = steps[index].undo
        since.append(undo.inverse(text))
        text = undo.apply(text)
    return lines


def _line_start(text: str, line: int) -> int:
    offset = 0
    for _ in range(line - 1):
        offset = text.find("\n", offset) + 1
        if offset == 0:  # a receipt that says so does not know the file
            return len(text)
    return offset


def _whole(copy: Copy, sheets: Sequence[Sheet], previous: Receipt | None) -> CopyPlan:
    """A copy is patched whole or not at all: one refusal keeps every file as it is."""
    rows = tuple(_odd(copy, row) for sheet in sheets for row in _told(sheet))
    if (stop := stopper(rows)) is not None:
        because = f"{stop.file or 'the copy'} was {stop.verdict}"
        return CopyPlan(copy.root, tuple(held_back(row, because) for row in rows), (), previous, previous)
    rewrites = tuple(sheet.rewrite for sheet in sheets if sheet.rewrite)
    records = {record.path: record for record in (previous.files if previous else ())}
    records |= {sheet.record.path: sheet.record for sheet in sheets if sheet.record}
    if not any(sheet.record for sheet in sheets):
        return CopyPlan(copy.root, rows, (), previous, previous)
    left = tuple(record for record in records.values() if record.steps)
    return CopyPlan(copy.root, rows, rewrites, Receipt(copy.version, left) if left else None, previous)


def _told(sheet: Sheet) -> Iterable[Result]:
    if not sheet.outdated:
        return sheet.rows
    from sio_patch.run.outdated import told

    documents = {document.id: document for document in sheet.outdated}
    changes = sheet.rewrite is not None
    return [told(row, documents[row.patch], changes=changes) if row.patch in documents else row for row in sheet.rows]


def _odd(copy: Copy, row: Result) -> Result:
    """What is odd about package.json belongs to every row, unless the version's own sentence has said it."""
    if not copy.notes or copy.version is None or row.verdict is Verdict.NOT_AFFECTED:
        return row
    return annotated(row, sentence("; ".join(copy.notes)))


def _outside(copy: Copy, target: Path) -> Finding:
    note = f"{copy.path} leads to {target}, outside the directory that you named. To patch it, name it: {target}"
    return Finding(Verdict.REFUSED, Reason.OUTSIDE_ROOT, note)


def _distrusting(sheet: Sheet, error: ReceiptError) -> Sheet:
    """Nothing is written over a receipt that cannot be read."""
    refusal = trouble(error)
    rows = tuple(
        row._replace(verdict=refusal.verdict, reason=refusal.reason, note=refusal.note, sha256_after=row.sha256_before)
        if row.verdict is Verdict.NEEDS_PATCH
        else annotated(row, str(error))
        for row in sheet.rows
    )
    return Sheet(rows)


def _seen_together(
    copy: Copy, documents: Sequence[Document], receipt: Receipt | None, selection: Selection
) -> list[Sheet]:
    """The sheets of all files, as they are where the files of each document are seen together."""
    sheets = list(_sheets(copy, documents, receipt, selection))
    absent = Verdict.NOT_AFFECTED, Verdict.REFUSED
    if len(sheets) < 2 or not any(row.verdict in absent for sheet in sheets for row in sheet.rows):
        return sheets
    from sio_patch.run.several import parts_missing, pointed

    while more := parts_missing(documents, version_of(copy), sheets):  # ends: a document that is idle has no live part
        selection = selection._replace(idle={**selection.idle, **more})
        sheets = list(_sheets(copy, documents, receipt, selection))
    return pointed(documents, sheets)


def _sheets(
    copy: Copy, documents: Sequence[Document], receipt: Receipt | None, selection: Selection
) -> Iterator[Sheet]:
    concerned: dict[str, list[Document]] = {}
    for document in documents:
        for file in _expanded(copy.path, document.files):
            concerned.setdefault(file, []).append(document)
    for record in receipt.files if receipt else ():
        if any(is_another(step, documents) for step in record.steps):
            concerned.setdefault(record.path, [])
    seen: set[str] = set()
    for file, those in concerned.items():
        sheet = _sheet(copy, file, those, receipt.record(file) if receipt else None, selection, documents)
        if sheet is not None:
            seen.update(document.id for document in those)
            yield sheet
    for document in documents:
        if document.id not in seen:
            yield Sheet((row_of(copy, document.id, None, missing(document, version_of(copy))),))


def _expanded(root: Path, globs: Iterable[str]) -> list[str]:
    """The files to look at. A name without wildcards is one whether it is there or not."""
    found: list[str] = []
    for glob in globs:
        if has_wildcards(glob):
            paths = (path.relative_to(root).as_posix() for path in root.glob(glob) if not path.is_dir())
            found += sorted(path for path in paths if path != RECEIPT and fits(glob, path))
        else:
            found.append(glob)
    return list(dict.fromkeys(found))


def _sheet(
    copy: Copy,
    file: str,
    documents: Sequence[Document],
    record: FileRecord | None,
    selection: Selection,
    known: Sequence[Document],
) -> Sheet | None:
    """None where there is no such file. ``documents`` are about it; earlier editions of all that are ``known`` may have
    been.
    """
    try:
        data = files.read(copy.root, file, READ_LIMIT_BYTES)
    except (FileNotFoundError, NotADirectoryError):
        return None
    except TROUBLES as problem:
        return Sheet(tuple(row_of(copy, document.id, file, trouble(problem)) for document in documents))
    stages = proved(record, data) if record else ()
    held = held_steps(record, data) if stages else []  # what the receipt claims is about the file as it was found
    paper = Paper(Rewrite(file, Source.of(data)), record, tuple(held), stages)
    if record and any(is_another(step, known) for step in (held if stages else record.steps)):
        from sio_patch.run.outdated import moved

        return moved(copy, paper, documents, known, selection)
    return sheet_of(copy, paper, documents, selection)


class Paper(NamedTuple):
    """A file as it was found, and what the receipt proves of it: the steps that it holds, and its text before the
    first of them, after that, and so on to now. Both empty where nothing is proved.
    """

    draft: Rewrite
    record: FileRecord | None
    held: tuple[Step, ...]
    stages: tuple[Source, ...]


def sheet_of(copy: Copy, paper: Paper, documents: Sequence[Document], selection: Selection) -> Sheet:
    """One document after the other, as far as the receipt does not answer."""
    draft, steps = paper.draft, list(paper.held)
    findings: list[Finding] = []
    for document in documents:
        finding = receipted(copy, document, paper) or examined(copy, document, draft, selection)
        if paper.held and _is_nowhere(finding):
            finding = _made_again(copy, document, paper, selection) or finding
        if finding.edits is not None:
            steps.append(step_of(document, draft.after, finding))
            draft = draft.then(finding.edits)
        findings.append(finding)
    rows = rows_of(copy, draft, steps, zip(documents, findings, strict=True))
    return Sheet(rows, draft, recorded(paper, steps)) if draft.changes else Sheet(rows)


def recorded(paper: Paper, steps: Sequence[Step]) -> FileRecord:
    """The record of the file with these steps."""
    proved_before = paper.record.sha256_before if paper.record and paper.stages else None
    original = proved_before or sha256(paper.draft.before.to_bytes())
    return FileRecord(paper.draft.path, original, tuple(steps))


def is_another(step: Step, documents: Iterable[Document]) -> bool:
    """Whether another edition of one of the documents has made the step."""
    return any(step.patch == document.id and step.digest != document.digest for document in documents)


def examined(copy: Copy, document: Document, draft: Rewrite, selection: Selection) -> Finding:
    """The code's answer, on the text with what ``draft`` does."""
    from sio_patch.run.examine import examine  # late: most runs find every file as they left it

    found = examine(document, draft.path, draft.after, version_of(copy), selection.settings_of(document))
    idle = selection.idle.get(document.id)
    return found if idle is None or found.edits is None else Finding(Verdict.NOT_AFFECTED, note=idle)


def held_steps(record: FileRecord | None, data: bytes) -> list[Step]:
    """The steps of the record that the file holds. A file that the record does not know holds none."""
    standing = record.standing(sha256(data)) if record else None
    return list(record.steps[:standing]) if record and standing is not None else []


def rows_of(
    copy: Copy, draft: Rewrite, steps: Sequence[Step], found: Iterable[tuple[Document, Finding]]
) -> tuple[Result, ...]:
    """A row for each document, whose line is that in the text after all ``steps``."""
    after = draft.after
    lines = {}
    if len(steps) > 1:
        lines = dict(zip((step.patch for step in steps), lines_now(steps, after), strict=True))
    before, then = sha256(draft.before.to_bytes()), sha256(after.to_bytes())
    return tuple(
        row_of(copy, document.id, draft.path, finding._replace(line=lines.get(document.id, finding.line)), before, then)
        for document, finding in found
    )


def receipted(copy: Copy, document: Document, paper: Paper) -> Finding | None:
    """The receipt's answer, which needs no parser: this very patch was put into these very bytes.

    None where the code has to say it: the receipt is believed as far as the bytes and the patch's own text bear it out.
    """
    for at, step in enumerate(paper.held):
        if (step.patch, step.digest) == (document.id, document.digest) and not document.params:
            undo = _undo_now(paper.held, paper.stages, at)
            if undo is not None and _is_own(document, paper.draft.path, undo, paper.stages[-1].text):
                return Finding(Verdict.APPLIED, None, applied_note(document, version_of(copy)), step.line)
    return None


def _is_nowhere(finding: Finding) -> bool:
    """Whether the code has nothing of a patch."""
    return finding.reason is Reason.ANCHOR_MISSING or finding == Finding(Verdict.NOT_AFFECTED)


def _made_again(copy: Copy, document: Document, paper: Paper, selection: Selection) -> Finding | None:
    """The receipt's answer where the code has none, as after a mere deletion: the patch is made once more.

    What comes of the text before the step has to be the text after it.
    """
    from sio_patch.engine.outcome import NeedsPatch
    from sio_patch.run.assessed import assessed

    for step, before, after in zip(paper.held, paper.stages, paper.stages[1:], strict=False):
        if (step.patch, step.digest) == (document.id, document.digest):
            again = assessed(document, paper.draft.path, before, selection.settings_of(document))
            if isinstance(again, NeedsPatch) and again.after == after:
                return Finding(Verdict.APPLIED, None, applied_note(document, version_of(copy)), step.line)
    return None


def _is_own(document: Document, file: str, undo: Edits, now: str) -> bool:
    """Whether the step is the only diff's for this file. Of alternatives only the code tells which is in force."""
    diffs = document.diffs_for(file)
    if undo[-1].end > len(now) or len(diffs) != 1:
        return False
    ((_, diff),) = diffs
    if diff.raw:
        from sio_patch.engine.text_patch import compile_text_patch, makes

        return makes(compile_text_patch(diff.text), undo.apply(now), undo.inverse(now))
    from sio_patch.engine.own_change import is_own_change

    return is_own_change(diff.text, undo.apply(now), undo.inverse(now))


def _undo_now(steps: Sequence[Step], stages: Sequence[Source], at: int) -> Edits | None:
    """The undo of a step in the text after all steps; None where a later one has changed the same place."""
    undo = steps[at].undo
    for later, above in zip(steps[at + 1 :], stages[at + 2 :], strict=True):
        since = later.undo.inverse(above.text)
        try:
            undo = Edits(Edit(since.moved(edit.start), since.moved(edit.end), edit.new) for edit in undo)
        except ValueError:
            return None
    return undo
