"""What a document says of itself: everything that is known of it before it is read."""

from __future__ import annotations

from collections.abc import Mapping
from enum import StrEnum
from pathlib import Path
from typing import Any, NamedTuple

from sio_patch.documents.params import Parameter
from sio_patch.engine.language.options import Equivalence, Matches, Scope

EVERY_VERSION = "*"  # as ``affected``
README = "README.md"  # the page of a document that is a folder


class Kind(StrEnum):
    """What a patch is for."""

    DEFECT = "defect"
    SECURITY = "security"
    MITIGATION = "mitigation"
    CHANGE = "change"  # somebody's own wish


class Target(StrEnum):
    """What a patch is applied to."""

    PACKAGE = "package"  # files of a package's copies
    ENTRY = "entry"  # the file that an application starts with


class Effect(StrEnum):
    """What a patch does on a Node."""

    FULL = "full"
    PART = "part"
    NONE = "none"


class Runtime(NamedTuple):
    """What a patch does on the Node releases of a range."""

    node: str
    effect: Effect
    words: str
    instead: str = ""  # what does help there


class Diff(NamedTuple):
    """A semantic patch as it is known before it is compiled: its text, against which a receipt is held."""

    globs: tuple[str, ...]  # of the files inside a copy that it is for
    text: str
    by_head: bool = True  # the block has no glob of its own: `globs` are the head's `files`
    raw: bool = False  # a `diff text`: its hunks are found by their lines, and not as JavaScript


class Head(NamedTuple):
    """What a document says of itself, in the order of `heads`, and which bytes said it."""

    path: Path
    digest: str  # sha256 of the document's bytes, hex
    id: str
    title: str
    kind: Kind
    package: str
    affected: str  # an npm range
    fixed_in: str | None  # the first upstream release that needs no patch
    target: Target
    files: tuple[str, ...]  # globs inside the copy: all those of the diffs
    references: tuple[str, ...]
    default: bool  # applied without being asked for
    retainer: str | None
    params: Mapping[str, Parameter]
    runtimes: tuple[Runtime, ...]  # what it does on which Node
    proof: Mapping[str, Any]  # how `prove` runs it
    equivalent: tuple[Equivalence, ...]
    matches: Matches
    scope: Scope
    insufficient_because: str  # why an insufficient form is not enough; goes on from "..., but "
    diffs: tuple[Diff, ...]  # several for one file are alternatives
