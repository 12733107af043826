"""Worked examples: pages whose fenced blocks show a patch, and what it does to code.

An example is a patch (``diff`` blocks, with a ``toml patch`` block, ``js fixed``, ``js insufficient`` or ``js site``
beside them where it has such), then what it does:

    js before, js after    this becomes that
    js unchanged           this is left alone
    text                   behind ``js unchanged`` and ``js after``: what is said of it (else an ``after`` is applied);
                           behind the patch: what is said when it is loaded

The next block of a patch begins the next example. A file's name may stand behind ``before`` and ``unchanged``, and
``ts`` for ``js``. Other blocks are for readers.
"""

from __future__ import annotations

import re
import tomllib
from collections.abc import Callable, Iterator, Mapping
from pathlib import Path
from typing import Any, NamedTuple

from sio_patch.documents.fences import Fence, fences
from sio_patch.documents.globs import fits
from sio_patch.engine.alternatives import Answer, settled, together
from sio_patch.engine.language.block import Block
from sio_patch.engine.outcome import Absent, Applied, Fixed, NeedsPatch, Outcome, Refused
from sio_patch.engine.pattern import compile_patch
from sio_patch.engine.rewrite import assess
from sio_patch.engine.source import Source
from sio_patch.engine.text_patch import assess_text, compile_text_patch

FORMS = {"js fixed": "fixed", "js insufficient": "insufficient", "js site": "sites"}
_DIFF = re.compile(r"diff(?: (text))?(?: (\S+))?")
_SHOWN = re.compile(r"(?:js|ts) (before|after|unchanged)(?: (\S+))?|(text)")


class Diff(NamedTuple):
    """One of an example's; its lines count from 1 in the block. ``glob`` is empty where it is for every file."""

    block: Block
    glob: str
    is_text: bool
    line: int  # of its first line, counted from that of the example's first diff


class Shown(NamedTuple):
    """``after`` is None for code that is left alone. ``says`` is on one line; None where the page is silent."""

    before: str
    after: str | None
    says: str | None
    file: str
    line: int  # of ``before``, in the page


class Example(NamedTuple):
    """``title`` is the heading above it. ``trouble`` is what is said of the patch when it is loaded, on one line."""

    title: str
    line: int  # of the first block
    diffs: tuple[Diff, ...]
    options: Mapping[str, Any]
    values: Mapping[str, str]  # of its parameters
    trouble: str | None
    shown: tuple[Shown, ...]

    def outcome(self, code: str, file: str = "") -> Outcome:
        """What the patch finds in ``code``. Raises PatternError."""
        fitting = [diff for diff in self.diffs if not diff.glob or fits(diff.glob, file)]
        ask = {diff.line: self.question(diff, file) for diff in fitting}
        found = _together(ask, Source.of(code.encode()))
        if len(ask) == 1 or not isinstance(found, NeedsPatch):
            return found
        return settled(found, _together(ask, found.after))

    def question(self, diff: Diff, file: str) -> Callable[[Source], Outcome]:
        """What one diff finds in a text of that name. Raises PatternError."""
        if diff.is_text:
            text = compile_text_patch(diff.block)
            return lambda source: assess_text(text, source, file)
        patch = compile_patch(diff.block, **self.options)
        return lambda source: assess(patch, source, self.values)


def examples(page: Path) -> list[Example]:
    """Those of one page, in its order. AssertionError where a block stands where it says nothing."""
    text = page.read_text()
    return [_example(_title(text, patch[0].line), patch, shown) for patch, shown in _grouped(text)]


def said(outcome: Outcome) -> str:
    """An outcome as the pages write it: the verdict, and where or why."""
    match outcome:
        case Absent():
            return f"not-affected: {outcome.nearest}"
        case Refused():
            return f"refused, {outcome.reason}: {outcome.message}"
        case Applied():
            return f"applied, line {outcome.place.line}"
        case Fixed():
            return f"fixed, line {outcome.place.line}"
        case NeedsPatch():
            return f"needs-patch, line {outcome.place.line}"


def _together(ask: Mapping[int, Callable[[Source], Outcome]], source: Source) -> Outcome:
    return together([Answer(line, one(source)) for line, one in ask.items()])


def _grouped(text: str) -> Iterator[tuple[list[Fence], list[Fence]]]:
    patch: list[Fence] = []
    shown: list[Fence] = []
    for block in fences(text):
        if block.info in ("toml patch", *FORMS) or _DIFF.fullmatch(block.info):
            if shown:
                yield patch, shown
                patch, shown = [], []
            patch.append(block)
        elif _SHOWN.fullmatch(block.info):
            assert patch, f"line {block.line}: no patch stands above this block"
            shown.append(block)
    assert bool(patch) == bool(shown), f"line {patch[0].line}: nothing shows what this patch does"
    if patch:
        yield patch, shown


def _example(title: str, patch: list[Fence], shown: list[Fence]) -> Example:
    head = tomllib.loads("".join(block.body for block in patch if block.info == "toml patch"))
    options: dict[str, Any] = {key: head[key] for key in ("equivalent", "matches", "scope") if key in head}
    for block in patch:
        if block.info in FORMS:
            options.setdefault(FORMS[block.info], []).append(Block(block.body))
    values = {name: str(parameter["default"]) for name, parameter in head.get("params", {}).items()}
    blocks = [block for block in patch if _DIFF.fullmatch(block.info)]
    diffs = tuple(_diff(block, blocks[0].line) for block in blocks)
    trouble = _one_line(shown.pop(0).body) if shown[0].info == "text" else None
    samples = tuple(_shown(shown))
    return Example(title, patch[0].line, diffs, {**options, "parameters": values.keys()}, values, trouble, samples)


def _diff(block: Fence, first: int) -> Diff:
    is_text, glob = _words(_DIFF, block)
    return Diff(Block(block.body), glob, bool(is_text), block.line - first + 1)


def _shown(blocks: list[Fence]) -> Iterator[Shown]:
    rest = [*blocks, None]
    while (block := rest.pop(0)) is not None:
        (what, file, _), (behind, *_) = _words(_SHOWN, block), _words(_SHOWN, rest[0])
        if what == "before":
            assert behind == "after", f"line {block.line}: an `after` block must follow"
            after = _popped(rest)
            yield Shown(block.body, after, _answer(rest), file, block.line)
        else:
            assert what == "unchanged", f"line {block.line}: this `{block.info}` block says nothing here"
            yield Shown(block.body, None, _answer(rest), file, block.line)


def _answer(rest: list[Fence | None]) -> str | None:
    return _one_line(_popped(rest)) if rest[0] and rest[0].info == "text" else None


def _words(pattern: re.Pattern[str], block: Fence | None) -> tuple[str, ...]:
    found = pattern.fullmatch(block.info if block else "")
    return found.groups("") if found else ("",)


def _popped(rest: list[Fence | None]) -> str:
    block = rest.pop(0)
    assert block is not None
    return block.body


def _one_line(text: str) -> str:
    return " ".join(text.split())


def _title(text: str, line: int) -> str:
    above = "\n".join(text.split("\n")[: line - 1])
    headings = re.findall(r"^#{1,4} (.*)$", above, re.MULTILINE)
    return headings[-1] if headings else ""
