"""`...` and `$...name`, which are no JavaScript, as names that the parser takes.

`f(a, ...)` becomes `f(a, ǃ00)`, each name as long as what it stands for, so that offsets hold. The names begin with
U+01C3: a letter to JavaScript, and no source that anybody writes has it in a name. No two gaps of a text have one name,
for `const { ..., a, ... } = b` would declare it twice.
"""

from __future__ import annotations

import re
from typing import NamedTuple

from sio_patch.engine.tree.parse import tokens

MARK = "\u01c3"
_GAP_STATEMENT = f"{MARK}_;"
RUN = f"{MARK}___"
_LETTERS = "0123456789abcdefghijklmnopqrstuvwxyz"
_WHEN_LINE = re.compile(r"^([ \t]*\.\.\.)((?:[ \t]+when[ \t]+!=[ \t]+\S.*?)+?)(,?)[ \t]*$", re.MULTILINE)
_WHEN = re.compile(r"[ \t]+when[ \t]+!=[ \t]+")


class Conditions(NamedTuple):
    """A text without what stands behind its gaps, and that: for the offset of a gap its conditions and their line."""

    text: str
    behind: dict[int, tuple[tuple[str, ...], int]]


def lift_conditions(text: str) -> Conditions:
    """`... when != f()` to `...` and `f()`; a comma at the end is the list's. Lines count from 0."""
    behind: dict[int, tuple[tuple[str, ...], int]] = {}

    def lift(match: re.Match[str]) -> str:
        behind[match.end(1) - 3] = (tuple(_WHEN.split(match[2])[1:]), text.count("\n", 0, match.start()))
        return f"{match[1]}{match[3]}".ljust(len(match[0]))

    return Conditions(_WHEN_LINE.sub(lift, text), behind)


def with_gaps(text: str) -> str:
    """``text`` with each gap and run replaced by an identifier of its own length."""
    found = tokens(text) if "..." in text else []
    pieces, done = [], 0
    for index, (_, start, end) in enumerate(found):
        if text[start:end] != "...":
            continue
        before = found[index - 1] if index else None
        after = found[index + 1] if index + 1 < len(found) else None
        if before and before[2] == start and text[before[1] : start] == "$" and after and after[1] == end:
            pieces += [text[done : start - 1], RUN]
        elif after is None or text[after[1] : after[2]] in (",", ")", "]", "}"):
            pieces += [text[done:start], _gap(index)]
        elif "\n" in text[end : after[1]] or text[after[1] : after[2]] in ("case", "default"):
            pieces += [text[done:start], _GAP_STATEMENT]
        else:
            continue  # JavaScript's own spread or rest
        done = end
    return "".join((*pieces, text[done:]))


def run_of(name: str) -> str | None:
    """The name of the run that ``name`` was written for; empty for a gap, which has none; None for any other name."""
    if name.startswith(RUN):
        return name[len(RUN) :]
    return "" if name.startswith(MARK) and len(name) <= len("...") else None


def _gap(index: int) -> str:
    """A name for the gap that is the token of this index. Gaps that are 1,296 tokens apart share one."""
    high, low = divmod(index, len(_LETTERS))
    return MARK + _LETTERS[high % len(_LETTERS)] + _LETTERS[low]
