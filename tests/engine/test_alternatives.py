"""What several patches for one file come to together."""

from __future__ import annotations

import pytest

from sio_patch.engine.alternatives import Answer, settled, together
from sio_patch.engine.edits import Edit, Edits
from sio_patch.engine.outcome import Absent, Applied, Fixed, NeedsPatch, Outcome, Refused
from sio_patch.engine.source import Place, Source
from sio_patch.verdict import Reason


def needs(line: int, new: str = "x") -> NeedsPatch:
    return NeedsPatch(Edits([Edit(line, line, new)]), Source(new * line), Place(line, 1))


NOTHING = Absent("the file does not contain `a`", None)
NEAR = Absent("line 7 has `b`", Place(7, 1))
THERE = Applied(Place(3, 5))
REWORDED = Fixed(None, Place(3, 5))
CURED = Fixed(0, Place(4, 1))
UNSAFE = Refused(Reason.UNSAFE_PLACE, "no", Place(3, 9))
UNREAD = Refused(Reason.UNPARSEABLE, "no", None)
COMPLEX = Refused(Reason.TOO_COMPLEX, "no", None)
BOTH = (
    "two diffs of the patch call for different edits: that of line 10, at line 2, and that of line 20, at line 5. "
    "Look which is meant, and edit it by hand"
)
HALF = (
    "the diff of line {} of the patch is there already, at line 3, and that of line {} calls for an edit, at line 5. "
    "Look which is in force, and edit it by hand"
)

TABLE: dict[str, tuple[Outcome, Outcome, Outcome]] = {
    "one calls for an edit": (NOTHING, needs(5), needs(5)),
    "the same edit from both": (needs(5), needs(5), needs(5)),
    "two edits": (needs(2), needs(5), Refused(Reason.AMBIGUOUS, BOTH, Place(2, 1))),
    "two edits at one place": (
        needs(5),
        needs(5, "y"),
        Refused(Reason.AMBIGUOUS, BOTH.replace("line 2,", "line 5,"), Place(5, 1)),
    ),
    "one is made": (THERE, NEAR, THERE),
    "both are made": (THERE, Applied(Place(9, 1)), THERE),
    "one is made in other words": (NEAR, REWORDED, REWORDED),
    "made, and in other words": (REWORDED, THERE, THERE),
    "a fixed form": (CURED, CURED, CURED),
    "a fixed form, and made": (CURED, THERE, THERE),
    "a fixed form that does not excuse what calls": (CURED, needs(5), needs(5)),
    "one is made, another calls": (THERE, needs(5), Refused(Reason.AMBIGUOUS, HALF.format(10, 20), Place(5, 1))),
    "one calls, another is made": (needs(5), THERE, Refused(Reason.AMBIGUOUS, HALF.format(20, 10), Place(5, 1))),
    "in other words, another calls": (REWORDED, needs(5), Refused(Reason.AMBIGUOUS, HALF.format(10, 20), Place(5, 1))),
    "neither": (
        NOTHING,
        NEAR,
        Absent("line 7 has `b` (the diff of line 20 of the patch, the nearest of 2)", Place(7, 1)),
    ),
    "not a trace": (
        NOTHING,
        NOTHING,
        Absent("the file does not contain `a` (the diff of line 10 of the patch, the nearest of 2)", None),
    ),
    "nothing to say": (
        Absent(None, None),
        NOTHING,
        Absent("nothing like it is there (the diff of line 10 of the patch, the nearest of 2)", None),
    ),
    "refused, beside nothing": (
        UNSAFE,
        NOTHING,
        Refused(Reason.UNSAFE_PLACE, "no (the diff of line 10 of the patch)", Place(3, 9)),
    ),
    "refused, beside an edit": (
        needs(5),
        UNSAFE,
        Refused(Reason.UNSAFE_PLACE, "no (the diff of line 20 of the patch)", Place(3, 9)),
    ),
    "refused at the line of an edit": (
        needs(3),
        UNSAFE,
        Refused(Reason.UNSAFE_PLACE, "no (the diff of line 20 of the patch)", Place(3, 9)),
    ),
    "refused where another is made": (UNSAFE, THERE, THERE),
    "refused where another is made in other words": (UNSAFE, REWORDED, REWORDED),
    "refused elsewhere": (
        UNSAFE,
        CURED,
        Refused(Reason.UNSAFE_PLACE, "no (the diff of line 10 of the patch)", Place(3, 9)),
    ),
    "not known": (THERE, COMPLEX, Refused(Reason.TOO_COMPLEX, "no (the diff of line 20 of the patch)", None)),
    "not read": (UNREAD, UNREAD, Refused(Reason.UNPARSEABLE, "no (the diff of line 10 of the patch)", None)),
}


@pytest.mark.parametrize(("first", "second", "expected"), TABLE.values(), ids=TABLE)
def test_two(first: Outcome, second: Outcome, expected: Outcome) -> None:
    assert together([Answer(10, first), Answer(20, second)]) == expected


@pytest.mark.parametrize("outcome", [needs(5), THERE, CURED, NEAR, UNSAFE], ids=lambda outcome: type(outcome).__name__)
def test_one_alone_is_what_it_is(outcome: Outcome) -> None:
    assert together([Answer(10, outcome)]) == outcome


def test_three() -> None:
    assert together([Answer(10, NEAR), Answer(20, needs(5)), Answer(30, needs(5))]) == needs(5)
    found = together([Answer(10, needs(5)), Answer(20, needs(5)), Answer(30, needs(2))])
    assert isinstance(found, Refused)
    assert "that of line 30, at line 2" in found.message


def test_an_edit_is_to_be_made_for_all() -> None:
    assert settled(needs(5), THERE) == needs(5)
    found = settled(needs(5), together([Answer(10, THERE), Answer(20, needs(5))]))
    assert isinstance(found, Refused)
    assert (found.reason, found.place) == (Reason.AMBIGUOUS, Place(5, 1))
    assert found.message.startswith(
        "the code is there, but after the edit another diff of this patch would not have it"
    )
    assert isinstance(settled(needs(5), needs(9)), Refused)
