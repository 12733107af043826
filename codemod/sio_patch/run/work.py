"""The whole of one command: find what the user named, plan everything, then write."""

from __future__ import annotations

import os
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from pathlib import Path
from typing import NamedTuple, Protocol, TypeVar, assert_never

from sio_patch.documents.catalogue import Catalogue
from sio_patch.documents.document import Document
from sio_patch.documents.params import BadParameter
from sio_patch.project import files, layout
from sio_patch.project.files import Root
from sio_patch.project.layout import Copy
from sio_patch.run.installed_copy import plan_apply
from sio_patch.run.plan import CopyPlan, FilePlan, Plan, Selection
from sio_patch.run.trouble import TROUBLES, trouble
from sio_patch.verdict import CallError, Result, Verdict

T = TypeVar("T")


class Progress(Protocol):
    """Gives the items one by one, and may show on a terminal how far it has got."""

    def __call__(self, items: Sequence[T], label: str) -> Iterable[T]: ...


class Request(NamedTuple):
    """What the user asked for, as they put it, and the documents that there are."""

    catalogue: Catalogue
    paths: tuple[Path, ...] = ()  # none: the current directory
    ids: tuple[str, ...] = ()
    parameters: Mapping[str, str] = {}
    node: str | None = None


class Planned(NamedTuple):
    """Everything planned, nothing written. ``sentences`` are about paths at which there is nothing to do."""

    plans: tuple[Plan, ...]
    sentences: tuple[str, ...]
    documents: tuple[Document, ...]

    @property
    def results(self) -> tuple[Result, ...]:
        return tuple(row for plan in self.plans for row in plan.rows)


def planned(request: Request, progress: Progress) -> Planned:
    """What `apply` would do. Raises CallError, UnknownPatchError and DocumentError."""

    def plan_file(path: Path, selection: Selection) -> FilePlan:
        from sio_patch.run.named_file import plan_apply_named

        return plan_apply_named(path, selection)

    return _planned(request, progress, plan_apply, plan_file)


def planned_undo(request: Request, progress: Progress) -> Planned:
    """What `revert` would do. Raises the same."""
    from sio_patch.run.named_file import plan_undo_named
    from sio_patch.run.undo import plan_undo

    return _planned(request, progress, plan_undo, plan_undo_named)


def write(found: Planned, progress: Progress) -> tuple[Result, ...]:
    """Carries out the plans, each whole or not at all. One that cannot be does not stop the others."""
    return tuple(row for plan in progress(found.plans, "Writing") for row in _written(plan))


def _planned(
    request: Request,
    progress: Progress,
    plan_copy: Callable[[Copy, Selection], CopyPlan],
    plan_file: Callable[[Path, Selection], FilePlan],
) -> Planned:
    selection = _selection(request)
    found = _Found.at(request, selection)
    plans = [
        plan_copy(target, selection) if isinstance(target, Copy) else _plan_named(target, selection, plan_file)
        for target in progress(found.targets, "Looking")
    ]
    if found.projects:
        from sio_patch.run.entry_file import plan_entry

        entries = [plan for project in found.projects for plan in plan_entry(project, selection, plan_file)]
        plans += _not_yet(plans, entries)
    return Planned((*plans, *found.troubles), tuple(found.sentences), selection.documents)


def _not_yet(plans: Iterable[Plan], more: Iterable[Plan]) -> Iterator[Plan]:
    """Those of ``more`` that are about another file, or another patch, than all before: an entry may be named too."""
    seen = {(os.path.realpath(plan.place), row.patch) for plan in plans for row in plan.rows}
    for plan in more:
        keys = {(os.path.realpath(plan.place), row.patch) for row in plan.rows}
        if not keys <= seen:
            yield plan
        seen |= keys


def _plan_named(path: Path, selection: Selection, plan_file: Callable[[Path, Selection], FilePlan]) -> FilePlan:
    if all(document.target == "package" for document in selection.documents):
        return plan_file(path, selection)
    from sio_patch.run.entry_file import plan_named_entry

    return plan_named_entry(path, selection, plan_file)


def _selection(request: Request) -> Selection:
    ids = tuple(dict.fromkeys(request.ids))
    documents = tuple(request.catalogue.find(id) for id in ids) if ids else request.catalogue.all()
    for name, text in request.parameters.items():
        _check_setting(name, text, documents, ids)
    return Selection(request.catalogue, documents, ids, request.parameters, request.node)


