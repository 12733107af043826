"""What several patches for one file come to together: the shapes that a defect has had, of which a file has one.

An example: a document has a diff for a constructor function and one for a class. A file with the class answers Absent
to the first and NeedsPatch to the second: NeedsPatch. A file with both answers NeedsPatch twice, with different edits;
which of the two is in force nobody can tell: ``ambiguous``.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import NamedTuple

from sio_patch.engine.outcome import Absent, Applied, Fixed, NeedsPatch, Outcome, Refused
from sio_patch.verdict import Reason


class Answer(NamedTuple):
    """What one alternative comes to. ``line`` is where it begins in the document."""

    line: int
    outcome: Outcome


def together(answers: Sequence[Answer]) -> Outcome:
    """The outcome of at least one alternative.

    One calls for an edit: that edit. Two that call for different ones, or one beside another that has been made, are
    refused. A refusal stands, unless it is about the very line at which another alternative is there already. Where all
    are absent, the answer is that of the first that has a place.
    """
    if len(answers) == 1:
        return answers[0].outcome
    wanted = [answer for answer in answers if isinstance(answer.outcome, NeedsPatch)]
    there = [answer for answer in answers if isinstance(answer.outcome, Applied)]
    reworded = [answer for answer in answers if isinstance(answer.outcome, Fixed) and answer.outcome.form is None]
    cured = [answer for answer in answers if isinstance(answer.outcome, Fixed) and answer.outcome.form is not None]
    refused = _unexplained(answers)
    made = [*there, *reworded]
    if refused:
        return _of(refused[0], "")
    if wanted and made:
        return _half(wanted[0], made[0])
    if wanted:
        return _one(wanted)
    for those in (there, reworded, cured):
        if those:
            return those[0].outcome
    return _nearest(answers)


def settled(edited: NeedsPatch, again: Outcome) -> Outcome:
    """The edit, where all alternatives together find it made in the text after it; else a refusal."""
    if isinstance(again, Applied):
        return edited
    why = f": {again.message}" if isinstance(again, Refused) else ""
    message = f"the code is there, but after the edit another diff of this patch would not have it so{why}"
    return Refused(Reason.AMBIGUOUS, message, edited.place)


def _unexplained(answers: Sequence[Answer]) -> list[Answer]:
    lines = {each.outcome.place.line for each in answers if isinstance(each.outcome, Applied | Fixed)}
    refused = [each for each in answers if isinstance(each.outcome, Refused)]
    return [each for each in refused if _line(each.outcome) not in lines]


def _line(outcome: Outcome) -> int | None:
    return outcome.place.line if outcome.place else None


def _one(wanted: Sequence[Answer]) -> Outcome:
    """The edit, where all that call for one call for the same."""
    first, *others = wanted
    other = next((each for each in others if each.outcome[0] != first.outcome[0]), None)
    if other is None:
        return first.outcome
    message = (
        f"two diffs of the patch call for different edits: that of line {first.line}, at line {_line(first.outcome)}, "
        f"and that of line {other.line}, at line {_line(other.outcome)}. Look which is meant, and edit it by hand"
    )
    return Refused(Reason.AMBIGUOUS, message, first.outcome.place)


def _half(wanted: Answer, made: Answer) -> Refused:
    message = (
        f"the diff of line {made.line} of the patch is there already, at line {_line(made.outcome)}, and that of line "
        f"{wanted.line} calls for an edit, at line {_line(wanted.outcome)}. Look which is in force, and edit it by hand"
    )
    return Refused(Reason.AMBIGUOUS, message, wanted.outcome.place)


def _nearest(answers: Sequence[Answer]) -> Outcome:
    absent = [each for each in answers if isinstance(each.outcome, Absent)]
    return _of(next((each for each in absent if each.outcome.place), absent[0]), f" of {len(answers)}")


def _of(answer: Answer, among: str) -> Outcome:
    """The outcome, which says what of the document it is about."""
    which = f" (the diff of line {answer.line} of the patch{among and ', the nearest' + among})"
    match answer.outcome:
        case Refused(reason, message, place):
            return Refused(reason, message + which, place)
        case Absent(nearest, place):
            return Absent(f"{nearest or 'nothing like it is there'}{which}", place)
        case other:
            return other
