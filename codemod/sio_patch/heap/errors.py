"""The one error of this room."""

from __future__ import annotations

from pathlib import Path

from sio_patch.verdict import CallError


class SnapshotError(CallError):
    """A file that cannot be read as a heap snapshot: where, what was expected, what was found, what to do next."""

    def __init__(
        self, path: Path, section: str, expected: str, found: str, *, offset: int | None = None, hint: str = ""
    ) -> None:
        super().__init__(path, section, expected, found)
        self.path = path
        self.section = section  # "file", "snapshot", "nodes", "edges", "strings", ...
        self.offset = offset  # in bytes from the start of the file, where one is known
        self.expected = expected
        self.found = found
        self.hint = hint

    def __str__(self) -> str:
        place = self.section if self.offset is None else f"{self.section}, byte {self.offset}"
        words = f"{self.path}: not a readable heap snapshot ({place}): expected {self.expected}, found {self.found}."
        return f"{words} {self.hint}" if self.hint else words


def shown(data: bytes, limit: int = 24) -> str:
    """A few bytes of a file for a message, harmless on a terminal."""
    return ascii(data[:limit].decode("ascii", "backslashreplace")) + ("..." if len(data) > limit else "")
