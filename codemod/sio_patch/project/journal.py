"""Which receipt is in force while a commit is half way: one that knows each file before its change and after it.

Three cases. Patches are added: the receipt that comes knows both states, and is written first. They are taken off the
end: the one that goes knows both, and stays to the last. Something below others is exchanged: neither does, so that
another one is in force in between, which is the one that goes with the whole change as one step more.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import TYPE_CHECKING

from sio_patch.engine.edits import Edit, Edits
from sio_patch.engine.source import Source
from sio_patch.project.receipt import LIMIT_BYTES, STEPS, FileRecord, Receipt, Step, sha256

if TYPE_CHECKING:
    from sio_patch.project.commit import Change


def extends(after: Receipt | None, previous: Receipt | None) -> bool:
    """Whether ``after`` knows every state that ``previous`` knows."""
    if after is None:
        return False
    for old in previous.files if previous else ():
        new = after.record(old.path)
        if new is None or new.sha256_before != old.sha256_before or new.steps[: len(old.steps)] != old.steps:
            return False
    return True


def between(previous: Receipt | None, after: Receipt | None, changes: Sequence[Change]) -> Receipt | None:
    """The receipt for the time in between, where neither of the two knows all files before and after.

    None also where it would be too large: then a crash leaves files that ``previous`` does not know, and says so.
    """
    if previous is None or extends(after, previous):
        return None
    records = {record.path: record for record in previous.files}
    longer = {change.path: _longer(records.get(change.path), after, change) for change in changes}
    known = {path: record for path, record in longer.items() if record is not None}
    if not known or any(len(record.steps) > STEPS for record in known.values()):
        return None
    journal = Receipt(previous.version, tuple({**records, **known}.values()))
    return journal if len(journal.to_json()) <= LIMIT_BYTES else None


def _longer(record: FileRecord | None, after: Receipt | None, change: Change) -> FileRecord | None:
    """None where the record knows the file after the change."""
    new = after.record(change.path) if after else None
    if new is None or (record is not None and record.standing(sha256(change.after)) is not None):
        return None
    if record is None:
        return new
    last = new.steps[-1]
    step = Step(last.patch, last.digest, last.line, sha256(change.after), _undo(change))
    return record._replace(steps=(*_held(record, change), step))


def _held(record: FileRecord, change: Change) -> Iterable[Step]:
    standing = record.standing(sha256(change.before))
    return record.steps[:standing]


def _undo(change: Change) -> Edits:
    """From the text after the change to the one before it: one edit, from the first difference to the last."""
    before, after = Source.of(change.before).text, Source.of(change.after).text
    shorter = min(len(before), len(after))
    start = next((at for at in range(shorter) if before[at] != after[at]), shorter)
    end = next((at for at in range(shorter - start) if before[-1 - at] != after[-1 - at]), shorter - start)
    return Edits([Edit(start, len(after) - end, before[start : len(before) - end])])
