"""What an assessment of one patch on one source can come to. A closed union."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum

from sio_patch.engine.edits import Edits
from sio_patch.engine.source import Place, Source


class Reason(StrEnum):
    """Why something was refused. The values are part of the contract with other programs."""

    ANCHOR_MISSING = "anchor-missing"
    AMBIGUOUS = "ambiguous"
    UNPARSEABLE = "unparseable"
    UNSAFE_PLACE = "unsafe-place"
    NAME_TAKEN = "name-taken"
    CHANGED_SINCE = "changed-since"
    OUTSIDE_ROOT = "outside-root"
    TOO_LARGE = "too-large"
    TOO_COMPLEX = "too-complex"
    UNSUPPORTED_LAYOUT = "unsupported-layout"
    BAD_PARAMETER = "bad-parameter"
    MISSING_FILE = "missing-file"


@dataclass(frozen=True, slots=True)
class NeedsPatch:
    """The defect is there and the edit is known. ``after`` has been parsed and matched again."""

    edits: Edits
    after: Source
    place: Place  # of the first change, in ``after``


@dataclass(frozen=True, slots=True)
class Applied:
    """This patch is already there."""

    place: Place


@dataclass(frozen=True, slots=True)
class Fixed:
    """A fixed form is there: ``form`` counts the document's fixed forms from 0."""

    form: int
    place: Place


@dataclass(frozen=True, slots=True)
class Absent:
    """The code that the patch is about is not there. ``nearest`` says how far the match got, in a sentence."""

    nearest: str | None
    place: Place | None


@dataclass(frozen=True, slots=True)
class Refused:
    """Not safe, or not understood. ``message`` is for a person and names what to do next where there is something."""

    reason: Reason
    message: str
    place: Place | None


Outcome = NeedsPatch | Applied | Fixed | Absent | Refused
