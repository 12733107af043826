"""What is planned, as a diff for `git apply` and `patch -p1`, and a reviewed diff against what is planned."""

from __future__ import annotations

import os
import shlex
import textwrap
from collections.abc import Callable, Iterator
from pathlib import Path

from sio_patch.documents.document import Document
from sio_patch.documents.head import Kind
from sio_patch.engine.diff import preface, unified_diff
from sio_patch.engine.reviewed import DiffError, difference
from sio_patch.project import files
from sio_patch.run.plan import READ_LIMIT_BYTES, STOPPERS, CopyPlan, Plan, Rewrite, held_back
from sio_patch.run.work import Planned, Request
from sio_patch.verdict import CallError, Reason, Result, Verdict


def diff_of(found: Planned, base: Path = Path()) -> bytes:
    """Comments first: which patches, why, and until when; then the changes. Empty where there are none.

    Paths are real and relative to ``base``, by default the current directory. Raises CallError where a change lies
    outside of it, because `git apply` and `patch` refuse a way out.
    """
    changes = b"".join(
        _file_diff(plan.place, path, rewrite, base) for plan in found.plans for path, rewrite in plan.files
    )
    if not changes:
        return b""
    changing = {row.patch for plan in found.plans if plan.writes for row in plan.rows if _needs(row)}
    lines = [line for document in found.documents if document.id in changing for line in _about(document)]
    return preface(lines) + changes


def only_as_reviewed(found: Planned, reviewed: Path) -> Planned:
    """What is planned where that is exactly the changes of the reviewed diff; else one that writes nothing.

    The diff may also hold changes to files that are patched by now. Raises CallError where it is no unified diff, and
    OSError.
    """
    applied = {_shown(_file(row)) for row in found.results if row.verdict is Verdict.APPLIED}
    planned = diff_of(found)
    try:
        problem = difference(_read(reviewed), planned, applied)
    except DiffError as error:
        raise CallError(f"{reviewed} cannot be read as a unified diff: {error}.") from None
    if problem is None:
        return found
    note = f"{reviewed} is not what would be done now: {problem}. Nothing was changed. Make a new diff and review that."
    if not planned:
        return found._replace(sentences=(*found.sentences, note))
    return found._replace(plans=tuple(_refused(plan, note) for plan in found.plans))


def only_as_the_project_has_reviewed(found: Planned, request: Request, alone: Callable[[Request], Planned]) -> Planned:
    """What is planned, but for patches whose diff in sio-patch.toml's ``[reviewed]`` is another one.

    ``alone`` plans a request. The diff is that of the patch by itself, from the directory of sio-patch.toml; it may
    hold more files than are changed now. Raises CallError where it is no unified diff, and OSError.
    """
    for known, paths in request.projects:
        for settings in known.wishes.said:
            for id, reviewed in settings.reviewed.items():
                if any(row.patch == id and _needs(row) for row in found.results):
                    asked = request._replace(projects=[(known, paths)], ids=(id,))
                    note = _unreviewed(reviewed, alone(asked), settings.path.parent)
                    found = found if note is None else _without(found, id, f"{note} Nothing in this copy was changed.")
    return found


class _Every:
    """All files there are: none that the diff shows has to be changed."""

    def __contains__(self, path: object) -> bool:
        return True


def _unreviewed(reviewed: Path, planned: Planned, base: Path) -> str | None:
    try:
        problem = difference(_read(reviewed), diff_of(planned, base), _Every())
    except DiffError as error:
        raise CallError(f"{reviewed} cannot be read as a unified diff: {error}.") from None
    except CallError:
        problem = f"it is relative to {base}, and what is to be changed is not in there"
    if problem is None:
        return None
    return (
        f"{reviewed} is not what this patch would do now: {problem}. Make a new diff, review that, and save it there."
    )


