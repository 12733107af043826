"""The fenced code blocks of a Markdown text.

A scanner of our own: the catalogue is read on every run, and a Markdown library takes longer to import than that run
may take in all.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import NamedTuple

_OPENING = re.compile(r"( {0,3})(`{3,}(?=[^`]*$)|~{3,})(.*)$")


class Fence(NamedTuple):
    """``info`` has its white space collapsed. ``body`` ends with a newline unless empty."""

    info: str
    body: str
    line: int  # of the body's first line, counted from 1
    indent: int


class UnclosedFenceError(ValueError):
    def __init__(self, line: int) -> None:
        super().__init__(f"the code block that opens in line {line} is never closed")
        self.line = line


def fences(text: str) -> Iterator[Fence]:
    """The blocks from top to bottom. Lines end at ``\\n`` only. Raises UnclosedFenceError."""
    lines = text.split("\n")
    at = 0
    while at < len(lines):
        opening = _OPENING.match(lines[at])
        at += 1
        if opening is None:
            continue
        indent, marks, info = opening.groups()
        end = _closing(lines, at, marks)
        body = "".join(_unindented(line, len(indent)) + "\n" for line in lines[at:end])
        yield Fence(" ".join(info.split()), body, at + 1, len(indent))
        at = end + 1


def _closing(lines: list[str], start: int, marks: str) -> int:
    closing = re.compile(rf" {{0,3}}{re.escape(marks[0])}{{{len(marks)},}}[ \t]*$")
    for number in range(start, len(lines)):
        if closing.match(lines[number]):
            return number
    raise UnclosedFenceError(start)


def _unindented(line: str, indent: int) -> str:
    return line[min(indent, len(line) - len(line.lstrip(" "))) :]
