"""The fenced blocks of a patch document, below its head: the semantic patch, the forms beside it, the examples."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import NamedTuple

from sio_patch.documents.errors import DocumentError
from sio_patch.documents.fences import Fence, UnclosedFenceError, fences
from sio_patch.engine.language.block import Block

_BLOCKS = ("toml patch", "diff", "js fixed", "js insufficient", "js site", "diff sample", "js unchanged")


class Sample(NamedTuple):
    """An example that a document carries. For ``js unchanged``, ``before`` and ``after`` are the same text."""

    before: str
    after: str
    line: int  # of its first line in the document


class Page(NamedTuple):
    """Lines count from 1 in ``text``."""

    text: str
    diff: Block
    fixed: tuple[Block, ...]
    insufficient: tuple[Block, ...]
    sites: tuple[Block, ...]  # what the patch is about, in any shape
    samples: tuple[Sample, ...]
    unchanged: tuple[Sample, ...]

    @property
    def summary(self) -> str:
        """The first paragraph under the heading, on one line: why the patch exists."""
        body = re.sub(r"\A\s*# [^\n]*\n", "", self.text)
        return " ".join(re.split(r"\n\s*\n", body.strip(), maxsplit=1)[0].split())


def read_page(path: Path, data: bytes) -> tuple[Page, Fence]:
    """The page, and its ``toml patch`` block, which is for `toml`. Raises DocumentError."""
    text = _decoded(path, data)
    blocks = _machine_blocks(path, text)
    head, diff = _only(path, blocks, "toml patch"), _only(path, blocks, "diff")
    if not re.search(r"^[+-]", diff.body, re.MULTILINE):
        raise DocumentError(path, diff.line, "the diff changes nothing: begin a line with `+` or `-`")
    page = Page(
        text=text,
        diff=Block(diff.body, diff.line),
        fixed=_forms(blocks["js fixed"]),
        insufficient=_forms(blocks["js insufficient"]),
        sites=_forms(blocks["js site"]),
        samples=tuple(_sample(path, block) for block in blocks["diff sample"]),
        unchanged=tuple(Sample(block.body, block.body, block.line) for block in blocks["js unchanged"]),
    )
    return page, head


def _decoded(path: Path, data: bytes) -> str:
    try:
        return data.decode("utf-8").replace("\r\n", "\n")
    except UnicodeDecodeError as error:
        line = data.count(b"\n", 0, error.start) + 1
        raise DocumentError(path, line, "this line is not UTF-8; save the document as UTF-8") from None


def _machine_blocks(path: Path, text: str) -> dict[str, list[Fence]]:
    blocks: dict[str, list[Fence]] = {info: [] for info in _BLOCKS}
    try:
        for block in fences(text):
            if block.info in blocks:
                _check_machine_block(path, block)
                blocks[block.info].append(block)
            else:
                _check_prose_block(path, block)
    except UnclosedFenceError as error:
        raise DocumentError(path, error.line, "this code block is never closed; end it with the same fence") from None
    return blocks


def _check_machine_block(path: Path, block: Fence) -> None:
    if block.indent:
        raise DocumentError(path, block.line - 1, f"begin the `{block.info}` block in the first column")
    if not block.body.strip():
        raise DocumentError(path, block.line - 1, f"the `{block.info}` block is empty; fill it or remove it")


def _check_prose_block(path: Path, block: Fence) -> None:
    """A block for readers may have any info string that nobody could have meant for the machine."""
    language, _, rest = block.info.casefold().partition(" ")
    if block.info.casefold() in _BLOCKS or (rest and language in ("toml", "diff", "js")):
        known = ", ".join(f"`{info}`" for info in _BLOCKS)
        raise DocumentError(path, block.line - 1, f"unknown block `{block.info}`; the blocks are {known}")


def _only(path: Path, blocks: Mapping[str, Sequence[Fence]], info: str) -> Fence:
    found = blocks[info]
    if not found:
        raise DocumentError(path, 1, f"there is no `{info}` block; add one (CONTRIBUTING.md has the form)")
    if len(found) > 1:
        raise DocumentError(path, found[1].line - 1, f"a second `{info}` block; a document has exactly one")
    return found[0]


def _forms(blocks: Sequence[Fence]) -> tuple[Block, ...]:
    return tuple(Block(block.body, block.line) for block in blocks)


def _sample(path: Path, block: Fence) -> Sample:
    """The two sides of a ``diff sample``, byte for byte. A wholly empty line is an empty context line."""
    sides: dict[str, list[str]] = {"-": [], "+": []}
    touched = ""  # the sides that the line before stands on
    for number, line in enumerate(block.body.split("\n")[:-1], block.line):
        mark, code = (line[0], line[1:]) if line else (" ", "")
        if mark == "\\" and touched:
            for side in touched:
                sides[side][-1] = sides[side][-1].removesuffix("\n")
            continue
        if mark not in " +-":
            raise DocumentError(path, number, "a line of a sample begins with a space, `-` or `+`")
        touched = "-+" if mark == " " else mark
        for side in touched:
            sides[side].append(code + "\n")
    before, after = "".join(sides["-"]), "".join(sides["+"])
    if before == after:
        raise DocumentError(path, block.line, "this sample changes nothing; make it a `js unchanged` block")
    return Sample(before, after, block.line)
