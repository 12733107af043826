"""Edits as a unified diff that `git apply` and `patch -p1` both take, and reviewed diffs read back.

Lines end at ``\\n`` only, here and when reading: a carriage return, a form feed or U+2028 is part of its line.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from itertools import zip_longest
from typing import TYPE_CHECKING

from sio_patch.engine.edits import Edits
from sio_patch.engine.source import Source

if TYPE_CHECKING:
    from unidiff.patch import Hunk as UnidiffHunk
    from unidiff.patch import PatchedFile

_CONTEXT_LINES = 3
_NO_NEWLINE = b"\\ No newline at end of file\n"
_ESCAPES = {7: "a", 8: "b", 9: "t", 10: "n", 11: "v", 12: "f", 13: "r", 34: '"', 92: "\\"}
_UNESCAPES = {letter: byte for byte, letter in _ESCAPES.items()}
_ESCAPE = re.compile(rb'\\([abtnvfr"\\]|[0-7]{3})')
_EXTENDED = (
    "old mode ",
    "new file mode ",
    "deleted file mode ",
    "rename ",
    "copy ",
    "GIT binary patch",
    "Binary files ",
)


class DiffError(ValueError):
    """A text that cannot be read as a unified diff. ``str()`` says what was wrong with it."""


@dataclass(frozen=True, slots=True)
class Change:
    """Lines taken out and lines put in at one place, each with its ``\\n``; the file's last may lack it."""

    line: int
    """The first old line concerned, counted from 1; an insertion comes before it."""
    removed: tuple[str, ...]
    added: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class FileDiff:
    """What a diff does to one file. ``context`` holds the unchanged lines it shows, by old line number."""

    path: str
    """Without ``a/`` or ``b/``; ``old -> new`` where the two sides name different files."""
    changes: tuple[Change, ...]
    context: Mapping[int, str]
    extended: tuple[str, ...]
    """What it does besides: modes, renames, binary parts, as git words them."""


def unified_diff(path: str, before: Source, after: Source, edits: Edits) -> bytes:
    """The diff of one file; empty bytes where the edits change nothing.

    ``path`` is the file, with ``/``, relative to where the diff will be applied; ``edits`` lead from ``before``
    to ``after``. Three lines of context, ``a/`` and ``b/`` prefixes.
    """
    old, new = _lines(before.to_bytes()), _lines(after.to_bytes())
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


def parse(diff: bytes) -> tuple[FileDiff, ...]:
    """The files of a unified diff, in its order, comments and other prose skipped. Raises DiffError."""
    from unidiff.errors import UnidiffParseError
    from unidiff.patch import PatchSet

    lines = [line.decode("utf-8", "surrogateescape") for line in _lines(diff)]
    try:
        return tuple(_file_diff(file) for file in PatchSet(lines))
    except UnidiffParseError as error:
        raise DiffError(str(error).strip()) from None


def difference(reviewed: bytes, planned: bytes) -> str | None:
    """None where ``reviewed`` makes exactly the changes of ``planned``; else the first difference, in a sentence.

    Comments, the order of files and the amount of context do not count; a context line that both show does.
    Raises DiffError where one of them is no diff.
    """
    wanted = _by_path(parse(planned))
    seen = _by_path(parse(reviewed))
    for path in wanted:
        if path not in seen:
            return f"the reviewed diff does not change {path}, which is to be changed now"
    for path, file in seen.items():
        if path not in wanted:
            return f"the reviewed diff changes {path}, which is not to be changed now"
        if (found := _file_difference(file, wanted[path])) is not None:
            return f"{path}: {found}"
    return None


@dataclass(frozen=True, slots=True)
class _Block:
    """Old lines ``[old_start, old_end)`` become new lines ``[new_start, new_end)``, counted from 0."""

    old_start: int
    old_end: int
    new_start: int
    new_end: int


