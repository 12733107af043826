"""The command line: options in, verdicts out. The only importer of click."""

from __future__ import annotations

import os
import sys
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from pathlib import Path
from time import monotonic
from typing import IO, TYPE_CHECKING, Any, TypeVar

import click

from sio_patch.documents.catalogue import Catalogue
from sio_patch.documents.errors import DocumentError, UnknownPatchError
from sio_patch.report.text import Wording, catalogue_table, words
from sio_patch.run.work import CallError, Planned, Request, planned, planned_undo, write
from sio_patch.shell import quoted
from sio_patch.verdict import ExitStatus, Result, exit_status
from sio_patch.version import __version__

if TYPE_CHECKING:
    from click.shell_completion import CompletionItem

    from sio_patch.proof.prove import Watcher

T = TypeVar("T")
Command = Callable[..., None]

_INTERRUPTED = 130  # what a shell reports for a program that Ctrl-C ended
_BAR_AFTER_S = 1.0


def main() -> None:
    """The entry point: nothing that a user, a package or a pipe does ends in a traceback."""
    _open_streams()
    try:
        sys.exit(_status())
    except OSError:  # stderr takes no more: there is nobody to tell
        sys.exit(ExitStatus.FAILED)


def _open_streams() -> None:
    """A stream that the caller has closed leads nowhere; none stumbles over a file name in another encoding."""
    sys.stdout = sys.stdout or Path(os.devnull).open("w")  # noqa: SIM115  (it lives as long as the process)
    sys.stderr = sys.stderr or Path(os.devnull).open("w")  # noqa: SIM115  (it lives as long as the process)
    for stream in (sys.stdout, sys.stderr):
        stream.reconfigure(errors="backslashreplace")  # type: ignore[union-attr]


def _status() -> int:
    try:
        status = cli.main(prog_name="sio-patch", standalone_mode=False)
    except click.ClickException as error:
        error.show()
        return ExitStatus.WRONG_CALL
    except (click.Abort, KeyboardInterrupt):
        return _INTERRUPTED
    except DocumentError as error:
        _say(f"sio-patch: a patch document of this installation is broken: {error}\n", err=True)
        return ExitStatus.FAILED
    except OSError as error:
        what = error.strerror or str(error)
        _say(f"sio-patch: {what}: {error.filename}\n" if error.filename else f"sio-patch: {what}\n", err=True)
        return ExitStatus.FAILED
    return status if isinstance(status, int) else ExitStatus.FINE


@click.group(context_settings={"help_option_names": ["-h", "--help"]}, epilog="Start with: sio-patch status")
@click.version_option(__version__, prog_name="sio-patch", message="%(prog)s %(version)s")
def cli() -> None:
    """Repairs installed npm packages that are broken and cannot be upgraded.

    \b
    Exit status: 0 fine, 1 --check found work, 2 wrong call,
                 3 something was refused, 4 something failed.
    """


def _complete_id(context: click.Context, parameter: click.Parameter, incomplete: str) -> list[CompletionItem]:
    from click.shell_completion import CompletionItem

    return [
        CompletionItem(document.id, help=document.title)
        for document in Catalogue.shipped().all()
        if document.id.startswith(incomplete)
    ]


def _settings(context: click.Context, parameter: click.Parameter, values: Sequence[str]) -> Mapping[str, str]:
    settings = {}
    for value in values:
        name, equals, text = value.partition("=")
        if not (name and equals):
            raise click.BadParameter(f"{value!r} is not NAME=VALUE.")
        settings[name] = text
    return settings


def _options(*decorators: Callable[[Command], Command]) -> Callable[[Command], Command]:
    """Options that several commands share, in the order in which `--help` shows them."""

    def decorate(command: Command) -> Command:
        for decorator in reversed(decorators):
            command = decorator(command)
        return command

    return decorate


def _paths(context: click.Context, parameter: click.Parameter, values: Sequence[str]) -> tuple[Path, ...]:
    if "" in values:
        raise click.BadParameter("an empty path (a variable that is not set?). The current directory is written `.`.")
    return tuple(Path(value) for value in values)


