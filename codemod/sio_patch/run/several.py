"""What one patch comes to in several files of a copy, which is patched whole. Touches no disk."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from typing import TYPE_CHECKING

from sio_patch.documents.globs import fits, fits_any
from sio_patch.run.finding import Version, sentence, standing
from sio_patch.run.plan import annotated
from sio_patch.verdict import Reason, Result, Verdict

if TYPE_CHECKING:
    from sio_patch.documents.document import Document
    from sio_patch.run.installed_copy import Sheet

_THERE = (Verdict.NEEDS_PATCH, Verdict.APPLIED, Verdict.FIXED)


def parts_missing(documents: Iterable[Document], version: Version, sheets: Sequence[Sheet]) -> Mapping[str, str]:
    """The documents of whose code the copy has a part and lacks a part, where the version is outside their range, each
    with a note: no patch is made by half. Inside the range what is missing has been refused.
    """
    found = {}
    for document in documents:
        rows = _rows(document, sheets)
        lacking = next((row for row in rows if row.verdict is Verdict.NOT_AFFECTED), None)
        if lacking is not None and any(row.verdict is Verdict.NEEDS_PATCH for row in rows):
            what = f"and not all that the patch changes is there: {lacking.file} lacks it, so nothing is changed"
            found[document.id] = sentence(f"{standing(document, version)}, {what}")
    return found


def pointed(documents: Iterable[Document], sheets: Sequence[Sheet]) -> list[Sheet]:
    """With a hint where a wildcard has found one file with the code and another without."""
    hints: dict[int, str] = {}
    for document in documents:
        rows = _rows(document, sheets)
        there = [str(row.file) for row in rows if row.verdict in _THERE]
        for row in rows:
            home = next((file for file in there if _one_glob(document, file, str(row.file))), None)
            if row.reason is Reason.ANCHOR_MISSING and home is not None:
                hints[id(row)] = f"It is in {home}: if it need not be here, name the files of the patch more closely."
    return [
        sheet._replace(rows=tuple(annotated(row, hints[id(row)]) if id(row) in hints else row for row in sheet.rows))
        for sheet in sheets
    ]


def _rows(document: Document, sheets: Iterable[Sheet]) -> list[Result]:
    """The document's rows about its files."""
    rows = (row for sheet in sheets for row in sheet.rows if row.patch == document.id)
    return [row for row in rows if fits_any(document.files, row.file or "")]


def _one_glob(document: Document, file: str, other: str) -> bool:
    return any(fits(glob, file) and fits(glob, other) for glob in document.files)
