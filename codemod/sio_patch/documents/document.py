"""Patch documents: a Markdown page for people, with fenced blocks for the machine.

CONTRIBUTING.md says how to write one.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from functools import cached_property
from hashlib import sha256
from pathlib import Path
from typing import TYPE_CHECKING, NamedTuple, cast

from sio_patch.documents.errors import DocumentError
from sio_patch.documents.globs import fits, fits_any, has_wildcards
from sio_patch.documents.head import EVERY_VERSION, Diff, Head, Target
from sio_patch.npm.ranges import covers

if TYPE_CHECKING:
    from sio_patch.documents.page import Page, Part
    from sio_patch.engine.language.block import Block
    from sio_patch.engine.pattern import SemanticPatch
    from sio_patch.engine.text_patch import TextPatch

    FilePatch = SemanticPatch | TextPatch


class Blocks(NamedTuple):
    """The blocks of a document that make one patch, by their numbers: a diff, and the forms that go with it."""

    diff: int
    fixed: tuple[int, ...]
    insufficient: tuple[int, ...]
    sites: tuple[int, ...]


class Alternative(NamedTuple):
    """One patch of a file. ``line`` is the first of its diff in the document."""

    patch: FilePatch
    line: int


class Document(Head):
    """One patch. It has its head from the start; what takes longer to get it has when somebody asks."""

    @property
    def for_entry(self) -> bool:
        """Whether it is about the file that an application starts with, and not about copies of a package."""
        return self.target is Target.ENTRY

    @cached_property
    def page(self) -> Page:
        """What stands below the head. Raises DocumentError, and OSError where it cannot be read."""
        from sio_patch.documents.page import read_page

        data = self.path.read_bytes()
        if sha256(data).hexdigest() != self.digest:
            raise DocumentError(self.path, 1, "the document has changed since this run began; run it again")
        return read_page(self.path, data)[0]  # the head in it is known, and has been checked

    @property
    def semantic(self) -> SemanticPatch:
        """The patch of a document that has one, for all its files. Raises DocumentError, as ``patches`` does."""
        if len(self.diffs) > 1 or self.diffs[0].raw:
            raise DocumentError(self.path, 1, "the document has other diffs than one; `patches` has those of a file")
        ((patch, _),) = self.patches(None)
        return cast("SemanticPatch", patch)

    def patches(self, file: str | None) -> tuple[Alternative, ...]:
        """The patches of one file, compiled; ``file`` is as in `globs`, and None where all files are treated alike.

        Several are alternatives, none says that the document is not about the file. Raises DocumentError where a block
        is not in the language, and what ``page`` raises.
        """
        return tuple(self._compiled(key) for key in self.blocks(file))

    def blocks(self, file: str | None) -> tuple[Blocks, ...]:
        """Which blocks these patches are made of. Raises what ``page`` raises."""
        forms = (self.page.fixed, self.page.insufficient, self.page.sites)
        chosen = (tuple(at for at, form in enumerate(those) if _is_for(form, file)) for those in forms)
        fixed, insufficient, sites = chosen
        return tuple(
            Blocks(at, (), (), ()) if diff.raw else Blocks(at, fixed, insufficient, sites)
            for at, diff in self.diffs_for(file)
        )

    def diffs_for(self, file: str | None) -> tuple[tuple[int, Diff], ...]:
        """The diffs for a file, with their numbers. One without a glob is for any file that the user names, unless a
        glob fits that."""
        diffs = tuple(enumerate(self.diffs))
        if file is None or self.for_entry:
            return diffs
        fitting = tuple((at, diff) for at, diff in diffs if fits_any(diff.globs, file))
        if not file.startswith("/") or not all(diff.by_head for _, diff in fitting):
            return fitting
        return tuple((at, diff) for at, diff in diffs if diff.by_head)

    def _compiled(self, key: Blocks) -> Alternative:
        if key not in self._patches:
            page = self.page
            part = page.diffs[key.diff]
            forms = {
                "fixed": [page.fixed[at].block for at in key.fixed],
                "insufficient": [page.insufficient[at].block for at in key.insufficient],
                "sites": [page.sites[at].block for at in key.sites],
            }
            self._patches[key] = Alternative(self._patch(part, forms), part.block.line)
        return self._patches[key]

    @cached_property
    def _patches(self) -> dict[Blocks, Alternative]:
        return {}

    def _patch(self, part: Part, forms: Mapping[str, Sequence[Block]]) -> FilePatch:
        from sio_patch.engine.pattern import PatternError, compile_patch

        try:
            if part.raw:
                from sio_patch.engine.text_patch import compile_text_patch

                return compile_text_patch(part.block)
            return compile_patch(
                part.block,
                fixed=forms["fixed"],
                equivalent=self.equivalent,
                matches=self.matches,
                insufficient=forms["insufficient"],
                sites=forms["sites"],
                parameters=self.params,
                scope=self.scope,
            )
        except PatternError as error:
            raise DocumentError(self.path, error.line, f"column {error.column}: {error.message}") from error

    def covers(self, version: str | None) -> bool | None:
        """Whether ``affected`` names this version; None where the version is unknown. Raises DocumentError."""
        if self.affected == EVERY_VERSION:
            return True
        try:
            return covers(self.affected, version)
        except ValueError as error:
            raise DocumentError(self.path, 1, f"`affected`: {error}") from None

    def __getstate__(self) -> None:
        """Another process gets the head, and reads and compiles for itself."""


def load(path: Path) -> Document:
    """Reads one document of a catalogue, all of it. Raises DocumentError, or OSError where it cannot be read."""
    return read(path, path.read_bytes())


def read(path: Path, data: bytes, *, own: bool = False) -> Document:
    """The document that ``data`` is; ``own`` where it is a project's, whose head need not say all.

    Raises DocumentError.
    """
    from sio_patch.documents.page import read_page
    from sio_patch.documents.toml import read_head

    page, block = read_page(path, data)
    document = Document._make(read_head(path, sha256(data).hexdigest(), block, page, own=own))
    if page.insufficient and not document.insufficient_because:
        message = "`insufficient-because` must say why the `js insufficient` forms are not enough"
        raise DocumentError(path, block.line, message)
    _check_files(document, page)
    vars(document)["page"] = page  # where `cached_property` looks first
    return document


def _is_for(form: Part, file: str | None) -> bool:
    return form.glob is None or file is None or fits(form.glob, file)


def _check_files(document: Document, page: Page) -> None:
    """What the forms and the examples say of files goes with the diffs."""
    forms = (*page.fixed, *page.insufficient, *page.sites)
    for at, part in enumerate(page.diffs):
        if any((part.block.text, part.glob) == (other.block.text, other.glob) for other in page.diffs[:at]):
            raise DocumentError(document.path, part.block.line - 1, "this diff stands in the document twice")
    apart = len({diff.globs for diff in document.diffs}) > 1 or any(form.glob for form in forms)
    for form in forms:
        if form.glob and not has_wildcards(form.glob) and not fits_any(document.files, form.glob):
            raise DocumentError(document.path, form.block.line - 1, f"no `diff` block is for {form.glob}")
    for sample in (*page.samples, *page.unchanged):
        if sample.file is None and apart:
            message = (
                "not all files are treated alike here: name the file that this example stands for, behind "
                f"`diff sample` or `js unchanged`; it can be {document.files[0]}"
            )
            raise DocumentError(document.path, sample.line - 1, message)
        if sample.file is not None and not document.diffs_for(sample.file):
            raise DocumentError(document.path, sample.line - 1, f"no `diff` block is for {sample.file}")
