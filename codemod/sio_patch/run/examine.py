"""One patch on one text: what the engine finds, and what that means for this version. Touches no disk.

Not loaded where a receipt has answered already.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING, assert_never

from sio_patch.documents.head import Kind
from sio_patch.engine.outcome import Absent, Applied, Fixed, NeedsPatch, Refused
from sio_patch.engine.source import Source
from sio_patch.run.assessed import Mistake, assessed, assessed_backwards
from sio_patch.run.finding import NO_PACKAGE, Finding, Version, applied_note, disagreement, sentence, standing
from sio_patch.verdict import Reason, Verdict

if TYPE_CHECKING:
    from sio_patch.documents.document import Document

_DEFECT = "the defect is in the code"
_WISH = "the code that the patch changes is there"
_FIX = "the code has a fix of its own"


def examine(document: Document, file: str, source: Source, version: Version, settings: Mapping[str, str]) -> Finding:
    """The code decides; the version is evidence, and where the two disagree the note says so.

    ``file`` is as in `globs`, and one that the document is about.
    """
    outcome = assessed(document, file, source, settings)
    match outcome:
        case NeedsPatch():
            found = _WISH if document.kind is Kind.CHANGE else _DEFECT
            note = _joined(disagreement(document, version, True, found), _insufficient(document, outcome))
            return Finding(Verdict.NEEDS_PATCH, None, note, outcome.place.line, outcome.edits, outcome.after)
        case Applied():
            note = _joined(applied_note(document, version), _values(document, outcome.values))
            return Finding(Verdict.APPLIED, None, note, outcome.place.line)
        case Fixed():
            if (senseless := _out_of_bounds(document, outcome)) is not None:
                return senseless
            said = _values(document, outcome.values), _unset(document, outcome.values, settings)
            note = _joined(disagreement(document, version, False, _FIX), *said)
            return Finding(Verdict.FIXED, None, note, outcome.place.line)
        case Absent():
            return _absent(document, version, outcome)
        case Refused():
            return _refused(outcome)
        case Mistake():
            return _mistaken(outcome)
        case _:
            assert_never(outcome)


def examine_backwards(document: Document, file: str, source: Source, settings: Mapping[str, str]) -> Finding:
    """Takes out of ``source`` what the patch adds: reverted; or what stands there instead."""
    forwards = examine(document, file, source, NO_PACKAGE, settings)
    there = assessed(document, file, source, settings)
    if not isinstance(there, Applied):
        return Finding(forwards.verdict, forwards.reason, forwards.note, forwards.line)  # found, but not to be made
    outcome = assessed_backwards(document, file, source, there.values)
    match outcome:
        case NeedsPatch():
            return Finding(Verdict.REVERTED, None, None, forwards.line, outcome.edits, outcome.after)
        case Refused():
            return _refused(outcome)
        case _:
            note = (
                "The patch's code is there, but not as sio-patch would have written it: it may be somebody's own. "
                "Undo it by hand."
            )
            return Finding(Verdict.REFUSED, Reason.UNSAFE_PLACE, note, forwards.line)


def _values(document: Document, values: Mapping[str, str]) -> str | None:
    """What the parameters are in the file."""
    from sio_patch.engine.tree.constant import number

    said = []
    for name, code in values.items():
        value = number(code)
        said.append(f"{name} is {document.params[name].words(value) if value is not None else f'`{code}`'}")
    return sentence(", ".join(said)) if said else None


def _unset(document: Document, values: Mapping[str, str], settings: Mapping[str, str]) -> str | None:
    """Which values the user has asked for in vain."""
    from sio_patch.engine.tree.constant import number

    wanted = ((name, settings[name], document.params[name].read(settings[name])) for name in values if name in settings)
    vain = [f"--set {name}={text}" for name, text, value in wanted if value != number(values[name])]
    return f"That is by hand, so {' and '.join(vain)} did not change it." if vain else None


def _out_of_bounds(document: Document, outcome: Fixed) -> Finding | None:
    """A value by hand that the parameter would not take is no cure."""
    from sio_patch.engine.tree.constant import number

    for name, code in outcome.values.items():
        parameter, value = document.params[name], number(code)
        literal = code in ("null", "undefined") or code[:1] in "'\"`"
        if literal or (value is not None and not parameter.minimum <= value <= parameter.maximum):
            low, high = parameter.words(parameter.minimum), parameter.words(parameter.maximum)
            note = f"By hand, {name} is set to `{code}` here, which is not from {low} to {high}. Change it by hand."
            return Finding(Verdict.REFUSED, Reason.BAD_PARAMETER, note, outcome.place.line)
    return None


def _insufficient(document: Document, outcome: NeedsPatch) -> str | None:
    if outcome.insufficient is None:
        return None
    return f"Line {outcome.insufficient.line} does something like it by hand, but {document.insufficient_because}."


def _joined(*notes: str | None) -> str | None:
    return " ".join(note for note in notes if note) or None


def _refused(outcome: Refused) -> Finding:
    line = outcome.place.line if outcome.place else None
    return Finding(Verdict.REFUSED, outcome.reason, sentence(outcome.message), line)


def _mistaken(mistake: Mistake) -> Finding:
    note = (
        f"this is a mistake in sio-patch ({mistake.message}). Its own check found it, and nothing was written. "
        "Please report it, with the file"
    )
    return Finding(Verdict.FAILED, note=sentence(note))


def _absent(document: Document, version: Version, outcome: Absent) -> Finding:
    if document.covers(version.text) is False:
        return Finding(Verdict.NOT_AFFECTED)
    nearest = outcome.nearest or "nothing like it is there"
    found = f"the code that the patch changes was not found: {nearest}"
    note = sentence(found if version is NO_PACKAGE else f"{standing(document, version)}, but {found}")
    line = outcome.place.line if outcome.place else None
    return Finding(Verdict.REFUSED, Reason.ANCHOR_MISSING, note, line)
