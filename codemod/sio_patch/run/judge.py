"""One patch on one text: what the engine found, and what that means for this version. Touches no disk."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING, assert_never

from sio_patch.engine.edits import Edits
from sio_patch.engine.outcome import Absent, Applied, Fixed, NeedsPatch, Outcome, Reason, Refused
from sio_patch.engine.source import Source
from sio_patch.report.result import Verdict

if TYPE_CHECKING:
    from sio_patch.catalogue import Document

PARSE_LIMIT_BYTES = 2 * 1024 * 1024  # the parser takes about 10 s per MB of dense code

_DEFECT = "the defect is in the code"
_PATCH = "the patch is in the code"
_FIX = "the code has a fix of its own"


@dataclass(frozen=True, slots=True)
class Version:
    """``text`` as package.json says it. ``unknown`` says why there is none, in words; both are None where there is no
    package at all, but a file that the user named."""

    text: str | None
    unknown: str | None = None


NO_PACKAGE = Version(None)


@dataclass(frozen=True, slots=True)
class Finding:
    """``edits`` and ``after`` are there exactly where the verdict is needs-patch (or, undoing, reverted)."""

    verdict: Verdict
    reason: Reason | None = None
    note: str | None = None
    line: int | None = None
    edits: Edits | None = None
    after: Source | None = None


def judge(document: Document, source: Source, version: Version, parameters: Mapping[str, str]) -> Finding:
    """The code decides; the version is evidence, and where the two disagree the note says so."""
    outcome = _outcome(document, source, parameters)
    match outcome:
        case Finding():
            return outcome
        case NeedsPatch():
            note = _disagreement(document, version, True, _DEFECT)
            return Finding(Verdict.NEEDS_PATCH, None, note, outcome.place.line, outcome.edits, outcome.after)
        case Applied():
            return Finding(Verdict.APPLIED, None, applied_note(document, version), outcome.place.line)
        case Fixed():
            note = _disagreement(document, version, False, _FIX)
            return Finding(Verdict.FIXED, None, note, outcome.place.line)
        case Absent():
            return _absent(document, version, outcome)
        case Refused():
            return _refused(outcome)
        case _:
            assert_never(outcome)


def judge_backwards(document: Document, source: Source, parameters: Mapping[str, str]) -> Finding:
    """Takes out of ``source`` what the patch adds: reverted; or what stands there instead."""
    forwards = judge(document, source, NO_PACKAGE, parameters)
    if forwards.verdict is not Verdict.APPLIED:
        return forwards
    outcome = _outcome(document, source, parameters, backwards=True)
    match outcome:
        case Finding():
            return outcome
        case NeedsPatch():
            return Finding(Verdict.REVERTED, None, None, forwards.line, outcome.edits, outcome.after)
        case Refused():
            return _refused(outcome)
        case _:
            note = "The patch is there, but not in a form that can be taken out safely. Undo it by hand."
            return Finding(Verdict.REFUSED, Reason.UNSAFE_PLACE, note, forwards.line)


def missing(document: Document, version: Version) -> Finding:
    """The copy has none of the files that the patch is about."""
    if document.covers(version.text) is False:
        return Finding(Verdict.NOT_AFFECTED)
    note = f"{_standing(document, version)}, but there is no {' and no '.join(document.files)} in this copy"
    return Finding(Verdict.REFUSED, Reason.MISSING_FILE, sentence(note))


def applied_note(document: Document, version: Version) -> str | None:
    """Also for a file whose receipt says that the patch is there."""
    return _disagreement(document, version, True, _PATCH)


def sentence(text: str) -> str:
    """With a capital letter and a full stop, however the part that noticed it has worded it."""
    return text[0].upper() + text[1:] + ("" if text.endswith((".", "!", "?")) else ".")


def _outcome(
    document: Document, source: Source, parameters: Mapping[str, str], *, backwards: bool = False
) -> Outcome | Finding:
    from sio_patch.engine.match import may_match
    from sio_patch.engine.rewrite import InternalError, assess, reverse

    patch = reverse(document.semantic) if backwards else document.semantic
    concerned = (patch.minus, patch.plus, *patch.fixed)
    if len(source.to_bytes()) > PARSE_LIMIT_BYTES and any(may_match(pattern, source.text) for pattern in concerned):
        message = (
            f"the file is larger than {PARSE_LIMIT_BYTES // 1024**2} MiB, which would take too long to read. If it is "
            "a bundle, patch what it was made from and build it again"
        )
        return Refused(Reason.TOO_LARGE, message, None)
    try:
        return assess(patch, source, {**document.params, **parameters})
    except InternalError as error:
        note = (
            f"this is a mistake in sio-patch ({error}). Its own check found it, and nothing was written. "
            "Please report it, with the file"
        )
        return Finding(Verdict.FAILED, note=sentence(note))


def _refused(outcome: Refused) -> Finding:
    line = outcome.place.line if outcome.place else None
    return Finding(Verdict.REFUSED, outcome.reason, sentence(outcome.message), line)


def _absent(document: Document, version: Version, outcome: Absent) -> Finding:
    if document.covers(version.text) is False:
        return Finding(Verdict.NOT_AFFECTED)
    nearest = outcome.nearest or "nothing like it is there"
    found = f"the code that the patch changes was not found: {nearest}"
    note = sentence(found if version is NO_PACKAGE else f"{_standing(document, version)}, but {found}")
    return Finding(Verdict.REFUSED, Reason.ANCHOR_MISSING, note, outcome.place.line if outcome.place else None)


def _disagreement(document: Document, version: Version, expected: bool, found: str) -> str | None:
    """What to say where the code shows ``found``, which goes with a version that is inside the range or is not."""
    covered = document.covers(version.text)
    if version is NO_PACKAGE or covered is expected:
        return None
    return sentence(f"{_standing(document, version)}, but {found}")


def _standing(document: Document, version: Version) -> str:
    covered = document.covers(version.text)
    if covered is None:
        why = version.unknown if version.text is None else f"{version.text!r} in package.json is none"
        return f"the version is unknown ({why})"
    return f"version {version.text} is {'inside' if covered else 'outside'} the affected range {document.affected}"
