"""Comments: those inside a piece of code, and those that belong to the code behind them."""

from __future__ import annotations

import re
from collections.abc import Sequence

from sio_patch.engine.tree.node import Node
from sio_patch.engine.tree.parse import SyntaxProblem, tokens
from sio_patch.engine.write import habits

_COMMENT = re.compile("//[^\n\r\u2028\u2029]*|/\\*.*?\\*/", re.DOTALL)
LOST = "a comment inside it would be lost"
_ABOUT_THE_FILE = re.compile(r"@(?:licen[sc]e|file|fileoverview|overview|module|preserve|copyright)\b")


class Unclear(ValueError):
    """Whether there is a comment cannot be told from the code alone."""


def inside(code: str, kept: Sequence[tuple[int, int]] = ()) -> list[str]:
    """The comments in ``code``, in order, without those in the spans ``kept``. Raises Unclear."""
    if "//" not in code and "/*" not in code:
        return []
    try:
        found = tokens(code)
    except SyntaxProblem:
        raise Unclear from None
    borders = [0, *(border for _, start, end in found for border in (start, end)), len(code)]
    between = zip(borders[::2], borders[1::2], strict=True)
    spans = [(comment.start(), comment.end()) for gap in between for comment in _COMMENT.finditer(code, *gap)]
    return [code[start:end] for start, end in spans if not any(a <= start and end <= b for a, b in kept)]


def run_span(text: str, run: Sequence[Node]) -> tuple[int, int]:
    """From the first to the last of these statements; with the comments round them where they are all of a block."""
    start, end, owner = (run[0].host or run[0]).start, (run[-1].host or run[-1]).end, run[0].parent
    if owner is None or owner.kind != "Block" or not owner.braced:
        return start, end
    body = owner.fields["body"]
    if run[0] is body[0]:
        inside = text[owner.start + 1 : start]
        start -= len(inside.lstrip())
    return start, len(text[: owner.end - 1].rstrip()) if run[-1] is body[-1] else end


def documentation_start(text: str, floor: int, position: int) -> int:
    """Where the ``/** ... */`` starts that stands right before ``position``; ``position`` where there is none.

    From ``floor`` on there is no code.
    """
    for comment in reversed(list(_COMMENT.finditer(text, floor, position))):
        start, end = comment.span()
        is_documentation = comment[0].startswith("/**") and not _ABOUT_THE_FILE.search(comment[0])
        if is_documentation and _touch(text, end, position) and _shares_no_other_line(text, start, end, position):
            return start
        break
    return position


def own_start(text: str, floor: int, position: int) -> int:
    """Where the comments start that belong to the list item at ``position``: right above it, on its line, or its type.

    In ``f(a, // of a``, and below it ``// of b`` and ``b)``, only the second belongs to ``b``. From ``floor`` on there
    is no code, but for a comma.
    """
    for comment in reversed(list(_COMMENT.finditer(text, floor, position))):
        start, end = comment.span()
        own = _shares_no_other_line(text, start, end, position) or comment[0].startswith("/**")
        if not _touch(text, end, position) or not own:
            break
        position = start
    return position


def _touch(text: str, end: int, position: int) -> bool:
    """Whether there is nothing between a comment and what follows, not even an empty line."""
    between = text[end:position]
    return not between.strip() and len(habits.LINE_END.findall(between)) <= 1


def _shares_no_other_line(text: str, start: int, end: int, position: int) -> bool:
    """Whether a comment starts a line, or ends on that of ``position``; else it is about what stands before it."""
    return habits.starts_line(text, start) or habits.LINE_END.search(text, end, position) is None
