"""How long a search may take."""

from __future__ import annotations

from sio_patch.engine.find.found import TooComplex

STEP_CAP = 400_000  # about a second; the real packages of the test suite need a few thousand


class Steps:
    """Counts the steps of one search, those for its conditions included. Raises TooComplex at the cap."""

    __slots__ = ("cap", "taken")

    def __init__(self, cap: int = STEP_CAP) -> None:
        self.cap = cap
        self.taken = 0

    def take(self, count: int = 1) -> None:
        self.taken += count
        if self.taken > self.cap:
            raise TooComplex(self.cap)
