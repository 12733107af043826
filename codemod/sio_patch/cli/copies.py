"""`apply`, `diff`, `status` and `revert`: what is done to the copies and files that the user names."""

from __future__ import annotations

import sys
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

import click

from sio_patch.cli.bars import progress
from sio_patch.cli.options import as_json, check, command, loudness, node, options, settings, targets
from sio_patch.cli.say import coloured, say
from sio_patch.documents.head import Kind
from sio_patch.documents.known import by_project
from sio_patch.report.terminal import plain
from sio_patch.report.text import Wording, words
from sio_patch.run.work import Planned, Request, planned, planned_undo, write
from sio_patch.shell import quoted
from sio_patch.verdict import Result, exit_status


@command(
    "sio-patch apply node_modules/socket.io",
    "sio-patch apply --dry-run",
    "sio-patch apply -q                      (for npm's hooks)",
)
@options(targets, settings, node)
@click.option(
    "--dry-run", is_flag=True, help="Say what would be done and write nothing. `diff` shows the change itself."
)
@check
@click.option(
    "--reviewed",
    metavar="DIFF",
    type=click.Path(path_type=Path, exists=True, dir_okay=False),
    help="Write only if the changes are exactly those of this diff.",
)
@options(as_json, loudness)
@click.pass_context
def apply(context: click.Context, /, dry_run: bool, check: bool, reviewed: Path | None, **wish: Any) -> None:
    """Patch what needs it.

    PATH is a package's directory, a project, or a JavaScript file (then with -p). Default: the current directory.
    """
    request = _request(wish)
    found = planned(request, progress)
    if any(settings.reviewed for known, _ in request.projects for settings in known.wishes.said):
        from sio_patch.run.patchfile import only_as_the_project_has_reviewed

        found = only_as_the_project_has_reviewed(found, request, lambda alone: planned(alone, progress))
    if reviewed is not None:
        from sio_patch.run.patchfile import only_as_reviewed

        found = only_as_reviewed(found, reviewed)
    results = found.results if dry_run or check else write(found, progress)
    _report(results, found, wish)
    context.exit(exit_status(results, check=check))


@command(
    "sio-patch diff node_modules/socket.io",
    "sio-patch diff | git apply",
    "sio-patch diff -o leak.diff && sio-patch apply --reviewed leak.diff",
)
@options(targets, settings, node)
@click.option("-o", "--output", metavar="FILE", type=click.Path(path_type=Path), help="Write the diff to this file.")
@loudness
@click.pass_context
def diff(context: click.Context, /, output: Path | None, **wish: Any) -> None:
    """Show what apply would change.

    The diff goes to stdout, and what there is to say about it to stderr.
    """
    from sio_patch.report.terminal import coloured_diff
    from sio_patch.run.patchfile import diff_of, save

    found = planned(_request(wish), progress)
    data = diff_of(found)
    if output is not None:
        save(output, data, found)
    else:
        say(coloured_diff(data) if coloured(sys.stdout) else data)
    _report(found.results, found, wish, err=True)
    context.exit(exit_status(found.results))


@command("sio-patch status", "sio-patch status --check node_modules/socket.io")
@options(targets, node, check, as_json, loudness)
@click.pass_context
def status(context: click.Context, /, check: bool, **wish: Any) -> None:
    """Say what needs a patch. Writes nothing.

    Which copies have the defect, which are patched, which are fixed. PATH is as for apply.
    """
    found = planned(_request(wish), progress)
    _report(found.results, found, wish)
    context.exit(exit_status(found.results, check=check))


@command("sio-patch revert node_modules/socket.io", "sio-patch revert -p req-head-leak")
@options(targets, as_json, loudness)
@click.pass_context
def revert(context: click.Context, /, **wish: Any) -> None:
    """Undo what apply did: the original bytes, exactly, or nothing."""
    found = planned_undo(_request(wish), progress)
    results = write(found, progress)
    _report(results, found, wish)
    context.exit(exit_status(results))


def _request(wish: Mapping[str, Any]) -> Request:
    asked = {name: wish[name] for name in ("ids", "parameters", "node") if name in wish}
    return Request(by_project(wish["paths"]), **asked)


def _report(results: Sequence[Result], found: Planned, wish: Mapping[str, Any], *, err: bool = False) -> None:
    """Says it in words; or, with `--json`, the object, and on stderr what has no row."""
    say("".join(f"{plain(warning)}\n" for warning in found.warnings), err=True)  # with --quiet too
    if not wish.get("as_json"):
        say(
            words(results, found.sentences, _wording(found, wish, colour=coloured(sys.stderr if err else sys.stdout))),
            err=err,
        )
        return
    from sio_patch.report.json import results_json

    if not wish["quiet"]:
        say("".join(sentence + "\n" for sentence in found.sentences), err=True)
    say(results_json(results))  # last: whatever fails before it prints an object of its own


def _wording(found: Planned, wish: Mapping[str, Any], *, colour: bool) -> Wording:
    again = [*(str(path) for path in wish["paths"]), *(word for id in wish["ids"] for word in ("-p", id))]
    set_ = [word for name, text in wish.get("parameters", {}).items() for word in ("--set", f"{name}={text}")]
    return Wording(
        quiet=wish["quiet"],
        verbose=wish["verbose"],
        colour=colour,
        titles={document.id: document.title for document in found.documents},
        wishes=frozenset(document.id for document in found.documents if document.kind is Kind.CHANGE),
        revert=quoted("sio-patch", "revert", *again),
        diff=quoted("sio-patch", "diff", *again, *set_),
        apply=quoted("sio-patch", "apply", *again, *set_),
    )
