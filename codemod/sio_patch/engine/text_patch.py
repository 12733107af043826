"""Patches of texts that are no JavaScript that can be read: TypeScript, JSON, CSS, native code. A hunk is found by its
lines, at exactly one place, whatever its line numbers say.

An example: a hunk of `` a`` and ``+b`` asks for ``b`` behind the one line ``a`` of a file. Where ``a``, ``b`` stands it
has been made; the ``a`` in that is not asked. Two places are refused, and so is an edit after which nobody could tell.

Line ends are no part of a line: a hunk also matches a file with CRLF, and what it adds ends as the lines beside it do.
A file whose last line has no newline keeps that, unless a hunk says `\\ No newline at end of file`.
"""

from __future__ import annotations

import json
from bisect import bisect_right
from collections.abc import Iterator, Sequence
from itertools import accumulate, groupby
from typing import NamedTuple

from sio_patch.engine.edits import Edit, Edits
from sio_patch.engine.language.block import Block
from sio_patch.engine.outcome import Absent, Applied, NeedsPatch, Outcome, Refused
from sio_patch.engine.source import PARSE_LIMIT_BYTES, Place, Source
from sio_patch.engine.text_hunks import Hunk, read_hunks
from sio_patch.verdict import Reason

_PLACES = 1000  # of one hunk: more are as many as nobody needs
_WORK = 1 << 30  # code points of a file, times hunks: about a second
_QUOTED = 60  # code points of a line


class TextPatch(NamedTuple):
    """All its hunks are to be there, or made."""

    hunks: tuple[Hunk, ...]


def compile_text_patch(block: Block | str) -> TextPatch:
    """Raises PatternError, which names the line."""
    return TextPatch(read_hunks(Block.of(block)))


def assess_text(patch: TextPatch, source: Source, file: str = "") -> Outcome:
    """What the patch finds in ``source``. Where ``file`` is JSON or JavaScript by its name, and by what is in it, it is
    so afterwards."""
    if len(patch.hunks) * len(source.text) > _WORK:
        message = f"the patch has {len(patch.hunks):,} hunks, too many to look for in a file of this size"
        return Refused(Reason.TOO_COMPLEX, message, None)
    lines = _Lines(source.text)
    states = [_State.of(hunk, lines) for hunk in patch.hunks]
    for state in states:
        if not state.live and len(state.done) != 1:
            return _absent(state, lines)
    for state in states:
        if len(state.live) > 1:
            return _ambiguous(state)
    live = [state for state in states if state.live]
    if not live:
        hunk, at = states[0].hunk, states[0].done[0]
        return Applied(Place(min(at + hunk.lead, len(lines.texts) - 1) + 1, 1))
    return _edited(patch, live, lines, source, file)


def reversed_text_patch(patch: TextPatch) -> TextPatch:
    """The patch that takes out what ``patch`` puts in."""
    return TextPatch(tuple(hunk.reversed() for hunk in patch.hunks))


def makes(patch: TextPatch, before: str, edits: Edits) -> bool:
    """Whether ``edits`` make out of ``before`` what the patch makes."""
    found = assess_text(patch, Source(before))
    return isinstance(found, NeedsPatch) and found.after.text == edits.apply(before)


class _Lines:
    """A text's lines, and their ends apart. The last has none where the file has no newline there."""

    def __init__(self, text: str) -> None:
        pieces = text.split("\n")
        self.bare = pieces[-1] != ""
        if not self.bare:
            pieces.pop()
        whole = len(pieces) - self.bare
        self.ends = ["\r\n" if piece.endswith("\r") else "\n" for piece in pieces[:whole]] + [""] * self.bare
        self.texts = [piece[: len(piece) - (len(end) == 2)] for piece, end in zip(pieces, self.ends, strict=True)]
        self.starts = [0, *accumulate(len(line) + len(end) for line, end in zip(self.texts, self.ends, strict=True))]
        self._joined = "\n".join(("", *self.texts, ""))
        self._at = list(accumulate((len(line) + 1 for line in self.texts), initial=0))

    def places(self, wanted: Sequence[str], bare: bool, at_end: bool) -> list[int]:
        """The first lines, counted from 0, of each place where these lines stand; not more than ``_PLACES``.

        With ``at_end`` they are the file's last ones, which lack a newline where it is ``bare``.
        """
        needle = "\n".join(("", *wanted, ""))
        found: list[int] = []
        at = self._joined.find(needle)
        while at >= 0 and len(found) < _PLACES:
            line = bisect_right(self._at, at) - 1
            if not at_end or (line + len(wanted) == len(self.texts) and bare == self.bare):
                found.append(line)
            at = self._joined.find(needle, at + 1)
        return found

    def end_near(self, at: int) -> str:
        """The line end that a line put in at ``at`` gets: as that of the line before, or behind."""
        near = (self.ends[line] for line in (at - 1, at, at - 2) if 0 <= line < len(self.ends))
        return next(filter(None, near), "\n")


