"""What a proof came to: the two runs, and the conclusion. Pure."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum

from sio_patch.proof.transcript import Check, Figure, Plan, Reading
from sio_patch.verdict import ExitStatus


class Health(StrEnum):
    """What one run says about the code that it ran."""

    HEALTHY = "healthy"
    DEFECTIVE = "defective"
    UNCLEAR = "could not tell"


class Conclusion(StrEnum):
    """The values are part of the contract with other programs."""

    PROVEN = "proven"  # defective as published, healthy with the patch
    NO_EFFECT = "no-effect"  # defective in both runs
    NOT_SHOWN = "not-shown"  # healthy in both
    MADE_WORSE = "made-worse"  # healthy as published, defective with the patch
    BROKEN = "broken"  # something that worked as published does not with the patch
    UNCLEAR = "unclear"  # one of the runs could not tell
    REFUSED = "refused"  # could not be run as asked
    FAILED = "failed"  # the operating system said no


@dataclass(frozen=True, slots=True)
class Run:
    """One run of a proof."""

    health: Health
    reason: str | None  # why it could not tell
    plan: Plan
    readings: tuple[Reading, ...]
    figures: tuple[Figure, ...]
    checks: tuple[Check, ...]
    duration_s: float

    def passed(self) -> set[str]:
        return {check.name for check in self.checks if check.passed}


@dataclass(frozen=True, slots=True)
class ProofReport:
    """The whole of `prove`. What was never reached is None."""

    patch: str
    package: str
    version: str | None
    node: str | None
    platform: str
    published: Run | None
    patched: Run | None
    conclusion: Conclusion
    sentence: str  # the conclusion, for a person
    plot: str | None = None  # the file, where one was asked for and written


def exit_status(report: ProofReport) -> int:
    """0 only where the patch was proven; 3 where not, or where it could not be run; 4 where the system failed."""
    if report.conclusion is Conclusion.PROVEN:
        return ExitStatus.FINE
    return ExitStatus.FAILED if report.conclusion is Conclusion.FAILED else ExitStatus.REFUSED


def conclude(published: Run, patched: Run | None) -> tuple[Conclusion, str]:
    """The conclusion and its sentence. ``patched`` is None where the first run could not tell."""
    if published.health is Health.UNCLEAR or patched is None:
        return Conclusion.UNCLEAR, f"Not proven: the run as published could not tell: {published.reason}."
    shown = published.health is Health.DEFECTIVE
    before = "as published the defect shows" if shown else "as published the defect does not show"
    if patched.health is Health.UNCLEAR:
        return Conclusion.UNCLEAR, f"Not proven: {before}, but the run with the patch could not tell: {patched.reason}."
    broken = [check.name for check in published.checks if check.passed and check.name not in patched.passed()]
    if broken:
        return Conclusion.BROKEN, f"Not proven: with the patch something that worked does not: {', '.join(broken)}."
    return _of_clear(shown, patched.health)


def _of_clear(shown: bool, patched: Health) -> tuple[Conclusion, str]:
    match (shown, patched):
        case (True, Health.HEALTHY):
            return Conclusion.PROVEN, "Proven: as published the defect shows; with the patch it is gone."
        case (True, Health.DEFECTIVE):
            return Conclusion.NO_EFFECT, "Not proven: the defect shows as published, and with the patch just the same."
        case (False, Health.HEALTHY):
            return Conclusion.NOT_SHOWN, (
                "Not proven: the defect does not show, neither as published nor with the patch. "
                "This version may not have it on this Node."
            )
        case (False, _):
            return Conclusion.MADE_WORSE, "Not proven: healthy as published, and the defect shows with the patch."
    raise AssertionError((shown, patched))
