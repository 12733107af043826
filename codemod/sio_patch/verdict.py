"""The words that every room shares: verdicts, reasons, the row of a report, and the exit statuses."""

from __future__ import annotations

from collections.abc import Iterable
from enum import StrEnum
from typing import NamedTuple


class Verdict(StrEnum):
    """The values are part of the contract with other programs."""

    NEEDS_PATCH = "needs-patch"
    PATCHED = "patched"
    APPLIED = "applied"
    FIXED = "fixed"
    NOT_AFFECTED = "not-affected"
    REVERTED = "reverted"
    REFUSED = "refused"
    FAILED = "failed"


class Reason(StrEnum):
    """Why something was refused. The values are part of the contract with other programs."""

    ANCHOR_MISSING = "anchor-missing"
    AMBIGUOUS = "ambiguous"
    UNPARSEABLE = "unparseable"
    UNSAFE_PLACE = "unsafe-place"
    NAME_TAKEN = "name-taken"
    CHANGED_SINCE = "changed-since"
    OUTSIDE_ROOT = "outside-root"
    TOO_LARGE = "too-large"
    TOO_COMPLEX = "too-complex"
    UNSUPPORTED_LAYOUT = "unsupported-layout"
    BAD_PARAMETER = "bad-parameter"
    MISSING_FILE = "missing-file"


class Result(NamedTuple):
    """The field names are those of the JSON report."""

    patch: str
    package: str | None  # None for a file that was named directly
    version: str | None
    path: str  # the copy's directory as the user reaches it from the current directory
    file: str | None  # relative to ``path``
    verdict: Verdict
    reason: Reason | None = None  # of a refusal
    note: str | None = None  # sentences for a person
    line: int | None = None  # of the change, counted from 1, in the file as it is after the run
    sha256_before: str | None = None  # of the file as the run found it
    sha256_after: str | None = None  # as the run leaves it; for needs-patch, as `apply` would


class ExitStatus:
    """What the process says to its caller. The highest that applies wins."""

    FINE = 0
    NEEDS_PATCH = 1
    WRONG_CALL = 2
    REFUSED = 3
    FAILED = 4


class CallError(Exception):
    """The call itself is wrong; ``str()`` says how to make it right."""


def exit_status(results: Iterable[Result], *, check: bool = False) -> int:
    """The status for these rows; ``check`` makes needs-patch count."""
    status = {
        Verdict.NEEDS_PATCH: ExitStatus.NEEDS_PATCH if check else ExitStatus.FINE,
        Verdict.REFUSED: ExitStatus.REFUSED,
        Verdict.FAILED: ExitStatus.FAILED,
    }
    return max((status.get(result.verdict, ExitStatus.FINE) for result in results), default=ExitStatus.FINE)


def tally(results: Iterable[Result]) -> dict[Verdict, int]:
    """How many rows have each verdict; verdicts that no row has are absent. In the order of ``Verdict``."""
    rows = [result.verdict for result in results]
    return {verdict: rows.count(verdict) for verdict in Verdict if verdict in rows}