class _State(NamedTuple):
    """One hunk in one text: the places, by line, at which it is called for, and those at which it has been made."""

    hunk: Hunk
    live: list[int]
    done: list[int]

    @classmethod
    def of(cls, hunk: Hunk, lines: _Lines) -> _State:
        at_end = hunk.old_bare or hunk.new_bare
        old = lines.places(hunk.old, hunk.old_bare, at_end)
        new = lines.places(hunk.new, hunk.new_bare, at_end)
        sizes = len(hunk.old), len(hunk.new)
        return cls(hunk, _outside(old, sizes[0], new, sizes[1]), _outside(new, sizes[1], old, sizes[0]))


def _outside(places: Sequence[int], size: int, others: Sequence[int], other_size: int) -> list[int]:
    """Those of ``places``, of so many lines, that are no part of one of the ``others``. Both are sorted."""
    return [at for at in places if not _inside(at, size, others, other_size)]


def _inside(at: int, size: int, others: Sequence[int], other_size: int) -> bool:
    before = bisect_right(others, at) - 1
    return size < other_size and before >= 0 and at + size <= others[before] + other_size


def _edited(patch: TextPatch, live: Sequence[_State], lines: _Lines, source: Source, file: str) -> Outcome:
    try:
        edits = Edits.of(edit for state in live for edit in _edits(state.hunk, state.live[0], lines))
    except ValueError:
        return _refused(Reason.UNSAFE_PLACE, live[0], "change the same lines here as another hunk; make one of the two")
    after = Source(edits.apply(source.text), source.bom)
    new_lines = _Lines(after.text)
    if new_lines.texts != _as_shown(live, lines):
        return _refused(Reason.UNSAFE_PLACE, live[0], "cannot be changed as it shows; make one hunk of those beside it")
    for state in (_State.of(hunk, new_lines) for hunk in patch.hunks):
        if state.live or len(state.done) != 1:
            message = "could not be told from others once they are changed; give the hunk more context"
            return _refused(Reason.AMBIGUOUS, next((at for at in live if at.hunk is state.hunk), live[0]), message)
    if _can_be_read(file, source.text) and not _can_be_read(file, after.text):
        kind = file.rpartition(".")[2]
        return _refused(Reason.UNSAFE_PLACE, live[0], f"are there, but after the edit this would be no {kind} any more")
    return NeedsPatch(edits, after, after.place(_first_change(edits[0])))


def _as_shown(live: Sequence[_State], lines: _Lines) -> list[str]:
    """The lines that there are to be, told from the hunks alone: what the edits come to is held against it."""
    gone: set[int] = set()
    put: dict[int, list[str]] = {}
    for state in live:
        at = state.live[0]
        for line in state.hunk.lines:
            if line.mark == "+":
                put.setdefault(at, []).append(line.text)
                continue
            if line.mark == "-":
                gone.add(at)
            at += 1
    shown = []
    for at, text in enumerate([*lines.texts, ""]):
        shown += put.get(at, [])
        shown += [text] if at not in gone and at < len(lines.texts) else []
    return shown


def _edits(hunk: Hunk, at: int, lines: _Lines) -> Iterator[Edit]:
    """One for each run of changed lines, where the hunk's first line stands at ``at``."""
    for is_context, run in groupby(hunk.lines, key=lambda line: line.mark == " "):
        if is_context:
            at += len(list(run))
            continue
        changed = list(run)
        removed = sum(line.mark == "-" for line in changed)
        yield _edit(hunk, at, removed, [line.text for line in changed if line.mark == "+"], lines)
        at += removed


