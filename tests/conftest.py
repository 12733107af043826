"""For every test: what this machine lacks skips with its reason, and fails where CI=true says that nothing may lack."""

from __future__ import annotations

import signal
from collections.abc import Generator

import pytest

from support.ground import Unavailable, missing

# Where the suite runs in the background, Ctrl-C is ignored, and so it would be in every program that the tests start.
if signal.getsignal(signal.SIGINT) is signal.SIG_IGN:
    signal.signal(signal.SIGINT, signal.default_int_handler)


@pytest.hookimpl(wrapper=True)
def pytest_runtest_setup() -> Generator[None, object, object]:
    """Fixtures run here, the cached failures of wider ones too."""
    return (yield from _honest())


@pytest.hookimpl(wrapper=True)
def pytest_runtest_call() -> Generator[None, object, object]:
    """The test's own body."""
    return (yield from _honest())


def _honest() -> Generator[None, object, object]:
    try:
        return (yield)
    except Unavailable as error:
        missing(str(error))
