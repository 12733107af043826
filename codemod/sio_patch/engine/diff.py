"""Edits as a unified diff that `git apply` and `patch -p1` both take.

Lines end at ``\\n`` only: a carriage return, a form feed or U+2028 is part of its line.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from itertools import pairwise

from sio_patch.engine.edits import Edits
from sio_patch.engine.source import Source

ESCAPES = {7: "a", 8: "b", 9: "t", 10: "n", 11: "v", 12: "f", 13: "r", 34: '"', 92: "\\"}
"""How git quotes bytes in a file's name."""

_CONTEXT_LINES = 3
_NO_NEWLINE = b"\\ No newline at end of file\n"
_COMPARED = 1000  # differing lines at one place; more than that are shown as replaced


def unified_diff(path: str, before: Source, after: Source, edits: Edits) -> bytes:
    """The diff of one file; empty bytes where the edits change nothing.

    ``path`` is the file, with ``/``, relative to where the diff will be applied; ``edits`` lead from ``before``
    to ``after``. Three lines of context, ``a/`` and ``b/`` prefixes. A line that an edit has only moved its end over is
    context, as in any other diff.
    """
    old, new = lines_of(before.to_bytes()), lines_of(after.to_bytes())
    blocks = list(_blocks(before, edits, old, new))
    if not blocks:
        return b""
    header = b"--- %s\n+++ %s\n" % (_quoted("a/" + path), _quoted("b/" + path))
    return header + b"".join(_hunk(group, old, new) for group in _groups(blocks))


def preface(lines: Iterable[str]) -> bytes:
    """Comment lines to stand before a file's ``---``. Both tools skip them, whatever they say.

    A line break of any kind in a line starts another comment line.
    """
    return b"".join(
        f"# {piece}".rstrip().encode("utf-8", "backslashreplace") + b"\n" for line in lines for piece in _pieces(line)
    )


@dataclass(frozen=True, slots=True)
class _Block:
    """Old lines ``[old_start, old_end)`` become new lines ``[new_start, new_end)``, counted from 0."""

    old_start: int
    old_end: int
    new_start: int
    new_end: int


def lines_of(data: bytes) -> list[bytes]:
    """Each with its newline; the last may lack it."""
    lines = [line + b"\n" for line in data.split(b"\n")]
    last = lines.pop()[:-1]
    return [*lines, last] if last else lines


def _blocks(before: Source, edits: Edits, old: list[bytes], new: list[bytes]) -> Iterator[_Block]:
    """Differing line ranges, in order and disjoint. Edits that share a line are one block."""
    shift = 0
    for first, last, growth in _touched(before.text, edits):
        # Beyond the last line there is none to touch: after a final newline there is nothing.
        old_end, new_end = min(last + 1, len(old)), min(last + 1 + shift + growth, len(new))
        block = _trimmed(_Block(first, old_end, first + shift, new_end), old, new)
        shift += growth
        yield from _parted(block, old, new)


def _touched(text: str, edits: Edits) -> list[tuple[int, int, int]]:
    """For each run of edits that share lines: first and last old line, and by how many lines it grows."""
    touched: list[tuple[int, int, int]] = []
    line = done = 0
    for edit in edits:
        line += text.count("\n", done, edit.start)
        removed = text.count("\n", edit.start, edit.end)
        growth = edit.new.count("\n") - removed
        if touched and line <= touched[-1][1]:
            first, last, grown = touched[-1]
            touched[-1] = first, max(last, line + removed), grown + growth
        else:
            touched.append((line, line + removed, growth))
        done = edit.start
    return touched


def _trimmed(block: _Block, old: list[bytes], new: list[bytes]) -> _Block:
    """Without the lines that both sides begin or end with."""
    old_start, old_end, new_start, new_end = block.old_start, block.old_end, block.new_start, block.new_end
    while old_start < old_end and new_start < new_end and old[old_start] == new[new_start]:
        old_start, new_start = old_start + 1, new_start + 1
    while old_start < old_end and new_start < new_end and old[old_end - 1] == new[new_end - 1]:
        old_end, new_end = old_end - 1, new_end - 1
    return _Block(old_start, old_end, new_start, new_end)


def _parted(block: _Block, old: list[bytes], new: list[bytes]) -> Iterator[_Block]:
    """What is left of it where the lines that both sides have are taken out."""
    kept = _in_common(old[block.old_start : block.old_end], new[block.new_start : block.new_end])
    pairs = ((block.old_start + before, block.new_start + after) for before, after in kept)
    ends = (block.old_end, block.new_end)
    for (old_start, new_start), (old_end, new_end) in pairwise(
        [(block.old_start - 1, block.new_start - 1), *pairs, ends]
    ):
        if old_start + 1 < old_end or new_start + 1 < new_end:
            yield _Block(old_start + 1, old_end, new_start + 1, new_end)


