"""Semantic patches as data: the texts of a document become trees with metavariables and gaps, and what to do to them.

The public face of the patch language; its rooms are in `language`.
"""

from __future__ import annotations

from collections.abc import Collection, Sequence
from enum import StrEnum
from typing import TypeVar

from sio_patch.engine.find.possible import asked
from sio_patch.engine.language.block import Block
from sio_patch.engine.language.checks import check_tellable, check_withins
from sio_patch.engine.language.compiled import Pattern, PatternError, Section, SemanticPatch
from sio_patch.engine.language.headers import Piece, has_headers, pieces
from sio_patch.engine.language.options import Equivalence, HowMany, Matches, Scope
from sio_patch.engine.language.read import read_pattern
from sio_patch.engine.language.where import lift_where
from sio_patch.engine.sections import compiled_sections, reversed_sections

__all__ = [
    "Pattern",
    "PatternError",
    "Section",
    "SemanticPatch",
    "compile_patch",
    "compile_pattern",
    "option",
    "reversed_patch",
]

Option = TypeVar("Option", bound=StrEnum)


def compile_patch(
    diff: Block | str,
    *,
    fixed: Sequence[Block | str] = (),
    equivalent: Collection[str] = (),
    matches: str = Matches.ONE,
    insufficient: Sequence[Block | str] = (),
    sites: Sequence[Block | str] = (),
    parameters: Collection[str] = (),
    scope: str = Scope.ANYWHERE,
) -> SemanticPatch:
    """Compile a ``diff`` block and the forms that go with it.

    ``equivalent``, ``matches`` and ``scope`` are spelt as in `options`. ``parameters`` are metavariables that the
    patch's user sets. With the scope ``program`` the diff and the fixed forms are each about a whole file, from its
    first statement after the directives to its last. Raises PatternError, which names the line.
    """
    block = Block.of(diff)
    same = frozenset(option(Equivalence, value, block.line) for value in equivalent)
    how_many = option(Matches, matches, block.line)
    whole = option(Scope, scope, block.line) is Scope.PROGRAM
    parts = _pieces(block, how_many, whole=whole)
    sections = compiled_sections(parts, same, parameters, whole=whole)
    forms = tuple(compile_pattern(form).under(same)._replace(whole=whole) for form in fixed)
    for pattern in forms:
        check_tellable(pattern)
    places = tuple(compile_pattern(site) for site in sites)
    weak = tuple(compile_pattern(form) for form in insufficient)
    return SemanticPatch(sections, forms, weak, places, same)


def compile_pattern(pattern: Block | str) -> Pattern:
    """Compile a pattern that stands by itself; it can begin with ``@@ where`` lines. Raises PatternError."""
    conditions, block = lift_where(Block.of(pattern))
    found = read_pattern(block)
    check_withins(found)
    return asked(found, conditions, found.metavariables, found.runs) if conditions else found


def option(options: type[Option], value: str, line: int = 1) -> Option:
    """What ``value`` spells. Raises PatternError with the line."""
    try:
        return options(value)
    except ValueError:
        message = f"{options.__name__.lower()} is {value!r}; it takes {', '.join(options)}"
        raise PatternError(line, 1, message) from None


def reversed_patch(patch: SemanticPatch, *, all_lines: bool = True) -> SemanticPatch:
    """The patch from the plus slices to the minus slices. It has no other forms.

    What was added because it was missing goes only with ``all_lines``: it may have been there before.
    Raises PatternError where something was removed that cannot be known, or not be placed, from what is left.
    """
    return SemanticPatch(reversed_sections(patch.sections, all_lines=all_lines), (), (), (), patch.equivalent)


def _pieces(block: Block, how_many: Matches, *, whole: bool) -> list[Piece]:
    """The block's sections as they are written. Without a header it is one, at as many places as ``matches`` says."""
    if not has_headers(block):
        return [Piece(HowMany(how_many), (), block, block.line)]
    found = pieces(block)
    if len(found) == 1 and found[0].how_many is HowMany.ONE:
        return [found[0]._replace(how_many=HowMany(how_many))]
    if how_many is Matches.ALL:
        raise PatternError(found[0].line, 1, '`matches = "all"` is for a block of one section; write `@@ all`')
    if whole:
        raise PatternError(found[0].line, 1, "several sections are several places; scope `program` is one")
    return found
