"""`diagnose`: what a heap snapshot shows."""

from __future__ import annotations

from pathlib import Path

import click

from sio_patch.cli.bars import fraction_bar
from sio_patch.cli.options import as_json, command
from sio_patch.cli.say import say
from sio_patch.documents.known import known_at
from sio_patch.heap.diagnosis import diagnose as look
from sio_patch.report.heap_text import diagnosis_text
from sio_patch.report.json import diagnosis_json


@command("sio-patch diagnose Heap-20261123.heapsnapshot")
@click.argument("snapshot", metavar="FILE.heapsnapshot", type=click.Path(path_type=Path))
@as_json
def diagnose(snapshot: Path, as_json: bool) -> None:
    """Find in a heap snapshot what leaks.

    What keeps large buffers alive, and the patch that cures it.

    Reads the format of Node 0.8 and today's. docs/heap-snapshots.md says how to make one.
    """
    with fraction_bar("Reading") as progress:
        diagnosis = look(snapshot, progress)
    cures = {document.retainer: document.id for document in known_at().catalogue.sound() if document.retainer}
    say(diagnosis_json(diagnosis, cures) if as_json else diagnosis_text(diagnosis, cures))
