"""The sections of a block, compiled: each by itself, and held against those before it."""

from __future__ import annotations

from collections.abc import Collection, Iterator, Sequence

from sio_patch.engine.find.again import check_calls_no_other, check_told_apart
from sio_patch.engine.find.possible import asked
from sio_patch.engine.language.align import IMPORTS, Delete, Insert, Op, Unaligned, align
from sio_patch.engine.language.block import Block
from sio_patch.engine.language.checks import (
    check_bound,
    check_ends,
    check_kinds,
    check_left,
    check_nested,
    check_roles,
    check_tellable,
    check_there,
    check_withins,
    check_written,
)
from sio_patch.engine.language.compiled import Pattern, PatternError, Section
from sio_patch.engine.language.headers import Piece
from sio_patch.engine.language.options import Equivalence, HowMany
from sio_patch.engine.language.read import read_items, read_nothing, read_patterns
from sio_patch.engine.language.slices import Slices, slices
from sio_patch.engine.language.where import read_where
from sio_patch.engine.tree.node import STATEMENT_LISTS


def compiled_sections(
    pieces: Sequence[Piece], equivalent: frozenset[Equivalence], parameters: Collection[str], *, whole: bool
) -> tuple[Section, ...]:
    """Raises PatternError."""
    found: list[Section] = []
    for piece in pieces:
        if piece.how_many is HowMany.MISSING:
            found += (_lone(each, found, parameters) for each in _missing(piece, equivalent))
            continue
        texts = slices(piece.block)
        minus, plus = (each.under(equivalent)._replace(whole=whole) for each in _both(texts, piece))
        if piece.where:
            minus, plus = _asked(piece, (minus, plus), found, _bound(found, parameters))
        section = Section(minus, plus, (), texts.context, piece.how_many, piece.line)
        found.append(_joined(section, found, parameters, lone=len(pieces) == 1))
    if not any(section.ops for section in found):
        raise PatternError(found[0].line, 1, _CHANGES_NOTHING)
    for section in found:
        check_told_apart(section, equivalent)
    check_calls_no_other(found, equivalent)
    return tuple(found)


def reversed_sections(sections: Sequence[Section], *, all_lines: bool) -> tuple[Section, ...]:
    """From the plus slices to the minus slices; a line that was missing goes only with ``all_lines``.

    Raises PatternError.
    """
    found: list[Section] = []
    for each in sections:
        if each.how_many is HowMany.MISSING:
            found += [each._replace(minus=each.plus, plus=each.minus, ops=(Delete(each.plus.items[0]),))] * all_lines
            continue
        if not each.plus.items:
            raise PatternError(each.line, 1, "nothing that is left says where the removed code stood")
        back = each._replace(minus=each.plus, plus=each.minus, ops=())
        found.append(_joined(back, found, (), lone=len(sections) == 1))
    return tuple(found)


_CHANGES_NOTHING = "the patch changes nothing: it has no '-' or '+' line that differs"


def _missing(piece: Piece, equivalent: frozenset[Equivalence]) -> Iterator[Section]:
    """A section for each of its statements. Raises PatternError."""
    texts, line = slices(piece.block), piece.block.line
    for where in piece.where:
        raise PatternError(where.line, where.column, "what is missing has no code of which this could be asked")
    wrong = next((at for at, text in enumerate(texts.minus.split("\n")) if text.strip()), None)
    if wrong is not None:
        raise PatternError(line + wrong, 1, "behind `@@ missing` stand `+` lines alone, which are statements")
    plus = read_items(Block(texts.plus, line)).under(equivalent)
    if plus.lists != STATEMENT_LISTS:
        raise PatternError(line, 1, "behind `@@ missing` stand statements, for the top of a file")
    start = 0
    for item in plus.items:
        end = _line_end(plus.text, item.end)
        op, minus = Insert((item,), IMPORTS, None, None, None, None, start, end), read_nothing(Block(texts.minus, line))
        start = end
        yield Section(minus, plus._replace(items=(item,)), (op,), frozenset(), piece.how_many, piece.line)


def _line_end(text: str, at: int) -> int:
    end = text.find("\n", at)
    return len(text) if end < 0 else end


def _lone(section: Section, before: Sequence[Section], parameters: Collection[str]) -> Section:
    """A line that is missing, as it comes after the sections ``before``. Raises PatternError."""
    known = _bound(before, parameters)
    check_bound(section.minus, section.plus, {*parameters, *known})
    check_kinds(section.minus, section.plus, [each.minus for each in before])
    check_written(section.ops, section.plus)
    return section._replace(inherited=known & section.plus.metavariables)


def _asked(piece: Piece, slices_: Sequence[Pattern], before: Sequence[Section], known: frozenset[str]) -> list[Pattern]:
    """The slices under the section's conditions, which are about what the minus slice is. Raises PatternError."""
    conditions = tuple(condition for where in piece.where for condition in read_where(*where))
    minus, plus = slices_
    runs = minus.runs.union(*(each.minus.runs for each in before))
    return [asked(minus, conditions, minus.metavariables | known, runs), plus._replace(conditions=conditions)]


def _joined(section: Section, before: Sequence[Section], parameters: Collection[str], *, lone: bool) -> Section:
    """``section`` with its operations, as it comes after those ``before``. Raises PatternError."""
    minus, plus = section.minus, section.plus
    known = _bound(before, parameters)
    check_withins(minus, known)
    check_withins(plus, known, may_be_empty=True)
    check_bound(minus, plus, {*parameters, *known})
    ops = _ops(section)
    if not ops and (lone or minus.text.split() != plus.text.split()):
        raise PatternError(minus.first_line, 1, _CHANGES_NOTHING)
    earlier = [each.minus for each in before]
    made = section._replace(ops=ops, inherited=known & (minus.speaks_of | plus.every_name())).with_nested()
    check_nested(made, parameters, known)
    check_kinds(minus, plus, earlier)
    check_roles(minus, plus, parameters, earlier)
    check_written(ops, plus)
    check_there(ops, minus)
    check_ends(ops, plus)
    check_left(plus, known)
    check_tellable(minus, known)
    return made


def _bound(before: Sequence[Section], parameters: Collection[str]) -> frozenset[str]:
    """What the earlier sections bind."""
    return frozenset(name for each in before for name in each.minus.metavariables) - frozenset(parameters)


def _ops(section: Section) -> tuple[Op, ...]:
    try:
        return align(section.minus.items, section.plus.items, section.context)
    except Unaligned as problem:
        raise section.plus.error(problem.node, str(problem)) from None


def _both(texts: Slices, piece: Piece) -> list[Pattern]:
    """The slices as patterns of one kind. A deletion leaves nothing."""
    minus, plus = Block(texts.minus, piece.block.line), Block(texts.plus, piece.block.line)
    if minus.text.strip() and not plus.text.strip():
        return [read_items(minus), read_nothing(plus)]
    return read_patterns((minus, plus))
