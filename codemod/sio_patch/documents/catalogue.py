"""Patch documents: a Markdown page for people, with fenced blocks for the machine.

CONTRIBUTING.md says how to write one.
"""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from functools import cached_property
from hashlib import sha256
from pathlib import Path
from typing import TYPE_CHECKING, Any, NamedTuple

import sio_catalogue
from sio_patch.documents.fences import Fence, UnclosedFenceError, fences
from sio_patch.documents.head import DocumentError, Head, Runtime, closest
from sio_patch.documents.params import Parameter
from sio_patch.engine.language.block import Block
from sio_patch.engine.language.options import Equivalence, Matches, Scope
from sio_patch.npm.ranges import covers

if TYPE_CHECKING:
    from sio_patch.engine.pattern import SemanticPatch

KINDS = ("defect", "security", "mitigation")
TARGETS = ("package", "entry")

_BLOCKS = ("toml patch", "diff", "js fixed", "js insufficient", "js site", "diff sample", "js unchanged")


class UnknownPatchError(LookupError):
    """No document has this id."""

    def __init__(self, id: str, known: Sequence[str]) -> None:
        super().__init__(id, known)
        self.id = id
        self.known = tuple(known)

    def __str__(self) -> str:
        return f"there is no patch {self.id!r}{closest(self.id, self.known)} Known: {', '.join(self.known) or 'none'}."


class Sample(NamedTuple):
    """An example that a document carries. For ``js unchanged``, ``before`` and ``after`` are the same text."""

    before: str
    after: str
    line: int  # of its first line in the document


class _Fields(NamedTuple):
    path: Path
    text: str
    digest: str  # sha256 of the document's bytes, hex
    id: str
    title: str
    kind: str  # one of KINDS
    package: str
    affected: str  # an npm range
    fixed_in: str | None  # the first upstream release that needs no patch
    target: str  # one of TARGETS: files of a package's copies, or the file that an application starts with
    files: tuple[str, ...]  # globs inside the copy
    references: tuple[str, ...]
    default: bool  # applied without being asked for
    retainer: str | None
    params: Mapping[str, Parameter]
    runtimes: tuple[Runtime, ...]  # what it does on which Node
    proof: Mapping[str, Any]  # how `prove` runs it
    equivalent: tuple[str, ...]
    matches: str  # one of Matches
    scope: str  # one of Scope
    diff: Block
    fixed: tuple[Block, ...]
    insufficient: tuple[Block, ...]
    sites: tuple[Block, ...]  # what the patch is about, in any shape
    insufficient_because: str  # why they are not enough; goes on from "..., but "
    samples: tuple[Sample, ...]
    unchanged: tuple[Sample, ...]


class Document(_Fields):
    """One patch. Lines count from 1 in ``text``."""

    @cached_property
    def semantic(self) -> SemanticPatch:
        """The compiled diff. Compiled late, because most runs find every file as they left it.

        Raises DocumentError where the diff or a fixed form is not in the language.
        """
        from sio_patch.engine.pattern import PatternError, compile_patch

        try:
            return compile_patch(
                self.diff,
                fixed=self.fixed,
                equivalent=self.equivalent,
                matches=self.matches,
                insufficient=self.insufficient,
                sites=self.sites,
                parameters=self.params,
                scope=self.scope,
            )
        except PatternError as error:
            raise DocumentError(self.path, error.line, f"column {error.column}: {error.message}") from error

    @cached_property
    def summary(self) -> str:
        """The first paragraph under the page's heading, on one line: why the patch exists."""
        body = re.sub(r"\A\s*# [^\n]*\n", "", self.text)
        return " ".join(re.split(r"\n\s*\n", body.strip(), maxsplit=1)[0].split())

    def covers(self, version: str | None) -> bool | None:
        """Whether ``affected`` names this version; None where the version is unknown. Raises DocumentError."""
        try:
            return covers(self.affected, version)
        except ValueError as error:
            raise DocumentError(self.path, 1, f"`affected`: {error}") from None


def load_all() -> tuple[Document, ...]:
    """The whole catalogue, sorted by id. Raises DocumentError."""
    return tuple(load(_folder() / id / "README.md") for id in ids())


def find(id: str) -> Document:
    """The document of that id. Raises UnknownPatchError or DocumentError."""
    known = ids()
    if id not in known:
        raise UnknownPatchError(id, known)
    return load(_folder() / id / "README.md")


def ids() -> tuple[str, ...]:
    return tuple(sorted(readme.parent.name for readme in _folder().glob("*/README.md")))


def load(path: Path) -> Document:
    """Reads one document (its ``README.md``). Raises DocumentError, or OSError where it cannot be read."""
    data = path.read_bytes()
    text = _decoded(path, data)
    blocks = _machine_blocks(path, text)
    head = Head.of(path, _only(path, blocks, "toml patch"))
    diff = _only(path, blocks, "diff")
    if not re.search(r"^[+-]", diff.body, re.MULTILINE):
        raise DocumentError(path, diff.line, "the diff changes nothing: begin a line with `+` or `-`")
    return Document(
        path=path,
        text=text,
        digest=sha256(data).hexdigest(),
        id=head.id(),
        title=head.string("title"),
        kind=head.choice("kind", KINDS),
        package=head.package(),
        affected=head.string("affected"),
        fixed_in=head.string("fixed-in") if "fixed-in" in head.values else None,
        target=_target(head),
        files=head.globs("files"),
        references=head.strings("references"),
        default=head.boolean("default"),
        retainer=head.string("retainer") if "retainer" in head.values else None,
        params=head.params(),
        runtimes=head.runtimes(),
        proof=head.table("proof"),
        equivalent=head.choices("equivalent", tuple(Equivalence)),
        matches=head.choice("matches", tuple(Matches)) if "matches" in head.values else "one",
        scope=head.choice("scope", tuple(Scope)) if "scope" in head.values else "anywhere",
        diff=Block(diff.body, diff.line),
        fixed=tuple(Block(block.body, block.line) for block in blocks["js fixed"]),
        insufficient=tuple(Block(block.body, block.line) for block in blocks["js insufficient"]),
        sites=tuple(Block(block.body, block.line) for block in blocks["js site"]),
        insufficient_because=head.string("insufficient-because") if blocks["js insufficient"] else "",
        samples=tuple(_sample(path, block) for block in blocks["diff sample"]),
        unchanged=tuple(Sample(block.body, block.body, block.line) for block in blocks["js unchanged"]),
    )


def _decoded(path: Path, data: bytes) -> str:
    try:
        return data.decode("utf-8").replace("\r\n", "\n")
    except UnicodeDecodeError as error:
        line = data.count(b"\n", 0, error.start) + 1
        raise DocumentError(path, line, "this line is not UTF-8; save the document as UTF-8") from None


def _target(head: Head) -> str:
    """What the patch is for; each kind needs keys that the other has no use for."""
    target = head.choice("target", TARGETS) if "target" in head.values else "package"
    if (target == "package") is not bool(head.globs("files")):
        head.fail("files", "a patch of a package names its `files`; one of an application's entry has none")
    if target == "entry" and "runtime" not in head.values:
        head.fail("target", "a patch of an application's entry says in [[runtime]] tables what it does on which Node")
    return target


def _folder() -> Path:
    return Path(next(iter(sio_catalogue.__path__)))


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