_targets = _options(
    click.argument("paths", metavar="[PATH]...", nargs=-1, type=click.Path(), callback=_paths),
    click.option(
        "-p",
        "--patch",
        "ids",
        metavar="ID",
        multiple=True,
        shell_complete=_complete_id,
        help="Only this patch; also one that is not applied by default. Can be repeated.",
    ),
)
_set = click.option(
    "--set", "parameters", metavar="NAME=VALUE", multiple=True, callback=_settings, help="Set a parameter of a patch."
)
_node = click.option("--node", metavar="RANGE", help="The Node that runs it; for patches whose effect depends on it.")
_loudness = _options(
    click.option("-q", "--quiet", is_flag=True, help="Say only what is wrong and what was changed."),
    click.option("-v", "--verbose", is_flag=True, help="Say why, for every file."),
)
_json = click.option("--json", "as_json", is_flag=True, help="Print one JSON object.")
_check = click.option("--check", is_flag=True, help="Write nothing; exit 1 where something needs a patch.")


@cli.command(
    epilog="""\b
Examples:
  sio-patch apply node_modules/socket.io
  sio-patch apply --dry-run
  sio-patch apply -q                      (for npm's hooks)
"""
)
@_options(_targets, _set, _node)
@click.option(
    "--dry-run", is_flag=True, help="Say what would be done and write nothing. `diff` shows the change itself."
)
@_check
@click.option(
    "--reviewed",
    metavar="DIFF",
    type=click.Path(path_type=Path, exists=True, dir_okay=False),
    help="Write only if the changes are exactly those of this diff.",
)
@_options(_json, _loudness)
@click.pass_context
def apply(
    context: click.Context,
    /,
    dry_run: bool,
    check: bool,
    reviewed: Path | None,
    as_json: bool,
    quiet: bool,
    verbose: bool,
    **request: Any,
) -> None:
    """Patch what needs it.

    PATH is a package's directory, a project, or a JavaScript file (then with -p). Default: the current directory.
    """
    found = _plan(planned, request)
    if reviewed is not None:
        found = _only_as_reviewed(found, reviewed)
    results = found.results if dry_run or check else write(found, _progress)
    _report(results, found, request, as_json=as_json, quiet=quiet, verbose=verbose)
    context.exit(exit_status(results, check=check))


@cli.command(
    epilog="""\b
Examples:
  sio-patch diff node_modules/socket.io
  sio-patch diff | git apply
  sio-patch diff -o leak.diff && sio-patch apply --reviewed leak.diff
"""
)
@_options(_targets, _set, _node)
@click.option("-o", "--output", metavar="FILE", type=click.Path(path_type=Path), help="Write the diff to this file.")
@_loudness
@click.pass_context
def diff(context: click.Context, /, output: Path | None, quiet: bool, verbose: bool, **request: Any) -> None:
    """Show what apply would change.

    The diff goes to stdout, and what there is to say about it to stderr.
    """
    from sio_patch.report.terminal import coloured_diff
    from sio_patch.run.patchfile import diff_of, save

    found = _plan(planned, request)
    data = _or_wrong_call(lambda: diff_of(found))
    if output is not None:
        _or_wrong_call(lambda: save(output, data, found))
    else:
        _put(coloured_diff(data) if _colour(sys.stdout) else data)
    _report(found.results, found, request, as_json=False, quiet=quiet, verbose=verbose, err=True)
    context.exit(exit_status(found.results))


@cli.command(
    epilog="""\b
Examples:
  sio-patch status
  sio-patch status --check node_modules/socket.io
"""
)
@_options(_targets, _node, _check, _json, _loudness)
@click.pass_context
def status(context: click.Context, /, check: bool, as_json: bool, quiet: bool, verbose: bool, **request: Any) -> None:
    """Say what needs a patch. Writes nothing.

    Which copies have the defect, which are patched, which are fixed. PATH is as for apply.
    """
    found = _plan(planned, request)
    _report(found.results, found, request, as_json=as_json, quiet=quiet, verbose=verbose)
    context.exit(exit_status(found.results, check=check))


