"""Parameters of patches: typed and bounded in the document, set with ``--set NAME=VALUE``. Pure."""

from __future__ import annotations

import re
from collections.abc import Mapping
from enum import StrEnum
from typing import NamedTuple

_UNITS = {"": 1, "k": 1024, "m": 1024 * 1024}
_VALUE = re.compile(r"([0-9]{1,15})([km]?)", re.IGNORECASE | re.ASCII)


class ParameterType(StrEnum):
    """What a parameter's value is."""

    BYTES = "bytes"  # may be written with ``k`` or ``m``
    INTEGER = "integer"


class BadParameter(ValueError):
    """A value that the parameter does not take; ``str()`` says which it takes."""


class Parameter(NamedTuple):
    """One parameter. Values are whole numbers."""

    name: str
    type: ParameterType
    default: int
    minimum: int
    maximum: int

    def read(self, text: str) -> int:
        """The value that ``text`` stands for. Raises BadParameter."""
        value = number(text, self.type)
        if value is None or not self.minimum <= value <= self.maximum:
            raise BadParameter(f"{self.name}={text} is not {self._accepted()}.")
        return value

    def code(self, value: int) -> str:
        """How the value is written in JavaScript."""
        if self.type is ParameterType.BYTES and value % 1024 == 0 and value:
            return f"{value // 1024} * 1024"
        return str(value)

    def words(self, value: float) -> str:
        """The value for people."""
        if self.type is not ParameterType.BYTES:
            return f"{value:g}"
        for unit, name in ((1024 * 1024, "MiB"), (1024, "KiB")):
            if value >= unit and value % unit == 0:
                return f"{value / unit:g} {name}"
        return f"{value:,.0f} bytes"

    def _accepted(self) -> str:
        if self.type is ParameterType.INTEGER:
            return f"a whole number from {self.minimum} to {self.maximum}"
        low, high = self.words(self.minimum), self.words(self.maximum)
        return (
            f"a size from {low} to {high}. Write bytes ({self.default}), or k or m for KiB and MiB "
            f"({_short(self.default)})"
        )


def in_javascript(params: Mapping[str, Parameter], settings: Mapping[str, str]) -> dict[str, str]:
    """How each parameter is written, with what the user has set. Raises BadParameter."""
    return {
        name: parameter.code(parameter.read(settings[name]) if name in settings else parameter.default)
        for name, parameter in params.items()
    }


def number(text: str, type_: ParameterType) -> int | None:
    """What ``text`` stands for as a value of this type; None where it is none."""
    match = _VALUE.fullmatch(text.strip())
    if match is None or (match[2] and type_ is not ParameterType.BYTES):
        return None
    return int(match[1]) * _UNITS[match[2].casefold()]


def _short(value: int) -> str:
    for unit in "mk":
        if value % _UNITS[unit] == 0:
            return f"{value // _UNITS[unit]}{unit}"
    return str(value)
