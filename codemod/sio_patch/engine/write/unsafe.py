"""The refusal of an edit that is known but cannot be made where the code stands."""

from __future__ import annotations

from sio_patch.engine.tree.node import Node
from sio_patch.verdict import Reason


class Unsafe(ValueError):
    """``message`` says what is in the way, ``offset`` where in the user's text."""

    def __init__(self, reason: Reason, message: str, offset: int) -> None:
        super().__init__(message)
        self.reason = reason
        self.message = message
        self.offset = offset

    @classmethod
    def place(cls, message: str, node: Node) -> Unsafe:
        return cls(Reason.UNSAFE_PLACE, message, node.start)
