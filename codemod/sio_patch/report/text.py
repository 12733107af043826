"""Reports in words, for somebody who is tired and has a service to keep alive."""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterable, Iterator, Mapping, Sequence
from types import MappingProxyType
from typing import TYPE_CHECKING, NamedTuple

from sio_patch.report.terminal import aligned, plain
from sio_patch.verdict import Result, Verdict, tally

if TYPE_CHECKING:
    from sio_patch.documents.document import Document

_COLOURS = {
    Verdict.NEEDS_PATCH: "33",
    Verdict.PATCHED: "32",
    Verdict.APPLIED: "32",
    Verdict.FIXED: "32",
    Verdict.NOT_AFFECTED: "2",
    Verdict.REVERTED: "32",
    Verdict.REFUSED: "31",
    Verdict.FAILED: "31",
}
_MEANING = {
    Verdict.NEEDS_PATCH: "The defect is in this file.",
    Verdict.PATCHED: "The defect was in this file; the patch is now in it.",
    Verdict.APPLIED: "The patch is already in this file.",
    Verdict.FIXED: "This file already has a fix of its own, from upstream or by hand.",
    Verdict.NOT_AFFECTED: "The code that the patch changes is not here, and need not be.",
    Verdict.REVERTED: "The patch was in this file and has been taken out.",
    Verdict.REFUSED: "Nothing in this copy was changed.",
    Verdict.FAILED: "Nothing in this copy was changed.",
}
_WISHED = {
    Verdict.NEEDS_PATCH: "The code that the patch changes is in this file.",
    Verdict.PATCHED: "The code that the patch changes was in this file; the patch is now in it.",
}
_PROBLEMS = (Verdict.NEEDS_PATCH, Verdict.REFUSED, Verdict.FAILED)
_CHANGES = (Verdict.PATCHED, Verdict.REVERTED)
_HEADINGS = ("VERDICT", "WHERE", "VERSION", "PATCH")


class Wording(NamedTuple):
    """How much to say, and the commands to name, each a whole command line for what was looked at."""

    quiet: bool = False
    verbose: bool = False
    colour: bool = False
    apply: str = "sio-patch apply"
    diff: str = "sio-patch diff"
    revert: str = "sio-patch revert"
    titles: Mapping[str, str] = MappingProxyType({})  # patch id -> title
    wishes: frozenset[str] = frozenset()  # ids of patches that are for no defect


def words(results: Sequence[Result], sentences: Sequence[str], wording: Wording) -> str:
    """The whole report. Empty where ``quiet`` and nothing went wrong or was changed.

    ``sentences`` are about what has no row.
    """
    if wording.quiet:
        shown = [result for result in results if result.verdict in _PROBLEMS]
        lines = [*rows(shown, wording), *_changed_in_one_line(results, wording)]
    else:
        closing = [*_closing(results, wording), *(plain(sentence) for sentence in sentences)]
        lines = [*rows(results, wording), *([""] if results else []), *closing]
    return "".join(line + "\n" for line in lines)


def rows(results: Sequence[Result], wording: Wording) -> list[str]:
    """Aligned columns; below each row, why. Several rows get headings. Unless the wording is ``verbose``, files of a
    copy that have nothing of a patch are one row.
    """
    if not results:
        return []
    folded = [(result, where(result)) for result in results] if wording.verbose else list(_folded(results))
    cells = [
        (result.verdict.value, place, package(result), plain(result.patch), result.verdict) for result, place in folded
    ]
    table = aligned([_HEADINGS, *(cell[:4] for cell in cells)])
    lines = [table[0]] if len(folded) > 1 else []
    for (result, _), cell, text in zip(folded, cells, table[1:], strict=True):
        lines.append(_painted(text, len(cell[0]), cell[4]) if wording.colour else text)
        lines += ["    " + plain(line) for line in _reasons(result, wording)]
    return lines


def _folded(results: Sequence[Result]) -> Iterator[tuple[Result, str]]:
    """Each row with where it is; three or more of a copy that have nothing of a patch are one."""
    alike: dict[tuple[str, str, str | None], list[Result]] = {}
    for result in results:
        if result.verdict is Verdict.NOT_AFFECTED and result.file is not None:
            alike.setdefault((result.patch, result.path, result.note), []).append(result)
    many = {id(each): those for those in alike.values() if len(those) > 2 for each in those}
    for result in results:
        those = many.get(id(result), [result])
        if len(those) == 1:
            yield result, where(result)
        elif result is those[0]:
            yield result, f"{plain(result.path)} ({len(those)} files)"


