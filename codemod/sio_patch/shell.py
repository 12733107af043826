"""Command lines to paste."""

from __future__ import annotations

import shlex


def quoted(*words: str) -> str:
    """The words as one line for a shell. Printable, whatever they hold: bash and zsh know ``$'...'``."""
    return " ".join(shlex.quote(word) if word.isprintable() else f"$'{_escaped(word)}'" for word in words)


def apply_line(patch: str) -> str:
    """What makes one patch."""
    return quoted("sio-patch", "apply", "-p", patch)


def _escaped(word: str) -> str:
    plain_bytes = frozenset(range(32, 127)) - frozenset(b"\\'")
    data = word.encode("utf-8", "surrogateescape")
    return "".join(chr(byte) if byte in plain_bytes else f"\\x{byte:02x}" for byte in data)
