"""Runs a regular expression's program on a text, in time that grows with the text and the program, whatever they are.

All ways to go on are followed at once, one character after the other; each place of the program counts once.
"""

from __future__ import annotations

from collections.abc import Iterable

from sio_patch.engine.find.steps import Steps
from sio_patch.engine.language.characters import within
from sio_patch.engine.language.program import Accept, Split, Take, Where
from sio_patch.engine.language.regexp import Regexp

_LINE_ENDS = frozenset("\n\r\u2028\u2029")
_VISITS = 4  # places of a program that take as long as one step of the search


def occurs(regexp: Regexp, text: str, steps: Steps) -> bool:
    """Whether it matches anywhere in the text, as `regexp.test(text)`. Raises TooComplex at the cap of ``steps``."""
    units = regexp.units(text)
    waiting: set[int] = set()
    for at in range(len(units) + 1):
        if at and regexp.anchored and not waiting:
            return False
        starts = waiting if at and regexp.anchored else {0, *waiting}
        reached = _reached(regexp, starts, units[at - 1 : at], units[at : at + 1])
        steps.take(1 + len(reached) // _VISITS)
        code = ord(units[at]) if at < len(units) else -1
        waiting = set()
        for place in reached:
            instruction = regexp.program[place]
            if isinstance(instruction, Accept):
                return True
            if isinstance(instruction, Take) and within(code, instruction.ranges):
                waiting.add(place + 1)
    return False


def _reached(regexp: Regexp, starts: Iterable[int], before: str, behind: str) -> set[int]:
    """The places of the program that these lead to without taking a character."""
    reached: set[int] = set()
    stack = list(starts)
    while stack:
        place = stack.pop()
        if place in reached:
            continue
        reached.add(place)
        instruction = regexp.program[place]
        if isinstance(instruction, Split):
            stack += instruction.ways
        elif isinstance(instruction, Where) and _holds(instruction, regexp, before, behind):
            stack.append(place + 1)
    return reached


def _holds(where: Where, regexp: Regexp, before: str, behind: str) -> bool:
    """Between these characters; an empty one is the end of the text."""
    match where:
        case Where.START:
            return not before or (regexp.multiline and before in _LINE_ENDS)
        case Where.END:
            return not behind or (regexp.multiline and behind in _LINE_ENDS)
        case Where.BOUNDARY | Where.NO_BOUNDARY:
            differ = _is_word(before, regexp) is not _is_word(behind, regexp)
            return differ is (where is Where.BOUNDARY)


def _is_word(character: str, regexp: Regexp) -> bool:
    return bool(character) and within(ord(character), regexp.words)
