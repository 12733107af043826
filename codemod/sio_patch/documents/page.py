"""The fenced blocks of a patch document, below its head: the semantic patch, the forms beside it, the examples."""

from __future__ import annotations

import re
from collections.abc import Sequence
from pathlib import Path
from typing import NamedTuple

from sio_patch.documents.errors import DocumentError
from sio_patch.documents.fences import Fence, UnclosedFenceError, fences
from sio_patch.documents.globs import has_wildcards, plain, problem
from sio_patch.engine.language.block import Block

_BLOCKS = ("toml patch", "diff", "diff text", "js fixed", "js insufficient", "js site", "diff sample", "js unchanged")
_DIFFS = ("diff", "diff text")
_EXAMPLES = ("diff sample", "js unchanged")
_HEADING = re.compile(r"^# +(\S.*?)(?: +#+)?[ \t]*$", re.MULTILINE)


class Part(NamedTuple):
    """A block, and the files that it is for: those of ``glob``. Without one they are, of a diff, the head's ``files``,
    and of a form all that the document is about."""

    block: Block
    glob: str | None = None
    raw: bool = False  # a `diff text`


class Sample(NamedTuple):
    """An example that a document carries. For ``js unchanged``, ``before`` and ``after`` are the same text."""

    before: str
    after: str
    line: int  # of its first line in the document
    file: str | None = None  # that it stands for; None where all files are treated alike


class Page(NamedTuple):
    """Lines count from 1 in ``text``."""

    text: str
    diffs: tuple[Part, ...]  # from top to bottom
    fixed: tuple[Part, ...]
    insufficient: tuple[Part, ...]
    sites: tuple[Part, ...]  # what the patch is about, in any shape
    samples: tuple[Sample, ...]
    unchanged: tuple[Sample, ...]

    @property
    def heading(self) -> str | None:
        """The page's own title."""
        found = _HEADING.search(_prose(self.text))
        return found[1] if found else None

    @property
    def summary(self) -> str:
        """The first paragraph, on one line: why the patch exists. Empty where the page has no prose."""
        paragraphs = re.split(r"\n\s*\n", _HEADING.sub("", _prose(self.text), count=1).strip(), maxsplit=1)
        return " ".join(paragraphs[0].split())


def read_page(path: Path, data: bytes) -> tuple[Page, Fence]:
    """The page, and its ``toml patch`` block, which is for `toml`. Raises DocumentError."""
    text = _decoded(path, data)
    blocks = _machine_blocks(path, text)
    head = _only(path, blocks, "toml patch")
    page = Page(
        text=text,
        diffs=tuple(_diff(path, *block) for block in blocks if block[0] in _DIFFS),
        fixed=_forms(blocks, "js fixed"),
        insufficient=_forms(blocks, "js insufficient"),
        sites=_forms(blocks, "js site"),
        samples=tuple(_sample(path, block, file) for kind, file, block in blocks if kind == "diff sample"),
        unchanged=tuple(
            Sample(block.body, block.body, block.line, file) for kind, file, block in blocks if kind == "js unchanged"
        ),
    )
    if not page.diffs:
        raise DocumentError(path, 1, "there is no `diff` block; add one (CONTRIBUTING.md has the form)")
    return page, head


def _decoded(path: Path, data: bytes) -> str:
    try:
        return data.decode("utf-8").removeprefix("\ufeff").replace("\r\n", "\n")
    except UnicodeDecodeError as error:
        line = data.count(b"\n", 0, error.start) + 1
        raise DocumentError(path, line, "this line is not UTF-8; save the document as UTF-8") from None


def _prose(text: str) -> str:
    """``text`` without what is in its code blocks."""
    lines = text.split("\n")
    for block in fences(text):
        end = block.line - 1 + block.body.count("\n")
        lines[block.line - 2 : end + 1] = [""] * (end + 2 - block.line + 1)
    return "\n".join(lines)


class _Machine(NamedTuple):
    """A block for the machine. ``files`` are those that its info string names."""

    kind: str
    files: str | None
    fence: Fence


def _machine_blocks(path: Path, text: str) -> list[_Machine]:
    blocks = []
    try:
        for fence in fences(text):
            kind, files = _read_info(fence.info)
            if kind in _BLOCKS:
                _check_machine_block(path, fence, kind, files)
                blocks.append(_Machine(kind, None if files is None else plain(files), fence))
            else:
                _check_prose_block(path, fence)
    except UnclosedFenceError as error:
        raise DocumentError(path, error.line, "this code block is never closed; end it with the same fence") from None
    return blocks


def _read_info(info: str) -> tuple[str, str | None]:
    """The kind of a block, and the files behind it: a name with a dot, a slash or a star. Else a kind that is none."""
    for kind in sorted(_BLOCKS, key=len, reverse=True):
        files = info.removeprefix(f"{kind} ")
        if info == kind:
            return kind, None
        if files != info and kind != "toml patch" and not frozenset("./*").isdisjoint(files):
            return kind, files
    return info, None


def _check_machine_block(path: Path, fence: Fence, kind: str, files: str | None) -> None:
    if fence.indent:
        raise DocumentError(path, fence.line - 1, f"begin the `{fence.info}` block in the first column")
    if not fence.body.strip():
        raise DocumentError(path, fence.line - 1, f"the `{fence.info}` block is empty; fill it or remove it")
    if files is not None and (wrong := problem(plain(files))) is not None:
        raise DocumentError(path, fence.line - 1, wrong)
    if files is not None and kind in _EXAMPLES and has_wildcards(files):
        raise DocumentError(path, fence.line - 1, f"an example stands for one file: write its path for `{files}`")


def _check_prose_block(path: Path, fence: Fence) -> None:
    """A block for readers may have any info string that nobody could have meant for the machine."""
    language, _, rest = fence.info.casefold().partition(" ")
    if fence.info.casefold() in _BLOCKS or (rest and language in ("toml", "diff", "js")):
        known = ", ".join(f"`{info}`" for info in _BLOCKS)
        file = "; a file whose name has no dot is written `./NAME`" if language != "toml" else ""
        raise DocumentError(path, fence.line - 1, f"unknown block `{fence.info}`; the blocks are {known}{file}")


def _only(path: Path, blocks: Sequence[_Machine], info: str) -> Fence:
    found = [block.fence for block in blocks if block.kind == info]
    if not found:
        raise DocumentError(path, 1, f"there is no `{info}` block; add one (CONTRIBUTING.md has the form)")
    if len(found) > 1:
        raise DocumentError(path, found[1].line - 1, f"a second `{info}` block; a document has exactly one")
    return found[0]


def _diff(path: Path, kind: str, glob: str | None, fence: Fence) -> Part:
    if not re.search(r"^[+-]", fence.body, re.MULTILINE):
        raise DocumentError(path, fence.line, "the diff changes nothing: begin a line with `+` or `-`")
    return Part(Block(fence.body, fence.line), glob, kind == "diff text")


def _forms(blocks: Sequence[_Machine], info: str) -> tuple[Part, ...]:
    return tuple(Part(Block(fence.body, fence.line), glob) for kind, glob, fence in blocks if kind == info)


def _sample(path: Path, block: Fence, file: str | None) -> Sample:
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
    return Sample(before, after, block.line, file)
