"""The JSON reports. Their shape is fixed: programs read them."""

from __future__ import annotations

import json
from collections.abc import Iterable, Sequence
from typing import TYPE_CHECKING

from sio_patch.verdict import Result, tally

if TYPE_CHECKING:
    from sio_patch.documents.document import Document

SCHEMA = 1


def results_json(results: Sequence[Result]) -> str:
    """Pure ASCII, so that a file name in any encoding passes through every terminal and pipe."""
    rows = [result._asdict() for result in results]
    return dump({"schema": SCHEMA, "results": rows, "summary": tally(results)})


def catalogue_json(documents: Iterable[Document]) -> str:
    patches = [
        {
            "id": document.id,
            "title": document.title,
            "summary": document.page.summary,
            "kind": document.kind,
            "package": document.package,
            "affected": document.affected,
            "fixed_in": document.fixed_in,
            "files": document.files,
            "default": document.default,
            "references": document.references,
            "digest": document.digest,
        }
        for document in documents
    ]
    return dump({"schema": SCHEMA, "patches": patches})


def dump(value: object) -> str:
    """As every report is printed."""
    return json.dumps(value, indent=2) + "\n"