def where(result: Result) -> str:
    """``copy/file:line``, which editors and terminals make a link of."""
    path = result.path if result.file is None else _joined(result.path, result.file)
    return plain(path if result.line is None else f"{path}:{result.line}")


def package(result: Result) -> str:
    return "-" if result.package is None else plain(f"{result.package} {result.version or '(version unknown)'}")


def catalogue_tables(documents: Sequence[Document], own: Collection[str]) -> str:
    """For `list`: a project's ``own``, which are ids, below those that come with the program."""
    shipped = _catalogue_table(document for document in documents if document.id not in own)
    if not own:
        return shipped
    return f"{shipped}\nOf this project:\n{_catalogue_table(document for document in documents if document.id in own)}"


def _catalogue_table(documents: Iterable[Document]) -> str:
    table = [("ID", "KIND", "PACKAGE", "AFFECTED", "FIXED IN", "TITLE")]
    for document in documents:
        fixed_in = document.fixed_in or "-"
        title = document.title if document.default else f"{document.title} (only with -p {document.id})"
        table.append((document.id, document.kind, document.package, document.affected, fixed_in, title))
    return "".join(line + "\n" for line in aligned([[plain(cell) for cell in row] for row in table]))


def _joined(path: str, file: str) -> str:
    return file if path == "." else f"{path.rstrip('/')}/{file}"


def _painted(line: str, width: int, verdict: Verdict) -> str:
    return f"\x1b[{_COLOURS[verdict]}m{line[:width]}\x1b[0m{line[width:]}"


def _reasons(result: Result, wording: Wording) -> list[str]:
    lines = []
    if wording.verbose:
        title = wording.titles.get(result.patch)
        lines += [title] if title else []
        meaning = {**_MEANING, **_WISHED} if result.patch in wording.wishes else _MEANING
        lines.append(meaning[result.verdict])
    if result.note:
        lines.append(f"{result.reason}: {result.note}" if result.reason else result.note)
    if wording.verbose and result.sha256_before:
        lines.append(f"sha256 {result.sha256_before}")
        if result.sha256_after != result.sha256_before:
            needs = result.verdict is Verdict.NEEDS_PATCH
            lines.append(f"sha256 {result.sha256_after} with the patch" if needs else f"   now {result.sha256_after}")
    return lines


def _changed_in_one_line(results: Sequence[Result], wording: Wording) -> list[str]:
    lines = []
    for verdict in _CHANGES:
        changed = [result for result in results if result.verdict is verdict]
        if changed:
            undo = f". To undo: {wording.revert}" if verdict is Verdict.PATCHED else ""
            lines.append(f"sio-patch: {verdict} {', '.join(where(result) for result in changed)}{undo}")
    return lines


def _closing(results: Sequence[Result], wording: Wording) -> list[str]:
    """What it comes to, and what to do next: one line for each verdict that there is something to say about."""
    sentences: Mapping[Verdict, Callable[[str], str]] = {
        Verdict.PATCHED: lambda files: (
            f"Patched {files}. A running process keeps the old code: restart it. To undo: {wording.revert}"
        ),
        Verdict.REVERTED: lambda files: f"Reverted {files}. A running process keeps the old code: restart it.",
        Verdict.NEEDS_PATCH: lambda files: (
            f"{_needs(files)} the patch; not changed.\n"
            f"    To see the change: {wording.diff}\n    To make it: {wording.apply}"
        ),
        Verdict.APPLIED: lambda files: f"Already patched: {files}.",
        Verdict.FIXED: lambda files: f"Already fixed, no patch needed: {files}.",
        Verdict.NOT_AFFECTED: lambda files: f"Not affected: {files}.",
        Verdict.REFUSED: lambda files: f"Refused and left alone: {files}. The reason stands below the row.",
        Verdict.FAILED: lambda files: f"Failed and left alone: {files}. The reason stands below the row.",
    }
    half = [result for result in results if _half_done(result)]
    counts = tally(result for result in results if not _half_done(result))
    lines = [sentence(_places(counts[verdict])) for verdict, sentence in sentences.items() if verdict in counts]
    if half:
        lines.append(f"Failed half way: {_places(len(half))} changed all the same. The reason stands below the row.")
    return lines


def _half_done(result: Result) -> bool:
    """The write failed, and the file is not as it was."""
    return result.verdict is Verdict.FAILED and result.sha256_after != result.sha256_before


def _needs(files: str) -> str:
    return f"{files} need" if not files.startswith("1 ") else f"{files} needs"


def _places(count: int) -> str:
    return "1 place" if count == 1 else f"{count} places"
