"""A rewrite as plain data: a patch, a file before and the file after, to the byte.

Texts are written as Python strings: a BOM is ``\\ufeff`` at the start, a byte that is not UTF-8 is its surrogate
(``\\udcff`` is the byte 0xFF). ``NOT_FOR_NODE`` files are no scripts that Node takes; they say why.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, NamedTuple

from sio_patch.engine.outcome import Applied, Outcome


class NoWayBack(NamedTuple):
    """No reversed patch, or none that applies: what was removed cannot be known, or placed, from what is left.

    ``says`` is the message of the PatternError or of the refusal.
    """

    says: str


BETWEEN_GAPS = NoWayBack(
    "an added line must stand next to a context line, or at an end of its block, not between two gaps"
)
UNBRACED = NoWayBack(
    "the code is there, but cannot be edited safely: it is the whole body of an `if` or a loop without braces"
)
IN_COMMAS = NoWayBack(
    "the code is there, but cannot be edited safely: it stands inside a larger statement, joined to others by commas"
)


def lost(name: str) -> NoWayBack:
    """Nothing that is left says what ``name`` was."""
    return NoWayBack(f"the added lines use ${name}, which nothing before binds")


class Case(NamedTuple):
    """``options`` go to ``compile_patch``; ``module`` files are checked by Node as ES modules.

    ``again`` is what a second run reads: code from which what was removed is gone for good does not tell.
    ``back`` is what the reversed patch makes of ``after``, where that is not ``before``: the spacing of what was
    removed is not known any more, or there is no way back.
    """

    id: str
    patch: str
    before: str
    after: str
    options: Mapping[str, Any] = {}
    module: bool = False
    back: str | NoWayBack | None = None
    again: type[Outcome] = Applied

    @property
    def data(self) -> bytes:
        return self.before.encode("utf-8", "surrogateescape")

    @property
    def restored(self) -> bytes | NoWayBack:
        back = self.before if self.back is None else self.back
        return back if isinstance(back, NoWayBack) else back.encode("utf-8", "surrogateescape")

    @property
    def wanted(self) -> bytes:
        return self.after.encode("utf-8", "surrogateescape")
