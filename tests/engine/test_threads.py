"""Many threads parse at once: no one of them changes what the others have."""

from __future__ import annotations

import gc
import sys
import threading
from concurrent.futures import ThreadPoolExecutor

import pytest

from sio_patch.engine.source import Source
from sio_patch.engine.tree.parse import TooDeep, parse

DEEP = Source(f"x = {'[' * 400}{']' * 400}")  # more than Python's own limit lets through
TOO_DEEP = Source(f"x = {'[' * 9000}{']' * 9000}")


def test_threads_do_not_take_each_others_room() -> None:
    with ThreadPoolExecutor(8) as threads:
        for tree in threads.map(parse, [Source("a"), DEEP] * 16):
            assert tree.fields["goal"] == "script"


def test_interpreter_is_given_its_limits_once() -> None:
    parse(DEEP)
    before = (sys.getrecursionlimit(), gc.isenabled(), gc.get_threshold())
    seen = []

    def watch(*_: object) -> None:
        seen.append((sys.getrecursionlimit(), gc.isenabled(), gc.get_threshold()))

    sys.setprofile(watch)
    try:
        parse(DEEP)
    finally:
        sys.setprofile(None)
    assert set(seen) == {before}


def test_too_deep_is_said_and_nothing_else_happens() -> None:
    with pytest.raises(TooDeep, match="nested too deeply"):
        parse(TOO_DEEP)


def test_deep_code_needs_no_large_stack() -> None:
    """A thread of 256 KB, where the main one has 8 MB."""
    outcomes: list[object] = []
    before = threading.stack_size(256 * 1024)
    try:
        thread = threading.Thread(target=lambda: outcomes.append(parse(Source(f"x = {'[' * 1500}{']' * 1500}"))))
        thread.start()
    finally:
        threading.stack_size(before)
    thread.join()
    assert len(outcomes) == 1
