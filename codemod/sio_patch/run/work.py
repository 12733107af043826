"""The whole of one command: find what the user named, plan everything, then write."""

from __future__ import annotations

import os
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from pathlib import Path
from typing import NamedTuple, Protocol, TypeVar

from sio_patch.documents.catalogue import Catalogue
from sio_patch.documents.document import Document
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
    """What the user asked for, as they put it, and the documents that there are."""

    catalogue: Catalogue
    paths: tuple[Path, ...] = ()  # none: the current directory
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
    selection = _selection(request)
    found = Found.at(request.paths, selection)
    tasks = [Task(target, selection, undo) for target in found.targets]
    looked = zip(progress(tasks, "Looking"), each(plans_of, tasks), strict=True)
    plans = [plan for _, those in looked for plan in those]
    entries = [Task(Entry(project), selection, undo) for project in found.projects]
    plans += _not_yet(plans, (plan for those in each(plans_of, entries) for plan in those))
    warnings = tuple(dict.fromkeys(found.warnings))
    return Planned((*plans, *found.troubles), tuple(found.sentences), selection.documents, warnings)


def _not_yet(plans: Iterable[Plan], more: Iterable[Plan]) -> Iterator[Plan]:
    """Those of ``more`` that are about another file, or another patch, than all before: an entry may be named too."""
    seen = {(os.path.realpath(plan.place), row.patch) for plan in plans for row in plan.rows}
    for plan in more:
        keys = {(os.path.realpath(plan.place), row.patch) for row in plan.rows}
        if not keys <= seen:
            yield plan
        seen |= keys


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
    if not ids and all(document.for_entry for document in takers):
        raise CallError(f"--set {name}: that is for {takers[0].id}; ask for it with -p {takers[0].id}.")
    for taker in takers:
        try:
            taker.params[name].read(text)
        except BadParameter as problem:
            raise CallError(f"--set {problem}") from None
