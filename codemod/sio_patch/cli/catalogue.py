"""`list` and `show`: the patches that there are."""

from __future__ import annotations

import sys

import click

from sio_patch.cli.options import as_json, command, document_of, patch_id
from sio_patch.cli.say import say
from sio_patch.documents.known import known_at
from sio_patch.report.text import catalogue_tables


@command("sio-patch list", name="list")
@as_json
def list_(as_json: bool) -> None:
    """The patches that are known here.

    Those that come with the program, and below them the project's own.
    """
    known = known_at()
    documents = known.catalogue.all()
    if not as_json:
        say(catalogue_tables(documents, known.own))
        return
    from sio_patch.report.json import catalogue_json

    say(catalogue_json(documents, known.own))


@command("sio-patch show req-head-leak")
@patch_id
def show(id: str) -> None:
    """Explain one patch.

    The symptom, the cause, the cure, and why it is safe.
    """
    page = document_of(id).page
    if sys.stdout.isatty():
        click.echo_via_pager(page.text)
    else:
        say(page.text)
