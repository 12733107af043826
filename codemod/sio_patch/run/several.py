"""What one patch comes to in several files of a copy, which is patched whole. Touches no disk."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Sequence
from typing import TYPE_CHECKING

from sio_patch.documents.globs import fits
from sio_patch.run.finding import Version, sentence, standing
from sio_patch.verdict import Reason, Result, Verdict

if TYPE_CHECKING:
    from sio_patch.documents.document import Document

_THERE = (Verdict.NEEDS_PATCH, Verdict.APPLIED, Verdict.FIXED)


def seen_together(
    document: Document, version: Version, rows: Sequence[Result], without: Collection[tuple[str, str | None]]
) -> list[Result]:
    """``rows`` are all of the copy, and those of the document as each file by itself has them.

    A glob is for at least one of its files: another is ``not-affected`` that has nothing of the patch, which is said by
    ``without``, pairs of a patch and a file. And where one file has the code and another lacks it, the patch is not
    made by half, whatever the version.
    """
    ours = [row for row in rows if row.patch == document.id and row.file is not None]
    there = [row for row in ours if row.verdict in _THERE]
    if not there or len(there) == len(ours):
        return list(rows)
    live = next((row for row in there if row.verdict is Verdict.NEEDS_PATCH), None)
    seen = {id(row): _seen(document, version, row, there, live, (row.patch, row.file) in without) for row in ours}
    return [seen.get(id(row), row) for row in rows]


def _seen(
    document: Document, version: Version, row: Result, there: Sequence[Result], live: Result | None, bare: bool
) -> Result:
    if row.verdict is not Verdict.NOT_AFFECTED and row.reason is not Reason.ANCHOR_MISSING:
        return row
    home = _home(document, str(row.file), there) if bare else None
    if home is not None:
        note = f"The code that the patch is about is in {home.file}, and this file has nothing of it."
        return row._replace(verdict=Verdict.NOT_AFFECTED, reason=None, note=note, line=None)
    if live is None or row.verdict is not Verdict.NOT_AFFECTED:
        return row
    note = (
        f"{standing(document, version)}, but the code that the patch changes is in {live.file}, at line {live.line}, "
        f"and not in {row.file}, which is changed with it"
    )
    return row._replace(verdict=Verdict.REFUSED, reason=Reason.ANCHOR_MISSING, note=sentence(note))


def _home(document: Document, file: str, there: Iterable[Result]) -> Result | None:
    """The file with the code, where every glob that is for ``file`` is also for one that has it."""
    globs = [glob for glob in document.files if fits(glob, file)]
    homes = [next((row for row in there if fits(glob, str(row.file))), None) for glob in globs]
    return homes[0] if homes and None not in homes else None