def _in_common(old: Sequence[bytes], new: Sequence[bytes]) -> list[tuple[int, int]]:
    """The indexes of equal lines, as many as there are in one order: E. Myers' algorithm, 1986.

    ``abc`` and ``axc`` give ``(0, 0), (2, 2)``. The search goes by the number of lines that differ; on each diagonal
    (old index less new index) it knows how far it got. None where more than ``_COMPARED`` differ.
    """
    if set(old).isdisjoint(new):
        return []
    reached = {1: 0}
    trail: list[dict[int, int]] = []
    for differing in range(min(len(old) + len(new), _COMPARED) + 1):
        trail.append(reached)
        reached = dict(reached)
        for diagonal in range(-differing, differing + 1, 2):
            _, at = _step(reached, diagonal, differing)
            while at < len(old) and at - diagonal < len(new) and old[at] == new[at - diagonal]:
                at += 1
            reached[diagonal] = at
            if at >= len(old) and at - diagonal >= len(new):
                return _way_back(trail, at, diagonal)
    return []


def _step(reached: dict[int, int], diagonal: int, differing: int) -> tuple[int, int]:
    """The diagonal that a way comes from with its next difference, and the old index at which it then is."""
    left, right = reached.get(diagonal - 1, -1), reached.get(diagonal + 1, -1)
    if diagonal == -differing or (diagonal != differing and left < right):
        return diagonal + 1, right  # a line added
    return diagonal - 1, left + 1  # a line removed


def _way_back(trail: Sequence[dict[int, int]], at: int, diagonal: int) -> list[tuple[int, int]]:
    pairs: list[tuple[int, int]] = []
    for differing in range(len(trail) - 1, -1, -1):
        before, start = _step(trail[differing], diagonal, differing)
        pairs += ((index, index - diagonal) for index in range(at - 1, start - 1, -1))
        at, diagonal = trail[differing].get(before, 0), before
    return pairs[::-1]


def _groups(blocks: Sequence[_Block]) -> Iterator[list[_Block]]:
    """Blocks whose context would meet share a hunk."""
    group = [blocks[0]]
    for block in blocks[1:]:
        if block.old_start - group[-1].old_end > 2 * _CONTEXT_LINES:
            yield group
            group = []
        group.append(block)
    yield group


def _hunk(group: Sequence[_Block], old: list[bytes], new: list[bytes]) -> bytes:
    lead = min(group[0].old_start, _CONTEXT_LINES)
    trail = min(len(old) - group[-1].old_end, _CONTEXT_LINES)
    at, end = group[0].old_start - lead, group[-1].old_end + trail
    counts = (
        _range(at, end),
        _range(group[0].new_start - lead, group[-1].new_end + trail),
    )
    pieces = [b"@@ -%s +%s @@\n" % counts]
    for block in group:
        pieces += _marked(b" ", old[at : block.old_start])
        pieces += _marked(b"-", old[block.old_start : block.old_end])
        pieces += _marked(b"+", new[block.new_start : block.new_end])
        at = block.old_end
    return b"".join((*pieces, *_marked(b" ", old[at:end])))


def _range(start: int, end: int) -> bytes:
    """Lines ``[start, end)`` as a hunk header counts them: an empty range is named by the line before it."""
    count = end - start
    if count == 1:
        return b"%d" % (start + 1)
    return b"%d,%d" % (start + 1 if count else start, count)


def _marked(marker: bytes, lines: Sequence[bytes]) -> Iterator[bytes]:
    for line in lines:
        yield marker + line if line.endswith(b"\n") else marker + line + b"\n" + _NO_NEWLINE


def _quoted(name: str) -> bytes:
    """As git writes it: C-quoted where a byte asks for it, and a tab after a name with a space in it."""
    data = name.encode("utf-8", "surrogateescape")
    tab = b"\t" if b" " in data else b""
    # patch(1) takes spaces off the ends of an unquoted name.
    if all(32 <= byte < 127 and byte not in ESCAPES for byte in data) and not data.endswith(b" ") and b"/ " not in data:
        return data + tab
    letters = (
        f"\\{ESCAPES[byte]}" if byte in ESCAPES else chr(byte) if 32 <= byte < 127 else f"\\{byte:03o}" for byte in data
    )
    return b'"' + "".join(letters).encode() + b'"' + tab


def _pieces(line: str) -> list[str]:
    return line.splitlines() or [""]
