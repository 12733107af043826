"""What start-up needs of the shipped documents, in one small file beside them.

The wheel carries it; a checkout has none, and there each document is read. It answers for a document only while that
has the size that it had then, and is no newer than that file: one that was edited in place, or added, is read as well.
"""

from __future__ import annotations

import json
import os
from collections.abc import Iterable, Mapping
from pathlib import Path
from typing import Any

from sio_patch.documents.document import Document
from sio_patch.documents.head import Diff, Effect, Head, Kind, Runtime, Target
from sio_patch.documents.params import Parameter, ParameterType
from sio_patch.engine.language.options import Equivalence, Matches, Scope

FILE = "heads.json"


def written(documents: Iterable[Document]) -> bytes:
    """The file for these documents: ``fields`` names the values, which ``documents`` has for each id, behind the
    document's size in bytes."""
    fields = Head._fields[1:]  # not the path, which is another one wherever the catalogue is installed
    rows = {document.id: [document.path.stat().st_size, *document[1:]] for document in documents}
    return json.dumps({"fields": fields, "documents": rows}, separators=(",", ":")).encode() + b"\n"


def read(folder: Path, documents: Mapping[str, tuple[Path, os.stat_result]]) -> dict[str, Head]:
    """The heads for which the folder's file answers, by id. Empty where there is none, or another program's."""
    try:
        with (folder / FILE).open("rb") as file:
            made_ns = os.fstat(file.fileno()).st_mtime_ns
            value = json.loads(file.read())
        if value["fields"] != list(Head._fields[1:]):
            return {}
        return {
            id: _head(path, *value["documents"][id][1:])
            for id, (path, stat) in documents.items()
            if id in value["documents"] and stat.st_size == value["documents"][id][0] and stat.st_mtime_ns <= made_ns
        }
    except (OSError, ValueError, TypeError, LookupError, RecursionError):
        return {}


def _head(path: Path, *values: Any) -> Head:
    """The values as JSON has them, made what they were."""
    head = Head(path, *values)
    return head._replace(
        kind=Kind(head.kind),
        target=Target(head.target),
        files=tuple(head.files),
        references=tuple(head.references),
        params={name: _parameter(*parameter) for name, parameter in head.params.items()},
        runtimes=tuple(Runtime(node, Effect(effect), *words) for node, effect, *words in head.runtimes),
        equivalent=tuple(map(Equivalence, head.equivalent)),
        matches=Matches(head.matches),
        scope=Scope(head.scope),
        diffs=tuple(Diff(tuple(globs), text, by_head, raw) for globs, text, by_head, raw in head.diffs),
    )


def _parameter(name: str, type_: str, default: int, minimum: int, maximum: int) -> Parameter:
    return Parameter(name, ParameterType(type_), default, minimum, maximum)
