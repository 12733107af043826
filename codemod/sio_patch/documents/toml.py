"""The ``toml patch`` block of a patch document, read: every value checked, every error at its line."""

from __future__ import annotations

import os
import re
import tomllib
from collections.abc import Mapping, Sequence
from enum import StrEnum
from pathlib import Path
from typing import TYPE_CHECKING, Any, NoReturn, TypeVar

from sio_patch.documents.errors import DocumentError, closest
from sio_patch.documents.fences import Fence
from sio_patch.documents.globs import fits, plain, problem
from sio_patch.documents.head import EVERY_VERSION, README, Diff, Effect, Head, Kind, Runtime, Target
from sio_patch.documents.params import Parameter, ParameterType, number
from sio_patch.engine.language.options import Equivalence, Matches, Scope

if TYPE_CHECKING:
    from sio_patch.documents.page import Page, Part

REQUIRED = ("id", "title", "kind", "package", "affected", "references", "default")
REQUIRED_OF_OWN = ("package",)  # of a document of a project's own
OPTIONAL = (
    "fixed-in", "files", "retainer", "params", "equivalent", "matches", "target", "scope", "runtime", "proof",
    "insufficient-because",
)  # fmt: skip

_ID = re.compile(r"[a-z0-9]+(-[a-z0-9]+)*$")
_OWN_ID = re.compile(r"[a-z0-9][a-z0-9._-]{0,99}$")  # as receipts take it
_PACKAGE = re.compile(r"(@[a-z0-9~-][a-z0-9._~-]*/)?[A-Za-z0-9~-][A-Za-z0-9._~-]*$")
_NAME = re.compile(r"[A-Za-z_][A-Za-z0-9_]*$")
_TOML_LINE = re.compile(r"\(at line (\d+)")
_BAD_ID = "`id` must be lower-case words with hyphens between them"
_BAD_OWN_ID = (
    "{!r} cannot be an id; rename the file, or its folder where it is a README: at most 100 lower-case letters, "
    "digits, `-`, `_` and `.`, the first a letter or a digit"
)

Choice = TypeVar("Choice", bound=StrEnum)


def read_head(path: Path, digest: str, block: Fence, page: Page, *, own: bool) -> Head:
    """``block`` is the ``toml patch`` one. A project's ``own`` need not say all. Raises DocumentError."""
    toml = _Toml.of(path, block, _defaults(path, page) if own else {})
    diffs = toml.diffs(page.diffs)
    return Head(
        path=path,
        digest=digest,
        id=toml.id(),
        title=toml.string("title"),
        kind=toml.choice("kind", Kind),
        package=toml.package(),
        affected=toml.string("affected"),
        fixed_in=toml.string_or_none("fixed-in"),
        target=toml.target(),
        files=tuple(dict.fromkeys(glob for diff in diffs for glob in diff.globs)),
        references=toml.strings("references") if "references" in toml.values else (),
        default=toml.boolean("default"),
        retainer=toml.string_or_none("retainer"),
        params=toml.params(),
        runtimes=toml.runtimes(),
        proof=toml.table("proof"),
        equivalent=toml.choices("equivalent", Equivalence),
        matches=toml.choice("matches", Matches, Matches.ONE),
        scope=toml.choice("scope", Scope, Scope.ANYWHERE),
        insufficient_because=toml.string_or_none("insufficient-because") or "",
        diffs=diffs,
    )


def id_of(path: Path) -> str:
    """The id that a document has by its place: the file's name, or that of the folder where it is the README."""
    if path.name == README:
        return os.path.basename(os.path.dirname(os.path.abspath(path)))  # noqa: PTH100, PTH119, PTH120
    return path.name.removesuffix(".md")


def line_of_error(error: tomllib.TOMLDecodeError) -> int:
    """The line, counted from 1, in which a text is not TOML."""
    at = _TOML_LINE.search(str(error))
    return int(at[1]) if at else 1


def _defaults(path: Path, page: Page) -> Mapping[str, Any]:
    id = id_of(path)
    return {"id": id, "title": page.heading or id, "kind": Kind.CHANGE, "affected": EVERY_VERSION, "default": True}


