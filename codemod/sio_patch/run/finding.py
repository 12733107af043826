"""What was found for one patch in one file, and what there is to say of its version. Touches no disk."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, NamedTuple

from sio_patch.documents.head import EVERY_VERSION
from sio_patch.engine.edits import Edits
from sio_patch.engine.source import Source
from sio_patch.verdict import Reason, Verdict

if TYPE_CHECKING:
    from sio_patch.documents.document import Document

_WORD = re.compile(r"[a-z]+(?=[ ,:;!?]|\.?$)")
_PATCH = "the patch is in the code"


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


def missing(document: Document, version: Version) -> Finding:
    """The copy has none of the files that the patch is about."""
    if document.covers(version.text) is False:
        return Finding(Verdict.NOT_AFFECTED)
    note = f"{standing(document, version)}, but there is no {' and no '.join(document.files)} in this copy"
    return Finding(Verdict.REFUSED, Reason.MISSING_FILE, sentence(note))


def applied_note(document: Document, version: Version) -> str | None:
    """What to say where the patch is there and the version is outside the range; also where a receipt says so."""
    return disagreement(document, version, True, _PATCH)


def sentence(text: str) -> str:
    """With a capital letter and a full stop, however the part that noticed it has worded it. What begins with the name
    of a file, as package.json, begins as that is written."""
    start = text[0].upper() if _WORD.match(text) else text[0]
    return start + text[1:] + ("" if text.endswith((".", "!", "?")) else ".")


def disagreement(document: Document, version: Version, expected: bool, found: str) -> str | None:
    """What to say where the code shows ``found``, which goes with a version that is inside the range or is not."""
    covered = document.covers(version.text)
    if version is NO_PACKAGE or covered is expected:
        return None
    return sentence(f"{standing(document, version)}, but {found}")


def standing(document: Document, version: Version) -> str:
    if document.affected == EVERY_VERSION:
        return "the patch is for every version"
    covered = document.covers(version.text)
    if covered is None:
        why = version.unknown if version.text is None else f"{version.text!r} in package.json is none"
        return f"the version is unknown ({why})"
    return f"version {version.text} is {'inside' if covered else 'outside'} the affected range {document.affected}"
