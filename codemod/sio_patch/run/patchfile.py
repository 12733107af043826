"""What is planned, as a diff for `git apply` and `patch -p1`, and a reviewed diff against what is planned."""

from __future__ import annotations

import os
import re
import shlex
import textwrap
from collections.abc import Iterator
from difflib import SequenceMatcher
from itertools import accumulate
from pathlib import Path

from sio_patch.documents.catalogue import Document
from sio_patch.engine.diff import DiffError, difference, parse, preface, unified_diff
from sio_patch.engine.edits import Edit, Edits
from sio_patch.engine.source import Source
from sio_patch.project import files
from sio_patch.project.commit import Change
from sio_patch.run.plan import Plan
from sio_patch.run.work import CallError, Planned
from sio_patch.verdict import Reason, Result, Verdict

_LINE = re.compile(r"[^\n]*\n|[^\n]+")
_FILE = re.compile(rb"^(?=--- [^\n]*\n\+\+\+ )", re.MULTILINE)


def diff_of(found: Planned) -> bytes:
    """Comments first: which patches, why, and until when; then the changes. Empty where there are none.

    Paths are real and relative to the current directory. Raises CallError where a change lies outside of it, because
    `git apply` and `patch` refuse a way out.
    """
    changes = b"".join(_file_diff(plan, change) for plan in found.plans for change in plan.changes)
    if not changes:
        return b""
    changing = {row.patch for plan in found.plans if plan.changes for row in plan.rows if _needs(row)}
    lines = [line for document in found.documents if document.id in changing for line in _about(document)]
    return preface(lines) + changes


def only_as_reviewed(found: Planned, reviewed: bytes, name: str) -> Planned:
    """What is planned where that is exactly the changes of the reviewed diff; else one that writes nothing.

    The diff may also hold changes to files that are patched by now. Raises CallError where it is no unified diff.
    """
    applied = {_shown(plan, row.file) for plan in found.plans for row in plan.rows if row.verdict is Verdict.APPLIED}
    planned = diff_of(found)
    try:
        parse(reviewed)
        problem = difference(_without(reviewed, applied - {file.path for file in parse(planned)}), planned)
    except DiffError as error:
        raise CallError(f"{name} cannot be read as a unified diff: {error}.") from None
    if problem is None:
        return found
    note = f"{name} is not what would be done now: {problem}. Nothing was changed. Make a new diff and review that."
    if not planned:
        return found._replace(sentences=(*found.sentences, note))
    return found._replace(plans=tuple(_refused(plan, note) for plan in found.plans))


def save(path: Path, data: bytes, found: Planned) -> None:
    """Writes the diff to a file, whole or not at all. Raises OSError, and CallError for a file that was looked at."""
    looked_at = (
        plan.root if plan.named_file else plan.root / (row.file or "") for plan in found.plans for row in plan.rows
    )
    if os.path.realpath(path) in map(os.path.realpath, looked_at):
        raise CallError(f"-o {path}: that is one of the files that the diff is about.")
    if path.is_file() or not path.exists():
        files.replace(Path(os.path.realpath(path)), data)
    else:
        path.write_bytes(data)  # a device or a pipe, which has no real path; a directory raises


def _file_diff(plan: Plan, change: Change) -> bytes:
    path = _shown(plan, change.path)
    if path.startswith("../"):
        real = os.path.realpath(plan.root)
        raise CallError(
            f"{plan.root} is outside of the current directory, and `git apply` and `patch` refuse paths that lead out "
            f"of it. Run this in the project's directory: cd {_project(real)}"
        )
    before, after = Source.of(change.before), Source.of(change.after)
    return unified_diff(path, before, after, _edits(before.text, after.text))


def _shown(plan: Plan, file: str | None) -> str:
    """The file's real path, relative to the current directory, with ``/``."""
    real = os.path.realpath(plan.root if plan.named_file else plan.root / (file or ""))
    return os.path.relpath(real, os.path.realpath("."))


def _project(real: str) -> str:
    """The directory that holds the outermost node_modules on the way to a copy."""
    project, found, _ = real.partition("/node_modules/")
    return shlex.quote(project if found else str(Path(real).parent))


def _edits(before: str, after: str) -> Edits:
    """Whole lines. Several patches may share a file, so the lines between the common head and tail are compared."""
    old, new = _LINE.findall(before), _LINE.findall(after)
    head = _common(old, new)
    tail = _common(old[head:][::-1], new[head:][::-1])
    start = sum(map(len, old[:head]))
    old, new = old[head : len(old) - tail], new[head : len(new) - tail]
    offsets = list(accumulate(map(len, old), initial=start))
    matcher = SequenceMatcher(None, old, new, autojunk=False)
    return Edits.of(
        Edit(offsets[old_start], offsets[old_end], "".join(new[new_start:new_end]))
        for tag, old_start, old_end, new_start, new_end in matcher.get_opcodes()
        if tag != "equal"
    )


def _common(one: list[str], other: list[str]) -> int:
    """How many lines both begin with."""
    return next((at for at, (a, b) in enumerate(zip(one, other, strict=False)) if a != b), min(len(one), len(other)))


def _needs(row: Result) -> bool:
    return row.verdict is Verdict.NEEDS_PATCH


def _without(reviewed: bytes, paths: set[str]) -> bytes:
    """The diff without its parts about ``paths``."""
    parts = _FILE.split(reviewed)
    return b"".join(part for part in parts if not any(file.path in paths for file in parse(part)))


def _refused(plan: Plan, note: str) -> Plan:
    rows = tuple(
        row._replace(verdict=Verdict.REFUSED, reason=Reason.CHANGED_SINCE, note=note, sha256_after=row.sha256_before)
        if _needs(row)
        else row
        for row in plan.rows
    )
    return plan._replace(rows=rows, changes=(), receipt=plan.previous)


def _about(document: Document) -> Iterator[str]:
    yield f"sio-patch {document.id}: {document.title}"
    yield from textwrap.wrap(document.summary, 100)
    if document.fixed_in:
        yield f"Upstream: {document.package} has this fixed since {document.fixed_in}. From there on, drop this patch."
    else:
        yield f"Upstream: no release of {document.package} has this fixed yet."
    yield f"To read more: sio-patch show {document.id}"
    yield ""
