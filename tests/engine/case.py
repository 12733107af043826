"""A rewrite as plain data: a patch, a file before and the file after, to the byte.

Texts are written as Python strings: a BOM is ``\\ufeff`` at the start, a byte that is not UTF-8 is its surrogate
(``\\udcff`` is the byte 0xFF). ``NOT_FOR_NODE`` files are no scripts that Node takes; they say why.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, NamedTuple


class Case(NamedTuple):
    """``options`` go to ``compile_patch``; ``module`` files are checked by Node as ES modules.

    ``back`` is what the reversed patch makes of ``after``, where that is not ``before``: the spacing of what was
    removed is not known any more.
    """

    id: str
    patch: str
    before: str
    after: str
    options: Mapping[str, Any] = {}
    module: bool = False
    back: str | None = None

    @property
    def data(self) -> bytes:
        return self.before.encode("utf-8", "surrogateescape")

    @property
    def restored(self) -> bytes:
        return self.data if self.back is None else self.back.encode("utf-8", "surrogateescape")

    @property
    def wanted(self) -> bytes:
        return self.after.encode("utf-8", "surrogateescape")
