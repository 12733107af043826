"""What a proof prints: one JSON object a line. docs/proofs.md has the words for its authors. Pure."""

from __future__ import annotations

import json
import math
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any, NamedTuple

_LINES_AT_MOST = 100_000
_TEXT_AT_MOST = 500


class Plan(NamedTuple):
    """What is to come: for the progress bar, and for the axes of a plot."""

    readings: int = 0
    """How many; 0: unknown."""
    x: str = "reading"
    y: str = "value"
    unit: str = ""
    """Of y."""


class Reading(NamedTuple):
    """One point of a series."""

    series: str
    x: float
    y: float


class Figure(NamedTuple):
    """A result that was worked out from readings."""

    name: str
    value: float
    unit: str


class Check(NamedTuple):
    """Something that the program does apart from the defect, and that the patch must leave alone."""

    name: str
    passed: bool


class NotAProof(ValueError):
    """A line that the contract does not know."""

    def __init__(self, line: int, message: str, found: bytes) -> None:
        super().__init__(line, message, found)
        self.line = line
        self.message = message
        self.found = found

    def __str__(self) -> str:
        found = self.found[:80].decode("utf-8", "backslashreplace")
        return f"line {self.line} of what it printed is not as it should be ({self.message}): {found}"


@dataclass(slots=True)
class Transcript:
    """The lines so far."""

    plan: Plan = field(default_factory=Plan)
    readings: list[Reading] = field(default_factory=list)
    figures: list[Figure] = field(default_factory=list)
    checks: list[Check] = field(default_factory=list)
    reason: str | None = None
    lines: int = 0

    def add(self, line: bytes) -> None:
        """Takes one more line. Raises NotAProof."""
        self.lines += 1
        try:
            self._add(line)
        except _Wrong as error:
            raise NotAProof(self.lines, str(error), line) from None

    def _add(self, line: bytes) -> None:
        if self.lines > _LINES_AT_MOST:
            raise _Wrong(f"more than {_LINES_AT_MOST} lines")
        kind, value = _single(line)
        match kind:
            case "plan":
                known = _object(value, ("readings", "x", "y", "unit"))
                self.plan = Plan(_count(known), _text(known, "x"), _text(known, "y"), _text(known, "unit"))
            case "reading":
                known = _object(value, ("series", "x", "y"))
                self.readings.append(Reading(_text(known, "series"), _number(known, "x"), _number(known, "y")))
            case "figure":
                known = _object(value, ("name", "value", "unit"))
                self.figures.append(Figure(_text(known, "name"), _number(known, "value"), _text(known, "unit")))
            case "check":
                known = _object(value, ("name", "passed"))
                self.checks.append(Check(_text(known, "name"), _truth(known, "passed")))
            case "reason":
                self.reason = _text({"reason": value}, "reason")
            case _:
                raise _Wrong("its key is none of plan, reading, figure, check, reason")


class _Wrong(Exception):
    pass


def _single(line: bytes) -> tuple[str, Any]:
    try:
        value = json.loads(line)
    except (ValueError, RecursionError):
        raise _Wrong("not JSON") from None
    if not isinstance(value, dict) or len(value) != 1:
        raise _Wrong("not an object with one key")
    return next(iter(value.items()))


def _object(value: Any, keys: tuple[str, ...]) -> Mapping[str, Any]:
    if not isinstance(value, dict) or set(value) != set(keys):
        raise _Wrong(f"it needs {', '.join(keys)}, and nothing else")
    return value


def _text(value: Mapping[str, Any], key: str) -> str:
    text = value[key]
    if not isinstance(text, str) or len(text) > _TEXT_AT_MOST:
        raise _Wrong(f"{key} must be a text of at most {_TEXT_AT_MOST} characters")
    return text


def _number(value: Mapping[str, Any], key: str) -> float:
    number = value[key]
    if isinstance(number, bool) or not isinstance(number, int | float) or not math.isfinite(number):
        raise _Wrong(f"{key} must be a number")
    return float(number)


def _count(value: Mapping[str, Any]) -> int:
    number = _number(value, "readings")
    if number < 0 or number != int(number):
        raise _Wrong("readings must be a count")
    return int(number)


def _truth(value: Mapping[str, Any], key: str) -> bool:
    truth = value[key]
    if not isinstance(truth, bool):
        raise _Wrong(f"{key} must be true or false")
    return truth
