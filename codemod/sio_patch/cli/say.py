"""The two streams."""

from __future__ import annotations

import os
import sys
from typing import IO

import click


def say(data: str | bytes, *, err: bool = False) -> None:
    """Writes and flushes. A reader that has gone away (`| head`) is no error: what was to be done has been done."""
    try:
        click.echo(data, nl=False, err=err, color=True)
    except BrokenPipeError:
        stream = sys.stderr if err else sys.stdout
        os.dup2(os.open(os.devnull, os.O_WRONLY), stream.fileno())


def coloured(stream: IO[str]) -> bool:
    """Whether colours are wanted there."""
    return stream.isatty() and not os.environ.get("NO_COLOR") and os.environ.get("TERM") != "dumb"
