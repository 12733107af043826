"""Options that commands share, and how a command is made."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from sio_patch.documents.errors import DocumentError
from sio_patch.documents.known import known_at
from sio_patch.verdict import CallError

if TYPE_CHECKING:
    from click.shell_completion import CompletionItem

    from sio_patch.documents.document import Document

Function = Callable[..., None]
Decorator = Callable[[Function], Function]


class _Command(click.Command):
    def invoke(self, ctx: click.Context) -> Any:
        """A call that turns out to be wrong is told like one that click finds wrong."""
        try:
            return super().invoke(ctx)
        except CallError as error:
            raise click.UsageError(str(error), ctx) from None


def command(*examples: str, name: str | None = None) -> Callable[[Function], click.Command]:
    """A command whose `--help` ends with these command lines."""
    lines = "".join(f"  {example}\n" for example in examples)
    epilog = f"\b\nExamples:\n{lines}" if len(examples) > 1 else f"Example: {examples[0]}"
    return click.command(cls=_Command, name=name, epilog=epilog)


def options(*decorators: Decorator) -> Decorator:
    """Several options as one, in the order in which `--help` shows them."""

    def decorate(function: Function) -> Function:
        for decorator in reversed(decorators):
            function = decorator(function)
        return function

    return decorate


def complete_id(context: click.Context, parameter: click.Parameter, incomplete: str) -> list[CompletionItem]:
    from click.shell_completion import CompletionItem

    if "/" in incomplete:
        return [CompletionItem(incomplete, type="file")]
    try:
        documents = known_at().catalogue.sound()
    except (CallError, DocumentError, OSError):  # whoever runs the command is told
        return []
    return [
        CompletionItem(document.id, help=document.title) for document in documents if document.id.startswith(incomplete)
    ]


def document_of(word: str) -> Document:
    """The document that an id or a path names. Raises CallError, DocumentError and OSError."""
    known, ids = known_at().naming([word])
    if len(ids) > 1:
        raise CallError(f"{word} has several documents: {', '.join(ids)}. Name one of them.")
    return known.catalogue.find(ids[0])


def _settings(context: click.Context, parameter: click.Parameter, values: Sequence[str]) -> Mapping[str, str]:
    settings = {}
    for value in values:
        name, equals, text = value.partition("=")
        if not (name and equals):
            raise click.BadParameter(f"{value!r} is not NAME=VALUE.")
        settings[name] = text
    return settings


def _paths(context: click.Context, parameter: click.Parameter, values: Sequence[str]) -> tuple[Path, ...]:
    if "" in values:
        raise click.BadParameter("an empty path (a variable that is not set?). The current directory is written `.`.")
    return tuple(Path(value) for value in values)


targets = options(
    click.argument("paths", metavar="[PATH]...", nargs=-1, type=click.Path(), callback=_paths),
    click.option(
        "-p",
        "--patch",
        "ids",
        metavar="ID|DOCUMENT",
        multiple=True,
        shell_complete=complete_id,
        help="Only this patch; also one that is not applied by default. An id, or a document's path. Can be repeated.",
    ),
)
patch_id = click.argument("id", metavar="ID", shell_complete=complete_id)
settings = click.option(
    "--set", "parameters", metavar="NAME=VALUE", multiple=True, callback=_settings, help="Set a parameter of a patch."
)
node = click.option("--node", metavar="RANGE", help="The Node that runs it; for patches whose effect depends on it.")
loudness = options(
    click.option("-q", "--quiet", is_flag=True, help="Say only what is wrong and what was changed."),
    click.option("-v", "--verbose", is_flag=True, help="Say why, for every file."),
)
as_json = click.option("--json", "as_json", is_flag=True, help="Print one JSON object.")
check = click.option("--check", is_flag=True, help="Write nothing; exit 1 where something needs a patch.")
