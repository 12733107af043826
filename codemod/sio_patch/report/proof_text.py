"""A proof in words."""

from __future__ import annotations

from sio_patch.proof.report import ProofReport, Run
from sio_patch.report.terminal import aligned, plain


def heading(report: ProofReport) -> str:
    """What was run, on one line."""
    subject = f"{report.package} {report.version}" if report.version else report.package
    return f"{report.patch}: {subject}{f' on Node {report.node}' if report.node else ''} ({report.platform})"


def proof_text(report: ProofReport) -> str:
    """For a person."""
    lines = [heading(report), ""]
    if report.published is not None:
        lines += [*aligned(_table(report.published, report.patched)), ""]
        lines += [sentence for sentence in (_failing_anyway(report.published),) if sentence]
    lines.append(report.sentence)
    if report.plot is not None:
        lines.append(f"Plot: {report.plot}")
    return "".join(plain(line) + "\n" for line in lines)


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
