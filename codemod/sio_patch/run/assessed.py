"""What the engine finds for a document in a text: asked once for each pair of them."""

from __future__ import annotations

from collections.abc import Collection, Iterator, Mapping, Sequence
from functools import lru_cache
from typing import TYPE_CHECKING, NamedTuple

from sio_patch.documents.params import in_javascript
from sio_patch.engine.alternatives import Answer, settled, together
from sio_patch.engine.outcome import Absent, Applied, Fixed, NeedsPatch, Outcome, Refused
from sio_patch.engine.source import PARSE_LIMIT_BYTES, Source
from sio_patch.verdict import Reason

if TYPE_CHECKING:
    from sio_patch.documents.document import Alternative, Document, FilePatch
    from sio_patch.documents.params import Parameter

_REMEMBERED = 256  # pairs: a copy's files times the patches of its package, and more
_UTF_16 = ("\udcff\udcfe", "\udcfe\udcff")  # the byte order marks, as bytes that are not UTF-8 are decoded
_TOO_LARGE = (
    f"the file is larger than {PARSE_LIMIT_BYTES // 1024**2} MiB, which would take too long to read. If it is "
    "a bundle, patch what it was made from and build it again"
)


class Mistake(NamedTuple):
    """The engine's own check objected to its own work: a fault of sio-patch."""

    message: str


def assessed(document: Document, file: str | None, source: Source, settings: Mapping[str, str]) -> Outcome | Mistake:
    """What the patch finds in a file, whose name is as for ``Document.patches``, and one that the document is about.

    ``settings`` are parameters as the user set them. Raises DocumentError and BadParameter.
    """
    return _remembered(_Question(document, file, source, settings))


def assessed_backwards(
    document: Document, file: str | None, source: Source, values: Mapping[str, str]
) -> Outcome | Mistake:
    """What taking out the patch's code comes to, where it is there with these ``values`` of its parameters.

    NeedsPatch only where patching what is left gives ``source`` again, to the byte: then the code is the patch's own.
    """
    patches = document.patches(file)
    codes = in_javascript(document.params, {})
    found: list[Outcome | Mistake] = []
    undone: dict[Source, NeedsPatch] = {}
    for patch in (each.patch for each in patches):
        for each in _backwards(patch, file, source, codes):
            found.append(each)
            again = _checked(patches, file, each.after, {**codes, **values}) if isinstance(each, NeedsPatch) else None
            if isinstance(each, NeedsPatch) and isinstance(again, NeedsPatch) and again.after == source:
                undone[each.after] = each
                break
    if len(undone) > 1:
        message = "the patch has several diffs that lead here, so what stood there before is not known"
        return Refused(Reason.AMBIGUOUS, message, next(iter(undone.values())).place)
    if undone:
        return next(iter(undone.values()))
    others = (each for each in found if isinstance(each, Refused | Mistake))
    return next(others, Absent("patching what is left gives another text", None))


class _Question:
    """Two are the same where the document's bytes, those of its blocks that are for the file, its parameters, and the
    text are."""

    __slots__ = ("_key", "document", "file", "settings", "source")

    def __init__(self, document: Document, file: str | None, source: Source, settings: Mapping[str, str]) -> None:
        self.document = document
        self.file = file
        self.source = source
        self.settings = {name: settings[name] for name in document.params if name in settings}
        blocks = document.blocks(file)
        kind = (file or "").rpartition(".")[2] if any(document.diffs[each.diff].raw for each in blocks) else ""
        self._key = (document.id, document.digest, blocks, kind, source, tuple(sorted(self.settings.items())))

    def __eq__(self, other: object) -> bool:
        return isinstance(other, _Question) and self._key == other._key

    def __hash__(self) -> int:
        return hash(self._key)


@lru_cache(_REMEMBERED)
def _remembered(question: _Question) -> Outcome | Mistake:
    """What the engine finds; but a value that the patch would not write so is somebody's own, and stays."""
    document, file, source = question.document, question.file, question.source
    codes = in_javascript(document.params, question.settings)
    patches = document.patches(file)
    found = _checked(patches, file, source, codes)
    if not isinstance(found, Applied):
        return found
    if not all(_is_own(document.params[name], code) for name, code in found.values.items()):
        return Fixed(None, found.place, found.values)
    return _checked(patches, file, source, codes, frozenset(question.settings)) if question.settings else found


def _checked(
    patches: Sequence[Alternative],
    file: str | None,
    source: Source,
    codes: Mapping[str, str],
    chosen: Collection[str] = (),
) -> Outcome | Mistake:
    """What all alternatives come to, also in the text after the edit."""
    found = _together(patches, file, source, codes, chosen)
    if len(patches) == 1 or not isinstance(found, NeedsPatch):
        return found
    again = _together(patches, file, found.after, codes, chosen)
    return again if isinstance(again, Mistake) else settled(found, again)


def _together(
    patches: Sequence[Alternative], file: str | None, source: Source, codes: Mapping[str, str], chosen: Collection[str]
) -> Outcome | Mistake:
    if not patches:
        return Absent("the patch is not about this file", None)
    answers = []
    for each in patches:
        outcome = _outcome(each.patch, file, source, codes, chosen)
        if isinstance(outcome, Mistake):
            return outcome
        answers.append(Answer(each.line, outcome))
    return together(answers)


def _backwards(
    patch: FilePatch, file: str | None, source: Source, codes: Mapping[str, str]
) -> Iterator[Outcome | Mistake]:
    """What the ways to take it out come to: with the lines that it adds where they are missing, and without these."""
    from sio_patch.engine.pattern import PatternError
    from sio_patch.engine.rewrite import reversals
    from sio_patch.engine.text_patch import TextPatch, reversed_text_patch

    try:
        ways = (reversed_text_patch(patch),) if isinstance(patch, TextPatch) else reversals(patch)
    except PatternError:
        yield Absent("what the patch removed is not known", None)
        return
    for backwards in ways:
        yield _outcome(backwards, file, source, codes, ())


def _outcome(
    patch: FilePatch, file: str | None, source: Source, codes: Mapping[str, str], chosen: Collection[str]
) -> Outcome | Mistake:
    from sio_patch.engine.language.compiled import SemanticPatch

    if source.text.startswith(_UTF_16) or "\0" in source.text[:2]:
        return Refused(Reason.UNPARSEABLE, "this is UTF-16, which no Node reads. Save it as UTF-8", None)
    if not isinstance(patch, SemanticPatch):
        from sio_patch.engine.text_patch import assess_text

        return assess_text(patch, source, file or "")
    from sio_patch.engine.find.match import may_concern
    from sio_patch.engine.rewrite import InternalError, assess

    if len(source.to_bytes()) > PARSE_LIMIT_BYTES and may_concern(patch, source.text):
        return Refused(Reason.TOO_LARGE, _TOO_LARGE, None)
    try:
        return assess(patch, source, codes, chosen)
    except InternalError as error:
        return Mistake(str(error))


def _is_own(parameter: Parameter, code: str) -> bool:
    """Whether the patch itself writes a value in this way; white space apart."""
    from sio_patch.engine.tree.constant import number

    value = number(code)
    within = isinstance(value, int) and parameter.minimum <= value <= parameter.maximum
    return within and parameter.code(int(value or 0)).split() == code.replace("*", " * ").split()
