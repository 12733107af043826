"""What holds for every patch on every text, whatever comes out. Each broken promise is a ``Broken`` with its kind."""

from __future__ import annotations

import signal
import traceback
from collections.abc import Iterator
from contextlib import contextmanager
from types import FrameType

from engine.checks import outside
from fuzz.patches import Kind
from sio_patch.engine.outcome import Absent, Applied, Fixed, NeedsPatch, Outcome, Refused
from sio_patch.engine.pattern import PatternError, SemanticPatch, compile_patch
from sio_patch.engine.rewrite import assess, reverse
from sio_patch.engine.search import search
from sio_patch.engine.source import Source
from sio_patch.engine.tree.parse import SyntaxProblem, TooDeep, parse
from sio_patch.verdict import Reason

BOUND_S = 20  # for one input of a few thousand characters, on a machine that does other things as well


class Broken(Exception):
    """``kind`` is the same for the same fault, wherever it shows."""

    def __init__(self, kind: str, detail: object = "") -> None:
        super().__init__(f"{kind}: {detail}")
        self.kind = kind


class _Hangs(BaseException):
    """Not an Exception: nothing on the way may catch it."""


def tried(kind: Kind, text: str) -> str:
    """What the patch came to, in a word or two. Raises Broken."""
    with _bounded(), _unexceptional():
        try:
            patch = compile_patch(kind.diff, **kind.options)
        except PatternError:
            return "no patch"
        source = Source.of(text.encode("utf-8", "surrogateescape"))
        outcome = assess(patch, source, kind.values, frozenset(kind.values))
        _said(outcome, source)
        if isinstance(outcome, NeedsPatch):
            _edited(patch, kind, source, outcome)
            _taken_back(patch, source, outcome)
        elif again := _differs(outcome, assess(patch, source, kind.values, frozenset(kind.values))):
            raise Broken("another outcome the second time", again)
        _searched(patch, source)
        return _word(outcome)


def _word(outcome: Outcome) -> str:
    return f"refused {outcome.reason}" if isinstance(outcome, Refused) else type(outcome).__name__


def _said(outcome: Outcome, source: Source) -> None:
    """The outcome is of the contract: a reason of the closed list, words, and a place that is in the file."""
    match outcome:
        case Refused(reason, message, place):
            if not isinstance(reason, Reason) or not message.strip():
                raise Broken("a refusal without a reason or words", outcome)
        case Absent(words, place):
            if not words:
                raise Broken("nothing said of what is not there", outcome)
        case Applied() | Fixed() | NeedsPatch():
            place = outcome.place
    text = outcome.after.text if isinstance(outcome, NeedsPatch) else source.text
    if place is not None and not 1 <= place.line <= text.count("\n") + 1:
        raise Broken("a place outside the file", outcome)


def _edited(patch: SemanticPatch, kind: Kind, source: Source, outcome: NeedsPatch) -> None:
    after = outcome.after
    edits = [(edit.start, edit.end, edit.new) for edit in outcome.edits]
    if outcome.edits.apply(source.text) != after.text or after.bom != source.bom:
        raise Broken("the edits do not give the text")
    if outcome.edits.inverse(source.text).apply(after.text) != source.text:
        raise Broken("the undo is not exact")
    kept, kept_there = outside(source.text, after.text, edits)
    if kept != kept_there:
        raise Broken("bytes outside the edits changed")
    if after.text == source.text:
        raise Broken("edits that change nothing")
    if Source.of(after.to_bytes()) != after:
        raise Broken("the bytes are another text")
    if _is_module(source) != _is_module(after):
        raise Broken("another goal")
    again = assess(patch, Source.of(after.to_bytes()), kind.values, frozenset(kind.values))
    told = all(section.plus.items for section in patch.sections)  # of what is gone the code may say nothing
    if not isinstance(again, Applied | Fixed) and (told or not isinstance(again, Absent)):
        raise Broken(f"a second run reads {_word(again)}", getattr(again, "message", again))


def _is_module(source: Source) -> bool:
    return bool(parse(source).fields["goal"] == "module")


def _taken_back(patch: SemanticPatch, source: Source, outcome: NeedsPatch) -> None:
    """The reversed patch, where there is one, makes edits as good as the patch's own."""
    try:
        back = reverse(patch)
    except PatternError:
        return
    found = assess(back, outcome.after)
    _said(found, outcome.after)
    if isinstance(found, NeedsPatch):
        if found.edits.inverse(outcome.after.text).apply(found.after.text) != outcome.after.text:
            raise Broken("the undo of the way back is not exact")
        parse(found.after)


def _differs(one: Outcome, other: Outcome) -> str:
    return "" if one == other else f"{one}, then {other}"


def _searched(patch: SemanticPatch, source: Source) -> None:
    try:
        found = [
            each
            for section in patch.sections
            for each in search(section.minus.text, source, equivalent=patch.equivalent)
        ]
    except (SyntaxProblem, TooDeep, PatternError):
        return
    for each in found:
        if source.text[each.start : each.end] != each.text:
            raise Broken("a search quotes another text", each)


@contextmanager
def _bounded() -> Iterator[None]:
    def ring(number: int, frame: FrameType | None) -> None:
        raise _Hangs

    before = signal.signal(signal.SIGALRM, ring)
    signal.setitimer(signal.ITIMER_REAL, BOUND_S)
    try:
        yield
    except _Hangs:
        raise Broken("it hangs", f"longer than {BOUND_S} s") from None
    finally:
        signal.setitimer(signal.ITIMER_REAL, 0)
        signal.signal(signal.SIGALRM, before)


@contextmanager
def _unexceptional() -> Iterator[None]:
    try:
        yield
    except Broken:
        raise
    except Exception as error:
        last = traceback.extract_tb(error.__traceback__)[-1]
        place = f"{last.filename.rpartition('sio_patch/')[2]}:{last.name}"
        raise Broken(f"{type(error).__name__} in {place}", error) from error
