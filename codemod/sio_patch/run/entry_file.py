"""A patch of the file that an application starts with: which file, and what the patch does on the Node that runs it."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING

from sio_patch.documents.head import Effect
from sio_patch.engine.outcome import NeedsPatch
from sio_patch.engine.source import Source
from sio_patch.project import runtime
from sio_patch.project.entry import NoEntry, entry, unfit
from sio_patch.run.finding import sentence
from sio_patch.run.named_file import plan_named
from sio_patch.run.plan import FilePlan, Selection, annotated
from sio_patch.verdict import Result, Verdict

if TYPE_CHECKING:
    from sio_patch.documents.document import Document

_EFFECTS = {Effect.FULL: "effective", Effect.PART: "effective in part", Effect.NONE: "without effect"}
_NOWHERE = "nothing says which Node runs this (--node, .nvmrc, .node-version, volta.node, engines.node)"


def plan_entry(project: Path, selection: Selection, *, undo: bool) -> list[FilePlan]:
    """One plan for each patch of an entry, on what ``project`` starts with."""
    return [
        _plan_one(project, selection._replace(documents=(document,)), document, undo=undo)
        for document in selection.documents
        if selection.wants_entry(document)
    ]


def plan_named_entry(path: Path, selection: Selection, *, undo: bool) -> FilePlan:
    """The same for a file that the user named: whatever starts the application, this file is the one that is meant."""
    for document in selection.documents:
        if document.for_entry:
            refusal = unfit(path, patch=document.id, coffee=_by_hand(document, selection))
            if refusal is not None:
                return FilePlan(path, (_refused(document, path.parent, path.name, refusal),))
    return _noted(plan_named(path, selection, undo=undo), selection, _project_of(path), None)


def _plan_one(project: Path, selection: Selection, document: Document, *, undo: bool) -> FilePlan:
    found = entry(project, patch=document.id, coffee=_by_hand(document, selection))
    if isinstance(found, NoEntry):
        return FilePlan(project, (_refused(document, project, None, found),))
    plan = plan_named(project / found.file, selection, undo=undo)
    rows = tuple(row._replace(path=str(project), file=found.file) for row in plan.rows)
    return _noted(plan._replace(rows=rows), selection, project, found.rule)


def _refused(document: Document, directory: Path, file: str | None, refusal: NoEntry) -> Result:
    note = refusal.message if refusal.hint is None else f"{refusal.message} The line: {refusal.hint}"
    return Result(document.id, None, None, str(directory), file, Verdict.REFUSED, refusal.reason, note)


def _noted(plan: FilePlan, selection: Selection, project: Path, rule: str | None) -> FilePlan:
    tables = {document.id: document for document in selection.documents}
    rows = []
    for row in plan.rows:
        about = tables[row.patch]
        if about.for_entry and row.verdict not in (Verdict.REVERTED, Verdict.REFUSED):
            said = _decided(str(row.file), rule) if rule else None
            row = annotated(row, " ".join(filter(None, (said, effect(about, project, selection.node)))))
        rows.append(row)
    return plan._replace(rows=tuple(rows))


def _decided(file: str, rule: str) -> str:
    by_name = rule == file or rule.startswith(f"{file} (")
    return f"{file} is the entry, by its name{rule[len(file) :]}." if by_name else f"{file} is the entry, by {rule}."


def effect(document: Document, project: Path, option: str | None) -> str:
    """What the patch does on the Node that the project asks for, in whole sentences."""
    wanted = runtime.wanted_node(project, option)
    table = [runtime.Row(*row) for row in document.runtimes]
    if wanted is None or wanted.range is None:
        return _unknown(_NOWHERE if wanted is None else wanted.note or wanted.source, table)
    found = runtime.effects(wanted.range, table)
    asked = f"Node {wanted.range} ({wanted.source})"
    rows = [reached.row for reached in found.reached]
    if not rows:
        return _unknown(f"{asked} is no release that is known here", table)
    if len({row.effect for row in rows}) > 1:
        return f"{asked} is more than one: {_summary(rows)}.{_instead(rows)} Say which it is with --node."
    words = rows[0].words if len(rows) == 1 else "; ".join(f"on {row.node} {row.words}" for row in rows)
    return f"{sentence(_EFFECTS[Effect(rows[0].effect)])[:-1]} on {asked}: {words}.{_instead(rows)}"


def _unknown(why: str, table: Sequence[runtime.Row]) -> str:
    return f"Whether it has an effect is unknown: {why}. {sentence(_summary(table))}"


def _summary(rows: Sequence[runtime.Row]) -> str:
    """The ranges of each effect; those without one are the others."""
    ranges = {effect: " or ".join(row.node for row in rows if row.effect == effect) for effect in _EFFECTS}
    others = ranges.pop(Effect.NONE) and f"{_EFFECTS[Effect.NONE]} on others"
    said = (f"{_EFFECTS[effect]} on Node {where}" for effect, where in ranges.items() if where)
    return ", ".join(filter(None, (*said, others)))


def _instead(rows: Sequence[runtime.Row]) -> str:
    """What does help, on each range for which that is known."""
    alone = len(rows) == 1
    return "".join(
        f" What helps {'there' if alone else f'on Node {row.node}'} is {row.instead}." for row in rows if row.instead
    )


def _by_hand(document: Document, selection: Selection) -> str | None:
    """What the patch puts into an empty file, as CoffeeScript takes it too: without semicolons."""
    from sio_patch.run.assessed import assessed

    found = assessed(document, "/", Source(""), selection.settings_of(document))
    if not isinstance(found, NeedsPatch):
        return None
    return "\n".join(line.rstrip(";") for line in found.after.text.splitlines())


def _project_of(path: Path) -> Path:
    """The nearest directory above ``path`` that has a package.json; else the file's own."""
    folders: Sequence[Path] = path.resolve().parents
    return next((folder for folder in folders if (folder / "package.json").is_file()), path.parent)
