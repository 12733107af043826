"""`list` and `show`: the patches that there are."""

from __future__ import annotations

import sys

import click

from sio_patch.cli.options import as_json, command, patch_id
from sio_patch.cli.say import say
from sio_patch.documents.catalogue import Catalogue
from sio_patch.report.text import catalogue_table


@command("sio-patch list", name="list")
@as_json
def list_(as_json: bool) -> None:
    """The patches that this program knows."""
    documents = Catalogue.shipped().all()
    if not as_json:
        say(catalogue_table(documents))
        return
    from sio_patch.report.json import catalogue_json

    say(catalogue_json(documents))


@command("sio-patch show req-head-leak")
@patch_id
def show(id: str) -> None:
    """Explain one patch.

    The symptom, the cause, the cure, and why it is safe.
    """
    page = Catalogue.shipped().find(id).page
    if sys.stdout.isatty():
        click.echo_via_pager(page.text)
    else:
        say(page.text)
