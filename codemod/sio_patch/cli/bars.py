"""Progress, where a person watches. Nothing is drawn for a pipe."""

from __future__ import annotations

import sys
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from time import monotonic
from typing import TYPE_CHECKING, Any, TypeVar

import click

if TYPE_CHECKING:
    from sio_patch.proof.prove import Watcher

T = TypeVar("T")

_BAR_AFTER_S = 1.0


def progress(items: Sequence[T], label: str) -> Iterator[T]:
    """The items one by one; where it takes longer than a moment, with a bar."""
    end = monotonic() + _BAR_AFTER_S
    done = 0
    while done < len(items) and (monotonic() < end or not sys.stderr.isatty()):
        yield items[done]
        done += 1
    if done < len(items):
        with click.progressbar(items[done:], label=label, show_pos=True, file=sys.stderr) as bar:
            yield from bar


@contextmanager
def fraction_bar(label: str) -> Iterator[Callable[[float], None]]:
    """To be called with the part that is done, 0 to 1: a bar where it takes longer than a moment."""
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


@contextmanager
def stage_bar() -> Iterator[Watcher]:
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
