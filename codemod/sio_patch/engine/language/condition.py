"""The conditions of a pattern: what must hold where it matches, beyond what its code shows."""

from __future__ import annotations

from enum import StrEnum
from typing import TYPE_CHECKING, NamedTuple

if TYPE_CHECKING:
    from sio_patch.engine.language.compiled import Pattern
    from sio_patch.engine.language.regexp import Regexp


class Kind(StrEnum):
    """What ``$x is ...`` can ask for. The values are how documents spell it."""

    STRING = "string"
    NUMBER = "number"
    LITERAL = "literal"  # a string, a number, `true`, `false`, `null`, a regular expression
    IDENTIFIER = "identifier"
    FUNCTION = "function"  # an expression, an arrow function included
    CALL = "call"
    MEMBER = "member"


class OneOf(NamedTuple):
    """``$name in (value, value)``: the code is one of these."""

    name: str
    values: tuple[Pattern, ...]


class Spelt(NamedTuple):
    """``$name ~ /regexp/``: the name, or the value of the string, matches."""

    name: str
    regexp: Regexp


class IsA(NamedTuple):
    """``$name is kind``."""

    name: str
    kind: Kind


class Inside(NamedTuple):
    """``inside PATTERN``: the code stands somewhere in what this matches."""

    pattern: Pattern


class TopLevel(NamedTuple):
    """``top level``: the code stands in no function and no class body."""


OfName = OneOf | Spelt | IsA
Test = OfName | Inside | TopLevel


class Condition(NamedTuple):
    """``holds`` is False where the ``test`` is to fail, as in ``not inside P``. ``text`` is how the document says it,
    and it begins at ``line`` and ``column`` there, counted from 1.
    """

    test: Test
    holds: bool
    text: str
    line: int
    column: int

    @property
    def name(self) -> str | None:
        """The metavariable that it is about; None where it is about the place."""
        return self.test.name if isinstance(self.test, OfName) else None

    @property
    def speaks_of(self) -> frozenset[str]:
        """The metavariables in it."""
        test = self.test
        patterns = test.values if isinstance(test, OneOf) else (test.pattern,) if isinstance(test, Inside) else ()
        own = {self.name} if self.name is not None else set()
        return frozenset(own).union(*(pattern.metavariables for pattern in patterns))
