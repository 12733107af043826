"""What a proof came to: the two runs, the conclusion, and how to say it. Pure."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum
from typing import Any, assert_never

from sio_patch.proof.transcript import Check, Figure, Plan, Reading
from sio_patch.report.text import aligned, plain
from sio_patch.verdict import ExitStatus

SCHEMA = 1


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


def heading(report: ProofReport) -> str:
    """What was run, on one line."""
    subject = f"{report.package} {report.version}" if report.version else report.package
    return f"{report.patch}: {subject}{f' on Node {report.node}' if report.node else ''} ({report.platform})"


def text(report: ProofReport) -> str:
    """For a person."""
    lines = [heading(report), ""]
    if report.published is not None:
        lines += [*aligned(_table(report.published, report.patched)), ""]
        lines += [sentence for sentence in (_failing_anyway(report.published),) if sentence]
    lines.append(report.sentence)
    if report.plot is not None:
        lines.append(f"Plot: {report.plot}")
    return "".join(plain(line) + "\n" for line in lines)


def to_json(report: ProofReport) -> dict[str, Any]:
    """For a program; `json.dumps` takes it as it is."""
    return {
        "schema": SCHEMA,
        "patch": report.patch,
        "package": report.package,
        "version": report.version,
        "node": report.node,
        "platform": report.platform,
        "conclusion": report.conclusion.value,
        "reason": report.sentence,
        "published": _run_json(report.published),
        "patched": _run_json(report.patched),
        "plot": report.plot,
    }


def _table(published: Run, patched: Run | None) -> list[tuple[str, ...]]:
    runs = (published,) if patched is None else (published, patched)
    rows = [("", *("AS PUBLISHED", "PATCHED")[: len(runs)], "")]
    for figure in published.figures:
        values = tuple(_value(run, figure.name) for run in runs)
        rows.append((figure.name, *values, figure.unit))
    for check in published.checks:
        rows.append((check.name, *(_passed(run, check.name) for run in runs), ""))
    rows.append(("verdict", *(run.health.value for run in runs), ""))
    return rows


def _value(run: Run, name: str) -> str:
    return next((f"{figure.value:.2f}" for figure in run.figures if figure.name == name), "-")


def _passed(run: Run, name: str) -> str:
    found = next((check for check in run.checks if check.name == name), None)
    return "-" if found is None else "works" if found.passed else "does not work"


def _failing_anyway(published: Run) -> str | None:
    names = [check.name for check in published.checks if not check.passed]
    return (
        f"Not the patch's doing, because as published it does not work either: {', '.join(names)}." if names else None
    )


def _run_json(run: Run | None) -> dict[str, Any] | None:
    if run is None:
        return None
    return {
        "health": _health_key(run.health),
        "reason": run.reason,
        "axes": {"x": run.plan.x, "y": run.plan.y, "unit": run.plan.unit},
        "readings": [reading._asdict() for reading in run.readings],
        "figures": [figure._asdict() for figure in run.figures],
        "checks": [check._asdict() for check in run.checks],
        "seconds": round(run.duration_s, 1),
    }


def _health_key(health: Health) -> str:
    match health:
        case Health.HEALTHY | Health.DEFECTIVE:
            return health.value
        case Health.UNCLEAR:
            return "unclear"
        case _:
            assert_never(health)