@cli.command(
    epilog="""\b
Examples:
  sio-patch revert node_modules/socket.io
  sio-patch revert -p req-head-leak
"""
)
@_targets
@_options(_json, _loudness)
@click.pass_context
def revert(context: click.Context, /, as_json: bool, quiet: bool, verbose: bool, **request: Any) -> None:
    """Undo what apply did: the original bytes, exactly, or nothing."""
    found = _plan(planned_undo, request)
    results = write(found, _progress)
    _report(results, found, request, as_json=as_json, quiet=quiet, verbose=verbose)
    context.exit(exit_status(results))


@cli.command(name="list", epilog="Example: sio-patch list")
@_json
def list_(as_json: bool) -> None:
    """The patches that this program knows."""
    from sio_patch.report.json import catalogue_json

    documents = Catalogue.shipped().all()
    _say(catalogue_json(documents) if as_json else catalogue_table(documents))


@cli.command(epilog="Example: sio-patch show req-head-leak")
@click.argument("id", metavar="ID", shell_complete=_complete_id)
def show(id: str) -> None:
    """Explain one patch.

    The symptom, the cause, the cure, and why it is safe.
    """
    try:
        document = Catalogue.shipped().find(id)
    except UnknownPatchError as error:
        raise click.UsageError(str(error)) from None
    if sys.stdout.isatty():
        click.echo_via_pager(document.page.text)
    else:
        _say(document.page.text)


@cli.command(
    epilog="""\b
Examples:
  sio-patch prove req-head-leak
  sio-patch prove req-head-leak --version 0.8.7 --plot leak.svg
"""
)
@click.argument("id", metavar="ID", shell_complete=_complete_id)
@click.option("--version", metavar="V", help="Of the package. Default: the last affected one.")
@click.option("--node", metavar="V|PATH", help="A Node release (through npm), or a program. Default: the patch's.")
@click.option("--plot", metavar="FILE.svg", type=click.Path(path_type=Path), help="Draw the readings (svg or png).")
@_json
@click.pass_context
def prove(context: click.Context, /, id: str, as_json: bool, **wish: Any) -> None:
    """Prove a patch on a real Node.

    Shows that the defect is there in the package as published, and gone with the patch.

    Exit status: 0 proven, 3 not proven or not possible here, 4 the system said no.
    """
    from sio_patch.proof import report
    from sio_patch.proof.prove import Wish
    from sio_patch.proof.prove import prove as run_proof

    document = _or_wrong_call(lambda: Catalogue.shipped().find(id))
    with _stage_bar() as progress:
        found = _or_wrong_call(lambda: run_proof(document, Wish(**wish), progress))
    if as_json:
        from sio_patch.report.json import proof_json

        _say(proof_json(found))
    else:
        from sio_patch.report.proof_text import proof_text

        _say(proof_text(found))
    context.exit(report.exit_status(found))


@cli.command(epilog="Example: sio-patch diagnose Heap-20261123.heapsnapshot")
@click.argument("snapshot", metavar="FILE.heapsnapshot", type=click.Path(path_type=Path))
@_json
def diagnose(snapshot: Path, as_json: bool) -> None:
    """Find in a heap snapshot what leaks.

    What keeps large buffers alive, and the patch that cures it.

    Reads the format of Node 0.8 and today's. docs/heap-snapshots.md says how to make one.
    """
    from sio_patch.heap.diagnosis import diagnose as look
    from sio_patch.heap.errors import SnapshotError

    try:
        with _fraction_bar("Reading") as progress:
            diagnosis = look(snapshot, progress)
    except SnapshotError as error:
        raise click.UsageError(str(error)) from None
    cures = {document.retainer: document.id for document in Catalogue.shipped().all() if document.retainer}
    if as_json:
        from sio_patch.report.json import diagnosis_json

        _say(diagnosis_json(diagnosis, cures))
    else:
        from sio_patch.report.heap_text import diagnosis_text

        _say(diagnosis_text(diagnosis, cures))