def _lines(data: bytes) -> list[bytes]:
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
        if block.old_start < block.old_end or block.new_start < block.new_end:
            yield block


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
    if (
        all(32 <= byte < 127 and byte not in _ESCAPES for byte in data)
        and not data.endswith(b" ")
        and b"/ " not in data
    ):
        return data + tab
    letters = (
        f"\\{_ESCAPES[byte]}" if byte in _ESCAPES else chr(byte) if 32 <= byte < 127 else f"\\{byte:03o}"
        for byte in data
    )
    return b'"' + "".join(letters).encode() + b'"' + tab


def _unquoted(name: str) -> str:
    if len(name) < 2 or name[0] != '"' or name[-1] != '"':
        return name
    data = _ESCAPE.sub(_byte, name[1:-1].encode("utf-8", "surrogateescape"))
    return data.decode("utf-8", "surrogateescape")


def _byte(escape: re.Match[bytes]) -> bytes:
    letters = escape[1].decode()
    return bytes([_UNESCAPES[letters] if letters in _UNESCAPES else int(letters, 8) & 0xFF])


def _file_diff(file: PatchedFile) -> FileDiff:
    source, target = _unquoted(file.source_file), _unquoted(file.target_file)
    old, new = source.removeprefix("a/"), target.removeprefix("b/")
    context: dict[int, str] = {}
    changes: list[Change] = []
    for hunk in file:
        changes += _changes(hunk, context)
    extended = tuple(line.strip() for line in file.patch_info or () if line.startswith(_EXTENDED))
    return FileDiff(old if old == new else f"{old} -> {new}", tuple(changes), context, extended)


def _changes(hunk: UnidiffHunk, context: dict[int, str]) -> Iterator[Change]:
    """The changes of one hunk; its unchanged lines go to ``context``."""
    number = hunk.source_start + (hunk.source_length == 0)
    first, removed, added = number, list[str](), list[str]()
    for marker, value in [*_unmarked(hunk), (" ", "")]:
        if marker == " ":
            if removed or added:
                yield Change(first, tuple(removed), tuple(added))
            context[number] = value
            number += 1
            first, removed, added = number, [], []
        elif marker == "-":
            removed.append(value)
            number += 1
        else:
            added.append(value)
    del context[number - 1]  # the sentinel


def _unmarked(hunk: UnidiffHunk) -> list[tuple[str, str]]:
    """(marker, line) pairs. A line that the no-newline marker follows has lost its newline."""
    lines: list[tuple[str, str]] = []
    for line in hunk:
        if line.line_type == "\\":
            if lines:
                lines[-1] = lines[-1][0], lines[-1][1].removesuffix("\n")
        elif line.line_type:  # "" is a blank line after the hunk
            lines.append((line.line_type, line.value))
    return lines


def _by_path(diffs: Sequence[FileDiff]) -> dict[str, FileDiff]:
    by_path = {diff.path: diff for diff in diffs}
    if len(by_path) != len(diffs):
        raise DiffError("a file stands in the diff twice")
    return by_path


def _file_difference(seen: FileDiff, wanted: FileDiff) -> str | None:
    if seen.extended != wanted.extended:
        return f"the reviewed diff also says: {', '.join(seen.extended) or 'nothing more'}"
    for mine, theirs in zip_longest(wanted.changes, seen.changes):
        if mine != theirs:
            return f"now {_words(mine)}; the reviewed diff {_words(theirs)}"
    for line in sorted(seen.context.keys() & wanted.context.keys()):
        if seen.context[line] != wanted.context[line]:
            return f"line {line} is {wanted.context[line]!r} now, and {seen.context[line]!r} in the reviewed diff"
    return None


def _words(change: Change | None) -> str:
    if change is None:
        return "has nothing more"
    parts = [
        f"{verb} {''.join(lines)!r}" for verb, lines in (("removes", change.removed), ("adds", change.added)) if lines
    ]
    return f"{' and '.join(parts)} at line {change.line}"


def _pieces(line: str) -> list[str]:
    return line.splitlines() or [""]