def _without(found: Planned, id: str, note: str) -> Planned:
    """Without the plans that change something for this patch."""
    plans = []
    for plan in found.plans:
        concerned = [row for row in plan.rows if row.patch == id and _needs(row)]
        rows = (
            row._replace(
                verdict=Verdict.REFUSED, reason=Reason.CHANGED_SINCE, note=note, sha256_after=row.sha256_before
            )
            if row in concerned
            else held_back(row, f"{id} was refused")
            for row in plan.rows
        )
        plans.append(plan.without_writes(tuple(rows)) if concerned else plan)
    return found._replace(plans=tuple(plans))


def save(path: Path, data: bytes, found: Planned) -> None:
    """Writes the diff to a file, whole or not at all, and nothing where it is empty because something was refused.

    Raises OSError, and CallError for a file that was looked at, whatever became of it.
    """
    real = os.path.realpath(path)
    if real in {os.path.realpath(each) for each in _looked_at(found)} or _of_a_copy(Path(real), found):
        raise CallError(f"-o {path}: that is one of the files that the diff is about.")
    if not data and any(row.verdict in STOPPERS for row in found.results):
        return
    if path.is_file() or not path.exists():
        files.replace(Path(real), data)
    else:
        path.write_bytes(data)  # a device or a pipe, which has no real path; a directory raises


def _read(reviewed: Path) -> bytes:
    """Never waits: what is no file, as a pipe that nobody writes to, is a CallError; so is one that is too large."""
    if not reviewed.is_file():
        raise CallError(f"{reviewed} is not a file. Save the diff in one, and name that.")
    if reviewed.stat().st_size > READ_LIMIT_BYTES:
        raise CallError(f"{reviewed} is larger than {READ_LIMIT_BYTES // 1024**2} MiB, which is no diff to review.")
    return reviewed.read_bytes()


def _looked_at(found: Planned) -> Iterator[Path]:
    yield from (plan.place for plan in found.plans)
    yield from (_file(row) for row in found.results)
    yield from (document.path for document in found.documents)


def _of_a_copy(real: Path, found: Planned) -> bool:
    """Whether a copy already has this file, and it is not an older diff."""
    inside = any(isinstance(plan, CopyPlan) and real.is_relative_to(plan.place.resolve()) for plan in found.plans)
    if not inside or not real.is_file():
        return False
    with real.open("rb") as file:
        head = file.read(12)
    return bool(head) and not head.startswith((b"# sio-patch ", b"--- "))


def _file_diff(place: Path, path: Path, rewrite: Rewrite, base: Path) -> bytes:
    shown = _shown(path, base)
    if shown.startswith("../"):
        raise CallError(
            f"{place} is outside of the current directory, and `git apply` and `patch` refuse paths that lead out "
            f"of it. Run this in the project's directory: cd {_project(os.path.realpath(place))}"
        )
    return unified_diff(shown, rewrite.before, rewrite.after, rewrite.edits)


def _shown(path: Path, base: Path = Path()) -> str:
    """The file's real path, relative to ``base``, with ``/``."""
    return os.path.relpath(os.path.realpath(path), os.path.realpath(base))


def _file(row: Result) -> Path:
    return Path(row.path, row.file or "")


def _project(real: str) -> str:
    """The directory that holds the outermost node_modules on the way to a copy."""
    project, found, _ = real.partition("/node_modules/")
    return shlex.quote(project if found else str(Path(real).parent))


def _needs(row: Result) -> bool:
    return row.verdict is Verdict.NEEDS_PATCH


def _refused(plan: Plan, note: str) -> Plan:
    rows = tuple(
        row._replace(verdict=Verdict.REFUSED, reason=Reason.CHANGED_SINCE, note=note, sha256_after=row.sha256_before)
        if _needs(row)
        else row
        for row in plan.rows
    )
    return plan.without_writes(rows)


def _about(document: Document) -> Iterator[str]:
    yield f"sio-patch {document.id}: {document.title}"
    yield from textwrap.wrap(document.page.summary, 100)
    if document.fixed_in:
        yield f"Upstream: {document.package} has this fixed since {document.fixed_in}. From there on, drop this patch."
    elif document.kind is not Kind.CHANGE:
        yield f"Upstream: no release of {document.package} has this fixed yet."
    yield f"To read more: sio-patch show {document.id}"
    yield ""
