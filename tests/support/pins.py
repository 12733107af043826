"""The packages that the tests may fetch: fixtures/registry.toml, name by name, version by version."""

from __future__ import annotations

import base64
import tomllib
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache

from support.ground import FIXTURES

PATH = FIXTURES / "registry.toml"


@dataclass(frozen=True, slots=True)
class Pin:
    """One published tarball. ``integrity`` is of the tarball's own bytes, in npm's form (``sha512-`` and base64)."""

    name: str
    version: str
    integrity: str

    @property
    def spec(self) -> str:
        """What npm calls it: ``name@version``."""
        return f"{self.name}@{self.version}"

    @property
    def cache_name(self) -> str:
        """A file name that is the same for the same bytes, and for no others."""
        digest = base64.b64decode(self.integrity.removeprefix("sha512-")).hex()
        return f"{self.name.replace('/', '+')}-{self.version}-{digest[:16]}.tgz"


def read(text: str) -> dict[str, dict[str, str]]:
    """The tables of a pin file: name -> version -> integrity, in the file's order."""
    tables: dict[str, dict[str, str]] = {}
    for name, versions in tomllib.loads(text).items():
        if not isinstance(versions, dict):
            raise ValueError(f"{name}: expected a table of versions")
        tables[name] = {str(version): str(integrity) for version, integrity in versions.items()}
    return tables


@cache
def pinned() -> Mapping[str, Mapping[str, str]]:
    """What fixtures/registry.toml says, read once."""
    return read(PATH.read_text("utf-8"))


def pin(name: str, version: str) -> Pin:
    """The pin of one published version; KeyError where there is none (tests/support/pin.py adds it)."""
    return Pin(name, version, pinned()[name][version])


def pins(name: str) -> tuple[Pin, ...]:
    """Every pinned version of a package, oldest first."""
    return tuple(Pin(name, version, integrity) for version, integrity in pinned()[name].items())
