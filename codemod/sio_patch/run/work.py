"""The whole of one command: find what the user named, plan everything, then write."""

from __future__ import annotations

import os
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from pathlib import Path
from typing import NamedTuple, Protocol, TypeVar

from sio_patch.documents.document import Document
from sio_patch.documents.errors import UnknownPatchError
from sio_patch.documents.known import Known
from sio_patch.documents.params import BadParameter
from sio_patch.run.plan import Plan, Selection
from sio_patch.run.targets import Entry, Found
from sio_patch.run.task import Task, plans_of, written
from sio_patch.verdict import CallError, Result

T = TypeVar("T")
R = TypeVar("R")


class Progress(Protocol):
    """Gives the items one by one, and may show on a terminal how far it has got."""

    def __call__(self, items: Sequence[T], label: str) -> Iterable[T]: ...


class Each(Protocol):
    """The results of a function on each item, in order: ``map``, or an executor's."""

    def __call__(self, function: Callable[[T], R], items: Iterable[T], /) -> Iterator[R]: ...


class Request(NamedTuple):
    """What the user asked for, as they put it: paths, those of one project together, with what is known there.

    ``ids`` may be paths of documents, too.
    """

    projects: Sequence[tuple[Known, tuple[Path, ...]]]
    ids: tuple[str, ...] = ()
    parameters: Mapping[str, str] = {}
    node: str | None = None


class Planned(NamedTuple):
    """Everything planned, nothing written. ``sentences`` are about paths at which there is nothing to do.

    ``warnings`` are for everybody to see: a package that should be there, and is not.
    """

    plans: tuple[Plan, ...]
    sentences: tuple[str, ...]
    documents: tuple[Document, ...]
    warnings: tuple[str, ...] = ()

    @property
    def results(self) -> tuple[Result, ...]:
        return tuple(row for plan in self.plans for row in plan.rows)


def planned(request: Request, progress: Progress, each: Each = map) -> Planned:
    """What `apply` would do. Raises CallError, UnknownPatchError and DocumentError."""
    return _planned(request, progress, each, undo=False)


def planned_undo(request: Request, progress: Progress, each: Each = map) -> Planned:
    """What `revert` would do. Raises the same."""
    return _planned(request, progress, each, undo=True)


def write(found: Planned, progress: Progress, each: Each = map) -> tuple[Result, ...]:
    """Carries out the plans, each whole or not at all. One that cannot be does not stop the others."""
    done = zip(progress(found.plans, "Writing"), each(written, found.plans), strict=True)
    return tuple(row for _, rows in done for row in rows)


def _planned(request: Request, progress: Progress, each: Each, *, undo: bool) -> Planned:
    projects = _projects(request)
    unknown = _unknown(projects, undo=undo)
    if unknown and not undo:
        raise next(iter(unknown.values()))
    projects = [project.known_here(undo=undo) for project in projects]
    meant = [
        (project.selection(request, undo=undo), project.paths) for project in projects if project.ids or not request.ids
    ]
    for name, text in request.parameters.items():
        _check_setting(name, text, [selection for selection, _ in meant])
    places = [Found.at(paths, selection) for selection, paths in meant]
    tasks = _tasks(places, undo=undo)
    looked = zip(progress(tasks, "Looking"), each(plans_of, tasks), strict=True)
    plans = [plan for _, those in looked for plan in those]
    entries = [Task(Entry(project), place.selection, undo) for place in places for project in place.projects]
    plans += _not_yet(plans, (plan for those in each(plans_of, entries) for plan in those))
    plans += (trouble for place in places for trouble in place.troubles)
    for id, error in unknown.items():
        if not any(row.patch == id for plan in plans for row in plan.rows):
            raise error
    sentences = [sentence for place in places for sentence in place.sentences]
    sentences += (_passed_over(project) for project in projects if request.ids and not project.ids)
    warnings = tuple(dict.fromkeys(warning for place in places for warning in place.warnings))
    if not (undo or sentences or warnings or any(plan.rows for plan in plans)):
        sentences.append(_nothing_wanted([selection for selection, _ in meant]))
    return Planned(tuple(plans), tuple(sentences), _documents(meant), warnings)


