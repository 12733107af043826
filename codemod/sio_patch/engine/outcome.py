"""What an assessment of one patch on one source can come to. A closed union."""

from __future__ import annotations

from collections.abc import Mapping
from typing import NamedTuple

from sio_patch.engine.edits import Edits
from sio_patch.engine.source import Place, Source
from sio_patch.verdict import Reason

NO_VALUES: Mapping[str, str] = {}


class NeedsPatch(NamedTuple):
    """The defect is there and the edit is known. ``after`` has been parsed and matched again."""

    edits: Edits
    after: Source
    place: Place  # of the first change, in ``after``
    insufficient: Place | None = None  # of something that looks like a cure and is none, in the text before


class Applied(NamedTuple):
    """This patch is already there. ``values`` give the text that each of its parameters has there."""

    place: Place
    values: Mapping[str, str] = NO_VALUES


class Fixed(NamedTuple):
    """A cure that is not the patch's own is there. ``values`` are as for Applied.

    ``form`` counts the document's fixed forms from 0; None is the patch's own code in other words.
    """

    form: int | None
    place: Place
    values: Mapping[str, str] = NO_VALUES


class Absent(NamedTuple):
    """The code that the patch is about is not there. ``nearest`` says how far the match got, in a sentence."""

    nearest: str | None
    place: Place | None


class Refused(NamedTuple):
    """Not safe, or not understood. ``message`` is for a person and names what to do next where there is something."""

    reason: Reason
    message: str
    place: Place | None


Outcome = NeedsPatch | Applied | Fixed | Absent | Refused
