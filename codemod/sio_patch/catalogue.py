"""Patch documents: a Markdown page for people, with fenced blocks for the machine.

CONTRIBUTING.md says how to write one.
"""

from __future__ import annotations

import re
import tomllib
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property
from hashlib import sha256
from pathlib import Path
from typing import TYPE_CHECKING, Any, NoReturn

import sio_catalogue
from sio_patch.fences import Fence, UnclosedFenceError, fences
from sio_patch.versions import covers

if TYPE_CHECKING:
    from sio_patch.engine.pattern import SemanticPatch

KINDS = ("defect", "security", "mitigation")
EQUIVALENCES = ("function-forms", "declaration-kinds", "yoda")
MATCHES = ("one", "all")

_BLOCKS = ("toml patch", "diff", "js fixed", "diff sample", "js unchanged")
_REQUIRED = ("id", "title", "kind", "package", "affected", "files", "references", "default")
_OPTIONAL = ("fixed-in", "retainer", "params", "equivalent", "matches")
_ID = re.compile(r"[a-z0-9]+(-[a-z0-9]+)*$")
_PACKAGE = re.compile(r"(@[a-z0-9~-][a-z0-9._~-]*/)?[A-Za-z0-9~-][A-Za-z0-9._~-]*$")
_TOML_LINE = re.compile(r"\(at line (\d+)")


class DocumentError(ValueError):
    """A patch document that does not keep the rules: where, and what to do about it."""

    def __init__(self, path: Path, line: int, message: str) -> None:
        super().__init__(path, line, message)
        self.path = path
        self.line = line
        self.message = message

    def __str__(self) -> str:
        return f"{self.path}:{self.line}: {self.message}"


class UnknownPatchError(LookupError):
    """No document has this id."""

    def __init__(self, id: str, known: Sequence[str]) -> None:
        super().__init__(id, known)
        self.id = id
        self.known = tuple(known)

    def __str__(self) -> str:
        return f"there is no patch {self.id!r}{_closest(self.id, self.known)} Known: {', '.join(self.known) or 'none'}."


@dataclass(frozen=True, slots=True)
class Sample:
    """An example that a document carries. For ``js unchanged``, ``before`` and ``after`` are the same text."""

    before: str
    after: str
    line: int  # of its first line in the document


@dataclass(frozen=True)
class Document:
    """One patch. Lines count from 1 in ``text``."""

    path: Path
    text: str
    digest: str  # sha256 of the document's bytes, hex
    id: str
    title: str
    kind: str  # one of KINDS
    package: str
    affected: str  # an npm range
    fixed_in: str | None  # the first upstream release that needs no patch
    files: tuple[str, ...]  # globs inside the copy
    references: tuple[str, ...]
    default: bool  # applied without being asked for
    retainer: str | None
    params: Mapping[str, str]  # name -> default value
    equivalent: tuple[str, ...]
    matches: str  # one of MATCHES
    diff: str
    diff_line: int
    fixed: tuple[str, ...]
    fixed_lines: tuple[int, ...]
    samples: tuple[Sample, ...]
    unchanged: tuple[Sample, ...]

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
                first_line=self.diff_line,
                fixed_lines=self.fixed_lines,
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
    try:
        text = data.decode("utf-8").replace("\r\n", "\n")
    except UnicodeDecodeError as error:
        line = data.count(b"\n", 0, error.start) + 1
        raise DocumentError(path, line, "this line is not UTF-8; save the document as UTF-8") from None
    blocks = _machine_blocks(path, text)
    head = _Head.of(path, _only(path, blocks, "toml patch"))
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
        files=head.globs("files"),
        references=head.strings("references"),
        default=head.boolean("default"),
        retainer=head.string("retainer") if "retainer" in head.values else None,
        params=head.params(),
        equivalent=head.choices("equivalent", EQUIVALENCES),
        matches=head.choice("matches", MATCHES) if "matches" in head.values else "one",
        diff=diff.body,
        diff_line=diff.line,
        fixed=tuple(block.body for block in blocks["js fixed"]),
        fixed_lines=tuple(block.line for block in blocks["js fixed"]),
        samples=tuple(_sample(path, block) for block in blocks["diff sample"]),
        unchanged=tuple(Sample(block.body, block.body, block.line) for block in blocks["js unchanged"]),
    )


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


