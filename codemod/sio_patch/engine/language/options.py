"""What a patch can choose. The values are how documents spell it."""

from __future__ import annotations

from enum import StrEnum


class Equivalence(StrEnum):
    """Spellings that count as the same where a patch asks for it."""

    FUNCTION_FORMS = "function-forms"  # an assigned function, a declaration, a method
    DECLARATION_KINDS = "declaration-kinds"  # `var`, `let` and `const`
    YODA = "yoda"  # `null == x` and `x == null`


class Matches(StrEnum):
    """How many places of a file may be changed."""

    ONE = "one"
    ALL = "all"


class HowMany(StrEnum):
    """At how many places of a file a section is found. All but the first stand behind `@@`."""

    ONE = "one"
    ALL = "all"  # at one or more
    ANY = "any"  # at none or more
    MISSING = "missing"  # at none: what it adds is not there


class Scope(StrEnum):
    """Where the slices are looked for."""

    ANYWHERE = "anywhere"
    PROGRAM = "program"  # they are a whole file, after its directives
