"""The entry point: streams, exit statuses, and errors in words."""

from __future__ import annotations

import importlib
import os
import sys
from pathlib import Path

import click

from sio_patch.cli.say import say
from sio_patch.documents.catalogue import is_shipped
from sio_patch.documents.errors import DocumentError
from sio_patch.verdict import ExitStatus
from sio_patch.version import __version__

_INTERRUPTED = 130  # what a shell reports for a program that Ctrl-C ended
_MODULES = {
    "apply": "copies", "diff": "copies", "status": "copies", "revert": "copies",
    "list": "catalogue", "show": "catalogue", "prove": "proof", "diagnose": "heap",
}  # fmt: skip


def main() -> None:
    """Nothing that a user, a package or a pipe does ends in a traceback."""
    _open_streams()
    try:
        sys.exit(_status())
    except OSError:  # stderr takes no more: there is nobody to tell
        sys.exit(ExitStatus.FAILED)


class _Commands(click.Group):
    """A command's module is loaded when the command is asked for: a run pays for its own family alone."""

    def list_commands(self, ctx: click.Context) -> list[str]:
        return sorted(_MODULES)

    def get_command(self, ctx: click.Context, cmd_name: str) -> click.Command | None:
        if cmd_name not in _MODULES:
            return None
        module = importlib.import_module(f"sio_patch.cli.{_MODULES[cmd_name]}")
        command: click.Command = getattr(module, "list_" if cmd_name == "list" else cmd_name)
        return command


@click.group(
    cls=_Commands, context_settings={"help_option_names": ["-h", "--help"]}, epilog="Start with: sio-patch status"
)
@click.version_option(__version__, prog_name="sio-patch", message="%(prog)s %(version)s")
def commands() -> None:
    """Repairs installed npm packages that are broken and cannot be upgraded.

    \b
    Exit status: 0 fine, 1 --check found work, 2 wrong call,
                 3 something was refused, 4 something failed.
    """


def _open_streams() -> None:
    """A stream that the caller has closed leads nowhere; none stumbles over a file name in another encoding."""
    sys.stdout = sys.stdout or Path(os.devnull).open("w")  # noqa: SIM115  (it lives as long as the process)
    sys.stderr = sys.stderr or Path(os.devnull).open("w")  # noqa: SIM115  (it lives as long as the process)
    for stream in (sys.stdout, sys.stderr):
        stream.reconfigure(errors="backslashreplace")  # type: ignore[union-attr]


def _status() -> int:
    try:
        status = commands.main(prog_name="sio-patch", standalone_mode=False)
    except click.ClickException as error:
        error.show()
        return _failed(ExitStatus.WRONG_CALL, error.format_message())
    except (click.Abort, KeyboardInterrupt):
        return _failed(_INTERRUPTED, "interrupted")
    except DocumentError as error:
        return _said(*_broken(error))
    except OSError as error:
        what = error.strerror or str(error)
        return _said(ExitStatus.FAILED, f"{what}: {error.filename}" if error.filename else what)
    except Exception as error:
        return _said(ExitStatus.FAILED, _mistake(error))
    return status if isinstance(status, int) else ExitStatus.FINE


def _mistake(error: Exception) -> str:
    """What nobody foresaw: Python's own status for it, 1, would say that `--check` has found work."""
    at = error.__traceback__
    while at is not None and at.tb_next is not None:
        at = at.tb_next
    where = f", {Path(at.tb_frame.f_code.co_filename).name} line {at.tb_lineno}" if at is not None else ""
    return f"this is a mistake in sio-patch ({type(error).__name__}: {error}{where}). Please report it, with the file"


def _broken(error: DocumentError) -> tuple[int, str]:
    """A document of the program's own is no fault of the call; one that the user has brought is."""
    if is_shipped(error.path):
        return ExitStatus.FAILED, f"a patch document of this installation is broken: {error}"
    return ExitStatus.WRONG_CALL, f"{error.what}: {error}"


def _said(status: int, message: str) -> int:
    say(f"sio-patch: {message}\n", err=True)
    return _failed(status, message)


def _failed(status: int, message: str) -> int:
    """The status, for somebody who has been told in words. Who has asked for an object gets one, whatever happens."""
    words = sys.argv[1:]
    options = words[: words.index("--")] if "--" in words else words
    if any(word == "--json" or word.startswith("--json=") for word in options):
        from sio_patch.report.json import error_json

        say(error_json(status, message))
    return status