@contextmanager
def _stage_bar() -> Iterator[Watcher]:
    """To be called with a stage, how much of it is done, and of how much (0: nobody knows): a line for each stage."""
    current = ""
    bar: Any = None

    def close() -> None:
        if bar is not None:
            bar.__exit__(None, None, None)

    def advance(stage: str, done: int, total: int) -> None:
        nonlocal current, bar
        if not sys.stderr.isatty():
            return
        if stage != current:
            close()
            current, bar = stage, None
            if not total:
                click.echo(stage, err=True)
        if total:
            if bar is None:
                bar = click.progressbar(length=total, label=stage, file=sys.stderr)
                bar.__enter__()
            bar.update(done - bar.pos)

    try:
        yield advance
    finally:
        close()


@contextmanager
def _fraction_bar(label: str) -> Iterator[Callable[[float], None]]:
    """To be called with the part that is done, 0 to 1: a bar where it takes a while and a person watches."""
    start = monotonic()
    bar: Any = None

    def advance(done: float) -> None:
        nonlocal bar
        if bar is None and sys.stderr.isatty() and monotonic() - start > _BAR_AFTER_S:
            bar = click.progressbar(length=1000, label=label, file=sys.stderr)
            bar.__enter__()
        if bar is not None:
            bar.update(int(done * 1000) - bar.pos)

    try:
        yield advance
    finally:
        if bar is not None:
            bar.__exit__(None, None, None)


def _plan(look: Callable[..., Planned], request: Mapping[str, Any]) -> Planned:
    return _or_wrong_call(lambda: look(Request(Catalogue.shipped(), **request), _progress))


def _only_as_reviewed(found: Planned, reviewed: Path) -> Planned:
    from sio_patch.run.patchfile import only_as_reviewed

    return _or_wrong_call(lambda: only_as_reviewed(found, reviewed))


def _or_wrong_call(action: Callable[[], T]) -> T:
    try:
        return action()
    except (CallError, UnknownPatchError) as error:
        raise click.UsageError(str(error)) from None


def _report(
    results: Sequence[Result],
    found: Planned,
    request: Mapping[str, Any],
    *,
    as_json: bool,
    quiet: bool,
    verbose: bool,
    err: bool = False,
) -> None:
    if as_json:
        from sio_patch.report.json import results_json

        _say(results_json(results))
    again = [*(str(path) for path in request["paths"]), *(word for id in request["ids"] for word in ("-p", id))]
    settings = [word for name, text in request.get("parameters", {}).items() for word in ("--set", f"{name}={text}")]
    wording = Wording(
        quiet=quiet,
        verbose=verbose,
        colour=_colour(sys.stderr if err else sys.stdout),
        titles={document.id: document.title for document in found.documents},
        revert=quoted("sio-patch", "revert", *again),
        **{command: quoted("sio-patch", command, *again, *settings) for command in ("diff", "apply")},
    )
    if not as_json:
        _say(words(results, found.sentences, wording), err=err)
    elif not quiet:
        _say("".join(sentence + "\n" for sentence in found.sentences), err=True)


def _progress(items: Sequence[T], label: str) -> Iterator[T]:
    """The items one by one; where it takes longer than a moment, and a person watches, with a bar."""
    end = monotonic() + _BAR_AFTER_S
    done = 0
    while done < len(items) and (monotonic() < end or not sys.stderr.isatty()):
        yield items[done]
        done += 1
    if done < len(items):
        with click.progressbar(items[done:], label=label, show_pos=True, file=sys.stderr) as bar:
            yield from bar


def _colour(stream: IO[str]) -> bool:
    return stream.isatty() and not os.environ.get("NO_COLOR") and os.environ.get("TERM") != "dumb"


def _say(text: str, *, err: bool = False) -> None:
    _put(text, err=err)


def _put(data: str | bytes, *, err: bool = False) -> None:
    """Writes and flushes. A reader that has gone away (`| head`) is no error: what was to be done has been done."""
    try:
        click.echo(data, nl=False, err=err, color=True)
    except BrokenPipeError:
        stream = sys.stderr if err else sys.stdout
        os.dup2(os.open(os.devnull, os.O_WRONLY), stream.fileno())
