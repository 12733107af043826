"""What a command is to do: for which patches, and to which files. Values, which other processes can have."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, NamedTuple

from sio_patch.documents.known import Wishes
from sio_patch.engine.edits import Edits
from sio_patch.engine.source import Source
from sio_patch.project.files import Root
from sio_patch.project.layout import Copy
from sio_patch.project.receipt import Receipt
from sio_patch.verdict import Result, Verdict

if TYPE_CHECKING:
    from sio_patch.documents.catalogue import Catalogue
    from sio_patch.documents.document import Document

READ_LIMIT_BYTES = 64 * 1024 * 1024
STOPPERS = (Verdict.REFUSED, Verdict.FAILED)


class Selection(NamedTuple):
    """Which patches are meant. ``named`` are the ids that the user asked for; without any, what the project wants."""

    catalogue: Catalogue
    documents: tuple[Document, ...]
    named: tuple[str, ...]
    settings: Mapping[str, str]  # parameters as the user set them
    node: str | None = None  # the Node that is said to run it
    idle: Mapping[str, str] = {}  # documents that change nothing in the copy at hand, by id, each with the reason
    wishes: Wishes = Wishes()

    def settings_of(self, document: Document) -> Mapping[str, str]:
        """The parameters as the user set them for this document: what the call says goes before the project's."""
        return {**self.wishes.settings_of(document.id), **self.settings}

    def wants(self, document: Document, known: Collection[str] = ()) -> bool:
        """Whether a patch of copies is meant. One that a receipt knows is: somebody asked for it once."""
        return not document.for_entry and (bool(self.named) or document.id in known or self.wishes.wants(document))

    def wants_entry(self, document: Document) -> bool:
        """Whether a patch of an application's entry is meant, which has to be asked for."""
        return document.for_entry and (bool(self.named) or self.wishes.names(document.id))

    def gone(self, receipt: Receipt, documents: Sequence[Document]) -> dict[str, Document | None]:
        """The patches of a receipt that have no document for this copy any more; if the document is about another
        package now, with that. ``documents`` are those for the copy.
        """
        here = {document.id: document for document in self.documents}
        found = {}
        for id in {step.patch: None for record in receipt.files for step in record.steps}:
            unknown = id in here or id not in self.catalogue.ids
            if unknown and (not self.named or id in self.named) and not any(id == each.id for each in documents):
                found[id] = here.get(id)
        return found

    def joined(self, other: Selection) -> Selection:
        """What both mean, of a copy that is reached from two projects. Raises SameIdError."""
        return self._replace(
            catalogue=self.catalogue.joined(other.catalogue),
            documents=tuple({each.id: each for each in (*self.documents, *other.documents)}.values()),
            named=tuple(dict.fromkeys((*self.named, *other.named))),
            wishes=Wishes((*self.wishes.said, *other.wishes.said)),
        )

    def for_copy(self, copy: Copy, receipt: Receipt | None) -> tuple[Document, ...]:
        known = {step.patch for record in (receipt.files if receipt else ()) for step in record.steps}
        ours = (document for document in self.documents if document.package == copy.package)
        return tuple(document for document in ours if self.wants(document, known))


class Rewrite(NamedTuple):
    """One file's planned change, whatever the number of patches. It stays edits until the disk is written."""

    path: str  # with `/`, relative to the copy; a named file's own name
    before: Source
    edits: Edits = Edits()

    @property
    def after(self) -> Source:
        return Source(self.edits.apply(self.before.text), self.before.bom)

    @property
    def changes(self) -> bool:
        """Edits can come to nothing: what one patch has taken out another puts back."""
        return bool(self.edits) and self.after != self.before

    def then(self, edits: Edits) -> Rewrite:
        """With edits of ``after`` as well."""
        return self._replace(edits=self.edits.then(edits))


class CopyPlan(NamedTuple):
    """One copy of a package. ``rows`` tell what was found, as it is while nothing is written."""

    root: Root
    rows: tuple[Result, ...]
    rewrites: tuple[Rewrite, ...] = ()
    receipt: Receipt | None = None  # to be in force afterwards
    previous: Receipt | None = None

    @property
    def place(self) -> Path:
        """The copy's directory, as the user reaches it."""
        return self.root.shown

    @property
    def writes(self) -> bool:
        return bool(self.rewrites) or self.receipt != self.previous

    @property
    def files(self) -> Iterator[tuple[Path, Rewrite]]:
        """Each file that is to be changed, as the user reaches it."""
        return ((self.place / rewrite.path, rewrite) for rewrite in self.rewrites)

    def without_writes(self, rows: tuple[Result, ...]) -> CopyPlan:
        return CopyPlan(self.root, rows, (), self.previous, self.previous)


class FilePlan(NamedTuple):
    """One file of the user's own, which gets no receipt. ``place`` is the project where it is not known which file."""

    place: Path
    rows: tuple[Result, ...]
    rewrite: Rewrite | None = None

    @property
    def writes(self) -> bool:
        return self.rewrite is not None

    @property
    def files(self) -> Iterator[tuple[Path, Rewrite]]:
        """The file, where it is to be changed."""
        return iter(() if self.rewrite is None else ((self.place, self.rewrite),))

    def without_writes(self, rows: tuple[Result, ...]) -> FilePlan:
        return FilePlan(self.place, rows)


Plan = CopyPlan | FilePlan


def annotated(row: Result, more: str) -> Result:
    return row._replace(note=f"{row.note} {more}" if row.note else more)


def stopper(rows: Iterable[Result]) -> Result | None:
    """The first row for which nothing may be written."""
    return next((row for row in rows if row.verdict in STOPPERS), None)


def held_back(row: Result, because: str) -> Result:
    """The row of a change that could have been made, and is not: all or nothing."""
    match row.verdict:
        case Verdict.NEEDS_PATCH:
            return annotated(row, f"Not changed, because {because}: all or nothing.")
        case Verdict.REVERTED:
            still_there = row._replace(verdict=Verdict.APPLIED, sha256_after=row.sha256_before)
            return annotated(still_there, f"Not undone, because {because}: all or nothing.")
        case _:
            return row