class _Head:
    """The `toml patch` block: each method gives one value or raises a DocumentError at its line."""

    def __init__(self, path: Path, block: Fence, values: Mapping[str, Any]) -> None:
        self.path = path
        self.block = block
        self.values = values

    @classmethod
    def of(cls, path: Path, block: Fence) -> _Head:
        try:
            head = cls(path, block, tomllib.loads(block.body))
        except tomllib.TOMLDecodeError as error:
            at = _TOML_LINE.search(str(error))
            line = block.line + int(at[1]) - 1 if at else block.line
            raise DocumentError(path, line, f"this is not TOML: {error}") from None
        for key in head.values:
            if key not in _REQUIRED + _OPTIONAL:
                head.fail(key, f"unknown key `{key}`{_closest(key, _REQUIRED + _OPTIONAL)}")
        for key in _REQUIRED:
            if key not in head.values:
                head.fail(key, f"the key `{key}` is missing; add it")
        return head

    def fail(self, key: str, message: str) -> NoReturn:
        at = re.search(rf'^[ \t]*(\[\s*)?"?{re.escape(key)}\b', self.block.body, re.MULTILINE)
        line = self.block.line + (self.block.body.count("\n", 0, at.start()) if at else -1)
        raise DocumentError(self.path, line, message)

    def string(self, key: str) -> str:
        value = self.values[key]
        if not isinstance(value, str) or not value.strip() or "\n" in value:
            self.fail(key, f"`{key}` must be one line of text in quotes")
        return value

    def strings(self, key: str) -> tuple[str, ...]:
        value = self.values[key]
        if not isinstance(value, list) or not value or not all(isinstance(item, str) and item for item in value):
            self.fail(key, f'`{key}` must be a list of texts, such as ["one", "two"]')
        return tuple(value)

    def boolean(self, key: str) -> bool:
        value = self.values[key]
        if not isinstance(value, bool):
            self.fail(key, f"`{key}` must be true or false")
        return value

    def choice(self, key: str, allowed: Sequence[str]) -> str:
        value = self.values[key]
        if value not in allowed:
            self.fail(key, f"`{key}` must be one of {', '.join(allowed)}")
        return str(value)

    def choices(self, key: str, allowed: Sequence[str]) -> tuple[str, ...]:
        value = self.values.get(key, [])
        if not isinstance(value, list) or any(item not in allowed for item in value):
            self.fail(key, f"`{key}` must be a list of some of {', '.join(allowed)}")
        return tuple(value)

    def globs(self, key: str) -> tuple[str, ...]:
        for glob in self.strings(key):
            if glob.startswith("/") or "\\" in glob or ".." in glob.split("/"):
                self.fail(key, f"{glob!r} must be a path inside the package: `/` between the names, no `..`")
        return self.strings(key)

    def params(self) -> Mapping[str, str]:
        value = self.values.get("params", {})
        if not isinstance(value, dict) or not all(isinstance(default, str) for default in value.values()):
            self.fail("params", '`params` must be a table of default values, such as { limit = "1024" }')
        return dict(value)

    def id(self) -> str:
        id = self.string("id")
        if not _ID.match(id):
            self.fail("id", "`id` must be lower-case words with hyphens between them")
        if id != self.path.parent.name:
            self.fail("id", f"`id` is {id!r}, but the folder is {self.path.parent.name!r}; they must be the same")
        return id

    def package(self) -> str:
        if not _PACKAGE.match(self.string("package")):
            self.fail("package", "`package` must be an npm package's name")
        return self.string("package")


def _closest(name: str, known: Sequence[str]) -> str:
    """The end of a sentence that says the name is wrong."""
    import difflib

    close = difflib.get_close_matches(name, known, n=1)
    return f"; did you mean `{close[0]}`?" if close else "."