def _check_setting(name: str, text: str, documents: Sequence[Document], ids: Sequence[str]) -> None:
    takers = [document for document in documents if name in document.params]
    if not takers:
        which = ", ".join(document.id for document in documents)
        known = [f"{other} of {document.id}" for document in documents for other in document.params]
        there = f"; there is {', '.join(known)}" if known else ""
        raise CallError(f"--set {name}: no parameter of that name in {which}{there}.")
    if not ids and all(document.target == "entry" for document in takers):
        raise CallError(f"--set {name}: that is for {takers[0].id}; ask for it with -p {takers[0].id}.")
    for taker in takers:
        try:
            taker.params[name].read(text)
        except BadParameter as problem:
            raise CallError(f"--set {problem}") from None


class _Found:
    """The copies and files under the paths that the user gave, each real directory once."""

    def __init__(self, selection: Selection) -> None:
        self.selection = selection
        documents = selection.documents
        self.packages = sorted({document.package for document in documents if document.target == "package"})
        self.wants_entry = bool(selection.named) and any(document.target == "entry" for document in documents)
        self.targets: list[Copy | Path] = []
        self.projects: list[Path] = []
        self.troubles: list[Plan] = []
        self.sentences: list[str] = []
        self._seen: set[str] = set()
        self._met = 0  # targets met, also again

    @classmethod
    def at(cls, request: Request, selection: Selection) -> _Found:
        found = cls(selection)
        for path in request.paths or (Path(),):
            found._path(path)
        return found

    def _path(self, path: Path) -> None:
        if path.is_dir():
            self._directory(path)
        elif path.is_file():
            self._file(path)
        elif path.is_symlink():
            raise CallError(f"{path} is a symbolic link to nothing.")
        elif path.exists():
            raise CallError(f"{path} is neither a directory nor a file.")
        else:
            raise CallError(f"there is no {path}.")

    def _file(self, path: Path) -> None:
        if not self.selection.named:
            raise CallError(
                f"{path} is a file: say which patch to try on it, with -p ID (`sio-patch list` has the ids)."
            )
        self._add(path, path)

    def _directory(self, path: Path) -> None:
        before = self._met
        if self.wants_entry:
            self.projects.append(path)
            if not self.packages:
                return
        try:
            for copy in layout.copies(path, self.packages, on_error=self._unlisted):
                self._add(copy, copy.path)
        except OSError as error:
            self._unlisted(error)
        if self._met == before:
            self._nothing_at(path)

    def _add(self, target: Copy | Path, path: Path) -> None:
        self._met += 1
        real = os.path.realpath(path)
        if real not in self._seen:
            self._seen.add(real)
            self.targets.append(target)

    def _nothing_at(self, path: Path) -> None:
        if not _is_project(path):
            raise CallError(
                f"{_named(path)} has neither a package.json nor a node_modules. Name a package's directory, a project, "
                "or a JavaScript file (with -p)."
            )
        self.sentences.append(f"Nothing to do: there is no {' and no '.join(self.packages)} in {_named(path)}.")

    def _unlisted(self, error: OSError) -> None:
        """A directory that cannot be looked into may hold a copy: that is a failure of every patch."""
        self._met += 1
        finding = trouble(error)
        rows = tuple(
            Result(document.id, None, None, str(error.filename), None, finding.verdict, note=finding.note)
            for document in self.selection.documents
            if document.target == "package" and (document.default or self.selection.named)
        )
        self.troubles.append(CopyPlan(Root.at(Path(str(error.filename))), rows))


def _named(path: Path) -> str:
    return "this directory" if path == Path() else str(path)


def _is_project(path: Path) -> bool:
    inside_modules = "node_modules" in (path.resolve().name, path.resolve().parent.name)
    return inside_modules or (path / "package.json").exists() or (path / "node_modules").is_dir()


def _written(plan: Plan) -> Iterator[Result]:
    if not plan.writes:
        _sweep(plan)
        yield from plan.rows
        return
    from sio_patch.project.commit import HalfDone

    try:
        _commit(plan)
    except (*TROUBLES, HalfDone) as problem:
        yield from (_unwritten(row, problem) for row in plan.rows)
    else:
        yield from (_done(row) for row in plan.rows)


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
    """What a killed run has left goes also where there is nothing to write."""
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