def _edit(hunk: Hunk, at: int, removed: int, added: Sequence[str], lines: _Lines) -> Edit:
    """Added lines end as those do that they stand for, one by one; the others as the line before."""
    start, end = lines.starts[at], lines.starts[at + removed]
    near = lines.end_near(at)
    ends = [lines.ends[at + min(number, removed - 1)] or near if removed else near for number in range(len(added))]
    if at + removed == len(lines.texts):
        bare = hunk.new_bare if hunk.old_bare or hunk.new_bare else lines.bare
        if bare and added:
            ends[-1] = ""
        elif bare and at:
            start -= len(lines.ends[at - 1])
    new = "".join(line + ending for line, ending in zip(added, ends, strict=True))
    return Edit(start, end, near + new if added and lines.bare and at == len(lines.texts) else new)


def _first_change(edit: Edit) -> int:
    """Past the line end that an insertion behind the last line starts with."""
    return edit.start + len(edit.new) - len(edit.new.lstrip("\r\n"))


def _can_be_read(file: str, text: str) -> bool:
    """Whether it is the JSON or JavaScript that the file's name says; false of any other file."""
    if file.endswith(".json"):
        try:
            json.loads(text)
        except (ValueError, RecursionError):
            return False
        return True
    if not file.endswith((".js", ".cjs", ".mjs")) or len(text) > PARSE_LIMIT_BYTES:
        return False
    from sio_patch.engine.tree.parse import SyntaxProblem, TooDeep, parse

    try:
        parse(Source(text))
    except (SyntaxProblem, TooDeep):
        return False
    return True


def _absent(state: _State, lines: _Lines) -> Absent:
    hunk = state.hunk
    if state.done:
        said = f"what the hunk at line {hunk.line} of the patch leaves stands at lines {_listed(state.done)}"
        return Absent(f"{said}, which does not tell whether it was made", None)
    at, count = _nearest(hunk.old, lines)
    if not count:
        return Absent(
            f"no line of the file is {_quoted(hunk.old[0])}, with which the hunk at line {hunk.line} begins", None
        )
    if count == len(hunk.old) and at + count == len(lines.texts):
        has = "has no newline" if lines.bare else "has a newline"
        return Absent(f"the file {has} at its end, unlike the hunk at line {hunk.line} of the patch", None)
    there = _quoted(lines.texts[at + count]) if at + count < len(lines.texts) else "the end of the file"
    wanted = _quoted(hunk.old[count]) if count < len(hunk.old) else "the end of the file"
    where = Place(min(at + count, len(lines.texts) - 1) + 1, 1)
    return Absent(f"the hunk at line {hunk.line} of the patch has {wanted}, and there stands {there}", where)


def _nearest(wanted: Sequence[str], lines: _Lines) -> tuple[int, int]:
    """Where most of the first lines of ``wanted`` stand, and how many of them."""
    found = (0, 0)
    wanted = wanted[:_PLACES]
    for at in lines.places(wanted[:1], bare=False, at_end=False):
        pairs = zip(wanted, lines.texts[at : at + len(wanted)], strict=False)
        count = next((number for number, (one, other) in enumerate(pairs) if one != other), None)
        count = min(len(wanted), len(lines.texts) - at) if count is None else count
        found = max(found, (at, count), key=lambda pair: pair[1])
    return found


def _ambiguous(state: _State) -> Refused:
    return _refused(
        Reason.AMBIGUOUS,
        state,
        f"stand in {len(state.live)} places (lines {_listed(state.live)}); give it more context",
    )


def _refused(reason: Reason, state: _State, what: str) -> Refused:
    return Refused(reason, f"the lines of the hunk at line {state.hunk.line} {what}", Place(state.live[0] + 1, 1))


def _listed(places: Sequence[int]) -> str:
    shown = ", ".join(str(at + 1) for at in places[:5])
    return f"{shown}, ..." if len(places) > 5 else shown


def _quoted(line: str) -> str:
    if not line:
        return "an empty line"
    return f"`{line if len(line) <= _QUOTED else line[:_QUOTED] + '...'}`"
