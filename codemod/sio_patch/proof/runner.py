"""One run of a proof: the process, and what it said."""

from __future__ import annotations

import os
from collections.abc import Callable, Mapping, Sequence
from pathlib import Path
from time import monotonic

from sio_patch.npm import process
from sio_patch.proof.report import Health, Run
from sio_patch.proof.transcript import NotAProof, Transcript

# Of the user's environment; the rest (NODE_OPTIONS, NODE_PATH, npm's variables, secrets) is no business of a proof.
_PASSED_ON = ("PATH", "LANG", "LC_ALL", "LD_LIBRARY_PATH", "DYLD_LIBRARY_PATH", "OPENSSL_CONF", "SIO_PATCH_ROUNDS")
_HEALTHS = {0: Health.HEALTHY, 1: Health.DEFECTIVE}


def run_proof(
    command: Sequence[str],
    phase: str,
    target: Path,
    *,
    rounds: int | None,
    limit_s: float,
    on_reading: Callable[[int, int], None],
) -> Run:
    """Runs it in an empty directory beside the target. ``on_reading`` gets the count so far, and the planned one or 0.

    Raises OSError.
    """
    transcript = Transcript()

    def hear(line: bytes) -> None:
        transcript.add(line)
        on_reading(len(transcript.readings), transcript.plan.readings)

    scratch = target.parent / f"scratch-{phase}"
    scratch.mkdir()
    began = monotonic()
    reason = None
    try:
        ended = process.run(
            command, cwd=scratch, env=_environment(phase, target, scratch, rounds), limit_s=limit_s, on_line=hear
        )
        health = _HEALTHS.get(ended.status, Health.UNCLEAR)
        if health is Health.UNCLEAR:
            reason = transcript.reason or _last_words(ended)
    except (process.TimeLimit, process.TooMuchOutput, NotAProof) as error:
        health, reason = Health.UNCLEAR, str(error)
    return Run(
        health=health,
        reason=reason,
        plan=transcript.plan,
        readings=tuple(transcript.readings),
        figures=tuple(transcript.figures),
        checks=tuple(transcript.checks),
        duration_s=monotonic() - began,
    )


def _environment(phase: str, target: Path, scratch: Path, rounds: int | None) -> Mapping[str, str]:
    kept = {name: os.environ[name] for name in _PASSED_ON if name in os.environ}
    own = {"SIO_PATCH_PHASE": phase, "SIO_PATCH_TARGET": str(target), "HOME": str(scratch), "TMPDIR": str(scratch)}
    return {**kept, **own, **({} if rounds is None else {"SIO_PATCH_ROUNDS": str(rounds)})}


def _last_words(ended: process.Ended) -> str:
    """Of an uncaught exception Node prints the message first and the stack below it."""
    lines = [line.strip() for line in ended.errors.splitlines() if line.strip()]
    said = next((line for line in lines if "Error" in line), lines[-1] if lines else None)
    status = f"it ended with {process.status_in_words(ended.status)}"
    return f"{status}, saying: {said}" if said else status
