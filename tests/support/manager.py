"""The real file that the first patch is about, as published, and as it must become."""

from __future__ import annotations

import tarfile
from functools import cache

from support.registry import tarball

PATCH = "req-head-leak"
FILE = "lib/manager.js"
VERSION = "0.9.13"
CALL = b"  this.handleClient(data, req);\n"
DROP = b"  delete req.head;\n"


@cache
def published(version: str = VERSION, file: str = FILE) -> bytes:
    """One file of a published socket.io."""
    with tarfile.open(tarball("socket.io", version)) as archive:
        (member,) = (each for each in archive if each.name.partition("/")[2] == file)
        stream = archive.extractfile(member)
        assert stream is not None
        return stream.read()


def patched(text: bytes, call: bytes = CALL, drop: bytes = DROP) -> bytes:
    """The text with ``drop`` after the first ``call`` that follows the head of ``handleUpgrade``: the fix by hand."""
    after = text.index(call, text.index(b"prototype.handleUpgrade =")) + len(call)
    return text[:after] + drop + text[after:]
