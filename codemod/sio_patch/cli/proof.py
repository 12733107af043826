"""`prove`: a patch run on a real Node."""

from __future__ import annotations

import shutil
from pathlib import Path
from typing import Any

import click

from sio_patch.cli.bars import stage_bar
from sio_patch.cli.options import as_json, command, document_of, patch_id
from sio_patch.cli.say import say
from sio_patch.documents.catalogue import is_shipped
from sio_patch.proof import report
from sio_patch.proof.prove import Wish
from sio_patch.proof.prove import prove as run_proof
from sio_patch.report.json import proof_json
from sio_patch.report.proof_text import proof_text


@command("sio-patch prove req-head-leak", "sio-patch prove req-head-leak --version 0.8.7 --plot leak.svg")
@patch_id
@click.option("--version", metavar="V", help="Of the package. Default: the last affected one.")
@click.option("--node", metavar="V|PATH", help="A Node release (through npm), or a program. Default: the patch's.")
@click.option("--plot", metavar="FILE.svg", type=click.Path(path_type=Path), help="Draw the readings (svg or png).")
@as_json
@click.pass_context
def prove(context: click.Context, /, id: str, as_json: bool, **wish: Any) -> None:
    """Prove a patch on a real Node.

    Shows that the defect is there in the package as published, and gone with the patch.

    Exit status: 0 proven, 3 not proven or not possible here, 4 the system said no.
    """
    document = document_of(id)
    if wish["node"] is None and "node" not in document.proof and not is_shipped(document.path):
        wish["node"] = shutil.which("node")
    with stage_bar() as progress:
        found = run_proof(document, Wish(**wish), progress)
    say(proof_json(found) if as_json else proof_text(found))
    context.exit(report.exit_status(found))
