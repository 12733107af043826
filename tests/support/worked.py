"""Worked examples: pages whose fenced blocks show a patch, and what it does to code.

An example is a patch (``diff``, with a ``toml patch`` block, ``js fixed``, ``js insufficient`` or ``js site`` beside it
where it has them), then what it does:

    js before, js after    this becomes that
    js unchanged           this is left alone
    text                   behind ``js unchanged``: what is said of it; behind the patch: what is said when it is loaded

The next block of a patch begins the next example. Other blocks are for readers.
"""

from __future__ import annotations

import re
import tomllib
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any, NamedTuple

from sio_patch.documents.fences import Fence, fences
from sio_patch.engine.language.block import Block
from sio_patch.engine.outcome import Absent, Applied, Fixed, NeedsPatch, Outcome, Refused
from sio_patch.engine.pattern import PatternError, SemanticPatch, compile_patch
from sio_patch.engine.rewrite import assess
from sio_patch.engine.source import Source

FORMS = {"js fixed": "fixed", "js insufficient": "insufficient", "js site": "sites"}
_PATCH = ("diff", "toml patch", *FORMS)


class Shown(NamedTuple):
    """``after`` is None for code that is left alone. ``says`` is on one line; None where the page is silent."""

    before: str
    after: str | None
    says: str | None
    line: int  # of ``before``, in the page


class Example(NamedTuple):
    """``title`` is the heading above it. ``trouble`` is what is said of the patch when it is loaded, on one line."""

    title: str
    line: int  # of the first block
    diffs: tuple[Block, ...]  # their lines count from 1 in the block
    options: Mapping[str, Any]
    values: Mapping[str, str]  # of its parameters
    trouble: str | None
    shown: tuple[Shown, ...]

    @property
    def patch(self) -> SemanticPatch:
        """Raises PatternError."""
        if len(self.diffs) > 1:
            raise PatternError(1, 1, "a document has one `diff` block")
        return compile_patch(self.diffs[0], **self.options)

    def outcome(self, code: str) -> Outcome:
        """What the patch finds in ``code``. Raises PatternError."""
        return assess(self.patch, Source.of(code.encode()), self.values)


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


def _grouped(text: str) -> Iterator[tuple[list[Fence], list[Fence]]]:
    patch: list[Fence] = []
    shown: list[Fence] = []
    for block in fences(text):
        if block.info in _PATCH:
            if shown:
                yield patch, shown
                patch, shown = [], []
            patch.append(block)
        elif block.info in ("js before", "js after", "js unchanged", "text"):
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
    diffs = tuple(Block(block.body) for block in patch if block.info == "diff")
    trouble = _one_line(shown.pop(0).body) if shown[0].info == "text" else None
    samples = tuple(_shown(shown))
    return Example(title, patch[0].line, diffs, {**options, "parameters": values.keys()}, values, trouble, samples)


def _shown(blocks: list[Fence]) -> Iterator[Shown]:
    rest = [*blocks, None]
    while (block := rest.pop(0)) is not None:
        behind = rest[0].info if rest[0] else ""
        if block.info == "js before":
            assert behind == "js after", f"line {block.line}: a `js after` block must follow"
            yield Shown(block.body, _popped(rest), None, block.line)
        else:
            assert block.info == "js unchanged", f"line {block.line}: this `{block.info}` block says nothing here"
            says = _one_line(_popped(rest)) if behind == "text" else None
            yield Shown(block.body, None, says, block.line)


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