class _Toml:
    """The block's values: each method gives one or raises a DocumentError at its line."""

    def __init__(self, path: Path, block: Fence, values: Mapping[str, Any]) -> None:
        self.path = path
        self.block = block
        self.values = values
        self.own = False

    @classmethod
    def of(cls, path: Path, block: Fence, defaults: Mapping[str, Any]) -> _Toml:
        """``defaults`` are there for a project's own document alone."""
        try:
            toml = cls(path, block, tomllib.loads(block.body))
        except tomllib.TOMLDecodeError as error:
            raise DocumentError(path, block.line - 1 + line_of_error(error), f"this is not TOML: {error}") from None
        for key in toml.values:
            if key not in (*REQUIRED, *OPTIONAL):
                toml.fail(key, f"unknown key `{key}`{closest(key, (*REQUIRED, *OPTIONAL))}")
        for key in REQUIRED_OF_OWN if defaults else REQUIRED:
            if key not in toml.values:
                toml.fail(key, f"the key `{key}` is missing; add it")
        toml.own = bool(defaults)
        toml.values = {**defaults, **toml.values}
        return toml

    def fail(self, key: str, message: str) -> NoReturn:
        at = re.search(rf'^[ \t]*(\[\s*)?"?{re.escape(key)}\b', self.block.body, re.MULTILINE)
        line = self.block.line + (self.block.body.count("\n", 0, at.start()) if at else -1)
        raise DocumentError(self.path, line, message)

    def string(self, key: str) -> str:
        value = self.values.get(key)
        if not isinstance(value, str) or not value.strip() or "\n" in value:
            self.fail(key, f"`{key}` must be one line of text in quotes")
        return value

    def string_or_none(self, key: str) -> str | None:
        return self.string(key) if key in self.values else None

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

    def choice(self, key: str, allowed: type[Choice], default: Choice | None = None) -> Choice:
        value = self.values.get(key, default)
        if value not in list(allowed):
            self.fail(key, f"`{key}` must be one of {', '.join(allowed)}")
        return allowed(value)

    def choices(self, key: str, allowed: type[Choice]) -> tuple[Choice, ...]:
        value = self.values.get(key, [])
        if not isinstance(value, list) or any(item not in list(allowed) for item in value):
            self.fail(key, f"`{key}` must be a list of some of {', '.join(allowed)}")
        return tuple(allowed(item) for item in value)

    def globs(self, key: str) -> tuple[str, ...]:
        if key not in self.values:
            return ()
        found = tuple(plain(glob) for glob in self.strings(key))
        for wrong in filter(None, map(problem, found)):
            self.fail(key, wrong)
        return found

    def diffs(self, parts: Sequence[Part]) -> tuple[Diff, ...]:
        """The ``parts`` with their files: behind the block, or else the head's."""
        files = self.globs("files")
        diffs = tuple(
            Diff((part.glob,) if part.glob else files, part.block.text, not part.glob, part.raw) for part in parts
        )
        if self.choice("target", Target, Target.PACKAGE) is Target.ENTRY:
            if files or not all(diff.by_head for diff in diffs):
                self.fail("files", "a patch of an application's entry has no `files`, and its `diff` blocks name none")
        elif not all(diff.globs for diff in diffs):
            self.fail("files", "a patch of a package names its `files`, or has a GLOB behind each `diff`")
        for file in files if not any(diff.by_head for diff in diffs) else ():
            if not any(fits(glob, file) or fits(file, glob) for diff in diffs for glob in diff.globs):
                self.fail("files", f"`files` names {file}, and no `diff` block is for it")
        return diffs

    def table(self, key: str) -> Mapping[str, Any]:
        value = self.values.get(key, {})
        if not isinstance(value, dict):
            self.fail(key, f"`{key}` must be a table")
        return value

    def target(self) -> Target:
        target = self.choice("target", Target, Target.PACKAGE)
        if target is Target.ENTRY and "runtime" not in self.values:
            message = "a patch of an application's entry says in [[runtime]] tables what it does on which Node"
            self.fail("target", message)
        return target

    def params(self) -> Mapping[str, Parameter]:
        """``[params.NAME]`` with type, default, minimum and maximum, the last three written as a user would."""
        return {name: self._parameter(name, value) for name, value in self.table("params").items()}

    def _parameter(self, name: str, value: Any) -> Parameter:
        keys = ("type", "default", "minimum", "maximum")
        if not _NAME.match(name) or not isinstance(value, dict) or set(value) != set(keys):
            self.fail("params", f"[params.{name}] must have exactly {', '.join(keys)}")
        if value["type"] not in list(ParameterType):
            self.fail("params", f"the type of {name} must be one of {', '.join(ParameterType)}")
        type_ = ParameterType(value["type"])
        numbers = [number(str(value[key]), type_) for key in keys[1:]]
        default, minimum, maximum = numbers
        if default is None or minimum is None or maximum is None or not minimum <= default <= maximum:
            self.fail("params", f"{name}: minimum, default and maximum must be of its type, and in that order")
        return Parameter(name, type_, default, minimum, maximum)

    def runtimes(self) -> tuple[Runtime, ...]:
        """``[[runtime]]`` tables with node, effect and words; and with instead, where something else does help."""
        value = self.values.get("runtime", [])
        keys = {"node", "effect", "words"}
        if not isinstance(value, list) or not all(
            isinstance(row, dict) and set(row) - {"instead"} == keys for row in value
        ):
            self.fail("runtime", "each [[runtime]] must have node, effect and words; it may have instead")
        for row in value:
            if row["effect"] not in list(Effect) or not all(isinstance(text, str) and text for text in row.values()):
                self.fail("runtime", f"the effect in [[runtime]] must be one of {', '.join(Effect)}, the rest text")
        return tuple(Runtime(**{**row, "effect": Effect(row["effect"])}) for row in value)

    def id(self) -> str:
        id, name = self.string("id"), id_of(self.path)
        if not (_OWN_ID if self.own else _ID).match(id):
            self.fail("id", _BAD_OWN_ID.format(id) if self.own else _BAD_ID)
        if id != name:
            what = "folder" if self.path.name == README else "file"
            self.fail("id", f"`id` is {id!r}, but the {what} is {name!r}; they must be the same")
        return id

    def package(self) -> str:
        if not _PACKAGE.match(self.string("package")):
            self.fail("package", "`package` must be an npm package's name")
        return self.string("package")
