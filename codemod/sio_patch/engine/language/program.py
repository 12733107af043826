"""The program of a regular expression: how `find/automaton.py` is to run it.

`/^a*$/` becomes

    0 START    1 Split 2, 4    2 Take [a]    3 Split 1    4 END    5 Accept
"""

from __future__ import annotations

from collections.abc import Sequence
from enum import Enum
from typing import NamedTuple

from sio_patch.engine.language.characters import Ranges

LONGEST = 1_000  # instructions


class Where(Enum):
    """What holds between two characters."""

    START = "^"
    END = "$"
    BOUNDARY = "\\b"
    NO_BOUNDARY = "\\B"


class Take(NamedTuple):
    """Goes on behind a character of one of these."""

    ranges: Ranges


class Split(NamedTuple):
    """Goes on at each of these."""

    ways: tuple[int, ...]


class Accept(NamedTuple):
    """The text matches."""


Instruction = Take | Where | Split | Accept


class InTurn(NamedTuple):
    """One behind the other."""

    items: tuple[Part, ...]


class Either(NamedTuple):
    ways: tuple[Part, ...]


class Repeat(NamedTuple):
    """``most`` is None where there is no end to it."""

    item: Part
    least: int
    most: int | None


Part = Take | Where | InTurn | Either | Repeat


def size(part: Part) -> int:
    """How many instructions it takes, or somewhat more than that."""
    match part:
        case InTurn(items):
            return sum(map(size, items))
        case Either(ways):
            return 1 + sum(size(way) + 1 for way in ways)
        case Repeat(item, least, most):
            return (size(item) + 2) * max(least + 1, most or 0)
        case _:
            return 1


def is_anchored(part: Part) -> bool:
    """Whether it holds at the start of a text, or of a line, alone."""
    match part:
        case InTurn(items):
            return bool(items) and is_anchored(items[0])
        case Either(ways):
            return all(map(is_anchored, ways))
        case Repeat(item, least, _):
            return least > 0 and is_anchored(item)
        case _:
            return part is Where.START


def program(part: Part) -> tuple[Instruction, ...]:
    """For a ``part`` of a ``size`` that can be borne."""
    code: list[Instruction] = []
    _emit(part, code)
    return (*code, Accept())


def _emit(part: Part, code: list[Instruction]) -> None:
    match part:
        case InTurn(items):
            for item in items:
                _emit(item, code)
        case Either(ways):
            _emit_ways(ways, code)
        case Repeat(item, least, most):
            for _ in range(least):
                _emit(item, code)
            if most is None:
                _emit_loop(item, code)
            else:
                _emit_options(item, most - least, code)
        case Take() | Where():
            code.append(part)


def _emit_ways(ways: Sequence[Part], code: list[Instruction]) -> None:
    split = _hole(code)
    starts, ends = list[int](), list[int]()
    for way in ways:
        starts.append(len(code))
        _emit(way, code)
        ends.append(_hole(code))
    code[split] = Split(tuple(starts))
    for end in ends:
        code[end] = Split((len(code),))


def _emit_loop(item: Part, code: list[Instruction]) -> None:
    split = _hole(code)
    _emit(item, code)
    code.append(Split((split,)))
    code[split] = Split((split + 1, len(code)))


def _emit_options(item: Part, count: int, code: list[Instruction]) -> None:
    splits = list[int]()
    for _ in range(count):
        splits.append(_hole(code))
        _emit(item, code)
    for split in splits:
        code[split] = Split((split + 1, len(code)))


def _hole(code: list[Instruction]) -> int:
    """The index of an instruction that is put in later."""
    code.append(Accept())
    return len(code) - 1
