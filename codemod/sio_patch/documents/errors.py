"""What can be wrong with patch documents, and with the ids by which they are asked for."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

from sio_patch.verdict import CallError


class DocumentError(ValueError):
    """A patch document that does not keep the rules: where, and what to do about it."""

    what = "a patch document is broken"

    def __init__(self, path: Path, line: int, message: str) -> None:
        super().__init__(path, line, message)
        self.path = path
        self.line = line  # counted from 1
        self.message = message

    def __str__(self) -> str:
        return f"{self.path}:{self.line}: {self.message}"


class SettingsError(DocumentError):
    """The same of a project's sio-patch.toml."""

    what = "the project's settings are broken"


class UnknownPatchError(CallError):
    """No document has this id."""

    def __init__(self, id: str, known: Sequence[str]) -> None:
        super().__init__(id, known)
        self.id = id
        self.known = tuple(known)

    def __str__(self) -> str:
        return f"there is no patch {self.id!r}{closest(self.id, self.known)} Known: {', '.join(self.known) or 'none'}."


class SameIdError(CallError):
    """Two documents of a catalogue have one id, and nobody could say which is meant."""

    def __init__(self, id: str, first: Path, second: Path) -> None:
        super().__init__(id, first, second)
        self.id = id
        self.first = first
        self.second = second

    def __str__(self) -> str:
        return f"two documents have the id `{self.id}`: {self.first} and {self.second}. Give one of them another id."


def closest(name: str, known: Sequence[str]) -> str:
    """The end of a sentence that says the name is wrong."""
    import difflib

    close = difflib.get_close_matches(name, known, n=1)
    return f"; did you mean `{close[0]}`?" if close else "."
