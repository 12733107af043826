"""What one patch comes to in several files of a copy, which is patched whole. Touches no disk."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from typing import TYPE_CHECKING

from sio_patch.documents.globs import fits, fits_any
from sio_patch.run.finding import Version, sentence, standing
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
        there = [row for row, _ in rows if row.verdict in _THERE]
        absent = [(row, bare) for row, bare in rows if row.verdict is Verdict.NOT_AFFECTED]
        lacking = [row for row, bare in absent if _home(document, row, bare, there) is None]
        if lacking and any(row.verdict is Verdict.NEEDS_PATCH for row in there):
            what = f"and not all that the patch changes is there: {lacking[0].file} lacks it, so nothing is changed"
            found[document.id] = sentence(f"{standing(document, version)}, {what}")
    return found


def at_home(documents: Iterable[Document], sheets: Sequence[Sheet]) -> list[Sheet]:
    """A glob is for at least one of its files: another that has nothing of the patch is ``not-affected``."""
    homes: dict[int, Result] = {}
    for document in documents:
        rows = _rows(document, sheets)
        there = [row for row, _ in rows if row.verdict in _THERE]
        homes |= {id(row): home for row, bare in rows if (home := _home(document, row, bare, there)) is not None}
    return [sheet._replace(rows=tuple(_elsewhere(row, homes.get(id(row))) for row in sheet.rows)) for sheet in sheets]


def _rows(document: Document, sheets: Iterable[Sheet]) -> list[tuple[Result, bool]]:
    """The document's rows about its files; of each whether the file has nothing of the patch."""
    return [
        (row, document.id in sheet.without)
        for sheet in sheets
        for row in sheet.rows
        if row.patch == document.id and fits_any(document.files, row.file or "")
    ]


def _home(document: Document, row: Result, bare: bool, there: Sequence[Result]) -> Result | None:
    """The file with the code that ``row`` has nothing of, where every glob for it is also for one that has the code."""
    if not bare or (row.verdict is not Verdict.NOT_AFFECTED and row.reason is not Reason.ANCHOR_MISSING):
        return None
    globs = [glob for glob in document.files if fits(glob, str(row.file))]
    homes = [next((each for each in there if fits(glob, str(each.file))), None) for glob in globs]
    return homes[0] if homes and None not in homes else None


def _elsewhere(row: Result, home: Result | None) -> Result:
    if home is None:
        return row
    note = f"The code that the patch is about is in {home.file}, and nothing of it is here."
    return row._replace(verdict=Verdict.NOT_AFFECTED, reason=None, note=note, line=None)
