"""The ``toml patch`` block of a patch document: every value checked, every error at its line."""

from __future__ import annotations

import re
import tomllib
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any, NamedTuple, NoReturn

from sio_patch.documents.fences import Fence
from sio_patch.documents.params import TYPES, Parameter, number

EFFECTS = ("full", "part", "none")
REQUIRED = ("id", "title", "kind", "package", "affected", "references", "default")
OPTIONAL = (
    "fixed-in", "files", "retainer", "params", "equivalent", "matches", "target", "scope", "runtime", "proof",
    "insufficient-because",
)  # fmt: skip

_ID = re.compile(r"[a-z0-9]+(-[a-z0-9]+)*$")
_PACKAGE = re.compile(r"(@[a-z0-9~-][a-z0-9._~-]*/)?[A-Za-z0-9~-][A-Za-z0-9._~-]*$")
_NAME = re.compile(r"[A-Za-z_][A-Za-z0-9_]*$")
_TOML_LINE = re.compile(r"\(at line (\d+)")


class Runtime(NamedTuple):
    """What a patch does on the Node releases of a range. ``effect`` is one of EFFECTS."""

    node: str
    effect: str
    words: str
    instead: str = ""  # what does help there


class DocumentError(ValueError):
    """A patch document that does not keep the rules: where, and what to do about it."""

    def __init__(self, path: Path, line: int, message: str) -> None:
        super().__init__(path, line, message)
        self.path = path
        self.line = line
        self.message = message

    def __str__(self) -> str:
        return f"{self.path}:{self.line}: {self.message}"


class Head:
    """The `toml patch` block: each method gives one value or raises a DocumentError at its line."""

    def __init__(self, path: Path, block: Fence, values: Mapping[str, Any]) -> None:
        self.path = path
        self.block = block
        self.values = values

    @classmethod
    def of(cls, path: Path, block: Fence) -> Head:
        try:
            head = cls(path, block, tomllib.loads(block.body))
        except tomllib.TOMLDecodeError as error:
            at = _TOML_LINE.search(str(error))
            line = block.line + int(at[1]) - 1 if at else block.line
            raise DocumentError(path, line, f"this is not TOML: {error}") from None
        for key in head.values:
            if key not in (*REQUIRED, *OPTIONAL):
                head.fail(key, f"unknown key `{key}`{closest(key, (*REQUIRED, *OPTIONAL))}")
        for key in REQUIRED:
            if key not in head.values:
                head.fail(key, f"the key `{key}` is missing; add it")
        return head

    def fail(self, key: str, message: str) -> NoReturn:
        at = re.search(rf'^[ \t]*(\[\s*)?"?{re.escape(key)}\b', self.block.body, re.MULTILINE)
        line = self.block.line + (self.block.body.count("\n", 0, at.start()) if at else -1)
        raise DocumentError(self.path, line, message)

    def string(self, key: str) -> str:
        value = self.values.get(key)
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
        if key not in self.values:
            return ()
        for glob in self.strings(key):
            if glob.startswith("/") or "\\" in glob or ".." in glob.split("/"):
                self.fail(key, f"{glob!r} must be a path inside the package: `/` between the names, no `..`")
        return self.strings(key)

    def table(self, key: str) -> Mapping[str, Any]:
        value = self.values.get(key, {})
        if not isinstance(value, dict):
            self.fail(key, f"`{key}` must be a table")
        return value

    def params(self) -> Mapping[str, Parameter]:
        """``[params.NAME]`` with type, default, minimum and maximum, the last three written as a user would."""
        return {name: self._parameter(name, value) for name, value in self.table("params").items()}

    def _parameter(self, name: str, value: Any) -> Parameter:
        keys = ("type", "default", "minimum", "maximum")
        if not _NAME.match(name) or not isinstance(value, dict) or set(value) != set(keys):
            self.fail("params", f"[params.{name}] must have exactly {', '.join(keys)}")
        if value["type"] not in TYPES:
            self.fail("params", f"the type of {name} must be one of {', '.join(TYPES)}")
        numbers = [number(str(value[key]), value["type"]) for key in keys[1:]]
        default, minimum, maximum = numbers
        if default is None or minimum is None or maximum is None or not minimum <= default <= maximum:
            self.fail("params", f"{name}: minimum, default and maximum must be of its type, and in that order")
        return Parameter(name, value["type"], default, minimum, maximum)

    def runtimes(self) -> tuple[Runtime, ...]:
        """``[[runtime]]`` tables with node, effect and words; and with instead, where something else does help."""
        value = self.values.get("runtime", [])
        keys = {"node", "effect", "words"}
        if not isinstance(value, list) or not all(
            isinstance(row, dict) and set(row) - {"instead"} == keys for row in value
        ):
            self.fail("runtime", "each [[runtime]] must have node, effect and words; it may have instead")
        for row in value:
            if row["effect"] not in EFFECTS or not all(isinstance(text, str) and text for text in row.values()):
                self.fail("runtime", f"the effect in [[runtime]] must be one of {', '.join(EFFECTS)}, the rest text")
        return tuple(Runtime(**row) for row in value)

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


def closest(name: str, known: Sequence[str]) -> str:
    """The end of a sentence that says the name is wrong."""
    import difflib

    close = difflib.get_close_matches(name, known, n=1)
    return f"; did you mean `{close[0]}`?" if close else "."
