"""Patch documents: a Markdown page for people, with fenced blocks for the machine.

CONTRIBUTING.md says how to write one.
"""

from __future__ import annotations

from functools import cached_property
from hashlib import sha256
from pathlib import Path
from typing import TYPE_CHECKING

from sio_patch.documents.errors import DocumentError
from sio_patch.documents.head import Head, Target
from sio_patch.npm.ranges import covers

if TYPE_CHECKING:
    from sio_patch.documents.page import Page
    from sio_patch.engine.pattern import SemanticPatch


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

    @cached_property
    def semantic(self) -> SemanticPatch:
        """The compiled diff.

        Raises DocumentError where the diff or a form is not in the language, and what ``page`` raises.
        """
        from sio_patch.engine.pattern import PatternError, compile_patch

        try:
            return compile_patch(
                self.page.diff,
                fixed=self.page.fixed,
                equivalent=self.equivalent,
                matches=self.matches,
                insufficient=self.page.insufficient,
                sites=self.page.sites,
                parameters=self.params,
                scope=self.scope,
            )
        except PatternError as error:
            raise DocumentError(self.path, error.line, f"column {error.column}: {error.message}") from error

    def covers(self, version: str | None) -> bool | None:
        """Whether ``affected`` names this version; None where the version is unknown. Raises DocumentError."""
        try:
            return covers(self.affected, version)
        except ValueError as error:
            raise DocumentError(self.path, 1, f"`affected`: {error}") from None

    def __getstate__(self) -> None:
        """Another process gets the head, and reads and compiles for itself."""


def load(path: Path) -> Document:
    """Reads one document (its ``README.md``), all of it. Raises DocumentError, or OSError where it cannot be read."""
    from sio_patch.documents.page import read_page
    from sio_patch.documents.toml import read_head

    data = path.read_bytes()
    page, block = read_page(path, data)
    document = Document._make(read_head(path, sha256(data).hexdigest(), block, page.diff.text))
    if page.insufficient and not document.insufficient_because:
        message = "`insufficient-because` must say why the `js insufficient` forms are not enough"
        raise DocumentError(path, block.line, message)
    vars(document)["page"] = page  # where `cached_property` looks first
    return document
