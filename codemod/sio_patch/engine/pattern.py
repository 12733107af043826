"""Semantic patches as data: the texts of a document become trees with metavariables and gaps, and what to do to them.

The public face of the patch language; its rooms are in `language`.
"""

from __future__ import annotations

from collections.abc import Collection, Sequence
from enum import StrEnum
from typing import TypeVar

from sio_patch.engine.find.again import check_told_apart
from sio_patch.engine.find.possible import asked
from sio_patch.engine.language.align import Unaligned, align
from sio_patch.engine.language.block import Block
from sio_patch.engine.language.checks import (
    check_bound,
    check_ends,
    check_left,
    check_nested,
    check_roles,
    check_tellable,
    check_there,
    check_withins,
    check_written,
)
from sio_patch.engine.language.compiled import Pattern, PatternError, Section, SemanticPatch
from sio_patch.engine.language.options import Equivalence, Matches, Scope
from sio_patch.engine.language.read import read_pattern, read_patterns
from sio_patch.engine.language.slices import Slices, slices
from sio_patch.engine.language.where import lift_where

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
    conditions, block = lift_where(block)
    texts = slices(block)
    minus, plus = (pattern.under(same)._replace(whole=whole) for pattern in _both(texts, block.line))
    if conditions:
        minus, plus = (asked(each, conditions, minus.metavariables, minus.runs) for each in (minus, plus))
    section = _section(minus, plus, texts.context, how_many, parameters)
    forms = tuple(compile_pattern(form).under(same)._replace(whole=whole) for form in fixed)
    check_left(plus)
    for pattern in (minus, *forms):
        check_tellable(pattern)
    places = tuple(compile_pattern(site) for site in sites)
    weak = tuple(compile_pattern(form) for form in insufficient)
    check_told_apart(section, same)
    return SemanticPatch((section,), forms, weak, places, same)


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


def reversed_patch(patch: SemanticPatch) -> SemanticPatch:
    """The patch from the plus slice to the minus slice. It has no other forms.

    Raises PatternError where something was removed that cannot be known, or not be placed, from what is left.
    """
    for each in patch.sections:
        check_tellable(each.plus)
    back = (_section(each.plus, each.minus, each.context, each.how_many, ()) for each in patch.sections)
    return SemanticPatch(tuple(back), (), (), (), patch.equivalent)


def _both(texts: Slices, line: int) -> list[Pattern]:
    """The slices as patterns of one kind."""
    return read_patterns((Block(texts.minus, line), Block(texts.plus, line)))


def _section(
    minus: Pattern, plus: Pattern, context: frozenset[int], how_many: Matches, parameters: Collection[str]
) -> Section:
    """Raises PatternError."""
    check_withins(minus)
    check_withins(plus, may_be_empty=True)
    check_bound(minus, plus, parameters)
    try:
        ops = align(minus.items, plus.items, context)
    except Unaligned as problem:
        raise plus.error(problem.node, str(problem)) from None
    if not ops:
        raise PatternError(minus.first_line, 1, "the patch changes nothing: it has no '-' or '+' line that differs")
    section = Section(minus, plus, ops, context, how_many).with_nested()
    check_nested(section, parameters)
    check_roles(minus, plus, parameters)
    check_written(ops, plus)
    check_there(ops, minus)
    check_ends(ops, plus)
    return section
