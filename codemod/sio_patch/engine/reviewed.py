"""Unified diffs that somebody has reviewed, read back, and held against those that are planned now."""

from __future__ import annotations

import codecs
import re
from collections.abc import Container, Iterator, Mapping, Sequence
from dataclasses import dataclass
from itertools import zip_longest
from typing import TYPE_CHECKING

from sio_patch.engine.diff import ESCAPES

if TYPE_CHECKING:
    from unidiff.patch import Hunk as UnidiffHunk
    from unidiff.patch import PatchedFile

_UNESCAPES = {letter: byte for byte, letter in ESCAPES.items()}
_ESCAPE = re.compile(rb'\\([abtnvfr"\\]|[0-7]{3})')
_HUNK = re.compile(rb"^@@ -[0-9]+(?:,([0-9]+))? \+[0-9]+(?:,([0-9]+))? @@[^\n]*\n?", re.MULTILINE)
_HEADER = re.compile(
    rb"^(?:--- |\+\+\+ |@@|\\|diff |index |old |new |deleted |rename |copy |GIT |Binary )[^\n]*\n?", re.MULTILINE
)
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


def parse(diff: bytes) -> tuple[FileDiff, ...]:
    """The files of a unified diff, in its order, comments and other prose skipped. Raises DiffError."""
    from unidiff.errors import UnidiffParseError
    from unidiff.patch import PatchSet

    lines = [line.decode("utf-8", "surrogateescape") for line in _telling(diff)]
    try:
        return tuple(_file_diff(file) for file in PatchSet(lines))
    except UnidiffParseError as error:
        raise DiffError(str(error).strip()) from None


def difference(reviewed: bytes, planned: bytes, done: Container[str] = ()) -> str | None:
    """None where ``reviewed`` makes exactly the changes of ``planned``; else the first difference, in a sentence.

    Comments, the order of files and the amount of context do not count; a context line that both show does. Nor does
    it count that all of ``reviewed`` was saved as UTF-16 or with CRLF. ``reviewed`` may also change files that are
    ``done`` by now. Raises DiffError where one of them is no diff.
    """
    text = _as_utf8(reviewed)
    converted = 0 < text.count(b"\r\n") == text.count(b"\n")
    text = _without_cr(text) if converted else text
    problem = _difference(text, planned, done)
    if problem is None or _difference(_without_cr(text), _without_cr(planned), done) is not None:
        return problem
    # What gives each line CRLF leaves those as they are that have it: which they were is not to be told any more.
    return None if converted else "only the line ends differ, CRLF or LF: save the diff as it is made, with -o"


def _without_cr(diff: bytes) -> bytes:
    return diff.replace(b"\r\n", b"\n")


def _difference(reviewed: bytes, planned: bytes, done: Container[str]) -> str | None:
    wanted = _by_path(parse(planned))
    seen = _by_path(parse(reviewed))
    for path in wanted:
        if path not in seen:
            return f"the reviewed diff does not change {path}, which is to be changed now"
    for path, file in seen.items():
        if path in wanted:
            if (found := _file_difference(file, wanted[path])) is not None:
                return f"{path}: {found}"
        elif path not in done:
            return f"the reviewed diff changes {path}, which is not to be changed now"
    return None


def _as_utf8(reviewed: bytes) -> bytes:
    """A diff that an editor or a shell has saved in another encoding. Raises DiffError."""
    if reviewed.startswith((codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE)):
        try:
            return reviewed.decode("utf-16").encode("utf-8")
        except UnicodeError:
            raise DiffError("it begins as UTF-16, and does not go on so") from None
    return reviewed.removeprefix(codecs.BOM_UTF8)


def _telling(diff: bytes) -> Iterator[bytes]:
    """The lines that a reader has to look at: headers and hunks. Prose between them is left out, however long it is."""
    done = 0
    for header in _HUNK.finditer(diff):
        if header.start() >= done:
            yield from _HEADER.findall(diff, done, header.start())
            yield header[0]
            body, done = _body(diff, header.end(), int(header[1] or 1), int(header[2] or 1))
            yield from body
    yield from _HEADER.findall(diff, done)


def _body(diff: bytes, at: int, old: int, new: int) -> tuple[list[bytes], int]:
    """The lines of a hunk that has so many old and new ones, and where it ends; an odd line is its last."""
    lines = []
    while (old > 0 or new > 0) and at < len(diff):
        end = diff.find(b"\n", at) + 1 or len(diff)
        line = diff[at:end]
        lines.append(line)
        at = end
        if line[:1] not in b" -+\\\r\n":
            break
        old -= line[:1] in b" -\r\n"
        new -= line[:1] in b" +\r\n"
    return lines, at


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
