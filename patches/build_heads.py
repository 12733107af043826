"""Puts the heads of the shipped documents into the wheel. A checkout has none: there the documents are being edited."""

from __future__ import annotations

import sys
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

from hatchling.builders.hooks.plugin.interface import BuildHookInterface


class HeadsHook(BuildHookInterface[Any]):
    """Hatch calls ``initialize`` before a build and ``finalize`` after it."""

    scratch: TemporaryDirectory[str] | None = None

    def initialize(self, version: str, build_data: dict[str, Any]) -> None:
        """``version`` is ``standard`` or ``editable``."""
        if version == "editable":
            return
        root = Path(self.root)
        sys.path[:0] = [str(root / "codemod"), str(root / "patches")]
        from sio_patch.documents import heads
        from sio_patch.documents.catalogue import Catalogue

        self.scratch = TemporaryDirectory(prefix="sio-patch-build-")
        file = Path(self.scratch.name, heads.FILE)
        file.write_bytes(heads.written(Catalogue.of(root / "patches/sio_catalogue").all()))
        # What is forced in goes in last, and installers unpack in that order: the file is no older than a document.
        build_data["force_include"][str(file)] = f"sio_catalogue/{heads.FILE}"

    def finalize(self, version: str, build_data: dict[str, Any], artifact_path: str) -> None:
        """Removes what ``initialize`` wrote."""
        if self.scratch is not None:
            self.scratch.cleanup()
