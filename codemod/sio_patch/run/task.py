"""The work on one target: one call that plans, one that writes. Values in, values out, so any process can do it."""

from __future__ import annotations

import os
from pathlib import Path
from typing import NamedTuple, assert_never

from sio_patch.project import files
from sio_patch.project.files import Root
from sio_patch.project.layout import Copy
from sio_patch.run.installed_copy import plan_apply
from sio_patch.run.plan import CopyPlan, FilePlan, Plan, Selection
from sio_patch.run.targets import Entry, NamedFile, Target
from sio_patch.run.trouble import TROUBLES, trouble
from sio_patch.verdict import Result, Verdict


class Task(NamedTuple):
    """Apply, or with ``undo`` take back, the patches of ``selection`` on ``target``."""

    target: Target
    selection: Selection
    undo: bool = False


def plans_of(task: Task) -> tuple[Plan, ...]:
    """What is to be done: one plan, but for an entry one for each of its patches. Reads; never writes.

    Raises DocumentError and OSError about documents; what is wrong with the target is in the plan.
    """
    match task.target:
        case Copy():
            return (_copy_plan(task.target, task),)
        case NamedFile():
            return (_file_plan(task.target.path, task),)
        case Entry():
            from sio_patch.run.entry_file import plan_entry

            return tuple(plan_entry(task.target.project, task.selection, undo=task.undo))
        case _:
            assert_never(task.target)


def written(plan: Plan) -> tuple[Result, ...]:
    """Carries out the plan, whole or not at all, and says what came of it."""
    if not plan.writes:
        _sweep(plan)
        return plan.rows
    from sio_patch.project.commit import HalfDone

    try:
        _commit(plan)
    except (*TROUBLES, HalfDone) as problem:
        return tuple(_unwritten(row, problem) for row in plan.rows)
    return tuple(_done(row) for row in plan.rows)


def _copy_plan(copy: Copy, task: Task) -> CopyPlan:
    if not task.undo:
        return plan_apply(copy, task.selection)
    from sio_patch.run.undo import plan_undo

    return plan_undo(copy, task.selection)


def _file_plan(path: Path, task: Task) -> FilePlan:
    if any(document.for_entry for document in task.selection.documents):
        from sio_patch.run.entry_file import plan_named_entry

        return plan_named_entry(path, task.selection, undo=task.undo)
    from sio_patch.run.named_file import plan_named

    return plan_named(path, task.selection, undo=task.undo)


def _commit(plan: Plan) -> None:
    from sio_patch.project import commit

    changes = [commit.Change(each.path, each.before.to_bytes(), each.after.to_bytes()) for _, each in plan.files]
    match plan:
        case CopyPlan():
            commit.commit(plan.root, changes, plan.receipt, previous=plan.previous)
        case FilePlan():
            for change in changes:
                commit.rewrite(plan.place, change.before, change.after)
        case _:
            assert_never(plan)


def _sweep(plan: Plan) -> None:
    """Removes the temporary files that a killed run has left, also where there is nothing to write."""
    if isinstance(plan, CopyPlan):
        root, paths = plan.root, [row.file for row in plan.rows if row.file]
        paths += [record.path for record in (plan.previous.files if plan.previous else ())]
    else:
        real = Path(os.path.realpath(plan.place))
        root, paths = Root.at(real.parent), [real.name] if real.is_file() else []
    if paths and files.has_stray(root, paths):
        from sio_patch.project import commit

        commit.sweep(root, paths)


def _done(row: Result) -> Result:
    return row._replace(verdict=Verdict.PATCHED) if row.verdict is Verdict.NEEDS_PATCH else row


def _unwritten(row: Result, problem: Exception) -> Result:
    if row.verdict not in (Verdict.NEEDS_PATCH, Verdict.REVERTED):
        return row
    from sio_patch.project.commit import HalfDone

    found = trouble(problem)
    held = problem.held if isinstance(problem, HalfDone) else {}
    return row._replace(
        verdict=found.verdict,
        reason=found.reason,
        note=found.note,
        line=None,
        sha256_after=held.get(row.file or "", row.sha256_before),
    )
