"""One patch on one text: what the engine found, and what that means for this version. Touches no disk."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING, NamedTuple, assert_never

from sio_patch.engine.edits import Edits
from sio_patch.engine.outcome import Absent, Applied, Fixed, NeedsPatch, Outcome, Refused
from sio_patch.engine.source import Source
from sio_patch.verdict import Reason, Verdict

if TYPE_CHECKING:
    from sio_patch.documents.document import Document
    from sio_patch.documents.params import Parameter
    from sio_patch.engine.pattern import SemanticPatch

PARSE_LIMIT_BYTES = 2 * 1024 * 1024  # the parser takes about 10 s per MB of dense code

_DEFECT = "the defect is in the code"
_PATCH = "the patch is in the code"
_FIX = "the code has a fix of its own"


class Version(NamedTuple):
    """``text`` as package.json says it. ``unknown`` says why there is none, in words; both are None where there is no
    package at all, but a file that the user named."""

    text: str | None
    unknown: str | None = None


NO_PACKAGE = Version(None)


class Finding(NamedTuple):
    """``edits`` and ``after`` are there exactly where the verdict is needs-patch (or, undoing, reverted)."""

    verdict: Verdict
    reason: Reason | None = None
    note: str | None = None
    line: int | None = None
    edits: Edits | None = None
    after: Source | None = None


def examine(document: Document, source: Source, version: Version, settings: Mapping[str, str]) -> Finding:
    """The code decides; the version is evidence, and where the two disagree the note says so."""
    outcome = _outcome(document, source, settings)
    match outcome:
        case Finding():
            return outcome
        case NeedsPatch():
            note = _joined(_disagreement(document, version, True, _DEFECT), _insufficient(document, outcome))
            return Finding(Verdict.NEEDS_PATCH, None, note, outcome.place.line, outcome.edits, outcome.after)
        case Applied():
            note = _joined(applied_note(document, version), _values(document, outcome.values))
            return Finding(Verdict.APPLIED, None, note, outcome.place.line)
        case Fixed():
            if (senseless := _out_of_bounds(document, outcome)) is not None:
                return senseless
            said = _values(document, outcome.values), _unset(document, outcome.values, settings)
            note = _joined(_disagreement(document, version, False, _FIX), *said)
            return Finding(Verdict.FIXED, None, note, outcome.place.line)
        case Absent():
            return _absent(document, version, outcome)
        case Refused():
            return _refused(outcome)
        case _:
            assert_never(outcome)


def examine_backwards(document: Document, source: Source, settings: Mapping[str, str]) -> Finding:
    """Takes out of ``source`` what the patch adds: reverted; or what stands there instead."""
    forwards = examine(document, source, NO_PACKAGE, settings)
    if forwards.verdict is not Verdict.APPLIED:
        return Finding(forwards.verdict, forwards.reason, forwards.note, forwards.line)  # found, but not to be made
    outcome = _outcome(document, source, settings, backwards=True)
    match outcome:
        case Finding():
            return outcome
        case NeedsPatch() if _comes_back(document, outcome.after, source):
            return Finding(Verdict.REVERTED, None, None, forwards.line, outcome.edits, outcome.after)
        case Refused():
            return _refused(outcome)
        case _:
            note = (
                "The patch's code is there, but not as sio-patch would have written it: it may be somebody's own. "
                "Undo it by hand."
            )
            return Finding(Verdict.REFUSED, Reason.UNSAFE_PLACE, note, forwards.line)


def _comes_back(document: Document, without: Source, source: Source) -> bool:
    """Whether patching ``without`` gives ``source`` again, to the byte: then what was taken out is the patch's own."""
    from sio_patch.engine.rewrite import assess

    there = assess(document.semantic, source, parameters_codes(document))
    values = {**parameters_codes(document), **(there.values if isinstance(there, Applied) else {})}
    again = assess(document.semantic, without, values)
    return isinstance(again, NeedsPatch) and again.after == source


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
    document: Document, source: Source, settings: Mapping[str, str], *, backwards: bool = False
) -> Outcome | Finding:
    from sio_patch.engine.find.match import may_match
    from sio_patch.engine.pattern import PatternError
    from sio_patch.engine.rewrite import InternalError, reverse

    try:
        patch = reverse(document.semantic) if backwards else document.semantic
    except PatternError:
        return Absent("what the patch removed is not known", None)
    concerned = (patch.minus, patch.plus, *patch.fixed)
    if len(source.to_bytes()) > PARSE_LIMIT_BYTES and any(may_match(pattern, source.text) for pattern in concerned):
        message = (
            f"the file is larger than {PARSE_LIMIT_BYTES // 1024**2} MiB, which would take too long to read. If it is "
            "a bundle, patch what it was made from and build it again"
        )
        return Refused(Reason.TOO_LARGE, message, None)
    try:
        return _assessed(document, patch, source, settings, backwards=backwards)
    except InternalError as error:
        if backwards:
            return Absent("what would be left reads as patched still", None)
        note = (
            f"this is a mistake in sio-patch ({error}). Its own check found it, and nothing was written. "
            "Please report it, with the file"
        )
        return Finding(Verdict.FAILED, note=sentence(note))


def _assessed(
    document: Document, patch: SemanticPatch, source: Source, settings: Mapping[str, str], *, backwards: bool
) -> Outcome:
    """What the engine finds; but a value that the patch would not write so is somebody's own, and stays."""
    from sio_patch.engine.rewrite import assess

    parameters = parameters_of(document, settings)
    codes = {name: code for name, (code, _) in parameters.items()}
    found = assess(patch, source, codes)
    if backwards or not isinstance(found, Applied):
        return found
    if not all(_is_own(document.params[name], code) for name, code in found.values.items()):
        return Fixed(None, found.place, found.values)
    chosen = frozenset(name for name, (_, chosen) in parameters.items() if chosen)
    return assess(patch, source, codes, chosen) if chosen else found


def parameters_of(document: Document, settings: Mapping[str, str]) -> dict[str, tuple[str, bool]]:
    """For each parameter its JavaScript, and whether the user has set it. Raises BadParameter."""
    found = {}
    for name, parameter in document.params.items():
        value = parameter.read(settings[name]) if name in settings else parameter.default
        found[name] = (parameter.code(value), name in settings)
    return found


def parameters_codes(document: Document) -> dict[str, str]:
    """The parameters' JavaScript where the user sets none."""
    return {name: code for name, (code, _) in parameters_of(document, {}).items()}


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


def _is_own(parameter: Parameter, code: str) -> bool:
    """Whether the patch itself writes a value in this way; white space apart."""
    from sio_patch.engine.tree.constant import number

    value = number(code)
    within = isinstance(value, int) and parameter.minimum <= value <= parameter.maximum
    return within and parameter.code(int(value or 0)).split() == code.replace("*", " * ").split()


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