def _nothing_wanted(selections: Iterable[Selection]) -> str:
    """What is said where there are packages that patches are about, and none of these patches is wanted."""
    ids = sorted({each.id for selection in selections for each in selection.documents if not selection.wants(each)})
    named = f" Only where they are asked for, with -p or in sio-patch.toml: {', '.join(ids)}." if ids else ""
    return f"Nothing to do: no patch is wanted for what is installed here.{named}"


def _tasks(places: Iterable[Found], *, undo: bool) -> list[Task]:
    """One for each target. What is reached from two projects is asked for the patches of both."""
    tasks: dict[str, Task] = {}
    for place in places:
        for real, target in place.targets.items():
            met = tasks.get(real)
            selection = place.selection if met is None else met.selection.joined(place.selection)
            tasks[real] = Task(target if met is None else met.target, selection, undo)
    return list(tasks.values())


def _not_yet(plans: Iterable[Plan], more: Iterable[Plan]) -> Iterator[Plan]:
    """Those of ``more`` that are about another file, or another patch, than all before: an entry may be named too."""
    seen = {(os.path.realpath(plan.place), row.patch) for plan in plans for row in plan.rows}
    for plan in more:
        keys = {(os.path.realpath(plan.place), row.patch) for row in plan.rows}
        if not keys <= seen:
            yield plan
        seen |= keys


class _Project(NamedTuple):
    """``ids``: what ``-p`` names, as far as it is known here."""

    known: Known
    ids: tuple[str, ...]
    paths: tuple[Path, ...]

    def selection(self, request: Request, *, undo: bool) -> Selection:
        """To undo a patch that is named, its document need not be sound. Raises DocumentError, and OSError where a
        document cannot be read.
        """
        catalogue = self.known.catalogue
        known = (id for id in self.ids if id in catalogue.ids and not (undo and id in catalogue.broken))
        documents = tuple(map(catalogue.find, known)) if request.ids else catalogue.all()
        return Selection(catalogue, documents, self.ids, request.parameters, request.node, wishes=self.known.wishes)

    def known_here(self, *, undo: bool) -> _Project:
        """Without ids that another project knows and this one does not; but to undo one a receipt is enough."""
        ids = self.ids if undo else tuple(id for id in self.ids if id in self.known.catalogue.ids)
        return self._replace(ids=ids)


def _projects(request: Request) -> list[_Project]:
    """Raises CallError where a path that ``-p`` names has no document."""
    found = []
    for known, paths in request.projects:
        here, ids = known.naming(request.ids)
        found.append(_Project(here, ids, paths))
    return found


def _unknown(projects: Sequence[_Project], *, undo: bool) -> dict[str, Exception]:
    """What is wrong with each id that is named, and that no project has a document for; to undo it, a sound one."""
    catalogues = [project.known.catalogue for project in projects]
    known = sorted({id for catalogue in catalogues for id in catalogue.ids})
    named = dict.fromkeys(id for project in projects for id in project.ids)
    broken = {id: error for catalogue in catalogues for id, error in catalogue.broken.items() if undo}
    unknown = {id: UnknownPatchError(id, known) for id in named if id not in known}
    return {**unknown, **{id: broken[id] for id in named if id in broken}}


def _check_setting(name: str, text: str, selections: Sequence[Selection]) -> None:
    meant = [(selection, document) for selection in selections for document in selection.documents]
    takers = [(selection, document) for selection, document in meant if name in document.params]
    if not takers:
        which = ", ".join(dict.fromkeys(document.id for _, document in meant))
        known = dict.fromkeys(f"{other} of {document.id}" for _, document in meant for other in document.params)
        there = f"; there is {', '.join(known)}" if known else ""
        raise CallError(f"--set {name}: no parameter of that name in {which}{there}.")
    if not any(selection.wants_entry(taker) or not taker.for_entry for selection, taker in takers):
        id = takers[0][1].id
        raise CallError(f"--set {name}: that is for {id}; ask for it with -p {id}.")
    for _, taker in takers:
        try:
            taker.params[name].read(text)
        except BadParameter as problem:
            raise CallError(f"--set {problem}") from None


def _passed_over(project: _Project) -> str:
    return f"No patch of that name is known at {' and '.join(map(str, project.paths))}, which was not looked at."


def _documents(meant: Iterable[tuple[Selection, object]]) -> tuple[Document, ...]:
    return tuple({each.path: each for selection, _ in meant for each in selection.documents}.values())
