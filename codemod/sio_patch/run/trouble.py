"""What the disk said no to, as a finding."""

from __future__ import annotations

from sio_patch.project.files import FileProblem, NotAFile, OutsideRoot, TooLarge
from sio_patch.project.receipt import ReceiptError
from sio_patch.run.finding import Finding, sentence
from sio_patch.verdict import Reason, Verdict

TROUBLES = (FileProblem, ReceiptError, OSError)  # what a reader catches, at the file boundary


def trouble(problem: Exception) -> Finding:
    """The finding for one of ``TROUBLES``, or for a commit that is half done."""
    match problem:
        case OutsideRoot():
            return Finding(Verdict.REFUSED, Reason.OUTSIDE_ROOT, _ended(str(problem)))
        case TooLarge():
            return Finding(Verdict.REFUSED, Reason.TOO_LARGE, _ended(str(problem)))
        case NotAFile():
            return Finding(Verdict.REFUSED, Reason.MISSING_FILE, _ended(str(problem)))
        case FileProblem():
            return Finding(Verdict.REFUSED, Reason.CHANGED_SINCE, _ended(str(problem)))
        case ReceiptError():
            return Finding(Verdict.REFUSED, Reason.CHANGED_SINCE, _ended(str(problem)))
        case OSError():
            what = problem.strerror or type(problem).__name__
            return Finding(Verdict.FAILED, None, sentence(f"{what}: {problem.filename}" if problem.filename else what))
        case _:
            return Finding(Verdict.FAILED, None, sentence(str(problem)))


def _ended(text: str) -> str:
    """With a full stop, but as it begins: that is a path."""
    return text if text.endswith(".") else f"{text}."
