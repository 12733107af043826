"""White space and comments: what stands between tokens."""

from __future__ import annotations

import re

_TRIVIA = re.compile(r"(?:\s|\ufeff|//[^\n\r\u2028\u2029]*|/\*.*?\*/)*", re.DOTALL)


def skip_trivia(text: str, position: int) -> int:
    """The next position at or after ``position`` that is neither white space nor in a comment."""
    match = _TRIVIA.match(text, position)
    return match.end() if match else position
